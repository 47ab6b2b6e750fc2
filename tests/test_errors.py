"""One base class for everything that a user can mend, and what the command line makes of it."""

import ast
import builtins
import errno
import os
import pickle
from pathlib import Path

import pytest

from core.comparing.compatibility import ComparisonRefused
from core.errors import AnswerDiffError, Problem
from core.store.predictions import PredictionsError
from core.store.runs import RunError
from core.texts.message import Message

CORE = Path(__file__).parents[1] / "core"


def test_every_exception_class_derives_from_the_base():
    classes = {
        node.name: {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        for path in CORE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    known = {name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, Exception)}
    own = {name for name, bases in classes.items() if bases & known}
    assert own == {"AnswerDiffError"}
    derived = {"AnswerDiffError"}
    while more := {name for name, bases in classes.items() if bases & derived} - derived:
        derived |= more
    assert derived >= {
        "RunError",
        "DatasetMissing",
        "PredictionsError",
        "WeightsError",
        "ComparisonRefused",
        "UserError",
    }
    assert {name for name in classes if name.endswith(("Error", "Refused", "Problems", "Missing"))} <= derived


def test_problems_have_a_place_and_a_message():
    assert RunError("there is no run 'x'").problems == (Problem("", "there is no run 'x'"),)
    error = AnswerDiffError(["is old", Problem("b.json", "is empty")], Path("a.json"))
    assert str(error).splitlines() == ["a.json: is old", "b.json: is empty"]
    assert str(PredictionsError(["one", "two"], Path("x.parquet"))) == "x.parquet: one; two"
    assert str(PredictionsError(["one"])) == "predictions: one"


@pytest.mark.parametrize(
    "error",
    [PredictionsError(["a"], "b"), ComparisonRefused([Message("no-argmax", "compare-core-no-argmax")])],
    ids=["predictions", "refusal"],
)
def test_errors_survive_pickling(error):
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), copy.problems, str(copy)) == (type(error), error.problems, str(error))


def test_an_error_of_the_system_names_a_file():
    assert str(RunError.of(PermissionError(errno.EACCES, "Permission denied", "/x"), "/y")) == "/x: Permission denied"
    assert str(RunError.of(OSError(errno.ENOSPC, "No space left on device"), "/y")) == "/y: No space left on device"


def test_a_full_disk_is_one_sentence_that_names_the_file(invoke, monkeypatch, tmp_path):
    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    (tmp_path / "runs" / "one").mkdir(parents=True)
    monkeypatch.setenv("ANSWERDIFF_CHECKPOINTS", str(tmp_path / "runs"))
    code, _, errors = invoke("runs", "label", "one", "--title", "x")
    labels = tmp_path / "runs" / "one" / "labels.json"
    assert (code, errors) == (1, f"error: {labels}: No space left on device\n")
    assert list((tmp_path / "runs" / "one").iterdir()) == []

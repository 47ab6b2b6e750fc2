"""The comparison as the terminal and as JSON show it."""

import io
import json
import re
from pathlib import Path

import pytest
from rich.console import Console

import core.texts
from core.evaluation import report, slices
from core.evaluation.compare import compare
from core.evaluation.errors import ERROR_TYPES
from core.evaluation.verdict import VERDICTS
from tests.evaluation.factory import predictions
from tests.evaluation.test_compare import pair
from tests.evaluation.test_slices import made_up_slices


def printed(comparison, language, table=None) -> str:
    console = Console(file=io.StringIO(), width=160)
    report.print_comparison(console, comparison, language, table)
    return console.file.getvalue()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_terminal_shows_verdict_figures_and_movement(language):
    found = compare(*pair(both=30, only_a=8, only_b=14, neither=50), "f1", threshold=0.8)
    table = slices.slice_differences(found, made_up_slices(102), dimensions=["question_type"])
    said = printed(found, language, table)
    flat = " ".join(said.split())
    assert found.verdict.text(language) in flat
    for figure in ("37.3", "43.1", "+5.9", "0.8"):
        assert figure in said
    for kind in ("exact", "elsewhere"):
        assert core.texts.text(f"error-{kind}", language) in said
    assert core.texts.text("slice-question_type-who", language) in said
    assert core.texts.text("error-josa", language) not in said  # a type that neither run has


def test_warnings_are_shown_and_names_are_no_markup():
    a, b = predictions([True] * 30, run="[red]x[/red]"), predictions([False] * 30, run="[/b]", doc_stride=64)
    said = printed(compare(a, b), "en")
    assert "[red]x[/red]" in said
    assert "[/b]" in said
    assert "! The runs move their window by different steps: 128 and 64 pieces." in said


def test_json_holds_everything_but_the_rows():
    found = compare(*pair(both=20, only_a=7, only_b=9, neither=66))
    table = slices.slice_differences(found, made_up_slices(102), dimensions=["question_type"], minimum_questions=52)
    document = json.loads(json.dumps(report.to_dict(found, table), allow_nan=False))
    assert document["counts"] == {"both": 20, "only-a": 7, "only-b": 9, "neither": 66}
    assert document["right"]["difference"] == pytest.approx(100 * 2 / 102)
    assert document["verdict"]["kind"] == "not-shown"
    assert document["verdict"]["en"] == found.verdict.text("en")
    assert document["mcnemar"]["only_b"] == 9
    assert document["movement"]["exact"]["elsewhere"] == 7
    assert document["slices"][0]["too_few"] is True
    assert document["slices"][0]["difference"] is None
    assert "table" not in document


def keys(language: str) -> set[str]:
    lines = (Path(core.texts.__file__).parent / f"{language}.ftl").read_text(encoding="utf-8").splitlines()
    prefixes = ("verdict-", "error-", "slice-", "compare-core-")
    return {key for line in lines for key in re.findall(r"^([a-z][\w-]*) =", line) if key.startswith(prefixes)}


def test_the_catalogue_has_every_key_in_both_languages():
    assert keys("ko") == keys("en")
    needed = {f"verdict-{kind}" for kind in VERDICTS} | {f"error-{kind}" for kind in ERROR_TYPES}
    needed |= {f"slice-{name}-{kind}" for name, all_kinds in slices.DIMENSIONS.items() for kind in all_kinds}
    assert needed <= keys("en")

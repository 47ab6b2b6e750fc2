"""One question in full on the Compare page: windows in the passage, and probabilities only when asked for."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from core.data import catalogue
from core.store.runs import ROOT_VARIABLE, WEIGHTS_FILE, Store
from pages.parts.compare import reading
from pages.parts.shared import language
from tests.pages import compare_fixture
from tests.pages.conftest import ROOT

MINI = catalogue.load("mini-ko")
# Opens the page, then turns the probabilities on, and tells what was loaded and drawn each time.
VISIT = """
import json, sys
from streamlit.testing.v1 import AppTest
from pages.parts.ask import models
app = AppTest.from_file("dashboard.py", default_timeout=120)
app.switch_page("pages/compare.py")
for key, value in {"lang": "ko", "dataset": "mini-ko", "a": "first", "b": "second", "id": sys.argv[1]}.items():
    app.query_params[key] = value
for clicked in (False, True):
    if clicked:
        app.toggle(key="strip").set_value(True)
    app.run()
    assert not app.exception, app.exception[0].stack_trace
    html = [element.proto.body for element in app.get("html")]
    said = [element.value for element in (*app.caption, *app.warning)]
    assert not {"tensorflow", "keras"} & set(sys.modules)
    print(json.dumps({"loaded": len(models._shelf()._held), "html": html, "said": said}))
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two runs with weights: the first one's stored answers are its own, the second one's are the first two letters."""
    from core.answering.reader import Reader, predict_run
    from tests.pages import ask_fixture

    store = Store(tmp_path_factory.mktemp("runs"))
    first, second = (ask_fixture.answering_run(store, name, seed) for name, seed in (("first", 1), ("second", 2)))
    reader = Reader.load(first)
    predict_run(first, reader, MINI)
    compare_fixture.write(second, MINI, [(0, 2)] * len(MINI.examples))
    return store, reader


def visit(store: Store, question: str) -> list[dict]:
    command = [sys.executable, "-c", VISIT, question]
    environment = os.environ | {ROOT_VARIABLE: str(store.root)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def test_models_are_loaded_only_when_asked_for(made):
    store, reader = made
    example = MINI.examples[5]
    opened, asked = visit(store, example.id)
    assert (opened["loaded"], asked["loaded"]) == (0, 2)
    strips = [one for one in asked["html"] if 'role="img"' in one]
    assert len(strips) == 2
    assert not [one for one in opened["html"] if 'role="img"' in one]
    # What is said of the start is the likeliest one of the weights' own distribution.
    from core.answering import explain

    answers = reader.read(example.question, example.context)
    starts, _ = explain.boundaries(answers)
    likeliest = f"시작: {starts.argmax() + 1} / {len(example.context)}, {100 * starts.max():.0f} %"
    assert likeliest in strips[0]
    differing = [one for one in asked["said"] if "지금의 가중치는" in one]
    assert len(differing) == 1, "the second run's stored answers are not its weights'"


def test_broken_weights_are_said(made, tmp_path):
    shutil.copytree(made[0].root, tmp_path / "copy")
    store = Store(tmp_path / "copy")
    (store.get("second").path / WEIGHTS_FILE).write_bytes(b"half a file")
    asked = visit(store, MINI.examples[5].id)[1]
    assert len([one for one in asked["html"] if 'role="img"' in one]) == 1
    assert [one for one in asked["said"] if one.startswith("이 실행의 가중치를 읽을 수 없습니다")]


def test_windows_are_those_the_run_reads(made):
    store, reader = made
    example = replace(MINI.examples[5], context=" ".join(one.context for one in MINI.examples[:40:6]), answers=())
    found = reading.cut(store.get("first"), example)
    read = reader.windows([example])
    assert len(found) == len(read) > 2
    assert found == [(window.starts[0], window.ends[-1]) for window in read]
    assert found[0][0] == 0
    assert found[0][1] > found[1][0], "they overlap"


def test_a_run_without_a_tokenizer_has_no_windows(made, tmp_path):
    alone = replace(made[0].get("first"), path=tmp_path)
    assert reading.cut(alone, MINI.examples[0]) == []


def test_borders_inside_the_passage(monkeypatch):
    monkeypatch.setattr(language, "current", lambda: "en")
    windows = [(0, 70), (40, 100)]
    same = reading.borders({"A": windows, "B": windows})
    assert [(one.label, one.position) for one in same] == [("1⟧", 70), ("⟦2", 40)]
    apart = reading.borders({"A": windows, "B": [(0, 100)]})
    assert [(one.label, one.position) for one in apart] == [("A1⟧", 70), ("⟦A2", 40)]
    assert re.fullmatch(r"A window 1 ends here", apart[0].meaning)
    assert reading.borders({"A": [(0, 100)], "B": [(0, 100)]}) == []

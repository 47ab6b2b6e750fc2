"""`python -m core reported`: the page's figures in the terminal and as JSON."""

import json

import pytest
import typer
from typer.testing import CliRunner

from core.audit.reported import DATASET
from core.cli.reported import reported
from core.store import predictions
from core.store.runs import Store
from core.texts import LANGUAGES
from tests.comparing import factory
from tests.pages import store_fixture


@pytest.fixture
def run_command(tmp_path, monkeypatch):
    monkeypatch.setenv("ANSWERDIFF_CHECKPOINTS", str(tmp_path / "store"))
    monkeypatch.setenv("COLUMNS", "200")
    app = typer.Typer()
    app.command()(reported)
    return lambda *arguments: CliRunner().invoke(app, [*arguments])


def words(result):
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


def test_without_any_run(run_command):
    said = words(run_command("--language", "en"))
    assert "Right of 102 │ 27 │" in said
    assert said.count("not trained yet") == 4
    assert "python -m core train base" in said
    assert "python -m core pretrain encoder-6x8" in said
    assert "27 → 29 of 102: 2 more, not 3" in said
    assert "the whole passage" in said.lower()
    assert "several of the 102 lie in each paragraph" in said
    assert "other students' runs of this size lie between 0.25 and 0.31" in said
    assert "아직 학습하지 않음" in words(run_command("--language", "ko"))


def test_with_runs(run_command):
    for name, skill in (("base", 0.2), ("pretrained-1", 0.6)):
        store_fixture.finished_run(Store(), name, name, skill=skill, steps=3, datasets=(DATASET,))
    said = words(run_command("--language", "en"))
    assert said.count("not trained yet") == 2
    assert "102 questions, by its rule: These two models, on other questions of this kind: nothing to test. B " in said
    assert "the 102 questions lie in 21 paragraphs" in said
    assert "This needs a run of each: pretrained-1 and pretrained-2." in said
    found = json.loads(run_command("--json").stdout)
    base = found["rows"][0]
    assert base["reported"]["right"] == 27
    assert base["ours"]["run"] == "base"
    measured = base["ours"]["measured"]
    assert measured["questions"] == 306
    assert measured["exact_match"]["low"] < measured["exact_match"]["value"] < measured["exact_match"]["high"]
    assert {note["kind"] for note in base["ours"]["notes"]} == {"data", "dropout", "fresh", "windows", "schedule"}
    assert found["rows"][1]["ours"]["pretrained"]["encoder"] == "encoder-3x4"
    assert found["rows"][2]["ours"]["state"] == "untrained"
    assert found["need"]["clustering"]["runs"] == ["base", "pretrained-1"]
    assert found["need"]["favourable_clustered"] >= found["need"]["favourable"]
    assert found["seeds"] is None
    claim = found["claims"][0]
    assert (claim["counted"], claim["best"]["p"]) == (2, 0.5)
    assert claim["ours"]["by_rule"]["questions"] == 102
    assert claim["ours"]["on_all"]["verdict"]["kind"] == "b-better"
    assert found["claims"][2]["ours"] is None
    assert found["trial"]["whole_passage"] == {"count": 102, "exact": 0, "median_length": 413.0}
    assert set(found["claims"][0]["findings"][0]) == {"kind", *LANGUAGES}


def test_a_run_that_another_scorer_judged_is_told_and_the_rest_shown(run_command):
    for name, skill in (("base", 0.2), ("pretrained-1", 0.6)):
        store_fixture.finished_run(Store(), name, name, skill=skill, steps=3, datasets=(DATASET,))
    path = Store().get("base").predictions_path(DATASET)
    stored = predictions.read(path)
    predictions.write(path, factory.with_meta(stored, scorer_version="other/2"))
    said = words(run_command("--language", "en"))
    assert "scored by different rules: other/2 and" in said
    assert "the whole passage" in said.lower()
    (reason,) = json.loads(run_command("--json").stdout)["claims"][0]["ours"]["refused"]
    assert reason["kind"] == "different-scorer" and "other/2" in reason["ko"]


def test_wrong_language(run_command):
    assert run_command("--language", "de").exit_code == 2

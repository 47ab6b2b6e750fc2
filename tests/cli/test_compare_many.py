"""`python -m core compare` of more than two runs, `plan` and `difficulty`: what they print, and refusals."""

import json

import pytest
from typer.testing import CliRunner

from core.cli.app import app
from core.data import catalogue
from core.store.runs import Store
from core.texts import LANGUAGES
from tests.pages import compare_fixture, store_fixture

RIGHT = {"first": range(10), "second": range(40), "third": range(5, 40), "fourth": range(200, 215)}


@pytest.fixture
def run_command(tmp_path, monkeypatch):
    """A store of four runs with some questions of mini-ko right, and one wrong answer in common."""
    monkeypatch.setenv("ANSWERDIFF_CHECKPOINTS", str(tmp_path / "store"))
    store, dataset = Store(), catalogue.load("mini-ko")
    for name, right in RIGHT.items():
        run = store_fixture.finished_run(store, name, datasets=())
        golds = [example.answers[0] for example in dataset.examples]
        answers = [(gold.start, gold.end) if row in right else (0, 2) for row, gold in enumerate(golds)]
        compare_fixture.write(run, dataset, answers, training_config_without_seed_hash=name)
    return lambda *arguments: CliRunner().invoke(app, [*arguments, "-d", "mini-ko"])


def flat(result) -> str:
    return " ".join(result.stdout.split())


def test_all_pairs_as_json(run_command):
    result = json.loads(run_command("compare", *RIGHT, "--json").stdout)
    assert [row["run"] for row in result["ordering"]] == ["second", "third", "fourth", "first"]
    assert len(result["pairs"]) == 6
    tested = [pair for pair in result["pairs"] if pair["plain"] is not None]
    assert 2 <= len(tested) < 6  # some pairs differ in fewer than six paragraphs: they have no p at all
    assert all(pair["adjusted"] is pair["critical"] is None for pair in result["pairs"] if pair not in tested)
    for pair in tested:
        assert pair["plain"] <= pair["holm"] and pair["plain"] <= pair["adjusted"]
        assert (pair["adjusted"] < 0.05) == (abs(pair["difference"]) > pair["critical"])
    assert set(result["how"]) == set(LANGUAGES)


def test_all_pairs_in_both_languages(run_command):
    english = flat(run_command("compare", *RIGHT, "--language", "en"))
    assert "Ordering" in english and "joint sign flips of whole paragraphs" in english
    assert "on other questions" in english
    assert "순위" in flat(run_command("compare", *RIGHT, "--language", "ko"))


def test_a_pair_that_must_not_be_compared_is_named(run_command):
    dataset = catalogue.load("mini-ko")
    compare_fixture.write(Store().get("third"), dataset, [(0, 2)] * len(dataset.examples), scorer_version="other/2")
    result = run_command("compare", "first", "second", "third", "--language", "en", "--json")
    assert result.exit_code == 0
    assert len(json.loads(result.stdout)["pairs"]) == 1
    assert {(row["a"], row["b"]) for row in json.loads(result.stdout)["refused"]} == {
        ("first", "third"), ("second", "third")
    }  # fmt: skip
    assert "first / third" in result.stderr and "other/2" in result.stderr


def test_what_needs_two_runs(run_command, tmp_path):
    assert run_command("compare", "first").exit_code == 2
    assert run_command("compare", *RIGHT, "--html", str(tmp_path / "x.html")).exit_code == 2
    assert run_command("compare", *RIGHT, "--bootstrap").exit_code == 2


def test_the_plan(run_command):
    result = json.loads(run_command("plan", "first", "second", "--difference", "4", "--json").stdout)
    assert result["paragraphs"] * 5 < result["questions"] < result["paragraphs"] * 7
    assert result["deviation"] is None and result["seed_curve"] is None  # no recipe was trained twice
    said = flat(run_command("plan", "first", "second", "--difference", "4", "--deviation", "1", "--language", "en"))
    assert f"about {result['questions']:,} questions" in said
    assert "trainings on each side" in said
    assert run_command("plan", "first", "second", "--difference", "0").exception is not None
    assert run_command("plan", "first", "second", "--criterion", "luck").exit_code == 2


def test_the_difficulty(run_command):
    result = json.loads(run_command("difficulty", "--json").stdout)
    assert [row["run"] for row in result["runs"]] == ["second", "third", "fourth", "first"]
    questions = result["questions"]
    assert questions[6]["right"] == 3 and questions[300]["right"] == 0
    assert questions[300]["suspect"] and not questions[6]["suspect"]
    said = flat(run_command("difficulty", "--list", "2", "--language", "en"))
    assert f"{sum(row['suspect'] for row in questions)} questions have a gold answer" in said
    assert "아무도" in flat(run_command("difficulty", "--list", "0", "--language", "ko"))
    few = run_command("difficulty", "first", "second", "third")
    assert "at least 4 runs" in str(few.exception)

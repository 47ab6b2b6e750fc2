"""`python -m core compare`: the same figures as the page, and exit codes."""

import json
from dataclasses import replace

import pytest
import typer
from typer.testing import CliRunner

from core.cli.compare import compare
from core.data import catalogue
from core.store.runs import RunError, Store
from core.texts import LANGUAGES
from tests.pages import compare_fixture, store_fixture


@pytest.fixture
def run_command(tmp_path, monkeypatch):
    """A store whose run `first` has the first ten questions of mini-ko right, and `second` the first forty."""
    monkeypatch.setenv("ANSWERDIFF_CHECKPOINTS", str(tmp_path / "store"))
    for variable in ("ANSWERDIFF_DATA", "XDG_CACHE_HOME"):  # no KorQuAD: generated answers are not to it
        monkeypatch.setenv(variable, str(tmp_path / "no-data"))
    store, dataset = Store(), catalogue.load("mini-ko")
    for name, right in (("first", 10), ("second", 40)):
        run = store_fixture.finished_run(store, name, datasets=())
        golds = [example.answers[0] for example in dataset.examples]
        answers = [(gold.start, gold.end) if row < right else (0, 0) for row, gold in enumerate(golds)]
        compare_fixture.write(run, dataset, answers)
    app = typer.Typer()
    app.command()(compare)
    return lambda *arguments: CliRunner().invoke(app, arguments)


def test_json(run_command):
    found = json.loads(run_command("first", "second", "--json").stdout)
    questions = len(catalogue.load("mini-ko").examples)
    assert found["counts"] == {"both": 10, "only-a": 0, "only-b": 30, "neither": questions - 40}
    assert found["exact_match"]["difference"] == pytest.approx(100 * 30 / questions)
    assert found["movement"]["empty"]["exact"] == 30
    assert {row["dimension"] for row in found["slices"]} >= {"question_type", "article"}
    assert set(found["verdict"]) == {"kind", *LANGUAGES}


def test_tables_in_both_languages(run_command):
    assert "answers 30 more" in " ".join(run_command("first", "second", "--language", "en").stdout.split())
    assert "30문항을 더" in " ".join(run_command("first", "second", "--language", "ko").stdout.split())


def test_html_has_the_changed_answers(run_command, tmp_path):
    result = run_command("first", "second", "--html", str(tmp_path / "report.html"), "--language", "en")
    assert result.exit_code == 0
    document = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "30 questions changed hands" in document
    assert catalogue.load("mini-ko").examples[12].id in document
    assert catalogue.load("mini-ko").examples[60].id not in document


def test_the_originals_questions(run_command):
    """Under the name of a dataset that begins with them, 102 are left; mini-ko does not begin with them."""
    dataset = replace(catalogue.load("mini-ko"), name="korquad-held-out")
    for name, right in (("first", 10), ("second", 110)):
        golds = [example.answers[0] for example in dataset.examples]
        answers = [(gold.start, gold.end) if row < right else (0, 0) for row, gold in enumerate(golds)]
        compare_fixture.write(Store().get(name), dataset, answers)
    found = json.loads(run_command("first", "second", "-d", "korquad-held-out", "--original", "--json").stdout)
    assert found["part"] == "original"
    assert found["counts"] == {"both": 10, "only-a": 0, "only-b": 92, "neither": 0}
    refused = run_command("first", "second", "-d", "mini-ko", "--original", "--language", "en")
    assert refused.exit_code == 1
    assert "mini-ko does not begin with" in " ".join(refused.stderr.split())


def test_refusal_is_exit_code_1_with_the_reason(run_command):
    dataset = catalogue.load("mini-ko")
    answers = [(0, 0)] * len(dataset.examples)
    compare_fixture.write(Store().get("second"), dataset, answers, scorer_version="other/2")
    result = run_command("first", "second", "--language", "en")
    assert result.exit_code == 1
    assert "other/2" in result.stderr
    assert result.stdout == ""


def test_wrong_requests(run_command):
    assert run_command("first", "second", "--criterion", "luck").exit_code == 2
    assert run_command("first", "second", "--language", "de").exit_code == 2
    missing = run_command("first", "second", "--dataset", "korquad-dev")
    assert isinstance(missing.exception, RunError)
    assert "python -m core predict first --dataset korquad-dev" in str(missing.exception)


def test_the_bootstrap_is_beside_the_verdict_and_alone_depends_on_its_seed(run_command):
    documents = [
        json.loads(run_command("first", "second", "--json", "--bootstrap", "--resamples", "200", "--seed", seed).stdout)
        for seed in ("1", "2")
    ]
    checks = [document.pop("bootstrap") for document in documents]
    assert documents[0] == documents[1]
    assert checks[0]["low"] != checks[1]["low"]
    assert (checks[0]["resamples"], checks[0]["seed"]) == (200, 1)
    assert checks[0]["low"] == pytest.approx(documents[0]["right"]["low"], abs=2)
    said = run_command("first", "second", "--bootstrap", "--resamples", "200", "--language", "en").stdout
    assert "Cross-check: 95 % interval of 200 bootstrap resamples" in " ".join(said.split())


def test_the_margin_decides_what_is_practically_the_same(run_command):
    dataset = catalogue.load("mini-ko")
    golds = [example.answers[0] for example in dataset.examples]
    answers = [(gold.start, gold.end) if row < 40 else (0, 0) for row, gold in enumerate(golds)]
    compare_fixture.write(Store().get("second"), dataset, answers, training_config_without_seed_hash="another recipe")
    wide = json.loads(run_command("first", "second", "--json", "--margin", "50").stdout)
    assert (wide["verdict"]["kind"], wide["margin"]) == ("practically-same", 50)
    assert json.loads(run_command("first", "second", "--json").stdout)["verdict"]["kind"] == "b-better"

"""Runs that were trained elsewhere: what comes in, what is refused, and that nothing comes in by half."""

import json
import math

import numpy as np
import pytest
from typer.testing import CliRunner

from core.answering import foreign
from core.cli.app import app
from core.comparing import compare, retraining
from core.comparing.compatibility import ComparisonRefused
from core.data import catalogue
from core.scoring import original_rule
from core.scoring.scores import RunScores
from core.store import history, history_csv, predictions
from core.store.runs import RunError, Store
from tests.comparing import factory
from tests.pages import compare_fixture

HISTORY = "step,loss,val_loss,val_f1\n10,9.5,9.75,20\n20,8,8.5,30\n"
CONTEXT = "서울은 수도이다. 수도 서울의 인구는 많다."


@pytest.fixture
def mini_ko():
    return catalogue.load("mini-ko")


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "checkpoints")


@pytest.fixture
def folder(tmp_path, mini_ko):
    """Every question answered with its gold text, the first one left empty."""
    return write(tmp_path, {e.id: e.answers[0].text if i else "" for i, e in enumerate(mini_ko.examples)})


def write(tmp_path, answers, text=HISTORY):
    path = tmp_path / "elsewhere"
    path.mkdir(exist_ok=True)
    (path / foreign.CSV_FILE).write_text(text, encoding="utf-8")
    data = answers if isinstance(answers, str) else json.dumps(answers, ensure_ascii=False)
    (path / foreign.ANSWERS_FILE).write_text(data, encoding="utf-8")
    return path


def test_a_folder_becomes_a_run_without_weights(folder, store, mini_ko):
    found = foreign.take_in(folder, "others", mini_ko, store, ["python"])
    run = store.get("others")
    assert (run.status, run.has_weights, run.predictions(), run.problem) == ("finished", False, ["mini-ko"], None)
    assert (found.run, found.records, found.unanswered) == (run, 4, 1)
    assert run.info["imported"]["folder"] == "elsewhere" and run.info["command"] == ["python"]
    frame, _ = history.read(run.history_path)
    assert frame["split"].tolist() == ["train", "validation"] * 2
    assert frame["loss"].tolist() == [9.5, 9.75, 8, 8.5]
    assert [path.name for path in store.root.iterdir()] == ["others"]
    assert run.path.stat().st_mode & 0o777 == 0o755


def test_its_answers_are_scored_and_what_is_not_known_is_not_made_up(folder, store, mini_ko):
    foreign.take_in(folder, "others", mini_ko, store)
    table = predictions.read(store.get("others").predictions_path("mini-ko")).table
    scores = RunScores.of(table)
    count = len(mini_ko.examples)
    assert scores["exact_match"] == pytest.approx(100 * (count - 1) / count)
    assert scores["f1"] == pytest.approx(100 * (count - 1) / count)
    assert all(math.isnan(scores[name]) for name in ("loss", "start_accuracy", "accuracy_sum"))
    assert scores.outside_window == 0 and scores.unanswered == 1
    assert table["probability"].isna().all() and table["windows"].isna().all()
    assert all(len(candidates) == 0 for candidates in table["nbest"])
    assert original_rule.from_table(table) is None
    contexts = [
        example.context[row.start : row.end] for example, row in zip(mini_ko.examples, table.itertuples(), strict=True)
    ]
    assert contexts[1:] == [example.answers[0].text for example in mini_ko.examples[1:]]


def test_what_was_imported_can_be_written_again(folder, store, mini_ko, tmp_path):
    foreign.take_in(folder, "others", mini_ko, store)
    first = predictions.read(store.get("others").predictions_path("mini-ko"))
    predictions.write(tmp_path / "again.parquet", first)
    again = predictions.read(tmp_path / "again.parquet").table
    assert again.drop(columns="nbest").equals(first.table.drop(columns="nbest"))


def place(answers, *examples):
    placed, found = foreign.place(json.dumps(answers).encode(), factory.dataset(*examples))
    return placed, [str(problem) for problem in found]


def test_an_answer_is_placed_at_its_first_occurrence_whatever_the_gold_is():
    placed, _ = place(
        {"a": "서울", "b": "인구", "c": " "},
        factory.example(CONTEXT, "서울", name="a", at=5),
        factory.example(CONTEXT, "인구", name="b"),
        factory.example(CONTEXT, "인구", name="c"),
    )
    spans = placed.spans[["start", "end"]].to_numpy().tolist()
    assert spans == [[0, 2], [CONTEXT.index("인구"), CONTEXT.index("인구") + 2], [0, 0]]
    assert placed.ambiguous == 1


def test_all_problems_of_the_answers_are_told():
    examples = [factory.example(CONTEXT, "서울", name=name) for name in "abcd"]
    _, found = place({"a": "부산", "b": 3, "d": "서울", "e": "서울"}, *examples)
    assert found == [
        "predictions.json: question 'a': '부산' is not in the context",
        "predictions.json: question 'b': is 3, not a text",
        "predictions.json: question 'c': of made-up has no answer; an empty text says that there is none",
        "predictions.json: question 'e': is not in made-up",
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ('{"a": "x",\n "a": "y"}', "predictions.json: question 'a': is answered twice"),
        ('{"a": "x",\n "b" 3}', "predictions.json: line 2, column 6: is not JSON"),
        ("[1]", "predictions.json: is not an object"),
        ("[" * 100_000, "predictions.json: cannot be read"),
        ("1" * 5000, "predictions.json: cannot be read"),
        (b"\xff", "predictions.json: neither UTF-8 nor CP949"),
    ],
)
def test_answers_that_are_no_answers(data, expected):
    _, problems = foreign.place(data if isinstance(data, bytes) else data.encode(), factory.dataset())
    assert [str(problem)[: len(expected)] for problem in problems] == [expected]


@pytest.mark.parametrize("encoding", ["cp949", "utf-16", "utf-8-sig"])
def test_files_may_be_in_an_encoding_of_korean_files(encoding):
    dataset = factory.dataset()
    answers = {example.id: example.context for example in dataset.examples}
    data = json.dumps(answers, ensure_ascii=False)
    placed, problems = foreign.place(data.encode(encoding), dataset)
    assert problems == [] and placed.spans["end"].tolist() == [len(text) for text in answers.values()]
    header = "step,손실\n1,2\n".encode(encoding)
    assert history_csv.parse(header, "history.csv") == history_csv.parse("step,손실\n1,2\n".encode(), "history.csv")


def test_problems_of_both_files_are_told_at_once_and_nothing_is_left(tmp_path, store, mini_ko):
    folder = write(tmp_path, {"nobody": "x"}, "step,loss\n1,x\n")
    with pytest.raises(foreign.ImportProblems) as refused:
        foreign.take_in(folder, "others", mini_ko, store)
    assert len(refused.value.problems) == 1 + len(mini_ko.examples) + 1
    assert str(refused.value.problems[0]) == "history.csv: line 2, column 'loss': 'x' is not a number"
    assert not store.root.exists()


def test_missing_files_are_told(tmp_path, store, mini_ko):
    with pytest.raises(foreign.ImportProblems) as refused:
        foreign.take_in(tmp_path, "others", mini_ko, store)
    assert [problem.where for problem in refused.value.problems] == [
        str(tmp_path / "history.csv"),
        str(tmp_path / "predictions.json"),
    ]


def test_a_failure_in_the_middle_leaves_nothing(folder, store, mini_ko, monkeypatch):
    def no_space(*_):
        raise OSError("no space left")

    monkeypatch.setattr(predictions, "write", no_space)
    with pytest.raises(RunError, match="no space left"):
        foreign.take_in(folder, "others", mini_ko, store)
    assert list(store.root.iterdir()) == []


@pytest.mark.parametrize("name", ["../out", "<b>", ".hidden"])
def test_names_are_those_of_runs(folder, store, mini_ko, name):
    with pytest.raises(RunError, match="not a name"):
        foreign.take_in(folder, name, mini_ko, store)


def test_a_taken_name_keeps_its_run(folder, store, mini_ko):
    store.create("others", {"parameter_count": 3})
    with pytest.raises(RunError, match="already"):
        foreign.take_in(folder, "others", mini_ko, store)
    assert store.get("others").info["parameter_count"] == 3


@pytest.fixture
def both(folder, store, mini_ko):
    """One of our runs and an imported one."""
    compare_fixture.demo(store.root)
    foreign.take_in(folder, "others", mini_ko, store)
    return [predictions.read(store.get(name).predictions_path("mini-ko")) for name in ("base-1", "others")]


def test_it_is_compared_like_any_other_with_a_warning(both):
    comparison = compare.compare(*both)
    assert comparison.questions == len(both[0].table)
    assert comparison.exact_match.b == pytest.approx(100 * (1 - 1 / comparison.questions))
    assert "trained-elsewhere" in [warning.kind for warning in comparison.warnings]
    assert "others" in comparison.warnings[0].text("ko") and "trained elsewhere" in comparison.warnings[0].text("en")
    assert not {"different-tokenizer", "different-doc-stride"} & {warning.kind for warning in comparison.warnings}


def test_the_rule_that_needs_the_networks_argmax_is_refused(both):
    with pytest.raises(ComparisonRefused) as refused:
        compare.compare(*both, "substring")
    assert [reason.kind for reason in refused.value.reasons] == ["no-argmax"]


def test_two_imports_are_neither_one_model_nor_seeds_of_one(folder, store, mini_ko):
    for name in ("one", "two"):
        foreign.take_in(folder, name, mini_ko, store)
    found = [predictions.read(store.get(name).predictions_path("mini-ko")) for name in ("one", "two")]
    kinds = [warning.kind for warning in compare.compare(*found).warnings]
    assert kinds == ["trained-elsewhere", "trained-elsewhere"]
    assert [len(group) for group in retraining.seed_groups(found)] == [1, 1]


def test_a_probability_is_known_of_all_answers_or_of_none(both):
    table = both[1].table.copy()
    table.loc[0, "probability"] = np.float32(0.5)
    other = predictions.Predictions(table, both[1].meta)
    with pytest.raises(predictions.PredictionsError, match="probability"):
        predictions.write("never-written.parquet", other)


def call(*arguments):
    return CliRunner().invoke(app, list(arguments))


def test_from_the_command_line_and_out_again(folder, store, monkeypatch, tmp_path):
    monkeypatch.setenv("ANSWERDIFF_CHECKPOINTS", str(store.root))
    result = call("runs", "import", str(folder), "--name", "others", "--dataset", "mini-ko")
    assert result.exit_code == 0, result.output
    assert "4 records; 1 questions without an answer" in result.output
    out = tmp_path / "all.csv"
    assert call("runs", "export", "others", "others", "--csv", str(out)).exit_code == 0
    lines = out.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["run,kind,split,step,loss,f1", "others,step,train,10,9.5,"] and len(lines) == 9
    assert call("score", "others", "-d", "mini-ko").exit_code == 0
    refused = call("runs", "export", "others", "--csv", str(tmp_path / "no" / "where.csv"))
    assert isinstance(refused.exception, OSError) and "where.csv" in str(refused.exception)

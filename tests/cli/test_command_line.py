"""The command line: help that teaches, exit codes, JSON for programs, and the commands on a tiny run."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from core.cli import terminal
from core.data import catalogue
from core.scoring import original_rule
from core.store.runs import ROOT_VARIABLE, Run
from tests import tiny_run as tiny

ROOT = Path(__file__).parents[2]
COMMANDS = "data tokenizer train pretrain predict calibrate ask score compare plan difficulty reported runs".split()


@pytest.fixture
def run(invoke, tiny_run, tmp_path, monkeypatch):
    """Runs a command in a store of its own that holds `tiny`."""
    store = tmp_path / "checkpoints"
    shutil.copytree(tiny_run.path, store / "tiny")
    shutil.copy(tiny_run.path.parent.parent / "small.json", tmp_path / "small.json")
    monkeypatch.setenv(ROOT_VARIABLE, str(store))
    return invoke


def outside(*arguments):
    """Runs the command as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "core", *arguments],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
    )


# Help and exit codes


def test_help_names_every_command():
    done = outside("--help")

    assert done.returncode == 0
    for name in COMMANDS:
        assert f" {name} " in done.stdout, name


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run, command):
    code, output, _ = run(command, "--help")

    assert code == 0
    assert "Usage:" in output and "--help" in output
    assert len(output) > 300


def test_the_help_of_train_names_the_variants_and_gives_an_example(run):
    _, output, _ = run("train", "--help")

    for word in ("base", "pretrained-3", "original-recipe", "training.epochs=5", "--resume"):
        assert word in output


@pytest.mark.parametrize(
    "arguments",
    [
        ("trian",),
        ("train",),
        ("predict",),
        ("ask", "누구인가?"),
        ("train", "base", "--epochs", "3"),
        ("train", "base", "--seed", "x"),
    ],
    ids=["unknown command", "no variant", "no run", "no --run", "unknown option", "not a number"],
)
def test_wrong_usage_is_exit_code_two(run, arguments):
    code, _, errors = run(*arguments)

    assert code == 2
    assert "Usage:" in errors or "Error" in errors


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("train", "large"), ["unknown variant 'large'", "base, pretrained-1"]),
        (("train", "base", "--set", "training.learning=1"), ["unknown setting", "training.learning_rate"]),
        (("train", "base", "--set", "training.epochs"), ["--set takes NAME=VALUE, not 'training.epochs'"]),
        (("train", "base", "--set", "training.epochs=many"), ["training.epochs", "integer"]),
        (("train", "base", "--train", "nothing.json"), ["nothing.json"]),
        (
            ("train", "base", "--train", "mini-ko", "--set", "training.cloze_share=0.5",
             "--set", "training.cloze_corpus=gone.txt"),
            ["no corpus at gone.txt"],
        ),
        (("train", "base", "--name", "../up", "--train", "mini-ko"), ["../up"]),
        (("train", "base", "--name", "tiny", "--train", "mini-ko"), ["there is a run 'tiny'"]),
        (("train", "base", "--name", "tiny", "--resume"), ["cannot be resumed: it is finished"]),
        (("train", "base", "--name", "none", "--resume"), ["there is no run 'none'"]),
        (("train", "base", "--name", "tiny", "--resume", "--seed", "2"), ["--resume keeps the run's own settings"]),
        (("train", "pretrained-1", "--name", "tiny", "--resume"), ["run 'tiny' is a base, not a pretrained-1"]),
        (("predict", "none", "-d", "mini-ko"), ["there is no run 'none'"]),
        (("predict", "tiny", "-d", "nothing.json"), ["nothing.json"]),
        (("ask", "누구?", "--run", "none", "--passage", "가"), ["there is no run 'none'"]),
        (("score", "tiny", "-d", "mini-ko"), ["no predictions", "python -m core predict tiny -d mini-ko"]),
        (("score", "tiny", "--protocol", "squad", "-d", "small"), ["'squad'; there are: korquad, original"]),
        (("data", "check", "nothing.json"), ["nothing.json"]),
        (("tokenizer", "show", "가", "--model", "nothing.model"), ["nothing.model", "No such file"]),
        (("runs", "show", "none"), ["there is no run 'none'"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_what_the_user_can_mend_is_one_message_and_exit_code_one(run, arguments, said):
    code, _, errors = run(*arguments)

    assert code == 1
    assert errors.startswith("error: ")
    assert "Traceback" not in errors
    for part in said:
        assert part in errors


def test_light_commands_do_not_import_tensorflow():
    script = (
        "import sys; sys.argv = ['core', 'runs', 'list']\n"
        "from core.cli.app import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "sys.exit(any(name in sys.modules for name in ('tensorflow', 'keras', 'torch', 'streamlit')))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, done.stderr


# Data and vocabulary


def test_data_list_has_every_name(run):
    _, output, _ = run("data", "list", "--json")
    found = {row["name"]: row for row in json.loads(output)}

    assert set(found) == set(catalogue.DATASETS)
    assert found["mini-ko"]["questions"] == len(catalogue.load("mini-ko").examples)
    assert found["mini-ko"]["path"].endswith("mini-ko.json")


def test_data_check_lists_problems(run, tmp_path):
    answer = {"text": "서울", "answer_start": 0}
    bad = {"id": "b", "question": "어디?", "answers": [{"text": "부산", "answer_start": 0}]}
    good = {"id": "a", "question": "어디?", "answers": [answer]}
    data = {"data": [{"title": "t", "paragraphs": [{"context": "서울이다.", "qas": [good, bad]}]}]}
    (tmp_path / "bad.json").write_text(json.dumps(data), encoding="utf-8")

    code, output, _ = run("data", "check", "bad.json", "--json")
    found = json.loads(output)
    assert code == 1
    assert found["questions"] == 1 and len(found["problems"]) == 1
    assert "b" in found["problems"][0]["where"]
    code, output, _ = run("data", "check", "bad.json")
    assert code == 1 and "1 usable questions, 1 problems" in output
    assert run("data", "check", "mini-ko")[0] == 0


def test_data_overlap_lists_what_two_files_share(run, tmp_path):
    for name, titles in (("old", ("가", "나")), ("new", ("나", "다")), ("other", ("라",))):
        articles = [
            {"title": title, "paragraphs": [{"context": f"{title} {name}이다.", "qas": [
                {"id": f"{name}-{title}", "question": f"{title} {name}?",
                 "answers": [{"text": name, "answer_start": 2}]}
            ]}]} for title in titles
        ]  # fmt: skip
        (tmp_path / f"{name}.json").write_text(json.dumps({"data": articles}), encoding="utf-8")

    code, output, _ = run("data", "overlap", "old.json", "new.json")
    assert code == 1
    assert output.splitlines() == [
        "old.json: 1 passages with 1 questions share something with new.json", "나: article (old-나)",
    ]  # fmt: skip
    found = json.loads(run("data", "overlap", "old.json", "new.json", "--json")[1])
    assert found == [
        {"title": "나", "questions": ["old-나"], "article": True, "passage": False, "question": False},
    ]  # fmt: skip
    assert run("data", "overlap", "old.json", "other.json")[0] == 0


def test_data_check_says_in_what_encoding_a_file_was_read(run, tmp_path):
    raw = (tmp_path / "small.json").read_text(encoding="utf-8").encode("utf-16")
    (tmp_path / "old.json").write_bytes(raw)
    _, output, _ = run("data", "check", "old.json")
    assert output.splitlines()[0] == "read as UTF-16"
    found = json.loads(run("data", "check", "old.json", "--json")[1])
    assert (found["encoding"], found["sha256"]) == ("UTF-16", hashlib.sha256(raw).hexdigest())
    assert "read as" not in run("data", "check", "small.json")[1]


def test_tokenizer_show_slices_the_text(run):
    code, output, _ = run("tokenizer", "show", "1443년에 [SEP]", "--json")
    rows = json.loads(output)

    assert code == 0
    assert [row["text"] for row in rows if row["text"]][:3] == ["1443", "년", "에"]
    assert all("1443년에 [SEP]"[row["start"] : row["end"]] == row["text"] for row in rows)
    assert not {row["id"] for row in rows} & {4, 5, 6}


# A run


def test_a_run_without_weights_is_refused(run, tmp_path):
    (tmp_path / "checkpoints" / "tiny" / "model.safetensors").unlink()
    for arguments in (
        ("ask", "누구?", "--run", "tiny", "--passage", "세종이다."),
        ("predict", "tiny", "-d", "small.json"),
    ):
        code, _, errors = run(*arguments)
        assert code == 1
        assert errors.splitlines()[-1].startswith("error: ") and "model.safetensors" in errors


def test_calibrate_adds_to_a_finished_run(run, tmp_path, tiny_run):
    folder = tmp_path / "checkpoints" / "tiny"
    (folder / "seen.safetensors").unlink()
    code, output, _ = run("calibrate", "tiny")

    assert code == 0
    info = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    found = info["calibration"]
    assert f"tiny: temperature {found['temperature']:.3f}" in output and f"on {found['questions']} questions" in output
    assert (folder / "seen.safetensors").read_bytes() == (tiny_run.path / "seen.safetensors").read_bytes()


def test_calibrate_says_what_it_lacks(run, tiny_run):
    dataset = tiny_run.path.parent.parent / "small.json"
    hidden = dataset.rename(dataset.with_suffix(".hidden"))
    try:
        code, _, errors = run("calibrate", "tiny")
    finally:
        hidden.rename(dataset)
    assert code == 1 and "small.json" in errors and "Traceback" not in errors


def test_predict_then_score(run, tmp_path):
    shutil.rmtree(tmp_path / "checkpoints" / "tiny" / "predictions")
    code, _, _ = run("predict", "tiny", "-d", "small.json")
    assert code == 0

    code, output, _ = run("score", "tiny", "-d", "small.json", "--json")
    (row,) = json.loads(output)
    assert code == 0
    assert row["run"] == "tiny" and row["questions"] == len(catalogue.load(tmp_path / "small.json").examples)
    assert 0 <= row["exact_match"] <= row["f1"] <= 100
    _, again, _ = run("score", "tiny", "-d", "small.json", "--json", "--recompute")
    assert json.loads(again)[0]["exact_match"] == row["exact_match"]


def test_score_answers_again_with_every_run_that_has_weights(run, tmp_path):
    store = tmp_path / "checkpoints"
    shutil.copytree(store / "tiny", store / "bare")
    (store / "bare" / "model.safetensors").unlink()
    code, output, errors = run("score", "-d", "small.json", "--json", "--recompute")
    assert code == 0 and [row["run"] for row in json.loads(output)] == ["tiny"]
    assert "left out, their weights are not here: bare" in errors
    code, _, errors = run("score", "bare", "-d", "small.json", "--recompute")
    assert code == 1 and "model.safetensors" in errors


def test_a_run_is_carried_to_another_store(run, tmp_path, monkeypatch):
    code, output, _ = run("pretrain", "--name", "tiny", "--export", "parts")
    assert code == 0 and output.strip() == str(Path("parts") / "manifest.json")
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path / "elsewhere"))
    code, output, _ = run("pretrain", "--name", "carried", "--import", "parts")
    assert code == 0 and output.strip() == str(tmp_path / "elsewhere" / "carried")
    weights = "model.safetensors"
    assert (tmp_path / "elsewhere/carried" / weights).read_bytes() == (
        tmp_path / "checkpoints/tiny" / weights
    ).read_bytes()
    code, _, errors = run("pretrain", "--name", "carried", "--import", "parts")
    assert code == 1 and "there is a run 'carried'" in errors


@pytest.mark.parametrize("protocol", ["original", "seed"])  # seed: its old name
def test_the_originals_rule_is_counted_beside_fresh_weights_and_the_whole_context(run, tmp_path, protocol):
    code, output, _ = run("score", "tiny", "--protocol", protocol, "-d", "small.json", "--json")
    rows = {row["run"]: row for row in json.loads(output)}
    examples = catalogue.load(tmp_path / "small.json").examples[: original_rule.QUESTIONS]

    assert code == 0
    assert set(rows) == {"tiny", "(the whole context)", "(fresh weights)"}
    assert {row["questions"] for row in rows.values()} == {len(examples)}
    whole = rows["(the whole context)"]
    assert (whole["contains"], whole["exact"]) == (len(examples), 0)
    assert whole["median_length"] > 200
    assert rows["tiny"]["exact"] <= rows["tiny"]["contains"] <= len(examples)


def test_runs_are_listed_broken_ones_too(run, tmp_path):
    (tmp_path / "checkpoints" / "half").mkdir()
    _, output, _ = run("runs", "list", "--json")
    found = {row["run"]: row for row in json.loads(output)}

    assert found["tiny"]["status"] == "finished" and found["tiny"]["parameters"] == 1_045_250
    assert found["half"]["status"] == "broken" and "run.json is missing" in found["half"]["problem"]
    code, output, _ = run("score", "-d", "small", "--json")  # a broken run does not stand in the way
    assert code == 0 and [row["run"] for row in json.loads(output)] == ["tiny"]


def test_labels_change_nothing_else(run, tmp_path):
    before = (tmp_path / "checkpoints" / "tiny" / "run.json").read_bytes()
    assert run("runs", "label", "tiny", "--title", "첫 [bold]모형[/bold]", "--tag", "a", "--tag", "b")[0] == 0

    _, output, _ = run("runs", "list")
    assert "첫 [bold]모형[/bold]" in output
    labels = json.loads((tmp_path / "checkpoints" / "tiny" / "labels.json").read_text(encoding="utf-8"))
    assert labels["tags"] == ["a", "b"]
    assert (tmp_path / "checkpoints" / "tiny" / "run.json").read_bytes() == before
    assert json.loads(run("runs", "show", "tiny")[1])["name"] == "tiny"


def test_train_overrides_any_setting_and_records_the_command(run, tmp_path):
    settings = ["model.hidden_dim=16", "model.num_layers=1", "model.num_heads=2", "model.intermediate_dim=16",
                "training.validation_share=0.3", "training.epochs=1"]  # fmt: skip
    typed = ["train", "base", "--name", "mine", "--seed", "5", "--train", "small.json", "--evaluate", "small.json"]
    for setting in settings:
        typed += ["--set", setting]
    code, output, errors = run(*typed)

    assert code == 0, errors
    assert "mine" in output
    info = json.loads((tmp_path / "checkpoints" / "mine" / "run.json").read_text(encoding="utf-8"))
    assert info["command"] == ["python", "-m", "core", *typed]
    assert info["config"]["variant"] == "base"
    assert info["config"]["training"]["seed"] == 5
    assert info["config"]["training"]["datasets"] == ["small.json"]
    assert info["config"]["model"]["hidden_dim"] == 16
    assert (tmp_path / "checkpoints" / "mine" / "predictions" / "small.parquet").is_file()


# The dataset that is meant where none is named, and tables


def test_one_rule_tells_the_dataset_where_none_is_named(run, tmp_path, monkeypatch):
    with_it, without = (Run(name, tmp_path / name, "finished") for name in ("a", "b"))
    (tmp_path / "a" / "predictions").mkdir(parents=True)
    (tmp_path / "a" / "predictions" / "korquad-held-out.parquet").touch()
    assert terminal.chosen_dataset("small.json", [with_it]) == "small.json"
    assert terminal.chosen_dataset(None, [with_it]) == "korquad-held-out"
    assert terminal.chosen_dataset(None, [with_it, without]) == terminal.chosen_dataset(None, []) == "mini-ko"
    monkeypatch.setattr(catalogue, "available", lambda: ["mini-ko", "korquad-held-out"])
    assert terminal.chosen_dataset(None) == "korquad-held-out"
    monkeypatch.setattr(catalogue, "available", lambda: ["mini-ko"])
    assert terminal.chosen_dataset(None) == "mini-ko"
    shutil.copytree(tmp_path / "checkpoints" / "tiny", tmp_path / "checkpoints" / "twin")
    compare = ("compare", "tiny", "twin", "--resamples", "100")
    for arguments in (("predict", "tiny", "twin"), ("score", "tiny"), ("score",), compare):
        code, _, errors = run(*arguments)
        assert code == 0 and "dataset: mini-ko (--dataset names another one)" in errors, arguments


@pytest.mark.parametrize("command", ["score", "difficulty"])
def test_a_dataset_that_is_none_is_said_where_no_run_has_answered_it(run, command):
    code, output, errors = run(command, "--dataset", "mini-kp")
    assert (code, output) == (1, "") and "did you mean mini-ko?" in errors


def test_a_table_of_80_columns_cuts_neither_a_run_s_name_nor_a_figure(monkeypatch, capsys):
    monkeypatch.setattr(terminal, "out", Console(width=80))
    row = {"run": "matched-6-long", "dataset": "korquad-held-out", "questions": 1157}
    row |= {name: 12.345 for name in ("exact_match", "f1", "median_length", "loss", "start_accuracy", "end_accuracy")}
    terminal.print_rows([row], as_json=False)
    printed = capsys.readouterr().out
    lines = [line.split() for line in printed.splitlines()]
    first = next(words for words in lines if "matched-6-long" in words)
    assert first[2:] == ["1157", *["12.35"] * 6]
    assert first[1] + lines[lines.index(first) + 1][0] == row["dataset"]
    assert "…" not in printed and max(map(len, printed.splitlines())) <= 80


# Two datasets of one name


def test_answers_to_another_file_of_the_same_name_are_neither_shown_nor_overwritten(run, tmp_path):
    other = tiny.write_dataset(tmp_path / "b", "small", questions=20, skip=2)
    hashes = [catalogue.load(file).sha256[:12] for file in (tmp_path / "small.json", other)]
    stored = tmp_path / "checkpoints" / "tiny" / "predictions" / "small.parquet"
    before = stored.read_bytes()
    shutil.copytree(tmp_path / "checkpoints" / "tiny", tmp_path / "checkpoints" / "twin")

    for arguments in (("score", "tiny"), ("score",), ("score", "--protocol", "original"), ("predict", "tiny")):
        code, output, errors = run(*arguments, "-d", "b/small.json")
        assert code == 1 and output == "", arguments
        assert all(sha256 in errors for sha256 in hashes) and "another dataset of this name" in errors
    for language, said in (("en", "another dataset of this name"), ("ko", "이름만 같은 다른 데이터셋")):
        code, output, errors = run("compare", "tiny", "twin", "-d", "b/small.json", "--language", language)
        assert code == 1 and output == ""
        assert said in errors and all(sha256 in errors for sha256 in hashes)
    assert stored.read_bytes() == before
    assert run("score", "tiny", "-d", "b/small.json", "--recompute")[0] == 0  # reads no stored answers
    assert run("score", "tiny", "-d", "small.json")[0] == 0
    stored.write_bytes(b"half a file")
    assert run("predict", "tiny", "-d", "b/small.json")[0] == 0  # nothing readable is lost


def test_a_file_called_like_a_shipped_dataset_does_not_take_its_answers(run, tmp_path):
    assert run("predict", "tiny", "-d", "mini-ko")[0] == 0
    stored = tmp_path / "checkpoints" / "tiny" / "predictions" / "mini-ko.parquet"
    before = stored.read_bytes()
    tiny.write_dataset(tmp_path / "x", "mini-ko", questions=20)

    code, _, errors = run("predict", "tiny", "-d", "x/mini-ko.json")
    assert code == 1 and catalogue.load("mini-ko").sha256[:12] in errors
    assert stored.read_bytes() == before


def test_a_file_that_is_named_must_be_there(run):
    code, output, errors = run("score", "tiny", "-d", "gone/small.json")
    assert code == 1 and output == "" and "gone/small.json" in errors


# Questions that cannot be used


def test_unusable_questions_are_counted_by_every_command(run, tmp_path):
    document = json.loads((tmp_path / "small.json").read_text(encoding="utf-8"))
    asked = document["data"][0]["paragraphs"][0]["qas"]
    asked[0]["question"], asked[0]["answers"] = "", []  # two problems, one question
    asked[1]["is_impossible"] = True
    (tmp_path / "holed.json").write_text(json.dumps(document), encoding="utf-8")
    shutil.copytree(tmp_path / "checkpoints" / "tiny", tmp_path / "checkpoints" / "twin")
    said = "2 questions of the file are unusable and left out"

    code, output, _ = run("predict", "tiny", "twin", "-d", "holed.json")
    assert code == 0 and output.count(said) == 1
    for protocol in ("korquad", "original"):
        assert said in run("score", "tiny", "-d", "holed.json", "--protocol", protocol)[1]
        rows = json.loads(run("score", "tiny", "-d", "holed.json", "--protocol", protocol, "--json")[1])
        assert {row["unusable_questions"] for row in rows} == {2}
    pair = ("compare", "tiny", "twin", "-d", "holed.json", "--resamples", "100")
    assert said in run(*pair, "--language", "en", "--html", "report.html")[1]
    assert said in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "문항 2개는 쓸 수 없어" in run(*pair, "--language", "ko")[1]
    assert json.loads(run(*pair, "--json")[1])["unusable_questions"] == 2
    (tmp_path / "holed.json").unlink()  # what was stored with the answers tells it, too
    assert json.loads(run("score", "tiny", "-d", "holed", "--json")[1])[0]["unusable_questions"] == 2
    code, output, _ = run("score", "tiny", "-d", "small.json")
    assert code == 0 and "unusable" not in output

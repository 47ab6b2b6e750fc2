"""`python -m core pretrain`: a named encoder, raw text of one's own, and what goes together."""

import pytest

from core.store.runs import ROOT_VARIABLE, Store
from tests import tiny_run
from tests.training import sample_corpus


@pytest.fixture
def run(invoke, tmp_path, monkeypatch):
    """Runs `pretrain` in a store of its own, beside articles.txt."""
    (tmp_path / "articles.txt").write_text(sample_corpus.ARTICLES, encoding="utf-8")
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path / "runs"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return lambda *arguments: invoke("pretrain", *arguments)


@pytest.mark.slow
def test_a_named_encoder_is_trained_under_its_name_with_its_settings(run, tmp_path):
    small = {**tiny_run.PRETRAINING, "training.steps": 1, "training.steps_per_epoch": 1}
    changes = [part for name, value in small.items() for part in ("--set", f"{name}={value}")]
    code, output, errors = run("encoder-3x4", "--corpus", "articles.txt", *changes)
    assert code == 0, errors
    assert "span_loss: " in output
    made = Store(tmp_path / "runs").get("encoder-3x4")
    assert made.status == "finished" and made.get("command")[3:5] == ["pretrain", "encoder-3x4"]
    # The next one starts from it, deeper: of its own settings only those that are not set here hold.
    code, _, errors = run("encoder-6x4", "--corpus", "articles.txt", *changes, "--set", "model.num_layers=3")
    assert code == 0, errors
    settings = Store(tmp_path / "runs").get("encoder-6x4").info["config"]
    assert settings["training"]["start"] == "encoder-3x4" and settings["model"]["num_layers"] == 3
    # What can be told at once is told before the corpus is opened.
    (tmp_path / "articles.txt").unlink()
    assert "there is a run 'encoder-3x4'" in run("encoder-3x4", "--corpus", "articles.txt")[2]
    assert "cannot be resumed: it is finished" in run("encoder-3x4", "--resume")[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give an ENCODER or a --name"),
        (("encoder-3x4", "--resume", "--corpus", "articles.txt"), "keeps its own"),
        (("encoder-3x4", "--resume", "--set", "training.steps=2"), "keeps its own"),
        (("encoder-3x4", "--export", "there", "--tensorboard", "logs"), "keeps its own"),
        (("--name", "mine", "--export", "there", "--import", "here"), "one of --resume, --export, --import"),
        (("encoder-3x4", "--set", "training.steps"), "NAME=VALUE"),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(run, tmp_path, arguments, said):
    code, _, errors = run(*arguments)
    assert code == 2 and said in errors
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("encoder-9",), "unknown encoder 'encoder-9'; there are: encoder-3x4, "),
        (("encoder-3x4", "--corpus", "nowhere.txt"), "nowhere.txt"),
        (("encoder-3x4", "--resume"), "encoder-3x4"),
    ],
)
def test_what_is_not_there_is_one_line(run, tmp_path, arguments, said):
    code, _, errors = run(*arguments)
    assert code == 1
    assert errors.splitlines()[-1].startswith("error: ") and said in errors
    assert not (tmp_path / "runs").exists()

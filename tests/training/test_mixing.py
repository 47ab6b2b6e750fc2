"""Cloze pairs between questions while fine-tuning."""

import json

import numpy as np
import pytest

from core import config
from core.data.corpus import CorpusError
from core.data.tokenizer import Tokenizer
from core.store.runs import Store
from core.training import finetune, loop
from core.training.mixing import Mixer
from core.training.record import TrainingError
from tests import tiny_run as tiny
from tests.training import sample_corpus


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "articles.txt"
    path.write_text(sample_corpus.ARTICLES, encoding="utf-8")
    return path


def make_mixer(corpus, share, **changes):
    changes = {f"training.cloze_{key}": value for key, value in (("share", share), ("corpus", str(corpus)))} | changes
    return Mixer(config.override(config.variant("base"), changes), Tokenizer.load(), show_progress=False)


@pytest.mark.parametrize(("share", "questions", "steps"), [(0.5, 179, 358), (0.25, 9, 12), (0.75, 2, 8)])
def test_an_epoch_reads_every_question_once_with_cloze_pairs_evenly_between(corpus, share, questions, steps):
    mixer = make_mixer(corpus, share)
    assert mixer.steps(questions) == steps
    order = [mixer.questions(i, steps, questions) for i in range(steps)]
    assert [number for number in order if number is not None] == list(range(questions))
    for i in range(steps):  # never further from the share than one step
        assert abs(sum(number is None for number in order[:i]) - share * i) <= 1


def test_without_a_share_nothing_is_opened_or_changed():
    mixer = make_mixer("no such file", 0)
    assert (mixer.steps(7), mixer.described) == (7, None)
    assert [mixer.questions(i, 7, 7) for i in range(7)] == list(range(7))


def test_a_text_that_gives_no_questions_is_told_before_the_training_begins(corpus):
    corpus.write_text("The quick brown fox jumps over the lazy dog.\n" * 40, encoding="utf-8")
    with pytest.raises(CorpusError, match="no question could be made"):
        make_mixer(corpus, 0.5)


@pytest.mark.parametrize("marks", [False, True])
def test_cloze_pairs_look_like_questions(corpus, marks):
    mixer = make_mixer(corpus, 0.5, **{"features.exact_match_segments": marks})
    first, again, other = mixer.batch(3), mixer.batch(3), mixer.batch(4)
    assert all(np.array_equal(first.inputs[name], again.inputs[name]) for name in first.inputs)
    assert not np.array_equal(first.inputs["token_ids"], other.inputs["token_ids"])
    rows = np.arange(first.examples)
    assert first.inputs["token_ids"].shape == (32 * 256 // 384, 384)
    assert first.tokens == (first.inputs["token_ids"] != 0).sum()
    for side in (0, 1):
        assert first.inputs["context_mask"][rows, first.targets[:, side]].all()
    in_context = first.inputs["segment_ids"][first.inputs["context_mask"]]
    assert (in_context == 0).any() == marks


@pytest.mark.slow
def test_a_mixed_training_is_recorded_and_resumed_to_the_same_weights(tmp_path, corpus, tiny_run, monkeypatch):
    mixed = {"training__cloze_share": 0.5, "training__cloze_corpus": str(corpus), "training__epochs": 1}
    whole = tiny.train(tmp_path, "whole", **mixed)
    assert whole.info["cloze"]["name"] == str(corpus)
    # The tiny run has two epochs of questions alone.
    assert whole.info["progress"]["total_steps"] == tiny_run.info["progress"]["total_steps"]
    assert tiny_run.info["cloze"] is None

    monkeypatch.setattr(loop, "SAVE_EVERY", 0.0)
    monkeypatch.setattr(loop, "LOG_EVERY", 1)
    calls, batch = [], Mixer.batch

    def stop_at_the_second(self, step):
        calls.append(step)
        if len(calls) == 2:
            raise MemoryError
        return batch(self, step)

    monkeypatch.setattr(Mixer, "batch", stop_at_the_second)
    with pytest.raises(MemoryError):
        tiny.train(tmp_path, "cut", **mixed)
    monkeypatch.setattr(Mixer, "batch", batch)
    store = Store(tmp_path / "checkpoints")
    run_file = store.path("cut") / "run.json"
    right = run_file.read_text(encoding="utf-8")
    info = json.loads(right)
    run_file.write_text(json.dumps(info | {"cloze": info["cloze"] | {"sha256": "0"}}), encoding="utf-8")
    with pytest.raises(TrainingError, match="another version of"):
        finetune.resume("cut", store, show_progress=False)
    run_file.write_text(right, encoding="utf-8")
    resumed = finetune.resume("cut", store, show_progress=False)
    assert resumed.get("weights", "sha256") == whole.get("weights", "sha256")

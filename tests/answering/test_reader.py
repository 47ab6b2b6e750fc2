"""A stored run that answers: one row a question, offsets into the original context, and runs that cannot be read."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.answering import reader as predict
from core.answering import spans
from core.answering.reader import Reader, predict_run
from core.comparing.compare import compare
from core.config import ConfigError
from core.data import catalogue, windows
from core.data.formats import Answer, Example
from core.data.tokenizer import Tokenizer, TokenizerError
from core.modeling.tensors import WeightsError
from core.store import predictions
from core.store.runs import Store

STRANGE = "\u200b  ㎏ １２３ 漢字\t👨\u200d👩\u200d👧 [SEP] 각\u1100\u1161\n\n끝.  "


@pytest.fixture(scope="module")
def reader(tiny_run):
    return Reader.load(tiny_run)


@pytest.fixture(scope="module")
def dataset(tiny_run):
    return catalogue.load(tiny_run.path.parent.parent / "small.json")


@pytest.fixture
def copied(tiny_run, tmp_path):
    """A run that a test may damage; returns a function that reads it anew."""
    shutil.copytree(tiny_run.path, tmp_path / "store" / "copied")
    return lambda: Store(tmp_path / "store").get("copied")


def make_example(question, context, answer=None, name="q"):
    answers = (Answer(answer, context.index(answer)),) if answer else ()
    return Example(name, question, context, answers, "", 0, 0)


# Every question, exactly once


def test_every_question_has_one_row_in_order(reader, dataset):
    table = reader.predict(dataset.examples)

    assert table["id"].tolist() == [e.id for e in dataset.examples]
    for row, example in zip(table.itertuples(), dataset.examples, strict=True):
        assert 0 <= row.start < row.end <= len(example.context)
        text = example.context[row.start : row.end]
        assert text == text.strip()
        assert row.nbest[0] == {"start": row.start, "end": row.end, "probability": row.probability}
        assert 1 <= len(row.nbest) <= spans.N_BEST
        texts = [example.context[n["start"] : n["end"]] for n in row.nbest]
        assert len(set(texts)) == len(texts)
        assert 0 <= sum(n["probability"] for n in row.nbest) <= 1 + 1e-9
        assert row.gold_covered and np.isfinite(row.loss)


def test_more_questions_than_are_read_at_a_time(reader, dataset, monkeypatch):
    whole = reader.predict(dataset.examples[:7])
    monkeypatch.setattr(predict, "_CHUNK", 3)
    calls = []
    parts = reader.predict(dataset.examples[:7], lambda done, total: calls.append((done, total)))

    assert calls == [(3, 7), (6, 7), (7, 7)]
    pd.testing.assert_frame_equal(parts.drop(columns="nbest"), whole.drop(columns="nbest"), rtol=1e-5)


def test_answers_do_not_depend_on_the_batch_beside(reader, dataset):
    together = reader.predict(dataset.examples[:5])
    for number in (0, 4):
        alone = reader.predict([dataset.examples[number]])
        assert alone.loc[0, ["start", "end"]].tolist() == together.loc[number, ["start", "end"]].tolist()
        assert alone.loss[0] == pytest.approx(together.loss[number], rel=1e-5)


def test_asking_gives_what_predicting_gives(reader, dataset):
    example = dataset.examples[3]
    reading = reader.read(example.question, example.context, n_best=4)
    row = reader.predict([example]).iloc[0]

    assert len(reading.spans) == 4
    assert [(s.start, s.end) for s in reading.spans] == [(n["start"], n["end"]) for n in row.nbest[:4]]
    assert len(reading.logits) == len(reading.windows) == row.windows
    assert reading.logits[0].shape == (2, len(reading.windows[0]))


@pytest.mark.parametrize("context", [STRANGE, "가", "끝", "a\0b", "\ud800 가"])
def test_strange_passages_are_answered_with_their_own_characters(reader, context):
    for span in reader.read("무엇인가?", context, n_best=100).spans:
        assert 0 <= span.start < span.end <= len(context)
        assert context[span.start : span.end].strip()


@pytest.mark.parametrize("context", ["", " ", "\u200b\n", "\0"])
def test_a_passage_of_nothing_has_no_answer_and_still_a_row(reader, context):
    assert reader.read("무엇인가?", context).spans == []
    (row,) = reader.predict([make_example("무엇인가?", context)]).to_dict("records")

    assert (row["start"], row["end"], row["probability"], row["nbest"]) == (0, 0, 0.0, [])
    assert (row["original_start"], row["original_end"], row["windows"]) == (0, 0, 1)
    assert np.isnan(row["loss"]) and not row["gold_covered"]


# Windows


def test_windows_of_a_long_passage_are_merged(reader, dataset):
    long = " ".join(sorted({e.context for e in dataset.examples}))[:4000]
    answer = long[-30:-20].strip()
    example = make_example("마지막은 무엇인가?", long, answer)
    (row,) = reader.predict([example]).to_dict("records")
    made = reader.windows([example])
    logits = reader.logits(made)

    assert row["windows"] == len(made) > 5
    best = spans.best_spans(made, logits, long, lengths=reader.lengths)
    assert [(n["start"], n["end"]) for n in row["nbest"]] == [(s.start, s.end) for s in best]
    assert (row["original_start"], row["original_end"]) == spans.independent_argmax(made[0], logits[0])
    assert row["gold_covered"]


def test_the_loss_is_that_of_the_window_that_holds_the_answer(reader, dataset):
    example = dataset.examples[0]
    (window,) = reader.windows([example])
    (logits,) = reader.logits([window])
    (row,) = reader.predict([example]).to_dict("records")
    start, end = window.target
    inside = logits[:, window.context_start : window.context_start + len(window.starts)].astype(np.float64)
    log_sum = np.log(np.exp(inside).sum(axis=1))  # the softmax is over the context alone

    assert row["loss"] == pytest.approx(log_sum.sum() - float(logits[0, start]) - float(logits[1, end]), rel=1e-5)
    assert row["start_correct"] == (inside[0].argmax() == start - window.context_start)
    assert row["end_correct"] == (inside[1].argmax() == end - window.context_start)


def test_a_cut_context_leaves_the_answer_uncovered(tiny_run, reader):
    changed = Reader(
        reader.model,
        reader.tokenizer,
        predict.config.override(reader.settings, {"features.sliding_windows": "false"}),
    )
    long = "서울은 도시이다. " * 200 + "부산도 그렇다."
    (row,) = changed.predict([make_example("어디인가?", long, "부산")]).to_dict("records")

    assert row["windows"] == 1
    assert not row["gold_covered"] and np.isnan(row["loss"]) and not row["start_correct"]
    assert row["end"] < long.index("부산")


def test_logits_come_back_in_the_windows_order_without_padding(reader, dataset):
    made = reader.windows(dataset.examples[:20])
    logits = reader.logits(made)

    for window, scores in zip(made, logits, strict=True):
        assert scores.shape == (2, len(window)) and scores.dtype == np.float32
    (alone,) = reader.logits([made[7]])
    np.testing.assert_allclose(alone, logits[7], rtol=0, atol=1e-5)


# Stored predictions


def test_predicting_a_run_writes_what_it_returns(copied, dataset):
    run = copied()
    run.predictions_path("small").unlink()
    made = predict_run(run, Reader.load(run), dataset)
    stored = predictions.read(run.predictions_path("small"))

    assert stored.table["id"].tolist() == [e.id for e in dataset.examples]
    assert stored.table["start"].tolist() == made.table["start"].tolist()
    assert stored.meta.tokenizer_sha256 == Tokenizer.load().sha256
    assert stored.meta.dataset_sha256 == dataset.sha256
    assert (stored.meta.max_sequence_length, stored.meta.doc_stride, stored.meta.seed) == (384, 128, 3)
    assert len(stored.table) == len(dataset.examples)


def test_a_dataset_is_answered_the_same_twice(copied, dataset):
    run = copied()
    before = predictions.read(run.predictions_path("small")).table
    after = predict_run(run, Reader.load(run), dataset).table

    assert before[["start", "end", "original_start", "original_end"]].to_numpy().tolist() == (
        after[["start", "end", "original_start", "original_end"]].to_numpy().tolist()
    )


def test_other_span_settings_answer_otherwise_and_a_comparison_warns(copied, dataset):
    """The longest answer goes from 30 pieces to 3: the answers change, and no comparison is without a word on it."""
    run = copied()
    before = predictions.read(run.predictions_path("small"))
    assert (before.meta.max_pieces, before.meta.max_added) == (30, 10)
    info = run.info
    info["config"]["answering"]["max_pieces"] = 3
    (run.path / "run.json").write_text(json.dumps(info))
    after = predict_run(copied(), Reader.load(copied()), dataset)

    assert after.meta.max_pieces == 3
    shorter, longer = (float((one.table["end"] - one.table["start"]).mean()) for one in (after, before))
    assert shorter < longer
    other = replace(after, meta=after.meta.model_copy(update={"run": "other", "weights_sha256": "ab" * 32}))
    (warning,) = [one for one in compare(before, other).warnings if one.kind != "trained-on-these-questions"]
    assert warning.kind == "different-max-pieces"
    for language in ("ko", "en"):
        text = warning.text(language)
        assert "30" in text and "3" in text and "python -m core predict tiny other --dataset small" in text


# Runs that cannot be read


def test_missing_weights(copied):
    (copied().path / "model.safetensors").unlink()
    with pytest.raises(WeightsError, match="No such file"):
        Reader.load(copied())


def test_truncated_weights(copied):
    path = copied().path / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(WeightsError, match="damaged or truncated"):
        Reader.load(copied())


def change_config(run, **model):
    info = json.loads((run.path / "run.json").read_text(encoding="utf-8"))
    info["config"]["model"] |= model
    (run.path / "run.json").write_text(json.dumps(info), encoding="utf-8")


def test_weights_of_another_shape(copied):
    change_config(copied(), num_layers=2)
    with pytest.raises(WeightsError, match=r"layer\.1\..* is missing"):
        Reader.load(copied())


def test_settings_that_are_not_ours(copied):
    change_config(copied(), depth=2)
    with pytest.raises(ConfigError, match=r"model\.depth"):
        Reader.load(copied())


def test_a_missing_tokenizer(copied):
    (copied().path / "tokenizer.model").unlink()
    with pytest.raises(TokenizerError, match="No such file"):
        Reader.load(copied())


def test_a_tokenizer_with_more_pieces_than_the_network(reader):
    small = predict.config.override(reader.settings, {"model.vocab_size": 100})
    with pytest.raises(TokenizerError, match="32007 pieces, the network 100"):
        Reader(reader.model, reader.tokenizer, small)


def test_batches_of_windows_are_bucketed(reader, dataset, monkeypatch):
    """Padding every window to 384 would cost a third more."""
    made = reader.windows(dataset.examples)
    cells = sum(batch.inputs["token_ids"].size for batch in windows.batches(made, predict.BATCH_SIZE))

    assert cells < 1.15 * sum(map(len, made))

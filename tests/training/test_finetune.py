"""Fine-tuning: what is held back, when it stops, what it leaves behind, and that a kill changes nothing."""

import hashlib
import json
import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest

from core import config
from core.answering import calibration
from core.answering.reader import Reader
from core.data import catalogue
from core.data.formats import Answer, Dataset, DatasetError, Example, Problem
from core.data.tokenizer import Tokenizer, TokenizerError
from core.modeling import tensors
from core.store import history, predictions
from core.store.runs import RESUME_FOLDER, RunError, Store
from core.training import finetune, loop, record, state
from core.training.record import TrainingError
from tests import tiny_run as tiny
from tests.training import child, two_steps

ROOT = Path(__file__).parent.parent.parent


def make_dataset(titles, name="d", per_title=2):
    examples = [
        Example(f"{title}-{n}", "무엇인가?", "서울은 도시다.", (Answer("서울", 0),), title, i, i)
        for i, title in enumerate(titles)
        for n in range(per_title)
    ]
    return Dataset(name, "", tuple(examples), (), "")


def python(*arguments, **environment):
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


# What is held back


def test_no_article_is_on_both_sides_and_none_is_lost():
    datasets = [
        make_dataset([f"글 {n}" for n in range(40)], "a"),
        make_dataset([f"글 {n}" for n in range(20, 60)], "b"),
    ]
    made = finetune.split(datasets, 0.3)

    held_back, trained = ({e.title for e in side} for side in (made.validation, made.train))
    assert not held_back & trained
    assert len(held_back | trained) == 60
    assert len(made.validation) + len(made.train) == 160
    assert 8 <= len(held_back) <= 28


def test_the_choice_depends_on_titles_alone():
    titles = [f"글 {n}" for n in range(40)]
    one = finetune.split([make_dataset(titles)], 0.2)
    other = finetune.split([make_dataset(titles[::-1], "other", per_title=3), make_dataset(["다른 글"])], 0.2)
    expected = {t for t in titles if int(hashlib.sha256(t.encode()).hexdigest()[:16], 16) < 0.2 * 2**64}

    assert {e.title for e in one.validation} == expected
    assert {e.title for e in other.validation} - {"다른 글"} == expected


def test_a_larger_share_holds_back_more_of_the_same():
    data = [make_dataset([f"글 {n}" for n in range(60)])]
    small, large = (finetune.split(data, share) for share in (0.1, 0.4))

    assert {e.id for e in small.validation} < {e.id for e in large.validation}


def test_two_datasets_may_use_the_same_ids():
    data = make_dataset([f"글 {n}" for n in range(40)])
    made = finetune.split([data, replace(data, name="copy")], 0.3)
    ids = [e.id for e in made.validation]

    assert len(ids) == len(set(ids)) > 0


@pytest.mark.parametrize("share", [0.0, 1e-9])
def test_a_share_that_leaves_nothing_is_refused(share):
    with pytest.raises(TrainingError, match=r"of a, b leaves 0 questions to validate on and 8 to train on"):
        finetune.split([make_dataset(["가", "나"], "a"), make_dataset(["다", "라"], "b")], share)


# What a finished run leaves


def test_a_finished_run_says_what_it_is(tiny_run):
    info = json.loads((tiny_run.path / "run.json").read_text(encoding="utf-8"))
    dataset = catalogue.load(tiny_run.path.parent.parent / "small.json")
    made = finetune.split([dataset], 0.3)

    assert (info["status"], info["error"], info["name"]) == ("finished", None, "tiny")
    assert config.from_dict(info["config"]) == tiny.settings(dataset.path)
    assert info["parameter_count"] == 1_045_250
    (trained,) = info["datasets"]["train"]
    assert (trained["name"], trained["sha256"]) == (
        "small",
        hashlib.sha256(Path(dataset.path).read_bytes()).hexdigest(),
    )
    assert trained["questions"] == len(dataset.examples)
    assert info["datasets"]["validation"]["questions"] == len(made.validation)
    assert info["windows"]["questions_without_window"] == 0
    assert info["windows"]["windows"] >= len(made.train)
    assert info["versions"]["backend"] == keras.backend.backend()
    assert info["tokenizer"] == {"sha256": Tokenizer.load().sha256, "pieces": 32007}
    assert info["weights"]["sha256"] == hashlib.sha256((tiny_run.path / "model.safetensors").read_bytes()).hexdigest()
    assert info["progress"]["step"] == info["progress"]["total_steps"] == 2 * -(-info["windows"]["windows"] // 16)
    assert info["progress"]["epoch"] == 2
    assert info["best"]["epoch"] in (1, 2)


def test_a_finished_run_has_every_file_and_no_other(tiny_run):
    files = {path.relative_to(tiny_run.path).as_posix() for path in tiny_run.path.rglob("*") if path.is_file()}

    assert files == {
        "run.json",
        "history.jsonl",
        "model.safetensors",
        "config.json",
        "tokenizer.model",
        "seen.safetensors",
        "predictions/small.parquet",
    }
    assert (tiny_run.path / "tokenizer.model").read_bytes() == Tokenizer.load().model


def test_the_history_has_steps_and_epochs_of_both_sides(tiny_run):
    records, _ = history.read(tiny_run.history_path)
    kinds = records.groupby(["kind", "split"]).size().to_dict()
    steps = tiny_run.info["progress"]["total_steps"]
    windows = tiny_run.info["windows"]["windows"]

    assert kinds[("epoch", "train")] == kinds[("epoch", "validation")] == 2
    logged = records[records.kind == "step"]
    assert logged.step.tolist() == sorted({*range(10, steps, 10), steps // 2, steps})
    for column in ("loss", "start_accuracy", "end_accuracy", "accuracy_sum", "learning_rate", "gradient_norm",
                   "examples_per_second", "tokens_per_second", "seconds", "tokens"):  # fmt: skip
        assert np.isfinite(logged[column]).all(), column
    assert logged.seconds.is_monotonic_increasing
    epochs = records[(records.kind == "epoch") & (records.split == "train")]
    assert epochs.examples.tolist() == [windows, 2 * windows]
    assert epochs.epoch.tolist() == [1, 2]
    validation = records[records.split == "validation"]
    assert validation[["exact_match", "f1", "loss", "accuracy_sum"]].notna().all(axis=None)
    assert (validation.accuracy_sum == validation.start_accuracy + validation.end_accuracy).all()
    best = validation[validation.f1 == validation.f1.max()].iloc[0]
    assert tiny_run.info["best"]["f1"] == best.f1
    assert tiny_run.info["best"]["epoch"] == best.epoch


def test_the_first_loss_is_that_of_guessing(tiny_run):
    """Two uniform guesses over a context of some 200 pieces; a network that saw its targets would be far below."""
    records, _ = history.read(tiny_run.history_path)
    first = records[records.kind == "step"].loss.iloc[0]

    assert 8 < first < 2 * np.log(384)


def test_an_epochs_loss_is_the_mean_over_its_windows(tiny_run):
    records, _ = history.read(tiny_run.history_path)
    steps = records[(records.kind == "step") & (records.epoch <= 1)]
    examples = steps.examples.diff().fillna(steps.examples.iloc[0])
    epoch = records[(records.kind == "epoch") & (records.split == "train")].iloc[0]

    assert (steps.loss * examples).sum() / examples.sum() == pytest.approx(epoch.loss, rel=1e-6)


def test_the_evaluated_predictions_belong_to_the_stored_weights(tiny_run):
    stored = predictions.read(tiny_run.predictions_path("small"))

    assert stored.meta.weights_sha256 == tiny_run.info["weights"]["sha256"]
    assert stored.meta.trained_on == (tiny_run.info["datasets"]["train"][0]["sha256"],)
    assert len(stored.table) == len(catalogue.load(tiny_run.path.parent.parent / "small.json").examples)


def test_the_probabilities_are_calibrated_on_the_stored_weights_and_the_questions_held_back(tiny_run):
    dataset = catalogue.load(tiny_run.path.parent.parent / "small.json")
    held_back = finetune.split([dataset], 0.3).validation
    found = dict(tiny_run.info["calibration"])

    assert found.pop("dataset") == {"names": ["small"], "rule": tiny_run.info["datasets"]["validation"]["rule"]}
    again = calibration.measure(Reader.load(tiny_run), held_back)
    for name in ("temperature", "error_before", "error_after"):
        assert found[name] == pytest.approx(again[name], rel=1e-3)
    assert found["questions"] == len(held_back) and sum(b["count"] for b in found["bins"]) == len(held_back)


# When it stops, and what it learns from


def validation_epochs(run):
    records, _ = history.read(run.history_path)
    return records[records.split == "validation"].epoch.tolist()


def test_training_stops_when_validation_gets_no_better(tmp_path):
    """With a rate of next to nothing the second epoch is no better than the first, and patience is one."""
    tiny.write_dataset(tmp_path, questions=20)
    changes = {"training__learning_rate": 1e-12, "training__validation_share": 0.5}
    run = tiny.train(tmp_path, training__epochs=5, training__patience=1, **changes)

    assert validation_epochs(run) == [1, 2]
    assert run.info["best"]["epoch"] == 1
    assert (run.status, run.info["progress"]["epoch"]) == ("finished", 2)
    assert not (run.path / RESUME_FOLDER).exists()


class FakeReader:
    """Answers nothing; its network is whatever the test makes of it."""

    def __init__(self, settings):
        self.settings = settings
        self.model = finetune._new_model(settings)

    def predict(self, examples, progress):
        return list(examples)


@pytest.mark.parametrize(
    ("monitor", "scores", "best", "stops"),
    [
        ("loss", [5.0, 4.0, 4.5, 4.2], 2, [False, False, False, True]),
        ("f1", [10.0, 9.0, 10.0], 1, [False, False, True]),
        ("accuracy_sum", [0.1, 0.2, 0.1, 0.3, 0.1], 4, [False] * 5),
    ],
)
def test_the_best_epochs_weights_are_kept(tmp_path, monkeypatch, monitor, scores, best, stops):
    reader = FakeReader(tiny.settings("mini-ko", training__monitor=monitor, training__patience=2))
    writer = Store(tmp_path).create("x", {})
    monkeypatch.setattr(finetune.metrics, "score", lambda dataset, answers: answers)
    position, weights, stopped = loop.Position(), [], []
    for epoch, value in enumerate(scores, 1):
        fake = dict.fromkeys(("loss", "start_accuracy", "end_accuracy", "accuracy_sum", "exact_match", "f1"), 0.0)
        made = fake | {monitor: value}
        monkeypatch.setattr(finetune.RunScores, "of", lambda table, made=made: made)
        reader.model.span_head.bias.assign([float(epoch), 0.0])
        position.step = 10 * epoch
        record, stop = finetune._validate(reader, finetune.Split((), (), ()), writer, epoch, position)
        assert record[monitor] is value
        stopped.append(stop)
        kept = tensors.read(writer.path / RESUME_FOLDER / finetune.BEST_FILE)
        weights.append(int(kept["qa_outputs.bias"][0]))

    assert stopped == stops
    assert weights[-1] == best
    assert (position.notes["best"]["epoch"], position.notes["best"]["step"]) == (best, 10 * best)
    assert position.notes["best"][monitor] == scores[best - 1]


def test_without_dropout_the_network_has_none():
    settings = tiny.settings("mini-ko", training__dropout_acts="false")

    assert finetune._new_model(settings).encoder.dropout.rate == 0
    assert finetune._new_model(tiny.settings("mini-ko")).encoder.dropout.rate == 0.1


def test_bfloat16_keeps_weights_in_float32_and_nothing_global_changes():
    model = finetune._new_model(tiny.settings("mini-ko", training__precision="mixed_bfloat16"))

    assert model.encoder.transformer_layers[0].intermediate.compute_dtype == "bfloat16"
    assert {v.dtype for v in model.trainable_variables} == {"float32"}
    assert keras.config.dtype_policy().name == "float32"


# What cannot begin


@pytest.mark.parametrize(
    ("changes", "evaluate", "error"),
    [
        ({"training__datasets": ["no-such-dataset"]}, [], DatasetError),
        ({}, ["no-such-dataset"], DatasetError),
        ({"training__validation_share": 0.0}, [], TrainingError),
        ({"model__vocab_size": 500}, [], TokenizerError),
    ],
    ids=["dataset", "evaluation", "share", "vocabulary"],
)
def test_what_cannot_begin_leaves_no_run(tmp_path, changes, evaluate, error):
    settings = tiny.settings(tiny.write_dataset(tmp_path), **changes)
    store = Store(tmp_path / "checkpoints")

    with pytest.raises(error):
        finetune.train(settings, "x", store, evaluate, show_progress=False)
    assert store.list() == []


def test_two_datasets_of_one_name_are_refused_before_training(tmp_path):
    files = [tiny.write_dataset(tmp_path / folder, skip=skip) for skip, folder in enumerate("ab")]
    with pytest.raises(TrainingError, match="have the same name 'small'") as refused:
        finetune.train(tiny.settings(files[0]), "new", Store(tmp_path), evaluate=[str(file) for file in files])
    assert all(catalogue.load(file).sha256[:12] in str(refused.value) for file in files)
    assert not (tmp_path / "new").exists()


def test_the_record_counts_unusable_questions_not_problems():
    whole = catalogue.load("mini-ko")
    holed = replace(whole, problems=(Problem("q", "no question"), Problem("q", "no answers")), unusable_articles=(0,))
    described = finetune._describe(tiny.settings("mini-ko"), finetune.split([holed], 0.3))
    assert described["train"][0]["unusable_questions"] == 1


def test_a_name_is_given_once(tiny_run, tiny_store):
    before = (tiny_run.path / "run.json").read_bytes()

    with pytest.raises(RunError, match="already"):
        tiny.train(tiny_run.path.parent.parent)
    assert (tiny_run.path / "run.json").read_bytes() == before


def test_a_finished_run_is_not_resumed(tiny_store):
    with pytest.raises(RunError, match="it is finished"):
        finetune.resume("tiny", tiny_store, show_progress=False)


def test_nothing_to_train_on_is_said(tmp_path):
    """Windows of 20 pieces without sliding: the answers lie behind them."""
    changes = {"model__max_sequence_length": 20, "features__max_query_length": 16, "features__sliding_windows": "false"}
    dataset = tiny.write_dataset(tmp_path)
    whole = catalogue.load(dataset)
    raw = json.loads(dataset.read_text(encoding="utf-8"))
    for article in raw["data"]:
        for paragraph in article["paragraphs"]:
            late = [q for q in paragraph["qas"] if q["answers"][0]["answer_start"] > 100]
            paragraph["qas"] = late
    dataset.write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")
    assert 0 < len(catalogue.load(dataset).examples) < len(whole.examples)
    store = Store(tmp_path / "checkpoints")

    with pytest.raises(TrainingError, match="nothing to train on"):
        finetune.train(tiny.settings(dataset, **changes), "x", store, show_progress=False)
    assert store.get("x").status == "failed"
    assert "nothing to train on" in store.get("x").info["error"]


def test_a_resumed_run_needs_the_data_and_the_tokenizer_it_began_with(tmp_path, monkeypatch):
    def fall_over(*_):
        raise MemoryError("no more")

    monkeypatch.setattr(finetune.loop, "run", fall_over)
    with pytest.raises(MemoryError):
        tiny.train(tmp_path)
    store = Store(tmp_path / "checkpoints")
    assert (store.get("tiny").status, store.get("tiny").info["error"]) == ("failed", "MemoryError: no more")

    run_file = store.get("tiny").path / "run.json"
    right = run_file.read_text(encoding="utf-8")
    run_file.write_text(right.replace(Tokenizer.load().sha256, "0" * 64), encoding="utf-8")
    with pytest.raises(TrainingError, match="another tokenizer"):
        finetune.resume("tiny", store, show_progress=False)
    run_file.write_text(right, encoding="utf-8")
    (tmp_path / "small.json").write_bytes((tmp_path / "small.json").read_bytes() + b"\n")
    with pytest.raises(TrainingError, match=r"another version of .*small$"):
        finetune.resume("tiny", store, show_progress=False)
    assert store.get("tiny").status == "failed"


# Kill and resume


def test_dropout_seeds_are_part_of_the_saved_state(tmp_path):
    model = finetune._new_model(tiny.settings("mini-ko"))
    seeds = [v for v in model.non_trainable_variables if "seed_generator" in v.path]

    assert len(seeds) == 2  # the embeddings' dropout, and one layer's
    assert all(layer.dropout.rate > 0 for layer in model.encoder.transformer_layers)


def test_a_state_of_another_network_is_refused(tmp_path):
    model, other = (finetune._new_model(tiny.settings("mini-ko", model__num_layers=n)) for n in (1, 2))
    model.optimizer.build(model.trainable_variables)
    variables = [*model.trainable_variables, *model.optimizer.variables]  # matrices, vectors and single numbers
    state.save(tmp_path, variables, {"step": 3, "sums": {"loss": 0.1}})
    before = [np.array(v) for v in other.get_weights()]

    with pytest.raises(ValueError, match="another network"):
        state.restore(tmp_path, [*other.trainable_variables, *model.optimizer.variables])
    for now, then in zip(other.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)
    model.optimizer.iterations.assign(99)
    assert state.restore(tmp_path, variables) == {"step": 3, "sums": {"loss": 0.1}}
    assert int(model.optimizer.iterations) == 0
    assert state.restore(tmp_path / "nothing", variables) is None


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    """The run that the killed ones must come to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "LOG_EVERY", 2)
        return tiny.train(tmp_path_factory.mktemp("unbroken"), **child.SETTINGS)


def assert_same_result(run, unbroken):
    """Asserts bitwise equal history, weights and answers; the clock alone may differ."""
    clock = ["seconds", "examples_per_second", "tokens_per_second"]
    mine, theirs = (history.read(r.history_path)[0].drop(columns=clock) for r in (run, unbroken))
    pd.testing.assert_frame_equal(mine, theirs, check_exact=True)
    assert (run.path / "model.safetensors").read_bytes() == (unbroken.path / "model.safetensors").read_bytes()
    assert run.info["best"] == unbroken.info["best"]
    for key in ("step", "epoch", "examples", "tokens"):
        assert run.info["progress"][key] == unbroken.info["progress"][key]
    answers = [predictions.read(r.predictions_path("small")).table for r in (run, unbroken)]
    pd.testing.assert_frame_equal(*answers, check_exact=True)
    assert run.status == "finished" and not (run.path / RESUME_FOLDER).exists()
    assert not list(run.path.rglob("*.tmp"))


def wait_until_killed(process, moment):
    _, errors = process.communicate(timeout=120)
    assert process.returncode == -9, f"not killed at {moment}: {errors[-2000:]}"


@pytest.mark.slow
def test_a_training_killed_at_any_moment_resumes_to_the_same_result(tmp_path, unbroken, monkeypatch):
    tiny.write_dataset(tmp_path)
    process = python("-m", "tests.training.child", tmp_path, "train")
    state_file = tmp_path / "checkpoints" / "tiny" / RESUME_FOLDER / state.STATE_FILE
    deadline = time.monotonic() + 120
    while not state_file.exists():
        assert process.poll() is None and time.monotonic() < deadline, process.communicate()[1][-2000:]
        time.sleep(0.005)
    time.sleep(random.random())  # in a step, a save, a record, an epoch's end
    process.kill()
    wait_until_killed(process, "random")
    store = Store(tmp_path / "checkpoints")
    assert store.get("tiny").status == "stopped"
    with store.get("tiny").history_path.open("ab") as file:
        file.write(b'{"kind": "step", "step": 1')  # as a kill within a write leaves it

    monkeypatch.setattr(loop, "LOG_EVERY", 2)
    assert_same_result(finetune.resume("tiny", store, show_progress=False), unbroken)


@pytest.mark.slow
def test_a_training_killed_again_and_again_resumes_to_the_same_result(tmp_path, unbroken, monkeypatch):
    """At the moments that matter most: while saving, between best weights and state, and at the very end."""
    tiny.write_dataset(tmp_path)
    store = Store(tmp_path / "checkpoints")
    for what, moment in (("train", "saving"), ("resume", "validated"), ("resume", "weights")):
        wait_until_killed(python("-m", "tests.training.child", tmp_path, what, moment), moment)
        assert store.get("tiny").status == "stopped", moment

    monkeypatch.setattr(loop, "LOG_EVERY", 2)
    assert_same_result(finetune.resume("tiny", store, show_progress=False), unbroken)


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
def test_a_training_of_many_shapes_resumes_to_the_same_bits(tmp_path, monkeypatch, precision):
    """Two layers, batches of many lengths; stopped within both epochs and at the end of one."""
    shape = {"model__hidden_dim": 64, "model__num_layers": 2, "model__intermediate_dim": 128}
    changes = shape | {"training__learning_rate": 1e-3, "training__precision": precision}
    tiny.write_dataset(tmp_path, questions=150)
    monkeypatch.setattr(loop, "LOG_EVERY", 2)
    monkeypatch.setattr(loop, "SAVE_EVERY", 0.0)
    whole = tiny.train(tmp_path, "whole", **changes)
    steps = whole.info["progress"]["total_steps"]
    store, save, lengths = Store(tmp_path / "checkpoints"), state.save, set()
    step_batch = loop.StepBatch

    def noted(inputs, *rest):
        lengths.add(inputs["token_ids"].shape)
        return step_batch(inputs, *rest)

    monkeypatch.setattr(loop, "StepBatch", noted)
    for stop in (4, steps // 2, steps // 2 + 2):

        def save_and_stop(folder, variables, position, last=stop):
            save(folder, variables, position)
            if position["step"] == last:
                raise MemoryError

        monkeypatch.setattr(state, "save", save_and_stop)
        with pytest.raises(MemoryError):
            tiny.train(tmp_path, f"stopped-{stop}", **changes)
        monkeypatch.setattr(state, "save", save)
        assert_same_result(finetune.resume(f"stopped-{stop}", store, show_progress=False), whole)
    assert len(lengths) > 3


@pytest.mark.slow
def test_a_training_killed_before_it_had_written_anything_starts_again(tmp_path, unbroken, monkeypatch):
    """Nothing but run.json is there yet."""
    monkeypatch.setattr(loop, "LOG_EVERY", 2)
    write = record.write_atomically

    def fall_over(path, data):
        raise KeyboardInterrupt

    monkeypatch.setattr(record, "write_atomically", fall_over)
    with pytest.raises(KeyboardInterrupt):
        tiny.train(tmp_path, **child.SETTINGS)
    monkeypatch.setattr(record, "write_atomically", write)
    store = Store(tmp_path / "checkpoints")
    assert [path.name for path in (tmp_path / "checkpoints" / "tiny").iterdir()] == ["run.json"]
    # The process that began it lives on here: say that it does not.
    run_file = tmp_path / "checkpoints" / "tiny" / "run.json"
    info = json.loads(run_file.read_text(encoding="utf-8"))
    run_file.write_text(json.dumps(info | {"updated": "2020-01-01T00:00:00+00:00"}), encoding="utf-8")

    assert_same_result(finetune.resume("tiny", store, show_progress=False), unbroken)


# Backends


@pytest.mark.backends
@pytest.mark.parametrize("backend", ["torch", "jax"])
def test_another_backend_trains_the_same(tmp_path, backend):
    pytest.importorskip(backend, reason=f"{backend} is not installed")
    two_steps.prepare(tmp_path)
    here = two_steps.run(tmp_path)
    process = python("-m", "tests.training.two_steps", tmp_path, KERAS_BACKEND=backend)
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors[-2000:]
    there = json.loads(output.splitlines()[-1])

    assert (here["backend"], there["backend"]) == (keras.backend.backend(), backend)
    assert np.ptp(here["losses"]) > 0.01  # it learns
    for name in ("losses", "norms", "logits"):
        np.testing.assert_allclose(there[name], here[name], rtol=0, atol=1e-4, err_msg=name)

"""The history in TensorBoard's own eyes."""

import math
import sys

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from core.store import history
from core.store.runs import RunError
from core.training import event_files


def scalars(folder):
    """By tag: the steps and values that TensorBoard shows of a folder."""
    events = EventAccumulator(str(folder), size_guidance={"scalars": 0})
    events.Reload()
    return {tag: [(event.step, event.value) for event in events.Scalars(tag)] for tag in events.Tags()["scalars"]}


def record(step, loss, kind="step", split="train"):
    return {"kind": kind, "split": split, "step": step, "epoch": step / 10, "seconds": 1.0, "loss": loss}


def test_every_metric_of_a_training_is_a_scalar_over_the_step(tiny_run):
    events = tiny_run.path.parent.parent / "events"
    frame, _ = history.read(tiny_run.history_path)
    for split in ("train", "validation"):
        found = scalars(events / "tiny" / split)
        expected = {}
        for kind, prefix in (("step", ""), ("epoch", "epoch_")):
            rows = frame[(frame["split"] == split) & (frame["kind"] == kind)]
            for metric in rows.columns.difference(history.POSITIONS):
                measured = rows[rows[metric].notna()]
                if len(measured):
                    expected[prefix + metric] = list(zip(measured["step"], measured[metric], strict=True))
        assert found.keys() == expected.keys()
        for tag, points in expected.items():
            assert [step for step, _ in found[tag]] == [step for step, _ in points]
            assert [value for _, value in found[tag]] == pytest.approx([value for _, value in points], rel=1e-6)
    assert {"loss", "gradient_norm", "epoch_loss"} <= scalars(events / "tiny" / "train").keys()
    assert {"epoch_loss", "epoch_f1"} <= scalars(events / "tiny" / "validation").keys()


def test_a_pre_training_has_them_too(tiny_encoder):
    run, _ = tiny_encoder
    events = run.path.parent.parent / "events"
    frame, _ = history.read(run.history_path)
    logged = frame[frame["kind"] == "step"]
    found = scalars(events / "encoder" / "train")
    assert [step for step, _ in found["loss"]] == logged["step"].tolist()
    assert [value for _, value in found["loss"]] == pytest.approx(logged["loss"].tolist(), rel=1e-6)
    assert "epoch_loss" in scalars(events / "encoder" / "validation")


def test_a_resumed_training_replaces_the_steps_it_repeats(tmp_path):
    info = event_files.prepare(tmp_path, "a")
    with event_files.writing(info, 0) as write:
        for step in (10, 20, 30):
            write(record(step, step))
    with event_files.writing(info, 20) as write:
        write(record(30, 33.0))
        write(record(40, 40))
    assert scalars(tmp_path / "a" / "train")["loss"] == [(10, 10), (20, 20), (30, 33), (40, 40)]


def test_what_is_not_finite_or_missing_does_not_stop_it(tmp_path):
    with event_files.writing(event_files.prepare(tmp_path, "a"), 0) as write:
        write(record(1, math.nan) | {"gradient_norm": None})
        write(record(2, 2.0))
    found = scalars(tmp_path / "a" / "train")
    assert math.isnan(found["loss"][0][1]) and found["loss"][1] == (2, 2.0) and "gradient_norm" not in found


def test_without_the_option_nothing_is_written(tmp_path):
    assert event_files.prepare(None, "a") == {}
    with event_files.writing({}, 0) as write:
        write(record(1, 1.0))
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_work_is_told_before_a_training_begins(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match="file"):
        event_files.prepare(tmp_path / "file", "a")
    monkeypatch.setitem(sys.modules, "tensorboard.summary.writer.event_file_writer", None)
    with pytest.raises(RunError, match="pip install tensorboard"):
        event_files.prepare(tmp_path / "events", "a")
    assert not (tmp_path / "events").exists()

"""Histories are appended, torn, resumed, and followed while they grow."""

import json

import numpy as np
import pytest

from core.store.history import HistoryReader, HistoryWriter, read


@pytest.fixture
def path(tmp_path):
    return tmp_path / "history.jsonl"


def record(step, **more):
    return {"kind": "step", "split": "train", "step": step, "loss": 10 - step, **more}


def write(path, *records, **options):
    with HistoryWriter(path, **options) as writer:
        for item in records:
            writer.append(item)


def test_what_was_appended_is_read(path):
    write(path, record(1), record(2, f1=50))
    frame, offset = read(path)
    assert frame["step"].tolist() == [1, 2] and frame["loss"].tolist() == [9, 8]
    assert np.isnan(frame["f1"][0]) and frame["f1"][1] == 50
    assert offset == path.stat().st_size


def test_a_missing_or_empty_history_has_no_records(path):
    assert read(path)[0].empty and read(path)[1] == 0
    path.touch()
    assert read(path)[0].empty


def test_each_record_is_on_disk_when_append_returns(path):
    writer = HistoryWriter(path)
    writer.append(record(1))
    assert read(path)[0]["step"].tolist() == [1]
    writer.close()


def test_nan_becomes_null_and_comes_back_as_nan(path):
    write(path, record(1, gradient_norm=float("nan"), learning_rate=np.float32(0.5), other=float("inf")))
    written = json.loads(path.read_text())
    assert written["gradient_norm"] is None and written["other"] is None and written["learning_rate"] == 0.5
    assert np.isnan(read(path)[0]["gradient_norm"][0])


def test_a_torn_last_line_waits_for_its_end(path):
    write(path, record(1))
    whole = json.dumps(record(2)).encode() + b"\n"
    with path.open("ab") as file:
        file.write(whole[:20])
    frame, offset = read(path)
    assert frame["step"].tolist() == [1]
    with path.open("ab") as file:
        file.write(whole[20:])
    assert read(path, offset)[0]["step"].tolist() == [2]


def test_damaged_lines_are_counted(path):
    path.write_text(json.dumps(record(1)) + "\nnonsense\n[3]\n\n" + json.dumps(record(2)) + "\n")
    frame, _ = read(path)
    assert frame["step"].tolist() == [1, 2]
    assert frame.attrs["skipped"] == 2


def test_words_where_numbers_belong_are_no_numbers(path):
    write(path, record(1, f1="very good"))
    assert read(path)[0]["f1"].isna().all()


def test_a_writer_removes_the_torn_line_of_a_kill(path):
    write(path, record(1))
    with path.open("ab") as file:
        file.write(b'{"kind": "st')
    write(path, record(2))
    frame, _ = read(path)
    assert frame["step"].tolist() == [1, 2] and frame.attrs["skipped"] == 0


def test_a_resumed_training_does_not_repeat_steps(path):
    write(path, record(1), record(2), record(3))
    write(path, record(3), up_to_step=2)
    assert read(path)[0]["step"].tolist() == [1, 2, 3]


def test_the_reader_reads_only_what_is_new(path, monkeypatch):
    reader = HistoryReader(path)
    assert reader.refresh().empty
    write(path, record(1))
    assert reader.refresh()["step"].tolist() == [1]
    offsets = []
    monkeypatch.setattr("core.store.history.read", lambda path, offset: offsets.append(offset) or read(path, offset))
    first_size = path.stat().st_size
    with path.open("ab") as file:
        file.write(json.dumps(record(2, f1=1.0)).encode() + b"\nnonsense\n")
    assert reader.refresh()["step"].tolist() == [1, 2]
    assert reader.refresh()["step"].tolist() == [1, 2]
    assert offsets == [first_size]
    assert reader.skipped == 1


def test_the_reader_begins_anew_when_the_file_was_replaced(path):
    write(path, record(1), record(2), record(3))
    reader = HistoryReader(path)
    reader.refresh()
    write(path, record(9), up_to_step=1)
    assert reader.refresh()["step"].tolist() == [1, 9]
    path.unlink()
    assert reader.refresh().empty

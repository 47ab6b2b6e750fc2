"""Histories as CSV: out, in again, and every mistake of a foreign file told with its line and column."""

import pytest

from core.data.encodings import NO_TEXT
from core.errors import Problem
from core.store.history import HistoryWriter
from core.store.history_csv import export, parse
from core.store.runs import HISTORY_FILE, RunError, Store
from tests.pages import store_fixture

RECORDS = [
    {"kind": "step", "split": "train", "step": 10, "epoch": 0.5, "examples": 320, "seconds": 1.25, "loss": 0.1 + 0.2},
    {"kind": "step", "split": "train", "step": 20, "epoch": 1.0, "examples": 640, "seconds": 2.5, "loss": None},
    {"kind": "epoch", "split": "validation", "step": 20, "epoch": 1.0, "examples": 640, "seconds": 2.5, "f1": 50.0},
]


def run(store, name, records):
    writer = store.create(name, store_fixture.info("base"))
    with HistoryWriter(writer.path / HISTORY_FILE) as history:
        for record in records:
            history.append(record)
    return store.get(name)


def problems(text):
    _, found = parse(text.encode() if isinstance(text, str) else text, "history.csv")
    return [str(problem) for problem in found]


def test_two_runs_become_one_table(tmp_path):
    store = Store(tmp_path)
    text = export([run(store, "실행-a", RECORDS), run(store, "b", RECORDS[:1])]).decode()
    assert text.splitlines() == [
        "run,kind,split,step,epoch,examples,seconds,loss,f1",
        "실행-a,step,train,10,0.5,320,1.25,0.30000000000000004,",
        "실행-a,step,train,20,1.0,640,2.5,,",
        "실행-a,epoch,validation,20,1.0,640,2.5,,50.0",
        "b,step,train,10,0.5,320,1.25,0.30000000000000004,",
    ]


def test_a_run_without_a_history_cannot_be_exported(tmp_path):
    with pytest.raises(RunError, match="'empty' has no history"):
        export([run(Store(tmp_path), "empty", [])])


def test_what_was_exported_is_read_back(tmp_path):
    records = [record for record in RECORDS if record.get("loss", 0) is not None]
    assert parse(export([run(Store(tmp_path), "a", records)]), "x.csv") == (records, [])


def test_a_csv_logger_file_of_keras_becomes_both_splits():
    text = "\ufeffepoch,loss,val_loss,eval_f1\r\n0,2.5,3,\r\n1,nan,2.75,40\r\n"
    assert parse(text.encode(), "training.csv") == (
        [
            {"kind": "epoch", "split": "train", "epoch": 0.0, "loss": 2.5},
            {"kind": "epoch", "split": "validation", "epoch": 0.0, "loss": 3.0},
            {"kind": "epoch", "split": "train", "epoch": 1.0, "loss": None},
            {"kind": "epoch", "split": "validation", "epoch": 1.0, "loss": 2.75, "f1": 40.0},
        ],
        [],
    )


def test_with_a_split_column_names_are_taken_as_they_are():
    text = "step,split,val_loss\n\n5,train,1\n5,validation,2\n"
    assert parse(text.encode(), "x.csv")[0] == [
        {"kind": "step", "split": "train", "step": 5, "val_loss": 1.0},
        {"kind": "epoch", "split": "validation", "step": 5, "val_loss": 2.0},
    ]


def test_every_bad_cell_is_told_with_its_line_and_column():
    text = (
        "step,split,kind,loss\n"
        "1.5,train,step,1\n"
        "-2,test,step,1_000\n"
        '3,train,often,"two\nlines"\n'
        "4,train\n"
        ",train,step,1\n"
        "6,train,step,\n"
        "7,train,step,7\n"
    )
    assert problems(text) == [
        "history.csv: line 2, column 'step': '1.5' is not a whole number",
        "history.csv: line 3, column 'split': 'test' is none of train, validation",
        "history.csv: line 3, column 'step': '-2' is no place: 0 or more",
        "history.csv: line 3, column 'loss': '1_000' is not a number",
        "history.csv: line 5, column 'kind': 'often' is none of step, epoch",
        "history.csv: line 5, column 'loss': 'two\\nlines' is not a number",
        "history.csv: line 6: has 2 fields, the header 4",
        "history.csv: line 7: says by none of step, epoch, examples, tokens, seconds where it stands",
        "history.csv: line 8: has no value of any metric",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["history.csv: line 1: there is no header"]),
        ("step,loss\n", ["history.csv: has no row below the header"]),
        ("loss,,loss\n1,2,3\n", [
            "history.csv: line 1: column 2 has no name",
            "history.csv: line 1: column 'loss' is there twice",
            "history.csv: line 1: none of the columns step, epoch, examples, tokens, seconds is there: "
            "a record must say where it stands",
        ]),
        ("run,step,kind\na,1,step\n", ["history.csv: line 1: no column is a metric"]),
        ("run,step,loss\na,1,1\nb,1,1\n", ["history.csv: column 'run': names 2 runs; one run is imported at a time"]),
        (b"step,loss\n1,\xff\n", [str(Problem("history.csv", NO_TEXT))]),
        ('step,loss\n1,"2', ["history.csv: line 2: is no CSV: unexpected end of data"]),
        ("step,loss\n1,inf\ninf,1\n", ["history.csv: line 3, column 'step': 'inf' is no place: 0 or more"]),
    ],
)  # fmt: skip
def test_files_that_are_wrong_as_a_whole(text, expected):
    assert problems(text) == expected

"""A run of an earlier version gets what a training leaves now, and nothing else of it changes."""

import json
import shutil
from dataclasses import replace

import pandas as pd
import pytest

from core.data import catalogue
from core.data.formats import DatasetError
from core.store import predictions, transfer
from core.store.runs import RUN_FILE, SEEN_FILE, RunError, Store
from core.training.completion import complete_later
from core.training.record import TrainingError


@pytest.fixture
def store(tiny_run, tmp_path):
    """A copy of the tiny run as it would have been left before."""
    store = Store(tmp_path)
    shutil.copytree(tiny_run.path, tmp_path / "tiny")
    (tmp_path / "tiny" / SEEN_FILE).unlink()
    change(store, calibration=None, answer_lengths=None, distance_from_initialisation=None)
    return store


def change(store, **changes):
    file = store.root / "tiny" / RUN_FILE
    info = json.loads(file.read_text(encoding="utf-8")) | changes
    file.write_text(json.dumps({k: v for k, v in info.items() if v is not None}), encoding="utf-8")


def test_what_is_added_is_what_the_training_leaves(tiny_run, store):
    before = store.get("tiny").info
    files = {p.relative_to(store.root): p.read_bytes() for p in store.root.rglob("*") if p.is_file()}
    found = complete_later("tiny", store)
    after = store.get("tiny").info

    assert after.pop("calibration") == found
    assert after.pop("answer_lengths") == tiny_run.info["answer_lengths"]
    expected = tiny_run.info["distance_from_initialisation"]
    assert after.pop("distance_from_initialisation") == pytest.approx(expected, rel=1e-3)  # float16 beside float32
    assert after == before  # `updated` too: the training's last sign of life
    expected = tiny_run.info["calibration"]
    assert found["temperature"] == pytest.approx(expected["temperature"], rel=1e-2)
    assert found["dataset"] == expected["dataset"]
    assert found["questions"] == expected["questions"]
    assert (store.root / "tiny" / SEEN_FILE).read_bytes() == (tiny_run.path / SEEN_FILE).read_bytes()
    for path, data in files.items():
        assert path.name in (RUN_FILE, "small.parquet") or (store.root / path).read_bytes() == data


def test_datasets_are_answered_again_with_the_lengths(tiny_run, store):
    path = store.get("tiny").predictions_path("small")
    stale = predictions.read(path)
    predictions.write(path, replace(stale, table=stale.table.assign(start=0, end=0, nbest=[[]] * len(stale.table))))
    complete_later("tiny", store)
    again, first = (predictions.read(run.predictions_path("small")) for run in (store.get("tiny"), tiny_run))
    pd.testing.assert_frame_equal(again.table, first.table)
    changed = {"created": "", "run": "tiny"}
    assert again.meta.model_copy(update=changed) == first.meta.model_copy(update=changed)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"status": "failed"}, RunError, "fine-tuned here to its end"),
        ({"datasets": {}}, RunError, "fine-tuned here to its end"),
        ({"datasets": {"train": [{"sha256": "0"}]}}, TrainingError, "trained on other versions of"),
        ({"evaluate": ["korquad-gone"]}, DatasetError, "korquad-gone"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(store, changes, error, message):
    change(store, **changes)
    before = (store.root / "tiny" / RUN_FILE).read_bytes()

    with pytest.raises(error, match=message):
        complete_later("tiny", store)
    assert (store.root / "tiny" / RUN_FILE).read_bytes() == before
    assert not (store.root / "tiny" / SEEN_FILE).exists()


def test_a_missing_training_dataset_is_named(store):
    config = store.get("tiny").info["config"]
    change(store, config=config | {"training": config["training"] | {"datasets": ["korquad-gone"]}})

    with pytest.raises(DatasetError, match="korquad-gone"):
        complete_later("tiny", store)


def test_an_export_carries_the_fingerprints(tiny_run, tmp_path):
    transfer.export(tiny_run, tmp_path / "parts")
    carried = transfer.take_in(tmp_path / "parts", "copy", Store(tmp_path / "store"))

    assert (carried.path / SEEN_FILE).read_bytes() == (tiny_run.path / SEEN_FILE).read_bytes()
    assert carried.info["calibration"] == tiny_run.info["calibration"]


def test_the_tiny_run_has_met_its_own_dataset(tiny_run):
    from core.store import fingerprints
    from core.store.fingerprints import HELD_OUT, TRAINING, Met

    example = catalogue.load(tiny_run.path.parent.parent / "small.json").examples[7]
    assert fingerprints.met(tiny_run.path / SEEN_FILE, example.question, example.context) == [
        Met(TRAINING, "small", True, True),
        Met(HELD_OUT, "small", True, True),
    ]

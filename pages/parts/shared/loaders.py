"""What the pages read, each thing once: a cached file is known by its path, size and time of change."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pandas as pd
import streamlit as st

from core.data import catalogue, formats
from core.errors import Problem
from core.store import predictions as predictions_file
from core.store.history import HistoryReader
from core.store.predictions import Predictions
from core.store.runs import Run, Store

Stamp = tuple[str, int, int]


def store() -> Store:
    """Returns the run store the dashboard shows."""
    return Store()


def runs() -> list[Run]:
    """Returns every run as it is now; not cached, for a status changes with time."""
    return store().list()


def history(run: Run) -> pd.DataFrame:
    """Returns a run's history so far, reading only what is new. The frame is shared: do not change it."""
    return _reader(str(run.history_path)).refresh()


def skipped_records(run: Run) -> int:
    """Returns how many lines of a run's history could not be read."""
    return _reader(str(run.history_path)).skipped


def predictions(run: Run, dataset: str) -> Predictions:
    """Returns a run's predictions for a dataset.

    Raises:
        PredictionsError: the file is missing or cannot be used.
    """
    path = run.predictions_path(dataset)
    return _predictions(stamp(path)) if path.is_file() else predictions_file.read(path)


def checked_predictions(run: Run, dataset: str) -> Predictions:
    """Returns `predictions`, and refuses answers to another dataset than the one at hand.

    Raises:
        PredictionsError: the file is missing or cannot be used, or is such a one.
    """
    stored = predictions(run, dataset)
    path = run.predictions_path(dataset)
    predictions_file.check_dataset(stored.meta.dataset_sha256, dataset_at_hand(dataset)[0], path)
    return stored


@st.cache_resource(show_spinner=False, max_entries=16)
def dataset(name: str) -> formats.Dataset:
    """Returns a dataset's text by name, without downloading.

    Raises:
        squad.DatasetMissing: it is not on this machine; the message says which command fetches it.
        squad.DatasetError: it cannot be used.
    """
    return catalogue.load(name)


def dataset_at_hand(name: str) -> tuple[formats.Dataset | None, str]:
    """Returns the text of a dataset that runs answered, or None and why it cannot be read.

    A dataset without a name of its own is looked for as `<name>.json` in the folders of `core.data.catalogue`.
    """
    try:
        return (dataset(name) if name in catalogue.DATASETS else _imported(name)), ""
    except formats.DatasetError as error:
        return None, str(error)


def stamp(path: Path) -> Stamp:
    """Returns what tells one state of a file from the next: cache by it."""
    status = path.stat()
    return str(path), status.st_mtime_ns, status.st_size


def _imported(name: str) -> formats.Dataset:
    for folder in catalogue.folders():
        path = (folder / f"{name}.json").absolute()
        if path.is_file():
            return _file(stamp(path))
    where = ", ".join(str(folder) for folder in catalogue.folders()[:-1])
    raise formats.DatasetError([Problem(f"{name}.json", f"is in none of these folders: {where}")])


@st.cache_resource(show_spinner=False, max_entries=8)
def _file(which: Stamp) -> formats.Dataset:
    return catalogue.load(which[0])


def answered(runs: Sequence[Run], dataset: str) -> tuple[Stamp, ...]:
    """Returns the state of every predictions file on a dataset."""
    paths = [run.predictions_path(dataset) for run in runs if not run.broken]
    return tuple(stamp(path) for path in paths if path.is_file())


def trainings(stamps: Sequence[Stamp]) -> list[Predictions]:
    """Returns the predictions of `answered`; files that cannot be used are left out."""
    found = []
    for which in stamps:
        with suppress(predictions_file.PredictionsError):
            found.append(_predictions(which))
    return found


@st.cache_resource(show_spinner=False, max_entries=500)
def _reader(path: str) -> HistoryReader:
    return HistoryReader(Path(path))


@st.cache_resource(show_spinner=False, max_entries=64)
def _predictions(which: Stamp) -> Predictions:
    return predictions_file.read(which[0])

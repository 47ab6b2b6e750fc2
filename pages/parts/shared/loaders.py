"""What the pages read, each thing once: a cached file is known by its path, size and time of change."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import pandas as pd
import streamlit as st

from core.data import catalogue, formats
from core.errors import Problem
from core.store.history import HistoryReader
from core.store.predictions import Predictions, PredictionsError, check_dataset, read
from core.store.runs import Run, Store

_P = ParamSpec("_P")
_R = TypeVar("_R")
Stamp = tuple[str, int, int]


def stamp(path: Path) -> Stamp:
    """Returns what tells one state of a file from the next: path, time of change, size.

    Raises:
        OSError: there is no such file.
    """
    status = path.stat()
    return str(path), status.st_mtime_ns, status.st_size


def _state(path: Path) -> Stamp | str:
    try:
        return stamp(path)
    except OSError:
        return str(path)


def cached(entries: int) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Returns a decorator: the function runs once for each state of the files and datasets that it is given.

    The results are shared by all sessions: do not change them. Arguments whose names begin with an underscore follow
    from the others. The `entries` results used last are kept.
    """
    known_by: dict[str | type[Any], Callable[[Any], Any]] = {
        type(Path()): _state,
        formats.Dataset: lambda dataset: (dataset.name, dataset.sha256),
    }
    return st.cache_resource(show_spinner=False, max_entries=entries, hash_funcs=known_by)


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
    return stored(run.predictions_path(dataset))


def checked_predictions(run: Run, dataset: str) -> Predictions:
    """Returns `predictions`, and refuses answers to another dataset than the one at hand.

    Raises:
        PredictionsError: the file is missing or cannot be used, or is such a one.
    """
    found = predictions(run, dataset)
    check_dataset(found.meta.dataset_sha256, dataset_at_hand(dataset)[0], run.predictions_path(dataset))
    return found


@cached(16)
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


def _imported(name: str) -> formats.Dataset:
    for folder in catalogue.folders():
        path = (folder / f"{name}.json").absolute()
        if path.is_file():
            return _file(path)
    where = ", ".join(str(folder) for folder in catalogue.folders()[:-1])
    raise formats.DatasetError([Problem(f"{name}.json", f"is in none of these folders: {where}")])


@cached(8)
def _file(path: Path) -> formats.Dataset:
    return catalogue.load(path)


def answered(runs: Sequence[Run], dataset: str) -> tuple[Path, ...]:
    """Returns the predictions files of all sound runs on a dataset."""
    paths = [run.predictions_path(dataset) for run in runs if not run.broken]
    return tuple(path for path in paths if path.is_file())


def trainings(files: Sequence[Path]) -> list[Predictions]:
    """Returns the predictions of `answered`; files that cannot be used are left out."""
    read = []
    for path in files:
        with suppress(PredictionsError):
            read.append(stored(path))
    return read


@cached(500)
def _reader(path: str) -> HistoryReader:  # by its name alone: the reader goes on where it stopped
    return HistoryReader(Path(path))


@cached(64)
def stored(path: Path) -> Predictions:
    """Returns what a predictions file holds.

    Raises:
        PredictionsError: the file is missing or cannot be used.
    """
    return read(path)

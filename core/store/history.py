"""A training's history: one JSON object a line, appended while it trains and read while it grows.

Record: {"kind": "step" | "epoch", "split": "train" | "validation", "step", "epoch", "examples", "tokens",
"seconds"} and metrics such as "loss", "start_accuracy", "end_accuracy", "accuracy_sum", "learning_rate",
"gradient_norm", "examples_per_second", "tokens_per_second", "exact_match", "f1" (the last two 0..100). A key
may be missing; NaN is null.
"""

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pandas as pd

from core.store.files import finite, naming, write_atomically

# Where a record stands, as opposed to what was measured there.
POSITIONS = ("kind", "split", "step", "epoch", "examples", "tokens", "seconds")


class HistoryWriter:
    """Appends records to a history; each is on disk when `append` returns, so a kill loses none."""

    def __init__(self, path: Path, up_to_step: int | None = None):
        """Opens the history for appending; a torn last line of a killed training is removed first.

        Args:
            path: the file; created when missing.
            up_to_step: a training that resumes from this step repeats what came later: those records are
                removed. None keeps all.
        """
        lines = _whole_lines(path)
        if up_to_step is not None:
            lines = [line for line in lines if _step(line) <= up_to_step]
        if path.exists():
            write_atomically(path, b"".join(lines))
        self._path = path
        self._file = path.open("ab")

    def append(self, record: Mapping[str, Any]) -> None:
        """Appends one record; numbers that are not finite become null."""
        line = json.dumps(finite(record), ensure_ascii=False, allow_nan=False)
        with naming(self._path):
            self._file.write(line.encode() + b"\n")
            self._file.flush()

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def __enter__(self) -> Self:
        """A `with` block closes the file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes the file."""
        self.close()


def read(path: Path, offset: int = 0) -> tuple[pd.DataFrame, int]:
    """Reads the records from `offset` on.

    Args:
        path: a history; a missing one has no records.
        offset: byte at which to begin, the second value of an earlier call.

    Returns:
        The records, one row each in file order, and the offset at which to go on. A torn last line is left
        for the next call. `frame.attrs["skipped"]` counts whole lines that are not JSON objects.
    """
    try:
        with path.open("rb") as file:
            file.seek(offset)
            data = file.read()
    except FileNotFoundError:
        data = b""
    end = data.rfind(b"\n") + 1
    records, skipped = [], 0
    for line in data[:end].splitlines():
        record = _parse(line)
        if record is not None:
            records.append(record)
        elif line.strip():
            skipped += 1
    frame = pd.DataFrame.from_records(records)
    numbers = frame.columns.difference(["kind", "split"])
    for column in frame[numbers].select_dtypes(exclude="number"):
        frame[column] = pd.to_numeric(frame[column], errors="coerce")
    frame = frame.astype(dict.fromkeys(numbers, "float64"))
    frame.attrs["skipped"] = skipped
    return frame, offset + end


class HistoryReader:
    """Follows a growing history: each `refresh` reads only what was added. Safe to share between threads."""

    def __init__(self, path: Path):
        """Starts before the first record; reads nothing yet.

        Args:
            path: the history; it need not exist yet.
        """
        self.path = path
        self._lock = threading.Lock()
        self._file_id: int | None = None
        self._forget()

    def _forget(self) -> None:
        self._frame, self._offset, self.skipped = pd.DataFrame(), 0, 0

    def refresh(self) -> pd.DataFrame:
        """Returns all records so far. The frame is shared: do not change it."""
        with self._lock:
            try:
                status = os.stat(self.path)
            except OSError:
                self._forget()
                return self._frame
            # A resumed training replaces the file: what was read no longer counts.
            if status.st_ino != self._file_id or status.st_size < self._offset:
                self._forget()
                self._file_id = status.st_ino
            if status.st_size > self._offset:
                new, self._offset = read(self.path, self._offset)
                self.skipped += new.attrs.pop("skipped")
                self._frame = pd.concat([self._frame, new], ignore_index=True) if len(self._frame) else new
            return self._frame


def _whole_lines(path: Path) -> list[bytes]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    return data[: data.rfind(b"\n") + 1].splitlines(keepends=True)


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def _step(line: bytes) -> float:
    """The step of a line; damaged lines are kept by counting as step 0."""
    step = (_parse(line) or {}).get("step")
    return step if isinstance(step, int | float) else 0

"""A history as a CSV file, for other programs and from them.

Columns are the keys of a history record (`core.store.history`), and `run` in front of them on the way out. On the
way in each row is a record or, where there is no `split` column, up to two: a metric whose name begins with `val_`,
`eval_` or `validation_` is the validation's, as in the files of Keras's `CSVLogger`. Exact match and F1 count 0..100.
"""

import csv
import io
import math
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from core.data import encodings
from core.data.records import DatasetError
from core.errors import Problem
from core.store import history
from core.store.runs import Run, RunError

AXES = ("step", "epoch", "examples", "tokens", "seconds")
SPLITS = ("train", "validation")
KINDS = ("step", "epoch")
_WHOLE = ("step", "examples", "tokens")
_WORDS = {"split": SPLITS, "kind": KINDS}
_VALIDATION_PREFIXES = ("val_", "eval_", "validation_")

Record = dict[str, Any]


def export(runs: Sequence[Run]) -> bytes:
    """Returns the histories of runs as one CSV file in UTF-8, all records in the order they were logged.

    Raises:
        RunError: a run has no history.
    """
    frames = []
    for run in runs:
        frame, _ = history.read(run.history_path)
        if frame.empty:
            raise RunError(f"run {run.name!r} has no history")
        frames.append(frame.assign(run=run.name))
    table = pd.concat(frames, ignore_index=True)
    first = [name for name in ("run", *history.POSITIONS) if name in table]
    whole = {name: "Int64" for name in _WHOLE if name in table}
    table = table[[*first, *(name for name in table if name not in first)]].astype(whole)
    return table.to_csv(index=False, lineterminator="\n").encode()


def parse(data: bytes, file: str) -> tuple[list[Record], list[Problem]]:
    """Reads a CSV file as records.

    A row says where it stands by at least one of `AXES`. `kind` is "step" for training rows with a step, else "epoch".
    An empty cell was not measured; NaN and infinity are kept as a failed measurement (None).

    Args:
        data: the file's bytes, in one of the encodings of `encodings.decode`.
        file: its name, for the problems.

    Returns:
        The records, and EVERY problem with its line and column; with a problem the records are not complete.
    """
    try:
        decoded = encodings.decode(data, file)
    except DatasetError as error:
        return [], list(error.problems)
    problems = list(decoded.problems)
    rows = _rows(decoded.text, file, problems)
    header = [name.strip() for name in next(rows, (1, []))[1]]
    problems += [Problem(f"{file}: line 1", what) for what in _header_problems(header)]
    if problems:
        return [], problems
    records: list[Record] = []
    names = set()
    for line, cells in rows:
        where = f"{file}: line {line}"
        if len(cells) != len(header):
            problems.append(Problem(where, f"has {len(cells)} fields, the header {len(header)}"))
            continue
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()}
        names.add(row.pop("run", ""))
        found = _records(row, "split" in header, where, problems)
        records += found
    if len(names) > 1:
        problems.append(Problem(f"{file}: column 'run'", f"names {len(names)} runs; one run is imported at a time"))
    if not records and not problems:
        problems.append(Problem(file, "has no row below the header"))
    return records, problems


def _rows(text: str, file: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Gives the rows that are not blank with their line numbers; what is no CSV ends them with a problem."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error as error:
        problems.append(Problem(f"{file}: line {reader.line_num}", f"is no CSV: {error}"))


def _header_problems(header: list[str]) -> list[str]:
    if not any(header):
        return ["there is no header"]
    found = [f"column {number} has no name" for number, name in enumerate(header, 1) if not name]
    found += [f"column {name!r} is there twice" for name in sorted({n for n in header if n and header.count(n) > 1})]
    if not set(AXES) & set(header):
        found.append(f"none of the columns {', '.join(AXES)} is there: a record must say where it stands")
    if not set(header) - {"run", "", *history.POSITIONS}:
        found.append("no column is a metric")
    return found


def _records(row: dict[str, str], has_split: bool, where: str, problems: list[Problem]) -> list[Record]:
    """Returns the records of one row; appends what is wrong with it."""
    before = len(problems)
    words = {name: row.pop(name) for name in _WORDS if name in row}
    for name, word in words.items():
        if word not in _WORDS[name]:
            problems.append(Problem(f"{where}, column {name!r}", f"{word!r} is none of {', '.join(_WORDS[name])}"))
    values = {name: _number(name, cell, where, problems) for name, cell in row.items()}
    place = {name: value for name, value in values.items() if name in AXES}
    metrics = {name: value for name, value in values.items() if name not in AXES}
    if not place:
        problems.append(Problem(where, f"says by none of {', '.join(AXES)} where it stands"))
    if not metrics:
        problems.append(Problem(where, "has no value of any metric"))
    if len(problems) > before:
        return []
    by_split: dict[str, Record] = {}
    for name, value in metrics.items():
        split, plain = (words.get("split", "train"), name) if has_split else _split(name)
        by_split.setdefault(split, {})[plain] = value
    default = {split: "step" if split == "train" and "step" in place else "epoch" for split in SPLITS}
    return [
        {"kind": words.get("kind", default[split]), "split": split, **place, **measured}
        for split, measured in by_split.items()
    ]


def _split(name: str) -> tuple[str, str]:
    """Returns the split that a metric's name tells, and the metric.

    >>> _split("val_loss"), _split("loss")
    (('validation', 'loss'), ('train', 'loss'))
    """
    for prefix in _VALIDATION_PREFIXES:
        if name.startswith(prefix) and name != prefix:
            return "validation", name.removeprefix(prefix)
    return "train", name


def _number(name: str, cell: str, where: str, problems: list[Problem]) -> float | int | None:
    try:
        value = float("none" if "_" in cell else cell)  # Python alone reads 1_000
    except ValueError:
        problems.append(Problem(f"{where}, column {name!r}", f"{cell!r} is not a number"))
        return None
    if name in AXES and not (math.isfinite(value) and value >= 0):
        problems.append(Problem(f"{where}, column {name!r}", f"{cell!r} is no place: 0 or more"))
    elif name in _WHOLE and value != int(value):
        problems.append(Problem(f"{where}, column {name!r}", f"{cell!r} is not a whole number"))
    elif name in _WHOLE:
        return int(value)
    return value if math.isfinite(value) else None

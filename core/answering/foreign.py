"""Runs that were trained elsewhere: a folder with a CSV history and a SQuAD-style predictions.json becomes a run.

Such a run has no weights, so it answers no new question; its curves, scores and comparisons work like any other's.
predictions.json is what the SQuAD scripts write and read: `{question id: answer text}`. It has no offsets, so an answer
is placed at its FIRST occurrence in the context. That knows nothing of the gold answer, which would flatter the run;
exact match and F1 compare texts and do not depend on it, but an exact answer may be called `right-text-elsewhere`.

What the files do not tell is stored as not known (`core.store.predictions.Predictions`). Every question counts as
if the reader had seen its whole context: no answer of such a run is of the type `outside-window`.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.data import encodings
from core.data.formats import Dataset, DatasetError
from core.errors import AnswerDiffError, Problem
from core.scoring import errors, metrics
from core.store import history_csv, predictions
from core.store.history import HistoryWriter
from core.store.predictions import Metadata, Predictions
from core.store.runs import HISTORY_FILE, Run, Store, predictions_path

CSV_FILE = "history.csv"
ANSWERS_FILE = "predictions.json"


class ImportProblems(AnswerDiffError):
    """A folder that cannot become a run; `problems` holds every reason."""

    def __str__(self) -> str:
        """Returns the problems one a line, behind a heading."""
        listed = "\n".join(f"  {problem}" for problem in self.problems)
        return f"nothing was imported, for {len(self.problems)} problem(s):\n{listed}"


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in.

    Attributes:
        run: the new run.
        records: of its history.
        unanswered: questions whose answer is empty.
        ambiguous: answers that occur more than once in their context; the first place was taken.
    """

    run: Run
    records: int
    unanswered: int
    ambiguous: int


def take_in(folder: Path, name: str, dataset: Dataset, store: Store, command: Sequence[str] = ()) -> Imported:
    """Makes a run of a folder's history.csv and predictions.json; it appears in the store whole or not at all.

    Args:
        folder: where the two files are.
        name: of the new run.
        dataset: what predictions.json answers.
        store: where the run goes.
        command: what the user typed, for the record.

    Raises:
        ImportProblems: with every problem of both files.
        RunError: the name is not allowed or taken.
    """
    problems: list[Problem] = []
    files = {file: _read(folder / file, problems) for file in (CSV_FILE, ANSWERS_FILE)}
    records: list[history_csv.Record] = []
    placed = Placed(pd.DataFrame(), 0)
    if (data := files[CSV_FILE]) is not None:
        records, found = history_csv.parse(data, CSV_FILE)
        problems += found
    if (data := files[ANSWERS_FILE]) is not None:
        placed, found = place(data, dataset)
        problems += found
    if problems:
        raise ImportProblems(problems)
    hashes = {file: hashlib.sha256(data or b"").hexdigest() for file, data in files.items()}
    seconds = max((record.get("seconds", 0) for record in records), default=0)
    info = {
        "status": "finished",
        "process": {},
        "imported": {"folder": folder.resolve().name, "dataset": dataset.name, "sha256": hashes},
        "timings": {"seconds": seconds} if seconds else {},
        "command": list(command),
    }
    with store.draft(name, info) as draft:
        with HistoryWriter(draft / HISTORY_FILE) as history:
            for record in records:
                history.append(record)
        table = metrics.score(dataset, placed.spans)
        table[["probability", "loss", *predictions.OWN_READER_ONLY]] = np.nan
        table["gold_covered"], table["nbest"] = True, [[] for _ in range(len(table))]
        path = predictions_path(draft, dataset.name)
        predictions.write(path, Predictions(table, _meta(name, dataset)))
    unanswered = int((table["start"] == table["end"]).sum())
    return Imported(store.get(name), len(records), unanswered, placed.ambiguous)


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Answers as spans.

    Attributes:
        spans: one row a question: `id`, `start`, `end`, as `metrics.score` wants them.
        ambiguous: answers that occur more than once in their context.
    """

    spans: pd.DataFrame
    ambiguous: int


def place(data: bytes, dataset: Dataset) -> tuple[Placed, list[Problem]]:
    """Finds the answers of a predictions.json in their contexts: the first occurrence, verbatim; blank is no answer.

    Returns:
        The spans, and every problem; with a problem the spans are not complete.
    """
    problems: list[Problem] = []
    answers = _answers(data, problems)
    if problems:
        return Placed(pd.DataFrame(), 0), problems
    rows, ambiguous = [], 0
    for example in dataset.examples:
        where = f"{ANSWERS_FILE}: question {example.id!r}"
        answer = answers.pop(example.id, None)
        if answer is None:
            problems.append(Problem(where, f"of {dataset.name} has no answer; an empty text says that there is none"))
            continue
        if not isinstance(answer, str):
            problems.append(Problem(where, f"is {json.dumps(answer, ensure_ascii=False)[:60]}, not a text"))
            continue
        answer = answer if answer.strip() else ""
        start = example.context.find(answer)
        if start < 0:
            problems.append(Problem(where, f"{answer[:60]!r} is not in the context"))
            continue
        ambiguous += bool(answer) and example.context.find(answer, start + 1) >= 0
        rows.append({"id": example.id, "start": start, "end": start + len(answer)})
    problems += [Problem(f"{ANSWERS_FILE}: question {key!r}", f"is not in {dataset.name}") for key in answers]
    spans = pd.DataFrame(rows, columns=["id", "start", "end"])
    return Placed(spans, ambiguous), problems


def _answers(data: bytes, problems: list[Problem]) -> dict[str, Any]:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                problems.append(Problem(f"{ANSWERS_FILE}: question {key!r}", "is answered twice"))
            found[key] = value
        return found

    try:
        decoded = encodings.decode(data, ANSWERS_FILE)
        problems += decoded.problems
        document = json.loads(decoded.text, object_pairs_hook=unique)
    except DatasetError as error:
        problems += error.problems
    except json.JSONDecodeError as error:
        where = f"{ANSWERS_FILE}: line {error.lineno}, column {error.colno}"
        problems.append(Problem(where, f"is not JSON: {error.msg}"))
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets within brackets
        problems.append(Problem(ANSWERS_FILE, f"cannot be read: {error}"))
    else:
        if isinstance(document, dict):
            return document
        problems.append(Problem(ANSWERS_FILE, "is not an object of question ids and answers"))
    return {}


def _meta(name: str, dataset: Dataset) -> Metadata:
    return Metadata(
        run=name,
        dataset=dataset.name,
        dataset_sha256=dataset.sha256,
        unusable_questions=dataset.unusable,
        scorer_version=metrics.SCORER_VERSION,
        error_types_version=errors.ERROR_TYPES_VERSION,
        reading_version=None,
        max_pieces=None,
        max_added=None,
        max_sequence_length=0,
        doc_stride=0,
        tokenizer_sha256="",
        weights_sha256="",
        trained_on=(),
        # Nothing tells that another run differs from this one by its seed alone.
        training_config_without_seed_hash=hashlib.sha256(f"imported:{name}".encode()).hexdigest(),
        seed=None,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _read(path: Path, problems: list[Problem]) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError as error:
        problems.append(Problem(str(path), error.strerror or "cannot be read"))
        return None

"""The predictions of one run on one dataset: one parquet file, one row a question, no dataset text.

Answers are character offsets into the ORIGINAL context, so that a comparison of two runs needs nothing but two
such files; the text is joined from `core.data.formats` by question id where it is on the machine.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, Strict, ValidationError

from core import texts
from core.data.formats import Dataset
from core.errors import AnswerDiffError
from core.store.files import write_atomically

SCHEMA_VERSION = 2
"""Version 1 called the columns `original_...` `seed_...`, and knew less of what an answer depends on; it is read."""
METADATA_KEY = b"answerdiff"

_CANDIDATE = pa.struct([("start", pa.int32()), ("end", pa.int32()), ("probability", pa.float32())])
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("paragraph", pa.int32()),
        ("article", pa.int32()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("probability", pa.float32()),
        ("gold_start", pa.int32()),
        ("gold_end", pa.int32()),
        ("exact_match", pa.bool_()),
        ("f1", pa.float64()),
        ("error_type", pa.string()),
        ("original_start", pa.int32()),
        ("original_end", pa.int32()),
        ("original_contains", pa.bool_()),
        ("original_exact", pa.bool_()),
        ("loss", pa.float32()),
        ("start_correct", pa.bool_()),
        ("end_correct", pa.bool_()),
        ("windows", pa.int16()),
        ("gold_covered", pa.bool_()),
        ("nbest", pa.list_(_CANDIDATE)),
    ]
)
OWN_READER_ONLY = (
    *("original_start", "original_end", "original_contains", "original_exact"),
    *("start_correct", "end_correct", "windows"),
)
"""What only a reader of our own can tell. A run trained elsewhere has none of these columns: all cells are null."""
_VERSION_1 = {f"seed_{part}": f"original_{part}" for part in ("start", "end", "contains", "exact")}
_VERSION_1_READING = {"reading_version": 1, "max_pieces": 30, "max_added": 10}
_VERSION_1_META = {"unusable_questions": None, "error_types_version": 1}


class PredictionsError(AnswerDiffError):
    """A predictions file that cannot be used; `problems` holds every reason."""

    def __str__(self) -> str:
        """Returns the file with all that is wrong in it as one line."""
        return f"{self.problems[0].where or 'predictions'}: {'; '.join(problem.what for problem in self.problems)}"


class OtherDataset(PredictionsError):
    """Stored answers to another dataset than the one at hand, though both have the same name."""

    def __init__(self, path: Path | None, stored: str, dataset: Dataset):
        """Takes the stored answers' `dataset_sha256` and the dataset at hand."""
        self._values = {"stored": stored[:12], "dataset": dataset.path or dataset.name, "at_hand": dataset.sha256[:12]}
        super().__init__(texts.text("predictions-other-dataset", "en", **self._values), path)
        self.args = (path, stored, dataset)  # of which pickle makes it again

    def text(self, language: str) -> str:
        """Returns the message in `language` (`ko` or `en`): plain text, to be escaped like any other."""
        return f"{self.problems[0].where}: {texts.text('predictions-other-dataset', language, **self._values)}"


class Metadata(BaseModel):
    """What a run's answers depend on, and whose they are.

    Attributes:
        run: The run's name (its folder).
        dataset: The dataset's name.
        dataset_sha256: The dataset's hash.
        unusable_questions: Questions of the dataset that were left out; None in files that do not tell.
        scorer_version: Of `core.scoring.metrics`, which made exact match and F1.
        error_types_version: Of `core.scoring.errors`, which told the kinds of answers apart.
        reading_version: Of `core.answering.spans`, which made answers of logits.
        max_pieces: Longest answer in pieces.
        max_added: Characters that an answer may grow by at either end to whole words.
        max_sequence_length: Longest window in pieces.
        doc_stride: Pieces between the starts of two windows.
        tokenizer_sha256: The tokenizer's hash.
        weights_sha256: The weights' hash.
        trained_on: Hashes of the datasets that the run was trained on.
        training_config_without_seed_hash: `core.config.hash_without_seed`.
        seed: The random seed of the training.
        created: When the answers were given, ISO 8601.

    Of a run trained elsewhere the hashes of tokenizer and weights are "", the lengths of windows 0, and what its
    reading depends on None: not known.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    run: str
    dataset: str
    dataset_sha256: str
    unusable_questions: int | None
    scorer_version: str
    error_types_version: int
    reading_version: int | None
    max_pieces: int | None
    max_added: int | None
    max_sequence_length: int
    doc_stride: int
    tokenizer_sha256: str
    weights_sha256: str
    trained_on: Annotated[tuple[str, ...], Strict(False)]
    training_config_without_seed_hash: str
    seed: int | None
    created: str


@dataclass(frozen=True, slots=True)
class Predictions:
    """What one run answers on one dataset.

    Attributes:
        table: One row a question in the dataset's order, the columns of `SCHEMA`. `start` is inclusive and `end`
            exclusive, in characters of the original context; `start == end` is no answer. `nbest` stays in Arrow's
            form: `table["nbest"].iloc[i]` is a list of `{"start", "end", "probability"}`, best first. Of a run that was
            trained elsewhere (`core.answering.foreign`) `nbest` is empty, and `probability`, `loss` and the columns
            `OWN_READER_ONLY` are floats, all NaN.
        meta: What the answers depend on.
        part: `all` of the dataset, or the `original` experiment's questions; not stored.
    """

    table: pd.DataFrame
    meta: Metadata
    part: str = "all"

    @property
    def run(self) -> str:
        """The run's name."""
        return self.meta.run

    @property
    def dataset(self) -> str:
        """The dataset's name."""
        return self.meta.dataset


def write(path: str | Path, predictions: Predictions) -> None:
    """Writes `predictions` to `path` so that a reader sees the old file or the new one, never a part.

    Columns beyond `SCHEMA` are not stored.

    Raises:
        PredictionsError: columns are missing, of the wrong type, or contradict each other.
    """
    path = Path(path)
    if problems := _missing_columns(predictions.table.columns):
        raise PredictionsError(problems, path)
    try:
        table = pa.table({field.name: _to_arrow(predictions.table, field) for field in SCHEMA}, schema=SCHEMA)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, TypeError, OverflowError) as error:
        raise PredictionsError([str(error)], path) from error
    if problems := _table_problems(table):
        raise PredictionsError(problems, path)
    document = predictions.meta.model_dump() | {"questions": table.num_rows, "schema_version": SCHEMA_VERSION}
    encoded = json.dumps(document, ensure_ascii=False).encode()
    buffer = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata({METADATA_KEY: encoded}), buffer, compression="zstd")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, buffer.getvalue().to_pybytes())


def read(path: str | Path) -> Predictions:
    """Reads a predictions file and checks it.

    Raises:
        PredictionsError: the file is missing, truncated, of another program or version, or contradicts itself.
    """
    path = Path(path)
    if not path.is_file():
        raise PredictionsError(["there is no such file"], path)
    try:
        table = pq.read_table(path, partitioning=None)
    except (pa.ArrowException, OSError) as error:
        raise PredictionsError([f"not a readable parquet file (half-written?): {error}"], path) from error
    document = _document(table, path)
    if document["schema_version"] == 1:
        document = _of_version_1(document)
        table = table.rename_columns([_VERSION_1.get(name, name) for name in table.column_names])
    meta, problems = _meta(document)
    problems += _missing_columns(table.column_names)
    if problems or meta is None:
        raise PredictionsError(problems, path)
    try:
        table = table.select(SCHEMA.names).cast(SCHEMA)
    except (pa.ArrowException, ValueError) as error:
        raise PredictionsError([f"a column has the wrong type: {error}"], path) from error
    problems = _table_problems(table)
    if table.num_rows != document.get("questions"):
        problems.append(f"{table.num_rows} rows, but the metadata says {document.get('questions')!r} questions")
    if problems:
        raise PredictionsError(problems, path)
    return Predictions(_to_pandas(table), meta)


def check_dataset(dataset_sha256: str, dataset: Dataset | None, path: Path) -> None:
    """Refuses stored answers that are not to the dataset at hand.

    Args:
        dataset_sha256: of the stored answers' metadata.
        dataset: the one at hand; None where there is none to compare with.
        path: the file of the stored answers, for the message.

    Raises:
        OtherDataset: the two hashes differ.
    """
    if dataset is not None and dataset_sha256 != dataset.sha256:
        raise OtherDataset(path, dataset_sha256, dataset)


def check_stored(path: Path, dataset: Dataset) -> None:
    """Refuses to overwrite stored answers to another dataset; a file that cannot be read may be overwritten.

    Raises:
        OtherDataset: they are.
    """
    try:
        stored = read(path).meta.dataset_sha256
    except PredictionsError:
        return
    check_dataset(stored, dataset, path)


def _document(table: pa.Table, path: Path) -> dict[str, Any]:
    try:
        document = json.loads((table.schema.metadata or {})[METADATA_KEY])
    except KeyError:
        raise PredictionsError(["a parquet file, but not one of AnswerDiff's predictions"], path) from None
    except ValueError as error:
        raise PredictionsError([f"its metadata is not JSON: {error}"], path) from error
    version = document.get("schema_version") if isinstance(document, dict) else None
    if version not in range(1, SCHEMA_VERSION + 1):
        advice = "update AnswerDiff" if isinstance(version, int) and version > SCHEMA_VERSION else "predict again"
        raise PredictionsError([f"format version {version}; this program reads {SCHEMA_VERSION}: {advice}"], path)
    return document


def _of_version_1(document: dict[str, Any]) -> dict[str, Any]:
    """Adds what version 1 did not tell: then there was one way to read, and one list of error types."""
    own = bool(document.get("tokenizer_sha256"))
    reading = _VERSION_1_READING if own else dict.fromkeys(_VERSION_1_READING)
    return _VERSION_1_META | reading | document


def _meta(document: dict[str, Any]) -> tuple[Metadata | None, list[str]]:
    try:
        return Metadata.model_validate(document), []
    except ValidationError as error:
        kinds = {str(e["loc"][0]): e["type"] for e in error.errors()}
        return None, [
            f"metadata {name!r} is {'missing' if kind == 'missing' else repr(document[name])}"
            for name, kind in kinds.items()
        ]


def _missing_columns(columns: Any) -> list[str]:
    missing = [name for name in SCHEMA.names if name not in set(columns)]
    return [f"columns missing: {', '.join(missing)}"] if missing else []


def _table_problems(table: pa.Table) -> list[str]:
    """Lists what contradicts itself in the rows; every check names the first question it fails on."""
    problems = [
        f"column {name} has empty cells"
        for name in SCHEMA.names
        if table[name].null_count and name != "loss" and not _is_unknown(table, name)
    ]
    if problems:
        return problems
    ids = table["id"].to_pandas()
    column = {name: table[name].to_numpy() for name in ("start", "end", "gold_start", "gold_end", "probability", "f1")}
    checks = {
        "an id appears twice": ~ids.duplicated().to_numpy(),
        "an answer ends before it starts": (column["start"] >= 0) & (column["start"] <= column["end"]),
        "a gold answer ends before it starts": (column["gold_start"] >= 0)
        & (column["gold_start"] <= column["gold_end"]),
        "a probability is not within 0..1": (column["probability"] >= 0) & (column["probability"] <= 1)
        | np.isnan(column["probability"]).all(),  # of a run trained elsewhere
        "an F1 is not within 0..1": (column["f1"] >= 0) & (column["f1"] <= 1),
        "the first of the n-best is not the answer": _first_candidate_is_answer(table, column),
    }
    for what, good in checks.items():
        if not good.all():
            problems.append(f"{what} (question {ids[int(np.argmin(good))]!r}; {int((~good).sum())} in all)")
    return problems


def _is_unknown(table: pa.Table, name: str) -> bool:
    return name in OWN_READER_ONLY and table[name].null_count == len(table)


def _first_candidate_is_answer(table: pa.Table, column: dict[str, np.ndarray]) -> np.ndarray:
    nbest = table["nbest"].combine_chunks()
    candidates = nbest.flatten()  # of all questions, one after the other
    lengths = nbest.value_lengths().to_numpy(zero_copy_only=False)
    first = (np.cumsum(lengths) - lengths)[lengths > 0]
    good = np.ones(len(table), bool)
    for bound in ("start", "end"):
        values = candidates.field(bound).to_numpy(zero_copy_only=False)
        good[lengths > 0] &= values[first] == column[bound][lengths > 0]
    return good


def _to_arrow(table: pd.DataFrame, field: pa.Field) -> pa.Array:
    series = table[field.name]
    if isinstance(series.dtype, pd.ArrowDtype):
        return pa.chunked_array(series.array.__arrow_array__()).cast(field.type).combine_chunks()
    if field.name in OWN_READER_ONLY and series.isna().all():
        return pa.nulls(len(series), field.type)
    values = series.tolist() if field.name == "nbest" else series
    # from_pandas=False keeps a NaN loss as NaN and refuses None in the other columns by the check of null cells.
    return pa.array(values, type=field.type, from_pandas=False)


def _to_pandas(table: pa.Table) -> pd.DataFrame:
    """Keeps `nbest` in Arrow's form: a million small dicts would take ten times the memory."""
    frame = table.drop(["nbest"]).to_pandas()
    unknown = [name for name in OWN_READER_ONLY if len(table) and _is_unknown(table, name)]
    if unknown:
        frame[unknown] = np.nan  # also where Arrow would make objects of missing booleans
    frame["nbest"] = pd.Series(pd.arrays.ArrowExtensionArray(table["nbest"]), index=frame.index)
    return frame

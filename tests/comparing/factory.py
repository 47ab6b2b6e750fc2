"""Small datasets and predictions made up for the tests of the evaluation."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from core.answering.spans import READING_VERSION
from core.data.formats import Answer, Dataset, Example
from core.scoring.errors import ERROR_TYPES_VERSION
from core.scoring.metrics import SCORER_VERSION
from core.store.predictions import SCHEMA, Metadata, Predictions


def example(
    context: str,
    gold: str | Sequence[str],
    *,
    question: str = "무엇인가?",
    name: str = "q",
    paragraph: int = 0,
    at: int = 0,
) -> Example:
    """A question whose gold answers are the first occurrences from character `at` on."""
    golds = [gold] if isinstance(gold, str) else gold
    answers = tuple(Answer(text, context.index(text, at)) for text in golds)
    return Example(name, question, context, answers, "title", paragraph, 0)


def dataset(*examples: Example) -> Dataset:
    return Dataset("made-up", "0" * 64, examples, (), "made-up.json")


def meta(**changed: Any) -> Metadata:
    known: dict[str, Any] = {
        "run": "a",
        "dataset": "made-up",
        "dataset_sha256": "d" * 64,
        "unusable_questions": 0,
        "scorer_version": SCORER_VERSION,
        "error_types_version": ERROR_TYPES_VERSION,
        "reading_version": READING_VERSION,
        "max_pieces": 30,
        "max_added": 10,
        "max_sequence_length": 384,
        "doc_stride": 128,
        "tokenizer_sha256": "7a" * 32,
        "weights_sha256": "3e" * 32,
        "trained_on": ["e" * 64],
        "training_config_without_seed_hash": "c0" * 32,
        "seed": 0,
        "created": "2024-01-01T00:00:00+00:00",
    }
    return Metadata(**known | changed)


def with_meta(predictions: Predictions, **changed: Any) -> Predictions:
    """The same predictions with other metadata."""
    return replace(predictions, meta=predictions.meta.model_copy(update=changed))


def predictions(
    right: Sequence[bool] | np.ndarray,
    paragraphs: Sequence[int] | np.ndarray | None = None,
    *,
    run: str = "a",
    f1: Sequence[float] | np.ndarray | None = None,
    columns: dict | None = None,
    **changed: Any,
) -> Predictions:
    """Predictions that are right where told; a wrong one lies far from the gold answer at 0..2."""
    right = np.asarray(right, bool)
    count = len(right)
    start = np.where(right, 0, 10)
    table = pd.DataFrame(
        {field.name: np.zeros(count, field.type.to_pandas_dtype()) for field in SCHEMA if field.name != "nbest"}
    )
    table["id"] = pd.Series([f"q{row}" for row in range(count)], dtype="str")
    table["paragraph"] = np.arange(count, dtype=np.int32) if paragraphs is None else np.asarray(paragraphs, np.int32)
    table["start"], table["end"] = start, start + 2
    table["original_start"], table["original_end"] = start, start + 2
    table["gold_end"] = 2
    table["exact_match"], table["original_contains"], table["original_exact"] = right, right, right
    table["f1"] = np.asarray(right if f1 is None else f1, np.float64)
    table["error_type"] = pd.Series(np.where(right, "exact", "elsewhere"), dtype="str")
    table["gold_covered"], table["probability"], table["windows"] = True, 0.5, 1
    table["nbest"] = [[{"start": s, "end": s + 2, "probability": 0.5}] for s in start.tolist()]
    for name, values in (columns or {}).items():
        table[name] = values
    own = {"run": run, "weights_sha256": run * 64, "training_config_without_seed_hash": f"recipe of {run}"}
    return Predictions(table, meta(**own | changed))

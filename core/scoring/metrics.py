"""KorQuAD 1.0's official exact match and character F1, per question and for a whole dataset.

The rules are those of the official `evaluate-v1.0.py` (https://korquad.github.io/category/1.0_KOR.html). They differ
from SQuAD's in two ways that matter: F1 counts CHARACTERS, not words, and there are no English articles to strip.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.data.formats import Dataset, Example
from core.scoring import errors, original_rule
from core.scoring.normalization import characters, normalize

SCORER_VERSION = "korquad-1.0/2"
"""Two predictions can be compared only when the same scorer made their numbers; raised with every change of rule."""
_EMPTY_NEVER_RIGHT = "korquad-1.0/1"


def scorer(version: str, table: pd.DataFrame) -> str:
    """Returns the scorer version of a table's figures; the first and the second differ for empty answers alone.

    Args:
        version: The scorer that made the figures.
        table: Predictions with `start` and `end`.
    """
    same = version == _EMPTY_NEVER_RIGHT and (table["start"] < table["end"]).all()
    return SCORER_VERSION if same else version


def exact_match(prediction: str, golds: Sequence[str]) -> bool:
    """Tells whether `prediction` equals one of `golds` after `normalize`."""
    normalized = normalize(prediction)
    return any(normalized == normalize(gold) for gold in golds)


def f1(prediction: str, golds: Sequence[str]) -> float:
    """Returns the best character F1 of `prediction` over `golds`, 0..1; white space does not count."""
    return max((_f1(characters(prediction), characters(gold)) for gold in golds), default=0.0)


def _f1(prediction: str, gold: str) -> float:
    """Character F1 of two normalised strings, with the official script's order of operations to the last bit."""
    same = len(gold) if prediction == gold else sum((Counter(prediction) & Counter(gold)).values())
    if same == 0:
        return 0.0
    precision = 1.0 * same / len(prediction)
    recall = 1.0 * same / len(gold)
    return (2 * precision * recall) / (precision + recall)


def score(dataset: Dataset, spans: pd.DataFrame) -> pd.DataFrame:
    """Fills every scored column of a predictions table.

    Args:
        dataset: the questions.
        spans: one row for EVERY question of `dataset`, in any order: `id`, `start`, `end` (characters of the
            original context, end exclusive; `start == end` is the empty answer), and where they are known
            `gold_covered` and `original_start`, `original_end`. Other columns are kept.

    Returns:
        A table in the dataset's order with `paragraph`, `article`, `gold_start`, `gold_end` (the gold answer with the
        best F1, the first on ties), `exact_match`, `f1` (0..1), `error_type`, and, where `original_start` is given,
        `original_contains` and `original_exact`.

    Raises:
        ValueError: `spans` lacks a question, repeats one, has one that is not in `dataset`, or has a span outside
            its context.
    """
    table = _in_dataset_order(dataset, spans)
    covered = table["gold_covered"].to_numpy(bool) if "gold_covered" in table else np.ones(len(table), bool)
    rows = [
        _score_one(example, start, end, inside)
        for example, start, end, inside in zip(
            dataset.examples, table["start"].tolist(), table["end"].tolist(), covered.tolist(), strict=True
        )
    ]
    scored = pd.DataFrame(rows, columns=["gold_start", "gold_end", "exact_match", "f1", "error_type"])
    table["paragraph"] = np.array([example.paragraph for example in dataset.examples], np.int32)
    table["article"] = np.array([example.article for example in dataset.examples], np.int32)
    kinds = {"gold_start": "int32", "gold_end": "int32", "exact_match": "bool", "f1": "float64", "error_type": "str"}
    for name, kind in kinds.items():
        table[name] = scored[name].astype(kind)
    if "original_start" in table:
        judged = original_rule.judge(dataset.examples, table["original_start"], table["original_end"])
        table["original_contains"], table["original_exact"] = judged.contains, judged.exact
    return table


def _in_dataset_order(dataset: Dataset, spans: pd.DataFrame) -> pd.DataFrame:
    ids = [example.id for example in dataset.examples]
    index = pd.Index(spans["id"])
    if not index.is_unique:
        raise ValueError(f"question {index[index.duplicated()][0]!r} is answered twice")
    position = index.get_indexer(pd.Index(ids))
    if (position < 0).any():
        missing = int((position < 0).sum())
        raise ValueError(f"{missing} questions have no row, the first is {ids[int(np.argmin(position))]!r}")
    if len(index) != len(ids):
        strange = next(iter(set(index) - set(ids)))
        raise ValueError(f"question {strange!r} is not in dataset {dataset.name}")
    table = spans.iloc[position].reset_index(drop=True)
    length = np.array([len(example.context) for example in dataset.examples])
    inside = (table["start"] >= 0) & (table["start"] <= table["end"]) & (table["end"] <= length)
    if not inside.all():
        raise ValueError(f"the span of question {table['id'][int(np.argmin(inside))]!r} is not inside its context")
    return table


def _score_one(example: Example, start: int, end: int, covered: bool) -> tuple[int, int, bool, float, str]:
    """Returns gold_start, gold_end, exact_match, f1, error_type of one span."""
    answer = normalize(example.context[start:end])
    golds = [normalize(gold.text) for gold in example.answers]
    right = answer in golds
    values = [_f1(answer.replace(" ", ""), gold.replace(" ", "")) for gold in golds]
    best = int(np.argmax(values)) if len(values) > 1 else 0
    gold = example.answers[best]
    kind = errors.classify(errors.Case(example, start, end, right, gold, covered))
    return gold.start, gold.end, right, values[best], kind

"""The original experiment's own rule: how many of the first 102 questions are "answered".

The rule: independent argmax of start and end over one window, and right if the gold string is a SUBSTRING of the
prediction. Nothing is normalised and nothing limits the length, so the rule rewards long answers: the whole context
is almost always "right". That is why every result here carries the exact count and the median length beside it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from core.data.formats import Example

QUESTIONS = 102
DATASETS = ("korquad-dev", "korquad-held-out")
"""They begin with the original's questions."""
_WORD = re.compile(r"\s*\S+")


@dataclass(frozen=True, slots=True, eq=False)
class OriginalResult:
    """What the rule says of n predictions.

    Attributes:
        contains: bool array (n,), the gold string is a substring of the prediction.
        exact: bool array (n,), the prediction is the gold string.
        lengths: int array (n,), characters of the predictions; 0 where the end does not lie behind the start.
    """

    contains: np.ndarray
    exact: np.ndarray
    lengths: np.ndarray

    @property
    def questions(self) -> int:
        """The number of questions."""
        return len(self.contains)

    @property
    def count(self) -> int:
        """The questions "answered" by the substring rule: the original's only figure."""
        return int(self.contains.sum())

    @property
    def exact_count(self) -> int:
        """The questions answered with exactly the gold string."""
        return int(self.exact.sum())

    @property
    def median_length(self) -> float:
        """The median length of a prediction in characters; NaN without questions."""
        return float(np.median(self.lengths)) if len(self.lengths) else float("nan")


def judge(examples: Sequence[Example], starts: ArrayLike, ends: ArrayLike) -> OriginalResult:
    """Applies the rule to one prediction per example.

    Args:
        examples: n questions; pass `dataset.examples[:QUESTIONS]` for the original's test.
        starts: int (n,), characters of the original context, inclusive.
        ends: int (n,), exclusive; an end at or before the start is an empty prediction, which is never right.

    Raises:
        ValueError: the lengths of the three differ.
    """
    begin, end = np.asarray(starts, np.int64), np.asarray(ends, np.int64)
    contains, exact = np.zeros(len(examples), bool), np.zeros(len(examples), bool)
    for row, (example, first, last) in enumerate(zip(examples, begin.tolist(), end.tolist(), strict=True)):
        answer = example.context[first : max(first, last)]
        golds = [gold.text for gold in example.answers]
        contains[row] = any(gold in answer for gold in golds)
        exact[row] = answer in golds
    return OriginalResult(contains, exact, np.maximum(end - begin, 0))


def from_table(table: pd.DataFrame, questions: int = QUESTIONS) -> OriginalResult | None:
    """Reads the result off a predictions table (in the dataset's order) without the dataset's text.

    Only the `DATASETS` begin with the original's 102 questions.

    Returns:
        None where the argmax is not known: of a run that was trained elsewhere.
    """
    head = table.iloc[:questions]
    if head["original_start"].isna().any():
        return None
    lengths = np.maximum(head["original_end"].to_numpy(np.int64) - head["original_start"].to_numpy(np.int64), 0)
    return OriginalResult(head["original_contains"].to_numpy(bool), head["original_exact"].to_numpy(bool), lengths)


def whole_context(examples: Sequence[Example]) -> tuple[np.ndarray, np.ndarray]:
    """Returns starts and ends, int64 (n,) each, of "the whole context" as the answer to everything."""
    return np.zeros(len(examples), np.int64), np.array([len(example.context) for example in examples], np.int64)


def first_characters(examples: Sequence[Example], characters: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns starts and ends, int64 (n,) each, of "the first `characters` of the context" as every answer."""
    starts, ends = whole_context(examples)
    return starts, np.minimum(ends, characters)


def lengthen(
    examples: Sequence[Example], starts: ArrayLike, ends: ArrayLike, words: int
) -> tuple[np.ndarray, np.ndarray]:
    """Returns every span with the next `words` words of its context added at its end.

    A word is a run of characters without white space; what is left of a word that the span cuts is the first one. At
    the end of the context a span stops growing. An empty prediction (end <= start) grows from its start.

    Returns:
        starts, ends: int64 (n,) each, characters, end exclusive.
    """
    begin = np.asarray(starts, np.int64)
    end = np.maximum(np.asarray(ends, np.int64), begin)
    longer = end.copy()
    for row, example in enumerate(examples):
        position = int(end[row])
        for _ in range(words):
            match = _WORD.match(example.context, position)
            if match is None:
                break
            position = match.end()
        longer[row] = position
    return begin, longer

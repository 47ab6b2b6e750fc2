"""What a probability is worth: how often answers given with about the same one were right."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

NEIGHBOURS = 100
NOT_SURE_BELOW = 0.5
"""An answer is doubtful when fewer than half of its like were right."""


@dataclass(frozen=True, slots=True)
class Record:
    """Past answers with about the same probability.

    Attributes:
        right: share of them that was right, 0..1.
        answers: how many there are.
        low: the smallest of their probabilities.
        high: the largest.
    """

    right: float
    answers: int
    low: float
    high: float


def record(probabilities: ArrayLike, right: ArrayLike, at: float, neighbours: int = NEIGHBOURS) -> Record | None:
    """Returns how the `neighbours` past answers whose probability is nearest to `at` fared.

    Nearest neighbours rather than fixed bins: every estimate then rests on equally many answers.

    Args:
        probabilities: float array-like (n,), 0..1.
        right: bool array-like (n,).
        at: the probability in question.
        neighbours: how many past answers to look at.

    Returns:
        None when there are fewer than `neighbours` past answers.

    Example:
        >>> record([0.1, 0.2, 0.9, 1.0], [False, False, False, True], at=0.95, neighbours=2)
        Record(right=0.5, answers=2, low=0.9, high=1.0)
    """
    past, hits = np.asarray(probabilities, np.float64), np.asarray(right, bool)
    if past.shape != hits.shape:
        raise ValueError(f"{past.size} probabilities for {hits.size} answers")
    if len(past) < neighbours:
        return None
    near = np.argsort(np.abs(past - at), kind="stable")[:neighbours]
    return Record(float(hits[near].mean()), neighbours, float(past[near].min()), float(past[near].max()))

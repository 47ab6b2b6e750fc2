"""Whether a run's answer probabilities mean what they say (of answers given 70 %, are 70 % right?), and what helps.

Reliability diagram and expected calibration error with bins of equal width, and temperature scaling: Guo et al. 2017,
"On Calibration of Modern Neural Networks" (arXiv 1706.04599), equations 2 to 5 and section 4.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

BINS = 10
TEMPERATURES = (0.05, 20.0)
"""Within what a temperature is looked for."""
NOT_SURE_BELOW = 0.5
"""An answer is doubtful when, by its calibrated probability, fewer than half of its like are right."""


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Answers grouped by their probability. Empty bins are left out, so all arrays have shape (bins that hold any,).

    Attributes:
        low: float64, lower edges of the bins (exclusive, but 0 belongs to the first).
        high: float64, upper edges (inclusive).
        confidence: float64 0..1, mean probability of the answers of a bin.
        accuracy: float64 0..1, share of them that is right.
        count: int64, how many there are.
        error: the expected calibration error, 0..1: mean |accuracy - confidence| over answers; NaN without answers.
    """

    low: np.ndarray
    high: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray
    count: np.ndarray
    error: float


def calibrate(probability: ArrayLike, right: ArrayLike, bins: int = BINS) -> Calibration:
    """Groups answers into `bins` bins of equal width.

    Args:
        probability: float array-like (n,), 0..1.
        right: bool array-like (n,).
        bins: how many bins between 0 and 1.

    Raises:
        ValueError: the lengths differ.

    Example:
        >>> calibrate([0.9, 0.9], [True, False]).error
        0.4
    """
    confidence, hit = np.asarray(probability, np.float64), np.asarray(right, np.float64)
    if confidence.shape != hit.shape:
        raise ValueError(f"{confidence.size} probabilities for {hit.size} answers")
    # Bin k holds (k / bins, (k + 1) / bins]; rounding keeps a float32 0.7 out of the bin above.
    place = np.clip(np.ceil(np.round(confidence * bins, 6)).astype(int) - 1, 0, bins - 1)
    count = np.bincount(place, minlength=bins)
    held = count > 0
    mean_confidence = np.bincount(place, confidence, bins)[held] / count[held]
    accuracy = np.bincount(place, hit, bins)[held] / count[held]
    gap = np.abs(accuracy - mean_confidence)
    error = float((gap * count[held]).sum() / count.sum()) if count.sum() else float("nan")
    edges = np.arange(bins + 1) / bins
    return Calibration(edges[:-1][held], edges[1:][held], mean_confidence, accuracy, count[held], error)


def fit_temperature(scores: Sequence[np.ndarray], gold: ArrayLike) -> float:
    """Returns the temperature within `TEMPERATURES` that makes the gold answers most probable.

    It minimises the mean negative log-likelihood of the gold answer under softmax(scores / temperature), which has a
    single minimum in the temperature's logarithm.

    Args:
        scores: for each question float (spans,), the scores of all answers it may be given.
        gold: float array-like (questions,), the score of the right one; NaN where it is not among them: such a
            question says nothing about the temperature and is left out.

    Returns:
        1.0 when every question is left out.
    """
    from scipy.optimize import minimize_scalar  # a third of a second, which pages need not wait

    right = np.asarray(gold, np.float64)
    kept = [(np.asarray(row, np.float64), g) for row, g in zip(scores, right, strict=True) if np.isfinite(g)]
    if not kept:
        return 1.0

    def loss(logarithm: float) -> float:
        scale = np.exp(-logarithm)
        return sum(np.log(np.exp((row - row.max()) * scale).sum()) + (row.max() - g) * scale for row, g in kept)

    bounds = tuple(np.log(TEMPERATURES))
    return float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-4}).x))

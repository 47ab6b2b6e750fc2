"""Whether a run's answer probabilities mean what they say (of answers given 70 %, are 70 % right?), and what helps.

Reliability diagram and expected calibration error with bins of equal width, and temperature scaling: Guo et al. 2017,
"On Calibration of Modern Neural Networks" (arXiv 1706.04599), equations 2 to 5 and section 4.2. Whether a probability
tells right answers from wrong ones is another question: the risk-coverage curve (El-Yaniv & Wiener 2010, JMLR
11:1605-1641; Geifman & El-Yaniv 2017, arXiv 1705.08500) and the area under the ROC curve (Hanley & McNeil 1982,
Radiology 143:29-36). Neither changes with the temperature's effect on the level, both with its effect on the order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import ArrayLike
from scipy import special

from core.scoring.statistics import ALPHA

BINS = 10
TEMPERATURES = (0.05, 20.0)
"""Within what a temperature is looked for."""
# Of `tempered`: curvature of the tail, its last rank, points of the integral, halvings of the search, mass that counts.
_CURVE, _RANKS, _POINTS, _HALVINGS, _NOTHING = 0.4, 3000, 60, 40, 1e-9
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
        accuracy_low: float64, lower ends of the 95 % intervals of `accuracy` (Wilson 1927, JASA 22:209-212). They take
            answers as independent: a bin's answers lie in many paragraphs, few of them in one.
        accuracy_high: float64, upper ends.
        count: int64, how many there are.
        error: the expected calibration error, 0..1: mean |accuracy - confidence| over answers; NaN without answers.
    """

    low: np.ndarray
    high: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray
    accuracy_low: np.ndarray
    accuracy_high: np.ndarray
    count: np.ndarray
    error: float


@dataclass(frozen=True, slots=True, eq=False)
class RiskCoverage:
    """What share of the answers is wrong when only the most probable ones are given.

    Attributes:
        coverage: float64 (n,), share of the questions that are answered: 1/n, 2/n ... 1.
        risk: float64 (n,), 0..1, share of these answers that is wrong. Answers of equal probability are taken in random
            order: their risk is the mean over the orders.
        area: mean risk over all coverages, 0..1 (AURC; the less the better); NaN without answers.
        best_area: the area if every right answer were more probable than every wrong one: the least at this accuracy.
    """

    coverage: np.ndarray
    risk: np.ndarray
    area: float
    best_area: float


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
    confidence, hit = _paired(probability, right)
    # Bin k holds (k / bins, (k + 1) / bins]; rounding keeps a float32 0.7 out of the bin above.
    place = np.clip(np.ceil(np.round(confidence * bins, 6)).astype(int) - 1, 0, bins - 1)
    count = np.bincount(place, minlength=bins)
    held = count > 0
    mean_confidence = np.bincount(place, confidence, bins)[held] / count[held]
    accuracy = np.bincount(place, hit, bins)[held] / count[held]
    gap = np.abs(accuracy - mean_confidence)
    error = float((gap * count[held]).sum() / count.sum()) if count.sum() else float("nan")
    edges = np.arange(bins + 1) / bins
    low, high = wilson(accuracy, count[held])
    return Calibration(edges[:-1][held], edges[1:][held], mean_confidence, accuracy, low, high, count[held], error)


def wilson(share: ArrayLike, count: ArrayLike, alpha: float = ALPHA) -> tuple[np.ndarray, np.ndarray]:
    """Returns the bounds of a share's interval (Wilson 1927), which also holds at 0 and 1 and with few answers.

    Args:
        share: float array-like, 0..1.
        count: of how many, above 0.
        alpha: 1 minus the level.

    Example:
        >>> low, high = wilson([0.0, 0.5], [10, 10])
        >>> low.round(3).tolist(), high.round(3).tolist()
        ([0.0, 0.237], [0.278, 0.763])
    """
    p, n = np.asarray(share, np.float64), np.asarray(count, np.float64)
    z = special.ndtri(1 - alpha / 2)
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def risk_coverage(probability: ArrayLike, right: ArrayLike) -> RiskCoverage:
    """Returns the risk at every coverage, the most probable answers first.

    Args:
        probability: float array-like (n,).
        right: bool array-like (n,).

    Raises:
        ValueError: the lengths differ.

    Example:
        >>> risk_coverage([0.9, 0.6, 0.3], [True, False, True]).risk.round(3).tolist()
        [0.0, 0.5, 0.333]
    """
    confidence, hit = _paired(probability, right)
    if not confidence.size:
        return RiskCoverage(confidence, confidence, float("nan"), float("nan"))
    _, tie, size = np.unique(-confidence, return_inverse=True, return_counts=True)
    expected = (np.bincount(tie, hit) / size)[np.sort(tie)]  # of the answer at each rank
    given = np.arange(1, confidence.size + 1)
    risk = 1 - np.cumsum(expected) / given
    best = 1 - np.minimum(given, hit.sum()) / given
    return RiskCoverage(given / confidence.size, risk, float(risk.mean()), float(best.mean()))


def auroc(probability: ArrayLike, right: ArrayLike) -> float:
    """Returns the probability that a right answer has a higher probability than a wrong one; ties count as one half.

    The area under the ROC curve as the Mann-Whitney statistic (Hanley & McNeil 1982): .5 tells nothing, 1 all.

    Args:
        probability: float array-like (n,).
        right: bool array-like (n,).

    Returns:
        NaN where all answers are right, or none.

    Raises:
        ValueError: the lengths differ.

    Example:
        >>> auroc([0.9, 0.8, 0.7], [True, False, True])
        0.5
    """
    confidence, hit = _paired(probability, right)
    rights, wrongs = hit.sum(), (1 - hit).sum()
    if not rights or not wrongs:
        return float("nan")
    _, tie, size = np.unique(confidence, return_inverse=True, return_counts=True)
    rank = (np.cumsum(size) - (size - 1) / 2)[tie]  # the mean rank of each group of ties, from 1
    return float(((rank * hit).sum() - rights * (rights + 1) / 2) / (rights * wrongs))


def _paired(probability: ArrayLike, right: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Returns both as float64 (n,)."""
    confidence, hit = np.asarray(probability, np.float64), np.asarray(right, np.float64)
    if confidence.shape != hit.shape:
        raise ValueError(f"{confidence.size} probabilities for {hit.size} answers")
    return confidence, hit


def confidence(table: pd.DataFrame, temperature: float) -> np.ndarray:
    """Returns the calibrated probability of each stored answer: see `tempered`.

    Args:
        table: of `core.store.predictions`, with probabilities.
        temperature: the run's.
    """
    if temperature == 1:
        return table["probability"].to_numpy(np.float64)
    lists = pa.chunked_array(table["nbest"].array.__arrow_array__()).combine_chunks()
    values = lists.flatten().field("probability").to_numpy().astype(np.float64)
    lengths = lists.value_lengths().to_numpy(zero_copy_only=False)
    return tempered(np.split(values, np.cumsum(lengths)[:-1]), temperature)


def tempered(nbest: Sequence[np.ndarray], temperature: float) -> np.ndarray:
    """Returns what a temperature makes of each question's best answer's probability, as far as the n best can tell.

    A temperature divides the scores of ALL answers, of which there are thousands, and stored are the n best. How many
    the others are is not known, only their mass: they are taken to fall with their rank k as p(k) = p(n) exp(-s q -
    `_CURVE` q^2), q = ln(k / n), up to rank `_RANKS`, with the s at which that mass comes out. `_CURVE` was chosen on
    one run: beside the exact values, which need the network, 200 questions of korquad-held-out come out 0.2 points too
    low on average there (base) and 0.0 on another run (matched-6-long); single ones are off by 1.1 and 1.6 points.
    The level is right, the order less so: AUROC .640 where exact and stored probabilities give .695 (matched-6-long).

    Args:
        nbest: for each question float (n,), probabilities at temperature 1, best first; empty where there is no answer.
        temperature: above 0.

    Returns:
        float64 (questions,), 0..1; 0 where there is no answer. At temperature 1 the stored probabilities themselves.
    """
    best = np.array([row[0] if len(row) else 0.0 for row in nbest], np.float64)
    if temperature == 1 or not len(best):
        return best
    most = max(len(row) for row in nbest)
    rows = np.zeros((len(nbest), max(most, 1)))
    for row, probabilities in zip(rows, nbest, strict=True):
        row[: len(probabilities)] = probabilities
    rest = np.maximum(1 - rows.sum(axis=1), 0.0)
    some = best > 0
    total = np.ones(len(best))
    total[some] = ((rows[some] / best[some, None]) ** (1 / temperature)).sum(axis=1)
    listed = np.array([len(row) for row in nbest])
    # A list that is not full leaves only other places of the same texts, taken as one answer.
    long = some & (listed == most) & (most > 1) & (rest > _NOTHING)
    short = some & ~long
    total[short] += (rest[short] / best[short]) ** (1 / temperature)
    total[long] += _tail(rows[long, -1], rest[long], most, best[long], temperature)
    return np.where(some, 1 / total, 0.0)


def _tail(last: np.ndarray, rest: np.ndarray, listed: int, best: np.ndarray, temperature: float) -> np.ndarray:
    """Returns the sum over the unlisted answers of (p / best)^(1 / temperature), float64 (questions,)."""
    q, step = np.linspace(0, np.log(_RANKS / listed), _POINTS, retstep=True)
    # The sum over ranks as an integral over q: dk = n exp(q) dq, by the trapezium rule.
    weight = listed * np.exp(q) * step
    weight[[0, -1]] /= 2
    low, high = np.full(len(last), -20.0), np.full(len(last), 500.0)
    for _ in range(_HALVINGS):
        slope = (low + high) / 2
        mass = last * (np.exp(-slope[:, None] * q - _CURVE * q**2) * weight).sum(axis=1)
        low, high = np.where(mass > rest, slope, low), np.where(mass > rest, high, slope)
    shape = np.exp(-((low + high) / 2)[:, None] * q - _CURVE * q**2)
    return ((last[:, None] * shape / best[:, None]) ** (1 / temperature) * weight).sum(axis=1)


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

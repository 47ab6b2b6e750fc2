"""The statistics of a paired comparison whose questions come in clusters (paragraphs).

Questions about one paragraph are not independent: a model that misreads it fails on several. So everything that
resamples here resamples paragraphs. SciPy does the rest; its larger parts, which take a second of the processor, are
imported by the functions that need them: a page that shows intervals alone need not wait.

Choices, with their sources (`core.comparing.simulation` prints what they achieve, and why not others):

* Interval and p of a difference are ONE test, without a random number: `clustered_test`, the cluster-robust t (Bell &
  McCaffrey 2002, CR2; Cameron, Gelbach & Miller 2008 on few clusters; Miller 2024, arXiv 2411.00640, on clustered
  errors of evaluations), widened where the clusters' differences are skewed (Johnson 1978; Hall 1992). The sign-flip
  randomisation of whole clusters (Dror et al. 2018, P18-1128), even exact and inverted, assumes symmetry: it raises
  twice the false alarms with skewed clusters.
* Bootstrap over clusters, n of n, at the EXPANDED level of Hesterberg (2015, The American Statistician 69:371-386): a
  cross-check on demand and the interval of a single run's score; it is in no verdict.
* McNemar mid-p (Fagerland, Lydersen & Laake 2013, BMC Medical Research Methodology 13:91) and exact, which assume
  independent questions.
* Power: Connor's formula (1987, Biometrics 43:207-211) after Miettinen (1968), inflated by the design effect.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

ALPHA = 0.05
POWER = 0.80
RESAMPLES = 10_000
_CELLS = 200_000  # elements of one chunk of resampling weights: what fits the cache is 3-5 times as fast
_MANY = 16  # measures from which on the matrix product is the work, which wants large chunks


def cluster_sums(values: np.ndarray, clusters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Adds up the rows of each cluster.

    Args:
        values: float array (n, k), one row a question.
        clusters: int array (n,), any labels.

    Returns:
        sums: float64 (c, k) and sizes: int64 (c,), in the order of the sorted labels.
    """
    labels, position = np.unique(clusters, return_inverse=True)
    sums = [np.bincount(position, values[:, column], len(labels)) for column in range(values.shape[1])]
    return np.stack(sums, axis=1), np.bincount(position, minlength=len(labels))


@dataclass(frozen=True, slots=True, eq=False)
class ClusteredTest:
    """The test of k mean differences against none, and its inversion; float64 (k,) each, in the unit of the values.

    `p < ALPHA` exactly where 0 lies outside `low`..`high`.

    Attributes:
        difference: the mean over questions.
        low: lower bound of the 95 % interval.
        high: upper bound.
        p: two-sided.
        error: standard error.
    """

    difference: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p: np.ndarray
    error: np.ndarray


def clustered_test(sums: np.ndarray, sizes: np.ndarray, alpha: float = ALPHA) -> ClusteredTest:
    """Tests k mean differences of questions that come in clusters.

    With D = sum(d) / sum(m) and the leverage h = m / sum(m) of a cluster, the residuals are e = (d - D m) / sqrt(1 - h)
    (CR2, Bell & McCaffrey 2002), T = (D - delta) sum(m) / sqrt(sum(e^2)) and has c - 1 degrees of freedom. Its
    skewness, s = sum(e^3) / sum(e^2)^1.5, is shrunken by z^2 / (1 + z^2), z = sum(e^3) / sqrt(sum(e^6)), as where
    differences are symmetric it is mere noise. Hall's (1992, JRSS B 54:221-228) transformation
    g(T) = T + s T^2 / 3 + s^2 T^3 / 27 + s / 6 gives a second test; of the two the less significant p and the wider
    interval hold, which is one test again.

    Where no cluster's mean differs from another's there is no T: then p = (1 - |D|)^c, the chance that c clusters show
    none of what a share of |D| would do, and the interval is D -+ (1 - alpha^(1/c)).

    Args:
        sums: float array (c, k), the summed differences of each cluster's questions.
        sizes: int array (c,) or (c, k), each cluster's number of questions; a cluster without any is left out.
        alpha: 1 - the interval's level.
    """
    sums = np.asarray(sums, np.float64)
    sizes = np.broadcast_to(np.asarray(sizes, np.float64).reshape(len(sums), -1), sums.shape)
    questions, clusters = sizes.sum(0), (sizes > 0).sum(0)
    difference = sums.sum(0) / questions
    freedom = np.maximum(clusters - 1, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        residuals = np.nan_to_num((sums - difference * sizes) / np.sqrt(1 - sizes / questions))
        squares = (residuals**2).sum(0)
        flat = squares <= 1e-12 * (sums**2).sum(0)
        cubes = (residuals**3).sum(0)
        evidence = cubes**2 / (residuals**6).sum(0)
        skew = np.where(flat, 0.0, cubes / squares**1.5 * evidence / (1 + evidence))
        error = np.where(flat, 0.0, np.sqrt(squares) / questions)
        t = np.where(flat, 0.0, difference / error)
    bound = special.stdtrit(freedom, 1 - alpha / 2)
    upper, lower = _unskewed(bound, skew), _unskewed(-bound, skew)
    hidden = 1 - alpha ** (1 / clusters)
    low = np.where(flat, np.maximum(difference - hidden, -1), difference - error * np.maximum(upper, bound))
    high = np.where(flat, np.minimum(difference + hidden, 1), difference - error * np.minimum(lower, -bound))
    nearest = np.minimum(np.abs(t), np.abs(_transformed(t, skew)))
    p = np.where(flat, np.maximum(1 - np.abs(difference), 0) ** clusters, 2 * special.stdtr(freedom, -nearest))
    # The two say the same but for the last bits of a float; there the interval decides.
    outside = (low > 0) | (high < 0)
    p = np.where(outside, np.minimum(p, np.nextafter(alpha, 0)), np.maximum(p, alpha))
    return ClusteredTest(difference, low, high, p, error)


def _transformed(t: np.ndarray, skew: np.ndarray) -> np.ndarray:
    """Returns Hall's g(t), which rises everywhere."""
    return t + skew * t**2 / 3 + skew**2 * t**3 / 27 + skew / 6


def _unskewed(y: np.ndarray, skew: np.ndarray) -> np.ndarray:
    """Returns the t whose `_transformed` is y: (3 / s) (cbrt(1 + s (y - s / 6)) - 1)."""
    some = np.where(skew == 0, 1.0, skew)
    return np.where(skew == 0, y, 3 / some * (np.cbrt(1 + some * (y - some / 6)) - 1))


def effective_clusters(sizes: np.ndarray) -> float:
    """Returns how many clusters of equal size say as much: sum(m)^2 / sum(m^2) (Kish 1965).

    >>> effective_clusters(np.array([6, 6, 6])), effective_clusters(np.array([30, 1, 1]))
    (3.0, 1.1352549889135255)
    """
    return float(sizes.sum()) ** 2 / float((np.asarray(sizes, np.float64) ** 2).sum())


def bootstrap_means(
    sums: np.ndarray, sizes: np.ndarray, resamples: int = RESAMPLES, seed: int | list[int] = 0
) -> np.ndarray:
    """Resamples clusters with replacement, c of c, and returns each resample's mean over its questions.

    The mean is a ratio (sum of values / number of questions), as paragraphs differ in size.

    Args:
        sums: float array (c, k), the sum of k measures over each cluster's questions.
        sizes: int array (c,) or (c, k), each cluster's number of questions, per measure where they differ (slices).
        resamples: how many.
        seed: of NumPy's generator; the same seed gives the same result.

    Returns:
        float32 array (resamples, k). A resample without any question of a measure gives the observed mean.
    """
    count, columns = sums.shape
    sizes = sizes.reshape(count, -1)
    # One product with a matrix of "how often is cluster j drawn" does all sums of all measures at once.
    stacked = np.concatenate([sums, sizes], axis=1).astype(np.float32)
    with np.errstate(invalid="ignore", divide="ignore"):
        observed = np.nan_to_num(sums.sum(0) / sizes.sum(0))
    random = np.random.default_rng(seed)
    means = np.empty((resamples, columns), np.float32)
    step = _chunk(count, columns)
    for first in range(0, resamples, step):
        rows = min(step, resamples - first)
        drawn = random.integers(0, count, (rows, count), dtype=np.uint16 if count <= 2**16 else np.uint32)
        flat = (drawn + count * np.arange(rows)[:, None]).ravel()
        times = np.bincount(flat, minlength=rows * count).reshape(rows, count)
        totals = times.astype(np.float32) @ stacked
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = totals[:, :columns] / totals[:, columns:]
        means[first : first + rows] = np.where(np.isnan(ratio), observed, ratio)
    return means


def _chunk(clusters: int, columns: int) -> int:
    """Returns how many resamples to draw at once."""
    return max(1, (_CELLS if columns < _MANY else 20 * _CELLS) // clusters)


def expanded_level(clusters: int, alpha: float = ALPHA) -> float:
    """Returns the tail share to cut off each end of the bootstrap distribution of a mean over `clusters`.

    alpha' / 2 = Phi(-sqrt(c / (c - 1)) * t_{alpha/2, c-1}), Hesterberg 2015, section 5.3. Tends to alpha / 2.
    """
    if clusters < 2:
        return 0.0
    return float(special.ndtr(math.sqrt(clusters / (clusters - 1)) * special.stdtrit(clusters - 1, alpha / 2)))


def interval(means: np.ndarray, clusters: int, alpha: float = ALPHA) -> tuple[np.ndarray, np.ndarray]:
    """Returns the lower and upper bounds, float64 (k,) each, of `bootstrap_means` (resamples, k).

    Both are NaN where `clusters` is 1: every resample is then the sample itself, which tells nothing of others.
    """
    if clusters < 2:
        return np.full(means.shape[1], np.nan), np.full(means.shape[1], np.nan)
    tail = expanded_level(clusters, alpha)
    low, high = np.quantile(means, [tail, 1 - tail], axis=0)
    return low, high


@dataclass(frozen=True, slots=True)
class McNemar:
    """McNemar's test of the discordant pairs; it ASSUMES that questions are independent.

    Attributes:
        mid_p: two-sided mid-p.
        exact_p: two-sided exact conditional p.
        only_a: questions only A has right.
        only_b: questions only B has right.
    """

    mid_p: float
    exact_p: float
    only_a: int
    only_b: int


def mcnemar(only_a: int, only_b: int) -> McNemar:
    """Tests the discordant pairs against a fair coin.

    >>> round(mcnemar(1, 7).mid_p, 4), round(mcnemar(1, 7).exact_p, 4)
    (0.0391, 0.0703)
    """
    return McNemar(float(mcnemar_mid_p(only_a, only_b)), float(mcnemar_exact_p(only_a, only_b)), only_a, only_b)


def mcnemar_exact_p(only_a: ArrayLike, only_b: ArrayLike) -> np.ndarray:
    """The exact p of `mcnemar` for many pairs of counts at once, float64 (n,): twice the smaller tail, at most 1."""
    only_a, only_b = np.asarray(only_a), np.asarray(only_b)
    return np.minimum(2 * _tail(np.minimum(only_a, only_b), only_a + only_b), 1.0)


def mcnemar_mid_p(only_a: ArrayLike, only_b: ArrayLike) -> np.ndarray:
    """The mid-p of `mcnemar` for many pairs of counts at once, float64 (n,): exact p - P(X = min) (Fagerland 2013)."""
    only_a, only_b = np.asarray(only_a), np.asarray(only_b)
    discordant, least = only_a + only_b, np.minimum(only_a, only_b)
    up_to, below = _tail(least, discordant), _tail(least - 1, discordant)
    # With equal counts the two tails overlap in the observed point: exact p is 1 and half the point is taken off.
    mid = np.where(only_a == only_b, 1 - (up_to - below) / 2, up_to + below)
    return np.where(discordant == 0, 1.0, mid)


def _tail(count: np.ndarray, discordant: np.ndarray) -> np.ndarray:
    """Returns P(X <= count) of a fair coin thrown `discordant` times."""
    return np.where(count < 0, 0.0, special.bdtr(np.maximum(count, 0), discordant, 0.5))


def intra_class_correlation(values: np.ndarray, clusters: np.ndarray) -> float:
    """ANOVA estimator of the correlation of two questions of one cluster (Donner 1986, unequal cluster sizes).

    ICC = (MSB - MSW) / (MSB + (m0 - 1) MSW), m0 = (n - sum(m^2) / n) / (c - 1). May be negative by chance; NaN where
    it cannot be estimated (one cluster, only clusters of one question, or no variation).

    Args:
        values: float (n,).
        clusters: int (n,).
    """
    sums, sizes = cluster_sums(values[:, None], clusters)
    n, count = len(values), len(sizes)
    if count < 2 or n == count:
        return math.nan
    means = sums[:, 0] / sizes
    between = float((sizes * (means - values.mean()) ** 2).sum()) / (count - 1)
    within = float((values**2).sum() - (sizes * means**2).sum()) / (n - count)
    m0 = (n - (sizes**2).sum() / n) / (count - 1)
    total = between + (m0 - 1) * within
    return float((between - within) / total) if total > 1e-15 else math.nan


def design_effect(correlation: float, sizes: np.ndarray) -> float:
    """Returns by how much clustering multiplies the variance: 1 + (m - 1) ICC, never under 1.

    m = sum(m_i^2) / sum(m_i), the mean cluster size that a question sees (Kish 1965). NaN for
    one cluster, and for a `correlation` that is NaN unless each question is a cluster of its own (1).
    """
    mean_size = float((sizes**2).sum() / sizes.sum())
    if len(sizes) < 2:
        return math.nan
    if math.isnan(correlation):
        return 1.0 if mean_size == 1 else math.nan
    return max(1.0, 1 + (mean_size - 1) * correlation)


def holm(p: ArrayLike) -> np.ndarray:
    """Corrects p-values that are read together, by Holm's step-down method (1979, Scand. J. Statist. 6:65-70).

    Args:
        p: array-like (n,) of p-values.

    Returns:
        float64 (n,): the smallest of them times n, the next times n - 1, and so on; none below the one before it in
        that order, none above 1.

    >>> holm([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(p, np.float64)
    order = np.argsort(values)
    steps = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    corrected = np.empty_like(values)
    corrected[order] = np.minimum(steps, 1.0)
    return corrected


def minimum_detectable_effect(questions: int, discordance: float, design: float = 1.0) -> float | None:
    """Returns the smallest true difference (share, 0..1) that `questions` show with power .80 at alpha .05.

    Solves n = (z_a sqrt(p_d) + z_b sqrt(p_d - d^2))^2 / d^2 (Connor 1987) for d with n = `questions`, times
    sqrt(`design`). Where the answer exceeds `discordance` p_d itself, p_d is raised with it: all questions that
    differ then differ in one direction.

    Returns:
        The difference, or None where even a difference of 100 % would not show.
    """
    z_a, z_b = _z()
    d = math.sqrt(discordance) * (z_a * math.sqrt(questions) + z_b * math.sqrt(max(questions - z_a**2 + z_b**2, 0)))
    d /= questions + z_b**2
    if d == 0 or d > discordance:
        if questions <= z_a**2:
            return None
        from scipy import optimize

        d = float(optimize.brentq(lambda x: questions * x - (z_a + z_b * math.sqrt(1 - x)) ** 2, 0.0, 1.0))
    d *= math.sqrt(design)
    return d if d <= 1 else None


def _z() -> tuple[float, float]:
    return float(special.ndtri(1 - ALPHA / 2)), float(special.ndtri(POWER))

"""Seed variance told apart from test-set variance.

A p-value on one test set says nothing about training again with another seed (Reimers & Gurevych 2017, D17-1035). Runs
that differ only by seed form a group; two groups are compared by their means, with both kinds of uncertainty shown.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from core.comparing.compare import F1_THRESHOLD, Criterion, right
from core.comparing.compatibility import match
from core.comparing.verdict import points
from core.scoring import statistics
from core.store.predictions import Predictions
from core.texts.message import Message, signed


@dataclass(frozen=True, slots=True, eq=False)
class GroupComparison:
    """Two groups of runs that differ within themselves only by seed. All figures in points (0-100).

    Attributes:
        scores_a: the score of each run of A under the criterion, float64 (number of seeds,).
        scores_b: of B.
        difference: mean of B's scores minus mean of A's.
        low: lower bound of the test-set interval: other QUESTIONS, these very models.
        high: upper bound.
        seed_deviation: pooled standard deviation between seeds; None with one seed on both sides.
        seed_low: lower bound of the seed interval (pooled t): other SEEDS, these very questions; None as above.
        seed_high: upper bound.
        single_run_spread: two single runs of ONE configuration differ by less than this in 95 % of pairs
            (t sqrt(2) times the deviation); None as above.
        message: what follows, in plain words; `within-seed-spread`, `beyond-seed-spread` or `no-seeds`.
    """

    scores_a: np.ndarray
    scores_b: np.ndarray
    difference: float
    low: float
    high: float
    seed_deviation: float | None
    seed_low: float | None
    seed_high: float | None
    single_run_spread: float | None
    message: Message

    def within_seed_spread(self, difference: float) -> bool | None:
        """Tells whether seeds alone make a `difference` (points) of two single runs; None where that is unknown."""
        return None if self.single_run_spread is None else abs(difference) <= self.single_run_spread


def seed_groups(predictions: Sequence[Predictions]) -> list[list[Predictions]]:
    """Groups the predictions of runs that differ only by seed, on the same dataset, in the order given.

    A run with the same weights as an earlier one is no second seed and is left out.
    """
    groups: dict[tuple[str, str], dict[str, Predictions]] = {}
    for one in predictions:
        key = (one.meta["training_config_without_seed_hash"], one.meta["dataset_sha256"])
        groups.setdefault(key, {}).setdefault(one.meta["weights_sha256"], one)
    return [list(group.values()) for group in groups.values()]


def compare_groups(
    a: Sequence[Predictions],
    b: Sequence[Predictions],
    criterion: Criterion = "exact",
    *,
    threshold: float = F1_THRESHOLD,
    resamples: int = statistics.RESAMPLES,
    seed: int = 0,
) -> GroupComparison:
    """Compares two groups of runs, one per seed each.

    Raises:
        ComparisonRefused: some run cannot be compared with the first of `a`.
        ValueError: a group is empty, or holds runs of different configurations.
    """
    for group in (a, b):
        if len({one.meta["training_config_without_seed_hash"] for one in group}) != 1:
            raise ValueError("a seed group holds at least one run, and only runs that differ by seed alone")
    first = a[0]
    answers_a, answers_b = (
        np.array([right(one.table, criterion, threshold)[match(first, one, False)[1]] for one in group], np.float64)
        for group in (a, b)
    )  # (seeds, questions)
    clusters = first.table["paragraph"].to_numpy()
    values = answers_b.mean(axis=0) - answers_a.mean(axis=0)
    sums, sizes = statistics.cluster_sums(values[:, None], clusters)
    means = statistics.bootstrap_means(sums, sizes, resamples, [seed, 0])
    low, high = statistics.interval(means, len(sizes))
    scores_a, scores_b = 100 * answers_a.mean(axis=1), 100 * answers_b.mean(axis=1)
    difference = float(scores_b.mean() - scores_a.mean())
    deviation, spread, half = _seed_spread(scores_a, scores_b)
    return GroupComparison(
        scores_a=scores_a,
        scores_b=scores_b,
        difference=difference,
        low=100 * float(low[0]),
        high=100 * float(high[0]),
        seed_deviation=deviation,
        seed_low=None if half is None else difference - half,
        seed_high=None if half is None else difference + half,
        single_run_spread=spread,
        message=_message(difference, spread, len(scores_a), len(scores_b)),
    )


def _seed_spread(a: np.ndarray, b: np.ndarray) -> tuple[float | None, float | None, float | None]:
    """Returns the pooled deviation, the spread of two single runs, and half the width of the seed interval."""
    freedom = len(a) + len(b) - 2
    if freedom < 1:
        return None, None, None
    squares = sum(float(((scores - scores.mean()) ** 2).sum()) for scores in (a, b))
    deviation = math.sqrt(squares / freedom)
    t = float(special.stdtrit(freedom, 1 - statistics.ALPHA / 2))
    return deviation, t * math.sqrt(2) * deviation, t * deviation * math.sqrt(1 / len(a) + 1 / len(b))


def _message(difference: float, spread: float | None, seeds_a: int, seeds_b: int) -> Message:
    if spread is None:
        return Message("no-seeds", "compare-core-no-seeds")
    kind = "within-seed-spread" if abs(difference) <= spread else "beyond-seed-spread"
    values: dict[str, str | int | float] = {
        "difference": signed(difference),
        "spread": points(spread),
        "a": seeds_a,
        "b": seeds_b,
    }
    return Message(kind, f"compare-core-{kind}", values)

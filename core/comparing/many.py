"""More than two runs: every pair with Holm's correction, and which questions nobody, everybody or only one answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from core.comparing.compare import F1_THRESHOLD, Comparison, Criterion, compare, right
from core.comparing.compatibility import ComparisonRefused, match
from core.scoring import statistics
from core.store.predictions import Predictions

GRID_CLASSES = ("everybody", "some", "only-one", "nobody")


@dataclass(frozen=True, slots=True, eq=False)
class AllPairs:
    """Every pair of k runs.

    Attributes:
        runs: names, in the order given.
        difference: points (0-100), float64 (k, k): column minus row under the criterion; NaN where a pair was
            refused, 0 on the diagonal.
        p: sign-flip p after Holm's correction over all pairs, (k, k), symmetric; NaN on the diagonal.
        comparisons: by (row, column), row < column.
        refused: the pairs that must not be compared, with the reasons.
    """

    runs: tuple[str, ...]
    difference: pd.DataFrame
    p: pd.DataFrame
    comparisons: dict[tuple[int, int], Comparison]
    refused: dict[tuple[int, int], ComparisonRefused]


def compare_all(
    predictions: Sequence[Predictions],
    criterion: Criterion = "exact",
    *,
    threshold: float = F1_THRESHOLD,
    common: bool = False,
    resamples: int = statistics.RESAMPLES,
    seed: int = 0,
) -> AllPairs:
    """Compares every pair; the p of all pairs are corrected together by Holm's method."""
    comparisons, refused = {}, {}
    for i, j in combinations(range(len(predictions)), 2):
        try:
            comparisons[i, j] = compare(
                predictions[i],
                predictions[j],
                criterion,
                threshold=threshold,
                common=common,
                resamples=resamples,
                seed=seed,
            )
        except ComparisonRefused as refusal:
            refused[i, j] = refusal
    size = len(predictions)
    difference, p = np.full((size, size), np.nan), np.full((size, size), np.nan)
    np.fill_diagonal(difference, 0.0)
    if comparisons:
        corrected = statistics.holm([comparison.right.p for comparison in comparisons.values()])
        for (i, j), value in zip(comparisons, corrected, strict=True):
            p[i, j] = p[j, i] = value
            difference[i, j] = comparisons[i, j].right.difference
            difference[j, i] = -difference[i, j]
    names = [one.run for one in predictions]
    frames = [pd.DataFrame(values, names, names) for values in (difference, p)]
    return AllPairs(tuple(names), frames[0], frames[1], comparisons, refused)


def question_grid(
    predictions: Sequence[Predictions], criterion: Criterion = "exact", *, threshold: float = F1_THRESHOLD
) -> pd.DataFrame:
    """Tells for every question which runs have it right.

    Returns:
        One row a question of the first run, in its order: `id`, `paragraph`, `article`; `right_0` ... `right_k-1`
        (bool, in the order of the runs); `right` (how many runs); `class` (categorical, `GRID_CLASSES`); `only` (the
        position of the only run that has it right, else -1).

    Raises:
        ComparisonRefused: a run cannot be compared with the first one.
        ValueError: no run.
    """
    if not predictions:
        raise ValueError("a grid needs at least one run")
    first = predictions[0]
    grid = first.table[["id", "paragraph", "article"]].copy()
    answers = np.empty((len(grid), len(predictions)), bool)
    for column, one in enumerate(predictions):
        _, rows, _ = match(first, one, common=False)
        answers[:, column] = right(one.table, criterion, threshold)[rows]
        grid[f"right_{column}"] = answers[:, column]
    count = answers.sum(axis=1)
    codes = np.select([count == len(predictions), count == 0, count == 1], [0, 3, 2], 1)
    grid["right"] = count
    grid["class"] = pd.Categorical.from_codes(codes, GRID_CLASSES, ordered=True)
    grid["only"] = np.where((count == 1) & (len(predictions) > 1), answers.argmax(axis=1), -1)
    return grid

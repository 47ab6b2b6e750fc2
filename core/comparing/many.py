"""More than two runs: every pair, which of them are told apart, and which questions nobody or only one answers.

Ten equal runs make 45 pairs, and in more than half of such sets some pair looks different at p < .05. Two corrections
stand beside the plain p:

* Holm's (1979), which needs nothing but the p of the pairs;
* max-T (Westfall & Young 1993, Resampling-Based Multiple Testing, section 2.3): each paragraph gets one random sign for
  ALL pairs at once, and the largest studentised difference of all pairs is what a pair's own has to exceed. Pairs that
  share a run go up and down together, which Holm's method does not know. The signs are the Rademacher wild bootstrap
  of whole clusters (Romano & Wolf 2005, Econometrica 73:1237-1282, on max-T by resampling).

The single step is taken, not the step-down, which (like Holm's) would be a little sharper beside very clear pairs: it
alone has one critical difference a pair, from the same resampled maxima, which cannot contradict the adjusted p.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from core.comparing.compare import F1_THRESHOLD, Comparison, Criterion, compare, right
from core.comparing.compatibility import ComparisonRefused, match
from core.scoring import statistics
from core.scoring.statistics import ALPHA
from core.store.predictions import Predictions
from core.texts.message import Message, p_value

GRID_CLASSES = ("everybody", "some", "only-one", "nobody")
FLIPS = 20_000
_SEED = 15  # of the joint sign flips: fixed, so that the same runs always give the same adjusted p
_CELLS = 2_000_000  # elements of one chunk of signs


@dataclass(frozen=True, slots=True, eq=False)
class AllPairs:
    """Every pair of k runs.

    Attributes:
        runs: names, in the order given.
        difference: points (0-100), float64 (k, k): column minus row under the criterion; NaN where a pair was
            refused, 0 on the diagonal.
        plain: the p of each pair on its own, (k, k), symmetric; NaN on the diagonal, where refused, and with too little
            to test.
        p: `plain` after Holm's correction over all pairs.
        adjusted: `plain` after max-T over all pairs; never under `plain`.
        critical: points: the least difference of this pair that is told apart at .05; NaN as in `plain`.
        ordering: best first: `run`, `position` (in `runs`), `score` (0-100), `group` (letters; runs that share one
            are not told apart by `adjusted`).
        comparisons: by (row, column), row < column.
        refused: the pairs that must not be compared, with the reasons.
        note: how `adjusted` is made, and to how many digits it is steady.
    """

    runs: tuple[str, ...]
    difference: pd.DataFrame
    plain: pd.DataFrame
    p: pd.DataFrame
    adjusted: pd.DataFrame
    critical: pd.DataFrame
    ordering: pd.DataFrame
    comparisons: dict[tuple[int, int], Comparison]
    refused: dict[tuple[int, int], ComparisonRefused]
    note: Message


@dataclass(frozen=True, slots=True)
class Selection:
    """What picking one pair among several runs does to its p.

    Attributes:
        runs: how many runs there were to pick from, the pair among them.
        pairs: how many pairs they make.
        plain: the pair's own p.
        adjusted: the p after max-T over all these pairs; `plain` where there is one pair only.
        error: half width of the 95 % interval of `adjusted` from resampling; 0 where nothing was resampled.
        message: all that in words; None where there is one pair only.
    """

    runs: int
    pairs: int
    plain: float
    adjusted: float
    error: float
    message: Message | None


def compare_all(
    predictions: Sequence[Predictions],
    criterion: Criterion = "exact",
    *,
    threshold: float = F1_THRESHOLD,
    common: bool = False,
    flips: int = FLIPS,
) -> AllPairs:
    """Compares every pair and corrects their p together, by Holm's method and by max-T.

    Args:
        predictions: of each run.
        criterion: what counts as right.
        threshold: of the F1 criterion, 0..1.
        common: as of `compare`.
        flips: random sign patterns of max-T.
    """
    comparisons, refused = {}, {}
    for i, j in combinations(range(len(predictions)), 2):
        try:
            comparisons[i, j] = compare(predictions[i], predictions[j], criterion, threshold=threshold, common=common)
        except ComparisonRefused as refusal:
            refused[i, j] = refusal
    size, names = len(predictions), [one.run for one in predictions]
    values = {name: np.full((size, size), np.nan) for name in ("difference", "plain", "p", "adjusted", "critical")}
    np.fill_diagonal(values["difference"], 0.0)
    if comparisons:
        # A pair with too little to test counts as p = 1.
        plain = np.array([1.0 if one.right.p is None else one.right.p for one in comparisons.values()])
        adjusted, critical = _max_t(plain, _aligned([one.table for one in comparisons.values()]), flips)
        holm = statistics.holm(plain)
        questions = np.array([one.questions for one in comparisons.values()])
        # What is told apart must also be so alone: 0 outside the pair's own interval.
        critical = np.maximum(100 * critical / questions, [_half(one) for one in comparisons.values()])
        tested = np.array([np.nan if one.right.p is None else 1.0 for one in comparisons.values()])
        figures = {"plain": plain, "p": holm, "adjusted": adjusted, "critical": critical}
        for name, found in ((name, tested * found) for name, found in figures.items()):
            for (i, j), value in zip(comparisons, found, strict=True):
                values[name][i, j] = values[name][j, i] = value
        for (i, j), one in comparisons.items():
            values["difference"][i, j], values["difference"][j, i] = one.right.difference, -one.right.difference
    scores = [100 * float(right(one.table, criterion, threshold).mean()) for one in predictions]
    return AllPairs(
        runs=tuple(names),
        **{name: pd.DataFrame(found, names, names) for name, found in values.items()},
        ordering=_ordering(names, np.array(scores), values["adjusted"]),
        comparisons=comparisons,
        refused=refused,
        note=Message("adjusted", "many-adjusted-how", {"flips": flips, "error": f"{_error(ALPHA, flips):.3f}"}),
    )


def selection(
    a: Predictions,
    b: Predictions,
    others: Sequence[Predictions],
    criterion: Criterion = "exact",
    *,
    threshold: float = F1_THRESHOLD,
    common: bool = False,
    flips: int = FLIPS,
) -> Selection:
    """Returns the p of a pair that was picked among several runs, adjusted for the picking.

    Args:
        a: the pair's first run.
        b: its second.
        others: all runs there were to pick from; `a` and `b` may be among them, and such as cannot be compared with
            `a` and `b` are left out.
        criterion: what counts as right.
        threshold: of the F1 criterion, 0..1.
        common: as of `compare`.
        flips: random sign patterns of max-T.

    Raises:
        ComparisonRefused: the pair must not be compared.
    """
    runs = [a, b, *(one for one in others if one.run not in (a.run, b.run))]
    answers: list[tuple[np.ndarray, np.ndarray]] = []  # rows of a, right or wrong
    for position, one in enumerate(runs):
        try:
            rows_a, rows, _ = match(a, one, common)
            answers.append((rows_a, right(one.table, criterion, threshold)[rows]))
        except ComparisonRefused:
            if position < 2:
                raise
    plain = compare(a, b, criterion, threshold=threshold, common=common).right.p
    pairs = list(combinations(range(len(answers)), 2))
    if plain is None:  # too little to test: nothing to adjust
        return Selection(len(answers), len(pairs), float("nan"), float("nan"), 0.0, None)
    if len(pairs) == 1:
        return Selection(2, 1, plain, plain, 0.0, None)
    paragraphs = a.table["paragraph"].to_numpy()
    tables = []
    for i, j in pairs:
        shared, in_i, in_j = np.intersect1d(answers[i][0], answers[j][0], assume_unique=True, return_indices=True)
        columns = {"paragraph": paragraphs[shared], "a_right": answers[i][1][in_i], "b_right": answers[j][1][in_j]}
        tables.append(pd.DataFrame(columns))
    # Only the first pair's p is asked for: the others take part by their sums alone.
    adjusted = float(_max_t(np.concatenate([[plain], np.zeros(len(pairs) - 1)]), _aligned(tables), flips)[0][0])
    values: dict[str, str | int | float] = {"runs": len(answers), "pairs": len(pairs), "flips": flips}
    error = _error(adjusted, flips)
    values |= {"plain": p_value(plain), "adjusted": p_value(adjusted), "error": f"{max(error, 0.001):.3f}"}
    message = Message("selected", "many-selected", values)
    return Selection(len(answers), len(pairs), plain, adjusted, error, message)


def _half(comparison: Comparison) -> float:
    """Returns how far the pair's own interval reaches towards 0, points; NaN where it has none."""
    right = comparison.right
    if right.low is None or right.high is None:
        return float("nan")
    return right.difference - right.low if right.difference > 0 else right.high - right.difference


def _aligned(tables: Sequence[pd.DataFrame]) -> np.ndarray:
    """Adds up B right minus A right of each paragraph (rows) for each pair (columns): float32, 0 where it has none."""
    sums = [
        (table["b_right"].astype(np.int64) - table["a_right"].astype(np.int64))
        .groupby(table["paragraph"].to_numpy())
        .sum()
        for table in tables
    ]
    return pd.concat(sums, axis=1).fillna(0).sort_index().to_numpy(np.float32)


def _max_t(plain: np.ndarray, table: np.ndarray, flips: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns the adjusted p of each pair, and the least |sum| of each that is told apart at .05; float64 (pairs,).

    A pair's statistic is |sum| / root of the sum of squares. Flipping signs leaves the squares as they are, so that
    one matrix product does all flips of all pairs.
    """
    table = table[(table != 0).any(axis=1)]
    scale = np.sqrt((table**2).sum(axis=0, dtype=np.float64))
    studentised = (table / np.where(scale > 0, scale, 1)).astype(np.float32)
    observed = np.abs(studentised.sum(axis=0, dtype=np.float64))
    random, largest = np.random.default_rng(_SEED), np.zeros(flips)
    step = max(1, _CELLS // max(len(table), 1))
    for first in range(0, flips if len(table) else 0, step):
        rows = min(step, flips - first)
        signs = 1 - 2 * random.integers(0, 2, (rows, len(table)), np.int8).astype(np.float32)
        largest[first : first + rows] = np.abs(signs @ studentised).max(axis=1)
    # A tie counts as "at least as large" in spite of float32's rounding.
    extreme = (largest[:, None] >= observed - 1e-5).sum(axis=0)
    adjusted = plain if len(plain) == 1 else np.where(scale > 0, np.maximum((1 + extreme) / (1 + flips), plain), 1.0)
    return adjusted, scale * np.quantile(largest, 1 - ALPHA)


def _error(p: float, flips: int) -> float:
    """Returns half the width of the 95 % interval that resampling leaves around p."""
    return 1.96 * float(np.sqrt(p * (1 - p) / flips))


def _ordering(names: Sequence[str], scores: np.ndarray, adjusted: np.ndarray) -> pd.DataFrame:
    order = np.argsort(-scores, kind="stable")
    groups = letters(~(adjusted < ALPHA)[np.ix_(order, order)])  # what was not tested is not told apart
    ordered = {"run": [names[one] for one in order], "position": order, "score": scores[order], "group": groups}
    return pd.DataFrame(ordered)


def letters(alike: np.ndarray) -> list[str]:
    """Returns the letters of each of k runs: two runs share a letter exactly where they are not told apart.

    Insert and absorb (Piepho 2004, Journal of Computational and Graphical Statistics 13:456-466).

    Args:
        alike: bool (k, k), symmetric; the diagonal does not matter.

    >>> letters(np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1]], bool))
    ['a', 'ab', 'b']
    """
    size = len(alike)
    columns = [frozenset(range(size))] if size else []
    for i, j in combinations(range(size), 2):
        if alike[i, j]:
            continue
        split = [
            part for column in columns for part in ([column - {i}, column - {j}] if {i, j} <= column else [column])
        ]
        columns = [one for one in dict.fromkeys(split) if not any(one < other for other in split)]
    columns.sort(key=sorted)
    return ["".join(_letter(number) for number, column in enumerate(columns) if run in column) for run in range(size)]


def _letter(number: int) -> str:
    return chr(ord("a") + number % 26) * (1 + number // 26)


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

"""How many questions, and how many trainings, it takes to see a difference of so many points.

The plan is a simulation on what the pair at hand shows (Card et al. 2020, arXiv 2010.06595, on planning by simulation):
paragraphs are drawn with replacement, each with the questions that only A or only B has right. Their difference is set
to the wanted one by thinning: as many questions as it takes, chosen at random, change hands, so that how often the
runs differ, and how that comes in clusters, stays that of the pair. It is a plan, not a verdict: it says nothing about
whether this pair differs, and (unlike power computed from the observed difference, Hoenig & Heisey 2001, The American
Statistician 55:19-24) it does not depend on the difference that was seen.

In place of the product's test stands its large-sample form, a t of the paragraphs' residuals, which needs no more than
five sums of each simulated data set. All random numbers have a fixed seed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from scipy import optimize, special

from core.comparing.compare import F1_THRESHOLD, Comparison, Criterion, right
from core.comparing.verdict import MINIMUM_DISCORDANT_PARAGRAPHS, MINIMUM_PARAGRAPHS
from core.scoring.statistics import ALPHA, POWER
from core.store.predictions import Predictions
from core.texts.message import Message, points

TRIALS = 2_000
_STEPS = (0.25, 0.4, 0.6, 0.8, 0.95, 1.1, 1.3, 1.7, 2.4)  # of the size that theory gives
_RESAMPLES = 1_000  # of the pair's paragraphs, for the uncertainty of the size
_MOST_SEEDS = 10
_Z = float(special.ndtri(1 - ALPHA / 2) + special.ndtri(POWER))


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What it takes to see a difference.

    Attributes:
        difference: the true difference planned for, points (0-100), never negative.
        paragraphs: so many show it with power .80; `paragraphs_low`, `paragraphs_high` the 95 % interval that the
            pair's own few paragraphs leave.
        questions: the same in questions of this dataset's kind; with `questions_low`, `questions_high`.
        observed_paragraphs: how many the pair has; `observed_questions` likewise.
        observed_power: with so many, 0..1.
        curve: `paragraphs`, `questions`, `power` (0..1, made monotone), `raw` (as simulated), `error` (its Monte-Carlo
            standard error); ascending.
        seed_curve: `seeds` (trainings on each side), `power_here` (that the two RECIPES are told apart on the
            questions at hand), `paragraphs` and `questions` (that make it .80; NaN where none do), `limit` (the power
            on questions without end); None where the deviation between trainings is not known.
        deviation: that deviation, points, or None.
        message: the plan in words; `seed_message` that for trainings, or None.
    """

    difference: float
    paragraphs: int
    paragraphs_low: int
    paragraphs_high: int
    questions: int
    questions_low: int
    questions_high: int
    observed_paragraphs: int
    observed_questions: int
    observed_power: float
    curve: pd.DataFrame
    seed_curve: pd.DataFrame | None
    deviation: float | None
    message: Message
    seed_message: Message | None


@dataclass(frozen=True, slots=True, eq=False)
class _Pilot:
    """The pair's paragraphs, A and B exchanged where A leads: int64 (paragraphs,) each."""

    only_a: np.ndarray
    only_b: np.ndarray
    same: np.ndarray

    @property
    def sizes(self) -> np.ndarray:
        return self.only_a + self.only_b + self.same


def plan(
    comparison: Comparison,
    difference: float = 2.0,
    *,
    deviation: float | None = None,
    trials: int = TRIALS,
    seed: int = 0,
) -> Plan:
    """Returns how many paragraphs, and how many trainings a side, show a difference with power .80 at alpha .05.

    Args:
        comparison: of the pair; its criterion is planned for.
        difference: the true difference to see, points.
        deviation: standard deviation between trainings, points; `store_deviation` gives the store's.
        trials: simulated data sets of each size.
        seed: of the random numbers.

    Raises:
        ValueError: `difference` is not within 0..100 (both excluded).
    """
    if not 0 < difference < 100:
        raise ValueError(f"a difference of {difference:g} points cannot be planned for: it must lie between 0 and 100")
    pilot, target = _pilot(comparison.table), difference / 100
    theory = float(_theory(pilot, target, np.ones((1, len(pilot.sizes))))[0])
    observed = len(pilot.sizes)
    least = max(MINIMUM_PARAGRAPHS, 2)
    grid = sorted({observed, least, *(max(least, round(step * theory)) for step in _STEPS)})
    cells, chances = _cells(pilot, target)
    random = np.random.default_rng([seed, 0])
    raw = np.array([_power(cells, chances, size, trials, random) for size in grid])
    power = optimize.isotonic_regression(raw).x
    mean_size = float(pilot.sizes.mean())
    needed = _crossing(np.array(grid, float), power)
    low, high = _uncertainty(pilot, target, theory, [seed, 1])
    curve = pd.DataFrame({"paragraphs": grid, "questions": np.round(np.array(grid) * mean_size).astype(np.int64)})
    curve["power"], curve["raw"], curve["error"] = power, raw, np.sqrt(raw * (1 - raw) / trials)
    sizes = [math.ceil(needed * factor) for factor in (1, low, high)]
    questions = [math.ceil(size * mean_size) for size in sizes]
    observed_power = float(power[grid.index(observed)])
    seeds = None
    if deviation is not None:
        spread = theory * (target / _Z) ** 2  # variance of the mean, times paragraphs
        seeds = _seed_curve(target, spread, observed, mean_size, deviation / 100, trials, [seed, 2])
    return Plan(
        difference=difference,
        paragraphs=sizes[0],
        paragraphs_low=sizes[1],
        paragraphs_high=sizes[2],
        questions=questions[0],
        questions_low=questions[1],
        questions_high=questions[2],
        observed_paragraphs=observed,
        observed_questions=comparison.questions,
        observed_power=observed_power,
        curve=curve,
        seed_curve=seeds,
        deviation=deviation,
        message=_message(difference, sizes, questions, observed, comparison.questions, observed_power),
        seed_message=None if seeds is None or deviation is None else _seed_message(difference, deviation, seeds),
    )


def store_deviation(
    groups: Sequence[Sequence[Predictions]], criterion: Criterion = "exact", *, threshold: float = F1_THRESHOLD
) -> tuple[float, int] | None:
    """Returns the deviation between trainings of one recipe, pooled over recipes, and its degrees of freedom.

    Args:
        groups: runs that differ by seed alone, as `retraining.seed_groups` gives them.
        criterion: what counts as right.
        threshold: of the F1 criterion, 0..1.

    Returns:
        Points and degrees of freedom; None where no recipe was trained twice.
    """
    squares, freedom = 0.0, 0
    for group in groups:
        scores = np.array([100 * right(one.table, criterion, threshold).mean() for one in group])
        squares += float(((scores - scores.mean()) ** 2).sum())
        freedom += len(scores) - 1
    return (math.sqrt(squares / freedom), freedom) if freedom else None


def _pilot(table: pd.DataFrame) -> _Pilot:
    a, b = (table[f"{side}_right"].to_numpy(bool) for side in ("a", "b"))
    position = np.unique(table["paragraph"].to_numpy(), return_inverse=True)[1]
    only_a, only_b, same = (np.bincount(position, part).astype(np.int64) for part in (a & ~b, b & ~a, a == b))
    return _Pilot(only_a, only_b, same) if only_b.sum() >= only_a.sum() else _Pilot(only_b, only_a, same)


def _thinning(totals: np.ndarray, target: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns the chances with which questions change hands so that the mean difference becomes `target`.

    Args:
        totals: (..., 3), questions that only A, only B, and both or neither have right.
        target: share, 0..1.

    Returns:
        Of each question that only A has right to become only B's, of one only B has right to become only A's, and,
        where the first do not suffice, of one on which both agree to become only B's; (...) each.
    """
    only_a, only_b, same = np.moveaxis(totals, -1, 0)
    questions = totals.sum(axis=-1)
    gap = target * questions - (only_b - only_a)
    with np.errstate(invalid="ignore", divide="ignore"):
        to_b = np.nan_to_num(np.clip(gap / (2 * only_a), 0, 1))
        to_a = np.nan_to_num(np.clip(-gap / (2 * only_b), 0, 1))
        new = np.nan_to_num(np.clip((target * questions - only_a - only_b) / same, 0, 1))
    return to_b, to_a, np.where(gap > 2 * only_a, new, 0.0)


def _theory(pilot: _Pilot, target: float, weights: np.ndarray) -> np.ndarray:
    """Returns the paragraphs needed by large-sample theory, float64 (k,), for weights (k, paragraphs) of the pilot's.

    c = (z_a + z_b)^2 E[(s - target m)^2] / (target E[m])^2, s the difference and m the questions of a paragraph.
    """
    totals = weights @ np.stack([pilot.only_a, pilot.only_b, pilot.same], axis=1)  # (k, 3)
    to_b, to_a, new = (chance[:, None] for chance in _thinning(totals, target))
    a, b, same, sizes = pilot.only_a, pilot.only_b, pilot.same, pilot.sizes
    mean = b - a + 2 * a * to_b - 2 * b * to_a + same * new
    variance = 4 * a * to_b * (1 - to_b) + 4 * b * to_a * (1 - to_a) + same * new * (1 - new)
    total = weights.sum(axis=1)
    spread = (weights * (variance + (mean - target * sizes) ** 2)).sum(axis=1) / total
    return _Z**2 * spread / (target * (weights @ sizes) / total) ** 2


def _cells(pilot: _Pilot, target: float) -> tuple[np.ndarray, np.ndarray]:
    """Returns the outcomes that one drawn paragraph can have, and the chance of each.

    int64 (cells, 3): its questions, its difference, and whether (1, 0) any of its questions differs.
    """
    totals = np.array([part.sum() for part in (pilot.only_a, pilot.only_b, pilot.same)])
    to_b, to_a, new = (float(chance) for chance in _thinning(totals, target))
    cells: dict[tuple[int, int, bool], float] = {}
    kinds, counts = np.unique(np.stack([pilot.only_a, pilot.only_b, pilot.same]), axis=1, return_counts=True)
    for (a, b, same), count in zip(kinds.T.tolist(), counts.tolist(), strict=True):
        chances = np.ones(1)
        # Of the questions that differ, each counts -1 until it goes to B (or stays there), then +1.
        for number, chance, step in ((a, to_b, 2), (b, 1 - to_a, 2), (same, new, 1)):
            part = np.zeros(step * number + 1)
            part[::step] = _binomial(number, chance)
            chances = np.convolve(chances, part)
        for position in np.flatnonzero(chances).tolist():
            cell = (a + b + same, position - a - b, a + b > 0 or position > 0)
            cells[cell] = cells.get(cell, 0.0) + count * float(chances[position])
    # The likeliest first: drawing then ends early.
    ordered = sorted(cells.items(), key=lambda item: -item[1])
    weights = np.array([weight for _, weight in ordered])
    return np.array([cell for cell, _ in ordered], np.int64), weights / weights.sum()


def _binomial(number: int, chance: float) -> np.ndarray:
    """Returns the chances of 0 ... number successes, float64 (number + 1,)."""
    successes = np.arange(number + 1)
    return special.binom(number, successes) * chance**successes * (1 - chance) ** (number - successes)


def _draw(
    cells: np.ndarray, chances: np.ndarray, paragraphs: int, trials: int, random: np.random.Generator
) -> tuple[np.ndarray, ...]:
    """Simulates data sets: mean difference, variance of that mean, differing and effective paragraphs, (trials,) each.

    How often each cell is drawn decides everything: sums over paragraphs are products with these counts.
    """
    counts = random.multinomial(paragraphs, chances, trials).astype(np.float64)
    sizes, sums, differs = cells.T.astype(np.float64)
    powers = np.stack([sizes, sums, sums**2, sums * sizes, sizes**2, differs], axis=1)
    questions, total, squares, products, square_sizes, differing = (counts @ powers).T
    mean = total / questions
    residuals = squares - 2 * mean * products + mean**2 * square_sizes
    variance = residuals / questions**2 * paragraphs / (paragraphs - 1)
    return mean, variance, differing, questions**2 / square_sizes


def _power(cells: np.ndarray, chances: np.ndarray, paragraphs: int, trials: int, random: np.random.Generator) -> float:
    """Returns in what share of simulated data sets the test finds the better run, and says so."""
    mean, variance, differing, effective = _draw(cells, chances, paragraphs, trials, random)
    bound = float(special.stdtrit(paragraphs - 1, 1 - ALPHA / 2))
    judged = (effective >= MINIMUM_PARAGRAPHS) & (differing >= MINIMUM_DISCORDANT_PARAGRAPHS)
    return float((judged & (mean > bound * np.sqrt(variance))).mean())


def _crossing(sizes: np.ndarray, power: np.ndarray) -> float:
    """Returns the size at which the curve reaches `POWER`; beyond its end the theory's root law goes on."""
    if power[0] >= POWER:
        return float(sizes[0])
    above = int(np.argmax(power >= POWER))
    roots = np.sqrt(sizes)
    if power[above] < POWER:  # nowhere: z_a + ndtri(power) grows with the root of the size
        z = float(special.ndtri(1 - ALPHA / 2))
        return float(sizes[-1] * (_Z / (z + float(special.ndtri(max(power[-1], 0.01))))) ** 2)
    return float(np.interp(POWER, power[above - 1 : above + 1], roots[above - 1 : above + 1]) ** 2)


def _uncertainty(pilot: _Pilot, target: float, theory: float, seed: list[int]) -> tuple[float, float]:
    """Returns by what factors the size may be smaller and larger, from resampling the pilot's paragraphs."""
    count = len(pilot.sizes)
    weights = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), _RESAMPLES)
    sizes = _theory(pilot, target, weights.astype(np.float64)) / theory
    low, high = np.quantile(sizes, [ALPHA / 2, 1 - ALPHA / 2])
    return min(float(low), 1.0), max(float(high), 1.0)


def _seed_curve(
    target: float, spread: float, observed: int, mean_size: float, deviation: float, trials: int, seed: list[int]
) -> pd.DataFrame:
    """Returns the power of telling two recipes apart by n trainings a side, n = 1 ... 10.

    Variance = questions' + s_A^2 / n + s_B^2 / n with Satterthwaite's degrees of freedom; the questions' part is
    `spread` over the number of paragraphs, as of ONE pair: the mean of several trainings has a little less.
    """
    random = np.random.default_rng(seed)
    normal, chance = random.standard_normal(trials), random.random((2, trials))  # the same for every size
    rows: list[tuple[float, ...]] = [(1, 0.0, np.nan, np.nan, 0.0)]  # nothing is known of other trainings
    for n in range(2, _MOST_SEEDS + 1):
        seeds = deviation**2 * special.chdtri(n - 1, chance) / (n - 1) / n
        power = partial(_recipe_power, target, spread, 2 * deviation**2 / n, seeds, n - 1, normal)
        limit, least, most = power(math.inf), 2.0, 1e7
        if power(most) < POWER:
            rows.append((n, power(observed), np.nan, np.nan, limit))
            continue
        while most - least > 0.5:  # power rises with the paragraphs
            middle = math.sqrt(least * most)
            least, most = (least, middle) if power(middle) >= POWER else (middle, most)
        rows.append((n, power(observed), math.ceil(most), math.ceil(most * mean_size), limit))
    return pd.DataFrame(rows, columns=["seeds", "power_here", "paragraphs", "questions", "limit"])


def _recipe_power(
    target: float,
    spread: float,
    seed_variance: float,
    seeds: np.ndarray,
    seed_freedom: int,
    normal: np.ndarray,
    paragraphs: float,
) -> float:
    questions = spread / paragraphs
    variance = questions + seeds.sum(axis=0)
    parts = (seeds**2).sum(axis=0) / seed_freedom + questions**2 / max(paragraphs - 1, 1)
    mean = target + math.sqrt(questions + seed_variance) * normal
    bound = special.stdtrit(variance**2 / parts, 1 - ALPHA / 2)
    return float((mean > bound * np.sqrt(variance)).mean())


def _message(
    difference: float, paragraphs: list[int], questions: list[int], observed: int, observed_questions: int, power: float
) -> Message:
    values: dict[str, str | int | float] = {
        "difference": points(difference),
        "paragraphs": paragraphs[0],
        "questions": questions[0],
        "low": questions[1],
        "high": questions[2],
        "observed": observed,
        "observed_questions": observed_questions,
        "power": f"{100 * power:.0f}",
    }
    return Message("needed", "plan-needed", values)


def _seed_message(difference: float, deviation: float, curve: pd.DataFrame) -> Message:
    values: dict[str, str | int | float] = {
        "difference": points(difference),
        "deviation": points(deviation),
        "most": _MOST_SEEDS,
    }
    enough = curve.dropna()
    if enough.empty:
        return Message("seeds-not-enough", "plan-seeds-not-enough", values)
    least, most = enough.iloc[0], enough.iloc[-1]
    values |= {"seeds": int(least["seeds"]), "questions": int(least["questions"])}
    return Message("seeds", "plan-seeds", values | {"most_questions": int(most["questions"])})

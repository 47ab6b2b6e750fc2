"""Two recipes trained again: what a comparison says beyond the two models at hand.

A p on one test set says nothing about training again with another seed (Reimers & Gurevych 2017, D17-1035; Sellam et
al. 2022, MultiBERTs, arXiv 2106.16163, call the two an artifact and a procedure). Runs that differ only by seed are
trainings of one recipe, and the variance of a difference of two recipes has three parts:

    V = V_questions + S_A / n_A + S_B / n_B

V_questions is that of `statistics.clustered_test` for the answers averaged over trainings; S is the variance between
one recipe's trainings on these questions. Part of S is mere scatter of single answers, which V_questions holds
already: it is taken off as far as S is not larger (`training_variance`). The degrees of freedom are Satterthwaite's
(1946, Biometrics Bulletin 2:110-114). `core.comparing.simulation` shows what that covers; under three trainings a side
no test tried does.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from core.comparing import verdict
from core.comparing.compatibility import ComparisonRefused, scorer
from core.comparing.criterion import F1_THRESHOLD, Criterion, right
from core.scoring import statistics
from core.store import predictions as stored
from core.store.predictions import Predictions, PredictionsError
from core.store.runs import Store
from core.texts.message import Message, p_value, points, signed

MINIMUM_TRAININGS = 3
_MOST_TRAININGS = 100  # a number of trainings beyond which none is named
_NAMES = 3  # runs that are named in a sentence

_Recipe = tuple[str, ...]  # hashes
_Side = tuple[tuple[str, ...], np.ndarray]  # names, answers float64 (n, questions) in 0..1


@dataclass(frozen=True, slots=True, eq=False)
class Recipes:
    """What the trainings of A's recipe and of B's say of the recipes. All figures in points (0-100).

    Attributes:
        runs_a: names of A and of the runs that differ from it by seed alone.
        runs_b: of B.
        scores_a: the score of each under the criterion, float64 (n,).
        scores_b: of B's.
        difference: mean of B's scores minus mean of A's.
        low: lower bound of the 95 % interval for other questions and other trainings; None where nothing is tested.
        high: upper bound.
        p: of the same test.
        deviation: standard deviation between trainings of one recipe; None where no recipe has two.
        deviation_of: names of the runs it was seen among.
        needed: trainings of each recipe that would settle the question if the difference stayed; None where there is
            nothing to settle or no answer.
        message: what follows, in plain words; its kind begins with `recipe-`.
    """

    runs_a: tuple[str, ...]
    runs_b: tuple[str, ...]
    scores_a: np.ndarray
    scores_b: np.ndarray
    difference: float
    low: float | None
    high: float | None
    p: float | None
    deviation: float | None
    deviation_of: tuple[str, ...]
    needed: int | None
    message: Message


def seed_groups(predictions: Sequence[Predictions]) -> list[list[Predictions]]:
    """Groups the predictions of runs that differ only by seed, on the same dataset, in the order given.

    A run with the same weights as an earlier one is no second seed and is left out.
    """
    groups: dict[_Recipe, dict[str, Predictions]] = {}
    for one in predictions:
        groups.setdefault(_group(one), {}).setdefault(one.meta.weights_sha256, one)
    return [list(group.values()) for group in groups.values()]


def same_recipe(a: Predictions, b: Predictions) -> bool:
    """Tells whether two runs differ by their seed alone: the same settings but for it, and the same training data."""
    return _recipe(a) == _recipe(b)


def _recipe(one: Predictions) -> _Recipe:
    return one.meta.training_config_without_seed_hash, *one.meta.trained_on


def _group(one: Predictions) -> _Recipe:
    return one.meta.dataset_sha256, *_recipe(one)


def read_trainings(store: Store, dataset: str) -> list[Predictions]:
    """Reads what all runs of a store answered to a dataset; files that cannot be used are left out."""
    trainings = []
    for run in store.list():
        path = run.predictions_path(dataset)
        try:
            if path.is_file():
                trainings.append(stored.read(path))
        except PredictionsError:
            continue
    return trainings


def compare_recipes(
    a: Predictions,
    b: Predictions,
    trainings: Sequence[Predictions],
    criterion: Criterion = "exact",
    *,
    threshold: float = F1_THRESHOLD,
    margin: float = verdict.MARGIN,
) -> Recipes:
    """Compares the recipes of two runs.

    Args:
        a: the one run; its questions are the compared ones, all of them.
        b: the other, with every question of `a`.
        trainings: more runs on the dataset, of any recipe; those that do not hold every question are left out.
        criterion: what counts as right.
        threshold: of the F1 criterion, 0..1.
        margin: points that count as no difference.
    """
    groups = seed_groups([a, b, *trainings])
    answers = {_group(group[0]): _answers(group, a, criterion, threshold) for group in groups}
    side_a, side_b = (answers[_group(side)] for side in (a, b))
    clusters = a.table["paragraph"].to_numpy()
    deviation, deviation_of = _deviation([side_a, side_b], list(answers.values()))
    return _compare(side_a, side_b, clusters, same_recipe(a, b), margin, deviation, deviation_of)


def _answers(group: Sequence[Predictions], first: Predictions, criterion: Criterion, threshold: float) -> _Side:
    """Returns who of a group answers every question of `first` by the same scorer, and what is right (n, questions)."""
    names, rows = [], []
    for one in group:
        position = pd.Index(one.table["id"]).get_indexer(pd.Index(first.table["id"]))
        if (position < 0).any() or scorer(one) != scorer(first):
            continue
        try:
            rows.append(right(one.table, criterion, threshold)[position].astype(np.float64))
        except ComparisonRefused:
            continue
        names.append(one.run)
    return tuple(names), np.array(rows).reshape(len(names), len(first.table))


def _deviation(sides: Sequence[_Side], every: Sequence[_Side]) -> tuple[float | None, tuple[str, ...]]:
    """Returns the standard deviation (points) between trainings of one recipe, and of which runs: best the pair's."""
    known = [side for side in sides if len(side[0]) > 1]
    if not known:
        known = sorted((side for side in every if len(side[0]) > 1), key=lambda side: -len(side[0]))[:1]
    freedom = sum(len(names) - 1 for names, _ in known)
    if not freedom:
        return None, ()
    squares = sum((len(names) - 1) * float(answers.mean(axis=1).var(ddof=1)) for names, answers in known)
    return 100 * math.sqrt(squares / freedom), tuple(name for names, _ in known for name in names)


def _compare(
    side_a: _Side,
    side_b: _Side,
    clusters: np.ndarray,
    one_recipe: bool,
    margin: float,
    deviation: float | None,
    deviation_of: tuple[str, ...],
) -> Recipes:
    (names_a, answers_a), (names_b, answers_b) = side_a, side_b
    scores_a, scores_b = (100 * answers.mean(axis=1) for answers in (answers_a, answers_b))
    values = answers_b.mean(axis=0) - answers_a.mean(axis=0)
    sums, sizes = statistics.cluster_sums(values[:, None], clusters)
    difference, error = 100 * float(values.mean()), 100 * float(statistics.clustered_test(sums, sizes).error[0])
    low = high = p = needed = None
    if one_recipe:
        kind = "one"
    elif verdict.untestable(sizes, int((sums != 0).sum())) or error == 0:
        kind = "too-few"
    else:
        kind = "unknown"
        if min(len(names_a), len(names_b)) >= MINIMUM_TRAININGS:
            spreads = [(training_variance(100 * answers, clusters), len(answers)) for answers in (answers_a, answers_b)]
            low, high, p = tested(difference, error, len(sizes), spreads)
            kind = verdict.outcome(difference, low, high, margin)
        if kind in ("unknown", "uncertain") and deviation is not None:
            needed = _needed(difference, error, len(sizes), deviation, margin)
    said: dict[str, str | int | float] = {
        "a": len(names_a),
        "b": len(names_b),
        "least": MINIMUM_TRAININGS,
        "difference": signed(difference),
        "low": "" if low is None else signed(low),
        "high": "" if high is None else signed(high),
        "p": "" if p is None else p_value(p),
        "margin": f"{margin:g}",
        "lowest": points(min(scores_a.min(), scores_b.min())),
        "highest": points(max(scores_a.max(), scores_b.max())),
        "each": "one" if len(names_a) == len(names_b) == 1 else "few",
        "plan": "unknown" if deviation is None else "never" if needed is None else "some",
        "needed": needed or 0,
        "deviation": "" if deviation is None else points(deviation),
        "names": ", ".join(deviation_of[:_NAMES]) + (" …" if len(deviation_of) > _NAMES else ""),
    }
    message = Message(f"recipe-{kind}", f"verdict-recipe-{kind}", said)
    return Recipes(
        names_a, names_b, scores_a, scores_b, difference, low, high, p, deviation, deviation_of, needed, message
    )


def training_variance(answers: np.ndarray, clusters: np.ndarray) -> float:
    """Returns the variance S / n of a recipe's mean score that its trainings add to that of the questions.

    With c = s^2 / n of the n scores, and v what the scatter of single answers gives (the clustered variance of each
    training's answers less their mean over trainings), it is c - v min(1, v / c)^2, never under 0: nothing where the
    trainings differ no more than single answers scatter, and c where they differ by much.

    Args:
        answers: float (n, questions).
        clusters: int (questions,), the paragraph of each.
    """
    count = len(answers)
    between = float(answers.mean(axis=1).var(ddof=1)) / count
    sums, sizes = statistics.cluster_sums((answers - answers.mean(axis=0)).T, clusters)
    scatter = float((statistics.clustered_test(sums, sizes).error ** 2).sum()) / (count * (count - 1))
    return max(0.0, between - scatter * min(1.0, scatter / between) ** 2) if between else 0.0


def tested(
    difference: float, error: float, paragraphs: int, spreads: Sequence[tuple[float, int]]
) -> tuple[float, float, float]:
    """Tests a difference of two recipes: returns low, high and p, where p < .05 exactly if 0 is outside.

    Args:
        difference: of the means.
        error: standard error from the questions.
        paragraphs: clusters of them.
        spreads: for each side the variance of its mean score that its trainings add, and how many trainings.
    """
    total = error**2 + sum(spread for spread, _ in spreads)
    freedom = total**2 / (
        error**4 / (paragraphs - 1) + sum(spread**2 / (trainings - 1) for spread, trainings in spreads)
    )
    half = float(special.stdtrit(freedom, 1 - statistics.ALPHA / 2)) * math.sqrt(total)
    p = 2 * float(special.stdtr(freedom, -abs(difference) / math.sqrt(total)))
    outside = abs(difference) > half
    p = min(p, math.nextafter(statistics.ALPHA, 0)) if outside else max(p, statistics.ALPHA)
    return difference - half, difference + half, p


def _needed(difference: float, error: float, paragraphs: int, deviation: float, margin: float) -> int | None:
    """Returns the least number of trainings of each recipe after which this difference would be no open question."""
    for trainings in range(MINIMUM_TRAININGS, _MOST_TRAININGS):
        low, high, _ = tested(difference, error, paragraphs, [(deviation**2 / trainings, trainings)] * 2)
        if verdict.outcome(difference, low, high, margin) != "uncertain":
            return trainings
    return None

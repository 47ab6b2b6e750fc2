"""Questions as seen by many runs: how hard, which of them separate runs, and whose gold answer is probably wrong.

The Rasch model: the chance that a run is right is logistic(ability - difficulty) (Lord & Novick 1968, Statistical
Theories of Mental Test Scores; Vania et al. 2021, arXiv 2106.00840, for question answering). With ten runs a slope of
its own for each question cannot be told from noise: how a question separates is measured on the data instead, as the
correlation of "right" with the runs' scores on all OTHER questions (corrected item-total correlation).

Seeds of one recipe are no independent judges: together they have the weight of one. Everything here is computed from
stored predictions, places and scores; the text of the dataset only joins equal answers at different places.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from core.comparing.compare import F1_THRESHOLD, Criterion, right
from core.comparing.compatibility import match
from core.data.formats import Dataset
from core.scoring.normalization import normalize
from core.store.predictions import Predictions

MINIMUM_RUNS = 4
AGREEMENT = 0.6
MINIMUM_AGREEING = 3
"""Recipes that must give the same wrong answer before the gold answer is doubted."""
_ABILITY_SD = 1.0  # priors, logits: weak beside a thousand questions a run,
_DIFFICULTY_SD = 2.0  # and what keeps a question finite that all or no runs have right
_STEPS = 100  # of Newton's method at most; it takes about ten


@dataclass(frozen=True, slots=True, eq=False)
class Difficulty:
    """What many runs on the same questions say about these.

    Attributes:
        runs: by ability, best first: `run`, `recipe` (a number; seeds of one recipe share it), `score` (0-100),
            `ability`, `ability_se` (logits).
        questions: in the dataset's order: `id`, `paragraph`, `article`; `right` (number of runs), `recipes_right`
            (share of recipes, 0..1); `difficulty`, `difficulty_se` (logits); `discrimination` (-1..1, NaN where all or
            none are right); `separates` (how much the question sorts the runs, 0..1: `discrimination`, not under 0,
            times 4 p (1 - p), p = `recipes_right`); `agreed_start`, `agreed_end` (the wrong place that most recipes
            give, -1 where none), `agreed` (their share), `overlaps_gold` (that place and the gold answer's);
            `suspect` (nobody is right and enough agree); `gold_start`, `gold_end`.
    """

    runs: pd.DataFrame
    questions: pd.DataFrame


def difficulty(
    predictions: Sequence[Predictions],
    criterion: Criterion = "exact",
    *,
    threshold: float = F1_THRESHOLD,
    dataset: Dataset | None = None,
    agreement: float = AGREEMENT,
) -> Difficulty:
    """Estimates the difficulty of every question and the ability of every run, and lists doubtful gold answers.

    Args:
        predictions: of at least `MINIMUM_RUNS` runs, on the same questions.
        criterion: what counts as right.
        threshold: of the F1 criterion, 0..1.
        dataset: the questions' text; with it, answers that read the same count as the same wherever they stand.
        agreement: share of the recipes that must give the same wrong answer where nobody is right, 0..1; never fewer
            than `MINIMUM_AGREEING`.

    Raises:
        ValueError: too few runs.
        ComparisonRefused: a run cannot be compared with the first one.
    """
    if len(predictions) < MINIMUM_RUNS:
        raise ValueError(f"difficulty needs at least {MINIMUM_RUNS} runs on the same questions, not {len(predictions)}")
    first = predictions[0]
    tables = [one.table.iloc[match(first, one, common=False)[1]] for one in predictions]
    answers = np.array([right(table, criterion, threshold) for table in tables], np.float64)  # (runs, questions)
    recipes = _recipes(predictions)
    weights = 1 / np.bincount(recipes)[recipes]
    ability, hardness, ability_error, hardness_error = _rasch(answers, weights)
    runs = pd.DataFrame({"run": [one.run for one in predictions], "recipe": recipes})
    runs["score"], runs["ability"], runs["ability_se"] = 100 * answers.mean(axis=1), ability, ability_error
    questions = first.table[["id", "paragraph", "article"]].reset_index(drop=True)
    share = weights @ answers / weights.sum()
    discrimination = _discrimination(answers, weights)
    questions["right"], questions["recipes_right"] = answers.sum(axis=0).astype(np.int64), share
    questions["difficulty"], questions["difficulty_se"] = hardness, hardness_error
    questions["discrimination"] = discrimination
    questions["separates"] = np.maximum(np.nan_to_num(discrimination), 0) * 4 * share * (1 - share)
    gold = first.table[["gold_start", "gold_end"]].to_numpy()
    questions[["agreed_start", "agreed_end", "agreed"]] = _agreement(tables, answers, weights, dataset)
    places = questions[["agreed_start", "agreed_end"]] = questions[["agreed_start", "agreed_end"]].astype(np.int64)
    overlap = (places["agreed_start"] < gold[:, 1]) & (places["agreed_end"] > gold[:, 0])
    questions["overlaps_gold"] = overlap & (places["agreed_start"] >= 0)
    enough = max(agreement, MINIMUM_AGREEING / weights.sum()) - 1e-9
    questions["suspect"] = (questions["right"] == 0) & (questions["agreed"] >= enough)
    questions["gold_start"], questions["gold_end"] = gold.T
    return Difficulty(runs.sort_values("ability", ascending=False, kind="stable", ignore_index=True), questions)


def _recipes(predictions: Sequence[Predictions]) -> np.ndarray:
    """Numbers the recipes: runs whose settings differ by the seed alone share one. Runs trained elsewhere never do."""
    keys = [one.meta.training_config_without_seed_hash or f"run {one.run}" for one in predictions]
    return pd.factorize(pd.Series(keys))[0]


def _rasch(answers: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Fits abilities and difficulties by penalised maximum likelihood, which is convex.

    Abilities are normal about 0, difficulties about a mean that is fitted too.

    Args:
        answers: 0 or 1, (runs, questions).
        weights: of the runs, (runs,).

    Returns:
        ability (runs,), difficulty (questions,), and the standard error of each from the curvature.
    """
    count, questions = answers.shape
    ability, hardness, middle = np.zeros(count), np.zeros(questions), 0.0
    for _ in range(_STEPS):
        chance = special.expit(ability[:, None] - hardness)
        residuals = weights[:, None] * (answers - chance)
        spread = (hardness - middle) / _DIFFICULTY_SD**2
        slope = np.append(residuals.sum(axis=1) - ability / _ABILITY_SD**2, spread.sum())
        hardness_slope = -residuals.sum(axis=0) - spread
        # Newton's step; the difficulties, each alone in its row of the curvature, are eliminated first.
        information = weights[:, None] * chance * (1 - chance)
        corner = np.diag(np.append(information.sum(axis=1) + _ABILITY_SD**-2, questions / _DIFFICULTY_SD**2))
        side = -np.vstack([information, np.full(questions, _DIFFICULTY_SD**-2)])
        diagonal = information.sum(axis=0) + _DIFFICULTY_SD**-2
        step = np.linalg.solve(corner - side / diagonal @ side.T, slope - side @ (hardness_slope / diagonal))
        hardness_step = (hardness_slope - side.T @ step) / diagonal
        shorter = min(1.0, 2.0 / max(np.abs(step).max(), np.abs(hardness_step).max(), 1e-300))
        ability, middle = ability + shorter * step[:-1], middle + shorter * step[-1]
        hardness = hardness + shorter * hardness_step
        if max(np.abs(step).max(), np.abs(hardness_step).max()) < 1e-9:
            break
    chance = special.expit(ability[:, None] - hardness)
    information = chance * (1 - chance)
    ability_error = (information.sum(axis=1) + _ABILITY_SD**-2) ** -0.5
    return ability, hardness, ability_error, (weights @ information + _DIFFICULTY_SD**-2) ** -0.5


def _discrimination(answers: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Returns the weighted correlation of each question with the number of others right, float64 (questions,)."""
    rest = answers.sum(axis=1, keepdims=True) - answers
    share = weights / weights.sum()
    x, y = answers - share @ answers, rest - share @ rest
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = (share @ (x * y)) / np.sqrt((share @ x**2) * (share @ y**2))
    constant = (answers == answers[0]).all(axis=0)
    return np.where(constant, np.nan, correlation)


def _agreement(
    tables: Sequence[pd.DataFrame], answers: np.ndarray, weights: np.ndarray, dataset: Dataset | None
) -> np.ndarray:
    """Returns the wrong place that most recipes give, and their share: float64 (questions, 3) of start, end, share."""
    starts, ends = (np.array([table[name].to_numpy() for table in tables]) for name in ("start", "end"))
    contexts = {} if dataset is None else {example.id: example.context for example in dataset.examples}
    rows = []
    for column, name in enumerate(tables[0]["id"]):
        votes: dict[object, float] = {}
        place: dict[object, tuple[int, int]] = {}
        for run in np.flatnonzero((answers[:, column] == 0) & (ends[:, column] > starts[:, column])).tolist():
            start, end = int(starts[run, column]), int(ends[run, column])
            key: object = normalize(contexts[name][start:end]) if name in contexts else (start, end)
            votes[key] = votes.get(key, 0.0) + float(weights[run])
            place.setdefault(key, (start, end))
        best = max(votes, key=votes.__getitem__, default=None)
        rows.append((-1, -1, 0.0) if best is None else (*place[best], votes[best] / weights.sum()))
    return np.array(rows, np.float64).reshape(-1, 3)

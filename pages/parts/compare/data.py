"""What the Compare page computes, each thing once per state of the predictions files it comes from."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from core.comparing import compare as comparing
from core.comparing import compatibility, difficulty, many, planning, retraining, slices
from core.comparing.compare import Comparison, Criterion
from core.comparing.compatibility import original_questions
from core.comparing.difficulty import Difficulty
from core.comparing.many import AllPairs, Selection
from core.comparing.planning import Plan
from core.data.formats import Dataset, Example
from core.reports.answers import with_answers
from core.store.predictions import Predictions, check_dataset
from core.store.runs import Run
from pages.parts.shared import loaders, palette
from pages.parts.shared.palette import Style


@dataclass(frozen=True, slots=True)
class Rule:
    """How the page compares.

    Attributes:
        criterion: what "right" means, one of `core.comparing.compare.CRITERIA`.
        threshold: of the F1 criterion, 0..1.
        common: compare what both have where datasets or question sets differ.
        part: one of `core.comparing.compatibility.PARTS`.
    """

    criterion: Criterion = "exact"
    threshold: float = comparing.F1_THRESHOLD
    common: bool = False
    part: str = "all"


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two runs on one dataset, with the text where it is on this machine.

    Attributes:
        a, b: the runs.
        style_a, style_b: how they are drawn, here as on all pages.
        predictions_a, predictions_b: what they answered.
        comparison: what `core.comparing.compare` found.
        dataset: the text, or None.
        no_text: why there is no text; empty when there is.
        table: of `core.reports.answers.with_answers`, and `searched`: its texts in small letters.
        features: of the questions, as `core.comparing.slices.features` gives them; the article alone without text.
        rule: how they are compared.
    """

    a: Run
    b: Run
    style_a: Style
    style_b: Style
    predictions_a: Predictions
    predictions_b: Predictions
    comparison: Comparison
    dataset: Dataset | None
    no_text: str
    table: pd.DataFrame
    features: pd.DataFrame
    rule: Rule

    @property
    def examples(self) -> Mapping[str, Example]:
        """The questions with their passages by id; empty without the text."""
        return self.dataset.by_id if self.dataset else {}


def pair(runs: Sequence[Run], a: Run, b: Run, dataset: str, rule: Rule, margin: float) -> Pair:
    """Compares two runs of the whole store, `runs`, on a dataset; `margin` points count as no difference.

    Raises:
        PredictionsError: a predictions file cannot be used.
        OtherDataset: they are not to the dataset at hand.
        ComparisonRefused: the two must not be compared; with every reason.
    """
    files = a.predictions_path(dataset), b.predictions_path(dataset)
    comparison = _compare(*files, rule, margin, loaders.answered(runs, dataset))
    text, reason = loaders.dataset_at_hand(dataset)
    check_dataset(comparison.dataset_sha256, text, files[0])
    if text:
        comparison = replace(comparison, unusable_questions=text.unusable)
    table, features = _describe(*files, rule, text, comparison)
    sides = palette.styles(runs)
    return Pair(
        a,
        b,
        sides[a.name],
        sides[b.name],
        _read(files[0], rule),
        _read(files[1], rule),
        comparison,
        text,
        reason,
        table,
        features,
        rule,
    )


def slice_differences(pair: Pair) -> pd.DataFrame:
    """Returns `core.comparing.slices.slice_differences` of a pair; of its articles alone without text."""
    return _slices(*_files(pair), pair.rule, pair.dataset, pair.comparison, pair.features)


def selection(pair: Pair, runs: Sequence[Run]) -> Selection:
    """Returns what it does to the pair's p that it was picked among `runs`."""
    return _selection(*_files(pair), pair.rule, loaders.answered(runs, pair.comparison.dataset))


def plan(pair: Pair, runs: Sequence[Run], difference: float) -> Plan:
    """Returns how many questions, and trainings, show a true difference (points); `runs` is the whole store."""
    answered = loaders.answered(runs, pair.comparison.dataset)
    return _plan(*_files(pair), pair.rule, answered, difference, pair.comparison)


def item_response(pair: Pair, runs: Sequence[Run]) -> Difficulty:
    """Returns which questions separate runs, and whose gold answer is doubtful.

    Raises:
        ValueError: too few runs can be compared with A.
    """
    return _difficulty(_files(pair)[0], pair.rule, loaders.answered(runs, pair.comparison.dataset), pair.dataset)


def all_pairs(runs: Sequence[Run], dataset: str, rule: Rule) -> tuple[AllPairs, pd.DataFrame | None]:
    """Compares every pair of runs; with the grid of questions, where all of them can be compared."""
    return _all_pairs(tuple(run.predictions_path(dataset) for run in runs), rule)


def _files(pair: Pair) -> tuple[Path, Path]:
    dataset = pair.comparison.dataset
    return pair.a.predictions_path(dataset), pair.b.predictions_path(dataset)


def _read(path: Path, rule: Rule) -> Predictions:
    return _cut(loaders.stored(path), rule)


def _cut(stored: Predictions, rule: Rule) -> Predictions:
    return original_questions(stored) if rule.part == "original" else stored


def _trainings(files: Sequence[Path], rule: Rule) -> list[Predictions]:
    read = []
    for stored in loaders.trainings(files):
        with suppress(comparing.ComparisonRefused):
            read.append(_cut(stored, rule))
    return read


@loaders.cached(32)
def _compare(a: Path, b: Path, rule: Rule, margin: float, answered: tuple[Path, ...]) -> Comparison:
    return comparing.compare(
        _read(a, rule),
        _read(b, rule),
        rule.criterion,
        threshold=rule.threshold,
        common=rule.common,
        margin=margin,
        trainings=_trainings(answered, rule),
    )


@loaders.cached(64)
def _selection(a: Path, b: Path, rule: Rule, answered: tuple[Path, ...]) -> Selection:
    others = _trainings(answered, rule)
    pair = _read(a, rule), _read(b, rule)
    return many.selection(*pair, others, rule.criterion, threshold=rule.threshold, common=rule.common)


@loaders.cached(32)
def _plan(a: Path, b: Path, rule: Rule, answered: tuple[Path, ...], difference: float, _comparison: Comparison) -> Plan:
    same = [one for one in _trainings(answered, rule) if one.meta.dataset_sha256 == _comparison.dataset_sha256]
    try:
        spread = planning.store_deviation(retraining.seed_groups(same), rule.criterion, threshold=rule.threshold)
    except comparing.ComparisonRefused:  # a run that the rule cannot judge
        spread = None
    return planning.plan(_comparison, difference, deviation=spread[0] if spread else None)


@loaders.cached(8)
def _difficulty(a: Path, rule: Rule, answered: tuple[Path, ...], text: Dataset | None) -> Difficulty:
    first, comparable = _read(a, rule), []
    for one in _trainings(answered, rule):
        with suppress(comparing.ComparisonRefused):
            compatibility.match(first, one, common=False)
            comparing.right(one.table, rule.criterion, rule.threshold)
            comparable.append(one)
    return difficulty.difficulty(comparable, rule.criterion, threshold=rule.threshold, dataset=text)


@loaders.cached(8)
def _describe(
    a: Path, b: Path, rule: Rule, text: Dataset | None, _comparison: Comparison
) -> tuple[pd.DataFrame, pd.DataFrame]:
    table = with_answers(_comparison, text)
    columns = [table[name].fillna("") for name in ("id", "question", "gold", "a_answer", "b_answer")]
    table["searched"] = ["\n".join(row).casefold() for row in zip(*columns, strict=True)]
    return table, slices.features(text) if text else table[["id", "article"]]


@loaders.cached(8)
def _slices(
    a: Path, b: Path, rule: Rule, text: Dataset | None, _comparison: Comparison, _features: pd.DataFrame
) -> pd.DataFrame:
    dimensions = (*slices.DIMENSIONS, "article") if text else ("article",)
    return slices.slice_differences(_comparison, _features, dimensions=dimensions)


@loaders.cached(8)
def _all_pairs(files: tuple[Path, ...], rule: Rule) -> tuple[AllPairs, pd.DataFrame | None]:
    read = [_read(path, rule) for path in files]
    pairs = many.compare_all(read, rule.criterion, threshold=rule.threshold)
    grid = None if pairs.refused else many.question_grid(read, rule.criterion, threshold=rule.threshold)
    return pairs, grid

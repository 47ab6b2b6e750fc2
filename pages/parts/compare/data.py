"""What the Compare page computes, each thing once per state of the predictions files it comes from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from core.comparing import compare as comparing
from core.comparing import many, slices
from core.comparing.compare import Comparison, Criterion
from core.comparing.compatibility import original_questions
from core.comparing.many import AllPairs
from core.data.formats import Dataset, Example
from core.reports.answers import with_answers
from core.store import predictions
from core.store.predictions import Predictions
from core.store.runs import Run
from pages.parts.shared import loaders
from pages.parts.shared.loaders import Stamp, stamp


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
        predictions_a, predictions_b: what they answered.
        comparison: what `core.comparing.compare` found.
        dataset: the text, or None.
        no_text: why there is no text; empty when there is.
        table: of `core.reports.answers.with_answers`, and `searched`: its texts in small letters.
        features: of the questions, as `core.comparing.slices.features` gives them; the article alone without text.
        key: tells this comparison from others.
    """

    a: Run
    b: Run
    predictions_a: Predictions
    predictions_b: Predictions
    comparison: Comparison
    dataset: Dataset | None
    no_text: str
    table: pd.DataFrame
    features: pd.DataFrame
    key: tuple[Stamp, Stamp, Rule]

    @property
    def examples(self) -> Mapping[str, Example]:
        """The questions with their passages by id; empty without the text."""
        return self.dataset.by_id if self.dataset else {}


def pair(a: Run, b: Run, dataset: str, rule: Rule) -> Pair:
    """Compares two runs on a dataset.

    Raises:
        PredictionsError: a predictions file cannot be used.
        OtherDataset: they are not to the dataset at hand.
        ComparisonRefused: the two must not be compared; with every reason.
    """
    read = [_read(run, dataset, rule) for run in (a, b)]
    key = stamp(a.predictions_path(dataset)), stamp(b.predictions_path(dataset)), rule
    comparison = _compare(*key, loaders.answered(loaders.runs(), dataset), *read)
    text, reason = loaders.dataset_at_hand(dataset)
    predictions.check_dataset(comparison.dataset_sha256, text, a.predictions_path(dataset))
    if text:
        comparison = replace(comparison, unusable_questions=text.unusable)
    table, features = _describe(*key, text is not None, comparison, text)
    return Pair(a, b, read[0], read[1], comparison, text, reason, table, features, key)


def slice_differences(pair: Pair) -> pd.DataFrame:
    """Returns `core.comparing.slices.slice_differences` of a pair; of its articles alone without text."""
    return _slices(*pair.key, pair.dataset is not None, pair.comparison, pair.features)


def all_pairs(runs: Sequence[Run], dataset: str, rule: Rule) -> tuple[AllPairs, pd.DataFrame | None]:
    """Compares every pair of runs; with the grid of questions, where all of them can be compared."""
    stamps = tuple(stamp(run.predictions_path(dataset)) for run in runs)
    return _all_pairs(stamps, rule, lambda: [_read(run, dataset, rule) for run in runs])


def _read(run: Run, dataset: str, rule: Rule) -> Predictions:
    found = loaders.predictions(run, dataset)
    return original_questions(found) if rule.part == "original" else found


# Of the functions below, arguments with an underscore follow from the others and are not part of the cache's key.


@st.cache_resource(show_spinner=False, max_entries=32)
def _compare(
    a: Stamp, b: Stamp, rule: Rule, answered: tuple[Stamp, ...], _a: Predictions, _b: Predictions
) -> Comparison:
    return comparing.compare(
        _a,
        _b,
        rule.criterion,
        threshold=rule.threshold,
        common=rule.common,
        trainings=loaders.trainings(answered),
    )


@st.cache_resource(show_spinner=False, max_entries=8)
def _describe(
    a: Stamp, b: Stamp, rule: Rule, has_text: bool, _comparison: Comparison, _text: Dataset | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    table = with_answers(_comparison, _text)
    columns = [table[name].fillna("") for name in ("id", "question", "gold", "a_answer", "b_answer")]
    table["searched"] = ["\n".join(row).casefold() for row in zip(*columns, strict=True)]
    return table, slices.features(_text) if _text else table[["id", "article"]]


@st.cache_resource(show_spinner=False, max_entries=8)
def _slices(
    a: Stamp, b: Stamp, rule: Rule, has_text: bool, _comparison: Comparison, _features: pd.DataFrame
) -> pd.DataFrame:
    dimensions = (*slices.DIMENSIONS, "article") if has_text else ("article",)
    return slices.slice_differences(_comparison, _features, dimensions=dimensions)


@st.cache_resource(show_spinner=False, max_entries=8)
def _all_pairs(
    stamps: tuple[Stamp, ...], rule: Rule, _read: Callable[[], list[Predictions]]
) -> tuple[AllPairs, pd.DataFrame | None]:
    read = _read()
    pairs = many.compare_all(read, rule.criterion, threshold=rule.threshold)
    grid = None if pairs.refused else many.question_grid(read, rule.criterion, threshold=rule.threshold)
    return pairs, grid

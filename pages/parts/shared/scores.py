"""Scores of runs on datasets, with intervals, each predictions file read once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st

from core.scoring import statistics
from core.scoring.scores import MEASURES, RunScores
from core.store import predictions
from core.store.predictions import PredictionsError
from core.store.runs import Run
from pages.parts.shared.format import markdown
from pages.parts.shared.language import t
from pages.parts.shared.loaders import Stamp, dataset_at_hand, stamp


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """How one run does on one dataset.

    Attributes:
        figures: its scores.
        sums: float64 (c, 2), exact matches and F1 (0..1) added up by paragraph; sizes: int64 (c,), its questions.
        unusable: questions of the dataset that are left out; None where that is not known.
        dataset_sha256: of the questions that were answered.
        exact_match, f1: 95 % intervals (low, high) in 0..100, resampling paragraphs; NaN with one paragraph, None
        before `with_intervals`.
    """

    figures: RunScores
    sums: np.ndarray
    sizes: np.ndarray
    dataset_sha256: str
    unusable: int | None
    exact_match: tuple[float, float] | None = None
    f1: tuple[float, float] | None = None


def load(runs: Sequence[Run], dataset: str) -> tuple[dict[str, Score], dict[str, Exception]]:
    """Returns the scores on a dataset by run name, with intervals, and why files could not be used, by run
    name: damaged, or answers to another dataset than the one at hand.

    Runs without predictions for the dataset are in neither.
    """
    scores: dict[str, Score] = {}
    problems: dict[str, Exception] = {}
    stamps = {}
    at_hand, _ = dataset_at_hand(dataset)
    for run in runs:
        path = run.predictions_path(dataset)
        if not path.is_file():
            continue
        try:
            stamps[run.name] = stamp(path)
            score = _load(stamps[run.name], dataset)
            predictions.check_dataset(score.dataset_sha256, at_hand, path)
            scores[run.name] = replace(score, unusable=at_hand.unusable) if at_hand else score
        except (PredictionsError, OSError) as error:
            problems[run.name] = error
    bounds = _intervals(tuple(stamps[name] for name in scores), dataset)
    for name, (exact_match, f1) in zip(scores, bounds, strict=True):
        scores[name] = replace(scores[name], exact_match=exact_match, f1=f1)
    return scores, problems


def interval(bounds: tuple[float, float] | None) -> str | None:
    """Returns a score's interval written out, or in words that it cannot be told; None before there is one."""
    if bounds is None:
        return None
    return t("interval-unknown") if np.isnan(bounds[0]) else f"{bounds[0]:.1f} – {bounds[1]:.1f}"


def column(name: str, label: str = "", help: str = "") -> Any:
    """Returns the configuration of a table's column of one of `MEASURES`; label and help are the catalogue's."""
    key = name.replace("_", "-")
    label, help = label or t(f"runs-column-{key}"), help or t(f"runs-help-{key}")
    return st.column_config.NumberColumn(label, format=f"%{MEASURES[name].format}", help=help)


def left_out(scores: Iterable[Score], dataset: str) -> None:
    """Draws how many questions of a dataset are in no score of these; nothing where there are none."""
    for count in sorted({score.unusable for score in scores if score.unusable}):
        st.caption(f"{markdown(dataset)}: **{t('dataset-unusable', questions=count)}**")


@st.cache_resource(show_spinner=False, max_entries=2000)
def _load(stamp: Stamp, dataset: str) -> Score:
    stored = predictions.read(stamp[0])
    table = stored.table
    sums, sizes = statistics.cluster_sums(table[["exact_match", "f1"]].to_numpy(float), table["paragraph"].to_numpy())
    known = (stored.meta.dataset_sha256, stored.meta.unusable_questions)
    return Score(RunScores.of(table, dataset), sums, sizes, *known)


@st.cache_resource(show_spinner=False, max_entries=50)
def _intervals(stamps: tuple[Stamp, ...], dataset: str) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Bootstraps all runs at once: runs with the same questions share every resample of paragraphs."""
    scores = [_load(stamp, dataset) for stamp in stamps]
    bounds: list[Any] = [None] * len(scores)
    groups: dict[bytes, list[int]] = {}
    for position, score in enumerate(scores):
        groups.setdefault(score.sizes.tobytes(), []).append(position)
    for positions in groups.values():
        sizes = scores[positions[0]].sizes
        means = statistics.bootstrap_means(np.concatenate([scores[p].sums for p in positions], axis=1), sizes)
        low, high = statistics.interval(100 * means, len(sizes))
        pairs = list(zip(low.tolist(), high.tolist(), strict=True))
        for order, position in enumerate(positions):
            bounds[position] = (pairs[2 * order], pairs[2 * order + 1])
    return bounds

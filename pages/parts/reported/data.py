"""What the Reported page computes, each thing once per state of the files it comes from."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from core.audit import claims, reported, rule_trial
from core.audit import noise as audit_noise
from core.audit.claims import Ours
from core.audit.noise import Noise
from core.audit.reported import DATASET, Claim, Row
from core.audit.rule_trial import Trial
from core.comparing.compatibility import ComparisonRefused
from core.data import catalogue
from core.data.formats import Dataset, DatasetError
from core.scoring import original_rule
from core.store.predictions import Predictions, PredictionsError
from core.store.runs import RUN_FILE, Run
from pages.parts.shared import loaders

FALLBACK = "mini-ko"
"""Whose text shows the rule where KorQuAD's is not on this machine."""


def rows(runs: Sequence[Run]) -> list[Row]:
    """Returns every reported run beside ours; `runs` is the whole store."""
    return _rows(tuple(_state(run) for run in runs if not run.broken), runs)


def noise(runs: Sequence[Run]) -> Noise:
    """Returns what our runs say of the noise in the original's figures; `runs` is the whole store."""
    return _noise(tuple(_state(run) for run in runs if not run.broken), runs)


Shown = Ours | ComparisonRefused | None


def ours(claim: Claim, rows: Sequence[Row]) -> Shown:
    """Returns what our runs of a claim's pair show, why they must not be compared, or None where one is missing."""
    states = tuple(_state(row.run) for row in rows if row.run and row.state == "measured")
    return _ours(claim.name, states, loaders.answered(loaders.runs(), DATASET), claim, rows)


def text_of(run: Run) -> Dataset | None:
    """Returns the questions whose text can be shown with a run's answers: KorQuAD's, else mini-ko's; None without."""
    for name in (DATASET, FALLBACK):
        if name not in run.predictions() or name not in catalogue.available():
            continue
        try:
            dataset = loaders.dataset(name)
            if loaders.predictions(run, name).meta.dataset_sha256 == dataset.sha256:
                return dataset
        except (DatasetError, PredictionsError):
            continue
    return None


def exact_answers(run: Run, dataset: Dataset) -> int:
    """Returns how many of a dataset's first questions a run answers exactly, by the official rule."""
    head = loaders.predictions(run, dataset.name).table.iloc[: original_rule.QUESTIONS]
    return int(head["exact_match"].sum())


def lengthened(run: Run, dataset: Dataset) -> pd.DataFrame:
    """Returns `core.audit.rule_trial.lengthened` of a run's official answers to a dataset's first questions."""
    return _lengthened(run.predictions_path(dataset.name), dataset)


def trial() -> Trial:
    """Returns what the rule says of answerers that read nothing."""
    return _trial(rule_trial.STORED)


def predictions_of(row: Row) -> Predictions:
    """Returns the predictions that a measured row stands on."""
    assert row.run is not None
    return loaders.predictions(row.run, DATASET)


_State = tuple[str, str, bool, Path, Path]


def _state(run: Run) -> _State:
    return run.name, run.status, run.labels.archived, run.path / RUN_FILE, run.predictions_path(DATASET)


@loaders.cached(2)
def _trial(path: Path) -> Trial:
    return rule_trial.read(path)


@loaders.cached(20)
def _rows(states: tuple[_State, ...], _runs: Sequence[Run]) -> list[Row]:
    return [
        reported.row(one, _runs, lambda run: loaders.checked_predictions(run, DATASET)) for one in reported.load().runs
    ]


@st.cache_resource(show_spinner=False, max_entries=5)
def _noise(states: tuple[_State, ...], _runs: Sequence[Run]) -> Noise:
    return audit_noise.measure(_runs, lambda run: loaders.predictions(run, DATASET))


@loaders.cached(50)
def _ours(
    name: str, states: tuple[_State, ...], answered: tuple[Path, ...], _claim: Claim, _rows: Sequence[Row]
) -> Shown:
    try:
        return claims.ours(_claim, _rows, predictions_of, loaders.trainings(answered))
    except ComparisonRefused as refused:
        return refused


@loaders.cached(50)
def _lengthened(path: Path, dataset: Dataset) -> pd.DataFrame:
    head = loaders.stored(path).table.iloc[: original_rule.QUESTIONS]
    return rule_trial.lengthened(dataset.examples[: len(head)], head["start"], head["end"])

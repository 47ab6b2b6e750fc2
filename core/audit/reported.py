"""The original experiment's reported figures beside what is measured here for the same four variants.

Nothing is typed into code: what the experiment reported lies in `reported.json` with its source, ours comes from the
stored runs. Predictions alone are read, no dataset text.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass as validated

from core import config
from core.scoring import statistics
from core.scoring.scores import RunScores
from core.store import predictions
from core.store.predictions import Predictions, PredictionsError
from core.store.runs import Run

DATASET = "korquad-held-out"
"""What ours are judged on: it begins with the original's 102 questions, and no run that ships has seen it."""
UNKNOWN = "?"
_FILE = Path(__file__).with_name("reported.json")


@validated(frozen=True, slots=True)
class ReportedRun:
    """One row of the original's results.

    Attributes:
        variant: our name for it, of `core.config.VARIANTS`.
        learning_rate: of Adam, constant.
        layers, heads, head_dim: shape.
        parameters: number of them.
        loss: start cross-entropy plus end cross-entropy on dev.
        accuracy_sum: start accuracy plus end accuracy, 0..2, which it called accuracy.
        failed, right: of its questions, by the substring rule.
        exact, median_length: what the rule hid: exact answers among the right ones, median characters of a
            prediction; None where it is not known.
    """

    variant: str
    learning_rate: float
    layers: int
    heads: int
    head_dim: int
    parameters: int
    loss: float
    accuracy_sum: float
    failed: int
    right: int
    exact: int | None = None
    median_length: float | None = None


@validated(frozen=True, slots=True)
class Claim:
    """One headline of the original.

    Attributes:
        name: `pretraining`, `layers` or `heads`.
        a, b: the variants it compares; it says that b is better.
        more: questions that b answers more, by its words.
        words: the claim by language, in meaning.
        accuracy: by how much b's accuracy is higher by its words, if they say so.
        setting: the `ReportedRun` attribute that changes by its words, if they say so; `values` from what to what.
        counts: the right answers of a and b that it quotes, if it does.
    """

    name: str
    a: str
    b: str
    more: int
    words: dict[str, str]
    accuracy: float | None = None
    setting: Literal["layers", "heads"] | None = None
    values: tuple[int, int] | None = None
    counts: tuple[int, int] | None = None


@validated(frozen=True, slots=True)
class Reported:
    """All of `reported.json`.

    Attributes:
        source: its name, author, and which figures come from where.
        questions: of the count.
        data: questions it `trained` and was `judged` on, and out of how many.
        training: settings that all its runs share.
        runs: the four rows in its order.
        repeats: right answers of the same four runs when their author ran them again.
        others_accuracy: least and largest `accuracy_sum` of other students' runs of this size, from fresh weights.
        untrained: right and exact answers of an untrained network, as its author measured.
        loaded_elsewhere: another student's run whose pre-trained weights really were loaded.
        claims: the three headlines.
    """

    source: dict[str, Any]
    questions: int
    data: dict[str, int]
    training: dict[str, Any]
    runs: tuple[ReportedRun, ...]
    repeats: tuple[int, ...]
    others_accuracy: tuple[float, float]
    untrained: dict[str, int]
    loaded_elsewhere: dict[str, float]
    claims: tuple[Claim, ...]

    def run(self, variant: str) -> ReportedRun:
        """Returns the row of a variant."""
        return next(run for run in self.runs if run.variant == variant)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval, NaN where that cannot be told; resampled are paragraphs, not questions."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What one of our runs does on `DATASET`.

    Attributes:
        parameters: number of them.
        questions, paragraphs: it was judged on.
        loss, accuracy_sum: as in `ReportedRun`, the loss over the questions that have one.
        right, exact: of the original's questions, by its rule: substring, and the very string.
        median_length: characters of a prediction under that rule.
        exact_match, f1: KorQuAD's official scores on all questions, 0..100.
    """

    parameters: int
    questions: int
    paragraphs: int
    loss: Estimate
    accuracy_sum: Estimate
    right: Estimate
    exact: Estimate
    median_length: float
    exact_match: Estimate
    f1: Estimate


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the table, written out.

    Attributes:
        value: the figure.
        interval: its 95 % interval, `low–high`; empty where it has none, `UNKNOWN` where it cannot be told.
    """

    value: str
    interval: str = ""


State = Literal["measured", "untrained", "unfinished", "unjudged", "unreadable"]


@dataclass(frozen=True, slots=True)
class Row:
    """A reported run and ours.

    Attributes:
        reported: what it reported.
        run: ours, the finished one that `choose` takes; where none is finished, one that is not, or None.
        state: `measured`, or why there is no `measured`.
        commands: what to type to get there.
        measured: ours, or None.
        problem: why our predictions cannot be used, where they are `unreadable`.
    """

    reported: ReportedRun
    run: Run | None
    state: State
    commands: tuple[str, ...] = ()
    measured: Measured | None = None
    problem: str = ""


@cache
def load() -> Reported:
    """Returns what the original experiment reported."""
    return TypeAdapter(Reported).validate_json(_FILE.read_bytes())


def choose(runs: Sequence[Run], variant: str) -> Run | None:
    """Returns the run that stands for a variant: finished and named like it, else the first finished one by name.

    Where none is finished, one that is not (being trained, stopped, failed). Archived runs are left out.
    """
    found = [run for run in runs if run.variant == variant and not run.labels.archived and not run.broken]
    return min(found, key=lambda run: (run.status != "finished", run.name != variant, run.name), default=None)


def read(run: Run) -> Predictions:
    """Returns a run's predictions on `DATASET`.

    Raises:
        PredictionsError: they are missing or cannot be used.
    """
    return predictions.read(run.predictions_path(DATASET))


def row(reported: ReportedRun, runs: Sequence[Run], reader: Callable[[Run], Predictions] = read) -> Row:
    """Returns a reported run beside ours.

    Args:
        reported: what was reported.
        runs: the whole store.
        reader: `read`, or one that remembers.
    """
    run = choose(runs, reported.variant)
    if run is None:
        return Row(reported, None, "untrained", train_commands(reported.variant, runs))
    if run.status != "finished":
        resume = f"python -m core train {reported.variant} --name {run.name} --resume"
        return Row(reported, run, "unfinished", () if run.status == "running" else (resume,))
    again = (f"python -m core predict {run.name} --dataset {DATASET}",)
    if DATASET not in run.predictions():
        return Row(reported, run, "unjudged", again)
    try:
        found = measure(reader(run).table, int(run.number("parameter_count") or 0))
    except PredictionsError as error:
        return Row(reported, run, "unreadable", again, problem=str(error))
    return Row(reported, run, "measured", measured=found)


def train_commands(variant: str, runs: Sequence[Run]) -> tuple[str, ...]:
    """Returns the commands that train a variant, the encoders that it starts from first unless the store has them."""
    finished = {run.name for run in runs if run.status == "finished"}
    commands = [f"python -m core train {variant}"]
    encoder = config.variant(variant).pretrained
    while encoder is not None and encoder not in finished:
        commands.insert(0, f"python -m core pretrain {encoder}")
        encoder = config.encoder(encoder).training.start
    return tuple(commands)


def measure(table: pd.DataFrame, parameters: int) -> Measured:
    """Measures a run on its predictions.

    Args:
        table: of `core.store.predictions`, all of `DATASET` in its order.
        parameters: the run's number of them.
    """
    figures = RunScores.of(table, DATASET)
    first = figures.original
    if first is None:
        raise PredictionsError(["the run was trained elsewhere: the rule's answers are not known"])
    accuracy_sum = table["start_correct"].to_numpy(np.float64) + table["end_correct"].to_numpy(np.float64)
    columns = {"loss": table["loss"], "accuracy_sum": accuracy_sum}
    scores = {name: table[name] for name in ("exact_match", "f1")}
    rule = {"right": first.contains, "exact": first.exact}
    clusters = table["paragraph"].to_numpy()
    found = estimates(columns, clusters) | estimates(scores, clusters, scale=100)
    found = {name: replace(estimate, value=figures[name]) for name, estimate in found.items()}
    found |= estimates(rule, clusters[: first.questions], scale=first.questions)
    return Measured(parameters, figures.questions, figures.paragraphs, median_length=first.median_length, **found)


def reported_figures(said: ReportedRun) -> dict[str, Figure | None]:
    """Returns what a run reported by the name of the table's column; None is what it did not say."""
    return {
        "parameters": Figure(f"{said.parameters:,}"),
        "loss": Figure(f"{said.loss:.4f}"),
        "accuracy": Figure(f"{said.accuracy_sum:.4f}"),
        "right": Figure(f"{said.right}"),
        "exact": None if said.exact is None else Figure(f"{said.exact}"),
        "length": None if said.median_length is None else Figure(f"{said.median_length:g}"),
        "em": None,
        "f1": None,
    }


def measured_figures(found: Measured) -> dict[str, Figure]:
    """Returns what is measured of ours under the names of `reported_figures`."""
    return {
        "parameters": Figure(f"{found.parameters:,}"),
        "loss": _figure(found.loss, 2),
        "accuracy": _figure(found.accuracy_sum, 3),
        "right": _figure(found.right),
        "exact": _figure(found.exact),
        "length": Figure(f"{found.median_length:g}"),
        "em": _figure(found.exact_match, 1),
        "f1": _figure(found.f1, 1),
    }


def _figure(found: Estimate, digits: int = 0) -> Figure:
    bounds = UNKNOWN if np.isnan(found.low) else f"{found.low:.{digits}f}–{found.high:.{digits}f}"
    return Figure(f"{found.value:.{digits}f}", bounds)


def estimates(
    columns: Mapping[str, ArrayLike], clusters: np.ndarray, scale: float = 1.0, resamples: int = statistics.RESAMPLES
) -> dict[str, Estimate]:
    """Returns the mean of each column with its interval, clustered by paragraph.

    Where every value is 0 there is nothing to resample: the upper bound is then the share that may hide behind so many
    paragraphs without one, 1 - .05^(1/c).

    Args:
        columns: by name, float or bool (n,), shares or sizes >= 0; NaN is no value and is left out of the mean.
        clusters: int (n,), each question's paragraph.
        scale: what the means are multiplied by: 100 for percentages, n for a count.
        resamples: of the bootstrap.
    """
    values = np.stack([np.asarray(column, np.float64) for column in columns.values()], axis=1)
    there = np.isfinite(values)
    sums = statistics.cluster_sums(np.where(there, values, 0.0), clusters)[0]
    sizes = statistics.cluster_sums(there.astype(np.float64), clusters)[0]
    means = sums.sum(axis=0) / sizes.sum(axis=0)
    low, high = statistics.interval(statistics.bootstrap_means(sums, sizes, resamples), len(sums))
    low = np.where(means == 0, 0.0, low)
    high = np.where(means == 0, 1 - statistics.ALPHA ** (1 / len(sums)), high)
    bounds = (scale * np.stack([means, low, high], axis=1)).tolist()
    return {name: Estimate(*found) for name, found in zip(columns, bounds, strict=True)}

"""What our runs say of the noise in the original's figures: of its few paragraphs, and of training again.

The original published neither its answers nor its seeds. What it could have seen is estimated from runs of ours on the
same questions: how alike two questions of one paragraph fare, and how far trainings of one recipe lie apart.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from core.audit import reported
from core.audit.reported import DATASET
from core.comparing import retraining
from core.scoring import original_rule, statistics
from core.store.predictions import Predictions, PredictionsError
from core.store.runs import Run


@dataclass(frozen=True, slots=True)
class Clustering:
    """How alike questions of one paragraph fare when two of our runs are compared by the original's rule.

    Attributes:
        questions, paragraphs: the original's questions, and in how many paragraphs they lie.
        runs: the runs that were compared, each with each; `pairs` of them.
        correlation: mean intra-class correlation of the paired differences (B right minus A right) over the pairs.
        design: the design effect: by how much the paragraphs multiply the variance of a difference.
    """

    questions: int
    paragraphs: int
    runs: tuple[str, ...]
    pairs: int
    correlation: float
    design: float


@dataclass(frozen=True, slots=True)
class Seeds:
    """What trainings of one recipe give that differ by their seed alone.

    Attributes:
        runs: their names; `accuracy` their sums of start and end accuracy (0..2), in the same order.
        questions: of ours that they answered.
        half_widths: half the 95 % interval (paragraphs resampled) of the difference of two of them, as it would be on
            the original's questions: times sqrt(`questions` / its number); the least and the largest of the pairs.
    """

    runs: tuple[str, ...]
    accuracy: tuple[float, ...]
    questions: int
    half_widths: tuple[float, float]

    @property
    def spread(self) -> float:
        """The largest accuracy minus the least."""
        return max(self.accuracy) - min(self.accuracy)


@dataclass(frozen=True, slots=True)
class Noise:
    """Both, each None where too few runs have answered."""

    clustering: Clustering | None = None
    seeds: Seeds | None = None


def measure(runs: Sequence[Run], reader: Callable[[Run], Predictions] = reported.read) -> Noise:
    """Measures the noise on the runs of a store that have answered `reported.DATASET`.

    Args:
        runs: the whole store; unfinished, archived and imported runs are left out, as is what cannot be read.
        reader: `reported.read`, or one that remembers.
    """
    answers: list[Predictions] = []
    for run in runs:
        if run.broken or run.labels.archived or run.status != "finished" or DATASET not in run.predictions():
            continue
        try:
            one = reader(run)
        except PredictionsError:
            continue
        same = not answers or one.meta.dataset_sha256 == answers[0].meta.dataset_sha256
        if same and original_rule.from_table(one.table) is not None:
            answers.append(one)
    base = reported.choose(runs, reported.load().runs[0].variant)
    groups = [group for group in retraining.seed_groups(answers) if base and base.name in {one.run for one in group}]
    return Noise(clustering(answers), seeds(groups[0], reported.load().data["judged"]) if groups else None)


def clustering(answers: Sequence[Predictions]) -> Clustering | None:
    """Measures the clustering of the original's questions; None with fewer than two runs.

    Args:
        answers: of runs on one dataset that begins with these questions.
    """
    if len(answers) < 2:
        return None
    heads = [one.table.iloc[: original_rule.QUESTIONS] for one in answers]
    right = [head["original_contains"].to_numpy(np.float64) for head in heads]
    clusters = heads[0]["paragraph"].to_numpy()
    sizes = np.unique(clusters, return_counts=True)[1]
    pairs = [statistics.intra_class_correlation(b - a, clusters) for a, b in combinations(right, 2)]
    correlation = float(np.mean(pairs))
    design = statistics.design_effect(correlation, sizes)
    names = tuple(one.run for one in answers)
    return Clustering(len(clusters), len(sizes), names, len(pairs), correlation, design)


def seeds(group: Sequence[Predictions], judged: int) -> Seeds | None:
    """Measures how far apart trainings of one recipe lie; None with fewer than two.

    Args:
        group: answers of runs that differ by their seed alone, on one dataset.
        judged: the number of questions that the half widths are wanted for.
    """
    if len(group) < 2:
        return None
    sums = [one.table[["start_correct", "end_correct"]].to_numpy(np.float64).sum(axis=1) for one in group]
    differences = np.stack([b - a for a, b in combinations(sums, 2)], axis=1)  # (questions, pairs)
    totals, sizes = statistics.cluster_sums(differences, group[0].table["paragraph"].to_numpy())
    low, high = statistics.interval(statistics.bootstrap_means(totals, sizes), len(sizes))
    halves = (high - low) / 2 * math.sqrt(len(differences) / judged)
    names, accuracy = tuple(one.run for one in group), tuple(float(one.mean()) for one in sums)
    return Seeds(names, accuracy, len(differences), (float(halves.min()), float(halves.max())))

"""A run's scores on a dataset: every figure that a page, a table or a command shows of one run comes from here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
import pandas as pd

from core.scoring import original_rule
from core.scoring.original_rule import OriginalResult


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of one run.

    Attributes:
        name: What `RunScores` knows it by.
        better: Which values are better; empty where neither is.
        format: How it is written, a format specification.
        of: Computes it from a predictions table; NaN where it cannot be told.
        column: Whether the page of runs has a column of it, with the texts `runs-column-NAME` and `runs-help-NAME`.
    """

    name: str
    better: Literal["higher", "lower", ""]
    format: str
    of: Callable[[pd.DataFrame], float]
    column: bool = True


_MEASURES = (
    Measure("exact_match", "higher", ".1f", lambda table: 100 * _mean(table["exact_match"])),
    Measure("f1", "higher", ".1f", lambda table: 100 * _mean(table["f1"])),
    Measure("median_length", "", ".0f", lambda table: _median(table["end"] - table["start"])),
    Measure("loss", "lower", ".3f", lambda table: _mean_loss(table["loss"].to_numpy(np.float64))),
    Measure("start_accuracy", "higher", ".3f", lambda table: _mean(table["start_correct"]), column=False),
    Measure("end_accuracy", "higher", ".3f", lambda table: _mean(table["end_correct"]), column=False),
    Measure("accuracy_sum", "higher", ".3f", lambda table: _mean(table["start_correct"]) + _mean(table["end_correct"])),
)
MEASURES = {measure.name: measure for measure in _MEASURES}
"""All measures by name, in the order of tables.

`exact_match` and `f1` are means over ALL questions, 0..100; `f1` is the official character F1. `median_length` is in
characters. `loss` is the mean, over the questions that have one, of start plus end cross-entropy. The accuracies are
0..1 over all questions, `accuracy_sum` both added.
"""


@dataclass(frozen=True, slots=True, eq=False)
class RunScores:
    """The figures of one run on one dataset; `scores["f1"]` is one of its measures.

    Attributes:
        questions: All of them; `paragraphs` that they belong to.
        right: Questions with an official exact match.
        unanswered: Questions without an answer.
        outside_window: Questions whose gold answer no window held.
        measures: The value of each of `MEASURES`; NaN of an empty table and of what a run trained elsewhere does not
            tell.
        original: The original's rule on its questions; None where the dataset does not begin with them, or the rule's
            answers are not known.
        original_head: These same questions under the official scores; None where the dataset does not begin with them.
    """

    questions: int
    paragraphs: int
    right: int
    unanswered: int
    outside_window: int
    measures: Mapping[str, float]
    original: OriginalResult | None
    original_head: "RunScores | None"

    @classmethod
    def of(cls, table: pd.DataFrame, dataset: str = "") -> Self:
        """Computes the scores of a predictions table.

        Args:
            table: Rows of `core.store.predictions`, in the dataset's order.
            dataset: The dataset's name, which tells whether it begins with the original's questions.
        """
        first = dataset in original_rule.DATASETS
        return cls(
            questions=len(table),
            paragraphs=int(table["paragraph"].nunique()),
            right=int(table["exact_match"].sum()),
            unanswered=int((table["start"] == table["end"]).sum()),
            outside_window=int((~table["gold_covered"].to_numpy(bool)).sum()),
            measures={name: measure.of(table) for name, measure in MEASURES.items()},
            original=original_rule.from_table(table) if first else None,
            original_head=cls.of(table.iloc[: original_rule.QUESTIONS]) if first else None,
        )

    def __getitem__(self, measure: str) -> float:
        """Returns the value of one of `MEASURES`."""
        return self.measures[measure]

    def headline(self) -> dict[str, Any]:
        """Returns the figures of a line of `python -m core score`."""
        measures = {name: value for name, value in self.measures.items() if name != "accuracy_sum"}
        return {"questions": self.questions, **measures}


def _mean(values: Any) -> float:
    array = np.asarray(values, np.float64)
    return float(array.mean()) if array.size else float("nan")


def _mean_loss(loss: np.ndarray) -> float:
    return _mean(loss[np.isfinite(loss)])


def _median(values: Any) -> float:
    return float(np.median(values)) if len(values) else float("nan")

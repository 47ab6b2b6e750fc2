"""A run's scores on a dataset: every figure that a page, a table or a command shows of one run comes from here."""

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
        name: The attribute of `RunScores`.
        better: Which values are better; empty where neither is.
        format: How it is written, a format specification.
    """

    name: str
    better: Literal["higher", "lower", ""]
    format: str


_MEASURES = (
    Measure("exact_match", "higher", ".1f"),
    Measure("f1", "higher", ".1f"),
    Measure("median_length", "", ".0f"),
    Measure("loss", "lower", ".3f"),
    Measure("start_accuracy", "higher", ".3f"),
    Measure("end_accuracy", "higher", ".3f"),
    Measure("accuracy_sum", "higher", ".3f"),
)
MEASURES = {measure.name: measure for measure in _MEASURES}
"""All measures by name, in the order of tables."""


@dataclass(frozen=True, slots=True, eq=False)
class RunScores:
    """The figures of one run on one dataset; NaN of an empty table and of what a run trained elsewhere does not tell.

    Attributes:
        questions: All of them; `paragraphs` that they belong to.
        right: Questions with an official exact match.
        exact_match: 0-100, the mean over ALL questions; `f1` likewise.
        f1: Official character F1.
        median_length: Characters of the answers.
        unanswered: Questions without an answer.
        outside_window: Questions whose gold answer no window held.
        loss: Mean over the questions that have one, start plus end cross-entropy.
        start_accuracy: 0..1, over all questions; `end_accuracy` likewise, `accuracy_sum` both added.
        original: The original's rule on its questions; None where the dataset does not begin with them, or the rule's
            answers are not known.
        original_head: These same questions under the official scores; None where the dataset does not begin with them.
    """

    questions: int
    paragraphs: int
    right: int
    exact_match: float
    f1: float
    median_length: float
    unanswered: int
    outside_window: int
    loss: float
    start_accuracy: float
    end_accuracy: float
    accuracy_sum: float
    original: OriginalResult | None
    original_head: "RunScores | None"

    @classmethod
    def of(cls, table: pd.DataFrame, dataset: str = "") -> Self:
        """Computes the scores of a predictions table.

        Args:
            table: Rows of `core.store.predictions`, in the dataset's order.
            dataset: The dataset's name, which tells whether it begins with the original's questions.
        """
        length = (table["end"] - table["start"]).to_numpy()
        loss = table["loss"].to_numpy(np.float64)
        start, end = _mean(table["start_correct"]), _mean(table["end_correct"])
        first = dataset in original_rule.DATASETS
        return cls(
            questions=len(table),
            paragraphs=int(table["paragraph"].nunique()),
            right=int(table["exact_match"].sum()),
            exact_match=100 * _mean(table["exact_match"]),
            f1=100 * _mean(table["f1"]),
            median_length=float(np.median(length)) if len(length) else float("nan"),
            unanswered=int((length == 0).sum()),
            outside_window=int((~table["gold_covered"].to_numpy(bool)).sum()),
            loss=_mean(loss[np.isfinite(loss)]),
            start_accuracy=start,
            end_accuracy=end,
            accuracy_sum=start + end,
            original=original_rule.from_table(table) if first else None,
            original_head=cls.of(table.iloc[: original_rule.QUESTIONS]) if first else None,
        )

    def headline(self) -> dict[str, Any]:
        """Returns the figures of a line of `python -m core score`."""
        shown = [name for name in MEASURES if name != "accuracy_sum"]
        return {"questions": self.questions, **{name: getattr(self, name) for name in shown}}


def _mean(values: Any) -> float:
    array = np.asarray(values, np.float64)
    return float(array.mean()) if array.size else float("nan")

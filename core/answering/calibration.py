"""How far a run's probabilities can be trusted, measured on questions that it was not trained on."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.answering import spans
from core.answering.reader import Progress, Reader
from core.data.formats import Example
from core.data.windows import Window
from core.scoring import metrics
from core.scoring.calibration import calibrate, fit_temperature


def measure(reader: Reader, examples: Sequence[Example], progress: Progress | None = None) -> dict[str, Any]:
    """Answers the examples and fits the temperature at which the answers' probabilities come nearest to the truth.

    The gold answer is the whole words of the pieces that hold it. Where they are no possible answer (no window holds
    them whole, or they are too long: see `spans.best_spans`), the question is left out of the fit; in the errors and
    bins, which compare the best answer's probability with its exact match, it counts like every other.

    Args:
        reader: Who answers.
        examples: Questions that the reader was not trained on.
        progress: Called with the number of questions done and of all.

    Returns:
        What run.json keeps as "calibration": `temperature`; `questions`; `left_out`; `error_before` and `error_after`,
        the expected calibration error (0..1) at temperature 1 and at this one; `bins`, at this one, records of `low`
        (exclusive), `high` (inclusive), `confidence`, `accuracy` (0..1) and `count`.
    """
    scores, gold, right = [], [], []
    limits = reader.settings.answering
    for example, windows, logits in reader.each(examples, progress):
        starts, ends, found = spans.scores(windows, logits, example.context, limits, reader.lengths)
        scores.append(found.astype(np.float32))
        gold.append(_gold_score(example.context, windows, starts, ends, scores[-1], limits.max_added))
        right.append(len(found) > 0 and _is_right(example, starts[found.argmax()], ends[found.argmax()]))
    temperature = fit_temperature(scores, gold)
    before, after = (calibrate([_best(row, t) for row in scores], right) for t in (1.0, temperature))
    columns = {"low": after.low, "high": after.high, "confidence": after.confidence, "accuracy": after.accuracy,
               "count": after.count}  # fmt: skip
    return {
        "temperature": temperature,
        "questions": len(examples),
        "left_out": int(np.isnan(gold).sum()),
        "error_before": before.error,
        "error_after": after.error,
        "bins": [
            dict(zip(columns, row, strict=True)) for row in zip(*(c.tolist() for c in columns.values()), strict=True)
        ],
    }


def _is_right(example: Example, start: int, end: int) -> bool:
    return metrics.exact_match(example.context[start:end], [answer.text for answer in example.answers])


def _gold_score(
    context: str, windows: list[Window], starts: np.ndarray, ends: np.ndarray, scores: np.ndarray, max_added: int
) -> float:
    """Returns the score of the whole words that hold the gold answer, NaN where they are no possible answer."""
    for window in windows:
        if window.target:
            first, last = (piece - window.context_start for piece in window.target)
            bounds = window.starts[first : first + 1], window.ends[last : last + 1]
            start, end = spans.whole_words(context, *bounds, max_added)
            same = (starts == start) & (ends == end)
            return float(scores[same].item()) if same.any() else np.nan
    return np.nan


def _best(scores: np.ndarray, temperature: float) -> float:
    """Returns the probability of the best answer; 0 when there is none."""
    if not len(scores):
        return 0.0
    return float(1 / np.exp((scores.astype(np.float64) - scores.max()) / temperature).sum())

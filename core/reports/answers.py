"""A comparison's answers as a reader sees them: text where the dataset is at hand, places in the passage elsewhere."""

import pandas as pd

from core.comparing.compare import Comparison
from core.data.formats import Dataset, Example


def with_answers(comparison: Comparison, dataset: Dataset | None) -> pd.DataFrame:
    """Returns a copy of `comparison.table` with what is to be read.

    Args:
        comparison: of two runs.
        dataset: the very questions that A answered, or None.

    Returns:
        The table with `number` (int, from 1, in the dataset's order), `question` (None without the dataset) and
        `gold`, `a_answer`, `b_answer` as `span` gives them.
    """
    table = comparison.table.copy()
    examples = dataset.by_id if dataset else {}
    found = [examples.get(name) for name in table["id"]]
    table["number"] = range(1, len(table) + 1)
    table["question"] = pd.Series([example.question if example else None for example in found], table.index, object)
    bounds = {
        "gold": (table["gold_start"], table["gold_end"]),
        "a_answer": answer_bounds(comparison, "a"),
        "b_answer": answer_bounds(comparison, "b"),
    }
    for name, (starts, ends) in bounds.items():
        table[name] = [span(*one) for one in zip(found, starts.tolist(), ends.tolist(), strict=True)]
    return table


def answer_bounds(comparison: Comparison, side: str) -> tuple[pd.Series, pd.Series]:
    """Returns starts and ends (exclusive) of the answers that the criterion judges, in characters.

    The original's substring rule has answers of its own: the independent argmax of start and end.

    Args:
        comparison: of two runs.
        side: `a` or `b`.
    """
    prefix = f"{side}_original_" if comparison.criterion == "substring" else f"{side}_"
    return comparison.table[f"{prefix}start"], comparison.table[f"{prefix}end"]


def span(example: Example | None, start: int, end: int) -> str:
    """Returns the text of a span, or `[start–end]` where there is no text; empty for no answer.

    >>> span(None, 3, 8), span(None, 3, 3)
    ('[3–8]', '')
    """
    if end <= start:
        return ""
    return example.context[start:end] if example else f"[{start}–{end}]"

"""How runs are drawn: each keeps its colour, dash and marker on all pages, so that colour is never needed.

All other colours are roles of `core.reports.palette`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.reports.palette import RUNS
from core.store.runs import Run

DASHES = ("solid", "dash", "dashdot", "dot", "longdash", "longdashdot")
# Seven, so that colour, dash and marker together repeat only after 168 runs.
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "pentagon")
BADGES: dict[bool, Literal["green", "orange"]] = {True: "green", False: "orange"}
"""Streamlit's names of the colours of a right and of a wrong answer."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a run is drawn."""

    color: str
    dash: str
    symbol: str


def styles(runs: Sequence[Run]) -> dict[str, Style]:
    """Returns each run's style by name.

    Args:
        runs: the WHOLE store (`loaders.runs()`), in its order: oldest first, so that new runs change
            nobody's style.
    """
    return {run.name: style(position) for position, run in enumerate(runs)}


def style(position: int) -> Style:
    """Returns the style of the run at a position of the store."""
    return Style(*(options[position % len(options)] for options in (RUNS, DASHES, SYMBOLS)))

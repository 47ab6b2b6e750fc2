"""What a comparison has to say, kept apart from the language it is said in."""

import math
from dataclasses import dataclass, field

from core import texts


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence or a few of them.

    Attributes:
        kind: what is said, for programs: `b-better`, `different-dataset` ...
        key: the text's key in the catalogue (`core.texts`).
        values: what goes into its placeables.
    """

    kind: str
    key: str
    values: dict[str, str | int | float] = field(default_factory=dict)

    def text(self, language: str = texts.DEFAULT_LANGUAGE) -> str:
        """Returns the message in `language` (`ko` or `en`): plain text, to be escaped like any other."""
        return texts.text(self.key, language, **self.values)


def points(value: float) -> str:
    """Returns a size in points with one decimal, to the nearest: `2.0`, `13.4`. Every figure in points is said so."""
    return f"{value:.1f}"


def signed(value: float) -> str:
    """Returns a difference as `points` has it, with its sign: `+2.0`, `-7.8`, `0.0`.

    Where that would hide on which side of 0 it lies, it has a second decimal: `+0.04`.
    """
    if abs(value) < 1e-9:  # what is left of 0 after floating point
        return points(0.0)
    return f"{value:+.1f}" if float(points(value)) else f"{value:+.2f}"


def interval(
    low: float | None, high: float | None, language: str = texts.DEFAULT_LANGUAGE, between: str = " … "
) -> str:
    """Returns an interval of differences, `-0.5 … +2.0`, or in words that it cannot be told (None, NaN)."""
    if low is None or high is None or math.isnan(low):
        return texts.text("interval-unknown", language)
    return f"{signed(low)}{between}{signed(high)}"


def p_value(p: float) -> str:
    """Returns a p with its relation: `= 0.031`, `< 0.001`; one just under .05 is `< 0.05`, never `= 0.050`."""
    if p < 0.001:
        return "< 0.001"
    if 0.0495 <= p < 0.05:
        return "< 0.05"
    return f"= {p:.3f}" if p < 0.095 else f"= {p:.2f}"

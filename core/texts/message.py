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


def signed(points: float) -> str:
    """Returns a difference with its sign and one decimal: `+2.0`, `-7.8`, `0.0`."""
    rounded = round(points, 1)
    return f"{rounded:+.1f}" if rounded else "0.0"


def interval(low: float, high: float, language: str = texts.DEFAULT_LANGUAGE, between: str = " … ") -> str:
    """Returns an interval of differences, `-0.5 … +2.0`, or in words that it cannot be told, where `low` is NaN."""
    if math.isnan(low):
        return texts.text("interval-unknown", language)
    return f"{signed(low)}{between}{signed(high)}"


def p_value(p: float) -> str:
    """Returns a p with its relation: `= 0.031`, `< 0.001`."""
    return "< 0.001" if p < 0.001 else f"= {p:.3f}" if p < 0.095 else f"= {p:.2f}"

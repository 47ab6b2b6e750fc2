"""One verdict in plain words, from the figures of a comparison.

Not being able to show a difference is never called equality: every verdict but "better" says what difference this
many questions could have shown.
"""

import math

from core.scoring.statistics import ALPHA
from core.texts.message import Message, p_value, signed

VERDICTS = ("b-better", "a-better", "not-shown", "too-few", "same-outcomes", "identical")
MINIMUM_PARAGRAPHS = 10
"""Under so many paragraphs neither the interval nor the p is worth its name."""
MINIMUM_DISCORDANT_PARAGRAPHS = math.ceil(math.log2(2 / ALPHA))
"""With fewer than 6 differing paragraphs even the most extreme sign pattern has p = 2 / 2^5 > .05."""
_LIKELY = 0.20  # from this p on "expected from chance"; under it "chance could still explain it"


def decide(
    *,
    questions: int,
    right_a: int,
    right_b: int,
    discordant: int,
    paragraphs: int,
    discordant_paragraphs: int,
    difference: float,
    low: float,
    high: float,
    p: float,
    detectable: float | None,
    identical: bool,
) -> Message:
    """Returns the verdict; its `kind` is one of `VERDICTS`.

    "Better" needs both: p < .05 and an interval that leaves out 0.

    Args:
        questions: compared questions.
        right_a: questions A has right under the criterion.
        right_b: questions B has right.
        discordant: questions exactly one has right.
        paragraphs: clusters.
        discordant_paragraphs: clusters with such a question.
        difference: B - A, points (0-100).
        low: lower bound of the 95 % interval, points; NaN with `high` where it cannot be told.
        high: upper bound.
        p: clustered sign-flip p.
        detectable: minimum detectable effect, points, or None.
        identical: both gave the same span for every question.
    """
    lead = "b" if right_b > right_a else "a" if right_a > right_b else "none"
    values: dict[str, str | int | float] = {
        "lead": lead,
        "more": abs(right_b - right_a),
        "right": right_a,
        "questions": questions,
        "discordant": discordant,
        "paragraphs": paragraphs,
        "discordant_paragraphs": discordant_paragraphs,
        "difference": signed(difference),
        "low": signed(low),
        "high": signed(high),
        "p": p_value(p),
        "reach": "none" if detectable is None else "some",
        "detectable": "" if detectable is None else points(detectable),
        "possible": "" if math.isnan(low) else points(max(abs(low), abs(high))),
        "chance": "likely" if p >= _LIKELY else "possible",
        "cause": "paragraphs" if paragraphs < MINIMUM_PARAGRAPHS else "discordant",
    }
    if identical:
        kind = "identical"
    elif discordant == 0:
        kind = "same-outcomes"
    elif paragraphs < MINIMUM_PARAGRAPHS or discordant_paragraphs < MINIMUM_DISCORDANT_PARAGRAPHS:
        kind = "too-few"
    elif p < ALPHA and (low > 0 or high < 0):
        kind = "b-better" if difference > 0 else "a-better"
    else:
        kind = "not-shown"
    return Message(kind, f"verdict-{kind}", values)


def points(value: float) -> str:
    """Returns a size in points, whole from 10 on, rounded UP so that the promise holds: `13`, `2.4`."""
    return f"{math.ceil(value)}" if value >= 10 else f"{math.ceil(value * 10) / 10:.1f}"

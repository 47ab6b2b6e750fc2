"""One verdict in plain words on two models, from the figures of a comparison.

Not being able to show a difference is never called equality: "practically the same" needs an interval that lies inside
a margin set beforehand (two one-sided tests, Schuirmann 1987, J. Pharmacokinetics and Biopharmaceutics 15:657-680; the
region of practical equivalence of Benavoli, Corani, Demsar & Zaffalon 2017, JMLR 18:77).
"""

import math

import numpy as np

from core.scoring import statistics
from core.scoring.statistics import ALPHA
from core.texts.message import Message, p_value, points, signed

VERDICTS = (
    *("b-better", "a-better", "practically-same", "uncertain", "too-few"),
    *("same-outcomes", "identical", "one-recipe"),
)
MARGIN = 2.0
"""Points that count as no difference, where the user says nothing else."""
MINIMUM_PARAGRAPHS = 30
"""Under so many (effective) paragraphs no p and no interval hold in every regime of `core.comparing.simulation`."""
MINIMUM_DISCORDANT_PARAGRAPHS = math.ceil(math.log2(2 / ALPHA))
"""With fewer than 6 differing paragraphs even the most extreme sign pattern has p = 2 / 2^5 > .05."""


def untestable(sizes: np.ndarray, differing: int) -> str:
    """Returns why a difference cannot be tested: `paragraphs`, `unequal` or `discordant`; empty where it can.

    Args:
        sizes: int array (c,), the questions of each paragraph.
        differing: paragraphs in which the two sides differ.
    """
    if len(sizes) < MINIMUM_PARAGRAPHS:
        return "paragraphs"
    if statistics.effective_clusters(sizes) < MINIMUM_PARAGRAPHS:
        return "unequal"
    return "discordant" if 0 < differing < MINIMUM_DISCORDANT_PARAGRAPHS else ""


def outcome(difference: float, low: float, high: float, margin: float) -> str:
    """Returns what a tested difference says: `b-better`, `a-better`, `practically-same` or `uncertain`.

    Args:
        difference: B - A, points.
        low: lower bound of its 95 % interval, points.
        high: upper bound; p < .05 exactly where the two leave out 0.
        margin: points that count as no difference. An interval within it is "practically the same" even where it
            leaves out 0: the difference is there, and too small to matter.
    """
    if -margin < low and high < margin:
        return "practically-same"
    if low > 0 or high < 0:
        return "b-better" if difference > 0 else "a-better"
    return "uncertain"


def decide(
    *,
    questions: int,
    right_a: int,
    right_b: int,
    discordant: int,
    sizes: np.ndarray,
    discordant_paragraphs: int,
    difference: float,
    low: float | None,
    high: float | None,
    p: float | None,
    margin: float,
    detectable: float | None,
    identical: bool,
    one_recipe: bool,
) -> Message:
    """Returns the verdict on two models; its `kind` is one of `VERDICTS`.

    Args:
        questions: compared questions.
        right_a: questions A has right under the criterion.
        right_b: questions B has right.
        discordant: questions exactly one has right.
        sizes: int array (c,), the questions of each paragraph.
        discordant_paragraphs: paragraphs with a discordant question.
        difference: B - A, points (0-100).
        low: lower bound of the 95 % interval, points; None where `untestable` says why.
        high: upper bound.
        p: of the same test.
        margin: points that count as no difference.
        detectable: minimum detectable effect, points, or None.
        identical: both gave the same span for every question.
        one_recipe: A and B differ by their seed alone; then neither is better.
    """
    lead = "b" if right_b > right_a else "a" if right_a > right_b else "none"
    cause = untestable(sizes, discordant_paragraphs)
    values: dict[str, str | int | float] = {
        "lead": lead,
        "more": abs(right_b - right_a),
        "right": right_a,
        "questions": questions,
        "discordant": discordant,
        "paragraphs": len(sizes),
        "effective": f"{statistics.effective_clusters(sizes):.0f}",
        "least": MINIMUM_PARAGRAPHS,
        "discordant_paragraphs": discordant_paragraphs,
        "difference": signed(difference),
        "low": "" if low is None else signed(low),
        "high": "" if high is None else signed(high),
        "p": "" if p is None else p_value(p),
        "margin": f"{margin:g}",
        "reach": "none" if detectable is None else "some",
        "detectable": "" if detectable is None else points(detectable),
        "possible": "" if high is None else points(high),
        "cause": cause or "none",
    }
    if identical:
        kind = "identical"
    elif one_recipe:
        kind = "one-recipe"
    elif cause or low is None or high is None:
        kind = "too-few"
    elif discordant == 0:
        kind = "same-outcomes"
    else:
        kind = outcome(difference, low, high, margin)
    return Message(kind, f"verdict-{kind}", values)

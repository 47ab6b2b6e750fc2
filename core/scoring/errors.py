"""Kinds of right and wrong answers, so that a difference of two runs says in WHAT WAY they differ.

Every prediction has exactly one type, the first that holds in this order:

1. `exact`: official exact match, and the span touches a gold answer with that text.
2. `right-text-elsewhere`: official exact match (it SCORES as right), but at a place that no such gold answer touches:
   the model may have been lucky.
3. `empty`: no answer.
4. `outside-window`: no window held the whole gold answer, so the model had no chance to be exact.
5. `josa`: touches the gold answer and differs from it by one trailing particle, too many or missing.
6. `boundary-long`, `boundary-short`, `boundary-shifted`: contains the gold span, lies inside it, overlaps it partly.
7. `same-sentence`: no overlap, but no sentence ends between the two.
8. `elsewhere`: all others.

Types 3 to 8 are told against the gold answer with the best F1 (the first on ties).
"""

import re

from core.data.formats import Answer, Example
from core.data.korean import is_josa
from core.scoring.normalization import characters, normalize

ERROR_TYPES = (
    "exact",
    "right-text-elsewhere",
    "josa",
    "boundary-long",
    "boundary-short",
    "boundary-shifted",
    "same-sentence",
    "elsewhere",
    "outside-window",
    "empty",
)
"""All types, from right to worst: the order of tables and charts."""

SENTENCE_END = re.compile(r"(?<=[.!?。…])[\"'”’」』)\]]*\s+|\n+")


def same_sentence(context: str, start: int, end: int, gold: Answer) -> bool:
    """Tells whether no sentence ends between the span (end exclusive) and a gold answer it does not overlap."""
    first, last = (end, gold.start) if end <= gold.start else (gold.end, start)
    return SENTENCE_END.search(context, first, last) is None


def classify(
    example: Example,
    start: int,
    end: int,
    right: bool,
    gold: Answer,
    covered: bool,
) -> str:
    """Returns the type of one prediction, one of `ERROR_TYPES`.

    Args:
        example: the question.
        start: first character of the answer in the context, inclusive.
        end: exclusive; `start == end` is no answer.
        right: the official exact match.
        gold: the gold answer with the best F1.
        covered: some window held the whole gold answer.
    """
    if right:
        text = normalize(example.context[start:end])
        touched = any(
            start < answer.end and answer.start < end and normalize(answer.text) == text for answer in example.answers
        )
        return "exact" if touched else "right-text-elsewhere"
    if end <= start:
        return "empty"
    if not covered:
        return "outside-window"
    if not (start < gold.end and gold.start < end):
        return "same-sentence" if same_sentence(example.context, start, end, gold) else "elsewhere"
    answer, wanted = characters(example.context[start:end]), characters(gold.text)
    shorter, longer = sorted((answer, wanted), key=len)
    if longer.startswith(shorter) and is_josa(shorter, longer[len(shorter) :]):
        return "josa"
    if start <= gold.start and gold.end <= end:
        return "boundary-long"
    return "boundary-short" if gold.start <= start and end <= gold.end else "boundary-shifted"

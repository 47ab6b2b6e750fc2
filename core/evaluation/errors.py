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

from core.data.squad import Answer, Example
from core.evaluation.normalization import characters, normalize

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

# A closed list of particles, split by the sound they follow (allomorphs): "사과" minus "과" is no particle, as 과 needs
# a final consonant before it. The copula 이다 is a particle in Korean school grammar and sticks to answers like one.
_AFTER_CONSONANT = (
    "은 이 을 과 으로 으로서 으로써 이랑 이나 이라 이라고 이라는 이란 이다 이며 이고 이자 이었다 이었던 이라도 이든"
).split()
_AFTER_VOWEL = "는 가 를 와 로 로서 로써 랑 나 라 라고 라는 란 다 며 고 자 였다 였던 라도 든".split()
_AFTER_ANY = (
    "의 에 에서 에게 에게서 께 께서 한테 한테서 하고 도 만 까지 부터 마저 조차 밖에 처럼 보다 같이 만큼 대로 마다 "
    "뿐 인 였으며 이었으며"
).split()
_ADVERBIAL = "에 에서 에게 에게서 께 한테 까지 부터 만 처럼 보다 하고 대로 만큼".split()
_AUXILIARY = "는 은 도 만 의 이 가 을 를".split()
_BY_FINAL = {
    True: frozenset(_AFTER_CONSONANT + _AFTER_ANY + ["과는", "과의", "과도", "으로는", "으로도", "으로의", "으로만"]),
    False: frozenset(_AFTER_VOWEL + _AFTER_ANY + ["와는", "와의", "와도", "로는", "로도", "로의", "로만"]),
}
_COMPOUND = frozenset(
    first + second
    for first in _ADVERBIAL
    for second in _AUXILIARY
    if (second in "는가를") != bool((ord(first[-1]) - 0xAC00) % 28) or second in "도만의"
)
_RIEUL = 8  # the final consonant after which 로 is said, not 으로
SENTENCE_END = re.compile(r"(?<=[.!?。…])[\"'”’」』)\]]*\s+|\n+")


def is_josa(stem: str, suffix: str) -> bool:
    """Tells whether `suffix` is a particle that can follow `stem`.

    After a Hangul syllable the allomorph must agree with its final consonant; after anything else (a figure, a Latin
    letter) every particle may stand.

    >>> is_josa("서울", "은"), is_josa("서울", "는"), is_josa("1392", "년")
    (True, False, False)
    """
    if not stem or not suffix:
        return False
    if suffix in _COMPOUND:
        return True
    last = ord(stem[-1]) - 0xAC00
    if not 0 <= last < 11_172:
        return suffix in _BY_FINAL[True] or suffix in _BY_FINAL[False]
    if last % 28 == _RIEUL and suffix.startswith("로"):
        return suffix in _BY_FINAL[False]
    return suffix in _BY_FINAL[bool(last % 28)]


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

"""Kinds of right and wrong answers, so that a difference of two runs says in WHAT WAY they differ.

Every prediction has exactly one type, the first below whose function holds. A new type is a new function here, at the
place in that order, with a raised `ERROR_TYPES_VERSION`, and the texts `error-NAME` and `compare-why-NAME`.

Wrong answers are told apart against the gold answer with the best F1 (the first on ties).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from core.data.formats import Answer, Example
from core.data.korean import is_josa
from core.scoring.normalization import characters, normalize

ERROR_TYPES_VERSION = 1
"""Types of two predictions can be compared only when the same rules told them; raised with every change of these."""

SENTENCE_END = re.compile(r"(?<=[.!?。…])[\"'”’」』)\]]*\s+|\n+")


@dataclass(frozen=True, slots=True)
class Case:
    """One answer to be given a type.

    Attributes:
        example: The question.
        start: First character of the answer in the context, inclusive.
        end: Exclusive; `start == end` is no answer.
        right: The official exact match.
        gold: The gold answer with the best F1.
        covered: Some window held the whole gold answer.
    """

    example: Example
    start: int
    end: int
    right: bool
    gold: Answer
    covered: bool

    @property
    def text(self) -> str:
        """The answer's text."""
        return self.example.context[self.start : self.end]

    def touches(self, gold: Answer) -> bool:
        """Tells whether the answer and a gold answer have a character in common."""
        return self.start < gold.end and gold.start < self.end


_Rule = Callable[[Case], bool]
_RULES: dict[str, _Rule] = {}
_SEVERITY: dict[str, int] = {}


def _type(name: str, severity: int) -> Callable[[_Rule], _Rule]:
    """Registers the next type; tables and charts list them by severity, 0 is right."""

    def register(rule: _Rule) -> _Rule:
        _RULES[name], _SEVERITY[name] = rule, severity
        return rule

    return register


@_type("exact", 0)
def _exact(case: Case) -> bool:
    """Official exact match that touches a gold answer with that text."""
    text = normalize(case.text)
    return case.right and any(
        case.touches(answer) and normalize(answer.text) == text for answer in case.example.answers
    )


@_type("right-text-elsewhere", 10)
def _right_text_elsewhere(case: Case) -> bool:
    """Official exact match (it SCORES as right) at another place: the model may have been lucky."""
    return case.right


@_type("empty", 90)
def _empty(case: Case) -> bool:
    """No answer."""
    return case.end <= case.start


@_type("outside-window", 80)
def _outside_window(case: Case) -> bool:
    """No window held the whole gold answer, so the model had no chance to be exact."""
    return not case.covered


@_type("josa", 20)
def _josa(case: Case) -> bool:
    """Touches the gold answer and differs from it by one trailing particle, too many or missing."""
    shorter, longer = sorted((characters(case.text), characters(case.gold.text)), key=len)
    return case.touches(case.gold) and longer.startswith(shorter) and is_josa(shorter, longer[len(shorter) :])


@_type("boundary-long", 30)
def _boundary_long(case: Case) -> bool:
    """Contains the gold span."""
    return case.start <= case.gold.start and case.gold.end <= case.end


@_type("boundary-short", 40)
def _boundary_short(case: Case) -> bool:
    """Lies inside the gold span."""
    return case.gold.start <= case.start and case.end <= case.gold.end


@_type("boundary-shifted", 50)
def _boundary_shifted(case: Case) -> bool:
    """Overlaps the gold span partly."""
    return case.touches(case.gold)


@_type("same-sentence", 60)
def _same_sentence(case: Case) -> bool:
    """No sentence ends between the answer and the gold answer."""
    return same_sentence(case.example.context, case.start, case.end, case.gold)


@_type("elsewhere", 70)
def _elsewhere(case: Case) -> bool:
    """All others."""
    return True


ERROR_TYPES = tuple(sorted(_RULES, key=_SEVERITY.__getitem__))
"""All types, from right to worst: the order of tables and charts."""


def same_sentence(context: str, start: int, end: int, gold: Answer) -> bool:
    """Tells whether no sentence ends between the span (end exclusive) and a gold answer it does not overlap."""
    first, last = (end, gold.start) if end <= gold.start else (gold.end, start)
    return SENTENCE_END.search(context, first, last) is None


def classify(case: Case) -> str:
    """Returns the type of one answer, one of `ERROR_TYPES`."""
    return next(name for name, rule in _RULES.items() if rule(case))

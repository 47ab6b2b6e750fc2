"""KorQuAD's official scores against a second statement of the rules, on made-up answers of every awkward kind.

The rules: replace each of ' " 《 》 < > 〈 〉 ( ) ‘ ’ by a space; lower-case; delete every ASCII punctuation character;
collapse white space. Exact match: equal then. F1: on characters without white space, as multisets. Best over golds.
"""

import math
import string
from fractions import Fraction

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data import catalogue
from core.data.formats import Answer, Example
from core.scoring import metrics
from tests.comparing.factory import dataset

CHARACTERS = "가나다ㄱ각\u1100\u1161aAbBİΣß1 2\t\n\u00a0\u3000'\"《》<>〈〉()‘’.,!?-%_~。·…「」"
texts = st.text(st.sampled_from(CHARACTERS), max_size=8) | st.text(max_size=5)


def words(text: str) -> list[str]:
    for mark in ("'", '"', "《", "》", "<", ">", "〈", "〉", "(", ")", "‘", "’"):
        text = " ".join(text.split(mark))
    return [word for word in "".join(c for c in text.lower() if c not in string.punctuation).split() if word]


def overlap(prediction: str, gold: str) -> Fraction:
    """F1 as a fraction: twice the common characters over all of them."""
    guessed, wanted = "".join(words(prediction)), "".join(words(gold))
    common = sum(min(guessed.count(character), wanted.count(character)) for character in set(guessed))
    return Fraction(2 * common, len(guessed) + len(wanted)) if common else Fraction(0)


@given(texts, st.lists(texts, min_size=1, max_size=3))
@settings(max_examples=500, deadline=None)
def test_single_answers(prediction, golds):
    assert metrics.exact_match(prediction, golds) is any(words(prediction) == words(gold) for gold in golds)
    best = max(overlap(prediction, gold) for gold in golds)
    assert math.isclose(metrics.f1(prediction, golds), best, rel_tol=1e-15)


@given(texts.filter(bool), st.data())
@settings(max_examples=300, deadline=None)
def test_spans_of_a_context(context, data):
    """The table's scores are those of the texts, the empty answer and golds that normalise to nothing included."""
    bounds = st.tuples(st.integers(0, len(context)), st.integers(0, len(context))).map(sorted)
    (start, end), (gold_start, gold_end) = data.draw(bounds), data.draw(bounds.filter(lambda b: b[0] < b[1]))
    answer, gold = context[start:end], context[gold_start:gold_end]
    question = Example("q", "?", context, (Answer(gold, gold_start),), "", 0, 0)
    table = metrics.score(dataset(question), pd.DataFrame({"id": ["q"], "start": [start], "end": [end]}))
    assert bool(table["exact_match"][0]) is (words(answer) == words(gold))
    assert table["f1"].dtype == "float64"
    assert math.isclose(table["f1"][0], overlap(answer, gold), rel_tol=1e-15)


def test_no_gold_answer_of_mini_ko_normalises_to_nothing():
    """So version 1 of the scorer, where the empty answer was never right, gave the same scores."""
    assert all(words(answer.text) for example in catalogue.load("mini-ko").examples for answer in example.answers)


def test_no_gold_answer_of_korquad_normalises_to_nothing(korquad_dev):
    assert all(words(answer.text) for example in korquad_dev.examples for answer in example.answers)


def test_version_1_of_the_scorer_differs_for_empty_answers_alone():
    spans = pd.DataFrame({"start": [3, 5], "end": [4, 9]})
    assert metrics.scorer("korquad-1.0/1", spans) == metrics.SCORER_VERSION
    assert metrics.scorer("korquad-1.0/1", spans.assign(end=[3, 9])) == "korquad-1.0/1"
    assert metrics.scorer("squad/1", spans) == "squad/1"

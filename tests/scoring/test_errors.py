"""Kinds of errors on made-up sentences."""

from dataclasses import replace

import pandas as pd
import pytest

from core.data.formats import Answer
from core.data.korean import is_josa
from core.scoring import errors, metrics
from tests.comparing.factory import dataset, example

CONTEXT = "이순신 장군은 서울에서 태어났다. 서울은 조선의 수도였다! 부산에는 3.5미터 배가 있다."
SECOND = CONTEXT.index("서울은")


def kind(
    prediction: str | tuple[int, int], gold: str | list[str], *, covered: bool = True, at: int = 0, gold_at: int = 0
):
    if isinstance(prediction, str):
        start = CONTEXT.index(prediction, at)
        span = (start, start + len(prediction))
    else:
        span = prediction
    spans = pd.DataFrame({"id": ["q"], "start": [span[0]], "end": [span[1]], "gold_covered": [covered]})
    return metrics.score(dataset(example(CONTEXT, gold, at=gold_at)), spans)["error_type"][0]


@pytest.mark.parametrize(
    ("prediction", "gold", "expected"),
    [
        ("이순신 장군", "이순신 장군", "exact"),
        ("수도였다!", "수도였다", "exact"),  # the same after normalising, and it touches the gold
        ("서울에서", "서울", "josa"),
        ("서울", "서울에서", "josa"),  # one particle missing
        ("3.5미터", "3.5", "boundary-long"),
        ("이순신 장군은 서울에서", "장군", "boundary-long"),
        ("순신", "이순신", "boundary-short"),
        ("장군은 서울", "이순신 장군", "boundary-shifted"),
        ("태어났다", "이순신", "same-sentence"),
        ("배가", "부산", "same-sentence"),  # the point of 3.5 ends no sentence
        ("조선", "이순신", "elsewhere"),
        ("이순신", "부산", "elsewhere"),
        ((3, 3), "이순신", "empty"),
    ],
)
def test_types(prediction, gold, expected):
    assert kind(prediction, gold) == expected


def test_the_right_text_elsewhere_is_not_exact_though_it_scores():
    assert kind("서울", "서울", at=SECOND) == "right-text-elsewhere"
    assert kind("서울", "서울", at=SECOND, gold_at=SECOND) == "exact"


def test_a_second_gold_at_that_place_makes_it_exact():
    assert kind("부산", ["이순신", "부산"]) == "exact"


def test_a_particle_at_another_place_is_no_josa_error():
    assert kind("서울은", "서울") == "elsewhere"


def test_outside_the_window_comes_before_what_could_not_be_helped():
    assert kind("순신", "이순신", covered=False) == "outside-window"
    assert kind("이순신", "이순신", covered=False) == "exact"
    assert kind((0, 0), "이순신", covered=False) == "empty"


@pytest.mark.parametrize(
    ("stem", "suffix", "expected"),
    [
        ("서울", "은", True),
        ("서울", "는", False),
        ("사과", "는", True),
        ("사", "과", False),  # 과 needs a final consonant: 사과 is a word
        ("서울", "로", True),  # after ㄹ
        ("부산", "로", False),
        ("부산", "으로", True),
        ("1392년", "에는", True),
        ("1392년", "에은", False),
        ("BTS", "는", True),
        ("BTS", "은", True),
        ("서울", "시", False),
        ("서울", "", False),
        ("", "은", False),
        ("사람", "이었다", True),
    ],
)
def test_particles(stem, suffix, expected):
    assert is_josa(stem, suffix) is expected


def test_a_sentence_that_ends_with_the_answer_ends_there():
    text = "가나다. 라마바\n사아자"
    assert not errors.same_sentence(text, 5, 8, Answer("가나다.", 0))
    assert not errors.same_sentence(text, 5, 8, Answer("사아자", 9))
    assert errors.same_sentence(text, 5, 6, Answer("바", 7))


def test_a_type_is_one_function_in_order():
    assert errors.ERROR_TYPES[0] == "exact" and errors.ERROR_TYPES[-1] == "empty"
    assert len(errors.ERROR_TYPES) == 10
    case = errors.Case(example(CONTEXT, "이순신"), 0, 3, True, Answer("이순신", 0), True)
    assert errors.classify(case) == "exact"
    assert errors.classify(replace(case, right=False)) == "boundary-long"


def test_a_new_type_needs_nothing_but_its_function(monkeypatch):
    monkeypatch.setattr(errors, "_RULES", {"never": lambda case: False, "always": lambda case: True, **errors._RULES})
    assert kind("이순신", "이순신") == "always"


def test_an_empty_answer_that_scores_is_no_empty_answer():
    """The official script compares normalised texts: a gold answer of brackets alone is equal to nothing."""
    text = "책은 《》이다."
    spans = pd.DataFrame({"id": ["q"], "start": [0], "end": [0]})
    scored = metrics.score(dataset(example(text, "《》")), spans)
    assert scored["exact_match"][0] and scored["error_type"][0] == "right-text-elsewhere"

"""The original's 102-question rule and what it rewards."""

import numpy as np
import pandas as pd
import pytest

from core.scoring import original_rule
from tests.comparing.factory import example

CONTEXT = "조선의 장군 이순신은 1545년 서울에서 태어났다."
EXAMPLES = (example(CONTEXT, "이순신", name="a"), example(CONTEXT, ["1545년", "서울"], name="b"))


def spans(*texts: str) -> tuple[list[int], list[int]]:
    starts = [CONTEXT.index(text) for text in texts]
    return starts, [start + len(text) for start, text in zip(starts, texts, strict=True)]


def test_the_gold_string_as_a_substring_is_right():
    result = original_rule.judge(EXAMPLES, *spans("장군 이순신은", "서울에서"))
    assert result.contains.tolist() == [True, True]
    assert result.exact.tolist() == [False, False]
    assert (result.questions, result.count, result.exact_count, result.median_length) == (2, 2, 0, 5.5)


def test_exact_cut_and_crossed_answers():
    assert original_rule.judge(EXAMPLES, *spans("이순신", "1545")).exact.tolist() == [True, False]
    assert original_rule.judge(EXAMPLES, *spans("이순", "1545년")).contains.tolist() == [False, True]
    # Independent argmax may put the end before the start: an empty answer, never right.
    crossed = original_rule.judge(EXAMPLES, [20, 9], [3, 9])
    assert crossed.count == 0
    assert crossed.lengths.tolist() == [0, 0]


def test_nothing_is_normalised():
    quoted = example("그는 '이순신' 장군", "'이순신'")
    assert original_rule.judge([quoted], [4], [7]).count == 0


def test_the_whole_context_is_always_right_and_never_exact():
    result = original_rule.judge(EXAMPLES, *original_rule.whole_context(EXAMPLES))
    assert (result.count, result.exact_count, result.median_length) == (2, 0, len(CONTEXT))


def test_first_characters():
    starts, ends = original_rule.first_characters(EXAMPLES, 10)
    assert [CONTEXT[s:e] for s, e in zip(starts, ends, strict=True)] == ["조선의 장군 이순신"] * 2
    assert original_rule.judge(EXAMPLES, starts, ends).contains.tolist() == [True, False]
    assert original_rule.first_characters(EXAMPLES, 999)[1].tolist() == [len(CONTEXT)] * 2


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (0, ["조선", "서울"]),
        (1, ["조선의", "서울에서"]),  # the rest of a cut word is the first one
        (2, ["조선의 장군", "서울에서 태어났다."]),
        (3, ["조선의 장군 이순신은", "서울에서 태어났다."]),  # stops at the end
    ],
)
def test_lengthen(words, expected):
    starts, ends = original_rule.lengthen(EXAMPLES, *spans("조선", "서울"), words)
    assert [CONTEXT[s:e] for s, e in zip(starts, ends, strict=True)] == expected


def test_lengthening_an_empty_answer_starts_where_it_starts():
    starts, ends = original_rule.lengthen(EXAMPLES[:1], [7], [2], 1)
    assert CONTEXT[starts[0] : ends[0]] == "이순신은"


def test_from_table_takes_the_first_questions_in_order():
    table = pd.DataFrame(
        {
            "original_start": np.zeros(150, int),
            "original_end": np.arange(150),
            "original_contains": np.arange(150) % 2 == 0,
            "original_exact": np.arange(150) == 4,
        }
    )
    result = original_rule.from_table(table)
    assert (result.questions, result.count, result.exact_count, result.median_length) == (102, 51, 1, 50.5)


def test_the_original_102_questions(korquad_dev):
    examples = korquad_dev.examples[: original_rule.QUESTIONS]
    whole = original_rule.judge(examples, *original_rule.whole_context(examples))
    assert (whole.count, whole.exact_count) == (102, 0)
    gold = original_rule.judge(examples, [e.answers[0].start for e in examples], [e.answers[0].end for e in examples])
    assert (gold.count, gold.exact_count) == (102, 102)


def test_a_crossed_answer_of_a_table_has_no_length():
    none = {"original_contains": [False] * 3, "original_exact": [False] * 3}
    result = original_rule.from_table(pd.DataFrame({"original_start": [9, 7, 5], "original_end": [3, 7, 6], **none}))
    assert result.lengths.tolist() == [0, 0, 1]

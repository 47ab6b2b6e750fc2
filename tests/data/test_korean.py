"""Edges of words, by hand."""

import unicodedata

import pytest

from core.data import korean


@pytest.mark.parametrize(
    ("text", "start", "end", "expected"),
    [
        ("옛 서울에서는 살았다", 3, 4, "서울"),  # the rest of the word is a particle
        ("옛 서울에서는 살았다", 3, 5, "서울에서"),
        ("옛 서울에서는 살았다", 6, 7, "서울에서는"),
        ("싸이버스카이가 있다", 0, 4, "싸이버스카이"),
        ("그는 우섬에 갔다", 4, 5, "우섬"),
        ("책 《겨울나무》의 값", 4, 5, "겨울나무"),  # punctuation belongs to no word
        ("약 29.5306일이다", 5, 9, "29.5306일"),
        ("나무이며 숲", 0, 1, "나무"),
        ("가  나", 1, 3, ""),  # white space alone
        ("가  나", 1, 4, "나"),
    ],
)
def test_an_answer_is_whole_words(text, start, end, expected):
    starts, ends = korean.edges(text)
    assert text[starts[start] : ends[end]] == expected
    assert len(starts) == len(ends) == len(text) + 1


def test_decomposed_hangul_has_the_same_words():
    text = "서울에서는 1,234.5명이 살았다"
    apart = unicodedata.normalize("NFD", text)
    places = [len(unicodedata.normalize("NFD", text[:i])) for i in range(len(text) + 1)]
    for whole, split in zip(korean.edges(text), korean.edges(apart), strict=True):
        assert [places[i] for i in whole] == split[places].tolist()


def test_edges_only_widen_but_for_white_space():
    text = '서울에서는 "책을" 샀다 '
    starts, ends = korean.edges(text)
    for i, character in enumerate(text):
        assert character.isspace() or (starts[i] <= i and ends[i + 1] >= i + 1)
    assert (starts[len(text)], ends[0]) == (len(text), 0)


@pytest.mark.parametrize(
    ("particle", "word", "form"),
    [
        ("은", "누구", "는"),
        ("가", "무엇", "이"),
        ("를", "몇 명", "을"),
        ("으로", "어디", "로"),
        ("로", "무엇", "으로"),
        ("으로", "서울", "로"),
        ("와", "무엇", "과"),
        ("라는", "사람", "이라는"),
        ("에서", "누구", "에서"),
        ("는", "712", "는"),
    ],
)
def test_agree(particle, word, form):
    assert korean.agree(particle, word) == form


def test_an_ending_of_a_verb_does_not_agree():
    assert korean.agrees("을", "책")
    assert not korean.agrees("는", "먹")
    assert korean.agrees("는", "NATO")

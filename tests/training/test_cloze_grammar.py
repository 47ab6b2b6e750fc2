"""Forms of predicates, and kinds of nouns."""

import pytest

from core.training.cloze import grammar


@pytest.mark.parametrize(
    ("predicate", "before_noun", "asking"),
    [
        ("졸업하였다", "졸업한", "졸업하였는가"),
        ("태어났다", "태어난", "태어났는가"),
        ("만들었다", "만든", "만들었는가"),
        ("받았다", "받은", "받았는가"),
        ("이루어졌다", "이루어진", "이루어졌는가"),
        ("왔다", "온", "왔는가"),
        ("배웠다", "배운", "배웠는가"),
        ("됐다", "된", "됐는가"),
        ("불렀다", "부른", "불렀는가"),
        ("이었다", "이었던", "이었는가"),
        ("이다", "인", "인가"),
        ("한다", "하는", "하는가"),
        ("먹는다", "먹는", "먹는가"),
        ("높다", "높은", "높은가"),
        ("크다", "큰", "큰가"),
        ("있다", "있는", "있는가"),
        ("않았다", "않은", "않았는가"),
        ("했겠다", None, None),
        ("학교", None, None),
        ("다", None, None),
        ("12다", None, None),
    ],
)
def test_predicates(predicate, before_noun, asking):
    assert grammar.adnominal(predicate) == before_noun
    assert grammar.asking(predicate) == asking


@pytest.mark.parametrize(
    ("linking", "plain"),
    [
        ("낙선했으나", "낙선했다"),
        ("가입하여", "가입했다"),
        ("되고", "되었다"),
        ("열었고", "열었다"),
        ("있고", None),
        ("학교", None),
        ("하나", None),
    ],
)
def test_plain_form(linking, plain):
    assert grammar.plain_form(linking) == plain


@pytest.mark.parametrize(
    ("last_word", "particle", "words", "rare", "kind"),
    [
        ("1874년", "에", 1, False, "date"),
        ("2일", "", 3, False, "date"),
        ("1990년대", "에", 1, False, "date"),
        ("12곳", "이", 1, False, "number"),
        ("제3회", "", 1, False, "number"),
        ("30년", "", 1, False, "number"),
        ("시장", "은", 2, False, "person"),
        ("시장", "은", 1, False, "thing"),
        ("서울", "에서", 1, False, "place"),
        ("누리대학교", "를", 1, True, "place"),
        ("동시", "에", 1, False, "thing"),
        ("조개잡이", "에게", 1, False, "person"),
        ("한도윤", "은", 1, True, "person"),
        ("한도윤", "은", 1, False, "thing"),
        ("방파제", "를", 1, True, "thing"),
    ],
)
def test_kind(last_word, particle, words, rare, kind):
    assert grammar.kind(last_word, particle, words, rare) == kind


def test_a_number_is_asked_with_its_unit():
    assert grammar.interrogatives("number", "12곳") == (("몇 곳",), "것")
    assert "얼마" in grammar.interrogatives("number", "3,500원")[0]
    assert grammar.interrogatives("date", "1874년") == (("언제", "언제", "몇 년"), "해")

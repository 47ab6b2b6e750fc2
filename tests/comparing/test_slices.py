"""Slices of gold data, and differences within them."""

import numpy as np
import pandas as pd
import pytest

from core.comparing import slices
from core.comparing.compare import compare
from core.scoring import statistics
from tests.comparing.factory import dataset, example, predictions


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("거북선을 만든 사람은 누구인가?", "who"),
        ("누가 이 법을 만들었는가?", "who"),
        ("거북선을 만든 장군은?", "who"),
        ("이 노래를 부른 가수는?", "who"),  # 가수 holds 수, which alone asks how many
        ("그가 존경한 사람의 이름은?", "who"),
        ("그가 세운 학교의 이름은?", "what"),
        ("임진왜란은 언제 일어났는가?", "when"),
        ("그가 졸업한 해는?", "when"),
        ("회사를 세운 연도는 무엇인가?", "when"),
        ("몇 년도에 태어났나?", "when"),
        ("며칠에 열렸는가?", "when"),
        ("그 강은 어디에 있는가?", "where"),
        ("그가 태어난 곳은?", "where"),
        ("그 결혼식이 열린 나라는?", "where"),
        ("이 섬의 가장 높은 산은 무엇인가?", "what"),
        ("임진왜란 때 그가 쓴 책은?", "what"),  # 왜 within a name asks nothing
        ("어느 대학교를 졸업했나?", "which"),
        ("무슨 별명으로 불렸는가?", "which"),
        ("어떠한 병을 앓았는가?", "which"),
        ("형제는 몇 명인가?", "how-many"),
        ("그 배의 무게는 얼마인가?", "how-many"),
        ("그 산의 높이는?", "how-many"),
        ("관객의 수는?", "how-many"),
        ("소금은 어떻게 만드는가?", "how"),
        ("그의 기분은 어떠했는가?", "how"),
        ("소금을 얻는 방법은?", "how"),
        ("왜 전쟁이 일어났는가?", "why"),
        ("전쟁이 일어난 이유는 무엇인가?", "why"),
        ("어디에도 알리지 않은 사람은?", "who"),  # 어디에도 asks nothing
        ("누구나 아는 이 노래의 제목은?", "what"),
        ("어떻게 만드는지 쓴 책은 무엇인가?", "what"),  # the last interrogative decides
        ("답을 고르시오.", "other"),
    ],
)
def test_question_types(question, expected):
    assert slices.question_type(question) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("1592년", "number-or-date"),
        ("약 30%", "number-or-date"),
        ("세 명", "number-or-date"),
        ("삼십 년", "number-or-date"),
        ("이회성", "name-like"),  # 이 and 회 are a numeral and a unit, but not here
        ("이순신 장군", "name-like"),
        ("서울특별시", "name-like"),
        ("물가의 상승", "phrase"),
        ("비가 오지 않고 더워서", "phrase"),
    ],
)
def test_answer_kinds(answer, expected):
    assert slices.answer_kind(answer) == expected


def test_overlap_by_hand():
    # Question bigrams: 조선 선의, 수도 도는, 어디. The answer's sentence has 조선 선의 수도: 3 of 5.
    context = "첫 문장이다. 조선의 수도였던 서울이다. 도는 어디."
    one = example(context, "서울", question="조선의 수도는 어디?")
    assert slices.overlap(one.question, one.context, one.answers[0]) == pytest.approx(3 / 5)


def test_features_by_hand():
    short = example("서울에서 " + "가" * 295, "서울", question="어디?", name="a")
    long = example("가나 " * 200 + "1592년 4월 13일", "1592년 4월 13일", question="언제?", name="b", paragraph=1)
    table = slices.features(dataset(short, long))
    expected = [
        ["a", "where", "1-2", "name-like", "beginning", "under-400", "low", 0, "title"],
        ["b", "when", "11-or-more", "number-or-date", "end", "600-or-more", "low", 0, "title"],
    ]
    assert table.astype(object).to_numpy().tolist() == expected


def test_every_question_of_korquad_is_in_a_slice_of_every_dimension(korquad_dev):
    table = slices.features(korquad_dev)
    assert len(table) == 5774
    assert table.notna().all().all()
    types = table["question_type"].value_counts()
    assert types["other"] < 30
    assert (types[["who", "when", "where", "how-many"]] > 400).all()


def made_up_slices(count: int) -> pd.DataFrame:
    half = np.where(np.arange(count) < count // 2, "who", "when")
    table = pd.DataFrame({"id": [f"q{row}" for row in range(count)], "question_type": half})
    table["question_type"] = pd.Categorical(half, slices.QUESTION_TYPES)
    return table


class TestDifferences:
    def test_a_difference_in_one_slice_alone(self):
        chance = np.random.default_rng(0)
        a = chance.random(200) < 0.4
        b = a.copy()
        b[:100] |= chance.random(100) < 0.5  # only the first half gets better
        comparison = compare(predictions(a), predictions(b, run="b"))
        found = slices.slice_differences(comparison, made_up_slices(200), dimensions=["question_type"])
        who, when = found.iloc[0], found.iloc[1]
        assert found["slice"].tolist() == ["who", "when"]
        assert found["questions"].tolist() == [100, 100]
        assert found["exploratory"].all()
        assert who["difference"] == pytest.approx(100 * (b[:100].mean() - a[:100].mean()))
        assert who["low"] > 0
        assert (when["difference"], when["p"]) == (0.0, 1.0)
        assert (when["low"], when["high"]) == (pytest.approx(-2.951, abs=1e-3), pytest.approx(2.951, abs=1e-3))
        # Benjamini-Hochberg by hand: the smaller p is doubled, the larger stays.
        assert who["p_adjusted"] == pytest.approx(2 * who["p"])
        assert when["p_adjusted"] == 1.0

    def test_a_slice_of_everything_agrees_with_the_comparison(self):
        chance = np.random.default_rng(1)
        clusters = np.arange(240) // 6
        a, b = chance.random(240) < 0.5, chance.random(240) < 0.6
        comparison = compare(predictions(a, clusters), predictions(b, clusters, run="b"))
        table = pd.DataFrame({"id": comparison.table["id"], "question_type": pd.Categorical(["who"] * 240, ["who"])})
        row = slices.slice_differences(comparison, table, dimensions=["question_type"]).iloc[0]
        assert row["difference"] == pytest.approx(comparison.right.difference)
        assert row["low"] == pytest.approx(comparison.right.low, abs=0.7)
        assert row["high"] == pytest.approx(comparison.right.high, abs=0.7)
        assert row["p"] == pytest.approx(comparison.right.p, abs=0.02)

    def test_too_few_questions_or_paragraphs_give_no_figure(self):
        right = np.zeros(60, bool)
        comparison = compare(predictions(right, np.arange(60) // 6), predictions(~right, np.arange(60) // 6, run="b"))
        few = slices.slice_differences(comparison, made_up_slices(60), dimensions=["question_type"])
        assert few["questions"].tolist() == [30, 30]
        assert few["paragraphs"].tolist() == [5, 5]
        assert few["too_few"].all()
        assert few[["a", "b", "difference", "low", "high", "p", "p_adjusted"]].isna().all().all()
        enough = slices.slice_differences(
            comparison, made_up_slices(60), dimensions=["question_type"], minimum_paragraphs=5
        )
        assert enough["difference"].tolist() == [100.0, 100.0]
        assert enough["p"].tolist() == [2 / 2**5] * 2

    def test_articles_and_questions_without_features(self):
        comparison = compare(predictions([True] * 4), predictions([False] * 4, run="b"))
        table = pd.DataFrame({"id": ["q0", "q1", "q3"], "article": [2, 2, 10]})
        found = slices.slice_differences(comparison, table, dimensions=["article"])
        assert found[["dimension", "slice", "questions"]].to_numpy().tolist() == [
            ["article", "2", 2],
            ["article", "10", 1],
        ]

    def test_resamples_are_the_comparisons(self, monkeypatch):
        seen = []
        original = statistics.bootstrap_means
        monkeypatch.setattr(statistics, "bootstrap_means", lambda *given: seen.append(given[2:]) or original(*given))
        right = np.zeros(60, bool)
        comparison = compare(predictions(right), predictions(~right, run="b"), resamples=77, seed=5)
        slices.slice_differences(comparison, made_up_slices(60), dimensions=["question_type"])
        assert seen == [(77, [5, 0]), (77, [5, 2])]

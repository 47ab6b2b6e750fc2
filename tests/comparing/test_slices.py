"""Slices of gold data, and differences within them."""

import json
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from core.comparing import slices
from core.comparing.compare import compare
from core.data import catalogue
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
        ("답을 고르시오.", "what"),
        ("산업이 성장하기 힘든 요인을 말하시오.", "why"),
        ("이 법을 만든 사람을 쓰시오", "who"),
        ("그 강의 길이를 모두 적으시오.", "how-many"),
        ("그는 제안을 받아들였나?", "other"),
        ("어떤 방법으로 만들었는가?", "how"),
        ("그가 물러난 것은 무엇 때문인가?", "why"),
        ("어떤 사건 때문에 미루어졌는가?", "why"),
        ("몇 년에 한 번 열리는가?", "how-many"),
        ("출시 며칠만에 팔렸는가?", "how-many"),
        ("알이 깨기까지 걸리는 시간은?", "how-many"),
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
        ("열아홉 편", "number-or-date"),
        ("만오천명", "number-or-date"),
        ("오전 6시 12분", "number-or-date"),
        ("1만 2천 프랑", "number-or-date"),
        ("7만 8,000명 이상", "number-or-date"),
        ("2,400 mAh", "number-or-date"),
        ("1927년(소화 2년)", "number-or-date"),
        ("루이 16세", "name-like"),  # names that hold a figure
        ("IP68", "name-like"),
        ("4인용 식탁", "name-like"),
        ("5·18 관련 특별법", "name-like"),
        ("일조권", "name-like"),  # 일, 조 and 권 are figures and a unit, but not here
        ("천사장(archangel)", "name-like"),
        ("명예의 전당", "name-like"),
        ("장 마리 르 펜", "name-like"),
        ("《검은 꽃》", "name-like"),
        ("국제 물가의 급격한 상승", "phrase"),
        ("비가 오지 않고 더워서", "phrase"),
        ("나무 사자로 위협하여", "phrase"),
        ("마루 밑에 감추어", "phrase"),
        ("사과, 배, 감", "phrase"),
    ],
)
def test_answer_kinds(answer, expected):
    assert slices.answer_kind(answer) == expected


def agreement(questions, kind_of, column: int) -> float:
    """The share of the questions read by hand whose label `kind_of` gives, too."""
    labels = json.loads((Path(__file__).parent / "question_labels.json").read_text(encoding="utf-8"))
    known = [(one, labels[one.id][column]) for one in questions.examples if one.id in labels]
    assert len(known) == 100
    return sum(kind_of(one) == label for one, label in known) / 100


@pytest.mark.parametrize("name", ["mini-ko", "korquad-dev"])
def test_labels_read_by_hand(name, request):
    """Labels of one reader: what each of 100 questions of mini-ko and 100 drawn from KorQuAD asks for."""
    questions = catalogue.load(name) if name == "mini-ko" else request.getfixturevalue("korquad_dev")
    types = agreement(questions, lambda one: slices.question_type(one.question), 0)
    kinds = agreement(questions, lambda one: slices.answer_kind(one.answers[0].text), 1)
    print(f"{name}: question types {types:.0%}, kinds of answers {kinds:.0%}")
    assert types >= 0.97
    assert kinds >= 0.97


def test_a_long_text_is_read_in_a_moment():
    began = time.process_time()
    for text in ("1" * 20_000 + " hello", "만 " * 5000 + "x", "1 a " * 5000 + "..", "1," * 9000 + "가나다", "(" * 5000):
        slices.answer_kind(text)
        slices.question_type(text)
    assert time.process_time() - began < 5


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


def test_a_new_dimension_needs_nothing_but_its_entry(monkeypatch):
    question_length = slices.Dimension(("short", "long"), lambda one: "short" if len(one.question) < 5 else "long")
    monkeypatch.setitem(slices.DIMENSIONS, "question_length", question_length)
    questions = ["왜?", "어디로 흐르나?"] * 40
    examples = [example("한강은 서해로", "서해", question=text, name=f"q{row}") for row, text in enumerate(questions)]
    table = slices.features(dataset(*examples))
    comparison = compare(predictions([True] * 80), predictions([False, True] * 40, run="b"))
    found = slices.slice_differences(comparison, table).set_index("slice").loc[["short", "long"]]
    assert (found["dimension"] == "question_length").all()
    assert found["difference"].tolist() == [-100.0, 0.0]


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


def slice_differences(comparison, table, **given):
    found = slices.slice_differences(comparison, table, dimensions=["question_type"], **given)
    return found.set_index("slice")


class TestDifferences:
    def test_a_difference_in_one_slice_alone(self):
        chance = np.random.default_rng(0)
        a = chance.random(200) < 0.4
        b = a.copy()
        b[:100] |= chance.random(100) < 0.5  # only the first half gets better
        comparison = compare(predictions(a), predictions(b, run="b"))
        found = slice_differences(comparison, made_up_slices(200))
        who, when = found.loc["who"], found.loc["when"]
        assert found["questions"].tolist() == [100, 100]
        assert who["difference"] == pytest.approx(100 * (b[:100].mean() - a[:100].mean()))
        assert who["contrast"] == pytest.approx(who["difference"])
        assert who["contrast_low"] > 0
        assert when["difference"] == 0
        assert when["contrast"] == pytest.approx(-who["contrast"])  # two slices say the same thing twice
        assert who["p_adjusted"] == pytest.approx(2 * who["p"])

    def test_the_jackknife_error_by_hand(self):
        """One question a paragraph: the variances of two means, n - 1 below, and the paragraphs left out in turn."""
        chance = np.random.default_rng(2)
        a, b = chance.random(120) < 0.4, chance.random(120) < 0.6
        who = slice_differences(compare(predictions(a), predictions(b, run="b")), made_up_slices(120)).loc["who"]
        differences = b.astype(float) - a
        inside, rest = differences[:60], differences[60:]
        without = [np.delete(inside, k).mean() - rest.mean() for k in range(60)]
        without += [inside.mean() - np.delete(rest, k).mean() for k in range(60)]
        error = np.sqrt(119 / 120 * ((without - np.mean(without)) ** 2).sum())
        assert error == pytest.approx(np.sqrt(inside.var(ddof=1) / 60 + rest.var(ddof=1) / 60), rel=0.02)
        assert who["contrast"] == pytest.approx(100 * (inside.mean() - rest.mean()))
        assert who["p"] == pytest.approx(2 * stats.t.sf(abs(who["contrast"] / 100 / error), 59))
        half = stats.t.ppf(1 - 0.05 / 2 / 2, 59) * error
        assert who["contrast_high"] == pytest.approx(who["contrast"] + 100 * half)
        assert who["contrast_low"] == pytest.approx(who["contrast"] - 100 * half)

    def test_the_main_effect_is_no_contrast(self):
        """B is better everywhere alike: about one family of slices in twenty may say otherwise."""
        chance = np.random.default_rng(0)
        clusters, wrongly = np.arange(400) // 5, 0
        for _ in range(100):
            ease = chance.random(80)[clusters]
            a, b = chance.random(400) < 0.6 * ease, chance.random(400) < 0.4 + 0.6 * ease
            comparison = SimpleNamespace(table=pd.DataFrame({"a_right": a, "b_right": b}))
            masks = np.array([chance.random(400) < share for share in (0.1, 0.2, 0.3, 0.5, 0.5, 0.2, 0.2, 0.1)])
            inside = np.add.reduceat(masks.astype(float), np.arange(0, 400, 5), axis=1).T
            figures = pd.DataFrame(slices._figures(comparison, masks, inside, clusters), columns=slices.FIGURES)
            assert (figures["difference"] > 5).all()
            wrongly += (figures["p_adjusted"] < 0.05).any()
            assert ((figures["p_adjusted"] < 0.05) == (figures["contrast_low"] * figures["contrast_high"] > 0)).all()
        assert wrongly <= 11  # 5 expected, 2.7 standard errors

    def test_sorted_by_evidence_and_shrunken(self):
        chance = np.random.default_rng(0)
        clusters = np.arange(600) // 5
        kind = chance.choice(["who", "when", "where", "why"], 600)
        a = chance.random(600) < 0.3
        b = chance.random(600) < np.where(kind == "where", 0.8, 0.4)
        table = pd.DataFrame({"id": [f"q{row}" for row in range(600)], "question_type": pd.Categorical(kind)})
        found = slice_differences(compare(predictions(a, clusters), predictions(b, clusters, run="b")), table)
        assert found.index[0] == "where"
        assert found["p"].is_monotonic_increasing
        assert (found["shrunken"].abs() < found["contrast"].abs()).all()
        assert (found["shrunken"] * found["contrast"] > 0).all()

    def test_a_slice_of_everything_has_no_figure(self):
        comparison = compare(predictions(np.zeros(240, bool)), predictions(np.ones(240, bool), run="b"))
        table = pd.DataFrame({"id": comparison.table["id"], "question_type": pd.Categorical(["who"] * 240, ["who"])})
        row = slice_differences(comparison, table).loc["who"]
        assert row["whole"] and row["too_few"]
        assert row[slices.FIGURES].isna().all()

    def test_too_few_questions_or_paragraphs_give_no_figure(self):
        right = np.zeros(60, bool)
        comparison = compare(predictions(right, np.arange(60) // 6), predictions(~right, np.arange(60) // 6, run="b"))
        few = slice_differences(comparison, made_up_slices(60))
        assert few["questions"].tolist() == [30, 30]
        assert few["paragraphs"].tolist() == [5, 5]
        assert few["too_few"].all()
        assert not few["whole"].any()
        assert few[slices.FIGURES].isna().all().all()
        enough = slice_differences(comparison, made_up_slices(60), minimum_paragraphs=5)
        assert enough["difference"].tolist() == [100.0, 100.0]
        assert enough["contrast"].tolist() == [0.0, 0.0]
        assert enough["p"].tolist() == [1.0, 1.0]

    def test_a_rest_that_is_too_small_gives_no_figure_either(self):
        a = np.zeros(100, bool)
        kind = pd.Categorical(np.where(np.arange(100) < 80, "who", "when"), slices.QUESTION_TYPES)
        table = pd.DataFrame({"id": [f"q{row}" for row in range(100)], "question_type": kind})
        found = slice_differences(compare(predictions(a), predictions(~a, run="b")), table)
        assert found["too_few"].tolist() == [True, True]

    def test_a_side_without_any_differing_question_is_not_certain(self):
        a = np.zeros(80, bool)
        b = np.arange(80) < 2  # two questions of the first half; none of the second
        who = slice_differences(compare(predictions(a), predictions(b, run="b")), made_up_slices(80)).loc["who"]
        assert who["contrast_low"] < 0 < who["contrast_high"]
        neither = slice_differences(compare(predictions(a), predictions(a, run="b")), made_up_slices(80)).loc["who"]
        assert neither["contrast"] == 0
        assert neither["contrast_high"] > 100 / 40

    def test_rare_paragraphs_that_change_as_a_whole(self):
        """Such paragraphs are missing in many a small slice by chance alone; a t test says so in half the families."""
        chance = np.random.default_rng(0)
        clusters, wrongly = np.arange(600) // 5, 0
        for _ in range(100):
            b = (chance.random(120) < 0.06)[clusters]
            comparison = SimpleNamespace(table=pd.DataFrame({"a_right": np.zeros(600, bool), "b_right": b}))
            masks = np.array([(chance.permutation(120) < 14)[clusters] for _ in range(8)])
            inside = np.add.reduceat(masks.astype(float), np.arange(0, 600, 5), axis=1).T
            figures = pd.DataFrame(slices._figures(comparison, masks, inside, clusters), columns=slices.FIGURES)
            wrongly += (figures["p_adjusted"] < 0.05).any()
        assert wrongly <= 10

    def test_articles_and_questions_without_features(self):
        comparison = compare(predictions([True] * 4), predictions([False] * 4, run="b"))
        table = pd.DataFrame({"id": ["q0", "q1", "q3"], "article": [2, 2, 10]})
        found = slices.slice_differences(comparison, table, dimensions=["article"])
        assert found[["dimension", "slice", "questions"]].to_numpy().tolist() == [
            ["article", "2", 2],
            ["article", "10", 1],
        ]


def test_shrinking_by_hand():
    # sum(v^2 / e^2) = 8, two values: between = (8 - 2) / 2 = 3, and 3 / (3 + 1) remains.
    assert slices.shrink(np.array([2.0, -2.0]), np.ones(2)).tolist() == [1.5, -1.5]
    # Less scatter than chance makes: nothing remains.
    assert slices.shrink(np.array([0.5, -0.5]), np.ones(2)).tolist() == [0.0, 0.0]
    # The less certain value gives way further.
    shrunken = slices.shrink(np.array([3.0, 3.0]), np.array([1.0, 2.0]))
    assert 0 < shrunken[1] < shrunken[0] < 3

"""Two runs on the same questions: pairing, refusing, warning, counting, and what the verdict says."""

import dataclasses
import hashlib
import re

import numpy as np
import pytest

from core.comparing.compare import OUTCOMES, ComparisonRefused, bootstrap, compare, movement
from core.comparing.compatibility import original_questions
from core.comparing.verdict import VERDICTS, decide
from core.scoring.errors import ERROR_TYPES
from core.store.predictions import Predictions
from tests.comparing.factory import predictions, with_meta


def kinds(messages) -> list[str]:
    return [message.kind for message in messages]


def pair(both=0, only_a=0, only_b=0, neither=0, **changed):
    """Two runs with so many questions of each outcome, one paragraph each."""
    outcome = np.repeat([0, 1, 2, 3], [both, only_a, only_b, neither])
    a = predictions((outcome == 0) | (outcome == 1), run="a", **changed)
    b = predictions((outcome == 0) | (outcome == 2), run="b", **changed)
    return a, b


class TestFigures:
    def test_outcomes_and_means_by_hand(self):
        found = compare(*pair(both=20, only_a=7, only_b=9, neither=66))
        assert found.counts == dict(zip(OUTCOMES, (20, 7, 9, 66), strict=True))
        assert found.questions == found.paragraphs == 102
        assert found.right.a == pytest.approx(100 * 27 / 102)
        assert found.right.b == pytest.approx(100 * 29 / 102)
        assert found.right.difference == pytest.approx(100 * 2 / 102)
        assert found.exact_match is found.right
        assert (found.mcnemar.only_a, found.mcnemar.only_b) == (7, 9)
        # One question a paragraph: the interval is Student's, +- t_{.975, 101} sqrt(p_d - d^2) / sqrt(101).
        half = 198.3731 * np.sqrt(16 / 102 - (2 / 102) ** 2) / np.sqrt(101)
        assert found.right.low == pytest.approx(100 * 2 / 102 - half, abs=0.05)
        assert found.right.high == pytest.approx(100 * 2 / 102 + half, abs=0.05)
        assert found.table["outcome"].value_counts().to_dict() == found.counts

    def test_whole_paragraphs_count(self):
        """The same answers, once in 60 paragraphs of six that go together, once in 360 of one."""
        together = np.repeat(np.random.default_rng(0).random(60) < 0.5, 6)
        none = np.zeros(360, bool)
        wide = compare(predictions(none, np.arange(360) // 6), predictions(together, np.arange(360) // 6, run="b"))
        narrow = compare(predictions(none), predictions(together, run="b"))
        ratio = (wide.right.high - wide.right.low) / (narrow.right.high - narrow.right.low)
        assert ratio == pytest.approx(np.sqrt(6), rel=0.06)
        assert wide.icc == pytest.approx(1.0)
        assert wide.design_effect == pytest.approx(6.0)
        assert narrow.design_effect == 1.0

    @pytest.mark.parametrize(
        ("language", "expected"),
        [
            (
                "en",
                "These two models, on other questions of this kind: too uncertain to tell. B answers 2 more of 102 "
                "(B - A: +2.0 points, 95 % interval -5.8 to +9.8, p = 0.62). "
                "102 questions can show differences of about 10.9 points or more.",
            ),
            (
                "ko",
                "두 모델을 이런 종류의 다른 문항에서 견주면: 불확실해서 판단할 수 없습니다. "
                "전체 102문항 가운데 B가 2문항을 더 맞혔습니다(B - A: +2.0%p, 95% 구간 -5.8 ~ +9.8%p, p = 0.62). "
                "102문항으로는 약 10.9%p 이상의 차이라야 드러낼 수 있습니다.",
            ),
        ],
    )
    def test_the_originals_count_on_the_originals_questions(self, language, expected):
        """27 against 29 of the first 102 under the substring rule; behind them B alone is right."""
        outcome = np.concatenate([np.repeat([0, 1, 2, 3], [20, 7, 9, 66]), np.full(50, 2)])
        a, b = (
            predictions((outcome == 0) | (outcome == side), run=run, dataset="korquad-held-out")
            for run, side in (("a", 1), ("b", 2))
        )
        found = compare(original_questions(a), original_questions(b), "substring")
        assert (found.part, found.questions) == ("original", 102)
        assert (found.right.a, found.right.b) == (pytest.approx(2700 / 102), pytest.approx(2900 / 102))
        # The d of 102 = (1.959964 sqrt(16/102) + .841621 sqrt(16/102 - d^2))^2 / d^2 is .1086.
        assert found.right.detectable == pytest.approx(10.86, abs=0.005)
        assert found.verdict.text(language) == expected
        assert len(found.table) == 102
        whole = compare(a, b, "substring")
        assert (whole.part, whole.questions, whole.counts["only-b"]) == ("all", 152, 59)

    def test_the_originals_second_pair_reads_as_one_more_answer(self):
        """29 against 30 of 102 (3 and 6 layers), which the original called an improvement too."""
        verdict = compare(*pair(both=22, only_a=7, only_b=8, neither=65)).verdict
        assert verdict.kind == "uncertain"
        assert "too uncertain to tell. B answers 1 more of 102 (" in verdict.text("en")
        assert "판단할 수 없습니다. 전체 102문항 가운데 B가 1문항을 더 맞혔습니다(" in verdict.text("ko")

    def test_only_what_begins_with_the_originals_questions_has_them(self):
        a = predictions([True] * 152)
        with pytest.raises(ComparisonRefused, match=r"made-up does not begin with .*: korquad-dev, korquad-held-out\."):
            original_questions(a)
        with pytest.raises(ComparisonRefused):
            original_questions(with_meta(predictions([True] * 101), dataset="korquad-dev"))

    def test_swapping_mirrors_everything(self):
        a, b = pair(both=20, only_a=5, only_b=25, neither=52)
        there, back = compare(a, b), compare(b, a)
        for name in ("right", "exact_match", "f1"):
            one, other = getattr(there, name), getattr(back, name)
            assert other.difference == pytest.approx(-one.difference)
            assert (other.low, other.high) == (pytest.approx(-one.high), pytest.approx(-one.low))
            assert other.p == pytest.approx(one.p)
        assert (there.verdict.kind, back.verdict.kind) == ("b-better", "a-better")
        assert (movement(there).to_numpy() == movement(back).to_numpy().T).all()

    def test_only_the_bootstrap_has_a_seed(self):
        comparison = compare(*pair(both=30, only_a=20, only_b=35, neither=30))
        assert bootstrap(comparison, 500, seed=1) == bootstrap(comparison, 500, seed=1)
        assert bootstrap(comparison, 500, seed=1) != bootstrap(comparison, 500, seed=2)
        assert bootstrap(comparison) == pytest.approx((comparison.right.low, comparison.right.high), abs=1.0)

    def test_the_order_of_rows_does_not_matter(self):
        a, b = pair(both=10, only_a=7, only_b=9, neither=20)
        shuffled = dataclasses.replace(b, table=b.table.sample(frac=1, random_state=0))
        assert compare(a, shuffled).right == compare(a, b).right
        assert compare(a, shuffled).table.equals(compare(a, b).table)

    def test_f1_has_its_own_difference(self):
        f1 = np.array([0.5, 1.0, 0.25, 0.75])
        a = predictions([False] * 4, f1=[0.0] * 4)
        b = predictions([False, True, False, False], f1=f1, run="b")
        found = compare(a, b)
        assert found.f1.difference == pytest.approx(62.5)
        assert found.exact_match.difference == pytest.approx(25.0)
        assert found.table["f1_difference"].tolist() == f1.tolist()


class TestCriterion:
    def test_f1_threshold_holds_in_single_precision(self):
        a = predictions([False] * 3, f1=[0.7, 0.69, 0.71])
        b = predictions([False] * 3, f1=[0.0, 0.7, 1.0], run="b")
        found = compare(a, b, "f1", threshold=0.7)
        assert found.table["a_right"].tolist() == [True, False, True]
        assert found.table["b_right"].tolist() == [False, True, True]
        assert found.exact_match.difference == 0.0

    def test_the_originals_rule(self):
        a = predictions([True, False], columns={"original_contains": [True, True]})
        b = predictions([True, False], columns={"original_contains": [True, False]}, run="b")
        found = compare(a, b, "substring")
        assert found.counts == {"both": 1, "only-a": 1, "only-b": 0, "neither": 0}
        assert found.right.difference == -50.0

    def test_an_unknown_criterion(self):
        with pytest.raises(ValueError, match=r"no criterion 'em'; there are exact, f1, substring"):
            compare(*pair(both=1), "em")


class TestPairing:
    @pytest.mark.parametrize(
        ("changed", "reason"),
        [
            ({"dataset_sha256": "f" * 64}, "different-dataset"),
            ({"scorer_version": "squad/1"}, "different-scorer"),
        ],
    )
    def test_unequal_ground_is_refused(self, changed, reason):
        with pytest.raises(ComparisonRefused) as refusal:
            compare(predictions([True]), predictions([True], run="b", **changed))
        assert kinds(refusal.value.reasons) == [reason]
        for language in ("ko", "en"):
            assert refusal.value.reasons[0].text(language)

    def test_all_reasons_are_given_at_once(self):
        other = predictions([True] * 3, run="b", scorer_version="x", dataset_sha256="f" * 64)
        with pytest.raises(ComparisonRefused) as refusal:
            compare(predictions([True] * 2), other)
        assert kinds(refusal.value.reasons) == ["different-scorer", "different-dataset", "different-questions"]

    def test_question_sets_differ(self):
        a, b = predictions([True] * 5), predictions([True] * 8, run="b")
        with pytest.raises(ComparisonRefused, match="5 in common, 0 only in A, 3 only in B"):
            compare(a, b)
        found = compare(a, b, common=True)
        assert found.questions == 5
        assert kinds(found.warnings) == ["common-part"]
        assert "5 common questions" in found.warnings[0].text("en")

    def test_other_data_can_be_compared_on_the_common_part_and_says_so(self):
        moved = {"gold_end": [2, 2, 3]}
        b = predictions([True, False, True], run="b", dataset_sha256="f" * 64, columns=moved)
        found = compare(predictions([True] * 3), b, common=True)
        assert kinds(found.warnings) == ["datasets-differ"]
        assert found.warnings[0].values["moved"] == 1

    def test_another_scorer_is_refused_even_for_the_common_part(self):
        with pytest.raises(ComparisonRefused, match="different rules"):
            compare(predictions([True]), predictions([True], run="b", scorer_version="x"), common=True)

    @pytest.mark.parametrize("common", [True, False])
    def test_nothing_in_common(self, common):
        strange = predictions([True], run="b", columns={"id": ["other"]})
        with pytest.raises(ComparisonRefused, match="no question in common"):
            compare(predictions([True]), strange, common=common)
        with pytest.raises(ComparisonRefused, match="no question in common"):
            compare(predictions([]), predictions([], run="b"), common=common)


class TestWarnings:
    def test_none_where_all_is_well(self):
        assert compare(*pair(both=3, only_b=1)).warnings == ()

    @pytest.mark.parametrize(
        ("changed", "kind"),
        [
            ({"tokenizer_sha256": "x"}, "different-tokenizer"),
            ({"max_sequence_length": 512}, "different-max-sequence-length"),
            ({"doc_stride": 64}, "different-doc-stride"),
            ({"reading_version": 9}, "different-reading-version"),
            ({"max_pieces": 3}, "different-max-pieces"),
            ({"max_added": 0}, "different-max-added"),
            ({"error_types_version": 9}, "different-error-types-version"),
            ({"trained_on": ["e" * 64, "d" * 64]}, "trained-on-these-questions"),
            ({"weights_sha256": "a" * 64}, "same-weights"),
        ],
    )
    def test_each(self, changed, kind):
        b = predictions([True, False], run="b")
        found = compare(predictions([True, True]), with_meta(b, **changed))
        assert kinds(found.warnings) == [kind]
        assert found.warnings[0].text("ko") != found.warnings[0].text("en")

    def test_training_on_the_file_that_the_questions_are_a_part_of(self):
        whole = "9" * 64
        part = hashlib.sha256(f"{whole}:korquad-held-out".encode()).hexdigest()
        sibling = hashlib.sha256(f"{whole}:korquad-fit".encode()).hexdigest()
        clean = predictions([True], dataset_sha256=part, trained_on=[sibling])
        dirty = predictions([True], run="b", dataset_sha256=part, trained_on=[whole])
        found = compare(clean, dirty)
        assert [(one.kind, one.values["side"]) for one in found.warnings] == [("trained-on-these-questions", "B")]

    def test_the_same_run_twice(self):
        a = predictions([True, False])
        found = compare(a, a)
        assert kinds(found.warnings) == ["same-run"]
        assert found.verdict.kind == "identical"


class TestTable:
    def test_movement_and_josa_only(self):
        types_a = ["exact", "exact", "josa", "elsewhere", "josa"]
        types_b = ["exact", "josa", "exact", "empty", "boundary-long"]
        a = predictions([kind == "exact" for kind in types_a], columns={"error_type": types_a})
        b = predictions([kind == "exact" for kind in types_b], run="b", columns={"error_type": types_b})
        found = compare(a, b)
        counts = movement(found)
        assert tuple(counts.index) == tuple(counts.columns) == ERROR_TYPES
        assert counts.to_numpy().sum() == 5
        for row, column in zip(types_a, types_b, strict=True):
            assert counts.loc[row, column] == 1
        assert found.table["josa_only"].tolist() == [False, True, True, False, False]

    def test_columns_of_both_sides(self):
        found = compare(*pair(both=1, only_a=1, only_b=1, neither=1)).table
        assert found["outcome"].tolist() == list(OUTCOMES)
        assert found["a_start"].tolist() == [0, 0, 10, 10]
        assert found["b_start"].tolist() == [0, 10, 0, 10]
        assert found["id"].tolist() == ["q0", "q1", "q2", "q3"]


class TestVerdict:
    def test_better(self):
        found = compare(*pair(both=40, only_a=4, only_b=26, neither=32))
        assert found.verdict.kind == "b-better"
        assert found.right.p < 0.001
        assert "B is better. B answers 22 more of 102 (B - A: +21.6 points, 95 % interval +" in found.verdict.text("en")
        assert "B가 더 낫습니다. 전체 102문항 가운데 B가 22문항을 더 맞혔습니다(B - A: +21.6%p" in found.verdict.text(
            "ko"
        )

    def test_the_originals_claim(self):
        """27 -> 29 of 102, which the original called an improvement."""
        verdict = compare(*pair(both=16, only_a=11, only_b=13, neither=62)).verdict
        assert verdict.kind == "uncertain"
        assert verdict.text("en").endswith("102 questions can show differences of about 13.3 points or more.")
        assert "102문항으로는 약 13.3%p 이상의 차이라야 드러낼 수 있습니다." in verdict.text("ko")

    def test_chance_is_never_given_as_the_cause_of_a_wide_interval(self):
        for only_b in (10, 12, 20):
            verdict = compare(*pair(both=30, only_a=10, only_b=only_b, neither=40)).verdict
            assert verdict.kind == "uncertain"
            assert "chance" not in verdict.text("en") and "우연" not in verdict.text("ko")

    @pytest.mark.parametrize(("margin", "kind"), [(2.0, "practically-same"), (0.4, "uncertain")])
    def test_practically_the_same_needs_the_whole_interval_inside_the_margin(self, margin, kind):
        found = compare(*pair(both=300, only_a=15, only_b=20, neither=3500), margin=margin)
        assert 0.4 < found.right.high < 2.0
        assert (found.verdict.kind, found.margin) == (kind, margin)

    def test_a_sure_difference_within_the_margin_is_practically_the_same(self):
        found = compare(*pair(both=300, only_a=5, only_b=35, neither=3500))
        assert found.verdict.kind == "practically-same"
        assert found.right.p < 0.001
        assert "lies within the 2 points either way" in found.verdict.text("en")
        assert compare(*pair(both=300, only_a=5, only_b=35, neither=3500), margin=0).verdict.kind == "b-better"

    def test_too_few_differing_paragraphs_have_no_p_and_no_interval(self):
        found = compare(*pair(both=50, only_b=5, neither=50))
        assert (found.right.low, found.right.high, found.right.p) == (None, None, None)
        assert found.verdict.kind == "too-few"
        assert "differ on only 5 questions in 5 paragraphs" in found.verdict.text("en")
        assert compare(*pair(both=50, only_b=6, neither=50)).verdict.kind == "b-better"

    @pytest.mark.parametrize(("paragraphs", "kind"), [(29, "too-few"), (30, "b-better")])
    def test_too_few_paragraphs(self, paragraphs, kind):
        clusters = np.repeat(np.arange(paragraphs), 10)
        a = predictions(np.zeros(len(clusters)), clusters)
        found = compare(a, predictions(np.arange(len(clusters)) % 10 < 5, clusters, run="b"))
        assert found.verdict.kind == kind
        assert (found.f1.p is None) == (kind == "too-few")
        if kind == "too-few":
            assert "only 29 paragraphs" in found.verdict.text("en")
            assert found.recipes.message.kind == "recipe-too-few"

    def test_one_giant_paragraph_makes_all_of_them_too_few(self):
        clusters = np.concatenate([np.zeros(200, int), np.arange(1, 101)])
        right = np.arange(300) % 2 == 0
        found = compare(predictions(np.zeros(300), clusters), predictions(right, clusters, run="b"))
        # 300^2 / (200^2 + 100) = 2.24 paragraphs of equal size
        assert found.effective_paragraphs == pytest.approx(90_000 / 40_100)
        assert found.verdict.kind == "too-few"
        assert "the 101 paragraphs count as only 2" in found.verdict.text("en")

    def test_the_same_outcomes_are_no_equality(self):
        a, b = pair(both=30, neither=70)
        b.table.loc[99, "start"] = 9
        found = compare(a, b)
        assert found.verdict.kind == "same-outcomes"
        assert not found.right.differs
        # No difference in 100 paragraphs: up to 1 - .05^(1/100) = 2.95 % may hide.
        assert (found.right.low, found.right.high) == (pytest.approx(-2.951, abs=1e-3), pytest.approx(2.951, abs=1e-3))
        assert "up to about 3.0 points" in found.verdict.text("en")

    def test_identical_answers(self):
        found = compare(*pair(both=30, neither=70))
        assert found.verdict.kind == "identical"
        assert found.right.p == 1

    def test_as_many_right_is_not_called_equal(self):
        found = compare(*pair(both=20, only_a=15, only_b=15, neither=50))
        assert found.verdict.kind == "uncertain"
        assert "A and B each answer 35 of 100 (" in found.verdict.text("en")

    def test_two_trainings_of_one_recipe_are_never_better(self):
        a, b = pair(both=40, only_a=4, only_b=26, neither=32, training_config_without_seed_hash="one")
        found = compare(a, b)
        assert found.right.p < 0.001
        assert (found.verdict.kind, found.recipes.message.kind) == ("one-recipe", "recipe-one")
        assert "B answers 22 more of 102 (B - A: +21.6 points" in found.verdict.text("en")
        for message in found.messages:
            assert "better" not in message.text("en") and "낫" not in message.text("ko")
        assert "The 2 trainings of this recipe score 43.1 to 64.7 %" in found.recipes.message.text("en")
        few = compare(*pair(both=50, only_b=5, neither=50, training_config_without_seed_hash="one"))
        assert "+4.8 points, not tested" in few.verdict.text("en")

    def test_every_verdict_reads_in_both_languages_and_only_one_claims_equality(self):
        base = {
            **{"questions": 102, "right_a": 27, "right_b": 29, "discordant": 16, "sizes": np.full(34, 3)},
            **{"discordant_paragraphs": 9, "difference": 1.96, "low": -7.84, "high": 11.8, "p": 0.69},
            **{"detectable": 12.86, "margin": 2.0, "identical": False, "one_recipe": False},
        }
        none = {"low": None, "high": None, "p": None}
        cases = [
            ({}, "uncertain"),
            ({"p": 0.12, "detectable": None}, "uncertain"),
            ({"low": 0.4, "p": 0.03}, "b-better"),
            ({"low": -9.0, "high": -1.0, "difference": -5.0, "p": 0.01, "right_b": 22}, "a-better"),
            ({"low": -0.9, "high": 1.99}, "practically-same"),
            ({"low": -0.9, "high": 2.0}, "uncertain"),
            ({"discordant_paragraphs": 5} | none, "too-few"),
            ({"sizes": np.full(29, 3)} | none, "too-few"),
            ({"sizes": np.array([60] + [1] * 42)} | none, "too-few"),
            ({"discordant": 0, "discordant_paragraphs": 0}, "same-outcomes"),
            ({"identical": True, "discordant": 0}, "identical"),
            ({"one_recipe": True}, "one-recipe"),
            ({"one_recipe": True, "discordant_paragraphs": 5} | none, "one-recipe"),
        ]
        assert {kind for _, kind in cases} == set(VERDICTS)
        for changed, kind in cases:
            verdict = decide(**(base | changed))
            assert verdict.kind == kind
            for language in ("ko", "en"):
                said = verdict.text(language)
                assert "{" not in said and "None" not in said
                assert kind in ("identical", "practically-same") or not re.search(
                    r"equal|equivalen|as good as|동등|동일|차이가 없|같습니다", said, re.IGNORECASE
                )


def test_comparisons_survive_a_cache():
    import pickle

    found = compare(*pair(both=20, only_a=7, only_b=9, neither=66))
    again = pickle.loads(pickle.dumps(found))
    assert again.right == found.right
    assert again.verdict.text("ko") == found.verdict.text("ko")


def test_predictions_are_left_as_they_are():
    a, b = pair(both=3, only_a=2, only_b=1)
    before = a.table.copy(), b.table.copy()
    compare(a, b)
    assert a.table.equals(before[0])
    assert b.table.equals(before[1])
    assert isinstance(a, Predictions)


def test_records_cannot_be_changed():
    """A page's cache hands the same comparison to every session."""
    found = compare(*pair(both=20, only_b=9, neither=9))
    for record, name in ((found, "right"), (found.right, "p"), (found.recipes, "p"), (found.mcnemar, "mid_p")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(record, name, None)


@pytest.mark.parametrize("paragraphs", [1, 2])
def test_one_paragraph_alone_tells_nothing_of_what_can_be_detected(paragraphs):
    clusters = np.arange(40) % paragraphs
    b = predictions(np.arange(40) < 20, clusters, run="b")
    detectable = compare(predictions(np.zeros(40), clusters), b).right.detectable
    # d of 40 = (1.959964 sqrt(1/2) + .841621 sqrt(1/2 - d^2))^2 / d^2
    assert detectable == (None if paragraphs == 1 else pytest.approx(30.41, abs=0.005))


@pytest.mark.parametrize("criterion", ["", "zero"])
def test_no_order_of_words_makes_a_criterion(criterion):
    with pytest.raises(ValueError, match="there are exact, f1, substring"):
        compare(*pair(both=1), criterion)


def test_the_bootstrap_of_two_paragraphs_reaches_from_one_to_the_other():
    clusters = np.repeat([0, 1], [3, 5])
    found = compare(predictions(np.zeros(8), clusters), predictions(clusters == 1, clusters, run="b"))
    assert bootstrap(found, 200) == (0.0, 100.0)


def test_an_f1_of_80_percent_is_right_where_nothing_else_is_said():
    f1 = [0.0, 0.79, 0.8, 1.0]
    assert compare(predictions([0] * 4, f1=f1), predictions([0] * 4, f1=f1, run="b"), "f1").counts["both"] == 2

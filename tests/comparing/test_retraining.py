"""Recipes trained again: which runs are trainings of one recipe, and what they say of it."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from core.comparing import retraining
from core.comparing.compare import compare
from core.comparing.compatibility import original_questions
from core.store import predictions as stored
from tests.comparing.factory import predictions, with_meta


def answers(rate: float, seed: int, total: int = 300) -> np.ndarray:
    """Answers that are right at `rate`, mostly the same questions for every seed."""
    ease = np.random.default_rng(0).random(total)
    return ease + 0.05 * np.random.default_rng([1, seed]).standard_normal(total) < rate


def training(rate: float, seed: int, recipe: str, total: int = 300):
    right = answers(rate, seed, total)
    return predictions(
        right, np.arange(total) // 3, run=f"{recipe}{seed}", training_config_without_seed_hash=recipe, seed=seed
    )


def group(recipe: str, rates: tuple[float, ...]):
    return [training(rate, seed, recipe) for seed, rate in enumerate(rates, start=1)]


def test_groups():
    runs = [
        predictions([1], run="a", training_config_without_seed_hash="x", seed=0),
        predictions([1], run="b", training_config_without_seed_hash="y", seed=0),
        predictions([1], run="c", training_config_without_seed_hash="x", seed=1),
    ]
    runs.append(predictions([1], run="d", training_config_without_seed_hash="x", seed=2))
    runs.append(predictions([1], run="e", training_config_without_seed_hash="x", seed=3, trained_on=("f" * 64,)))
    runs[3] = with_meta(runs[3], weights_sha256=runs[0].meta.weights_sha256)  # the same model again: no second seed
    assert [[one.run for one in group] for group in retraining.seed_groups(runs)] == [["a", "c"], ["b"], ["e"]]


class TestRecipes:
    def test_one_training_each_knows_nothing_of_the_recipe(self):
        found = compare(training(0.2, 1, "a"), training(0.5, 1, "b"))
        assert found.verdict.kind == "b-better"
        recipes = found.recipes
        assert (recipes.message.kind, recipes.low, recipes.p, recipes.deviation) == ("recipe-unknown", None, None, None)
        assert "one training each, so whether the recipe is better is not known" in recipes.message.text("en")
        assert "no recipe has two on this dataset" in recipes.message.text("en")
        assert "어느 설정이 더 나은지는 알 수 없습니다" in recipes.message.text("ko")

    def test_other_recipes_seeds_say_how_many_trainings_would_settle_it(self):
        others = group("c", (0.3, 0.32, 0.34))
        found = compare(training(0.2, 1, "a"), training(0.5, 1, "b"), trainings=others).recipes
        scores = [100 * one.table["exact_match"].mean() for one in others]
        assert found.deviation == pytest.approx(np.std(scores, ddof=1))
        assert found.deviation_of == ("c1", "c2", "c3")
        assert found.needed == 3
        assert "about 3 trainings of each" in found.message.text("en")
        assert "as c1, c2, c3 do" in found.message.text("en")

    def test_no_number_of_trainings_settles_what_the_questions_leave_open(self):
        found = compare(training(0.5, 1, "a"), training(0.51, 3, "b"), trainings=group("c", (0.3, 0.34)), margin=0.5)
        assert (found.recipes.needed, found.verdict.kind) == (None, "uncertain")
        assert "no number of trainings would settle it" in found.recipes.message.text("en")

    def test_three_trainings_of_each_are_compared(self):
        side_a, side_b = group("a", (0.2, 0.21, 0.22)), group("b", (0.5, 0.51, 0.52))
        found = compare(side_a[0], side_b[0], trainings=[*side_a, *side_b]).recipes
        assert (found.runs_a, found.runs_b) == (("a1", "a2", "a3"), ("b1", "b2", "b3"))
        assert found.message.kind == "recipe-b-better"
        assert found.difference == pytest.approx(found.scores_b.mean() - found.scores_a.mean())
        assert 0 < found.low < found.difference < found.high
        assert found.p < 0.05
        assert "mean of 3 trainings of B less that of 3 of A" in found.message.text("en")
        back = compare(side_b[0], side_a[0], trainings=[*side_a, *side_b]).recipes
        assert back.message.kind == "recipe-a-better"
        assert (back.low, back.p) == (pytest.approx(-found.high), pytest.approx(found.p))

    def test_scattered_seeds_undo_what_the_two_models_show(self):
        """Each pair of models differs by far; the recipes do not."""
        side_a, side_b = group("a", (0.2, 0.45, 0.7)), group("b", (0.45, 0.25, 0.8))
        found = compare(side_a[0], side_b[0], trainings=[*side_a, *side_b])
        assert (found.verdict.kind, found.recipes.message.kind) == ("b-better", "recipe-uncertain")
        assert found.recipes.low < 0 < found.recipes.high

    def test_two_trainings_of_a_side_are_not_enough(self):
        side_a, side_b = group("a", (0.2, 0.21, 0.22)), group("b", (0.5, 0.51))
        found = compare(side_a[0], side_b[0], trainings=[*side_a, *side_b]).recipes
        assert (found.message.kind, found.low) == ("recipe-unknown", None)
        assert "3 of A and 2 of B, where at least 3 of each are needed" in found.message.text("en")
        assert found.deviation_of == ("a1", "a2", "a3", "b1", "b2")  # the pair's own first

    def test_trainings_on_other_questions_are_left_out(self):
        side_a = group("a", (0.2, 0.21, 0.22))
        short = replace(side_a[1], table=side_a[1].table.iloc[:-1])
        rescored = with_meta(side_a[2], scorer_version="other/1")
        elsewhere = with_meta(side_a[2], dataset_sha256="f" * 64)
        found = compare(side_a[0], training(0.5, 1, "b"), trainings=[short, rescored, elsewhere]).recipes
        assert found.runs_a == ("a1",)

    def test_a_part_is_compared_with_the_same_part_of_its_siblings(self):
        side = [with_meta(one, dataset="korquad-held-out") for one in group("a", (0.2, 0.3, 0.4))]
        parts = [original_questions(one) for one in side]
        found = compare(parts[0], parts[1], trainings=side).recipes
        assert found.runs_a == ("a1", "a2", "a3")
        assert found.scores_a == pytest.approx([100 * one.table["exact_match"].mean() for one in parts])


class TestVariance:
    def test_far_apart_trainings_add_their_variance(self):
        rows = np.array([[0.0] * 90, [50.0] * 90, [100.0] * 90])
        assert retraining.training_variance(rows, np.arange(90) // 3) == pytest.approx(2500 / 3)

    def test_scatter_of_single_answers_adds_nothing(self):
        random = np.random.default_rng(3)
        added = [
            retraining.training_variance(100.0 * (random.random((5, 600)) < 0.3), np.arange(600) // 3)
            for _ in range(200)
        ]
        # The mean of 5 has a variance of 2100 / 600 / 5 = .7, which the questions hold already.
        assert np.median(added) == 0.0
        assert np.mean(added) < 0.35

    def test_without_variance_between_seeds_it_is_the_students_test(self):
        low, high, p = retraining.tested(2.0, 1.0, 60, [(0.0, 3), (0.0, 3)])
        assert (low, high) == (pytest.approx(2 - stats.t.ppf(0.975, 59)), pytest.approx(2 + stats.t.ppf(0.975, 59)))
        assert p == pytest.approx(2 * stats.t.sf(2, 59))

    def test_without_variance_of_the_questions_it_is_welchs_test(self):
        a, b = np.array([10.0, 12.0, 14.0]), np.array([15.0, 16.0, 20.0, 21.0])
        spreads = [(float(side.var(ddof=1)) / len(side), len(side)) for side in (a, b)]
        expected = stats.ttest_ind(b, a, equal_var=False)
        low, high, p = retraining.tested(float(b.mean() - a.mean()), 0.0, 60, spreads)
        assert p == pytest.approx(expected.pvalue)
        assert (low, high) == pytest.approx(tuple(expected.confidence_interval()))


def test_trainings_of_a_store(tmp_path, monkeypatch):
    from core.store.runs import Store
    from tests.pages import store_fixture

    store = Store(tmp_path)
    for name in ("first", "second", "third"):
        store_fixture.finished_run(store, name, datasets=("mini-ko",) if name != "third" else ())
    store.get("second").predictions_path("mini-ko").write_bytes(b"no predictions")
    read = retraining.read_trainings(store, "mini-ko")
    assert [one.run for one in read] == ["first"]
    with pytest.raises(stored.PredictionsError):
        stored.read(store.get("second").predictions_path("mini-ko"))


def test_training_variance_takes_scatter_off_by_hand():
    """Means 75, 25, 50: c = 625 / 3. Answers less their mean: +-(50, 50, 0, 0) and 0, so D = 25, and two of the three
    have a clustered variance of 4 (25^2 / (3/4)) / 4^2 = 625/3: v = 2 (625/3) / (3 * 2) = c / 3."""
    answers = np.array([[100.0, 100, 100, 0], [0, 0, 100, 0], [50, 50, 100, 0]])
    assert retraining.training_variance(answers, np.arange(4)) == pytest.approx(625 / 3 * (1 - (1 / 3) ** 3))


def test_variances_add_up_by_hand():
    low, high, p = retraining.tested(2.0, 0.5, 60, [(0.3, 3), (0.1, 5)])
    total = 0.25 + 0.3 + 0.1
    freedom = total**2 / (0.25**2 / 59 + 0.3**2 / 2 + 0.1**2 / 4)
    half = stats.t.ppf(0.975, freedom) * np.sqrt(total)
    assert (low, high) == (pytest.approx(2 - half), pytest.approx(2 + half))
    assert p == pytest.approx(2 * stats.t.sf(2 / np.sqrt(total), freedom))


def test_trainings_needed_by_hand():
    """The half width is t sqrt(.5^2 + 2 * 6^2 / n) points: 5.16 with 12 trainings of each, 4.94 with 13."""
    assert retraining._needed(5.0, 0.5, 60, 6.0, 2.0) == 13

"""Questions as seen by many runs."""

import numpy as np
import pytest
from scipy import optimize, special

from core.comparing.compare import ComparisonRefused
from core.comparing.difficulty import _discrimination, _rasch, difficulty
from tests.comparing.factory import dataset, example, predictions


def run(answers, name, recipe=None, **given):
    return predictions(answers, run=name, training_config_without_seed_hash=recipe or name, **given)


def staircase():
    """Run k has the first 2k of 10 questions right."""
    return [run(np.arange(10) < 2 * k, f"r{k}") for k in range(5)]


class TestRasch:
    def test_recovers_what_made_the_answers(self):
        chance = np.random.default_rng(0)
        ability, hardness = chance.normal(0, 1, 12), chance.normal(0.5, 1.2, 800)
        answers = (chance.random((12, 800)) < special.expit(ability[:, None] - hardness)).astype(float)
        found, difficulties, error, hardness_error = _rasch(answers, np.ones(12))
        shift = found.mean() - ability.mean()  # the model fixes differences alone
        assert np.abs(found - shift - ability).max() < 0.3
        assert np.corrcoef(difficulties, hardness)[0, 1] > 0.8
        assert (np.abs(difficulties - shift - hardness) < 1.96 * hardness_error).mean() > 0.9
        assert 0.05 < error.max() < 0.15

    def test_is_the_penalised_maximum(self):
        chance = np.random.default_rng(1)
        answers, weights = (chance.random((4, 6)) < 0.5).astype(float), np.array([1, 0.5, 0.5, 1])

        def loss(x):
            logits = x[:4, None] - x[4:10]
            likelihood = weights @ (answers * logits - np.logaddexp(0, logits)).sum(axis=1)
            return (x[:4] ** 2).sum() / 2 + ((x[4:10] - x[10]) ** 2).sum() / 8 - likelihood

        expected = optimize.minimize(loss, np.zeros(11), options={"gtol": 1e-8}).x
        ability, hardness, _, _ = _rasch(answers, weights)
        assert ability == pytest.approx(expected[:4], abs=1e-4)
        assert hardness == pytest.approx(expected[4:10], abs=1e-4)

    def test_extremes_stay_finite(self):
        ability, hardness, _, error = _rasch(np.vstack([np.ones((2, 30)), np.zeros((2, 30))]), np.ones(4))
        assert np.isfinite([*ability, *hardness, *error]).all()
        assert ability[0] > 0 > ability[3]


def test_the_order_of_runs_and_questions():
    found = difficulty(staircase())
    assert found.runs["run"].tolist() == ["r4", "r3", "r2", "r1", "r0"]
    assert found.runs["ability"].is_monotonic_decreasing
    assert found.runs["score"].tolist() == pytest.approx([80, 60, 40, 20, 0])
    assert found.questions["difficulty"].is_monotonic_increasing
    assert found.questions["right"].tolist() == [4, 4, 3, 3, 2, 2, 1, 1, 0, 0]
    assert found.questions["id"].tolist() == [f"q{row}" for row in range(10)]
    assert (found.questions["difficulty_se"] > 0.5).all()  # five runs know little


def test_discrimination_by_hand_and_what_separates():
    answers = np.array([[1, 0, 1], [1, 0, 1], [0, 1, 0], [0, 1, 0]], float)
    found = _discrimination(answers, np.ones(4))
    # Question 0 goes with question 2 and against 1: its rest is constant.
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(-1)
    runs = [run(list(row), f"r{k}") for k, row in enumerate(np.hstack([answers, np.ones((4, 1)), answers[:, :1]]))]
    table = difficulty(runs).questions
    assert np.isnan(table["discrimination"][3])  # all are right: it separates nobody
    assert table["separates"].tolist() == pytest.approx([1, 0, 1, 0, 1])


def places(answers, name, recipe=None):
    """A run that is right where `answers` is None, and elsewhere gives this span."""
    table = run([answer is None for answer in answers], name, recipe)
    for row, answer in enumerate(answers):
        if answer is not None:
            table.table.loc[row, ["start", "end"]] = answer
    return table


class TestDoubtfulGold:
    def test_nobody_right_and_most_on_one_span(self):
        agreed, other, empty = (5, 8), (20, 22), (0, 0)
        columns = [
            [agreed, agreed, agreed, agreed, other],  # 4 of 5
            [agreed, agreed, agreed, agreed, None],  # one is right
            [agreed, agreed, other, (30, 31), (40, 41)],  # they scatter
            [empty] * 5,  # no answer is no agreement
            [(0, 3), (0, 3), (0, 3), (0, 3), (0, 3)],  # longer than the gold answer at 0..2
        ]
        runs = [places([column[k] for column in columns], f"r{k}") for k in range(5)]
        found = difficulty(runs).questions
        assert found["suspect"].tolist() == [True, False, False, False, True]
        assert found["agreed"].tolist() == pytest.approx([0.8, 0.8, 0.4, 0, 1])
        assert found.loc[0, ["agreed_start", "agreed_end"]].tolist() == [5, 8]
        assert found.loc[3, ["agreed_start", "agreed_end"]].tolist() == [-1, -1]
        assert found["overlaps_gold"].tolist() == [False, False, False, False, True]
        assert difficulty(runs, agreement=0.9).questions["suspect"].tolist() == [False, False, False, False, True]

    def test_seeds_of_one_recipe_are_one_voice(self):
        runs = [places([(5, 8)], f"s{k}", "one recipe") for k in range(6)]
        runs += [places([(20, 22)], "x"), places([(30, 32)], "y")]
        found = difficulty(runs)
        assert found.questions["agreed"][0] == pytest.approx(1 / 3)
        assert not found.questions["suspect"][0]
        assert found.runs["recipe"].nunique() == 3

    def test_two_recipes_are_too_few_to_doubt(self):
        runs = [places([(5, 8)], f"r{k}", "ab"[k % 2]) for k in range(4)]
        assert difficulty(runs).questions["agreed"].tolist() == [1.0]
        assert not difficulty(runs).questions["suspect"][0]

    def test_the_text_joins_equal_answers_at_different_places(self):
        runs = [places([(5, 7) if k % 2 else (11, 13)], f"r{k}") for k in range(4)]
        assert difficulty(runs).questions["agreed"].tolist() == [0.5]
        text = dataset(example("서울이다 부산과 또 부산.", "서울", name="q0"))
        context = text.examples[0].context
        assert context[5:7] == context[11:13] == "부산"
        assert difficulty(runs, dataset=text).questions["agreed"].tolist() == [1.0]


def test_refusals():
    with pytest.raises(ValueError, match="at least 4 runs"):
        difficulty(staircase()[:3])
    with pytest.raises(ComparisonRefused):
        difficulty([*staircase(), run(np.ones(3), "short")])

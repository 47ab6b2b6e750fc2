"""How many questions and trainings it takes to see a difference."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from core.comparing import planning
from core.comparing.compare import compare
from core.comparing.verdict import MINIMUM_DISCORDANT_PARAGRAPHS
from core.scoring import statistics
from tests.comparing.factory import predictions


def outcomes(only_a, only_b, paragraphs=60, size=6, clustered=False, seed=0) -> pd.DataFrame:
    """Two runs that differ in these shares of the questions; `clustered`: in whole paragraphs."""
    chance = np.random.default_rng(seed)
    clusters = np.arange(paragraphs * size) // size
    fate = chance.random(paragraphs)[clusters] if clustered else chance.random(paragraphs * size)
    right = {"a_right": fate < only_a, "b_right": (fate >= only_a) & (fate < only_a + only_b)}
    return pd.DataFrame({"paragraph": clusters, **right})


def pair(*shares, **given):
    table = outcomes(*shares, **given)
    sides = (predictions(table[f"{run}_right"], table["paragraph"], run=run) for run in ("a", "b"))
    return compare(*sides)


@pytest.mark.parametrize("target", [0.01, 0.04, 0.12, 0.3, 0.9])
@pytest.mark.parametrize("shares", [(0.05, 0.1), (0.1, 0.0), (0.0, 0.0), (0.02, 0.2)])
def test_thinning_sets_the_difference_and_keeps_the_discordance(shares, target):
    pilot = planning._pilot(outcomes(*shares))
    cells, chances = planning._cells(pilot, target)
    assert chances.sum() == pytest.approx(1)
    mean = (chances @ cells[:, 1]) / (chances @ cells[:, 0])
    assert mean == pytest.approx(target)
    assert set(cells[:, 0]) == {6}
    # The large-sample size, from the moments of the cells.
    spread = chances @ (cells[:, 1] - target * cells[:, 0]) ** 2
    expected = (1.959964 + 0.841621) ** 2 * spread / (target * 6) ** 2
    assert planning._theory(pilot, target, np.ones((1, 60)))[0] == pytest.approx(expected, rel=1e-5)


def test_independent_questions_need_what_connor_says():
    """One question a paragraph: n = (z_a + z_b)^2 (p_d - d^2) / d^2."""
    found = planning.plan(pair(0.1, 0.1, paragraphs=2000, size=1), 3.0, trials=4000)
    table = planning._pilot(outcomes(0.1, 0.1, paragraphs=2000, size=1))
    discordance = (table.only_a.sum() + table.only_b.sum()) / 2000
    expected = 7.849 * (discordance - 0.03**2) / 0.03**2
    assert found.paragraphs == found.questions
    assert found.questions == pytest.approx(expected, rel=0.05)
    assert found.questions_low <= found.questions <= found.questions_high
    assert found.questions_high / found.questions_low < 1.5


def test_clusters_and_discordance_cost_questions():
    plain = planning.plan(pair(0.1, 0.1, clustered=False), 4.0).questions
    assert planning.plan(pair(0.1, 0.1, clustered=True), 4.0).questions > 3 * plain
    assert planning.plan(pair(0.05, 0.05), 4.0).questions < 0.8 * plain


@pytest.mark.parametrize("paragraphs", [40, 120, 400])
@pytest.mark.parametrize(("shares", "clustered"), [((0.04, 0.05), False), ((0.1, 0.2), True), ((0.0, 0.06), False)])
def test_the_fast_test_has_the_power_of_the_products(shares, clustered, paragraphs):
    """The same simulated data judged by `clustered_test`, whose correction for skewness costs a little power."""
    pilot = planning._pilot(outcomes(*shares, paragraphs=200, clustered=clustered))
    target = 0.03 * np.sqrt(planning._theory(pilot, 0.03, np.ones((1, 200)))[0] / paragraphs)
    cells, chances = planning._cells(pilot, target)
    fast = planning._power(cells, chances, paragraphs, 4000, np.random.default_rng(0))
    drawn = cells[np.random.default_rng(1).choice(len(cells), (paragraphs, 1500), p=chances)]
    test = statistics.clustered_test(drawn[..., 1], drawn[..., 0])
    judged = drawn[..., 2].sum(axis=0) >= MINIMUM_DISCORDANT_PARAGRAPHS
    real = (judged & (test.p < 0.05) & (test.difference > 0)).mean()
    assert 0.6 < real < 0.99
    assert -0.03 < fast - real < 0.07


def test_the_observed_difference_does_not_matter():
    """Power computed from what was seen says nothing new; the plan depends on the discordance alone."""
    even, uneven = (planning.plan(pair(*shares, paragraphs=400), 3.0) for shares in ((0.1, 0.1), (0.02, 0.18)))
    assert even.questions == pytest.approx(uneven.questions, rel=0.15)
    turned = planning.plan(pair(0.18, 0.02, paragraphs=400), 3.0)
    assert turned.questions == pytest.approx(uneven.questions, rel=0.15)


def test_the_curve_rises_and_the_size_is_where_it_crosses():
    comparison = pair(0.1, 0.15)
    found = planning.plan(comparison, 5.0)
    curve = found.curve
    assert curve["paragraphs"].is_monotonic_increasing
    assert curve["power"].is_monotonic_increasing
    assert (np.abs(curve["power"] - curve["raw"]) < 4 * curve["error"] + 0.002).all()
    around = np.interp(found.paragraphs, curve["paragraphs"], curve["power"])
    assert around == pytest.approx(0.80, abs=0.03)
    here = curve.loc[curve["paragraphs"] == 60, "power"].item()
    assert found.observed_power == here
    assert (found.observed_paragraphs, found.observed_questions) == (60, 360)


def test_it_is_seeded_and_quick():
    comparison = pair(0.1, 0.15)
    first, again = planning.plan(comparison, 5.0), planning.plan(comparison, 5.0)
    assert first.curve.equals(again.curve)
    assert first.questions_high == again.questions_high
    assert not first.curve.equals(planning.plan(comparison, 5.0, seed=1).curve)


def test_the_paragraphs_uncertainty_covers():
    """The size planned from 60 paragraphs: its 95 % interval holds the true size in most pilots."""
    truth = planning._theory(planning._pilot(outcomes(0.08, 0.12, paragraphs=20_000)), 0.05, np.ones((1, 20_000)))[0]
    held = 0
    for seed in range(60):
        pilot = planning._pilot(outcomes(0.08, 0.12, seed=seed))
        theory = planning._theory(pilot, 0.05, np.ones((1, 60)))[0]
        low, high = planning._uncertainty(pilot, 0.05, theory, [seed])
        held += low * theory <= truth <= high * theory
    assert held >= 51  # 57 expected


class TestSeeds:
    def test_questions_without_end_leave_welchs_test_of_the_trainings(self):
        found = planning.plan(pair(0.1, 0.1), 2.0, deviation=1.0, trials=20_000).seed_curve
        chance = np.random.default_rng(0)
        for n in (2, 3, 5, 8):
            scores = chance.normal(0, 1, (2, 4000, n))
            test = stats.ttest_ind(scores[1] + 2, scores[0], axis=1, equal_var=False)
            power = ((test.pvalue < 0.05) & (test.statistic > 0)).mean()
            assert found.loc[found["seeds"] == n, "limit"].item() == pytest.approx(power, abs=0.025)

    def test_one_training_shows_nothing_and_more_need_fewer_questions(self):
        found = planning.plan(pair(0.1, 0.1), 3.0, deviation=0.8)
        curve = found.seed_curve
        assert curve.loc[0, ["seeds", "power_here", "limit"]].tolist() == [1, 0, 0]
        enough = curve["questions"].dropna()
        assert enough.is_monotonic_decreasing and len(enough) >= 7
        assert enough.iloc[-1] > found.questions  # seeds come on top
        assert found.seed_message.kind == "seeds"
        for language in ("ko", "en"):
            assert f"{int(enough.iloc[0]):,}" in found.seed_message.text(language)

    def test_too_much_scatter_for_any_number_of_questions(self):
        found = planning.plan(pair(0.1, 0.1), 1.0, deviation=5.0)
        assert found.seed_message.kind == "seeds-not-enough"
        assert found.seed_curve["questions"].isna().all()
        assert found.seed_message.text("ko") and "10 trainings" in found.seed_message.text("en")

    def test_the_stores_deviation_by_hand(self):
        groups = [
            [predictions(np.arange(100) < count, run=f"r{count}") for count in (40, 44, 48)],
            [predictions(np.arange(100) < count, run=f"s{count}") for count in (47, 51)],
            [predictions(np.arange(100) < 90, run="t")],
        ]
        deviation, freedom = planning.store_deviation(groups)
        assert (deviation, freedom) == (pytest.approx(np.sqrt(40 / 3)), 3)
        assert planning.store_deviation(groups[2:]) is None


@pytest.mark.parametrize("difference", [0, -1, 100, float("nan")])
def test_what_cannot_be_planned(difference):
    with pytest.raises(ValueError, match="between 0 and 100"):
        planning.plan(pair(0.1, 0.1), difference)


def test_the_message_says_size_and_power_here():
    found = planning.plan(pair(0.1, 0.1), 2.5)
    for language in ("ko", "en"):
        said = found.message.text(language)
        for figure in ("2.5", f"{found.questions:,}", f"{found.questions_low:,}", f"{100 * found.observed_power:.0f}"):
            assert figure in said

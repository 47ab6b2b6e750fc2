"""The proof of the verdict: coverage and false alarms on simulated data."""

import math

import numpy as np
import pytest

from core.comparing import simulation
from core.comparing.simulation import RECIPES, REGIMES, Recipes, Regime
from core.scoring import statistics
from core.scoring.statistics import ALPHA


def within(share: float, low: float, high: float, trials: float) -> bool:
    """Tells whether a share lies between two bounds, given what so many trials leave to chance (3.5 s.e.)."""
    slack = 3.5 * math.sqrt(ALPHA * (1 - ALPHA) / trials)
    return low - slack <= share <= high + slack


def test_simulated_differences_have_the_setting_they_are_told():
    sizes = np.full(4000, 6)
    drawn, truth = simulation._differences(np.random.default_rng(0), sizes, Regime("", 4000), 0.04, 3)
    assert drawn.mean() == pytest.approx(truth, abs=0.01) == pytest.approx(0.04, abs=0.01)
    assert (drawn != 0).mean() == pytest.approx(0.24, abs=0.01)
    icc = statistics.intra_class_correlation(drawn[:, 0], np.repeat(np.arange(4000), 6))
    assert icc == pytest.approx(0.3, abs=0.03)


@pytest.mark.parametrize("regime", [Regime("", 4000, values="skewed"), Regime("", 4000, values="graded")])
def test_skewed_and_graded_differences_have_the_mean_they_are_told(regime):
    sizes = np.full(4000, 6)
    drawn, truth = simulation._differences(np.random.default_rng(0), sizes, regime, 0.04, 3)
    assert drawn.mean() == pytest.approx(truth, abs=0.012)
    assert np.abs(drawn).max() <= 1


def test_simulated_trainings_have_the_scores_and_the_spread_they_are_told():
    recipes = Recipes((40, 40), 5, True, paragraphs=400)
    side_a, side_b = next(simulation._trainings(np.random.default_rng(1), recipes, 0.04, 1))
    assert side_b.mean() - side_a.mean() == pytest.approx(0.04, abs=0.03)
    for side in (side_a, side_b):
        assert 100 * side.mean(axis=1).std(ddof=1) == pytest.approx(5, abs=1.5)


def test_a_small_simulation():
    """The fast form of the proof below: broken statistics fail already here."""
    found = simulation.simulate(Regime("66 skewed", 66, values="skewed"), trials=500)
    assert found.promised
    assert within(found.product.coverage, 0.93, 0.97, 500)
    assert within(found.product.alarms, 0, 0.06, 500)
    for name in ("CLT", "bootstrap", "McNemar mid-p"):  # what forgetting the paragraphs does
        assert found.others[name].alarms > 0.2
    recipes = simulation.simulate_recipes(Recipes((3, 3), 2, False), trials=300)
    assert within(recipes.product.coverage, 0.93, 0.97, 300)
    assert within(recipes.product.alarms, 0, 0.06, 300)
    assert recipes.others["two models"].alarms > 0.2


@pytest.mark.parametrize(
    "regime",
    [
        Regime("20 skewed", 20, values="skewed"),
        Regime("giant", 60, "giant", giant=0.5),
        Regime("3 discordant", 176, icc=0.1, discordance=3 / 1056, effect=0.001),
    ],
)
def test_no_verdict_where_no_test_holds(regime):
    found = simulation.simulate(regime, trials=250)
    assert not found.promised
    assert "| none |" in simulation.table([found], "product")


@pytest.mark.slow
def test_intervals_cover_and_false_alarms_are_rare_in_every_regime_with_a_verdict():
    trials = 300
    results = [simulation.simulate(regime, trials) for regime in REGIMES]
    results += [simulation.simulate_recipes(recipes, trials) for recipes in RECIPES]
    promised = [result for result in results if result.promised]
    assert len(promised) >= 40
    for result in promised:
        count = result.verdicts * trials
        assert within(result.product.coverage, 0.93, 0.97, count), result
        assert within(result.product.alarms, 0, 0.06, count), result
    # All together the chance of so few trials is small.
    assert 0.945 <= np.mean([result.product.coverage for result in promised]) <= 0.965
    assert np.mean([result.product.alarms for result in promised]) <= 0.052

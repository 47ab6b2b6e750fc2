"""The proof of the statistics: coverage and false alarms on simulated data."""

import numpy as np
import pytest
from rich.console import Console

from core.comparing import simulation
from core.comparing.simulation import SETTINGS, Setting
from core.scoring import statistics


def test_simulated_differences_have_the_setting_they_are_told():
    sizes = np.full(4000, 6)
    drawn = simulation._differences(np.random.default_rng(0), sizes, Setting(4000, 0.3), 0.04, 3)
    assert drawn.mean() == pytest.approx(0.04, abs=0.01)
    assert (drawn != 0).mean() == pytest.approx(0.24, abs=0.01)
    icc = statistics.intra_class_correlation(drawn[:, 0].astype(float), np.repeat(np.arange(4000), 6))
    assert icc == pytest.approx(0.3, abs=0.03)


def test_a_small_simulation():
    """The fast form of the proof below: broken statistics fail already here."""
    found = simulation.simulate(Setting(60, 0.3), trials=1000, resamples=600)
    assert 0.925 <= found.coverage <= 0.975
    assert found.false_alarms <= 0.065
    assert found.coverage_unclustered < 0.88
    assert found.false_alarms_mcnemar > 0.12


@pytest.mark.slow
def test_intervals_cover_and_false_alarms_are_rare(capsys):
    results = [simulation.simulate(setting) for setting in SETTINGS]
    with capsys.disabled():
        Console(width=120).print(simulation.table(results))
    for result in results:
        if result.setting.paragraphs < 60:
            continue
        assert 0.93 <= result.coverage <= 0.97, result
        assert result.false_alarms <= 0.06, result
        if result.setting.icc >= 0.1:  # what forgetting the paragraphs does
            assert result.coverage_unclustered < 0.92, result
            assert result.false_alarms_unclustered > 0.08, result
            assert result.false_alarms_mcnemar > 0.08, result

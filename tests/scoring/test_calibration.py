"""Reliability bins and the expected calibration error, against values worked out by hand."""

import numpy as np
import pytest

from core.scoring.calibration import TEMPERATURES, calibrate, fit_temperature


def test_bins_by_hand():
    # Two answers in (0.1, 0.2], one of them right; two in (0.8, 0.9], both right.
    result = calibrate([0.12, 0.18, 0.82, 0.88], [True, False, True, True])
    np.testing.assert_allclose(result.low, [0.1, 0.8])
    np.testing.assert_allclose(result.high, [0.2, 0.9])
    np.testing.assert_allclose(result.confidence, [0.15, 0.85])
    np.testing.assert_allclose(result.accuracy, [0.5, 1.0])
    assert result.count.tolist() == [2, 2]
    assert result.error == pytest.approx((2 * 0.35 + 2 * 0.15) / 4)


def test_edges_belong_to_the_bin_below_also_in_float32():
    edges = np.array([0, 0.1, 0.3, 0.7, 1], np.float32)
    assert calibrate(edges, [False] * 5).high.tolist() == [0.1, 0.3, 0.7, 1.0]
    assert calibrate(edges, [False] * 5).count.tolist() == [2, 1, 1, 1]


def test_sure_and_right_is_calibrated_sure_and_wrong_is_not():
    assert calibrate([1.0, 1.0], [True, True]).error == 0
    assert calibrate([1.0, 1.0], [False, False]).error == 1


def test_nothing_answered():
    result = calibrate([], [])
    assert np.isnan(result.error) and result.count.size == 0


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="2 probabilities for 1"):
        calibrate([0.5, 0.5], [True])


@pytest.mark.parametrize("gap", [0.5, 3.0, 12.0])
def test_temperature_by_hand(gap):
    # Two answers `gap` apart; the upper is right 3 times of 4: the likelihood peaks where it has probability 3/4.
    scores = [np.array([gap, 0.0])] * 4
    assert fit_temperature(scores, [gap, gap, gap, 0.0]) == pytest.approx(gap / np.log(3), rel=1e-3)


def test_the_temperature_that_the_answers_were_drawn_at_is_found():
    rng = np.random.default_rng(0)
    scores = [rng.normal(0, 4, rng.integers(2, 40)) for _ in range(3000)]
    drawn = []
    for row in scores:
        weights = np.exp(row / 2.5)
        drawn.append(row[rng.choice(len(row), p=weights / weights.sum())])
    assert fit_temperature(scores, drawn) == pytest.approx(2.5, rel=0.05)
    assert fit_temperature([s.astype(np.float32) + 1e4 for s in scores], np.array(drawn) + 1e4) == pytest.approx(
        fit_temperature(scores, drawn), rel=0.01
    )


def test_questions_without_their_answer_say_nothing_about_the_temperature():
    kept = [np.array([2.0, 0.0])] * 4
    more = [*kept, np.array([9.0, 0.0]), np.zeros(0)]
    assert fit_temperature(more, [2, 2, 2, 0, np.nan, np.nan]) == fit_temperature(kept, [2, 2, 2, 0])
    assert fit_temperature([np.array([1.0, 0.0])], [np.nan]) == 1.0
    assert fit_temperature([], []) == 1.0


def test_a_temperature_stays_within_its_bounds():
    assert fit_temperature([np.array([1.0, 0.0])], [1.0]) == pytest.approx(TEMPERATURES[0], rel=1e-2)
    assert fit_temperature([np.array([1.0, 0.0])], [0.0]) == pytest.approx(TEMPERATURES[1], rel=1e-2)

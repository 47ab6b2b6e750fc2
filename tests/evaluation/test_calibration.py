"""Reliability bins and the expected calibration error, against values worked out by hand."""

import numpy as np
import pytest

from core.evaluation.calibration import calibrate


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

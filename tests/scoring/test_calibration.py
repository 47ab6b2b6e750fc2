"""Reliability bins and the expected calibration error, against values worked out by hand."""

from pathlib import Path

import numpy as np
import pytest

from core.answering.reader import Reader
from core.data import catalogue
from core.scoring.calibration import (
    TEMPERATURES,
    auroc,
    calibrate,
    confidence,
    fit_temperature,
    risk_coverage,
    tempered,
    wilson,
)
from core.store import predictions
from core.store.runs import Store


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


def test_wilson_by_hand():
    # Of 10 none, 5, all; z = 1.96: 1.96^2 / (10 + 1.96^2) is .2775.
    low, high = wilson([0.0, 0.5, 1.0], [10, 10, 10])
    np.testing.assert_allclose(low, [0, 0.2366, 0.7225], atol=1e-4)
    np.testing.assert_allclose(high, [0.2775, 0.7634, 1], atol=1e-4)
    result = calibrate([0.95] * 10, [True] * 5 + [False] * 5)
    assert (result.accuracy_low[0], result.accuracy_high[0]) == (low[1], high[1])


def test_risk_coverage_by_hand():
    # Right, wrong, right: risk 0, 1/2, 1/3. In the best order: 0, 0, 1/3.
    found = risk_coverage([0.9, 0.6, 0.3], [True, False, True])
    np.testing.assert_allclose(found.coverage, [1 / 3, 2 / 3, 1])
    np.testing.assert_allclose(found.risk, [0, 1 / 2, 1 / 3])
    assert found.area == pytest.approx((1 / 2 + 1 / 3) / 3)
    assert found.best_area == pytest.approx(1 / 9)


def test_risk_of_ties_is_the_mean_over_their_orders():
    found = risk_coverage([0.5, 0.9, 0.5, 0.5], [True, False, False, False])
    # After the wrong one at .9 a third of a right one comes with each of the other three.
    np.testing.assert_allclose(found.risk, [1, (2 - 1 / 3) / 2, (3 - 2 / 3) / 3, 3 / 4])
    assert found.risk.tolist() == risk_coverage([0.9, 0.5, 0.5, 0.5], [False, False, False, True]).risk.tolist()


def test_risk_of_nothing():
    found = risk_coverage([], [])
    assert found.coverage.size == 0 and np.isnan(found.area)
    with pytest.raises(ValueError, match="1 probabilities for 2"):
        risk_coverage([0.5], [True, False])


def test_auroc_counts_the_pairs_in_order():
    random = np.random.default_rng(0)
    probability, right = random.integers(0, 10, 200) / 10, random.random(200) < 0.3
    pairs = probability[right][:, None] - probability[~right]
    assert auroc(probability, right) == pytest.approx(((pairs > 0) + 0.5 * (pairs == 0)).mean())
    assert auroc([0.1, 0.9], [False, True]) == 1
    assert auroc([0.4, 0.4], [False, True]) == 0.5
    assert np.isnan(auroc([0.4, 0.5], [True, True]))


def exact_and_listed(scores, temperature, listed=10):
    """Returns the exact probability of the best answer at a temperature, and the best ones' at temperature 1."""
    scores = np.sort(scores)[::-1]
    at_one, exact = (np.exp((scores - scores[0]) / t) for t in (1.0, temperature))
    return 1 / exact.sum(), (at_one / at_one.sum())[:listed]


def test_temperature_one_changes_nothing():
    assert tempered([np.array([0.5, 0.25]), np.array([])], 1.0).tolist() == [0.5, 0.0]


@pytest.mark.parametrize("temperature", [0.5, 1.5, 3.0])
def test_a_whole_list_is_exact(temperature):
    """Nothing is left beside the listed answers."""
    exact, listed = exact_and_listed(np.array([3.0, 2.0, 1.0, 0.0]), temperature)
    assert tempered([listed, listed], temperature) == pytest.approx([exact, exact])


def test_what_is_not_listed_is_estimated():
    """Scores as a network gives them: thousands, their tail falling with the logarithm of the rank."""
    random = np.random.default_rng(0)
    pairs = [exact_and_listed(random.normal(0, random.uniform(2, 4), 3000), 2.0) for _ in range(200)]
    exact, listed = np.array([pair[0] for pair in pairs]), [pair[1] for pair in pairs]
    found = tempered(listed, 2.0)
    assert np.abs(found - exact).mean() < 0.02 < (np.array([row[0] for row in listed]) - exact).mean()
    # The list alone would have it much too high.
    alone = np.array([1 / ((row / row[0]) ** 0.5).sum() for row in listed])
    assert np.abs(alone - exact).mean() > 3 * np.abs(found - exact).mean()


def test_short_lists_and_no_answer_among_others():
    _, listed = exact_and_listed(np.linspace(0, 5, 50), 2.0)
    found = tempered([listed, listed[:3] / listed[:3].sum() * 0.9, np.array([])], 2.0)
    root = np.sqrt(listed[:3] / listed[0])
    assert found[1] == pytest.approx(1 / (root.sum() + np.sqrt(0.1 / (listed[0] / listed[:3].sum() * 0.9))))
    assert found[2] == 0
    assert ((0 <= found) & (found < 1)).all()


def test_the_estimate_comes_near_what_the_network_says():
    """The shipped run's first questions of mini-ko, at its own temperature."""
    run = Store(Path(__file__).parents[2] / "checkpoints").get("base")
    reader, examples = Reader.load(run), catalogue.load("mini-ko").examples[:12]
    exact = np.array([reader.read(one.question, one.context, n_best=1).spans[0].probability for one in examples])
    table = predictions.read(run.predictions_path("mini-ko")).table.iloc[:12]
    found = confidence(table, run.temperature)
    assert np.abs(found - exact).mean() < 0.03
    assert abs(found.mean() - exact.mean()) < 0.02 < table["probability"].mean() - exact.mean()
    assert confidence(table, 1.0).tolist() == table["probability"].tolist()

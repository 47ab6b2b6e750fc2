"""More than two runs, and runs that differ by seed."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from core.comparing import many, retraining
from core.comparing.compatibility import ComparisonRefused
from tests.comparing.factory import predictions


def first(count: int, run: str, total: int = 40, **changed):
    return predictions(np.arange(total) < count, run=run, **changed)


class TestAllPairs:
    def test_holm_by_hand(self):
        # Differing questions all in one direction: p = 2 / 2^k with k = 8, 10, 2.
        found = many.compare_all([first(0, "a"), first(8, "b"), first(10, "c")])
        assert [found.comparisons[pair].right.p for pair in ((0, 1), (0, 2), (1, 2))] == [2 / 2**8, 2 / 2**10, 2 / 2**2]
        expected = {("a", "b"): 2 * 2 / 2**8, ("a", "c"): 3 * 2 / 2**10, ("b", "c"): 0.5}
        for (row, column), p in expected.items():
            assert found.p.loc[row, column] == found.p.loc[column, row] == pytest.approx(p)
        assert np.isnan(np.diag(found.p)).all()
        assert found.difference.loc["a"].tolist() == [0.0, 20.0, 25.0]
        assert found.difference.loc["c"].tolist() == [-25.0, -5.0, 0.0]

    def test_a_refused_pair_leaves_the_others(self):
        found = many.compare_all([first(0, "a"), first(8, "b"), first(8, "c", scorer_version="x")])
        assert set(found.comparisons) == {(0, 1)}
        assert set(found.refused) == {(0, 2), (1, 2)}
        assert found.p.loc["a", "b"] == 2 / 2**8  # corrected for one pair only
        assert np.isnan(found.p.loc["a", "c"])

    def test_two_runs_of_one_name(self):
        found = many.compare_all([first(0, "a"), first(8, "a")])
        assert found.difference.iloc[0, 1] == 20.0

    def test_one_run(self):
        found = many.compare_all([first(3, "a")])
        assert found.comparisons == {}
        assert found.difference.to_numpy().tolist() == [[0.0]]


class TestGrid:
    def test_classes(self):
        runs = [
            predictions([1, 1, 0, 0, 0]),
            predictions([1, 1, 0, 1, 0], run="b"),
            predictions([1, 0, 1, 0, 0], run="c"),
        ]
        runs[1] = replace(runs[1], table=runs[1].table.iloc[::-1])  # another order of rows
        grid = many.question_grid(runs)
        assert grid["class"].tolist() == ["everybody", "some", "only-one", "only-one", "nobody"]
        assert grid["only"].tolist() == [-1, -1, 2, 1, -1]
        assert grid["right"].tolist() == [3, 2, 1, 1, 0]
        assert grid["right_1"].tolist() == [True, True, False, True, False]

    def test_other_questions_are_refused(self):
        with pytest.raises(ComparisonRefused):
            many.question_grid([predictions([1]), predictions([1, 0], run="b")])
        with pytest.raises(ValueError, match="at least one run"):
            many.question_grid([])


class TestSeeds:
    def test_groups(self):
        runs = [
            predictions([1], run="a", training_config_without_seed_hash="x", seed=0),
            predictions([1], run="b", training_config_without_seed_hash="y", seed=0),
            predictions([1], run="c", training_config_without_seed_hash="x", seed=1),
        ]
        runs.append(predictions([1], run="d", training_config_without_seed_hash="x", seed=2))
        runs[3].meta["weights_sha256"] = runs[0].meta["weights_sha256"]  # the same model again: no second seed
        assert [[one.run for one in group] for group in retraining.seed_groups(runs)] == [["a", "c"], ["b"]]

    def test_spread_by_hand(self):
        group_a = [first(count, f"a{count}", 100) for count in (40, 44, 48)]
        group_b = [first(count, f"b{count}", 100, training_config_without_seed_hash="y") for count in (47, 51)]
        found = retraining.compare_groups(group_a, group_b)
        assert found.scores_a.tolist() == pytest.approx([40, 44, 48])
        assert found.difference == pytest.approx(5.0)
        # squares 16 + 0 + 16 and 4 + 4 over 3 degrees of freedom; t_{.975, 3} = 3.182446
        deviation = np.sqrt(40 / 3)
        assert found.seed_deviation == pytest.approx(deviation)
        assert found.single_run_spread == pytest.approx(3.182446 * np.sqrt(2) * deviation, rel=1e-6)
        half = 3.182446 * deviation * np.sqrt(1 / 3 + 1 / 2)
        assert (found.seed_low, found.seed_high) == (
            pytest.approx(5 - half, rel=1e-6),
            pytest.approx(5 + half, rel=1e-6),
        )
        assert found.low < 5 < found.high
        assert found.message.kind == "within-seed-spread"
        assert found.within_seed_spread(16.4)
        assert not found.within_seed_spread(-16.5)  # 16.43
        assert "up to 17 points" in found.message.text("en")

    def test_beyond(self):
        group_a = [first(count, f"a{count}", 100) for count in (40, 41)]
        group_b = [first(count, f"b{count}", 100) for count in (80, 81)]
        found = retraining.compare_groups(group_a, group_b)
        assert found.message.kind == "beyond-seed-spread"
        assert found.single_run_spread == pytest.approx(stats.t.ppf(0.975, 2))  # deviation 1 / sqrt(2)
        assert found.message.text("ko")

    def test_one_run_each_knows_nothing_of_seeds(self):
        found = retraining.compare_groups([first(40, "a")], [first(20, "b")])
        assert found.message.kind == "no-seeds"
        assert found.seed_deviation is found.single_run_spread is found.seed_low is None
        assert found.within_seed_spread(1.0) is None
        assert found.difference == pytest.approx(-50.0)

    def test_a_mixed_group_is_refused(self):
        other = first(3, "b", training_config_without_seed_hash="y")
        with pytest.raises(ValueError, match="differ by seed alone"):
            retraining.compare_groups([first(3, "a"), other], [other])
        with pytest.raises(ValueError, match="at least one run"):
            retraining.compare_groups([], [other])

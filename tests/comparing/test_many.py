"""More than two runs."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from core.comparing import many
from core.comparing.compatibility import ComparisonRefused
from tests.comparing.factory import predictions


def first(count: int, run: str, total: int = 40, **changed):
    return predictions(np.arange(total) < count, run=run, **changed)


class TestAllPairs:
    def test_holm_by_hand(self):
        found = many.compare_all([first(0, "a"), first(8, "b"), first(10, "c")])
        plain = {pair: one.right.p for pair, one in found.comparisons.items()}
        assert plain[1, 2] is None  # two questions differ: not tested, counted as 1 in the others' correction
        assert plain[0, 2] < plain[0, 1] < 0.05
        expected = {("a", "b"): 2 * plain[0, 1], ("a", "c"): 3 * plain[0, 2], ("b", "c"): np.nan}
        for (row, column), p in expected.items():
            assert found.p.loc[row, column] == pytest.approx(p, nan_ok=True)
            assert found.p.loc[column, row] == pytest.approx(p, nan_ok=True)
        assert np.isnan(np.diag(found.p)).all()
        assert found.difference.loc["a"].tolist() == [0.0, 20.0, 25.0]
        assert found.difference.loc["c"].tolist() == [-25.0, -5.0, 0.0]

    def test_a_refused_pair_leaves_the_others(self):
        found = many.compare_all([first(0, "a"), first(8, "b"), first(8, "c", scorer_version="x")])
        assert set(found.comparisons) == {(0, 1)}
        assert set(found.refused) == {(0, 2), (1, 2)}
        assert found.p.loc["a", "b"] == found.comparisons[0, 1].right.p  # corrected for one pair only
        assert np.isnan(found.p.loc["a", "c"])

    def test_two_runs_of_one_name(self):
        found = many.compare_all([first(0, "a"), first(8, "a")])
        assert found.difference.iloc[0, 1] == 20.0

    def test_one_run(self):
        found = many.compare_all([first(3, "a")])
        assert found.comparisons == {}
        assert found.difference.to_numpy().tolist() == [[0.0]]

    def test_one_pair_needs_no_adjusting(self):
        found = many.compare_all([first(0, "a"), first(8, "b")])
        assert found.adjusted.loc["a", "b"] == found.p.loc["a", "b"] == found.plain.loc["a", "b"]

    def test_max_t_by_enumeration(self):
        """Three runs, six differing paragraphs: the share of all 64 sign patterns, which the flips come close to."""
        a, b, c = (np.array(list(text), int) for text in ("000000", "111110", "100111"))
        sums = np.stack([b - a, c - a, c - b])  # (pairs, paragraphs)
        studentised = sums / np.sqrt((sums**2).sum(axis=1, keepdims=True))
        signs = 1 - 2 * ((np.arange(64)[:, None] >> np.arange(6)) & 1)
        largest = np.abs(signs @ studentised.T).max(axis=1)
        expected = [(largest >= abs(one.sum()) - 1e-9).mean() for one in studentised]
        # Six paragraphs are too few for a p of their own: the flips alone are looked at.
        adjusted, _ = many._max_t(np.zeros(3), sums.T.astype(np.float32), many.FLIPS)
        assert adjusted == pytest.approx(expected, abs=0.012)

    def test_adjusted_and_critical_are_one_statement_and_never_beat_the_plain_p(self):
        chance = np.random.default_rng(3)
        clusters = np.arange(240) // 6
        runs = [predictions(chance.random(240) < 0.3 + 0.05 * k, clusters, run=f"r{k}") for k in range(5)]
        found = many.compare_all(runs)
        told_apart = found.adjusted.to_numpy() < 0.05
        upper = np.triu_indices(5, 1)
        assert 0 < told_apart[upper].sum() < 10
        assert ((np.abs(found.difference) > found.critical).to_numpy() == told_apart)[upper].all()
        assert (found.adjusted.to_numpy() >= found.plain.to_numpy())[upper].all()
        again = many.compare_all(runs)
        pd.testing.assert_frame_equal(found.adjusted, again.adjusted)

    def test_ten_equal_runs_are_rarely_told_apart(self):
        """Family-wise error of max-T under the null, the paragraphs correlated: about .05 where plain p has half."""
        chance = np.random.default_rng(0)
        clusters, wrongly, plainly = np.arange(200) // 5, 0, 0
        for _ in range(200):
            ease = chance.random(40)[clusters]
            right = chance.random((10, 200)) < 0.6 * ease
            sums = np.add.reduceat(right, np.arange(0, 200, 5), axis=1, dtype=np.float32).T  # (paragraphs, runs)
            table = np.stack([sums[:, j] - sums[:, i] for i, j in combinations(range(10), 2)], axis=1)
            wrongly += many._max_t(np.zeros(45), table, 400)[0].min() < 0.05
            plainly += (np.abs(table.sum(axis=0)) / np.sqrt((table**2).sum(axis=0))).max() > 1.96
        assert wrongly <= 18  # 200 x .05 = 10, and 2.6 standard errors
        assert plainly > 80

    def test_ordering_and_letters(self):
        found = many.compare_all([first(10, "low"), first(40, "high"), first(11, "second")])
        assert found.ordering["run"].tolist() == ["high", "second", "low"]
        assert found.ordering["position"].tolist() == [1, 2, 0]
        assert found.ordering["score"].tolist() == pytest.approx([100.0, 27.5, 25.0])
        assert found.ordering["group"].tolist() == ["a", "b", "b"]

    def test_too_little_to_test_has_no_p_and_tells_nothing_apart(self):
        found = many.compare_all([first(0, "a"), first(3, "b"), first(30, "c")])
        assert np.isnan(found.adjusted.loc["a", "b"]) and np.isnan(found.critical.loc["a", "b"])
        assert found.adjusted.loc["a", "c"] < 0.05
        assert found.ordering["group"].tolist() == ["a", "b", "b"]

    def test_the_note_says_that_it_is_resampled(self):
        note = many.compare_all([first(0, "a"), first(8, "b")]).note
        assert "20000" in note.text("en").replace(",", "") and "0.003" in note.text("ko")


@pytest.mark.parametrize(
    ("alike", "expected"),
    [
        ([[1, 1, 0], [1, 1, 1], [0, 1, 1]], ["a", "ab", "b"]),
        ([[1, 1], [1, 1]], ["a", "a"]),
        ([[1, 0], [0, 1]], ["a", "b"]),
        ([[1, 1, 0, 0], [1, 1, 1, 0], [0, 1, 1, 1], [0, 0, 1, 1]], ["a", "ab", "bc", "c"]),
        ([[1, 0, 1], [0, 1, 1], [1, 1, 1]], ["a", "b", "ab"]),
        ([[1]], ["a"]),
        (np.ones((0, 0)), []),
    ],
)
def test_letters(alike, expected):
    assert many.letters(np.array(alike, bool)) == expected


def test_letters_are_shared_exactly_by_those_not_told_apart():
    chance = np.random.default_rng(0)
    for size in range(2, 9):
        alike = chance.random((size, size)) < 0.6
        alike = alike | alike.T
        groups = many.letters(alike)
        for i, j in combinations(range(size), 2):
            assert bool(set(groups[i]) & set(groups[j])) == alike[i, j]


class TestSelection:
    def test_agrees_with_the_matrix(self):
        chance = np.random.default_rng(3)
        runs = [predictions(chance.random(120) < 0.3 + 0.04 * k, np.arange(120) // 4, run=f"r{k}") for k in range(4)]
        found = many.selection(runs[1], runs[3], runs)
        matrix = many.compare_all(runs)
        assert (found.runs, found.pairs) == (4, 6)
        assert found.plain == matrix.plain.loc["r1", "r3"]
        assert found.adjusted == pytest.approx(matrix.adjusted.loc["r1", "r3"], abs=0.015)  # other order, other signs
        assert found.adjusted > found.plain
        for language in ("ko", "en"):
            assert "max-T" in found.message.text(language)

    def test_two_runs_are_no_choice(self):
        a, b = first(0, "a"), first(8, "b")
        found = many.selection(a, b, [a, b])
        assert (found.runs, found.adjusted, found.message) == (2, found.plain, None)

    def test_runs_that_cannot_be_compared_do_not_count(self):
        a, b, c = first(0, "a"), first(8, "b"), first(9, "c", scorer_version="x")
        assert many.selection(a, b, [a, b, c]).runs == 2
        with pytest.raises(ComparisonRefused):
            many.selection(a, c, [a, b, c])


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

"""The statistics against published and hand-computed values."""

import math

import numpy as np
import pytest
from scipy import stats

from core.scoring import statistics


def test_cluster_sums_follow_the_sorted_labels():
    values = np.array([[1.0, 0.5], [2.0, 0.5], [4.0, 1.0], [8.0, 0.0]])
    sums, sizes = statistics.cluster_sums(values, np.array([7, 3, 7, 3]))
    assert sums.tolist() == [[10.0, 0.5], [5.0, 1.5]]
    assert sizes.tolist() == [2, 2]


class TestBootstrap:
    def test_two_clusters_give_the_four_possible_resamples(self):
        means = statistics.bootstrap_means(np.array([[1.0], [0.0]]), np.array([1, 3]), 20_000)[:, 0]
        values, counts = np.unique(means, return_counts=True)
        assert values.tolist() == [0.0, 0.25, 1.0]  # a ratio: sum of sums / sum of sizes
        assert counts / len(means) == pytest.approx([0.25, 0.5, 0.25], abs=0.015)

    def test_clusters_of_any_size_without_variation_have_no_spread(self):
        sizes = np.array([1, 5, 2, 9])
        means = statistics.bootstrap_means(sizes[:, None] * 1.0, sizes, 100)
        assert (means == 1).all()

    def test_the_spread_is_that_of_clusters_not_of_questions(self):
        # 50 clusters of 8 equal questions: the standard error is that of 50 independent values, sqrt(p q / 50).
        sums = np.array([[8.0]] * 25 + [[0.0]] * 25)
        means = statistics.bootstrap_means(sums, np.full(50, 8), 20_000)
        assert means.std() == pytest.approx(math.sqrt(0.25 / 50), rel=0.02)

    def test_a_seed_fixes_it_and_another_changes_it(self):
        sums, sizes = np.arange(30.0)[:, None], np.full(30, 2)
        first = statistics.bootstrap_means(sums, sizes, 500, 3)
        assert (first == statistics.bootstrap_means(sums, sizes, 500, 3)).all()
        assert (first != statistics.bootstrap_means(sums, sizes, 500, 4)).any()

    def test_chunks_do_not_lose_resamples(self, monkeypatch):
        monkeypatch.setattr(statistics, "_CELLS", 70)  # 7 resamples a chunk, the last of 2
        means = statistics.bootstrap_means(np.full((10, 2), 3.0), np.full(10, 3), 100)
        assert means.shape == (100, 2)
        assert (means == 1).all()

    def test_a_resample_without_a_question_of_the_slice_gives_the_observed_mean(self):
        sizes = np.array([[4.0], [0.0]])  # the second cluster has no question of this slice
        means = statistics.bootstrap_means(np.array([[1.0], [0.0]]), sizes, 1000)
        assert (means == 0.25).all()

    def test_interval_of_a_known_distribution(self):
        means = np.linspace(0, 1, 100_001)[:, None]
        low, high = statistics.interval(means, 10**9)
        assert (low[0], high[0]) == (pytest.approx(0.025, abs=1e-5), pytest.approx(0.975, abs=1e-5))

    def test_few_clusters_widen_the_level(self):
        # t_{.975, 59} = 2.000995; sqrt(60/59) * t = 2.017881; Phi(-2.017881) = .0218
        assert statistics.expanded_level(60) == pytest.approx(0.02180, abs=1e-5)
        assert statistics.expanded_level(10**8) == pytest.approx(0.025, abs=1e-6)
        assert statistics.expanded_level(1) == 0


class TestClusteredTest:
    def test_equal_clusters_by_hand(self):
        # Means 1, 1, 1, 1, -1, -1 (symmetry aside): D = 1/3, s = 1.0328 / sqrt(6) = .42164, t = .79057, 5 d.f.
        sums = np.array([[2.0], [2.0], [2.0], [2.0], [-2.0], [-2.0]])
        found = statistics.clustered_test(sums, np.full(6, 2))
        assert found.error[0] == pytest.approx(0.42164, abs=1e-5)
        plain = stats.ttest_1samp([1, 1, 1, 1, -1, -1], 0)
        assert found.p[0] >= plain.pvalue - 1e-9
        assert found.low[0] <= plain.confidence_interval().low + 1e-9
        assert found.high[0] >= plain.confidence_interval().high - 1e-9

    def test_symmetric_clusters_give_students_interval(self):
        values = np.array([-3.0, -1.0, 1.0, 3.0, 5.0])  # symmetric about 1: no skewness
        found = statistics.clustered_test(values[:, None], np.ones(5))
        plain = stats.ttest_1samp(values, 0)
        assert found.p[0] == pytest.approx(plain.pvalue)
        assert (found.low[0], found.high[0]) == pytest.approx(tuple(plain.confidence_interval()))

    def test_skewed_clusters_widen_the_interval_on_their_side(self):
        values = np.array([-1.0] * 36 + [9.0] * 4)
        found = statistics.clustered_test(values[:, None], np.ones(40))
        plain = stats.ttest_1samp(values, 0).confidence_interval()
        assert found.high[0] > plain.high + 0.1
        assert found.low[0] == pytest.approx(plain.low)

    def test_unequal_clusters_have_the_residuals_of_cr2(self):
        # D = 3/6; e = (0 - .5 * 1, 3 - .5 * 3, 0 - .5 * 2) over sqrt(1 - m/6)
        found = statistics.clustered_test(np.array([[0.0], [3.0], [0.0]]), np.array([1, 3, 2]))
        squares = 0.25 / (5 / 6) + 2.25 / (3 / 6) + 1.0 / (4 / 6)
        assert found.error[0] == pytest.approx(math.sqrt(squares) / 6)

    def test_p_is_alpha_at_the_bounds(self):
        """The interval is the inversion of the very test: skewed and symmetric, equal and unequal clusters."""
        random = np.random.default_rng(0)
        sizes = random.integers(1, 12, (66, 300))
        sums = np.round(sizes * random.normal(0.05, 0.3, sizes.shape)) + sizes * (random.random(sizes.shape) < 0.08)
        found = statistics.clustered_test(sums, sizes)
        for bound in (found.low, found.high):
            assert statistics.clustered_test(sums - bound * sizes, sizes).p == pytest.approx(0.05, abs=1e-9)
        assert ((found.p < 0.05) == ((found.low > 0) | (found.high < 0))).all()
        assert (found.p < 0.05).any() and (found.p >= 0.05).any()

    def test_clusters_without_a_question_do_not_count(self):
        sums, sizes = np.array([[1.0], [-2.0], [3.0], [0.0]]), np.array([[2], [3], [4], [0]])
        with_empty, without = statistics.clustered_test(sums, sizes), statistics.clustered_test(sums[:3], sizes[:3])
        assert (with_empty.p, with_empty.low) == (pytest.approx(without.p), pytest.approx(without.low))

    def test_where_nothing_varies_the_bounds_are_what_may_hide(self):
        none = statistics.clustered_test(np.zeros((100, 1)), np.ones(100))
        assert (none.p[0], none.high[0]) == (1.0, pytest.approx(1 - 0.05 ** (1 / 100)))
        everything = statistics.clustered_test(np.full((30, 1), 4.0), np.full(30, 4))
        assert (everything.p[0], everything.high[0]) == (0.0, 1.0)
        assert everything.low[0] == pytest.approx(0.05 ** (1 / 30))

    def test_effective_clusters(self):
        assert statistics.effective_clusters(np.full(7, 3)) == pytest.approx(7)
        assert statistics.effective_clusters(np.array([30, 1, 1])) == pytest.approx(1024 / 902)


class TestMcNemar:
    def test_published_example(self):
        """Fagerland et al. 2013, table 2 (Bentur et al.): n12 = 1, n21 = 7; exact .070, mid-p .039."""
        found = statistics.mcnemar(1, 7)
        assert (found.exact_p, found.mid_p) == (pytest.approx(18 / 256), pytest.approx(10 / 256))
        assert statistics.mcnemar(7, 1).mid_p == found.mid_p

    def test_equal_counts(self):
        found = statistics.mcnemar(3, 3)  # 1 - C(6,3) / 64 / 2
        assert (found.exact_p, found.mid_p) == (pytest.approx(1.0), pytest.approx(1 - 10 / 64))

    def test_no_discordant_pair(self):
        assert statistics.mcnemar(0, 0) == statistics.McNemar(1.0, 1.0, 0, 0)

    def test_many_at_once(self):
        only_a, only_b = np.array([1, 3, 0, 10]), np.array([7, 3, 0, 2])
        single = [statistics.mcnemar(int(a), int(b)).mid_p for a, b in zip(only_a, only_b, strict=True)]
        assert statistics.mcnemar_mid_p(only_a, only_b) == pytest.approx(single)


class TestIntraClassCorrelation:
    def test_three_equal_clusters_by_hand(self):
        # MSB = 2 (1/4 + 1/4 + 0) / 2 = 1/2, MSW = (1/2) / 3 = 1/6, m0 = 2: (1/3) / (2/3)
        values, clusters = np.array([1.0, 1, 0, 0, 1, 0]), np.array([0, 0, 1, 1, 2, 2])
        assert statistics.intra_class_correlation(values, clusters) == pytest.approx(0.5)

    def test_three_unequal_clusters_by_hand(self):
        # MSB = (3/36 + 2/4 + 1/4) / 2 = 5/12, MSW = (2/3) / 3 = 2/9, m0 = (6 - 14/6) / 2 = 11/6
        # (7/36) / (5/12 + 5/6 * 2/9) = 21/65
        values, clusters = np.array([1.0, 1, 0, 0, 0, 1]), np.array([5, 5, 5, 1, 1, 9])
        assert statistics.intra_class_correlation(values, clusters) == pytest.approx(21 / 65)

    def test_opposites_are_negative(self):
        values = np.array([1.0, -1] * 5)
        assert statistics.intra_class_correlation(values, np.repeat(np.arange(5), 2)) == pytest.approx(-1)

    @pytest.mark.parametrize("clusters", [[0, 0, 0], [0, 1, 2]])
    def test_what_cannot_be_estimated_is_not_a_number(self, clusters):
        assert np.isnan(statistics.intra_class_correlation(np.array([1.0, 0, 1]), np.array(clusters)))
        assert np.isnan(statistics.intra_class_correlation(np.zeros(3), np.array([0, 0, 1])))

    def test_one_cluster_has_neither_interval_nor_design_effect(self):
        means = statistics.bootstrap_means(np.array([[3.0, 1.0]]), np.array([4]), 50)
        assert np.isnan(statistics.interval(means, 1)).all()
        assert np.isnan(statistics.design_effect(0.3, np.array([4])))
        assert np.isnan(statistics.design_effect(np.nan, np.array([2, 1])))
        assert statistics.design_effect(np.nan, np.array([1, 1])) == 1.0  # no question shares its paragraph

    def test_design_effect_by_hand(self):
        # m = (4 + 16) / 6 = 10/3; 1 + 7/3 * .3 = 1.7
        assert statistics.design_effect(0.3, np.array([2, 4])) == pytest.approx(1.7)
        assert statistics.design_effect(-0.3, np.array([2, 4])) == 1.0


class TestPower:
    @pytest.mark.parametrize(("discordance", "effect"), [(0.2, 0.1), (0.3, 0.05), (0.1, 0.1)])
    def test_the_detectable_effect_is_the_inverse(self, discordance, effect):
        z_a, z_b = 1.959963985, 0.841621234
        n = ((z_a * math.sqrt(discordance) + z_b * math.sqrt(discordance - effect**2)) / effect) ** 2
        assert statistics.minimum_detectable_effect(n, discordance) == pytest.approx(effect, rel=1e-6)

    def test_the_original_102_questions(self):
        """About 13 points where 22 % of the questions differ; inflated by the root of the design effect."""
        plain = statistics.minimum_detectable_effect(102, 0.22)
        assert plain == pytest.approx(0.1286, abs=1e-4)
        assert statistics.minimum_detectable_effect(102, 0.22, 1.5) == pytest.approx(plain * math.sqrt(1.5))

    def test_more_than_the_discordance_needs_more_discordance(self):
        # All differing questions in one direction: n d = (z_a + z_b sqrt(1 - d))^2, with d = .0752 for n = 102
        d = statistics.minimum_detectable_effect(102, 0.02)
        assert 102 * d == pytest.approx((1.959963985 + 0.841621234 * math.sqrt(1 - d)) ** 2)
        assert statistics.minimum_detectable_effect(102, 0.0) == d

    def test_hopelessly_few(self):
        assert statistics.minimum_detectable_effect(3, 0.5) is None
        assert statistics.minimum_detectable_effect(12, 0.5, 10.0) is None


class TestHolm:
    @pytest.mark.parametrize(
        ("p", "corrected"),
        [
            # R: p.adjust(p, "holm")
            ([0.01, 0.04, 0.03, 0.005, 0.5], [0.04, 0.09, 0.09, 0.025, 0.5]),
            ([0.4, 0.3, 0.2], [0.6, 0.6, 0.6]),
            ([0.9, 0.8], [1.0, 1.0]),
            ([0.03], [0.03]),
            ([], []),
        ],
    )
    def test_known_values(self, p, corrected):
        assert statistics.holm(p) == pytest.approx(corrected)


@pytest.mark.parametrize("share", [0.95, -0.95])
def test_a_bound_at_0_leaves_0_inside(share):
    """One cluster may hide 1 - .05 = .95, and p is .05 there, not under it."""
    found = statistics.clustered_test(np.array([[share]]), np.array([1]))
    assert 0.0 in (found.low[0], found.high[0])
    assert found.p[0] >= 0.05


@pytest.mark.parametrize("clusters", [2**16, 2**16 + 1])
def test_more_clusters_than_16_bits_count(clusters):
    sums = np.zeros((clusters, 1))
    sums[-1] = clusters  # in about 63 of 100 resamples
    means = statistics.bootstrap_means(sums, np.ones(clusters, int), 20)
    assert 0 < (means > 0).sum() < 20


def test_mirrored_differences_have_mirrored_bounds_and_the_same_p():
    sums, sizes = np.array([[3.0], [1.0], [2.0], [4.0], [1.0], [5.0]]), np.array([4, 2, 2, 5, 3, 5])
    there, back = statistics.clustered_test(sums, sizes), statistics.clustered_test(-sums, sizes)
    assert there.p[0] == back.p[0] < 0.05
    assert (there.low[0], there.high[0]) == (-back.high[0], -back.low[0])

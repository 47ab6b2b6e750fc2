"""Proof of `core.scoring.statistics` by simulation: `python -m core.comparing.simulation` prints the table.

Each trial is a paired comparison of two runs whose per-question differences (-1, 0, +1) correlate within paragraphs.
The functions under test are the very ones that `compare` calls: their k measures are here k trials.
"""

from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table

from core.scoring import statistics

QUESTIONS_A_PARAGRAPH = 6
_BATCH = 500  # trials that share one set of resampling weights


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table.

    Attributes:
        paragraphs: clusters of a trial.
        icc: true intra-class correlation of the difference.
        discordance: true share of questions that exactly one run has right.
        effect: true difference (share) where coverage is measured; p is measured at no difference.
        varied: paragraph sizes 1..11 (mean 6, as different as KorQuAD's) instead of 6 each.
    """

    paragraphs: int
    icc: float
    discordance: float = 0.24
    effect: float = 0.04
    varied: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """Shares (0..1) over the trials of one setting.

    `coverage`: the interval covers the truth; `false_alarms`: p < .05 without a true difference; `*_unclustered`: a
    plain percentile bootstrap of single questions; `plain_coverage`: the plain percentile level with clusters.
    """

    setting: Setting
    trials: int
    coverage: float
    false_alarms: float
    plain_coverage: float
    coverage_unclustered: float
    false_alarms_unclustered: float
    false_alarms_mcnemar: float


SETTINGS = (
    *(Setting(paragraphs, icc) for paragraphs in (60, 200, 1000) for icc in (0.0, 0.1, 0.3, 0.5)),
    Setting(60, 0.3, varied=True),
    Setting(1000, 0.3, varied=True),
    Setting(17, 0.1),  # the size of the original's 102 questions: beyond what is promised, shown for honesty
)


def simulate(setting: Setting, trials: int = 4000, resamples: int = 2000, seed: int = 0) -> Result:
    """Runs `trials` comparisons with and `trials` without a true difference."""
    random = np.random.default_rng([seed, setting.paragraphs, round(100 * setting.icc), setting.varied])
    sizes = np.full(setting.paragraphs, QUESTIONS_A_PARAGRAPH)
    if setting.varied:
        sizes = random.integers(1, 2 * QUESTIONS_A_PARAGRAPH, setting.paragraphs)
    totals = np.zeros(6)
    for first in range(0, trials, _BATCH):
        count = min(_BATCH, trials - first)
        weights = [seed, 1 + first]
        shifted = _differences(random, sizes, setting, setting.effect, count)
        level = np.array([statistics.ALPHA, _plain_level(setting.paragraphs)])
        means = statistics.bootstrap_means(_sums(shifted, sizes), sizes, resamples, weights)
        ours, plain = (_covers(means, setting.paragraphs, setting.effect, alpha) for alpha in level)
        ones = np.ones(len(shifted))
        loose = statistics.bootstrap_means(shifted, ones, resamples, weights)
        unclustered = _covers(loose, 10**9, setting.effect, statistics.ALPHA)
        null = _differences(random, sizes, setting, 0.0, count)
        alarms = statistics.sign_flip(_sums(null, sizes), resamples, weights) < statistics.ALPHA
        loose = statistics.bootstrap_means(null, ones, resamples, weights)
        loose_alarms = ~_covers(loose, 10**9, 0.0, statistics.ALPHA)
        mid_p = statistics.mcnemar_mid_p((null < 0).sum(0), (null > 0).sum(0))
        outcomes = (ours, alarms, plain, unclustered, loose_alarms, mid_p < statistics.ALPHA)
        totals += [share.sum() for share in outcomes]
    return Result(setting, trials, *(totals / trials).tolist())


def _differences(
    random: np.random.Generator, sizes: np.ndarray, setting: Setting, effect: float, trials: int
) -> np.ndarray:
    """Draws differences, float32 (questions, trials), with mean `effect` and exactly the setting's ICC.

    Each question takes over its paragraph's draw with probability sqrt(ICC), else it has its own: two questions of a
    paragraph then share a draw with probability ICC, which is their correlation.
    """
    up = (setting.discordance + effect) / 2
    bounds = (up, setting.discordance)

    def draw(rows: int) -> np.ndarray:
        uniform = random.random((rows, trials), np.float32)
        return (uniform < bounds[0]).astype(np.float32) - ((uniform >= bounds[0]) & (uniform < bounds[1]))

    common = np.repeat(draw(len(sizes)), sizes, axis=0)
    own = draw(len(common))
    return np.where(random.random(own.shape, np.float32) < np.sqrt(setting.icc), common, own)


def _sums(differences: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    return np.add.reduceat(differences, np.cumsum(sizes) - sizes, axis=0)


def _plain_level(clusters: int) -> float:
    """Returns the alpha whose expansion is the plain percentile level."""
    low, high = 0.0, 0.5
    for _ in range(50):
        middle = (low + high) / 2
        if statistics.expanded_level(clusters, middle) < statistics.ALPHA / 2:
            low = middle
        else:
            high = middle
    return high


def _covers(means: np.ndarray, clusters: int, truth: float, alpha: float) -> np.ndarray:
    low, high = statistics.interval(means, clusters, alpha)
    slack = 1e-6  # a bound that equals the truth covers it, whatever float32 made of it
    return (low - slack <= truth) & (truth <= high + slack)


def table(results: list[Result]) -> Table:
    """Returns the results as a table for the terminal; shares in per cent."""
    shown = Table(title=f"{results[0].trials} trials a row; wanted: interval covers 93-97 %, false alarms <= 6 %")
    for name in ("paragraphs", "ICC", "sizes"):
        shown.add_column(name, justify="right")
    for name in (
        "interval\ncovers",
        "sign-flip\nfalse alarms",
        "plain percentile\ncovers",
        "unclustered\ncovers",
        "unclustered\nfalse alarms",
        "McNemar mid-p\nfalse alarms",
    ):
        shown.add_column(name, justify="right")
    for result in results:
        setting = result.setting
        shares = (
            result.coverage,
            result.false_alarms,
            result.plain_coverage,
            result.coverage_unclustered,
            result.false_alarms_unclustered,
            result.false_alarms_mcnemar,
        )
        size = "1-11" if setting.varied else "6"
        shown.add_row(str(setting.paragraphs), f"{setting.icc:.1f}", size, *(f"{100 * x:.1f}" for x in shares))
    return shown


if __name__ == "__main__":
    Console(width=120).print(table([simulate(setting) for setting in SETTINGS]))

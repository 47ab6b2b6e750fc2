"""Proof of the comparison by simulation: `python -m core.comparing.simulation` prints its tables, as Markdown.

Each trial is a paired comparison made up from a known truth. The functions under test are the very ones that `compare`
calls, `statistics.clustered_test` (its k measures are here k trials) and those of `retraining`, behind the gates of
`verdict`. Beside them stand tests that the product does not use. Wanted: intervals that cover the truth in 93-97 % of
trials, and p < .05 in at most 6 % where there is no difference; where that cannot be had, no verdict.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from scipy import special

from core.comparing import retraining, verdict
from core.scoring import statistics
from core.scoring.statistics import ALPHA

TRIALS = 2_000
SEEN = 0.1
"""With a verdict in a smaller share of trials its figures are noise, and are not shown."""
_BATCH = 250  # trials that share the sizes of their paragraphs
_PATTERNS = 4_000  # of signs, the same for all trials: what the exact sign flip gives, to .003
_RESAMPLES = 500

Shape = Literal["equal", "one", "varied", "lognormal", "giant"]
Values = Literal["copied", "skewed", "graded"]


@dataclass(frozen=True, slots=True)
class Regime:
    """One row of the first table.

    Attributes:
        name: what it is.
        paragraphs: clusters of a trial.
        shape: their sizes: 6 each, 1 each, 1 to 11, lognormal (as different as 1 and 20), or one as large as
            the `giant` share of all questions.
        values: `copied`: -1, 0, +1; each question takes over its paragraph's draw with probability sqrt(ICC), so that
            two of a paragraph correlate with ICC. `skewed`: one paragraph in ten goes to B altogether, the others lose
            a little. `graded`: as `copied`, the size of a difference between 0 and 1 (F1).
        icc: intra-class correlation.
        discordance: share of questions that exactly one run has right.
        effect: true difference (share) where coverage is measured; p is measured at none.
        giant: share of questions in the largest paragraph.
    """

    name: str
    paragraphs: int
    shape: Shape = "equal"
    values: Values = "copied"
    icc: float = 0.3
    discordance: float = 0.24
    effect: float = 0.04
    giant: float = 0.0


@dataclass(frozen=True, slots=True)
class Shares:
    """Of a test, over the trials of one regime: how often its interval covers, and p < .05 without a difference."""

    coverage: float = float("nan")
    alarms: float = float("nan")


@dataclass(frozen=True, slots=True)
class Result:
    """What a regime gives: `verdicts`, the share of trials with one; the `product` there; `others` on all trials."""

    name: str
    verdicts: float
    product: Shares
    others: dict[str, Shares] = field(default_factory=dict)

    @property
    def promised(self) -> bool:
        """Whether the product gives a verdict here often enough for its figures to mean anything."""
        return self.verdicts >= SEEN


REGIMES = (
    *(Regime(f"{count} paragraphs of 6", count) for count in (10, 12, 16, 20, 30, 40, 66, 200)),
    *(Regime(f"{count} paragraphs of 1", count, "one", icc=0.0) for count in (20, 40, 66, 200)),
    *(Regime(f"{count} paragraphs of 1 to 11", count, "varied") for count in (20, 40, 66, 200)),
    *(Regime(f"{count} paragraphs, lognormal sizes", count, "lognormal") for count in (40, 66, 200)),
    *(
        Regime(f"{count} paragraphs, {100 * giant:.0f} % of questions in one", count, "giant", giant=giant)
        for count, giant in ((40, 0.5), (200, 0.5), (200, 0.15), (200, 0.1))
    ),
    *(Regime(f"{count} paragraphs of 6, skewed", count, values="skewed") for count in (10, 20, 30, 40, 66, 200)),
    *(Regime(f"{count} paragraphs of 6, F1", count, values="graded", discordance=0.4) for count in (20, 40, 66, 200)),
    *(
        Regime(f"EM {rate} %, {count} paragraphs of 6", count, icc=0.1, discordance=1.6 * rate / 100, effect=0.01)
        for rate in (2, 5)
        for count in (66, 200)
    ),
    *(
        Regime(
            f"{count} discordant questions of 1,056", 176, icc=0.1, discordance=count / 1056, effect=0.3 * count / 1056
        )
        for count in (3, 8, 20)
    ),
    Regime("ICC 0.5, 66 paragraphs of 6", 66, icc=0.5),
    Regime("ICC 0, 66 paragraphs of 6", 66, icc=0.0),
)


@dataclass(frozen=True, slots=True)
class Recipes:
    """One row of the second table: recipes trained with several seeds.

    Attributes:
        trainings: of A and of B.
        deviation: standard deviation between trainings of one recipe, points.
        interaction: whether the recipes find different questions hard.
        paragraphs: of 6 questions each.
        effect: true difference of the recipes (share) where coverage is measured.
    """

    trainings: tuple[int, int]
    deviation: float
    interaction: bool
    paragraphs: int = 100
    effect: float = 0.04

    @property
    def name(self) -> str:
        """Says what it is."""
        a, b = self.trainings
        return f"{a} v {b}, s.d. {self.deviation:g} points{', recipes differ by question' if self.interaction else ''}"


RECIPES = tuple(
    Recipes(trainings, deviation, interaction)
    for trainings in ((1, 1), (3, 1), (3, 3), (5, 5))
    for interaction in (False, True)
    for deviation in (0, 1, 2, 5)
)


# -- two models ---------------------------------------------------------------------------------------------------


def simulate(regime: Regime, trials: int = TRIALS, seed: int = 0) -> Result:
    """Runs `trials` comparisons with and `trials` without a true difference."""
    random = np.random.default_rng([seed, *regime.name.encode()])
    signs = 2 * np.random.default_rng(regime.paragraphs).integers(0, 2, (_PATTERNS, regime.paragraphs)) - 1.0
    given = {"coverage": 0, "alarms": 0}
    hits = {"coverage": 0, "alarms": 0}
    others: dict[str, dict[str, float]] = {}
    for first in range(0, trials, _BATCH):
        count = min(_BATCH, trials - first)
        sizes = _sizes(random, regime)
        for what, effect in (("coverage", regime.effect), ("alarms", 0.0)):
            differences, truth = _differences(random, sizes, regime, effect, count)
            sums = np.add.reduceat(differences, np.cumsum(sizes) - sizes, axis=0)
            tested = statistics.clustered_test(sums, sizes)
            known = _testable(sums, sizes)
            given[what] += int(known.sum())
            hits[what] += int((known & _inside(tested.low, tested.high, truth, what)).sum())
            for name, (low, high) in _intervals(random, differences, sums, sizes, truth, signs).items():
                share = others.setdefault(name, {"coverage": 0, "alarms": 0})
                share[what] += float(_inside(low, high, truth, what).sum())
            p = statistics.mcnemar_mid_p((differences < 0).sum(axis=0), (differences > 0).sum(axis=0))
            share = others.setdefault("McNemar mid-p", {"coverage": float("nan"), "alarms": 0})
            share[what] += float((p < ALPHA).sum())
    rates = {what: hits[what] / given[what] if given[what] else float("nan") for what in hits}
    return Result(
        regime.name,
        sum(given.values()) / (2 * trials),
        Shares(**rates),
        {name: Shares(**{what: value / trials for what, value in share.items()}) for name, share in others.items()},
    )


def _inside(low: np.ndarray, high: np.ndarray, truth: float, what: str) -> np.ndarray:
    """Returns which intervals hold the truth, or for `alarms` which do not."""
    covered = (low <= truth + 1e-12) & (truth - 1e-12 <= high)
    return covered if what == "coverage" else ~covered


def _testable(sums: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    return np.array([bool(differing) and not verdict.untestable(sizes, differing) for differing in (sums != 0).sum(0)])


def _intervals(
    random: np.random.Generator,
    differences: np.ndarray,
    sums: np.ndarray,
    sizes: np.ndarray,
    truth: float,
    signs: np.ndarray,
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Returns the intervals of tests that the product does not use; of the sign flip only whether it holds `truth`."""
    questions = len(differences)
    mean, deviation = differences.mean(axis=0), differences.std(axis=0, ddof=1)
    shifted = sums - truth * sizes[:, None]
    observed = np.abs(shifted.sum(axis=0))
    flipped = np.abs(signs @ shifted)
    tolerance = 1e-9 * questions
    larger, as_large = (flipped > observed + tolerance).mean(axis=0), (flipped >= observed - tolerance).mean(axis=0)
    kept = (larger + as_large) / 2 >= ALPHA  # mid-p
    flip = np.where(kept, truth, np.inf), np.where(kept, truth, np.inf)
    residuals = sums - mean * sizes[:, None]
    error = np.sqrt((residuals**2 / (1 - sizes[:, None] / questions)).sum(axis=0)) / questions
    student = float(special.stdtrit(len(sizes) - 1, 1 - ALPHA / 2)) * error
    loose = 1.959964 * deviation / np.sqrt(questions)
    correlated = float(special.stdtrit(questions - 1, 1 - ALPHA / 2)) * deviation
    correlated = correlated * np.sqrt(1 / questions + 1 / (questions - 1))
    means = statistics.bootstrap_means(differences, np.ones(questions), _RESAMPLES, int(random.integers(2**31)))
    low, high = np.quantile(means, [ALPHA / 2, 1 - ALPHA / 2], axis=0)
    return {
        "sign flip": flip,
        "t (CR2)": (mean - student, mean + student),
        "bootstrap": (low, high),
        "CLT": (mean - loose, mean + loose),
        "baycomp": (mean - correlated, mean + correlated),
    }


def _sizes(random: np.random.Generator, regime: Regime) -> np.ndarray:
    count = regime.paragraphs
    match regime.shape:
        case "one":
            return np.ones(count, np.int64)
        case "varied":
            return random.integers(1, 12, count)
        case "lognormal":
            return np.maximum(1, np.round(random.lognormal(np.log(4), 1.0, count))).astype(np.int64)
        case "giant":
            rest = 6 * (count - 1)
            return np.array([round(rest * regime.giant / (1 - regime.giant)), *[6] * (count - 1)])
    return np.full(count, 6)


def _differences(
    random: np.random.Generator, sizes: np.ndarray, regime: Regime, effect: float, trials: int
) -> tuple[np.ndarray, float]:
    """Draws differences, float64 (questions, trials), and returns them with their true mean."""
    questions = int(sizes.sum())
    if regime.values == "skewed":
        rare = 0.1
        wholly = np.repeat(random.random((len(sizes), trials)) < rare, sizes, axis=0)
        lost = random.random((questions, trials)) < (rare - effect) / (1 - rare)
        return np.where(wholly, 1.0, -lost.astype(float)), effect

    def draw(rows: int) -> np.ndarray:
        uniform = random.random((rows, trials), np.float32)
        up = (regime.discordance + effect) / 2
        values = (uniform < up).astype(float) - ((uniform >= up) & (uniform < regime.discordance))
        if regime.values == "graded":  # four in ten differ wholly, the others by .5 in the mean
            values *= np.where(random.random(values.shape) < 0.4, 1.0, random.beta(2, 2, values.shape))
        return values

    common, own = np.repeat(draw(len(sizes)), sizes, axis=0), draw(questions)
    taken = random.random(own.shape, np.float32) < np.sqrt(regime.icc)
    return np.where(taken, common, own), effect * (0.7 if regime.values == "graded" else 1.0)


# -- two recipes --------------------------------------------------------------------------------------------------


def simulate_recipes(recipes: Recipes, trials: int = TRIALS, seed: int = 0) -> Result:
    """Trains two recipes `trials` times with and `trials` times without a true difference."""
    random = np.random.default_rng([seed, *recipes.name.encode()])
    clusters = np.repeat(np.arange(recipes.paragraphs), 6)
    told = min(recipes.trainings) >= retraining.MINIMUM_TRAININGS
    hits: dict[str, dict[str, float]] = {"product": {}, "two models": {}}
    for what, effect in (("coverage", recipes.effect), ("alarms", 0.0)):
        product, models = [], []
        for answers_a, answers_b in _trainings(random, recipes, effect, trials):
            averaged = answers_b.mean(axis=0) - answers_a.mean(axis=0)
            difference = float(averaged.mean())
            sums, sizes = statistics.cluster_sums(averaged[:, None], clusters)
            tested = statistics.clustered_test(sums, sizes)
            models.append((tested.low[0], tested.high[0]))
            if told:
                spreads = [(retraining.training_variance(side, clusters), len(side)) for side in (answers_a, answers_b)]
                product.append(retraining.tested(difference, float(tested.error[0]), recipes.paragraphs, spreads)[:2])
        for name, bounds in (("product", product), ("two models", models)):
            low, high = np.array(bounds).reshape(-1, 2).T
            hits[name][what] = float(_inside(low, high, effect, what).mean()) if bounds else float("nan")
    shares = {name: Shares(**rates) for name, rates in hits.items()}
    return Result(recipes.name, float(told), shares.pop("product"), shares)


def _trainings(
    random: np.random.Generator, recipes: Recipes, effect: float, trials: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Draws the answers of both recipes' trainings, float32 (trainings, questions) in 0 and 1, for each trial.

    A training answers a question if the question's ease (of its paragraph and its own, of the recipe where they
    interact), the training's luck and chance add up to enough: a probit model, of which the true scores are known.
    """
    questions, paragraph, question, chance = 6 * recipes.paragraphs, 0.5, 1.2, 0.5
    own = 0.5 if recipes.interaction else 0.0
    rate = 0.3
    spread = np.sqrt(paragraph**2 + question**2 + chance**2 + own**2)
    luck = recipes.deviation / 100 * spread * np.sqrt(2 * np.pi) * np.exp(special.ndtri(rate) ** 2 / 2)
    scale = np.sqrt(spread**2 + luck**2)
    for _ in range(trials):
        ease = np.repeat(random.standard_normal(recipes.paragraphs, np.float32) * paragraph, 6)
        ease = ease + question * random.standard_normal(questions, np.float32)
        sides = []
        for count, score in zip(recipes.trainings, (rate, rate + effect), strict=True):
            felt = ease + own * random.standard_normal(questions, np.float32) + special.ndtri(score) * scale
            noise = chance * random.standard_normal((count, questions), np.float32)
            sides.append((felt + luck * random.standard_normal((count, 1)) + noise > 0).astype(np.float64))
        yield sides[0], sides[1]


# -- tables -------------------------------------------------------------------------------------------------------


def table(results: Sequence[Result], first: str) -> str:
    """Returns results as a Markdown table; a cell holds coverage / false alarms in per cent."""
    names = list(results[0].others)
    rows = [["", "verdict in", first, *names]]
    rows += [["---", *["---:"] * (len(rows[0]) - 1)]]
    for result in results:
        product = _cell(result.product) if result.promised else "none"
        rows.append(
            [result.name, f"{100 * result.verdicts:.0f} %", product, *(_cell(result.others[name]) for name in names)]
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(shares: Shares) -> str:
    return " / ".join("–" if value != value else f"{100 * value:.1f}" for value in (shares.coverage, shares.alarms))


def main(trials: int = TRIALS, say: Callable[[str], object] = print) -> None:
    """Prints both tables."""
    say(f"Coverage of the 95 % interval / p < .05 without a difference, per cent of {trials:,} trials each.\n")
    say(table([simulate(regime, trials) for regime in REGIMES], "product") + "\n")
    say(table([simulate_recipes(recipes, trials) for recipes in RECIPES], "product (recipes)"))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TRIALS)

"""Two runs on the same questions: who is right where, and whether the difference means anything.

`compare(a, b)` is the one call of the Compare page and of `python -m core compare`. It needs predictions alone, no
dataset text. Differences are B - A, in points (0-100), everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core.comparing import verdict
from core.comparing.compatibility import ComparisonRefused, match
from core.comparing.criterion import CRITERIA, F1_THRESHOLD, Criterion, right
from core.comparing.retraining import Recipes, compare_recipes, same_recipe
from core.scoring import statistics
from core.scoring.errors import ERROR_TYPES
from core.scoring.statistics import McNemar
from core.store.predictions import Predictions
from core.texts.message import Message

__all__ = [
    "CRITERIA",
    "F1_THRESHOLD",
    "OUTCOMES",
    "Comparison",
    "ComparisonRefused",
    "Criterion",
    "Difference",
    "bootstrap",
    "compare",
    "movement",
    "right",
]

OUTCOMES = ("both", "only-a", "only-b", "neither")
_SIDE_COLUMNS = (
    *("start", "end", "probability", "exact_match", "f1", "error_type", "gold_covered", "windows"),
    *("original_start", "original_end", "original_contains", "original_exact", "gold_start", "gold_end"),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure of both runs.

    Attributes:
        a: A's mean, 0-100.
        b: B's mean.
        difference: b - a, points.
        low: lower bound of the 95 % interval for other questions of this kind; None where nothing can be tested.
        high: upper bound.
        p: two-sided, of the same test (`core.scoring.statistics.clustered_test`): under .05 exactly where 0 is outside.
        detectable: the smallest true difference this test shows with power .80, points; None if none.
        differs: whether any question differs. If none does, the bounds are the largest difference that may hide behind
            so many paragraphs without one (1 - .05^(1/c)).
    """

    a: float
    b: float
    difference: float
    low: float | None
    high: float | None
    p: float | None
    detectable: float | None
    differs: bool


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Everything a comparison found.

    Attributes:
        run_a: name of A.
        run_b: name of B.
        dataset: name of A's dataset; `dataset_sha256` its hash.
        criterion: `exact`, `f1` (F1 >= `threshold`) or `substring`; what "right" means.
        threshold: of the F1 criterion, 0..1.
        part: `all` of the dataset, or the `original` experiment's 102 questions.
        questions: compared; `paragraphs` the clusters among them, worth `effective_paragraphs` of equal size.
        unusable_questions: of the dataset, left out of everything; None where the predictions do not tell.
        counts: questions per outcome, the keys of `OUTCOMES`.
        right: the difference under the criterion; `exact_match` and `f1` those of the official scores.
        mcnemar: of the outcomes under the criterion; assumes independent questions.
        icc: intra-class correlation of the per-question difference; `design_effect` what it does to the variance. NaN
            where they cannot be told, as with one paragraph.
        margin: points that count as no difference.
        verdict: on these two models, in plain words: `.kind`, `.text(language)`.
        recipes: what other trainings of the two recipes say.
        warnings: to be shown loudly.
        table: one row a question in A's order: `id`, `paragraph`, `article`, `outcome` (categorical, `OUTCOMES`),
            `f1_difference`, `josa_only` (it changed hands by a particle alone), `gold_start`, `gold_end` (A's), and
            for both sides `a_...`/`b_...`: right, start, end, probability, exact_match, f1, error_type
            (categorical, `ERROR_TYPES`), gold_covered, windows, gold_start, gold_end, original_start,
            original_end, original_contains, original_exact.
    """

    run_a: str
    run_b: str
    dataset: str
    dataset_sha256: str
    part: str
    criterion: Criterion
    threshold: float
    questions: int
    unusable_questions: int | None
    paragraphs: int
    effective_paragraphs: float
    counts: dict[str, int]
    right: Difference
    exact_match: Difference
    f1: Difference
    mcnemar: McNemar
    icc: float
    design_effect: float
    margin: float
    verdict: Message
    recipes: Recipes
    warnings: tuple[Message, ...]
    table: pd.DataFrame

    @property
    def messages(self) -> tuple[Message, Message]:
        """What heads every view: the verdict on the two models, then that on their recipes."""
        return self.verdict, self.recipes.message


def compare(
    a: Predictions,
    b: Predictions,
    criterion: Criterion = "exact",
    *,
    threshold: float = F1_THRESHOLD,
    common: bool = False,
    margin: float = verdict.MARGIN,
    trainings: Sequence[Predictions] = (),
) -> Comparison:
    """Compares two runs question by question.

    Args:
        a: the run to compare from; `compatibility.original_questions` makes a part of it.
        b: the run to compare to; differences are b - a.
        criterion: what counts as right: the official exact match, F1 >= `threshold`, or the original's substring
            rule on its own (independent argmax) prediction.
        threshold: of the F1 criterion, 0..1.
        common: use the questions that both have where datasets or question sets differ, and warn of it.
        margin: points that count as no difference: an interval inside it is "practically the same".
        trainings: what other runs answer to the dataset, as `retraining.read_trainings` has them: those that differ
            from A or B by seed alone tell about the recipes.

    Raises:
        ComparisonRefused: different scorer versions, or (unless `common`) datasets or question sets; no question;
            the substring rule for a run that was trained elsewhere.
        ValueError: an unknown criterion.

    Example:
        >>> from core.store import predictions
        >>> from core.store.runs import DEFAULT_ROOT, Store
        >>> store = Store(DEFAULT_ROOT)
        >>> a, b = (predictions.read(store.get(name).predictions_path("mini-ko")) for name in ("base", "matched"))
        >>> comparison = compare(a, b)
        >>> comparison.counts
        {'both': 7, 'only-a': 6, 'only-b': 50, 'neither': 331}
        >>> comparison.verdict.kind
        'b-better'
    """
    rows_a, rows_b, warnings = match(a, b, common)
    table_a, table_b = a.table.iloc[rows_a], b.table.iloc[rows_b]
    right_a, right_b = right(table_a, criterion, threshold), right(table_b, criterion, threshold)
    clusters = table_a["paragraph"].to_numpy()
    measured = [(right_a, right_b), (table_a["f1"], table_b["f1"])]
    if criterion != "exact":
        measured.append((table_a["exact_match"], table_b["exact_match"]))
    pairs = np.array([[np.asarray(side, np.float64) for side in pair] for pair in measured])  # (k, 2, n)
    differences = (pairs[:, 1] - pairs[:, 0]).T  # (n, k)
    sizes = np.unique(clusters, return_counts=True)[1]
    icc = statistics.intra_class_correlation(differences[:, 0], clusters)
    measures = _differences(pairs.mean(axis=2), differences, clusters)
    only_a, only_b = int((right_a & ~right_b).sum()), int((right_b & ~right_a).sum())
    both = int((right_a & right_b).sum())
    return Comparison(
        run_a=a.run,
        run_b=b.run,
        dataset=a.dataset,
        dataset_sha256=a.meta.dataset_sha256,
        part=a.part,
        criterion=criterion,
        threshold=threshold,
        questions=len(differences),
        unusable_questions=a.meta.unusable_questions,
        paragraphs=len(sizes),
        effective_paragraphs=statistics.effective_clusters(sizes),
        counts=dict(zip(OUTCOMES, (both, only_a, only_b, len(differences) - both - only_a - only_b), strict=True)),
        right=measures[0],
        exact_match=measures[0] if criterion == "exact" else measures[2],
        f1=measures[1],
        mcnemar=statistics.mcnemar(only_a, only_b),
        icc=icc,
        design_effect=statistics.design_effect(icc, sizes),
        margin=margin,
        verdict=verdict.decide(
            questions=len(differences),
            right_a=both + only_a,
            right_b=both + only_b,
            discordant=only_a + only_b,
            sizes=sizes,
            discordant_paragraphs=len(np.unique(clusters[right_a != right_b])),
            difference=measures[0].difference,
            low=measures[0].low,
            high=measures[0].high,
            p=measures[0].p,
            margin=margin,
            detectable=measures[0].detectable,
            identical=_identical(table_a, table_b, criterion),
            one_recipe=same_recipe(a, b),
        ),
        recipes=compare_recipes(replace(a, table=table_a), b, trainings, criterion, threshold=threshold, margin=margin),
        warnings=warnings,
        table=_join(table_a, table_b, right_a, right_b),
    )


def bootstrap(comparison: Comparison, resamples: int = statistics.RESAMPLES, seed: int = 0) -> tuple[float, float]:
    """Returns a 95 % interval (points) of the difference under the criterion by resampling paragraphs.

    A cross-check of `Comparison.right`; it depends on `seed` and is in no verdict.
    """
    table = comparison.table
    values = table["b_right"].to_numpy(np.float64) - table["a_right"].to_numpy(np.float64)
    sums, sizes = statistics.cluster_sums(values[:, None], table["paragraph"].to_numpy())
    means = statistics.bootstrap_means(sums, sizes, resamples, [seed, 0])
    low, high = statistics.interval(means, len(sizes))
    return 100 * float(low[0]), 100 * float(high[0])


def _differences(means: np.ndarray, differences: np.ndarray, clusters: np.ndarray) -> list[Difference]:
    """Measures k differences at once: means (k, 2) of A and B, differences (n, k), both as shares (0..1)."""
    sums, sizes = statistics.cluster_sums(differences, clusters)
    tested = statistics.clustered_test(sums, sizes)
    measures = []
    for column, (mean_a, mean_b) in enumerate(means):
        values = differences[:, column]
        differing = len(np.unique(clusters[values != 0]))
        known = not verdict.untestable(sizes, differing)
        detectable = _detectable(values, clusters, sizes)
        measures.append(
            Difference(
                a=100 * float(mean_a),
                b=100 * float(mean_b),
                difference=100 * float(values.mean()),
                low=100 * float(tested.low[column]) if known else None,
                high=100 * float(tested.high[column]) if known else None,
                p=float(tested.p[column]) if known else None,
                detectable=None if detectable is None else 100 * detectable,
                differs=differing > 0,
            )
        )
    return measures


def _detectable(values: np.ndarray, clusters: np.ndarray, sizes: np.ndarray) -> float | None:
    """Returns the minimum detectable effect. Where differences are 0 or +-1, their mean square is the discordance.

    For F1, whose differences lie between, it takes discordance's part in the same formula: both are E[d^2].
    """
    if len(sizes) < 2:
        return None
    design = statistics.design_effect(statistics.intra_class_correlation(values, clusters), sizes)
    design = 1.0 if np.isnan(design) else design  # nothing differs
    return statistics.minimum_detectable_effect(len(values), float((values**2).mean()), design)


def _identical(a: pd.DataFrame, b: pd.DataFrame, criterion: Criterion) -> bool:
    names = ["original_start", "original_end"] if criterion == "substring" else ["start", "end"]
    return bool((a[names].to_numpy() == b[names].to_numpy()).all())


def _join(a: pd.DataFrame, b: pd.DataFrame, right_a: np.ndarray, right_b: np.ndarray) -> pd.DataFrame:
    outcome = pd.Categorical.from_codes(np.where(right_a, np.where(right_b, 0, 1), np.where(right_b, 2, 3)), OUTCOMES)
    columns = {name: a[name].to_numpy() for name in ("paragraph", "article", "gold_start", "gold_end")}
    joined = {"id": a["id"].array, "outcome": outcome, **columns}
    joined["f1_difference"] = b["f1"].to_numpy() - a["f1"].to_numpy()
    loser = np.where(outcome == "only-a", b["error_type"].to_numpy(), a["error_type"].to_numpy())
    joined["josa_only"] = (right_a != right_b) & (loser == "josa")
    for side, table, good in (("a", a, right_a), ("b", b, right_b)):
        joined[f"{side}_right"] = good
        for name in _SIDE_COLUMNS:
            values = table[name].to_numpy()
            joined[f"{side}_{name}"] = pd.Categorical(values, ERROR_TYPES) if name == "error_type" else values
    return pd.DataFrame(joined)


def movement(comparison: Comparison) -> pd.DataFrame:
    """Counts questions by A's error type (rows) and B's (columns), int64 (types, types), in `ERROR_TYPES`' order."""
    table = comparison.table
    codes = [table[f"{side}_error_type"].cat.codes.to_numpy(np.int64) for side in ("a", "b")]
    size = len(ERROR_TYPES)
    counts = np.bincount(codes[0] * size + codes[1], minlength=size * size).reshape(size, size)
    return pd.DataFrame(counts, pd.Index(ERROR_TYPES, name="a"), pd.Index(ERROR_TYPES, name="b"))

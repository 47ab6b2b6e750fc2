"""Two runs on the same questions: who is right where, and whether the difference means anything.

`compare(a, b)` is the one call of the Compare page and of `python -m core compare`. It needs predictions alone, no
dataset text. Differences are B - A, in points (0-100), everywhere.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from core.comparing.compatibility import ComparisonRefused, match
from core.comparing.verdict import decide
from core.scoring import statistics
from core.scoring.errors import ERROR_TYPES
from core.scoring.statistics import McNemar
from core.store.predictions import Predictions
from core.texts.message import Message

__all__ = ["CRITERIA", "OUTCOMES", "Comparison", "ComparisonRefused", "Difference", "compare", "movement", "right"]

Criterion = Literal["exact", "f1", "substring"]
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)
OUTCOMES = ("both", "only-a", "only-b", "neither")
F1_THRESHOLD = 0.8
_SIDE_COLUMNS = (
    *("start", "end", "probability", "trimmed", "exact_match", "f1", "error_type", "gold_covered", "windows"),
    *("seed_start", "seed_end", "seed_contains", "seed_exact", "gold_start", "gold_end"),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure of both runs.

    Attributes:
        a: A's mean, 0-100.
        b: B's mean.
        difference: b - a, points.
        low: lower bound of the 95 % interval (paragraphs resampled); NaN where all questions are of one paragraph.
        high: upper bound.
        p: two-sided, clustered sign flip.
        detectable: the smallest true difference this test shows with power .80, points; None if none.
        resampled: False where no question differs, so that there is nothing to resample: the bounds are then the
            largest difference that may hide behind so many paragraphs without one (1 - .05^(1/c)).
    """

    a: float
    b: float
    difference: float
    low: float
    high: float
    p: float
    detectable: float | None
    resampled: bool


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
        questions: compared; `paragraphs` the clusters among them.
        unusable_questions: of the dataset, left out of everything; None where the predictions do not tell.
        counts: questions per outcome, the keys of `OUTCOMES`.
        right: the difference under the criterion; `exact_match` and `f1` those of the official scores.
        mcnemar: of the outcomes under the criterion; assumes independent questions.
        icc: intra-class correlation of the per-question difference; `design_effect` what it does to the variance. NaN
            where they cannot be told, as with one paragraph.
        questions_needed: so many would show the observed difference with power .80; None if there is none.
        verdict: in plain words: `.kind`, `.text(language)`.
        warnings: to be shown loudly.
        table: one row a question in A's order: `id`, `paragraph`, `article`, `outcome` (categorical, `OUTCOMES`),
            `f1_difference`, `josa_only` (it changed hands by a particle alone), `gold_start`, `gold_end` (A's), and
            for both sides `a_...`/`b_...`: right, start, end, probability, trimmed, exact_match, f1, error_type
            (categorical, `ERROR_TYPES`), gold_covered, windows, seed_start, seed_end, seed_contains, seed_exact,
            gold_start, gold_end.
        resamples: of the bootstrap and the sign flip; `seed` of their random numbers.
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
    counts: dict[str, int]
    right: Difference
    exact_match: Difference
    f1: Difference
    mcnemar: McNemar
    icc: float
    design_effect: float
    questions_needed: int | None
    verdict: Message
    warnings: tuple[Message, ...]
    table: pd.DataFrame
    resamples: int
    seed: int


def compare(
    a: Predictions,
    b: Predictions,
    criterion: Criterion = "exact",
    *,
    threshold: float = F1_THRESHOLD,
    common: bool = False,
    resamples: int = statistics.RESAMPLES,
    seed: int = 0,
) -> Comparison:
    """Compares two runs question by question.

    Args:
        a: the run to compare from; `compatibility.original_questions` makes a part of it.
        b: the run to compare to; differences are b - a.
        criterion: what counts as right: the official exact match, F1 >= `threshold`, or the original's substring
            rule on its own (independent argmax) prediction.
        threshold: of the F1 criterion, 0..1.
        common: use the questions that both have where datasets or question sets differ, and warn of it.
        resamples: of the bootstrap and of the sign flip.
        seed: of their random numbers; the same seed gives the same comparison.

    Raises:
        ComparisonRefused: different scorer versions, or (unless `common`) datasets or question sets; no question;
            the substring rule for a run that was trained elsewhere.
        ValueError: an unknown criterion.
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
    effect = statistics.design_effect(icc, sizes)
    found = _differences(pairs.mean(axis=2), differences, clusters, resamples, seed)
    only_a, only_b = int((right_a & ~right_b).sum()), int((right_b & ~right_a).sum())
    both = int((right_a & right_b).sum())
    verdict = decide(
        questions=len(differences),
        right_a=both + only_a,
        right_b=both + only_b,
        discordant=only_a + only_b,
        paragraphs=len(sizes),
        discordant_paragraphs=len(np.unique(clusters[right_a != right_b])),
        difference=found[0].difference,
        low=found[0].low,
        high=found[0].high,
        p=found[0].p,
        detectable=found[0].detectable,
        identical=_identical(table_a, table_b, criterion),
    )
    share = (only_a + only_b) / len(differences)
    return Comparison(
        run_a=a.run,
        run_b=b.run,
        dataset=a.dataset,
        dataset_sha256=a.meta["dataset_sha256"],
        part=a.meta.get("part", "all"),
        criterion=criterion,
        threshold=threshold,
        questions=len(differences),
        unusable_questions=a.meta["unusable_questions"],
        paragraphs=len(sizes),
        counts=dict(zip(OUTCOMES, (both, only_a, only_b, len(differences) - both - only_a - only_b), strict=True)),
        right=found[0],
        exact_match=found[0] if criterion == "exact" else found[2],
        f1=found[1],
        mcnemar=statistics.mcnemar(only_a, only_b),
        icc=icc,
        design_effect=effect,
        questions_needed=statistics.questions_needed((only_b - only_a) / len(differences), share, effect),
        verdict=verdict,
        warnings=warnings,
        table=_join(table_a, table_b, right_a, right_b),
        resamples=resamples,
        seed=seed,
    )


def right(table: pd.DataFrame, criterion: Criterion, threshold: float = F1_THRESHOLD) -> np.ndarray:
    """Returns which rows of a predictions table count as right, bool (n,).

    Raises:
        ComparisonRefused: the substring rule needs an argmax that is not known of a run trained elsewhere.
        ValueError: an unknown criterion.
    """
    if criterion == "exact":
        return table["exact_match"].to_numpy(bool)
    if criterion == "f1":
        # The scores are stored as float32: 0.7 there is a little less than the threshold 0.7 given here.
        return table["f1"].to_numpy(np.float32) >= np.float32(threshold)
    if criterion == "substring":
        if table["seed_contains"].isna().any():
            raise ComparisonRefused([Message("no-argmax", "compare-core-no-argmax", {})])
        return table["seed_contains"].to_numpy(bool)
    raise ValueError(f"no criterion {criterion!r}; there are {', '.join(CRITERIA)}")


def _differences(
    means: np.ndarray, differences: np.ndarray, clusters: np.ndarray, resamples: int, seed: int
) -> list[Difference]:
    """Measures k differences at once: means (k, 2) of A and B, differences (n, k), both as shares (0..1)."""
    sums, sizes = statistics.cluster_sums(differences, clusters)
    resampled = statistics.bootstrap_means(sums, sizes, resamples, [seed, 0])
    low, high = statistics.interval(resampled, len(sizes))
    found = []
    for column, (mean_a, mean_b) in enumerate(means):
        values = differences[:, column]
        differs = bool(values.any())
        hidden = 1 - statistics.ALPHA ** (1 / len(sizes))
        bounds = (low[column], high[column]) if differs else (-hidden, hidden)
        p = float(statistics.sign_flip(sums[:, [column]], resamples, [seed, 1])[0])
        detectable = _detectable(values, clusters, sizes)
        found.append(
            Difference(
                a=100 * float(mean_a),
                b=100 * float(mean_b),
                difference=100 * float(values.mean()),
                low=100 * float(bounds[0]),
                high=100 * float(bounds[1]),
                p=p,
                detectable=None if detectable is None else 100 * detectable,
                resampled=differs,
            )
        )
    return found


def _detectable(values: np.ndarray, clusters: np.ndarray, sizes: np.ndarray) -> float | None:
    """The minimum detectable effect; mean squared difference is the discordance where differences are 0 or +-1.

    For F1, whose differences lie between, it takes discordance's part in the same formula: both are E[d^2].
    """
    if len(sizes) < 2:
        return None
    design = statistics.design_effect(statistics.intra_class_correlation(values, clusters), sizes)
    design = 1.0 if np.isnan(design) else design  # nothing differs
    return statistics.minimum_detectable_effect(len(values), float((values**2).mean()), design)


def _identical(a: pd.DataFrame, b: pd.DataFrame, criterion: Criterion) -> bool:
    names = ["seed_start", "seed_end"] if criterion == "substring" else ["start", "end"]
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
    """Counts the questions by A's error type (rows) and B's (columns), int64 (10, 10), in `ERROR_TYPES`' order."""
    table = comparison.table
    codes = [table[f"{side}_error_type"].cat.codes.to_numpy(np.int64) for side in ("a", "b")]
    size = len(ERROR_TYPES)
    counts = np.bincount(codes[0] * size + codes[1], minlength=size * size).reshape(size, size)
    return pd.DataFrame(counts, pd.Index(ERROR_TYPES, name="a"), pd.Index(ERROR_TYPES, name="b"))

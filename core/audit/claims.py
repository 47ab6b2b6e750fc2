"""The original's three claims, audited: against its own numbers, against what a test needs, against our runs."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from core.audit.noise import Clustering, Noise, Seeds
from core.audit.reported import Claim, Reported, ReportedRun, Row, load
from core.comparing.compare import Comparison, compare
from core.comparing.compatibility import original_questions
from core.scoring import original_rule, statistics
from core.store.predictions import Predictions
from core.texts.message import Message, p_value

Values = dict[str, str | int | float]

_FEW = 12  # lost questions up to which the splits are listed
_SOME, _MORE = 2, 5  # lost questions, as examples
_SURE = 0.995  # from this p on it is 1 to two decimals


@dataclass(frozen=True, slots=True)
class Split:
    """Questions that changed hands between two runs, and what the exact McNemar test makes of them.

    Attributes:
        lost: only the first run had right.
        gained: only the second has right.
        p: two-sided, exact.
    """

    lost: int
    gained: int
    p: float


@dataclass(frozen=True, slots=True)
class Audit:
    """What a claim's own numbers give.

    Attributes:
        claim: the claim.
        a, b: the rows it compares.
        counted: right answers of b minus those of a.
        accuracy, loss: of b minus that of a.
        best, worst: of all splits that the two counts allow, the one with the least p and the one with the largest.
        findings: what follows from the table's own numbers, a sentence each.
        need: what the test makes of such counts.
    """

    claim: Claim
    a: ReportedRun
    b: ReportedRun
    counted: int
    accuracy: float
    loss: float
    best: Split
    worst: Split
    findings: tuple[Message, ...]
    need: Message


@dataclass(frozen=True, slots=True)
class Need:
    """What a paired test of two runs needs.

    Attributes:
        splits: for 0, 1, 2 ... questions lost the least gained with p < .05.
        favourable: points (0-100) that a true difference must have to be shown with power .80 if no question goes the
            other way and every question stands for itself.
        unrelated: the same if the two runs' answers have nothing to do with each other.
        clustering: how alike questions of one paragraph are, measured on our runs; None where there are too few.
        favourable_clustered, unrelated_clustered: both figures with its design effect; None without it, NaN where even
            a difference of 100 points would not show.
    """

    questions: int
    splits: tuple[Split, ...]
    favourable: float
    unrelated: float
    clustering: Clustering | None = None
    favourable_clustered: float | None = None
    unrelated_clustered: float | None = None

    def count(self, points: float) -> int:
        """Returns the least number of its questions that makes so many points."""
        return math.ceil(points * self.questions / 100)


@dataclass(frozen=True, slots=True, eq=False)
class Ours:
    """What our runs of a claim's pair show.

    Attributes:
        by_rule: on the original's questions by its substring rule.
        exact: on the same questions by exact match.
        on_all: on all questions by exact match.
        opposite: that the rule and exact match on all questions point in opposite directions; None where they do not.
    """

    by_rule: Comparison
    exact: Comparison
    on_all: Comparison
    opposite: Message | None


def audit(claim: Claim, reported: Reported | None = None, noise: Noise | None = None) -> Audit:
    """Audits a claim by the numbers of the table it stands on.

    Args:
        claim: the claim.
        reported: the table; `reported.json` by default.
        noise: what our runs say of the noise in its accuracy.
    """
    reported = reported or load()
    a, b = reported.run(claim.a), reported.run(claim.b)
    splits = possible_splits(a.right, b.right, reported.questions)
    best, worst = splits[0], splits[-1]  # with the same net gain, p grows with the number of discordant questions
    return Audit(
        claim=claim,
        a=a,
        b=b,
        counted=b.right - a.right,
        accuracy=b.accuracy_sum - a.accuracy_sum,
        loss=b.loss - a.loss,
        best=best,
        worst=worst,
        findings=tuple(_findings(claim, a, b, reported, noise or Noise())),
        need=_need(best, worst),
    )


def possible_splits(right_a: int, right_b: int, questions: int) -> list[Split]:
    """Returns every split into lost and gained that two counts of right answers allow, the fewest discordant first.

    Example:
        >>> [(s.lost, s.gained) for s in possible_splits(1, 3, 4)]
        [(0, 2), (1, 3)]
    """
    both = np.arange(min(right_a, right_b), max(0, right_a + right_b - questions) - 1, -1)
    return _splits(right_a - both, right_b - both)


def least_gains(most_lost: int) -> tuple[Split, ...]:
    """Returns for 0 ... `most_lost` questions lost the split with the least gained that has p < .05."""
    found = []
    for lost in range(most_lost + 1):
        gained = lost
        while statistics.mcnemar_exact_p(lost, gained) >= statistics.ALPHA:
            gained += 1
        found += _splits(np.array([lost]), np.array([gained]))
    return tuple(found)


def best_p(net: np.ndarray) -> np.ndarray:
    """Returns the least p that a net gain of so many questions can have: nothing lost, 2^(1 - net); float64 (n,)."""
    return statistics.mcnemar_exact_p(np.zeros_like(net), net)


def need(reported: Reported | None = None, most_lost: int = _FEW, clustering: Clustering | None = None) -> Need:
    """Returns what a paired test needs on the original's number of questions, at its runs' rates.

    Args:
        reported: the table; `reported.json` by default.
        most_lost: questions lost up to which the splits are listed.
        clustering: of its questions; a least detectable difference grows by the root of its design effect (Kish 1965).
    """
    reported = reported or load()
    rates = [run.right / reported.questions for run in reported.runs]
    # Two runs that answer independently at rates p and q differ on p (1 - q) + q (1 - p) of the questions.
    discordance = float(np.mean([p * (1 - q) + q * (1 - p) for p, q in pairwise(rates)]))
    favourable, unrelated = _least_points(reported.questions, discordance)
    plain = Need(reported.questions, least_gains(most_lost), favourable, unrelated)
    if clustering is None:
        return plain
    favourable, unrelated = _least_points(reported.questions, discordance, clustering.design)
    return replace(plain, clustering=clustering, favourable_clustered=favourable, unrelated_clustered=unrelated)


def _least_points(questions: int, discordance: float, design: float = 1.0) -> list[float]:
    """Returns the least detectable difference with nothing lost and at a discordance, in points."""
    effects = [statistics.minimum_detectable_effect(questions, share, design) for share in (0.0, discordance)]
    return [100 * (math.nan if effect is None else effect) for effect in effects]


def need_messages(need: Need) -> tuple[Message, Message]:
    """Returns what a test needs in words: with independent questions, and with paragraphs.

    Args:
        need: with at least `_MORE` + 1 splits.
    """
    some, more = need.splits[_SOME], need.splits[_MORE]
    values: Values = {"questions": need.questions, "gained": need.splits[0].gained}
    values |= {"some_lost": some.lost, "some_gained": some.gained, "more_lost": more.lost, "more_gained": more.gained}
    values |= _least(need, favourable=need.favourable, unrelated=need.unrelated)
    measured: Values = {"measured": "no", "questions": need.questions}
    found, least = need.clustering, (need.favourable_clustered, need.unrelated_clustered)
    if found and least[0] is not None and least[1] is not None:
        measured |= {"measured": "yes", "paragraphs": found.paragraphs, "runs": len(found.runs), "pairs": found.pairs}
        measured |= {"correlation": f"{found.correlation:.2f}", "design": f"{found.design:.2f}"}
        if math.isnan(least[0]) or math.isnan(least[1]):
            measured["measured"] = "never"
        else:
            measured |= _least(need, favourable=least[0], unrelated=least[1])
    return Message("independent", "reported-need", values), Message("clustered", "reported-need-clustered", measured)


def _least(need: Need, **points: float) -> Values:
    """Returns figures in points, and under `<name>_questions` as questions."""
    values: Values = {name: f"{value:.1f}" for name, value in points.items()}
    return values | {f"{name}_questions": need.count(value) for name, value in points.items()}


def ours(
    claim: Claim,
    rows: Sequence[Row],
    reader: Callable[[Row], Predictions],
    trainings: Sequence[Predictions] = (),
) -> Ours | None:
    """Compares our runs of a claim's pair; None where one of them is not measured.

    Args:
        claim: the claim.
        rows: of `core.audit.reported.row`, for the claim's variants at least.
        reader: gives a measured row's predictions.
        trainings: what every run of the store answers to the dataset (`core.comparing.retraining.read_trainings`).

    Raises:
        ComparisonRefused: the two must not be compared.
    """
    by_variant = {row.reported.variant: row for row in rows if row.state == "measured"}
    if claim.a not in by_variant or claim.b not in by_variant:
        return None
    a, b = (reader(by_variant[variant]) for variant in (claim.a, claim.b))
    first_a, first_b = original_questions(a), original_questions(b)
    by_rule = compare(first_a, first_b, "substring", trainings=trainings)
    on_all = compare(a, b, "exact", trainings=trainings)
    opposite = None
    if by_rule.right.difference * on_all.right.difference < 0:
        lengths = {side: f"{_median_length(one):g}" for side, one in (("a", first_a), ("b", first_b))}
        opposite = Message("opposite", "claims-opposite", {**lengths})
    return Ours(by_rule, compare(first_a, first_b, "exact", trainings=trainings), on_all, opposite)


def _median_length(predictions: Predictions) -> float:
    result = original_rule.from_table(predictions.table)
    return result.median_length if result else float("nan")


def _splits(lost: np.ndarray, gained: np.ndarray) -> list[Split]:
    p = statistics.mcnemar_exact_p(lost, gained)
    return [Split(*row) for row in zip(lost.tolist(), gained.tolist(), p.tolist(), strict=True)]


def _findings(claim: Claim, a: ReportedRun, b: ReportedRun, reported: Reported, noise: Noise) -> list[Message]:
    counted = b.right - a.right
    counts: Values = {"a": a.right, "b": b.right, "questions": reported.questions, "counted": counted}
    counts["claimed"] = claim.more
    counts["agrees"] = "yes" if counted == claim.more else "no"
    found = [Message("count", "claims-count", counts)]
    if claim.counts and claim.counts != (a.right, b.right):
        quoted: Values = {
            "quoted_a": claim.counts[0],
            "quoted_b": claim.counts[1],
            "failed_a": a.failed,
            "failed_b": b.failed,
        }
        found.append(Message("quoted", "claims-quoted", quoted))
    if claim.setting and claim.values:
        real = (getattr(a, claim.setting), getattr(b, claim.setting))
        if real != claim.values:
            named: Values = {
                "setting": claim.setting,
                "said_a": claim.values[0],
                "said_b": claim.values[1],
                "real_a": real[0],
                "real_b": real[1],
            }
            found.append(Message("setting", "claims-setting", named))
    if a.learning_rate != b.learning_rate:
        rates: Values = {"a": f"{a.learning_rate:g}", "b": f"{b.learning_rate:g}"}
        found.append(Message("confounded", "claims-confounded", rates))
    found.append(_other_measures(a, b))
    if claim.accuracy is not None:
        found.append(_accuracy(claim.accuracy, reported, noise.seeds))
    return found


def _accuracy(claimed: float, reported: Reported, seeds: Seeds | None) -> Message:
    """Returns a claimed gain in accuracy beside what training again, and other students' runs, differ by."""
    others = reported.others_accuracy
    values: Values = {"claimed": f"{claimed:+.4f}", "judged": f"{reported.data['judged']:,}", "measured": "no"}
    values |= {"others_low": f"{others[0]:.2f}", "others_high": f"{others[1]:.2f}"}
    if seeds:
        low, high = (f"{half:.4f}" for half in seeds.half_widths)
        values |= {"measured": "yes", "runs": ", ".join(seeds.runs), "count": len(seeds.runs)}
        values |= {"half": low if low == high else f"{low}–{high}", "ours": f"{seeds.questions:,}"}
        values |= {"accuracies": ", ".join(f"{one:.4f}" for one in seeds.accuracy), "spread": f"{seeds.spread:.4f}"}
        values["within"] = "yes" if claimed < seeds.half_widths[0] else "no"
    return Message("accuracy", "claims-accuracy", values)


def _other_measures(a: ReportedRun, b: ReportedRun) -> Message:
    accuracy = "better" if b.accuracy_sum > a.accuracy_sum else "worse"
    loss = "better" if b.loss < a.loss else "worse"
    values: Values = {
        "accuracy_a": f"{a.accuracy_sum:.4f}",
        "accuracy_b": f"{b.accuracy_sum:.4f}",
        "accuracy": accuracy,
        "loss_a": f"{a.loss:.4f}",
        "loss_b": f"{b.loss:.4f}",
        "loss": loss,
        "together": accuracy if accuracy == loss else "mixed",
    }
    return Message("measures", "claims-measures", values)


def _need(best: Split, worst: Split) -> Message:
    values: Values = {
        "lost": best.lost,
        "gained": best.gained,
        "net": abs(best.gained - best.lost),
        "best": p_value(best.p).removeprefix("= "),
        "worst": p_value(worst.p).removeprefix("= "),
        "reaches": "yes" if best.p < statistics.ALPHA else "no" if best.p < _SURE else "one",
    }
    return Message("need", "claims-need", values)

"""Whether two sets of predictions may be compared at all, and what a reader must be told first."""

import hashlib
import shlex
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from core.data import catalogue
from core.errors import AnswerDiffError
from core.scoring import metrics, original_rule
from core.scoring.errors import ERROR_TYPES
from core.store.predictions import Predictions
from core.texts.message import Message

PARTS = ("all", "original")
"""What of a dataset is compared: every question, or the original experiment's 102."""


class ComparisonRefused(AnswerDiffError):
    """Two predictions that must not be compared; `reasons` says why, in both languages."""

    def __init__(self, reasons: Sequence[Message]):
        """Keeps the reasons; str() is their English text."""
        super().__init__([reason.text("en") for reason in reasons])
        self.reasons = tuple(reasons)
        self.args = (self.reasons,)  # of which pickle makes it again

    def __str__(self) -> str:
        """Returns the reasons in English, one after the other."""
        return self.text("en")

    def text(self, language: str) -> str:
        """Returns the reasons in `language` (`ko` or `en`), one after the other: plain text."""
        return " ".join(reason.text(language) for reason in self.reasons)


def original_questions(predictions: Predictions) -> Predictions:
    """Returns the predictions for the original experiment's 102 questions.

    Raises:
        ComparisonRefused: the dataset does not begin with them.
    """
    if predictions.dataset not in original_rule.DATASETS or len(predictions.table) < original_rule.QUESTIONS:
        datasets = {"dataset": predictions.dataset, "datasets": ", ".join(original_rule.DATASETS)}
        raise ComparisonRefused([_message("no-original-questions", **datasets)])
    head = predictions.table.iloc[: original_rule.QUESTIONS]
    return replace(predictions, table=head, part="original")


def match(a: Predictions, b: Predictions, common: bool) -> tuple[np.ndarray, np.ndarray, tuple[Message, ...]]:
    """Pairs the rows of `a` and `b` by question id.

    Args:
        a: one run's predictions.
        b: the other's.
        common: where datasets or question sets differ, use the questions that both have instead of refusing.

    Returns:
        rows_a, rows_b: int64 (n,) each, the rows of the same n questions in a's order; and what to warn of.

    Raises:
        ComparisonRefused: with every reason at once.
    """
    position = pd.Index(b.table["id"]).get_indexer(pd.Index(a.table["id"]))
    rows_a = np.flatnonzero(position >= 0)
    rows_b = position[rows_a]
    unmatched_a, unmatched_b = len(a.table) - len(rows_a), len(b.table) - len(rows_b)
    reasons = _unknown_error_types(a, b)
    scorers = {"a": scorer(a), "b": scorer(b)}
    if scorers["a"] != scorers["b"]:
        reasons.append(_message("different-scorer", **scorers, command=_again(a, b)))
    if a.meta.dataset_sha256 != b.meta.dataset_sha256 and not common:
        hashes = {"hash_a": a.meta.dataset_sha256[:12], "hash_b": b.meta.dataset_sha256[:12]}
        reasons.append(_message("different-dataset", a=a.dataset, b=b.dataset, **hashes))
    if len(rows_a) == 0:
        reasons.append(_message("no-common-question"))
    elif (unmatched_a or unmatched_b) and not common:
        reasons.append(_message("different-questions", common=len(rows_a), only_a=unmatched_a, only_b=unmatched_b))
    if reasons:
        raise ComparisonRefused(reasons)
    warnings = _warnings(a, b)
    if unmatched_a or unmatched_b:
        left_out = {"common": len(rows_a), "only_a": unmatched_a, "only_b": unmatched_b}
        warnings.append(_message("common-part", **left_out))
    if a.meta.dataset_sha256 != b.meta.dataset_sha256:
        moved = _moved_gold(a.table.iloc[rows_a], b.table.iloc[rows_b])
        warnings.append(_message("datasets-differ", a=a.dataset, b=b.dataset, moved=moved))
    return rows_a, rows_b, tuple(warnings)


def scorer(predictions: Predictions) -> str:
    """Returns the version of the scorer whose figures these are."""
    return metrics.scorer(predictions.meta.scorer_version, predictions.table)


def _unknown_error_types(*sides: Predictions) -> list[Message]:
    reasons = []
    for side, one in zip("AB", sides, strict=True):
        if unknown := sorted(set(one.table["error_type"].unique()) - set(ERROR_TYPES)):
            values = {"side": side, "run": one.run, "types": ", ".join(unknown), "command": _again(one)}
            reasons.append(_message("unknown-error-types", **values))
    return reasons


def _warnings(a: Predictions, b: Predictions) -> list[Message]:
    sides = (("A", a), ("B", b))
    elsewhere = [(side, one.run) for side, one in sides if not one.meta.tokenizer_sha256]
    warnings = [_message("trained-elsewhere", side=side, run=run) for side, run in elsewhere]
    if not elsewhere:
        if a.meta.tokenizer_sha256 != b.meta.tokenizer_sha256:
            warnings.append(_message("different-tokenizer"))
        kinds = ("max_sequence_length", "doc_stride", "reading_version", "max_pieces", "max_added")
        warnings += [warning for kind in kinds for warning in _different(a, b, kind)]
    warnings += _different(a, b, "error_types_version")
    for side, predictions in sides:
        evaluated = predictions.meta.dataset_sha256
        if any(shares_questions(evaluated, trained) for trained in predictions.meta.trained_on):
            warnings.append(_message("trained-on-these-questions", side=side, run=predictions.run))
    if a.run == b.run:
        warnings.append(_message("same-run", run=a.run))
    elif a.meta.weights_sha256 == b.meta.weights_sha256 != "":
        warnings.append(_message("same-weights"))
    return warnings


def _different(a: Predictions, b: Predictions, kind: str) -> list[Message]:
    """Returns a warning when one entry of the metadata differs; of two versions the older one answers again."""
    of_a, of_b = getattr(a.meta, kind), getattr(b.meta, kind)
    if of_a == of_b:
        return []
    older = [one for one, value, other in ((a, of_a, of_b), (b, of_b, of_a)) if value < other]
    command = _again(*(older if kind.endswith("version") else (a, b)))
    return [_message(f"different-{kind.replace('_', '-')}", a=of_a, b=of_b, command=command)]


def _again(*answered: Predictions) -> str:
    """Returns the command that answers again; what was trained elsewhere can only be imported again."""
    own = [one.run for one in answered if one.meta.tokenizer_sha256]
    if not own:
        return "python -m core runs import"
    return shlex.join(["python", "-m", "core", "predict", *own, "--dataset", answered[0].dataset])


def shares_questions(dataset_sha256: str, other_sha256: str) -> bool:
    """Tells whether two datasets are the same, or one is a named part of the other (`korquad-fit` of dev)."""
    parts = [name for name, source in catalogue.DATASETS.items() if source.articles]
    pairs = ((dataset_sha256, other_sha256), (other_sha256, dataset_sha256))
    return dataset_sha256 == other_sha256 or any(
        hashlib.sha256(f"{whole}:{name}".encode()).hexdigest() == part for whole, part in pairs for name in parts
    )


def _moved_gold(a: pd.DataFrame, b: pd.DataFrame) -> int:
    gold = ["gold_start", "gold_end"]
    return int((a[gold].to_numpy() != b[gold].to_numpy()).any(axis=1).sum())


def _message(kind: str, **values: str | int | float) -> Message:
    return Message(kind, f"compare-core-{kind}", values)

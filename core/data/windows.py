"""Questions and contexts as windows of pieces, and windows as padded batches.

A window is `[CLS] question[:64] [SEP] context pieces [SEP]`, at most 384 pieces. A context that does not fit is read
through several overlapping windows, as in google-research/bert's `run_squad.py`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.config import FeatureConfig
from core.data.formats import Answer, Example
from core.data.tokenizer import CLS, PAD, SEP, Encoding, Tokenizer

# Lengths of batches are multiples of this: fewer shapes to compile, little padding.
LENGTH_STEP = 16


@dataclass(frozen=True, slots=True)
class Window:
    """One stretch of a context beside its question.

    Attributes:
        example: Index of the example in the sequence given to `windows`.
        token_ids: int32 (T,), without padding.
        segment_ids: int32 (T,), 0 for the question, 1 for the context.
        context_start: Index in `token_ids` of the first context piece.
        first_piece: Index in the whole context's pieces of that piece.
        starts: int32 (C,), first character of each context piece of this window.
        ends: int32 (C,), one past the last character.
        is_max_context: bool (C,), whether no other window shows this piece with more context around it.
        target: Indices in `token_ids` of the first and the last piece of the gold answer, both inclusive; None when
            the window does not hold all of it.
    """

    example: int
    token_ids: np.ndarray
    segment_ids: np.ndarray
    context_start: int
    first_piece: int
    starts: np.ndarray
    ends: np.ndarray
    is_max_context: np.ndarray
    target: tuple[int, int] | None

    def __len__(self) -> int:
        """Returns the number of pieces."""
        return len(self.token_ids)


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows padded to one length.

    Attributes:
        windows: The windows' indices, int64 (B,).
        inputs: `token_ids` and `segment_ids`, int32 (B, T); `context_mask`, bool (B, T).
        targets: int32 (B, 2), 0 where a window has no target.
        tokens: Number of pieces that are not padding.
    """

    windows: np.ndarray
    inputs: dict[str, np.ndarray]
    targets: np.ndarray
    tokens: int


def windows(
    examples: Sequence[Example], tokenizer: Tokenizer, features: FeatureConfig, max_sequence_length: int = 384
) -> list[Window]:
    """Cuts every example into its windows, in order; each example has at least one.

    Args:
        examples: Questions with their contexts; the first gold answer, if any, gives the target.
        tokenizer: Gives pieces with character offsets.
        features: Window settings. Without `sliding_windows` a long context is cut, as the original did.
        max_sequence_length: Longest window in pieces.
    """
    encode_context = lru_cache(maxsize=64)(tokenizer.encode)  # neighbouring questions share their context
    made: list[Window] = []
    for index, example in enumerate(examples):
        question = tokenizer.encode(example.question).ids[: features.max_query_length]
        context = encode_context(example.context)
        answer = example.answers[0] if example.answers else None
        made += _cut(index, question, context, answer, features, max_sequence_length)
    return made


def _cut(
    index: int,
    question: np.ndarray,
    context: Encoding,
    answer: Answer | None,
    features: FeatureConfig,
    max_sequence_length: int,
) -> Iterator[Window]:
    room = max_sequence_length - len(question) - 3
    if room < 1:
        raise ValueError(
            f"{max_sequence_length} pieces leave no room for a context beside {len(question)} of a question"
        )
    spans = _spans(len(context), room, features)
    best = _max_context(spans, len(context))
    gold = gold_pieces(context, answer) if answer else None
    head = np.concatenate([[CLS], question, [SEP]]).astype(np.int32)
    for number, (first, last) in enumerate(spans):
        pieces = context.ids[first:last]
        token_ids = np.concatenate([head, pieces, [SEP]]).astype(np.int32)
        segment_ids = np.ones(len(token_ids), np.int32)
        segment_ids[: len(head)] = 0
        if features.exact_match_segments:
            segment_ids[len(head) : -1] = ~np.isin(pieces, question)
        target = None
        if gold and first <= gold[0] and gold[1] < last:
            shift = len(head) - first
            target = (gold[0] + shift, gold[1] + shift)
        yield Window(
            example=index,
            token_ids=token_ids,
            segment_ids=segment_ids,
            context_start=len(head),
            first_piece=first,
            starts=context.starts[first:last],
            ends=context.ends[first:last],
            is_max_context=best[first:last] == number,
            target=target,
        )


def _spans(length: int, room: int, features: FeatureConfig) -> list[tuple[int, int]]:
    """Returns the windows' piece ranges (first inclusive, last exclusive) over a context of `length` pieces."""
    if not features.sliding_windows:
        return [(0, min(length, room))]
    # A stride wider than the room would leave pieces unread between two windows.
    stride = min(features.doc_stride, room)
    count = 1 + max(0, -(-(length - room) // stride))
    return [(i * stride, min(i * stride + room, length)) for i in range(count)]


def _max_context(spans: list[tuple[int, int]], length: int) -> np.ndarray:
    """Returns, for each piece, the window with the most context around it; its poorer side counts.

    The score is `min(left, right) + 0.01 * window length` (run_squad.py, `_check_is_max_context`); the first of equals.
    """
    best = np.zeros(length, np.int64)
    highest = np.full(length, -np.inf)
    for number, (first, last) in enumerate(spans):
        left = np.arange(last - first)
        scores = np.minimum(left, left[::-1]) + 0.01 * (last - first)
        better = scores > highest[first:last]
        highest[first:last][better] = scores[better]
        best[first:last][better] = number
    return best


def gold_pieces(context: Encoding, answer: Answer) -> tuple[int, int] | None:
    """Returns the first and last piece (both inclusive) that share a character with the answer; None if none does.

    An answer that ends inside a piece gets the whole piece: the nearest span that a model can give.
    """
    shares = np.flatnonzero((context.starts < answer.end) & (context.ends > answer.start))
    return (int(shares[0]), int(shares[-1])) if len(shares) else None


def batches(
    made: Sequence[Window], batch_size: int, order: Iterable[Sequence[int] | np.ndarray] | None = None
) -> Iterator[Batch]:
    """Pads windows into batches.

    Args:
        made: The windows.
        batch_size: Windows per batch, when no order is given.
        order: The batches' window indices. By default windows of similar length share a batch, longest first.
    """
    if order is None:
        by_length = np.argsort([-len(w) for w in made], kind="stable")
        order = [by_length[i : i + batch_size] for i in range(0, len(made), batch_size)]
    longest = max(map(len, made), default=0)
    for indices in order:
        yield _pad([made[i] for i in indices], np.asarray(indices), longest)


def training_order(lengths: np.ndarray, batch_size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Returns one epoch's batches: shuffled, yet of similar length within a batch.

    Windows are shuffled, sorted by length within groups of fifty batches, cut into batches, and these shuffled.

    Args:
        lengths: int (N,), pieces of each window.
        batch_size: Windows per batch; the last may be smaller.
        rng: The epoch's own generator: the same state gives the same order.
    """
    shuffled = rng.permutation(len(lengths))
    made: list[np.ndarray] = []
    for i in range(0, len(shuffled), 50 * batch_size):
        group = shuffled[i : i + 50 * batch_size]
        group = group[np.argsort(lengths[group], kind="stable")]
        made += [group[j : j + batch_size] for j in range(0, len(group), batch_size)]
    return [made[i] for i in rng.permutation(len(made))]


def _pad(chosen: Sequence[Window], indices: np.ndarray, longest: int) -> Batch:
    length = -(-max(map(len, chosen)) // LENGTH_STEP) * LENGTH_STEP
    shape = (len(chosen), min(length, longest))
    token_ids = np.full(shape, PAD, np.int32)
    segment_ids = np.zeros(shape, np.int32)
    context_mask = np.zeros(shape, bool)
    targets = np.zeros((len(chosen), 2), np.int32)
    for row, window in enumerate(chosen):
        token_ids[row, : len(window)] = window.token_ids
        segment_ids[row, : len(window)] = window.segment_ids
        context_mask[row, window.context_start : len(window) - 1] = True
        targets[row] = window.target or (0, 0)
    inputs = {"token_ids": token_ids, "segment_ids": segment_ids, "context_mask": context_mask}
    return Batch(indices, inputs, targets, sum(len(w) for w in chosen))

"""Logits to answers: the n best spans over all windows of a context. NumPy only."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.data.features import Window

MAX_ANSWER_PIECES = 30
N_BEST = 10


@dataclass(frozen=True, slots=True)
class Span:
    """A candidate answer: `context[start:end]`.

    Attributes:
        start: First character, inclusive.
        end: One past the last character.
        probability: Softmax over every valid span of every window, 0..1.
    """

    start: int
    end: int
    probability: float


def best_spans(
    windows: Sequence[Window],
    logits: Sequence[np.ndarray],
    context: str,
    n_best: int = N_BEST,
    max_answer_pieces: int = MAX_ANSWER_PIECES,
    temperature: float = 1.0,
) -> list[Span]:
    """Returns the best answers, best first, no two with the same text.

    A valid span starts and ends on context pieces of one window, start <= end, at most `max_answer_pieces` long,
    starts where that window is the one that shows the piece with the most context, and is not empty. Its score is
    the sum of its start and end logits (Devlin et al. 2019, section 4.2).

    Args:
        windows: All windows of one example.
        logits: For each window float (2, T): start and end logits of its pieces.
        context: The text that the windows' offsets refer to.
        n_best: How many answers at most.
        max_answer_pieces: Longest answer in pieces.
        temperature: What the scores are divided by before the softmax; changes probabilities, never the order.

    Returns:
        At most `n_best` spans; none when the context has no piece.
    """
    starts, ends, probabilities = distribution(windows, logits, max_answer_pieces, temperature)
    spans: list[Span] = []
    texts: set[str] = set()
    for i in np.argsort(-probabilities, kind="stable"):
        start, end = int(starts[i]), int(ends[i])
        if context[start:end] not in texts:
            texts.add(context[start:end])
            spans.append(Span(start, end, float(probabilities[i])))
            if len(spans) == n_best:
                break
    return spans


def distribution(
    windows: Sequence[Window],
    logits: Sequence[np.ndarray],
    max_answer_pieces: int = MAX_ANSWER_PIECES,
    temperature: float = 1.0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns every valid span with its probability, window by window; what is valid: see `best_spans`.

    Returns:
        First characters, ends (exclusive) and probabilities that sum to 1, each of shape (number of valid spans,).
    """
    starts, ends, found = scores(windows, logits, max_answer_pieces)
    if not len(found):
        return starts, ends, found
    probabilities = np.exp((found - found.max()) / temperature)
    return starts, ends, probabilities / probabilities.sum()


def scores(
    windows: Sequence[Window], logits: Sequence[np.ndarray], max_answer_pieces: int = MAX_ANSWER_PIECES
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns every valid span with its score before the softmax, as `distribution` does; what is valid: `best_spans`.

    Returns:
        First characters, ends (exclusive) and scores, each of shape (number of valid spans,).
    """
    found = [_scores(w, row, max_answer_pieces) for w, row in zip(windows, logits, strict=True)]
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    values, starts, ends = (np.concatenate(part) for part in zip(*found, strict=True))
    return starts, ends, values


def independent_argmax(window: Window, logits: np.ndarray) -> tuple[int, int]:
    """Returns the original experiment's prediction: the best start and the best end, chosen apart.

    Args:
        window: The first window of an example: the original cut what did not fit.
        logits: float (2, T).

    Returns:
        First character and one past the last. Equal when the end comes before the start: no answer.
    """
    if not len(window.starts):
        return 0, 0
    context = slice(window.context_start, window.context_start + len(window.starts))
    first, last = (int(row.argmax()) for row in logits[:, context])
    start = int(window.starts[first])
    return start, max(start, int(window.ends[last])) if last >= first else start


def _scores(window: Window, logits: np.ndarray, longest: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns score, first and last character of every valid span of one window, each of shape (number of spans,)."""
    count = len(window.starts)
    start_logits, end_logits = logits[:, window.context_start : window.context_start + count].astype(np.float64)
    first = np.arange(count)[:, None]  # (C, 1)
    last = first + np.arange(min(longest, count))  # (C, L)
    inside = np.minimum(last, count - 1)
    valid = (last < count) & window.is_max_context[:, None] & (window.ends[inside] > window.starts[:, None])
    scores = start_logits[:, None] + end_logits[inside]
    starts = np.broadcast_to(window.starts[:, None], last.shape)
    return scores[valid], starts[valid], window.ends[inside][valid]

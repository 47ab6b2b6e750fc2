"""Logits to answers: the n best spans over all windows of a context. NumPy only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from core.config import AnsweringConfig
from core.data import korean
from core.data.formats import Example
from core.data.windows import Window

READING_VERSION = 1
"""Two runs can be compared only when the same rules made answers of logits; raised with every change of these."""
N_BEST = 10
LIMITS = AnsweringConfig()


@dataclass(frozen=True, slots=True)
class AnswerLengths:
    """How long answers are: a log-normal distribution of their lengths in characters.

    Attributes:
        log_mean: Mean of the natural logarithm of the length.
        log_sd: Its standard deviation, above 0.
    """

    log_mean: float
    log_sd: float

    @classmethod
    def of(cls, examples: Sequence[Example]) -> Self:
        """Fits the distribution to gold answers by maximum likelihood; its deviation is 0.1 at least.

        Args:
            examples: Questions, each with an answer.
        """
        logs = np.log([len(example.answers[0].text) for example in examples])
        return cls(float(logs.mean()), max(float(logs.std()), 0.1))

    def log_density(self, lengths: np.ndarray) -> np.ndarray:
        """Returns for lengths above 0 the logarithm of the density, but for a constant."""
        logs = np.log(lengths)
        return -logs - ((logs - self.log_mean) / self.log_sd) ** 2 / 2


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
    limits: AnsweringConfig = LIMITS,
    temperature: float = 1.0,
    lengths: AnswerLengths | None = None,
) -> list[Span]:
    """Returns the best answers, best first, no two with the same text.

    A valid span starts and ends on context pieces of one window, start <= end, at most `limits.max_pieces` long,
    starts where that window is the one that shows the piece with the most context, and is not empty. Its score is
    the sum of its start and end logits (Devlin et al. 2019, section 4.2). An answer is whole words (`words.edges`): all
    spans that lie in the same ones count for it together, with the logarithm of the sum of their exponentials. To that
    comes how likely an answer of this length is.

    Args:
        windows: All windows of one example.
        logits: For each window float (2, T): start and end logits of its pieces.
        context: The text that the windows' offsets refer to.
        n_best: How many answers at most.
        limits: Which spans may be an answer.
        temperature: What the scores are divided by before the softmax; changes probabilities, never the order.
        lengths: How long answers are; None when any length is as likely.

    Returns:
        At most `n_best` spans; none when the context has no piece.
    """
    starts, ends, probabilities = distribution(windows, logits, context, limits, temperature, lengths)
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
    context: str,
    limits: AnsweringConfig = LIMITS,
    temperature: float = 1.0,
    lengths: AnswerLengths | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns every possible answer with its probability, in the text's order; arguments as of `best_spans`.

    Returns:
        First characters, ends (exclusive) and probabilities that sum to 1, each of shape (number of answers,).
    """
    starts, ends, found = scores(windows, logits, context, limits, lengths)
    if not len(found):
        return starts, ends, found
    probabilities = np.exp((found - found.max()) / temperature)
    return starts, ends, probabilities / probabilities.sum()


def scores(
    windows: Sequence[Window],
    logits: Sequence[np.ndarray],
    context: str,
    limits: AnsweringConfig = LIMITS,
    lengths: AnswerLengths | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns every possible answer with its score before the softmax, as `distribution` does.

    Returns:
        First characters, ends (exclusive) and scores, each of shape (number of answers,).
    """
    found = [_scores(w, row, limits.max_pieces) for w, row in zip(windows, logits, strict=True)]
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    values, starts, ends = (np.concatenate(part) for part in zip(*found, strict=True))
    starts, ends = whole_words(context, starts, ends, limits.max_added)
    some = starts < ends
    places, answer = np.unique(starts[some] * (len(context) + 1) + ends[some], return_inverse=True)
    starts, ends = np.divmod(places, len(context) + 1)
    best = np.full(len(places), -np.inf)
    np.maximum.at(best, answer, values[some])
    summed = best + np.log(np.bincount(answer, np.exp(values[some] - best[answer]), len(places)))
    return starts, ends, summed + lengths.log_density(ends - starts) if lengths else summed


def whole_words(
    context: str, starts: np.ndarray, ends: np.ndarray, max_added: int = LIMITS.max_added
) -> tuple[np.ndarray, np.ndarray]:
    """Returns the least answers that hold given spans, of whole words and without white space at their ends.

    Args:
        context: The text.
        starts: int (n,), first characters.
        ends: int (n,), exclusive.
        max_added: Characters that a span may grow by at either end.

    Returns:
        Both again, int64 (n,). A span that would grow by more than `max_added` characters at an end stays as it is.
    """
    first, last = korean.edges(context)
    near = (starts - first[starts] <= max_added) & (last[ends] - ends <= max_added)
    return np.where(near, first[starts], starts), np.where(near, last[ends], ends)


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


def text_probability(text: str, context: str, starts: np.ndarray, ends: np.ndarray, probabilities: np.ndarray) -> float:
    """Returns the probability of an answer's text, 0..1: its places in the context add up.

    Args:
        text: the answer.
        context: the text it is taken from.
        starts: with `ends` and `probabilities` as `distribution` returns them.
        ends: exclusive.
        probabilities: at the temperature that is wanted.
    """
    same = np.flatnonzero(ends - starts == len(text))
    return float(sum(probabilities[i] for i in same if context[starts[i] : ends[i]] == text))

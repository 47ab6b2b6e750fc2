"""Why an answer: where it may begin and end, and which words of the question it hangs on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.data.features import Window
from core.data.squad import Example
from core.inference import spans
from core.inference.spans import Span

if TYPE_CHECKING:
    from core.inference.predict import Reader


@dataclass(frozen=True, slots=True)
class Ablation:
    """A question with one word left out.

    Attributes:
        word: the word, as it stood between white space.
        question: what is left.
        probability: how probable the whole question's answer still is, 0..1.
        answer: the best answer now; None when there is none.
    """

    word: str
    question: str
    probability: float
    answer: Span | None


def boundaries(windows: Sequence[Window], logits: Sequence[np.ndarray], length: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns how probable it is that the answer starts at, or ends after, each character.

    These are the marginals of the distribution that the answers' probabilities come from (`spans.distribution`).

    Args:
        windows: all windows of one example.
        logits: for each window float (2, T).
        length: characters of the context.

    Returns:
        Two float64 arrays of shape (length,): for a start at character i, and for a last character i. Each sums to 1
        unless there is no valid span, then to 0.
    """
    starts, ends, probabilities = spans.distribution(windows, logits)
    if not len(starts):
        return np.zeros(length), np.zeros(length)
    return np.bincount(starts, probabilities, length), np.bincount(ends - 1, probabilities, length)


def without(question: str) -> list[tuple[str, str]]:
    """Returns each word of a question with the question that is left without it, in order.

    >>> without("누가  왜 왔나?")
    [('누가', '왜 왔나?'), ('왜', '누가 왔나?'), ('왔나?', '누가 왜')]
    """
    words = [match.group() for match in re.finditer(r"\S+", question)]
    return [(word, " ".join(words[:i] + words[i + 1 :])) for i, word in enumerate(words)]


def leave_one_out(reader: "Reader", question: str, context: str, answer: Span) -> list[Ablation]:
    """Asks again without each word in turn, which tells exactly what each word does for the answer.

    Leaving out one unit of the input at a time is Li et al. 2016, "Understanding Neural Networks through Representation
    Erasure" (arXiv 1612.08220).

    Args:
        reader: who answers.
        question: the whole question.
        context: the passage.
        answer: the answer to the whole question; its probability is followed.

    Returns:
        One record a word, in the question's order; none for a question of a single word.
    """
    shorter = without(question)
    if len(shorter) < 2:
        return []
    examples = [Example("", rest, context, (), "", 0, 0) for _, rest in shorter]
    windows = reader.windows(examples)
    logits = reader.logits(windows)
    found = []
    for number, (word, rest) in enumerate(shorter):
        mine = [i for i, window in enumerate(windows) if window.example == number]
        made, scores = [windows[i] for i in mine], [logits[i] for i in mine]
        starts, ends, probabilities = spans.distribution(made, scores)
        same = (starts == answer.start) & (ends == answer.end)
        best = spans.best_spans(made, scores, context, 1)
        found.append(Ablation(word, rest, float(probabilities[same].sum()), best[0] if best else None))
    return found

"""Why an answer: where it may begin and end, which words of the question it hangs on, and which it attends to."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.answering import spans
from core.answering.spans import Span
from core.data.formats import Example
from core.data.windows import Window

if TYPE_CHECKING:
    from core.answering.reader import Reader, Reading

_WORD = re.compile(r"\S+")


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


def boundaries(reading: "Reading") -> tuple[np.ndarray, np.ndarray]:
    """Returns how probable it is that the answer starts at, or ends after, each character.

    These are the marginals of the distribution that the answers' probabilities come from (`spans.distribution`).

    Args:
        reading: what a run made of the context.

    Returns:
        Two float64 arrays of shape (characters of the context,): for a start at character i, and for a last character
        i. Each sums to 1 unless there is no possible answer, then to 0.
    """
    length = len(reading.context)
    starts, ends, probabilities = spans.distribution(
        reading.windows, reading.logits, reading.context, reading.limits, reading.temperature, reading.lengths
    )
    if not len(starts):
        return np.zeros(length), np.zeros(length)
    return np.bincount(starts, probabilities, length), np.bincount(ends - 1, probabilities, length)


def without(question: str) -> list[tuple[str, str]]:
    """Returns each word of a question with the question that is left without it, in order.

    >>> without("누가  왜 왔나?")
    [('누가', '왜 왔나?'), ('왜', '누가 왔나?'), ('왔나?', '누가 왜')]
    """
    words = [match.group() for match in _WORD.finditer(question)]
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
    settings = (reader.settings.answering, reader.temperature, reader.lengths)
    found = []
    for number, (word, rest) in enumerate(shorter):
        mine = [i for i, window in enumerate(windows) if window.example == number]
        made, scores = [windows[i] for i in mine], [logits[i] for i in mine]
        starts, ends, probabilities = spans.distribution(made, scores, context, *settings)
        same = (starts == answer.start) & (ends == answer.end)
        best = spans.best_spans(made, scores, context, 1, *settings)
        found.append(Ablation(word, rest, float(probabilities[same].sum()), best[0] if best else None))
    return found


def attention(reader: "Reader", question: str, reading: "Reading", answer: Span) -> np.ndarray:
    """Returns how much of the answer's attention each question word gets: a hint, where `leave_one_out` measures.

    Of the last layer, which the answer is read off: the mean over its heads and over the answer's pieces, summed over
    each word's pieces (Clark et al. 2019, "What Does BERT Look At?", arXiv 1906.04341, section 4.1). What a network
    attends to need not be what its answer depends on (Jain and Wallace 2019, "Attention is not Explanation", arXiv
    1902.10186). One more reading of the answer's window; reading without attention is no slower for it.

    Args:
        reader: who answered.
        question: the question.
        reading: what the reader made of it.
        answer: one of the reading's answers.

    Returns:
        float64 (words,), for the words of `without`, each 0..1. What is missing to a sum of 1 goes to the passage and
        to the marks around it. Words that the reader has cut off get 0.
    """
    window = max(reading.windows, key=lambda w: _shown(w, answer))
    pieces = window.context_start + np.flatnonzero((window.starts < answer.end) & (window.ends > answer.start))
    _, layers = reader.model.encode(window.token_ids, window.segment_ids, return_attention=True)
    row = layers[-1].mean(axis=0, dtype=np.float64)[pieces].mean(axis=0)  # (T,)
    row = row[1 : window.context_start - 1]  # between [CLS] and [SEP]
    encoding = reader.tokenizer.encode(question)
    last = np.maximum(encoding.starts, encoding.ends - 1)[: len(row)]  # a piece's last character is in its word
    ends = [match.end() for match in _WORD.finditer(question)]
    word = np.minimum(np.searchsorted(ends, last, side="right"), len(ends) - 1)
    return np.bincount(word, row, len(ends))


def _shown(window: Window, answer: Span) -> tuple[int, bool]:
    """Returns how many pieces of an answer a window holds, and whether it shows its first with the most context."""
    inside = (window.starts < answer.end) & (window.ends > answer.start)
    return int(inside.sum()), bool(window.is_max_context[inside][:1].any())

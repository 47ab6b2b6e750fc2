"""A question without a passage: passages are found first, then read; retrieval and reading decide together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.answering import retrieval
from core.answering.retrieval import Hit, Passage
from core.answering.spans import Span
from core.data import catalogue
from core.data.formats import DatasetError
from core.data.passages import Upload

COUNT = 5
"""Passages read a question, unless told otherwise."""

Answers = Callable[[str, str], Sequence[Span]]
"""Answers a question (first) from a passage (second), best first; empty when there is nothing to read."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that was found and read.

    Attributes:
        hit: the passage with its BM25 score.
        answers: the answers of each reader in the order given, best first; none where it is missing.
        score: the largest probability of the best answers times the passage's share of the best BM25 score, 0..1. Where
            no reader answers, a millionth of that share, so that the order is BM25's.
    """

    hit: Hit
    answers: tuple[Sequence[Span], ...]
    score: float


def read(question: str, hits: Sequence[Hit], readers: Sequence[Answers | None]) -> list[Candidate]:
    """Lets every reader answer from every passage found; returns one candidate a passage, in the order given.

    Args:
        question: the question.
        hits: what `retrieve.Index.search` found, best first.
        readers: who answers; None for one that cannot.
    """
    found = []
    for hit in hits:
        share = hit.score / hits[0].score
        answers = tuple(answer(question, hit.passage.text) if answer else () for answer in readers)
        sure = max((spans[0].probability for spans in answers if spans), default=1e-6)
        found.append(Candidate(hit, answers, share * sure))
    return found


def first(candidates: Sequence[Candidate]) -> int:
    """Returns the index of the candidate with the largest score, the earliest of equals.

    Raises:
        ValueError: there is none.
    """
    return max(range(len(candidates)), key=lambda i: candidates[i].score)


def collect(names: Sequence[str], brought: Sequence[Upload] = ()) -> tuple[list[Passage], list[DatasetError]]:
    """Returns the passages of datasets and of files that somebody brought, no text twice, and what was unusable.

    Args:
        names: names of datasets on this machine.
        brought: files.
    """
    texts: dict[str, Passage] = {}
    problems: list[DatasetError] = []
    for name in names:
        try:
            found = retrieval.passages(catalogue.load(name).examples, name)
        except DatasetError as error:
            problems.append(error)
            continue
        texts |= {passage.text: passage for passage in found}
    for upload in brought:
        texts |= {text: Passage(title, text, upload.name) for title, text in upload.passages}
    return list(texts.values()), problems

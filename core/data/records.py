"""A question set as records: answers, examples, and the set with its hashes."""

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property

from core.errors import AnswerDiffError, Problem


class DatasetError(AnswerDiffError):
    """A question set cannot be used; the message lists what is wrong with it."""


class DatasetMissing(DatasetError):
    """A named dataset is not on this machine, and may not or could not be downloaded."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A gold answer: `context[start:end] == text`.

    Attributes:
        text: the answer as it stands in the context.
        start: offset of its first character in the context (inclusive), in Unicode code points.
    """

    text: str
    start: int

    @property
    def end(self) -> int:
        """Offset just behind the last character (exclusive)."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Example:
    """One question with its context.

    Attributes:
        id: unique in its dataset.
        question: the question, not empty.
        context: the paragraph that holds the answers, exactly as in the file.
        answers: at least one.
        title: the article's title; empty when the file gives none.
        paragraph: the paragraph's ordinal in the FILE from 0, counted over all articles and including
            paragraphs without questions; the cluster of the statistics.
        article: the article's ordinal in the file, from 0.
    """

    id: str
    question: str
    context: str
    answers: tuple[Answer, ...]
    title: str
    paragraph: int
    article: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds, in whatever format.

    Attributes:
        examples: the usable questions in file order; none in a text.
        unusable_articles: the article's ordinal of every other question.
        passages: title and text of every passage to search in, no text twice; also those without a usable question.
        problems: everything wrong in the file.
    """

    examples: tuple[Example, ...]
    unusable_articles: tuple[int, ...]
    passages: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)  # without slots: by_id is cached in the instance
class Dataset:
    """A question set as read from one file.

    Attributes:
        name: a name of `catalogue.DATASETS`, or the file's name without its extension.
        sha256: hexadecimal SHA-256 of the file's bytes; of `"{file's}:{name}"` for a part of a file.
        examples: the usable questions in file order, at least one from `formats.parse` and `catalogue.load`.
        problems: everything wrong in the file (for a part of a file: in the whole file).
        path: the file, as it was named to `catalogue.load`; empty for bytes that came from no file.
        unusable_articles: for every question that is not among the examples because of a problem, its article's
            ordinal (for a part of a file: those of its articles alone).
        encoding: of the file: "UTF-8", "UTF-16" or "CP949".
    """

    name: str
    sha256: str
    examples: tuple[Example, ...]
    problems: tuple[Problem, ...]
    path: str
    unusable_articles: tuple[int, ...] = ()
    encoding: str = "UTF-8"

    @property
    def unusable(self) -> int:
        """Number of questions that are not among the examples because of a problem."""
        return len(self.unusable_articles)

    @cached_property
    def by_id(self) -> dict[str, Example]:
        """The examples by their id, in file order."""
        return {example.id: example for example in self.examples}

    @property
    def paragraphs(self) -> int:
        """Number of paragraphs with a usable question: the clusters of the statistics."""
        return len({example.paragraph for example in self.examples})

    @property
    def articles(self) -> int:
        """Number of articles with a usable question."""
        return len({example.article for example in self.examples})

    def subset_articles(self, first: int, last: int | None, name: str) -> "Dataset":
        """Returns the questions of some articles as a dataset of its own; ordinals stay those of the file.

        Args:
            first: ordinal of the first article (inclusive), from 0.
            last: ordinal behind the last article (exclusive); None for all that follow.
            name: the name of the part; it enters its hash.
        """
        end = float("inf") if last is None else last
        examples = tuple(example for example in self.examples if first <= example.article < end)
        unusable = tuple(article for article in self.unusable_articles if first <= article < end)
        return replace(
            self, name=name, sha256=part_sha256(self.sha256, name), examples=examples, unusable_articles=unusable
        )

    @property
    def content_hash(self) -> str:
        """A hash of what is asked, whatever the order and layout of the file.

        It is the hexadecimal SHA-256 of a JSON list (UTF-8, no spaces) with [id, context, question, answers] for each
        question, sorted by id, where answers is a list of [start, text]. Titles do not count.
        """
        rows = [
            [one.id, one.context, one.question, [[answer.start, answer.text] for answer in one.answers]]
            for one in self.examples
        ]
        return hashlib.sha256(json.dumps(sorted(rows), ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def part_sha256(sha256: str, name: str) -> str:
    """Returns the hash of a part of a file, from the file's and the part's name."""
    return hashlib.sha256(f"{sha256}:{name}".encode()).hexdigest()

"""SQuAD v1.1 question sets: frozen records, and everything that is wrong with a file said at once.

The format (Rajpurkar et al. 2016; KorQuAD 1.0 keeps it), optional parts in brackets:

    {"data": [{["title": text,] "paragraphs": [{"context": text, "qas": [
        {"id": text, "question": text, "answers": [{"text": text, "answer_start": characters}]}]}]}]}

A question with anything wrong in it is not used: it is counted (`Dataset.unusable`) and each of its problems
is listed (`Dataset.problems`). Other keys are ignored, so `is_impossible: false` of SQuAD v2 is read as v1.1.
"""

import hashlib
import itertools
import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from core.errors import AnswerDiffError, Problem

_QUOTED = 40  # characters of a text that a message quotes
_JSON_TYPES = {dict: "an object", list: "a list", str: "a text", bool: "a boolean", type(None): "null"}


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


class DatasetError(AnswerDiffError):
    """A question set cannot be used; the message lists what is wrong with it."""


class DatasetMissing(DatasetError):
    """A named dataset is not on this machine, and may not or could not be downloaded."""


@dataclass(frozen=True)  # without slots: by_id is cached in the instance
class Dataset:
    """A question set as read from one file.

    Attributes:
        name: a name of `sources.DATASETS`, or the file's name without its extension.
        sha256: hexadecimal SHA-256 of the file's bytes; of `"{file's}:{name}"` for a part of a file.
        examples: the usable questions in file order, at least one from `parse` and `load`.
        problems: everything wrong in the file (for a part of a file: in the whole file).
        path: the file, as it was named to `load`; empty for bytes that came from no file.
        unusable_articles: for every question that is not among the examples because of a problem, its article's
            ordinal (for a part of a file: those of its articles alone).
    """

    name: str
    sha256: str
    examples: tuple[Example, ...]
    problems: tuple[Problem, ...]
    path: str
    unusable_articles: tuple[int, ...] = ()

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
        sha256 = hashlib.sha256(f"{self.sha256}:{name}".encode()).hexdigest()
        unusable = tuple(article for article in self.unusable_articles if first <= article < end)
        return replace(self, name=name, sha256=sha256, examples=examples, unusable_articles=unusable)


def load(path_or_name: str | Path, *, download: bool = False) -> Dataset:
    """Reads a question set from a file, or one of `sources.DATASETS` by its name.

    Args:
        path_or_name: a dataset's name (a str), or the path of a SQuAD v1.1 JSON file. A file that is called
            like a dataset is reached by a Path or as `./name`.
        download: whether a named dataset that is not on this machine may be downloaded.

    Raises:
        DatasetMissing: a named dataset is not on this machine and may not or could not be downloaded.
        DatasetError: the file cannot be read, holds no usable question, or is not the known file of the
            named dataset.
    """
    from core.data import catalogue  # here, because sources reads what it downloads with this module

    source = catalogue.DATASETS.get(path_or_name) if isinstance(path_or_name, str) else None
    if source is None:
        path = Path(path_or_name)
        if isinstance(path_or_name, str) and path.name == path_or_name and not path.exists():
            raise DatasetError([catalogue.unknown(path_or_name)])
        return parse(read_file(path), path.stem, str(path))
    path, raw = catalogue.read(source, download=download)
    dataset = parse(raw, source.name, str(path))
    return dataset if source.articles is None else dataset.subset_articles(*source.articles, source.name)


def load_if_here(path_or_name: str) -> tuple[Dataset | None, str]:
    """Reads a question set; returns None and why for a mere name whose file is not here or not the known one.

    Raises:
        DatasetError: a file was named, and it cannot be read or used.
    """
    from core.data import catalogue  # as in load

    try:
        return load(path_or_name), ""
    except DatasetError as error:
        path = Path(path_or_name)
        mere_name = path.name == path_or_name and path.suffix != ".json" and not path.exists()
        if path_or_name in catalogue.DATASETS or mere_name:
            return None, str(error)
        raise


def read_file(path: Path) -> bytes:
    """Returns a file's bytes.

    Raises:
        DatasetError: the file is not there or cannot be read.
    """
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        reason = getattr(error, "strerror", None) or str(error)
        raise DatasetError([Problem(str(path), f"cannot be read: {reason}")]) from error


def parse(raw: bytes, name: str, path: str = "") -> Dataset:
    """Reads a question set from the bytes of a SQuAD v1.1 JSON file, such as an uploaded one.

    Args:
        raw: the whole file, UTF-8 with or without a byte order mark.
        name: the dataset's name.
        path: where the bytes come from, for `Dataset.path` and the messages; if empty, the name stands there.

    Raises:
        DatasetError: not UTF-8, not JSON, not an object, or no usable question; with all problems found.
    """
    place = _Place(path or name, [])
    examples, unusable = _examples(_document(raw, place), place)
    if not examples:
        place.report(f"no usable question ({len(unusable)} unusable)")
        raise DatasetError(place.problems)
    sha256 = hashlib.sha256(raw).hexdigest()
    return Dataset(name, sha256, tuple(examples), tuple(place.problems), path, tuple(unusable))


def parse_passages(raw: bytes, name: str) -> tuple[list[tuple[str, str]], tuple[Problem, ...]]:
    """Reads the contexts of a SQuAD v1.1 JSON file to be searched in; their questions need not be usable.

    Args:
        raw: the whole file, UTF-8 with or without a byte order mark.
        name: what the messages call it.

    Returns:
        Title and context of each paragraph, no context twice, in file order; and everything wrong in the file.

    Raises:
        DatasetError: not UTF-8, not JSON, not an object, or no usable context; with all problems found.
    """
    place, unheard = _Place(name, []), _Place(name, [])
    document = _document(raw, place)
    _examples(document, place)  # for its problems, among them those of the contexts
    found = {
        context: title
        for _, title, _, paragraph, here in _paragraphs(document, unheard)
        if (context := _text(paragraph, "context", here)) is not None
    }
    if not found:
        place.report("no usable context")
        raise DatasetError(place.problems)
    return [(title, context) for context, title in found.items()], tuple(place.problems)


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in a file, and the list that takes the problems of the whole file."""

    where: str
    problems: list[Problem]
    separator: str = ": "

    def at(self, part: str) -> "_Place":
        return _Place(f"{self.where}{self.separator}{part}", self.problems, ", ")

    def report(self, what: str) -> None:
        self.problems.append(Problem(self.where, what))


def _document(raw: bytes, place: _Place) -> dict[str, Any]:
    repeated: set[str] = set()

    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        record = dict(pairs)
        if len(record) < len(pairs):
            repeated.update(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        return record

    try:
        text = raw.decode("utf-8").removeprefix("\ufeff")
        document = json.loads(text, object_pairs_hook=collect)
    except UnicodeDecodeError as error:
        what = f"not UTF-8: byte 0x{raw[error.start]:02x} at position {error.start}"
        raise _failure(place, what) from error
    except json.JSONDecodeError as error:
        cut = error.msg.startswith("Unterminated string") or error.pos >= len(text.rstrip())
        hint = " (the file ends too early: was it cut short?)" if cut else ""
        what = f"not valid JSON, line {error.lineno}, column {error.colno}: {error.msg}{hint}"
        raise _failure(place, what) from error
    except RecursionError as error:
        raise _failure(place, "not a question set: its JSON is nested too deeply") from error
    except ValueError as error:  # an integer of thousands of digits
        raise _failure(place, f"not valid JSON: {error}") from error
    if not isinstance(document, dict):
        raise _failure(place, f"the top level is {_type(document)}, not an object with 'data'")
    for key in sorted(repeated):
        place.report(f"an object has the key {_quote(key)} more than once; only the last one is read")
    return document


def _failure(place: _Place, what: str) -> DatasetError:
    return DatasetError([Problem(place.where, what)])


def _examples(document: dict[str, Any], place: _Place) -> tuple[list[Example], list[int]]:
    """Returns the usable questions, and for each of the others its article's ordinal."""
    examples: list[Example] = []
    seen: dict[str, str] = {}  # id -> where
    unusable: list[int] = []
    for article, title, ordinal, paragraph, here in _paragraphs(document, place):
        context = _text(paragraph, "context", here)
        for record, spot in _objects(paragraph, "qas", here, _question_label):
            question = _question(record, context, seen, spot)
            if context is None or question is None:
                unusable.append(article)
            else:
                identifier, text, answers = question
                examples.append(Example(identifier, text, context, answers, title, ordinal, article))
    return examples, unusable


def _paragraphs(document: dict[str, Any], place: _Place) -> Iterator[tuple[int, str, int, dict[str, Any], _Place]]:
    """Yields every paragraph as (article ordinal, title, paragraph ordinal, record, place)."""
    ordinals = itertools.count()
    for article, (record, here) in enumerate(_objects(document, "data", place, _article_label)):
        title = ""
        if record.get("title", "") != "":
            title = _text(record, "title", here) or ""
        for paragraph, spot in _objects(record, "paragraphs", here, lambda number, _: f"paragraph {number}"):
            yield article, title, next(ordinals), paragraph, spot


def _question(
    record: dict[str, Any], context: str | None, seen: dict[str, str], place: _Place
) -> tuple[str, str, tuple[Answer, ...]] | None:
    """Returns a question's id, text and answers, or None after reporting everything that is wrong with it."""
    identifier = _text(record, "id", place)
    taken = seen.get(identifier or "")
    if taken:
        place.report(f"the id is already taken, by {taken}")
    elif identifier is not None:
        seen[identifier] = place.where
    text = _text(record, "question", place)
    if record.get("is_impossible"):
        place.report("a SQuAD v2 question without an answer ('is_impossible'); only SQuAD v1.1 is read")
        return None
    found = [
        _answer(answer, context, spot)
        for answer, spot in _objects(record, "answers", place, lambda number, _: f"answer {number}")
    ]
    if record.get("answers") == []:
        place.report("'answers' is empty")
    answers = tuple(answer for answer in found if answer is not None)
    if identifier is None or taken or text is None or not answers or len(answers) < len(found):
        return None
    return identifier, text, answers


def _answer(record: dict[str, Any], context: str | None, place: _Place) -> Answer | None:
    text = _text(record, "text", place)
    start = _field(record, "answer_start", int, place)
    if text is None or start is None or context is None:
        return None
    there = context[start : start + len(text)] if start >= 0 else ""
    if there == text:
        return Answer(text, start)
    stands = f"there stands {_quote(there)}" if there else f"the context has {len(context)} characters"
    place.report(f"{_quote(text)} is not at answer_start {start}: {stands}; {_whereabouts(text, context)}")
    return None


def _whereabouts(text: str, context: str) -> str:
    found = context.find(text)
    if found >= 0:
        return f"it first stands at {found}"
    if unicodedata.normalize("NFC", text) in unicodedata.normalize("NFC", context):
        return "it is in the context in another Unicode normalisation (NFC or NFD)"
    return "it is nowhere in the context"


def _objects(
    holder: dict[str, Any], key: str, place: _Place, label: Callable[[int, dict[str, Any]], str]
) -> Iterator[tuple[dict[str, Any], _Place]]:
    """Yields the objects of the list `holder[key]` with their places.

    An element that is not an object is reported and yielded as a `_NotAnObject`, so that ordinals stay right.
    """
    for number, item in enumerate(_field(holder, key, list, place) or (), start=1):
        if isinstance(item, dict):
            yield item, place.at(label(number, item))
        else:
            here = place.at(label(number, {}))
            here.report(f"{_type(item)}, not an object")
            yield _NotAnObject(), here


class _NotAnObject(dict[str, Any]):
    """Stands for an element that was reported already: its missing keys are no further problems."""


def _field(holder: dict[str, Any], key: str, kind: type, place: _Place) -> Any:
    """Returns `holder[key]`, or None after reporting that it is missing or not of the JSON type `kind`."""
    if isinstance(holder, _NotAnObject):
        return None
    if key not in holder:
        place.report(f"no {key!r}")
    elif type(holder[key]) is kind:  # not isinstance: true and false are no integers here
        return holder[key]
    else:
        wanted = "an integer" if kind is int else _JSON_TYPES[kind]
        place.report(f"{key!r} is {_type(holder[key])}, not {wanted}")
    return None


def _text(holder: dict[str, Any], key: str, place: _Place) -> str | None:
    """Returns the text `holder[key]`, or None after reporting why it is not usable."""
    value: str | None = _field(holder, key, str, place)
    if value is None:
        return None
    if not value.strip():
        place.report(f"{key!r} is empty")
        return None
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:  # JSON can spell "\ud800", which is no character
        place.report(f"{key!r} has half a surrogate pair at character {error.start}")
        return None
    return value


def _article_label(number: int, record: dict[str, Any]) -> str:
    title = record.get("title")
    return f"article {number} {_quote(title)}" if isinstance(title, str) and title else f"article {number}"


def _question_label(number: int, record: dict[str, Any]) -> str:
    identifier = record.get("id")
    if not isinstance(identifier, str) or not identifier.strip():
        return f"question number {number}"
    plain = identifier.isprintable() and len(identifier) <= _QUOTED
    return f"question {identifier if plain else _quote(identifier)}"


def _type(value: Any) -> str:
    return _JSON_TYPES.get(type(value), "a number")


def _quote(text: str) -> str:
    """Returns a text for a message: in quotes, control characters escaped, cut short when it is long."""
    return repr(text) if len(text) <= _QUOTED else f"{text[:_QUOTED]!r}..."

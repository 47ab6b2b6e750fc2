"""SQuAD v1.1 question sets, and everything that is wrong with a file said at once.

The format (Rajpurkar et al. 2016; KorQuAD 1.0 keeps it), optional parts in brackets:

    {"data": [{["title": text,] "paragraphs": [{"context": text, "qas": [
        {"id": text, "question": text, "answers": [{"text": text, "answer_start": characters}]}]}]}]}

A question with anything wrong in it is not used: it is counted (`Dataset.unusable`) and each of its problems
is listed (`Dataset.problems`). Other keys are ignored, so `is_impossible: false` of SQuAD v2 is read as v1.1.
"""

import itertools
import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from core.data.records import Answer, Contents, DatasetError, Example
from core.errors import Problem

_QUOTED = 40  # characters of a text that a message quotes
_JSON_TYPES = {dict: "an object", list: "a list", str: "a text", bool: "a boolean", type(None): "null"}


def fits(text: str, name: str) -> bool:
    """Tells whether a file is taken for a SQuAD JSON: by `.json` at the name's end, or `{` at the text's beginning."""
    return name.lower().endswith(".json") or text.lstrip().startswith("{")


def read(text: str, where: str) -> Contents:
    """Reads a file's text; `where` is what the messages call it.

    Raises:
        DatasetError: not JSON, or not an object.
    """
    place = _Place(where, [])
    document = _document(text, place)
    examples: list[Example] = []
    unusable: list[int] = []
    passages: dict[str, str] = {}
    seen: dict[str, str] = {}  # id -> where
    for article, title, ordinal, paragraph, here in _paragraphs(document, place):
        context = _text(paragraph, "context", here)
        if context is not None:
            passages.setdefault(context, title)
        for record, spot in _objects(paragraph, "qas", here, _question_label):
            question = _question(record, context, seen, spot)
            if context is None or question is None:
                unusable.append(article)
            else:
                identifier, text_, answers = question
                examples.append(Example(identifier, text_, context, answers, title, ordinal, article))
    pairs = tuple((title, context) for context, title in passages.items())
    return Contents(tuple(examples), tuple(unusable), pairs, tuple(place.problems))


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


def _document(text: str, place: _Place) -> dict[str, Any]:
    repeated: set[str] = set()

    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        record = dict(pairs)
        if len(record) < len(pairs):
            repeated.update(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        return record

    try:
        document = json.loads(text, object_pairs_hook=collect)
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

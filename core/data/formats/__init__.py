"""The formats that files come in: one table, one sniffer, and question sets or passages read from any of them.

To add a format, write its `fits` and `read` in a module beside this file, as `squad` does, and enter it in `FORMATS`.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from core.data.encodings import Decoded, decode
from core.data.formats import squad, text
from core.data.records import Answer, Contents, Dataset, DatasetError, DatasetMissing, Example
from core.errors import Problem

__all__ = [
    "FORMATS",
    "Answer",
    "Dataset",
    "DatasetError",
    "DatasetMissing",
    "Example",
    "Format",
    "endings",
    "parse",
    "sniff",
]


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is written.

    Attributes:
        name: for people.
        holds: what a file of it must hold to be of use, for the message that it does not.
        endings: of file names, such as `.json`; what may be chosen where a file is asked for.
        questions: whether files of it can hold questions.
        fits: whether a file is taken for it, by its text and its name.
        read: the contents of its text; the second argument is what messages call it. Raises `DatasetError`.
    """

    name: str
    holds: str
    endings: tuple[str, ...]
    questions: bool
    fits: Callable[[str, str], bool]
    read: Callable[[str, str], Contents]


SQUAD = Format("SQuAD v1.1", "no usable context", (".json",), True, squad.fits, squad.read)
TEXT = Format("text", "there is no text in it", (".txt",), False, lambda text, name: True, text.read)
FORMATS = (SQUAD, TEXT)
"""Tried in this order; the last one fits every text."""


def endings() -> list[str]:
    """Returns the endings of file names of all formats, such as `.json`, the plainest first."""
    return [ending for one in reversed(FORMATS) for ending in one.endings]


def sniff(text: str, name: str) -> Format:
    """Returns the format of a file, by its text and its name."""
    return next(one for one in FORMATS if one.fits(text, name))


def parse(raw: bytes, name: str, path: str = "") -> Dataset:
    """Reads a question set from the bytes of a file, such as an uploaded one.

    Args:
        raw: the whole file, in one of the encodings of `encodings.decode`.
        name: the dataset's name.
        path: where the bytes come from, for `Dataset.path` and the messages; if empty, the name stands there.

    Raises:
        DatasetError: in none of these encodings, of no format with questions, or no usable question; with all problems.
    """
    where = path or name
    decoded = decode(raw, where)
    found = sniff(decoded.text, where)
    contents = (found if found.questions else SQUAD).read(decoded.text, where)  # SQuAD's message says what is wrong
    problems = decoded.problems + contents.problems
    unusable = contents.unusable_articles
    if not contents.examples:
        raise DatasetError([*problems, Problem(where, f"no usable question ({len(unusable)} unusable)")])
    sha256 = hashlib.sha256(raw).hexdigest()
    return Dataset(name, sha256, contents.examples, problems, path, unusable, decoded.encoding)


def passages(decoded: Decoded, name: str) -> Contents:
    """Reads the passages of a file to be searched in; its questions need not be usable.

    Raises:
        DatasetError: it cannot be read as what it is taken for, or holds no passage; with all problems found.
    """
    found = sniff(decoded.text, name)
    contents = found.read(decoded.text, name)
    if not contents.passages:
        raise DatasetError([*decoded.problems, *contents.problems, Problem(name, found.holds)])
    return contents

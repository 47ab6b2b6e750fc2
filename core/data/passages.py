"""Texts that people bring along: decoded from the encodings that Korean files come in, as passages to search in.

A text file is cut into passages of about a paragraph; a SQuAD JSON gives its contexts. The encodings are tried one by
one: charset-normalizer takes the CP949 bytes of a short Korean text for Big5.
"""

import codecs
import hashlib
from dataclasses import dataclass

from core.data import formats
from core.data.formats import DatasetError
from core.errors import Problem

LARGEST_FILE = 10
"""MiB that an uploaded file may have; `.streamlit/config.toml` says the same to the browser."""
PASSAGE_LENGTH = 600
"""Characters of a passage that is cut out of a text file, at most: one window of a run holds about so many."""

_CONTROL = set(map(chr, range(32))) - set("\t\n\r\f\x1a\x1b") | {"\x7f"}
_TOO_SHORT = "ends in the middle of a character: was the file cut short?"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with what its bytes turned out to be.

    Attributes:
        text: line ends are single line feeds, without a byte order mark.
        encoding: "UTF-8", "UTF-16" or "CP949" (which contains EUC-KR).
        problems: what is wrong although the text is usable.
    """

    text: str
    encoding: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as passages.

    Attributes:
        name: the file's name.
        passages: title and text of each passage; no text twice, at least one.
        encoding: see `Decoded`.
        problems: what is wrong in the file although the passages are usable.
        sha256: hexadecimal SHA-256 of the file's bytes.
    """

    name: str
    passages: tuple[tuple[str, str], ...]
    encoding: str
    problems: tuple[Problem, ...]
    sha256: str


def read(raw: bytes, name: str, largest: int | None = None) -> Upload:
    """Returns a file's passages: the contexts of a SQuAD JSON, or the parts of a text.

    Args:
        raw: the whole file.
        name: its name; `.json` at its end, or `{` at the text's beginning, makes it a SQuAD JSON.
        largest: MiB that it may have; any size by default.

    Raises:
        DatasetError: too large, in none of the encodings, or nothing usable in it; with all problems found.
    """
    if largest is not None and len(raw) > largest << 20:
        raise DatasetError([Problem(name, f"too large: {len(raw) / 2**20:.1f} MiB, and {largest} MiB are the limit")])
    decoded = decode(raw, name)
    problems = decoded.problems
    if name.lower().endswith(".json") or decoded.text.lstrip().startswith("{"):
        passages, wrong = formats.parse_passages(decoded.text.encode(), name)
        problems += wrong
    else:
        title = name.rpartition(".")[0] or name
        passages = [(title, part) for part in dict.fromkeys(split(decoded.text))]
        if not passages:
            raise DatasetError([*problems, Problem(name, "there is no text in it")])
    return Upload(name, tuple(passages), decoded.encoding, problems, hashlib.sha256(raw).hexdigest())


def decode(raw: bytes, name: str) -> Decoded:
    """Returns the text of bytes in UTF-8, UTF-16 with a byte order mark, or CP949, tried in that order.

    Args:
        raw: the whole file.
        name: what messages call it.

    Raises:
        DatasetError: it is in none of these encodings, or no text at all.
    """
    problems: tuple[Problem, ...] = ()
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        found = _attempt(raw, "utf-16"), "UTF-16"
    else:
        try:
            found = raw.decode("utf-8-sig"), "UTF-8"
        except UnicodeDecodeError as error:
            whole = raw[: error.start]
            if error.reason == "unexpected end of data" and not whole.isascii():
                found, problems = (whole.decode("utf-8-sig"), "UTF-8"), (Problem(name, _TOO_SHORT),)
            else:
                found = _attempt(raw, "cp949"), "CP949"
    text, encoding = found
    if text is None:
        what = "neither UTF-8 nor CP949 (EUC-KR) text, nor UTF-16 with a byte order mark; save it as UTF-8"
        raise DatasetError([Problem(name, what)])
    return Decoded(text.replace("\r\n", "\n").replace("\r", "\n"), encoding, problems)


def split(text: str, longest: int = PASSAGE_LENGTH) -> list[str]:
    """Cuts a text into passages of at most `longest` characters, in order, without white space around them.

    Each cut is made in the second half of what fits: behind the last empty line there, else the last line, sentence or
    word, else where it falls.

    Example:
        >>> split("가나. 다라마 바", 6)
        ['가나.', '다라마 바']
    """
    parts: list[str] = []
    start = 0
    while start < len(text):
        end = min(start + longest, len(text))
        if end < len(text):
            for mark in ("\n\n", "\n", ". ", " "):
                if (cut := text.rfind(mark, start + longest // 2, end)) >= 0:
                    end = cut + len(mark)
                    break
        if part := text[start:end].strip():
            parts.append(part)
        start = end
    return parts


def _attempt(raw: bytes, encoding: str) -> str | None:
    """Returns the text, or None when it is not in this encoding or has characters that no text has."""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if _CONTROL & set(text) else text

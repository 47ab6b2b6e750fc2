"""Bytes of files as text, from the encodings that Korean files come in.

They are tried one by one: charset-normalizer takes the CP949 bytes of a short Korean text for Big5.
"""

import codecs
from dataclasses import dataclass
from pathlib import Path

from core.data.records import DatasetError
from core.errors import Problem

_CONTROL = set(map(chr, range(32))) - set("\t\n\r\f\x1a\x1b") | {"\x7f"}
NO_TEXT = "neither UTF-8 nor CP949 (EUC-KR) text, nor UTF-16 with a byte order mark; save it as UTF-8"
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
        raise DatasetError(NO_TEXT, name)
    return Decoded(text.replace("\r\n", "\n").replace("\r", "\n"), encoding, problems)


def _attempt(raw: bytes, encoding: str) -> str | None:
    """Returns the text, or None when it is not in this encoding or has characters that no text has."""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if _CONTROL & set(text) else text

"""Files that people bring along, as passages to search in."""

import hashlib
from dataclasses import dataclass

from core.data import formats
from core.data.encodings import decode
from core.data.records import DatasetError
from core.errors import Problem

LARGEST_FILE = 10
"""MiB that an uploaded file may have; `.streamlit/config.toml` says the same to the browser."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as passages.

    Attributes:
        name: the file's name.
        passages: title and text of each passage; no text twice, at least one.
        encoding: "UTF-8", "UTF-16" or "CP949" (which contains EUC-KR).
        problems: what is wrong in the file although the passages are usable.
        sha256: hexadecimal SHA-256 of the file's bytes.
    """

    name: str
    passages: tuple[tuple[str, str], ...]
    encoding: str
    problems: tuple[Problem, ...]
    sha256: str


def read(raw: bytes, name: str, largest: int | None = None) -> Upload:
    """Returns a file's passages: the contexts of a question set, or the parts of a text.

    Args:
        raw: the whole file.
        name: its name; with its text it tells the format (`formats.sniff`).
        largest: MiB that it may have; any size by default.

    Raises:
        DatasetError: too large, in none of the encodings, or nothing usable in it; with all problems found.
    """
    if largest is not None and len(raw) > largest << 20:
        raise DatasetError([Problem(name, f"too large: {len(raw) / 2**20:.1f} MiB, and {largest} MiB are the limit")])
    decoded = decode(raw, name)
    contents = formats.passages(decoded, name)
    problems = decoded.problems + contents.problems
    return Upload(name, contents.passages, decoded.encoding, problems, hashlib.sha256(raw).hexdigest())

"""Plain texts: no questions, and passages of about a paragraph."""

from core.data.records import Contents

PASSAGE_LENGTH = 600
"""Characters of a passage that is cut out of a text file, at most: one window of a run holds about so many."""


def read(text: str, where: str) -> Contents:
    """Cuts a text into passages; its file's name is their title."""
    title = where.rpartition(".")[0] or where
    return Contents((), (), tuple((title, part) for part in dict.fromkeys(split(text))), ())


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

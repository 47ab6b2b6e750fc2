"""How KorQuAD 1.0's official script makes two answers comparable."""

import string

_TO_SPACE = str.maketrans(dict.fromkeys("'\"《》<>〈〉()‘’", " "))
_DELETED = str.maketrans("", "", string.punctuation)


def normalize(text: str) -> str:
    """Returns `text` as the official `evaluate-v1.0.py` compares it.

    Brackets and quotes become a space, letters lower case, ASCII punctuation is deleted, white space collapses.

    >>> normalize("《춘향전》(春香傳), 18C.")
    '춘향전 春香傳 18c'
    """
    return " ".join(text.translate(_TO_SPACE).lower().translate(_DELETED).split())


def characters(text: str) -> str:
    """Returns `normalize(text)` without white space: what the official F1 counts."""
    return normalize(text).replace(" ", "")

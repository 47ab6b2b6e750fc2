"""What a run has met, as hashes: enough to recognise a question or a passage, nothing to read.

Kept are the hash of every whole question, and of every passage some hashes of runs of words, chosen by winnowing
(Schleimer, Wilkerson and Aiken 2003, "Winnowing: Local Algorithms for Document Fingerprinting"): in every window of
WINDOW successive runs the smallest hash. That is about two in WINDOW, and enough: the choice depends on nothing but
the text, no passage is left without any, and a stretch of WINDOW + WORDS - 1 words that a text shares with a passage
is always found, wherever it stands; a shorter one often, one of fewer than WORDS words never.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from core.data.formats import Dataset, Example
from core.errors import AnswerDiffError
from core.store.files import write_atomically

WORDS = 8
WINDOW = 32
TRAINING, HELD_OUT = "training", "held-out"
# A file made by another rule finds nothing, which must not pass for "never met".
_RULE = {"rule": f"1: winnowed runs of {WORDS} words in windows of {WINDOW}"}


class FingerprintError(AnswerDiffError):
    """A file of fingerprints that cannot be used."""


@dataclass(frozen=True, slots=True)
class Met:
    """A dataset that a run has met and that holds a question or a passage.

    Attributes:
        role: TRAINING, or HELD_OUT for a dataset that the run was only judged on.
        dataset: its name.
        question: whether the very question stands in it, for whatever passage.
        passage: whether one of its passages has many words in a row in common with the passage.
    """

    role: str
    dataset: str
    question: bool
    passage: bool


def write(path: Path, training: Sequence[Dataset], held_out: Sequence[Dataset]) -> None:
    """Writes the fingerprints of the datasets that a run was trained on and judged on, as one safetensors file.

    The part that was held back to choose the epoch counts as training. Text that the encoder was pre-trained on is not
    among them.
    """
    tensors: dict[str, np.ndarray] = {}
    for role, datasets in ((TRAINING, training), (HELD_OUT, held_out)):
        for dataset in datasets:
            tensors[f"{role}/questions/{dataset.name}"] = _hashes(_words(e.question) for e in dataset.examples)
            contexts = {example.context for example in dataset.examples}
            tensors[f"{role}/passages/{dataset.name}"] = np.unique(np.concatenate([*map(winnow, contexts)]))
    write_atomically(path, save(tensors, metadata=_RULE))


def met(path: Path, question: str, passage: str) -> list[Met]:
    """Returns the datasets of a run that hold the question or the passage, training first.

    Args:
        path: the run's file, as `write` made it.
        question: a question.
        passage: a passage; it may be part of a longer one, or hold one.

    Raises:
        FingerprintError: the file is missing, damaged or made by another rule.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            if file.metadata() != _RULE:
                raise FingerprintError(f"{path}: made by another version")
            stored = {key: file.get_tensor(key) for key in file.keys()}
    except (OSError, SafetensorError) as error:
        raise FingerprintError(f"{path}: {error}") from None
    mine = {"questions": _hashes([_words(question)]), "passages": runs(passage)}
    found: dict[tuple[str, str], set[str]] = {}
    for key, known in stored.items():
        role, kind, dataset = key.split("/", 2)
        if np.isin(mine[kind], known).any():
            found.setdefault((role, dataset), set()).add(kind)
    by_role = sorted(found.items(), key=lambda item: (item[0][0] != TRAINING, item[0][1]))
    return [Met(role, dataset, "questions" in kinds, "passages" in kinds) for (role, dataset), kinds in by_role]


@dataclass(frozen=True, slots=True)
class Shared:
    """A passage of one dataset that another one has met, as ordinals and ids; no text.

    Attributes:
        title: its article's, as that file writes it.
        questions: ids of the questions asked of it.
        article: whether the other has an article of this title.
        passage: whether the other has a passage with `WORDS` words in a row in common with it.
        question: whether the other asks one of these very questions.
    """

    title: str
    questions: tuple[str, ...]
    article: bool
    passage: bool
    question: bool


def overlap(training: Dataset, judged: Dataset) -> list[Shared]:
    """Returns the passages of `training` that share article, words or questions with `judged`, in the file's order.

    Titles are compared without case, white space and underscores, in Unicode's compatible form. Passages are compared
    by every run of `WORDS` words, not by the winnowed ones: nothing as long is overlooked.

    Args:
        training: a dataset that runs were trained on.
        judged: one that they were judged on.
    """
    titles = {_title(example.title) for example in judged.examples} - {""}
    contexts = {example.context for example in judged.examples}
    passages = np.unique(np.concatenate([np.zeros(0, np.uint64), *map(runs, contexts)]))
    questions = _hashes(_words(example.question) for example in judged.examples)
    by_passage: dict[tuple[str, str], list[Example]] = {}
    for example in training.examples:
        by_passage.setdefault((example.title, example.context), []).append(example)
    found = []
    for (title, context), asked in by_passage.items():
        one = Shared(
            title=title,
            questions=tuple(example.id for example in asked),
            article=_title(title) in titles,
            passage=bool(np.isin(runs(context), passages).any()),
            question=bool(np.isin(_hashes(_words(example.question) for example in asked), questions).any()),
        )
        if one.article or one.passage or one.question:
            found.append(one)
    return found


def winnow(text: str) -> np.ndarray:
    """Returns the text's fingerprints: the smallest hash of each window of successive runs, uint64, sorted, unique."""
    hashes = runs(text)
    width = min(WINDOW, len(hashes))
    return np.unique(np.lib.stride_tricks.sliding_window_view(hashes, width).min(axis=1))


def runs(text: str) -> np.ndarray:
    """Returns the hashes of all runs of WORDS words (the whole text when it has fewer), uint64, in order."""
    words = _words(text)
    return np.fromiter((_hash(words[i : i + WORDS]) for i in range(max(1, len(words) - WORDS + 1))), np.uint64)


def _title(title: str) -> str:
    return "".join(unicodedata.normalize("NFKC", title).casefold().replace("_", " ").split())


def _hashes(texts: Iterable[Sequence[str]]) -> np.ndarray:
    return np.unique(np.fromiter(map(_hash, texts), np.uint64))


def _words(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).split()


def _hash(words: Sequence[str]) -> int:
    return int.from_bytes(hashlib.blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=8).digest(), "little")

"""Passages that may hold the answer, by BM25 over parts of words.

Korean words carry their particles, so that white space alone makes 수도는 and 수도가 two words. `CUTS` has better ways;
`python -m tests.benchmarks.retrieval` compares them. Pairs of characters find the gold paragraph of KorQuAD's dev
questions as often as a morphological analyser does (recall@1 90.6 %, recall@5 98.9 %), and are the quickest.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import bm25s

from core.data.formats import Example
from core.data.tokenizer import Tokenizer

Cut = Callable[[Sequence[str]], list[list[str]]]


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that can be found.

    Attributes:
        title: its article's title, searched too.
        text: what a run reads.
        origin: where it is from, to be shown.
    """

    title: str
    text: str
    origin: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found.

    Attributes:
        passage: the passage.
        score: BM25; comes without unit, larger is better, always above 0.
    """

    passage: Passage
    score: float


class Index:
    """Finds passages by their words. Read-only once made, so many threads may search it."""

    def __init__(self, passages: Sequence[Passage], cut: Cut | None = None):
        """Cuts and weighs every passage.

        Args:
            passages: what can be found; passages with the same text should be given once (see `passages`).
            cut: one of `CUTS`; the best by default.
        """
        self.passages = tuple(passages)
        self._cut = cut or CUTS[BEST_CUT]
        self._bm25 = bm25s.BM25()
        texts = self._cut([f"{passage.title}\n{passage.text}" for passage in passages])
        self._empty = not any(texts)
        if not self._empty:
            self._bm25.index(texts, show_progress=False)

    def search(self, question: str, count: int = 5) -> list[Hit]:
        """Returns at most `count` passages that share anything with the question, best first."""
        return self.search_many([question], count)[0]

    def search_many(self, questions: Sequence[str], count: int = 5) -> list[list[Hit]]:
        """Returns `search` of every question."""
        if self._empty:
            return [[] for _ in questions]
        found, scores = self._bm25.retrieve(
            self._cut(questions), k=min(count, len(self.passages)), show_progress=False, backend_selection="numpy"
        )
        return [
            [Hit(self.passages[i], float(score)) for i, score in zip(row, row_scores, strict=True) if score > 0]
            for row, row_scores in zip(found.tolist(), scores.tolist(), strict=True)
        ]


def passages(examples: Sequence[Example], origin: str) -> list[Passage]:
    """Returns the passages of a dataset's questions, each once, in file order."""
    texts = {example.context: Passage(example.title, example.context, origin) for example in examples}
    return list(texts.values())


def pieces(texts: Sequence[str]) -> list[list[str]]:
    """Cuts into SentencePiece pieces of the shipped vocabulary, which parts nouns from particles."""
    tokenizer = Tokenizer.load()
    return [[tokenizer.piece(i) for i in tokenizer.encode(_clean(text)).ids.tolist()] for text in texts]


def character_pairs(texts: Sequence[str]) -> list[list[str]]:
    """Cuts every word into its overlapping pairs of characters; a word of one character is its own part."""
    return [
        [word[i : i + 2] for word in re.findall(r"\w+", _clean(text)) for i in range(max(1, len(word) - 1))]
        for text in texts
    ]


def morphemes(texts: Sequence[str]) -> list[list[str]]:
    """Cuts into the content morphemes that kiwipiepy finds: nouns, verbs, numbers, foreign words."""
    kept = ("N", "V", "M", "XR", "S")
    found = _kiwi().tokenize([_clean(text) for text in texts])
    return [
        [f"{m.form}/{m.tag[0]}" for m in each if m.tag.startswith(kept) and m.tag[:2] not in _SIGNS] for each in found
    ]


def words(texts: Sequence[str]) -> list[list[str]]:
    """Cuts at white space and punctuation: what the others are better than."""
    return [re.findall(r"\w+", _clean(text)) for text in texts]


CUTS: dict[str, Cut] = {"words": words, "pieces": pieces, "character pairs": character_pairs, "morphemes": morphemes}
BEST_CUT = "character pairs"
_SIGNS = ("SF", "SP", "SS", "SE", "SO", "SW")


def _clean(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=1)
def _kiwi() -> Any:
    from kiwipiepy import Kiwi  # only when it is used: it reads a large model

    return Kiwi()

"""Which words a sentence has, and which of its noun phrases may be asked for.

Everything works on piece ids: strings are only looked at to choose forms. Sentences are short Python lists, for which
plain loops beat NumPy.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.data import korean
from core.data.corpus import Corpus, encoder, pieces, rarities
from core.data.tokenizer import UNK, Tokenizer
from core.training.cloze import grammar

MAX_ANSWER_WORDS = 4
MAX_ANSWER_PIECES = 16
_STATISTICS_PIECES = 20_000_000  # of the corpus that the statistics look at
_CACHED = 50_000  # words and short texts that are remembered
_NOUN_SHARE = 0.04  # how often at least a noun marker follows a piece that ends nouns
_NAME_RARITY = 11.2  # nats; names are rarer than this
# Chance that a phrase is asked for when it is looked at. Common nouns are everywhere and rarely asked for.
_WEIGHTS = {"date": 0.6, "number": 0.5, "person": 1.0, "place": 1.0, "title": 1.0, "thing": 0.3}
_OPENERS, _CLOSERS = set("《〈「『‘“'\""), set("》〉」』’”'\"")
# Inside a word they separate two.
_BREAKS = set("·,/~;:=…")
# "전형적인" describes, "일으키고," links.
_NO_HEAD = re.compile(r"(적인?|[고며여아어면서]|지만|으나)$")
# What stands bare before a noun and is none: adnominal verbs, and dates.
_NO_MODIFIER = re.compile(r"[진된한던는할될른간난온]$|^\d+[년월일]$")


@dataclass(frozen=True, slots=True)
class Word:
    """A space-separated word, without what stands in parentheses. Its stem is the word without marks and particle."""

    pieces: list[int]  # what is kept in a question when the word is
    stem: str
    particle: str
    particle_ids: list[int]
    first: int  # the stem's first piece among the word's
    length: int  # pieces of the stem
    whole: bool  # no unknown piece and no mark inside the stem that separates two words
    opens: bool  # a quotation mark stands before it
    closes: bool
    comma: bool
    rarity: float  # nats; of the stem's rarest piece, more for more pieces
    noun: bool

    @property
    def form(self) -> str:
        """Stem and particle."""
        return self.stem + self.particle


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of a sentence, and the pieces [start, stop) of each stem, counted from the sentence's start."""

    words: list[Word]
    spans: list[tuple[int, int]]

    def is_whole(self, index: int) -> bool:
        """Whether the word's stem is one run of pieces without a separating mark."""
        start, stop = self.spans[index]
        return self.words[index].whole and stop - start == self.words[index].length


@dataclass(frozen=True, slots=True)
class Answer:
    """A noun phrase that may be asked for: words `first` to `last`, both inclusive."""

    first: int
    last: int
    kind: str  # date, number, person, place, title or thing
    weight: float  # 0 to 1: how much it is worth asking for


class Lexicon:
    """What is known of each piece, computed once for a tokenizer and a corpus."""

    def __init__(self, corpus: Corpus, tokenizer: Tokenizer):
        """Counts pieces, and how often a noun's particle follows them."""
        self._names = names = pieces(tokenizer)
        self._encode = encoder(tokenizer)
        self._texts: dict[str, list[int]] = {}
        self._words: dict[tuple[int, ...], Word] = {}
        self.texts = [name.removeprefix("▁") for name in names]
        self.starts_word = [name.startswith("▁") for name in names]
        self.is_mark = [bool(text) and not any(c.isalnum() for c in text) for text in self.texts]
        self.depth = [sum(map(text.count, "(（[")) - sum(map(text.count, ")）]")) for text in self.texts]
        self.is_particle = [name in korean.PARTICLES for name in names]
        ids = corpus.ids[:_STATISTICS_PIECES]
        counts = np.bincount(ids, minlength=len(names))
        is_marker = np.array([name in korean.NOUN_MARKERS for name in names])
        marked = np.bincount(ids[:-1][is_marker[ids[1:]]], minlength=len(names))
        # Ten imagined noun uses among a hundred: a rare piece is taken for a noun until seen otherwise.
        self.noun_share: list[float] = ((marked + 10) / (counts + 100)).tolist()
        self.rarity = rarities(tokenizer)

    def ids(self, text: str) -> list[int]:
        """Returns the pieces of a short recurring text."""
        if text not in self._texts:
            if len(self._texts) >= _CACHED:
                self._texts.clear()
            self._texts[text] = self._encode(text)
        return self._texts[text]

    def plain(self, ids: Sequence[int]) -> str:
        """Returns the text of pieces."""
        return "".join(map(self._names.__getitem__, ids)).replace("▁", " ").strip()

    def word(self, ids: tuple[int, ...]) -> Word:
        """Returns the word that these pieces form; `first` and `length` count among them."""
        if ids not in self._words:
            if len(self._words) >= _CACHED:
                self._words.clear()
            self._words[ids] = self._analyse(ids)
        return self._words[ids]

    @cached_property
    def question_mark(self) -> list[int]:
        """The piece of a question mark that follows a word; empty if the vocabulary has none."""
        return [i for i, text in enumerate(self.texts) if text == "?" and not self.starts_word[i]][:1]

    def _analyse(self, ids: tuple[int, ...]) -> Word:
        texts, is_mark = self.texts, self.is_mark
        first, last = 0, len(ids)
        while first < last and (is_mark[ids[first]] or not texts[ids[first]]):
            first += 1
        while last > first and is_mark[ids[last - 1]]:
            last -= 1
        body_end = last
        if last - first > 1 and self.is_particle[ids[last - 1]]:
            last -= 1
            while last > first and is_mark[ids[last - 1]]:  # the closing mark of 《...》는
                last -= 1
        particle = texts[ids[body_end - 1]] if last < body_end else ""
        stem = "".join(texts[i] for i in ids[first:last])
        # 먹 + 는 is a verb's ending, 1 + 만 a number.
        if particle and (not korean.agrees(particle, stem) or (particle == "만" and stem[-1:].isdigit())):
            stem, particle, last = stem + particle, "", body_end
        before = "".join(texts[i] for i in ids[:first])
        after = "".join(texts[i] for i in ids[last:] if is_mark[i])
        opens, closes = bool(_OPENERS & set(before)), bool(_CLOSERS & set(after))
        rarity = max((self.rarity[i] for i in ids[first:last]), default=0.0)
        return Word(
            # A quotation mark would lose its partner; without it the word is cut into other pieces.
            pieces=self.ids(stem + particle) if opens or closes else list(ids[:body_end]),
            stem=stem,
            particle=particle,
            particle_ids=list(ids[body_end - 1 : body_end]) if particle else [],
            first=first,
            length=last - first,
            whole=not any(i == UNK or (is_mark[i] and _BREAKS & set(texts[i])) for i in ids[first:last]),
            opens=opens,
            closes=closes,
            comma="," in after,
            rarity=rarity + 0.7 * max(0, sum(bool(texts[i]) for i in ids[first:last]) - 1),
            noun=bool(stem) and stem not in grammar.ADVERBS and self.noun_share[ids[last - 1]] >= _NOUN_SHARE,
        )


def parse(ids: Sequence[int], lexicon: Lexicon) -> Sentence:
    """Splits a sentence's pieces into words; whatever stands in parentheses belongs to none."""
    sentence = Sentence([], [])
    starts_word, depth_of = lexicon.starts_word, lexicon.depth
    depth, kept, positions = 0, list[int](), list[int]()
    for position, piece in enumerate(ids):
        if depth <= 0:
            if starts_word[piece] and kept:
                _append(sentence, lexicon.word(tuple(kept)), positions)
                kept, positions = [], []
            if not depth_of[piece]:
                kept.append(piece)
                positions.append(position)
        depth = max(0, depth + depth_of[piece])
    if kept:
        _append(sentence, lexicon.word(tuple(kept)), positions)
    return sentence


def _append(sentence: Sentence, word: Word, positions: list[int]) -> None:
    if word.stem:
        sentence.words.append(word)
        sentence.spans.append((positions[word.first], positions[word.first + word.length - 1] + 1))


def answers(sentence: Sentence, rng: random.Random) -> list[Answer]:
    """Finds the phrases of a sentence that may be asked for; how far to the left one reaches is drawn."""
    return [*_titles(sentence), *_noun_phrases(sentence, rng)]


def _titles(sentence: Sentence) -> list[Answer]:
    """Returns what stands between quotation marks, if it is short."""
    found, opened = [], None
    for index, word in enumerate(sentence.words):
        opened = index if word.opens else opened
        if word.closes and opened is not None:
            if _fits(sentence, opened, index):
                found.append(Answer(opened, index, "title", _WEIGHTS["title"]))
            opened = None
    return found


def _noun_phrases(sentence: Sentence, rng: random.Random) -> list[Answer]:
    found, words = [], sentence.words
    quoted = False
    for last, word in enumerate(words):
        quoted, inside = (quoted or word.opens) and not word.closes, quoted or word.opens
        following = words[last + 1] if last + 1 < len(words) else None
        ends = bool(word.particle) or word.comma
        if inside or (following and _is_bare_number(word)):
            continue
        if last and _is_bare_number(words[last - 1]):  # "712 m"
            if _fits(sentence, last - 1, last):
                found.append(Answer(last - 1, last, "number", _WEIGHTS["number"]))
            continue
        numeric = bool(re.match(r"[제약]?\d", word.stem))
        if numeric and not ends and following and following.stem[:1].isdigit():
            continue  # "1924년" of "1924년 10월": the phrase goes on
        if not numeric and not (ends and word.noun and len(word.stem) > 1 and not _NO_HEAD.search(word.form)):
            continue
        first = _reach(sentence, last, numeric, rng)
        if not _fits(sentence, first, last):
            continue
        parts = words[first : last + 1]
        kind = grammar.kind(word.stem, word.particle, len(parts), min(w.rarity for w in parts) > _NAME_RARITY)
        worth = 1.0 if numeric else min(1.0, max(0.02, (max(w.rarity for w in parts) - 8.5) / 3.5))
        found.append(Answer(first, last, kind, worth * _WEIGHTS[kind] * (0.3 if word.stem[-1] == "들" else 1)))
    return found


def _reach(sentence: Sentence, last: int, numeric: bool, rng: random.Random) -> int:
    """Returns the first word of the noun phrase that ends with word `last`."""
    first, words = last, sentence.words
    while first > 0 and last - first + 1 < MAX_ANSWER_WORDS:
        word = words[first - 1]
        if word.particle or word.comma or word.closes:
            break
        if numeric and not word.stem[:1].isdigit():
            break
        if not numeric and (not word.noun or len(word.stem) < 2 or _NO_MODIFIER.search(word.stem)):
            break
        if not numeric and rng.random() < 0.25:
            break
        first -= 1
    return first


def _fits(sentence: Sentence, first: int, last: int) -> bool:
    return (
        last - first < MAX_ANSWER_WORDS
        and sentence.spans[last][1] - sentence.spans[first][0] <= MAX_ANSWER_PIECES
        and all(map(sentence.is_whole, range(first, last + 1)))
    )


def _is_bare_number(word: Word) -> bool:
    return not word.particle and not word.comma and word.stem.replace(",", "").replace(".", "").isdigit()

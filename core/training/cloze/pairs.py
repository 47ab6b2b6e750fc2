"""Draws sentences of a corpus at random and makes pairs of question and passage of them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.config import ClozeSettings
from core.data.corpus import Corpus, CorpusError
from core.data.tokenizer import SPECIAL_PIECES, Tokenizer
from core.training.cloze import grammar
from core.training.cloze.phrases import Answer, Lexicon, Sentence, answers, parse
from core.training.cloze.questions import question

MIN_WORDS, MAX_WORDS = 5, 40  # of a sentence that is asked about
MIN_PIECES, MAX_PIECES = 8, 160
MIN_QUESTION = 6  # pieces
_CONTENT_RARITY = 9.7  # nats; a shared piece rarer than this ties a question to a passage
_RECURRING_RARITY = 10.7  # nats; a common noun recurs everywhere and proves nothing
_NEAR = 24  # pieces on each side of a recurring span that count as near
_ATTEMPTS = 2_000


@dataclass(frozen=True, slots=True)
class Pair:
    """A question about a passage. The passage is `corpus.ids[start:stop]`, and all four numbers index `corpus.ids`."""

    question: list[int]
    start: int
    stop: int  # exclusive
    answer_start: int
    answer_stop: int  # exclusive
    kind: str  # date, number, person, place, title or thing
    other_paragraph: bool  # the question's sentence is not in the passage's paragraph


@dataclass(frozen=True, slots=True)
class _Source:
    sentence: Sentence
    start: int
    stop: int
    document: int


class PairMaker:
    """Makes pairs from a corpus."""

    def __init__(self, corpus: Corpus, tokenizer: Tokenizer, settings: ClozeSettings):
        """Builds the lexicon; a second for a large corpus."""
        self.corpus, self.settings = corpus, settings
        self.lexicon = Lexicon(corpus, tokenizer)

    def pair(self, rng: random.Random, room: int, max_question: int) -> Pair:
        """Makes one pair.

        Args:
            rng: Decides everything.
            room: Pieces that question and passage may have together.
            max_question: Pieces that a question may have at most; fewer than `room`.

        Raises:
            CorpusError: no sentence out of 2,000 gave a pair.
        """
        other = rng.random() < self.settings.other_paragraph
        for attempt in range(_ATTEMPTS):
            # A corpus may have no recurring spans at all; it still has the easy kind.
            other = other and attempt < _ATTEMPTS // 2
            source = self._draw(rng)
            if source is None:
                continue
            for answer in _shuffled(answers(source.sentence, rng), rng):
                # What recurs is scarce, so that all of it is taken.
                if not other and rng.random() >= answer.weight:
                    continue
                if pair := self._pair(rng, room, max_question, other, source, answer):
                    return pair
        raise CorpusError(f"no question could be made from {_ATTEMPTS} sentences of the corpus: are they Korean?")

    def _draw(self, rng: random.Random) -> _Source | None:
        corpus = self.corpus
        index = rng.randrange(len(corpus.sentences) - 1)
        start, stop = int(corpus.sentences[index]), int(corpus.sentences[index + 1])
        if not MIN_PIECES <= stop - start <= MAX_PIECES:
            return None
        sentence = parse(corpus.ids[start:stop].tolist(), self.lexicon)
        if not MIN_WORDS <= len(sentence.words) <= MAX_WORDS or not grammar.adnominal(sentence.words[-1].form):
            return None
        document = int(np.searchsorted(corpus.documents, start, side="right")) - 1
        return _Source(sentence, start, stop, document)

    def _pair(
        self, rng: random.Random, room: int, max_question: int, other: bool, source: _Source, answer: Answer
    ) -> Pair | None:
        corpus, spans = self.corpus, source.sentence.spans
        answer_start = source.start + spans[answer.first][0]
        answer_stop = source.start + spans[answer.last][1]
        wanted = corpus.ids[answer_start:answer_stop].tolist()
        low, high = int(corpus.documents[source.document]), int(corpus.documents[source.document + 1])
        if other and not self._may_recur(source, answer, corpus.ids[low:high], wanted):
            return None
        title = corpus.title(source.document)
        asked = question(source.sentence, answer, title, self.lexicon, self.settings, rng)
        if not MIN_QUESTION <= len(asked) <= max_question or len(occurrences(np.array(asked), wanted)):
            return None
        keep = (source.start, source.stop)
        if other:
            found = self._recurrence(wanted, asked, source.start, low, high)
            if found is None:
                return None
            answer_start, low, high = found
            answer_stop = answer_start + len(wanted)
        if other or source.stop - source.start > room - len(asked):
            keep = (answer_start, answer_stop)
        start, stop = self._window(rng, room - len(asked), low, high, keep, answer_start)
        return Pair(asked, start, stop, answer_start, answer_stop, answer.kind, other)

    def _may_recur(self, source: _Source, answer: Answer, article: np.ndarray, wanted: list[int]) -> bool:
        rarest = max(word.rarity for word in source.sentence.words[answer.first : answer.last + 1])
        named = answer.kind not in ("date", "number") and rarest >= _RECURRING_RARITY
        return named and len(occurrences(article, wanted)) > 1

    def _recurrence(
        self, wanted: list[int], asked: Sequence[int], start: int, low: int, high: int
    ) -> tuple[int, int, int] | None:
        """Finds the answer in another paragraph of the document, where most of the question's rare pieces are near.

        Returns:
            Where it starts, and the part of the document [low, high) that leaves the sentence's paragraph out; None
            if it recurs nowhere with enough in common.
        """
        corpus, lexicon = self.corpus, self.lexicon
        paragraph = int(np.searchsorted(corpus.paragraphs, start, side="right")) - 1
        own_start, own_stop = int(corpus.paragraphs[paragraph]), int(corpus.paragraphs[paragraph + 1])
        rare = {i for i in asked if i >= len(SPECIAL_PIECES) and lexicon.rarity[i] > _CONTENT_RARITY} - set(wanted)
        best, best_shared = None, self.settings.shared - 1
        for at in (low + occurrences(corpus.ids[low:high], wanted)).tolist()[:64]:
            stop = at + len(wanted)
            if own_start <= at < own_stop or (stop < high and not self._ends_before(int(corpus.ids[stop]))):
                continue
            near = corpus.ids[max(low, at - _NEAR) : min(high, stop + _NEAR)].tolist()
            shared = len(rare.intersection(near))
            if shared > best_shared:
                best, best_shared = at, shared
        if best is None:
            return None
        return (best, low, own_start) if best < own_start else (best, own_stop, high)

    def _ends_before(self, piece: int) -> bool:
        """Whether a stem ends before this piece, rather than going on as a longer one."""
        return self.lexicon.starts_word[piece] or self.lexicon.is_mark[piece] or self.lexicon.is_particle[piece]

    def _window(
        self, rng: random.Random, length: int, low: int, high: int, keep: tuple[int, int], answer_start: int
    ) -> tuple[int, int]:
        """Draws a window of at most `length` pieces of [low, high) that holds `keep` and starts with a word."""
        first, last = max(low, keep[1] - length), max(low, min(keep[0], high - length))
        start = rng.randint(min(first, last), last)
        while low < start < answer_start and not self.lexicon.starts_word[self.corpus.ids[start]]:
            start += 1
        return start, min(high, start + length)


def occurrences(ids: np.ndarray, part: Sequence[int]) -> np.ndarray:
    """Returns where `part` begins in `ids`, int64.

    Example:
        >>> occurrences(np.array([1, 2, 1, 2, 3]), [1, 2]).tolist()
        [0, 2]
    """
    starts = np.flatnonzero(ids[: max(0, len(ids) - len(part) + 1)] == part[0])
    for offset, piece in enumerate(part[1:], 1):
        starts = starts[ids[starts + offset] == piece]
    return starts


def _shuffled(found: list[Answer], rng: random.Random) -> list[Answer]:
    rng.shuffle(found)
    return found

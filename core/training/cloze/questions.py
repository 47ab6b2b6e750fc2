"""From a sentence and the phrase that is asked for to a question, in piece ids."""

import random
import re
from collections.abc import Sequence

from core.config import ClozeSettings
from core.data import korean
from core.data.tokenizer import MASK
from core.training.cloze import grammar
from core.training.cloze.phrases import MAX_ANSWER_PIECES, Answer, Lexicon, Sentence, Word

# "...에 대한", "...에 의해": the noun before them cannot leave its place.
_POSTPOSITION = re.compile(r"[대의관위인통][한해하]|따[른라]")
_TOPICS, _SUBJECTS = ("은", "는"), ("은", "는", "이", "가")
_HEADED_BY_ITSELF = 0.7  # of phrases of several words; their last word then stands in the question: "어떤 협정을"


def question(
    sentence: Sentence,
    answer: Answer,
    title: Sequence[int],
    lexicon: Lexicon,
    settings: ClozeSettings,
    rng: random.Random,
) -> list[int]:
    """Makes a question from a sentence whose words `answer.first` to `answer.last` are asked for.

    Args:
        sentence: The sentence; its last word is the predicate.
        answer: The phrase that is asked for.
        title: Pieces of the article's title.
        lexicon: Forms and pieces.
        settings: How often what is done.
        rng: Decides everything.

    Returns:
        Piece ids, without special pieces except one [MASK] in a share of the questions.
    """
    before, after = _clause(sentence, answer, settings, rng)
    last = sentence.words[answer.last]
    ending = after.pop() if after else None
    rate = rng.uniform(*settings.drop)
    kept_before = _keep(before[::-1], rate, rng)[::-1]
    # "공급하고 있다": what stands bare before the predicate belongs to it.
    bound = after[-1:] if after and not after[-1].particle else []
    kept_after = _keep(after[: len(after) - len(bound)], rate, rng) + bound
    masked = rng.random() < settings.mask
    relative = None
    if ending and not masked and _is_movable(answer, last, [*after, ending][0]) and rng.random() < settings.at_end:
        relative = grammar.adnominal(ending.form)
    if relative:
        parts = [
            lexicon.ids(word.stem + korean.agree("이", word.stem))  # a topic inside "... 한 것" is its subject
            if word.particle in _TOPICS
            else _pieces(word, settings, rng)
            for word in kept_before + kept_after
        ]
        if parts and rng.random() < settings.rotate:
            turn = rng.randrange(len(parts))
            parts = parts[turn:] + parts[:turn]
        closing = lexicon.ids(_headed(relative, answer, last, rng))
    else:
        front = [_pieces(word, settings, rng) for word in kept_before]
        back = [_pieces(word, settings, rng) for word in kept_after]
        asked = [MASK, *last.particle_ids] if masked else lexicon.ids(_asked(answer, last, rng))
        turned = rng.random() < settings.rotate
        parts = [asked, *front, *back] if turned else [*front, asked, *back]
        closing = _asking(ending, lexicon, rng) if ending else lexicon.question_mark
    name = _title(title, before + after, lexicon) if rng.random() < settings.title else []
    return [piece for part in (name, *parts, closing) for piece in part]


def _clause(
    sentence: Sentence, answer: Answer, settings: ClozeSettings, rng: random.Random
) -> tuple[list[Word], list[Word]]:
    """Returns the words before and after the answer, cut to its clause; the last one after it is the predicate."""
    words = sentence.words
    start, stop = 0, len(words)
    if rng.random() < settings.clause:
        links = [i for i, word in enumerate(words) if grammar.plain_form(word.form)]
        start = max((i + 1 for i in links if i < answer.first), default=0)
        stop = min((i + 1 for i in links if i > answer.last), default=stop)
    topic = [word for word in words[:start] if word.particle in _TOPICS][:1]
    return [*topic, *words[start : answer.first]], words[answer.last + 1 : stop]


def _keep(nearest_first: Sequence[Word], rate: float, rng: random.Random) -> list[Word]:
    """Leaves words out at random: the nearer to the answer, the fewer; adverbs and references more often."""
    kept = []
    for distance, word in enumerate(nearest_first):
        drop = rate * (0.35, 0.7, 1.1)[min(distance, 2)]
        if word.stem in grammar.ADVERBS and not word.particle and not _POSTPOSITION.match(word.stem):
            drop = max(drop, 0.7)
        if rng.random() >= drop:
            kept.append(word)
    return kept


def _pieces(word: Word, settings: ClozeSettings, rng: random.Random) -> list[int]:
    if word.particle_ids and rng.random() < settings.drop_particle:
        return word.pieces[: -len(word.particle_ids)]
    return word.pieces


def _is_movable(answer: Answer, last: Word, following: Word) -> bool:
    return (last.particle in korean.MOVABLE or answer.kind == "date") and not _POSTPOSITION.match(following.stem)


def _title(title: Sequence[int], others: Sequence[Word], lexicon: Lexicon) -> list[int]:
    """Returns the article's title as a topic or an owner; nothing if the sentence has a part of it."""
    known = {piece for word in others for piece in word.pieces}
    if not title or len(title) > MAX_ANSWER_PIECES or any(lexicon.texts[i] and i in known for i in title):
        return []
    text = lexicon.plain(title).split(" (")[0].strip()
    has_subject = any(word.particle in _SUBJECTS for word in others)
    return lexicon.ids(text + korean.agree("의" if has_subject else "은", text))


def _asked(answer: Answer, last: Word, rng: random.Random) -> str:
    """Returns the question word with the answer's particle in the form that fits it."""
    choices, _ = grammar.interrogatives(answer.kind, last.stem)
    asked = rng.choice(choices)
    if answer.kind in ("thing", "place") and answer.last > answer.first and rng.random() < _HEADED_BY_ITSELF:
        asked = f"{'어느' if answer.kind == 'place' else rng.choice(('어떤', '무슨'))} {last.stem}"
    if asked == "언제" and last.particle[:1] in ("에", "의"):
        return asked
    if asked == "누구" and last.particle in ("이", "가"):
        return "누가"
    # "...이다" ends a sentence that is to ask: "무엇인가".
    return asked + (grammar.asking(last.particle) or korean.agree(last.particle, asked))


def _headed(relative: str, answer: Answer, last: Word, rng: random.Random) -> str:
    """Returns the end of "... 한 것은 무엇인가?": the answer has left its place and heads the question."""
    choices, head = grammar.interrogatives(answer.kind, last.stem)
    if answer.kind in ("thing", "place") and answer.last > answer.first and rng.random() < _HEADED_BY_ITSELF:
        head = last.stem
    topic = f"{relative} {head}{korean.agree('은', head)}"
    return rng.choice((f"{topic}?", f"{topic} {choices[0]}?", f"{topic} {choices[0]}인가?"))


def _asking(ending: Word, lexicon: Lexicon, rng: random.Random) -> list[int]:
    """Returns the predicate in a form that asks, with a question mark; as it is where no form is known."""
    asks = grammar.asking(grammar.plain_form(ending.form) or ending.form)
    if asks is None:
        return [*ending.pieces, *lexicon.question_mark]
    if asks.endswith("는가") and rng.random() < 0.3:
        asks = asks[:-2] + "나"
    return lexicon.ids(asks + "?")

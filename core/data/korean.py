"""Hangul syllables, the particles (josa) that follow Korean nouns, and where words begin and end in a text."""

import re
import unicodedata

import numpy as np

# A Hangul syllable is 0xAC00 + (lead * 21 + vowel) * 28 + final (Unicode standard, section 3.12).
_FIRST = 0xAC00
RIEUL = 8  # the final consonant after which 로 is said, not 으로

# A closed list of particles, split by the sound they follow (allomorphs): "사과" minus "과" is no particle, as 과 needs
# a final consonant before it. The copula 이다 is a particle in Korean school grammar and sticks to answers like one.
_PAIRS = [pair.split("/") for pair in "은/는 이/가 을/를 과/와 과는/와는 과의/와의 과도/와도".split()]
# The first letter is said after a consonant only.
_PAIRS += [
    [form, form[1:]]
    for form in (
        "으로 으로서 으로써 으로는 으로도 으로의 으로만 으로부터 으로서의 으로서는 이랑 이나 이란 이라도 이든"
    ).split()
]
_COPULA = "라 라고 라는 다 며 고 자 였다 였던 였고 였으며 지만 므로".split()  # without 이, after a vowel
_AFTER_ANY = (
    "의 에 엔 에서 에게 에게서 께 께서 한테 한테서 하고 도 만 만이 만을 만의 만에 까지 부터 마저 조차 밖에 "
    "처럼 보다 같이 만큼 대로 마다 "
    "뿐 뿐만 뿐이다 이다 이며 이고 이자 이라 이라고 이라는 이었다 이었던 이었고 이었으며 이지만 이므로 인 인데 임"
).split()
_ADVERBIAL = "에 에서 에게 에게서 께 한테 까지 부터 만 처럼 보다 하고 대로 만큼".split()
_AUXILIARY = "는 은 도 만 의 이 가 을 를".split()
_BY_FINAL = {
    True: frozenset([after_consonant for after_consonant, _ in _PAIRS] + _AFTER_ANY),
    False: frozenset([after_vowel for _, after_vowel in _PAIRS] + _COPULA + _AFTER_ANY),
}
_COMPOUND = frozenset(
    first + second
    for first in _ADVERBIAL
    for second in _AUXILIARY
    if (second in "는가를") != bool((ord(first[-1]) - _FIRST) % 28) or second in "도만의"
)
# Particles and copulas that are one piece of the vocabulary each, by which pre-training tells nouns.
PARTICLES = frozenset(
    "은 는 이 가 을 를 의 에 에서 에게 에게서 께서 와 과 로 으로 도 만 부터 까지 보다 처럼 이나 나 이라는 "
    "라는 이라고 라고 에는 에서는 에도 에서도 에게는 와는 과는 로는 으로는 로서 으로서 로써 으로써 로부터 "
    "으로부터 에서의 으로의 로의 와의 과의 에만 만을 만이 이란 란 이며 이고 이자 인 이다 였다 이었다 이던 "
    "였던".split()
)
# Particles that verbs' endings do not look like: what stands before them is a noun.
NOUN_MARKERS = frozenset("의 를 에서 에게 과 와 으로 에는 에서는 이다 에게서 께서 로부터 으로부터 로서 으로서".split())
# With these the noun can leave its place and become the head of "... 한 것은 무엇인가?".
MOVABLE = frozenset("은 는 이 가 을 를 에 에서 에게 로 으로 에는 에서는 께서".split())
_COPULAS = [[form, form[1:]] for form in "이며 이고 이라는 이라고".split()]
_AGREEMENT = {form: pair for pair in _PAIRS + _COPULAS for form in pair}
_LONGEST_JOSA = max(map(len, _COMPOUND | _BY_FINAL[True] | _BY_FINAL[False]))
# Letters, figures and their combining marks; "1,234.5" is one word.
_WORD = re.compile(r"[\w\u0300-\u036f]+(?:(?<=\d)[.,]\d[\w\u0300-\u036f]*)*")
_SPACE = re.compile(r"\s+")


def final(syllable: str) -> int:
    """Returns the number of a Hangul syllable's final consonant, 1..27; 0 for none, and for anything else."""
    return (ord(syllable) - _FIRST) % 28 if "가" <= syllable <= "힣" else 0


def vowel(syllable: str) -> int:
    """Returns the number of a Hangul syllable's vowel, 0..20."""
    return (ord(syllable) - _FIRST) // 28 % 21


def with_final(syllable: str, consonant: int, vowel_: int | None = None) -> str:
    """Returns a Hangul syllable with another final consonant (0 for none), and another vowel if one is given."""
    lead = (ord(syllable) - _FIRST) // 588
    return chr(_FIRST + (lead * 21 + (vowel(syllable) if vowel_ is None else vowel_)) * 28 + consonant)


def agree(particle: str, word: str) -> str:
    """Returns the form of a particle that fits the word's last sound.

    Example:
        >>> agree("은", "누구"), agree("로", "무엇"), agree("으로", "서울")
        ('는', '으로', '로')
    """
    if particle not in _AGREEMENT:
        return particle
    after_consonant, after_vowel = _AGREEMENT[particle]
    last = final(word[-1:])
    return after_vowel if not last or (last == RIEUL and after_consonant.startswith("으")) else after_consonant


def agrees(particle: str, word: str) -> bool:
    """Tells whether a particle has the form that fits the word: `먹는` has not, so `먹` is no noun."""
    return not "가" <= word[-1:] <= "힣" or agree(particle, word) == particle


def is_josa(stem: str, suffix: str) -> bool:
    """Tells whether `suffix` is a particle that can follow `stem`.

    After a Hangul syllable the allomorph must agree with its final consonant; after anything else (a figure, a Latin
    letter) every particle may stand.

    >>> is_josa("서울", "은"), is_josa("서울", "는"), is_josa("1392", "년")
    (True, False, False)
    """
    if not stem or not suffix:
        return False
    if suffix in _COMPOUND:
        return True
    if not "가" <= stem[-1] <= "힣":
        return suffix in _BY_FINAL[True] or suffix in _BY_FINAL[False]
    last = final(stem[-1])
    return suffix in _BY_FINAL[bool(last) and not (last == RIEUL and suffix.startswith("로"))]


def edges(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Returns where an answer that holds a character, or stops after it, can begin and end without breaking a word.

    An answer begins where a word does. It ends where a word does, or where nothing but a particle of the word is left:
    "서울|에서|". Punctuation belongs to no word, and no answer begins or ends with white space.

    Returns:
        Two int64 arrays of shape (characters + 1,). The first maps a start (inclusive) to the nearest one at or before
        it, the second an end (exclusive) to the nearest one at or after it; white space moves them the other way.
    """
    starts, ends = np.arange(len(text) + 1), np.arange(len(text) + 1)
    composed = unicodedata.is_normalized("NFC", text)
    longest = _LONGEST_JOSA if composed else 3 * _LONGEST_JOSA  # a syllable is up to three letters
    for match in _WORD.finditer(text):
        start, end = match.span()
        starts[start:end] = start
        ends[start + 1 : end] = end
        word = match.group()
        for stem in range(max(1, len(word) - longest), len(word)):
            parts = word[:stem], word[stem:]
            if is_josa(*(parts if composed else (unicodedata.normalize("NFC", part) for part in parts))):
                before = ends[start + 1 : start + stem + 1]
                before[before == end] = start + stem
    for match in _SPACE.finditer(text):
        starts[match.start() : match.end()] = match.end()
        ends[match.start() + 1 : match.end() + 1] = match.start()
    return starts, ends

"""Where words begin and end in a text, and the particles (josa) that follow Korean nouns."""

import re
import unicodedata

import numpy as np

# A closed list of particles, split by the sound they follow (allomorphs): "사과" minus "과" is no particle, as 과 needs
# a final consonant before it. The copula 이다 is a particle in Korean school grammar and sticks to answers like one.
_AFTER_CONSONANT = (
    "은 이 을 과 과는 과의 과도 으로 으로서 으로써 으로는 으로도 으로의 으로만 으로부터 으로서의 으로서는 "
    "이랑 이나 이란 이라도 이든"
).split()
_AFTER_VOWEL = (
    "는 가 를 와 와는 와의 와도 로 로서 로써 로는 로도 로의 로만 로부터 로서의 로서는 랑 나 란 라도 든 "
    "라 라고 라는 다 며 고 자 였다 였던 였고 였으며 지만 므로"
).split()
_AFTER_ANY = (
    "의 에 엔 에서 에게 에게서 께 께서 한테 한테서 하고 도 만 만이 만을 만의 만에 까지 부터 마저 조차 밖에 "
    "처럼 보다 같이 만큼 대로 마다 "
    "뿐 뿐만 뿐이다 이다 이며 이고 이자 이라 이라고 이라는 이었다 이었던 이었고 이었으며 이지만 이므로 인 인데 임"
).split()
_ADVERBIAL = "에 에서 에게 에게서 께 한테 까지 부터 만 처럼 보다 하고 대로 만큼".split()
_AUXILIARY = "는 은 도 만 의 이 가 을 를".split()
_BY_FINAL = {True: frozenset(_AFTER_CONSONANT + _AFTER_ANY), False: frozenset(_AFTER_VOWEL + _AFTER_ANY)}
_COMPOUND = frozenset(
    first + second
    for first in _ADVERBIAL
    for second in _AUXILIARY
    if (second in "는가를") != bool((ord(first[-1]) - 0xAC00) % 28) or second in "도만의"
)
_RIEUL = 8  # the final consonant after which 로 is said, not 으로
_LONGEST_JOSA = max(map(len, _COMPOUND | _BY_FINAL[True] | _BY_FINAL[False]))
# Letters, figures and their combining marks; "1,234.5" is one word.
_WORD = re.compile(r"[\w\u0300-\u036f]+(?:(?<=\d)[.,]\d[\w\u0300-\u036f]*)*")
_SPACE = re.compile(r"\s+")


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
    last = ord(stem[-1]) - 0xAC00
    if not 0 <= last < 11_172:
        return suffix in _BY_FINAL[True] or suffix in _BY_FINAL[False]
    if last % 28 == _RIEUL and suffix.startswith("로"):
        return suffix in _BY_FINAL[False]
    return suffix in _BY_FINAL[bool(last % 28)]


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

"""Words, answers, questions and passages from a sentence."""

import random

import numpy as np
import pytest

from core.data.tokenizer import MASK
from core.training.cloze.pairs import PairMaker, occurrences
from core.training.cloze.phrases import Answer, Lexicon, answers, parse
from core.training.cloze.questions import ClozeSettings, question
from tests.training import sample_corpus

# Nothing is dropped, moved or masked: what is left is decided by the sentence.
PLAIN = ClozeSettings(
    mask=0, other_paragraph=0, at_end=0, clause=0, drop=(0, 0), drop_particle=0, rotate=0, title=0, shared=1
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    return sample_corpus.load(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def lexicon(sample):
    return Lexicon(*sample)


@pytest.fixture
def read(sample, lexicon):
    return lambda text: parse(sample[1].encode(text).ids.tolist(), lexicon)


def changed(**settings):
    return ClozeSettings(**({name: getattr(PLAIN, name) for name in ClozeSettings.__slots__} | settings))


def asked_for(sentence, stem, kind="thing"):
    """The answer that is the word with this stem."""
    index = [word.stem for word in sentence.words].index(stem)
    return Answer(index, index, kind, 1.0)


def ask(sample, lexicon, sentence, answer, settings=PLAIN, title="", seed=0):
    ids = question(sentence, answer, lexicon.ids(title), lexicon, settings, random.Random(seed))
    return sample[1].decode(ids)


def test_words_lose_particles_marks_and_parentheses(read):
    sentence = read("오세린(吳世麟)은 1874년에 《안개의 책》을 썼다.")
    assert [(w.stem, w.particle) for w in sentence.words] == [
        ("오세린", "은"),
        ("1874년", "에"),
        ("안개", "의"),
        ("책", "을"),
        ("썼다", ""),
    ]
    assert [w.opens for w in sentence.words] == [False, False, True, False, False]
    assert [w.closes for w in sentence.words] == [False, False, False, True, False]


def test_spans_are_the_stems_pieces(sample, read):
    text = "등대는 높이가 27 m이며, 오세린이 지켰다."
    ids = sample[1].encode(text).ids
    sentence = read(text)
    for word, (start, stop) in zip(sentence.words, sentence.spans, strict=True):
        assert sample[1].decode(ids[start:stop]).replace(" ", "") == word.stem


def test_parentheses_with_several_words_belong_to_no_word(read):
    sentence = read("가람포(옛 이름은 큰 나루)는 항구 도시이다.")
    assert [w.stem for w in sentence.words] == ["가람포", "항구", "도시"]
    assert sentence.words[0].particle == "는"


def test_a_word_of_two_joined_by_a_mark_is_not_whole(read):
    sentence = read("소금·멸치를 보냈다.")
    assert not sentence.is_whole(0)
    assert not [a for a in answers(sentence, random.Random(0)) if a.first == 0]


def test_answers_by_kind(read):
    sentence = read("1874년 3월 2일 한도윤은 방파제 27 m를 쌓고 《안개의 책》을 어부 12명에게 주었다.")
    found = {
        (a.kind, " ".join(w.stem for w in sentence.words[a.first : a.last + 1]))
        for seed in range(20)
        for a in answers(sentence, random.Random(seed))
    }
    assert ("date", "1874년 3월 2일") in found
    assert ("number", "27 m") in found
    assert ("title", "안개 책") in found  # stems; the span itself has the particle
    assert ("number", "12명") in found
    assert not {answer for kind, answer in found if kind == "date"} - {"1874년 3월 2일"}
    assert "주었다" not in {answer for _, answer in found}


def test_in_place_question(sample, lexicon, read):
    sentence = read("오세린은 등대에서 일지를 썼다.")
    assert ask(sample, lexicon, sentence, asked_for(sentence, "일지"), seed=1) in (
        "오세린은 등대에서 무엇을 썼는가?",
        "오세린은 등대에서 무엇을 썼나?",
        "오세린은 등대에서 어떤 것을 썼는가?",
        "오세린은 등대에서 어떤 것을 썼나?",
    )
    subjects = {ask(sample, lexicon, sentence, asked_for(sentence, "오세린", "person"), seed=s) for s in range(20)}
    assert "누구는 등대에서 일지를 썼는가?" in subjects


def test_masked_question_keeps_the_particle(sample, lexicon, read):
    sentence = read("오세린은 등대에서 일지를 썼다.")
    ids = question(sentence, asked_for(sentence, "일지"), [], lexicon, changed(mask=1), random.Random(0))
    assert ids.count(MASK) == 1
    assert lexicon.texts[ids[ids.index(MASK) + 1]] == "를"


def test_headed_question(sample, lexicon, read):
    sentence = read("오세린은 등대에서 일지를 썼다.")
    found = {
        ask(sample, lexicon, sentence, asked_for(sentence, "일지"), changed(at_end=1), seed=seed) for seed in range(20)
    }
    assert found == {
        "오세린이 등대에서 쓴 것은?",
        "오세린이 등대에서 쓴 것은 무엇?",
        "오세린이 등대에서 쓴 것은 무엇인가?",
    }


def test_a_number_heads_a_question_as_a_thing(sample, lexicon, read):
    sentence = read("오세린은 등대에서 712명을 보았다.")
    found = {
        ask(sample, lexicon, sentence, asked_for(sentence, "712명", "number"), changed(at_end=1), seed=seed)
        for seed in range(20)
    }
    assert found == {
        "오세린이 등대에서 본 것은?",
        "오세린이 등대에서 본 것은 몇 명?",
        "오세린이 등대에서 본 것은 몇 명인가?",
    }


def test_a_noun_before_a_postposition_stays_in_its_place(sample, lexicon, read):
    sentence = read("기상학자들은 기후에 대한 책을 썼다.")
    asked = ask(sample, lexicon, sentence, asked_for(sentence, "기후"), changed(at_end=1))
    assert asked.startswith("기상학자들은") and "에 대한 책을 썼" in asked


def test_a_question_keeps_to_the_clause(sample, lexicon, read):
    sentence = read("상인들은 여관을 열었고, 어부들은 그물을 엮었다.")
    asked = ask(sample, lexicon, sentence, asked_for(sentence, "여관"), changed(clause=1))
    assert "그물" not in asked and asked.startswith("상인들은") and asked.endswith(("열었는가?", "열었나?"))


def test_the_title_is_put_in_front(sample, lexicon, read):
    sentence = read("1874년에 방파제를 완성했다.")
    asked = ask(sample, lexicon, sentence, asked_for(sentence, "방파제"), changed(title=1), title="한도윤 (시장)")
    assert asked.startswith("한도윤은 1874년에 ")


def test_words_are_dropped(sample, lexicon, read):
    sentence = read("오세린은 오래된 등대에서 안개가 낀 날마다 두꺼운 일지를 썼다.")
    answer = asked_for(sentence, "일지")
    full = len(ask(sample, lexicon, sentence, answer).split())
    lengths = [
        len(ask(sample, lexicon, sentence, answer, changed(drop=(0.6, 0.6)), seed=seed).split()) for seed in range(50)
    ]
    assert 0.35 * full < np.mean(lengths) < 0.75 * full


@pytest.mark.parametrize("other", [0.0, 1.0])
def test_pairs_hold_their_answer(sample, other):
    corpus, tokenizer = sample
    maker = PairMaker(corpus, tokenizer, ClozeSettings(other_paragraph=other, shared=1))
    rng = random.Random(3)
    pairs = [maker.pair(rng, 60, 30) for _ in range(60)]
    for pair in pairs:
        assert pair.start <= pair.answer_start < pair.answer_stop <= pair.stop
        assert 6 <= len(pair.question) <= 30 and len(pair.question) + pair.stop - pair.start <= 60
        document = np.searchsorted(corpus.documents, pair.start, side="right")
        assert pair.stop <= corpus.documents[document]  # one article
        answer = corpus.ids[pair.answer_start : pair.answer_stop].tolist()
        assert not len(occurrences(np.array(pair.question), answer))
    assert all(pair.other_paragraph == bool(other) for pair in pairs)
    assert len({(pair.answer_start, tuple(pair.question)) for pair in pairs}) > 10


def test_a_passage_of_another_paragraph_lacks_the_sentence(sample, monkeypatch):
    corpus, tokenizer = sample
    maker = PairMaker(corpus, tokenizer, changed(other_paragraph=1))
    sources, draw = [], maker._draw
    monkeypatch.setattr(PairMaker, "_draw", lambda self, rng: sources.append(draw(rng)) or sources[-1])
    rng = random.Random(5)
    for _ in range(40):
        pair, source = maker.pair(rng, 90, 40), sources[-1]
        assert pair.other_paragraph
        paragraph = np.searchsorted(corpus.paragraphs, source.start, side="right")
        first, last = corpus.paragraphs[paragraph - 1], corpus.paragraphs[paragraph]
        assert first <= source.start < source.stop <= last
        assert pair.stop <= first or pair.start >= last


def test_pairs_depend_on_the_generator_alone(sample):
    first = PairMaker(*sample, ClozeSettings())
    second = PairMaker(*sample, ClozeSettings())
    for _ in range(20):
        second.pair(random.Random(9), 60, 30)  # fills the caches
    expected = [first.pair(random.Random(seed), 60, 30) for seed in range(10)]
    assert [second.pair(random.Random(seed), 60, 30) for seed in range(10)] == expected


def test_occurrences():
    ids = np.array([4, 4, 5, 4, 5, 5, 4])
    assert occurrences(ids, [4, 5]).tolist() == [1, 3]
    assert occurrences(ids, [4]).tolist() == [0, 1, 3, 6]
    assert occurrences(ids[:1], [4, 4]).tolist() == []

"""Finding passages: the right one first, whatever the particles."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.answering import retrieval
from core.answering.retrieval import Index, Passage
from core.data import catalogue

TEXTS = [
    Passage("서울", "한국의 수도는 서울이다.", "가"),
    Passage("부산", "부산은 항구 도시이다.", "나"),
    Passage("한라산", "한라산은 제주도에 있다.", "나"),
]


@pytest.mark.parametrize("cut", retrieval.CUTS)
def test_every_cut_finds_a_passage_by_a_rare_word(cut):
    hits = Index(TEXTS, retrieval.CUTS[cut]).search("한라산은 어디에 있는가?")
    assert hits[0].passage is TEXTS[2]
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True) and hits[-1].score > 0


def test_pairs_of_characters_see_through_particles():
    assert retrieval.character_pairs(["수도가, 물"]) == [["수도", "도가", "물"]]
    assert Index(TEXTS).search("항구를")[0].passage is TEXTS[1]
    assert Index(TEXTS, retrieval.words).search("항구를") == []


def test_typed_as_macos_does_it_finds_the_same():
    typed = unicodedata.normalize("NFD", "제주도")
    assert [h.passage for h in Index(TEXTS).search(typed)] == [TEXTS[2]]


@pytest.mark.parametrize("question", ["", "?!", "zzz", "\x00\u202e", "🙂"])
def test_nothing_in_common_finds_nothing(question):
    assert Index(TEXTS).search(question) == []


def test_no_passages_and_empty_ones():
    assert Index([]).search("서울") == []
    assert Index([Passage("", "...", "가")]).search("서울") == []


def test_each_passage_of_a_dataset_is_there_once():
    dataset = catalogue.load("mini-ko")
    found = retrieval.passages(dataset.examples, "mini-ko")
    assert len(found) == dataset.paragraphs == len({p.text for p in found})


def test_our_own_questions_find_their_passages():
    dataset = catalogue.load("mini-ko")
    index = Index(retrieval.passages(dataset.examples, "mini-ko"))
    with ThreadPoolExecutor(4) as pool:  # sessions search at the same time
        hits = list(pool.map(lambda e: index.search(e.question), dataset.examples))
    first = sum(h[0].passage.text == e.context for e, h in zip(dataset.examples, hits, strict=True))
    assert first / len(dataset.examples) > 0.9

"""Passages found and read: retrieval and reading weigh together, and nobody has to answer."""

from core.answering import search
from core.answering.retrieval import Hit, Passage
from core.answering.spans import Span
from core.data.passages import Upload


def hit(text, score):
    return Hit(Passage("", text, "here"), score)


def reader(**sure):
    """Answers with the first character, as sure as it is told for a passage; otherwise not at all."""
    return lambda question, text: [Span(0, 1, sure[text]), Span(1, 2, 0.01)] if text in sure else []


HITS = [hit("가나", 8.0), hit("다라", 6.0), hit("마바", 2.0)]


def test_the_score_is_probability_times_the_share_of_bm25():
    found = search.read("무엇?", HITS, [reader(가나=0.5, 다라=0.1), reader(가나=0.2, 다라=0.8, 마바=0.9)])

    assert [candidate.hit for candidate in found] == HITS
    assert [candidate.score for candidate in found] == [0.5, 0.75 * 0.8, 0.25 * 0.9]
    assert search.first(found) == 1
    assert found[1].answers == ([Span(0, 1, 0.1), Span(1, 2, 0.01)], [Span(0, 1, 0.8), Span(1, 2, 0.01)])
    assert found[2].answers[0] == []


def test_without_a_reader_the_order_is_that_of_retrieval():
    for readers in ([None, None], [reader(), None], []):
        found = search.read("무엇?", HITS, readers)
        assert search.first(found) == 0
        assert [candidate.score for candidate in found] == [1e-6, 0.75e-6, 0.25e-6]


def test_one_reader_is_enough_and_the_earliest_of_equals_is_first():
    found = search.read("무엇?", [hit("가", 1.0), hit("나", 1.0)], [None, reader(가=0.4, 나=0.4)])
    assert search.first(found) == 0
    assert [len(candidate.answers[0]) for candidate in found] == [0, 0]


def test_nothing_found_is_nothing_read():
    assert search.read("무엇?", [], [reader()]) == []


def test_a_collection_holds_datasets_and_files_and_no_text_twice():
    whole, problems = search.collect(["mini-ko"])
    assert problems == [] and len({passage.text for passage in whole}) == len(whole)
    upload = Upload("own.txt", (("own", "새 글"), ("own", whole[0].text)), "UTF-8", (), "0")
    both, problems = search.collect(["mini-ko", "no-such"], [upload])

    assert len(both) == len(whole) + 1
    assert both[-1] == Passage("own", "새 글", "own.txt")
    assert [str(error).partition(":")[0] for error in problems] == ["no-such"]
    assert search.collect([]) == ([], [])

"""Logits to answers, held against an enumeration of every span by hand."""

import math

import numpy as np
import pytest
import scipy.stats

from core.answering import spans
from core.answering.reader import Reading
from core.answering.spans import AnswerLengths, Span, best_spans, independent_argmax
from core.config import AnsweringConfig
from core.data.formats import Answer, Example
from core.data.windows import Window

# Forty words of three letters; each piece is a word, white space between them belongs to none.
WORDS = [f"{a}{b}{c}" for a in "가나다라" for b in "마바사아자" for c in "차카"]
CONTEXT = " ".join(WORDS)


def make_window(first=0, count=None, context_start=4, best=None, starts=None, ends=None):
    """A window over `count` words of CONTEXT from word `first` on."""
    count = len(WORDS) - first if count is None else count
    if starts is None:
        starts = np.arange(first, first + count, dtype=np.int32) * 4
        ends = starts + 3
    length = context_start + count + 1
    return Window(
        example=0,
        token_ids=np.arange(10, 10 + length, dtype=np.int32),
        segment_ids=np.zeros(length, np.int32),
        context_start=context_start,
        first_piece=first,
        starts=np.asarray(starts, np.int32),
        ends=np.asarray(ends, np.int32),
        is_max_context=np.ones(count, bool) if best is None else np.asarray(best),
        target=None,
    )


def random_logits(window, seed):
    return np.random.default_rng(seed).normal(0, 3, (2, len(window))).astype(np.float32)


def enumerate_spans(windows, logits, context, longest):
    """All valid spans, straight from the definition: (score, start, end), best first; the first of equals."""
    found = []
    for window, scores in zip(windows, logits, strict=True):
        count = len(window.starts)
        for first in range(count):
            for last in range(first, min(first + longest, count)):
                start, end = int(window.starts[first]), int(window.ends[last])
                if window.is_max_context[first] and start < end:
                    score = float(scores[0, window.context_start + first]) + float(
                        scores[1, window.context_start + last]
                    )
                    found.append((score, start, end))
    total = math.fsum(math.exp(score) for score, _, _ in found)
    best, texts = [], set()
    for score, start, end in sorted(found, key=lambda item: -item[0]):
        if context[start:end] not in texts:
            texts.add(context[start:end])
            best.append((start, end, math.exp(score) / total))
    return best


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("longest", [1, 2, 30, 1000])
def test_best_spans_are_those_of_an_enumeration(seed, longest):
    overlap = [make_window(0, 25, best=[True] * 20 + [False] * 5), make_window(15, best=[False] * 5 + [True] * 20)]
    logits = [random_logits(w, [seed, i]) for i, w in enumerate(overlap)]

    found = best_spans(overlap, logits, CONTEXT, n_best=25, limits=AnsweringConfig(max_pieces=longest))
    expected = enumerate_spans(overlap, logits, CONTEXT, longest)[:25]

    assert [(s.start, s.end) for s in found] == [(start, end) for start, end, _ in expected]
    assert [s.probability for s in found] == pytest.approx([p for _, _, p in expected], rel=1e-9)


def test_probabilities_of_all_spans_sum_to_one():
    window = make_window(0, 6)
    found = best_spans([window], [random_logits(window, 1)], CONTEXT, n_best=1000)

    assert len(found) == 6 * 7 // 2
    assert math.fsum(s.probability for s in found) == pytest.approx(1, abs=1e-12)
    assert [s.probability for s in found] == sorted((s.probability for s in found), reverse=True)


def test_huge_logits_do_not_overflow():
    window = make_window(0, 3)
    logits = np.full((2, len(window)), -1e4, np.float32)
    logits[:, 5] = 3e4

    assert best_spans([window], [logits], CONTEXT, n_best=1) == [Span(4, 7, 1.0)]


def test_temperature_divides_the_scores_and_keeps_the_order():
    window = make_window(0, 6)
    logits = random_logits(window, 2)
    starts, ends, values = spans.scores([window], [logits], CONTEXT)
    for temperature in (1.0, 2.5):
        *places, probabilities = spans.distribution([window], [logits], CONTEXT, temperature=temperature)
        weights = [math.exp(value / temperature) for value in values]
        assert [place.tolist() for place in places] == [starts.tolist(), ends.tolist()]
        assert probabilities == pytest.approx([weight / math.fsum(weights) for weight in weights], rel=1e-9)
    cold, warm = (best_spans([window], [logits], CONTEXT, 100, temperature=t) for t in (1.0, 2.5))
    assert [(s.start, s.end) for s in warm] == [(s.start, s.end) for s in cold]
    assert warm[0].probability < cold[0].probability
    assert cold == best_spans([window], [logits], CONTEXT, 100)


def test_the_same_text_at_two_places_is_listed_once_at_its_better_place():
    context = "서울 부산 서울"
    window = make_window(0, 3, starts=[0, 3, 6], ends=[2, 5, 8])
    logits = np.zeros((2, len(window)), np.float32)
    logits[:, 6] = 5  # the second 서울

    found = best_spans([window], [logits], context, n_best=100)
    texts = [context[s.start : s.end] for s in found]

    assert (found[0].start, found[0].end) == (6, 8)
    assert sorted(texts) == sorted(["서울", "부산", "서울 부산", "부산 서울", "서울 부산 서울"])


def test_no_answer_is_longer_than_allowed():
    window = make_window()
    logits = np.zeros((2, len(window)), np.float32)
    logits[0, 4], logits[1, -2] = 50, 50  # first word to last word: 40 pieces

    assert len(best_spans([window], [logits], CONTEXT)) == spans.N_BEST == 10
    lengths = [len(CONTEXT[s.start : s.end].split()) for s in best_spans([window], [logits], CONTEXT, n_best=10_000)]
    assert max(lengths) == spans.LIMITS.max_pieces == 30
    (best,) = best_spans([window], [logits], CONTEXT, n_best=1, limits=AnsweringConfig(max_pieces=40))
    assert CONTEXT[best.start : best.end] == CONTEXT


def test_an_end_before_its_start_is_no_answer():
    window = make_window(0, 4)
    logits = np.zeros((2, len(window)), np.float32)
    logits[0, 7], logits[1, 4] = 50, 50  # start at the last word, end at the first

    assert {(s.start, s.end) for s in best_spans([window], [logits], CONTEXT, n_best=2)} == {(0, 3), (12, 15)}


def test_question_special_and_padding_positions_never_answer():
    window = make_window(0, 3)
    logits = np.full((2, len(window)), 100, np.float32)
    logits[:, 4:7] = 0

    found = best_spans([window], [logits], CONTEXT, n_best=100)
    assert {(s.start, s.end) for s in found} == {(0, 3), (0, 7), (0, 11), (4, 7), (4, 11), (8, 11)}


def test_a_start_counts_only_in_the_window_that_shows_it_with_most_context():
    left = make_window(0, 10, best=[True] * 8 + [False] * 2)
    right = make_window(6, 10, best=[False] * 2 + [True] * 8)
    logits = [np.zeros((2, len(w)), np.float32) for w in (left, right)]
    logits[1][:, 4] = 50  # word 6 in the right window, which shows it at its very edge
    logits[0][:, 4 + 3] = 5

    (best,) = best_spans([left, right], logits, CONTEXT, n_best=1)
    assert (best.start, best.end) == (12, 15)


def test_an_end_may_lie_where_another_window_has_more_context():
    left = make_window(0, 10, best=[True] * 8 + [False] * 2)
    logits = np.zeros((2, len(left)), np.float32)
    logits[0, 4 + 7] = logits[1, 4 + 9] = 20

    (best,) = best_spans([left], [logits], CONTEXT, n_best=1)
    assert CONTEXT[best.start : best.end].split() == WORDS[7:10]


def test_empty_pieces_give_no_empty_answers():
    """A word mark, or a character that became two pieces, has start == end."""
    window = make_window(0, 3, starts=[0, 0, 3], ends=[0, 2, 5])
    logits = np.zeros((2, len(window)), np.float32)
    logits[:, 4] = 50

    found = best_spans([window], [logits], "가나 다라", n_best=100)
    assert all(s.start < s.end for s in found)
    assert (found[0].start, found[0].end) == (0, 2)


def test_a_context_of_no_pieces_has_no_answer():
    window = make_window(0, 0)

    assert best_spans([window], [np.zeros((2, 5))], " ") == []
    assert best_spans([], [], "") == []
    assert independent_argmax(window, np.zeros((2, 5))) == (0, 0)


def test_windows_and_logits_must_be_as_many():
    with pytest.raises(ValueError):
        best_spans([make_window()], [], CONTEXT)


def test_independent_argmax_chooses_start_and_end_apart():
    window = make_window()
    logits = np.zeros((2, len(window)), np.float32)
    logits[0, 4 + 2] = logits[1, 4 + 38] = 1

    assert independent_argmax(window, logits) == (8, 38 * 4 + 3)  # 37 words: no length limit
    assert independent_argmax(window, logits[::-1]) == (38 * 4, 38 * 4)  # the end before the start: no answer


def test_independent_argmax_takes_the_first_of_equals_and_sees_the_context_alone():
    window = make_window(0, 3)
    logits = np.full((2, len(window)), 9, np.float32)
    logits[:, 4:7] = [[1, 2, 2], [0, 3, 3]]

    assert independent_argmax(window, logits) == (4, 7)


def test_independent_argmax_may_give_a_single_piece_but_never_a_negative_length():
    empty = make_window(0, 2, starts=[1, 1], ends=[1, 2])
    logits = np.zeros((2, len(empty)), np.float32)
    logits[:, 4] = 1

    assert independent_argmax(empty, logits) == (1, 1)


# Whole words


def words_window(context, pieces):
    """A window whose pieces are the given stretches of a context, in their order."""
    starts, at = [], 0
    for piece in pieces:
        at = context.index(piece, at)
        starts.append(at)
        at += len(piece)
    return make_window(0, len(pieces), starts=starts, ends=[s + len(p) for s, p in zip(starts, pieces, strict=True)])


def test_spans_within_the_same_words_count_together():
    context = "대통령은 왔다"
    window = words_window(context, ["대통", "령", "은", "왔다"])
    logits = np.zeros((2, len(window)), np.float32)
    logits[0, 4:8] = np.log([2, 3, 1, 4])
    logits[1, 4:8] = np.log([5, 7, 1, 2])

    found = {(s.start, s.end): s.probability for s in best_spans([window], [logits], context, n_best=100)}
    weights = {
        (0, 3): 2 * 5 + 2 * 7 + 3 * 7,  # 대통령, without its particle: 대통, 대통령, 령
        (0, 4): 2 * 1 + 3 * 1 + 1 * 1,  # 대통령은, 령은, 은
        (0, 7): 2 * 2 + 3 * 2 + 1 * 2,
        (5, 7): 4 * 2,
    }
    assert found == {place: pytest.approx(weight / sum(weights.values())) for place, weight in weights.items()}


def test_where_no_word_ends_near_a_span_stays_as_it_is():
    context = "강" * 40
    window = words_window(context, ["강" * 5] * 8)
    logits = np.zeros((2, len(window)), np.float32)
    logits[0, 4 + 4] = logits[1, 4 + 4] = 50

    (best,) = best_spans([window], [logits], context, n_best=1)
    assert (best.start, best.end) == (20, 25)
    logits[:] = 0
    logits[0, 4 + 1] = logits[1, 4 + 5] = 50
    (best,) = best_spans([window], [logits], context, n_best=1)
    assert (best.start, best.end) == (0, 40)


def test_no_answer_begins_or_ends_with_white_space():
    context = "가  나"
    window = make_window(0, 3, starts=[0, 1, 3], ends=[1, 3, 4])
    logits = np.zeros((2, len(window)), np.float32)
    logits[:, 5] = 50

    found = best_spans([window], [logits], context, n_best=100)
    assert {(s.start, s.end) for s in found} == {(0, 1), (0, 4), (3, 4)}


def test_the_likelier_length_wins_between_equals():
    context = "가 나다라 마바사아자차카타"
    window = words_window(context, context.split())
    logits = np.full((2, len(window)), -1e4, np.float32)
    logits[:, 4:7] = 0
    lengths = AnswerLengths(math.log(3), 0.5)
    found = {(s.start, s.end): s.probability for s in best_spans([window], [logits], context, lengths=lengths)}
    density = {
        (start, end): scipy.stats.lognorm.pdf(end - start, 0.5, scale=3)
        for start, end in ((0, 1), (0, 5), (0, 14), (2, 5), (2, 14), (6, 14))
    }
    assert max(found, key=found.get) == (2, 5)
    assert found == {place: pytest.approx(p / sum(density.values()), rel=1e-5) for place, p in density.items()}


def test_lengths_are_fitted_to_the_gold_answers():
    answers = ["가", "가나", "가나다라"]
    examples = [Example("", "", text, (Answer(text, 0),), "", 0, 0) for text in answers]
    found = AnswerLengths.of(examples)
    shape, _, scale = scipy.stats.lognorm.fit([1, 2, 4], floc=0)
    assert (found.log_mean, found.log_sd) == (pytest.approx(math.log(scale)), pytest.approx(shape))
    assert AnswerLengths.of(examples[:1]).log_sd > 0


def test_the_places_of_a_text_add_up():
    """서울 stands at 0 and at 8; "서울 부산" begins like it, and 부산 is as long."""
    context = "서울 부산 및 서울"
    starts, ends = np.array([0, 0, 3, 8]), np.array([2, 5, 5, 10])
    probabilities = np.array([0.4, 0.3, 0.2, 0.1])
    assert spans.text_probability("서울", context, starts, ends, probabilities) == pytest.approx(0.5)
    assert spans.text_probability("부산", context, starts, ends, probabilities) == pytest.approx(0.2)
    assert spans.text_probability("인천", context, starts, ends, probabilities) == 0


def test_a_reading_knows_its_texts_probability():
    context = "서울 부산 서울"
    starts = np.array([0, 3, 6], np.int32)
    window = make_window(count=3, starts=starts, ends=starts + 2)
    logits = np.full((2, len(window)), -20, np.float32)
    logits[:, 4:7] = 2, 1, 2  # the two places of one text
    best = best_spans([window], [logits], context)
    reading = Reading(best, context, [window], [logits])
    places = spans.distribution([window], [logits], context)
    by_hand = sum(p for s, e, p in zip(*places, strict=True) if context[s:e] == "서울")
    assert reading.text_probability == pytest.approx(by_hand) and by_hand > best[0].probability
    assert Reading([], "", [], []).text_probability == 0

"""Windows: their layout, where they lie, what they hold; and a gold answer found again behind them."""

import numpy as np
import pytest

from core.answering import spans
from core.config import FeatureConfig
from core.data import catalogue, windows
from core.data.formats import Answer, Example
from core.data.tokenizer import CLS, PAD, SEP, Tokenizer
from core.data.windows import Window

TOKENIZER = Tokenizer.load()
CONTEXT = (
    "훈민정음은 1443년에 세종이 만든 글자이다. 1446년에는 해례본이 나왔으며, 집현전 학자들이 풀이를 썼다. "
    "뒤에 한글이라는 이름을 얻었고 오늘날 한국어를 적는 데 쓰인다."
)
QUESTION = "훈민정음을 만든 사람은 누구인가?"


def make_example(answer="세종", question=QUESTION, context=CONTEXT):
    answers = (Answer(answer, context.index(answer)),) if answer is not None else ()
    return Example("q", question, context, answers, "훈민정음", 0, 0)


def cut(example, longest=384, **settings):
    return windows.windows([example], TOKENIZER, FeatureConfig(**settings), longest)


def text_of(window, first, last, context=CONTEXT):
    """The context's text from one piece of the window to another, both inclusive, by index in `token_ids`."""
    return context[window.starts[first - window.context_start] : window.ends[last - window.context_start]]


# Layout


def test_a_window_is_cls_question_sep_context_sep():
    (window,) = cut(make_example())
    question, context = TOKENIZER.encode(QUESTION), TOKENIZER.encode(CONTEXT)

    assert window.token_ids.tolist() == [CLS, *question.ids, SEP, *context.ids, SEP]
    assert window.segment_ids.tolist() == [0] * (len(question) + 2) + [1] * (len(context) + 1)
    assert window.token_ids.dtype == window.segment_ids.dtype == np.int32
    assert (window.context_start, window.first_piece, window.example) == (len(question) + 2, 0, 0)
    assert window.starts.tolist() == context.starts.tolist() and window.ends.tolist() == context.ends.tolist()
    assert window.is_max_context.all()
    assert text_of(window, *window.target) == "세종"


def test_a_long_question_is_cut():
    (window,) = cut(make_example(question=QUESTION * 20), max_query_length=5)

    assert window.token_ids.tolist()[:7] == [CLS, *TOKENIZER.encode(QUESTION * 20).ids[:5], SEP]
    assert window.context_start == 7
    assert text_of(window, *window.target) == "세종"


def test_a_question_without_answers_has_no_target():
    assert [w.target for w in cut(make_example(answer=None))] == [None]


@pytest.mark.parametrize("context", [" \n", "\u200b"])
def test_a_context_of_nothing_seen_still_has_one_window(context):
    (window,) = cut(make_example(None, context=context))

    assert window.token_ids.tolist()[-2:] == [SEP, SEP]
    assert len(window.starts) == len(window.is_max_context) == 0


def test_the_answer_is_the_first_gold_one():
    example = Example("q", QUESTION, CONTEXT, (Answer("1443년", 6), Answer("세종", CONTEXT.index("세종"))), "", 0, 0)
    (window,) = cut(example)

    assert text_of(window, *window.target) == "1443년"


def test_an_answer_that_ends_inside_a_piece_gets_the_whole_piece():
    text = "ABCDE는 글자다"
    pieces = TOKENIZER.encode(text)
    first_end = int(pieces.ends[pieces.ends > 0][0])
    inside = Answer(text[: first_end + 1], 0) if first_end == 1 else Answer(text[: first_end - 1], 0)
    first, last = windows.gold_pieces(pieces, inside)

    assert pieces.starts[first] == 0
    assert pieces.ends[last - 1] < inside.end <= pieces.ends[last]


def test_an_answer_that_no_piece_shows_has_no_pieces():
    assert windows.gold_pieces(TOKENIZER.encode("가 \u200b 나"), Answer("\u200b", 2)) is None


def test_exact_match_segments_mark_the_context_pieces_that_the_question_has():
    (plain,), (marked,) = cut(make_example()), cut(make_example(), exact_match_segments=True)
    question = set(TOKENIZER.encode(QUESTION).ids.tolist())
    expected = plain.segment_ids.copy()
    for position in range(plain.context_start, len(plain) - 1):
        expected[position] = int(plain.token_ids[position]) not in question

    assert marked.segment_ids.tolist() == expected.tolist()
    assert 0 in expected[plain.context_start : -1]  # 훈민정음
    assert marked.segment_ids[-1] == 1
    assert marked.token_ids.tolist() == plain.token_ids.tolist()


def test_exact_match_looks_at_the_question_as_it_was_cut():
    (marked,) = cut(make_example(question="누구 세종"), exact_match_segments=True, max_query_length=2)
    kept = TOKENIZER.encode("누구 세종").ids[:2]
    context = marked.token_ids[marked.context_start : -1]

    assert (marked.segment_ids[marked.context_start : -1] == ~np.isin(context, kept)).all()


# Sliding windows


def doc_spans(length, room, stride):
    """Transcribed from google-research/bert's run_squad.py: (start, length) of each window."""
    found, start = [], 0
    while start < length:
        size = min(length - start, room)
        found.append((start, size))
        if start + size == length:
            break
        start += min(size, stride)
    return found


def is_max_context(all_spans, current, position):
    """Transcribed from google-research/bert's run_squad.py, `_check_is_max_context`."""
    best_score, best_index = None, None
    for index, (start, length) in enumerate(all_spans):
        end = start + length - 1
        if position < start or position > end:
            continue
        score = min(position - start, end - position) + 0.01 * length
        if best_score is None or score > best_score:
            best_score, best_index = score, index
    return current == best_index


@pytest.mark.parametrize(
    ("longest", "stride", "query"),
    [
        (24, 4, 8),
        (24, 5, 8),
        (24, 12, 8),
        (24, 13, 8),
        (24, 500, 8),
        (13, 1, 8),
        (12, 3, 8),
        (64, 16, 8),
        (384, 128, 64),
    ],
)
def test_windows_lie_where_the_reference_puts_them(longest, stride, query):
    made = cut(make_example(), longest, doc_stride=stride, max_query_length=query)
    whole = TOKENIZER.encode(CONTEXT)
    room = longest - min(len(TOKENIZER.encode(QUESTION)), query) - 3
    # A stride wider than a window would skip pieces: ours is at most the window.
    expected = doc_spans(len(whole), room, min(stride, room))

    assert [(w.first_piece, len(w.starts)) for w in made] == expected
    for number, window in enumerate(made):
        first, count = expected[number]
        assert len(window) <= longest
        assert window.token_ids[window.context_start : -1].tolist() == whole.ids[first : first + count].tolist()
        assert window.is_max_context.tolist() == [is_max_context(expected, number, first + i) for i in range(count)]


def test_each_piece_has_its_most_context_in_exactly_one_window():
    made = cut(make_example(), 30, doc_stride=5, max_query_length=10)
    assert len(made) > 3
    counted = np.zeros(len(TOKENIZER.encode(CONTEXT)), int)
    for window in made:
        counted[window.first_piece : window.first_piece + len(window.starts)] += window.is_max_context

    assert (counted == 1).all()


def test_a_target_is_there_exactly_where_the_whole_answer_is():
    answer = "1446년에는 해례본이 나왔으며"
    made = cut(make_example(answer), 30, doc_stride=4, max_query_length=10)
    first, last = windows.gold_pieces(TOKENIZER.encode(CONTEXT), make_example(answer).answers[0])
    holds = [w.first_piece <= first and last < w.first_piece + len(w.starts) for w in made]

    assert [w.target is not None for w in made] == holds
    assert 0 < sum(holds) < len(made)
    assert {text_of(w, *w.target) for w in made if w.target} == {answer}


def test_without_sliding_windows_a_long_context_is_cut():
    (window,) = cut(make_example("한글"), 30, sliding_windows=False, max_query_length=10)

    assert len(window) == 30
    assert window.target is None
    assert window.is_max_context.all()


def test_windows_of_several_examples_are_in_order():
    examples = [make_example(), make_example(None, context="짧다."), make_example("한글")]
    made = windows.windows(examples, TOKENIZER, FeatureConfig(doc_stride=10, max_query_length=10), 40)

    assert [w.example for w in made] == sorted(w.example for w in made)
    assert {w.example for w in made} == {0, 1, 2}


def test_no_room_for_a_context_is_an_error():
    with pytest.raises(ValueError, match="no room"):
        cut(make_example(), 10, max_query_length=8)


# Batches


def make_window(length, context_start=2, target=None, example=0):
    ids = np.arange(10, 10 + length, dtype=np.int32)
    count = length - context_start - 1
    offsets = np.arange(count, dtype=np.int32)
    segments = np.r_[np.zeros(context_start, np.int32), np.ones(length - context_start, np.int32)]
    return Window(example, ids, segments, context_start, 0, offsets, offsets + 1, np.ones(count, bool), target)


def test_a_batch_is_padded_to_a_multiple_of_sixteen_and_masks_all_but_the_context():
    (batch,) = windows.batches([make_window(20, 5, (6, 8)), make_window(17, 3), make_window(50)], 3, [[0, 1]])
    ids, segments, mask = (batch.inputs[name] for name in ("token_ids", "segment_ids", "context_mask"))

    assert ids.shape == segments.shape == mask.shape == (2, 32)
    assert (ids.dtype, segments.dtype, mask.dtype) == (np.int32, np.int32, bool)
    assert ids[0].tolist() == [*range(10, 30), *[PAD] * 12]
    assert segments[0].tolist() == [0] * 5 + [1] * 15 + [0] * 12
    assert np.flatnonzero(mask[0]).tolist() == list(range(5, 19))  # without the last [SEP]
    assert np.flatnonzero(mask[1]).tolist() == list(range(3, 16))
    assert batch.targets.tolist() == [[6, 8], [0, 0]]
    assert batch.tokens == 37
    assert batch.windows.tolist() == [0, 1]


def test_padding_never_exceeds_the_longest_window():
    """A window of 380 pieces would be padded past 384 positions, which the network does not have."""
    batches = list(windows.batches([make_window(380), make_window(10)], 1))

    assert [b.inputs["token_ids"].shape for b in batches] == [(1, 380), (1, 16)]


def test_without_an_order_the_longest_come_first_and_none_is_lost():
    lengths = [5, 40, 12, 40, 7, 33, 21]
    made = [make_window(n) for n in lengths]
    batches = list(windows.batches(made, 3))

    assert [b.windows.tolist() for b in batches] == [[1, 3, 5], [6, 2, 4], [0]]
    assert sum(b.tokens for b in batches) == sum(lengths)
    assert list(windows.batches([], 3)) == []


def test_an_epochs_order_holds_every_window_once_and_depends_on_the_generator_alone():
    lengths = np.random.default_rng(0).integers(20, 385, 333)
    orders = [windows.training_order(lengths, 8, np.random.default_rng([5, epoch])) for epoch in (0, 0, 1)]

    assert [b.tolist() for b in orders[0]] == [b.tolist() for b in orders[1]]
    assert [b.tolist() for b in orders[0]] != [b.tolist() for b in orders[2]]
    for order in orders:
        assert sorted(np.concatenate(order).tolist()) == list(range(333))
        assert sorted(map(len, order)) == [5] + [8] * 41


def test_an_epochs_batches_are_of_similar_length_yet_shuffled():
    lengths = np.random.default_rng(1).integers(20, 385, 1600)
    order = windows.training_order(lengths, 32, np.random.default_rng(2))
    padded = sum(lengths[batch].max() * len(batch) for batch in order)

    assert padded < 1.03 * lengths.sum()
    means = [lengths[batch].mean() for batch in order]
    assert abs(np.corrcoef(range(len(means)), means)[0, 1]) < 0.3


# Gold answers there and back


def perfect(window):
    """Logits of a network that is sure of the gold answer where it sees it, and of nothing elsewhere."""
    logits = np.full((2, len(window)), -50.0, np.float32)
    if window.target:
        logits[[0, 1], window.target] = 50
    return logits


@pytest.mark.parametrize("name", ["mini-ko", "korquad-dev"])
def test_gold_answers_come_back_through_windows_and_spans(name, request, capsys):
    dataset = catalogue.load("mini-ko") if name == "mini-ko" else request.getfixturevalue("korquad_dev")
    made = windows.windows(dataset.examples, TOKENIZER, FeatureConfig())
    by_example = [[] for _ in dataset.examples]
    for window in made:
        by_example[window.example].append(window)
    aligned = exact = too_long = unseen = 0
    for example, mine in zip(dataset.examples, by_example, strict=True):
        gold = example.answers[0]
        pieces = TOKENIZER.encode(example.context)
        first, last = windows.gold_pieces(pieces, gold)
        if last - first >= spans.LIMITS.max_pieces:
            too_long += 1
            continue
        if not any(w.target for w in mine):
            unseen += 1
            continue
        (found,) = spans.best_spans(mine, [perfect(w) for w in mine], example.context, n_best=1)
        starts, ends = spans.whole_words(example.context, pieces.starts[first, None], pieces.ends[last, None])
        least = (starts[0], ends[0])
        fits = least == (gold.start, gold.end)
        aligned += fits
        exact += (found.start, found.end) == (gold.start, gold.end)
        # Where boundaries do not allow the gold answer, what comes back is the least that holds it.
        assert (found.start, found.end) == least, example.id
        assert fits == ((found.start, found.end) == (gold.start, gold.end)), example.id
    questions = len(dataset.examples)
    with capsys.disabled():
        print(
            f"\n{name}: {exact} of {questions} gold answers come back exactly ({exact / questions:.1%}); "
            f"{too_long} are longer than {spans.LIMITS.max_pieces} pieces, {unseen} in no window"
        )
    assert aligned == exact
    assert exact > 0.95 * questions
    assert unseen == 0
    assert too_long < 0.005 * questions

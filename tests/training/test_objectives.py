"""Batches of the three objectives."""

import numpy as np
import pytest

from core.data.corpus import pieces
from core.data.tokenizer import CLS, MASK, PAD, SEP, UNK
from core.training.objectives import BatchMaker, ObjectiveSettings, _match_segments, hide_words
from tests.training import sample_corpus


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    return sample_corpus.load(tmp_path_factory.mktemp("corpus"))


def settings(mix, **changes):
    chosen = {"span_lengths": ((0, 64), (5, 96)), "exact_match_segments": ((0, 0.0),)}
    chosen |= {"text_length": 48, "batch_pieces": 512, **changes}
    return ObjectiveSettings(mix=dict.fromkeys(mix.split(), 1.0), **chosen)


def take(sample, chosen, seed=1, start=0, count=4):
    maker = BatchMaker(*sample, chosen)
    return [maker.batch(seed, step) for step in range(start, start + count)]


def same(left, right):
    return left.keys() == right.keys() and all(np.array_equal(left[name], right[name]) for name in left)


def test_resuming_gives_the_batches_that_were_to_come(sample):
    chosen = settings("span order+mlm span+mlm mlm order")
    whole = take(sample, chosen, count=12)
    resumed = take(sample, chosen, start=7, count=5)
    assert all(map(same, whole[7:], resumed))
    assert not any(map(same, whole, whole[1:]))
    assert not all(map(same, whole, take(sample, chosen, seed=2, count=12)))


def test_span_batches(sample):
    corpus, _ = sample
    text = corpus.ids.tolist()
    for batch in take(sample, settings("span")):
        ids, mask = batch["token_ids"], batch["context_mask"]
        assert ids.shape == (8, 64) and ids.dtype == batch["positions"].dtype == np.int32
        for row in range(8):
            passage = np.flatnonzero(mask[row])
            first, last = passage[0], passage[-1]
            start, end = batch["positions"][row]
            assert first <= start <= end <= last
            assert ids[row, 0] == CLS and ids[row, first - 1] == ids[row, last + 1] == SEP
            assert (ids[row, last + 2 :] == PAD).all()
            assert (mask[row, first : last + 1]).all()
            part = ids[row, first : last + 1].tolist()
            assert any(text[i : i + len(part)] == part for i in range(len(text)))
            assert batch["segment_ids"][row].tolist() == [0] * first + [1] * (last + 2 - first) + [0] * (62 - last)


def test_the_curriculum_lengthens_span_batches(sample):
    found = take(sample, settings("span"), start=3, count=4)
    assert [batch["token_ids"].shape for batch in found] == [(8, 64), (8, 64), (5, 96), (5, 96)]


def test_order_swaps_half_and_says_so(sample):
    corpus, _ = sample
    text = corpus.ids.tolist()
    labels = []
    for batch in take(sample, settings("order"), count=30):
        for ids, label in zip(batch["token_ids"].tolist(), batch["order_labels"], strict=True):
            cut = ids.index(SEP)
            first, second = ids[1:cut], ids[cut + 1 : ids.index(SEP, cut + 1)]
            joined = second + first if label else first + second
            assert any(text[i : i + len(joined)] == joined for i in range(len(text)))
            labels.append(label)
    assert 0.4 < np.mean(labels) < 0.6


def test_order_cuts_where_a_sentence_starts(sample):
    corpus, _ = sample
    text, starts = corpus.ids.tolist(), set(corpus.sentences.tolist())
    for batch in take(sample, settings("order")):
        for ids, label in zip(batch["token_ids"].tolist(), batch["order_labels"], strict=True):
            cut = ids.index(SEP)
            parts = ids[1:cut], ids[cut + 1 : ids.index(SEP, cut + 1)]
            second = parts[0] if label else parts[1]
            assert any(text[i : i + len(second)] == second and i in starts for i in range(len(text)))


@pytest.mark.parametrize("mix", ["mlm", "order+mlm", "span+mlm"])
def test_hidden_pieces_can_be_restored(sample, mix):
    corpus, _ = sample
    for batch in take(sample, settings(mix)):
        ids = batch["token_ids"].copy()
        rows, columns = np.nonzero(batch["masked_weights"])
        positions = batch["masked_positions"][rows, columns]
        ids[rows, positions] = batch["masked_ids"][rows, columns]
        text = batch["context_mask"] if "context_mask" in batch else ids > MASK
        assert set(ids[text].tolist()) <= set(corpus.ids.tolist())
        assert (batch["masked_ids"][rows, columns] > MASK).all()
        assert (batch["masked_positions"][batch["masked_weights"] == 0] == 0).all()
        assert batch["masked_positions"].shape[1] == round(0.15 * ids.shape[1])
        if mix == "span+mlm":
            assert batch["context_mask"][rows, positions].all()
            start, end = batch["positions"][rows].T
            assert not ((start <= positions) & (positions <= end)).any()


def test_whole_words_are_hidden(sample):
    corpus, tokenizer = sample
    starts_word = np.array([name.startswith("▁") for name in pieces(tokenizer)])
    original = corpus.ids[None, :200].astype(np.int32)
    hidden = hide_words(
        original.copy(), np.ones_like(original, bool), starts_word, 0.15, 32_007, np.random.default_rng(0)
    )
    chosen = hidden["masked_positions"][0, hidden["masked_weights"][0] > 0]
    assert chosen.tolist() == sorted(set(chosen.tolist()))
    assert len(chosen) == 30  # 15 % of 200: words of one piece fill what longer ones leave
    word = np.cumsum(starts_word[original[0]])
    assert set(np.flatnonzero(np.isin(word, word[chosen]))) == set(chosen)


def test_eight_of_ten_are_masked_and_one_is_any_piece(sample):
    corpus, _ = sample
    original = np.tile(corpus.ids[None, :200].astype(np.int32), (300, 1))
    token_ids = original.copy()
    starts_word = np.ones(32_007, bool)
    hidden = hide_words(token_ids, np.ones_like(original, bool), starts_word, 0.15, 32_007, np.random.default_rng(0))
    assert (hidden["masked_weights"] == 1).all() and hidden["masked_ids"].shape == (300, 30)
    shown = np.take_along_axis(token_ids, hidden["masked_positions"], axis=1)
    # 9,000 draws: four standard errors are below 0.017.
    assert abs((shown == MASK).mean() - 0.8) < 0.017
    assert abs((shown == hidden["masked_ids"]).mean() - 0.1) < 0.013
    assert (shown >= MASK).all()
    untouched = np.ones_like(original, bool)
    np.put_along_axis(untouched, hidden["masked_positions"], False, axis=1)
    assert (token_ids == original)[untouched].all()


def test_nothing_to_hide_is_no_error():
    hidden = hide_words(
        np.zeros((1, 8), np.int32), np.zeros((1, 8), bool), np.ones(10, bool), 0.15, 10, np.random.default_rng(0)
    )
    assert hidden["masked_weights"].tolist() == [[0]]


def test_exact_match_segments(sample):
    for batch in take(sample, settings("span order", exact_match_segments=((0, 1.0),)), count=6):
        for ids, segments in zip(batch["token_ids"].tolist(), batch["segment_ids"].tolist(), strict=True):
            cut = ids.index(SEP)
            stop = ids.index(SEP, cut + 1)
            question = {i for i in ids[1:cut] if i > MASK}
            expected = [0] * (cut + 1) + [int(i not in question) for i in ids[cut + 1 : stop]]
            assert segments == expected + [1] + [0] * (len(ids) - stop - 1)


def test_an_unknown_piece_matches_as_in_fine_tuning():
    token_ids = np.array([[CLS, 9, UNK, SEP, 8, UNK, 9, SEP, PAD, PAD]])
    segment_ids = np.array([[0, 0, 0, 0, 1, 1, 1, 1, 0, 0]])
    _match_segments(token_ids, segment_ids, np.array([True]))
    assert segment_ids.tolist() == [[0, 0, 0, 0, 1, 0, 0, 1, 0, 0]]


def plain_segments(batch):
    """0 up to the first [SEP], 1 up to the second."""
    cuts = np.cumsum(batch["token_ids"] == SEP, axis=1)
    return ((cuts == 1) & (batch["token_ids"] != SEP)) | ((cuts == 2) & (batch["token_ids"] == SEP))


def test_exact_match_segments_in_a_share_of_the_rows(sample):
    matched = [0, 0]
    chosen = settings("order", exact_match_segments=((0, 0.0), (10, 0.5)))
    assert all((batch["segment_ids"] == plain_segments(batch)).all() for batch in take(sample, chosen, count=10))
    for batch in take(sample, chosen, start=10, count=40):
        for ids, segments in zip(batch["token_ids"].tolist(), batch["segment_ids"].tolist(), strict=True):
            cut = ids.index(SEP)
            stop = ids.index(SEP, cut + 1)
            if {i for i in ids[1:cut] if i > MASK} & set(ids[cut + 1 : stop]):
                matched[0 in segments[cut + 1 : stop]] += 1
    assert sum(matched) > 100
    assert abs(matched[1] / sum(matched) - 0.5) < 0.15


def test_the_mix_is_kept(sample):
    maker = BatchMaker(*sample, ObjectiveSettings(mix={"span": 3.0, "mlm": 1.0, "order": 0.0}))
    names = [maker.objective(1, step) for step in range(2000)]
    assert "order" not in names
    assert abs(names.count("span") / 2000 - 0.75) < 0.04


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mix": {"nsp": 1.0}}, "mix"),
        ({"mix": {"span": 0.0}}, "mix"),
        ({"span_lengths": ((10, 64),)}, "step 0"),
        ({"span_lengths": ((0, 96), (0, 64))}, "ascend"),
        ({"span_lengths": ((0, 50),)}, "passage"),
        ({"exact_match_segments": ((5, 0.5),)}, "exact_match_segments"),
        ({"mask_share": 0.0}, "mask_share"),
        ({"text_length": 8}, "text_length"),
    ],
)
def test_settings_that_cannot_be_used(changes, message):
    with pytest.raises(ValueError, match=message):
        ObjectiveSettings(**changes)

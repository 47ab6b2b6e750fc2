"""The network: its size, what padding and masks do, when dropout acts, and that it learns."""

import keras
import numpy as np
import pytest

from core import config
from core.answering.reader import Reader
from core.config import ModelConfig
from core.data import catalogue, windows
from core.data.formats import Dataset
from core.data.tokenizer import Tokenizer
from core.modeling import bert
from core.modeling.bert import BertForQuestionAnswering, span_loss
from core.modeling.tensors import parameter_count
from core.scoring import metrics
from core.scoring.scores import RunScores
from core.training.optimization import make_optimizer
from tests import tiny_run

TINY = ModelConfig(
    vocab_size=100, hidden_dim=16, num_layers=2, num_heads=4, intermediate_dim=32, max_sequence_length=48
)


def make_model(settings=TINY, seed=0):
    keras.utils.set_random_seed(seed)
    return BertForQuestionAnswering(settings)


def make_inputs(rows=3, length=20, padding=0, seed=0):
    """Random pieces: 4 of a question, the rest context, a last special piece, then padding."""
    rng = np.random.default_rng(seed)
    ids = rng.integers(7, 100, (rows, length)).astype(np.int32)
    segments = np.zeros((rows, length), np.int32)
    segments[:, 4:] = 1
    mask = np.zeros((rows, length), bool)
    mask[:, 4:-1] = True
    pad = [(0, 0), (0, padding)]
    return {
        "token_ids": np.pad(ids, pad),
        "segment_ids": np.pad(segments, pad),
        "context_mask": np.pad(mask, pad),
    }


def logits_of(model, inputs, **more):
    return keras.ops.convert_to_numpy(model(inputs, **more))


# Size


@pytest.mark.parametrize(
    ("variant", "parameters"),
    [("base", 10_662_914), ("pretrained-1", 10_662_914), ("pretrained-2", 13_032_194), ("pretrained-3", 13_032_194)],
)
def test_parameters_are_the_originals_to_the_unit(variant, parameters):
    shape = config.variant(variant).model
    model = BertForQuestionAnswering(shape)

    assert sum(int(np.prod(v.shape)) for v in model.trainable_variables) == parameters
    assert model.count_params() == parameters
    assert parameter_count(shape) == parameters


@pytest.mark.parametrize("shape", [TINY, ModelConfig(hidden_dim=24, num_heads=3, num_layers=1, intermediate_dim=7)])
def test_parameters_are_counted_without_building(shape):
    assert parameter_count(shape) == BertForQuestionAnswering(shape).count_params()


def test_fresh_weights_are_those_of_bert():
    model = make_model(ModelConfig(vocab_size=5000, num_layers=1))
    values = {v.path.split("/", 1)[1]: keras.ops.convert_to_numpy(v) for v in model.trainable_variables}

    for name, value in values.items():
        if name.endswith(("bias", "beta")):
            assert (value == 0).all(), name
        elif name.endswith("gamma"):
            assert (value == 1).all(), name
        else:
            assert abs(value).max() <= 0.04 + 1e-6, name  # cut at two standard deviations
            # Keras draws from N(0, 0.02) and cuts, so that the deviation is 0.02 * 0.8796.
            assert value.std() == pytest.approx(0.02 * 0.8796, rel=0.1), name


# Shapes and masks


def test_logits_are_start_and_end_for_every_piece():
    assert logits_of(make_model(), make_inputs(rows=3, length=20)).shape == (3, 2, 20)


def test_logits_outside_the_context_are_masked():
    inputs = make_inputs(padding=5)
    logits = logits_of(make_model(), inputs)
    outside = np.broadcast_to(~inputs["context_mask"][:, None, :], logits.shape)

    assert (logits[outside] == bert.MASKED_LOGIT).all()
    assert (abs(logits[~outside]) < 10).all()
    # The softmax gives them nothing at all.
    assert (np.exp(logits - logits.max(-1, keepdims=True))[outside] == 0).all()


@pytest.mark.parametrize("padding", [1, 12, 28])
def test_padding_changes_no_logit(padding):
    model = make_model()
    short = logits_of(model, make_inputs())
    padded = logits_of(model, make_inputs(padding=padding))

    np.testing.assert_allclose(padded[:, :, :20], short, rtol=0, atol=1e-6)


def test_a_window_has_the_same_logits_alone_and_beside_a_longer_one():
    model = make_model()
    long, short = make_inputs(rows=1, length=40, seed=1), make_inputs(rows=1, length=20, padding=20, seed=2)
    both = {name: np.concatenate([long[name], short[name]]) for name in long}

    together = logits_of(model, both)
    np.testing.assert_allclose(together[:1], logits_of(model, long), rtol=0, atol=1e-6)
    alone = logits_of(model, make_inputs(rows=1, length=20, seed=2))
    np.testing.assert_allclose(together[1:, :, :20], alone, rtol=0, atol=1e-6)


def test_every_real_piece_is_seen_by_every_other():
    """Only padding keys are masked: question and special pieces are attended to."""
    model = make_model()
    inputs = make_inputs(rows=1)
    base = logits_of(model, inputs)[0, 0, 4:-1]
    for position in (0, 3, 10, 19):
        changed = {name: value.copy() for name, value in inputs.items()}
        changed["token_ids"][0, position] = 7 + (changed["token_ids"][0, position] - 6) % 93
        assert (logits_of(model, changed)[0, 0, 4:-1] != base).all()


def test_segments_and_positions_matter():
    model = make_model()
    inputs = make_inputs(rows=1)
    base = logits_of(model, inputs)
    other = inputs | {"segment_ids": 1 - inputs["segment_ids"]}

    assert abs(logits_of(model, other) - base).max() > 1e-4
    same = inputs | {"token_ids": np.full((1, 20), 9, np.int32)}
    row = logits_of(model, same)[0, 0, 4:-1]
    assert len(set(row.tolist())) == len(row)


def test_the_encoder_gives_attention_that_sums_to_one_and_skips_padding():
    model = make_model()
    inputs = make_inputs(rows=2, padding=6)
    hidden, attentions = model.encoder(inputs["token_ids"], inputs["segment_ids"], return_attention=True)
    plain = model.encoder(inputs["token_ids"], inputs["segment_ids"])

    assert tuple(hidden.shape) == (2 * 26, 16)
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(hidden), keras.ops.convert_to_numpy(plain))
    assert len(attentions) == 2
    for attention in map(keras.ops.convert_to_numpy, attentions):
        assert attention.shape == (2, 4, 26, 26)
        np.testing.assert_allclose(attention.sum(-1), 1, atol=1e-6)
        assert (attention[..., 20:] == 0).all()


def test_the_same_seed_gives_the_same_network():
    first, second, third = make_model(seed=1), make_model(seed=1), make_model(seed=2)

    np.testing.assert_array_equal(logits_of(first, make_inputs()), logits_of(second, make_inputs()))
    assert abs(logits_of(first, make_inputs()) - logits_of(third, make_inputs())).max() > 1e-4


# Dropout


def test_dropout_acts_in_training_alone():
    model = make_model(ModelConfig(**{**{n: getattr(TINY, n) for n in TINY.__slots__}, "dropout": 0.3}))
    inputs = make_inputs()
    quiet = logits_of(model, inputs)

    np.testing.assert_array_equal(quiet, logits_of(model, inputs, training=False))
    np.testing.assert_array_equal(quiet, np.asarray(model.predict_on_batch(inputs)))
    noisy = [logits_of(model, inputs, training=True) for _ in range(2)]
    assert abs(noisy[0] - quiet).max() > 1e-3
    assert abs(noisy[0] - noisy[1]).max() > 1e-3


def test_dropout_acts_through_train_on_batch():
    """The original's never did. With a learning rate of 0 only dropout can make two losses differ."""
    losses = {}
    for rate in (0.0, 0.5):
        model = make_model(ModelConfig(**{**{n: getattr(TINY, n) for n in TINY.__slots__}, "dropout": rate}))
        model.compile(optimizer=keras.optimizers.SGD(0.0), loss=span_loss)
        losses[rate] = [float(model.train_on_batch(make_inputs(), np.full((3, 2), 8))) for _ in range(2)]

    assert losses[0.0][0] == losses[0.0][1]
    assert losses[0.5][0] != losses[0.5][1]


# Losses


def test_the_loss_is_start_plus_end_cross_entropy():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(4, 2, 9)).astype(np.float32)
    positions = rng.integers(0, 9, (4, 2)).astype(np.int32)
    log_softmax = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    expected = [-(log_softmax[i, 0, s] + log_softmax[i, 1, e]) for i, (s, e) in enumerate(positions)]

    np.testing.assert_allclose(keras.ops.convert_to_numpy(span_loss(positions, logits)), expected, rtol=1e-5)


def test_uniform_guessing_over_384_pieces_loses_two_ln_384():
    loss = span_loss(np.array([[3, 5]]), np.zeros((1, 2, 384), np.float32))

    assert float(loss[0]) == pytest.approx(11.90, abs=0.005)


def test_accuracies_are_of_one_boundary_each():
    logits = np.zeros((3, 2, 6), np.float32)
    logits[[0, 1, 2], 0, [1, 2, 3]] = 1
    logits[[0, 1, 2], 1, [4, 5, 5]] = 1
    gold = np.array([[1, 4], [2, 4], [0, 5]], np.int32)

    assert keras.ops.convert_to_numpy(bert.start_accuracy(gold, logits)).tolist() == [1, 1, 0]
    assert keras.ops.convert_to_numpy(bert.end_accuracy(gold, logits)).tolist() == [1, 0, 1]


def test_sinusoids_are_those_of_the_paper():
    table = bert.sinusoids(5, 8)

    assert table.shape == (5, 8) and table.dtype == np.float32
    assert table[0].tolist() == [0, 1] * 4
    assert table[3, 2] == pytest.approx(np.sin(3 / 10_000 ** (2 / 8)))
    assert table[3, 7] == pytest.approx(np.cos(3 / 10_000 ** (6 / 8)))


# Learning


@pytest.mark.slow
def test_four_examples_are_learned_by_heart():
    dataset = catalogue.load("mini-ko")
    paragraphs = sorted({e.paragraph for e in dataset.examples})[:2]
    chosen = [e for p in paragraphs for e in dataset.examples if e.paragraph == p][:8:2]
    tokenizer = Tokenizer.load()
    shape = {"model.hidden_dim": 64, "model.intermediate_dim": 128, "training.clip_norm": "1"}
    settings = tiny_run.settings("mini-ko", **{name.replace(".", "__"): value for name, value in shape.items()})
    keras.utils.set_random_seed(1)
    reader = Reader(BertForQuestionAnswering(settings.model), tokenizer, settings)
    reader.model.compile(optimizer=make_optimizer(settings.training), loss=span_loss)
    (batch,) = windows.batches([w for w in reader.windows(chosen) if w.target], 32)
    for _ in range(60):
        loss = reader.model.train_on_batch(batch.inputs, batch.targets)

    table = metrics.score(Dataset("four", "", tuple(chosen), (), ""), reader.predict(chosen))
    assert len(table) == 4
    assert [RunScores.of(table)[name] for name in ("exact_match", "f1")] == [100, 100]
    assert float(loss) < 0.1

"""The optimizer against NumPy, and the schedule by hand."""

import keras
import numpy as np
import pytest

from core.config import ModelConfig, TrainingConfig
from core.modeling.bert import BertForQuestionAnswering, span_loss
from core.training.optimization import ClippedAdam, learning_rate, make_optimizer


def make_variables():
    rng = np.random.default_rng(0)
    shapes = {"kernel": (4, 3), "bias": (3,), "gamma": (3,), "beta": (3,), "token_embedding": (5, 4)}
    return [keras.Variable(rng.normal(size=shape).astype(np.float32), name=name) for name, shape in shapes.items()]


def make_gradients(step, scale=1.0):
    rng = np.random.default_rng([7, step])
    shapes = ((4, 3), (3,), (3,), (3,), (5, 4))
    return [(scale * rng.normal(size=shape)).astype(np.float32) for shape in shapes]


def numpy_adam(values, gradients, rate, decays, clip):
    """Adam as in Kingma and Ba 2015, section 2, with decoupled decay: plain, in double precision."""
    values = [v.astype(np.float64) for v in values]
    first = [np.zeros_like(v) for v in values]
    second = [np.zeros_like(v) for v in values]
    for t, grads in enumerate(gradients, 1):
        norm = np.sqrt(sum((g.astype(np.float64) ** 2).sum() for g in grads))
        scale = min(1.0, clip / norm) if clip else 1.0
        for i, grad in enumerate(grads):
            grad = grad.astype(np.float64) * scale
            values[i] = values[i] * (1 - rate * decays[i])
            first[i] = 0.9 * first[i] + 0.1 * grad
            second[i] = 0.999 * second[i] + 0.001 * grad**2
            corrected = rate * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
            values[i] = values[i] - corrected * first[i] / (np.sqrt(second[i]) + 1e-7)
    return values


@pytest.mark.parametrize("clip", [None, 1.0, 1000.0])
@pytest.mark.parametrize("decay", [None, 0.5])
def test_three_steps_are_those_of_numpy(clip, decay):
    optimizer = ClippedAdam(clip_norm=clip, learning_rate=0.01, weight_decay=decay)
    variables = make_variables()
    before = [v.numpy() for v in variables]
    gradients = [make_gradients(step) for step in range(3)]
    optimizer.build(variables)
    for grads in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(g) for g in grads], variables)

    decays = [decay or 0, 0, 0, 0, decay or 0]
    expected = numpy_adam(before, gradients, 0.01, decays, clip)
    for variable, value in zip(variables, expected, strict=True):
        np.testing.assert_allclose(variable.numpy(), value, rtol=1e-4, atol=1e-6, err_msg=variable.name)


@pytest.mark.parametrize("scale", [0.01, 1.0, 100.0])
def test_the_norm_is_that_of_all_gradients_before_clipping(scale):
    optimizer = ClippedAdam(clip_norm=1.0, learning_rate=0.1)
    variables, grads = make_variables(), make_gradients(0, scale)
    optimizer.build(variables)
    optimizer.apply([keras.ops.convert_to_tensor(g) for g in grads], variables)

    expected = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    assert float(optimizer.gradient_norm) == pytest.approx(expected, rel=1e-5)


def test_small_gradients_are_not_scaled_up():
    moved = []
    for clip in (None, 1.0):
        # With epsilon far above the gradients Adam's step is proportional to them.
        optimizer = ClippedAdam(clip_norm=clip, learning_rate=1.0, epsilon=1.0)
        (variable,) = variables = [keras.Variable(np.zeros(2, np.float32), name="kernel")]
        optimizer.build(variables)
        optimizer.apply([keras.ops.convert_to_tensor(np.array([0.3, 0.4], np.float32))], variables)
        moved.append(variable.numpy())

    np.testing.assert_array_equal(*moved)


def test_the_networks_biases_and_norms_are_not_decayed():
    """With gradients of zero nothing but decay moves a weight."""
    shape = ModelConfig(vocab_size=20, hidden_dim=8, num_layers=1, num_heads=2, intermediate_dim=8)
    model = BertForQuestionAnswering(shape)
    for variable in model.trainable_variables:
        variable.assign(np.ones(variable.shape, np.float32))
    optimizer = make_optimizer(TrainingConfig(weight_decay=0.5, learning_rate=0.1))
    optimizer.build(model.trainable_variables)
    optimizer.apply([keras.ops.zeros_like(v) for v in model.trainable_variables], model.trainable_variables)

    for variable in model.trainable_variables:
        kept = variable.name in ("bias", "gamma", "beta")
        assert variable.numpy() == pytest.approx(1 if kept else 0.95), variable.path
        assert kept == (len(variable.shape) == 1), variable.path


def test_adam_does_not_decay():
    assert make_optimizer(TrainingConfig(optimizer="adam", weight_decay=0.5)).weight_decay is None
    assert make_optimizer(TrainingConfig(optimizer="adamw", weight_decay=0.5)).weight_decay == 0.5


@pytest.mark.parametrize("clip", [None, 5.0])
def test_rows_looked_up_twice_are_one_gradient(clip):
    """TensorFlow's gradient of a lookup repeats such rows; the norm and Adam must see their sum."""
    if keras.backend.backend() != "tensorflow":
        pytest.skip("only TensorFlow has sparse gradients")
    import tensorflow as tf

    rows, dense = tf.constant([[3.0, 4.0], [3.0, 4.0]]), tf.constant([[0.0, 0.0], [6.0, 8.0]])
    tables = []
    for gradient in (tf.IndexedSlices(rows, tf.constant([1, 1]), tf.constant([2, 2])), dense):
        table = keras.Variable(np.zeros((2, 2), np.float32), name="token_embedding")
        optimizer = ClippedAdam(clip_norm=clip, learning_rate=0.1, epsilon=1.0)
        optimizer.build([table])
        optimizer.apply([gradient], [table])
        assert float(optimizer.gradient_norm) == pytest.approx(10)
        optimizer.apply([gradient], [table])
        tables.append(table.numpy())

    np.testing.assert_array_equal(*tables)
    assert (tables[0][0] == 0).all() and (tables[0][1] < 0).all()


def test_the_norm_of_a_training_step_is_numpys():
    if keras.backend.backend() != "tensorflow":
        pytest.skip("differentiates with TensorFlow")
    import tensorflow as tf

    keras.utils.set_random_seed(0)
    shape = ModelConfig(vocab_size=20, hidden_dim=8, num_layers=1, num_heads=2, intermediate_dim=8, dropout=0.0)
    model = BertForQuestionAnswering(shape)
    ids = np.random.default_rng(0).integers(7, 12, (3, 20)).astype(np.int32)  # five pieces, again and again
    inputs = {"token_ids": ids, "segment_ids": np.ones_like(ids), "context_mask": np.ones_like(ids, bool)}
    targets = np.full((3, 2), 5, np.int32)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(span_loss(targets, model(inputs, training=True)))
    grads = tape.gradient(loss, [v.value for v in model.trainable_variables])
    expected = np.linalg.norm(np.concatenate([tf.convert_to_tensor(g).numpy().ravel() for g in grads]))

    model.compile(optimizer=make_optimizer(TrainingConfig()), loss=span_loss)
    model.train_on_batch(inputs, targets)
    assert float(model.optimizer.gradient_norm) == pytest.approx(expected, rel=1e-5)


# Schedule


def test_linear_rises_to_the_peak_then_falls_to_nothing():
    training = TrainingConfig(learning_rate=1.0, warmup_ratio=0.25)
    rates = [learning_rate(training, step, 8) for step in range(8)]

    # Two warm-up steps (a half, the whole), then six that fall by a sixth each.
    assert rates == pytest.approx([1 / 2, 1, 1, 5 / 6, 4 / 6, 3 / 6, 2 / 6, 1 / 6])


@pytest.mark.parametrize(("ratio", "total"), [(0.0, 1), (0.0, 10), (0.1, 1), (0.1, 3), (0.99, 7), (0.1, 1000)])
def test_every_step_has_a_rate_above_zero_and_at_most_the_peak(ratio, total):
    training = TrainingConfig(learning_rate=3e-4, warmup_ratio=ratio)
    rates = [learning_rate(training, step, total) for step in range(total)]

    assert min(rates) > 0
    assert max(rates) == pytest.approx(3e-4)
    peak = int(np.argmax(rates))
    assert rates[: peak + 1] == sorted(rates[: peak + 1])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)


def test_constant_stays():
    training = TrainingConfig(learning_rate=5e-4, schedule="constant")

    assert {learning_rate(training, step, 100) for step in range(100)} == {5e-4}

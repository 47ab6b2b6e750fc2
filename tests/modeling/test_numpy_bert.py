"""The network in NumPy computes what the one that trains computes, from the same tensors."""

import keras
import numpy as np
import pytest
from threadpoolctl import threadpool_info

from core.config import ModelConfig
from core.modeling import interchange, tensors
from core.modeling.bert import BertForQuestionAnswering
from core.modeling.numpy_bert import Network
from core.modeling.tensors import WeightsError

TINY = ModelConfig(vocab_size=60, hidden_dim=16, num_layers=2, num_heads=4, intermediate_dim=24, max_sequence_length=32)
BASE = ModelConfig(vocab_size=500)


def keras_network(shape=TINY, spread=0.1):
    """A network whose weights are all different from their fresh values, biases and norms too."""
    keras.utils.set_random_seed(0)
    model = BertForQuestionAnswering(shape)
    rng = np.random.default_rng(0)
    for variable in model.trainable_variables:
        variable.assign(variable.numpy() + rng.normal(0, spread, variable.shape).astype(np.float32))
    return model


def inputs(lengths, vocabulary=60, question=3):
    """Random windows of these lengths, padded to the longest."""
    rng = np.random.default_rng(1)
    shape = (len(lengths), max(lengths))
    token_ids, segment_ids, mask = np.zeros(shape, np.int32), np.zeros(shape, np.int32), np.zeros(shape, bool)
    for row, length in enumerate(lengths):
        token_ids[row, :length] = rng.integers(1, vocabulary, length)
        segment_ids[row, question:length] = rng.integers(0, 2, length - question)
        mask[row, question : length - 1] = True
    return {"token_ids": token_ids, "segment_ids": segment_ids, "context_mask": mask}


@pytest.mark.parametrize("lengths", [(12,), (32,), (32, 7, 20), (9, 9)])
@pytest.mark.parametrize("shape", [TINY, BASE], ids=["tiny", "base"])
def test_the_logits_are_those_of_the_network_that_trains(shape, lengths):
    model = keras_network(shape, 0.03 if shape is BASE else 0.1)
    batch = inputs(lengths, shape.vocab_size)
    expected = np.asarray(model.predict_on_batch(batch))
    found = Network(shape, interchange.tensors(model), "test").predict_on_batch(batch)

    assert found.dtype == np.float32 and found.shape == (len(lengths), 2, max(lengths))
    mask = np.broadcast_to(batch["context_mask"][:, None], found.shape)
    assert np.ptp(expected[mask]) > 0.1  # or anything would pass
    np.testing.assert_allclose(found[mask], expected[mask], rtol=0, atol=1e-4)
    assert (found[~mask] == -10_000).all()


def test_the_attention_weights_too():
    model, batch = keras_network(), inputs((9,))
    expected_hidden, expected = model.encoder(batch["token_ids"], batch["segment_ids"], return_attention=True)
    network = Network(TINY, interchange.tensors(model), "test")
    window = batch["token_ids"][0], batch["segment_ids"][0]
    hidden, attentions = network.encode(*window, return_attention=True)

    np.testing.assert_allclose(hidden, np.asarray(expected_hidden), rtol=0, atol=1e-4)
    assert len(attentions) == len(expected) == 2
    for mine, theirs in zip(attentions, expected, strict=True):
        assert mine.shape == (4, 9, 9)
        np.testing.assert_allclose(mine, np.asarray(theirs)[0], rtol=0, atol=1e-5)
    plain, none = network.encode(*window)
    assert none == [] and (plain == hidden).all()


@pytest.mark.parametrize("workers", [1, 2, 3, 50])
def test_the_workers_do_not_change_the_answer(monkeypatch, workers):
    network, batch = Network(TINY, interchange.tensors(keras_network()), "test"), inputs((32, 7))
    expected = [network.predict_on_batch({name: value[i : i + 1] for name, value in batch.items()}) for i in (0, 1)]
    monkeypatch.setattr("core.modeling.numpy_bert._WORKERS", workers)  # also more workers than pieces
    np.testing.assert_allclose(network.predict_on_batch(batch), np.concatenate(expected), rtol=0, atol=1e-5)


def test_blas_is_held_to_one_thread():
    Network(TINY, interchange.tensors(keras_network()), "test")
    found = [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]
    assert found and set(found) == {1}


def test_a_window_does_not_depend_on_its_neighbours():
    network, batch = Network(TINY, interchange.tensors(keras_network()), "test"), inputs((32, 7))
    alone = {name: value[1:, :7] for name, value in batch.items()}
    together = network.predict_on_batch(batch)[1:, :, :7]
    np.testing.assert_allclose(together, network.predict_on_batch(alone), rtol=0, atol=1e-5)


def test_large_activations_stay_finite():
    named = interchange.tensors(keras_network())
    named = {name: value * 50 if value.ndim == 2 else value for name, value in named.items()}
    assert np.isfinite(Network(TINY, named, "test").predict_on_batch(inputs((20,)))).all()


def test_half_precision_embeddings_stay_as_they_are_stored():
    named = {name: value.astype(np.float16) for name, value in interchange.tensors(keras_network()).items()}
    exact = {name: value.astype(np.float32) for name, value in named.items()}
    batch = inputs((20,))
    np.testing.assert_array_equal(
        Network(TINY, named, "test").predict_on_batch(batch), Network(TINY, exact, "test").predict_on_batch(batch)
    )
    assert Network(TINY, named, "test")._tokens is named["bert.embeddings.word_embeddings.weight"]


def test_the_table_has_every_variable_of_the_network_that_trains_once():
    model, rows = keras_network(), tensors.table(TINY)
    named = interchange.tensors(model)
    assert {row.name: row.shape for row in rows} == {name: value.shape for name, value in named.items()}
    assert len({row.path for row in rows}) == len(model.trainable_variables)
    values = tensors.variables(named, rows)
    for variable in model.trainable_variables:
        twins = [path for path, value in values.items() if np.array_equal(value, variable.numpy())]
        assert len(twins) == 1, variable.path
        assert twins[0].endswith(variable.name)


def test_every_difference_is_listed():
    named = interchange.tensors(keras_network())
    del named["qa_outputs.bias"]
    named["cls.bias"] = np.zeros(3)
    named["qa_outputs.weight"] = np.zeros((3, 16))
    with pytest.raises(WeightsError) as raised:
        Network(TINY, named, "file")
    assert str(raised.value) == (
        "file does not fit: qa_outputs.bias is missing; cls.bias is unknown; "
        "qa_outputs.weight has shape (3, 16), not (2, 16)"
    )

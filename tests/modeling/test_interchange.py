"""Weights in Hugging Face's format: there and back, strict loading, and the same logits in transformers."""

import hashlib
import json

import keras
import numpy as np
import pytest

from core.config import ModelConfig
from core.modeling import interchange, tensors
from core.modeling.bert import BertForQuestionAnswering
from core.modeling.tensors import WeightsError

TINY = ModelConfig(vocab_size=60, hidden_dim=16, num_layers=2, num_heads=4, intermediate_dim=24, max_sequence_length=32)


def make_model(seed=0, shape=TINY):
    """A network whose weights are all different from their fresh values, biases and norms too."""
    keras.utils.set_random_seed(seed)
    model = BertForQuestionAnswering(shape)
    rng = np.random.default_rng(seed)
    for variable in model.trainable_variables:
        variable.assign(variable.numpy() + rng.normal(0, 0.1, variable.shape).astype(np.float32))
    return model


def snapshot(model):
    return [np.array(keras.ops.convert_to_numpy(v)) for v in model.trainable_variables]


def assert_unchanged(model, before):
    for value, old in zip(snapshot(model), before, strict=True):
        np.testing.assert_array_equal(value, old)


def test_names_and_shapes_are_hugging_faces():
    named = interchange.tensors(make_model())

    assert named["bert.embeddings.word_embeddings.weight"].shape == (60, 16)
    assert named["bert.embeddings.position_embeddings.weight"].shape == (32, 16)
    assert named["bert.embeddings.token_type_embeddings.weight"].shape == (2, 16)
    assert named["bert.encoder.layer.1.attention.self.key.weight"].shape == (16, 16)
    assert named["bert.encoder.layer.0.intermediate.dense.weight"].shape == (24, 16)
    assert named["bert.encoder.layer.0.output.dense.weight"].shape == (16, 24)
    assert named["qa_outputs.weight"].shape == (2, 16)
    assert named["qa_outputs.bias"].shape == (2,)
    assert len(named) == 5 + 2 * 16 + 2
    assert {value.dtype for value in named.values()} == {np.dtype(np.float32)}
    assert sum(value.size for value in named.values()) == make_model().count_params()


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_weights_come_back(tmp_path, dtype):
    model, other = make_model(0), make_model(1)
    path = tmp_path / "model.safetensors"
    sha256 = tensors.save(path, interchange.tensors(model), dtype)
    interchange.assign(other, tensors.read(path), "file")

    assert sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    for value, back in zip(snapshot(model), snapshot(other), strict=True):
        np.testing.assert_array_equal(back, value.astype(dtype).astype(np.float32))
    assert list(tmp_path.iterdir()) == [path]


def test_query_key_and_value_are_not_mixed_up():
    model = make_model()
    named = interchange.tensors(model)
    kernel = keras.ops.convert_to_numpy(model.encoder.transformer_layers[1].query_key_value.kernel)
    for third, name in enumerate(("query", "key", "value")):
        np.testing.assert_array_equal(
            named[f"bert.encoder.layer.1.attention.self.{name}.weight"], kernel[:, 16 * third : 16 * (third + 1)].T
        )


def test_the_encoder_alone_comes_back_and_the_head_stays():
    source, model = make_model(0), make_model(1)
    head = [np.array(v) for v in model.span_head.get_weights()]
    named = interchange.encoder_tensors(source.encoder) | {"cls.predictions.bias": np.zeros(60, np.float32)}
    interchange.assign_encoder(model.encoder, named, "encoder")

    assert not any(name.startswith("qa_outputs") for name in interchange.encoder_tensors(source.encoder))
    for mine, theirs in zip(model.encoder.trainable_variables, source.encoder.trainable_variables, strict=True):
        np.testing.assert_array_equal(mine.numpy(), theirs.numpy())
    for now, before in zip(model.span_head.get_weights(), head, strict=True):
        np.testing.assert_array_equal(now, before)


# What does not fit


def test_all_differences_are_listed_and_no_weight_changes():
    model = make_model(0)
    before = snapshot(model)
    named = interchange.tensors(make_model(1))
    del named["qa_outputs.bias"]
    named["bert.pooler.dense.weight"] = np.zeros((16, 16), np.float32)
    named["bert.encoder.layer.0.output.dense.weight"] = named["bert.encoder.layer.0.output.dense.weight"].T
    with pytest.raises(WeightsError) as caught:
        interchange.assign(model, named, "model.safetensors")

    message = str(caught.value)
    assert message.startswith("model.safetensors does not fit")
    assert "qa_outputs.bias is missing" in message
    assert "bert.pooler.dense.weight is unknown" in message
    assert "bert.encoder.layer.0.output.dense.weight has shape (24, 16), not (16, 24)" in message
    assert_unchanged(model, before)


def test_weights_of_six_layers_do_not_go_into_three():
    """The original's by-name load was silent about exactly this."""
    deep = ModelConfig(**{**{n: getattr(TINY, n) for n in TINY.__slots__}, "num_layers": 3})
    model = make_model(0)
    before = snapshot(model)

    with pytest.raises(WeightsError, match=r"encoder\.layer\.2\.attention\.self\.query\.weight is unknown"):
        interchange.assign(model, interchange.tensors(make_model(1, deep)), "deep")
    with pytest.raises(WeightsError, match=r"encoder\.layer\.2\.attention\.self\.query\.weight is unknown"):
        interchange.assign_encoder(model.encoder, interchange.encoder_tensors(make_model(1, deep).encoder), "deep")
    assert_unchanged(model, before)


def test_a_file_without_a_single_matching_name_is_refused():
    model = make_model()
    before = snapshot(model)

    with pytest.raises(WeightsError, match="is missing"):
        interchange.assign_encoder(model.encoder, {"encoder/kernel": np.zeros(3, np.float32)}, "x")
    assert_unchanged(model, before)


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:-1],
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw[:5],
        lambda raw: b"",
        lambda raw: raw + b"more",
        lambda raw: np.random.default_rng(0).bytes(len(raw)),
        lambda raw: b"\xff" * 8 + raw[8:],
        lambda raw: b"{}" + raw,
    ],
    ids=["last byte", "half", "header", "empty", "too long", "random", "huge header", "shifted"],
)
def test_a_damaged_file_is_refused_with_its_path(tmp_path, damage):
    path = tmp_path / "model.safetensors"
    tensors.save(path, interchange.tensors(make_model()))
    path.write_bytes(damage(path.read_bytes()))

    with pytest.raises(WeightsError, match=r"model\.safetensors: damaged or truncated"):
        tensors.read(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(WeightsError, match="No such file"):
        tensors.read(tmp_path / "model.safetensors")


def test_a_pickle_is_never_opened(tmp_path):
    """PyTorch's old format runs code when it is read."""
    import pickle

    path = tmp_path / "model.safetensors"
    path.write_bytes(pickle.dumps({"a": np.zeros(3)}))
    with pytest.raises(WeightsError):
        tensors.read(path)


def test_a_file_in_a_number_format_that_numpy_lacks_is_refused(tmp_path):
    header = json.dumps({"a": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}}).encode()
    path = tmp_path / "model.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(4))
    with pytest.raises(WeightsError, match="BF16"):
        tensors.read(path)


def test_weights_that_are_not_finite_are_not_written(tmp_path):
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"before")
    for value in (np.nan, np.inf, 1e6):  # 1e6 is infinity in half precision
        named = {"a": np.zeros(3, np.float32), "b": np.array([1, value], np.float32)}
        with pytest.raises(WeightsError, match=r"not finite as float16: b$"):
            tensors.save(path, named)
    assert path.read_bytes() == b"before"


# transformers


def write_folder(folder, model, dtype="float16"):
    tensors.save(folder / "model.safetensors", interchange.tensors(model), dtype)
    interchange.write_config(folder / "config.json", model.config)


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(TINY, id="tiny"),
        pytest.param(ModelConfig(num_layers=6, num_heads=8), id="pretrained-3", marks=pytest.mark.slow),
    ],
)
@pytest.mark.backends
def test_transformers_opens_the_folder_and_gives_the_same_logits(tmp_path, shape):
    torch = pytest.importorskip("torch", reason="PyTorch is a development requirement")
    transformers = pytest.importorskip("transformers", reason="transformers is a development requirement")
    model = make_model(3, shape)
    write_folder(tmp_path, model)
    interchange.assign(model, tensors.read(tmp_path / "model.safetensors"), "file")
    twin, loading = transformers.BertForQuestionAnswering.from_pretrained(
        tmp_path, dtype=torch.float32, output_loading_info=True
    )
    twin.eval()
    rng = np.random.default_rng(0)
    length = shape.max_sequence_length
    token_ids = rng.integers(7, shape.vocab_size, (4, length)).astype(np.int32)
    token_ids[1, length // 2 :] = token_ids[2, 10:] = 0
    segment_ids = np.where((np.arange(length) >= 5) & (token_ids != 0), 1, 0).astype(np.int32)
    context_mask = (segment_ids == 1) & (np.arange(length) < length - 1)
    ours = keras.ops.convert_to_numpy(
        model({"token_ids": token_ids, "segment_ids": segment_ids, "context_mask": context_mask})
    )
    with torch.no_grad():
        theirs = twin(
            input_ids=torch.tensor(token_ids.astype(np.int64)),
            token_type_ids=torch.tensor(segment_ids.astype(np.int64)),
            attention_mask=torch.tensor((token_ids != 0).astype(np.int64)),
        )

    assert not loading["missing_keys"] and not loading["unexpected_keys"] and not loading["mismatched_keys"]
    assert twin.config.hidden_act == "gelu_new" and twin.config.layer_norm_eps == 1e-3
    for ours_part, theirs_part in zip((ours[:, 0], ours[:, 1]), (theirs.start_logits, theirs.end_logits), strict=True):
        assert abs(ours_part - theirs_part.numpy())[context_mask].max() < 1e-4
        assert ours_part[context_mask].std() > 0.05  # not the same because nothing is there
    assert sum(p.numel() for p in twin.parameters()) == model.count_params()


def test_config_json_says_what_transformers_needs():
    found = interchange.hugging_face_config(ModelConfig())

    assert found["num_attention_heads"] == 4 and found["hidden_size"] == 256 and found["vocab_size"] == 32007
    assert found["attention_probs_dropout_prob"] == 0.0
    assert found["pad_token_id"] == 0
    assert json.loads(json.dumps(found)) == found

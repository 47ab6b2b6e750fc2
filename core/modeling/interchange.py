"""Weights in Hugging Face's format: `model.safetensors` and `config.json`, opened by `transformers` unchanged.

Tensor names are those of `BertForQuestionAnswering(add_pooling_layer=False)`. Loading is strict: every tensor must be
there, with its shape, and no other; a mismatch lists all differences and changes no weight.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops

from core.config import ModelConfig
from core.modeling.bert import BertEncoder, BertForQuestionAnswering
from core.modeling.tensors import WeightsError as WeightsError
from core.modeling.tensors import check
from core.modeling.tensors import read as read
from core.modeling.tensors import save as save
from core.store.files import write_atomically

ENCODER_PREFIX = "bert."


def tensors(model: BertForQuestionAnswering) -> dict[str, np.ndarray]:
    """Returns all weights by their Hugging Face names, float32, matrices as (output, input)."""
    head = _dense("qa_outputs", model.span_head)
    return encoder_tensors(model.encoder) | {name: _read(part) for name, part in head}


def encoder_tensors(encoder: BertEncoder) -> dict[str, np.ndarray]:
    """Returns the encoder's weights by their Hugging Face names, float32."""
    return {name: _read(part) for name, part in _encoder_parts(encoder)}


def assign(model: BertForQuestionAnswering, named: Mapping[str, np.ndarray], source: str) -> None:
    """Gives the model all its weights from tensors named as in Hugging Face's format.

    Raises:
        WeightsError: names or shapes differ; all differences are listed.
    """
    _assign([*_encoder_parts(model.encoder), *_dense("qa_outputs", model.span_head)], named, source)


def assign_encoder(encoder: BertEncoder, named: Mapping[str, np.ndarray], source: str) -> None:
    """Gives the encoder all its weights; tensors outside the encoder (a head) are not looked at.

    Raises:
        WeightsError: names or shapes of the encoder's tensors differ; all differences are listed.
    """
    mine = {name: value for name, value in named.items() if name.startswith(ENCODER_PREFIX)}
    _assign(list(_encoder_parts(encoder)), mine, source)


def hugging_face_config(config: ModelConfig) -> dict[str, Any]:
    """Returns the `config.json` with which `transformers` builds the same network."""
    return {
        "architectures": ["BertForQuestionAnswering"],
        "model_type": "bert",
        "vocab_size": config.vocab_size,
        "hidden_size": config.hidden_dim,
        "num_hidden_layers": config.num_layers,
        "num_attention_heads": config.num_heads,
        "intermediate_size": config.intermediate_dim,
        "max_position_embeddings": config.max_sequence_length,
        "type_vocab_size": 2,
        "hidden_act": "gelu_new",
        "hidden_dropout_prob": config.dropout,
        "attention_probs_dropout_prob": 0.0,
        "layer_norm_eps": config.layer_norm_epsilon,
        "initializer_range": config.initializer_range,
        "pad_token_id": 0,
        "dtype": "float16",
    }


def write_config(path: Path, config: ModelConfig) -> None:
    """Writes `config.json` for `transformers`."""
    write_atomically(path, (json.dumps(hugging_face_config(config), indent=2) + "\n").encode())


class _Part:
    """One Hugging Face tensor: a variable, or a third of the fused query-key-value projection."""

    def __init__(self, variable: Any, transposed: bool = False, third: int | None = None):
        self.variable = variable
        self.transposed = transposed
        self.third = third

    def columns(self) -> slice:
        if self.third is None:
            return slice(None)
        width = self.variable.shape[-1] // 3
        return slice(self.third * width, (self.third + 1) * width)


def _read(part: _Part) -> np.ndarray:
    value = ops.convert_to_numpy(part.variable)[..., part.columns()]
    return (value.T if part.transposed else value).astype(np.float32)


def _encoder_parts(encoder: BertEncoder) -> Iterable[tuple[str, _Part]]:
    embeddings = ENCODER_PREFIX + "embeddings."
    yield embeddings + "word_embeddings.weight", _Part(encoder.token_embedding)
    yield embeddings + "position_embeddings.weight", _Part(encoder.position_embedding)
    yield embeddings + "token_type_embeddings.weight", _Part(encoder.segment_embedding)
    yield from _norm(embeddings + "LayerNorm", encoder.embedding_norm)
    for i, layer in enumerate(encoder.transformer_layers):
        prefix = f"{ENCODER_PREFIX}encoder.layer.{i}."
        for third, name in enumerate(("query", "key", "value")):
            yield from _dense(f"{prefix}attention.self.{name}", layer.query_key_value, third)
        yield from _dense(prefix + "attention.output.dense", layer.attention_output)
        yield from _norm(prefix + "attention.output.LayerNorm", layer.attention_norm)
        yield from _dense(prefix + "intermediate.dense", layer.intermediate)
        yield from _dense(prefix + "output.dense", layer.output_projection)
        yield from _norm(prefix + "output.LayerNorm", layer.output_norm)


def _dense(name: str, layer: Any, third: int | None = None) -> Iterable[tuple[str, _Part]]:
    yield name + ".weight", _Part(layer.kernel, transposed=True, third=third)
    yield name + ".bias", _Part(layer.bias, third=third)


def _norm(name: str, layer: Any) -> Iterable[tuple[str, _Part]]:
    yield name + ".weight", _Part(layer.gamma)
    yield name + ".bias", _Part(layer.beta)


def _assign(parts: list[tuple[str, _Part]], named: Mapping[str, np.ndarray], source: str) -> None:
    check(named, {name: _read(part).shape for name, part in parts}, source)
    whole: dict[int, np.ndarray] = {}
    for name, part in parts:
        # Thirds of one projection arrive one by one: collect them, then assign once.
        value = whole.setdefault(id(part.variable), np.array(ops.convert_to_numpy(part.variable)))
        value[..., part.columns()] = named[name].T if part.transposed else named[name]
    for part in {id(part.variable): part for _, part in parts}.values():
        part.variable.assign(whole[id(part.variable)])

"""Weights in Hugging Face's format: `model.safetensors` and `config.json`, opened by `transformers` unchanged.

Tensor names are those of `BertForQuestionAnswering(add_pooling_layer=False)`. Loading is strict: every tensor must be
there, with its shape, and no other; a mismatch lists all differences and changes no weight.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops

from core.config import ModelConfig
from core.modeling import tensors as weights
from core.modeling.bert import BertEncoder, BertForQuestionAnswering
from core.modeling.tensors import ENCODER_PREFIX, Tensor
from core.store.files import write_atomically


def tensors(model: BertForQuestionAnswering) -> dict[str, np.ndarray]:
    """Returns all weights by their Hugging Face names, float32, matrices as (output, input)."""
    rows = weights.table(model.config)
    return weights.named(_values(model, rows), rows)


def encoder_tensors(encoder: BertEncoder) -> dict[str, np.ndarray]:
    """Returns the encoder's weights by their Hugging Face names, float32."""
    rows = _encoder_rows(encoder)
    return weights.named(_values(encoder, rows), rows)


def assign(model: BertForQuestionAnswering, named: Mapping[str, np.ndarray], source: str) -> None:
    """Loads all weights of the model from tensors named as in Hugging Face's format.

    Raises:
        WeightsError: names or shapes differ; all differences are listed.
    """
    _assign(model, weights.table(model.config), named, source)


def assign_encoder(encoder: BertEncoder, named: Mapping[str, np.ndarray], source: str) -> None:
    """Loads all weights of the encoder; tensors of anything else (a head) are ignored.

    Raises:
        WeightsError: names or shapes of the encoder's tensors differ; all differences are listed.
    """
    mine = {name: value for name, value in named.items() if name.startswith(ENCODER_PREFIX)}
    _assign(encoder, _encoder_rows(encoder), mine, source)


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


def _encoder_rows(encoder: BertEncoder) -> list[Tensor]:
    return [row for row in weights.table(encoder.config) if row.name.startswith(ENCODER_PREFIX)]


def _values(network: BertForQuestionAnswering | BertEncoder, rows: list[Tensor]) -> dict[str, np.ndarray]:
    return {row.path: ops.convert_to_numpy(_variable(network, row.path)) for row in rows}


def _assign(
    network: BertForQuestionAnswering | BertEncoder, rows: list[Tensor], named: Mapping[str, np.ndarray], source: str
) -> None:
    weights.check(named, rows, source)
    for path, value in weights.variables(named, rows).items():
        _variable(network, path).assign(value)


def _variable(network: BertForQuestionAnswering | BertEncoder, path: str) -> Any:
    part: Any = network
    for name in path.removeprefix("encoder." if isinstance(network, BertEncoder) else "").split("."):
        part = part[int(name)] if name.isdigit() else getattr(part, name)
    return part

"""Pre-training throughput on this machine: `python -m tests.benchmarks.pretraining [--precision mixed_bfloat16]`.

Our network beside the plain Keras form of the same one in the same process: `keras.layers.MultiHeadAttention` with
three projections and attention dropout, three-dimensional activations, erf GELU, and the output layer over ALL
positions with the loss masked afterwards. Batches are random pieces: time does not depend on what they say.
"""

import argparse
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops
from rich.console import Console
from rich.table import Table

from core import config
from core.config import ModelConfig, PretrainingConfig
from core.modeling.pretraining import inputs_and_targets
from core.training import pretrain

LENGTH, PIECES, MASK_SHARE = 128, 4096, 0.15
GOAL = 5_000  # pieces/s for the 3-layer network on two cores


def plain(shape: ModelConfig) -> keras.Model:
    """BERT's masked language model as tutorials write it."""
    tokens = keras.Input((LENGTH,), dtype="int32")
    segments = keras.Input((LENGTH,), dtype="int32")
    table = keras.layers.Embedding(shape.vocab_size, shape.hidden_dim)
    positions = keras.layers.Embedding(shape.max_sequence_length, shape.hidden_dim)(ops.arange(LENGTH))
    x = table(tokens) + keras.layers.Embedding(2, shape.hidden_dim)(segments) + positions
    x = keras.layers.Dropout(shape.dropout)(keras.layers.LayerNormalization()(x))
    for _ in range(shape.num_layers):
        head_dim = shape.hidden_dim // shape.num_heads
        attention = keras.layers.MultiHeadAttention(shape.num_heads, head_dim, dropout=shape.dropout)
        attended = attention(x, x, attention_mask=ops.not_equal(tokens, 0)[:, None, :])
        x = keras.layers.LayerNormalization()(x + keras.layers.Dropout(shape.dropout)(attended))
        hidden = keras.layers.Dense(shape.intermediate_dim, activation="gelu")(x)
        hidden = keras.layers.Dropout(shape.dropout)(keras.layers.Dense(shape.hidden_dim)(hidden))
        x = keras.layers.LayerNormalization()(x + hidden)
    return keras.Model([tokens, segments], table(x, reverse=True) if _reversible(table) else _output(shape)(x))


def _reversible(table: Any) -> bool:
    return isinstance(table, keras.layers.ReversibleEmbedding)


def _output(shape: ModelConfig) -> keras.layers.Layer:
    return keras.layers.Dense(shape.vocab_size)

"""Pre-training throughput on this machine: `python -m tests.benchmarks.pretraining`.

Our network beside the plain Keras form of the same one, in the same process: `keras.layers.MultiHeadAttention` with
three projections and dropout on its weights, three-dimensional activations, and the output layer over ALL positions
with the loss weighted afterwards. The batches are of random pieces: time does not depend on what they say.
"""

import os
import time
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
from keras import ops

from core import config
from core.config import ModelConfig, PretrainingConfig
from core.modeling.pretraining import inputs_and_targets
from core.training import pretrain
from core.training.optimization import ClippedAdam

LENGTH, ROWS, MASKED = 128, 32, 19  # 15 % of 128
GOAL = 5_000  # pieces a second, 3 layers, two cores
STEPS = 5


def batch(objective: str) -> dict[str, np.ndarray]:
    """Random pieces with the targets of an objective."""
    random = np.random.default_rng(0)
    made: dict[str, Any] = {
        "token_ids": random.integers(7, 32_007, (ROWS, LENGTH), dtype=np.int32),
        "segment_ids": random.integers(0, 2, (ROWS, LENGTH), dtype=np.int32),
    }
    if "span" in objective:
        made["context_mask"] = np.ones((ROWS, LENGTH), bool)
        made["positions"] = random.integers(0, LENGTH, (ROWS, 2), dtype=np.int32)
    if "mlm" in objective:
        made["masked_positions"] = np.sort(random.permuted(np.tile(np.arange(LENGTH), (ROWS, 1)), axis=1)[:, :MASKED])
        made["masked_positions"] = made["masked_positions"].astype(np.int32)
        made["masked_ids"] = np.take_along_axis(made["token_ids"], made["masked_positions"], 1)
        made["masked_weights"] = np.ones((ROWS, MASKED), np.float32)
    return made


def plain(shape: ModelConfig) -> keras.Model:
    """A masked language model as tutorials write it; its output is tied too."""
    tokens, segments = (keras.Input((LENGTH,), dtype="int32") for _ in range(2))
    table = keras.layers.ReversibleEmbedding(shape.vocab_size, shape.hidden_dim)
    positions = keras.layers.Embedding(LENGTH, shape.hidden_dim)(ops.arange(LENGTH))
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
    model = keras.Model([tokens, segments], table(x, reverse=True))
    model.compile(ClippedAdam(clip_norm=1.0), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def speed(model: keras.Model, *arguments: Any) -> tuple[float, float]:
    """Returns pieces a second of wall time, and of this process's CPU time on two cores, after two steps of warm-up."""
    for _ in range(2):
        model.train_on_batch(*arguments)
    began, cpu = time.perf_counter(), time.process_time()
    for _ in range(STEPS):
        model.train_on_batch(*arguments)
    pieces = STEPS * ROWS * LENGTH
    return pieces / (time.perf_counter() - began), 2 * pieces / (time.process_time() - cpu)


def main() -> None:
    table = Table("network", "objective", "precision", "pieces/s", "pieces/s if two cores were free")

    def add(name: str, objective: str, precision: str, found: tuple[float, float]) -> None:
        table.add_row(name, objective, precision, *(f"{value:,.0f}" for value in found))

    for precision in ("float32", "mixed_bfloat16"):
        for objective in ("span", "span+mlm", "mlm"):
            settings = config.override(PretrainingConfig(), {"training.precision": precision})
            found = speed(pretrain.new_network(settings), *inputs_and_targets(batch(objective)))
            add("ours", objective, precision, found)
        made = batch("mlm")
        labels, weights = np.zeros((ROWS, LENGTH), np.int32), np.zeros((ROWS, LENGTH), np.float32)
        np.put_along_axis(labels, made["masked_positions"], made["masked_ids"], 1)
        np.put_along_axis(weights, made["masked_positions"], made["masked_weights"], 1)
        keras.config.set_dtype_policy(precision)
        network = plain(PretrainingConfig().model)
        add("plain Keras", "mlm", precision, speed(network, [made["token_ids"], made["segment_ids"]], labels, weights))
        keras.config.set_dtype_policy("float32")
    console = Console()
    console.print(table)
    console.print(f"goal for ours: {GOAL:,} pieces/s whatever the objective, 3 layers on two cores")


if __name__ == "__main__":
    main()

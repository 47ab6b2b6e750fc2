"""Pre-training throughput on this machine: `python -m tests.benchmarks.pretraining [CORPUS]`.

Our network beside the plain Keras form of the same one, in the same process: `keras.layers.MultiHeadAttention` with
three projections and dropout on its weights, three-dimensional activations, and the output layer over ALL positions
with the loss weighted afterwards. The batches are of random pieces: time does not depend on what they say. With a
corpus, also how fast batches of it are made, which one core does beside the training.
"""

import os
import sys
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
from core.data import corpus as corpora
from core.data.tokenizer import Tokenizer
from core.modeling.pretraining import inputs_and_targets
from core.training import pretrain
from core.training.objectives import BatchMaker
from core.training.optimization import ClippedAdam

LENGTH, ROWS = 128, 32
SHARES = (0.05, 0.15, 0.3, 0.4)  # of the pieces that `mlm` hides; 0.15 is the default
GOAL = 5_000  # pieces a second, 3 layers, two cores
STEPS = 5
MADE = 50  # batches


def batch(objective: str, share: float = 0.15) -> dict[str, np.ndarray]:
    """Random pieces with the targets of an objective."""
    random = np.random.default_rng(0)
    made: dict[str, Any] = {
        "token_ids": random.integers(7, 32_007, (ROWS, LENGTH), dtype=np.int32),
        "segment_ids": random.integers(0, 2, (ROWS, LENGTH), dtype=np.int32),
    }
    if "span" in objective:
        made["context_mask"] = np.ones((ROWS, LENGTH), bool)
        made["positions"] = random.integers(0, LENGTH, (ROWS, 2), dtype=np.int32)
    if "order" in objective:
        made["order_labels"] = random.integers(0, 2, ROWS, dtype=np.int32)
    if "mlm" in objective:
        masked = round(share * LENGTH)
        made["masked_positions"] = np.sort(random.permuted(np.tile(np.arange(LENGTH), (ROWS, 1)), axis=1)[:, :masked])
        made["masked_positions"] = made["masked_positions"].astype(np.int32)
        made["masked_ids"] = np.take_along_axis(made["token_ids"], made["masked_positions"], 1)
        made["masked_weights"] = np.ones((ROWS, masked), np.float32)
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


def making(path: str) -> tuple[float, float]:
    """Returns how many pieces a second of wall and of CPU time the batches of the default mix are made at."""
    tokenizer, settings = Tokenizer.load(), PretrainingConfig()
    maker = BatchMaker(corpora.load(path, tokenizer), tokenizer, settings.objectives)
    last = settings.training.steps - 1  # at the end of the curriculum
    maker.batch(1, last)
    began, cpu = time.perf_counter(), time.process_time()
    pieces = sum(maker.batch(1, last - step)["token_ids"].size for step in range(MADE))
    return pieces / (time.perf_counter() - began), pieces / (time.process_time() - cpu)


def main() -> None:
    table = Table("network", "objective", "precision", "pieces/s", "pieces/s if two cores were free")

    def add(name: str, objective: str, precision: str, found: tuple[float, float]) -> None:
        table.add_row(name, objective, precision, *(f"{value:,.0f}" for value in found))

    for precision in ("float32", "mixed_bfloat16"):
        settings = config.override(PretrainingConfig(), {"training.precision": precision})
        for objective in ("span", "span+mlm", "order+mlm"):
            found = speed(pretrain.new_network(settings), *inputs_and_targets(batch(objective)))
            add("ours", objective, precision, found)
        for share in SHARES:
            found = speed(pretrain.new_network(settings), *inputs_and_targets(batch("mlm", share)))
            add("ours", f"mlm, {share:.0%} hidden", precision, found)
        made = batch("mlm")
        labels, weights = np.zeros((ROWS, LENGTH), np.int32), np.zeros((ROWS, LENGTH), np.float32)
        np.put_along_axis(labels, made["masked_positions"], made["masked_ids"], 1)
        np.put_along_axis(weights, made["masked_positions"], made["masked_weights"], 1)
        keras.config.set_dtype_policy(precision)
        network = plain(PretrainingConfig().model)
        found = speed(network, [made["token_ids"], made["segment_ids"]], labels, weights)
        add("plain Keras", "mlm, 15% hidden", precision, found)
        keras.config.set_dtype_policy("float32")
    if len(sys.argv) > 1:
        add("batches of the default mix, one core", "all", "", making(sys.argv[1]))
    console = Console()
    console.print(table)
    console.print(f"goal for ours: {GOAL:,} pieces/s whatever the objective, 3 layers on two cores")


if __name__ == "__main__":
    main()

"""Trains two steps of a tiny network from given weights on a given batch and prints the losses as JSON.

KERAS_BACKEND=torch python -m tests.training.two_steps FOLDER
"""

import json
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np

from core.config import ModelConfig, TrainingConfig
from core.modeling import interchange, tensors
from core.modeling.bert import BertForQuestionAnswering, end_accuracy, span_loss, start_accuracy
from core.training.optimization import learning_rate, make_optimizer

SHAPE = ModelConfig(vocab_size=200, hidden_dim=32, num_layers=1, num_heads=2, intermediate_dim=64, dropout=0.0)
TRAINING = TrainingConfig(learning_rate=1e-3, weight_decay=0.1)


def prepare(folder: Path) -> None:
    """Writes fresh weights and a batch with padding and repeated pieces."""
    keras.utils.set_random_seed(5)
    tensors.save(folder / "weights", interchange.tensors(BertForQuestionAnswering(SHAPE)), "float32")
    rng = np.random.default_rng(5)
    token_ids = rng.integers(7, 60, (4, 32)).astype(np.int32)
    token_ids[0, 20:] = 0
    context_mask = np.broadcast_to(np.arange(32) >= 6, (4, 32)) & (token_ids != 0)
    targets = np.array([[7, 9], [10, 10], [25, 30], [6, 31]], np.int32)
    np.savez(folder / "batch.npz", token_ids=token_ids, segment_ids=context_mask.astype(np.int32),
             context_mask=context_mask, targets=targets)  # fmt: skip


def run(folder: Path) -> dict[str, Any]:
    """Trains and returns what came of it."""
    with np.load(folder / "batch.npz") as batch:
        inputs = {name: batch[name] for name in ("token_ids", "segment_ids", "context_mask")}
        targets = batch["targets"]
    model = BertForQuestionAnswering(SHAPE)
    interchange.assign(model, tensors.read(folder / "weights"), "weights")
    model.compile(make_optimizer(TRAINING), span_loss, metrics=[start_accuracy, end_accuracy])
    losses, norms = [], []
    for step in range(3):
        model.optimizer.learning_rate = learning_rate(TRAINING, step, 3)
        losses.append(float(model.train_on_batch(inputs, targets, return_dict=True)["loss"]))
        norms.append(float(model.optimizer.gradient_norm))
    logits = np.asarray(model.predict_on_batch(inputs))[:, :, 6:12]
    return {"backend": keras.backend.backend(), "losses": losses, "norms": norms, "logits": logits.tolist()}


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]))))

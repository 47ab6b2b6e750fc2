"""Runs that really answer: small networks with random weights, in a store of their own. No TensorFlow is needed."""

import shutil

import numpy as np

from core import config
from core.config import ModelConfig
from core.data.tokenizer import SHIPPED_PATH
from core.modeling import tensors as weights
from core.store.runs import TOKENIZER_FILE, WEIGHTS_FILE, Run, Store
from tests.pages import store_fixture

SMALL = {"model.hidden_dim": 16, "model.num_layers": 1, "model.num_heads": 2, "model.intermediate_dim": 32}


def random_tensors(shape: ModelConfig, seed: int) -> dict[str, np.ndarray]:
    """Returns fresh weights, but a span head wide enough for answers to have clearly different probabilities."""
    rng = np.random.default_rng(seed)
    tensors = {}
    for name, size in ((row.name, row.shape) for row in weights.table(shape)):
        spread = 1.0 if name == "qa_outputs.weight" else shape.initializer_range
        tensors[name] = rng.normal(0, spread, size).astype(np.float32)
        if len(size) == 1:
            tensors[name] = np.full(size, float(name.endswith("LayerNorm.weight")), np.float32)
    return tensors


def answering_run(store: Store, name: str, seed: int) -> Run:
    """Makes a finished run whose answers are arbitrary, yet the same every time."""
    settings = config.override(config.variant("base"), SMALL)
    changes = {"config": config.to_dict(settings), "datasets": {"train": []}}
    writer = store.create(name, store_fixture.info("base", seed) | changes)
    weights.save(writer.path / WEIGHTS_FILE, random_tensors(settings.model, seed))
    shutil.copyfile(SHIPPED_PATH, writer.path / TOKENIZER_FILE)
    writer.finish(best={"epoch": 1, "step": 1, "loss": 11.0, "exact_match": 0.0, "f1": 5.0})
    return store.get(name)

"""Runs that really answer: small networks with random weights, in a store of their own."""

import shutil

import keras

from core import config
from core.data.tokenizer import SHIPPED_PATH
from core.modeling import interchange
from core.modeling.bert import BertForQuestionAnswering
from core.runs import TOKENIZER_FILE, WEIGHTS_FILE, Run, Store
from tests.pages import store_fixture

SMALL = {"model.hidden_dim": 16, "model.num_layers": 1, "model.num_heads": 2, "model.intermediate_dim": 32}


def answering_run(store: Store, name: str, seed: int) -> Run:
    """Makes a finished run whose answers are arbitrary, yet the same every time."""
    settings = config.override(config.variant("base"), SMALL)
    changes = {"config": config.to_dict(settings), "datasets": {"train": []}}
    writer = store.create(name, store_fixture.info("base", seed) | changes)
    keras.utils.set_random_seed(seed)
    model = BertForQuestionAnswering(settings.model)
    # Wide enough for answers to have clearly different probabilities.
    model.span_head.kernel.assign(keras.random.normal(model.span_head.kernel.shape, seed=seed))
    interchange.save(writer.path / WEIGHTS_FILE, interchange.tensors(model))
    shutil.copyfile(SHIPPED_PATH, writer.path / TOKENIZER_FILE)
    writer.finish(best={"epoch": 1, "step": 1, "loss": 11.0, "exact_match": 0.0, "f1": 5.0})
    return store.get(name)

"""What weights a training begins with: fresh ones, or pre-trained ones, checked tensor by tensor and on record."""

import hashlib
import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras
import numpy as np

from core.config import ModelConfig, PretrainingSettings, TrainingConfig
from core.data.tokenizer import Tokenizer
from core.modeling import interchange, tensors
from core.modeling.bert import BertForQuestionAnswering
from core.modeling.tensors import ENCODER_PREFIX, WeightsError
from core.store.runs import WEIGHTS_FILE, Run, RunError, Store

_SUFFIX = ".safetensors"
_LAYER = re.compile(rf"({re.escape(ENCODER_PREFIX)}encoder\.layer\.)(\d+)(\..+)")


@contextmanager
def fresh(training: TrainingConfig | PretrainingSettings) -> Iterator[None]:
    """Makes a network that is built within depend on the training's seed alone, and compute in its precision."""
    keras.utils.set_random_seed(training.seed)
    keras.config.set_dtype_policy(training.precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy("float32")


def load(
    model: BertForQuestionAnswering, source: str | None, store: Store, tokenizer: Tokenizer, deepen: bool = False
) -> dict[str, Any] | None:
    """Gives a model pre-trained weights: the encoder's, and the span head's where the file has them.

    Args:
        model: As initialised; its shape must be that of the weights.
        source: A run of the store, or a safetensors file with Hugging Face's tensor names; None leaves the model alone.
        store: Where the run is looked for.
        tokenizer: What the model will read with.
        deepen: Whether a model with more layers than the weights gets them repeated in turn (`deepened`); otherwise it
            is refused as any other shape.

    Returns:
        What run.json says of it: "name", "sha256" of the file, "steps", "tokens", "objectives", "trained_on"
        (each text's "name" and "sha256") and "started_from" (None for a bare file), "span_head" (whether it was
        loaded), "distance_from_initialisation". None without a source.

    Raises:
        RunError: there is neither such a run nor such a file, or its tokenizer is another one.
        WeightsError: a tensor is missing, unknown or of another shape, all differences are listed; or the run's heads
            or its normalisation are others, which shapes do not tell.
    """
    if source is None:
        return None
    path = weights_path(source, store)
    named = tensors.read(path)
    if deepen:
        named = deepened(named, model.config.num_layers)
    known = _known(source, store, tokenizer)
    if not deepen and not source.endswith(_SUFFIX):
        _check_config(store.get(source), model.config)
    before = interchange.encoder_tensors(model.encoder)
    kept = {name: value for name, value in named.items() if name.startswith((ENCODER_PREFIX, "qa_outputs."))}
    has_head = any(not name.startswith(ENCODER_PREFIX) for name in kept)
    if has_head:
        interchange.assign(model, kept, str(path))
    else:
        interchange.assign_encoder(model.encoder, kept, str(path))
    return known | {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "span_head": has_head,
        "distance_from_initialisation": distance(interchange.encoder_tensors(model.encoder), before),
    }


def deepened(named: Mapping[str, np.ndarray], layers: int) -> dict[str, np.ndarray]:
    """Repeats a shallower network's layers in turn (0, 1, 2, 0, 1, 2) until there are `layers`.

    Progressive stacking: Gong et al. 2019, "Efficient Training of BERT by Progressively Stacking".

    Args:
        named: Tensors by Hugging Face name; those outside the layers are kept as they are.
        layers: Layers of the deeper network; with as many or fewer than there are, nothing is repeated.
    """
    matches = {name: match for name in named if (match := _LAYER.fullmatch(name))}
    depth = 1 + max((int(match[2]) for match in matches.values()), default=-1)
    result = dict(named)
    for name, match in matches.items():
        for layer in range(int(match[2]) + depth, layers, depth):
            result[f"{match[1]}{layer}{match[3]}"] = named[name]
    return result


def weights_path(source: str, store: Store) -> Path:
    """Returns the path of a weights file that is named by its path or by its run.

    Raises:
        RunError: there is no such run and no such file, or the run has no weights.
    """
    path = Path(source) if source.endswith(_SUFFIX) else store.get(source).path / WEIGHTS_FILE
    if not path.is_file():
        raise RunError(f"pre-trained weights: there is no {path}")
    return path


def distance(named: Mapping[str, np.ndarray], reference: Mapping[str, np.ndarray]) -> float:
    """Returns how far an encoder is from a reference: the norm of the difference over the reference's norm.

    Args:
        named: Tensors by name, all of the encoder's among them; a head's are left out.
        reference: The same of the encoder that is compared with.
    """
    names = [name for name in reference if name.startswith(ENCODER_PREFIX)]
    apart = sum(float(np.sum((named[name].astype(np.float64) - reference[name]) ** 2)) for name in names)
    norm = sum(float(np.sum(reference[name].astype(np.float64) ** 2)) for name in names)
    return math.sqrt(apart / norm)


def _check_config(run: Run, shape: ModelConfig) -> None:
    for name in ("num_heads", "layer_norm_epsilon"):
        theirs, ours = run.get("config", "model", name), getattr(shape, name)
        if theirs != ours:
            raise WeightsError(f"run {run.name!r} was pre-trained with model.{name} {theirs}, this network has {ours}")


def _known(source: str, store: Store, tokenizer: Tokenizer) -> dict[str, Any]:
    if source.endswith(_SUFFIX):
        unknown = ("steps", "tokens", "objectives", "trained_on", "started_from")
        return {"name": Path(source).name, **dict.fromkeys(unknown)}
    run = store.get(source)
    if run.get("tokenizer", "sha256") != tokenizer.sha256:
        raise RunError(f"run {source!r} was pre-trained with another tokenizer: its pieces mean other words")
    return {
        "name": source,
        "steps": run.get("progress", "step"),
        "tokens": run.get("progress", "tokens"),
        "objectives": run.get("config", "objectives"),
        "trained_on": [{key: text[key] for key in ("name", "sha256")} for text in run.get("datasets", "train") or []],
        "started_from": run.get("pretrained"),
    }

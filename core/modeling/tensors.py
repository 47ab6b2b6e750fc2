"""Weights files, and which tensors a network has under Hugging Face's names. NumPy only: who answers needs no Keras."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as parse_safetensors
from safetensors.numpy import save as serialise_safetensors

from core.config import ModelConfig
from core.errors import AnswerDiffError
from core.store.files import write_atomically


class WeightsError(AnswerDiffError):
    """A weights file is missing, damaged, or does not fit the network."""


def stored(path: Path) -> dict[str, np.ndarray]:
    """Reads a safetensors file in the number formats that it is stored in.

    Raises:
        WeightsError: the file is missing, truncated or no safetensors file.
    """
    try:
        return dict(parse_safetensors(path.read_bytes()))
    except OSError as error:
        raise WeightsError.of(error, path) from None
    except SafetensorError as error:
        raise WeightsError(f"{path}: damaged or truncated: {error}") from None
    except KeyError as error:  # safetensors' table of NumPy's number formats
        raise WeightsError(f"{path}: numbers in the format {error} cannot be read") from None


def read(path: Path) -> dict[str, np.ndarray]:
    """Reads a safetensors file as float32.

    Raises:
        WeightsError: the file is missing, truncated or no safetensors file.
    """
    return {name: value.astype(np.float32) for name, value in stored(path).items()}


def save(path: Path, named: Mapping[str, np.ndarray], dtype: str = "float16") -> str:
    """Writes tensors to a safetensors file, whole or not at all.

    Returns:
        The file's SHA-256.

    Raises:
        WeightsError: a weight is not finite in `dtype`; the run has diverged.
    """
    with np.errstate(over="ignore"):  # said below, with the tensor's name
        data = {name: np.ascontiguousarray(value.astype(dtype)) for name, value in named.items()}
    bad = [name for name, value in data.items() if not np.isfinite(value).all()]
    if bad:
        raise WeightsError(f"{path}: not finite as {dtype}: {', '.join(bad)}")
    raw = serialise_safetensors(data, metadata={"format": "pt"})
    write_atomically(path, raw)
    return hashlib.sha256(raw).hexdigest()


def shapes(config: ModelConfig) -> dict[str, tuple[int, ...]]:
    """Returns the shape of every tensor of `BertForQuestionAnswering`, matrices as (output, input)."""
    d, ff = config.hidden_dim, config.intermediate_dim
    found: dict[str, tuple[int, ...]] = {
        "bert.embeddings.word_embeddings.weight": (config.vocab_size, d),
        "bert.embeddings.position_embeddings.weight": (config.max_sequence_length, d),
        "bert.embeddings.token_type_embeddings.weight": (2, d),
        **_norm("bert.embeddings.LayerNorm", d),
    }
    for i in range(config.num_layers):
        prefix = f"bert.encoder.layer.{i}."
        for name in ("query", "key", "value"):
            found |= _dense(f"{prefix}attention.self.{name}", d, d)
        found |= _dense(prefix + "attention.output.dense", d, d) | _norm(prefix + "attention.output.LayerNorm", d)
        found |= _dense(prefix + "intermediate.dense", ff, d)
        found |= _dense(prefix + "output.dense", d, ff) | _norm(prefix + "output.LayerNorm", d)
    return found | _dense("qa_outputs", 2, d)


def check(named: Mapping[str, np.ndarray], expected: Mapping[str, tuple[int, ...]], source: str) -> None:
    """Compares the tensors of a file with those of a network.

    Raises:
        WeightsError: names or shapes differ; all differences are listed.
    """
    problems = [f"{name} is missing" for name in expected if name not in named]
    problems += [f"{name} is unknown" for name in named if name not in expected]
    problems += [
        f"{name} has shape {named[name].shape}, not {shape}"
        for name, shape in expected.items()
        if name in named and named[name].shape != shape
    ]
    if problems:
        raise WeightsError(f"{source} does not fit: {'; '.join(problems)}")


def _dense(name: str, outputs: int, inputs: int) -> dict[str, tuple[int, ...]]:
    return {name + ".weight": (outputs, inputs), name + ".bias": (outputs,)}


def _norm(name: str, width: int) -> dict[str, tuple[int, ...]]:
    return {name + ".weight": (width,), name + ".bias": (width,)}

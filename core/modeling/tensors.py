"""The one table of a network's tensors, and weights files. NumPy only: who answers needs no Keras.

A row of the table says how a tensor is called and shaped in Hugging Face's files, and which variable of the Keras
network (`core.modeling.bert`) holds its numbers, how. The Keras network is read and filled by it (`interchange`), the
NumPy network (`numpy_bert`) made by it, parameters are counted by it.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as parse_safetensors
from safetensors.numpy import save as serialise_safetensors

from core.config import ModelConfig
from core.errors import AnswerDiffError
from core.store.files import write_atomically

ENCODER_PREFIX = "bert."


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


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor of `BertForQuestionAnswering(add_pooling_layer=False)`.

    Attributes:
        name: Its name in Hugging Face's files.
        shape: Its shape there; matrices are (output, input).
        path: The Keras network's variable that holds it, as attributes from the network on.
        transposed: Whether that variable is (input, output).
        third: Which third of the variable's last axis it is: 0 query, 1 key, 2 value; None for the whole variable.
    """

    name: str
    shape: tuple[int, ...]
    path: str
    transposed: bool = False
    third: int | None = None


def table(config: ModelConfig) -> list[Tensor]:
    """Lists every tensor of a network with its span head; the thirds of a variable in their order."""
    d, ff = config.hidden_dim, config.intermediate_dim
    rows = [
        Tensor("bert.embeddings.word_embeddings.weight", (config.vocab_size, d), "encoder.token_embedding"),
        Tensor("bert.embeddings.position_embeddings.weight", (config.max_sequence_length, d),
               "encoder.position_embedding"),
        Tensor("bert.embeddings.token_type_embeddings.weight", (2, d), "encoder.segment_embedding"),
        *_norm("bert.embeddings.LayerNorm", d, "encoder.embedding_norm"),
    ]  # fmt: skip
    for i in range(config.num_layers):
        theirs, ours = f"bert.encoder.layer.{i}.", f"encoder.transformer_layers.{i}."
        for third, name in enumerate(("query", "key", "value")):
            rows += _dense(f"{theirs}attention.self.{name}", d, d, ours + "query_key_value", third)
        rows += _dense(theirs + "attention.output.dense", d, d, ours + "attention_output")
        rows += _norm(theirs + "attention.output.LayerNorm", d, ours + "attention_norm")
        rows += _dense(theirs + "intermediate.dense", ff, d, ours + "intermediate")
        rows += _dense(theirs + "output.dense", d, ff, ours + "output_projection")
        rows += _norm(theirs + "output.LayerNorm", d, ours + "output_norm")
    return rows + _dense("qa_outputs", 2, d, "span_head")


def parameter_count(config: ModelConfig) -> int:
    """Counts the trainable parameters of a network with its span head."""
    return sum(math.prod(row.shape) for row in table(config))


def variables(named: Mapping[str, np.ndarray], rows: Iterable[Tensor]) -> dict[str, np.ndarray]:
    """Arranges tensors of a file as the variables of the network, by path; number formats stay."""
    parts: dict[str, list[np.ndarray]] = {}
    for row in rows:
        parts.setdefault(row.path, []).append(named[row.name].T if row.transposed else named[row.name])
    return {path: part[0] if len(part) == 1 else np.concatenate(part, axis=-1) for path, part in parts.items()}


def named(values: Mapping[str, np.ndarray], rows: Iterable[Tensor]) -> dict[str, np.ndarray]:
    """Arranges variables of the network, by path, as the tensors of a file, float32: the reverse of `variables`."""
    tensors = {}
    for row in rows:
        value = values[row.path]
        if row.third is not None:
            value = np.split(value, 3, axis=-1)[row.third]
        tensors[row.name] = (value.T if row.transposed else value).astype(np.float32)
    return tensors


def check(named: Mapping[str, np.ndarray], rows: Sequence[Tensor], source: str) -> None:
    """Compares the tensors of a file with those of a network.

    Raises:
        WeightsError: names or shapes differ; all differences are listed.
    """
    expected = {row.name: row.shape for row in rows}
    problems = [f"{name} is missing" for name in expected if name not in named]
    problems += [f"{name} is unknown" for name in named if name not in expected]
    problems += [
        f"{name} has shape {named[name].shape}, not {shape}"
        for name, shape in expected.items()
        if name in named and named[name].shape != shape
    ]
    if problems:
        raise WeightsError(f"{source} does not fit: {'; '.join(problems)}")


def _dense(name: str, outputs: int, inputs: int, path: str, third: int | None = None) -> list[Tensor]:
    return [
        Tensor(name + ".weight", (outputs, inputs), path + ".kernel", transposed=True, third=third),
        Tensor(name + ".bias", (outputs,), path + ".bias", third=third),
    ]


def _norm(name: str, width: int, path: str) -> list[Tensor]:
    return [Tensor(name + ".weight", (width,), path + ".gamma"), Tensor(name + ".bias", (width,), path + ".beta")]

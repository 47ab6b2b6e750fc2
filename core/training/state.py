"""The state of an unfinished training on disk, from which it goes on as if nothing had happened."""

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops
from safetensors.numpy import load as parse_safetensors
from safetensors.numpy import save as serialise_safetensors

from core.store.files import write_atomically

STATE_FILE = "state.safetensors"


def save(folder: Path, variables: list[keras.Variable], position: dict[str, Any]) -> None:
    """Writes variables and the training's position as ONE file, whole or not at all.

    Args:
        folder: Created when missing.
        variables: Weights, optimizer moments, dropout seeds, in a fixed order.
        position: What else is needed to go on; JSON.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Not np.ascontiguousarray, which makes a vector of a single number such as the step count.
    tensors = {f"{i:04d}": np.asarray(ops.convert_to_numpy(v), order="C") for i, v in enumerate(variables)}
    data = serialise_safetensors(tensors, metadata={"position": json.dumps(position)})
    write_atomically(folder / STATE_FILE, data)


def restore(folder: Path, variables: list[keras.Variable]) -> dict[str, Any] | None:
    """Gives variables their saved values.

    Returns:
        The saved position, or None when nothing was saved yet.

    Raises:
        ValueError: the state is of another network or optimizer.
    """
    path = folder / STATE_FILE
    if not path.exists():
        return None
    data = path.read_bytes()
    tensors = parse_safetensors(data)
    shapes = {f"{i:04d}": tuple(v.shape) for i, v in enumerate(variables)}
    if {name: value.shape for name, value in tensors.items()} != shapes:
        raise ValueError(f"{path} belongs to another network or optimizer")
    for i, variable in enumerate(variables):
        variable.assign(tensors[f"{i:04d}"])
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    return json.loads(header["__metadata__"]["position"])

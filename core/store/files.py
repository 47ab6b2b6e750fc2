"""Files that appear whole or not at all: written under a temporary name in their folder, then renamed."""

import json
import math
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np


def write_atomically(path: Path, data: bytes) -> None:
    """Writes `data` to `path`: a reader sees the old file or the new one, also after a kill.

    Raises:
        OSError: such as for a full disk; it names `path`.
    """
    with naming(path):
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)  # mkstemp's files are private to their owner; a store may be shared
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Makes the errors of the operating system in a `with` block name `path`; that of a write names no file."""
    try:
        yield
    except OSError as error:
        if error.errno is not None:
            error.filename, error.filename2 = str(path), None
        raise


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Writes a JSON object atomically; NaN and infinity, which JSON does not have, become null."""
    data = json.dumps(finite(document), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    write_atomically(path, data.encode())


def finite(value: Any) -> Any:
    """Returns `value` as JSON can hold it: numbers that are not finite as None, NumPy scalars as Python's."""
    if isinstance(value, Mapping):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value

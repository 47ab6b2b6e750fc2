"""A finished run in small files, to be carried to another machine and put together there, every byte checked."""

import hashlib
import json
from pathlib import Path

from core.errors import AnswerDiffError
from core.store.files import write_atomically, write_json
from core.store.runs import CONFIG_FILE, HISTORY_FILE, RUN_FILE, SEEN_FILE, TOKENIZER_FILE, WEIGHTS_FILE, Run, Store

MANIFEST_FILE = "manifest.json"
PART_BYTES = 15 * 2**20
_FILES = (RUN_FILE, HISTORY_FILE, WEIGHTS_FILE, CONFIG_FILE, TOKENIZER_FILE, SEEN_FILE)


class TransferError(AnswerDiffError):
    """What was carried over is incomplete or changed."""


def export(run: Run, folder: Path, part_bytes: int = PART_BYTES) -> Path:
    """Writes a finished run as files of at most `part_bytes` and a manifest with their SHA-256.

    Returns:
        The manifest.

    Raises:
        TransferError: the run is not finished, or the folder is in use or cannot be written.
    """
    if run.status != "finished":
        raise TransferError(f"run {run.name!r} is {run.status}: only a finished run can be exported")
    try:
        return _export(run, folder, part_bytes)
    except OSError as error:
        raise TransferError.of(error) from None


def _export(run: Run, folder: Path, part_bytes: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise TransferError(f"{folder} is not empty")
    files = {}
    for name in _FILES:
        if not (run.path / name).exists():
            continue
        data = (run.path / name).read_bytes()
        parts = []
        for number, start in enumerate(range(0, len(data), part_bytes)):
            part = data[start : start + part_bytes]
            write_atomically(folder / f"{name}.{number:03d}", part)
            parts.append(_sha256(part))
        files[name] = {"sha256": _sha256(data), "parts": parts}
    write_json(folder / MANIFEST_FILE, {"run": run.name, "files": files})
    return folder / MANIFEST_FILE


def take_in(folder: Path, run: str, store: Store) -> Run:
    """Puts an exported run into a store; it appears there whole or not at all.

    Raises:
        TransferError: a part is missing or changed, or the manifest is none of ours.
        RunError: the name is not allowed or taken, or the store cannot be written.
    """
    store.check_free(run)
    try:
        files = json.loads((folder / MANIFEST_FILE).read_bytes())["files"]
        # Names come from outside: none but ours may become a path.
        whole = {name: _join(folder, name, **files[name]) for name in _FILES if name in files}
        document = dict(json.loads(whole[RUN_FILE]))
    except OSError as error:
        raise TransferError.of(error) from None
    except (ValueError, KeyError, TypeError) as error:
        raise TransferError(f"{folder / MANIFEST_FILE} is not a run's manifest: {error!r}") from None
    with store.draft(run, document | {"name": run}) as draft:
        for name in whole.keys() - {RUN_FILE}:
            write_atomically(draft / name, whole[name])
    return store.get(run)


def _join(folder: Path, name: str, sha256: str, parts: list[str]) -> bytes:
    found = []
    for number, expected in enumerate(parts):
        path = folder / f"{name}.{number:03d}"
        found.append(path.read_bytes())
        if _sha256(found[-1]) != expected:
            raise TransferError(f"{path} is damaged: its SHA-256 is not the manifest's")
    data = b"".join(found)
    if _sha256(data) != sha256:
        raise TransferError(f"{folder}: {name} is not what was exported")
    return data


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

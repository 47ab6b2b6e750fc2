"""Begins, describes and resumes a training of either kind by its run.json.

They differ in their `Job`: a run's folder appears when its job is made, so that nothing is missing any more, and the
run goes on only with what it began with.
"""

import importlib
import platform
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic

import keras

from core import config
from core.config import Config
from core.data.tokenizer import SHIPPED_PATH, Tokenizer
from core.errors import AnswerDiffError
from core.modeling import interchange, tensors
from core.store.files import write_atomically
from core.store.runs import CONFIG_FILE, TOKENIZER_FILE, Run, RunWriter, Store
from core.training import event_files
from core.training.loop import Position


class TrainingError(AnswerDiffError):
    """A training cannot begin or go on as asked."""


@dataclass(frozen=True, slots=True)
class Job(Generic[Config]):
    """A training with everything at hand that it needs.

    Attributes:
        settings: All settings.
        tokenizer: Makes pieces of texts.
        record: What run.json says of this kind of training: "datasets" and "pretrained" at least.
        run: Trains to the end, from the last saved state where there is one, and finishes the run.
    """

    settings: Config
    tokenizer: Tokenizer
    record: Mapping[str, Any]
    run: Callable[[RunWriter], None]


def begin(
    name: str,
    store: Store,
    prepare: Callable[[Tokenizer], Job],
    tokenizer: Tokenizer | None,
    command: Sequence[str],
    tensorboard: Path | None,
) -> Run:
    """Trains a new run to its end.

    Args:
        name: The run's folder in the store.
        store: Where it is kept.
        prepare: Makes the job, and raises where something is missing.
        tokenizer: The shipped one by default.
        command: What the user typed.
        tensorboard: A folder for event files.
    """
    store.check_free(name)  # before texts are read, which may take minutes
    job = prepare(tokenizer or Tokenizer.load())
    with store.create(name, describe(job, command) | event_files.prepare(tensorboard, name)) as writer:
        return _run(job, writer, store)


def resume(
    name: str, store: Store, kind: type[Config], prepare: Callable[[Run, Config, Tokenizer], Job[Config]]
) -> Run:
    """Resumes a stopped run and trains it to its planned end.

    Raises:
        RunError: there is no such run, or it is running or finished.
        ConfigError: its settings are of another kind.
        TrainingError: a text, the tokenizer or the weights are not those that it began with.
    """
    run = store.stopped(name)
    settings = config.from_dict(run.info["config"], kind)
    stored = run.path / TOKENIZER_FILE
    tokenizer = Tokenizer.load(stored if stored.exists() else SHIPPED_PATH)
    if tokenizer.sha256 != run.get("tokenizer", "sha256"):
        raise TrainingError(f"run {name!r} was begun with another tokenizer")
    job = prepare(run, settings, tokenizer)
    then, now = (set(_inputs(info)) for info in (run.info, job.record))
    if changed := sorted({text for text, _ in then ^ now}):
        raise TrainingError(f"run {name!r} was begun on another version of {', '.join(changed)}")
    with store.resume(name) as writer:
        return _run(job, writer, store)


def describe(job: Job, command: Sequence[str]) -> dict[str, Any]:
    """Returns what run.json says of a training before its first step."""
    return {
        "config": config.to_dict(job.settings),
        "parameter_count": tensors.parameter_count(job.settings.model),
        "tokenizer": {"sha256": job.tokenizer.sha256, "pieces": job.tokenizer.vocabulary_size},
        "versions": versions(),
        "code_revision": code_revision(),
        "command": list(command),
        **job.record,
    }


def result(position: Position, weights_sha256: str) -> dict[str, Any]:
    """Returns what run.json says of a training after its last step."""
    return {
        "weights": {"sha256": weights_sha256, "dtype": "float16"},
        "best": position.notes["best"],
        "timings": {
            "seconds": round(position.seconds, 1),
            "examples_per_second": position.examples / position.seconds,
            "tokens_per_second": position.tokens / position.seconds,
        },
    }


def versions() -> dict[str, str]:
    """Returns the versions of what shapes a result: Python, Keras, its backend, NumPy, SentencePiece."""
    backend = keras.backend.backend()
    packages = ("keras", backend, "numpy", "sentencepiece")
    return {"python": platform.python_version(), "backend": backend} | {
        package: importlib.import_module(package).__version__  # tensorflow may come as tensorflow-cpu
        for package in packages
    }


def code_revision() -> str | None:
    """Returns the commit that this code stands at, with `-dirty` when it differs; None outside a checkout."""
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"],
            cwd=Path(__file__).parent, capture_output=True, text=True, check=True, timeout=10,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return described.stdout.strip() or None


def _run(job: Job, writer: RunWriter, store: Store) -> Run:
    # Also when a run is taken up: it may have been killed before it had them.
    write_atomically(writer.path / TOKENIZER_FILE, job.tokenizer.model)
    interchange.write_config(writer.path / CONFIG_FILE, job.settings.model)
    job.run(writer)
    return store.get(writer.path.name)


def _inputs(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Returns name and SHA-256 of every text and of the weights that a training begins with."""
    inputs = [*record["datasets"]["train"], record.get("cloze"), record.get("pretrained")]
    return [(each["name"], each["sha256"]) for each in inputs if each]

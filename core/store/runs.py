"""The run store: one folder a run under `checkpoints/`, readable at any moment of a training.

Who writes what: the trainer alone writes `run.json` (through `RunWriter`), the user alone writes
`labels.json` (through `Store.label`), so that neither can undo the other's change. Every file appears whole
or not at all: it is written under a temporary name in its own folder and then renamed. Reading never raises
for what lies in a folder; a folder that is not a sound run is listed as broken, with the reason.

The folder's name is the identity of a run. Names inside files are labels at most and are never used as a
path.
"""

import json
import math
import os
import re
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, PositiveFloat, StrictBool, StrictInt, StrictStr, ValidationError

from core.errors import AnswerDiffError
from core.store.files import write_json

SCHEMA_VERSION = 1

RUN_FILE = "run.json"
LABELS_FILE = "labels.json"
HISTORY_FILE = "history.jsonl"
WEIGHTS_FILE = "model.safetensors"
CONFIG_FILE = "config.json"
TOKENIZER_FILE = "tokenizer.model"
SEEN_FILE = "seen.safetensors"  # hashes of what the run was trained and judged on: core.store.fingerprints
PREDICTIONS_FOLDER = "predictions"
RESUME_FOLDER = "resume"

ROOT_VARIABLE = "ANSWERDIFF_CHECKPOINTS"
DEFAULT_ROOT = Path(__file__).resolve().parents[2] / "checkpoints"

HEARTBEAT_SECONDS = 10.0  # a running training writes run.json at least this often
SILENT_SECONDS = 60.0  # a running training that has been silent for longer is taken for dead

STATUSES = ("running", "finished", "failed", "stopped", "broken")

# A name is one path component, starts with a letter, digit or underscore, and cannot climb out of the store.
_NAME = re.compile(r"\w[\w.+\-]*", re.UNICODE)


class RunError(AnswerDiffError):
    """A run that cannot be used as asked; the message says which run and why."""


class _Bin(BaseModel):
    low: float
    high: float
    confidence: float
    accuracy: float
    count: StrictInt


class _Basis(BaseModel):
    names: list[StrictStr]
    rule: StrictStr


class _Calibration(BaseModel):
    """As `core.training.finetune.complete` makes it."""

    temperature: PositiveFloat
    questions: StrictInt
    left_out: StrictInt
    error_before: float
    error_after: float
    bins: list[_Bin]
    dataset: _Basis


class _AnswerLengths(BaseModel):
    """As `core.answering.spans.AnswerLengths`."""

    log_mean: float
    log_sd: PositiveFloat


class _Document(BaseModel):
    """What readers rely on in run.json; other keys are kept as they are."""

    model_config = ConfigDict(extra="allow")

    schema_version: Literal[1]
    status: Literal["running", "finished", "failed"]
    created: datetime
    updated: datetime
    error: StrictStr | None = None
    process: dict[str, Any] = {}
    config: dict[str, Any] = {}
    parameter_count: StrictInt | None = None
    datasets: dict[str, Any] = {}
    versions: dict[str, Any] = {}
    code_revision: StrictStr | None = None
    command: list[StrictStr] = []
    progress: dict[str, Any] = {}
    best: dict[str, Any] | None = None
    timings: dict[str, Any] = {}
    weights: dict[str, Any] | None = None
    answer_lengths: _AnswerLengths | None = None
    calibration: _Calibration | None = None
    pretrained: dict[str, Any] | None = None


class _LabelsDocument(BaseModel):
    title: StrictStr | None = None
    description: StrictStr = ""
    tags: list[StrictStr] = []
    archived: StrictBool = False


@dataclass(frozen=True, slots=True)
class Labels:
    """What the user calls a run; never touches the training's own files."""

    title: str | None = None
    description: str = ""
    tags: tuple[str, ...] = ()
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """One folder of the store, as it was when it was read.

    Attributes:
        name: the folder's name, the run's identity.
        path: the folder.
        status: one of `STATUSES`; "stopped" is a training whose process is gone without a word.
        problem: why the run is broken (or why its labels could not be read); None when all is well.
        info: run.json as written; empty when broken.
        labels: title, description, tags and whether it is archived.
        created: when the training began, or None when broken.
        updated: the last sign of life, or None when broken.
    """

    name: str
    path: Path
    status: str
    problem: str | None = None
    info: dict[str, Any] = field(default_factory=dict)
    labels: Labels = Labels()
    created: datetime | None = None
    updated: datetime | None = None

    @property
    def title(self) -> str:
        """The user's title, or the folder's name."""
        return self.labels.title or self.name

    @property
    def broken(self) -> bool:
        """True when run.json could not be used."""
        return self.status == "broken"

    @property
    def variant(self) -> str | None:
        """The name of the trained variant."""
        value = self.info.get("config", {}).get("variant")
        return value if isinstance(value, str) else None

    @property
    def seed(self) -> int | None:
        """The seed of the training."""
        value = self.get("config", "training", "seed")
        return value if isinstance(value, int) else None

    @property
    def seconds(self) -> float | None:
        """Wall time of the training so far, in seconds."""
        return self.number("timings", "seconds") or self.number("progress", "seconds")

    @property
    def temperature(self) -> float:
        """What calibrates the probabilities of its answers; 1 when it was never calibrated."""
        return self.number("calibration", "temperature") or 1.0

    @property
    def has_weights(self) -> bool:
        """Whether the weights are there, so that the run can answer questions."""
        return os.path.isfile(self.path / WEIGHTS_FILE)  # unlike Path's, False where we may not look

    @property
    def history_path(self) -> Path:
        """The training's history; the file need not exist."""
        return self.path / HISTORY_FILE

    def predictions(self) -> list[str]:
        """Returns the names of the datasets this run has predictions for, sorted."""
        try:
            return sorted(path.stem for path in (self.path / PREDICTIONS_FOLDER).glob("*.parquet"))
        except OSError:
            return []

    def predictions_path(self, dataset: str) -> Path:
        """Returns where the predictions for `dataset` lie; the file need not exist."""
        return predictions_path(self.path, dataset)

    def get(self, *keys: str) -> Any:
        """Returns the value at a path of keys in run.json, or None when any of them is missing."""
        value: Any = self.info
        for key in keys:
            if not isinstance(value, Mapping) or key not in value:
                return None
            value = value[key]
        return value

    def number(self, *keys: str) -> float | None:
        """Returns the finite number at a path of keys in run.json, or None: a NaN is not a result."""
        value = self.get(*keys)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return None
        return value


def predictions_path(folder: Path, dataset: str) -> Path:
    """Returns the file of a run folder that holds the predictions for `dataset`.

    Raises:
        RunError: `dataset` is not a plain name.
    """
    _check_component(dataset)
    return folder / PREDICTIONS_FOLDER / f"{dataset}.parquet"


class Store:
    """The folder that holds the runs.

    Example:
        >>> run = Store(DEFAULT_ROOT).get("matched")
        >>> run.status, run.seed, run.predictions()
        ('finished', 1, ['korquad-held-out', 'mini-ko'])
    """

    def __init__(self, root: str | Path | None = None):
        """Opens the store; nothing is created.

        Args:
            root: the folder. None: the environment variable ANSWERDIFF_CHECKPOINTS, or `checkpoints/` of
                this repository.
        """
        self.root = Path(root or os.environ.get(ROOT_VARIABLE) or DEFAULT_ROOT)

    def list(self) -> "list[Run]":
        """Returns every run, oldest first, then the broken ones by name. Hidden folders are no runs."""
        try:
            folders = [entry for entry in self.root.iterdir() if not entry.name.startswith(".") and _is_folder(entry)]
        except FileNotFoundError:
            return []
        runs = [_read(folder) for folder in folders]
        return sorted(runs, key=lambda run: (run.created is None, run.created or 0, run.name))

    def get(self, name: str) -> Run:
        """Returns the run called `name`.

        Raises:
            RunError: there is no such run, or it is broken.
        """
        folder = self.path(name)
        if not folder.is_dir():
            raise RunError(f"there is no run {name!r} in {self.root}")
        run = _read(folder)
        if run.broken:
            raise RunError(f"run {name!r} is broken: {run.problem}")
        return run

    def path(self, name: str) -> Path:
        """Returns the folder of the run called `name`; it need not exist.

        Raises:
            RunError: `name` is not a plain name.
        """
        _check_component(name)
        return self.root / name

    def label(self, name: str, **changes: Any) -> Labels:
        """Changes the user's labels of a run: title, description, tags, archived. Works for broken runs too.

        Raises:
            RunError: there is no such run.
            TypeError: an unknown label.
        """
        folder = self.path(name)
        if not folder.is_dir():
            raise RunError(f"there is no run {name!r} in {self.root}")
        old, _ = _read_labels(folder)
        document = _LabelsDocument(**{**asdict(old), "tags": list(old.tags), **changes})
        labels = Labels(**{**asdict(old), **changes, "title": document.title or None, "tags": tuple(document.tags)})
        write_json(folder / LABELS_FILE, asdict(labels))
        return labels

    def create(self, name: str, info: Mapping[str, Any]) -> "RunWriter":
        """Begins a run: its folder and run.json appear together, with status "running".

        Args:
            name: letters of any script, digits, `_`, `-`, `.` and `+`.
            info: what is known at the start: config, parameter_count, datasets, versions, code_revision,
                command ...

        Raises:
            RunError: the name is not allowed or taken.
        """
        with self.draft(name, info) as folder:
            document = json.loads((folder / RUN_FILE).read_bytes())
        return RunWriter(self.path(name), document)

    def check_free(self, name: str) -> None:
        """Checks that a run of this name can be created, before anything long is prepared for it.

        Raises:
            RunError: the name is not allowed or taken.
        """
        _check_name(name)
        if self.path(name).exists():
            raise RunError(f"there is a run {name!r} in {self.root} already")

    @contextmanager
    def draft(self, name: str, info: Mapping[str, Any]) -> Iterator[Path]:
        """Creates a run in a hidden folder, which becomes the run's folder when the `with` block ends.

        An exception in the block leaves nothing behind.

        Args:
            name: as of `create`.
            info: as of `create`; `status` is "running" where it is not given.

        Raises:
            RunError: the name is not allowed or taken, or the store cannot be written.
        """
        self.check_free(name)
        folder = self.path(name)
        self.root.mkdir(parents=True, exist_ok=True)
        now = _now()
        document = {
            "schema_version": SCHEMA_VERSION,
            "name": name,
            "status": "running",
            "error": None,
            "created": now,
        }
        document |= {"updated": now, "process": _process(), **info}
        draft = Path(tempfile.mkdtemp(prefix=f".{name}.", suffix=".tmp", dir=self.root))
        try:
            write_json(draft / RUN_FILE, document)
            yield draft
            draft.chmod(0o755)
            draft.rename(folder)
        except OSError as error:
            raise RunError(f"run {name!r} could not be created in {self.root}: {error}") from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)  # after the rename there is nothing

    def amend(self, name: str, **changes: Any) -> None:
        """Sets top-level keys of a finished run's run.json; the time of the training's last heartbeat stays.

        Raises:
            RunError: there is no such run, it is broken, or it is not finished.
        """
        run = self.get(name)
        if run.status != "finished":
            raise RunError(f"run {name!r} is {run.status}: only a finished run can be added to")
        write_json(run.path / RUN_FILE, {**run.info, **changes})

    def stopped(self, name: str) -> Run:
        """Returns a stopped or failed run, which can be resumed.

        Raises:
            RunError: there is no such run, it is broken, finished, or still being trained.
        """
        run = self.get(name)
        if run.status in ("running", "finished"):
            raise RunError(f"run {name!r} cannot be resumed: it is {run.status}")
        return run

    def resume(self, name: str) -> "RunWriter":
        """Resumes a stopped or failed run; this process becomes its trainer.

        Raises:
            RunError: as `stopped`.
        """
        run = self.stopped(name)
        writer = RunWriter(run.path, dict(run.info))
        writer.update(status="running", error=None, process=_process())
        return writer


class RunWriter:
    """The trainer's hold on run.json. One process writes a run at a time."""

    def __init__(self, path: Path, info: dict[str, Any]):
        """Use `Store.create` or `Store.resume` instead.

        Args:
            path: the run's folder.
            info: run.json as it stands.
        """
        self.path = path
        self.info = info
        self._written = datetime.now(UTC)

    def update(self, **changes: Any) -> None:
        """Sets top-level keys of run.json and the heartbeat, in one atomic write."""
        self.info = {**self.info, **changes, "updated": _now()}
        write_json(self.path / RUN_FILE, self.info)
        self._written = datetime.now(UTC)

    def heartbeat(self, **changes: Any) -> None:
        """As `update`, but at most once in HEARTBEAT_SECONDS / 2: cheap enough for every step."""
        if (datetime.now(UTC) - self._written).total_seconds() >= HEARTBEAT_SECONDS / 2:
            self.update(**changes)

    def finish(self, **changes: Any) -> None:
        """Marks the run finished and removes the state that resuming would need."""
        self.update(status="finished", error=None, **changes)
        shutil.rmtree(self.path / RESUME_FOLDER, ignore_errors=True)

    def fail(self, error: BaseException | str) -> None:
        """Marks the run failed, with the reason in one line."""
        what = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
        self.update(status="failed", error=what)

    def __enter__(self) -> Self:
        """A `with` block marks the run failed when an exception leaves it."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Ctrl-C is no failure: the run stops and can be resumed."""
        if isinstance(error, Exception):
            self.fail(error)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise RunError(f"{name!r} is not a name: use letters, digits, '_', '-', '.', '+', and no '.' at the start")


def _check_component(name: str) -> None:
    """Refuses what could leave its folder; others may have put files with odd names there, which is fine."""
    if not name or name.startswith(".") or any(character in name for character in "/\\\0"):
        raise RunError(f"{name!r} is not a plain name")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _process() -> dict[str, Any]:
    return {"pid": os.getpid(), "host": socket.gethostname()}


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return True  # a folder we may not look into is listed as broken rather than left out


def _read(folder: Path) -> Run:
    labels, complaint = _read_labels(folder)
    try:
        text = (folder / RUN_FILE).read_text(encoding="utf-8")
        info = json.loads(text)
        document = _Document.model_validate(info)
    except FileNotFoundError:
        return Run(folder.name, folder, "broken", f"{RUN_FILE} is missing", labels=labels)
    except (OSError, UnicodeDecodeError) as error:
        return Run(folder.name, folder, "broken", f"{RUN_FILE} cannot be read: {error}", labels=labels)
    except json.JSONDecodeError as error:
        return Run(folder.name, folder, "broken", f"{RUN_FILE} is not JSON: {error}", labels=labels)
    except ValidationError as error:
        return Run(folder.name, folder, "broken", f"{RUN_FILE}: {_complaints(error)}", labels=labels)
    created, updated = _in_utc(document.created), _in_utc(document.updated)
    status = "stopped" if document.status == "running" and _dead(document.process, updated) else document.status
    return Run(folder.name, folder, status, complaint, info, labels, created, updated)


def _read_labels(folder: Path) -> tuple[Labels, str | None]:
    """Returns the labels and, where they could not be read, why; a run is as good without them."""
    try:
        found = _LabelsDocument.model_validate_json((folder / LABELS_FILE).read_bytes())
    except FileNotFoundError:
        return Labels(), None
    except OSError as error:
        return Labels(), f"{LABELS_FILE} cannot be read: {error}"
    except ValidationError as error:
        return Labels(), f"{LABELS_FILE}: {_complaints(error)}"
    return Labels(found.title or None, found.description, tuple(found.tags), found.archived), None


def _complaints(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, e['loc'])) or 'document'}: {e['msg']}" for e in error.errors())


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _dead(process: Mapping[str, Any], updated: datetime) -> bool:
    """Whether a training that calls itself running is gone: silent for long, or its process has ended."""
    if (datetime.now(UTC) - updated).total_seconds() > SILENT_SECONDS:
        return True
    pid = process.get("pid")
    # On Windows os.kill(pid, 0) would interrupt the process; there only the silence tells.
    if process.get("host") != socket.gethostname() or not isinstance(pid, int) or pid <= 0 or os.name != "posix":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False

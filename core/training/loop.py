"""The training loop that fine-tuning and pre-training share: steps, history, progress, heartbeat, saving.

It knows nothing of questions or objectives. Step k's batch and learning rate depend on k alone, so that a training
killed at any moment goes on from its last saved state to the same result.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import keras
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from core.store.history import HistoryWriter
from core.store.runs import HISTORY_FILE, RESUME_FOLDER, RunWriter
from core.training import event_files, state
from core.training.graphs import use_one_graph

# A metric's sum over examples, and the examples that it was measured on: not every step measures every metric.
_Sums = dict[str, tuple[float, int]]
# Writes one record of the history.
_Log = Callable[[Mapping[str, Any]], None]

LOG_EVERY = 10  # steps
SAVE_EVERY = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class StepBatch:
    """What one step trains on; `tokens` counts pieces without padding."""

    inputs: dict[str, Any]
    targets: Any
    examples: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The course of a training, known before its first step.

    Attributes:
        steps_per_epoch: Steps between two calls of `after_epoch`.
        epochs: Epochs at most.
        batch: Gives the batch of a step (0 is the first).
        learning_rate: Gives the learning rate of a step.
        after_epoch: Called with the epoch's number (1 is the first) and the position; returns the validation
            metrics and whether to stop. What it keeps in `position.notes` survives a kill.
    """

    steps_per_epoch: int
    epochs: int
    batch: Callable[[int], StepBatch]
    learning_rate: Callable[[int], float]
    after_epoch: Callable[[int, "Position"], tuple[Mapping[str, Any], bool]]

    @property
    def total_steps(self) -> int:
        """Steps of the whole training, if it is not stopped early."""
        return self.steps_per_epoch * self.epochs


@dataclass(slots=True)
class Position:
    """Where a training stands; saved with the weights."""

    step: int = 0
    examples: int = 0
    tokens: int = 0
    seconds: float = 0.0
    stopped: bool = False
    sums: "_Sums" = field(default_factory=dict)  # of this epoch's metrics
    notes: dict[str, Any] = field(default_factory=dict)


def run(model: keras.Model, plan: Plan, writer: RunWriter, show_progress: bool = True) -> Position:
    """Trains a compiled model to the plan's end, from the last saved state if there is one.

    Args:
        model: Compiled with an optimizer that has a `gradient_norm`, such as `ClippedAdam`.
        plan: What to train on.
        writer: The run's hold on its folder.
        show_progress: Whether to draw a progress bar on standard error.

    Returns:
        The final position.
    """
    folder = writer.path / RESUME_FOLDER
    use_one_graph(model)
    model.optimizer.build(model.trainable_variables)
    seeds = [v for v in model.non_trainable_variables if "seed_generator" in v.path]
    variables = [*model.trainable_variables, *seeds, *model.optimizer.variables]
    found = state.restore(folder, variables)
    position = Position(**found) if found else Position()
    with (
        HistoryWriter(writer.path / HISTORY_FILE, up_to_step=position.step) as history,
        event_files.writing(writer.info, position.step) as write_event,
        _bar(show_progress) as bar,
    ):
        task = bar.add_task("train", total=plan.total_steps, completed=position.step, note="")
        clock = _Clock(position)

        def log(record: Mapping[str, Any]) -> None:
            history.append(record)
            write_event(record)

        def after_step(note: str) -> None:
            bar.update(task, advance=1, note=note)
            writer.heartbeat(progress=_progress(plan, position, clock))

        saved = time.monotonic()
        while position.step < plan.total_steps and not position.stopped:
            _log_interval(model, plan, position, clock, log, after_step)
            if position.step % plan.steps_per_epoch == 0:
                _end_epoch(plan, position, clock, log)
                writer.update(progress=_progress(plan, position, clock))
            elif time.monotonic() - saved < SAVE_EVERY:
                continue
            state.save(folder, variables, _as_dict(position))
            saved = time.monotonic()
    return position


class _Clock:
    """Seconds of training over all the processes that took part, and the speed of this one."""

    def __init__(self, position: Position):
        self._began = time.monotonic()
        self._before = position.seconds
        self._first_step = position.step

    def seconds(self) -> float:
        return self._before + time.monotonic() - self._began

    def seconds_left(self, position: Position, total_steps: int) -> float | None:
        done = position.step - self._first_step
        return (total_steps - position.step) * (time.monotonic() - self._began) / done if done else None


def _log_interval(
    model: keras.Model,
    plan: Plan,
    position: Position,
    clock: _Clock,
    log: _Log,
    after_step: Callable[[str], None],
) -> None:
    """Trains up to the next logged step (or the epoch's end) and writes its record."""
    began, examples, tokens = clock.seconds(), 0, 0
    sums: _Sums = {}
    while True:
        rate = plan.learning_rate(position.step)
        model.optimizer.learning_rate = rate
        batch = plan.batch(position.step)
        # Keras gives this batch's own means.
        logs = model.train_on_batch(batch.inputs, batch.targets, return_dict=True)
        position.step += 1
        examples += batch.examples
        tokens += batch.tokens
        _add(sums, {name: (float(value) * batch.examples, batch.examples) for name, value in logs.items()})
        metrics = _means(sums)
        seconds = clock.seconds() - began
        note = " ".join(f"{name} {value:.3f}" for name, value in metrics.items())
        after_step(f"{note} {examples / seconds:.1f} examples/s {tokens / seconds:.0f} pieces/s")
        # Counted within the epoch: its end is logged too, and no interval is left over behind it.
        if position.step % plan.steps_per_epoch % LOG_EVERY == 0:
            break
    position.seconds = clock.seconds()
    position.examples += examples
    position.tokens += tokens
    _add(position.sums, sums)
    log(
        _record("step", "train", plan, position)
        | _with_sum(metrics)
        | {
            "learning_rate": rate,
            "gradient_norm": float(model.optimizer.gradient_norm),
            "examples_per_second": examples / seconds,
            "tokens_per_second": tokens / seconds,
        }
    )


def _end_epoch(plan: Plan, position: Position, clock: _Clock, log: _Log) -> None:
    means = _means(position.sums)
    position.sums = {}
    log(_record("epoch", "train", plan, position) | _with_sum(means))
    validation, position.stopped = plan.after_epoch(position.step // plan.steps_per_epoch, position)
    position.seconds = clock.seconds()
    if validation:
        log(_record("epoch", "validation", plan, position) | dict(validation))


def _add(sums: _Sums, more: _Sums) -> None:
    for name, (total, examples) in more.items():
        before, count = sums.get(name, (0.0, 0))
        sums[name] = before + total, count + examples


def _means(sums: _Sums) -> dict[str, float]:
    return {name: total / examples for name, (total, examples) in sums.items()}


def _record(kind: str, split: str, plan: Plan, position: Position) -> dict[str, Any]:
    return {
        "kind": kind,
        "split": split,
        "step": position.step,
        "epoch": position.step / plan.steps_per_epoch,
        "examples": position.examples,
        "tokens": position.tokens,
        "seconds": round(position.seconds, 3),
    }


def _with_sum(metrics: Mapping[str, float]) -> dict[str, float]:
    """Adds the original's measure, start accuracy plus end accuracy (0..2)."""
    both = [metrics[name] for name in ("start_accuracy", "end_accuracy") if name in metrics]
    return dict(metrics) | ({"accuracy_sum": sum(both)} if len(both) == 2 else {})


def _progress(plan: Plan, position: Position, clock: _Clock) -> dict[str, Any]:
    seconds = clock.seconds()
    return {
        "epoch": position.step // plan.steps_per_epoch,
        "epochs": plan.epochs,
        "step": position.step,
        "total_steps": plan.total_steps,
        "examples": position.examples,
        "tokens": position.tokens,
        "seconds": seconds,
        "examples_per_second": position.examples / seconds if seconds else None,
        "seconds_left": clock.seconds_left(position, plan.total_steps),
    }


def _as_dict(position: Position) -> dict[str, Any]:
    return {name: getattr(position, name) for name in Position.__slots__}


def _bar(show: bool) -> Progress:
    columns = (BarColumn(20), MofNCompleteColumn(), TextColumn("{task.fields[note]}"), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), disable=not show)

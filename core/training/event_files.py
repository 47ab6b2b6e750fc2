"""A history as TensorBoard event files too, so that people keep their tools.

Written with TensorBoard's own writer, which needs no TensorFlow, rather than by Keras's callback: that one knows of
epochs and of one loss a batch, while a history has any metric at any step, also after a resumption.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from core.store.history import POSITIONS
from core.store.runs import RunError

KEY = "tensorboard"
"""Where run.json keeps the run's folder of event files."""


def prepare(folder: Path | None, run: str) -> dict[str, str]:
    """Makes sure before a training begins that its event files can be written.

    Args:
        folder: what TensorBoard will be pointed at, or None for no event files.
        run: the run's name: its folder within `folder`.

    Returns:
        What run.json must hold for `writing`.

    Raises:
        RunError: TensorBoard is not installed, or the folder cannot be made.
    """
    if folder is None:
        return {}
    try:
        import tensorboard.summary.writer.event_file_writer  # noqa: F401

        folder.mkdir(parents=True, exist_ok=True)
    except ImportError:
        message = "--tensorboard needs a package that is not installed: pip install tensorboard"
        raise RunError(message) from None
    except OSError as error:
        raise RunError.of(error, folder) from None
    return {KEY: str(folder / run)}


@contextmanager
def writing(info: Mapping[str, Any], step: int) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """Returns the function that writes history records as event files; it does nothing for a run without them.

    Records go to `<folder>/train` and `<folder>/validation`, which TensorBoard overlays. A record is one event at its
    step with one scalar a metric, named `loss` and so on; the records of an epoch (the mean over it in training, the
    scores after it in validation) are named `epoch_loss` and so on, as by Keras's callback. They are on disk when the
    function returns.

    Args:
        info: run.json.
        step: the step that the training goes on from. TensorBoard leaves out what an earlier process wrote behind it,
            for those steps come again.
    """
    if KEY not in info:
        yield lambda record: None
        return
    from tensorboard.compat.proto.event_pb2 import Event, SessionLog
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    files: dict[str, EventFileWriter] = {}
    with ExitStack() as opened:

        def write(record: Mapping[str, Any]) -> None:
            split = record["split"]
            if split not in files:
                files[split] = EventFileWriter(str(Path(info[KEY]) / split))
                opened.callback(files[split].close)
                begin = SessionLog(status=SessionLog.START)
                files[split].add_event(Event(wall_time=time.time(), step=step + 1, session_log=begin))
            prefix = "epoch_" if record["kind"] == "epoch" else ""
            values = [
                Summary.Value(tag=prefix + name, simple_value=value)
                for name, value in record.items()
                if name not in POSITIONS and isinstance(value, int | float)
            ]
            files[split].add_event(Event(wall_time=time.time(), step=record["step"], summary=Summary(value=values)))
            files[split].flush()

        yield write

"""Trains or resumes a tiny run in a process of its own, so that a test can kill it.

    python -m tests.training.child FOLDER train|resume [MOMENT]

MOMENT, where the process kills itself:
    validated   after the second epoch's validation has written the best weights, before the state is saved
    saving      while the third state is being written, before its rename
    weights     after the last step, before the finished weights are written
"""

import os
import signal
import sys
import time
from pathlib import Path

from core.modeling import tensors
from core.store.runs import WEIGHTS_FILE, Store
from core.training import finetune, loop, state
from tests import tiny_run

NAME = "tiny"
SETTINGS = {"training__epochs": 3, "training__batch_size": 4, "training__learning_rate": 2e-3}


def slow_down_and_save_often() -> None:
    """Spreads the steps over time and saves at every logged one, so that a kill may fall anywhere."""
    loop.LOG_EVERY = 2
    loop.SAVE_EVERY = 0.0
    rate = finetune.learning_rate
    finetune.learning_rate = lambda *arguments: time.sleep(0.02) or rate(*arguments)


def die() -> None:
    """As the kernel's out-of-memory killer would do it: nothing is flushed, no handler runs."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(moment: str) -> None:
    """Arranges for the process to kill itself."""
    if moment == "validated":
        score, count = finetune._validate, []

        def validate(*arguments):
            result = score(*arguments)
            count.append(1)
            return result if len(count) < 2 else die()

        finetune._validate = validate
    elif moment == "saving":
        write, written = state.write_atomically, []

        def write_half(path, data):
            written.append(1)
            if len(written) == 3:
                (path.parent / f".{path.name}.half.tmp").write_bytes(data[: len(data) // 2])
                die()
            write(path, data)

        state.write_atomically = write_half
    elif moment == "weights":
        save = tensors.save
        tensors.save = lambda path, *rest, **more: die() if path.name == WEIGHTS_FILE else save(path, *rest, **more)


def main(folder: Path, what: str, moment: str = "") -> None:
    """Trains to the end, if it may."""
    slow_down_and_save_often()
    die_at(moment)
    if what == "train":
        tiny_run.train(folder, NAME, **SETTINGS)
    else:
        finetune.resume(NAME, Store(folder / "checkpoints"), show_progress=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])

"""Readers that many share: loaded once, in the background, and kept while there is room.

TensorFlow is imported and weights are read on one thread of the shelf's own, so that a page can be drawn meanwhile.
"""

import os
import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from core.runs import TOKENIZER_FILE, WEIGHTS_FILE, Run

if TYPE_CHECKING:
    from core.inference.predict import Reader

CAPACITY = 6
"""Runs kept in memory; one of three layers takes about 45 MB."""

# The first batches of a new shape are slow, because TensorFlow traces the network; after one window and several of
# another length it has a version for every shape.
_SHORT, _LONG = "서울은 한국의 수도이다.", "서울은 한국의 수도이다. " * 100

_Key = tuple[object, ...]


class Shelf:
    """Loads runs on request and keeps the latest `capacity` of them; safe to use from many threads."""

    def __init__(self, capacity: int = CAPACITY):
        """Makes an empty shelf; nothing is imported or loaded yet."""
        self._capacity = capacity
        self._loader = ThreadPoolExecutor(1, thread_name_prefix="reader-loader")
        self._held: OrderedDict[_Key, Future[Reader]] = OrderedDict()
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Begins to import TensorFlow in the background, so that the first question waits less."""
        self._loader.submit(_reader_class)

    def request(self, run: Run) -> "Future[Reader]":
        """Returns the future reader of a run, loading it in the background when it is not held.

        The future fails with what `Reader.load` raises. A failure is not kept, and changed files are a new request:
        a repaired run is loaded when it is next asked for.
        """
        key = (_stamp(run, WEIGHTS_FILE), _stamp(run, TOKENIZER_FILE), run.temperature)
        with self._lock:
            held = self._held.get(key)
            if held is None or (held.done() and held.exception() is not None):
                held = self._held[key] = self._loader.submit(_load, run)
            self._held.move_to_end(key)
            while len(self._held) > self._capacity:
                self._held.popitem(last=False)[1].cancel()
            return held


def _stamp(run: Run, file: str) -> tuple[str, int, int]:
    path = run.path / file
    try:
        status = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path), status.st_mtime_ns, status.st_size


def _load(run: Run) -> "Reader":
    reader = _reader_class().load(run)
    for context in (_SHORT, _LONG):
        reader.read("한국의 수도는?", context)
    return reader


def _reader_class() -> "type[Reader]":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's notes on its own start
    from core.inference.predict import Reader  # seconds, and hundreds of megabytes

    return Reader

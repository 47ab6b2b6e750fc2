"""Readers that many share: loaded once, in the background, and kept while there is room.

Weights are read on one thread of the shelf's own, so that a page can be drawn meanwhile.
"""

import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor

from core.answering.reader import Reader
from core.store.runs import TOKENIZER_FILE, WEIGHTS_FILE, Run

CAPACITY = 6
"""Runs kept in memory; one of three layers takes about 40 MiB."""

_Key = tuple[object, ...]


class Shelf:
    """Loads runs on request and keeps the latest `capacity` of them; safe to use from many threads."""

    def __init__(self, capacity: int = CAPACITY):
        """Makes an empty shelf; nothing is loaded yet."""
        self._capacity = capacity
        self._loader = ThreadPoolExecutor(1, thread_name_prefix="reader-loader")
        self._held: OrderedDict[_Key, Future[Reader]] = OrderedDict()
        self._lock = threading.Lock()

    def request(self, run: Run) -> Future[Reader]:
        """Returns the future reader of a run, loading it in the background when it is not held.

        The future fails with what `Reader.load` raises. A failure is not kept, and changed files are a new request:
        a repaired run is loaded when it is next asked for.
        """
        key = (
            _stamp(run, WEIGHTS_FILE),
            _stamp(run, TOKENIZER_FILE),
            run.temperature,
            str(run.get("config", "answering")),
        )
        with self._lock:
            held = self._held.get(key)
            if held is None or (held.done() and held.exception() is not None):
                held = self._held[key] = self._loader.submit(Reader.load, run)
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

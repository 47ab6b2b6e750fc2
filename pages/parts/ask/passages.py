"""Passages too long for an address: kept by this dashboard for a while, named by their content in the address.

So a reload, or a link opened at the same dashboard, has its passage again. Who knows the name has had the passage.
"""

import hashlib
from collections import OrderedDict
from threading import Lock

from pages.parts.shared import loaders

MOST = 200  # passages
MOST_BYTES = 20_000_000  # of all together; the longest passage of Korean letters takes 600,000


class Passages:
    """The passages used last, within limits of number and size; safe to share between sessions."""

    def __init__(self, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def keep(self, passage: str) -> str:
        """Keeps a passage; returns its name, 32 hexadecimal digits."""
        text = passage.encode("utf-8", "surrogatepass")
        name = hashlib.sha256(text).hexdigest()[:32]
        with self._lock:
            self._kept[name] = text
            self._kept.move_to_end(name)
            while len(self._kept) > self._most or sum(map(len, self._kept.values())) > self._most_bytes:
                self._kept.popitem(last=False)
        return name

    def find(self, name: str) -> str | None:
        """Returns the passage of a name, or None where it is not kept, or no longer."""
        with self._lock:
            text = self._kept.get(name)
            if text is None:
                return None
            self._kept.move_to_end(name)
            return text.decode("utf-8", "surrogatepass")


@loaders.cached(1)
def shared() -> Passages:
    """Returns the passages of all sessions."""
    return Passages()

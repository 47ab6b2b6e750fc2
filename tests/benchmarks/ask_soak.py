"""Many sessions ask at once: does each get its own right answer, how soon, and does the memory stay?

    python -m tests.benchmarks.ask_soak RUN RUN [--sessions 20] [--questions 2000]

A dashboard of its own is started on this machine, and as many WebSocket sessions as asked for talk to it as browsers
do: each opens the Ask page, then fills question and passage in again and again. Every answer drawn is compared with
what `core.answering.reader` says. Times are from sending a change until the page is drawn to its end.
"""

import argparse
import asyncio
import html
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import numpy as np
import websockets
from rich.console import Console
from rich.table import Table
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core.answering.reader import Reader
from core.data import catalogue
from core.data.formats import Example
from core.store.runs import ROOT_VARIABLE, Store
from tests.browser.server import served

_PATIENCE = 600  # seconds that one answer may take
_FIELDS = ("text_input", "text_area")  # the question's and the passage's kinds of element


@dataclass
class Session:
    """One reader of the page, in place of a browser.

    Attributes:
        socket: the connection.
        query: the page's address behind the question mark, as the server last wrote it.
        fields: the ids of the question's and the passage's fields.
        answers: the headlines drawn since the last change.
    """

    socket: websockets.ClientConnection
    query: str
    fields: dict[str, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)

    async def ask(self, **values: str) -> float:
        """Changes fields (none to open the page), waits until the page is drawn; returns the seconds."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_name, state.context_info.locale = self.query, "ask", "en-US"
        for name, value in values.items():
            state.widget_states.widgets.add(id=self.fields[name], string_value=value)
        begun = time.perf_counter()
        self.answers.clear()
        await self.socket.send(message.SerializeToString())
        async with asyncio.timeout(_PATIENCE):
            while not self._take(ForwardMsg.FromString(await self.socket.recv(decode=False))):
                pass
        return time.perf_counter() - begun

    def _take(self, message: ForwardMsg) -> bool:
        """Takes what the server draws; returns whether the script has come to its end."""
        kind = message.WhichOneof("type")
        if kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "new_session":
            self.answers.clear()
        elif kind == "delta":
            element = message.delta.new_element
            drawn = element.WhichOneof("type")
            if drawn in _FIELDS and (name := _field(element)):
                self.fields[name] = getattr(element, drawn).id
            elif drawn == "html" and "1.45rem" in element.html.body:
                self.answers.append(html.unescape(element.html.body.split("<bdi>")[1].split("</bdi>")[0]))
            elif drawn == "exception":
                raise RuntimeError(element.exception.message)
        return kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY


def _field(element: object) -> str | None:
    """Returns whether a field is the question's or the passage's."""
    labels = {"Question": "question", "Passage": "passage"}
    return labels.get(getattr(element, element.WhichOneof("type")).label)  # type: ignore[attr-defined]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", nargs=2)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--questions", type=int, default=2000)
    chosen = parser.parse_args()
    store = Store()
    readers = [Reader.load(store.get(name)) for name in chosen.run]
    work = [(example, [_best(reader, example) for reader in readers]) for example in _work(chosen.questions)]
    root = Path(os.environ.get(ROOT_VARIABLE) or store.root).resolve()
    with served(root) as (address, process):
        asyncio.run(_soak(address, process, chosen, work))


async def _soak(address: str, process: int, chosen: argparse.Namespace, work: list[tuple[Example, list[str]]]) -> None:
    """Lets every session take the next question as soon as its last is answered, and prints what came of it."""
    queue = iter(work)
    seconds: list[float] = []
    wrong: list[str] = []
    memory = {"started": _resident(process)}
    begun = time.perf_counter()
    sessions = [await _open(address, chosen.run)]
    print(f"first page of a fresh server, with its answers: {time.perf_counter() - begun:.1f} s")
    sessions += [await _open(address, chosen.run) for _ in range(chosen.sessions - 1)]
    memory["all pages open"] = _resident(process)

    async def run(session: Session) -> None:
        for example, wanted in queue:  # one iterator for all: each question is asked once
            seconds.append(await session.ask(question=example.question, passage=example.context))
            if session.answers != wanted:
                wrong.append(f"{example.question!r}: drawn {session.answers}, predicted {wanted}")
            if len(seconds) in (20, 100, chosen.questions // 4, chosen.questions // 2, chosen.questions):
                memory[f"after {len(seconds):,} questions"] = _resident(process)

    begun = time.perf_counter()
    await asyncio.gather(*(run(session) for session in sessions))
    total = time.perf_counter() - begun
    _print(seconds, total, wrong, memory, chosen.sessions)
    raise SystemExit(bool(wrong))


def _work(questions: int) -> Iterator[Example]:
    """Yields questions of mini-ko over and over, each time with another word, so that none is answered from memory."""
    examples = catalogue.load("mini-ko").examples
    for number in range(questions):
        example = examples[number % len(examples)]
        turn = number // len(examples)
        asked = f"{example.question} {turn}" if turn else example.question
        yield Example(example.id, asked, example.context, (), "", 0, 0)


async def _open(address: str, runs: list[str]) -> Session:
    query = urlencode({"lang": "en", "a": runs[0], "b": runs[1], "question": "x", "passage": "y"})
    url = f"ws://{urlsplit(address).netloc}/_stcore/stream"
    session = Session(await websockets.connect(url, subprotocols=["streamlit"], max_size=None), query)
    await session.ask()
    if len(session.fields) < 2:
        await session.ask()  # the server's first visitor is sent round once
    return session


def _best(reader: Reader, example: Example) -> str:
    best = reader.read(example.question, example.context).spans[0]
    return example.context[best.start : best.end]


def _print(seconds: list[float], total: float, wrong: list[str], memory: dict[str, float], sessions: int) -> None:
    console = Console()
    table = Table("sessions", "questions", "wrong", "questions/s", "median s", "p95 s", "longest s")
    middle, late = np.percentile(seconds, [50, 95])
    figures = [len(seconds) / total, middle, late, max(seconds)]
    table.add_row(str(sessions), f"{len(seconds):,}", str(len(wrong)), *(f"{value:.2f}" for value in figures))
    console.print(table)
    table = Table("the server's memory", "MiB")
    for when, taken in memory.items():
        table.add_row(when, f"{taken:,.0f}")
    console.print(table)
    for line in wrong[:20]:
        print(line)


def _resident(process: int) -> float:
    """Returns the memory that a process holds, MiB."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * 4096 / 2**20


if __name__ == "__main__":
    main()

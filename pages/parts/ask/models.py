"""The dashboard's models: loaded in the background, shared by all sessions, waited for with a word on the screen."""

import time
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core.answering.reader import Reader, Reading
from core.answering.shelf import Shelf
from core.store.runs import WEIGHTS_FILE, Run
from pages.parts.shared import loaders
from pages.parts.shared.language import t

_POLL_SECONDS = 0.15
_LONG = 5_000  # characters: what is read longer is read with a progress bar, and kept by its session alone
_LONG_KEPT = 10  # one question, two runs, five passages
_LONG_KEY = "ask-long"
_Key = tuple[loaders.Stamp, float, str, str]


@dataclass(frozen=True, slots=True)
class Answered:
    """What a run made of a question.

    Attributes:
        reading: its answers, windows and logits.
        seconds: how long that took.
    """

    reading: Reading
    seconds: float


def request(run: Run) -> Future[Reader]:
    """Asks for a run's reader without waiting for it."""
    return _shelf().request(run)


def wait(future: Future[Reader]) -> Reader | BaseException:
    """Returns the reader, or why there is none; says on the screen that it is being loaded until then.

    The page is interrupted at once when the reader leaves or changes something: each turn of the loop draws.
    """
    place, begun = st.empty(), time.monotonic()
    while not future.done():
        place.info(t("ask-loading", seconds=int(time.monotonic() - begun)), icon=":material/hourglass_top:")
        time.sleep(_POLL_SECONDS)
    place.empty()
    return future.exception() or future.result()


def read(run: Run, reader: Reader, question: str, passage: str) -> Answered:
    """Answers a question; the same question to the same weights is answered once. Draws how far it is, if it takes."""
    weights = run.path / WEIGHTS_FILE
    if len(passage) > _LONG:
        return _read_long((loaders.stamp(weights), reader.temperature, question, passage), reader)
    return _read(weights, reader.temperature, question, passage, reader)


@loaders.cached(1)
def _shelf() -> Shelf:
    return Shelf()


@loaders.cached(64)
def _read(weights: Path, temperature: float, question: str, passage: str, _reader: Reader) -> Answered:
    begun = time.perf_counter()
    reading = _reader.read(question, passage)
    return Answered(reading, time.perf_counter() - begun)


def _read_long(key: _Key, reader: Reader) -> Answered:
    kept: dict[_Key, Answered] = st.session_state.setdefault(_LONG_KEY, {})
    if key not in kept:
        begun = time.perf_counter()
        with st.empty():
            reading = reader.read(*key[2:], progress=_draw_progress)
            st.empty()
        kept[key] = Answered(reading, time.perf_counter() - begun)
        for old in list(kept)[:-_LONG_KEPT]:
            del kept[old]
    return kept[key]


def _draw_progress(done: int, total: int) -> None:
    """Draws how many windows were read; a change on the page ends the reading here."""
    st.progress(done / total, t("ask-reading", done=f"{done:,}", total=f"{total:,}"))

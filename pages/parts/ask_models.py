"""The dashboard's models: loaded in the background, shared by all sessions, waited for with a word on the screen."""

import time
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from core.inference.shelf import Shelf
from core.runs import WEIGHTS_FILE, Run
from pages.parts import loaders
from pages.parts.language import t

if TYPE_CHECKING:
    from core.inference.predict import Reader, Reading

_POLL_SECONDS = 0.15


@dataclass(frozen=True, slots=True)
class Answered:
    """What a run made of a question.

    Attributes:
        reading: its answers, windows and logits.
        seconds: how long that took.
    """

    reading: "Reading"
    seconds: float


@st.cache_resource(show_spinner=False)
def warm() -> None:
    """Begins to import TensorFlow in the background, once per server. Call it after a page is drawn."""
    _shelf().warm()


def request(run: Run) -> "Future[Reader]":
    """Asks for a run's reader without waiting for it."""
    return _shelf().request(run)


def wait(future: "Future[Reader]") -> "Reader | BaseException":
    """Returns the reader, or why there is none; says on the screen that it is being loaded until then.

    The page is interrupted at once when the reader leaves or changes something: each turn of the loop draws.
    """
    place, begun = st.empty(), time.monotonic()
    while not future.done():
        place.info(t("ask-loading", seconds=int(time.monotonic() - begun)), icon=":material/hourglass_top:")
        time.sleep(_POLL_SECONDS)
    place.empty()
    return future.exception() or future.result()


def read(run: Run, reader: "Reader", question: str, passage: str) -> Answered:
    """Answers a question; the same question to the same weights is answered once."""
    return _read(loaders.stamp(run.path / WEIGHTS_FILE), question, passage, reader)


@st.cache_resource(show_spinner=False)
def _shelf() -> Shelf:
    return Shelf()


@st.cache_resource(show_spinner=False, max_entries=64)
def _read(weights: loaders.Stamp, question: str, passage: str, _reader: "Reader") -> Answered:
    begun = time.perf_counter()
    reading = _reader.read(question, passage)
    return Answered(reading, time.perf_counter() - begun)

"""Whether a run has met the question or the passage in its training."""

import unicodedata
from typing import Literal

import streamlit as st

from core.data import sources
from core.data.squad import DatasetError
from core.runs import Run
from pages.parts import loaders
from pages.parts.ask_input import Asked


def met(run: Run, asked: Asked) -> tuple[Literal["question", "passage"], str] | None:
    """Returns what the run was trained with, the question with its passage or the passage alone, and in which dataset.

    Only training data that is on this machine can be looked at; the rest counts as not met.
    """
    question, passage = _same(asked.question), _same(asked.passage)
    for data in run.get("datasets", "train") or []:
        name = data.get("name") if isinstance(data, dict) else None
        if not isinstance(name, str) or name not in sources.DATASETS or sources.find(name) is None:
            continue
        questions = _questions(name).get(passage)
        if questions is not None:
            return ("question" if question in questions else "passage"), name
    return None


@st.cache_resource(show_spinner=False)
def _questions(name: str) -> dict[str, set[str]]:
    """Returns the questions of every passage of a dataset."""
    found: dict[str, set[str]] = {}
    try:
        for example in loaders.dataset(name).examples:
            found.setdefault(_same(example.context), set()).add(_same(example.question))
    except DatasetError:
        pass  # not usable here, hence not known
    return found


def _same(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())

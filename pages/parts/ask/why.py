"""Why this answer: what each word of the question does for it, which it attends to, and asking again without one."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from core.answering import explain
from core.answering.explain import Ablation
from core.answering.spans import Span
from core.reports.palette import BAD, GOOD, MUTED, tint
from core.store.runs import WEIGHTS_FILE, Run
from pages.parts.ask import inputs
from pages.parts.ask.answer import visible
from pages.parts.ask.inputs import Asked
from pages.parts.ask.models import Answered
from pages.parts.shared import loaders
from pages.parts.shared.format import markdown
from pages.parts.shared.language import t

if TYPE_CHECKING:
    from core.answering.reader import Reader

MOST_WORDS = 40
MOST_WINDOWS = 400  # words times windows: some ten seconds of reading
Side = tuple[str, Run, "Reader", Answered]


def show(asked: Asked, sides: Sequence[Side]) -> None:
    """Draws the words of the question and what leaving each out does to the runs' answers.

    Args:
        asked: the question.
        sides: letter, run, reader and answers of each run that has an answer.
    """
    words = explain.without(asked.question)
    windows = max(len(answered.reading.windows) for *_, answered in sides)
    if len(words) < 2:
        st.info(t("ask-why-one-word"))
        return
    if len(words) > MOST_WORDS or len(words) * windows > MOST_WINDOWS:
        st.info(t("ask-why-too-long", words=MOST_WORDS, windows=MOST_WINDOWS))
        return
    st.caption(t("ask-why-reading"))
    table: dict[str, list[object]] = {"word": [visible(word) for word, _ in words]}
    titles, probabilities = {}, {}
    for side, run, reader, answered in sides:
        best = answered.reading.spans[0]
        with st.spinner(t("ask-why-busy")):
            weights = run.path / WEIGHTS_FILE, reader.temperature
            found = _ablate(weights, asked.question, asked.passage, best, reader)
            attention = explain.attention(reader, asked.question, answered.reading, best)
        table[f"change-{side}"] = [100 * (a.probability - best.probability) for a in found]
        table[f"attention-{side}"] = 100 * attention / max(attention.sum(), 1e-9)
        table[f"answer-{side}"] = [_changed(a, best, asked.passage) for a in found]
        probabilities[side] = best.probability
        titles[side] = t("ask-why-title", run=f"{side} · {run.title}", percent=f"{100 * attention.sum():.0f}")
    _table(pd.DataFrame(table), titles, probabilities)
    st.caption(t("ask-why-attention"))
    st.caption(t("ask-why-again"))
    with st.container(horizontal=True, key="ask-without"):
        for number, (word, rest) in enumerate(words):
            identity = hashlib.sha256(f"{number} {asked.question}".encode("utf-8", "replace")).hexdigest()
            st.button(
                markdown(visible(word)),
                key=f"without-{identity}",
                icon=":material/close:",
                on_click=inputs.ask_again,
                args=(rest,),
            )


def _changed(ablation: Ablation, best: Span, passage: str) -> str | None:
    """Returns the new answer, or None when it is still the old one."""
    now = ablation.answer
    if now is None or (now.start, now.end) == (best.start, best.end):
        return None
    return visible(" ".join(passage[now.start : now.end].split()))


def _table(table: pd.DataFrame, titles: dict[str, str], probabilities: dict[str, float]) -> None:
    columns = {"word": st.column_config.TextColumn(t("ask-why-word"), pinned=True)}
    for side, title in titles.items():
        columns[f"change-{side}"] = st.column_config.NumberColumn(
            t("ask-why-change", side=side), format="%+.1f", help=title
        )
        columns[f"attention-{side}"] = st.column_config.NumberColumn(
            t("ask-why-share", side=side), format="%.0f%%", help=title
        )
        columns[f"answer-{side}"] = st.column_config.TextColumn(t("ask-why-answer", side=side), help=title)
    shaded = table.style
    for side, probability in probabilities.items():
        shaded = shaded.map(_shade, subset=[f"change-{side}"], whole=100 * probability)
        shaded = shaded.map(_shade_attention, subset=[f"attention-{side}"])
    st.dataframe(shaded, hide_index=True, column_config=columns, placeholder=t("ask-why-same"), alt=t("ask-why"))


def _shade(change: float, whole: float) -> str:
    """Returns a background: the more of its whole probability the answer loses without the word, the stronger."""
    alpha = min(abs(change) / whole, 1) * 0.55
    return f"background-color: {tint(BAD if change < 0 else GOOD, alpha)}"


def _shade_attention(share: float) -> str:
    """Returns a grey background: attention has no direction, and is no measure of what matters."""
    return f"background-color: {tint(MUTED, share / 100 * 0.55)}"


@loaders.cached(32)
def _ablate(weights: tuple[Path, float], question: str, passage: str, _best: Span, _reader: "Reader") -> list[Ablation]:
    return explain.leave_one_out(_reader, question, passage, _best)

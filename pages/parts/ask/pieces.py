"""What a run really reads: the pieces of the passage, and the windows they are read through."""

import html
from typing import TYPE_CHECKING

import streamlit as st

from core.reports.palette import MUTED, tint
from pages.parts.ask.answer import shown_pieces, visible
from pages.parts.ask.models import Answered
from pages.parts.shared.language import t

if TYPE_CHECKING:
    from core.answering.reader import Reader

_MOST = 2_000  # pieces drawn


def show(reader: "Reader", answered: Answered, question: str, passage: str) -> None:
    """Draws the question's and the passage's pieces, and a table of the windows."""
    windows = answered.reading.windows
    ids = windows[0].token_ids[1 : windows[0].context_start - 1]
    st.caption(t("ask-pieces-question", pieces=len(ids)))
    st.html(_line([visible(reader.tokenizer.piece(int(i)).replace("▁", " ").strip()) or "␣" for i in ids]))
    if len(reader.tokenizer.encode(question)) > len(ids):
        st.warning(t("ask-pieces-question-cut", pieces=len(ids)))
    spans = shown_pieces(answered)
    st.caption(t("ask-pieces-passage", pieces=f"{len(spans):,}"))
    st.html(_line([visible(passage[start:end]) for start, end in spans[:_MOST]]))
    if len(spans) > _MOST:
        st.caption(t("ask-pieces-cut", pieces=f"{_MOST:,}"))
    rows = {
        "window": range(1, len(windows) + 1),
        "pieces": [len(window) for window in windows],
        "from": [int(window.starts[0]) + 1 if len(window.starts) else None for window in windows],
        "to": [int(window.ends[-1]) if len(window.ends) else None for window in windows],
    }
    st.dataframe(
        rows,
        hide_index=True,
        height=min(38 + 35 * len(windows), 250),
        column_config={name: t(f"ask-window-{name}") for name in rows},
        alt=t("ask-windows"),
    )


def _line(pieces: list[str]) -> str:
    """Returns pieces as framed chips; neighbours also differ in shade."""
    chips = (
        f'<span style="border:1px solid {tint(MUTED, 0.45)};border-radius:3px;padding:0 .25em;margin:1px;'
        f'display:inline-block;background:{tint(MUTED, 0.18 if number % 2 else 0.04)}">'
        f"<bdi>{html.escape(piece)}</bdi></span>"
        for number, piece in enumerate(pieces)
    )
    return (
        f'<div style="line-height:1.9;overflow-wrap:anywhere;max-height:320px;overflow-y:auto">{"".join(chips)}</div>'
    )

"""One run's answer: marked in the passage, with its probability, its rivals, and where it might begin and end."""

import hashlib
import html
from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.answering import explain
from core.answering.spans import Span
from core.reports.palette import GOLD, MUTED
from core.scoring import metrics
from core.scoring.calibration import NOT_SURE_BELOW
from core.store.runs import Run
from pages.parts.ask import reliability
from pages.parts.ask.inputs import Asked
from pages.parts.ask.models import Answered
from pages.parts.shared import highlight, palette
from pages.parts.shared.highlight import Mark
from pages.parts.shared.language import t

_HEIGHT = 420  # pixels; a longer passage scrolls
_LONG = 900  # characters that fit without scrolling
_FAINTEST = 0.002  # smaller probabilities would not be seen
# Characters that the screen would swallow or obey are shown as signs of the same length, so that offsets hold.
_SIGNS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\n\t"} | {0x7F: 0x2421}
_SIGNS |= dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0x80, 0xA0)], 0xFFFD)


def visible(text: str) -> str:
    """Returns a text of the same length in which control and direction-changing characters are seen, not obeyed."""
    return text.translate(_SIGNS)


def show(side: str, run: Run, color: str, asked: Asked, answered: Answered) -> None:
    """Draws a run's answer.

    Args:
        side: "A" or "B".
        run: the run.
        color: its colour, `#rrggbb`.
        asked: the question.
        answered: what the run made of it.
    """
    spans = answered.reading.spans
    if not spans:
        st.warning(t("ask-no-answer"), icon=":material/block:")
        return
    best = spans[0]
    probability = answered.reading.text_probability
    _headline(asked.passage[best.start : best.end], probability, best.probability, run, asked)
    other = _passage_and_rivals(side, run, color, asked, spans)
    starts, ends = explain.boundaries(answered.reading)
    st.html(strip(starts, ends, [best, *other], color, (t("ask-strip-start"), t("ask-strip-end"))))
    st.caption(t("ask-strip-reading"))
    pieces = len(shown_pieces(answered))
    st.caption(
        t(
            "ask-cost",
            milliseconds=f"{1000 * answered.seconds:,.0f}",
            windows=len(answered.reading.windows),
            pieces=f"{pieces:,}",
        )
    )


def strip(starts: np.ndarray, ends: np.ndarray, spans: Sequence[Span], color: str, labels: tuple[str, str]) -> str:
    """Returns two rows of bars along the passage as HTML: how probable a start and an end are at each character.

    Args:
        starts: float (characters,), as `explain.boundaries` gives it.
        ends: the same for the last character.
        spans: shown as bands behind the bars.
        color: of the bars, `#rrggbb`.
        labels: what the two rows are called.
    """
    length = len(starts)
    bands = "".join(
        f'<div style="position:absolute;top:0;bottom:0;left:{100 * s.start / length:.2f}%;min-width:3px;'
        f'width:{100 * (s.end - s.start) / length:.2f}%;background:color-mix(in srgb,{color} 20%,transparent)"></div>'
        for s in spans
    )
    rows = []
    for label, row in zip(labels, (starts, ends), strict=True):
        bars = "".join(
            f'<div style="position:absolute;bottom:0;left:{100 * i / length:.2f}%;width:3px;'
            f'height:{max(4, 100 * row[i]):.0f}%;background:{color}"></div>'
            for i in np.flatnonzero(row >= _FAINTEST)
        )
        said = html.escape(f"{label}: {int(row.argmax()) + 1} / {length}, {100 * row.max():.0f} %", quote=True)
        rows.append(
            '<div style="display:flex;align-items:end;gap:.6em;margin-top:4px">'
            f'<span style="flex:0 0 2.6em;font-size:.8em;opacity:.75">{html.escape(label)}</span>'
            f'<div role="img" aria-label="{said}" title="{said}" style="position:relative;flex:1;height:26px;'
            f'border-bottom:1px solid {MUTED}">{bands}{bars}</div></div>'
        )
    return "".join(rows)


def shown_pieces(answered: Answered) -> list[tuple[int, int]]:
    """Returns start and end (exclusive) of each of the passage's pieces that covers any character, in order."""
    return sorted(
        (int(start), int(end))
        for window in answered.reading.windows
        for start, end, mine in zip(window.starts, window.ends, window.is_max_context, strict=True)
        if mine and end > start
    )


def _headline(answer: str, probability: float, here: float, run: Run, asked: Asked) -> None:
    """Draws the answer, how sure it is (in all its places, and `here`), and whether it is right where that is known."""
    st.html(
        '<div style="font-size:1.45rem;font-weight:650;line-height:1.35;overflow-wrap:anywhere">'
        f"<bdi>{html.escape(visible(answer))}</bdi></div>"
    )
    st.progress(min(probability, 1.0), t("ask-probability", percent=reliability.percent(probability)))
    if reliability.percent(probability) != reliability.percent(here):
        st.caption(t("ask-probability-places", percent=reliability.percent(here)))
    with st.container(horizontal=True):
        if asked.example:
            golds = [gold.text for gold in asked.example.answers]
            good = metrics.exact_match(answer, golds)
            icon = ":material/check:" if good else ":material/close:"
            st.badge(t("ask-right" if good else "ask-wrong"), icon=icon, color=palette.BADGES[good])
        if probability < NOT_SURE_BELOW:
            st.badge(t("ask-not-sure"), icon=":material/help:", color="gray")
    reliability.show(run, probability)


def _passage_and_rivals(side: str, run: Run, color: str, asked: Asked, spans: Sequence[Span]) -> list[Span]:
    """Draws the passage over the n best answers; a chosen rival is marked too, and returned."""
    above = st.container(height=_HEIGHT if len(asked.passage) > _LONG else "content", border=False)
    rows = {
        "answer": [visible(" ".join(asked.passage[s.start : s.end].split())) for s in spans],
        "probability": [s.probability for s in spans],
        "place": [f"{s.start + 1}–{s.end}" for s in spans],
    }
    identity = "\0".join([side, run.name, asked.question, asked.passage])
    selection = st.dataframe(
        rows,
        hide_index=True,
        height=38 + 35 * min(len(spans), 5),
        column_config={
            "answer": st.column_config.TextColumn(t("ask-column-answer"), width="medium"),
            "probability": st.column_config.ProgressColumn(
                t("ask-column-probability"), format="percent", min_value=0, max_value=1, width="small"
            ),
            "place": st.column_config.TextColumn(t("ask-column-place"), width="small", help=t("ask-column-place-help")),
        },
        on_select="rerun",
        selection_mode="single-row",
        key="nbest-" + hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest(),
        alt=t("ask-rivals"),
    )
    chosen = [spans[row] for row in selection["selection"]["rows"] if row]
    marks = [Mark(side, spans[0].start, spans[0].end, color)]
    marks += [Mark(f"{side}{spans.index(s) + 1}", s.start, s.end, color, "dashed") for s in chosen]
    if asked.example:
        gold = asked.example.answers[0]
        marks.append(Mark(t("ask-gold"), gold.start, gold.end, GOLD, "double"))
    with above:
        highlight.show(visible(asked.passage), marks)
    return chosen

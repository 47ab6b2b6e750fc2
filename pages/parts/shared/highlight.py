"""Answers marked in a passage, by character offset. Marks differ by letter and line as well as by colour."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import streamlit as st

from core.reports.palette import MUTED, tint


@dataclass(frozen=True, slots=True)
class Mark:
    """One marked span.

    Attributes:
        label: shown before the span and read aloud: "A", "B", "gold" in the reader's language ...
        start: first character of the span (inclusive).
        end: after the last character (exclusive); a mark with end <= start marks nothing.
        color: `#rrggbb`.
        line: how the underline looks: "solid", "dashed", "dotted" or "double".
    """

    label: str
    start: int  # inclusive
    end: int  # exclusive
    color: str
    line: str = "solid"


@dataclass(frozen=True, slots=True)
class Border:
    """A border drawn between two characters, such as where a model's window begins.

    Attributes:
        label: what is drawn.
        position: the character before which it stands; the passage's length for its end.
        meaning: what is read aloud and shown under the pointer.
    """

    label: str
    position: int
    meaning: str


def passage(context: str, marks: Sequence[Mark], borders: Sequence[Border] = ()) -> str:
    """Returns a passage as HTML with all marks; overlapping marks are underlined one below the other.

    Every character of the passage is escaped. Offsets count characters of `context`.

    Raises:
        ValueError: a mark that lies outside the passage.
    """
    for mark in marks:
        if mark.start < mark.end and not 0 <= mark.start < mark.end <= len(context):
            raise ValueError(f"mark {mark.label!r} {mark.start}-{mark.end} is outside 0-{len(context)}")
    drawn = [mark for mark in marks if mark.start < mark.end]
    bounds = {*(m.start for m in drawn), *(m.end for m in drawn), *(border.position for border in borders)}
    edges = sorted({0, len(context), *bounds})
    pieces = []
    for start, end in pairwise(edges):
        here = [(level, mark) for level, mark in enumerate(drawn) if mark.start <= start < mark.end]
        piece = html.escape(context[start:end])
        for level, mark in here:
            piece = f'<span style="{_css(mark, level, tinted=len(here) == 1)}">{piece}</span>'
        labels = "".join(_label(mark) for mark in drawn if mark.start == start)
        pieces.append(_borders(borders, start) + labels + piece)
    pieces.append(_borders(borders, len(context)))
    return f'<div style="line-height:2.3;white-space:pre-wrap;overflow-wrap:anywhere">{"".join(pieces)}</div>'


def show(context: str, marks: Sequence[Mark], borders: Sequence[Border] = ()) -> None:
    """Draws a passage with its marks and borders."""
    st.html(passage(context, marks, borders))


def _css(mark: Mark, level: int, tinted: bool) -> str:
    background = f"background:color-mix(in srgb,{mark.color} 16%,transparent);" if tinted else ""
    return (
        f"{background}border-bottom:3px {mark.line} {mark.color};padding-bottom:{1 + 4 * level}px;"
        "box-decoration-break:clone;-webkit-box-decoration-break:clone"
    )


def _label(mark: Mark) -> str:
    return (
        f'<b style="color:{mark.color};font-size:.72em;vertical-align:super;margin:0 .2em">'
        f"{html.escape(mark.label)}</b>"
    )


def _borders(borders: Sequence[Border], position: int) -> str:
    return "".join(
        f'<span role="note" title="{html.escape(border.meaning, quote=True)}" '
        f'aria-label="{html.escape(border.meaning, quote=True)}" '
        'style="font-size:.75em;font-weight:600;white-space:nowrap;padding:0 .3em;margin:0 .15em;border-radius:3px;'
        f'background:{tint(MUTED, 0.22)}">{html.escape(border.label)}</span>'
        for border in borders
        if border.position == position
    )

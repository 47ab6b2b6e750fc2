"""Answers marked in a passage, by character offset. Marks differ by letter and line as well as by colour."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import streamlit as st


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


def passage(context: str, marks: Sequence[Mark]) -> str:
    """Returns a passage as HTML with all marks; overlapping marks are underlined one below the other.

    Every character of the passage is escaped. Offsets count characters of `context`.

    Raises:
        ValueError: a mark that lies outside the passage.
    """
    for mark in marks:
        if mark.start < mark.end and not 0 <= mark.start < mark.end <= len(context):
            raise ValueError(f"mark {mark.label!r} {mark.start}-{mark.end} is outside 0-{len(context)}")
    drawn = [mark for mark in marks if mark.start < mark.end]
    edges = sorted({0, len(context), *(m.start for m in drawn), *(m.end for m in drawn)})
    pieces = []
    for start, end in pairwise(edges):
        here = [(level, mark) for level, mark in enumerate(drawn) if mark.start <= start < mark.end]
        piece = html.escape(context[start:end])
        for level, mark in here:
            piece = f'<span style="{_css(mark, level, tinted=len(here) == 1)}">{piece}</span>'
        labels = "".join(_label(mark) for mark in drawn if mark.start == start)
        pieces.append(labels + piece)
    return f'<div style="line-height:2.3;white-space:pre-wrap;overflow-wrap:anywhere">{"".join(pieces)}</div>'


def show(context: str, marks: Sequence[Mark]) -> None:
    """Draws a passage with its marks."""
    st.html(passage(context, marks))


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

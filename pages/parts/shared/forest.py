"""Differences with their intervals, one below the other around zero."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from core.reports.palette import FIGURE, MUTED
from core.texts.message import interval, signed
from pages.parts.shared import charts, language
from pages.parts.shared.format import plotly


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the plot.

    Attributes:
        name: plain text; a long one breaks at its bracket.
        difference: points.
        low: lower bound of the interval; `high` the upper one; both NaN or None where it cannot be told: the mark is
            gray then. A row without a difference is the heading of the next.
        expected: a second, thin mark: what is left of the difference after shrinking.
        color: `#rrggbb`.
        symbol: of Plotly's markers.
    """

    name: str
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    expected: float | None = None
    color: str = FIGURE
    symbol: str = "circle"


def show(rows: Sequence[Row], *, x_title: str, key: str, what: str, row_height: int) -> None:
    """Draws the plot.

    Args:
        rows: from top to bottom.
        x_title: label of the axis of differences.
        key: of the element.
        what: what is plotted, for readers who do not see it; the figures are added.
        row_height: pixels.
    """
    figure = charts.figure(x_title=x_title, y_title="", height=90 + row_height * len(rows))
    ticks = {"tickmode": "array", "tickvals": [*range(len(rows))], "ticktext": [_label(row) for row in rows]}
    vertical = {"range": [len(rows) - 0.5, -0.5], "showgrid": False, "fixedrange": True, **ticks}
    figure.update_layout(hovermode="closest", yaxis=vertical, showlegend=False)
    figure.add_vline(x=0, line=charts.REFERENCE, layer="below")
    points = [(position, row, row.difference) for position, row in enumerate(rows) if row.difference is not None]
    for position, row, difference in points:
        color = row.color if _bounds(row) else MUTED
        figure.add_trace(
            go.Scatter(
                x=[difference],
                y=[position],
                mode="markers",
                marker={"size": 11, "symbol": row.symbol, "color": color, "line": {"width": 2, "color": color}},
                error_x=_bar(row, difference, row_height),
                hovertemplate=f"{plotly(row.name)}<br>{_figures(row)}<extra></extra>",
            )
        )
    expected = [(row.expected, position) for position, row in enumerate(rows) if row.expected is not None]
    if expected:
        marks = {"size": 13, "symbol": "line-ns-open", "color": FIGURE, "line": {"width": 2, "color": FIGURE}}
        x, y = zip(*expected, strict=True)
        figure.add_scatter(x=x, y=y, mode="markers", marker=marks, hovertemplate="%{x:+.1f}<extra></extra>")
    for position, row in enumerate(rows):
        if row.difference is None:  # inside the plot: as a label it would take its width from all the others
            heading = {"text": f"<b>{plotly(row.name)}</b>", "showarrow": False, "font": {"size": 12}}
            figure.add_annotation(x=0, xref="x domain", xanchor="left", y=position, **heading)
    ends = [end for _, row, difference in points for end in (*(_bounds(row) or ()), difference)]
    least, most = min(0.0, *ends), max(0.0, *ends)
    room = max(1.0, 0.12 * (most - least))
    figure.update_xaxes(range=[least - room, most + room])
    said = "; ".join(row.name if row.difference is None else f"{row.name} {_figures(row)}" for row in rows)
    charts.show(figure, key=key, alt=f"{what}: {said}")


def _bounds(row: Row) -> tuple[float, float] | None:
    return None if row.low is None or row.high is None or math.isnan(row.low) else (row.low, row.high)


def _bar(row: Row, difference: float, row_height: int) -> dict[str, Any] | None:
    if not (bounds := _bounds(row)):
        return None
    ends = {"array": [bounds[1] - difference], "arrayminus": [difference - bounds[0]]}
    width = min(8, row_height // 4)
    return {"type": "data", "symmetric": False, **ends, "thickness": 2.5, "width": width, "color": row.color}


def _label(row: Row) -> str:
    if row.difference is None:
        return ""
    return plotly(row.name).replace("(", "<br>(", 1) if len(row.name) > 16 else plotly(row.name)


def _figures(row: Row) -> str:
    return f"{signed(row.difference or 0)} ({interval(row.low, row.high, language.current())})"

"""The chart of one metric over training: what the Learning curves page lays over each other."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from core.reports.palette import tint
from core.store.runs import Run
from pages.parts.learning_curves import curves
from pages.parts.learning_curves.curves import Curve
from pages.parts.shared import charts, format, loaders
from pages.parts.shared.language import t
from pages.parts.shared.palette import Style

POINTS = 20_000  # of all lines of a chart together; more makes the browser slow


@dataclass(frozen=True, slots=True)
class View:
    """What the reader wants to see."""

    metrics: tuple[str, ...]
    splits: tuple[str, ...]
    x: str
    log_x: bool
    log_y: bool
    smoothing: float
    grouped: bool
    image: str  # what the chart's camera saves, of `charts.IMAGES`
    window: tuple[float, float] | None = None  # the stretch of the x axis, both ends inclusive; None for all of it


def chart(
    found: Sequence[Curve],
    runs: Sequence[Run],
    view: View,
    styles: Mapping[str, Style],
    labels: Mapping[str, str],
) -> go.Figure:
    """Returns the chart of one metric: training thin, validation thick with markers, the best epoch as a star."""
    figure = charts.figure(x_title=t(f"learning-curves-x-{view.x}"), y_title="", height=360)
    points = max(POINTS // max(len(found), 1), 100)
    named = set()
    for curve in found:
        _add_line(figure, curve, view, styles[curve.name], labels[curve.name], points, curve.name not in named)
        named.add(curve.name)
    if not view.grouped:
        _add_best(figure, found, runs, view, styles)
    if view.window:
        figure.update_xaxes(range=[math.log10(max(x, 1e-9)) if view.log_x else x for x in view.window])
    figure.update_xaxes(type="log" if view.log_x else "linear")
    figure.update_yaxes(type="log" if view.log_y else "linear")
    return figure


def _add_line(
    figure: go.Figure,
    curve: Curve,
    view: View,
    style: Style,
    label: str,
    points: int,
    in_legend: bool,
) -> None:
    """Adds one curve: its range over seeds, its raw line (faint when smoothed), its smoothed line."""
    validation = curve.split == "validation"
    inside = curves.inside(curve.x, view.window)
    keep = inside.start + curves.reduce(curve.y[inside], points)
    x, y = curve.x[keep], curve.y[keep]
    name = format.plotly(label) + (f" ({curve.runs})" if curve.runs > 1 else "")
    shared = {"legendgroup": curve.name, "mode": "lines"}
    if curve.low is not None and curve.high is not None:
        band = np.concatenate([curve.low[keep], curve.high[keep][::-1]])
        figure.add_scatter(
            x=np.concatenate([x, x[::-1]]),
            y=band,
            fill="toself",
            fillcolor=tint(style.color, 0.15),
            line={"width": 0},
            hoverinfo="skip",
            showlegend=False,
            **shared,
        )
    smoothed = view.smoothing > 0 and not validation
    if smoothed:
        faint = {"color": tint(style.color, 0.3), "width": 1}
        figure.add_scatter(x=x, y=y, line=faint, hoverinfo="skip", showlegend=False, **shared)
        y = curves.smooth(curve.y, view.smoothing)[keep]
    marker = {"symbol": style.symbol, "size": 8, "color": style.color}
    figure.add_scatter(
        x=x,
        y=y,
        name=name,
        showlegend=in_legend,
        line={
            "color": style.color if validation else tint(style.color, 0.8),
            "dash": style.dash,
            "width": 2.5 if validation else 1.3,
        },
        marker=marker,
        hovertemplate=f"{name}, {t(f'learning-curves-split-{curve.split}')}: %{{y:.4g}}<extra></extra>",
        **(shared | {"mode": "lines+markers" if validation and len(x) <= 60 else "lines"}),
    )


def _add_best(
    figure: go.Figure, found: Sequence[Curve], runs: Sequence[Run], view: View, styles: Mapping[str, Style]
) -> None:
    """Marks the epoch whose weights a run kept, on its validation curve."""
    by_name = {run.name: run for run in runs}
    for curve in found:
        where = _best_x(by_name[curve.name], view.x)
        value = None if where is None else curves.at(curve, where)
        if curve.split != "validation" or value is None:
            continue
        color = styles[curve.name].color
        figure.add_scatter(
            x=[where],
            y=[value],
            mode="markers",
            marker={"symbol": "star", "size": 16, "color": color, "line": {"width": 1, "color": "white"}},
            hovertemplate=t("learning-curves-best") + "<extra></extra>",
            legendgroup=curve.name,
            showlegend=False,
        )


def _best_x(run: Run, x: str) -> float | None:
    """Returns where on the x axis a run's best epoch ended, by its validation record."""
    step, history = run.number("best", "step"), loaders.history(run)
    if step is None or not {"split", "step", x} <= set(history.columns):
        return None
    rows = history[(history["split"] == "validation") & (history["step"] == step)]
    return float(rows[x].iloc[-1]) if len(rows) and math.isfinite(rows[x].iloc[-1]) else None

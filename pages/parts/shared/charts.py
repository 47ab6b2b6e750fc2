"""How charts look. A run keeps its colour, dash and marker on all pages, so that colour is never needed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from core.store.runs import Run

# Contrast to both themes' backgrounds is at least 3:1 (WCAG 2.2, 1.4.11).
COLORS = (
    "#3B7DD8",
    "#D95F02",
    "#1B9E77",
    "#C2408F",
    "#8F6FE0",
    "#A67C00",
    "#0E93A8",
    "#E0524F",
    "#7A8A1F",
    "#77787B",
)
DASHES = ("solid", "dash", "dashdot", "dot", "longdash", "longdashdot")
# Seven, so that colour, dash and marker together repeat only after 210 runs.
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "pentagon")
IMAGES = ("svg", "png")
CLEAR = "rgba(0,0,0,0)"
_NOISE = ("select2d", "lasso2d", "autoScale2d")
_BROWSER_ZOOM = ("zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d")


@dataclass(frozen=True, slots=True)
class Style:
    """How a run is drawn."""

    color: str
    dash: str
    symbol: str


def styles(runs: Sequence[Run]) -> dict[str, Style]:
    """Returns each run's style by name.

    Args:
        runs: the WHOLE store (`loaders.runs()`), in its order: oldest first, so that new runs change
            nobody's style.
    """
    return {run.name: style(position) for position, run in enumerate(runs)}


def style(position: int) -> Style:
    """Returns the style of the run at a position of the store."""
    return Style(*(options[position % len(options)] for options in (COLORS, DASHES, SYMBOLS)))


def tint(color: str, alpha: float) -> str:
    """Returns a `#rrggbb` colour as `rgba(...)` with an opacity of 0..1."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def figure(*, x_title: str, y_title: str, height: int = 420) -> go.Figure:
    """Returns an empty figure in the house style.

    Args:
        x_title: label of the x axis; untrusted text must have gone through `format.plotly`.
        y_title: label of the y axis, as above.
        height: in pixels.
    """
    grid = {"showgrid": True, "gridcolor": "rgba(128,128,128,.18)", "zeroline": False, "automargin": True}
    spike = {"spikecolor": "rgba(128,128,128,.7)", "spikethickness": 1, "spikedash": "dot"}
    figure = go.Figure()
    figure.update_layout(
        height=height,
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        hovermode="x unified",
        hoverlabel={"namelength": -1},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "title": None},
        xaxis={"title": x_title, **grid, **spike},
        yaxis={"title": y_title, **grid},
    )
    return figure


def show(
    figure: go.Figure,
    *,
    key: str,
    alt: str,
    image: str = IMAGES[0],
    on_zoom: Callable[[float, float], None] | None = None,
) -> None:
    """Draws a figure over the whole width.

    Streamlit draws a Plotly chart whose data changed from scratch, whatever its `uirevision`, so that a zoom in the
    browser does not outlive an update. A chart that changes by itself therefore takes `on_zoom`: dragging over a
    stretch of the x axis calls it, and the page draws that stretch from then on.

    Args:
        figure: what `figure` began.
        key: of the element.
        alt: what the chart shows, for readers who do not see it.
        image: what its camera saves, of `IMAGES`.
        on_zoom: gets the stretch's beginning and end in the axis's units. None: zooming is left to the browser.
    """
    config: dict[str, Any] = {
        "displaylogo": False,
        "responsive": True,
        "toImageButtonOptions": {"format": image, "filename": key, "scale": 1 if image == "svg" else 2},
        "modeBarButtonsToRemove": [*_NOISE],
    }
    if on_zoom is None:
        st.plotly_chart(figure, width="stretch", key=key, config=config, alt=alt)
        return

    def selected() -> None:
        boxes = st.session_state[key]["selection"]["box"]
        if boxes:
            on_zoom(*sorted(map(float, boxes[0]["x"])))

    figure.update_layout(dragmode="select", selectdirection="h")
    config["modeBarButtonsToRemove"] = [*_BROWSER_ZOOM, *_NOISE]
    st.plotly_chart(figure, width="stretch", key=key, config=config, alt=alt, on_select=selected, selection_mode="box")

"""How charts look: the house style of a figure, and how one is drawn over the whole width."""

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from core.reports.palette import CLEAR, MUTED, tint

IMAGES = ("svg", "png")
REFERENCE = {"color": tint(MUTED, 0.9), "width": 1.5, "dash": "dot"}  # a line to read others against: zero, a limit
_NOISE = ("select2d", "lasso2d", "autoScale2d")
_BROWSER_ZOOM = ("zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d")


def figure(*, x_title: str, y_title: str, height: int = 420) -> go.Figure:
    """Returns an empty figure in the house style.

    Args:
        x_title: label of the x axis; untrusted text must have gone through `format.plotly`.
        y_title: label of the y axis, as above.
        height: in pixels.
    """
    grid = {"showgrid": True, "gridcolor": tint(MUTED, 0.18), "zeroline": False, "automargin": True}
    spike = {"spikecolor": tint(MUTED, 0.7), "spikethickness": 1, "spikedash": "dot"}
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

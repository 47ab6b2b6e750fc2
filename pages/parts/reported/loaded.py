"""Were the pre-trained weights loaded: what is on record of our runs, and what a silent load looks like."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.audit import notes, reported
from core.audit.reported import Row
from pages.parts.reported import data
from pages.parts.shared.format import markdown, number
from pages.parts.shared.language import t


def show(rows: Sequence[Row]) -> None:
    """Draws the section."""
    st.subheader(t("reported-loaded"), anchor=False)
    st.markdown(t("reported-loaded-how"))
    _silent()
    _ours(rows)
    _elsewhere()


def _silent() -> None:
    found = data.trial().silent_load
    first, second = found["loads"]
    values = {"tensors": found["tensors"]}
    for side, load in (("a", first), ("b", second)):
        values |= {f"layers_{side}": load["layers"], f"matched_{side}": load["matched"]}
        values |= {f"distance_{side}": f"{load['distance']:g}"}
    st.markdown(t("reported-silent", **values))
    st.markdown(t("reported-strict", differences=found["differences"]))
    st.code(found["strict"], language=None, wrap_lines=True)


def _ours(rows: Sequence[Row]) -> None:
    records = [found for row in rows if row.run and (found := notes.loaded(row.run))]
    if not records:
        st.info(t("reported-loaded-none"), icon=":material/hourglass_empty:")
        return
    table = pd.DataFrame(
        {
            t("reported-distance-run"): [markdown(found.run) for found in records],
            t("reported-distance-encoder"): [markdown(found.encoder) for found in records],
            t("reported-distance-start"): [f"**{number(found.from_initialisation, 3)}**" for found in records],
            t("reported-distance-end"): [number(found.moved, 3) for found in records],
            t("reported-distance-now"): [number(found.fine_tuned, 3) for found in records],
        }
    )
    st.table(table.set_index(t("reported-distance-run")))
    st.caption(t("reported-distance-how"))


def _elsewhere() -> None:
    said = reported.load()
    found = said.loaded_elsewhere
    values: dict[str, str | int] = {
        "parameters": f"{found['parameters']:,.0f}",
        "start": f"{found['start_accuracy']:g}",
        "end": f"{found['end_accuracy']:g}",
        "right": f"{found['right']:.0f}",
        "exact": f"{found['exact']:.0f}",
        "questions": said.questions,
    }
    st.markdown(t("reported-loaded-elsewhere", **values))

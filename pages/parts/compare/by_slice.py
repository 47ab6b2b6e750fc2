"""The slices of the Compare page: where B gains more or less than elsewhere, drawn and in figures."""

from typing import Any

import pandas as pd
import streamlit as st

from core.reports import report
from core.texts.message import p_value, signed
from pages.parts.compare import filters
from pages.parts.compare.data import Pair, slice_differences
from pages.parts.compare.summary import sync
from pages.parts.shared import forest, language
from pages.parts.shared.language import t


def show(pair: Pair) -> None:
    """Draws each slice against the rest as a chart and in figures; a click on a row of these filters the list."""
    found = slice_differences(pair)
    # A line for each of many small articles would bury the others.
    found = found[~((found["dimension"] == "article") & found["too_few"])].reset_index(drop=True)
    st.caption(t("slice-exploratory") + " " + t("compare-slices-how"))
    if pair.dataset is None:
        st.caption(t("compare-slices-no-text"))
    if found.empty:
        st.markdown(t("compare-slices-none"))
        return
    named = [
        report.slice_names(*row, language.current()) for row in zip(found["dimension"], found["slice"], strict=True)
    ]
    _chart(found, named)
    values = (found["dimension"] + "." + found["slice"]).tolist()
    chosen = st.session_state[filters.SLICE]
    key = f"slices-{len(values)}"
    sync(key, rows=[values.index(chosen)] if chosen in values else [])
    intervals = [
        t(f"slice-{'whole' if row.whole else 'too-few'}")
        if row.too_few
        else f"{signed(row.contrast_low)} … {signed(row.contrast_high)}"
        for row in found.itertuples()
    ]
    st.dataframe(
        pd.DataFrame(
            {
                "dimension": [dimension for dimension, _ in named],
                "slice": [kind for _, kind in named],
                **{name: found[name] for name in ("questions", "paragraphs", "a", "b", "difference", "contrast")},
                "interval": intervals,
                "shrunken": found["shrunken"],
                "p_adjusted": ["–" if p != p else p_value(p).removeprefix("= ") for p in found["p_adjusted"]],
            }
        ),
        hide_index=True,
        height=360,
        placeholder="–",
        column_config=_slice_columns(),
        key=key,
        on_select=lambda: _choose_slice(key, values),
        selection_mode="single-row",
        alt=t("compare-slices"),
    )


def _chart(found: pd.DataFrame, named: list[tuple[str, str]]) -> None:
    """Draws the slices that have figures, the clearest first; a full mark is one whose corrected p is under .05."""
    rows: list[forest.Row] = []
    for row, (dimension, name) in zip(found.itertuples(), named, strict=True):
        # Articles have neither order nor names that say anything: they fill the chart only where nothing else does.
        if row.too_few or (row.dimension == "article" and (found["dimension"] != "article").any()):
            continue
        symbol = "circle" if row.p_adjusted < 0.05 else "circle-open"
        bounds = row.contrast_low, row.contrast_high
        rows.append(forest.Row(f"{dimension}: {name}", row.contrast, *bounds, expected=row.shrunken, symbol=symbol))
    if rows:
        forest.show(
            rows, x_title=t("compare-forest-x"), key="slices-chart", what=t("compare-slices-chart"), row_height=24
        )
        st.caption(t("compare-slices-reading"))


def _choose_slice(key: str, values: list[str]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    st.session_state[filters.SLICE] = values[rows[0]] if rows else ""


def _slice_columns() -> dict[str, Any]:
    return {
        "dimension": st.column_config.TextColumn(t("compare-slice-by"), width="medium"),
        "slice": st.column_config.TextColumn(t("compare-slice"), width="medium"),
        "questions": st.column_config.NumberColumn(t("compare-core-questions"), format="localized"),
        "paragraphs": st.column_config.NumberColumn(t("compare-core-paragraphs"), format="localized"),
        "a": st.column_config.NumberColumn("A %", format="%.1f"),
        "b": st.column_config.NumberColumn("B %", format="%.1f"),
        "difference": st.column_config.NumberColumn(t("compare-core-difference"), format="%+.1f"),
        "contrast": st.column_config.NumberColumn(t("slice-contrast"), format="%+.1f"),
        "interval": st.column_config.TextColumn(t("slice-contrast-interval")),
        "shrunken": st.column_config.NumberColumn(t("slice-shrunken"), format="%+.1f"),
        "p_adjusted": st.column_config.TextColumn(t("compare-core-p-adjusted"), alignment="right"),
    }

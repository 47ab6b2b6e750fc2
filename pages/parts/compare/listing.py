"""The list of questions on the Compare page: its order, its table, its exports, and the way through it."""

from typing import Any

import pandas as pd
import streamlit as st

from core.data import catalogue
from core.reports import html_report
from core.reports.answers import with_answers
from pages.parts.compare import filters
from pages.parts.compare.data import Pair, slice_differences
from pages.parts.shared import language, url
from pages.parts.shared.language import t

QUESTION = "id"  # the chosen question, in the session and in the address
_TABLE = "questions"
_ORDERS: dict[str, tuple[str, bool]] = {  # name -> column, ascending
    "file": ("number", True),
    "gains": ("f1_difference", False),
    "losses": ("f1_difference", True),
    "sure-a": ("a_probability", False),
    "sure-b": ("b_probability", False),
    "unsure-b": ("b_probability", True),
}
_EXPORTED = (
    *("number", "id", "question", "gold", "a_answer", "b_answer", "outcome", "a_right", "b_right"),
    *("a_f1", "b_f1", "f1_difference", "a_probability", "b_probability", "a_error_type", "b_error_type", "josa_only"),
    *("article", "paragraph", "gold_start", "gold_end", "a_start", "a_end", "b_start", "b_end"),
    *("a_original_start", "a_original_end", "b_original_start", "b_original_end"),
)
_TEXTS = ("question", "gold", "a_answer", "b_answer")


def controls(pair: Pair) -> str:
    """Draws search, the particle filter and the order; returns the order's name."""
    find, order, josa = st.columns([5, 4, 3], vertical_alignment="bottom")
    with find:
        placeholder = t("compare-find-hint" if pair.dataset else "compare-find-id")
        url.linked(
            st.text_input,
            t("compare-find"),
            key=filters.FIND,
            default="",
            placeholder=placeholder,
            icon=":material/search:",
        )
    with order:
        chosen = url.linked(
            st.selectbox,
            t("compare-order"),
            list(_ORDERS),
            key="order",
            default="file",
            format_func=lambda name: t(f"compare-order-{name}"),
        )
    with josa:
        url.linked(st.toggle, t("compare-josa-only"), key=filters.JOSA, default=False)
    return chosen


def ordered(rows: pd.DataFrame, order: str) -> pd.DataFrame:
    """Returns the rows in an order of `controls`; equals stay in the file's order."""
    column, ascending = _ORDERS[order]
    return rows if order == "file" else rows.sort_values(column, ascending=ascending, kind="stable")


def choose(rows: pd.DataFrame) -> str:
    """Draws the list; returns the id of the chosen question, at first the top one."""
    ids = rows["id"].tolist()
    chosen = st.session_state.get(QUESTION, "".join(url.given(QUESTION)))
    if chosen not in ids:
        chosen = ids[0]
    if st.session_state.get(QUESTION) != chosen:
        st.session_state[QUESTION] = chosen
    url.write(QUESTION, chosen)
    position = ids.index(chosen)
    key = f"{_TABLE}-{pd.util.hash_pandas_object(rows['id'], index=False).sum()}-{ids[0]}"
    _select(key, position)
    st.dataframe(
        _frame(rows),
        hide_index=True,
        height=min(38 + 35 * len(ids), 330),
        placeholder="–",
        column_config=_columns(),
        key=key,
        on_select=lambda: _chosen(key, ids),
        selection_mode=["single-row-required", "single-cell"],
        alt=t("compare-list"),
    )
    _steps(ids, position)
    return chosen


def export(pair: Pair, rows: pd.DataFrame, active: dict[str, Any]) -> None:
    """Draws the buttons that save the list as CSV and the comparison as an HTML page."""
    source = catalogue.DATASETS.get(pair.comparison.dataset)
    open_text = source is None or source.redistributable
    chips = [name for _, name in filters.describe(active)]
    part = "" if pair.comparison.part == "all" else f"-{pair.comparison.part}"
    name = f"{pair.a.name}-{pair.b.name}-{pair.comparison.dataset}{part}"
    spoken = language.current()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            t("compare-save-csv"),
            lambda: _csv(rows, open_text),
            f"{name}.csv",
            "text/csv",
            icon=":material/table:",
            on_click="ignore",
        )
        st.download_button(
            t("compare-save-html"),
            lambda: html_report.render(
                pair.comparison,
                pair.predictions_a,
                pair.predictions_b,
                rows=rows if open_text else with_answers(pair.comparison, None).loc[rows.index],
                filters=chips,
                slices=slice_differences(pair),
                language=spoken,
            ),
            f"{name}.html",
            "text/html",
            icon=":material/article:",
            on_click="ignore",
        )
        if not open_text:
            st.caption(t("compare-save-no-text"))


def _csv(rows: pd.DataFrame, with_text: bool) -> bytes:
    """Returns the rows as CSV; the mark at its beginning makes spreadsheets read it as UTF-8."""
    columns = [name for name in _EXPORTED if with_text or name not in _TEXTS]
    return rows[columns].to_csv(index=False, float_format="%.4f").encode("utf-8-sig")


def _frame(rows: pd.DataFrame) -> pd.DataFrame:
    shown = rows[["number", "outcome", "question", "gold", "a_answer", "b_answer"]].copy()
    if shown["question"].isna().all():
        shown["question"] = rows["id"]
    names = {kind: t(f"compare-core-outcome-{kind}") for kind in rows["outcome"].cat.categories}
    shown["outcome"] = rows["outcome"].cat.rename_categories(names).astype(str)
    for side in ("a", "b"):
        shown[f"{side}_f1"] = 100 * rows[f"{side}_f1"]
    shown["f1_difference"] = 100 * rows["f1_difference"]
    for side in ("a", "b"):
        shown[f"{side}_probability"] = 100 * rows[f"{side}_probability"]
    for side in ("a", "b"):
        kinds = {kind: t(f"error-{kind}") for kind in rows[f"{side}_error_type"].cat.categories}
        shown[f"{side}_error_type"] = rows[f"{side}_error_type"].cat.rename_categories(kinds).astype(str)
    return shown


def _columns() -> dict[str, Any]:
    text, figure = st.column_config.TextColumn, st.column_config.NumberColumn
    return {
        # What tells questions apart comes first: a phone shows three columns, a wide screen all but the last two.
        "number": figure("#", width=48),
        "outcome": text(t("compare-outcome"), width=82),
        "question": text(t("compare-question"), width=210),
        "gold": text(t("compare-gold"), width=88),
        "a_answer": text(t("compare-answer-of", side="A"), width=96),
        "b_answer": text(t("compare-answer-of", side="B"), width=96),
        "a_f1": figure("F1 A", format="%.0f", width=52),
        "b_f1": figure("F1 B", format="%.0f", width=52),
        "f1_difference": figure("B−A", format="%+.0f", width=52, help=t("compare-f1-difference")),
        "a_probability": figure(t("compare-sure-of", side="A"), format="%.0f %%", width=68),
        "b_probability": figure(t("compare-sure-of", side="B"), format="%.0f %%", width=68),
        "a_error_type": text(t("compare-type-of", side="A"), width=110),
        "b_error_type": text(t("compare-type-of", side="B"), width=110),
    }


def _select(key: str, position: int) -> None:
    """Makes the table's selected row the chosen question; a cell stays selected, for arrow keys move from it."""
    now = st.session_state.get(key)
    if now is None or list(now["selection"]["rows"]) != [position]:
        cells = [] if now is None else [list(cell) for cell in now["selection"]["cells"] if cell[0] == position]
        st.session_state[key] = {"selection": {"rows": [position], "columns": [], "cells": cells}}


def _chosen(key: str, ids: list[str]) -> None:
    """Takes the row that was clicked, on its mark or on any of its cells."""
    selection = st.session_state[key]["selection"]
    before = ids.index(st.session_state[QUESTION])
    rows = [row for row in selection["rows"] if row != before] or [cell[0] for cell in selection["cells"]]
    if rows and rows[0] < len(ids):
        st.session_state[QUESTION] = ids[rows[0]]


def _steps(ids: list[str], position: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="steps"):
        for name, step, letter, icon in (("previous", -1, "K", "arrow_back"), ("next", 1, "J", "arrow_forward")):
            to = position + step
            inside = 0 <= to < len(ids)
            st.button(
                t(f"compare-{name}"),
                key=f"step-{name}",
                icon=f":material/{icon}:",
                shortcut=letter,
                disabled=not inside,
                on_click=_go,
                args=(ids[to] if inside else "",),
            )
        st.caption(t("compare-position", position=position + 1, total=len(ids)))


def _go(question: str) -> None:
    st.session_state[QUESTION] = question

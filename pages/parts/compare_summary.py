"""The upper part of the Compare page: the verdict, how big and how sure, which answers changed, in what way."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.evaluation import compare, report
from core.evaluation.compare import Comparison, Difference
from core.evaluation.errors import ERROR_TYPES
from core.evaluation.message import p_value, signed
from core.evaluation.seeds import GroupComparison
from pages.parts import charts, compare_filters, language
from pages.parts.compare_data import Pair, slice_differences
from pages.parts.format import markdown, number
from pages.parts.language import t

_ICONS = {
    "b-better": ":material/arrow_circle_right:",
    "a-better": ":material/arrow_circle_left:",
    "not-shown": ":material/balance:",
    "too-few": ":material/hourglass_empty:",
}
_TOTAL = "total"  # name of the movement matrix' last row and column


def verdict(comparison: Comparison, groups: GroupComparison | None, seeds: np.ndarray | None) -> None:
    """Draws what to think of the comparison, what to be warned of, and what other seeds say.

    Args:
        comparison: of the two runs.
        groups: of the runs that differ from them only by seed, if there are any.
        seeds: where A and B differ only by seed, the scores of all such runs in points.
    """
    for warning in comparison.warnings:
        st.warning(markdown(warning.text(language.current())), icon=":material/warning:")
    with st.container(border=True, key="verdict"):
        icon = _ICONS.get(comparison.verdict.kind, ":material/drag_handle:")
        st.markdown(f"#### {icon} {markdown(comparison.verdict.text(language.current()))}")
        st.caption(
            t(
                "compare-basis",
                questions=comparison.questions,
                paragraphs=comparison.paragraphs,
                criterion=markdown(report.criterion_name(comparison, language.current())),
            )
        )
    if groups:
        st.info(markdown(groups.message.text(language.current())), icon=":material/casino:")
    elif seeds is not None:
        spread = {"low": number(seeds.min()), "high": number(seeds.max())}
        st.info(t("compare-only-seed", runs=len(seeds), **spread), icon=":material/casino:")


def size(comparison: Comparison, groups: GroupComparison | None) -> None:
    """Draws how big the differences are and how sure: a forest plot, the figures, and what they rest on."""
    st.subheader(t("compare-size"), anchor=False)
    measures = _measures(comparison)
    plot, figures = st.columns([4, 6], vertical_alignment="center")
    with plot:
        _forest(measures, groups)
    with figures:
        _figures(measures)
    with st.expander(t("compare-how"), icon=":material/functions:"):
        for line in report.notes(comparison, language.current()).renderables:
            st.markdown(f"- {markdown(str(line))}")
        if groups is None:
            st.markdown(f"- {t('compare-core-no-seeds')}")
        st.markdown(f"- {t('compare-detectable-why')}")


def outcomes(comparison: Comparison) -> None:
    """Draws the 2x2 table; a click on a cell filters the list."""
    st.subheader(t("compare-changed"), anchor=False)
    st.caption(t("compare-changed-how"))
    chosen = st.session_state[compare_filters.OUTCOME]
    with st.container(key="outcomes", width=560):
        for row in (("both", "only-a"), ("only-b", "neither")):
            for column, outcome in zip(st.columns(2, gap="small", wrap=False), row, strict=True):
                count = comparison.counts[outcome]
                column.button(
                    f"{t(f'compare-core-outcome-{outcome}')}  **{count:,}**  ({_share(count, comparison.questions)})",
                    key=f"outcome-{outcome}",
                    type="primary" if outcome in chosen else "secondary",
                    width="stretch",
                    on_click=compare_filters.toggle_outcome,
                    args=(outcome,),
                )


def movement(pair: Pair) -> None:
    """Draws how many answers went from one type in A to another in B; a click on a cell filters the list."""
    counts = compare.movement(pair.comparison)
    types = [kind for kind in ERROR_TYPES if counts.loc[kind].any() or counts[kind].any()]
    shown = counts.loc[types, types]
    shown[_TOTAL] = shown.sum(axis=1)
    shown.loc[_TOTAL] = shown.sum()
    names = {kind: t(f"error-{kind}") for kind in types} | {_TOTAL: t("compare-total")}
    key = "movement-" + "-".join(types)
    _sync(key, cells=_movement_cell(list(shown)))
    st.caption(t("compare-movement-how"))
    st.dataframe(
        shown.rename(index={kind: f"A: {name}" for kind, name in names.items()}).style.apply(_shade, axis=None),
        column_config={
            "_index": st.column_config.TextColumn("A ↓  B →", pinned=True, width="medium"),
            **{kind: st.column_config.NumberColumn(name) for kind, name in names.items()},
        },
        key=key,
        on_select=lambda: _choose_movement(key, list(shown)),
        selection_mode="single-cell",
        alt=t("compare-core-movement"),
    )


def error_types(comparison: Comparison) -> None:
    """Draws how often each run makes each kind of error."""
    counts = compare.movement(comparison)
    sides = {"A": counts.sum(axis=1), "B": counts.sum(axis=0)}
    types = [kind for kind in ERROR_TYPES if sides["A"][kind] or sides["B"][kind]]
    names = [t(f"error-{kind}") for kind in types]
    figure = charts.figure(x_title=t("compare-core-questions"), y_title="", height=80 + 44 * len(types))
    figure.update_layout(barmode="group", hovermode="y unified", bargap=0.25, yaxis={"autorange": "reversed"})
    for position, (side, total) in enumerate(sides.items()):
        figure.add_bar(
            y=names,
            x=total[types],
            orientation="h",
            name=side,
            text=[f"{side} {count:,}" for count in total[types]],
            textposition="outside",
            cliponaxis=False,
            marker={"color": charts.COLORS[position], "pattern": {"shape": "" if side == "A" else "/"}},
        )
    said = ", ".join(f"{name} {sides['A'][kind]}→{sides['B'][kind]}" for name, kind in zip(names, types, strict=True))
    charts.show(figure, key="error-types", alt=f"{t('compare-types')}: {said}")


def slices(pair: Pair) -> None:
    """Draws the difference in each slice; a click on a row filters the list."""
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
    values = (found["dimension"] + "." + found["slice"]).tolist()
    chosen = st.session_state[compare_filters.SLICE]
    key = f"slices-{len(values)}"
    _sync(key, rows=[values.index(chosen)] if chosen in values else [])
    intervals = [
        t("slice-too-few") if few else f"{signed(low)} … {signed(high)}"
        for few, low, high in zip(found["too_few"], found["low"], found["high"], strict=True)
    ]
    st.dataframe(
        pd.DataFrame(
            {
                "dimension": [dimension for dimension, _ in named],
                "slice": [kind for _, kind in named],
                **{name: found[name] for name in ("questions", "paragraphs", "a", "b", "difference")},
                "interval": intervals,
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


def _measures(comparison: Comparison) -> list[tuple[str, Difference]]:
    measures = [
        (t("compare-core-exact-match"), comparison.exact_match),
        (t("compare-core-f1"), comparison.f1),
    ]
    if comparison.criterion != "exact":
        measures.insert(0, (report.criterion_name(comparison, language.current()), comparison.right))
    return measures


def _forest(measures: list[tuple[str, Difference]], groups: GroupComparison | None) -> None:
    rows = [(name, found.difference, found.low, found.high) for name, found in measures]
    if groups and groups.seed_low is not None and groups.seed_high is not None:
        rows.append((t("compare-forest-questions"), groups.difference, groups.low, groups.high))
        rows.append((t("compare-forest-seeds"), groups.difference, groups.seed_low, groups.seed_high))
    figure = charts.figure(x_title=t("compare-forest-x"), y_title="", height=90 + 48 * len(rows))
    figure.update_layout(hovermode="closest", yaxis={"autorange": "reversed", "showgrid": False}, showlegend=False)
    figure.add_vline(x=0, line={"color": "rgba(128,128,128,.9)", "width": 1.5, "dash": "dot"})
    for position, (name, difference, low, high) in enumerate(rows):
        figure.add_trace(
            go.Scatter(
                x=[difference],
                y=[_wrapped(name)],
                mode="markers",
                marker={"size": 12, "symbol": charts.SYMBOLS[position], "color": charts.COLORS[position]},
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": [high - difference],
                    "arrayminus": [difference - low],
                    "thickness": 2.5,
                    "width": 8,
                },
                hovertemplate=f"{signed(difference)} ({signed(low)} … {signed(high)})<extra></extra>",
            )
        )
    reach = max(1.0, *(abs(bound) for row in rows for bound in row[2:])) * 1.12
    figure.update_xaxes(range=[-reach, reach], ticksuffix="")
    said = "; ".join(f"{name} {signed(d)} ({signed(low)} … {signed(high)})" for name, d, low, high in rows)
    charts.show(figure, key="forest", alt=f"{t('compare-forest')}: {said}")


def _wrapped(name: str) -> str:
    """Returns a label for a narrow plot: a long one breaks at its bracket."""
    return name.replace("(", "<br>(", 1) if len(name) > 16 else name


def _figures(measures: list[tuple[str, Difference]]) -> None:
    table = pd.DataFrame(
        {
            t("compare-core-measure"): [name for name, _ in measures],
            "A": [number(found.a) for _, found in measures],
            "B": [number(found.b) for _, found in measures],
            t("compare-core-difference"): [f"**{signed(found.difference)}**" for _, found in measures],
            t("compare-core-interval"): [f"{signed(found.low)} … {signed(found.high)}" for _, found in measures],
            "p": [p_value(found.p).removeprefix("= ") for _, found in measures],
            t("compare-core-detectable"): [number(found.detectable) for _, found in measures],
        }
    )
    st.table(table.set_index(t("compare-core-measure")))


def _share(count: int, total: int) -> str:
    return f"{100 * count / total:.0f} %"


def _shade(table: pd.DataFrame) -> pd.DataFrame:
    """Returns cell styles: the more questions moved, the darker; the diagonal (no move) and totals stay plain."""
    body = table.to_numpy(float).copy()
    body[-1], body[:, -1] = 0, 0
    np.fill_diagonal(body, 0)
    strength = 0.55 * np.sqrt(body / max(body.max(), 1))
    css = [
        [f"background-color: {charts.tint(charts.COLORS[0], cell)}" if cell else "" for cell in row] for row in strength
    ]
    return pd.DataFrame(css, table.index, table.columns)


def _movement_cell(names: list[str]) -> list[list[Any]]:
    """Returns the matrix' cell that the filters stand for, as a selection."""
    row, column = (st.session_state[key] or _TOTAL for key in (compare_filters.TYPE_A, compare_filters.TYPE_B))
    if row == column == _TOTAL or row not in names or column not in names:
        return []
    return [[names.index(row), column]]


def _choose_movement(key: str, names: list[str]) -> None:
    cells = st.session_state[key]["selection"]["cells"]
    row, column = (names[cells[0][0]], cells[0][1]) if cells else (_TOTAL, _TOTAL)
    st.session_state[compare_filters.TYPE_A] = "" if row == _TOTAL else row
    st.session_state[compare_filters.TYPE_B] = column if column in names[:-1] else ""


def _choose_slice(key: str, values: list[str]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    st.session_state[compare_filters.SLICE] = values[rows[0]] if rows else ""


def _sync(key: str, **wanted: list[Any]) -> None:
    """Makes a table's selection what the filters say, after a chip or a link changed them."""
    selection = {"rows": [], "columns": [], "cells": []} | wanted
    now = st.session_state.get(key)
    if now is None or any([*map(_plain, now["selection"][part])] != selection[part] for part in wanted):
        st.session_state[key] = {"selection": selection}


def _plain(item: Any) -> Any:
    return list(item) if isinstance(item, tuple | list) else item


def _slice_columns() -> dict[str, Any]:
    return {
        "dimension": st.column_config.TextColumn(t("compare-slice-by"), width="medium"),
        "slice": st.column_config.TextColumn(t("compare-slice"), width="medium"),
        "questions": st.column_config.NumberColumn(t("compare-core-questions"), format="localized"),
        "paragraphs": st.column_config.NumberColumn(t("compare-core-paragraphs"), format="localized"),
        "a": st.column_config.NumberColumn("A %", format="%.1f"),
        "b": st.column_config.NumberColumn("B %", format="%.1f"),
        "difference": st.column_config.NumberColumn(t("compare-core-difference"), format="%+.1f"),
        "interval": st.column_config.TextColumn(t("compare-core-interval")),
        "p_adjusted": st.column_config.TextColumn(t("compare-core-p-adjusted"), alignment="right"),
    }

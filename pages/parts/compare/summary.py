"""The upper part of the Compare page: the verdict, how big and how sure, which answers changed, in what way."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.comparing import compare
from core.comparing.compare import Comparison, Difference
from core.comparing.many import Selection
from core.comparing.retraining import Recipes
from core.reports import report
from core.reports.palette import FIGURE, tint
from core.scoring.errors import ERROR_TYPES
from pages.parts.compare import filters
from pages.parts.compare.data import Pair
from pages.parts.shared import charts, forest, language, palette
from pages.parts.shared.format import markdown
from pages.parts.shared.language import t

_ICONS = {
    "b-better": ":material/arrow_circle_right:",
    "a-better": ":material/arrow_circle_left:",
    "practically-same": ":material/equal:",
    "uncertain": ":material/balance:",
    "too-few": ":material/hourglass_empty:",
}
_TOTAL = "total"  # name of the movement matrix' last row and column


def verdict(comparison: Comparison, selection: Selection) -> None:
    """Draws what to think of the comparison, of the models and of their recipes, and what to be warned of.

    Args:
        comparison: of the two runs.
        selection: what it means that they were picked among several.
    """
    for warning in comparison.warnings:
        st.warning(markdown(warning.text(language.current())), icon=":material/warning:")
    with st.container(border=True, key="verdict"):
        icon = _ICONS.get(comparison.verdict.kind, ":material/drag_handle:")
        st.markdown(f"#### {icon} {markdown(comparison.verdict.text(language.current()))}")
        st.markdown(f":material/casino: {markdown(comparison.recipes.message.text(language.current()))}")
        if selection.message and comparison.verdict.kind not in ("identical", "one-recipe"):
            st.markdown(f":material/checklist: {markdown(selection.message.text(language.current()))}")
        basis = t(
            "compare-basis",
            questions=comparison.questions,
            paragraphs=comparison.paragraphs,
            criterion=markdown(report.criterion_name(comparison, language.current())),
        )
        part = "" if comparison.part == "all" else f"{t(f'compare-core-part-{comparison.part}')} · "
        left_out = report.unusable(comparison, language.current())
        st.caption(part + basis + (f" · **{left_out}**" if left_out else ""))


def size(comparison: Comparison) -> None:
    """Draws how big the differences are and how sure: a forest plot, the figures, and what they rest on."""
    st.subheader(t("compare-size"), anchor=False)
    measures = _measures(comparison)
    plot, figures = st.columns([4, 6], vertical_alignment="center")
    with plot:
        _forest(measures, comparison.recipes)
    with figures:
        _figures(measures)
    with st.expander(t("compare-how"), icon=":material/functions:"):
        for line in report.notes(comparison, language.current()).renderables:
            st.markdown(f"- {markdown(str(line))}")
        st.markdown(f"- {t('compare-detectable-why')}")


def outcomes(comparison: Comparison) -> None:
    """Draws the 2x2 table; a click on a cell filters the list."""
    st.subheader(t("compare-changed"), anchor=False)
    st.caption(t("compare-changed-how"))
    chosen = st.session_state[filters.OUTCOME]
    with st.container(key="outcomes", width=560):
        for row in (("both", "only-a"), ("only-b", "neither")):
            for column, outcome in zip(st.columns(2, gap="small", wrap=False), row, strict=True):
                count = comparison.counts[outcome]
                column.button(
                    f"{t(f'compare-core-outcome-{outcome}')}  **{count:,}**  ({_share(count, comparison.questions)})",
                    key=f"outcome-{outcome}",
                    type="primary" if outcome in chosen else "secondary",
                    width="stretch",
                    on_click=filters.toggle_outcome,
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
    sync(key, cells=_movement_cell(list(shown)))
    st.caption(t("compare-movement-how"))
    st.dataframe(
        shown.rename(index={kind: f"A: {name}" for kind, name in names.items()}).style.apply(_shade, axis=None),
        column_config={
            "_index": st.column_config.TextColumn("A ↓  B →", pinned=True, width=140),
            **{kind: st.column_config.NumberColumn(name) for kind, name in names.items()},
        },
        key=key,
        on_select=lambda: _choose_movement(key, list(shown)),
        selection_mode="single-cell",
        alt=t("compare-core-movement"),
    )


def error_types(pair: Pair) -> None:
    """Draws how often each run makes each kind of error, in its colour."""
    counts = compare.movement(pair.comparison)
    sides = {"A": counts.sum(axis=1), "B": counts.sum(axis=0)}
    types = [kind for kind in ERROR_TYPES if sides["A"][kind] or sides["B"][kind]]
    names = [t(f"error-{kind}") for kind in types]
    figure = charts.figure(x_title=t("compare-core-questions"), y_title="", height=80 + 44 * len(types))
    figure.update_layout(barmode="group", hovermode="y unified", bargap=0.25, yaxis={"autorange": "reversed"})
    for (side, total), style in zip(sides.items(), (pair.style_a, pair.style_b), strict=True):
        figure.add_bar(
            y=names,
            x=total[types],
            orientation="h",
            name=side,
            text=[f"{side} {count:,}" for count in total[types]],
            textposition="outside",
            cliponaxis=False,
            marker={"color": style.color, "pattern": {"shape": "" if side == "A" else "/"}},
        )
    said = ", ".join(f"{name} {sides['A'][kind]}→{sides['B'][kind]}" for name, kind in zip(names, types, strict=True))
    charts.show(figure, key="error-types", alt=f"{t('compare-types')}: {said}")


def _measures(comparison: Comparison) -> list[tuple[str, Difference]]:
    measures = [
        (t("compare-core-exact-match"), comparison.exact_match),
        (t("compare-core-f1"), comparison.f1),
    ]
    if comparison.criterion != "exact":
        measures.insert(0, (report.criterion_name(comparison, language.current()), comparison.right))
    return measures


def _forest(measures: list[tuple[str, Difference]], recipes: Recipes) -> None:
    figures = [(name, one.difference, one.low, one.high) for name, one in measures]
    if recipes.low is not None:
        figures.append((t("compare-forest-recipes"), recipes.difference, recipes.low, recipes.high))
    rows = [forest.Row(*row, symbol=symbol) for row, symbol in zip(figures, palette.SYMBOLS, strict=False)]
    forest.show(rows, x_title=t("compare-forest-x"), key="forest", what=t("compare-forest"), row_height=48)


def _figures(measures: list[tuple[str, Difference]]) -> None:
    names = ("difference", "interval", "p", "detectable")
    headings = ["A", "B", *(t(f"compare-core-{name}") for name in names)]
    table = pd.DataFrame(
        {
            t("compare-core-measure"): [name for name, _ in measures],
            **dict(zip(headings, zip(*(_cells(measure) for _, measure in measures), strict=True), strict=True)),
        }
    )
    st.table(table.set_index(t("compare-core-measure")))


def _cells(measure: Difference) -> tuple[str, ...]:
    """Returns the figures of `core.reports.report.cells` for Markdown, in grey where nothing can be tested."""
    a, b, difference, interval, p, detectable = report.cells(measure, language.current(), "\u00a0… ")
    if measure.p is None:
        return tuple(f":gray[{cell}]" for cell in (a, b, difference, interval, p, detectable))
    return a, b, f"**{difference}**", interval, p.replace(" ", "\u00a0"), detectable


def _share(count: int, total: int) -> str:
    return f"{100 * count / total:.0f} %"


def _shade(table: pd.DataFrame) -> pd.DataFrame:
    """Returns cell styles: the more questions moved, the darker; the diagonal (no move) and totals stay plain."""
    body = table.to_numpy(float).copy()
    body[-1], body[:, -1] = 0, 0
    np.fill_diagonal(body, 0)
    strength = 0.55 * np.sqrt(body / max(body.max(), 1))
    css = [[f"background-color: {tint(FIGURE, cell)}" if cell else "" for cell in row] for row in strength]
    return pd.DataFrame(css, table.index, table.columns)


def _movement_cell(names: list[str]) -> list[list[Any]]:
    """Returns the matrix' cell that the filters stand for, as a selection."""
    row, column = (st.session_state[key] or _TOTAL for key in (filters.TYPE_A, filters.TYPE_B))
    if row == column == _TOTAL or row not in names or column not in names:
        return []
    return [[names.index(row), column]]


def _choose_movement(key: str, names: list[str]) -> None:
    cells = st.session_state[key]["selection"]["cells"]
    row, column = (names[cells[0][0]], cells[0][1]) if cells else (_TOTAL, _TOTAL)
    st.session_state[filters.TYPE_A] = "" if row == _TOTAL else row
    st.session_state[filters.TYPE_B] = column if column in names[:-1] else ""


def sync(key: str, **wanted: list[Any]) -> None:
    """Makes a table's selection what the filters say, after a chip or a link changed them."""
    selection = {"rows": [], "columns": [], "cells": []} | wanted
    now = st.session_state.get(key)
    if now is None or any([*map(_plain, now["selection"][part])] != selection[part] for part in wanted):
        st.session_state[key] = {"selection": selection}


def _plain(item: Any) -> Any:
    return list(item) if isinstance(item, tuple | list) else item

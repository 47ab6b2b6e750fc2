"""More than two runs: every pair with Holm's correction, and which questions nobody, everybody or only one answers."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.comparing.compare import ComparisonRefused
from core.comparing.many import GRID_CLASSES, AllPairs
from core.store.predictions import PredictionsError
from core.store.runs import Run
from core.texts.message import interval, p_value, signed
from pages.parts.compare.data import Pair, Rule, all_pairs
from pages.parts.shared import language, run_picker, states, url
from pages.parts.shared.format import MISSING, markdown
from pages.parts.shared.language import t

LIMIT = 12


def show(runs: Sequence[Run], pair: Pair, dataset: str, rule: Rule) -> None:
    """Draws the expander; nothing is computed before it is opened."""
    able = [run for run in run_picker.usable(runs) if run.predictions_path(dataset).is_file()]
    if len(able) < 3:
        return
    box = st.expander(t("compare-many"), icon=":material/grid_on:", key="many", on_change="rerun", bind="query-params")
    if not box.open:
        return
    with box:
        chosen = _pick(able)
        if len(chosen) < 3:
            st.caption(t("compare-many-pick"))
            return
        try:
            pairs, grid = all_pairs(chosen, dataset, rule)
        except (PredictionsError, ComparisonRefused) as error:
            states.unreadable(dataset, error)
            return
        _matrix(pairs, chosen)
        if grid is not None:
            _grid(grid, chosen, pair)


def _pick(runs: Sequence[Run]) -> list[Run]:
    by_name = {run.name: run for run in runs}
    names = url.linked(
        st.multiselect,
        t("dashboard-chosen-runs"),
        list(by_name),
        key="compared",
        default=list(by_name)[:LIMIT],
        format_func=lambda name: run_picker.label(by_name[name]),
        max_selections=LIMIT,
        placeholder=t("dashboard-choose-runs"),
    )
    return [by_name[name] for name in names]


def _matrix(pairs: AllPairs, runs: Sequence[Run]) -> None:
    """Draws column minus row with Holm's p; Markdown table cells, for a cell holds two figures."""
    size = range(len(runs))
    table = {markdown(runs[column].title): [_cell(pairs, row, column) for row in size] for column in size}
    st.caption(t("compare-many-how"))
    st.table(pd.DataFrame(table, index=[markdown(run.title) for run in runs]))
    _intervals(pairs, runs)
    for (row, column), refused in pairs.refused.items():
        names = f"{markdown(runs[row].title)} / {markdown(runs[column].title)}"
        reasons = " ".join(reason.text(language.current()) for reason in refused.reasons)
        st.warning(f"{names}: {markdown(reasons)}", icon=":material/block:")


def _intervals(pairs: AllPairs, runs: Sequence[Run]) -> None:
    """Draws a line for each pair that can be compared: the matrix has no room for intervals."""
    found = [(runs[row], runs[column], one.right) for (row, column), one in pairs.comparisons.items()]
    st.dataframe(
        {
            "column": [column.title for _, column, _ in found],
            "row": [row.title for row, _, _ in found],
            "difference": [right.difference for _, _, right in found],
            "interval": [interval(right.low, right.high, language.current()) for _, _, right in found],
            "p": [
                p_value(p).removeprefix("= ") if p == p else MISSING
                for p in map(pairs.p.to_numpy().item, pairs.comparisons)
            ],
        },
        hide_index=True,
        height=min(38 + 35 * len(found), 250),
        column_config={
            "column": t("compare-many-column"),
            "row": t("compare-many-row"),
            "difference": st.column_config.NumberColumn(t("compare-many-difference"), format="%+.1f"),
            "interval": t("compare-core-interval"),
            "p": st.column_config.TextColumn(t("compare-many-p"), alignment="right"),
        },
        alt=t("compare-many-pairs"),
    )


def _cell(pairs: AllPairs, row: int, column: int) -> str:
    if row == column:
        return MISSING
    difference, p = pairs.difference.iloc[row, column], pairs.p.iloc[row, column]
    if p != p:
        return t("compare-many-refused") if difference != difference else signed(difference)
    probability = f"p {p_value(p)}".replace(" ", "\u00a0")
    figures = f"{signed(difference)} ({probability})"
    return f"**{figures}**" if p < 0.05 else figures


def _grid(grid: pd.DataFrame, runs: Sequence[Run], pair: Pair) -> None:
    """Draws how many questions everybody, some, only one, nobody answers, and the questions of a chosen class."""
    counts = grid["class"].value_counts()
    kind = st.segmented_control(
        t("compare-grid"),
        GRID_CLASSES,
        key="grid",
        default="only-one",
        required=True,
        format_func=lambda kind: f"{t(f'compare-grid-{kind}')} {counts.get(kind, 0):,}",
    )
    rows = grid[grid["class"] == kind]
    texts = pair.table.set_index("id")["question"].reindex(rows["id"])
    shown = {"question": texts.fillna(pd.Series(texts.index, texts.index)).tolist()}
    for position in range(len(runs)):
        shown[str(position)] = rows[f"right_{position}"].tolist()
    columns = {str(position): st.column_config.CheckboxColumn(run.title) for position, run in enumerate(runs)}
    st.dataframe(
        shown,
        hide_index=True,
        height=300,
        column_config={"question": st.column_config.TextColumn(t("compare-question"), width=240), **columns},
        alt=t("compare-grid"),
    )

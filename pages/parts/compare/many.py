"""All pairs of several runs: a map of who is told apart from whom, the order, and every pair in figures."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd
import streamlit as st

from core.comparing.compare import ComparisonRefused
from core.comparing.many import GRID_CLASSES, AllPairs
from core.reports.palette import BAD, GOOD, INK, MUTED, tint
from core.scoring.statistics import ALPHA
from core.store.predictions import PredictionsError
from core.store.runs import Run
from core.texts.message import interval, p_value, points, signed
from pages.parts.compare import views
from pages.parts.compare.data import Pair, Rule, all_pairs
from pages.parts.shared import charts, language, run_picker, states, url
from pages.parts.shared.format import MISSING, markdown, plotly
from pages.parts.shared.language import t

LIMIT = 12
_WITH_P = 7  # runs whose cells have room for a p


def show(runs: Sequence[Run], pair: Pair, rule: Rule) -> None:
    """Draws the choice of runs among the whole store's, and what all their pairs show."""
    dataset = pair.comparison.dataset
    able = [run for run in run_picker.usable(runs) if run.predictions_path(dataset).is_file()]
    chosen = _pick(able, [pair.a.name, pair.b.name])
    if len(chosen) < 3:
        st.info(t("compare-many-pick"))
        return
    try:
        with st.spinner(t("compare-many-busy")):
            pairs, grid = all_pairs(chosen, dataset, rule)
    except (PredictionsError, ComparisonRefused) as error:
        states.unreadable(dataset, error)
        return
    for (row, column), refused in pairs.refused.items():
        names = f"{markdown(chosen[row].title)} / {markdown(chosen[column].title)}"
        reasons = " ".join(reason.text(language.current()) for reason in refused.reasons)
        st.warning(f"{names}: {markdown(reasons)}", icon=":material/block:")
    plot, order = st.columns([3, 2], gap="medium")
    with plot:
        st.markdown(f"**{t('compare-many-map')}**")
        _map(pairs, chosen)
    with order:
        st.markdown(f"**{t('many-ordering')}**")
        _ordering(pairs, chosen)
    st.markdown(f"**{t('many-pairs')}**")
    _pairs(pairs, chosen)
    st.caption(f"{markdown(pairs.note.text(language.current()))} {t('many-level')}")
    if grid is not None:
        _grid(grid, chosen, pair)


def _pick(runs: Sequence[Run], pair: Sequence[str]) -> list[Run]:
    by_name = {run.name: run for run in runs}
    first = dict.fromkeys([*(name for name in pair if name in by_name), *by_name])
    names = url.linked(
        st.multiselect,
        t("dashboard-chosen-runs"),
        list(by_name),
        key="compared",
        default=[name for name in by_name if name in list(first)[:LIMIT]],
        format_func=lambda name: run_picker.label(by_name[name]),
        max_selections=LIMIT,
        placeholder=t("dashboard-choose-runs"),
    )
    return [by_name[name] for name in names]


def _told_apart(pairs: AllPairs, row: int, column: int) -> bool:
    """Tells whether one of two runs is better after the adjustment; two trainings of one recipe never are."""
    comparison = pairs.comparisons.get((min(row, column), max(row, column)))
    apart = pairs.adjusted.iloc[row, column] < ALPHA
    return bool(comparison and apart and comparison.recipes.message.kind != "recipe-one")


def _map(pairs: AllPairs, runs: Sequence[Run]) -> None:
    """Draws row minus column, best run first; a coloured cell is a pair that is told apart."""
    order = pairs.ordering["position"].tolist()
    differences = -pairs.difference.to_numpy()[np.ix_(order, order)]
    adjusted = pairs.adjusted.to_numpy()[np.ix_(order, order)]
    apart = np.array([[_told_apart(pairs, row, column) for column in order] for row in order])
    names = [plotly(runs[position].title) for position in order]
    hover = [
        [f"{names[r]} − {names[c]}<br>{_cell(differences[r, c], adjusted[r, c], True)}" for c in range(len(order))]
        for r in range(len(order))
    ]
    figure = charts.figure(x_title="", y_title="", height=80 + 40 * len(order))
    figure.add_heatmap(
        z=np.where(apart, np.sign(differences), 0).tolist(),
        zmin=-1,
        zmax=1,
        colorscale=[(0, tint(BAD, 0.4)), (0.5, tint(MUTED, 0.08)), (1, tint(GOOD, 0.4))],
        showscale=False,
        xgap=2,
        ygap=2,
        hovertext=hover,
        hovertemplate="%{hovertext}<extra></extra>",
    )
    ink = INK[st.context.theme.type == "dark"]
    font = {"size": 12 if len(order) <= _WITH_P else 10, "color": ink}
    for r, c in product(range(len(order)), repeat=2):  # not the map's own text: it would be white on pale colours
        if r != c:
            written = _cell(differences[r, c], adjusted[r, c], len(order) <= _WITH_P)
            written = written if len(order) <= _WITH_P else written.removeprefix("+")  # on a phone there is no room
            figure.add_annotation(x=c, y=r, text=written, showarrow=False, font=font)
    places, ranks = [*range(len(order))], [str(rank + 1) for rank in range(len(order))]
    labels = [f"{rank} {name}" for rank, name in zip(ranks, names, strict=True)]
    plain = {"showgrid": False, "fixedrange": True, "tickmode": "array", "tickvals": places, "tickfont": {"color": ink}}
    figure.update_xaxes(side="top", ticktext=ranks, showspikes=False, **plain)
    figure.update_yaxes(autorange="reversed", ticktext=labels, **plain)
    figure.update_layout(hovermode="closest")
    said = "; ".join(
        f"{rank} {runs[one].title} {group}"
        for rank, one, group in zip(ranks, order, pairs.ordering["group"], strict=True)
    )
    charts.show(figure, key="many-map", alt=f"{t('compare-many-map')}: {said}")
    st.caption(t("compare-many-how"))


def _cell(difference: float, adjusted: float, with_p: bool) -> str:
    if difference != difference:
        return MISSING
    probability = "" if adjusted != adjusted or not with_p else f"<br>p {p_value(adjusted).removeprefix('= ')}"
    return signed(difference) + probability.replace("<br>p <", "<br>p &lt;")


def _ordering(pairs: AllPairs, runs: Sequence[Run]) -> None:
    ordering = pairs.ordering
    st.dataframe(
        {
            "rank": range(1, len(ordering) + 1),
            "run": [runs[position].title for position in ordering["position"]],
            "score": ordering["score"],
            "group": ordering["group"],
        },
        hide_index=True,
        height=38 + 35 * len(ordering),
        column_config={
            "rank": st.column_config.NumberColumn("#", width=40),
            "run": st.column_config.TextColumn(t("many-run")),
            "score": st.column_config.NumberColumn(t("compare-core-right"), format="%.1f"),
            "group": st.column_config.TextColumn(t("many-group")),
        },
        alt=t("many-ordering"),
    )
    st.caption(t("many-group-how"))


def _pairs(pairs: AllPairs, runs: Sequence[Run]) -> None:
    """Draws a line for each pair, the clearest first; a click compares its two runs."""
    by_evidence = sorted(
        pairs.comparisons.items(),
        key=lambda pair: (np.nan_to_num(pairs.adjusted.iloc[pair[0]], nan=2.0), -abs(pair[1].right.difference)),
    )
    names, rows = [], []
    for (row, column), comparison in by_evidence:
        better, other = (column, row) if comparison.right.difference >= 0 else (row, column)
        names.append((runs[other].name, runs[better].name))
        rows.append({"better": runs[better].title, "other": runs[other].title} | _figures(pairs, row, column))
    key = f"many-pairs-{len(rows)}"
    columns = {
        "better": st.column_config.TextColumn(t("compare-many-better")),
        "other": st.column_config.TextColumn(t("compare-many-other")),
        "difference": st.column_config.TextColumn(t("compare-many-difference"), alignment="right"),
        "interval": st.column_config.TextColumn(t("compare-core-interval"), alignment="right"),
        "plain": st.column_config.TextColumn(t("many-plain"), alignment="right"),
        "adjusted": st.column_config.TextColumn(t("many-adjusted"), alignment="right"),
        "critical": st.column_config.TextColumn(t("many-critical"), alignment="right"),
        "note": st.column_config.TextColumn(t("compare-many-note"), width="large"),
    }
    st.dataframe(
        pd.DataFrame(rows, columns=list(columns)),
        hide_index=True,
        height=min(38 + 35 * len(rows), 330),
        column_config=columns,
        key=key,
        on_select=lambda: _open(key, names),
        selection_mode=["single-row", "single-cell"],
        alt=t("many-pairs"),
    )
    st.caption(t("compare-many-open"))


def _figures(pairs: AllPairs, row: int, column: int) -> dict[str, str]:
    """Returns a pair's cells, of the better run minus the other."""
    comparison = pairs.comparisons[row, column]
    right = comparison.right
    low, high = (right.low, right.high) if right.difference >= 0 else (right.high, right.low)
    sign = 1 if right.difference >= 0 else -1
    low, high = (None, None) if low is None or high is None else (sign * low, sign * high)
    untested = right.p is None
    return {
        "difference": signed(abs(right.difference)),
        "interval": interval(low, high, language.current()),
        "plain": MISSING if right.p is None else p_value(right.p).removeprefix("= "),
        "adjusted": MISSING if untested else p_value(pairs.adjusted.iloc[row, column]).removeprefix("= "),
        "critical": MISSING if untested else points(pairs.critical.iloc[row, column]),
        "note": t("many-one-recipe") if comparison.recipes.message.kind == "recipe-one" else "",
    }


def _open(key: str, names: list[tuple[str, str]]) -> None:
    """Makes the pair that was clicked A and B."""
    if (row := views.clicked(key, len(names))) is not None:
        run_picker.choose_pair(names[row])
        views.open_view("pair")


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

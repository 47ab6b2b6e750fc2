"""The counting rule on trial: who it says is right, and what it says when every answer is made longer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.audit import reported, rule_trial
from core.audit.reported import DATASET, Row
from core.data import catalogue
from core.data.formats import Dataset
from core.reports.palette import MEASURES, MUTED
from core.scoring import original_rule
from core.scoring.original_rule import OriginalResult
from core.store.runs import Run
from pages.parts.reported import data
from pages.parts.shared import charts, fetch, language, run_picker, url
from pages.parts.shared.format import markdown, number, plotly
from pages.parts.shared.language import t

_LABEL = 14  # characters of a label's line: a telephone needs the width for the bars
_HALF = 0.19  # of a bar's thickness, in lines
_RIGHT, _EXACT, _F1 = (MEASURES[name] for name in ("right", "exact", "f1"))


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the chart.

    Attributes:
        name: who answers; a line without anything else is the heading of the next ones.
        right, exact: questions; None where it is not known.
        least, most: of several answerers that the line stands for.
        points: counts of several answerers, drawn one by one.
        note: why there is no count.
    """

    name: str
    right: float | None = None
    exact: int | None = None
    least: float | None = None
    most: float | None = None
    points: tuple[int, ...] = ()
    note: str = ""

    @property
    def heading(self) -> bool:
        return self.right is None and not self.points and not self.note


def show(rows: Sequence[Row], runs: Sequence[Run]) -> None:
    """Draws the chart, then the answers that can be made longer; `runs` is the whole store."""
    st.subheader(t("reported-trial"), anchor=False)
    st.markdown(t("reported-trial-how"))
    _chart(bars(rows))
    trial, theirs = data.trial(), reported.load().untrained["right"]
    st.markdown(markdown(rule_trial.untrained_message(trial, theirs).text(language.current())))
    st.caption(t("reported-trial-reading", networks=len(trial.untrained)))
    st.markdown(f"#### {t('reported-longer')}")
    st.markdown(t("reported-longer-how"))
    _longer([row.run for row in rows if row.run and row.state in ("measured", "unjudged")])


def bars(rows: Sequence[Row]) -> list[Bar]:
    """Returns the chart's lines: who reads nothing, the original's runs, ours."""
    said, trial = reported.load(), data.trial()
    whole, first = trial.whole_passage, trial.first_characters
    found = [
        Bar(t("reported-trial-baselines")),
        Bar(t("reported-answerer-whole"), whole.count, whole.exact_count),
        Bar(t("reported-answerer-first", characters=rule_trial.CHARACTERS), first.count, first.exact_count),
        _networks("untrained", trial.untrained),
        _networks("anywhere", trial.anywhere),
        Bar(t("reported-trial-theirs")),
        Bar(t("reported-answerer-untrained-theirs"), said.untrained["right"], said.untrained["exact"]),
        *(Bar(t(f"reported-run-{run.variant}"), run.right, run.exact) for run in said.runs),
        Bar(t("reported-answerer-repeats"), points=said.repeats),
        Bar(t("reported-answerer-loaded"), said.loaded_elsewhere["right"], int(said.loaded_elsewhere["exact"])),
        Bar(t("reported-trial-ours")),
    ]
    for row in rows:
        if row.measured and row.run:
            found.append(Bar(row.run.title, row.measured.right.value, round(row.measured.exact.value)))
        else:
            found.append(Bar(row.reported.variant, note=t(f"reported-state-{row.state}")))
    return found


def _networks(name: str, results: Mapping[int, OriginalResult]) -> Bar:
    """Returns the line of several networks: the median of their counts, from the least to the most."""
    counts = rule_trial.counts(results)
    title, median = t(f"reported-answerer-{name}", networks=len(counts)), float(np.median(counts))
    return Bar(title, median, rule_trial.most_exact(results), float(counts[0]), float(counts[-1]))


def _chart(lines: Sequence[Bar]) -> None:
    questions = reported.load().questions
    figure = charts.figure(x_title=t("reported-trial-x", questions=questions), y_title="", height=90 + 36 * len(lines))
    figure.update_layout(barmode="group", bargap=1 - 4 * _HALF, hovermode="closest")
    counted = [(place, bar) for place, bar in enumerate(lines) if bar.right is not None]
    places = [place for place, _ in counted]
    right, exact = [bar.right for _, bar in counted], [bar.exact for _, bar in counted]
    said = ["" if bar.most else _said(bar.right) for _, bar in counted]
    series = (("right", _RIGHT, "", right, said), ("exact", _EXACT, "/", exact, [*map(_said, exact)]))
    for name, color, pattern, values, texts in series:
        figure.add_bar(
            y=places,
            x=[value or 0 for value in values],
            orientation="h",
            name=t(f"reported-trial-{name}"),
            text=texts,
            textposition="outside",
            cliponaxis=False,
            marker={"color": color, "pattern": {"shape": pattern}},
            hovertemplate="%{text}<extra></extra>",
        )
    _add_several(figure, lines)
    _name_lines(figure, lines)
    figure.update_xaxes(range=[0, questions * 1.08])
    charts.show(figure, key="reported-trial", alt=f"{t('reported-trial')}: {'; '.join(_alt(bar) for bar in lines)}")


def _add_several(figure: go.Figure, lines: Sequence[Bar]) -> None:
    """Draws the lines that stand for several answerers: every count, or the range around their median."""
    shared = {"showlegend": False, "hovertemplate": "%{x}<extra></extra>"}
    for place, bar in enumerate(lines):
        if bar.points:
            marker = {"symbol": "diamond-open", "size": 11, "color": _RIGHT, "line": {"width": 2}}
            figure.add_scatter(x=bar.points, y=[place] * len(bar.points), mode="markers", marker=marker, **shared)
        if bar.least is not None and bar.most is not None:
            marker = {"symbol": "line-ns-open", "size": 10, "color": MUTED}
            said = f" {_said(bar.right)} ({bar.least:g}–{bar.most:g})"
            figure.add_scatter(
                x=[bar.least, bar.most],
                y=[place - _HALF] * 2,
                mode="lines+markers+text",
                marker=marker,
                line={"color": MUTED, "width": 2},
                text=["", said],
                textposition="middle right",
                cliponaxis=False,
                **shared,
            )


def _name_lines(figure: go.Figure, lines: Sequence[Bar]) -> None:
    labels = []
    for place, bar in enumerate(lines):
        labels.append("" if bar.heading else "<br>".join(map(plotly, wrap(bar.name, _LABEL, break_on_hyphens=False))))
        if bar.heading or bar.note:
            text = f"<b>{plotly(bar.name)}</b>" if bar.heading else f"<i>{plotly(bar.note)}</i>"
            place_it = {"x": 0, "xref": "x domain", "xanchor": "left", "y": place, "showarrow": False}
            figure.add_annotation(text=text, font={"size": 13 if bar.heading else 11}, **place_it)
    ticks = {"tickmode": "array", "tickvals": [*range(len(lines))], "ticktext": labels}
    figure.update_yaxes(range=[len(lines) - 0.5, -0.5], showgrid=False, **ticks)


def _said(value: float | None) -> str:
    return "?" if value is None else f"{value:g}"


def _alt(bar: Bar) -> str:
    if bar.points:
        return f"{bar.name} {', '.join(map(str, bar.points))}"
    if bar.right is None:
        return f"{bar.name} {bar.note}".rstrip()
    return f"{bar.name} {_said(bar.right)} / {_said(bar.exact)}"


def _longer(runs: Sequence[Run]) -> None:
    """Draws whose answers are made longer, and what comes of it; offers KorQuAD where its text is missing."""
    missing = DATASET not in catalogue.available()
    texts = {run.name: found for run in runs if (found := data.text_of(run))}
    if missing:
        st.info(t("reported-longer-no-text", dataset=markdown(data.FALLBACK)), icon=":material/info:")
        fetch.button(DATASET)
    if not texts:
        st.markdown(t("reported-longer-no-run"))
        return
    _made_longer({run.name: run for run in runs if run.name in texts}, texts)


@st.fragment
def _made_longer(runs: Mapping[str, Run], texts: Mapping[str, Dataset]) -> None:
    """Draws the choice of a run, the slider, the figures and the chart; only this is drawn again."""
    best = max(runs, key=lambda name: data.exact_answers(runs[name], texts[name]))
    name = best
    if len(runs) > 1:
        name = url.linked(
            st.segmented_control,
            t("reported-longer-run"),
            list(runs),
            key="longer",
            default=best,
            required=True,
            format_func=lambda name: markdown(run_picker.label(runs[name])),
        )
    words = url.linked(
        st.slider,
        t("reported-longer-words"),
        key="words",
        default=0,
        min_value=0,
        max_value=rule_trial.MOST_WORDS,
    )
    table = data.lengthened(runs[name], texts[name])
    now, before = table.iloc[words], table.iloc[0]
    figures = (
        ("right", now["contains"], before["contains"], 0),
        ("exact", now["exact_match"], before["exact_match"], 0),
        ("f1", now["f1"], before["f1"], 1),
        ("length", now["median_length"], before["median_length"], 0),
    )
    with st.container(horizontal=True, key="longer-figures"):  # two side by side on a telephone
        for key, value, first, digits in figures:
            title = "F1 (%)" if key == "f1" else t(f"reported-longer-{key}")
            change = f"{value - first:+.{digits}f}" if value != first else None
            shown = number(float(value), digits)
            st.metric(title, shown, change, delta_color="off" if key == "length" else "normal", border=True, width=160)
    _curves(table, int(words), runs[name].title)
    st.caption(t("reported-longer-on", questions=original_rule.QUESTIONS, dataset=markdown(texts[name].name)))


def _curves(table: pd.DataFrame, words: int, run: str) -> None:
    figure = charts.figure(x_title=t("reported-longer-words"), y_title=t("reported-longer-y"), height=340)
    lines = (
        (t("reported-longer-right"), table["contains_share"], _RIGHT, "solid", "circle"),
        (t("reported-longer-exact"), table["exact_match_share"], _EXACT, "dash", "square"),
        ("F1", table["f1"], _F1, "dot", "diamond"),
    )
    for name, values, color, dash, symbol in lines:
        figure.add_scatter(
            x=table["words"], y=values, name=name, mode="lines", line={"color": color, "dash": dash, "width": 2.5},
            hovertemplate=f"{name}: %{{y:.1f}} %<extra></extra>",
        )  # fmt: skip
        marker = {"color": color, "size": 11, "symbol": symbol}
        point = {"x": [words], "y": [values.iloc[words]], "marker": marker, "mode": "markers"}
        figure.add_scatter(**point, showlegend=False, hoverinfo="skip")
    figure.add_vline(x=words, line=charts.REFERENCE, layer="below")
    figure.update_xaxes(range=[-1, rule_trial.MOST_WORDS + 1])
    figure.update_yaxes(range=[0, 102])
    ends = "; ".join(f"{name} {values.iloc[0]:.0f} → {values.iloc[-1]:.0f} %" for name, values, *_ in lines)
    said = t("reported-longer-chart", run=run)
    charts.show(figure, key="reported-longer", alt=f"{said}: {ends}")

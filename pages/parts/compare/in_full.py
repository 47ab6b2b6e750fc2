"""One question of a comparison in full: the passage with gold, A and B, both n-best lists, and why."""

import html

import pandas as pd
import streamlit as st

from core.data import catalogue
from core.data.formats import Example
from core.reports.answers import answer_bounds, span
from core.reports.palette import GOLD
from core.scoring.normalization import normalize
from core.store.predictions import Predictions
from pages.parts.ask import inputs
from pages.parts.compare import reading
from pages.parts.compare.data import Pair
from pages.parts.shared import frame, highlight, palette
from pages.parts.shared.format import markdown, number
from pages.parts.shared.highlight import Mark
from pages.parts.shared.language import t


def show(pair: Pair, question: str) -> None:
    """Draws the question with this id."""
    row = pair.table.loc[pair.table["id"] == question].iloc[0]
    example = pair.examples.get(question)
    if example:
        # st.html, not Markdown: every character is shown as it is, white space too.
        st.html(
            f'<h3 dir="auto" style="white-space:pre-wrap;overflow-wrap:anywhere;margin:0">'
            f"{html.escape(example.question)}</h3>"
        )
        title = f"{markdown(example.title)} · " if example.title else ""
        st.caption(f"{title}{markdown(question)}")
        _passage(pair, row, example)
    else:
        st.markdown(f"### {markdown(question)}")
        st.caption(t("compare-no-passage"))
        st.markdown(t("compare-gold-at", start=int(row["gold_start"]), end=int(row["gold_end"])))
    strips = example is not None and reading.toggle(pair)
    columns = dict(zip("ab", st.columns(2, border=True), strict=True))
    for side, column in columns.items():
        with column:
            _answer(pair, row, example, side)
    if example and strips:  # last, for the models may have to be loaded: all else is drawn by then
        for side, run, color in (("a", pair.a, pair.style_a.color), ("b", pair.b, pair.style_b.color)):
            with columns[side]:
                stored = int(row[f"{side}_start"]), int(row[f"{side}_end"])
                reading.strip(run, color, example, stored)
    if example:
        _ask_link(pair, example)


def _ask_link(pair: Pair, example: Example) -> None:
    """Draws the way to Ask with this question, its passage and the two runs."""
    ask = frame.path("ask")
    if ask is None:
        return
    runs = {"a": pair.a.name, "b": pair.b.name}
    icon = ":material/quick_phrases:"
    if pair.comparison.dataset in catalogue.DATASETS:
        named = {**runs, inputs.EXAMPLE: f"{pair.comparison.dataset}/{example.id}"}
        st.page_link(ask, label=t("compare-to-ask"), icon=icon, query_params=named)
    elif st.button(t("compare-to-ask"), icon=icon, type="tertiary"):  # a passage is too long for an address
        inputs.fill(example.question, example.context)
        st.switch_page(ask, query_params=runs)


def _passage(pair: Pair, row: pd.Series, example: Example) -> None:
    bounds = {"a": _bounds(pair, row, "a"), "b": _bounds(pair, row, "b")}
    marks = [
        *(Mark(t("compare-gold"), gold.start, gold.end, GOLD, "double") for gold in example.answers),
        Mark("A", *bounds["a"], pair.style_a.color, "solid"),
        Mark("B", *bounds["b"], pair.style_b.color, "dashed"),
    ]
    windows = {side: reading.cut(run, example) for side, run in (("A", pair.a), ("B", pair.b))}
    with st.container(border=True):
        highlight.show(example.context, marks, reading.borders(windows))
        st.caption(t("compare-marks"))
        reading.caption(windows)


def _bounds(pair: Pair, row: pd.Series, side: str) -> tuple[int, int]:
    starts, ends = answer_bounds(pair.comparison, side)
    return int(starts[row.name]), int(ends[row.name])


def _answer(pair: Pair, row: pd.Series, example: Example | None, side: str) -> None:
    run = pair.a if side == "a" else pair.b
    start, end = _bounds(pair, row, side)
    right = bool(row[f"{side}_right"])
    st.markdown(f"**{side.upper()}** · {markdown(run.title)}")
    st.badge(
        t("compare-right" if right else "compare-wrong"),
        icon=":material/check:" if right else ":material/close:",
        color=palette.BADGES[right],
    )
    answer = span(example, start, end) or t("compare-no-answer")
    st.html(
        f'<p dir="auto" style="font-size:1.15em;white-space:pre-wrap;overflow-wrap:anywhere;margin:0">'
        f"{html.escape(answer)}</p>"
    )
    kind = str(row[f"{side}_error_type"])
    st.markdown(
        t(
            "compare-answer-figures",
            type=markdown(t(f"error-{kind}")),
            f1=number(100 * float(row[f"{side}_f1"]), 0),
            probability=number(100 * float(row[f"{side}_probability"]), 0),
            start=start,
            end=end,
        )
    )
    for reason in _why(pair, row, example, side, kind):
        st.markdown(f"- {reason}")
    _nbest(pair.predictions_a if side == "a" else pair.predictions_b, str(row["id"]), example)


def _why(pair: Pair, row: pd.Series, example: Example | None, side: str, kind: str) -> list[str]:
    """Returns why an answer counts as right or wrong, as Markdown."""
    comparison, found = pair.comparison, []
    if comparison.criterion == "substring":
        found.append(t("compare-why-contains" if row[f"{side}_right"] else "compare-why-contains-not"))
        return [*found, t("compare-why-substring")]
    found.append(t(f"compare-why-{kind}"))
    if comparison.criterion == "f1":
        values = {"f1": f"{row[f'{side}_f1']:.2f}", "threshold": f"{comparison.threshold:g}"}
        found.append(t("compare-why-f1" if row[f"{side}_right"] else "compare-why-f1-not", **values))
    if example and kind == "exact":
        answer = example.context[row[f"{side}_start"] : row[f"{side}_end"]]
        gold = example.context[row["gold_start"] : row["gold_end"]]
        if answer != gold and normalize(answer) == normalize(gold):
            found.append(t("compare-why-normalized", text=markdown(normalize(gold))))
    return found


def _nbest(predictions: Predictions, question: str, example: Example | None) -> None:
    table = predictions.table
    candidates = list(table["nbest"].iloc[int((table["id"] == question).to_numpy().argmax())])
    if not candidates:
        return
    st.caption(t("compare-nbest", count=len(candidates)))
    st.dataframe(
        {
            "answer": [span(example, one["start"], one["end"]) for one in candidates],
            "probability": [100 * one["probability"] for one in candidates],
            "place": [f"{one['start']}–{one['end']}" for one in candidates],
        },
        hide_index=True,
        placeholder="–",
        height=min(38 + 35 * len(candidates), 220),
        column_config={
            "answer": st.column_config.TextColumn(t("compare-candidate"), width=165),
            "probability": st.column_config.ProgressColumn(
                t("compare-probability"), format="%.1f %%", min_value=0, max_value=100, width=92
            ),
            "place": st.column_config.TextColumn(t("compare-place"), width=76),
        },
        alt=t("compare-nbest", count=len(candidates)),
    )

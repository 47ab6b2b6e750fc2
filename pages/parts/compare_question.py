"""One question of a comparison in full: the passage with gold, A and B, both n-best lists, and why."""

import html
from pathlib import Path

import pandas as pd
import streamlit as st

from core import config
from core.data import features, sources
from core.data.squad import Example
from core.data.tokenizer import Tokenizer, TokenizerError
from core.evaluation.answers import answer_bounds, span
from core.evaluation.normalization import normalize
from core.inference.predictions import Predictions
from core.runs import TOKENIZER_FILE, Run
from pages.parts import ask_input, charts, frame, highlight
from pages.parts.compare_data import Pair
from pages.parts.format import markdown, number
from pages.parts.highlight import Mark
from pages.parts.language import t

_GOLD, _A, _B = charts.COLORS[2], charts.COLORS[0], charts.COLORS[1]


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
    for column, side in zip(st.columns(2, border=True), ("a", "b"), strict=True):
        with column:
            _answer(pair, row, example, side)
    if example:
        _ask_link(pair, example)


def _ask_link(pair: Pair, example: Example) -> None:
    """Draws the way to Ask with this question, its passage and the two runs."""
    ask = frame.path("ask")
    if ask is None:
        return
    runs = {"a": pair.a.name, "b": pair.b.name}
    icon = ":material/quick_phrases:"
    if pair.comparison.dataset in sources.DATASETS:
        named = {**runs, ask_input.EXAMPLE: f"{pair.comparison.dataset}/{example.id}"}
        st.page_link(ask, label=t("compare-to-ask"), icon=icon, query_params=named)
    elif st.button(t("compare-to-ask"), icon=icon, type="tertiary"):  # a passage is too long for an address
        ask_input.fill(example.question, example.context)
        st.switch_page(ask, query_params=runs)


def _passage(pair: Pair, row: pd.Series, example: Example) -> None:
    bounds = {"a": _bounds(pair, row, "a"), "b": _bounds(pair, row, "b")}
    marks = [
        *(Mark(t("compare-gold"), gold.start, gold.end, _GOLD, "double") for gold in example.answers),
        Mark("A", *bounds["a"], _A, "solid"),
        Mark("B", *bounds["b"], _B, "dashed"),
    ]
    with st.container(border=True):
        highlight.show(example.context, marks)
        st.caption(t("compare-marks"))
    for side, run in (("A", pair.a), ("B", pair.b)):
        borders = _windows(run, example)
        if len(borders) > 1:
            listed = ", ".join(f"{start}–{end}" for start, end in borders)
            st.caption(t("compare-windows", side=side, count=len(borders), windows=listed))


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
        color="green" if right else "red",
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
    if row[f"{side}_trimmed"]:
        found.append(t("compare-why-trimmed", characters=int(row[f"{side}_trimmed"])))
    return found


def _nbest(predictions: Predictions, question: str, example: Example | None) -> None:
    table = predictions.table
    candidates = list(table["nbest"].iloc[int((table["id"] == question).to_numpy().argmax())])
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
            "answer": t("compare-candidate"),
            "probability": st.column_config.ProgressColumn(
                t("compare-probability"), format="%.1f %%", min_value=0, max_value=100
            ),
            "place": t("compare-place"),
        },
        alt=t("compare-nbest", count=len(candidates)),
    )


def _windows(run: Run, example: Example) -> list[tuple[int, int]]:
    """Returns the passage's windows as this run reads them: first character, end (exclusive); [] where unknown."""
    tokenizer = _tokenizer(run.path / TOKENIZER_FILE)
    if tokenizer is None:
        return []
    try:
        settings = config.from_dict(run.info["config"])
        made = features.windows([example], tokenizer, settings.features, settings.model.max_sequence_length)
    except (KeyError, TypeError, ValueError, config.ConfigError):
        return []
    return [(int(window.starts[0]), int(window.ends[-1])) for window in made if len(window.starts)]


@st.cache_resource(show_spinner=False, max_entries=8)
def _tokenizer(path: Path) -> Tokenizer | None:
    try:
        return Tokenizer.load(path)
    except (TokenizerError, OSError):
        return None

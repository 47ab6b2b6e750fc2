"""What all runs together say of the questions: which of them separate runs, and whose gold answer is doubtful."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.reports.answers import span
from core.store.runs import Run
from pages.parts.compare import data, views
from pages.parts.compare.data import Pair
from pages.parts.shared import run_picker
from pages.parts.shared.language import t

_MOST = 50  # questions that separate, in the list


def show(runs: Sequence[Run], pair: Pair) -> None:
    """Draws both lists of questions; a click on one opens it. `runs` is the whole store."""
    try:
        result = data.item_response(pair, run_picker.usable(runs))
    except ValueError:
        st.info(t("compare-questions-few"))
        return
    st.caption(t("compare-questions-how", runs=len(result.runs), recipes=int(result.runs["recipe"].nunique())))
    questions = result.questions
    st.markdown(f"**{t('difficulty-separating')}**")
    separating = questions[questions["separates"] > 0].nlargest(_MOST, "separates")
    _list(pair, separating, "separating", ("right", "difficulty", "separates"), len(result.runs))
    st.caption(t("difficulty-model"))
    suspects = questions[questions["suspect"]].sort_values("agreed", ascending=False, kind="stable")
    st.markdown(f"**{t('difficulty-suspects')}**")
    st.caption(t("difficulty-suspects-how", suspects=len(suspects), best=f"{result.runs['score'].max():.0f}"))
    if len(suspects):
        _list(pair, suspects, "suspects", ("agreed_answer", "agreed"), len(result.runs))


def _list(pair: Pair, rows: pd.DataFrame, name: str, columns: Sequence[str], runs: int) -> None:
    examples = [pair.examples.get(identifier) for identifier in rows["id"]]
    identifiers = rows["id"].tolist()
    places = rows[["gold_start", "gold_end", "agreed_start", "agreed_end"]].to_numpy()
    shown = pd.DataFrame(
        {
            "question": [one.question if one else key for one, key in zip(examples, identifiers, strict=True)],
            "gold": [span(one, *place[:2]) for one, place in zip(examples, places, strict=True)],
            "right": [f"{count} / {runs}" for count in rows["right"]],
            "difficulty": rows["difficulty"].to_numpy(),
            "separates": rows["separates"].to_numpy(),
            "agreed_answer": [span(one, *place[2:]) for one, place in zip(examples, places, strict=True)],
            "agreed": 100 * rows["agreed"].to_numpy(),
        }
    )
    key = f"hardness-{name}"
    st.dataframe(
        shown[["question", "gold", *columns]],
        hide_index=True,
        placeholder="–",
        height=min(38 + 35 * len(rows), 330),
        column_config=_columns(),
        key=key,
        on_select=lambda: _open(key, identifiers),
        selection_mode=["single-row", "single-cell"],
        alt=t(f"difficulty-{name}"),
    )


def _open(key: str, identifiers: list[str]) -> None:
    if (row := views.clicked(key, len(identifiers))) is not None:
        views.open_question(identifiers[row])


def _columns() -> dict[str, Any]:
    text, figure = st.column_config.TextColumn, st.column_config.NumberColumn
    return {
        "question": text(t("difficulty-question"), width="large"),
        "gold": text(t("difficulty-gold"), width="small"),
        "right": text(t("difficulty-right"), width="small"),
        "difficulty": figure(t("difficulty-difficulty"), format="%+.1f", width="small"),
        "separates": st.column_config.ProgressColumn(
            t("compare-questions-separates"), min_value=0.0, max_value=1.0, format="%.2f", width="small"
        ),
        "agreed_answer": text(t("difficulty-agreed-answer"), width="small"),
        "agreed": figure(t("difficulty-agreed"), format="%.0f %%", width="small"),
    }

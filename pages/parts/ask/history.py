"""What was asked in this session, with the answers, to look at and to take away."""

from typing import Any

import pandas as pd
import streamlit as st

from pages.parts.shared.language import t

_KEY = "ask-history"
_KEPT = 200


def add(question: str, passage: str, answers: dict[str, tuple[str, str, float]]) -> None:
    """Remembers a question unless it is the one just asked.

    Args:
        question: as typed.
        passage: as typed; its beginning is kept.
        answers: by "A" and "B" the run's name, the answer and its probability.
    """
    row: dict[str, Any] = {"question": question, "passage": " ".join(passage.split())[:60]}
    for side, (run, answer, probability) in answers.items():
        row |= {f"run-{side}": run, f"answer-{side}": answer, f"probability-{side}": round(probability, 4)}
    kept = st.session_state.setdefault(_KEY, [])
    if not kept or kept[-1] != row:
        kept.append(row)
        del kept[:-_KEPT]


def show() -> None:
    """Draws the questions asked so far, latest first, and a button that saves them as CSV."""
    kept = st.session_state.get(_KEY, [])
    if not kept:
        return
    with st.expander(t("ask-history", count=len(kept)), icon=":material/history:"):
        table = pd.DataFrame(kept[::-1])
        titles = {"question": t("ask-question"), "passage": t("ask-passage")}
        for side in "AB":
            titles |= {
                f"{what}-{side}": t(f"ask-history-{what}", side=side) for what in ("run", "answer", "probability")
            }
        st.dataframe(table, hide_index=True, column_config=titles, alt=t("ask-history", count=len(kept)))
        # With a byte order mark, or Excel takes Korean for something else.
        csv = table.to_csv(index=False).encode("utf-8-sig", "replace")
        st.download_button(t("ask-history-save"), csv, "answerdiff-questions.csv", "text/csv", on_click="ignore")

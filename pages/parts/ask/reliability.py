"""What a run's probability rests on: how often its answers of each probability were right."""

import streamlit as st

from core.scoring.calibration import NOT_SURE_BELOW
from core.store.runs import Run
from pages.parts.shared.format import markdown
from pages.parts.shared.language import t


def show(run: Run, probability: float) -> None:
    """Draws from when on an answer counts as sure, and on demand what the probabilities rest on.

    Args:
        run: the run.
        probability: of the answer shown; its row of the table is marked.
    """
    limit = percent(NOT_SURE_BELOW)
    found = run.get("calibration")
    if found is None:
        st.caption(t("ask-uncalibrated", limit=limit, command=command(run)))
        return
    st.caption(t("ask-calibrated", limit=limit))
    with st.popover(t("ask-reliability"), icon=":material/query_stats:"):
        names = ", ".join(found["dataset"]["names"])
        st.markdown(
            t(
                "ask-reliability-reading",
                questions=f"{found['questions']:,}",
                datasets=markdown(names),
                temperature=f"{found['temperature']:.2f}",
                before=f"{100 * found['error_before']:.1f}",
                after=f"{100 * found['error_after']:.1f}",
            )
        )
        _table(found["bins"], probability)


def command(run: Run) -> str:
    """Returns what calibrates a run and records what it has met, as Markdown."""
    return markdown(f"python -m core calibrate {run.name}")


def percent(share: float) -> str:
    """Returns 0..1 as a whole number of per cent."""
    return f"{100 * share:.0f}"


def _table(bins: list[dict[str, float]], probability: float) -> None:
    here = [row["low"] < probability <= row["high"] for row in bins]
    rows = {
        "range": [
            f"{percent(row['low'])}–{percent(row['high'])}%{' ◀' if mine else ''}"
            for row, mine in zip(bins, here, strict=True)
        ],
        "count": [row["count"] for row in bins],
        "confidence": [row["confidence"] for row in bins],
        "accuracy": [row["accuracy"] for row in bins],
    }
    columns = {
        "range": st.column_config.TextColumn(t("ask-reliability-range"), width="small"),
        "count": st.column_config.NumberColumn(t("ask-reliability-count"), width="small"),
    }
    for name in ("confidence", "accuracy"):
        columns[name] = st.column_config.ProgressColumn(
            t(f"ask-reliability-{name}"), format="percent", min_value=0, max_value=1, width="small"
        )
    st.dataframe(rows, hide_index=True, column_config=columns, alt=t("ask-reliability"))

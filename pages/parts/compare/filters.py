"""Which questions the Compare page lists: filters that combine, are kept in the address and shown as chips.

A filter's value lies in the session under its key; an empty value ("" or []) filters nothing. Selectors (the 2x2 table,
the movement matrix, the slices) and the chips that take filters away all write there.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.comparing import slices
from core.comparing.compare import OUTCOMES
from core.reports import report
from core.scoring.errors import ERROR_TYPES
from pages.parts.compare.data import Pair
from pages.parts.shared import language, url
from pages.parts.shared.format import markdown
from pages.parts.shared.language import t

OUTCOME, TYPE_A, TYPE_B, SLICE, FIND, JOSA = "outcome", "type_a", "type_b", "slice", "find", "josa"
KEYS = (OUTCOME, TYPE_A, TYPE_B, SLICE, FIND, JOSA)


def read() -> None:
    """Takes the filters from the address where the session has none, drops impossible ones, writes the address."""
    values: dict[str, Any] = {key: st.session_state.get(key, url.given(key)) for key in KEYS}
    for key in KEYS:
        if key != OUTCOME and isinstance(values[key], list):
            values[key] = values[key][-1] if values[key] else ""
    values[OUTCOME] = [outcome for outcome in OUTCOMES if outcome in values[OUTCOME]]
    for key in (TYPE_A, TYPE_B):
        values[key] = values[key] if values[key] in ERROR_TYPES else ""
    dimension, _, kind = values[SLICE].partition(".")
    if dimension == "article":
        known = kind.isdecimal()
    else:
        known = dimension in slices.DIMENSIONS and kind in slices.DIMENSIONS[dimension].slices
    values[SLICE] = values[SLICE] if known else ""
    values[JOSA] = values[JOSA] in (True, "true")
    for key, value in values.items():
        if key not in st.session_state or st.session_state[key] != value:
            st.session_state[key] = value
        url.write(key, value or None)


def masks(pair: Pair) -> dict[str, np.ndarray]:
    """Returns the active filters, each with the questions it lets through, bool (n,)."""
    table, chosen = pair.table, st.session_state
    found = {}
    if chosen[OUTCOME]:
        found[OUTCOME] = table["outcome"].isin(chosen[OUTCOME]).to_numpy()
    for key, side in ((TYPE_A, "a"), (TYPE_B, "b")):
        if chosen[key]:
            found[key] = (table[f"{side}_error_type"] == chosen[key]).to_numpy()
    if chosen[SLICE]:
        dimension, _, kind = chosen[SLICE].partition(".")
        if dimension in pair.features:
            ids = pair.features["id"][pair.features[dimension].astype(str) == kind]
            found[SLICE] = table["id"].isin(ids).to_numpy()
    if chosen[FIND].strip():
        words = chosen[FIND].casefold().split()
        found[FIND] = np.array([all(word in text for word in words) for text in table["searched"]], bool)
    if chosen[JOSA]:
        found[JOSA] = table["josa_only"].to_numpy(bool)
    return found


def apply(pair: Pair, active: dict[str, np.ndarray]) -> pd.DataFrame:
    """Returns the rows of the pair's table that every filter lets through."""
    if not active:
        return pair.table
    return pair.table[np.logical_and.reduce(list(active.values()))]


def describe(active: dict[str, np.ndarray]) -> Iterator[tuple[str, str]]:
    """Yields key and name of each active filter in the reader's language; names are plain text."""
    for key in active:
        value = st.session_state[key]
        if key == OUTCOME:
            yield key, " / ".join(t(f"compare-core-outcome-{outcome}") for outcome in value)
        elif key in (TYPE_A, TYPE_B):
            yield key, f"{'A' if key == TYPE_A else 'B'}: {t(f'error-{value}')}"
        elif key == SLICE:
            dimension, _, kind = value.partition(".")
            yield key, ": ".join(report.slice_names(dimension, kind, language.current()))
        else:
            yield key, t("compare-chip-josa") if key == JOSA else t("compare-chip-find", text=value.strip())


def chips(active: dict[str, np.ndarray], shown: int, total: int) -> None:
    """Draws how many questions are left, and each filter with what it lets through, to be taken away by a click."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(t("compare-shown", shown=shown, total=total))
        for key, name in describe(active):
            st.button(
                f"{markdown(name)} · {int(active[key].sum()):,}",
                key=f"chip-{key}",
                icon=":material/close:",
                icon_position="right",
                help=t("compare-chip-remove"),
                on_click=clear,
                args=(key,),
            )
        if len(active) > 1:
            st.button(t("compare-chip-clear"), key="chip-all", type="tertiary", on_click=clear, args=KEYS)


def clear(*keys: str) -> None:
    """Takes filters away."""
    for key in keys:
        st.session_state[key] = [] if key == OUTCOME else False if key == JOSA else ""


def toggle_outcome(outcome: str) -> None:
    """Adds an outcome to the filter, or takes it out."""
    chosen = st.session_state.get(OUTCOME, [])
    st.session_state[OUTCOME] = [one for one in chosen if one != outcome] + [outcome] * (outcome not in chosen)

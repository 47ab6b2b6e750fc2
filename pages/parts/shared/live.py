"""Pages that follow the store: a run that begins, moves on, ends or dies shows without a click."""

from collections.abc import Callable, Hashable

import streamlit as st

REFRESH_SECONDS = 3.0


def watch(state: Callable[[], Hashable]) -> None:
    """Draws the page anew as soon as `state()` is not what it was when the page was drawn.

    Args:
        state: reads what the page depends on; called every `REFRESH_SECONDS`.
    """
    drawn = state()

    @st.fragment(run_every=REFRESH_SECONDS)
    def look() -> None:
        if state() != drawn:
            st.rerun()

    look()

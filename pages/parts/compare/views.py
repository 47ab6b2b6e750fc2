"""The tabs of the Compare page, and the ways from one to another."""

from typing import Any

import streamlit as st

from pages.parts.compare import filters, listing
from pages.parts.shared import url
from pages.parts.shared.language import t

KEY = "view"
NAMES = ("pair", "all", "plan", "questions")


def choose() -> tuple[str, Any]:
    """Draws the tabs; returns the open one's name and place. What the others show is not computed."""
    return url.tabs({name: t(f"compare-view-{name}") for name in NAMES}, key=KEY)


def open_view(name: str) -> None:
    """Opens a tab; for callbacks."""
    st.session_state[KEY] = name


def open_question(identifier: str) -> None:
    """Opens one question in full, whatever was filtered; for callbacks."""
    filters.clear(*filters.KEYS)
    st.session_state[listing.QUESTION] = identifier
    open_view("pair")


def clicked(key: str, rows: int) -> int | None:
    """Returns the row of a table that was clicked, on its mark or on any of its cells; None for none."""
    selection = st.session_state[key]["selection"]
    marked = [*selection["rows"], *(cell[0] for cell in selection["cells"])]
    return marked[0] if marked and marked[0] < rows else None

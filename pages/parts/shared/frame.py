"""Which pages there are, and how each of them begins."""

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from pages.parts.shared.language import t

_FOLDER = Path(__file__).resolve().parents[2]
NAMES = ("runs", "learning_curves", "compare", "ask", "reported")
"""The pages in the order of the navigation; the file of each lies in `pages`."""
_KEY = "framed"


def path(name: str) -> Path | None:
    """Returns the file of a page for st.switch_page, or None when there is no such page."""
    file = _FOLDER / f"{name}.py"
    return file if file.is_file() else None


def pages() -> list[Page]:
    """Returns the pages for st.navigation, the first being where a visitor lands.

    They have no icons: Streamlit would fetch a Material icon for the browser's tab from the network.
    """
    return [
        st.Page(file, title=t(f"dashboard-page-{name.replace('_', '-')}"), default=name == "runs")
        for name in NAMES
        if (file := path(name))
    ]


def mark() -> None:
    """Says that dashboard.py has drawn the frame. Only dashboard.py calls it."""
    st.session_state[_KEY] = True


def begin(name: str) -> None:
    """Draws a page's title; call it first on every page.

    Streamlit takes a folder called `pages` for a multipage app of its old kind until `st.navigation` has run once. So
    when the first visitor of a server opens a page's own address, the page runs without dashboard.py: no navigation, no
    language. Calling `st.navigation` ends that, and a rerun then goes through dashboard.py.

    Args:
        name: of the page's file, without `.py`.
    """
    if _KEY not in st.session_state:
        st.session_state[_KEY] = False  # at most one rerun, should the page have been started alone on purpose
        st.navigation(pages())
        st.rerun()
    st.title(t(f"dashboard-page-{name.replace('_', '-')}"), anchor=False)

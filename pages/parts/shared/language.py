"""The language of the pages: the browser's locale decides, a switch overrides, the address keeps it."""

import streamlit as st

from core import texts
from pages.parts.shared import url

_KEY = "lang"


def current() -> str:
    """Returns one of `texts.LANGUAGES`."""
    chosen = st.session_state.get(_KEY) or "".join(url.given(_KEY)[-1:])
    return chosen if chosen in texts.LANGUAGES else texts.language_of(st.context.locale)


def t(key: str, **values: str | int | float) -> str:
    """Returns a text of the catalogue in the current language."""
    return texts.text(key, current(), **values)


def choose() -> None:
    """Draws the switch in the sidebar. Call it once, before anything that has text."""
    url.linked(
        st.sidebar.segmented_control,
        "Language · 언어",
        texts.LANGUAGES,
        key=_KEY,
        default=texts.language_of(st.context.locale),
        format_func=lambda language: texts.text("dashboard-language", language),
        required=True,
        label_visibility="collapsed",
    )

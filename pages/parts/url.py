"""Widgets whose value is kept in the page's address and in the session, so that a link reproduces a view.

Streamlit's own `bind="query-params"` writes an option's label to the address; labels are in the reader's
language and run titles can change, so this module writes the option itself.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import streamlit as st


def linked(
    widget: Callable[..., Any],
    label: str,
    options: Iterable[Any] | None = None,
    *,
    key: str,
    default: Any,
    always: bool = False,
    **settings: Any,
) -> Any:
    """Draws `widget` with its value in the address as `?key=...`; returns the value.

    The session's value wins over the address, the address over the default. A value that is not among the options (a
    deleted run, a link of another version) or not within the widget's bounds is dropped. The default is not written
    unless `always`.

    Args:
        widget: st.selectbox, st.segmented_control, st.pills, st.multiselect, st.toggle, st.text_input ...
        label: the widget's label.
        options: what can be chosen, where the widget chooses; their `str` must tell them apart.
        key: name in the session and in the address. One name, one meaning, on all pages.
        default: the value when nothing was chosen; a list for widgets that choose several.
        always: write the default to the address too, because it may be another one tomorrow.
        **settings: further arguments of the widget.
    """
    choices = None if options is None else list(options)
    if key in st.session_state:
        value = _allowed(st.session_state[key], choices, default)
    elif key in st.query_params:
        value = _parse(st.query_params.get_all(key), choices, default)
    else:
        value = default
    if not _within(value, settings.get("min_value"), settings.get("max_value")):
        value = default
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    positional = (label,) if choices is None else (label, choices)
    value = widget(*positional, key=key, persist_state="session", **settings)
    write(key, value, None if always else default)
    return value


def write(key: str, value: Any, default: Any = None) -> None:
    """Writes `value` to the address, or removes it there when it is the default."""
    if value == default or value is None:
        if key in st.query_params:
            del st.query_params[key]
        return
    wanted = [str(item) for item in value] if isinstance(value, list | tuple) else [_text(value)]
    wanted = wanted or [""]  # "nothing chosen" differs from "the default"
    if st.query_params.get_all(key) != wanted:
        st.query_params[key] = wanted


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _allowed(value: Any, choices: Sequence[Any] | None, default: Any) -> Any:
    if choices is None:
        return value
    if isinstance(default, list):
        return [item for item in value or [] if item in choices]
    return value if value in choices or (value is None and default is None) else default


def _within(value: Any, least: float | None, most: float | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


def _parse(found: list[str], choices: Sequence[Any] | None, default: Any) -> Any:
    """Reads what `write` wrote."""
    if choices is not None:
        by_text = {str(choice): choice for choice in choices}
        chosen = [by_text[text] for text in found if text in by_text]
        if isinstance(default, list):
            return chosen if chosen or found == [""] else default
        return chosen[-1] if chosen else default
    if isinstance(default, bool):
        return found[-1] == "true"
    try:
        return type(default)(found[-1])
    except (TypeError, ValueError):
        return default

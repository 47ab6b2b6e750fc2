"""What the pages know of a reader's choices: kept in the session under names of ours and in the address.

A choice lies in `st.session_state[key]`, which no widget owns: Streamlit forgets a widget's value, or takes the first
option for it, when a page is left. Each widget has a private key and is given the choice whenever the two differ.

Streamlit's own `bind="query-params"` writes an option's label to the address; labels are in the reader's
language and run titles can change, so this module writes the option itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import streamlit as st


class Key(NamedTuple):
    """A key of the address: what its value means, and the files of the pages that read it; () for all of them."""

    meaning: str
    pages: tuple[str, ...]


KEYS = {
    "lang": Key("language, such as ko or en", ()),
    "a": Key("run A", ()),
    "b": Key("run B", ()),
    "runs": Key("chosen runs", ("runs", "learning_curves")),
    "q": Key("words that a run's names and labels hold", ("runs",)),
    "status": Key("statuses of the runs listed", ("runs",)),
    "archived": Key("whether archived runs are listed", ("runs",)),
    "base": Key("run whose settings the chosen runs are compared with", ("runs",)),
    "identical": Key("whether settings that all have in common are listed", ("runs",)),
    "run": Key("run shown in full", ("runs",)),
    "dataset": Key("dataset that was answered", ("runs", "compare")),
    "metric": Key("metrics drawn", ("learning_curves",)),
    "x": Key("axis of training: step, epoch, ...", ("learning_curves",)),
    "split": Key("train, validation or both", ("learning_curves",)),
    "logx": Key("whether the x axis is logarithmic", ("learning_curves",)),
    "logy": Key("whether the y axes are logarithmic", ("learning_curves",)),
    "group": Key("whether runs that differ by seed alone are one line", ("learning_curves",)),
    "smooth": Key("weight of the exponential mean, 0..1", ("learning_curves",)),
    "zoom": Key("both ends of the stretch of the x axis", ("learning_curves",)),
    "image": Key("what a chart's camera saves: svg or png", ("learning_curves",)),
    "part": Key("all, or the original experiment's questions", ("compare",)),
    "criterion": Key("what counts as right: exact, f1 or substring", ("compare",)),
    "threshold": Key("F1 from which an answer is right, 0..1", ("compare",)),
    "common": Key("whether the questions that both runs have are compared, where datasets differ", ("compare",)),
    "outcome": Key("filter: both, only-a, only-b, neither", ("compare",)),
    "type_a": Key("filter: type of A's answer", ("compare",)),
    "type_b": Key("filter: type of B's answer", ("compare",)),
    "slice": Key("filter: slice of questions, as dimension.slice", ("compare",)),
    "find": Key("filter: words of question, answers or id", ("compare",)),
    "josa": Key("filter: wrong by a particle alone", ("compare",)),
    "order": Key("order of the list of questions", ("compare",)),
    "id": Key("question shown in full", ("compare",)),
    "margin": Key("points that count as no difference", ("compare",)),
    "view": Key("open tab: pair, all, plan or questions", ("compare",)),
    "compared": Key("runs of which every pair is compared", ("compare",)),
    "effect": Key("true difference that is planned for, points", ("compare",)),
    "question": Key("question asked", ("ask",)),
    "passage": Key("passage in which the answer is looked for", ("ask",)),
    "question_kept": Key("name of a question too long for the address", ("ask",)),
    "passage_kept": Key("name of a passage too long for the address", ("ask",)),
    "example": Key("question and passage, as dataset/id", ("ask",)),
    "why": Key("whether each word of the question is left out in turn", ("ask",)),
    "pieces": Key("whether pieces and windows are shown", ("ask",)),
    "longer": Key("run whose answers are made longer", ("reported",)),
    "words": Key("words by which they are made longer", ("reported",)),
}
"""Every key of the address; `linked`, `write` and `given` refuse any other."""

_WIDGET = "widget:"  # before the name of a choice: the key of its widget
_PAGE = "url-page"
_WRITTEN = "url-written"  # key -> what this page wrote to the address, latest last
_REMEMBERED = 50


def arrive(page: str) -> None:
    """Takes from the address what is not of our own writing: a link followed, or a step back. Call it before the page.

    An address that the session wrote on this page is no news, be it the latest or not: a click while a page is being
    drawn arrives with the address as it was before.

    Args:
        page: tells a page from any other.
    """
    written: dict[str, list[list[str]]] = st.session_state.setdefault(_WRITTEN, {})
    if st.session_state.get(_PAGE) != page:
        st.session_state[_PAGE] = page
        for addresses in written.values():
            del addresses[:-1]
        for key in [key for key in st.session_state if str(key).startswith(_WIDGET)]:
            del st.session_state[key]  # a page's widgets begin anew, with what we know
    for key, addresses in written.items():
        if key in st.query_params and st.query_params.get_all(key) not in addresses:
            st.session_state.pop(key, None)


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
        key: name in the session and in the address, one of `KEYS`: one name, one meaning, on all pages.
        default: the value when nothing was chosen; a list for widgets that choose several.
        always: write the default to the address too, because it may be another one tomorrow.
        **settings: further arguments of the widget.
    """
    choices = None if options is None else list(options)
    if key in st.session_state:
        value = _allowed(st.session_state[key], choices, default)
    elif texts := given(key):
        value = _parse(texts, choices, default)
    else:
        value = default
    if not _within(value, settings.get("min_value"), settings.get("max_value")):
        value = default
    st.session_state[key] = value
    positional = (label,) if choices is None else (label, choices)
    value = owned(widget, *positional, key=key, **settings)
    write(key, value, None if always else default)
    return value


def owned(
    widget: Callable[..., Any], *positional: Any, key: str, on_change: Callable[[], None] | None = None, **settings: Any
) -> Any:
    """Draws `widget` with the value of `st.session_state[key]`, which follows it; returns the value."""
    private = f"{_WIDGET}{key}"

    def follow() -> None:
        st.session_state[key] = st.session_state[private]
        if on_change is not None:
            on_change()

    if private not in st.session_state or st.session_state[private] != st.session_state[key]:
        st.session_state[private] = st.session_state[key]
    st.session_state[key] = widget(*positional, key=private, on_change=follow, **settings)
    return st.session_state[key]


def tabs(labels: Mapping[str, str], *, key: str) -> tuple[str, Any]:
    """Draws tabs with the open one in the address; returns its name and its place. The others are empty.

    Args:
        labels: what is written on each, by its name; the first is open at first.
        key: as of `linked`.
    """
    names, private = list(labels), f"{_WIDGET}{key}"
    chosen = st.session_state.get(key) or "".join(given(key)[-1:])
    chosen = st.session_state[key] = chosen if chosen in names else names[0]
    if st.session_state.get(private) != labels[chosen]:
        st.session_state[private] = labels[chosen]

    def follow() -> None:
        st.session_state[key] = next((name for name in names if labels[name] == st.session_state[private]), names[0])

    places = st.tabs(list(labels.values()), key=private, on_change=follow)
    write(key, chosen, names[0])
    return chosen, places[names.index(chosen)]


def write(key: str, value: Any, default: Any = None) -> None:
    """Writes `value` to the address, or removes it there when it is the default.

    Raises:
        KeyError: `key` is none of `KEYS`.
    """
    _known(key)
    if value == default or value is None:
        wanted = []
    elif isinstance(value, list | tuple):
        wanted = [str(item) for item in value] or [""]  # "nothing chosen" differs from "the default"
    else:
        wanted = [_text(value)]
    addresses = st.session_state.setdefault(_WRITTEN, {}).setdefault(key, [])
    if wanted in addresses:
        addresses.remove(wanted)
    addresses.append(wanted)
    del addresses[:-_REMEMBERED]
    if not wanted:
        if key in st.query_params:
            del st.query_params[key]
    elif st.query_params.get_all(key) != wanted:
        st.query_params[key] = wanted


def given(key: str) -> list[str]:
    """Returns what the address says for `key`: usually one text, several for choices of several, [] for nothing.

    Raises:
        KeyError: `key` is none of `KEYS`.
    """
    return st.query_params.get_all(_known(key))


def rest(*without: str) -> dict[str, list[str]]:
    """Returns the whole address but for some keys."""
    return {key: st.query_params.get_all(key) for key in st.query_params if key not in without}


def restore(wanted: dict[str, list[str]], *without: str) -> None:
    """Writes again what `rest` returned, and removes all else but for some keys.

    A click on a part of a page while the whole page is still being drawn arrives with the address as it was before,
    and would take from it what that drawing has just written.
    """
    now = rest(*without)
    for key in now.keys() - wanted.keys():
        del st.query_params[key]
    for key, values in wanted.items():
        if now.get(key) != values:
            st.query_params[key] = values


def _known(key: str) -> str:
    if key not in KEYS:
        raise KeyError(f"{key!r} is no key of the address: add it to pages.parts.shared.url.KEYS")
    return key


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

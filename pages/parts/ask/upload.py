"""Files that somebody brings to be searched in; they stay in the session, nothing is stored."""

import unicodedata
from collections.abc import Callable

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.data import formats
from core.data.formats import DatasetError
from core.data.passages import LARGEST_FILE, Upload, read
from core.errors import Problem
from pages.parts.shared.format import markdown
from pages.parts.shared.language import t

_KEY = "ask-upload"
_FILES = "ask-files"  # what was read of each file, by Streamlit's name for the upload
_LISTED = 200  # problems shown of one file


def files() -> list[Upload]:
    """Returns what can be searched in of the files brought in this session."""
    return [found for found in _read_files().values() if isinstance(found, Upload)]


def draw(find: Callable[[], None]) -> None:
    """Draws the place for files, what was read of each, and what is wrong with it.

    Args:
        find: called when the files are to be searched in.
    """
    with st.expander(t("ask-upload"), icon=":material/upload_file:", expanded=bool(_read_files())):
        st.file_uploader(
            t("ask-upload-files"),
            type=formats.endings(),
            accept_multiple_files=True,
            key=_KEY,
            on_change=_take,
            max_upload_size=LARGEST_FILE,
        )
        st.caption(t("ask-upload-hint", limit=LARGEST_FILE))
        for found in _read_files().values():
            _report(found)
        if files():
            with st.container(horizontal=True):
                st.button(t("ask-upload-search"), on_click=find, icon=":material/search:")
                st.button(t("ask-upload-forget"), on_click=_forget, icon=":material/close:")


def _report(found: Upload | DatasetError) -> None:
    problems = found.problems
    if isinstance(found, Upload):
        name, passages = markdown(found.name), len(found.passages)
        draw, text = (st.warning, "ask-upload-partly") if problems else (st.success, "ask-upload-read")
        draw(t(text, name=name, passages=passages, encoding=found.encoding, problems=len(problems)))
    else:
        st.error(t("ask-upload-unusable", problems=len(problems)))
    if problems:
        _list(problems)


def _list(problems: tuple[Problem, ...]) -> None:
    st.dataframe(
        {"where": [p.where for p in problems[:_LISTED]], "what": [p.what for p in problems[:_LISTED]]},
        hide_index=True,
        height=38 + 35 * min(len(problems), 5),
        column_config={name: t(f"ask-upload-{name}") for name in ("where", "what")},
        alt=t("ask-upload-problems"),
    )


def _read_files() -> dict[str, Upload | DatasetError]:
    found: dict[str, Upload | DatasetError] = st.session_state.get(_FILES, {})
    return found


def _take() -> None:
    known = _read_files()
    st.session_state[_FILES] = {
        file.file_id: known.get(file.file_id) or _read(file) for file in st.session_state[_KEY] or []
    }


def _forget() -> None:
    st.session_state[_FILES] = {}


def _read(file: UploadedFile) -> Upload | DatasetError:
    name = unicodedata.normalize("NFC", file.name)  # macOS sends it decomposed
    try:
        return read(file.getvalue(), name, LARGEST_FILE)
    except DatasetError as error:
        return error

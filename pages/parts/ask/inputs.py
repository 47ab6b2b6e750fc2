"""The question and the passage: typed, an example, or from a dataset; kept in the session and in the address."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.data import catalogue
from core.data.formats import DatasetError, Example
from pages.parts.ask import passages, upload
from pages.parts.shared import loaders, url
from pages.parts.shared.format import markdown
from pages.parts.shared.language import t

# One of each kind, with their kinds as labels. Their texts are the repository's own.
EXAMPLES = {
    "when": "mini-ko/mini-ko-28-5",
    "who": "mini-ko/mini-ko-18-4",
    "where": "mini-ko/mini-ko-27-2",
    "how-many": "mini-ko/mini-ko-19-3",
    "what": "mini-ko/mini-ko-40-1",
    "which": "mini-ko/mini-ko-12-1",
    "how": "mini-ko/mini-ko-13-5",
    "why": "mini-ko/mini-ko-34-3",
}
LONGEST_QUESTION = 1_000  # characters; a run reads the first 64 pieces only
LONGEST_PASSAGE = 200_000  # characters: half a minute of reading, with a progress bar
_LONGEST_IN_ADDRESS = 500  # characters; Korean takes nine bytes each there
_LISTED = 50

QUESTION, PASSAGE, EXAMPLE = "question", "passage", "example"  # keys in the session and in the address
_KEPT = {QUESTION: "question_kept", PASSAGE: "passage_kept"}  # where the address names a text too long for it
_REFERENCE = "ask-reference"  # the example that the fields were last filled with
_WRITTEN = "ask-written"  # the example that this page last wrote to the address: any other came with a link
_MISSING = "ask-missing"  # why a link's passage is not here; nothing is answered from another one unasked
_KIND = "ask-kind"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that can be put to the runs.

    Attributes:
        question: not blank.
        passage: blank when one is to be found.
        example: the dataset's question that this is, so that its gold answer is known; None for anybody's own.
        dataset: the dataset that the passage is from, if any.
    """

    question: str
    passage: str
    example: Example | None
    dataset: str | None


def draw() -> Asked | None:
    """Draws the input; returns what was asked, or None after saying what is missing or wrong."""
    _arrive()
    _examples()
    url.owned(st.text_input, t("ask-question"), key=QUESTION, placeholder=t("ask-question-hint"))
    url.owned(st.text_area, t("ask-passage"), key=PASSAGE, height=170, placeholder=t("ask-passage-hint"))
    if st.session_state[PASSAGE]:
        _forgive()
    if missing := st.session_state.get(_MISSING):
        st.warning(missing())
    with st.container(horizontal=True, vertical_alignment="center"):
        # Leaving the field already asks.
        st.button(t("ask-ask"), type="primary", icon=":material/send:", on_click=_forgive)
        st.caption(t("ask-ask-hint"))
    _browse()
    upload.draw(_find_passage)
    asked = _asked(st.session_state[QUESTION] or "", st.session_state[PASSAGE] or "")
    _write_address(asked)
    return asked if _fit(asked) and not missing else None


def fill(question: str, passage: str) -> None:
    """Puts a question and a passage into the fields; for callbacks."""
    st.session_state.update({QUESTION: question, PASSAGE: passage, _MISSING: None} | dict.fromkeys(_KEPT.values()))


def ask_again(question: str) -> None:
    """Puts another question to the same passage; for callbacks."""
    st.session_state[QUESTION] = question


def find(reference: str | None) -> Example | None:
    """Returns the question that `dataset/id` names, if that dataset is on this machine."""
    dataset, _, identifier = (reference or "").partition("/")
    if dataset not in catalogue.DATASETS:
        return None
    try:
        return loaders.dataset(dataset).by_id.get(identifier)
    except DatasetError:
        return None


def matching(examples: Sequence[Example], words: str) -> list[Example]:
    """Returns the first question of every passage that holds all words, those with them in the title first."""
    wanted = _folded(words).split()
    first = {example.paragraph: example for example in reversed(examples)}
    firsts = sorted(first.values(), key=lambda example: example.paragraph)
    hits = [e for e in firsts if all(word in _folded(f"{e.title} {e.context}") for word in wanted)]
    return sorted(hits, key=lambda e: not all(word in _folded(e.title) for word in wanted))


def _arrive() -> None:
    """Fills the fields at the first visit, and when a link names an example or other texts."""
    named = next(iter(url.given(EXAMPLE)), None)
    filled = all(key in st.session_state for key in (*_KEPT, *_KEPT.values()))
    if filled and (named is None or named == st.session_state.get(_WRITTEN)):
        return
    question, passage = _linked(QUESTION), _linked(PASSAGE)
    reference = named or (EXAMPLES["when"] if question is passage is None else None)
    example = find(reference)
    if example:
        question = example.question if question is None else question
        passage = example.context if passage is None else passage
    fill(question or "", passage or "")
    st.session_state[_REFERENCE] = reference if example else None
    st.session_state[_WRITTEN] = named
    if named and not example:
        st.session_state[_MISSING] = lambda: t("ask-example-missing", example=markdown(named))
    elif not passage and not url.given(PASSAGE):
        st.session_state[_MISSING] = lambda: t("ask-passage-missing", limit=_LONGEST_IN_ADDRESS)


def _linked(key: str) -> str | None:
    """Returns a field's text as the address has it, "" for one that is not kept here; None where it has none."""
    for text in url.given(key):
        return text
    for name in url.given(_KEPT[key]):
        return passages.shared().find(name) or ""
    return None


def _forgive() -> None:
    """Goes on without the passage that a link promised."""
    st.session_state[_MISSING] = None


def _examples() -> None:
    def take() -> None:
        reference = EXAMPLES.get(st.session_state[_KIND] or "")
        if example := find(reference):
            fill(example.question, example.context)
            st.session_state[_REFERENCE] = reference
        st.session_state[_KIND] = None

    st.pills(
        t("ask-examples"),
        list(EXAMPLES),
        key=_KIND,
        format_func=lambda kind: t(f"slice-question_type-{kind}"),
        on_change=take,
    )


def _browse() -> None:
    box = st.expander(t("ask-browse"), icon=":material/library_books:", key="ask-browse", on_change="rerun")
    if not box.open:
        return
    with box:
        names = catalogue.available()
        where, what = st.columns([1, 2])
        name = where.selectbox(t("ask-browse-dataset"), names, key="ask-browse-dataset", persist_state="session")
        words = what.text_input(t("ask-browse-search"), key="ask-browse-words", persist_state="session", live=True)
        try:
            examples = loaders.dataset(name).examples
        except DatasetError as error:
            st.error(t("dashboard-unreadable", what=markdown(name), error=markdown(str(error))))
            return
        found = matching(examples, words)
        if not found:
            st.info(t("ask-browse-nothing"))
            return
        chosen = st.selectbox(
            t("ask-browse-found", count=len(found), shown=min(len(found), _LISTED)),
            found[:_LISTED],
            format_func=lambda e: f"{e.title} · {' '.join(e.context.split())[:60]}…",
            key="ask-browse-passage",
        )
        questions = [e for e in examples if e.paragraph == chosen.paragraph]
        asked = st.selectbox(
            t("ask-browse-question"), questions, format_func=lambda e: e.question, key="ask-browse-question"
        )
        st.button(t("ask-browse-take"), on_click=_take, args=(f"{name}/{asked.id}", asked))


def _take(reference: str, example: Example) -> None:
    fill(example.question, example.context)
    st.session_state[_REFERENCE] = reference


def _find_passage() -> None:
    st.session_state[PASSAGE] = ""
    _forgive()


def _asked(question: str, passage: str) -> Asked:
    """Tells whether the passage is still the example's, and the question too."""
    reference = st.session_state.get(_REFERENCE)
    example = find(reference)
    if example is None or example.context != passage:
        return Asked(question, passage, None, None)
    dataset = (reference or "").partition("/")[0]
    return Asked(question, passage, example if example.question == question else None, dataset)


def _write_address(asked: Asked) -> None:
    if st.session_state.get(_MISSING) is None:  # or the address still names what another dashboard has
        st.session_state[_WRITTEN] = st.session_state.get(_REFERENCE) if asked.dataset else None
        url.write(EXAMPLE, st.session_state[_WRITTEN])
        _write_text(PASSAGE, None if asked.dataset else asked.passage)
    _write_text(QUESTION, None if asked.example else asked.question)


def _write_text(key: str, text: str | None) -> None:
    """Writes a field's text to the address, or the name under which a long one is kept."""
    name = None
    if text is not None and len(text) > _LONGEST_IN_ADDRESS:
        name = passages.shared().keep(text) if len(text) <= LONGEST_PASSAGE else None
        text = None
    st.session_state[_KEPT[key]] = name
    url.write(key, text)
    url.write(_KEPT[key], name)


def _fit(asked: Asked) -> bool:
    """Says what is wrong with the input; returns whether nothing is."""
    if not asked.question.strip():
        st.info(t("ask-no-question"))
        return False
    for text, limit, name in ((asked.question, LONGEST_QUESTION, QUESTION), (asked.passage, LONGEST_PASSAGE, PASSAGE)):
        if len(text) > limit:
            st.error(t(f"ask-long-{name}", characters=f"{len(text):,}", limit=f"{limit:,}"))
            return False
    return True


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()

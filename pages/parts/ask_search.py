"""A question without a passage: passages are found first, both runs read them, the reader of the page may choose."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.data import sources
from core.data.squad import DatasetError
from core.inference import retrieve
from core.inference.retrieve import Hit, Index, Passage
from core.runs import Run
from pages.parts import ask_models, loaders
from pages.parts.ask_answer import visible
from pages.parts.ask_input import Asked
from pages.parts.language import t

if TYPE_CHECKING:
    from core.inference.predict import Reader

COUNT = 5
_BEGINNING = 50  # characters of a passage in a list


def choose(asked: Asked, pair: Sequence[Run], futures: "Sequence[Future[Reader]]") -> Asked | None:
    """Draws where to look, what was found and what both runs make of it; returns the question with a passage.

    The passage at first is the one with the best answer of either run: probability times the passage's share of the
    best BM25 score.
    """
    whole = [name for name in sources.available() if sources.DATASETS[name].articles is None]
    names = st.multiselect(
        t("ask-search-in"), whole, default=whole, key="ask-search-in", persist_state="session", max_selections=20
    )
    with st.spinner(t("ask-search-indexing")):
        index = _index(tuple(names))
    hits = index.search(asked.question, COUNT)
    if not hits:
        st.info(t("ask-search-nothing", count=f"{len(index.passages):,}"))
        return None
    rows, scores = _answers(asked, hits, pair, futures)
    st.caption(t("ask-search-found", count=f"{len(index.passages):,}", shown=len(hits)))
    columns: dict[str, Any] = {
        "passage": st.column_config.TextColumn(t("ask-passage"), width="medium"),
        "from": st.column_config.TextColumn(t("ask-browse-dataset"), width="small"),
        "bm25": st.column_config.NumberColumn("BM25", width=60),
    }
    for side in "AB":
        columns[f"answer-{side}"] = st.column_config.TextColumn(t("ask-history-answer", side=side), width="small")
        columns[f"probability-{side}"] = st.column_config.NumberColumn(
            t("ask-history-probability", side=side), format="percent", width="small"
        )
    st.dataframe(rows, hide_index=True, column_config=columns, alt=t("ask-search-choose"))
    identity = "\0".join([asked.question, *names, *(run.name for run in pair)])
    chosen = st.selectbox(
        t("ask-search-choose"),
        range(len(hits)),
        index=max(range(len(hits)), key=scores.__getitem__),
        format_func=lambda i: _name(hits[i].passage),
        key="ask-search-" + hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest(),
    )
    return replace(asked, passage=hits[chosen].passage.text)


def _answers(
    asked: Asked, hits: Sequence[Hit], pair: Sequence[Run], futures: "Sequence[Future[Reader]]"
) -> tuple[list[dict[str, str | float]], list[float]]:
    """Returns a row and a score for every passage found."""
    rows: list[dict[str, str | float]] = [
        {"passage": visible(_name(hit.passage)), "from": hit.passage.origin, "bm25": round(hit.score, 1)}
        for hit in hits
    ]
    scores = [hit.score / hits[0].score * 1e-6 for hit in hits]  # the order when no run can answer
    for side, run, future in zip("AB", pair, futures, strict=True):
        reader = ask_models.wait(future)
        if isinstance(reader, BaseException):
            continue  # its own column says why
        for i, hit in enumerate(hits):
            text = hit.passage.text
            spans = ask_models.read(run, reader, asked.question, text).reading.spans
            if spans:
                rows[i][f"answer-{side}"] = visible(text[spans[0].start : spans[0].end])
                rows[i][f"probability-{side}"] = round(spans[0].probability, 3)
                scores[i] = max(scores[i], spans[0].probability * hit.score / hits[0].score)
    return rows, scores


def _name(passage: Passage) -> str:
    return f"{passage.title} · {' '.join(passage.text.split())[:_BEGINNING]}…"


@st.cache_resource(show_spinner=False, max_entries=8)
def _index(names: tuple[str, ...]) -> Index:
    texts: dict[str, Passage] = {}
    for name in names:
        try:
            found = retrieve.passages(loaders.dataset(name).examples, name)
        except DatasetError:
            continue  # not usable: the dataset's own commands say why
        texts |= {passage.text: passage for passage in found}
    return Index(list(texts.values()))

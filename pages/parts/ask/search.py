"""A question without a passage: passages are found first, both runs read them, the reader of the page may choose."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from core.answering import search
from core.answering.reader import Reader
from core.answering.retrieval import Index, Passage
from core.answering.search import Candidate
from core.answering.spans import Span
from core.data import catalogue
from core.data.passages import Upload
from core.store.runs import Run
from pages.parts.ask import models, upload
from pages.parts.ask.answer import visible
from pages.parts.ask.inputs import Asked
from pages.parts.shared import loaders
from pages.parts.shared.language import t

_BEGINNING = 50  # characters of a passage in a list


def choose(asked: Asked, pair: Sequence[Run], futures: Sequence[Future[Reader]]) -> Asked | None:
    """Draws where to look, what was found and what both runs make of it; returns the question with a passage.

    The passage at first is the one with the best answer of either run: see `search.Candidate`.
    """
    whole = [name for name in catalogue.available() if catalogue.DATASETS[name].articles is None]
    names = st.multiselect(
        t("ask-search-in"), whole, default=whole, key="ask-search-in", persist_state="session", max_selections=20
    )
    brought = upload.files()
    with st.spinner(t("ask-search-indexing")):
        index = _index(tuple(names), tuple((file.name, file.sha256) for file in brought), brought)
    hits = index.search(asked.question, search.COUNT)
    if not hits:
        st.info(t("ask-search-nothing", count=f"{len(index.passages):,}"))
        return None
    found = search.read(asked.question, hits, [_answers(*side) for side in zip(pair, futures, strict=True)])
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
    rows = [_row(candidate) for candidate in found]
    st.dataframe(rows, hide_index=True, column_config=columns, alt=t("ask-search-choose"))
    identity = "\0".join([asked.question, *names, *(file.sha256 for file in brought), *(run.name for run in pair)])
    chosen = st.selectbox(
        t("ask-search-choose"),
        range(len(hits)),
        index=search.first(found),
        format_func=lambda i: _name(hits[i].passage),
        key="ask-search-" + hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest(),
    )
    return replace(asked, passage=hits[chosen].passage.text)


def _answers(run: Run, future: Future[Reader]) -> search.Answers | None:
    """Returns what answers with a run, None when it cannot: its own column says why."""
    reader = models.wait(future)
    return None if isinstance(reader, BaseException) else partial(_spans, run, reader)


def _spans(run: Run, reader: Reader, question: str, passage: str) -> Sequence[Span]:
    return models.read(run, reader, question, passage).reading.spans


def _row(candidate: Candidate) -> dict[str, str | float]:
    passage = candidate.hit.passage
    row: dict[str, str | float] = {"passage": visible(_name(passage)), "from": visible(passage.origin)}
    row["bm25"] = round(candidate.hit.score, 1)
    for side, spans in zip("AB", candidate.answers, strict=True):
        if spans:
            row[f"answer-{side}"] = visible(passage.text[spans[0].start : spans[0].end])
            row[f"probability-{side}"] = round(spans[0].probability, 3)
    return row


def _name(passage: Passage) -> str:
    return f"{passage.title} · {' '.join(passage.text.split())[:_BEGINNING]}…"


@loaders.cached(4)
def _index(names: tuple[str, ...], files: tuple[tuple[str, str], ...], _brought: Sequence[Upload]) -> Index:
    """Returns the index over datasets and files; a dataset that is not usable is left out, its own page says why."""
    passages, _ = search.collect(names, _brought)
    return Index(passages)

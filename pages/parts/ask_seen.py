"""Whether a run has met the question or the passage: in its training, or among what it was judged on."""

from collections.abc import Sequence

import streamlit as st

from core.data import fingerprint
from core.data.fingerprint import TRAINING, FingerprintError, Met
from core.runs import SEEN_FILE, Run
from pages.parts import ask_reliability
from pages.parts.ask_input import Asked
from pages.parts.format import markdown
from pages.parts.language import t


def show(asked: Asked, pair: Sequence[Run]) -> None:
    """Says which of two runs has met the question or the passage, by the hashes that a run keeps of what it has met."""
    sides: dict[Met, list[str]] = {}
    unknown: list[tuple[str, Run]] = []
    for side, run in zip("AB", pair, strict=True):
        try:
            found = fingerprint.met(run.path / SEEN_FILE, asked.question, asked.passage)
        except FingerprintError:
            unknown.append((side, run))
            continue
        for met in found:
            sides.setdefault(met, []).append(side)
    for met, letters in sides.items():
        what = "both" if met.question and met.passage else "question" if met.question else "passage"
        said = {"sides": ", ".join(letters), "what": what, "dataset": markdown(met.dataset)}
        if met.role == TRAINING:
            st.warning(t("ask-met-training", **said), icon=":material/school:")
        else:
            st.caption(t("ask-met-held-out", **said))
    for side, run in unknown:
        st.caption(t("ask-met-unknown", side=side, command=ask_reliability.command(run)))

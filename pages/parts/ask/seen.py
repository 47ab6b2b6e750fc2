"""Whether a run has met the question or the passage: in its training, or among what it was judged on."""

from collections.abc import Sequence

import streamlit as st

from core.store import fingerprints
from core.store.fingerprints import TRAINING, FingerprintError, Met
from core.store.runs import SEEN_FILE, Run
from pages.parts.ask import reliability
from pages.parts.ask.inputs import Asked
from pages.parts.shared.format import markdown
from pages.parts.shared.language import t


def show(asked: Asked, pair: Sequence[Run]) -> None:
    """Says which of two runs has met the question or the passage, by the hashes that a run keeps of what it has met."""
    sides: dict[Met, list[str]] = {}
    unknown: list[tuple[str, Run]] = []
    for side, run in zip("AB", pair, strict=True):
        try:
            found = fingerprints.met(run.path / SEEN_FILE, asked.question, asked.passage)
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
        st.caption(t("ask-met-unknown", side=side, command=reliability.command(run)))

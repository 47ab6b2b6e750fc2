"""Whether two answers agree, in one line."""

from collections.abc import Mapping

import streamlit as st

from core.answering.spans import Span
from core.scoring.normalization import normalize
from pages.parts.ask.answer import visible
from pages.parts.shared.format import markdown
from pages.parts.shared.language import t


def show(passage: str, best: Mapping[str, Span]) -> None:
    """Draws how the best answers relate.

    Args:
        passage: what they are spans of.
        best: by "A" and "B" the answers there are.
    """
    if len(best) == 2:
        kind = compare(best["A"], best["B"], passage)
        a, b = (markdown(visible(passage[best[side].start : best[side].end])) for side in "AB")
        draw, icon = (st.success, ":material/check_circle:") if kind == "same" else (st.info, ":material/difference:")
        draw(t(f"ask-agree-{kind}", a=a, b=b), icon=icon)
    elif best:
        st.info(t("ask-agree-one", side=next(iter(best))), icon=":material/info:")


def compare(a: Span, b: Span, passage: str) -> str:
    """Returns how two answers relate: same, overlap, elsewhere (the same words at another place) or different."""
    if (a.start, a.end) == (b.start, b.end):
        return "same"
    if max(a.start, b.start) < min(a.end, b.end):
        return "overlap"
    alike = normalize(passage[a.start : a.end]) == normalize(passage[b.start : b.end])
    return "elsewhere" if alike else "different"

"""How a run reads one passage: the windows it cuts, and, once asked for, where its answer may begin and end.

Windows need the run's tokenizer alone. Probabilities need its weights, which are loaded only when the reader turns them
on.
"""

from pathlib import Path

import numpy as np
import streamlit as st

from core import config
from core.answering import explain
from core.answering.spans import Span
from core.data import windows
from core.data.formats import Example
from core.data.tokenizer import Tokenizer, TokenizerError
from core.store.runs import TOKENIZER_FILE, Run
from pages.parts.ask import answer, models
from pages.parts.compare.data import Pair
from pages.parts.shared import loaders
from pages.parts.shared.format import markdown
from pages.parts.shared.highlight import Border
from pages.parts.shared.language import t

Windows = list[tuple[int, int]]
_KEY = "strip"


def cut(run: Run, example: Example) -> Windows:
    """Returns the passage's windows as this run reads them: first character, end (exclusive); [] where unknown."""
    tokenizer = _tokenizer(run.path / TOKENIZER_FILE)
    if tokenizer is None:
        return []
    try:
        settings = config.reading(run.info["config"])
        made = windows.windows([example], tokenizer, settings.features, settings.model.max_sequence_length)
    except (KeyError, TypeError, ValueError, config.ConfigError):
        return []
    return [(int(window.starts[0]), int(window.ends[-1])) for window in made if len(window.starts)]


def borders(found: dict[str, Windows]) -> list[Border]:
    """Returns where windows begin and end inside the passage; one set for both runs where theirs are the same.

    Args:
        found: windows by side, "A" and "B".
    """
    if found["A"] == found["B"]:
        found = {"": found["A"]}
    drawn = []
    for side, spans in found.items():
        for number, (start, end) in enumerate(spans, 1):
            if number > 1:
                drawn.append(Border(f"⟦{side}{number}", start, t("compare-window-begins", side=side, number=number)))
            if number < len(spans):
                drawn.append(Border(f"{side}{number}⟧", end, t("compare-window-ends", side=side, number=number)))
    return drawn


def caption(found: dict[str, Windows]) -> None:
    """Says in words what `borders` draws; nothing where every run reads the passage at once."""
    same = found["A"] == found["B"]
    for side, spans in {"A, B": found["A"]}.items() if same else found.items():
        if len(spans) > 1:
            listed = ", ".join(f"{start}–{end}" for start, end in spans)
            prefix = "" if same else side
            st.caption(t("compare-windows", side=side, prefix=prefix, count=len(spans), windows=listed))


def toggle(pair: Pair) -> bool:
    """Draws the switch that loads the models, where any weights are at hand; returns whether it is on.

    It is not kept in the address: opening a link must not load a model.
    """
    able = pair.a.has_weights or pair.b.has_weights
    return able and st.toggle(t("compare-strip"), key=_KEY, help=t("compare-strip-help"), persist_state="session")


def strip(run: Run, color: str, example: Example, stored: tuple[int, int]) -> None:
    """Draws how probable a start and an end are along the passage, from the run's weights as they are now.

    Args:
        run: the run; it is loaded, and waited for.
        color: of the bars, `#rrggbb`.
        example: question and passage.
        stored: the best answer in the run's stored predictions: first character, end (exclusive).
    """
    if not run.has_weights:
        st.caption(t("compare-strip-no-weights"))
        return
    reader = models.wait(models.request(run))
    if isinstance(reader, BaseException):
        st.warning(t("compare-strip-failed", reason=markdown(str(reader))), icon=":material/warning:")
        return
    reading = models.read(run, reader, example.question, example.context).reading
    starts, ends = explain.boundaries(reading)
    band = [Span(*stored, np.nan)] if stored[0] < stored[1] else []
    st.html(answer.strip(starts, ends, band, color, (t("ask-strip-start"), t("ask-strip-end"))))
    st.caption(t("ask-strip-reading"))
    if reading.spans and (reading.spans[0].start, reading.spans[0].end) != stored:
        now = reading.spans[0]
        st.caption(t("compare-strip-differs", start=now.start, end=now.end))


@loaders.cached(8)
def _tokenizer(path: Path) -> Tokenizer | None:
    try:
        return Tokenizer.load(path)
    except (TokenizerError, OSError):
        return None

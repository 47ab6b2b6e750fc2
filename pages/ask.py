"""Ask: your own question, answered by two runs side by side."""

from collections.abc import Sequence

import streamlit as st

from core.store.runs import Run
from pages.parts.ask import agreement, answer, history, inputs, models, pieces, search, seen, why
from pages.parts.ask.inputs import Asked
from pages.parts.shared import frame, loaders, palette, run_picker, states, url
from pages.parts.shared.format import markdown
from pages.parts.shared.language import t


def main() -> None:
    frame.begin("ask")
    runs = loaders.runs()
    pair = run_picker.pick_two(runs)
    if pair is None:
        return
    futures = [models.request(run) for run in pair]  # loaded while the reader looks and types
    asked = inputs.draw()
    if asked is not None and not asked.passage.strip():
        asked = search.choose(asked, pair, futures)
    if asked is None:
        history.show()
        return
    styles = palette.styles(runs)
    line = st.container()
    columns = st.columns(2, gap="large")
    sides: list[why.Side] = []
    for letter, run, future, column in zip("AB", pair, futures, columns, strict=True):
        with column:
            color = styles[run.name].color
            st.markdown(f"#### {letter} · {markdown(run.title)}")
            found = models.wait(future)
            if isinstance(found, BaseException):
                cannot_answer(run, found)
                continue
            answered = models.read(run, found, asked.question, asked.passage)
            answer.show(letter, run, color, asked, answered)
            if answered.reading.spans:
                sides.append((letter, run, found, answered))
    with line:
        agreement.show(asked.passage, {letter: answered.reading.spans[0] for letter, _, _, answered in sides})
        seen.show(asked, pair)
    remember(asked, sides)
    more(asked, sides)
    history.show()


def cannot_answer(run: Run, error: BaseException) -> None:
    """Draws why a run cannot answer and what to do; the other one answers all the same."""
    if run.status == "running" and not run.has_weights:
        states.empty(t("ask-no-weights"), t("ask-still-training"))
    elif not run.has_weights:
        states.empty(t("ask-no-weights"), t("ask-no-weights-why"), states.train_again(run))
    else:
        reason = t("ask-broken-weights-why", error=markdown(str(error)))
        states.empty(t("ask-broken-weights"), reason, states.train_again(run))


def remember(asked: Asked, sides: Sequence[why.Side]) -> None:
    """Adds the question to the session's history."""
    answers = {}
    for letter, run, _, answered in sides:
        best = answered.reading.spans[0]
        answers[letter] = (run.name, asked.passage[best.start : best.end], answered.reading.text_probability)
    history.add(asked.question, asked.passage, answers)


def more(asked: Asked, sides: Sequence[why.Side]) -> None:
    """Draws what is looked into on demand: the question's words, pieces and windows."""
    if not sides:
        return
    if url.linked(st.toggle, t("ask-why"), key="why", default=False):
        why.show(asked, sides)
    if url.linked(st.toggle, t("ask-pieces"), key="pieces", default=False):
        for column, (letter, run, reader, answered) in zip(st.columns(2, gap="large"), sides, strict=False):
            with column:
                st.markdown(f"**{letter} · {markdown(run.title)}**")
                pieces.show(reader, answered, asked.question, asked.passage)


main()

"""Reported vs measured: the original experiment's figures and claims against what is computed here."""

from collections.abc import Iterable, Sequence

import streamlit as st

from core.audit import notes, reported, rule_trial
from core.audit.claims import audit
from core.audit.reported import Row
from core.texts.message import p_value
from pages.parts.reported import claims, data, loaded, rule, table
from pages.parts.shared import frame, language, loaders, states
from pages.parts.shared.format import markdown
from pages.parts.shared.language import t


def main() -> None:
    frame.begin("reported")
    said = reported.load()
    counts = ", ".join(str(run.right) for run in said.runs)
    st.markdown(t("reported-lead", name=markdown(said.source["name"]), questions=said.questions, counts=counts))
    facts()
    runs = loaders.runs()
    rows = data.rows(runs)
    both(rows)
    claims.show(rows, runs)
    rule.show(rows, runs)
    loaded.show(rows)
    origin()


def facts() -> None:
    """Draws four figures that say in short what the page says at length."""
    said, trial = reported.load(), data.trial()
    first = audit(said.claims[0])
    right, counts = [run.right for run in said.runs], rule_trial.counts(trial.untrained)
    networks: dict[str, str | int] = {"networks": len(counts), "exact": rule_trial.most_exact(trial.untrained)}
    networks |= {"anywhere": _range(rule_trial.counts(trial.anywhere)), "theirs": said.untrained["right"]}
    shown: dict[str, tuple[str, dict[str, str | int]]] = {
        "p": (p_value(first.best.p).removeprefix("= "), {"a": first.a.right, "b": first.b.right, "net": first.counted}),
        "repeats": (_range(said.repeats), {"first": _range(right)}),
        "whole": (f"{trial.whole_passage.count}", {"exact": trial.whole_passage.exact_count}),
        "untrained": (_range(counts), networks),
    }
    for column, (name, (value, values)) in zip(st.columns(4), shown.items(), strict=True):
        with column, st.container(border=True, height="stretch"):
            st.metric(t(f"reported-fact-{name}", **values), value)
            st.caption(t(f"reported-fact-{name}-why", **values, questions=said.questions))


def _range(counts: Iterable[int]) -> str:
    found = sorted(counts)
    return f"{found[0]}–{found[-1]}"


def both(rows: Sequence[Row]) -> None:
    """Draws the reported table beside ours, what differs, and the commands of the rows that are missing."""
    said = reported.load()
    st.subheader(t("reported-table"), anchor=False)
    table.show(rows, said.questions)
    judged, base = f"{said.data['judged']:,}", said.runs[0].accuracy_sum
    how = {"judged": judged, "accuracy": f"{base:.4f}", "each": f"{50 * base:.0f}"}
    st.caption(t("reported-table-how", questions=said.questions, **how))
    differing(rows)
    for row in rows:
        if row.problem and row.run:
            states.unreadable(row.run.name, Exception(row.problem))
    commands = dict.fromkeys(command for row in rows for command in row.commands)
    if commands:
        states.empty(t("reported-missing"), t("reported-missing-why"), "\n".join(commands))


def differing(rows: Sequence[Row]) -> None:
    """Draws what differs between our runs and the original's; what several runs share is said once."""
    shared: dict[str, list[str]] = {}
    for row in rows:
        if row.run and row.measured:
            for note in notes.notes(row.run, row.measured):
                shared.setdefault(note.text(language.current()), []).append(row.run.name)
    if not shared:
        return
    everybody = {name for names in shared.values() for name in names}
    with st.expander(t("reported-notes"), icon=":material/difference:", expanded=True):
        lines = []
        for text, names in shared.items():
            whose = "" if len(names) == len(everybody) else f"**{markdown(', '.join(names))}**: "
            lines.append(f"- {whose}{markdown(text)}")
        st.markdown("\n".join([*lines, f"- {t('reported-note-mask')}"]))
        st.caption(t("reported-notes-why"))


def origin() -> None:
    """Draws where the figures come from."""
    source, spoken = reported.load().source, language.current()
    named = {key: markdown(source[key][spoken]) for key in ("author", "page", "notebook")}
    with st.expander(t("reported-sources"), icon=":material/menu_book:"):
        st.markdown(t("reported-sources-reported", name=markdown(source["name"]), **named))
        st.markdown(t("reported-sources-others", others=markdown(source["others"][spoken])))
        st.markdown(t("reported-sources-computed"))
        st.markdown(t("reported-sources-terminal"))
        st.code("python -m core reported", language="shell")


main()

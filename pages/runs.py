"""Every run: what it is, how well it does, what differs. From chosen runs to their curves, their diff, or Ask."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

import streamlit as st

from core.store import differences
from core.store.runs import Run
from pages.parts.runs import details, table
from pages.parts.shared import frame, live, loaders, palette, run_picker, scores, states, url
from pages.parts.shared.format import markdown
from pages.parts.shared.language import t

_HIDDEN = ("name", "tags")  # shown when the reader switches them on in the table's own menu
_LEADS_TO = {"learning_curves": 1, "compare": 2, "ask": 2}  # page -> how many runs it needs


def main() -> None:
    frame.begin("runs")
    runs = loaders.runs()
    live.watch(lambda: _state(loaders.runs()))
    if not runs:
        states.too_few_runs(runs)
        return
    sound = [run for run in runs if not run.broken]
    shown = filtered(sound)
    chosen = choose(shown, scored_on(sound), run_picker.follow(runs))
    lead_on(chosen)
    states.broken(runs)
    if chosen:
        settings(chosen, sound)
        in_full(chosen, palette.styles(runs))


def filtered(runs: Sequence[Run]) -> list[Run]:
    """Draws search and filters; returns the runs they let through, newest first."""
    search, statuses, archive = st.columns([3, 4, 2], vertical_alignment="bottom")
    with search:
        words = url.linked(
            st.text_input, t("runs-search"), key="q", default="", placeholder=t("runs-search-hint"), live=True
        )
    with statuses:
        present = [status for status in ("finished", "running", "stopped", "failed") if _count(runs, status)]
        wanted = url.linked(
            st.pills,
            t("runs-column-status"),
            present,
            key="status",
            default=[],
            selection_mode="multi",
            format_func=lambda status: f"{t(f'dashboard-status-{status}')} {_count(runs, status)}",
        )
    with archive:
        archived = any(run.labels.archived for run in runs) and url.linked(
            st.toggle, t("runs-show-archived"), key="archived", default=False
        )
    kept = [run for run in runs if (archived or not run.labels.archived) and (not wanted or run.status in wanted)]
    return [run for run in reversed(kept) if _matches(run, words)]


def scored_on(runs: Sequence[Run]) -> str | None:
    """Draws which dataset the scores are for, most used first; returns its name, or None when nothing is scored."""
    used = Counter(name for run in runs for name in run.predictions())
    if not used:
        return None
    names = [name for name, _ in used.most_common()]
    return url.linked(
        st.segmented_control,
        t("runs-scored-on"),
        names,
        key="dataset",
        default=names[0],
        always=True,
        required=True,
        format_func=lambda name: markdown(f"{name} ({used[name]})"),
    )


def choose(runs: Sequence[Run], dataset: str | None, pair: Sequence[str]) -> list[Run]:
    """Draws the table; returns the runs whose rows are selected, oldest first. At first these are A and B: `pair`."""
    found, problems = scores.load(runs, dataset) if dataset else ({}, {})
    if not runs:
        st.info(t("runs-none-match"))
        return []
    names = [run.name for run in runs]
    linked = url.given(run_picker.CHOSEN)
    remembered = st.session_state.get(run_picker.CHOSEN, linked or pair)
    columns = table.columns(dataset)
    # The key follows the rows: were it the same for others, their selection would be by position, of wrong
    # runs.
    selection = st.dataframe(
        table.frame(runs, found),
        hide_index=True,
        height="content" if len(runs) <= 12 else 470,
        column_order=[name for name in columns if name not in _HIDDEN],
        column_config=columns,
        placeholder="–",
        key="table-" + hashlib.sha256("/".join(names).encode()).hexdigest(),
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": [names.index(name) for name in remembered if name in names]}},
        alt=t("dashboard-page-runs"),
    )
    scores.left_out(found.values(), dataset or "")
    for name, problem in problems.items():
        states.unreadable(name, problem)
    rows = sorted(selection["selection"]["rows"], reverse=True)
    # Rows that the filters hide stay chosen, so that a search does not undo the choice.
    chosen = [name for name in remembered if name not in names] + [names[row] for row in rows]
    st.session_state[run_picker.CHOSEN] = chosen
    url.write(run_picker.CHOSEN, chosen)
    return [runs[row] for row in rows]


def lead_on(chosen: Sequence[Run]) -> None:
    """Draws the buttons that take the chosen runs to the other pages."""
    with st.container(horizontal=True, vertical_alignment="center"):
        for page, needed in _LEADS_TO.items():
            path = frame.path(page)
            if path is None:
                continue
            label = t(f"runs-to-{page.replace('_', '-')}")
            primary = page == "compare" and len(chosen) == needed
            if st.button(label, type="primary" if primary else "secondary", disabled=len(chosen) < needed):
                run_picker.choose_pair([run.name for run in chosen])
                st.switch_page(path)
        if len(chosen) < 2:
            st.caption(t("runs-select-hint"))
        else:
            pair = {key: markdown(run.title) for key, run in zip(("a", "b"), chosen, strict=False)}
            st.caption(t("runs-selected", count=len(chosen), **pair))


def settings(chosen: Sequence[Run], runs: Sequence[Run]) -> None:
    """Draws which settings of the chosen runs differ from a base run."""
    if len(chosen) < 2:
        return
    by_name = {run.name: run for run in runs}
    st.subheader(t("runs-differences"), anchor=False)
    picker, toggle = st.columns([2, 3], vertical_alignment="bottom")
    with picker:
        base = url.linked(
            st.selectbox,
            t("runs-base"),
            list(by_name),
            key="base",
            default=chosen[0].name,
            always=True,
            format_func=lambda name: run_picker.label(by_name[name]),
        )
    with toggle:
        identical = url.linked(st.toggle, t("runs-identical-too"), key="identical", default=False)
    rows = differences.table(chosen, by_name[base], only_differences=not identical)
    if rows.empty:
        st.info(t("runs-no-differences"))
        return
    headings = {name: st.column_config.TextColumn(by_name[name].title) for name in rows.columns}
    st.dataframe(
        rows,
        column_config={"_index": st.column_config.TextColumn(t("runs-column-setting"), pinned=True), **headings},
        alt=t("runs-differences"),
    )
    st.caption(t("runs-differences-reading"))


def in_full(chosen: Sequence[Run], styles: Mapping[str, palette.Style]) -> None:
    """Draws one of the chosen runs in full."""
    by_name = {run.name: run for run in chosen}
    st.divider()
    name = chosen[0].name
    if len(chosen) > 1:
        name = url.linked(
            st.selectbox,
            t("runs-in-full"),
            list(by_name),
            key="run",
            default=name,
            always=True,
            format_func=lambda name: run_picker.label(by_name[name]),
        )
    details.show(by_name[name], styles[name])


def _state(runs: Sequence[Run]) -> tuple[tuple[str, str, datetime | None], ...]:
    return tuple((run.name, run.status, run.updated) for run in runs)


def _count(runs: Sequence[Run], status: str) -> int:
    return sum(run.status == status for run in runs)


def _matches(run: Run, words: str) -> bool:
    text = " ".join([run.name, run.title, run.variant or "", run.labels.description, *run.labels.tags]).casefold()
    return all(word in text for word in words.casefold().split())


main()

"""The runs being looked at: A and B, or any number; remembered over all pages and in the address."""

from collections.abc import Sequence

import streamlit as st

from core.store.runs import Run
from pages.parts.shared import states, url
from pages.parts.shared.language import t

PAIR = ("a", "b")  # keys in the session and in the address
CHOSEN = "runs"
_FOLLOWED = "runs-followed"  # A and B when the chosen runs were last drawn


def label(run: Run) -> str:
    """Returns what a run is called in a list: its title, and the folder's name where that differs."""
    return run.name if run.title == run.name else f"{run.title} ({run.name})"


def usable(runs: Sequence[Run]) -> list[Run]:
    """Returns the runs that can be shown, neither broken nor archived: finished ones first."""
    sound = [run for run in runs if not run.broken and not run.labels.archived]
    return sorted(sound, key=lambda run: run.status != "finished")


def default_pair(runs: Sequence[Run]) -> list[str]:
    """Returns the names of the two runs to begin with, the second of another variant if there is one."""
    names = {run.name: run.variant for run in usable(runs)}
    first, *others = names or [""]
    second = next((name for name in others if names[name] != names[first]), next(iter(others), ""))
    return [name for name in (first, second) if name]


def pick_two(runs: Sequence[Run]) -> tuple[Run, Run] | None:
    """Draws the choice of A and B over the whole width; returns them.

    Args:
        runs: the whole store; broken and archived runs cannot be chosen.

    Returns:
        A and B (the same run twice if the user wants so), or None after drawing why nothing can be picked.
    """
    by_name = {run.name: run for run in usable(runs)}
    if len(by_name) < 2:
        states.too_few_runs(runs)
        return None
    names, pair = list(by_name), default_pair(runs)
    column_a, middle, column_b = st.columns([10, 1, 10], vertical_alignment="bottom")
    picked = []
    for column, key, default in zip((column_a, column_b), PAIR, pair, strict=True):
        with column:
            name = url.linked(
                st.selectbox,
                t(f"dashboard-run-{key}"),
                names,
                key=key,
                default=default,
                always=True,
                format_func=lambda name: label(by_name[name]),
            )
            picked.append(by_name[name])
    with middle:
        st.button("⇄", help=t("dashboard-swap"), on_click=_swap, width="stretch", type="tertiary")
    if picked[0].name == picked[1].name:
        st.caption(t("dashboard-same-run"))
    return picked[0], picked[1]


def pick_many(runs: Sequence[Run], *, limit: int | None = None) -> list[Run]:
    """Draws the choice of any number of runs, at first A and B; returns them in the order chosen."""
    by_name = {run.name: run for run in usable(runs)}
    default = follow(runs)
    chosen = url.linked(
        st.multiselect,
        t("dashboard-chosen-runs"),
        list(by_name),
        key=CHOSEN,
        default=default,
        always=True,
        format_func=lambda name: label(by_name[name]),
        max_selections=limit,
        placeholder=t("dashboard-choose-runs"),
    )
    return [by_name[name] for name in chosen]


def pair(runs: Sequence[Run]) -> list[str]:
    """Returns the names of A and B, as chosen or at first; one name where both are the same run."""
    names = [run.name for run in usable(runs)]
    default = default_pair(runs)
    chosen = [st.session_state.get(key, name) for key, name in zip(PAIR, default, strict=False)]
    return list(dict.fromkeys(name if name in names else other for name, other in zip(chosen, default, strict=True)))


def follow(runs: Sequence[Run]) -> list[str]:
    """Returns the names of A and B. Where these were the chosen runs, as at first, another A or B is chosen too."""
    now = pair(runs)
    before = st.session_state.get(_FOLLOWED, now)
    if before != now and sorted(st.session_state.get(CHOSEN, [])) == sorted(before):
        st.session_state[CHOSEN] = now
    st.session_state[_FOLLOWED] = now
    return now


def remember() -> None:
    """Keeps A and B through pages that do not show the picker. Call it once, before the page."""
    for key in PAIR:
        if key not in st.session_state and (names := url.given(key)):
            st.session_state[key] = names[-1]
        if key in st.session_state:
            url.write(key, st.session_state[key])


def choose_pair(names: Sequence[str]) -> None:
    """Makes the first two of `names` A and B."""
    st.session_state.update(zip(PAIR, names, strict=False))


def _swap() -> None:
    a, b = (st.session_state[key] for key in PAIR)
    choose_pair([b, a])

"""What a page shows when it has nothing to show: what is missing, why, and the command that helps."""

import shlex
from collections.abc import Sequence

import streamlit as st

from core.errors import AnswerDiffError
from core.store.runs import Run
from pages.parts.shared import language, loaders
from pages.parts.shared.format import markdown
from pages.parts.shared.language import t

TRAIN_COMMAND = "python -m core train base"


def empty(title: str, explanation: str, command: str | None = None) -> None:
    """Draws a designed empty state.

    Args:
        title: one short sentence.
        explanation: Markdown; escape untrusted parts with `format.markdown`.
        command: what to type, if anything helps.
    """
    with st.container(border=True):
        st.markdown(f"**{title}**")
        st.markdown(explanation)
        if command:
            st.code(command, language="shell", wrap_lines=True)


def train_again(run: Run) -> str:
    """Returns the command that trains a run once more beside itself, under another name."""
    words = [str(word) for word in run.get("command") or []]
    if not {"train", "pretrain"} & set(words):  # imported, or begun in Python
        return TRAIN_COMMAND
    if "--name" in words:
        at = words.index("--name")
        words[at : at + 2] = []
    return shlex.join([*words, "--name", f"{run.name}-again"])


def too_few_runs(runs: Sequence[Run]) -> None:
    """Draws that there is nothing to pick from: no run at all, or only one that is sound."""
    if not runs:
        where = markdown(str(loaders.store().root))
        empty(t("dashboard-no-runs"), t("dashboard-no-runs-why", folder=where), TRAIN_COMMAND)
    else:
        empty(t("dashboard-one-run"), t("dashboard-one-run-why"), TRAIN_COMMAND)
    broken(runs)


def broken(runs: Sequence[Run]) -> None:
    """Lists broken runs with their reasons, folded away; draws nothing when there are none."""
    bad = [run for run in runs if run.broken]
    if not bad:
        return
    with st.expander(t("dashboard-broken-runs", count=len(bad)), icon=":material/warning:"):
        st.caption(t("dashboard-broken-runs-why"))
        st.dataframe(
            {"run": [run.name for run in bad], "problem": [run.problem for run in bad]},
            column_config={"run": t("dashboard-run"), "problem": t("dashboard-reason")},
            alt=t("dashboard-broken-runs", count=len(bad)),
        )


def no_predictions(run: Run, dataset: str) -> None:
    """Draws that a run was not yet evaluated on a dataset."""
    title = t("dashboard-no-predictions", run=markdown(run.title), dataset=markdown(dataset))
    empty(
        title,
        t("dashboard-no-predictions-why"),
        shlex.join(["python", "-m", "core", "predict", run.name, "--dataset", dataset]),
    )


def unreadable(what: str, error: Exception) -> None:
    """Draws that a file could not be used, and why."""
    reason = error.text(language.current()) if isinstance(error, AnswerDiffError) else str(error)
    st.error(t("dashboard-unreadable", what=markdown(what), error=markdown(reason)), icon=":material/error:")

"""One run in full: scores, calibration, settings, data, environment, files, and the command that reproduces it."""

import shlex
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.reports.palette import MUTED, tint
from core.scoring import calibration
from core.scoring.calibration import Calibration, RiskCoverage
from core.scoring.scores import MEASURES
from core.store import differences
from core.store.predictions import PredictionsError
from core.store.runs import Run, RunError
from pages.parts.shared import charts, format, loaders, palette, scores, states
from pages.parts.shared.language import t

_COLUMNS = [name for name, measure in MEASURES.items() if measure.column]


def show(run: Run, style: palette.Style) -> None:
    """Draws everything known of a run."""
    heading, edit = st.columns([5, 1], vertical_alignment="bottom")
    with heading:
        st.subheader(format.markdown(run.title), anchor=False)
        st.markdown(_summary(run))
        if run.labels.description:
            st.text(run.labels.description)
    with edit, st.popover(t("runs-edit"), icon=":material/edit:", width="stretch", key=f"edit-{run.name}"):
        _edit(run)
    _trouble(run)
    names = ("scores", "calibration", "settings", "data", "files")
    results, calibration, settings, data, files = st.tabs([t(f"runs-tab-{name}") for name in names])
    with results:
        _scores(run)
    with calibration:
        _calibration(run, style)
    with settings:
        _settings(run)
    with data:
        _data(run)
    with files:
        _files(run)


def command(run: Run) -> str | None:
    """Returns the shell command that reproduces a run, if it was written down."""
    words = run.get("command")
    return shlex.join(words) if isinstance(words, list) and words else None


def _summary(run: Run) -> str:
    parts = [
        format.status(run),
        format.parameters(run.get("parameter_count")),
        format.moment(run.created),
        format.duration(run.seconds),
        *run.labels.tags,
    ]
    return " · ".join(format.markdown(part) for part in parts)


def _trouble(run: Run) -> None:
    if run.status == "failed":
        st.error(t("runs-failed", error=format.markdown(str(run.get("error")))), icon=":material/error:")
    if run.status == "stopped":
        st.warning(t("runs-stopped", updated=format.moment(run.updated)), icon=":material/pause_circle:")
        kind = ["pretrain"] if run.variant == "pretraining" else ["train", run.variant or "base"]
        words = ["python", "-m", "core", *kind, "--name", run.name, "--resume"]
        st.code(shlex.join(words), language="shell")
    if run.problem:
        st.warning(format.markdown(run.problem), icon=":material/warning:")
    if isinstance(imported := run.get("imported"), dict):
        st.info(t("runs-imported", folder=format.markdown(str(imported.get("folder")))), icon=":material/info:")
    elif not run.has_weights and run.status == "finished":
        st.info(t("runs-no-weights"), icon=":material/info:")


def _edit(run: Run) -> None:
    with st.form(f"labels-{run.name}", border=False):
        title = st.text_input(t("runs-label-title"), run.labels.title or "", placeholder=run.name, max_chars=120)
        description = st.text_area(t("runs-label-description"), run.labels.description, max_chars=2000)
        tags = st.text_input(t("runs-label-tags"), ", ".join(run.labels.tags), help=t("runs-label-tags-help"))
        archived = st.checkbox(t("runs-label-archived"), run.labels.archived, help=t("runs-label-archived-help"))
        if not st.form_submit_button(t("runs-save"), type="primary"):
            return
    words = [word.strip() for word in tags.split(",") if word.strip()]
    try:
        loaders.store().label(run.name, title=title.strip(), description=description, tags=words, archived=archived)
    except (RunError, OSError) as error:
        states.unreadable(run.name, error)
        return
    st.rerun()


def _scores(run: Run) -> None:
    datasets = run.predictions()
    if not datasets:
        states.no_predictions(run, "mini-ko")
        return
    rows, loaded = [], {}
    for dataset in datasets:
        found, problems = scores.load([run], dataset)
        if run.name in problems:
            states.unreadable(dataset, problems[run.name])
        elif run.name in found:
            loaded[dataset] = found[run.name]
            rows.append({"dataset": dataset, **_score_row(found[run.name])})
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, column_config=_score_columns(), placeholder="–", alt=t("runs-tab-scores")
    )
    for dataset, score in loaded.items():
        scores.left_out([score], dataset)
    st.caption(t("runs-interval-method"))


def _score_row(score: scores.Score) -> Mapping[str, Any]:
    figures, rule = score.figures, score.figures.original
    return {
        "questions": figures.questions,
        **{name: figures[name] for name in _COLUMNS},
        "exact_match": f"{figures['exact_match']:.1f}  ({scores.interval(score.exact_match)})",
        "f1": f"{figures['f1']:.1f}  ({scores.interval(score.f1)})",
        "original": None if rule is None else f"{rule.count} / {rule.questions}",
        "original_exact": None if rule is None else rule.exact_count,
        "original_median_length": None if rule is None else rule.median_length,
    }


def _score_columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "dataset": column.TextColumn(t("runs-column-dataset"), pinned=True),
        "questions": column.NumberColumn(t("runs-column-questions"), format="localized"),
        "exact_match": column.TextColumn(t("runs-column-with-interval", what="EM"), help=t("runs-help-interval")),
        "f1": column.TextColumn(t("runs-column-with-interval", what="F1"), help=t("runs-help-interval")),
        **{name: scores.column(name) for name in _COLUMNS if name not in ("exact_match", "f1")},
        "original": column.TextColumn(t("runs-column-original"), help=t("runs-help-original")),
        "original_exact": column.NumberColumn(t("runs-column-original-exact"), help=t("runs-help-original-exact")),
        "original_median_length": column.NumberColumn(t("runs-column-original-median-length"), format="%.0f"),
    }


def _calibration(run: Run, style: palette.Style) -> None:
    datasets = run.predictions()
    if not datasets:
        states.no_predictions(run, "mini-ko")
        return
    dataset = st.segmented_control(
        t("runs-column-dataset"), datasets, default=datasets[0], required=True, key=f"calibration-{run.name}"
    )
    try:
        table = loaders.checked_predictions(run, dataset or datasets[0]).table
    except (PredictionsError, OSError) as error:
        states.unreadable(str(dataset), error)
        return
    if table["probability"].isna().all():
        st.info(t("runs-no-probabilities"))
        return
    temperature, right = run.temperature, table["exact_match"].to_numpy(bool)
    confidence = calibration.confidence(table, temperature)
    result = calibration.calibrate(confidence, right)
    # The estimate behind `confidence` holds the level; for the order the stored probabilities are nearer the truth.
    curve = calibration.risk_coverage(table["probability"], right)
    _quality(result, curve, calibration.auroc(table["probability"], right))
    sure = 100 * float(confidence.mean() - right.mean())
    lean = t("runs-overconfident" if sure > 0 else "runs-underconfident", points=f"{abs(sure):.1f}")
    reliability, risk = st.columns(2)
    with reliability:
        st.markdown(f"**{t('runs-reliability')}**")
        charts.show(_reliability(result, style), key=f"reliability-{run.name}", alt=t("runs-reliability-alt"))
        st.caption(t("runs-reliability-reading", answers=len(table)))
    with risk:
        st.markdown(f"**{t('runs-risk')}**")
        charts.show(_risk(curve, style), key=f"risk-{run.name}", alt=t("runs-risk-alt"))
        st.caption(t("runs-risk-reading"))
    st.markdown(f"{lean} {_basis(run, dataset or datasets[0])}")


def _quality(result: Calibration, curve: RiskCoverage, auroc: float) -> None:
    """Draws three figures: whether probabilities can be taken at their word, and whether they tell right from wrong."""
    percent = "{:.1f} %".format
    figures = {
        "calibration-error": percent(100 * result.error),
        "aurc": percent(100 * curve.area),
        "auroc": "–" if np.isnan(auroc) else f"{auroc:.3f}",
    }
    best = percent(100 * curve.best_area)
    for column, (name, value) in zip(st.columns(3), figures.items(), strict=True):
        column.metric(t(f"runs-{name}"), value, help=t(f"runs-{name}-help", best=best), border=True)


def _basis(run: Run, dataset: str) -> str:
    """Returns which probabilities were judged, on what, and the fit's own figure, as Markdown."""
    fit = run.get("calibration")
    if not isinstance(fit, dict):
        return t("runs-calibration-raw", command=format.markdown(f"python -m core calibrate {run.name}"))
    values = {"temperature": f"{run.temperature:.2f}", "questions": f"{fit.get('questions') or 0:,}"}
    values |= {name: f"{100 * (run.number('calibration', f'error_{name}') or 0):.1f}" for name in ("before", "after")}
    return t("runs-calibration-basis", dataset=format.markdown(dataset), **values)


def _reliability(result: Calibration, style: palette.Style) -> go.Figure:
    figure = charts.figure(x_title=t("runs-reliability-x"), y_title=t("runs-reliability-y"), height=340)
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        name=t("runs-reliability-perfect"),
        line=charts.REFERENCE,
        hoverinfo="skip",
    )
    figure.add_bar(
        x=(result.low + result.high) / 2,
        y=result.accuracy,
        width=0.94 * (result.high - result.low),
        error_y={
            "array": result.accuracy_high - result.accuracy,
            "arrayminus": result.accuracy - result.accuracy_low,
            "color": MUTED,
            "thickness": 1.5,
        },
        marker={"color": tint(style.color, 0.55), "line": {"color": style.color, "width": 1.5}},
        customdata=np.column_stack([result.confidence, result.count, result.accuracy_low, result.accuracy_high]),
        hovertemplate=t("runs-reliability-hover") + "<extra></extra>",
        showlegend=False,
    )
    figure.update_xaxes(range=[0, 1], tickformat=".0%")
    figure.update_yaxes(range=[0, 1], tickformat=".0%")
    figure.update_layout(hovermode="closest")
    return figure


def _risk(curve: RiskCoverage, style: palette.Style) -> go.Figure:
    """Returns the chart of the risk by coverage beside the best possible curve at the same accuracy."""
    figure = charts.figure(x_title=t("runs-risk-x"), y_title=t("runs-risk-y"), height=340)
    right = round((1 - curve.risk[-1]) * len(curve.risk)) if len(curve.risk) else 0
    given = np.arange(1, len(curve.risk) + 1)
    best = 1 - np.minimum(given, right) / given
    lines = (
        ("runs-risk-run", curve.risk, {"color": style.color, "width": 2.5}),
        ("runs-risk-best", best, charts.REFERENCE),
    )
    for name, risk, line in lines:
        figure.add_scatter(
            x=curve.coverage, y=risk, mode="lines", name=t(name), line=line,
            hovertemplate=t("runs-risk-hover") + "<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(range=[0, 1], tickformat=".0%")
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%")
    figure.update_layout(hovermode="closest")
    return figure


def _settings(run: Run) -> None:
    values = differences.settings(run)
    st.dataframe(
        {"setting": list(values), "value": list(values.values())},
        hide_index=True,
        height=420,
        column_config={"setting": t("runs-column-setting"), "value": t("runs-column-value")},
        alt=t("runs-tab-settings"),
    )
    reproduce = command(run)
    if reproduce:
        st.markdown(t("runs-reproduce"))
        st.code(reproduce, language="shell", wrap_lines=True)


def _data(run: Run) -> None:
    validation = run.get("datasets", "validation")
    used = [("train", entry) for entry in differences.training_data(run)]
    used += [("validation", validation)] if isinstance(validation, dict) else []
    rows = [
        {
            "use": t(f"runs-use-{use}"),
            "dataset": str(entry.get("name")),
            "questions": entry.get("questions"),
            "paragraphs": entry.get("paragraphs"),
            "rule": entry.get("rule"),
            "sha256": entry.get("sha256"),
        }
        for use, entry in used
    ]
    names = ("use", "dataset", "questions", "paragraphs", "rule", "sha256")
    labels = {name: t(f"runs-column-{name}") for name in names if name != "sha256"} | {"sha256": "SHA-256"}
    st.dataframe(
        pd.DataFrame(rows, columns=list(names)),
        hide_index=True,
        column_config=labels,
        placeholder="–",
        alt=t("runs-tab-data"),
    )


def _files(run: Run) -> None:
    try:
        found = sorted(path for path in run.path.rglob("*") if path.is_file())
        sizes = [path.stat().st_size for path in found]
    except OSError as error:
        states.unreadable(run.name, error)
        return
    st.dataframe(
        {"file": [str(path.relative_to(run.path)) for path in found], "size": sizes},
        hide_index=True,
        column_config={
            "file": t("runs-column-file"),
            "size": st.column_config.NumberColumn(t("runs-column-size"), format="bytes"),
        },
        alt=t("runs-tab-files"),
    )
    st.caption(format.markdown(str(run.path)))

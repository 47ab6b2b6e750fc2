"""The table of runs: one row a run, what it is and how well it does on one dataset."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.store import differences
from core.store.runs import Run
from pages.parts.learning_curves import curves
from pages.parts.shared import format, loaders
from pages.parts.shared.language import t
from pages.parts.shared.scores import Score, interval
from pages.parts.shared.scores import column as measure

CURVE_POINTS = 24


def frame(runs: Sequence[Run], scores: Mapping[str, Score]) -> pd.DataFrame:
    """Returns the table's rows in the order of `runs`; a value that is not known is missing, never 0."""
    return pd.DataFrame([_row(run, scores.get(run.name)) for run in runs])


def _row(run: Run, score: Score | None) -> dict[str, Any]:
    best = run.number("best", "epoch")
    rule = score.figures.original if score else None
    return {
        "title": run.title,
        "status": format.status(run),
        "exact_match": score and score.figures["exact_match"],
        "exact_match_interval": score and interval(score.exact_match),
        "f1": score and score.figures["f1"],
        "f1_interval": score and interval(score.f1),
        "accuracy_sum": score and score.figures["accuracy_sum"],
        "loss": score and score.figures["loss"],
        "original": rule.count if rule else None,
        "original_exact": rule.exact_count if rule else None,
        "curve": curve(run),
        "variant": run.variant,
        "pretrained": pretrained(run),
        "parameters": run.number("parameter_count"),
        "trained_on": ", ".join(str(entry.get("name")) for entry in differences.training_data(run)),
        "best_epoch": best,
        "duration": format.duration(run.seconds),
        "created": run.created and format.local(run.created).replace(tzinfo=None),
        "tags": list(run.labels.tags),
        "name": run.name,
    }


def columns(dataset: str | None) -> dict[str, Any]:
    """Returns the table's columns in the reader's language, in order."""
    column, scored = st.column_config, {"dataset": dataset or "–"}
    return {
        "title": column.TextColumn(t("runs-column-run"), pinned=True, width="medium"),
        "status": column.TextColumn(t("runs-column-status"), width="small"),
        "variant": column.TextColumn(t("runs-column-variant")),
        "exact_match": measure("exact_match", "EM", t("runs-help-exact-match", **scored)),
        "exact_match_interval": column.TextColumn(t("runs-column-interval", what="EM"), help=t("runs-help-interval")),
        "f1": measure("f1", "F1", t("runs-help-f1", **scored)),
        "f1_interval": column.TextColumn(t("runs-column-interval", what="F1"), help=t("runs-help-interval")),
        "curve": column.LineChartColumn(t("runs-column-curve"), help=t("runs-help-curve"), y_min=0),
        "accuracy_sum": measure("accuracy_sum"),
        "loss": measure("loss"),
        "original": column.NumberColumn(t("runs-column-original"), help=t("runs-help-original")),
        "original_exact": column.NumberColumn(t("runs-column-original-exact"), help=t("runs-help-original-exact")),
        "pretrained": column.TextColumn(t("runs-column-pretrained")),
        "parameters": column.NumberColumn(t("runs-column-parameters"), format="localized"),
        "trained_on": column.TextColumn(t("runs-column-trained-on")),
        "best_epoch": column.NumberColumn(t("runs-column-best-epoch"), format="%.3g"),
        "duration": column.TextColumn(t("runs-column-duration")),
        "created": column.DatetimeColumn(t("runs-column-created"), format="YYYY-MM-DD HH:mm"),
        "tags": column.ListColumn(t("runs-column-tags")),
        "name": column.TextColumn(t("runs-column-folder")),
    }


def curve(run: Run) -> list[float]:
    """Returns the training loss in at most `CURVE_POINTS` means of neighbouring records; empty without a history."""
    return _curve(run.history_path, run)


@loaders.cached(2000)
def _curve(path: Path, _run: Run) -> list[float]:
    history = loaders.history(_run)
    axes = curves.axes([history])
    found = curves.curve(history, _run.name, "loss", "train", axes[0]) if axes else None
    if found is None:
        return []
    parts = np.array_split(found.y, min(CURVE_POINTS, len(found.y)))
    return [float(part.mean()) for part in parts]


def pretrained(run: Run) -> str | None:
    """Returns the name of the encoder a run started from, or None for fresh weights."""
    name = run.get("pretrained", "name") or run.get("config", "pretrained")
    return name if isinstance(name, str) else None

"""Curves out of histories: pick, smooth, group, reduce. Pure functions on frames; nothing is drawn here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from core.store import differences
from core.store.history import POSITIONS
from core.store.runs import Run

X_AXES = ("step", "epoch", "examples", "tokens", "seconds")
SPLITS = ("train", "validation")
GAP = "gap:"  # prefix of a metric that is validation minus train

# Settings that tell runs apart, the most telling first; others follow by name.
_TELLING = ("variant", "training.seed", "model.num_layers", "model.num_heads", "training.learning_rate")


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One line of a chart.

    Attributes:
        name: the run it is drawn as (of a group: its first run).
        split: "train" or "validation".
        x, y: float64 (n,), x ascending, both finite.
        low, high: float64 (n,), the range over the runs of a group; None for a single run.
        runs: how many runs it stands for (where all of them are under way).
    """

    name: str
    split: str
    x: np.ndarray
    y: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    runs: int = 1


def metrics(histories: Sequence[pd.DataFrame]) -> list[str]:
    """Returns what was measured in any of the histories, loss first, then the gaps between validation and train."""
    names = {name for history in histories for name in history.columns if name not in POSITIONS}
    measured = sorted(names, key=lambda name: (name != "loss", name))
    both = [name for name in measured if any(_has_both(history, name) for history in histories)]
    return measured + [GAP + name for name in both]


def axes(histories: Sequence[pd.DataFrame]) -> list[str]:
    """Returns which x axes any of the histories has a place on, the most usual first."""
    return [name for name in X_AXES if any(name in history and history[name].notna().any() for history in histories)]


def curve(history: pd.DataFrame, name: str, metric: str, split: str, x: str) -> Curve | None:
    """Returns a metric of one run over `x`, or None where it was not measured.

    A gap is on record only where validation is: validation minus the training just before it, the mean of the last
    quarter of the training records since the previous validation (the mean of all would be of an earlier model).
    """
    if metric.startswith(GAP):
        return _gap(history, name, metric.removeprefix(GAP), x) if split == "validation" else None
    if not {"split", "kind", x, metric} <= set(history.columns):
        return None
    rows = history[history["split"] == split]
    steps = rows[rows["kind"] == "step"]
    rows = steps if steps[metric].notna().any() else rows
    return _curve(name, split, rows[x], rows[metric])


def mean(curves: Sequence[Curve]) -> Curve:
    """Returns the mean of several runs' curves with their range, over the stretch that all of them cover.

    Args:
        curves: at least one, of the same metric and split.
    """
    if len(curves) == 1:
        return curves[0]
    first = max(curve.x[0] for curve in curves)
    last = min(curve.x[-1] for curve in curves)
    x = np.unique(np.concatenate([curve.x for curve in curves]))
    x = x[(first <= x) & (x <= last)]
    values = np.stack([np.interp(x, curve.x, curve.y) for curve in curves])
    if not len(x):
        return curves[0]
    low, high = values.min(0), values.max(0)
    return Curve(curves[0].name, curves[0].split, x, values.mean(0), low, high, len(curves))


def smooth(y: np.ndarray, weight: float) -> np.ndarray:
    """Returns the exponential moving average with the start corrected, so that it invents no ramp and no
    spike.

    Args:
        y: float array (n,).
        weight: of the past, 0 (no smoothing) to less than 1.
    """
    return pd.Series(y).ewm(alpha=1 - weight, adjust=True).mean().to_numpy() if weight > 0 else y


def reduce(y: np.ndarray, points: int) -> np.ndarray:
    """Returns which points to draw so that a long line looks the same: each bucket's extremes, the first,
    the last.

    Args:
        y: float array (n,), finite; buckets are of equal count, as records come at a steady pace.
        points: about how many to keep, at least 4.

    Returns:
        int64 indices, ascending; all of them when n <= points.
    """
    if len(y) <= points:
        return np.arange(len(y))
    edges = np.linspace(0, len(y), max(points // 2, 2) + 1).astype(int)
    buckets = [(start, y[start:end]) for start, end in pairwise(edges)]
    extremes = [start + find(bucket) for start, bucket in buckets for find in (np.argmin, np.argmax)]
    return np.unique([0, len(y) - 1, *extremes])


def inside(x: np.ndarray, bounds: tuple[float, float] | None) -> slice:
    """Returns which points to draw of a stretch: those inside, and one on each side, so that lines reach its edges.

    Args:
        x: float array (n,), ascending.
        bounds: both inclusive; None for all points.
    """
    if bounds is None:
        return slice(0, len(x))
    low, high = np.searchsorted(x, bounds[0], side="left"), np.searchsorted(x, bounds[1], side="right")
    return slice(max(int(low) - 1, 0), int(high) + 1)


def at(curve: Curve, x: float) -> float | None:
    """Returns the last value on record at or before `x`, or None when there is none yet."""
    position = int(np.searchsorted(curve.x, x, side="right")) - 1
    return float(curve.y[position]) if position >= 0 else None


def labels(runs: Sequence[Run]) -> dict[str, str]:
    """Returns a name for each run's line that says only what tells these runs apart.

    A title that the user gave is taken as it is; a run whose settings are not known is called by its folder. Else
    settings are added, the most telling first, until all names differ; runs with equal settings are told apart by
    their folder.
    """
    settings = {run.name: differences.settings(run) for run in runs}
    differing = {
        key
        for key in set().union(*settings.values())
        if key.partition(".")[0] in ("variant", "training", "model", "features", "pretrained")
        and len({found.get(key) for found in settings.values()}) > 1
    }
    parts: dict[str, list[str]] = {run.name: [] for run in runs}
    for key in [key for key in _TELLING if key in differing] + sorted(differing.difference(_TELLING)):
        if parts and len(set(map(tuple, parts.values()))) == len(parts):
            break
        extended = {name: [*parts[name], _say(key, settings[name].get(key))] for name in parts}
        if len(set(map(tuple, extended.values()))) > len(set(map(tuple, parts.values()))):
            parts = extended
    told = {run.name: " · ".join(parts[run.name]) if run.get("config") else "" for run in runs}
    named = {run.name: run.labels.title or told[run.name] or run.name for run in runs}
    taken = list(named.values())
    return {name: label if taken.count(label) == 1 else f"{label} ({name})" for name, label in named.items()}


def table(curves: Mapping[str, Sequence[Curve]], labels: Mapping[str, str], x: str) -> pd.DataFrame:
    """Returns all points of all curves, one row each, as they were logged (neither smoothed nor reduced).

    Args:
        curves: by metric.
        labels: by run name.
        x: name of the x column.
    """
    frames = [
        pd.DataFrame(
            {
                "run": c.name,
                "label": labels[c.name],
                "runs": c.runs,
                "metric": metric,
                "split": c.split,
                x: c.x,
                "value": c.y,
            }
            | ({} if c.low is None else {"lowest": c.low, "highest": c.high})
        )
        for metric, lines in curves.items()
        for c in lines
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _curve(name: str, split: str, x: pd.Series, y: pd.Series) -> Curve | None:
    values = np.column_stack([x.to_numpy(float), y.to_numpy(float)])
    values = values[np.isfinite(values).all(1)]
    values = values[np.argsort(values[:, 0], kind="stable")]
    return Curve(name, split, values[:, 0], values[:, 1]) if len(values) else None


def _gap(history: pd.DataFrame, name: str, metric: str, x: str) -> Curve | None:
    if not _has_both(history, metric) or x not in history.columns:
        return None
    rows = history.sort_values("step", kind="stable")
    validation = rows[(rows["split"] == "validation") & rows[metric].notna()]
    train = rows[(rows["split"] == "train") & rows[metric].notna()]
    logged = train[train["kind"] == "step"]
    train = logged if len(logged) else train
    # Each training record belongs to the first validation at or after it.
    owner = np.searchsorted(validation["step"].to_numpy(), train["step"].to_numpy())
    recent = (
        pd.Series(train[metric].to_numpy()).groupby(owner).agg(lambda values: values.tail(-(-len(values) // 4)).mean())
    )
    return _curve(
        name, "validation", validation[x], validation[metric] - recent.reindex(range(len(validation))).to_numpy()
    )


def _has_both(history: pd.DataFrame, metric: str) -> bool:
    if not {"split", "step", metric} <= set(history.columns):
        return False
    return set(SPLITS) <= set(history.loc[history[metric].notna(), "split"])


def _say(key: str, value: str | None) -> str:
    last = key.rpartition(".")[2].replace("_", " ")
    return (value or "–") if key == "variant" else f"{last} {value or '–'}"

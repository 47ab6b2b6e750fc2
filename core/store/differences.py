"""What differs between runs: every setting as one row, one column a run, against a base run."""

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd

from core import config
from core.config import PretrainingConfig, RunConfig
from core.store.runs import Run

# Where a setting may come from besides the configuration.
_SECTIONS = ("pretrained", "versions")
_SIGNS = {"same": "", "changed": "≠ ", "added": "+ ", "removed": "−"}


def settings(run: Run) -> dict[str, str]:
    """Returns everything that was set or given for a run, by dotted name, as text."""
    given: dict[str, Any] = dict(run.get("config") or {})
    given |= {section: run.get(section) for section in _SECTIONS if run.get(section)}
    # The configuration's own "pretrained" names the encoder; run.json's tells more of it.
    given["parameter_count"] = run.get("parameter_count")
    given["code_revision"] = run.get("code_revision")
    flat = pd.json_normalize(given, sep=".").iloc[0].to_dict() if given else {}
    for entry in training_data(run):
        flat[f"data.{entry.get('name')}"] = str(entry.get("sha256", ""))[:12]
    return {key: _text(value) for key, value in sorted(flat.items()) if value is not None}


def training_data(run: Run) -> list[dict[str, Any]]:
    """Returns the datasets a run was trained on, as run.json has them: name, sha256, questions, paragraphs."""
    used = run.get("datasets", "train")
    return [entry for entry in used if isinstance(entry, dict)] if isinstance(used, list) else []


def seed_siblings(runs: Sequence[Run]) -> list[list[Run]]:
    """Groups runs that differ by nothing but the seed, in the order of their first run."""
    groups: dict[str, list[Run]] = {}
    for run in runs:
        groups.setdefault(_recipe(run), []).append(run)
    return list(groups.values())


def table(runs: Sequence[Run], base: Run, *, only_differences: bool = True) -> pd.DataFrame:
    """Returns the settings of `runs`, one column a run by name, one row a setting.

    Cells that differ from the base run carry a sign: ≠ another value, + not set there, − set there but not
    here.

    Args:
        runs: what to compare.
        base: what they are compared against; its column comes first, also when it is not among `runs`.
        only_differences: leave out settings that are the same in all.
    """
    columns = {run.name: settings(run) for run in [base, *(run for run in runs if run.name != base.name)]}
    rows = {}
    for key in sorted(set().union(*columns.values())):
        values = [column.get(key) for column in columns.values()]
        if only_differences and len(set(values)) == 1:
            continue
        rows[key] = [_cell(value, values[0]) for value in values]
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(columns))


def _recipe(run: Run) -> str:
    settings = run.get("config")
    if not settings:
        return run.name  # its settings are not known: it is alike with none
    kind: Any = PretrainingConfig if run.variant == "pretraining" else RunConfig
    try:
        alike = config.hash_without_seed(config.from_dict(settings, kind))
    except config.ConfigError:  # of another program: nothing tells what its seed is
        return run.name
    return json.dumps([kind.__name__, alike, [entry.get("sha256") for entry in training_data(run)]])


def _cell(value: str | None, base: str | None) -> str:
    if value == base:
        return _SIGNS["same"] + (value or "")
    if value is None:
        return _SIGNS["removed"]
    return (_SIGNS["added"] if base is None else _SIGNS["changed"]) + value


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)

"""A comparison as one HTML file that loads nothing, runs no script and can be passed on."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core import texts
from core.comparing.compare import OUTCOMES, Comparison, Difference, movement
from core.reports import palette, report
from core.scoring.errors import ERROR_TYPES
from core.store.predictions import Predictions
from core.texts.message import interval, p_value, points, signed

TEMPLATE = "html_report.jinja"


def render(
    comparison: Comparison,
    a: Predictions,
    b: Predictions,
    *,
    rows: pd.DataFrame,
    filters: Sequence[str] = (),
    slices: pd.DataFrame | None = None,
    language: str = texts.DEFAULT_LANGUAGE,
) -> str:
    """Returns the report. Everything that comes from a run or a dataset is escaped.

    Args:
        comparison: of `a` and `b`.
        a: A's predictions, for their hashes.
        b: B's.
        rows: of `answers.with_answers`, those that the filters leave; the ones whose outcome changed are listed. Make
            them without the dataset where its licence does not allow passing parts of it on.
        filters: what was filtered by, in words.
        slices: from `slices.slice_differences`; those with figures are shown.
        language: `ko` or `en`.
    """
    counts = movement(comparison)
    changed = rows[rows["outcome"].isin(["only-a", "only-b"])]
    return _template().render(
        language=language,
        colors=palette.REPORT,
        t=lambda key, **values: texts.text(key, language, **values),
        comparison=comparison,
        sides=(("A", a), ("B", b)),
        criterion=report.criterion_name(comparison, language),
        verdicts=[message.text(language) for message in comparison.messages],
        unusable=report.unusable(comparison, language),
        warnings=[warning.text(language) for warning in comparison.warnings],
        measures=_measures(comparison, language),
        notes=[str(line) for line in report.notes(comparison, language).renderables],
        outcomes=OUTCOMES,
        movement=counts,
        kinds=[kind for kind in ERROR_TYPES if counts.loc[kind].any() or counts[kind].any()],
        slices=_slices(slices, language),
        filters=list(filters),
        changed=changed.to_dict(orient="records"),
        listed=len(rows),
        with_text=bool(rows["question"].notna().any()),
    )


@cache
def _template() -> Any:
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters |= {"signed": signed, "points": points, "p_value": lambda p: p_value(p).removeprefix("= ")}
    return environment.get_template(TEMPLATE)


def _measures(comparison: Comparison, language: str) -> list[dict[str, Any]]:
    """Returns a line of the forest plot for each measure; x positions are percent of the plot's width."""
    named: list[tuple[str, Difference]] = [
        (texts.text("compare-core-exact-match", language), comparison.exact_match),
        (texts.text("compare-core-f1", language), comparison.f1),
    ]
    if comparison.criterion != "exact":
        named.insert(0, (report.criterion_name(comparison, language), comparison.right))
    marks = [(found.low, found.difference, found.high) for _, found in named]
    reach = 1.1 * max(1.0, *(abs(mark) for three in marks for mark in three if mark is not None))
    return [
        {
            "name": name,
            "found": found,
            "interval": interval(found.low, found.high, language),
            **{
                part: None if mark is None else 50 + 50 * mark / reach
                for part, mark in zip(("low", "difference", "high"), three, strict=True)
            },
        }
        for (name, found), three in zip(named, marks, strict=True)
    ]


def _slices(slices: pd.DataFrame | None, language: str) -> list[dict[str, Any]]:
    if slices is None:
        return []
    shown = slices[~slices["too_few"]].to_dict(orient="records")
    return [row | {"names": report.slice_names(row["dimension"], row["slice"], language)} for row in shown]

"""A comparison as tables for the terminal and as a dictionary for `--json`.

Run names and dataset texts are other people's: they go to the terminal as plain text, never as markup.
"""

import math
from dataclasses import asdict
from typing import Any

import pandas as pd
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from core.comparing.compare import OUTCOMES, Comparison, Difference, movement
from core.comparing.retraining import Recipes
from core.scoring.errors import ERROR_TYPES
from core.store.files import finite
from core.texts import DEFAULT_LANGUAGE, LANGUAGES, text
from core.texts.message import Message, interval, p_value, points, signed


def to_dict(comparison: Comparison, slices: pd.DataFrame | None = None) -> dict[str, Any]:
    """Returns everything but the rows of `comparison`, ready for `json.dumps`; figures that do not exist are None.

    Args:
        comparison: what `compare` found.
        slices: from `slices.slice_differences`, where the dataset's text is there.
    """
    parts = (
        "run_a",
        "run_b",
        "dataset",
        "dataset_sha256",
        "part",
        "criterion",
        "threshold",
        "questions",
        "unusable_questions",
        "paragraphs",
        "effective_paragraphs",
        "margin",
        "counts",
    )
    document: dict[str, Any] = {name: getattr(comparison, name) for name in parts}
    document |= {name: asdict(getattr(comparison, name)) for name in ("right", "exact_match", "f1", "mcnemar")}
    for name in ("icc", "design_effect"):
        document[name] = getattr(comparison, name)
    document["verdict"] = said(comparison.verdict)
    document["recipes"] = _recipes(comparison.recipes)
    document["warnings"] = [said(warning) for warning in comparison.warnings]
    document["movement"] = movement(comparison).to_dict(orient="index")
    if slices is not None:
        document["slices"] = slices.to_dict(orient="records")
    return finite(document)


def _recipes(recipes: Recipes) -> dict[str, Any]:
    figures = asdict(recipes) | {"verdict": said(recipes.message)}
    del figures["message"]
    return figures | {side: getattr(recipes, side).tolist() for side in ("scores_a", "scores_b")}


def said(message: Message) -> dict[str, Any]:
    """Returns a message as a dictionary: its kind, and its text in every language."""
    return {"kind": message.kind, **{language: message.text(language) for language in LANGUAGES}}


def print_comparison(
    console: Console, comparison: Comparison, language: str = DEFAULT_LANGUAGE, slices: pd.DataFrame | None = None
) -> None:
    """Prints the verdict, then how big and how sure, which answers changed, and in what way."""
    head = Text.assemble(("A ", "bold"), comparison.run_a, ("   B ", "bold"), comparison.run_b)
    head.append(f"   {comparison.dataset}")
    if comparison.part != "all":
        head.append(f" ({text(f'compare-core-part-{comparison.part}', language)})")
    console.print(head, *(Text(f"! {warning.text(language)}", "bold") for warning in comparison.warnings), sep="\n")
    console.print(*(Text(message.text(language), "bold") for message in comparison.messages), sep="\n")
    console.print(*([Text(line)] if (line := unusable(comparison, language)) else []), end="\n\n" if line else "\n")
    console.print(differences_table(comparison, language), notes(comparison, language), sep="\n")
    console.print(outcomes_table(comparison, language), movement_table(comparison, language), sep="\n")
    if slices is not None:
        console.print(slices_table(slices, language), Text(text("slice-exploratory", language)), sep="\n")


def unusable(comparison: Comparison, language: str = DEFAULT_LANGUAGE) -> str:
    """Returns how many questions of the dataset are left out as unusable; empty for none or where it is not known."""
    count = comparison.unusable_questions
    return text("dataset-unusable", language, questions=count) if count else ""


def differences_table(comparison: Comparison, language: str = DEFAULT_LANGUAGE) -> Table:
    """One row a measure: A, B, difference, interval, p, minimum detectable effect."""
    names = ("difference", "interval", "p", "detectable")
    table = Table()
    table.add_column(text("compare-core-measure", language))
    for heading in ("A", "B", *(text(f"compare-core-{name}", language) for name in names)):
        table.add_column(heading, justify="right")
    measures = [(criterion_name(comparison, language), comparison.right)] if comparison.criterion != "exact" else []
    measures += [
        (text("compare-core-exact-match", language), comparison.exact_match),
        (text("compare-core-f1", language), comparison.f1),
    ]
    for name, found in measures:
        table.add_row(Text(name), *cells(found, language, " .. "))
    return table


def _p(p: float) -> str:
    return p_value(p).removeprefix("= ")


def cells(measure: Difference, language: str, between: str = " … ") -> tuple[str, ...]:
    """Returns A, B, difference, interval, p and minimum detectable effect as they are shown everywhere."""
    return (
        points(measure.a),
        points(measure.b),
        signed(measure.difference),
        interval(measure.low, measure.high, language, between),
        "–" if measure.p is None else _p(measure.p),
        "–" if measure.detectable is None else points(measure.detectable),
    )


def criterion_name(comparison: Comparison, language: str = DEFAULT_LANGUAGE) -> str:
    """Returns what "right" means in this comparison."""
    return text(f"compare-core-criterion-{comparison.criterion}", language, threshold=f"{comparison.threshold:g}")


def notes(comparison: Comparison, language: str = DEFAULT_LANGUAGE) -> Group:
    """What the figures rest on: clustering, McNemar beside, the test."""
    test = comparison.mcnemar
    figures = {"icc": f"{comparison.icc:.2f}", "effect": f"{comparison.design_effect:.2f}"}
    known = not math.isnan(comparison.icc)
    lines = [text("compare-core-clustering" if known else "compare-core-clustering-unknown", language, **figures)]
    if comparison.right.p is not None:  # where nothing can be tested no other p stands in
        lines.append(text("compare-core-mcnemar", language, mid=p_value(test.mid_p), exact=p_value(test.exact_p)))
    effective = f"{comparison.effective_paragraphs:.0f}"
    lines.append(text("compare-core-test", language, paragraphs=comparison.paragraphs, effective=effective))
    return Group(*(Text(line) for line in lines))


def outcomes_table(comparison: Comparison, language: str = DEFAULT_LANGUAGE) -> Table:
    """How many questions both, only A, only B, and neither have right."""
    table = Table(title=Text(f"{text('compare-core-criterion', language)}: {criterion_name(comparison, language)}"))
    for outcome in OUTCOMES:
        table.add_column(text(f"compare-core-outcome-{outcome}", language), justify="right")
    table.add_row(*(f"{comparison.counts[outcome]:,}" for outcome in OUTCOMES))
    return table


def movement_table(comparison: Comparison, language: str = DEFAULT_LANGUAGE) -> Table:
    """From A's error types (rows) to B's (columns); types that neither has are left out."""
    counts = movement(comparison)
    shown = [kind for kind in ERROR_TYPES if counts.loc[kind].any() or counts[kind].any()]
    table = Table(title=text("compare-core-movement", language))
    table.add_column("A / B")
    for kind in shown:
        table.add_column(text(f"error-{kind}", language), justify="right")
    for row in shown:
        cells = [Text(f"{counts.loc[row, kind]:,}", "bold" if row == kind else "") for kind in shown]
        table.add_row(text(f"error-{row}", language), *cells)
    return table


def slices_table(slices: pd.DataFrame, language: str = DEFAULT_LANGUAGE) -> Table:
    """The slices with figures, the clearest first, then those that are too small or the whole."""
    table = Table()
    headings = (
        *("compare-core-questions", "compare-core-paragraphs", "compare-core-difference", "slice-contrast"),
        *("slice-contrast-interval", "slice-shrunken", "compare-core-p-adjusted"),
    )
    for column in range(2):
        table.add_column("" if column else text("compare-core-measure", language))
    for key in headings:
        table.add_column(text(key, language), justify="right")
    for row in slices.itertuples():
        # Small articles are the rule: a line for each would bury the others.
        if row.dimension == "article" and row.too_few:
            continue
        figures = [text(f"slice-{'whole' if row.whole else 'too-few'}", language), "", "", "", ""]
        if not row.too_few:
            interval = f"{signed(row.contrast_low)} .. {signed(row.contrast_high)}"
            figures = [*map(signed, (row.difference, row.contrast)), interval, signed(row.shrunken), _p(row.p_adjusted)]
        name, kind = slice_names(row.dimension, row.slice, language)
        table.add_row(name, Text(kind), f"{row.questions:,}", f"{row.paragraphs:,}", *figures)
    return table


def slice_names(dimension: str, kind: str, language: str = DEFAULT_LANGUAGE) -> tuple[str, str]:
    """Returns the names of a dimension and of one of its slices; an article's is its ordinal, counted from 1."""
    name = text(f"slice-{dimension}", language)
    return name, str(int(kind) + 1) if dimension == "article" else text(f"slice-{dimension}-{kind}", language)

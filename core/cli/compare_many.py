"""`python -m core compare A B C ...`: all pairs of more than two runs in the terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core import texts
from core.cli.terminal import print_json, stored
from core.texts.message import p_value, points, signed

if TYPE_CHECKING:  # the statistics take a second to import
    from core.comparing.compare import Criterion
    from core.comparing.many import AllPairs


def compare_many(
    names: Sequence[str],
    dataset: str,
    criterion: "Criterion",
    *,
    threshold: float,
    common: bool,
    original: bool,
    language: str,
    as_json: bool,
) -> None:
    """Prints the ordering of the runs, and every pair with its plain and its adjusted p.

    A pair that must not be compared is listed with the reason; exit code 1 where no pair may be.
    """
    from core.comparing import many
    from core.comparing.compatibility import ComparisonRefused, original_questions

    runs = [stored(name, dataset) for name in names]
    try:
        pairs = many.compare_all(
            [original_questions(one) for one in runs] if original else runs,
            criterion,
            threshold=threshold,
            common=common,
        )
    except ComparisonRefused as refused:
        _refused(refused, language)
        raise typer.Exit(1) from None
    if as_json:
        print_json(to_dict(pairs))
    else:
        _print(pairs, language)
    for (row, column), refusal in pairs.refused.items():
        _refused(refusal, language, f"{pairs.runs[row]} / {pairs.runs[column]}: ")
    if not pairs.comparisons:
        raise typer.Exit(1)


def to_dict(pairs: "AllPairs") -> dict[str, Any]:
    """Returns the ordering and the pairs, ready for JSON."""
    rows = []
    for (i, j), one in pairs.comparisons.items():
        figures = {name: getattr(pairs, name).iloc[i, j] for name in ("plain", "p", "adjusted", "critical")}
        figures["holm"] = figures.pop("p")
        head = {"a": one.run_a, "b": one.run_b, "verdict": one.verdict.kind}
        interval = {name: getattr(one.right, name) for name in ("difference", "low", "high")}
        rows.append(head | interval | figures)
    refused = [
        {"a": pairs.runs[i], "b": pairs.runs[j], "reasons": [reason.text("en") for reason in one.reasons]}
        for (i, j), one in pairs.refused.items()
    ]
    how = {language: pairs.note.text(language) for language in texts.LANGUAGES}
    return {"ordering": pairs.ordering.to_dict(orient="records"), "pairs": rows, "refused": refused, "how": how}


def _print(pairs: "AllPairs", language: str) -> None:
    from core.scoring.statistics import ALPHA

    def t(key: str) -> str:
        return texts.text(key, language)

    ordering = Table(title=t("many-ordering"))
    for key in ("many-run", "compare-core-right", "many-group"):
        ordering.add_column(t(key), justify="left" if key == "many-run" else "right")
    for row in pairs.ordering.itertuples():
        ordering.add_row(Text(row.run), f"{row.score:.1f}", row.group)
    table = Table(title=t("many-pairs"))
    table.add_column("A", overflow="fold")
    table.add_column("B", overflow="fold")
    for key in ("compare-core-difference", "many-critical", "many-plain", "many-holm", "many-adjusted"):
        table.add_column(t(key), justify="right")
    for (i, j), one in sorted(pairs.comparisons.items(), key=lambda item: pairs.adjusted.iloc[item[0]]):
        plain, holm, adjusted = (frame.iloc[i, j] for frame in (pairs.plain, pairs.p, pairs.adjusted))
        figures = [signed(one.right.difference), "-", "-", "-", "-"]
        if one.right.p is not None:
            figures[1:] = points(pairs.critical.iloc[i, j]), *(_p(p) for p in (plain, holm, adjusted))
        names = Text(one.run_a), Text(one.run_b + (" *" if one.verdict.kind == "one-recipe" else ""))
        table.add_row(*names, *figures, style="bold" if adjusted < ALPHA else "")
    console = Console()
    console.print(ordering, Text(t("many-group-how")), table, Text(pairs.note.text(language)), sep="\n")
    if any(one.verdict.kind == "one-recipe" for one in pairs.comparisons.values()):
        console.print(Text(f"* {t('many-one-recipe')}"))
    console.print(Text(t("many-level")))


def _p(p: float) -> str:
    return p_value(p).removeprefix("= ")


def _refused(refused: Any, language: str, pair: str = "") -> None:
    for message in refused.reasons:
        Console(stderr=True).print(Text(pair + message.text(language), "red"))

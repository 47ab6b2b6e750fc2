"""`python -m core compare A B`: the verdict and the tables of the Compare page in the terminal."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from core import texts
from core.cli.compare_many import compare_many
from core.cli.terminal import DatasetOption, chosen_dataset, spoken, stored
from core.data import catalogue
from core.data.formats import Dataset
from core.store import predictions
from core.store.files import write_atomically
from core.store.predictions import Predictions
from core.store.runs import Store
from core.texts.message import signed

if TYPE_CHECKING:  # the statistics take a second to import, which other commands should not wait for
    import pandas as pd

    from core.comparing.compare import Comparison


def compare(
    runs: Annotated[
        list[str], typer.Argument(metavar="A B ...", help="Two runs, differences are B - A; more: every pair of them.")
    ],
    dataset: DatasetOption = None,
    criterion: Annotated[str, typer.Option(help="What is right: exact, f1 (see --threshold) or substring.")] = "exact",
    threshold: Annotated[float, typer.Option(min=0, max=1, help="The least F1 that is right, for f1.")] = 0.8,
    common: Annotated[bool, typer.Option("--common", help="Compare the questions that both have.")] = False,
    original: Annotated[
        bool, typer.Option("--original", help="Compare the original experiment's 102 questions only (KorQuAD dev).")
    ] = False,
    margin: Annotated[float, typer.Option(min=0, help="Points that count as no difference.")] = 2.0,
    bootstrap: Annotated[
        bool,
        typer.Option("--bootstrap", help="Add the interval that a bootstrap of paragraphs gives, as a cross-check."),
    ] = False,
    resamples: Annotated[int, typer.Option(min=1, help="Of --bootstrap.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Of --bootstrap's random numbers; no other figure has any.")] = 0,
    language: Annotated[str, typer.Option(help="ko or en; by default the system's.")] = "",
    html: Annotated[Path | None, typer.Option(help="Write a self-contained HTML report here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Tells whether B answers better than A, how big and how sure the difference is, and what kind it is.

    Of more than two runs: their ordering, and every pair with its p adjusted for picking it among them.

    Only stored predictions are read: `python -m core predict RUN -d DATASET` makes them. Exit code 1 when the two
    must not be compared.
    """
    from core.comparing import compare as comparing
    from core.comparing import slices as slicing
    from core.comparing.compatibility import original_questions
    from core.comparing.retraining import read_trainings
    from core.reports import report

    tongue = spoken(language)
    chosen = next((name for name in comparing.CRITERIA if name == criterion), None)
    if chosen is None:
        raise typer.BadParameter(
            f"{criterion!r}: choose one of {', '.join(comparing.CRITERIA)}", param_hint="--criterion"
        )
    if len(runs) < 2:
        raise typer.BadParameter("name at least two runs", param_hint="A B ...")
    dataset = chosen_dataset(dataset, [Store().get(name) for name in runs])
    if len(runs) > 2:
        if html or bootstrap:
            raise typer.BadParameter("of two runs only", param_hint="--html" if html else "--bootstrap")
        compare_many(
            runs,
            dataset,
            chosen,
            threshold=threshold,
            common=common,
            original=original,
            language=tongue,
            as_json=as_json,
        )
        return
    side_a, side_b = (stored(name, dataset) for name in runs)
    try:
        if original:
            side_a, side_b = original_questions(side_a), original_questions(side_b)
        comparison = comparing.compare(
            side_a,
            side_b,
            chosen,
            threshold=threshold,
            common=common,
            margin=margin,
            trainings=read_trainings(Store(), Path(dataset).stem),
        )
    except comparing.ComparisonRefused as refused:
        for message in refused.reasons:
            Console(stderr=True).print(Text(message.text(tongue), "red"))
        raise typer.Exit(1) from None
    text, reason = catalogue.load_if_here(dataset)
    try:
        path = Store().get(runs[0]).predictions_path(Path(dataset).stem)
        predictions.check_dataset(comparison.dataset_sha256, text, path)
    except predictions.OtherDataset as other:
        Console(stderr=True).print(Text(other.text(tongue), "red"))
        raise typer.Exit(1) from None
    if text:
        comparison = replace(comparison, unusable_questions=text.unusable)
    slices = slicing.slice_differences(comparison, slicing.features(text)) if text else None
    if html:
        write_atomically(html, _report(comparison, side_a, side_b, text, slices, tongue).encode())
    if as_json:
        document = report.to_dict(comparison, slices)
        if bootstrap:
            low, high = comparing.bootstrap(comparison, resamples, seed)
            document["bootstrap"] = {"low": low, "high": high, "resamples": resamples, "seed": seed}
        print(json.dumps(document, ensure_ascii=False, indent=2))
        return
    console = Console()
    report.print_comparison(console, comparison, tongue, slices)
    if bootstrap:
        low, high = comparing.bootstrap(comparison, resamples, seed)
        bounds = {"low": signed(low), "high": signed(high)}
        check = texts.text("compare-command-bootstrap", tongue, **bounds, resamples=resamples, seed=seed)
        console.print(Text(check))
    if text is None:
        missing = texts.text("compare-command-no-slices", tongue, dataset=comparison.dataset, reason=reason)
        console.print(Text(missing, "dim"))
    if html:
        console.print(Text(texts.text("compare-command-written", tongue, path=str(html))))


def _report(
    comparison: "Comparison",
    a: Predictions,
    b: Predictions,
    text: Dataset | None,
    slices: "pd.DataFrame | None",
    language: str,
) -> str:
    from core.reports import html_report
    from core.reports.answers import with_answers

    source = catalogue.DATASETS.get(comparison.dataset)
    allowed = source is None or source.redistributable
    rows = with_answers(comparison, text if allowed else None)
    return html_report.render(comparison, a, b, rows=rows, slices=slices, language=language)

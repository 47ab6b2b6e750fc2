"""`python -m core plan A B`: how many questions and trainings show a difference of so many points."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core import texts
from core.cli.terminal import AsJson, DatasetOption, UserError, chosen_dataset, print_json, spoken, stored
from core.store.runs import Store

if TYPE_CHECKING:  # the statistics take a second to import
    from core.comparing.planning import Plan


def plan(
    a: Annotated[str, typer.Argument(help="A run; its answers and B's show how questions cluster and differ.")],
    b: Annotated[str, typer.Argument(help="Another run.")],
    dataset: DatasetOption = None,
    difference: Annotated[float, typer.Option(help="The true difference to see, points.")] = 2.0,
    criterion: Annotated[str, typer.Option(help="What is right: exact, f1 (see --threshold) or substring.")] = "exact",
    threshold: Annotated[float, typer.Option(min=0, max=1, help="The least F1 that is right, for f1.")] = 0.8,
    deviation: Annotated[
        float | None,
        typer.Option(min=0, help="Standard deviation between trainings, points; by default that of the store's runs."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the simulation.")] = 0,
    language: Annotated[str, typer.Option(help="ko or en; by default the system's.")] = "",
    as_json: AsJson = False,
) -> None:
    """Tells how many questions, and how many trainings a side, show a true difference in four of five tests.

    Simulated from the stored predictions of a pair: their paragraphs are drawn again, and as many answers change hands
    as the difference asks for. It says nothing about whether this pair differs.
    """
    from core.comparing import compare as comparing
    from core.comparing import planning

    tongue = spoken(language)
    chosen = next((name for name in comparing.CRITERIA if name == criterion), None)
    if chosen is None:
        raise typer.BadParameter(
            f"{criterion!r}: choose one of {', '.join(comparing.CRITERIA)}", param_hint="--criterion"
        )
    dataset = chosen_dataset(dataset, [Store().get(name) for name in (a, b)])
    try:
        comparison = comparing.compare(stored(a, dataset), stored(b, dataset), chosen, threshold=threshold)
        if deviation is None:
            deviation = _deviation(dataset, comparison.dataset_sha256, chosen, threshold)
        result = planning.plan(comparison, difference, deviation=deviation, seed=seed)
    except (comparing.ComparisonRefused, ValueError) as error:
        raise UserError(str(error)) from None
    if as_json:
        print_json(to_dict(result))
    else:
        _print(result, tongue)


def to_dict(result: "Plan") -> dict[str, Any]:
    """Returns the plan, ready for JSON."""
    names = [name for name in result.__slots__ if name not in ("curve", "seed_curve", "message", "seed_message")]
    messages = [message for message in (result.message, result.seed_message) if message]
    said = [{language: message.text(language) for language in texts.LANGUAGES} for message in messages]
    seeds = None if result.seed_curve is None else result.seed_curve.to_dict(orient="records")
    curves = {"curve": result.curve.to_dict(orient="records"), "seed_curve": seeds}
    return {name: getattr(result, name) for name in names} | curves | {"messages": said}


def _deviation(dataset: str, dataset_sha256: str, criterion: Any, threshold: float) -> float | None:
    from core.comparing import planning, retraining

    trainings = retraining.read_trainings(Store(), Path(dataset).stem)
    same = [one for one in trainings if one.meta.dataset_sha256 == dataset_sha256]
    found = planning.store_deviation(retraining.seed_groups(same), criterion, threshold=threshold)
    return found[0] if found else None


def _print(result: "Plan", language: str) -> None:
    console = Console()
    for message in (result.message, result.seed_message):
        if message:
            console.print(Text(message.text(language), "bold"))
    curve = Table(title=texts.text("plan-curve", language))
    for key in ("compare-core-paragraphs", "compare-core-questions", "plan-power", "plan-error"):
        curve.add_column(texts.text(key, language), justify="right")
    for row in result.curve.itertuples():
        curve.add_row(f"{row.paragraphs:,}", f"{row.questions:,}", f"{100 * row.power:.0f}", f"± {196 * row.error:.1f}")
    console.print(curve)
    if result.seed_curve is not None:
        seeds = Table(title=texts.text("plan-seed-curve", language))
        for key in ("plan-trainings", "plan-power-here", "plan-questions", "plan-limit"):
            seeds.add_column(texts.text(key, language), justify="right")
        for row in result.seed_curve.itertuples():
            questions = "-" if row.questions != row.questions else f"{row.questions:,.0f}"
            seeds.add_row(f"{row.seeds}", f"{100 * row.power_here:.0f}", questions, f"{100 * row.limit:.0f}")
        console.print(seeds)
    console.print(Text(texts.text("plan-how", language)))

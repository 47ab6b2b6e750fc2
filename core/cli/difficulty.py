"""`python -m core difficulty`: which questions separate runs, and whose gold answer may be wrong."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core import texts
from core.cli.terminal import (
    AsJson,
    DatasetOption,
    UserError,
    check_dataset_name,
    chosen_dataset,
    print_json,
    spoken,
    stored,
)
from core.data import catalogue
from core.store.runs import Store

if TYPE_CHECKING:  # pandas takes half a second to import
    from core.comparing.difficulty import Difficulty
    from core.data.formats import Dataset


def difficulty(
    runs: Annotated[list[str] | None, typer.Argument(help="Runs; all that answered the dataset by default.")] = None,
    dataset: DatasetOption = None,
    criterion: Annotated[str, typer.Option(help="What is right: exact, f1 (see --threshold) or substring.")] = "exact",
    threshold: Annotated[float, typer.Option(min=0, max=1, help="The least F1 that is right, for f1.")] = 0.8,
    agreement: Annotated[
        float, typer.Option(min=0, max=1, help="Share of recipes with one wrong answer that makes a gold doubtful.")
    ] = 0.6,
    length: Annotated[int, typer.Option("--list", min=0, help="Questions of each kind to list.")] = 10,
    language: Annotated[str, typer.Option(help="ko or en; by default the system's.")] = "",
    as_json: AsJson = False,
) -> None:
    """Lists the questions that separate runs, and those where nobody is right and most agree on another answer.

    From stored predictions of at least four runs; the dataset's text is shown where it is on this machine.
    """
    from core.comparing.compare import CRITERIA, ComparisonRefused
    from core.comparing.difficulty import difficulty as estimate

    tongue = spoken(language)
    chosen = next((name for name in CRITERIA if name == criterion), None)
    if chosen is None:
        raise typer.BadParameter(f"{criterion!r}: choose one of {', '.join(CRITERIA)}", param_hint="--criterion")
    store = Store()
    named = [store.get(name) for name in runs] if runs else [one for one in store.list() if not one.broken]
    dataset = chosen_dataset(dataset, named)
    if not runs:
        named = [one for one in named if Path(dataset).stem in one.predictions()]
    if not named:
        check_dataset_name(dataset)
    answers = [stored(one.name, dataset) for one in named]
    text, _ = catalogue.load_if_here(dataset)
    if text and answers and text.sha256 != answers[0].meta.dataset_sha256:
        text = None  # another file of this name
    try:
        found = estimate(answers, chosen, threshold=threshold, dataset=text, agreement=agreement)
    except (ComparisonRefused, ValueError) as error:
        raise UserError(str(error)) from None
    if as_json:
        questions = found.questions.to_dict(orient="records")
        print_json({"runs": found.runs.to_dict(orient="records"), "questions": questions})
    else:
        _print(found, text, length, tongue)


def _print(found: "Difficulty", text: "Dataset | None", length: int, language: str) -> None:
    def t(key: str, **values: Any) -> str:
        return texts.text(key, language, **values)

    console, questions = Console(), found.questions
    table = Table(title=t("difficulty-runs"))
    for key in ("many-run", "compare-core-right", "difficulty-ability"):
        table.add_column(t(key), justify="left" if key == "many-run" else "right")
    for row in found.runs.itertuples():
        table.add_row(Text(row.run), f"{row.score:.1f}", f"{row.ability:+.2f} ± {1.96 * row.ability_se:.2f}")
    console.print(table, Text(t("difficulty-model")), sep="\n")
    separating = questions[questions["separates"] > 0].nlargest(length, "separates")
    console.print(_questions(separating, text, t, suspects=False))
    suspects = questions[questions["suspect"]]
    values = {"suspects": len(suspects), "best": f"{found.runs['score'].max():.0f}"}
    console.print(_questions(suspects.nlargest(length, "agreed"), text, t, suspects=True))
    console.print(Text(t("difficulty-suspects-how", **values)))


def _questions(rows: Any, text: "Dataset | None", t: Any, *, suspects: bool) -> Table:
    examples = {} if text is None else {example.id: example for example in text.examples}
    table = Table(title=t("difficulty-suspects" if suspects else "difficulty-separating"))
    for key in ("question", "gold", *(("agreed-answer", "agreed") if suspects else ("right", "difficulty", "se"))):
        table.add_column(t(f"difficulty-{key}"), justify="right" if key in ("agreed", "right", "se") else "left")
    for row in rows.itertuples():
        example = examples.get(row.id)
        places = [(row.gold_start, row.gold_end), (row.agreed_start, row.agreed_end)]
        shown = [example.context[a:b] if example else f"{a}-{b}" for a, b in places]
        question = f"{row.id} {example.question}" if example else row.id
        figures = [shown[1], f"{100 * row.agreed:.0f} %"]
        if not suspects:
            figures = [f"{row.right}", f"{row.difficulty:+.1f}", f"{row.difficulty_se:.1f}"]
        table.add_row(Text(question), Text(shown[0]), *map(Text, figures))
    return table

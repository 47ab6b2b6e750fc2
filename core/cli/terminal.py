"""What the commands share: the two consoles, tables or JSON, progress bars, and mistakes told in one line."""

import json
import locale
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from core import texts
from core.data import catalogue
from core.errors import AnswerDiffError
from core.store import predictions
from core.store.files import finite
from core.store.predictions import Predictions
from core.store.runs import Run, RunError, Store

out = Console()
err = Console(stderr=True)

USUAL_DATASET = "korquad-held-out"
DatasetOption = Annotated[
    str | None,
    typer.Option(
        "--dataset", "-d",
        help=f"A dataset's name or file; {USUAL_DATASET} where all runs have it or it is here, else mini-ko.",
    ),
]  # fmt: skip
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


class UserError(AnswerDiffError):
    """A wrong request, told in one line."""


def chosen_dataset(named: str | None, runs: Sequence[Run] | None = None) -> str:
    """Returns the dataset that a command is about, and says on standard error which one when none is named.

    Args:
        named: what the user named.
        runs: those whose stored answers are read; None where the questions themselves are needed.

    Returns:
        `named`; else korquad-held-out where all runs have answered it, or where it is on this machine; else mini-ko.
    """
    if named is not None:
        return named
    if runs is None:
        usual = USUAL_DATASET in catalogue.available()
    else:
        usual = bool(runs) and all(USUAL_DATASET in run.predictions() for run in runs)
    chosen = USUAL_DATASET if usual else "mini-ko"
    err.print(f"dataset: {chosen} (--dataset names another one)", style="dim", soft_wrap=True)
    return chosen


def check_dataset_name(dataset: str) -> None:
    """Makes sure that a dataset which no run has answered is one at all.

    Raises:
        DatasetError: `dataset` is neither the name of one nor a file that holds one; the nearest name is given.
    """
    if dataset not in catalogue.DATASETS:
        catalogue.load(dataset)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Draws a progress bar on standard error; gives what is called with the number done and of all."""
    with Progress(console=err) as bar:
        task = bar.add_task(what)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def print_rows(rows: list[dict[str, Any]], as_json: bool) -> None:
    """Prints records of the same keys as a table, or as a JSON list."""
    if as_json:
        print_json(rows)
        return
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold underline")
    for name in rows[0] if rows else ["nothing to show"]:
        # On a narrow terminal a run's name and a figure stay whole: only other texts fold, and nothing is cut.
        whole = name == "run" or any(isinstance(row[name], int | float) for row in rows)
        table.add_column(name.replace("_", "_\n"), no_wrap=whole, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    out.print(table, markup=False)


def print_json(value: Any) -> None:
    """Prints JSON; numbers that are not finite become null."""
    print(json.dumps(finite(value), ensure_ascii=False, indent=2))


def _cell(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else "" if value is None else str(value)


def stored(name: str, dataset: str) -> Predictions:
    """Reads a run's stored predictions on a dataset, given by name or as a file.

    Raises:
        RunError: there are none; the message says how to make them.
    """
    path = Store().get(name).predictions_path(Path(dataset).stem)
    if not path.is_file():
        raise RunError(
            f"run {name!r} has no predictions for {dataset}: python -m core predict {name} --dataset {dataset}"
        )
    return predictions.read(path)


def spoken(language: str) -> str:
    """Returns the language of the output: `language`, or where that is empty the system's.

    Raises:
        typer.BadParameter: there are no texts in it.
    """
    chosen = language or texts.language_of(locale.getlocale()[0])
    if chosen not in texts.LANGUAGES:
        raise typer.BadParameter(f"{chosen!r}: choose one of {', '.join(texts.LANGUAGES)}", param_hint="--language")
    return chosen

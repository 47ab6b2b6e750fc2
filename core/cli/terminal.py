"""What the commands share: the two consoles, tables or JSON, progress bars, and mistakes told in one line."""

import json
import locale
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from core import texts
from core.errors import AnswerDiffError
from core.store import predictions
from core.store.predictions import Predictions
from core.store.runs import RunError, Store

out = Console()
err = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


class UserError(AnswerDiffError):
    """A wrong request, told in one line."""


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
    table = Table(*(rows[0] if rows else ["nothing to show"]))
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    out.print(table, markup=False)


def print_json(value: Any) -> None:
    """Prints JSON; numbers that are not finite become null."""
    from core.store.files import finite

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

"""`python -m core runs`: list, show and label them, their histories as CSV, and runs that were trained elsewhere."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from core.answering import foreign
from core.cli.terminal import AsJson, print_json, print_rows
from core.data import catalogue
from core.reports import runs_table
from core.store import history_csv
from core.store.files import write_atomically
from core.store.runs import Store

app = typer.Typer(no_args_is_help=True, help="The runs in checkpoints/: list, show, label, export, import.")
app.command("table")(runs_table.table)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Lists every run, broken ones with the reason."""
    rows = [
        {"run": run.name, "status": run.status, "variant": run.variant, "parameters": run.get("parameter_count"),
         "title": run.title, "problem": run.problem}
        for run in Store().list()
    ]  # fmt: skip
    print_rows(rows, as_json)


@app.command()
def show(name: str) -> None:
    """Prints a run's run.json."""
    print_json(Store().get(name).info)


@app.command()
def label(
    name: str,
    title: Annotated[str | None, typer.Option(help="A name for people.")] = None,
    description: str | None = None,
    tag: Annotated[list[str] | None, typer.Option(help="Replaces all tags; repeatable.")] = None,
    archived: Annotated[bool | None, typer.Option("--archive/--unarchive")] = None,
) -> None:
    """Renames, describes, tags or archives a run; its results stay untouched."""
    changes = {"title": title, "description": description, "tags": tag, "archived": archived}
    Store().label(name, **{key: value for key, value in changes.items() if value is not None})


@app.command()
def export(
    runs: Annotated[list[str], typer.Argument(help="Runs whose histories are written, one after the other.")],
    csv: Annotated[Path, typer.Option(help="The file to write.")],
) -> None:
    """Writes the histories of runs as one CSV file, UTF-8, with a column `run`."""
    store = Store()
    data = history_csv.export([store.get(name) for name in runs])
    write_atomically(csv, data)
    records = data.count(b"\n") - 1
    typer.echo(f"{csv}: {records} records")


@app.command("import")
def import_run(
    folder: Annotated[Path, typer.Argument(help="The folder that holds history.csv and predictions.json.")],
    name: Annotated[str, typer.Option(help="The new run's name.")],
    dataset: Annotated[str, typer.Option("--dataset", "-d", help="What it answers: a dataset's name or a SQuAD file.")],
) -> None:
    """Makes a run without weights of one that was trained elsewhere; with a problem in a file, all are listed.

    history.csv: one row a record, with `step` or `epoch` and any metrics; `split` is train or validation, or a metric's
    name begins with val_. predictions.json: {question id: answer text}, every question, answers verbatim as they stand
    in the passage (the first occurrence counts), an empty text for no answer.
    """
    found = foreign.take_in(folder, name, catalogue.load(dataset), Store(), ["python", "-m", "core", *sys.argv[1:]])
    typer.echo(
        f"{found.run.path}: {found.records} records; {found.unanswered} questions without an answer; "
        f"{found.ambiguous} answers occur more than once in their passage and were placed at the first occurrence"
    )

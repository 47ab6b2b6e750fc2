"""`python -m core runs export` and `... import`: histories as CSV, and runs that were trained elsewhere."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from core.data import catalogue
from core.store.files import write_atomically
from core.store.runs import Store


def export(
    runs: Annotated[list[str], typer.Argument(help="Runs whose histories are written, one after the other.")],
    csv: Annotated[Path, typer.Option(help="The file to write.")],
) -> None:
    """Writes the histories of runs as one CSV file, UTF-8, with a column `run`."""
    from core.store import history_csv

    store = Store()
    data = history_csv.export([store.get(name) for name in runs])
    write_atomically(csv, data)
    records = data.count(b"\n") - 1
    typer.echo(f"{csv}: {records} records")


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
    from core.answering import foreign

    found = foreign.take_in(folder, name, catalogue.load(dataset), Store(), ["python", "-m", "core", *sys.argv[1:]])
    typer.echo(
        f"{found.run.path}: {found.records} records; {found.unanswered} questions without an answer; "
        f"{found.ambiguous} answers occur more than once in their passage and were placed at the first occurrence"
    )

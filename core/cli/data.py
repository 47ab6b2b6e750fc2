"""`python -m core data`: datasets on this machine."""

from dataclasses import asdict

import typer
from rich.table import Table

from core.cli.terminal import AsJson, out, print_json
from core.data import catalogue

app = typer.Typer(no_args_is_help=True, help="Datasets: what is on this machine, fetch one, check a file.")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Shows every named dataset, where it lies, and how to get it."""
    found = catalogue.status()
    if as_json:
        print_json([{"name": s.source.name, "path": str(s.path) if s.path else None, "problem": s.problem,
                      "questions": s.questions, "licence": s.source.licence} for s in found])  # fmt: skip
        return
    table = Table("name", "questions", "licence", "on this machine")
    table.columns[0].no_wrap = True
    for s in found:
        where = str(s.path) if s.available else (s.problem or f"no: {s.command}")
        table.add_row(s.source.name, f"{s.questions or ''}", s.source.licence, where)
    out.print(table, markup=False)


@app.command()
def fetch(name: str) -> None:
    """Downloads a dataset from its official address and checks it."""
    out.print(str(catalogue.fetch(name)), markup=False, soft_wrap=True)


@app.command()
def check(path_or_name: str, as_json: AsJson = False) -> None:
    """Reads a question set and reports every problem in it. Exit code 1 if there is any."""
    dataset = catalogue.load(path_or_name)
    if as_json:
        print_json({"sha256": dataset.sha256, "encoding": dataset.encoding, "questions": len(dataset.examples),
                     "problems": [{"where": p.where, "what": p.what} for p in dataset.problems]})  # fmt: skip
    else:
        if dataset.encoding != "UTF-8":
            out.print(f"read as {dataset.encoding}")
        out.print(f"{len(dataset.examples)} usable questions, {len(dataset.problems)} problems")
        for problem in dataset.problems:
            out.print(str(problem), markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(bool(dataset.problems))


@app.command()
def overlap(training: str, judged: str, as_json: AsJson = False) -> None:
    """Lists passages of one dataset that share something with another. Exit code 1 if there is any."""
    from core.store import fingerprints

    shared = fingerprints.overlap(catalogue.load(training), catalogue.load(judged))
    if as_json:
        print_json([asdict(one) for one in shared])
    else:
        asked = sum(len(one.questions) for one in shared)
        out.print(
            f"{training}: {len(shared)} passages with {asked} questions share something with {judged}", markup=False
        )
        words = f"{fingerprints.WORDS} words in a row"
        for one in shared:
            kinds = (("article", one.article), (words, one.passage), ("question", one.question))
            what = ", ".join(name for name, same in kinds if same)
            out.print(
                f"{one.title}: {what} ({', '.join(one.questions)})", markup=False, highlight=False, soft_wrap=True
            )
    raise typer.Exit(bool(shared))

"""`python -m core score`: exact match and F1, or the original experiment's count."""

from pathlib import Path
from typing import Annotated, Any

import typer

from core import config, texts
from core.answering.reader import Reader
from core.cli.terminal import (
    AsJson,
    DatasetOption,
    UserError,
    check_dataset_name,
    chosen_dataset,
    err,
    out,
    print_rows,
    progress,
)
from core.data import catalogue
from core.data.formats import Dataset
from core.scoring import metrics, original_rule
from core.scoring.scores import RunScores
from core.store import predictions
from core.store.runs import Run, Store


def score(
    runs: Annotated[list[str] | None, typer.Argument(help="Runs; all of the store by default.")] = None,
    dataset: DatasetOption = None,
    protocol: Annotated[
        str, typer.Option(help="korquad: official EM and F1. original: the original's 102 questions by its rule.")
    ] = "korquad",
    recompute: Annotated[
        bool, typer.Option(help="Answer again with the shipped weights instead of reading the stored predictions.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Scores runs on a dataset.

    `--protocol original` counts as the original experiment did: the first 102 questions, right if the gold string is a
    SUBSTRING of the prediction. A network with fresh weights and "the whole context" are scored beside the runs.
    """
    if protocol not in ("korquad", "original", "seed"):  # seed: what `original` was called
        raise UserError(f"unknown protocol {protocol!r}; there are: korquad, original")
    store = Store()
    chosen = [store.get(name) for name in runs] if runs else [r for r in store.list() if not r.broken]
    if recompute and not runs and (without := [run.name for run in chosen if not run.has_weights]):
        typer.echo(f"left out, their weights are not here: {', '.join(without)}", err=True)
        chosen = [run for run in chosen if run.has_weights]
    dataset = chosen_dataset(dataset, None if recompute else [run for run in chosen if runs or run.predictions()])
    questions = catalogue.load(dataset) if recompute else catalogue.load_if_here(dataset)[0]
    stored = [run for run in chosen if recompute or _has(run, dataset)]
    if not stored:
        check_dataset_name(dataset)
    tables: dict[str, Any] = {}
    unusable: dict[str, int | None] = {}
    for run in stored:
        tables[run.name], unusable[run.name] = _table(run, dataset, questions, recompute)
    if runs is not None and len(tables) < len(runs):
        missing = [name for name in runs if name not in tables]
        raise UserError(
            f"no predictions on {dataset} by {', '.join(missing)}: python -m core predict {missing[0]} -d {dataset}"
        )
    if protocol == "korquad":
        rows = [{"run": name, **RunScores.of(table).headline()} for name, table in tables.items()]
    else:
        questions = catalogue.load(dataset)
        rows = _original_rows(tables, questions)
    known = questions.unusable if questions else None
    _print_rows(rows, [unusable.get(row["run"], known) for row in rows], as_json)


def _has(run: Run, dataset: str) -> bool:
    return Path(dataset).stem in run.predictions()


def _table(run: Run, dataset: str, questions: Dataset | None, recompute: bool) -> tuple[Any, int | None]:
    """Returns the predictions table, and how many questions of the dataset are unusable; None if that is not known."""
    if not recompute or questions is None:
        path = run.predictions_path(Path(dataset).stem)
        stored = predictions.read(path)
        predictions.check_dataset(stored.meta.dataset_sha256, questions, path)
        return stored.table, questions.unusable if questions else stored.meta.unusable_questions
    with progress(run.name) as report:
        return metrics.score(questions, Reader.load(run).predict(questions.examples, report)), questions.unusable


def _original_rows(tables: dict[str, Any], dataset: Dataset) -> list[dict[str, Any]]:
    from core.audit import untrained

    examples = dataset.examples[: original_rule.QUESTIONS]
    found = {name: original_rule.from_table(table) for name, table in tables.items()}
    results = {name: result for name, result in found.items() if result}
    if left_out := found.keys() - results.keys():
        names = ", ".join(sorted(left_out))
        err.print(f"{names}: trained elsewhere, the rule's answers are not known", markup=False, soft_wrap=True)
    results["(the whole context)"] = original_rule.judge(examples, *original_rule.whole_context(examples))
    _, fresh = next(untrained.answers(examples, [config.variant("base").training.seed]))
    results["(fresh weights)"] = original_rule.judge(examples, fresh["original_start"], fresh["original_end"])
    return [
        {"run": name, "questions": r.questions, "contains": r.count, "exact": r.exact_count,
         "median_length": r.median_length}
        for name, r in results.items()
    ]  # fmt: skip


def print_scores(runs: list[Run], datasets: list[str]) -> None:
    """Prints what stored runs score on datasets that they have answered."""
    stored = {
        (run.name, dataset): predictions.read(run.predictions_path(dataset)) for run in runs for dataset in datasets
    }
    rows = [
        {"run": run, "dataset": dataset, **RunScores.of(one.table).headline()} for (run, dataset), one in stored.items()
    ]
    _print_rows(rows, [one.meta.unusable_questions for one in stored.values()], as_json=False)


def _print_rows(rows: list[dict[str, Any]], unusable: list[int | None], as_json: bool) -> None:
    """Prints scores with what is left out of the datasets: a field in JSON, lines under the table."""
    if as_json:
        rows = [row | {"unusable_questions": count} for row, count in zip(rows, unusable, strict=True)]
    print_rows(rows, as_json)
    lines = {(row.get("dataset"), count): None for row, count in zip(rows, unusable, strict=True) if count}
    for dataset, count in () if as_json else lines:
        line = texts.text("dataset-unusable", "en", questions=count)
        out.print(f"{dataset}: {line}" if dataset else line, markup=False, highlight=False, soft_wrap=True)

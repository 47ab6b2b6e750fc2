"""The command line: `python -m core COMMAND`. Each command is one call into `core` and its output."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from core import config, texts
from core.cli.ask import ask
from core.cli.compare import compare
from core.cli.plan import plan
from core.cli.pretrain import pretrain
from core.cli.reported import reported
from core.cli.runs import export, import_run
from core.cli.terminal import AsJson, UserError, err, out, print_json, print_rows, progress
from core.data import catalogue
from core.data.formats import Dataset
from core.data.tokenizer import SHIPPED_PATH, Tokenizer
from core.errors import AnswerDiffError
from core.reports import runs_table
from core.scoring import metrics, original_rule
from core.store import predictions
from core.store.runs import Run, Store

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
data_app = typer.Typer(no_args_is_help=True, help="Datasets: what is on this machine, fetch one, check a file.")
tokenizer_app = typer.Typer(no_args_is_help=True, help="The vocabulary: train one, see how a text is cut.")
runs_app = typer.Typer(no_args_is_help=True, help="The runs in checkpoints/: list, show, label, export, import.")
app.add_typer(data_app, name="data")
app.add_typer(tokenizer_app, name="tokenizer")
app.add_typer(runs_app, name="runs")

DatasetOption = Annotated[str, typer.Option("--dataset", "-d", help="A dataset's name or a SQuAD v1.1 file.")]

EXTRAS = {
    **dict.fromkeys(("keras", "tensorflow", "zstandard"), "train"),
    **dict.fromkeys(("torch", "transformers"), "hf"),
    **dict.fromkeys(("ray", "optuna"), "scale"),
}
"""Which extra of pyproject.toml brings a package."""


def main() -> None:
    """Runs the command line; what the user can mend is one message and exit code 1, wrong usage is 2."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        app()
    except AnswerDiffError as error:
        message = str(error)
    except OSError as error:  # a full disk, a folder that may not be written
        message = f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error)
    except ModuleNotFoundError as error:
        if error.name not in EXTRAS:
            raise
        message = f"{error.name} is not installed: pip install '.[{EXTRAS[error.name]}]'"
    else:
        return
    err.print(f"error: {message}", style="red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(1)


# -- data ---------------------------------------------------------------------------------------------------------


@data_app.command("list")
def data_list(as_json: AsJson = False) -> None:
    """Shows every named dataset, where it lies, and how to get it."""
    found = catalogue.status()
    if as_json:
        print_json([{"name": s.source.name, "path": str(s.path) if s.path else None, "problem": s.problem,
                      "questions": s.questions, "licence": s.source.licence} for s in found])  # fmt: skip
        return
    table = Table("name", "questions", "licence", "on this machine")
    for s in found:
        where = str(s.path) if s.available else (s.problem or f"no: {s.command}")
        table.add_row(s.source.name, f"{s.questions or ''}", s.source.licence, where)
    out.print(table, markup=False)


@data_app.command("fetch")
def data_fetch(name: str) -> None:
    """Downloads a dataset from its official address and checks it."""
    out.print(str(catalogue.fetch(name)), markup=False, soft_wrap=True)


@data_app.command("check")
def data_check(path_or_name: str, as_json: AsJson = False) -> None:
    """Reads a SQuAD v1.1 file and reports every problem in it. Exit code 1 if there is any."""
    dataset = catalogue.load(path_or_name)
    if as_json:
        print_json({"sha256": dataset.sha256, "questions": len(dataset.examples),
                     "problems": [{"where": p.where, "what": p.what} for p in dataset.problems]})  # fmt: skip
    else:
        out.print(f"{len(dataset.examples)} usable questions, {len(dataset.problems)} problems")
        for problem in dataset.problems:
            out.print(str(problem), markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(bool(dataset.problems))


# -- tokenizer ----------------------------------------------------------------------------------------------------


@tokenizer_app.command("train")
def tokenizer_train(
    corpus: Annotated[Path, typer.Argument(help="A text file, a .zst file, or a folder of them.")],
    output: Annotated[Path, typer.Option(help="Where the model goes.")] = Path("tokenizer.model"),
    share: Annotated[float, typer.Option(help="Share of the documents to train on.")] = 0.2,
    vocabulary_size: int = 32_007,
    split_particles: Annotated[bool, typer.Option(help="Cut nouns from particles first (needs kiwipiepy).")] = True,
    seed: int = 7,
) -> None:
    """Trains a SentencePiece vocabulary on a corpus."""
    import random

    from core.data.corpus import documents
    from core.data.tokenizer import train
    from core.store.files import write_atomically

    chance = random.Random(seed)
    chosen = (document for document in documents(corpus, progress=True) if chance.random() < share)
    lines = (paragraph for document in chosen for paragraph in document.paragraphs)
    model = train(lines, vocabulary_size, split_particles)
    write_atomically(output, model)
    out.print(f"{output} sha256 {Tokenizer(model).sha256}", markup=False, soft_wrap=True)


@tokenizer_app.command("show")
def tokenizer_show(text: str, model: Path = SHIPPED_PATH, as_json: AsJson = False) -> None:
    """Shows the pieces of a text with their character offsets."""
    tokenizer = Tokenizer.load(model)
    encoding = tokenizer.encode(text)
    rows = [
        {"id": int(i), "piece": tokenizer.piece(i), "start": int(s), "end": int(e), "text": text[s:e]}
        for i, s, e in zip(encoding.ids, encoding.starts, encoding.ends, strict=True)
    ]
    print_rows(rows, as_json)


# -- train, predict -----------------------------------------------------------------------------------------------


@app.command()
def train(
    variant: Annotated[str, typer.Argument(help=f"One of: {', '.join(config.VARIANTS)}.")],
    name: Annotated[str | None, typer.Option(help="The run's name; the variant's by default.")] = None,
    seed: Annotated[int | None, typer.Option(help="Short for --set training.seed=SEED.")] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", help="A setting, e.g. training.epochs=5.")] = None,
    train_on: Annotated[list[str] | None, typer.Option("--train", help="Dataset to train on; repeatable.")] = None,
    evaluate: Annotated[list[str] | None, typer.Option(help="Dataset to answer at the end; repeatable.")] = None,
    tensorboard: Annotated[
        Path | None, typer.Option(help="A folder that also gets the history as TensorBoard event files.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the stopped run of this name.")] = False,
) -> None:
    """Trains a run of a named variant, any setting overridden, and answers the evaluation datasets with it.

    A stopped run goes on with `python -m core train VARIANT --name NAME --resume` to the same result.
    """
    from core.training import finetune

    chosen = _settings(variant, settings or [], seed, train_on)
    name, store = name or variant, Store()
    if resume:
        if settings or seed is not None or train_on or evaluate or tensorboard:
            raise UserError(
                "--resume keeps the run's own settings: leave out --set, --seed, --train, --evaluate, --tensorboard"
            )
        if (begun := store.get(name).variant) != variant:
            raise UserError(f"run {name!r} is a {begun}, not a {variant}")
    if resume:
        run = finetune.resume(name, store)
    else:
        judged = evaluate if evaluate is not None else _default_evaluation(chosen)
        command = ["python", "-m", "core", *sys.argv[1:]]
        run = finetune.train(chosen, name, store, judged, command=command, tensorboard=tensorboard)
    _print_scores([run], run.predictions(), as_json=False)


@app.command()
def predict(
    runs: Annotated[list[str], typer.Argument(help="Runs that answer.")],
    dataset: DatasetOption = "korquad-held-out",
) -> None:
    """Answers a dataset with stored runs and keeps predictions and scores in their folders."""
    from core.answering.reader import Reader, predict_run

    questions = catalogue.load(dataset)
    store = Store()
    chosen = [store.get(name) for name in runs]
    for run in chosen:  # before the first one answers
        predictions.check_stored(run.predictions_path(questions.name), questions)
    for run in chosen:
        with progress(f"{run.name} on {questions.name}") as report:
            predict_run(run, Reader.load(run), questions, report)
    _print_scores(chosen, [questions.name], as_json=False)


@app.command()
def calibrate(
    runs: Annotated[list[str], typer.Argument(help="Finished runs.")],
) -> None:
    """Adds to finished runs what training adds now: lengths of answers, temperature, what they have met.

    Needs the datasets that a run was trained and judged on. The weights stay; what a run answered, it answers again.
    """
    from core.training import completion

    for name in runs:
        with progress(name) as report:
            found = completion.complete_later(name, Store(), report)
        out.print(
            f"{name}: temperature {found['temperature']:.3f}, expected calibration error {found['error_before']:.3f} "
            f"before, {found['error_after']:.3f} after, on {found['questions']} questions",
            markup=False, highlight=False, soft_wrap=True,
        )  # fmt: skip


app.command()(ask)
app.command()(pretrain)


# -- score, compare -----------------------------------------------------------------------------------------------


@app.command()
def score(
    runs: Annotated[list[str] | None, typer.Argument(help="Runs; all of the store by default.")] = None,
    dataset: DatasetOption = "korquad-held-out",
    protocol: Annotated[
        str, typer.Option(help="korquad: official EM and F1. seed: the original's 102 questions.")
    ] = "korquad",
    recompute: Annotated[
        bool, typer.Option(help="Answer again with the shipped weights instead of reading the stored predictions.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Scores runs on a dataset.

    `--protocol seed` counts as the original experiment did: the first 102 questions, right if the gold string is a
    SUBSTRING of the prediction. A network with fresh weights and "the whole context" are scored beside the runs.
    """
    if protocol not in ("korquad", "seed"):
        raise UserError(f"unknown protocol {protocol!r}; there are: korquad, seed")
    store = Store()
    chosen = [store.get(name) for name in runs] if runs else [r for r in store.list() if not r.broken]
    if recompute and not runs and (without := [run.name for run in chosen if not run.has_weights]):
        typer.echo(f"left out, their weights are not here: {', '.join(without)}", err=True)
        chosen = [run for run in chosen if run.has_weights]
    questions = catalogue.load(dataset) if recompute else catalogue.load_if_here(dataset)[0]
    stored = [run for run in chosen if recompute or _has(run, dataset)]
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
        rows = [{"run": name, **_headline(table)} for name, table in tables.items()]
    else:
        questions = catalogue.load(dataset)
        rows = _seed_rows(tables, questions)
    known = questions.unusable if questions else None
    _print_rows(rows, [unusable.get(row["run"], known) for row in rows], as_json)


app.command()(compare)
app.command()(plan)
app.command()(reported)


# -- runs ---------------------------------------------------------------------------------------------------------


@runs_app.command("list")
def runs_list(as_json: AsJson = False) -> None:
    """Lists every run, broken ones with the reason."""
    rows = [
        {"run": run.name, "status": run.status, "variant": run.variant, "parameters": run.get("parameter_count"),
         "title": run.title, "problem": run.problem}
        for run in Store().list()
    ]  # fmt: skip
    print_rows(rows, as_json)


@runs_app.command("show")
def runs_show(name: str) -> None:
    """Prints a run's run.json."""
    print_json(Store().get(name).info)


@runs_app.command("label")
def runs_label(
    name: str,
    title: Annotated[str | None, typer.Option(help="A name for people.")] = None,
    description: str | None = None,
    tag: Annotated[list[str] | None, typer.Option(help="Replaces all tags; repeatable.")] = None,
    archived: Annotated[bool | None, typer.Option("--archive/--unarchive")] = None,
) -> None:
    """Renames, describes, tags or archives a run; its results stay untouched."""
    changes = {"title": title, "description": description, "tags": tag, "archived": archived}
    Store().label(name, **{key: value for key, value in changes.items() if value is not None})


runs_app.command("table")(runs_table.table)
runs_app.command("export")(export)
runs_app.command("import")(import_run)


# -- helpers ------------------------------------------------------------------------------------------------------


def _settings(variant: str, changes: list[str], seed: int | None, train_on: list[str] | None) -> config.RunConfig:
    bad = [change for change in changes if "=" not in change]
    if bad:
        raise UserError(f"--set takes NAME=VALUE, not {bad[0]!r}")
    named: dict[str, Any] = dict(change.split("=", 1) for change in changes)
    if seed is not None:
        named["training.seed"] = seed
    if train_on:
        named["training.datasets"] = train_on
    return config.override(config.variant(variant), named)


def _default_evaluation(settings: config.RunConfig) -> list[str]:
    """Judges on dev after training on KorQuAD's train set, else on its held-out articles; on mini-ko always."""
    korquad = "korquad-dev" if "korquad-train" in settings.training.datasets else "korquad-held-out"
    return [name for name in (korquad, "mini-ko") if name in catalogue.available()]


def _has(run: Run, dataset: str) -> bool:
    return Path(dataset).stem in run.predictions()


def _table(run: Run, dataset: str, questions: Dataset | None, recompute: bool) -> tuple[Any, int | None]:
    """Returns the predictions table, and how many questions of the dataset are unusable; None if that is not known."""
    if not recompute or questions is None:
        path = run.predictions_path(Path(dataset).stem)
        stored = predictions.read(path)
        predictions.check_dataset(stored.meta["dataset_sha256"], questions, path)
        return stored.table, questions.unusable if questions else stored.meta["unusable_questions"]
    from core.answering.reader import Reader

    with progress(run.name) as report:
        return metrics.score(questions, Reader.load(run).predict(questions.examples, report)), questions.unusable


def _headline(table: Any) -> dict[str, Any]:
    summary = metrics.summarize(table)
    names = ("questions", "exact_match", "f1", "median_length", "loss", "start_accuracy", "end_accuracy")
    return {name: summary[name] for name in names}


def _seed_rows(tables: dict[str, Any], dataset: Dataset) -> list[dict[str, Any]]:
    from core.audit import untrained

    examples = dataset.examples[: original_rule.QUESTIONS]
    found = {name: original_rule.from_table(table) for name, table in tables.items()}
    results = {name: result for name, result in found.items() if result}
    if left_out := found.keys() - results.keys():
        names = ", ".join(sorted(left_out))
        err.print(f"{names}: trained elsewhere, the rule's answers are not known", markup=False, soft_wrap=True)
    results["(the whole context)"] = original_rule.judge(examples, *original_rule.whole_context(examples))
    _, fresh = next(untrained.answers(examples, [config.variant("base").training.seed]))
    results["(fresh weights)"] = original_rule.judge(examples, fresh["seed_start"], fresh["seed_end"])
    return [
        {"run": name, "questions": r.questions, "contains": r.count, "exact": r.exact_count,
         "median_length": r.median_length}
        for name, r in results.items()
    ]  # fmt: skip


def _print_scores(runs: list[Run], datasets: list[str], as_json: bool) -> None:
    stored = {
        (run.name, dataset): predictions.read(run.predictions_path(dataset)) for run in runs for dataset in datasets
    }
    rows = [{"run": run, "dataset": dataset, **_headline(one.table)} for (run, dataset), one in stored.items()]
    _print_rows(rows, [one.meta["unusable_questions"] for one in stored.values()], as_json)


def _print_rows(rows: list[dict[str, Any]], unusable: list[int | None], as_json: bool) -> None:
    """Prints scores with what is left out of the datasets: a field in JSON, lines under the table."""
    if as_json:
        rows = [row | {"unusable_questions": count} for row, count in zip(rows, unusable, strict=True)]
    print_rows(rows, as_json)
    lines = {(row.get("dataset"), count): None for row, count in zip(rows, unusable, strict=True) if count}
    for dataset, count in () if as_json else lines:
        line = texts.text("dataset-unusable", "en", questions=count)
        out.print(f"{dataset}: {line}" if dataset else line, markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    main()

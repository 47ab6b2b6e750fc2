"""`python -m core train`, `pretrain` and `calibrate`: what makes runs, and adds to them."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from core import config
from core.cli.score import print_scores
from core.cli.terminal import UserError, out, progress
from core.config import PretrainingConfig
from core.data import catalogue
from core.store import transfer
from core.store.runs import Store

# core.training is imported by the commands that train: it loads Keras and its backend.


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

    chosen = config.override(config.variant(variant), _changes(settings, UserError, seed=seed, datasets=train_on))
    name, store = name or variant, Store()
    if resume:
        if settings or seed is not None or train_on or evaluate or tensorboard:
            raise UserError(
                "--resume keeps the run's own settings: leave out --set, --seed, --train, --evaluate, --tensorboard"
            )
        if (begun := store.get(name).variant) != variant:
            raise UserError(f"run {name!r} is a {begun}, not a {variant}")
        run = finetune.resume(name, store)
    else:
        judged = evaluate if evaluate is not None else _default_evaluation(chosen)
        run = finetune.train(chosen, name, store, judged, command=_command(), tensorboard=tensorboard)
    print_scores([run], run.predictions())


def pretrain(
    encoder: Annotated[
        str | None, typer.Argument(help=f"One of: {', '.join(config.ENCODERS)}; its settings, and the run's name.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="The run's name; the encoder's by default.")] = None,
    corpus: Annotated[str | None, typer.Option(help="Raw text: a .txt or .txt.zst file, or a folder of them.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="A setting, e.g. training.steps=9000 or objectives.mix.span=2.")
    ] = None,
    tensorboard: Annotated[
        Path | None, typer.Option(help="A folder that also gets the history as TensorBoard event files.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the stopped run of this name.")] = False,
    export_to: Annotated[
        Path | None, typer.Option("--export", help="Write the finished run there, in files under 16 MiB.")
    ] = None,
    import_from: Annotated[
        Path | None, typer.Option("--import", help="Put the run exported there into the store, every byte checked.")
    ] = None,
) -> None:
    """Pre-trains an encoder and span head on raw text; fine-tune from it with `--set pretrained=NAME`.

    A stopped run goes on with `python -m core pretrain --name NAME --resume` to the same result.
    """
    from core.training import pretrain as pretraining

    store, name = Store(), name or encoder
    if name is None:
        raise typer.BadParameter("give an ENCODER or a --name")
    if (other := sum((resume, export_to is not None, import_from is not None))) > 1:
        raise typer.BadParameter("give one of --resume, --export, --import")
    if other and (corpus is not None or settings or tensorboard is not None):
        raise typer.BadParameter("a run that there is keeps its own --corpus, --set and --tensorboard")
    if export_to is not None:
        typer.echo(transfer.export(store.get(name), export_to))
        return
    if import_from is not None:
        typer.echo(transfer.take_in(import_from, name, store).path)
        return
    chosen = config.override(
        config.encoder(encoder) if encoder else PretrainingConfig(),
        _changes(settings, typer.BadParameter, corpus=corpus),
    )
    if resume:
        run = pretraining.resume(name, store)
    else:
        run = pretraining.train(chosen, name, store, command=_command(), tensorboard=tensorboard)
    for measure, value in (run.get("best") or {}).items():
        typer.echo(f"{measure}: {value:.4g}")


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


def _changes(settings: list[str] | None, wrong: type[Exception], **more: Any) -> dict[str, Any]:
    """Returns the settings of `--set` by name, and those of `more` that are given; raises `wrong`."""
    if bad := [setting for setting in settings or () if "=" not in setting]:
        raise wrong(f"--set takes NAME=VALUE, not {bad[0]!r}")
    given = {f"training.{name}": value for name, value in more.items() if value not in (None, [])}
    return dict(setting.split("=", 1) for setting in settings or ()) | given


def _command() -> list[str]:
    """Returns what the user typed, for the record."""
    return ["python", "-m", "core", *sys.argv[1:]]


def _default_evaluation(settings: config.RunConfig) -> list[str]:
    """Judges on dev after training on KorQuAD's train set, else on its held-out articles; on mini-ko always."""
    korquad = "korquad-dev" if "korquad-train" in settings.training.datasets else "korquad-held-out"
    return [name for name in (korquad, "mini-ko") if name in catalogue.available()]

"""`python -m core pretrain`: pre-train an encoder, or carry a finished one between machines."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from core import config
from core.config import PretrainingConfig
from core.store.runs import Store


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
    store, name = Store(), name or encoder
    if name is None:
        raise typer.BadParameter("give an ENCODER or a --name")
    if (other := sum((resume, export_to is not None, import_from is not None))) > 1:
        raise typer.BadParameter("give one of --resume, --export, --import")
    if other and (corpus is not None or settings or tensorboard is not None):
        raise typer.BadParameter("a run that there is keeps its own --corpus, --set and --tensorboard")
    if export_to is not None or import_from is not None:
        _carry(name, store, export_to, import_from)
        return
    changes = _changes(settings or []) | ({"training.corpus": corpus} if corpus is not None else {})
    chosen = config.override(config.encoder(encoder) if encoder else PretrainingConfig(), changes)
    from core.training import pretrain as pretraining

    if resume:
        run = pretraining.resume(name, store)
    else:
        command = ["python", "-m", "core", *sys.argv[1:]]
        run = pretraining.train(chosen, name, store, command=command, tensorboard=tensorboard)
    for measure, value in (run.get("best") or {}).items():
        typer.echo(f"{measure}: {value:.4g}")


def _carry(name: str, store: Store, export_to: Path | None, import_from: Path | None) -> None:
    from core.store import transfer

    if export_to is not None:
        typer.echo(transfer.export(store.get(name), export_to))
    elif import_from is not None:
        typer.echo(transfer.take_in(import_from, name, store).path)


def _changes(settings: list[str]) -> dict[str, str]:
    bad = [change for change in settings if "=" not in change]
    if bad:
        raise typer.BadParameter(f"--set takes NAME=VALUE, not {bad[0]!r}")
    return dict(change.split("=", 1) for change in settings)

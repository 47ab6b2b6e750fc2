"""The command line: `python -m core COMMAND`. Each command is one call into `core` and its output."""

import os
import sys

import typer

from core.cli import answer, data, runs, tokenizer, train
from core.cli.compare import compare
from core.cli.difficulty import difficulty
from core.cli.plan import plan
from core.cli.reported import reported
from core.cli.score import score
from core.cli.terminal import err
from core.errors import AnswerDiffError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(data.app, name="data")
app.add_typer(tokenizer.app, name="tokenizer")
app.add_typer(runs.app, name="runs")
app.command()(train.train)
app.command()(answer.predict)
app.command()(train.calibrate)
app.command()(answer.ask)
app.command()(train.pretrain)
app.command()(score)
app.command()(compare)
app.command()(plan)
app.command()(difficulty)
app.command()(reported)

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

"""`python -m core tokenizer`: the vocabulary."""

import random
from pathlib import Path
from typing import Annotated

import typer

from core.cli.terminal import AsJson, out, print_rows
from core.data import tokenizer
from core.store.files import write_atomically

app = typer.Typer(no_args_is_help=True, help="The vocabulary: train one, see how a text is cut.")


@app.command()
def train(
    corpus: Annotated[Path, typer.Argument(help="A text file, a .zst file, or a folder of them.")],
    output: Annotated[Path, typer.Option(help="Where the model goes.")] = Path("tokenizer.model"),
    share: Annotated[float, typer.Option(help="Share of the documents to train on.")] = 0.2,
    vocabulary_size: int = 32_007,
    split_particles: Annotated[bool, typer.Option(help="Cut nouns from particles first (needs kiwipiepy).")] = True,
    seed: int = 7,
) -> None:
    """Trains a SentencePiece vocabulary on a corpus."""
    from core.data.corpus import documents  # needs zstandard, which only the extra `train` brings

    chance = random.Random(seed)
    chosen = (document for document in documents(corpus, progress=True) if chance.random() < share)
    lines = (paragraph for document in chosen for paragraph in document.paragraphs)
    model = tokenizer.train(lines, vocabulary_size, split_particles)
    write_atomically(output, model)
    out.print(f"{output} sha256 {tokenizer.Tokenizer(model).sha256}", markup=False, soft_wrap=True)


@app.command()
def show(text: str, model: Path = tokenizer.SHIPPED_PATH, as_json: AsJson = False) -> None:
    """Shows the pieces of a text with their character offsets."""
    vocabulary = tokenizer.Tokenizer.load(model)
    encoding = vocabulary.encode(text)
    rows = [
        {"id": int(i), "piece": vocabulary.piece(i), "start": int(s), "end": int(e), "text": text[s:e]}
        for i, s, e in zip(encoding.ids, encoding.starts, encoding.ends, strict=True)
    ]
    print_rows(rows, as_json)

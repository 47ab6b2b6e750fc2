"""Runs small enough to be trained within a test: one layer of 32 dimensions on some of mini-ko's questions, and a
pre-training of two layers of 16 on the articles of `tests.training.sample_corpus`."""

import json
from pathlib import Path
from typing import Any

from core import config
from core.data import catalogue
from core.store.runs import Run, Store

QUESTIONS = 60
CHANGES: dict[str, Any] = {
    "model.hidden_dim": 32,
    "model.num_layers": 1,
    "model.num_heads": 2,
    "model.intermediate_dim": 64,
    "training.epochs": 2,
    "training.batch_size": 16,
    "training.learning_rate": 5e-3,
    "training.validation_share": 0.3,
    "training.seed": 3,
}

PRETRAINING: dict[str, Any] = {
    "model.hidden_dim": 16, "model.num_layers": 2, "model.num_heads": 2, "model.intermediate_dim": 32,
    "model.max_sequence_length": 64, "model.dropout": 0.1,
    "objectives.span_lengths": "0:64", "objectives.text_length": 32, "objectives.batch_pieces": 256,
    "objectives.mix.span": 1, "objectives.mix.order+mlm": 1, "objectives.mix.span+mlm": 0,
    "objectives.exact_match_segments": "0:0",
    "training.held_out_documents": 1, "training.held_out_batches": 1,
    "training.steps": 30, "training.steps_per_epoch": 15, "training.learning_rate": 0.02,
}  # fmt: skip


def settings(dataset: str | Path, **changes: Any) -> config.RunConfig:
    """Returns the tiny network's settings; `changes` name groups with two underscores: `training__epochs=1`."""
    named = {name.replace("__", "."): value for name, value in changes.items()}
    return config.override(config.RunConfig(), CHANGES | {"training.datasets": [str(dataset)]} | named)


def write_dataset(folder: Path, name: str = "small", questions: int = QUESTIONS, skip: int = 0) -> Path:
    """Writes the first articles of mini-ko from `skip` on, with at least `questions` questions, as a file."""
    path = catalogue.find("mini-ko")
    assert path
    whole = json.loads(path.read_text(encoding="utf-8"))
    articles, count = [], 0
    for article in whole["data"][skip:]:
        articles.append(article)
        count += sum(len(paragraph["qas"]) for paragraph in article["paragraphs"])
        if count >= questions:
            break
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}.json"
    file.write_text(json.dumps({"version": "1", "data": articles}, ensure_ascii=False), encoding="utf-8")
    return file


def train(folder: Path, name: str = "tiny", tensorboard: Path | None = None, **changes: Any) -> Run:
    """Trains a tiny run into the store `folder / "checkpoints"`, judged on the file it was trained on."""
    from core.training import finetune

    dataset = folder / "small.json"
    if not dataset.exists():
        write_dataset(folder)
    store = Store(folder / "checkpoints")
    chosen = settings(dataset, **changes)
    return finetune.train(chosen, name, store, evaluate=[str(dataset)], show_progress=False, tensorboard=tensorboard)


def pretrain(folder: Path, name: str = "encoder", tensorboard: Path | None = None) -> Run:
    """Pre-trains a tiny encoder on `folder / "articles.txt"` into the store `folder / "runs"`."""
    from core.training import pretrain
    from tests.training import sample_corpus

    corpus = folder / "articles.txt"
    corpus.write_text(sample_corpus.ARTICLES, encoding="utf-8")
    chosen = config.override(config.PretrainingConfig(), {**PRETRAINING, "training.corpus": str(corpus)})
    return pretrain.train(chosen, name, Store(folder / "runs"), show_progress=False, tensorboard=tensorboard)

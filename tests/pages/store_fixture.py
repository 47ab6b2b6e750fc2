"""Makes stores of generated runs: finished, running, stopped, failed and broken in many ways.

For tests, and by hand for looking at the pages:

    python -m tests.pages.store_fixture /tmp/store [--runs 200]
    ANSWERDIFF_CHECKPOINTS=/tmp/store streamlit run dashboard.py
"""

import argparse
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core import config
from core.data import catalogue, formats
from core.store import predictions
from core.store.history import HistoryWriter
from core.store.runs import HISTORY_FILE, LABELS_FILE, RUN_FILE, WEIGHTS_FILE, Run, Store, predictions_path
from tests.comparing import factory

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DATASET_SHA256 = "da" * 32
TRAIN_SHA256 = "7a" * 32


def demo(root: Path) -> Store:
    """Makes one run of every kind: four finished, one each running, stopped, failed, and four broken."""
    store = Store(root)
    finished_run(store, "base-1", "base", skill=0.30, seed=1, hours=0)
    finished_run(store, "base-2", "base", skill=0.32, seed=2, hours=2)
    finished_run(store, "pretrained-2-1", "pretrained-2", skill=0.44, seed=1, hours=4)
    finished_run(store, "pretrained-3-1", "pretrained-3", skill=0.43, seed=1, hours=8, weights=False)
    running_run(store, "pretrained-1-1", "pretrained-1")
    stopped_run(store, "base-3", "base")
    failed_run(store, "matched-scratch-1", "matched-scratch")
    for kind in ("truncated", "missing", "version", "alien"):
        broken_run(store, f"broken-{kind}", kind)
    return store


def info(variant: str, seed: int = 1, **changes: Any) -> dict[str, Any]:
    """Returns what a trainer would put into run.json for a named variant."""
    settings = config.override(config.variant(variant), {"training.seed": seed})
    return {
        "config": config.to_dict(settings),
        "parameter_count": 10_662_914 if settings.model.num_layers == 3 else 13_032_194,
        "datasets": {
            "train": [{"name": "korquad-fit", "sha256": TRAIN_SHA256, "questions": 4100, "paragraphs": 690}],
            "validation": {
                "name": "korquad-fit",
                "sha256": TRAIN_SHA256,
                "questions": 517,
                "rule": "last 10 articles",
            },
        },
        "versions": {"python": "3.11.7", "keras": "3.15.1", "backend": "tensorflow", "tensorflow": "2.21.0"},
        "code_revision": "0123456789abcdef0123456789abcdef01234567",
        "command": ["python", "-m", "core", "train", variant, "--set", f"training.seed={seed}"],
        "pretrained": {"name": settings.pretrained, "steps": 20_000} if settings.pretrained else None,
        **changes,
    }


def finished_run(
    store: Store,
    name: str,
    variant: str = "base",
    *,
    skill: float = 0.4,
    seed: int = 1,
    hours: float = 0,
    steps: int = 432,
    weights: bool = True,
    datasets: tuple[str, ...] = ("korquad-held-out", "mini-ko"),
) -> Run:
    """Makes a finished run with history and predictions; `skill` is its share of exact answers."""
    created = START + timedelta(hours=hours)
    writer = store.create(name, info(variant, seed, created=created.isoformat()))
    records = history(steps=steps, seed=seed, final_loss=7.2 - 5 * skill)
    _write_history(writer.path, records)
    best = [record for record in records if record["split"] == "validation"][-1]
    seconds = records[-1]["seconds"]
    writer.finish(
        best={key: best[key] for key in ("epoch", "step", "loss", "exact_match", "f1")},
        timings={"seconds": seconds},
        progress={"epoch": 3, "epochs": 3, "step": steps, "total_steps": steps, "seconds": seconds},
    )
    if weights:
        (writer.path / WEIGHTS_FILE).write_bytes(b"no real weights")
    for dataset in datasets:
        write_predictions(writer.path, dataset, skill=skill, seed=seed + 7, questions=306)
    return store.get(name)


def running_run(store: Store, name: str, variant: str = "base", *, steps: int = 180, total: int = 432) -> Run:
    """Makes a run that is being trained by this very process."""
    writer = store.create(name, info(variant))
    records = history(steps=total)
    shown = [record for record in records if record["step"] <= steps]
    _write_history(writer.path, shown)
    last = shown[-1]
    writer.update(
        progress={
            "epoch": last["epoch"],
            "epochs": 3,
            "step": steps,
            "total_steps": total,
            "examples": last["examples"],
            "tokens": last["tokens"],
            "seconds": last["seconds"],
            "examples_per_second": 24.5,
            "seconds_left": (total - steps) * 32 / 24.5,
        }
    )
    return store.get(name)


def stopped_run(store: Store, name: str, variant: str = "base") -> Run:
    """Makes a run that was killed: it calls itself running and has been silent for an hour."""
    running_run(store, name, variant, steps=90)
    path = store.path(name) / RUN_FILE
    old = datetime.now(UTC) - timedelta(hours=1)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"updated": old.isoformat()}))
    return store.get(name)


def failed_run(store: Store, name: str, variant: str = "base") -> Run:
    """Makes a run that ended in an error."""
    writer = store.create(name, info(variant, created=(START + timedelta(hours=9)).isoformat()))
    _write_history(writer.path, history(steps=30))
    writer.fail(MemoryError("could not allocate 2.1 GiB"))
    return store.get(name)


# Each way in which a folder can be no sound run, or an odd one. "unreadable" is readable to root.
BROKEN = (
    *("truncated", "missing", "version", "list", "folder", "encoding", "alien"),
    *("unreadable", "empty", "status", "date", "types", "loop"),
)
ODD = ("nan", "history", "odd-name", "html-folder", "labels", "nan-history", "damaged-predictions")


def broken_run(store: Store, name: str, kind: str) -> Path:
    """Makes a folder that is no sound run (`BROKEN`) or an odd but readable one (`ODD`); returns it."""
    if kind in ("alien", "missing"):
        folder = store.path(name)
        folder.mkdir(parents=True)
        (folder / ("holiday.txt" if kind == "alien" else HISTORY_FILE)).write_text("", encoding="utf-8")
        return folder
    writer = store.create(name, info("base", created=START.isoformat()))
    writer.finish(best={"epoch": 1, "loss": 5.0})
    path = writer.path / RUN_FILE
    document = json.loads(path.read_text())
    changes = {
        "version": {"schema_version": 99},
        "status": {"status": "exploded"},
        "date": {"created": "yesterday"},
        "types": {"parameter_count": "many", "config": [1]},
        "nan": {"best": {"epoch": 1, "f1": float("nan")}},
        "odd-name": {"name": "../../<b>x</b>"},
    }
    if kind in changes:
        path.write_text(json.dumps(document | changes[kind]))
    elif kind == "list":
        path.write_text(json.dumps([document]))
    elif kind == "truncated":
        path.write_text(path.read_text()[:150])
    elif kind == "encoding":
        path.write_bytes(b'{"name": "\xff\xfe"}')
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind in ("folder", "loop"):
        path.unlink()
        path.mkdir() if kind == "folder" else path.symlink_to(path)
    elif kind == "unreadable":
        writer.path.chmod(0)
    elif kind == "html-folder":
        return writer.path.rename(writer.path.with_name(f"<b>{name}&lt;"))
    elif kind == "labels":
        (writer.path / LABELS_FILE).write_text('{"title": 3')
    elif kind == "damaged-predictions":
        write_predictions(writer.path, "mini-ko", questions=4)
        predictions_path(writer.path, "mini-ko").write_bytes(b"PAR1 cut off")
    else:
        record = '{"kind": "step", "split": "train", "step": %d, "loss": %s}\n'
        odd = record % (1, "NaN") + record % (2, "5") + record % (3, "Infinity") + '[1]\n{"st'
        (writer.path / HISTORY_FILE).write_text(odd if kind == "nan-history" else "")
    return writer.path


def history(*, steps: int = 432, epochs: int = 3, seed: int = 1, final_loss: float = 5.0) -> list[dict[str, Any]]:
    """Returns the records of a training whose loss falls from 11.9 (guessing) towards `final_loss`."""
    rng = np.random.default_rng(seed)
    records: list[dict[str, Any]] = []
    every = max(steps // 200, 1)
    for step in range(1, steps + 1):
        position = {
            "step": step,
            "epoch": epochs * step / steps,
            "examples": 32 * step,
            "tokens": 8200 * step,
        }
        position["seconds"] = 1.3 * step
        loss = final_loss + (11.9 - final_loss) * np.exp(-4 * step / steps)
        accuracy = float(np.clip(0.75 - loss / 16, 0, 1))
        if step % every == 0:
            noisy = float(loss + rng.normal(0, 0.25))
            records.append({"kind": "step", "split": "train", **position, "loss": noisy} | _measures(accuracy, rng))
        if step % (steps // epochs) == 0:
            validation = {"loss": float(loss + 0.4), "exact_match": 60 * accuracy, "f1": 85 * accuracy}
            validation |= {"start_accuracy": accuracy, "end_accuracy": accuracy, "accuracy_sum": 2 * accuracy}
            train = {"loss": float(loss - 0.1), "accuracy_sum": 2.2 * accuracy}
            records.append({"kind": "epoch", "split": "train", **position, **train})
            records.append({"kind": "epoch", "split": "validation", **position, **validation})
    return records


def _measures(accuracy: float, rng: np.random.Generator) -> dict[str, float]:
    return {
        "start_accuracy": accuracy,
        "end_accuracy": accuracy,
        "accuracy_sum": 2 * accuracy,
        "learning_rate": 5e-4,
        "gradient_norm": float(rng.uniform(0.5, 2)),
        "examples_per_second": float(rng.normal(24, 1)),
    }


def _write_history(folder: Path, records: list[dict[str, Any]]) -> None:
    with HistoryWriter(folder / HISTORY_FILE) as writer:
        for record in records:
            writer.append(record)


def write_predictions(
    folder: Path,
    dataset: str,
    *,
    skill: float = 0.4,
    seed: int = 1,
    questions: int = 306,
    examples: tuple[formats.Example, ...] | None = None,
) -> None:
    """Writes predictions into a run folder.

    Args:
        folder: the run's folder; its name becomes the run's.
        dataset: name of the file and in the metadata.
        skill: share of exactly right answers; half of the others are near misses.
        seed: of the random answers.
        questions: number of generated questions, five a paragraph.
        examples: real questions to answer instead, so that the text can be joined by id.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(len(examples) if examples else questions):
        if examples:
            example = examples[i]
            gold, length = example.answers[0], len(example.context)
            place = {"id": example.id, "paragraph": example.paragraph, "article": example.article}
            gold_start, gold_end = gold.start, gold.end
        else:
            place, length = {"id": f"q{i}", "paragraph": i // 5, "article": i // 10}, 400
            gold_start, gold_end = 40 + i % 50, 46 + i % 50
        rows.append(place | _row(rng, skill, gold_start, gold_end, length))
    meta = {
        "run": folder.name,
        "dataset": dataset,
        "dataset_sha256": catalogue.load(dataset).sha256 if dataset == "mini-ko" else DATASET_SHA256,
        "unusable_questions": None,
        "tokenizer_sha256": "70" * 32,
        "weights_sha256": "3e" * 32,
        "trained_on": [TRAIN_SHA256],
        "training_config_without_seed_hash": folder.name.encode().hex().ljust(64, "0"),
        "seed": seed,
        "created": START.isoformat(),
    }
    table = pd.DataFrame(rows)
    found = predictions.Predictions(table, factory.meta(**meta))
    predictions.write(predictions_path(folder, dataset), found)


def _row(rng: np.random.Generator, skill: float, gold_start: int, gold_end: int, length: int) -> dict[str, Any]:
    draw = rng.random()
    start, end, f1 = gold_start, gold_end, 1.0
    kind = "exact"
    if draw > skill + (1 - skill) / 2:
        start = int(rng.integers(0, max(length - 8, 1)))
        end, f1, kind = min(start + 6, length), 0.0, "elsewhere"
    elif draw > skill:
        end, f1, kind = min(gold_end + 1, length), 0.8, "josa"
    probability = float(np.clip(rng.normal(0.75 if kind == "exact" else 0.45, 0.15), 0.01, 0.99))
    return {
        "start": start,
        "end": end,
        "probability": probability,
        "gold_start": gold_start,
        "gold_end": gold_end,
        "exact_match": f1 == 1,
        "f1": f1,
        "error_type": kind,
        "original_start": start,
        "original_end": min(end + 30, length),
        "original_contains": f1 > 0,
        "original_exact": False,
        "loss": float(6 - 4 * probability),
        "start_correct": start == gold_start,
        "end_correct": end == gold_end,
        "windows": 1,
        "gold_covered": True,
        "nbest": [
            {"start": start, "end": end, "probability": np.float32(probability)},
            {"start": 0, "end": 3, "probability": np.float32((1 - probability) / 2)},
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=0, help="so many runs, a tenth of them broken, instead of the demo")
    arguments = parser.parse_args()
    if arguments.folder.exists():
        shutil.rmtree(arguments.folder)
    if not arguments.runs:
        demo(arguments.folder)
        return
    many(arguments.folder, arguments.runs)


def many(root: Path, count: int, **options: Any) -> Store:
    """Makes `count` runs, every tenth of them odd or broken in a different way; `options` are of `finished_run`."""
    kinds = BROKEN + ODD
    store = Store(root)
    variants = list(config.VARIANTS)
    for i in range(count):
        if i % 10 == 9:
            broken_run(store, f"odd-{i:03d}", kinds[i // 10 % len(kinds)])
        else:
            variant, seed = variants[i % len(variants)], i // len(variants)
            skill = 0.2 + 0.3 * (i % 17) / 17
            finished_run(store, f"{variant}-{i:03d}", variant, skill=skill, seed=seed, hours=i, **options)
    return store


if __name__ == "__main__":
    main()

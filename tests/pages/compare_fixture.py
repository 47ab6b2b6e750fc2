"""Makes a store of runs that answered real questions, so that the Compare page has text to show.

python -m tests.pages.compare_fixture /tmp/store [DATASET ...]
ANSWERDIFF_CHECKPOINTS=/tmp/store streamlit run dashboard.py
"""

import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core import config
from core.data import catalogue
from core.data.formats import Dataset, Example
from core.scoring import metrics
from core.store import predictions
from core.store.predictions import Predictions
from core.store.runs import Run, Store, predictions_path
from tests.comparing import factory
from tests.pages.store_fixture import START, finished_run


def demo(root: Path, datasets: tuple[str, ...] = ("mini-ko",)) -> Store:
    """Makes four finished runs: base with two seeds, and two better ones."""
    store = Store(root)
    loaded = [catalogue.load(name) for name in datasets]
    for hours, (name, variant, skill, seed) in enumerate(
        (("base-1", "base", 0.30, 1), ("base-2", "base", 0.33, 2), ("pre-1", "pretrained-2", 0.44, 1))
    ):
        answering_run(store, name, variant, skill=skill, seed=seed, hours=hours, datasets=loaded)
    answering_run(store, "pre-3", "pretrained-3", skill=0.45, seed=1, hours=9, datasets=loaded)
    return store


def answering_run(
    store: Store, name: str, variant: str, *, skill: float, seed: int, hours: float, datasets: list[Dataset]
) -> Run:
    """Makes a finished run whose answers are spans of the datasets' own passages, scored as any other."""
    run = finished_run(store, name, variant, skill=skill, seed=seed, hours=hours, datasets=())
    for dataset in datasets:
        # Questions that are hard for one model are hard for the next one too: they share a draw.
        answers = spans(dataset, skill, np.random.default_rng(7), np.random.default_rng([seed, round(100 * skill)]))
        write(run, dataset, answers, seed=seed)
    return run


def write(run: Run, dataset: Dataset, answers: list[tuple[int, int]], *, seed: int = 1, **meta: Any) -> None:
    """Scores one span a question and writes them as the run's predictions."""
    starts, ends = (np.array(bounds, np.int32) for bounds in zip(*answers, strict=True))
    settings = config.override(config.variant(run.variant or "base"), {"training.seed": seed})
    rng = np.random.default_rng(len(run.name))
    table = pd.DataFrame(
        {
            "id": [example.id for example in dataset.examples],
            "start": starts,
            "end": ends,
            "original_start": starts,
            "original_end": np.minimum(ends + 12, [len(one.context) for one in dataset.examples]).astype(np.int32),
            "probability": rng.uniform(0.05, 0.95, len(starts)).astype(np.float32),
            "loss": np.float32(4),
        }
    )
    table = table.assign(start_correct=True, end_correct=True, windows=1, gold_covered=True)
    table = metrics.score(dataset, table)
    table["nbest"] = [
        [{"start": start, "end": end, "probability": probability}, {"start": 0, "end": 2, "probability": 0.01}]
        for start, end, probability in zip(starts.tolist(), ends.tolist(), table["probability"].tolist(), strict=True)
    ]
    known = {
        "run": run.name,
        "dataset": dataset.name,
        "dataset_sha256": dataset.sha256,
        "unusable_questions": None,
        "tokenizer_sha256": "70" * 32,
        "weights_sha256": run.name.encode().hex().ljust(64, "0"),
        "trained_on": ["7a" * 32],
        "training_config_without_seed_hash": config.hash_without_seed(settings),
        "seed": seed,
        "created": START.isoformat(),
    }
    found = Predictions(table, factory.meta(**known | meta))
    predictions.write(predictions_path(run.path, dataset.name), found)


def spans(
    dataset: Dataset, skill: float, shared: np.random.Generator, own: np.random.Generator
) -> list[tuple[int, int]]:
    """Returns one answer a question: the gold one, one a little off, or another place of the passage."""
    return [_span(example, skill, 0.7 * shared.random() + 0.3 * own.random(), own) for example in dataset.examples]


def _span(example: Example, skill: float, draw: float, rng: np.random.Generator) -> tuple[int, int]:
    gold, last = example.answers[0], len(example.context)
    if draw < skill:
        return gold.start, gold.end
    if draw < skill + 0.3:
        return max(gold.start - int(rng.integers(0, 3)), 0), min(gold.end + int(rng.integers(1, 4)), last)
    start = int(rng.integers(0, max(last - 6, 1)))
    return start, min(start + int(rng.integers(2, 9)), last)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    shutil.rmtree(folder, ignore_errors=True)
    demo(folder, tuple(sys.argv[2:]) or ("mini-ko",))

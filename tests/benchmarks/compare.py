"""Time and peak memory of a whole comparison: `python -m tests.benchmarks.compare`.

Each size runs in its own process, so that its peak memory is its own. The reference is the paired bootstrap as it is
usually written, a loop over resamples, on the same data in the same process. Of the large size the loop does a part
and its time is scaled up; the table says so.
"""

import json
import multiprocessing
import resource
import sys
import time

import numpy as np
from rich.console import Console
from rich.table import Table

from core.comparing.compare import Comparison, compare
from core.store.predictions import Predictions
from tests.comparing.factory import predictions

SIZES = (5_774, 100_000)
RESAMPLES = 10_000
LOOPED = {5_774: RESAMPLES, 100_000: 300}
LIMITS = {5_774: (0.5, None), 100_000: (5.0, 1024)}  # seconds, MiB


def pair(questions: int) -> tuple[Predictions, Predictions]:
    """Two runs of about 54 and 55 % with character F1 beside, six questions a paragraph."""
    random = np.random.default_rng(0)
    paragraphs = np.arange(questions) // 6
    made = []
    for run, skill in (("a", 0.54), ("b", 0.55)):
        right = random.random(questions) < skill
        f1 = np.where(right, 1.0, random.random(questions))
        made.append(predictions(right, paragraphs, run=run, f1=f1))
    return made[0], made[1]


def loop(comparison: Comparison, resamples: int) -> float:
    """The plain form: for each resample, gather the drawn paragraphs' questions and average EM and F1."""
    table = comparison.table
    em = table["b_exact_match"].to_numpy(np.float64) - table["a_exact_match"].to_numpy(np.float64)
    f1 = table["f1_difference"].to_numpy(np.float64)
    rows = np.split(np.arange(len(table)), np.flatnonzero(np.diff(table["paragraph"])) + 1)
    random = np.random.default_rng(0)
    began = time.perf_counter()
    means = []
    for _ in range(resamples):
        drawn = np.concatenate([rows[k] for k in random.integers(0, len(rows), len(rows))])
        means.append((em[drawn].mean(), f1[drawn].mean()))
    np.quantile(means, [0.025, 0.975], axis=0)
    return time.perf_counter() - began


def measure(questions: int) -> dict[str, float]:
    """Seconds of the first and the best of three comparisons, their CPU seconds, peak MiB, seconds of the loop."""
    a, b = pair(questions)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds, processor = [], []
    for _ in range(4):
        began, worked = time.perf_counter(), time.process_time()
        comparison = compare(a, b, resamples=RESAMPLES)
        seconds.append(time.perf_counter() - began)
        processor.append(time.process_time() - worked)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    plain = loop(comparison, LOOPED[questions]) * RESAMPLES / LOOPED[questions]
    best, worked = min(seconds[1:]), min(processor[1:])
    return {"first": seconds[0], "best": best, "cpu": worked, "before": before, "peak": peak, "loop": plain}


def main() -> None:
    """Prints the table, or with `--json` the figures; the exit status is 1 where a limit is missed."""
    context = multiprocessing.get_context("spawn")
    figures = {}
    for questions in SIZES:
        with context.Pool(1) as pool:
            figures[questions] = pool.apply(measure, (questions,))
    if "--json" in sys.argv:
        print(json.dumps(figures))
    else:
        Console(width=120).print(_table(figures))
    missed = [
        size
        for size, (seconds, memory) in LIMITS.items()
        if figures[size]["first"] > seconds or (memory is not None and figures[size]["peak"] > memory)
    ]
    sys.exit(1 if missed else 0)


def _table(figures: dict[int, dict[str, float]]) -> Table:
    table = Table(title=f"one comparison, {RESAMPLES:,} resamples and sign flips")
    headings = (
        "questions",
        "first call",
        "best of 3",
        "CPU",
        "limit",
        "peak memory",
        "of it before",
        "plain loop",
        "faster",
    )
    for heading in headings:
        table.add_column(heading, justify="right")
    for size, found in figures.items():
        scaled = "" if LOOPED[size] == RESAMPLES else f" (from {LOOPED[size]})"
        table.add_row(
            f"{size:,}",
            f"{found['first']:.2f} s",
            f"{found['best']:.2f} s",
            f"{found['cpu']:.2f} s",
            f"{LIMITS[size][0]:g} s",
            f"{found['peak']:.0f} MiB",
            f"{found['before']:.0f} MiB",
            f"{found['loop']:.1f} s{scaled}",
            f"{found['loop'] / found['best']:.0f} x",
        )
    return table


if __name__ == "__main__":
    main()

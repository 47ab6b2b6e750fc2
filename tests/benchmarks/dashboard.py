"""How long the store, the Runs page and the curves take: 200 runs, and 50 runs of 10,000 steps read and drawn.

    python -m tests.benchmarks.dashboard

Prints wall and processor time; on a busy machine the latter is the one to compare.
"""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streamlit.testing.v1 import AppTest

from core.store.history import HistoryReader
from core.store.runs import ROOT_VARIABLE
from pages.parts.learning_curves import curves
from pages.parts.shared import charts
from tests.pages import store_fixture
from tests.pages.conftest import ROOT

RUNS, STEPS = 50, 10_000


@contextmanager
def measured(what: str) -> Iterator[None]:
    wall, processor = time.perf_counter(), time.process_time()
    yield
    print(f"{what:58} {time.perf_counter() - wall:7.3f} s {time.process_time() - processor:7.3f} s of processor")


def write_history(path: Path, seed: int) -> None:
    """Writes a history of which every step was logged."""
    records = store_fixture.history(steps=200, seed=seed)
    logged = [record for record in records if record["kind"] == "step"]
    with path.open("w", encoding="utf-8") as file:
        for step in range(1, STEPS + 1):
            file.write(json.dumps(logged[step * len(logged) // (STEPS + 1)] | {"step": step}) + "\n")


def draw(readers: list[HistoryReader]) -> int:
    """Does what the page does for one chart; returns the number of points."""
    figure = charts.figure(x_title="step", y_title="")
    for i, reader in enumerate(readers):
        curve = curves.curve(reader.refresh(), str(i), "loss", "train", "step")
        assert curve is not None
        kept = curves.reduce(curve.y, 20_000 // RUNS)
        figure.add_scatter(x=curve.x[kept], y=curve.y[kept], line={"color": charts.style(i).color})
    figure.to_json()
    return sum(len(trace.x) for trace in figure.data)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = store_fixture.many(Path(folder), 200, steps=30, datasets=())
        with measured("list 200 runs, 20 of them odd or broken"):
            store.list()
        scored = store_fixture.many(Path(folder) / "scored", 200, steps=30, datasets=("mini-ko",))
        os.environ[ROOT_VARIABLE] = str(scored.root)
        for when in ("for the first time", "again"):
            with measured(f"show 200 runs with scores and intervals {when}"):
                app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120).run()
            assert not app.exception
        paths = [Path(folder) / f"{i}.jsonl" for i in range(RUNS)]
        for i, path in enumerate(paths):
            write_history(path, i)
        readers = [HistoryReader(path) for path in paths]
        with measured(f"read {RUNS} histories of {STEPS:,} steps for the first time"):
            for reader in readers:
                reader.refresh()
        with measured(f"draw them ({draw(readers):,} points)"):
            draw(readers)
        with paths[0].open("a") as file:
            file.write(paths[0].read_text().splitlines()[-1] + "\n")
        with measured("read one new step and draw again"):
            draw(readers)


if __name__ == "__main__":
    main()

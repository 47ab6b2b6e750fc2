"""How quick is an answer, beside PyTorch's? `python -m tests.benchmarks.ask RUN [RUN]`

The reference is the same reader with `transformers.BertForQuestionAnswering` on PyTorch in place of its network, opened
from the same run folder: same pieces, windows, batches and choice of spans, so that the ratio is the networks'. (The
question-answering pipeline, which did these steps, is gone from transformers 5; and the folder has no tokenizer that
transformers knows.) Both answer in turn, question by question, in one process; the fastest and the processor's time
say more than the median on a busy machine.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from core.answering import retrieval, shelf
from core.answering.reader import Reader
from core.data import catalogue
from core.data import windows as features
from core.data.formats import Example
from core.store.runs import Run, Store

COLD = """
import time; begun = time.perf_counter()
from core.answering.reader import Reader
from core.store.runs import Store
Reader.load(Store().get({name!r})).read("언제인가?", "훈민정음은 1443년에 만들어졌다.")
print(time.perf_counter() - begun)
"""


class Torch:
    """Transformers' network of a run folder, called as ours is."""

    def __init__(self, run: Run):
        import torch
        from transformers import BertForQuestionAnswering

        self.model = BertForQuestionAnswering.from_pretrained(run.path, dtype=torch.float32).eval()

    def predict_on_batch(self, inputs: Mapping[str, np.ndarray]) -> np.ndarray:
        import torch

        ids, segments = (torch.from_numpy(inputs[name]).long() for name in ("token_ids", "segment_ids"))
        with torch.inference_mode():
            found = self.model(input_ids=ids, token_type_ids=segments, attention_mask=(ids != 0).long())
        logits = np.stack([found.start_logits.numpy(), found.end_logits.numpy()], axis=1)
        return np.where(inputs["context_mask"][:, None], logits, np.float32(-1e4))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", nargs="+")
    names = parser.parse_args().run
    runs = [Store().get(name) for name in names]
    before = _resident()
    holder = shelf.Shelf()
    first = holder.request(runs[0]).result()
    memory = [_resident() - before]
    for run in runs[1:]:
        before = _resident()
        second = holder.request(run).result()
        memory.append(_resident() - before)
    second = second if len(runs) > 1 else first
    reference = Reader(Torch(runs[0]), first.tokenizer, first.settings)

    table = Table("what", "goal", "median ms", "fastest ms", "processor ms", title=", ".join(names))
    examples = catalogue.load("mini-ko").examples[::6][:40]
    long = "\n".join(example.context for example in examples)[:10_000]
    pieces = np.mean([len(first.windows([e])[0]) for e in examples])
    _compare(table, f"one answer, {pieces:.0f} pieces", "1.0 x", _readings(first, reference, examples))
    both = [lambda e=e: (first.read(e.question, e.context), second.read(e.question, e.context)) for e in examples]
    _rows(table, {"two runs, one after the other": both}, "150")
    _compare(table, "10,000 characters", "1,500", _readings(first, reference, examples[:5], long))
    for size in (1, 2, 4, 8, 16):
        _rows(table, {f"its network alone, {size} windows at a time": [lambda s=size: _batches(first, long, s)] * 5})
    index = retrieval.Index(_many(10_000))
    _rows(table, {"search in 10,000 passages": [lambda e=e: index.search(e.question) for e in examples]}, "20")
    Console(width=110).print(table)
    print(f"memory of each run, MiB (goal 120): {', '.join(f'{taken / 2**20:.0f}' for taken in memory)}")
    print(f"first answer of a fresh process (goal 10 s): {_cold(names[0]):.1f} s")


def _readings(
    ours: Reader, theirs: Reader, examples: Sequence[Example], passage: str = ""
) -> dict[str, list[Callable[[], object]]]:
    return {
        "": [lambda e=e: ours.read(e.question, passage or e.context) for e in examples],
        "PyTorch": [lambda e=e: theirs.read(e.question, passage or e.context) for e in examples],
    }


def _batches(reader: Reader, passage: str, size: int) -> None:
    windows = reader.windows([Example("", "무엇인가?", passage, (), "", 0, 0)])
    for batch in features.batches(windows, size):
        reader.model.predict_on_batch(batch.inputs)


def _many(count: int) -> list[retrieval.Passage]:
    """Returns passages of mini-ko's sentences, shuffled, of the usual length."""
    contexts = {example.context for example in catalogue.load("mini-ko").examples}
    sentences = sorted(sentence for context in contexts for sentence in context.split(". "))
    rng = np.random.default_rng(0)
    return [retrieval.Passage("", ". ".join(rng.choice(sentences, 6)), str(i)) for i in range(count)]


def _compare(table: Table, what: str, goal: str, ways: dict[str, list[Callable[[], object]]]) -> None:
    """Adds a row for each way and one with the ratios of the first to the last."""
    times = _rows(table, {f"{what} {name}".strip(): calls for name, calls in ways.items()}, goal)
    ratios = [ours / theirs for ours, theirs in zip(times[0], times[-1], strict=True)]
    table.add_row("  ratio", "", *(f"{ratio:.2f} x" for ratio in ratios))


def _rows(table: Table, ways: dict[str, list[Callable[[], object]]], goal: str = "") -> list[list[float]]:
    """Calls all ways in turn, and adds a row for each; returns median, fastest and median processor time of each."""
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for calls in ways.values():
        calls[0]()
    for turn in zip(*ways.values(), strict=True):
        for name, call in zip(ways, turn, strict=True):
            wall, processor = time.perf_counter(), time.process_time()
            call()
            measured[name].append((time.perf_counter() - wall, time.process_time() - processor))
    found = []
    for number, (name, seconds) in enumerate(measured.items()):
        walls, processors = np.array(seconds).T
        found.append([float(np.median(walls)), float(walls.min()), float(np.median(processors))])
        table.add_row(name, goal if number == 0 else "", *(f"{1000 * value:,.1f}" for value in found[-1]))
    return found


def _cold(name: str) -> float:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", COLD.format(name=name)]
    return float(subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout)


def _resident() -> int:
    pages: Any = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * 4096


if __name__ == "__main__":
    main()

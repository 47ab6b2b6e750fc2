"""How quick is an answer? `python -m tests.benchmarks.ask RUN [RUN]`

Times of a stored run on mini-ko's passages (about 250 pieces), of two runs one after the other, of a passage of 10,000
characters, of a search in 10,000 passages; memory that another run takes.
"""

import argparse
import resource
import time
from collections.abc import Callable

import numpy as np
from rich.console import Console
from rich.table import Table

from core.data import squad
from core.inference import retrieve, shelf
from core.runs import Store


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", nargs="+")
    names = parser.parse_args().run
    table = Table("what", "goal", "median ms", "fastest ms", title=", ".join(names))
    examples = squad.load("mini-ko").examples[::6][:40]
    begun = time.perf_counter()
    holder = shelf.Shelf()
    first = holder.request(Store().get(names[0])).result()
    table.add_row("first model, TensorFlow included", "", _ms(time.perf_counter() - begun), "")
    before = _resident()
    second = holder.request(Store().get(names[-1])).result() if len(names) > 1 else first
    memory = _resident() - before
    _row(table, "one answer, 250 pieces", "", [lambda e=e: first.read(e.question, e.context) for e in examples])
    both = [lambda e=e: (first.read(e.question, e.context), second.read(e.question, e.context)) for e in examples]
    _row(table, "two runs", "150", both)
    long = "\n".join(example.context for example in examples)[:10_000]
    _row(table, "10,000 characters", "1,500", [lambda e=e: first.read(e.question, long) for e in examples[:5]])
    index = retrieve.Index(_many(10_000))
    _row(table, "search in 10,000 passages", "20", [lambda e=e: index.search(e.question) for e in examples])
    Console().print(table)
    if len(names) > 1:
        Console().print(f"memory of the second run: {memory / 2**20:.0f} MiB (goal 120)")


def _many(count: int) -> list[retrieve.Passage]:
    """Returns passages of mini-ko's sentences, shuffled, of the usual length."""
    contexts = {example.context for example in squad.load("mini-ko").examples}
    sentences = sorted(sentence for context in contexts for sentence in context.split(". "))
    rng = np.random.default_rng(0)
    return [retrieve.Passage("", ". ".join(rng.choice(sentences, 6)), str(i)) for i in range(count)]


def _row(table: Table, what: str, goal: str, calls: list[Callable[[], object]]) -> None:
    calls[0]()
    seconds = []
    for call in calls:
        begun = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - begun)
    table.add_row(what, goal, _ms(float(np.median(seconds))), _ms(min(seconds)))


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:,.1f}"


def _resident() -> int:
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()

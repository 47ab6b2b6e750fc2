"""Which way of cutting Korean finds the gold paragraph? `python -m tests.benchmarks.retrieval [--dataset korquad-dev]`

Recall of the gold paragraph among the first 1 and 5 found, time to index, and time a question.
"""

import argparse
import time

from rich.console import Console
from rich.table import Table

from core.answering import retrieval
from core.data import catalogue


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", default="korquad-dev")
    dataset = catalogue.load(parser.parse_args().dataset)
    collection = retrieval.passages(dataset.examples, dataset.name)
    table = Table("cut", "recall@1 %", "recall@5 %", "index s", "search ms a question")
    table.title = f"{dataset.name}: {len(dataset.examples):,} questions, {len(collection):,} passages"
    for name, cut in retrieval.CUTS.items():
        cut(["준비"])  # loads what the cut needs
        begun = time.perf_counter()
        index = retrieval.Index(collection, cut)
        indexed = time.perf_counter() - begun
        begun = time.perf_counter()
        found = [index.search(example.question) for example in dataset.examples]
        searched = time.perf_counter() - begun
        places = [
            next((i for i, hit in enumerate(hits) if hit.passage.text == example.context), 5)
            for example, hits in zip(dataset.examples, found, strict=True)
        ]
        first, five = (100 * sum(place < k for place in places) / len(places) for k in (1, 5))
        row = f"{first:.1f}", f"{five:.1f}", f"{indexed:.1f}", f"{1000 * searched / len(found):.2f}"
        table.add_row(name, *row)
    Console().print(table)


if __name__ == "__main__":
    main()

"""The original's counting rule on trial: what it says of answerers that cannot answer anything.

The whole passage, its first 200 characters, and networks whose weights were never trained answer the original's 102
questions; their spans lie in `rule_trial.parquet` beside this module, ids and offsets without text, so that neither
KorQuAD nor TensorFlow is needed to show them. `python -m core reported --fresh` writes the file.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import ArrayLike

from core.data.formats import Dataset, Example
from core.scoring import metrics, original_rule
from core.scoring.original_rule import OriginalResult
from core.store.files import write_atomically
from core.texts.message import Message

STORED = Path(__file__).with_name("rule_trial.parquet")
CHARACTERS = 200
SEEDS = tuple(range(1, 21))
"""Of the untrained networks: one alone may be lucky."""
MOST_WORDS = 60
_METADATA_KEY = b"answerdiff"
_WHOLE, _FIRST, _UNTRAINED, _ANYWHERE = "whole-passage", f"first-{CHARACTERS}", "untrained", "anywhere"
Spans = dict[int, tuple[ArrayLike, ArrayLike]]
"""By seed the starts and ends, int (n,) each, of a network's answers to n questions."""


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Stored results of the rule for answerers that read nothing.

    Attributes:
        dataset: whose first questions they answer; `dataset_sha256` its hash.
        whole_passage: "the whole passage" as the answer to everything.
        first_characters: the first `CHARACTERS` characters of the passage.
        untrained: networks with fresh weights, by seed; they answer from the passage alone.
        anywhere: the same networks when start and end may lie in the question too, as the original's could.
        silent_load: what `core.audit.silent_load.demonstrate` found.
    """

    dataset: str
    dataset_sha256: str
    whole_passage: OriginalResult
    first_characters: OriginalResult
    untrained: dict[int, OriginalResult]
    anywhere: dict[int, OriginalResult]
    silent_load: dict[str, Any]


def counts(results: Mapping[int, OriginalResult]) -> np.ndarray:
    """Returns what networks count under the rule, int64, in ascending order."""
    return np.sort([result.count for result in results.values()])


def untrained_message(trial: Trial, theirs: int) -> Message:
    """Returns why the original's untrained network scored otherwise than ours.

    Args:
        trial: what was stored.
        theirs: the original's count.
    """
    masked, anywhere = counts(trial.untrained), counts(trial.anywhere)
    values: dict[str, str | int | float] = {"networks": len(anywhere), "theirs": theirs}
    values |= {"least": int(masked[0]), "most": int(masked[-1])}
    values |= {"anywhere_least": int(anywhere[0]), "anywhere_most": int(anywhere[-1])}
    return Message("untrained", "reported-trial-untrained", values)


def most_exact(results: Mapping[int, OriginalResult]) -> int:
    """Returns the exact answers of the network that has the most of them."""
    return max(result.exact_count for result in results.values())


def conduct(dataset: Dataset, untrained: Spans, anywhere: Spans) -> pd.DataFrame:
    """Judges every answerer on a dataset's first questions.

    Args:
        dataset: the questions, with their text.
        untrained: what untrained networks answer to its first questions from the passage alone.
        anywhere: what they answer when start and end may lie anywhere.

    Returns:
        One row an answerer and question: `answerer`, `id`, `start`, `end`, `contains`, `exact`.
    """
    examples = dataset.examples[: original_rule.QUESTIONS]
    answerers = {
        _WHOLE: original_rule.whole_context(examples),
        _FIRST: original_rule.first_characters(examples, CHARACTERS),
        **{f"{_UNTRAINED}-{seed}": spans for seed, spans in untrained.items()},
        **{f"{_ANYWHERE}-{seed}": spans for seed, spans in anywhere.items()},
    }
    frames = []
    for name, (starts, ends) in answerers.items():
        result = original_rule.judge(examples, starts, ends)
        columns = {"start": np.asarray(starts, np.int32), "end": np.asarray(ends, np.int32)}
        columns |= {"contains": result.contains, "exact": result.exact}
        frames.append(pd.DataFrame({"answerer": name, "id": [example.id for example in examples], **columns}))
    return pd.concat(frames, ignore_index=True)


def write(table: pd.DataFrame, dataset: Dataset, silent_load: dict[str, Any], path: Path = STORED) -> None:
    """Stores what `conduct` returned."""
    meta = {"dataset": dataset.name, "dataset_sha256": dataset.sha256, "silent_load": silent_load}
    encoded = {_METADATA_KEY: json.dumps(meta, ensure_ascii=False).encode()}
    arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(encoded)
    buffer = pa.BufferOutputStream()
    pq.write_table(arrow, buffer, compression="zstd")
    write_atomically(path, buffer.getvalue().to_pybytes())


def read(path: Path = STORED) -> Trial:
    """Returns what was stored."""
    arrow = pq.read_table(path)
    meta = json.loads(arrow.schema.metadata[_METADATA_KEY])
    results = {str(name): _result(rows) for name, rows in arrow.to_pandas().groupby("answerer", sort=False)}
    by_seed: dict[str, dict[int, OriginalResult]] = {_UNTRAINED: {}, _ANYWHERE: {}}
    for name, result in results.items():
        kind, _, seed = name.rpartition("-")
        if kind in by_seed:
            by_seed[kind][int(seed)] = result
    named: dict[str, Any] = {"whole_passage": results[_WHOLE], "first_characters": results[_FIRST]}
    named |= {"untrained": by_seed[_UNTRAINED], "anywhere": by_seed[_ANYWHERE]}
    return Trial(**meta | named)


def lengthened(
    examples: Sequence[Example], starts: ArrayLike, ends: ArrayLike, most_words: int = MOST_WORDS
) -> pd.DataFrame:
    """Judges the same answers made longer by 0, 1 ... words of their passage.

    Args:
        examples: n questions.
        starts: int (n,), the answers' first characters in the original context.
        ends: int (n,), behind their last characters.
        most_words: the last number of words added.

    Returns:
        One row a number of `words`: `contains` (questions right by the rule), `exact_match` (questions right by the
        official exact match), `contains_share` and `exact_match_share` (of the questions, 0..100), `f1` (0..100, mean),
        `median_length` (characters).
    """
    rows = []
    begin, end = np.asarray(starts, np.int64), np.asarray(ends, np.int64)
    for words in range(most_words + 1):
        if words:
            begin, end = original_rule.lengthen(examples, begin, end, 1)
        rule = original_rule.judge(examples, begin, end)
        official = [_official(*row) for row in zip(examples, begin.tolist(), end.tolist(), strict=True)]
        exact, f1 = np.array(official).sum(axis=0)
        counts = {"contains": rule.count, "exact_match": int(exact)}
        sums = {"contains_share": rule.count, "exact_match_share": int(exact), "f1": f1}
        shares = {name: 100 * value / len(examples) for name, value in sums.items()}
        rows.append({"words": words, **counts, **shares, "median_length": rule.median_length})
    return pd.DataFrame(rows)


def _official(example: Example, start: int, end: int) -> tuple[bool, float]:
    answer, golds = example.context[start:end], [gold.text for gold in example.answers]
    return metrics.exact_match(answer, golds), metrics.f1(answer, golds)


def _result(rows: pd.DataFrame) -> OriginalResult:
    lengths = np.maximum(rows["end"].to_numpy(np.int64) - rows["start"].to_numpy(np.int64), 0)
    return OriginalResult(rows["contains"].to_numpy(bool), rows["exact"].to_numpy(bool), lengths)

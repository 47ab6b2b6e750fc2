"""Networks that were never trained answer, each seed its own way and always the same."""

import numpy as np
import pytest

from core.audit import untrained
from core.data import catalogue
from core.data.windows import Window
from tests import tiny_run


def test_seeds_differ_and_repeat():
    examples = catalogue.load("mini-ko").examples[:12]
    settings = tiny_run.settings("mini-ko")
    found = [(seed, table) for seed, table in untrained.answers(examples, [1, 2, 1], settings)]
    assert [seed for seed, _ in found] == [1, 2, 1]
    spans = [table[["original_start", "original_end", "start", "end"]].to_numpy().tolist() for _, table in found]
    assert spans[0] == spans[2] != spans[1]
    assert found[0][1]["id"].tolist() == [example.id for example in examples]


@pytest.mark.parametrize(("start", "end", "span"), [
    (3, 5, (10, 39)),  # within the context
    (1, 4, (10, 29)),  # from the question on: from the context's beginning
    (4, 6, (20, 39)),  # to the last [SEP]: to its end
    (0, 6, (10, 39)),
    (1, 2, (0, 0)),  # within the question
    (5, 3, (0, 0)),  # backwards
    (6, 6, (0, 0)),  # behind the context
])  # fmt: skip
def test_what_of_the_passage_lies_between_a_start_and_an_end_anywhere(start, end, span):
    """[CLS] question [SEP] and three pieces of context: 10-19, 20-29, 30-39; [SEP]."""
    starts = np.array([10, 20, 30], np.int32)
    made = Window(0, np.arange(7), np.zeros(7), 3, 0, starts, starts + 9, np.ones(3, bool), None)
    logits = np.zeros((2, 7))
    logits[0, start] = logits[1, end] = 1
    assert untrained.anywhere(made, logits) == span


def test_free_networks_answer_every_question():
    examples = catalogue.load("mini-ko").examples[:6]
    settings = tiny_run.settings("mini-ko")
    ((_, table),) = untrained.answers(examples, [5], settings)
    assert len(table) == 6
    inside = [len(example.context) for example in examples]
    assert (table["anywhere_end"] <= inside).all() and (table["anywhere_start"] >= 0).all()

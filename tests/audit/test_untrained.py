"""Networks that were never trained answer, each seed its own way and always the same."""

from core.audit import untrained
from core.data import catalogue
from tests import tiny_run


def test_seeds_differ_and_repeat():
    examples = catalogue.load("mini-ko").examples[:12]
    settings = tiny_run.settings("mini-ko")
    found = [(seed, table) for seed, table in untrained.answers(examples, [1, 2, 1], settings)]
    assert [seed for seed, _ in found] == [1, 2, 1]
    spans = [table[["original_start", "original_end", "start", "end"]].to_numpy().tolist() for _, table in found]
    assert spans[0] == spans[2] != spans[1]
    assert found[0][1]["id"].tolist() == [example.id for example in examples]

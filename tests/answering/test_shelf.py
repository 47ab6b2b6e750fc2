"""The shared readers: loaded once, forgotten when they fail or there are too many, right from many threads."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from core.answering import shelf
from core.answering.shelf import Shelf
from core.data import catalogue
from core.store.runs import TOKENIZER_FILE, WEIGHTS_FILE, Run, Store


@pytest.fixture
def loads(monkeypatch):
    """Counts loads; a run called bad fails."""
    names: list[str] = []

    def load(run):
        names.append(run.name)
        if run.name == "bad":
            raise ValueError("broken")
        return f"reader of {run.name}"

    monkeypatch.setattr(shelf.Reader, "load", load)
    return names


def run(folder, name):
    (folder / name).mkdir(exist_ok=True)
    (folder / name / WEIGHTS_FILE).write_bytes(b"weights")
    return Run(name, folder / name, "finished")


def test_many_threads_share_one_load(loads, tmp_path):
    one, holder = run(tmp_path, "one"), Shelf()
    barrier = threading.Barrier(8)

    def ask():
        barrier.wait()
        return holder.request(one).result()

    with ThreadPoolExecutor(8) as pool:
        found = [future.result() for future in [pool.submit(ask) for _ in range(8)]]
    assert found == ["reader of one"] * 8 and loads == ["one"]


def test_a_failure_is_tried_again_and_a_changed_file_read_again(loads, tmp_path):
    holder, bad, one = Shelf(), run(tmp_path, "bad"), run(tmp_path, "one")
    for _ in range(2):
        with pytest.raises(ValueError, match="broken"):
            holder.request(bad).result()
    assert loads == ["bad", "bad"]
    holder.request(one).result()
    (one.path / WEIGHTS_FILE).write_bytes(b"other weights")
    holder.request(one).result()
    assert loads[2:] == ["one", "one"]


def test_other_span_settings_are_another_reader(loads, tmp_path):
    holder, one = Shelf(), run(tmp_path, "one")
    for limit in (30, 30, 3):
        holder.request(replace(one, info={"config": {"answering": {"max_pieces": limit}}})).result()
    assert loads == ["one", "one"]


def test_the_least_recently_used_goes_first(loads, tmp_path):
    holder = Shelf(capacity=2)
    a, b, c = (run(tmp_path, name) for name in "abc")
    for wanted in (a, b, a, c, a, b):
        holder.request(wanted).result()
    assert loads == ["a", "b", "c", "b"]


def test_a_shared_reader_answers_twenty_threads_right(tmp_path):
    from tests.pages import ask_fixture

    made = ask_fixture.answering_run(Store(tmp_path), "real", 1)
    assert (made.path / TOKENIZER_FILE).is_file()
    reader = Shelf().request(made).result()
    examples = catalogue.load("mini-ko").examples[:60:3]
    alone = [reader.read(e.question, e.context).spans for e in examples]
    barrier = threading.Barrier(len(examples))

    def ask(example):
        barrier.wait()
        return reader.read(example.question, example.context).spans

    with ThreadPoolExecutor(len(examples)) as pool:
        assert list(pool.map(ask, examples)) == alone

"""The bundled question set keeps what its data card (core/data/bundled/README.md) promises."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from core.data import catalogue
from core.scoring import metrics

FOLDER = Path(catalogue.__file__).parent / "bundled"
KINDS = {"who", "when", "where", "what", "which", "how-many", "how", "why"}
# The answer's text also stands elsewhere in the passage, on purpose: the question tells the places apart.
REPEATED = {"09-2", "14-1", "18-6", "23-4", "25-1", "26-4", "40-4", "47-6", "48-6", "49-3"}
# Names that the analyser does not know: it takes the particle after them for a part of the name.
UNKNOWN_NAMES = {"20-2", "26-6", "32-3", "42-1", "51-3", "51-6"}


@pytest.fixture(scope="module")
def raw():
    return json.loads((FOLDER / "mini-ko.json").read_text(encoding="utf-8"))["data"]


@pytest.fixture(scope="module")
def dataset():
    return catalogue.load("mini-ko")


def test_format_is_sound_and_large_enough(dataset):
    assert dataset.problems == ()
    assert dataset.paragraphs >= 61
    assert len(dataset.examples) >= 306


def test_passages_have_their_length(dataset):
    lengths = {e.paragraph: len(e.context) for e in dataset.examples}
    assert all(350 <= n <= 700 for n in lengths.values()), lengths


def test_no_two_questions_or_passages_are_alike(dataset):
    def key(text):
        return re.sub(r"\W", "", text)

    assert max(Counter(key(e.question) for e in dataset.examples).values()) == 1
    assert len({key(e.context) for e in dataset.examples}) == dataset.paragraphs


def test_answer_does_not_stand_in_its_question(dataset):
    assert [e.id for e in dataset.examples if e.answers[0].text in e.question] == []


def test_repeated_answers_are_the_listed_ones(dataset):
    found = {e.id.removeprefix("mini-ko-") for e in dataset.examples if e.context.count(e.answers[0].text) > 1}
    assert found == REPEATED


def test_answers_end_before_the_particle(dataset):
    kiwipiepy = pytest.importorskip("kiwipiepy")
    kiwi = kiwipiepy.Kiwi()
    wrong = set()
    for example in dataset.examples:
        end = example.answers[0].end
        last = next(m for m in kiwi.tokenize(example.context) if m.start < end <= m.end)
        if last.end != end or last.tag.startswith("J"):
            wrong.add(example.id.removeprefix("mini-ko-"))
    assert wrong == UNKNOWN_NAMES


def test_kinds_and_subjects_are_balanced(raw):
    questions = [q for article in raw for p in article["paragraphs"] for q in p["qas"]]
    kinds = Counter(q["type"] for q in questions)
    subjects = Counter(article["subject"] for article in raw)
    print(f"\n{len(questions)} questions: {dict(kinds.most_common())}\n{len(raw)} passages: {dict(subjects)}")
    assert set(kinds) == KINDS
    assert min(kinds.values()) > 0.08 * len(questions)
    assert max(kinds.values()) < 0.17 * len(questions)
    assert len(subjects) == 13
    assert max(subjects.values()) - min(subjects.values()) <= 1


def test_blind_reading_agrees_as_the_card_says():
    reading = json.loads((FOLDER / "mini-ko-blind-reading.json").read_text(encoding="utf-8"))
    exact = [metrics.exact_match(r["blind"], [r["gold"]]) for r in reading.values()]
    f1 = [metrics.f1(r["blind"], [r["gold"]]) for r in reading.values()]
    figures = f"{len(reading)} questions, EM {100 * sum(exact) / len(exact):.1f}, F1 {100 * sum(f1) / len(f1):.1f}"
    print("\n" + figures)
    assert figures in (FOLDER / "README.md").read_text(encoding="utf-8")

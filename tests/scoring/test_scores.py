"""A run's scores from its predictions table."""

import math
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

from core.scoring.scores import MEASURES, Measure, RunScores
from tests.comparing import factory


@pytest.fixture
def table():
    return pd.DataFrame(
        {
            "paragraph": [0, 0, 1, 2],
            "start": [0, 5, 3, 2],
            "end": [2, 5, 9, 3],
            "original_start": [0, 9, 3, 0],
            "original_end": [100, 2, 9, 50],
            "exact_match": [True, False, False, True],
            "f1": np.array([1, 0, 0.5, 1], np.float32),
            "loss": np.array([1.0, np.nan, 3.0, 2.0], np.float32),
            "start_correct": [True, False, True, True],
            "end_correct": [True, False, False, False],
            "original_contains": [True, False, True, True],
            "original_exact": [False, False, True, False],
            "gold_covered": [True, False, True, True],
        }
    )


def test_the_figures_by_hand(table):
    scores = RunScores.of(table)
    assert {field.name: getattr(scores, field.name) for field in fields(scores)} == {
        "questions": 4,
        "paragraphs": 3,
        "right": 2,
        "unanswered": 1,
        "outside_window": 1,
        "measures": {
            "exact_match": 50.0,
            "f1": 62.5,
            "median_length": 1.5,
            "loss": 2.0,
            "start_accuracy": 0.75,
            "end_accuracy": 0.25,
            "accuracy_sum": 1.0,
        },
        "original": None,
        "original_head": None,
    }
    assert scores.headline() == {
        "questions": 4,
        "exact_match": 50.0,
        "f1": 62.5,
        "median_length": 1.5,
        "loss": 2.0,
        "start_accuracy": 0.75,
        "end_accuracy": 0.25,
    }


def test_the_originals_questions_have_figures_where_the_dataset_begins_with_them():
    count = 110
    right = np.arange(count) % 10 == 0
    table = factory.predictions(right).table.assign(original_end=30)
    scores = RunScores.of(table, "korquad-held-out")
    assert (scores.questions, scores.right) == (110, 11)
    assert scores.original_head is not None and scores.original is not None
    assert (scores.original_head.questions, scores.original_head.right) == (102, 11)
    assert (scores.original.count, scores.original.questions) == (11, 102)
    assert RunScores.of(table, "mini-ko").original is None


def test_an_empty_table_has_no_figures():
    scores = RunScores.of(factory.predictions([]).table)
    assert scores.questions == scores.paragraphs == scores.right == 0
    assert all(math.isnan(scores[name]) for name in MEASURES)


def test_a_new_measure_needs_nothing_but_its_entry(table, monkeypatch):
    longest = Measure("longest", "", ".0f", lambda table: float((table["end"] - table["start"]).max()))
    monkeypatch.setitem(MEASURES, "longest", longest)
    scores = RunScores.of(table)
    assert scores["longest"] == scores.headline()["longest"] == 6.0

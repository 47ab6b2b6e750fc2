"""Past answers of about the same probability."""

import pytest

from core.evaluation import confidence
from core.evaluation.confidence import Record


def test_the_nearest_past_answers_count():
    probabilities, right = [0.1, 0.2, 0.5, 0.6, 0.9], [True, True, False, True, False]
    assert confidence.record(probabilities, right, 0.55, 2) == Record(0.5, 2, 0.5, 0.6)
    assert confidence.record(probabilities, right, 0.0, 3) == Record(2 / 3, 3, 0.1, 0.5)


def test_too_few_past_answers_tell_nothing():
    assert confidence.record([0.5] * 99, [True] * 99, 0.5) is None
    assert confidence.record([], [], 0.5) is None


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="2 probabilities for 1 answers"):
        confidence.record([0.1, 0.2], [True], 0.5)

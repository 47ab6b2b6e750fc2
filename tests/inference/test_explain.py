"""Start and end probabilities, and leaving words out."""

import numpy as np
import pytest

from core.data.features import Window
from core.inference import explain, spans


def window(starts, ends, context_start=2):
    count = len(starts)
    ids = np.zeros(context_start + count + 1, np.int32)
    best = np.ones(count, bool)
    return Window(0, ids, ids, context_start, 0, np.array(starts, np.int32), np.array(ends, np.int32), best, None)


def logits(start, end):
    outside = -1e4
    return np.array([[outside, outside, *start, outside], [outside, outside, *end, outside]], np.float32)


def test_boundaries_are_the_marginals_of_the_spans():
    # Two pieces, 0-2 and 3-5: spans 0-2, 0-5 and 3-5 with scores ln 1, ln 2 and ln 6.
    made = [window([0, 3], [2, 5])]
    scores = [logits([0, np.log(3)], [0, np.log(2)])]
    starts, ends = explain.boundaries(made, scores, 5)
    assert starts == pytest.approx([3 / 9, 0, 0, 6 / 9, 0])
    assert ends == pytest.approx([0, 1 / 9, 0, 0, 8 / 9])
    best = spans.best_spans(made, scores, "가나 다라")
    assert [(s.start, s.end) for s in best] == [(3, 5), (0, 5), (0, 2)]
    assert [s.probability for s in best] == pytest.approx([6 / 9, 2 / 9, 1 / 9])


def test_boundaries_of_nothing_are_zero():
    starts, ends = explain.boundaries([window([], [])], [logits([], [])], 3)
    assert starts.tolist() == ends.tolist() == [0, 0, 0]


class _Reader:
    """Says 나 with probability 0.9 as long as the question holds "누가", else 0.2."""

    def windows(self, examples):
        made = [window([0, 1], [1, 2]) for _ in examples]
        self.asked = [example.question for example in examples]
        return [
            Window(i, w.token_ids, w.segment_ids, 2, 0, w.starts, w.ends, w.is_max_context, None)
            for i, w in enumerate(made)
        ]

    def logits(self, made):
        return [logits([0, 9 if "누가" in question else -9], [0, 0]) for question in self.asked]


def test_leaving_out_the_word_that_matters_changes_the_answer():
    reader = _Reader()
    whole = spans.Span(1, 2, 0.9)
    found = explain.leave_one_out(reader, "누가  왔는가", "가나", whole)
    assert [(a.word, a.question) for a in found] == [("누가", "왔는가"), ("왔는가", "누가")]
    assert (found[0].answer.start, found[0].answer.end) in {(0, 1), (0, 2)}
    assert found[0].probability < 0.001 and found[1].probability > 0.99
    assert (found[1].answer.start, found[1].answer.end) == (1, 2)


def test_a_question_of_one_word_has_nothing_to_leave_out():
    assert explain.leave_one_out(_Reader(), "누가", "가나", spans.Span(1, 2, 0.9)) == []

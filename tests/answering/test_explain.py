"""Start and end probabilities, leaving words out, and attention."""

import numpy as np
import pytest

from core import config
from core.answering import explain, spans
from core.answering.reader import Reader, Reading
from core.data.tokenizer import Tokenizer
from core.data.windows import Window
from core.modeling import tensors
from core.modeling.numpy_bert import Network


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
    starts, ends = explain.boundaries(Reading([], "가나 다라", made, scores, 1.0))
    assert starts == pytest.approx([3 / 9, 0, 0, 6 / 9, 0])
    assert ends == pytest.approx([0, 1 / 9, 0, 0, 8 / 9])
    starts, _ = explain.boundaries(Reading([], "가나 다라", made, scores, 0.5))  # the probabilities' squares
    assert starts == pytest.approx([5 / 41, 0, 0, 36 / 41, 0])
    best = spans.best_spans(made, scores, "가나 다라")
    assert [(s.start, s.end) for s in best] == [(3, 5), (0, 5), (0, 2)]
    assert [s.probability for s in best] == pytest.approx([6 / 9, 2 / 9, 1 / 9])


def test_boundaries_of_nothing_are_zero():
    starts, ends = explain.boundaries(Reading([], "   ", [window([], [])], [logits([], [])], 1.0))
    assert starts.tolist() == ends.tolist() == [0, 0, 0]


class _Reader:
    """Says 나 with probability 0.9 as long as the question holds "누가", else 0.2."""

    temperature, lengths, settings = 1.0, None, config.RunConfig()

    def windows(self, examples):
        made = [window([0, 2], [1, 3]) for _ in examples]
        self.asked = [example.question for example in examples]
        return [
            Window(i, w.token_ids, w.segment_ids, 2, 0, w.starts, w.ends, w.is_max_context, None)
            for i, w in enumerate(made)
        ]

    def logits(self, made):
        return [logits([0, 9 if "누가" in question else -9], [0, 0]) for question in self.asked]


def test_leaving_out_the_word_that_matters_changes_the_answer():
    reader = _Reader()
    whole = spans.Span(2, 3, 0.9)
    found = explain.leave_one_out(reader, "누가  왔는가", "가 나", whole)
    assert [(a.word, a.question) for a in found] == [("누가", "왔는가"), ("왔는가", "누가")]
    assert (found[0].answer.start, found[0].answer.end) in {(0, 1), (0, 3)}
    assert found[0].probability < 0.001 and found[1].probability > 0.99
    assert (found[1].answer.start, found[1].answer.end) == (2, 3)


def test_a_question_of_one_word_has_nothing_to_leave_out():
    assert explain.leave_one_out(_Reader(), "누가", "가 나", spans.Span(2, 3, 0.9)) == []


def test_a_readers_temperature_holds_for_shorter_questions_too():
    reader = _Reader()
    reader.temperature = 9.0
    found = explain.leave_one_out(reader, "누가  왔는가", "가 나", spans.Span(2, 3, 0.9))
    # Three spans, of which 나 alone begins at the second piece, with a score of 9: e / (e + 1 + 1).
    assert found[1].probability == pytest.approx(np.e / (np.e + 2))
    assert found[1].answer.probability == found[1].probability


QUESTION, CONTEXT = "직지는  어디에서 찍었는가?", "직지는 청주 흥덕사에서 찍은 책이다. " * 3


@pytest.fixture(scope="module")
def named():
    """The tensors of a network of two layers, its weights large enough for attention to be far from even."""
    rng = np.random.default_rng(5)
    return {
        row.name: (rng.normal(0, 0.5, row.shape) + row.name.endswith("Norm.weight")).astype(np.float32)
        for row in tensors.table(shape_of(2))
    }


def shape_of(layers, heads=2):
    changes = {"model.hidden_dim": 8, "model.num_layers": layers, "model.num_heads": heads, "model.intermediate_dim": 4}
    return config.override(config.variant("base"), changes).model


def make_reader(named, **features):
    changes = {f"features.{name}": value for name, value in features.items()}
    settings = config.override(config.variant("base"), changes)
    return Reader(Network(shape_of(2), named, "test"), Tokenizer.load(), settings)


def by_hand(named, token_ids, segment_ids):
    """The last layer's attention weights (H, T, T), straight from the definition, in float64."""
    w = {name: value.astype(np.float64) for name, value in named.items()}

    def dense(x, name):
        return x @ w[name + ".weight"].T + w[name + ".bias"]

    def norm(x, name):
        spread = np.sqrt(x.var(axis=1, keepdims=True) + 1e-3)
        return (x - x.mean(axis=1, keepdims=True)) / spread * w[name + ".weight"] + w[name + ".bias"]

    tables = [w[f"bert.embeddings.{name}_embeddings.weight"] for name in ("word", "token_type", "position")]
    x = norm(tables[0][token_ids] + tables[1][segment_ids] + tables[2][: len(token_ids)], "bert.embeddings.LayerNorm")
    for prefix in ("bert.encoder.layer.0.", "bert.encoder.layer.1."):
        query, key, value = (dense(x, f"{prefix}attention.self.{name}") for name in ("query", "key", "value"))
        found, attended = [], []
        for head in (slice(0, 4), slice(4, 8)):
            scores = np.exp(query[:, head] @ key[:, head].T / np.sqrt(4))
            found.append(scores / scores.sum(axis=1, keepdims=True))
            attended.append(found[-1] @ value[:, head])
        x = norm(
            x + dense(np.hstack(attended), prefix + "attention.output.dense"), prefix + "attention.output.LayerNorm"
        )
        hidden = dense(x, prefix + "intermediate.dense")
        hidden = 0.5 * hidden * (1 + np.tanh(np.sqrt(2 / np.pi) * (hidden + 0.044715 * hidden**3)))
        x = norm(x + dense(hidden, prefix + "output.dense"), prefix + "output.LayerNorm")
    return np.array(found)


def test_attention_is_the_last_layers_mean_over_heads_and_answer_pieces_summed_over_a_words_pieces(named):
    reader = make_reader(named)
    reading = reader.read(QUESTION, CONTEXT)
    best = reading.spans[0]
    (window,) = reading.windows
    expected = by_hand(named, window.token_ids, window.segment_ids)
    assert expected.sum(axis=2) == pytest.approx(1)  # every row is a distribution

    rows = [
        window.context_start + i
        for i, (start, end) in enumerate(zip(window.starts, window.ends, strict=True))
        if start < best.end and end > best.start
    ]
    row = np.mean([expected[head, i] for head in (0, 1) for i in rows], axis=0)
    encoding = reader.tokenizer.encode(QUESTION)
    words = np.zeros(3)
    for i, (start, end) in enumerate(zip(encoding.starts, encoding.ends, strict=True)):
        place = max(start, end - 1)
        words[0 if place < 3 else 1 if place < 9 else 2] += row[1 + i]
    assert len(encoding) > 3  # or no word has several pieces
    found = explain.attention(reader, QUESTION, reading, best)
    assert found == pytest.approx(words, rel=1e-3)
    passage = row[0] + row[window.context_start - 1 :].sum()
    assert found.sum() + passage == pytest.approx(1, abs=1e-4)
    assert found.max() > 1.2 * found.min()


def test_attention_looks_at_the_window_that_the_answer_is_from(named):
    reader = make_reader(named)
    reading = reader.read(QUESTION, CONTEXT * 60)
    assert len(reading.windows) > 2
    for answer in reading.spans:
        found = explain.attention(reader, QUESTION, reading, answer)
        assert found.shape == (3,) and 0 < found.sum() < 1


def test_words_that_are_cut_off_get_no_attention(named):
    reader = make_reader(named, max_query_length=2)
    reading = reader.read(QUESTION, CONTEXT)
    found = explain.attention(reader, QUESTION, reading, reading.spans[0])
    assert found[0] > 0 and found[-1] == 0

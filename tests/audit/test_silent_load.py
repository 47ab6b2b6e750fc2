"""A load by name that takes nothing and says nothing, beside the strict one."""

import pytest

from core.audit import silent_load
from core.config import ModelConfig
from core.modeling import interchange
from core.modeling.bert import BertForQuestionAnswering

TINY = ModelConfig(vocab_size=20, hidden_dim=8, num_layers=1, num_heads=2, intermediate_dim=16, max_sequence_length=10)


def test_known_names_are_taken_and_the_others_passed_over_in_silence():
    model, source = BertForQuestionAnswering(TINY), interchange.tensors(BertForQuestionAnswering(TINY))
    name = "bert.embeddings.word_embeddings.weight"
    before = interchange.tensors(model)
    assert silent_load.load_by_name(model, {name: source[name], "another/name": source[name]}) == 1
    after = interchange.tensors(model)
    assert (after.pop(name) == source[name]).all()
    assert all((after[other] == before[other]).all() for other in after)
    assert silent_load.load_by_name(model, source) == len(source)


def test_a_tensor_of_another_shape_is_passed_over_too():
    model = BertForQuestionAnswering(TINY)
    name = "bert.embeddings.word_embeddings.weight"
    assert silent_load.load_by_name(model, {name: interchange.tensors(model)[name][:5]}) == 0


def test_the_demonstration():
    found = silent_load.demonstrate(TINY, other_layers=2)
    # Three tables and a norm of two, sixteen a layer, two of the head.
    assert found["tensors"] == 3 + 2 + 16 + 2
    assert found["loads"] == [
        {"layers": 1, "matched": 0, "distance": pytest.approx(0)},
        {"layers": 2, "matched": 0, "distance": pytest.approx(0)},
    ]
    assert found["differences"] == (found["tensors"] + 16) + found["tensors"]  # missing and unknown ones
    assert "bert.embeddings.word_embeddings.weight is missing" in found["strict"]
    assert "bert/embeddings/word_embeddings/weight is unknown" in found["strict"]

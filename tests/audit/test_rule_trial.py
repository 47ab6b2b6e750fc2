"""The counting rule on trial: answers made longer, and what was stored."""

import numpy as np
import pytest

from core.audit import rule_trial
from core.scoring import original_rule
from tests.comparing.factory import dataset, example

CONTEXT = "조선의 장군 이순신은 1545년 서울에서 태어났다."
MADE_UP = dataset(example(CONTEXT, "이순신", name="a"), example(CONTEXT, "서울", name="b"))


def test_longer_answers_are_right_more_often_and_exact_less_often():
    # "장군" and "서울": the first comes to hold its gold answer with the next word, the second loses its exact match.
    starts = [CONTEXT.index("장군"), CONTEXT.index("서울")]
    found = rule_trial.lengthened(MADE_UP.examples, starts, [starts[0] + 2, starts[1] + 2], 2)
    assert found["words"].tolist() == [0, 1, 2]
    assert found["contains"].tolist() == [1, 2, 2]
    assert found["exact_match"].tolist() == [1, 0, 0]
    assert found["contains_share"].tolist() == [50, 100, 100]
    assert found["exact_match_share"].tolist() == [50, 0, 0]
    assert found["median_length"].tolist() == [2, (7 + 4) / 2, (13 + 10) / 2]
    # Characters without spaces: none and both of two; three of "장군이순신은" (3/6, 3/3) and two of "서울에서".
    assert found["f1"][:2].tolist() == pytest.approx([100 * (0 + 1) / 2, 100 * (2 / 3 + 2 / 3) / 2])


def test_words_are_added_one_after_the_other_as_all_at_once():
    found = rule_trial.lengthened(MADE_UP.examples, [0, 4], [1, 6], 4)
    for words in range(5):
        spans = original_rule.lengthen(MADE_UP.examples, [0, 4], [1, 6], words)
        assert found["contains"][words] == original_rule.judge(MADE_UP.examples, *spans).count


def test_an_empty_answer_is_never_right():
    found = rule_trial.lengthened(MADE_UP.examples[:1], [5], [5], 0)
    assert found.loc[0, ["contains", "exact_match", "f1"]].tolist() == [0, 0, 0]


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "trial.parquet"
    free = {3: ([0, 0], [len(CONTEXT), len(CONTEXT)])}
    table = rule_trial.conduct(MADE_UP, {3: ([0, 9], [len(CONTEXT), 3]), 4: ([7, 18], [10, 20])}, free)
    rule_trial.write(table, MADE_UP, {"tensors": 2}, path)
    found = rule_trial.read(path)
    assert (found.dataset, found.dataset_sha256) == (MADE_UP.name, MADE_UP.sha256)
    assert found.silent_load == {"tensors": 2}
    assert (found.whole_passage.count, found.whole_passage.exact_count) == (2, 0)
    assert found.first_characters.count == 2
    assert {seed: (one.count, one.exact_count) for seed, one in found.untrained.items()} == {3: (1, 0), 4: (2, 2)}
    assert found.untrained[3].lengths.tolist() == [len(CONTEXT), 0]
    assert {seed: one.count for seed, one in found.anywhere.items()} == {3: 2}
    assert rule_trial.counts(found.untrained).tolist() == [1, 2]
    assert (rule_trial.most_exact(found.untrained), rule_trial.most_exact(found.anywhere)) == (2, 0)


def test_the_stored_trial_holds_no_text():
    found = rule_trial.read()
    assert found.dataset == "korquad-held-out"
    assert set(found.untrained) == set(found.anywhere) == set(rule_trial.SEEDS)
    masked, anywhere = rule_trial.counts(found.untrained), rule_trial.counts(found.anywhere)
    assert (masked[0], masked[-1]) == (8, 23)
    assert anywhere[0] < masked[0] and anywhere[-1] > 2 * masked[-1]
    words = rule_trial.untrained_message(found, 53).text("en")
    assert f"score {anywhere[0]} to {anywhere[-1]}" in words and "score 8 to 23" in words
    assert all(len(one.contains) == original_rule.QUESTIONS for one in found.untrained.values())
    assert found.whole_passage.count == 102
    assert max(one.exact_count for one in found.untrained.values()) <= 2
    loads = found.silent_load["loads"]
    assert [(load["layers"], load["matched"], load["distance"]) for load in loads] == [(3, 0, 0.0), (6, 0, 0.0)]


def test_the_stored_trial_is_what_the_text_gives(korquad_dev):
    held_out = korquad_dev.subset_articles(0, 35, "korquad-held-out")
    found = rule_trial.read()
    assert found.dataset_sha256 == held_out.sha256
    examples = held_out.examples[: original_rule.QUESTIONS]
    for stored, spans in (
        (found.whole_passage, original_rule.whole_context(examples)),
        (found.first_characters, original_rule.first_characters(examples, rule_trial.CHARACTERS)),
    ):
        result = original_rule.judge(examples, *spans)
        assert np.array_equal(stored.contains, result.contains)
        assert np.array_equal(stored.exact, result.exact)
        assert np.array_equal(stored.lengths, result.lengths)

"""KorQuAD's official scores against hand-computed cases and an independent transcription of the rules."""

import random
import re
import string
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from core.scoring import metrics
from tests.comparing.factory import dataset, example


def official_normalize(answer: str) -> str:
    """The official script's steps, written out from the rules: no code of the product."""
    for symbol in "'\"《》<>〈〉()‘’":
        answer = re.sub(re.escape(symbol), " ", answer)
    answer = answer.lower()
    answer = "".join(character for character in answer if character not in set(string.punctuation))
    return " ".join(answer.split())


def official_f1(prediction: str, gold: str) -> float:
    guessed = [character for word in official_normalize(prediction).split() for character in word]
    wanted = [character for word in official_normalize(gold).split() for character in word]
    same = sum((Counter(guessed) & Counter(wanted)).values())
    if same == 0:
        return 0
    precision = 1.0 * same / len(guessed)
    recall = 1.0 * same / len(wanted)
    return (2 * precision * recall) / (precision + recall)


def official_exact_match(prediction: str, gold: str) -> bool:
    return official_normalize(prediction) == official_normalize(gold)


def perturb(text: str, chance: random.Random) -> str:
    """Changes an answer as models do: particles, cuts, brackets, punctuation, case, white space."""
    kinds = [
        lambda: text,
        lambda: text + chance.choice(["은", "는", "에서", "으로", "이라고", "의"]),
        lambda: text[: chance.randrange(len(text) + 1)],
        lambda: text[chance.randrange(len(text)) :],
        lambda: chance.choice(["《{}》", "<{}>", "‘{}’", "({})", "〈{}〉", '"{}"', "'{}'", "「{}」"]).format(text),
        lambda: text + chance.choice([".", ",", "!", "。", " - ", "%", "…", ")"]),
        lambda: text.upper(),
        lambda: text.swapcase(),
        lambda: " ".join(text),
        lambda: text.replace(" ", ""),
        lambda: f"\u00a0{text}\u3000\n",
        lambda: "".join(chance.sample(text, len(text))),
        lambda: "",
        lambda: "Σ. İ (ŒUVRE) " + text,
    ]
    return chance.choice(kinds)()


@pytest.mark.parametrize(
    ("prediction", "gold", "right", "f1"),
    [
        ("이순신", "이순신", True, 1.0),
        ("이순신은", "이순신", False, 6 / 7),  # 3 of 4, 3 of 3: 2 * .75 * 1 / 1.75
        ("《춘향전》", "춘향전", True, 1.0),
        ("춘향전(春香傳)", "춘향전", False, 2 * 0.5 / 1.5),
        ("The BEST", "the best", True, 1.0),  # English articles stay, unlike SQuAD
        ("best", "the best", False, 8 / 11),  # 4 of 4, 4 of 7
        ("서울 시", "서울시", False, 1.0),  # spaces count for EM and not for F1
        ("1,234", "1234", True, 1.0),
        ("ㄱㄱㄴ", "ㄱㄴㄴ", False, 2 / 3),  # multiset: one ㄱ and one ㄴ in common
        ("부산", "서울", False, 0.0),
        ("", "서울", False, 0.0),
        ("。", "。", True, 1.0),  # not ASCII: stays
    ],
)
def test_hand_computed_cases(prediction, gold, right, f1):
    assert metrics.exact_match(prediction, [gold]) is right
    assert metrics.f1(prediction, [gold]) == pytest.approx(f1, abs=1e-15)


def test_the_best_gold_counts_for_each_score():
    assert metrics.exact_match("서울", ["부산", "서울"])
    assert metrics.f1("서울시", ["부산", "서울", "서울시청"]) == metrics.f1("서울시", ["서울시청"]) == 6 / 7


def test_official_scores_agree_to_the_last_digit_on_perturbed_gold_answers(korquad_dev):
    assert len(korquad_dev.examples) == 5774
    chance = random.Random(20240101)
    counts = Counter()
    for one in korquad_dev.examples:
        golds = [gold.text for gold in one.answers]
        guess = perturb(golds[0], chance)
        right = any(official_exact_match(guess, gold) for gold in golds)
        assert metrics.exact_match(guess, golds) is right, (one.id, guess)
        assert metrics.f1(guess, golds) == max(official_f1(guess, gold) for gold in golds), (one.id, guess)
        counts[right] += 1
    assert min(counts.values()) > 1000  # the perturbations do reach both sides


def test_score_agrees_with_the_scores_of_single_answers(korquad_dev):
    chance = np.random.default_rng(0)
    start = np.array([max(0, one.answers[0].start + chance.integers(-2, 3)) for one in korquad_dev.examples])
    end = [
        min(len(one.context), s + len(one.answers[0].text)) for one, s in zip(korquad_dev.examples, start, strict=True)
    ]
    spans = pd.DataFrame({"id": [one.id for one in korquad_dev.examples], "start": start, "end": end})
    table = metrics.score(korquad_dev, spans.sample(frac=1, random_state=0))
    assert table["id"].tolist() == [one.id for one in korquad_dev.examples]
    for one, row in zip(korquad_dev.examples, table.itertuples(), strict=True):
        guess = one.context[row.start : row.end]
        assert row.exact_match == official_exact_match(guess, one.answers[0].text)
        assert row.f1 == official_f1(guess, one.answers[0].text)


def test_score_fills_every_column():
    context = "서울은 대한민국의 수도이고 부산은 항구이다."
    data = dataset(
        example(context, ["대한민국", "서울"], name="two", paragraph=4),
        example(context, "부산", name="josa", paragraph=4),
        example(context, "부산", name="none", paragraph=5),
    )
    josa = context.index("부산")
    spans = pd.DataFrame(
        {
            "id": ["none", "josa", "two"],
            "start": [3, josa, 0],
            "end": [3, josa + 3, 2],
            "original_start": [0, josa, 5],
            "original_end": [len(context), josa + 3, 2],
            "gold_covered": [True, True, True],
        }
    )
    table = metrics.score(data, spans).set_index("id")
    assert table.index.tolist() == ["two", "josa", "none"]
    assert table["paragraph"].tolist() == [4, 4, 5]
    assert table["exact_match"].tolist() == [True, False, False]
    assert table["f1"].tolist() == [1.0, 0.8, 0.0]
    assert table.loc["two", ["gold_start", "gold_end"]].tolist() == [0, 2]  # the gold with the best F1
    assert table["error_type"].tolist() == ["exact", "josa", "empty"]
    assert table["original_contains"].tolist() == [False, True, True]
    assert table["original_exact"].tolist() == [False, False, False]


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        ({"id": ["q"], "start": [0], "end": [1]}, "1 questions have no row, the first is 'r'"),
        ({"id": ["q", "q"], "start": [0, 0], "end": [1, 1]}, "'q' is answered twice"),
        ({"id": ["q", "r", "x"], "start": [0] * 3, "end": [1] * 3}, "'x' is not in dataset"),
        ({"id": ["q", "r"], "start": [0, 2], "end": [1, 1]}, "'r' is not inside"),
        ({"id": ["q", "r"], "start": [0, 0], "end": [1, 99]}, "'r' is not inside"),
    ],
)
def test_score_refuses_rows_that_do_not_fit(spans, message):
    data = dataset(example("서울은", "서울", name="q"), example("서울은", "서울", name="r"))
    with pytest.raises(ValueError, match=message):
        metrics.score(data, pd.DataFrame(spans))

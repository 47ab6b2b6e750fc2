"""The measurement behind a run's calibrated probabilities, against a count by hand over a tiny run's answers."""

from dataclasses import replace

import numpy as np
import pytest

from core.answering import calibration, spans
from core.answering.reader import Reader
from core.data import catalogue, korean
from core.data.formats import Answer, Example
from core.scoring import metrics
from core.scoring.calibration import calibrate as bins_of


@pytest.fixture(scope="module")
def reader(tiny_run):
    return Reader.load(tiny_run)


@pytest.fixture(scope="module")
def examples(tiny_run):
    return catalogue.load(tiny_run.path.parent.parent / "small.json").examples[:40]


def likelihood(reader, examples, temperature):
    """Mean log-probability of the gold answer's whole words, from the distribution; how many questions have one."""
    found = []
    for example, windows, logits in reader.each(examples):
        starts, ends, probabilities = spans.distribution(
            windows, logits, example.context, temperature=temperature, lengths=reader.lengths
        )
        first, last = korean.edges(example.context)
        for window in windows:
            if window.target:
                start, end = (piece - window.context_start for piece in window.target)
                same = (starts == first[window.starts[start]]) & (ends == last[window.ends[end]])
                if same.any():
                    found.append(float(np.log(probabilities[same].item())))
                break
    return np.mean(found), len(found)


def test_no_other_temperature_makes_the_gold_answers_more_probable(reader, examples):
    found = calibration.measure(reader, examples)
    best, kept = likelihood(reader, examples, found["temperature"])

    assert kept == len(examples) - found["left_out"] > 30
    assert found["questions"] == len(examples)
    for factor in (0.95, 1.05):
        assert likelihood(reader, examples, found["temperature"] * factor)[0] < best


def test_errors_and_bins_compare_the_shown_probability_with_exact_match(reader, examples):
    found = calibration.measure(reader, examples)
    for temperature, error in ((1.0, found["error_before"]), (found["temperature"], found["error_after"])):
        shown, right = [], []
        for example, windows, logits in reader.each(examples):
            best = spans.best_spans(
                windows, logits, example.context, 1, temperature=temperature, lengths=reader.lengths
            )[0]
            shown.append(best.probability)
            right.append(metrics.exact_match(example.context[best.start : best.end], [example.answers[0].text]))
        expected = bins_of(shown, right)
        assert error == pytest.approx(expected.error, abs=1e-5)
    assert [b["count"] for b in found["bins"]] == expected.count.tolist()
    assert [b["confidence"] for b in found["bins"]] == pytest.approx(expected.confidence.tolist(), abs=1e-5)
    assert [b["accuracy"] for b in found["bins"]] == expected.accuracy.tolist()
    assert [(b["low"], b["high"]) for b in found["bins"]] == list(zip(expected.low, expected.high, strict=True))


def test_what_cannot_be_answered_is_left_out_of_the_fit_and_counted_as_wrong(reader, examples):
    """An answer of sixty words is too long to be given; a passage of white space has no answer at all."""
    long = " ".join(f"말{n}" for n in range(60))
    unreachable = [
        Example("long", "무엇인가?", long, (Answer(long, 0),), "", 0, 0),
        Example("none", "무엇인가?", " ", (Answer(" ", 0),), "", 1, 1),
    ]
    alone, more = (calibration.measure(reader, [*examples, *extra]) for extra in ([], unreachable))

    assert (more["questions"], more["left_out"]) == (alone["questions"] + 2, alone["left_out"] + 2)
    assert more["temperature"] == pytest.approx(alone["temperature"], rel=1e-3)
    assert sum(b["count"] for b in more["bins"]) == alone["questions"] + 2
    right = [sum(b["accuracy"] * b["count"] for b in found["bins"]) for found in (more, alone)]
    assert right[0] == pytest.approx(right[1])


def test_progress_ends_with_every_question(reader, examples):
    seen = []
    calibration.measure(
        reader, [replace(e, id=str(n)) for n, e in enumerate([*examples] * 7)], lambda *at: seen.append(at)
    )
    assert seen == [(256, 280), (280, 280)]

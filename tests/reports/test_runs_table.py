"""What the README's table says of a run's pre-training."""

from core.reports.runs_table import _pretraining

FIRST = {
    "name": "first",
    "steps": 6000,
    "tokens": 24_200_000,
    "objectives": {"mix": {"span": 1, "order+mlm": 0.5, "mlm": 0}},
}


def test_pre_trainings_are_told_in_their_order_with_their_texts():
    second = {**FIRST, "name": "second", "trained_on": [{"name": "/data/b.txt"}], "started_from": FIRST}
    # The first is of an earlier version, which did not record the text.
    first = "`first`: 6,000, 24.2 M, mlm + order + span"
    assert _pretraining(second) == f"{first}; then `second`{first.removeprefix('`first`')}, b.txt"
    assert _pretraining(None) == "none"
    assert _pretraining({**FIRST, "steps": None, "objectives": None}) == "`first`"

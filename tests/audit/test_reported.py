"""The original's figures, the audit of its claims, and ours beside them, on tables whose answers are known."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from core.audit import claims, reported
from core.audit import notes as reported_notes
from core.audit.reported import DATASET, Claim, Row
from core.store.runs import Store
from tests.comparing import factory
from tests.pages import store_fixture

SAID = reported.load()


def test_its_table_is_consistent():
    assert SAID.questions == 102
    assert [run.right for run in SAID.runs] == [27, 29, 30, 30]
    assert all(run.right + run.failed == SAID.questions for run in SAID.runs)
    embeddings = 32007 * 256 + 384 * 256 + 2 * 256 + 512
    layer = 4 * (256 * 256 + 256) + 2 * 512 + (256 * 1024 + 1024) + (1024 * 256 + 256)
    assert [run.parameters for run in SAID.runs] == [embeddings + run.layers * layer + 514 for run in SAID.runs]
    assert all(run.heads * run.head_dim == 256 for run in SAID.runs)


def test_its_claims_against_its_own_counts():
    audits = {claim.name: claims.audit(claim) for claim in SAID.claims}
    assert {name: audit.counted for name, audit in audits.items()} == {"pretraining": 2, "layers": 1, "heads": 0}
    assert {name: audit.claim.more for name, audit in audits.items()} == {"pretraining": 3, "layers": 1, "heads": 1}
    first = audits["pretraining"]
    assert first.accuracy == pytest.approx(0.0065)
    assert first.loss == pytest.approx(8.3147 - 7.9648)
    kinds = {name: [finding.kind for finding in audit.findings] for name, audit in audits.items()}
    assert kinds == {
        "pretraining": ["count", "measures", "accuracy"],
        "layers": ["count", "setting", "confounded", "measures"],
        "heads": ["count", "quoted", "measures"],
    }
    said = {name: " ".join(f.text("en") for f in audit.findings) for name, audit in audits.items()}
    assert "27 → 29 of 102: 2 more, not 3" in said["pretraining"]
    assert "contradict each other" in said["pretraining"]
    assert "29 → 30 of 102: 1 more, as claimed" in said["layers"]
    assert "4 → 6 layers; its settings say 3 → 6" in said["layers"]
    assert "0.0005 → 0.0001" in said["layers"]
    assert "30 → 30 of 102: none more, where 1 is claimed" in said["heads"]
    assert "Both say worse" in said["heads"]


@pytest.mark.parametrize(("name", "best", "worst"), [
    ("pretraining", (0, 2, 0.5), (27, 29, 0.8939)),  # 2 * 2^-2; without a common question
    ("layers", (0, 1, 1.0), (29, 30, 1.0)),
    ("heads", (0, 0, 1.0), (30, 30, 1.0)),
])  # fmt: skip
def test_what_its_counts_can_give(name, best, worst):
    audit = claims.audit(next(claim for claim in SAID.claims if claim.name == name))
    for split, (lost, gained, p) in ((audit.best, best), (audit.worst, worst)):
        assert (split.lost, split.gained) == (lost, gained)
        assert split.p == pytest.approx(p, abs=1e-4)
    assert audit.need.values["reaches"] == ("no" if name == "pretraining" else "one")


def test_a_net_gain_of_two_never_reaches_the_threshold():
    splits = claims.possible_splits(27, 29, 102)
    assert [(split.lost, split.gained) for split in splits] == [(lost, lost + 2) for lost in range(28)]
    assert min(split.p for split in splits) == 0.5
    assert all(split.p <= after.p for split, after in pairwise(splits))


def test_possible_splits_respect_the_number_of_questions():
    # 3 of 4 and 3 of 4 have at least 2 in common: one lost and one gained at most.
    assert [(s.lost, s.gained, s.p) for s in claims.possible_splits(3, 3, 4)] == [(0, 0, 1.0), (1, 1, 1.0)]


def test_least_gains():
    by_hand = [(0, 6, 2 / 2**6), (1, 8, 2 * (1 + 9) / 2**9), (2, 10, 2 * (1 + 12 + 66) / 2**12)]
    found = claims.least_gains(2)
    assert [(split.lost, split.gained) for split in found] == [(lost, gained) for lost, gained, _ in by_hand]
    assert [split.p for split in found] == pytest.approx([p for *_, p in by_hand])
    for split in found:  # one fewer does not do
        assert claims.possible_splits(split.lost, split.gained - 1, 1000)[-1].p >= 0.05
    assert claims.best_p(np.arange(7)).tolist() == [1, 1, 0.5, 0.25, 0.125, 0.0625, 0.03125]


def test_what_a_test_needs_on_its_questions():
    need = claims.need()
    d = need.favourable / 100
    assert 102 * d == pytest.approx((1.959964 + 0.841621 * math.sqrt(1 - d)) ** 2, rel=1e-5)
    assert d == pytest.approx(0.0752, abs=1e-4)
    p = [run.right / 102 for run in SAID.runs]
    discordance = np.mean([p[i] + p[i + 1] - 2 * p[i] * p[i + 1] for i in range(3)])
    d = need.unrelated / 100
    root = 1.959964 * math.sqrt(discordance) + 0.841621 * math.sqrt(discordance - d**2)
    assert 102 == pytest.approx((root / d) ** 2, rel=1e-5)
    assert [need.count(points) for points in (0, 50, 50.01, 100)] == [0, 51, 52, 102]


def test_a_claim_that_can_be_shown():
    a, b = (
        replace(SAID.runs[0], variant=name, right=right, failed=20 - right) for name, right in (("x", 4), ("y", 11))
    )
    said = replace(SAID, questions=20, runs=(a, b))
    audit = claims.audit(Claim("pretraining", "x", "y", 7, {}), said)
    assert (audit.counted, audit.best.lost, audit.best.gained, audit.best.p) == (7, 0, 7, 2 / 2**7)
    assert (audit.worst.lost, audit.worst.gained) == (4, 11)
    assert audit.need.values["reaches"] == "yes"
    assert "7 more, as claimed" in audit.findings[0].text("en")


# Estimates


def test_estimates_are_means_over_questions_with_a_value():
    columns = {"loss": [1.0, np.nan, 4.0, 1.0], "right": [True, False, True, False]}
    found = reported.estimates(columns, np.array([0, 0, 1, 1]), scale=4)
    assert found["loss"].value == pytest.approx(4 * 2.0)
    assert found["right"].value == 2.0
    # Both paragraphs have half of theirs right: no resample has another share.
    assert (found["right"].low, found["right"].high) == (2.0, 2.0)
    assert found["loss"].low < 8 < found["loss"].high


def test_none_right_is_not_certainly_none():
    found = reported.estimates({"exact": [0, 0, 0]}, np.array([0, 1, 1]), scale=100)["exact"]
    assert (found.value, found.low) == (0, 0)
    assert found.high == pytest.approx(100 * (1 - math.sqrt(0.05)))


def test_one_paragraph_has_no_interval():
    found = reported.estimates({"right": [1, 0], "exact": [0, 0]}, np.array([0, 0]), scale=2)
    assert math.isnan(found["right"].low) and math.isnan(found["right"].high)
    assert (found["exact"].low, found["exact"].high) == (0, pytest.approx(1.9))  # none right: the bound holds
    assert reported._figure(found["right"]).interval == reported.UNKNOWN


def test_measure_counts_by_the_rule_on_the_first_questions_alone():
    right = np.zeros(204, bool)
    right[:51] = right[102:] = True
    columns = {"loss": 2.0, "start_correct": right, "end_correct": np.arange(204) % 2 == 0}
    table = factory.predictions(right, np.arange(204) // 6, columns=columns).table
    found = reported.measure(table, 10)
    assert (found.parameters, found.questions, found.paragraphs) == (10, 204, 34)
    assert (found.right.value, found.exact.value) == (51, 51)
    assert found.exact_match.value == found.f1.value == 75
    assert found.accuracy_sum.value == pytest.approx(0.75 + 0.5)
    assert found.loss.value == 2
    assert found.median_length == 2
    assert found.right.low < 51 < found.right.high


def test_the_table_writes_ours_under_the_names_of_theirs():
    theirs = reported.reported_figures(SAID.runs[0])
    assert [figure and figure.value for figure in theirs.values()] == [
        *("10,662,914", "7.9648", "0.3000", "27", "4", "185", None, None)
    ]
    assert reported.reported_figures(SAID.runs[1])["exact"] is None
    estimate = reported.Estimate(12.3456, 9.5, 20.0)
    names = ("loss", "accuracy_sum", "right", "exact", "exact_match", "f1")
    found = reported.Measured(1000, 204, 34, median_length=3.5, **dict.fromkeys(names, estimate))
    ours = reported.measured_figures(found)
    assert list(ours) == list(theirs)
    assert [(figure.value, figure.interval) for figure in ours.values()] == [
        ("1,000", ""),
        ("12.35", "9.50–20.00"),
        ("12.346", "9.500–20.000"),
        ("12", "10–20"),
        ("12", "10–20"),
        ("3.5", ""),
        ("12.3", "9.5–20.0"),
        ("12.3", "9.5–20.0"),
    ]


# Ours


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "checkpoints")


def row(store, variant="base"):
    return reported.row(SAID.run(variant), store.list())


def test_the_run_called_like_the_variant_stands_for_it(store):
    for name in ("a", "base", "z"):
        store_fixture.finished_run(store, name, "base", steps=3, datasets=())
    assert reported.choose(store.list(), "base").name == "base"
    store.label("base", archived=True)
    assert reported.choose(store.list(), "base").name == "a"
    assert reported.choose(store.list(), "pretrained-1") is None


def test_a_finished_run_is_preferred(store):
    store_fixture.failed_run(store, "base", "base")
    assert reported.choose(store.list(), "base").name == "base"
    store_fixture.finished_run(store, "later", "base", steps=3, datasets=())
    assert reported.choose(store.list(), "base").name == "later"


def test_rows_without_a_figure_say_why_and_what_to_type(store):
    assert (row(store).state, row(store).commands) == ("untrained", ("python -m core train base",))
    train = "python -m core train pretrained-3"
    each = [f"python -m core pretrain {name}" for name in ("encoder-3x4", "encoder-6x4", "encoder-6x8")]
    assert row(store, "pretrained-3").commands == (*each, train)
    store_fixture.finished_run(store, "encoder-6x4", "base", steps=3, datasets=())
    assert row(store, "pretrained-3").commands == (each[2], train)
    store_fixture.finished_run(store, "encoder-6x8", "base", steps=3, datasets=())
    assert row(store, "pretrained-3").commands == (train,)
    store_fixture.stopped_run(store, "base")
    stopped = Store(store.root).list()
    found = reported.row(SAID.run("base"), [run for run in stopped if run.name == "base"])
    assert (found.state, found.commands) == ("unfinished", ("python -m core train base --name base --resume",))
    store_fixture.running_run(store, "pretrained-1", "pretrained-1")
    assert (row(store, "pretrained-1").state, row(store, "pretrained-1").commands) == ("unfinished", ())
    run = store_fixture.finished_run(store, "pretrained-2", "pretrained-2", steps=3, datasets=())
    found = row(store, "pretrained-2")
    assert (found.state, found.commands) == ("unjudged", (f"python -m core predict pretrained-2 --dataset {DATASET}",))
    store_fixture.write_predictions(run.path, DATASET)
    assert row(store, "pretrained-2").state == "measured"
    run.predictions_path(DATASET).write_bytes(b"PAR1")
    found = row(store, "pretrained-2")
    assert found.state == "unreadable"
    assert "half-written" in found.problem


def test_notes_come_from_the_run(store):
    run = store_fixture.finished_run(store, "base", "base", steps=3, datasets=(DATASET,))
    notes = {note.kind: note for note in reported_notes.notes(run, row(store).measured)}
    assert list(notes) == ["data", "dropout", "fresh", "windows", "schedule"]
    assert notes["data"].values["trained"] == "4,100"
    assert notes["data"].values["held_back"] == "517"
    assert notes["data"].values["judged"] == "306"
    assert notes["data"].values["reported_trained"] == "59,977"
    assert notes["data"].values["seen"] == "no"
    assert notes["dropout"].values == {"acts": "yes", "rate": "0.1"}
    assert notes["windows"].values["slides"] == "yes"
    assert notes["windows"].values["reported_dropped"] == 60_407 - 59_977
    for note in notes.values():
        assert note.text("ko") and note.text("en")


def test_notes_tell_a_run_that_did_as_the_original(store):
    run = store_fixture.finished_run(store, "base", "original-recipe", steps=3, datasets=(DATASET,))
    trained = {"train": [{"name": "korquad-dev", "sha256": reported_notes._hash(), "questions": 5774}]}
    run = replace(run, info=run.info | {"datasets": trained})
    measured = reported.measure(reported.read(run).table, 1)
    notes = {note.kind: note.values for note in reported_notes.notes(run, measured)}
    assert notes["dropout"]["acts"] == "no"
    assert notes["windows"]["slides"] == "no"
    assert notes["schedule"]["schedule"] == "constant"
    assert notes["data"]["seen"] == "yes"


def test_what_is_on_record_of_pretrained_weights(store):
    run = store_fixture.finished_run(store, "pretrained-1", "pretrained-1", steps=3, datasets=())
    found = reported_notes.loaded(run)
    assert (found.encoder, found.from_initialisation, found.moved) == ("encoder-3x4", None, None)
    known = {"name": "e", "span_head": True, "distance_from_initialisation": 1.5, "distance_from_pretrained": 0.25}
    found = reported_notes.loaded(
        replace(run, info=run.info | {"pretrained": known, "distance_from_initialisation": 1.75})
    )
    assert (found.span_head, found.from_initialisation, found.moved, found.fine_tuned) == (True, 1.5, 0.25, 1.75)
    assert reported_notes.loaded(store_fixture.finished_run(store, "base", steps=3, datasets=())) is None


def test_ours_on_the_originals_questions_and_on_all():
    """B has 40 of the first 102 that A lacks, 4 to a paragraph, and nothing else."""
    answers = {"base": np.zeros(204, bool), "pretrained-1": np.arange(204) < 40}
    paragraphs = np.arange(204) // 4
    found = {}
    for name, right in answers.items():
        found[name] = factory.predictions(right, paragraphs, run=name, dataset=DATASET)
    rows = [Row(SAID.run(name), None, "measured") for name in answers]
    claim = SAID.claims[0]
    ours = claims.ours(claim, rows, lambda row: found[row.reported.variant])
    assert (ours.by_rule.questions, ours.exact.questions, ours.on_all.questions) == (102, 102, 204)
    assert (ours.by_rule.criterion, ours.exact.criterion, ours.on_all.criterion) == ("substring", "exact", "exact")
    assert ours.by_rule.counts == {"both": 0, "only-a": 0, "only-b": 40, "neither": 62}
    assert ours.on_all.right.difference == pytest.approx(100 * 40 / 204)
    # 102 questions of 26 paragraphs are too few to test; all 51 paragraphs are not.
    assert (ours.by_rule.verdict.kind, ours.on_all.verdict.kind) == ("too-few", "b-better")
    assert ours.opposite is None
    assert claims.ours(SAID.claims[1], rows, lambda row: found[row.reported.variant]) is None


def test_the_rule_and_exact_match_may_point_in_opposite_directions():
    """A's long predictions contain the gold answer, B's short ones are it."""
    exact = {"base": np.zeros(120, bool), "pretrained-1": np.arange(120) < 20}
    long = {"original_contains": np.arange(120) < 60, "original_exact": False, "original_start": 0, "original_end": 90}
    found = {
        name: factory.predictions(right, run=name, columns=long if name == "base" else None, dataset=DATASET)
        for name, right in exact.items()
    }
    rows = [Row(SAID.run(name), None, "measured") for name in exact]
    ours = claims.ours(SAID.claims[0], rows, lambda row: found[row.reported.variant])
    assert (ours.by_rule.right.difference, ours.on_all.right.difference) == pytest.approx((-100 * 40 / 102, 100 / 6))
    assert ours.opposite.values == {"a": "90", "b": "2"}


def test_a_table_without_the_rules_answers_is_not_measured():
    table = factory.predictions([True] * 110).table
    table["original_start"] = pd.Series(np.nan, index=table.index)
    with pytest.raises(reported.PredictionsError, match="trained elsewhere"):
        reported.measure(table, 1)

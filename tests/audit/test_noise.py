"""What our runs say of the noise in the original's figures, on tables whose answers are known."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.audit import claims, noise, reported
from core.audit.noise import Clustering, Noise
from core.audit.reported import DATASET
from core.store.runs import Store
from tests.comparing import factory
from tests.pages import store_fixture

CLAIM = reported.load().claims[0]
PARAGRAPHS = np.arange(204) // 6


def answers(contains, run, accurate=None):
    accurate = np.zeros(204, bool) if accurate is None else accurate
    columns = {"original_contains": contains, "start_correct": accurate, "end_correct": accurate}
    return factory.predictions(contains, PARAGRAPHS, run=run, columns=columns, dataset=DATASET)


def test_answers_that_fall_by_paragraphs_make_the_design_effect_as_large_as_a_paragraph():
    whole = PARAGRAPHS % 2 == 0
    found = noise.clustering([answers(np.zeros(204, bool), "a"), answers(whole, "b")])
    assert (found.questions, found.paragraphs, found.runs, found.pairs) == (102, 17, ("a", "b"), 1)
    assert found.correlation == pytest.approx(1)
    assert found.design == pytest.approx(6)


def test_answers_without_regard_to_paragraphs_have_no_design_effect():
    same_everywhere = np.arange(204) % 6 < 3  # half of each paragraph
    found = noise.clustering([answers(np.zeros(204, bool), "a"), answers(same_everywhere, "b")])
    assert found.correlation < 0
    assert found.design == 1
    assert noise.clustering([answers(same_everywhere, "a")]) is None


def test_seeds_differ_by_so_much():
    first, second = np.arange(204) % 4 == 0, np.arange(204) % 2 == 0
    group = [answers(first, "x", first), answers(second, "x-2", second)]
    found = noise.seeds(group, 204)
    assert (found.runs, found.questions) == (("x", "x-2"), 204)
    assert found.accuracy == (0.5, 1.0)
    assert found.spread == 0.5
    assert found.half_widths[0] == found.half_widths[1] > 0
    assert noise.seeds(group, 4 * 204).half_widths[0] == pytest.approx(found.half_widths[0] / 2)
    assert noise.seeds(group[:1], 204) is None


def test_a_store_tells_what_it_can(tmp_path):
    store = Store(tmp_path / "checkpoints")
    assert noise.measure(store.list()) == Noise()
    for name, variant in (("base", "base"), ("pretrained-1", "pretrained-1")):
        store_fixture.finished_run(store, name, variant, skill=0.3, steps=3, datasets=(DATASET,))
    found = noise.measure(store.list())
    assert found.clustering.runs == ("base", "pretrained-1")
    assert found.seeds is None
    store.label("pretrained-1", archived=True)
    store.list()[0].predictions_path(DATASET).with_name("other.parquet").write_bytes(b"PAR1")
    assert noise.measure(store.list()) == Noise()


def test_what_a_test_needs_grows_by_the_root_of_the_design_effect():
    plain = claims.need()
    assert (plain.clustering, plain.favourable_clustered, plain.unrelated_clustered) == (None, None, None)
    found = claims.need(clustering=Clustering(102, 16, ("a", "b"), 1, 0.2, 2.25))
    assert found.favourable == plain.favourable
    assert found.favourable_clustered == pytest.approx(1.5 * plain.favourable)
    assert found.unrelated_clustered == pytest.approx(1.5 * plain.unrelated)
    independent, clustered = claims.need_messages(found)
    assert "about 8 of 102 questions (7.5 points)" in independent.text("en")
    assert "18 (17.5 points)" in independent.text("en")
    assert "102 questions lie in 16 paragraphs" in clustered.text("en")
    assert f"about {math.ceil(1.02 * found.favourable_clustered)} questions" in clustered.text("en")
    assert "16개 문단" in clustered.text("ko")
    blind = claims.need_messages(claims.need(clustering=Clustering(102, 2, ("a", "b"), 1, 1.0, 51.0)))[1]
    for language, words in (("en", "no difference at all would be seen"), ("ko", "어떤 차이도 드러나지 않습니다")):
        assert words in blind.text(language)
    assert "more than that" in claims.need_messages(plain)[1].text("en")


def test_the_first_claims_gain_is_set_beside_training_again():
    def said(noise, claim=CLAIM, language="en"):
        found = {one.kind: one for one in claims.audit(claim, noise=noise).findings}
        return found["accuracy"].text(language) if "accuracy" in found else None

    seeds = noise.Seeds(("x", "x-2"), (0.3, 0.31), 204, (0.007, 0.008))
    assert "± 0.0070–0.0080 on so many questions" in said(Noise(seeds=seeds))
    assert "which is more than the gain; the 2 themselves lie 0.0100 apart (0.3000, 0.3100)" in said(Noise(seeds=seeds))
    assert "which is less than the gain" in said(Noise(seeds=replace(seeds, half_widths=(0.002, 0.002))))
    for language in ("en", "ko"):
        assert "0.25" in said(None, language=language) and "0.31" in said(None, language=language)
    assert said(Noise(seeds=seeds), reported.load().claims[1]) is None


def test_the_runs_that_ship_say_what_the_pages_tell():
    """16 paragraphs, a design effect of 1.8, and half widths of .007 to .008 for two seeds of base."""
    found = noise.measure(Store(Path(__file__).parents[2] / "checkpoints").list())
    assert (found.clustering.questions, found.clustering.paragraphs) == (102, 16)
    need = claims.need(clustering=found.clustering)
    assert [need.count(points) for points in (need.favourable, need.unrelated)] == [8, 18]
    assert [need.count(points) for points in (need.favourable_clustered, need.unrelated_clustered)] == [11, 24]
    assert found.seeds.runs == ("base", "base-2", "base-3")
    assert found.seeds.spread == pytest.approx(0.0086, abs=1e-4)
    assert [round(half, 3) for half in found.seeds.half_widths] == [0.007, 0.008]

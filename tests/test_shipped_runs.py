"""What ships is what it says: the scores come from the weights, and `transformers` opens them."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from core import config
from core.answering.reader import Reader
from core.config import VARIANTS
from core.data import catalogue
from core.data import windows as features
from core.scoring import metrics
from core.scoring.scores import RunScores
from core.store import predictions
from core.store.runs import WEIGHTS_FILE, Store

STORE = Store(Path(__file__).parent.parent / "checkpoints")
RUNS = [run.name for run in STORE.list()]
WITHOUT_WEIGHTS = {"base-2", "base-3", "original-recipe"}  # what they answered is enough to compare with
WITH_WEIGHTS = [name for name in RUNS if name not in WITHOUT_WEIGHTS]
LARGEST_FILE = 40_000_000  # bytes


def test_every_run_is_finished_and_has_answered_what_ships():
    assert set(RUNS) > WITHOUT_WEIGHTS
    for run in map(STORE.get, RUNS):
        assert run.status == "finished" and run.variant in VARIANTS, run.name
        assert run.has_weights == (run.name in WITH_WEIGHTS), run.name
        assert {"mini-ko", "korquad-held-out"} <= set(run.predictions()), run.name
        assert not str(run.get("code_revision")).endswith("-dirty"), run.name
        assert max(path.stat().st_size for path in run.path.rglob("*")) < LARGEST_FILE


def test_the_encoders_of_run_json_are_those_that_config_names():
    chains = [(run.get("config", "model"), run.get("pretrained")) for run in map(STORE.get, RUNS)]
    assert any(found for _, found in chains)
    for shape, found in chains:
        assert not found or config.to_dict(config.encoder(found["name"]))["model"] == shape
        while found:
            recipe = config.encoder(found["name"])
            assert found["objectives"] == config.to_dict(recipe)["objectives"], found["name"]
            assert found["steps"] == recipe.training.steps and found["trained_on"][0]["name"] == recipe.training.corpus
            found = found["started_from"]
            assert (found and found["name"]) == recipe.training.start


@pytest.mark.parametrize("name", RUNS)
def test_the_answers_are_of_these_weights(name):
    run = STORE.get(name)
    if name in WITH_WEIGHTS:
        assert hashlib.sha256((run.path / WEIGHTS_FILE).read_bytes()).hexdigest() == run.get("weights", "sha256")
    for dataset in run.predictions():
        assert predictions.read(run.predictions_path(dataset)).meta.weights_sha256 == run.get("weights", "sha256")


@pytest.mark.parametrize("name", [WITH_WEIGHTS[0], WITH_WEIGHTS[-1]])
def test_the_shipped_weights_give_the_shipped_answers(name):
    run, examples = STORE.get(name), catalogue.load("mini-ko").examples[::8]
    shipped = predictions.read(run.predictions_path("mini-ko")).table.set_index("id").loc[[e.id for e in examples]]
    again = Reader.load(run).predict(examples).set_index("id")
    assert again["start"].tolist() == shipped["start"].tolist()
    assert again["end"].tolist() == shipped["end"].tolist()
    assert again["loss"].to_numpy() == pytest.approx(shipped["loss"].to_numpy(), rel=1e-2, abs=1e-2)


@pytest.mark.slow
def test_the_shipped_weights_give_the_shipped_scores():
    run, dataset = STORE.get(WITH_WEIGHTS[-1]), catalogue.load("mini-ko")
    shipped = RunScores.of(predictions.read(run.predictions_path(dataset.name)).table)
    again = RunScores.of(metrics.score(dataset, Reader.load(run).predict(dataset.examples)))
    assert again["exact_match"] == shipped["exact_match"]
    assert again["f1"] == pytest.approx(shipped["f1"], abs=1e-6)
    assert again["loss"] == pytest.approx(shipped["loss"], rel=1e-3)


@pytest.mark.backends
@pytest.mark.parametrize("name", WITH_WEIGHTS)
def test_transformers_opens_a_run_and_gives_the_same_logits(name):
    torch = pytest.importorskip("torch", reason="PyTorch is a development requirement")
    transformers = pytest.importorskip("transformers", reason="transformers is a development requirement")
    run = STORE.get(name)
    reader = Reader.load(run)
    windows = reader.windows(catalogue.load("mini-ko").examples[:40:10])
    (batch,) = features.batches(windows, len(windows), [np.arange(len(windows))])
    ours = np.asarray(reader.model.predict_on_batch(batch.inputs))  # (B, 2, T)

    twin, loading = transformers.BertForQuestionAnswering.from_pretrained(
        run.path, dtype=torch.float32, output_loading_info=True
    )
    assert not any(loading[kind] for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"))
    ids, segments = (torch.tensor(batch.inputs[key].astype(np.int64)) for key in ("token_ids", "segment_ids"))
    with torch.no_grad():
        theirs = twin.eval()(input_ids=ids, token_type_ids=segments, attention_mask=(ids != 0).long())
    where = batch.inputs["context_mask"].astype(bool)
    for part, logits in enumerate((theirs.start_logits, theirs.end_logits)):
        difference = np.abs(ours[:, part] - logits.numpy())[where]
        assert difference.max() < 1e-4  # of logits up to about 10

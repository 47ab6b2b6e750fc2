"""Pre-training on a small corpus: what is learned, what a kill leaves, and what fine-tuning loads."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from core import config
from core.answering.reader import Reader
from core.config import ConfigError, PretrainingConfig, PretrainingSettings, RunConfig
from core.data.tokenizer import Tokenizer
from core.modeling import interchange, tensors
from core.modeling.bert import BertForQuestionAnswering, sinusoids
from core.modeling.pretraining import PretrainingNetwork, initialise, inputs_and_targets
from core.modeling.tensors import WeightsError
from core.store import transfer
from core.store.history import read
from core.store.runs import WEIGHTS_FILE, RunError, Store
from core.store.transfer import TransferError
from core.training import finetune, loop, pretrain, start
from core.training.objectives import BatchMaker
from core.training.record import TrainingError
from tests import tiny_run as tiny
from tests.training import sample_corpus

TINY = tiny.PRETRAINING


@pytest.fixture(scope="module")
def finished(tiny_encoder):
    return tiny_encoder


@pytest.fixture
def settings(finished, monkeypatch):
    """The settings of the finished run; its corpus is in the cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(finished[0].path.parent.parent / "cache"))
    return config.from_dict(finished[0].info["config"], PretrainingConfig)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "runs")


def network(**changes):
    shape = config.override(PretrainingConfig(), {**TINY, **changes}).model
    return PretrainingNetwork(replace(shape, vocab_size=50))


def text_batch(rows=3, length=8, masked=2, seed=0):
    random = np.random.default_rng(seed)
    weights = np.ones((rows, masked), np.float32)
    weights[0, 1] = 0  # padding
    return {
        "token_ids": random.integers(7, 50, (rows, length), dtype=np.int32),
        "segment_ids": np.zeros((rows, length), np.int32),
        "masked_positions": random.integers(0, length, (rows, masked), dtype=np.int32),
        "masked_ids": random.integers(7, 50, (rows, masked), dtype=np.int32),
        "masked_weights": weights,
        "order_labels": np.array([0, 1, 1], np.int32),
    }


def gelu(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def log_softmax(x):
    x = x - x.max(-1, keepdims=True)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


# -- the network ----------------------------------------------------------------------------------------------------


def test_masked_loss_equals_numpys():
    made = network()
    random = np.random.default_rng(1)
    made.mlm_bias.assign(random.normal(size=50))
    made.mlm_transform.bias.assign(random.normal(size=16))
    inputs, targets = inputs_and_targets(text_batch())
    logits = made(inputs)
    assert tuple(logits["mlm"].shape) == (3, 2, 50)

    hidden = np.array(made.reader.encoder(inputs["token_ids"], inputs["segment_ids"])).reshape(3, 8, 16)
    picked = np.stack([hidden[row, at] for row, at in enumerate(inputs["masked_positions"])])
    x = gelu(picked @ np.array(made.mlm_transform.kernel) + np.array(made.mlm_transform.bias))
    x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + made.config.layer_norm_epsilon)
    # The output is the token embeddings themselves: tied, and no second table.
    scores = log_softmax(x @ np.array(made.reader.encoder.token_embedding).T + np.array(made.mlm_bias))
    expected = -np.take_along_axis(scores, targets["masked_ids"][..., None], -1)[..., 0]
    loss, weights = made.measures(targets, logits)["mlm_loss"]
    np.testing.assert_allclose(np.array(loss), expected, rtol=1e-4)

    order = log_softmax(hidden[:, 0] @ np.array(made.order_head.kernel) + np.array(made.order_head.bias))
    mean = expected[weights > 0].mean() - order[[0, 1, 2], [0, 1, 1]].mean()
    assert float(made.compute_loss(y=targets, y_pred=logits)) == pytest.approx(mean, rel=1e-4)


def test_the_heads_add_no_second_vocabulary_table():
    made = network()
    heads = [v for v in made.trainable_variables if not any(v is w for w in made.reader.trainable_variables)]
    # Transform and its normalisation, a bias for each piece, the order head.
    assert sorted(tuple(v.shape) for v in heads) == [(2,), (16,), (16,), (16,), (16, 2), (16, 16), (50,)]


def test_matching_can_be_found_from_the_first_step():
    made = network()
    initialise(made, PretrainingSettings(position_scale=0.5))
    encoder = made.reader.encoder
    positions = np.array(encoder.position_embedding)
    np.testing.assert_allclose(positions, sinusoids(64, 16) * np.sqrt(2) * 0.01, rtol=1e-5)
    query, key, value = np.split(np.array(encoder.transformer_layers[0].query_key_value.kernel), 3, axis=1)
    assert (query == key).all() and not np.isclose(query, value).any()
    later = np.split(np.array(encoder.transformer_layers[1].query_key_value.kernel), 3, axis=1)
    assert not np.isclose(later[0], later[1]).any()


def test_kernels_can_start_at_the_scale_of_their_inputs():
    made = network(**{"model.hidden_dim": 64, "model.intermediate_dim": 256})
    initialise(made, PretrainingSettings(kernel_init="fan_in"))
    for layer in made.reader.encoder.transformer_layers:
        assert np.std(layer.intermediate.kernel) == pytest.approx(64**-0.5, rel=0.15)
        assert np.std(layer.output_projection.kernel) == pytest.approx(256**-0.5, rel=0.15)
        assert np.std(layer.attention_output.kernel) == pytest.approx(64**-0.5, rel=0.15)


def test_a_batch_trains_and_reports_its_own_objectives_alone(settings):
    made = pretrain.new_network(replace(settings, model=replace(settings.model, vocab_size=50)))
    before = np.array(made.reader.span_head.kernel)
    logs = made.train_on_batch(*inputs_and_targets(text_batch()), return_dict=True)
    assert set(logs) == {"loss", "mlm_loss", "masked_accuracy", "order_loss", "order_accuracy"}
    assert logs["loss"] == pytest.approx(logs["mlm_loss"] + logs["order_loss"], rel=1e-5)
    # The span head's gradient is zero and its moments are fresh: weight decay alone acts.
    decayed = before * (1 - 0.01 * float(made.optimizer.learning_rate))
    np.testing.assert_allclose(np.array(made.reader.span_head.kernel), decayed, rtol=1e-5)


# -- a run ----------------------------------------------------------------------------------------------------------


def test_loss_falls_and_the_run_is_whole(settings, finished):
    run, _ = finished
    history, _ = read(run.history_path)
    steps = history[history["kind"] == "step"]
    assert steps["mlm_loss"].iloc[-1] < steps["mlm_loss"].iloc[0] - 1
    assert {"span_loss", "order_loss", "start_accuracy", "masked_accuracy", "tokens_per_second"} <= set(steps)
    validation = history[history["split"] == "validation"]
    assert validation["step"].tolist() == [15, 30]
    total = validation[["span_loss", "mlm_loss", "order_loss"]].sum(axis=1)
    np.testing.assert_allclose(validation["loss"], total, rtol=1e-6)

    assert (run.status, run.variant, run.seed, run.has_weights) == ("finished", "pretraining", 1, True)
    assert run.get("progress", "step") == 30 and run.get("progress", "tokens") == history["tokens"].max()
    assert run.get("best", "step") == 30
    assert not (run.path / "resume").exists()
    assert config.from_dict(run.info["config"], PretrainingConfig) == settings
    assert json.loads((run.path / "config.json").read_text())["num_hidden_layers"] == 2


def test_what_is_stored_is_what_was_trained(finished):
    run, network = finished
    expected, stored = interchange.tensors(network.reader), tensors.read(run.path / WEIGHTS_FILE)
    assert stored.keys() == expected.keys() and "qa_outputs.weight" in stored
    for name, value in stored.items():
        np.testing.assert_array_equal(value, expected[name].astype(np.float16).astype(np.float32))


def test_it_answers_questions_without_fine_tuning(finished):
    run, _ = finished
    reader = Reader.load(run)
    assert not reader.settings.features.exact_match_segments
    passage = "가람포 등대는 높이가 27 m이다."
    for span in reader.read("등대의 높이는?", passage).spans:
        assert 0 <= span.start < span.end <= len(passage)


class Killed(BaseException):
    pass


def test_a_killed_training_goes_on_to_the_same_result(settings, finished, store, monkeypatch):
    whole, _ = finished
    monkeypatch.setattr(loop, "SAVE_EVERY", 0.0)
    make = BatchMaker.batch

    def killed(self, seed, step):
        if step == 13 and seed == settings.training.seed:
            raise Killed
        return make(self, seed, step)

    monkeypatch.setattr(BatchMaker, "batch", killed)
    with pytest.raises(Killed):
        pretrain.train(settings, "halved", store, show_progress=False)
    monkeypatch.setattr(BatchMaker, "batch", make)
    document = json.loads((store.path("halved") / "run.json").read_text())
    document["process"]["pid"] = 2**22 + 1  # no such process
    (store.path("halved") / "run.json").write_text(json.dumps(document))
    assert store.get("halved").status == "stopped"

    halved = pretrain.resume("halved", store, show_progress=False)
    assert halved.get("weights", "sha256") == whole.get("weights", "sha256")
    assert halved.get("progress", "tokens") == whole.get("progress", "tokens")
    history, _ = read(halved.history_path)
    assert history.loc[history["kind"] == "step", "step"].tolist() == [10, 15, 25, 30]


def test_another_corpus_is_not_resumed(settings, store, tmp_path, monkeypatch):
    path = tmp_path / "articles.txt"
    path.write_text(sample_corpus.ARTICLES, encoding="utf-8")
    settings = config.override(settings, {"training.corpus": str(path)})
    monkeypatch.setattr(BatchMaker, "batch", lambda self, seed, step: (_ for _ in ()).throw(MemoryError))
    monkeypatch.setattr(pretrain, "_held_out", lambda *_: ())
    with pytest.raises(MemoryError):
        pretrain.train(settings, "encoder", store, show_progress=False)
    path.write_text(sample_corpus.ARTICLES + "\n# 끝\n다른 글이다.\n", encoding="utf-8")
    with pytest.raises(TrainingError, match="another version"):
        pretrain.resume("encoder", store, show_progress=False)


def test_a_deeper_network_starts_with_the_layers_repeated(settings, finished, store, monkeypatch):
    run, _ = finished
    shutil.copytree(run.path, store.path("encoder"))
    grown = config.override(
        settings, {"training.start": "encoder", "model.num_layers": 5, "training.steps": 15, "training.seed": 2}
    )
    began = {}

    def stop(network, *_):
        began.update(interchange.tensors(network.reader))
        raise Killed

    monkeypatch.setattr(loop, "run", stop)
    with pytest.raises(Killed):
        pretrain.train(grown, "deeper", store, show_progress=False)
    told = json.loads((store.path("deeper") / "run.json").read_text(encoding="utf-8"))["pretrained"]
    shallow = tensors.read(run.path / WEIGHTS_FILE)
    for layer, source in enumerate((0, 1, 0, 1, 0)):
        name = "bert.encoder.layer.{}.intermediate.dense.weight"
        assert np.array_equal(began[name.format(layer)], shallow[name.format(source)])
    name = "bert.embeddings.word_embeddings.weight"
    assert np.array_equal(began[name], shallow[name])
    assert (told["name"], told["sha256"], told["steps"]) == ("encoder", run.get("weights", "sha256"), 30)

    narrow = config.override(grown, {"model.hidden_dim": 8})
    with pytest.raises(WeightsError, match="word_embeddings"):
        pretrain.train(narrow, "narrow", store, show_progress=False)
    assert "narrow" not in [found.name for found in store.list()]


def test_too_few_documents_leave_no_folder(settings, store):
    with pytest.raises(TrainingError, match="held_out_documents 9"):
        pretrain.train(config.override(settings, {"training.held_out_documents": 9}), "encoder", store)
    assert store.list() == []


def test_batches_come_in_order_and_are_made_once():
    made = []

    def make(step):
        made.append(step)
        return step * step

    with pretrain.prefetched(make, stop=10) as batch:
        assert [batch(step) for step in range(3, 10)] == [step * step for step in range(3, 10)]
    assert made == list(range(3, 10))


def test_an_error_in_the_background_reaches_the_training():
    def make(step):
        raise ValueError("no question could be made")

    with pretrain.prefetched(make, stop=10) as batch, pytest.raises(ValueError, match="no question"):
        batch(0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"training.stpes": 5}, "stpes"),
        ({"training.steps": 7}, "multiple"),
        ({"objectives.span_lengths": "0:68, 10:512"}, "512"),
        ({"objectives.mix.nsp": 1}, "nsp"),
        ({"training.position_init": "rotary"}, "position_init"),
        ({"variant": "base"}, "variant"),
    ],
)
def test_settings_that_cannot_be(changes, message):
    with pytest.raises(ConfigError, match=message):
        config.override(PretrainingConfig(), changes)


# -- loading into fine-tuning ---------------------------------------------------------------------------------------


@pytest.fixture
def shape():
    return config.override(PretrainingConfig(), TINY).model


def weights_file(path, shape, seed=3, **changes):
    random = np.random.default_rng(seed)
    named = {
        name: random.normal(size=value.shape).astype(np.float32)
        for name, value in interchange.tensors(BertForQuestionAnswering(shape)).items()
    }
    named |= changes
    tensors.save(path, {name: value for name, value in named.items() if value is not None}, dtype="float32")
    return tensors.read(path)


def test_loading_gives_exactly_the_files_weights(tmp_path, shape, store):
    path = tmp_path / "encoder.safetensors"
    named = weights_file(path, shape)
    model = BertForQuestionAnswering(shape)
    before = interchange.encoder_tensors(model.encoder)
    record = start.load(model, str(path), store, Tokenizer.load())

    after = interchange.tensors(model)
    assert after.keys() == named.keys()
    assert all(np.array_equal(after[name], named[name]) for name in named)
    flat = [np.concatenate([group[name].ravel() for name in before]) for group in (before, named)]
    expected = np.linalg.norm(flat[1] - flat[0]) / np.linalg.norm(flat[0])
    assert record.pop("distance_from_initialisation") == pytest.approx(expected, rel=1e-5)
    assert record.pop("sha256") and record == {
        "name": "encoder.safetensors", "steps": None, "tokens": None, "objectives": None, "trained_on": None,
        "span_head": True, "started_from": None,
    }  # fmt: skip


def test_a_file_without_a_head_leaves_the_models_own(tmp_path, shape, store):
    path = tmp_path / "encoder.safetensors"
    weights_file(path, shape, **{"qa_outputs.weight": None, "qa_outputs.bias": None})
    model = BertForQuestionAnswering(shape)
    head = np.array(model.span_head.kernel)
    assert start.load(model, str(path), store, Tokenizer.load())["span_head"] is False
    assert np.array_equal(model.span_head.kernel, head)


def test_every_difference_is_listed_and_nothing_is_loaded(tmp_path, shape, store):
    right, wrong = "bert.embeddings.LayerNorm.weight", "bert.embeddings.layer_norm.weight"
    path = tmp_path / "encoder.safetensors"
    weights_file(path, shape, **{
        right: None, wrong: np.ones(16, np.float32), "qa_outputs.bias": np.ones(3, np.float32)
    })  # fmt: skip
    model = BertForQuestionAnswering(shape)
    before = interchange.tensors(model)
    with pytest.raises(WeightsError) as error:
        start.load(model, str(path), store, Tokenizer.load())
    for part in (f"{right} is missing", f"{wrong} is unknown", "qa_outputs.bias has shape (3,), not (2,)"):
        assert part in str(error.value)
    assert all(np.array_equal(value, before[name]) for name, value in interchange.tensors(model).items())


def test_heads_and_normalisation_are_compared_too(finished):
    run, network = finished
    store = Store(run.path.parent)
    for change, message in (
        ({"num_heads": 1}, "num_heads 2, this network has 1"),
        ({"layer_norm_epsilon": 1e-5}, "layer_norm_epsilon 0.001, this network has 1e-05"),
    ):
        model = BertForQuestionAnswering(replace(network.reader.config, **change))
        with pytest.raises(WeightsError, match=message):
            start.load(model, "encoder", store, Tokenizer.load())
        start.load(model, "encoder", store, Tokenizer.load(), deepen=True)  # going on may change them


def test_missing_sources_are_told(shape, store):
    model = BertForQuestionAnswering(shape)
    with pytest.raises(RunError, match="no run 'encoder-3x4'"):
        start.load(model, "encoder-3x4", store, Tokenizer.load())
    with pytest.raises(RunError, match=r"there is no absent\.safetensors"):
        start.load(model, "absent.safetensors", store, Tokenizer.load())


def test_fine_tuning_says_what_it_began_with_and_how_far_it_went(settings, finished, store, tmp_path):
    run, _ = finished
    shape = {name: value for name, value in TINY.items() if name.startswith("model.")}
    chosen = config.override(RunConfig(), {
        **shape, "pretrained": "encoder", "training.epochs": 1,
        "training.datasets": str(tiny.write_dataset(tmp_path, questions=20)),
        "training.validation_share": 0.5, "features.max_query_length": 40, "features.sliding_windows": False,
    })  # fmt: skip
    shutil.copytree(run.path, store.path("encoder"))
    tuned = finetune.train(chosen, "tuned", store, show_progress=False)

    told = dict(tuned.info["pretrained"])
    moved = start.distance(*(tensors.read(r.path / WEIGHTS_FILE) for r in (tuned, run)))
    assert told.pop("distance_from_pretrained") == pytest.approx(moved, rel=1e-2)  # float16 beside float32
    assert told.pop("distance_from_initialisation") > moved > 0
    fresh = interchange.encoder_tensors(finetune._new_model(chosen).encoder)
    now = tensors.read(tuned.path / WEIGHTS_FILE)
    flat = [np.concatenate([group[name].astype(np.float64).ravel() for name in fresh]) for group in (fresh, now)]
    expected = np.linalg.norm(flat[1] - flat[0]) / np.linalg.norm(flat[0])
    assert tuned.info["distance_from_initialisation"] == pytest.approx(expected, rel=1e-3)
    assert told == {
        "name": "encoder", "sha256": run.get("weights", "sha256"), "steps": 30, "span_head": True,
        "tokens": run.get("progress", "tokens"), "objectives": run.get("config", "objectives"), "started_from": None,
        "trained_on": [{"name": settings.training.corpus, "sha256": run.info["datasets"]["train"][0]["sha256"]}],
    }  # fmt: skip


def test_pieces_of_another_tokenizer_are_refused(finished, monkeypatch):
    run, network = finished
    tokenizer = Tokenizer.load()
    other = Tokenizer(tokenizer.model)
    other.sha256 = "0" * 64
    with pytest.raises(RunError, match="another tokenizer"):
        start.load(network.reader, "encoder", Store(run.path.parent), other)


# -- from machine to machine ----------------------------------------------------------------------------------------


def test_an_exported_run_comes_back_and_a_changed_byte_is_seen(finished, tmp_path):
    run, _ = finished
    folder = tmp_path / "carried"
    transfer.export(run, folder, part_bytes=50_000)
    assert max(path.stat().st_size for path in folder.iterdir()) <= 50_000 < transfer.PART_BYTES < 16 * 2**20
    assert len(list(folder.glob(f"{WEIGHTS_FILE}.*"))) > 2

    elsewhere = Store(tmp_path / "elsewhere")
    back = transfer.take_in(folder, "encoder-b", elsewhere)
    assert (back.name, back.status, back.info["name"]) == ("encoder-b", "finished", "encoder-b")
    for name in (WEIGHTS_FILE, "config.json", "tokenizer.model", "history.jsonl"):
        assert (back.path / name).read_bytes() == (run.path / name).read_bytes()
    with pytest.raises(RunError, match="already"):
        transfer.take_in(folder, "encoder-b", elsewhere)
    with pytest.raises(RunError, match="is not a name"):
        transfer.take_in(folder, "encoder b", elsewhere)
    with pytest.raises(TransferError, match="not empty"):
        transfer.export(run, folder)
    with pytest.raises(TransferError, match=r"manifest\.json: (File exists|Not a directory)"):
        transfer.export(run, folder / "manifest.json")

    part = folder / f"{WEIGHTS_FILE}.001"
    data = bytearray(part.read_bytes())
    data[7] ^= 1
    part.write_bytes(data)
    with pytest.raises(TransferError, match=r"model\.safetensors\.001 is damaged"):
        transfer.take_in(folder, "encoder-c", elsewhere)
    part.unlink()
    with pytest.raises(TransferError, match="No such file"):
        transfer.take_in(folder, "encoder-c", elsewhere)
    assert [found.name for found in elsewhere.list()] == ["encoder-b"]


# -- other backends -------------------------------------------------------------------------------------------------


@pytest.mark.backends
@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
@pytest.mark.parametrize("backend", ["torch", "jax"])
def test_other_backends_train(backend, precision, settings, tmp_path):
    pytest.importorskip(backend)
    settings = config.override(settings, {"training.precision": precision})
    code = (
        "import json, sys\nfrom pathlib import Path\nfrom core import config\nfrom core.store.runs import Store\n"
        "from core.training import pretrain\n"
        "settings = config.from_dict(json.loads(sys.argv[1]), config.PretrainingConfig)\n"
        "run = pretrain.train(settings, 'encoder', Store(sys.argv[2]), show_progress=False)\n"
        "assert run.info['versions']['backend'] == sys.argv[3] and run.status == 'finished'\n"
    )
    arguments = [json.dumps(config.to_dict(settings)), str(tmp_path / "runs"), backend]
    environment = os.environ | {"KERAS_BACKEND": backend}
    done = subprocess.run([sys.executable, "-c", code, *arguments], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

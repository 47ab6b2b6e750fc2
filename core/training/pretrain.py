"""Pre-training: raw text in, a finished run with encoder and span head in the store out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras

from core import config
from core.config import PretrainingConfig
from core.data import corpus as corpora
from core.data.corpus import Corpus
from core.data.tokenizer import PAD, SHIPPED_PATH, Tokenizer, TokenizerError
from core.modeling import interchange, tensors
from core.modeling.pretraining import PretrainingNetwork, initialise, inputs_and_targets
from core.store.files import write_atomically
from core.store.runs import CONFIG_FILE, TOKENIZER_FILE, WEIGHTS_FILE, Run, RunWriter, Store
from core.training import event_files, loop, start
from core.training.finetune import TrainingError, code_revision, versions
from core.training.objectives import Batch, BatchMaker
from core.training.optimization import learning_rate, make_optimizer

_AHEAD = 4  # batches made before they are asked for


@dataclass(frozen=True, slots=True)
class _Data:
    """The text to train on, and the batches of the held-out documents."""

    corpus: Corpus
    maker: BatchMaker
    held_out: tuple[loop.StepBatch, ...]


def train(
    settings: PretrainingConfig,
    name: str,
    store: Store,
    tokenizer: Tokenizer | None = None,
    command: Sequence[str] = (),
    show_progress: bool = True,
    tensorboard: Path | None = None,
) -> Run:
    """Pre-trains a new encoder to the end.

    Args:
        settings: All settings.
        name: The run's folder in the store.
        store: Where it is kept.
        tokenizer: The shipped one by default.
        command: What the user typed, for the record.
        show_progress: Whether to draw progress bars.
        tensorboard: A folder that gets the history as TensorBoard event files, too; also after a resumption.

    Raises:
        RunError: the name is taken or not allowed; event files cannot be written.
        CorpusError: the corpus cannot be read.
        TokenizerError: the tokenizer has more pieces than the network.
        TrainingError: the corpus has too few documents.
        WeightsError: the weights to start from do not fit.
    """
    store.check_free(name)  # before the corpus, which may take minutes
    tokenizer = tokenizer or Tokenizer.load()
    if tokenizer.vocabulary_size > settings.model.vocab_size:
        raise TokenizerError(
            f"the tokenizer has {tokenizer.vocabulary_size} pieces, the network {settings.model.vocab_size}"
        )
    data = _data(settings, tokenizer, show_progress)
    network = new_network(settings)
    info = _describe(settings, data, tokenizer, command) | event_files.prepare(tensorboard, name)
    info["pretrained"] = _start(network, settings, store, tokenizer)
    with store.create(name, info) as writer:
        return _run(network, settings, data, tokenizer, writer, store, show_progress)


def resume(name: str, store: Store, show_progress: bool = True) -> Run:
    """Takes up a stopped pre-training and brings it to the end that it would have come to.

    Raises:
        RunError: there is no such run, or it is running or finished.
        ConfigError: the run is no pre-training.
        TrainingError: the corpus or the tokenizer is not the one that it began with.
    """
    run = store.stopped(name)
    settings = config.from_dict(run.info["config"], PretrainingConfig)
    stored = run.path / TOKENIZER_FILE
    tokenizer = Tokenizer.load(stored if stored.exists() else SHIPPED_PATH)
    if tokenizer.sha256 != run.get("tokenizer", "sha256"):
        raise TrainingError(f"run {name!r} was begun with another tokenizer")
    data = _data(settings, tokenizer, show_progress)
    if data.corpus.source_sha256 != run.info["datasets"]["train"][0]["sha256"]:
        raise TrainingError(f"run {name!r} was begun on another version of {settings.training.corpus}")
    network = new_network(settings)
    begun = _start(network, settings, store, tokenizer)
    if begun and begun["sha256"] != run.get("pretrained", "sha256"):
        raise TrainingError(f"run {name!r} was begun from other weights of {settings.training.start}")
    with store.resume(name) as writer:
        return _run(network, settings, data, tokenizer, writer, store, show_progress)


def new_network(settings: PretrainingConfig) -> PretrainingNetwork:
    """Returns the network before its first step, compiled; its weights depend on the seed alone."""
    keras.utils.set_random_seed(settings.training.seed)
    keras.config.set_dtype_policy(settings.training.precision)
    try:
        network = PretrainingNetwork(settings.model, settings.objectives.mlm_weight)
    finally:
        keras.config.set_dtype_policy("float32")
    initialise(network, settings.training)
    network.compile(optimizer=make_optimizer(settings.training))
    return network


def _start(
    network: PretrainingNetwork, settings: PretrainingConfig, store: Store, tokenizer: Tokenizer
) -> dict[str, Any] | None:
    source = settings.training.start
    return None if source is None else start.load(network.reader, source, store, tokenizer, deepen=True)


def _data(settings: PretrainingConfig, tokenizer: Tokenizer, show_progress: bool) -> _Data:
    training = settings.training
    whole = corpora.load(training.corpus, tokenizer, progress=show_progress)
    count = len(whole.documents) - 1
    kept = count - training.held_out_documents
    if kept < 1:
        raise TrainingError(
            f"{training.corpus} has {count} documents: training.held_out_documents "
            f"{training.held_out_documents} leaves none to train on"
        )
    corpus, rest = whole.part(0, kept), whole.part(kept, count)
    return _Data(corpus, BatchMaker(corpus, tokenizer, settings.objectives), _held_out(rest, tokenizer, settings))


def _held_out(rest: Corpus, tokenizer: Tokenizer, settings: PretrainingConfig) -> tuple[loop.StepBatch, ...]:
    """Makes the same batches for every run: each objective alone, as at the end of the curriculum."""
    asked = {part for name, weight in settings.objectives.mix.items() if weight for part in name.split("+")}
    made = []
    for name in sorted(asked):
        alone = replace(
            settings.objectives,
            mix={name: 1.0},
            span_lengths=((0, settings.objectives.span_lengths[-1][1]),),
            exact_match_segments=((0, settings.objectives.exact_match_segments[-1][1]),),
        )
        maker = BatchMaker(rest, tokenizer, alone)
        made += [_step_batch(maker.batch(0, step)) for step in range(settings.training.held_out_batches)]
    return tuple(made)


def _step_batch(batch: Batch) -> loop.StepBatch:
    inputs, targets = inputs_and_targets(batch)
    token_ids = inputs["token_ids"]
    return loop.StepBatch(inputs, targets, len(token_ids), int((token_ids != PAD).sum()))


@contextmanager
def prefetched(make: Callable[[int], loop.StepBatch], stop: int) -> Iterator[Callable[[int], loop.StepBatch]]:
    """Gives the batches of ascending steps below `stop`, made by one background thread a few steps ahead."""
    ahead: dict[int, Future[loop.StepBatch]] = {}
    with ThreadPoolExecutor(1, "batches") as thread:

        def batch(step: int) -> loop.StepBatch:
            for later in range(step, min(step + _AHEAD, stop)):
                if later not in ahead:
                    ahead[later] = thread.submit(make, later)
            return ahead.pop(step).result()

        try:
            yield batch
        finally:
            thread.shutdown(wait=False, cancel_futures=True)


def _run(
    network: PretrainingNetwork,
    settings: PretrainingConfig,
    data: _Data,
    tokenizer: Tokenizer,
    writer: RunWriter,
    store: Store,
    show_progress: bool,
) -> Run:
    # Also when a run is taken up: it may have been killed before it had them.
    write_atomically(writer.path / TOKENIZER_FILE, tokenizer.model)
    interchange.write_config(writer.path / CONFIG_FILE, settings.model)
    training = settings.training

    def after_epoch(epoch: int, position: loop.Position) -> tuple[Mapping[str, Any], bool]:
        scores = score(network, data.held_out, writer.heartbeat)
        position.notes["best"] = {"epoch": epoch, "step": position.step, **scores}
        return scores, False

    with prefetched(lambda step: _step_batch(data.maker.batch(training.seed, step)), training.steps) as batch:
        plan = loop.Plan(
            steps_per_epoch=training.steps_per_epoch,
            epochs=training.steps // training.steps_per_epoch,
            batch=batch,
            learning_rate=lambda step: learning_rate(training, step, training.steps),
            after_epoch=after_epoch,
        )
        position = loop.run(network, plan, writer, show_progress)
    sha256 = tensors.save(writer.path / WEIGHTS_FILE, interchange.tensors(network.reader))
    writer.finish(
        weights={"sha256": sha256, "dtype": "float16"},
        best=position.notes["best"],  # the last: what an encoder is worth shows in fine-tuning alone
        timings={
            "seconds": round(position.seconds, 1),
            "examples_per_second": position.examples / position.seconds,
            "tokens_per_second": position.tokens / position.seconds,
        },
    )
    return store.get(writer.path.name)


def score(
    network: PretrainingNetwork, batches: Sequence[loop.StepBatch], after_batch: Callable[[], None] = lambda: None
) -> dict[str, float]:
    """Returns the measures on held-out batches, means over examples, and `loss`, the objectives' sum."""
    sums: dict[str, tuple[float, int]] = {}
    for batch in batches:
        logs = network.test_on_batch(batch.inputs, batch.targets, return_dict=True)
        for name, value in logs.items():
            total, count = sums.get(name, (0.0, 0))
            sums[name] = total + float(value) * batch.examples, count + batch.examples
        after_batch()
    means = {name: total / count for name, (total, count) in sums.items()}
    means["loss"] = sum(value for name, value in means.items() if name.endswith("_loss"))
    return means


def _describe(settings: PretrainingConfig, data: _Data, tokenizer: Tokenizer, command: Sequence[str]) -> dict[str, Any]:
    held_out = settings.training.held_out_documents
    return {
        "config": config.to_dict(settings),
        "parameter_count": tensors.parameter_count(settings.model),
        "tokenizer": {"sha256": tokenizer.sha256, "pieces": tokenizer.vocabulary_size},
        "datasets": {
            "train": [
                {
                    "name": settings.training.corpus,
                    "sha256": data.corpus.source_sha256,
                    "documents": len(data.corpus.documents) - 1,
                    "paragraphs": len(data.corpus.paragraphs) - 1,
                    "pieces": len(data.corpus.ids),
                }
            ],
            "validation": {"documents": held_out, "rule": f"the last {held_out} documents"},
        },
        "versions": versions(),
        "code_revision": code_revision(),
        "command": list(command),
    }

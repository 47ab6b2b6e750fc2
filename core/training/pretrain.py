"""Pre-training: raw text in, a finished run with encoder and span head in the store out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from core.config import PretrainingConfig
from core.data import corpus as corpora
from core.data.corpus import Corpus
from core.data.tokenizer import PAD, Tokenizer, TokenizerError
from core.modeling import interchange, tensors
from core.modeling.pretraining import PretrainingNetwork, initialise, inputs_and_targets
from core.store.runs import WEIGHTS_FILE, Run, RunWriter, Store
from core.training import loop, record, start
from core.training.objectives import Batch, BatchMaker
from core.training.optimization import learning_rate, make_optimizer
from core.training.record import Job, TrainingError

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

    def prepare(tokenizer: Tokenizer) -> Job[PretrainingConfig]:
        return _prepare(settings, tokenizer, store, show_progress)

    return record.begin(name, store, prepare, tokenizer, command, tensorboard)


def resume(name: str, store: Store, show_progress: bool = True) -> Run:
    """Resumes a stopped pre-training and trains it to its planned end.

    Raises:
        RunError: there is no such run, or it is running or finished.
        ConfigError: the run is no pre-training.
        TrainingError: the corpus or the tokenizer is not the one that it began with.
    """

    def prepare(run: Run, settings: PretrainingConfig, tokenizer: Tokenizer) -> Job[PretrainingConfig]:
        return _prepare(settings, tokenizer, store, show_progress)

    return record.resume(name, store, PretrainingConfig, prepare)


def _prepare(
    settings: PretrainingConfig, tokenizer: Tokenizer, store: Store, show_progress: bool
) -> Job[PretrainingConfig]:
    if tokenizer.vocabulary_size > settings.model.vocab_size:
        raise TokenizerError(
            f"the tokenizer has {tokenizer.vocabulary_size} pieces, the network {settings.model.vocab_size}"
        )
    data = _data(settings, tokenizer, show_progress)
    network = new_network(settings)
    described = {
        "datasets": _describe(settings, data),
        "pretrained": start.load(network.reader, settings.training.start, store, tokenizer, deepen=True),
    }
    return Job(settings, tokenizer, described, partial(_run, network, settings, data, show_progress))


def new_network(settings: PretrainingConfig) -> PretrainingNetwork:
    """Returns the network before its first step, compiled; its weights depend on the seed alone."""
    with start.fresh(settings.training):
        network = PretrainingNetwork(settings.model, settings.objectives.mlm_weight)
    initialise(network, settings.training)
    network.compile(optimizer=make_optimizer(settings.training))
    return network


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
    show_progress: bool,
    writer: RunWriter,
) -> None:
    training = settings.training

    def after_epoch(epoch: int, position: loop.Position) -> tuple[Mapping[str, Any], bool]:
        scores = score(network, data.held_out, writer.heartbeat)
        # The last: what an encoder is worth shows in fine-tuning alone.
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
    writer.finish(**record.result(position, sha256))


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


def _describe(settings: PretrainingConfig, data: _Data) -> dict[str, Any]:
    held_out = settings.training.held_out_documents
    text = {
        "name": settings.training.corpus,
        "sha256": data.corpus.source_sha256,
        "documents": len(data.corpus.documents) - 1,
        "paragraphs": len(data.corpus.paragraphs) - 1,
        "pieces": len(data.corpus.ids),
    }
    return {"train": [text], "validation": {"documents": held_out, "rule": f"the last {held_out} documents"}}

"""Fine-tuning: questions and their gold spans in, a finished run in the store out."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from core.answering import calibration
from core.answering.reader import Progress, Reader, predict_run
from core.answering.spans import AnswerLengths
from core.config import RunConfig
from core.data import catalogue, windows
from core.data.formats import Dataset, Example
from core.data.tokenizer import Tokenizer
from core.modeling import interchange, tensors
from core.modeling.bert import (
    BertForQuestionAnswering,
    end_accuracy,
    span_loss,
    start_accuracy,
)
from core.scoring import metrics
from core.scoring.scores import MEASURES, RunScores
from core.store import fingerprints, predictions
from core.store.runs import RESUME_FOLDER, SEEN_FILE, WEIGHTS_FILE, Run, RunWriter, Store
from core.training import loop, record, start
from core.training.mixing import Mixer
from core.training.optimization import learning_rate, make_optimizer
from core.training.record import Job, TrainingError

BEST_FILE = "best.safetensors"


@dataclass(frozen=True, slots=True)
class Split:
    """Training questions and the ones held back to choose the epoch; no article is in both."""

    datasets: tuple[Dataset, ...]
    train: tuple[Example, ...]
    validation: tuple[Example, ...]


def split(datasets: Sequence[Dataset], share: float) -> Split:
    """Holds back whole articles: those whose title's SHA-256 lies in the lowest `share` of all hashes.

    The choice depends on nothing but the title, so every run validates on the same questions whatever its seed.
    Questions held back get ids that differ also where two datasets use the same one.

    Raises:
        TrainingError: one side is empty.
    """
    train: list[Example] = []
    validation: list[Example] = []
    for number, dataset in enumerate(datasets):
        for example in dataset.examples:
            place = int.from_bytes(hashlib.sha256(example.title.encode()).digest()[:8], "big") / 2**64
            if place < share:
                validation.append(replace(example, id=f"{number}:{example.id}"))
            else:
                train.append(example)
    if not train or not validation:
        names = ", ".join(d.name for d in datasets)
        raise TrainingError(f"a validation share of {share:g} of {names} leaves {len(validation)} questions to "
                            f"validate on and {len(train)} to train on")  # fmt: skip
    return Split(tuple(datasets), tuple(train), tuple(validation))


def train(
    settings: RunConfig,
    name: str,
    store: Store,
    evaluate: Sequence[str] = (),
    tokenizer: Tokenizer | None = None,
    command: Sequence[str] = (),
    show_progress: bool = True,
    tensorboard: Path | None = None,
) -> Run:
    """Trains a new run to its end.

    Args:
        settings: All settings.
        name: The run's folder in the store.
        store: Where it is kept.
        evaluate: Datasets to answer and score with the finished run.
        tokenizer: The shipped one by default.
        command: What the user typed, for the record.
        show_progress: Whether to draw progress bars.
        tensorboard: A folder that gets the history as TensorBoard event files, too; also after a resumption.

    Raises:
        RunError: the name is taken or not allowed; event files cannot be written.
        DatasetError: a dataset is missing or unusable.
        TrainingError: two datasets to answer have the same name.
        TokenizerError: the tokenizer has more pieces than the network.
        WeightsError: the pre-trained weights do not fit.
        CorpusError: the text that cloze pairs are made from cannot be read.
    """

    def prepare(tokenizer: Tokenizer) -> Job[RunConfig]:
        return _prepare(settings, tokenizer, store, evaluate, show_progress)

    return record.begin(name, store, prepare, tokenizer, command, tensorboard)


def resume(name: str, store: Store, show_progress: bool = True) -> Run:
    """Resumes a stopped run and trains it to its planned end.

    Raises:
        RunError: there is no such run, or it is running or finished.
        TrainingError: a dataset or the tokenizer is not the one that the training began with.
        OtherDataset: the run has answered another version of a dataset.
    """

    def prepare(run: Run, settings: RunConfig, tokenizer: Tokenizer) -> Job[RunConfig]:
        evaluate = run.info.get("evaluate", [])
        for dataset in _judged(evaluate):
            predictions.check_stored(run.predictions_path(dataset.name), dataset)
        return _prepare(settings, tokenizer, store, evaluate, show_progress)

    return record.resume(name, store, RunConfig, prepare)


def _prepare(
    settings: RunConfig, tokenizer: Tokenizer, store: Store, evaluate: Sequence[str], show_progress: bool
) -> Job[RunConfig]:
    data = split([catalogue.load(d) for d in settings.training.datasets], settings.training.validation_share)
    judged = _judged(evaluate)
    reader = Reader(_new_model(settings), tokenizer, settings, lengths=AnswerLengths.of(data.train))
    mixer = Mixer(settings, tokenizer, show_progress)
    described = {
        "datasets": _describe(settings, data),
        "evaluate": list(evaluate),
        "cloze": mixer.described,
        "pretrained": start.load(reader.model, settings.pretrained, store, tokenizer),
    }
    run = partial(_run, reader, data, mixer, judged, store, show_progress)
    return Job(settings, tokenizer, described, run)


def _judged(names: Sequence[str]) -> list[Dataset]:
    """Loads what the finished run answers; two datasets of one name would overwrite each other's answers."""
    datasets: dict[str, Dataset] = {}
    for dataset in map(catalogue.load, names):
        first = datasets.setdefault(dataset.name, dataset)
        if first.sha256 != dataset.sha256:
            raise TrainingError(f"{first.path} ({first.sha256[:12]}) and {dataset.path} ({dataset.sha256[:12]}) have "
                                f"the same name {dataset.name!r}: rename one of them")  # fmt: skip
    return list(datasets.values())


def _new_model(settings: RunConfig) -> BertForQuestionAnswering:
    with start.fresh(settings.training):
        shape = settings.model if settings.training.dropout_acts else replace(settings.model, dropout=0.0)
        model = BertForQuestionAnswering(shape)
        model.compile(
            optimizer=make_optimizer(settings.training),
            loss=span_loss,
            metrics=[start_accuracy, end_accuracy],
        )
    return model


def _run(
    reader: Reader,
    data: Split,
    mixer: Mixer,
    judged: Sequence[Dataset],
    store: Store,
    show_progress: bool,
    writer: RunWriter,
) -> None:
    everything = reader.windows(data.train)
    made = [window for window in everything if window.target]
    answerable = len({window.example for window in made})
    # A window without the whole answer teaches nothing about where it is.
    counts = {"windows": len(made), "windows_without_answer": len(everything) - len(made),
              "questions_without_window": len(data.train) - answerable}  # fmt: skip
    writer.update(windows=counts, answer_lengths=asdict(AnswerLengths.of(data.train)))
    if not made:
        raise TrainingError("no answer lies whole in a window: there is nothing to train on")
    plan = _plan(reader.settings, made, mixer, lambda epoch, position: _validate(reader, data, writer, epoch, position))
    position = loop.run(reader.model, plan, writer, show_progress)
    # What ships is what is scored: the weights as stored, in half precision.
    best = tensors.read(writer.path / RESUME_FOLDER / BEST_FILE)
    sha256 = tensors.save(writer.path / WEIGHTS_FILE, best)
    if source := reader.settings.pretrained:
        moved = start.distance(best, tensors.read(start.weights_path(source, store)))
        writer.update(pretrained=writer.info["pretrained"] | {"distance_from_pretrained": moved})
    distance = distance_from_initialisation(reader.settings, best)
    writer.update(distance_from_initialisation=distance, **record.result(position, sha256))

    def alive(done: int, total: int) -> None:
        writer.heartbeat()

    stored = Reader.load(store.get(writer.path.name))
    writer.update(calibration=complete(writer.path, stored, data, judged, alive))
    for dataset in judged:
        predict_run(store.get(writer.path.name), stored, dataset, alive)
    writer.finish()


def distance_from_initialisation(settings: RunConfig, named: Mapping[str, np.ndarray]) -> float:
    """Returns how far an encoder is from the weights that its seed begins with: see `start.distance`.

    Args:
        settings: The run's.
        named: Tensors by name, all of the encoder's among them.
    """
    return start.distance(named, interchange.encoder_tensors(_new_model(settings).encoder))


def complete(
    folder: Path, reader: Reader, data: Split, held_out: Sequence[Dataset], progress: Progress | None = None
) -> dict[str, Any]:
    """Writes the fingerprints of what a run has met into its folder, and measures how far its probabilities hold.

    The questions held back to choose the epoch serve once more: one number is fitted on them. They flatter the run a
    little, for the epoch was chosen on them.

    Returns:
        What run.json keeps as "calibration": see `calibrate.measure`; `dataset` is what it rests on.
    """
    fingerprints.write(folder / SEEN_FILE, data.datasets, held_out)
    names = [dataset.name for dataset in data.datasets]
    basis = {"names": names, "rule": rule(reader.settings)}
    return calibration.measure(reader, data.validation, progress) | {"dataset": basis}


def rule(settings: RunConfig) -> str:
    """Returns in words which questions are held back to choose the epoch."""
    return f"articles whose title hashes into the lowest {settings.training.validation_share:.0%}"


def _plan(settings: RunConfig, made: Sequence[windows.Window], mixer: Mixer, after_epoch: Any) -> loop.Plan:
    training = settings.training
    lengths = np.array([len(window) for window in made])
    questions = -(-len(made) // training.batch_size)
    steps_per_epoch = mixer.steps(questions)
    orders: dict[int, list[np.ndarray]] = {}

    def batch(step: int) -> loop.StepBatch:
        epoch, index = divmod(step, steps_per_epoch)
        number = mixer.questions(index, steps_per_epoch, questions)
        if number is None:
            return mixer.batch(step)
        if epoch not in orders:
            orders.clear()
            orders[epoch] = windows.training_order(
                lengths, training.batch_size, np.random.default_rng([training.seed, epoch])
            )
        (padded,) = windows.batches(made, training.batch_size, [orders[epoch][number]])
        return loop.StepBatch(padded.inputs, padded.targets, len(padded.targets), padded.tokens)

    total_steps = steps_per_epoch * training.epochs
    return loop.Plan(
        steps_per_epoch=steps_per_epoch,
        epochs=training.epochs,
        batch=batch,
        learning_rate=lambda step: learning_rate(training, step, total_steps),
        after_epoch=after_epoch,
    )


def _validate(
    reader: Reader, data: Split, writer: RunWriter, epoch: int, position: loop.Position
) -> tuple[Mapping[str, Any], bool]:
    """Scores the held-back questions, keeps the best weights so far, and says whether to stop."""
    training = reader.settings.training
    held_back = Dataset("validation", "", data.validation, (), "")
    answers = reader.predict(data.validation, lambda done, total: writer.heartbeat())
    summary = RunScores.of(metrics.score(held_back, answers))
    names = ("loss", "start_accuracy", "end_accuracy", "accuracy_sum", "exact_match", "f1")
    scores = {name: summary[name] for name in names}
    sign = -1 if MEASURES[training.monitor].better == "lower" else 1
    best = position.notes.get("best")
    if best is None or sign * scores[training.monitor] > sign * best[training.monitor]:
        best = position.notes["best"] = {"epoch": epoch, "step": position.step, **scores}
        best_path = writer.path / RESUME_FOLDER / BEST_FILE
        best_path.parent.mkdir(exist_ok=True)
        tensors.save(best_path, interchange.tensors(reader.model), dtype="float32")
    return scores, epoch - best["epoch"] >= training.patience


def _describe(settings: RunConfig, data: Split) -> dict[str, Any]:
    trained = [
        {
            "name": dataset.name,
            "sha256": dataset.sha256,
            "questions": len(dataset.examples),
            "paragraphs": dataset.paragraphs,
            "unusable_questions": dataset.unusable,
        }
        for dataset in data.datasets
    ]
    return {"train": trained, "validation": {"questions": len(data.validation), "rule": rule(settings)}}

"""Adds to a run that was finished earlier what a training leaves beside the weights now."""

from dataclasses import asdict
from typing import Any

from core import config
from core.answering.reader import Progress, Reader, predict_run
from core.answering.spans import AnswerLengths
from core.data import catalogue
from core.modeling import tensors
from core.store import predictions
from core.store.runs import WEIGHTS_FILE, RunError, Store
from core.training import finetune
from core.training.record import TrainingError


def complete_later(name: str, store: Store, progress: Progress | None = None) -> dict[str, Any]:
    """Calibrates a finished run, stores the fingerprints of what it has met (`finetune.complete`), and answers again.

    Its datasets are answered again because the lengths of the training answers, which are stored too, weigh in answers.

    Args:
        name: The run.
        store: Where it is.
        progress: Called with the number of questions done and of all.

    Returns:
        What run.json now holds as "calibration".

    Raises:
        RunError: there is no such run, it is not finished, or it was not fine-tuned here.
        DatasetError: a dataset that it was trained or judged on, or has answered, is missing or unusable.
        TrainingError: a training dataset is another version.
        OtherDataset: a dataset that it has answered is.
        WeightsError: the weights are missing or damaged.
        TokenizerError: so is the tokenizer.
    """
    run = store.get(name)
    trained = run.get("datasets", "train")
    if run.status != "finished" or not trained or run.variant == "pretraining":
        raise RunError(f"run {name!r} is not one that was fine-tuned here to its end: it cannot be calibrated")
    settings = config.from_dict(run.info["config"])
    datasets = [catalogue.load(dataset) for dataset in settings.training.datasets]
    if [d["sha256"] for d in trained] != [d.sha256 for d in datasets]:
        raise TrainingError(f"run {name!r} was trained on other versions of {', '.join(settings.training.datasets)}")
    held_out = [catalogue.load(dataset) for dataset in run.info.get("evaluate", [])]
    known = {dataset.name: dataset for dataset in held_out}
    answered = [known[dataset] if dataset in known else catalogue.load(dataset) for dataset in run.predictions()]
    for dataset in answered:
        predictions.check_stored(run.predictions_path(dataset.name), dataset)
    data = finetune.split(datasets, settings.training.validation_share)
    reader = Reader.load(run)
    reader.lengths = AnswerLengths.of(data.train)
    moved = finetune.distance_from_initialisation(settings, tensors.read(run.path / WEIGHTS_FILE))
    found = finetune.complete(run.path, reader, data, held_out, progress)
    store.amend(name, answer_lengths=asdict(reader.lengths), distance_from_initialisation=moved, calibration=found)
    for dataset in answered:
        predict_run(store.get(name), reader, dataset, progress)
    return found

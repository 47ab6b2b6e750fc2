"""A run that answers: weights, tokenizer and settings of a run folder, for one question or a whole dataset."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd

from core import config
from core.answering import spans
from core.answering.spans import LIMITS, AnswerLengths, Span
from core.data import windows as features
from core.data.formats import Dataset, Example
from core.data.tokenizer import Tokenizer, TokenizerError
from core.data.windows import Window
from core.modeling import tensors
from core.modeling.numpy_bert import Network
from core.scoring import errors, metrics
from core.store import predictions
from core.store.predictions import Metadata, Predictions
from core.store.runs import TOKENIZER_FILE, WEIGHTS_FILE, Run

BATCH_SIZE = 16
# Questions read at a time: bounds the logits held in memory, and progress is seen.
_CHUNK = 256

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of one question and context.

    Attributes:
        spans: The best answers, best first; empty when the context has no piece.
        context: The passage.
        windows: The windows that the context was cut into.
        logits: For each window float32 (2, T), start and end.
        temperature: What the answers' scores were divided by before the softmax.
        lengths: How long answers are, as far as the reader knows.
        limits: Which spans may be an answer.
    """

    spans: list[Span]
    context: str
    windows: list[Window]
    logits: list[np.ndarray]
    temperature: float = 1.0
    lengths: AnswerLengths | None = None
    limits: config.AnsweringConfig = LIMITS

    @property
    def text_probability(self) -> float:
        """The probability of the best answer's text, 0..1: all its places in the passage together; 0 without one."""
        if not self.spans:
            return 0.0
        text = self.context[self.spans[0].start : self.spans[0].end]
        settings = (self.limits, self.temperature, self.lengths)
        made = spans.distribution(self.windows, self.logits, self.context, *settings)
        return spans.text_probability(text, self.context, *made)


class Reader:
    """A network with its tokenizer and settings. Threads may share one that was loaded (`Reader.load`)."""

    def __init__(
        self,
        model: Any,
        tokenizer: Tokenizer,
        settings: config.RunConfig,
        temperature: float = 1.0,
        lengths: AnswerLengths | None = None,
    ):
        """Puts the parts together; use `Reader.load` for a stored run.

        Args:
            model: A `Network`, or a `BertForQuestionAnswering` that is being trained: only its `predict_on_batch` is
                called here.
            tokenizer: Makes pieces of texts.
            settings: The run's settings.
            temperature: What calibrates the probabilities of `read`: see `core.answering.calibration`.
            lengths: How long the answers of its training are: see `spans.best_spans`.

        Raises:
            TokenizerError: the tokenizer has more pieces than the network knows.
        """
        if tokenizer.vocabulary_size > settings.model.vocab_size:
            raise TokenizerError(
                f"the tokenizer has {tokenizer.vocabulary_size} pieces, the network {settings.model.vocab_size}"
            )
        self.model = model
        self.tokenizer = tokenizer
        self.settings = settings
        self.temperature = temperature
        self.lengths = lengths

    @classmethod
    def load(cls, run: Run) -> "Reader":
        """Reads a run's weights and tokenizer. Neither Keras nor TensorFlow is needed.

        Raises:
            WeightsError: the weights are missing, damaged or of another shape.
            TokenizerError: so is the tokenizer.
            ConfigError: the run's settings are not ours.
        """
        settings = config.reading(run.info.get("config", {}))
        tokenizer = Tokenizer.load(run.path / TOKENIZER_FILE)
        path = run.path / WEIGHTS_FILE
        network = Network(settings.model, tensors.stored(path), str(path))
        lengths = AnswerLengths(**found) if (found := run.get("answer_lengths")) else None
        return cls(network, tokenizer, settings, run.temperature, lengths)

    def read(
        self, question: str, context: str, n_best: int = spans.N_BEST, progress: Progress | None = None
    ) -> Reading:
        """Answers one question from one context, with calibrated probabilities.

        Args:
            question: The question.
            context: The passage, of any length.
            n_best: How many answers at most.
            progress: Called with the number of windows read and of all.

        Example:
            >>> from core.store.runs import DEFAULT_ROOT, Store
            >>> reader = Reader.load(Store(DEFAULT_ROOT).get("matched"))
            >>> context = "세종은 1418년에 즉위했다."
            >>> best = reader.read("세종은 언제 즉위했나?", context).spans[0]
            >>> context[best.start : best.end]
            '1418년'
        """
        made = self.windows([Example("", question, context, (), "", 0, 0)])
        logits = self.logits(made, progress)
        limits = self.settings.answering
        best = spans.best_spans(made, logits, context, n_best, limits, self.temperature, self.lengths)
        return Reading(best, context, made, logits, self.temperature, self.lengths, limits)

    def windows(self, examples: Sequence[Example]) -> list[Window]:
        """Cuts examples into this run's windows."""
        return features.windows(
            examples, self.tokenizer, self.settings.features, self.settings.model.max_sequence_length
        )

    def logits(self, made: Sequence[Window], progress: Progress | None = None) -> list[np.ndarray]:
        """Returns for each window its start and end logits, float32 (2, T), without padding.

        Args:
            made: The windows.
            progress: Called with the number of windows read and of all.
        """
        found: list[np.ndarray] = [np.zeros(0)] * len(made)
        done = 0
        for batch in features.batches(made, BATCH_SIZE):
            outputs = np.asarray(self.model.predict_on_batch(batch.inputs), np.float32)
            for index, row in zip(batch.windows, outputs, strict=True):
                found[index] = row[:, : len(made[index])]
            done += len(batch.windows)
            if progress:
                progress(done, len(made))
        return found

    def predict(self, examples: Sequence[Example], progress: Progress | None = None) -> pd.DataFrame:
        """Answers every example. Probabilities are not calibrated (temperature 1): stored ones always compare.

        Args:
            examples: Questions with their contexts.
            progress: Called with the number of questions done and of all.

        Returns:
            One row an example with the columns of `predictions.SCHEMA` that do not come from scoring.
        """
        return pd.DataFrame(
            [_row(*each, self.settings.answering, self.lengths) for each in self.each(examples, progress)]
        )

    def each(
        self, examples: Sequence[Example], progress: Progress | None = None
    ) -> Iterator[tuple[Example, list[Window], list[np.ndarray]]]:
        """Yields every example with its windows and their logits (as `logits` returns them), some at a time in memory.

        Args:
            examples: Questions with their contexts.
            progress: Called with the number of questions done and of all.
        """
        for first in range(0, len(examples), _CHUNK):
            chunk = examples[first : first + _CHUNK]
            made = self.windows(chunk)
            logits = self.logits(made)
            mine: list[list[int]] = [[] for _ in chunk]
            for index, window in enumerate(made):
                mine[window.example].append(index)
            for example, indices in zip(chunk, mine, strict=True):
                yield example, [made[i] for i in indices], [logits[i] for i in indices]
            if progress:
                progress(first + len(chunk), len(examples))


def _row(
    example: Example,
    windows: list[Window],
    logits: list[np.ndarray],
    limits: config.AnsweringConfig,
    lengths: AnswerLengths | None,
) -> dict[str, Any]:
    best = spans.best_spans(windows, logits, example.context, limits=limits, lengths=lengths)
    first = best[0] if best else Span(0, 0, 0.0)
    original_start, original_end = spans.independent_argmax(windows[0], logits[0])
    row = {
        "id": example.id,
        "start": first.start,
        "end": first.end,
        "probability": first.probability,
        "original_start": original_start,
        "original_end": original_end,
        "windows": len(windows),
        "nbest": [{"start": s.start, "end": s.end, "probability": s.probability} for s in best],
    }
    return row | _losses(windows, logits)


def _losses(windows: list[Window], logits: list[np.ndarray]) -> dict[str, Any]:
    """The training loss and boundary accuracies in the first window that holds the whole gold answer."""
    for window, scores in zip(windows, logits, strict=True):
        if window.target:
            targets = np.array(window.target)
            gold = scores[[0, 1], targets].astype(np.float64)
            shifted = scores - scores.max(axis=1, keepdims=True)
            normaliser = scores.max(axis=1) + np.log(np.exp(shifted.astype(np.float64)).sum(axis=1))
            right = scores.argmax(axis=1) == targets
            loss = float((normaliser - gold).sum())
            return {"loss": loss, "start_correct": right[0], "end_correct": right[1], "gold_covered": True}
    return {"loss": np.nan, "start_correct": False, "end_correct": False, "gold_covered": False}


def predict_run(run: Run, reader: Reader, dataset: Dataset, progress: Progress | None = None) -> Predictions:
    """Answers and scores a dataset with a stored run, and keeps the result in the run's folder.

    Args:
        run: The run that `reader` was loaded from.
        reader: Its reader.
        dataset: The questions.
        progress: Called with the number of questions done and of all.

    Raises:
        OtherDataset: the folder has answers to another dataset of this name.
    """
    predictions.check_stored(run.predictions_path(dataset.name), dataset)
    made = Predictions(
        table=metrics.score(dataset, reader.predict(dataset.examples, progress)),
        meta=Metadata(
            run=run.name,
            dataset=dataset.name,
            dataset_sha256=dataset.sha256,
            unusable_questions=dataset.unusable,
            scorer_version=metrics.SCORER_VERSION,
            error_types_version=errors.ERROR_TYPES_VERSION,
            reading_version=spans.READING_VERSION,
            max_pieces=reader.settings.answering.max_pieces,
            max_added=reader.settings.answering.max_added,
            max_sequence_length=reader.settings.model.max_sequence_length,
            doc_stride=reader.settings.features.doc_stride,
            tokenizer_sha256=reader.tokenizer.sha256,
            weights_sha256=run.get("weights", "sha256") or "",
            trained_on=tuple(d["sha256"] for d in run.get("datasets", "train") or []),
            training_config_without_seed_hash=config.hash_without_seed(reader.settings),
            seed=reader.settings.training.seed,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        ),
    )
    predictions.write(run.predictions_path(dataset.name), made)
    return made

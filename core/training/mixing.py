"""Questions made from raw text, between those of people, while fine-tuning.

A few thousand questions are soon known by heart. Steps on cloze pairs (`core.training.cloze`), of which no two are
alike, keep what pre-training taught.
"""

import numpy as np

from core.config import ObjectiveSettings, RunConfig
from core.data import corpus as corpora
from core.data.tokenizer import PAD, Tokenizer
from core.training.loop import StepBatch
from core.training.objectives import BatchMaker

MEAN_PIECES = 256
"""Pieces of a row that make a batch of cloze pairs about as large as one of questions."""


class Mixer:
    """Tells which steps of an epoch read questions made from raw text, and makes their batches."""

    def __init__(self, settings: RunConfig, tokenizer: Tokenizer, show_progress: bool = True):
        """Opens the corpus if any step reads it; the first time it is tokenised.

        Raises:
            CorpusError: the corpus cannot be read, or gives no questions.
        """
        training, features = settings.training, settings.features
        self.share, self.seed = training.cloze_share, training.seed
        self.maker, self.described = None, None
        if self.share:
            text = corpora.load(training.cloze_corpus, tokenizer, progress=show_progress)
            length = settings.model.max_sequence_length
            objectives = ObjectiveSettings(
                mix={"span": 1.0},
                span_lengths=((0, length),),
                batch_pieces=training.batch_size * MEAN_PIECES,
                max_question=min(features.max_query_length, length - 20),
                exact_match_segments=((0, float(features.exact_match_segments)),),
            )
            self.maker = BatchMaker(text, tokenizer, objectives)
            self.maker.batch(self.seed, 0)  # what gives no questions is found before the training begins
            self.described = {"name": training.cloze_corpus, "sha256": text.source_sha256}

    def steps(self, questions: int) -> int:
        """Returns the steps of an epoch with so many batches of questions."""
        return round(questions / (1 - self.share))

    def questions(self, index: int, steps: int, questions: int) -> int | None:
        """Returns the number of the batch of questions that a step reads; None for a step of cloze pairs.

        Args:
            index: The step within the epoch, 0 is the first.
            steps: Steps of an epoch.
            questions: Batches of questions of an epoch.
        """
        before, after = index * questions // steps, (index + 1) * questions // steps
        return before if after > before else None

    def batch(self, step: int) -> StepBatch:
        """Returns the cloze pairs of a step; it depends on the seed and the step alone."""
        assert self.maker is not None
        made = self.maker.batch(self.seed, step)
        inputs = {name: made[name] for name in ("token_ids", "segment_ids", "context_mask")}
        tokens = int(np.count_nonzero(made["token_ids"] != PAD))
        return StepBatch(inputs, made["positions"], len(made["positions"]), tokens)

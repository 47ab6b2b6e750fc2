"""What networks answer before their first step of training."""

from collections.abc import Iterator, Sequence

import keras
import pandas as pd

from core import config
from core.answering.reader import Reader
from core.data.formats import Example
from core.data.tokenizer import Tokenizer
from core.modeling import interchange
from core.modeling.bert import BertForQuestionAnswering
from core.modeling.numpy_bert import Network


def answers(
    examples: Sequence[Example], seeds: Sequence[int], settings: config.RunConfig | None = None
) -> Iterator[tuple[int, pd.DataFrame]]:
    """Yields what networks with fresh weights answer: each seed with a table as `Reader.predict` returns it.

    Args:
        examples: questions with their contexts.
        seeds: of the weights.
        settings: the network's; the variant `base` by default.
    """
    settings = settings or config.variant("base")
    tokenizer = Tokenizer.load()
    for seed in seeds:
        keras.utils.set_random_seed(seed)
        weights = interchange.tensors(BertForQuestionAnswering(settings.model))
        yield seed, Reader(Network(settings.model, weights, "fresh weights"), tokenizer, settings).predict(examples)

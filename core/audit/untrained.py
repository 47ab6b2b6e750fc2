"""What networks answer before their first step of training."""

from collections.abc import Iterator, Sequence

import keras
import numpy as np
import pandas as pd

from core import config
from core.answering.reader import Reader
from core.data.formats import Example
from core.data.tokenizer import Tokenizer
from core.data.windows import Window
from core.modeling import interchange
from core.modeling.bert import BertForQuestionAnswering
from core.modeling.numpy_bert import Network


def answers(
    examples: Sequence[Example], seeds: Sequence[int], settings: config.RunConfig | None = None
) -> Iterator[tuple[int, pd.DataFrame]]:
    """Yields what networks with fresh weights answer: each seed with a table as `Reader.predict` returns it.

    Its two more columns `anywhere_start` and `anywhere_end` are the answers of the same network when the best start and
    the best end may lie anywhere, in the question too: see `anywhere`.

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
        network = Network(settings.model, weights, "fresh weights")
        reader = Reader(network, tokenizer, settings)
        table = reader.predict(examples)
        spans = [anywhere(window, _unmasked(network, window)) for window in _first(reader.windows(examples))]
        table["anywhere_start"], table["anywhere_end"] = np.array(spans).T
        yield seed, table


def anywhere(window: Window, logits: np.ndarray) -> tuple[int, int]:
    """Returns what of the context lies between the best start and the best end of the whole window, question included.

    Args:
        window: the first window of an example: the original cut what did not fit.
        logits: float (2, T), of all its pieces.

    Returns:
        First character and one past the last. A start in the question makes the context's beginning the answer's, an
        end in the [SEP] behind the context makes its end the answer's. Equal where nothing of the context lies between.
    """
    first, last = (int(row.argmax()) - window.context_start for row in logits)
    count = len(window.starts)
    if last < max(first, 0) or first >= count or not count:
        return 0, 0
    return int(window.starts[max(first, 0)]), int(window.ends[min(last, count - 1)])


def _first(windows: Sequence[Window]) -> list[Window]:
    """Returns the first window of every example."""
    return [window for window in windows if window.first_piece == 0]


def _unmasked(network: Network, window: Window) -> np.ndarray:
    """Returns the logits of all pieces of a window, float32 (2, T)."""
    inputs = {"token_ids": window.token_ids[None], "segment_ids": window.segment_ids[None]}
    return network.predict_on_batch({**inputs, "context_mask": np.ones((1, len(window)), bool)})[0]

"""The network in NumPy, for answering: no library to import for seconds, nothing to trace; threads may share it.

It computes what `core.modeling.bert` computes, which trains; a test holds the two together. Why there are two: Keras'
NumPy backend answers 5.7 times as slowly and takes 3.6 times the memory, onnxruntime, on an unfused export, answers 2.6
times as slowly, and TensorFlow is 1.9 GB to install. Shapes in comments: T pieces of a window, R of them that one
worker has, D hidden dimension, H heads, K head dimension.

All windows of the process are read by one pool of workers, as many as there are processors. A batch is shared out by
windows, a window alone by its rows, so that the element-wise work is shared, too. BLAS is held to one thread for that:
its own threads wait for each other at every product, which beside a training takes several times as long.
"""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
from threadpoolctl import threadpool_limits

from core.config import ModelConfig
from core.data.tokenizer import PAD
from core.modeling import tensors

MASKED_LOGIT = np.float32(-1e4)  # as in core.modeling.bert

_WORKERS = min(os.cpu_count() or 1, 4)  # of a window's rows, more would have too few each
_pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="network")
_Pair = tuple[np.ndarray, np.ndarray]  # kernel (input, output) and bias, or scale and shift


class Network:
    """A BERT encoder with a span head, made of the tensors of a run's weights file."""

    def __init__(self, config: ModelConfig, named: Mapping[str, np.ndarray], source: str):
        """Takes the weights, and holds the BLAS of this process to one thread.

        Args:
            config: the network's shape.
            named: every tensor under its Hugging Face name. The token embeddings stay in the number format that they
                come in, which is most of the memory; the others become float32.
            source: where they are from, for the message.

        Raises:
            WeightsError: names or shapes differ; all differences are listed.
        """
        rows = tensors.table(config)
        tensors.check(named, rows, source)
        threadpool_limits(1, user_api="blas")
        self.config = config
        values = tensors.variables(named, rows)
        self._tokens = values["encoder.token_embedding"]
        self._positions = _float(values["encoder.position_embedding"])
        self._segments = _float(values["encoder.segment_embedding"])
        self._embedding_norm = _norm(values, "encoder.embedding_norm")
        self._layers = [_Layer(config, values, f"encoder.transformer_layers.{i}.") for i in range(config.num_layers)]
        self._head = _dense(values, "span_head")

    def predict_on_batch(self, inputs: Mapping[str, np.ndarray]) -> np.ndarray:
        """Scores every piece as start and as end of the answer.

        Args:
            inputs: `token_ids` and `segment_ids`, int (B, T), padded with 0 at their ends; `context_mask`, bool (B, T),
                true on the pieces of the context: an answer starts and ends nowhere else.

        Returns:
            Logits, float32 (B, 2, T): start then end; -10,000 outside the context.
        """
        token_ids, mask = inputs["token_ids"], inputs["context_mask"]
        logits = np.full((len(mask), 2, mask.shape[1]), MASKED_LOGIT)
        lengths = (token_ids != PAD).sum(axis=1).tolist()

        def read(row: int, workers: int = 1) -> None:
            window = slice(lengths[row])
            hidden, _ = self._encode(token_ids[row, window], inputs["segment_ids"][row, window], workers)
            found = _project(hidden, self._head).T  # (2, T)
            np.copyto(logits[row, :, window], found, where=mask[row, window])

        if len(mask) < _WORKERS:
            for row in range(len(mask)):
                read(row, _WORKERS)
        else:
            list(_pool.map(read, range(len(mask))))
        return logits

    def encode(
        self, token_ids: np.ndarray, segment_ids: np.ndarray, return_attention: bool = False
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        """Encodes one window.

        Args:
            token_ids: int (T,), T <= max_sequence_length, without padding.
            segment_ids: int (T,) of 0 and 1.
            return_attention: whether to return each layer's attention weights too.

        Returns:
            Hidden states, float32 (T, D), and with `return_attention` a list of float32 (H, T, T), one a layer, whose
            rows sum to 1; otherwise an empty list.
        """
        return self._encode(token_ids, segment_ids, _WORKERS, return_attention)

    def _encode(
        self, token_ids: np.ndarray, segment_ids: np.ndarray, workers: int, return_attention: bool = False
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        length = len(token_ids)
        parts = [slice(length * i // workers, length * (i + 1) // workers) for i in range(workers)]
        share = partial(_share, parts)
        x = np.empty((length, self.config.hidden_dim), np.float32)
        share(partial(self._embed, token_ids, segment_ids, x))
        attentions: list[np.ndarray] = []
        for layer in self._layers:
            x, attention = layer(x, share, return_attention)
            if attention is not None:
                attentions.append(attention)
        return x, attentions

    def _embed(self, token_ids: np.ndarray, segment_ids: np.ndarray, x: np.ndarray, rows: slice) -> None:
        tokens = _float(self._tokens[token_ids[rows]])
        embedded = tokens + self._segments[segment_ids[rows]] + self._positions[rows]
        x[rows] = _normalise(embedded, self._embedding_norm, self.config.layer_norm_epsilon)


class _Layer:
    """LN(x + attention(x)), then LN(x + feed-forward(x))."""

    def __init__(self, config: ModelConfig, values: Mapping[str, np.ndarray], path: str):
        self._heads, self._epsilon = config.num_heads, config.layer_norm_epsilon
        kernel, bias = _dense(values, path + "query_key_value")
        scale = np.float32((config.hidden_dim // config.num_heads) ** -0.5)
        kernel[:, : config.hidden_dim] *= scale  # the scores' scale, once and for all
        bias[: config.hidden_dim] *= scale
        self._query_key_value = (kernel, bias)
        self._attention_output = _dense(values, path + "attention_output")
        self._attention_norm = _norm(values, path + "attention_norm")
        self._intermediate = _dense(values, path + "intermediate")
        self._output = _dense(values, path + "output_projection")
        self._output_norm = _norm(values, path + "output_norm")

    def __call__(
        self, x: np.ndarray, share: Callable[[Callable[[slice], None]], None], return_attention: bool
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """Transforms a window's hidden states (T, D); `share` calls a function for each worker's rows."""
        length, dim = x.shape
        projected = np.empty((3, self._heads, length, dim // self._heads), np.float32)
        hidden = np.empty_like(x)
        attention = np.empty((self._heads, length, length), np.float32) if return_attention else None

        def project(rows: slice) -> None:
            found = _project(x[rows], self._query_key_value).reshape(-1, 3, self._heads, dim // self._heads)
            projected[:, :, rows] = found.transpose(1, 2, 0, 3)  # (3, H, R, K)

        def transform(rows: slice) -> None:
            attended = _project(self._attend(projected, rows, attention), self._attention_output)
            attended += x[rows]
            middle = _normalise(attended, self._attention_norm, self._epsilon)
            found = _project(_gelu(_project(middle, self._intermediate)), self._output)
            found += middle
            hidden[rows] = _normalise(found, self._output_norm, self._epsilon)

        share(project)
        share(transform)
        return hidden, attention

    def _attend(self, projected: np.ndarray, rows: slice, attention: np.ndarray | None) -> np.ndarray:
        """Returns what the pieces of `rows` take from all pieces, (R, D); writes their weights into `attention`."""
        query, key, value = projected  # each (H, T, K)
        scores = query[:, rows] @ key.swapaxes(-1, -2)  # (H, R, T)
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        total = scores.sum(axis=-1, keepdims=True)
        attended = scores @ value  # (H, R, K)
        attended /= total  # K numbers a row instead of T
        if attention is not None:
            attention[:, rows] = scores / total
        return attended.transpose(1, 0, 2).reshape(-1, self._heads * value.shape[-1])


def _share(parts: list[slice], work: Callable[[slice], None]) -> None:
    """Lets the pool do a piece of work for all parts; a single part is done here, for it may be the pool that calls."""
    if len(parts) == 1:
        work(parts[0])
    else:
        list(_pool.map(work, parts))


def _project(x: np.ndarray, dense: _Pair) -> np.ndarray:
    y = x @ dense[0]
    y += dense[1]
    return y


def _gelu(x: np.ndarray) -> np.ndarray:
    """Returns 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), Hendrycks and Gimpel 2016."""
    root = np.sqrt(2 / np.pi)
    y = x * x
    y *= np.float32(root * 0.044715)
    y += np.float32(root)
    y *= x
    np.tanh(y, out=y)
    y += 1
    y *= x
    y *= np.float32(0.5)
    return y


def _normalise(x: np.ndarray, norm: _Pair, epsilon: float) -> np.ndarray:
    """Returns x with every row of mean 0 and variance 1, scaled and shifted."""
    x = x - x.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", x, x) / np.float32(x.shape[1])
    x *= (1 / np.sqrt(variance + np.float32(epsilon)))[:, None]
    x *= norm[0]
    x += norm[1]
    return x


def _dense(values: Mapping[str, np.ndarray], path: str) -> _Pair:
    return np.ascontiguousarray(_float(values[path + ".kernel"])), _float(values[path + ".bias"])


def _norm(values: Mapping[str, np.ndarray], path: str) -> _Pair:
    return _float(values[path + ".gamma"]), _float(values[path + ".beta"])


def _float(value: np.ndarray) -> np.ndarray:
    return value.astype(np.float32, copy=False)

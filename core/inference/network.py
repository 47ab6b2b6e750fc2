"""The network in NumPy, for answering: nothing to import, to trace or to compile, and threads may share it.

It computes what `core.modeling.bert` computes, which trains; a test holds the two together. Shapes in comments: B batch
size, T sequence length in pieces, D hidden dimension, H heads, K head dimension.

Four fifths of the time is matrix products in BLAS. The rest is kept small by working in place, on two-dimensional
activations (B*T, D).
"""

from collections.abc import Mapping

import numpy as np

from core.config import ModelConfig
from core.modeling import weights

PAD_ID = 0
MASKED_LOGIT = np.float32(-1e4)  # as in core.modeling.bert

_Pair = tuple[np.ndarray, np.ndarray]  # kernel (input, output) and bias, or scale and shift


class Network:
    """A BERT encoder with a span head, made of the tensors of a run's weights file."""

    def __init__(self, config: ModelConfig, named: Mapping[str, np.ndarray], source: str):
        """Takes the weights.

        Args:
            config: the network's shape.
            named: every tensor under its Hugging Face name. The token embeddings stay in the number format that they
                come in, which is most of the memory; the others become float32.
            source: where they are from, for the message.

        Raises:
            WeightsError: names or shapes differ; all differences are listed.
        """
        weights.check(named, weights.shapes(config), source)
        self.config = config
        embeddings = "bert.embeddings."
        self._tokens = named[embeddings + "word_embeddings.weight"]
        self._positions = _float(named[embeddings + "position_embeddings.weight"])
        self._segments = _float(named[embeddings + "token_type_embeddings.weight"])
        self._embedding_norm = _norm(named, embeddings + "LayerNorm")
        self._layers = [_Layer(config, named, f"bert.encoder.layer.{i}.") for i in range(config.num_layers)]
        self._head = _dense(named, "qa_outputs")

    def predict_on_batch(self, inputs: Mapping[str, np.ndarray]) -> np.ndarray:
        """Scores every piece as start and as end of the answer.

        Args:
            inputs: `token_ids` and `segment_ids`, int (B, T); `context_mask`, bool (B, T), true on the pieces of the
                context: an answer starts and ends nowhere else.

        Returns:
            Logits, float32 (B, 2, T): start then end; -10,000 outside the context.
        """
        mask = inputs["context_mask"]
        hidden, _ = self.encode(inputs["token_ids"], inputs["segment_ids"])
        logits = _project(hidden, self._head).reshape(*mask.shape, 2).transpose(0, 2, 1)  # (B, 2, T)
        return np.where(mask[:, None, :], logits, MASKED_LOGIT)

    def encode(
        self, token_ids: np.ndarray, segment_ids: np.ndarray, return_attention: bool = False
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        """Encodes batches of pieces.

        Args:
            token_ids: int (B, T), T <= max_sequence_length, padded with 0.
            segment_ids: int (B, T) of 0 and 1.
            return_attention: whether to return each layer's attention weights too.

        Returns:
            Hidden states, float32 (B*T, D), and with `return_attention` a list of float32 (B, H, T, T), one a layer,
            whose rows sum to 1; otherwise an empty list.
        """
        tokens = _float(self._tokens[token_ids])  # (B, T, D)
        x = tokens + self._segments[segment_ids] + self._positions[: token_ids.shape[1]]
        x = _normalise(x.reshape(-1, self.config.hidden_dim), self._embedding_norm, self.config.layer_norm_epsilon)
        padding = token_ids == PAD_ID
        key_bias = np.where(padding, MASKED_LOGIT, np.float32(0))[:, None, None, :] if padding.any() else None
        attentions = []
        for layer in self._layers:
            x, attention = layer(x, token_ids.shape, key_bias, return_attention)
            attentions += [attention] if attention is not None else []
        return x, attentions


class _Layer:
    """LN(x + attention(x)), then LN(x + feed-forward(x))."""

    def __init__(self, config: ModelConfig, named: Mapping[str, np.ndarray], prefix: str):
        self._config = config
        projections = [_dense(named, f"{prefix}attention.self.{name}") for name in ("query", "key", "value")]
        kernel, bias = (np.concatenate(part, axis=-1) for part in zip(*projections, strict=True))
        scale = np.float32((config.hidden_dim // config.num_heads) ** -0.5)
        kernel[:, : config.hidden_dim] *= scale  # the scores' scale, once and for all
        bias[: config.hidden_dim] *= scale
        self._query_key_value = (kernel, bias)
        self._attention_output = _dense(named, prefix + "attention.output.dense")
        self._attention_norm = _norm(named, prefix + "attention.output.LayerNorm")
        self._intermediate = _dense(named, prefix + "intermediate.dense")
        self._output = _dense(named, prefix + "output.dense")
        self._output_norm = _norm(named, prefix + "output.LayerNorm")

    def __call__(
        self, x: np.ndarray, shape: tuple[int, ...], key_bias: np.ndarray | None, return_attention: bool
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """Transforms hidden states (B*T, D) of a batch of `shape` (B, T)."""
        epsilon = self._config.layer_norm_epsilon
        attended, attention = self._attend(x, shape, key_bias, return_attention)
        attended = _project(attended, self._attention_output)
        attended += x
        x = _normalise(attended, self._attention_norm, epsilon)
        hidden = _project(_gelu(_project(x, self._intermediate)), self._output)
        hidden += x
        return _normalise(hidden, self._output_norm, epsilon), attention

    def _attend(
        self, x: np.ndarray, shape: tuple[int, ...], key_bias: np.ndarray | None, return_attention: bool
    ) -> tuple[np.ndarray, np.ndarray | None]:
        heads, dim = self._config.num_heads, self._config.hidden_dim
        projected = _project(x, self._query_key_value).reshape(*shape, 3, heads, dim // heads)
        query, key, value = np.ascontiguousarray(projected.transpose(2, 0, 3, 1, 4))  # each (B, H, T, K)
        scores = query @ key.swapaxes(-1, -2)  # (B, H, T, T)
        if key_bias is not None:
            scores += key_bias
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        total = scores.sum(axis=-1, keepdims=True)
        attended = scores @ value  # (B, H, T, K)
        attended /= total  # K numbers a row instead of T
        attended = attended.transpose(0, 2, 1, 3).reshape(-1, dim)  # (B*T, D)
        return attended, scores / total if return_attention else None


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


def _dense(named: Mapping[str, np.ndarray], name: str) -> _Pair:
    return np.ascontiguousarray(_float(named[name + ".weight"]).T), _float(named[name + ".bias"])


def _norm(named: Mapping[str, np.ndarray], name: str) -> _Pair:
    return _float(named[name + ".weight"]), _float(named[name + ".bias"])


def _float(value: np.ndarray) -> np.ndarray:
    return value.astype(np.float32, copy=False)

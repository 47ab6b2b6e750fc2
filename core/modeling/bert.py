"""The whole network in one file: a post-LayerNorm BERT encoder and its span head.

Written with `keras.ops` alone, so that TensorFlow, JAX and PyTorch all train it. Shapes in comments: B batch size,
T sequence length in pieces, D hidden dimension, H heads, K head dimension.

What makes it quick on a CPU: activations stay two-dimensional, (B*T, D), so that every projection is one matrix
product; query, key and value are one projection; attention weights have no dropout.
"""

from typing import Any

import keras
import numpy as np
from keras import ops

from core.config import ModelConfig

PAD_ID = 0
# Finite, so that a row without any allowed position still has a softmax; far below any trained logit.
MASKED_LOGIT = -1e4


def _dense(units: int, config: ModelConfig, name: str) -> keras.layers.Dense:
    return keras.layers.Dense(units, kernel_initializer=_initializer(config), name=name)


def _initializer(config: ModelConfig) -> keras.initializers.Initializer:
    return keras.initializers.TruncatedNormal(stddev=config.initializer_range)


def _layer_norm(config: ModelConfig, name: str) -> keras.layers.LayerNormalization:
    return keras.layers.LayerNormalization(epsilon=config.layer_norm_epsilon, name=name)


class TransformerLayer(keras.layers.Layer):
    """LN(x + drop(attention(x))), then LN(x + drop(feed-forward(x)))."""

    def __init__(self, config: ModelConfig, **kwargs: Any):
        """Creates the layer's projections for `config`."""
        super().__init__(**kwargs)
        self.num_heads = config.num_heads
        self.hidden_dim = config.hidden_dim
        self.query_key_value = _dense(3 * config.hidden_dim, config, "query_key_value")
        self.attention_output = _dense(config.hidden_dim, config, "attention_output")
        self.attention_norm = _layer_norm(config, "attention_norm")
        self.intermediate = _dense(config.intermediate_dim, config, "intermediate")
        self.output_projection = _dense(config.hidden_dim, config, "output_projection")
        self.output_norm = _layer_norm(config, "output_norm")
        self.dropout = keras.layers.Dropout(config.dropout, name="dropout")

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Builds the projections for inputs of shape (B*T, D)."""
        flat = (None, self.hidden_dim)
        for layer in (self.query_key_value, self.attention_output, self.intermediate):
            layer.build(flat)
        self.output_projection.build((None, self.intermediate.units))
        self.attention_norm.build(flat)
        self.output_norm.build(flat)
        self.dropout.build(flat)

    def call(self, x: Any, key_bias: Any, training: bool = False, return_attention: bool = False) -> Any:
        """Transforms flat hidden states.

        Args:
            x: float tensor of shape (B*T, D).
            key_bias: float tensor of shape (B, 1, 1, T): 0 for a piece, a large negative number for padding.
            training: whether dropout acts.
            return_attention: whether to return the attention weights too.

        Returns:
            Hidden states (B*T, D); with `return_attention` also weights (B, H, T, T).
        """
        attended, weights = self._attend(x, key_bias)
        x = self.attention_norm(x + self.dropout(self.attention_output(attended), training=training))
        hidden = ops.gelu(self.intermediate(x), approximate=True)  # (B*T, 4D)
        x = self.output_norm(x + self.dropout(self.output_projection(hidden), training=training))
        return (x, weights) if return_attention else x

    def _attend(self, x: Any, key_bias: Any) -> tuple[Any, Any]:
        length = ops.shape(key_bias)[-1]
        head_dim = self.hidden_dim // self.num_heads
        projected = self.query_key_value(x)  # (B*T, 3D)
        projected = ops.reshape(projected, (-1, length, 3, self.num_heads, head_dim))
        query, key, value = ops.unstack(ops.transpose(projected, (2, 0, 3, 1, 4)), 3)  # each (B, H, T, K)
        scores = ops.matmul(query * head_dim**-0.5, ops.transpose(key, (0, 1, 3, 2)))  # (B, H, T, T)
        weights = ops.softmax(scores + ops.cast(key_bias, scores.dtype))
        attended = ops.transpose(ops.matmul(weights, value), (0, 2, 1, 3))  # (B, T, H, K)
        return ops.reshape(attended, (-1, self.hidden_dim)), weights


class BertEncoder(keras.layers.Layer):
    """Token, position and segment embeddings, then the transformer layers."""

    def __init__(self, config: ModelConfig, **kwargs: Any):
        """Creates the embeddings and layers for `config`."""
        super().__init__(**kwargs)
        self.config = config
        self.embedding_norm = _layer_norm(config, "embedding_norm")
        self.dropout = keras.layers.Dropout(config.dropout, name="dropout")
        self.transformer_layers = [TransformerLayer(config, name=f"layer_{i}") for i in range(config.num_layers)]

    def build(self, input_shape: Any = None) -> None:
        """Creates every weight; independent of the inputs' shapes."""
        config = self.config

        def table(rows: int, name: str) -> Any:
            return self.add_weight(shape=(rows, config.hidden_dim), initializer=_initializer(config), name=name)

        self.token_embedding = table(config.vocab_size, "token_embedding")
        self.position_embedding = table(config.max_sequence_length, "position_embedding")
        self.segment_embedding = table(2, "segment_embedding")
        flat = (None, config.hidden_dim)
        self.embedding_norm.build(flat)
        self.dropout.build(flat)
        for layer in self.transformer_layers:
            layer.build(flat)

    def call(self, token_ids: Any, segment_ids: Any, training: bool = False, return_attention: bool = False) -> Any:
        """Encodes batches of pieces.

        Args:
            token_ids: int tensor of shape (B, T), T <= max_sequence_length, padded with 0.
            segment_ids: int tensor of shape (B, T) of 0 and 1.
            training: whether dropout acts.
            return_attention: whether to return each layer's attention weights too.

        Returns:
            Hidden states of shape (B*T, D); with `return_attention` also a list of (B, H, T, T), one a layer.
        """
        length = ops.shape(token_ids)[1]
        tokens = ops.take(self.token_embedding, token_ids, axis=0)  # (B, T, D)
        # Two rows only: a blend is cheaper than a lookup, and its gradient is dense.
        blend = ops.expand_dims(ops.cast(segment_ids, tokens.dtype), -1)  # (B, T, 1)
        segments = self.segment_embedding[0] * (1 - blend) + self.segment_embedding[1] * blend
        x = tokens + segments + self.position_embedding[:length]  # (B, T, D)
        x = self.dropout(self.embedding_norm(ops.reshape(x, (-1, self.config.hidden_dim))), training=training)
        is_padding = ops.cast(ops.equal(token_ids, PAD_ID), x.dtype)
        key_bias = MASKED_LOGIT * is_padding[:, None, None, :]  # (B, 1, 1, T)
        attentions = []
        for layer in self.transformer_layers:
            if return_attention:
                x, weights = layer(x, key_bias, training=training, return_attention=True)
                attentions.append(weights)
            else:
                x = layer(x, key_bias, training=training)
        return (x, attentions) if return_attention else x


class BertForQuestionAnswering(keras.Model):
    """The encoder and a span head: one start and one end logit for each piece of the context."""

    def __init__(self, config: ModelConfig, **kwargs: Any):
        """Creates and builds the network for `config`."""
        super().__init__(**kwargs)
        self.config = config
        self.encoder = BertEncoder(config, name="encoder")
        self.span_head = _dense(2, config, "span_head")
        self.encoder.build()
        self.span_head.build((None, config.hidden_dim))
        self.built = True

    def call(self, inputs: dict[str, Any], training: bool = False) -> Any:
        """Scores every piece as start and as end of the answer.

        Args:
            inputs: `token_ids` and `segment_ids`, int (B, T); `context_mask`, bool (B, T), true on the pieces of
                the context: an answer starts and ends nowhere else.
            training: whether dropout acts.

        Returns:
            Logits, float (B, 2, T): start then end; -10,000 outside the context.
        """
        token_ids, context_mask = inputs["token_ids"], inputs["context_mask"]
        hidden = self.encoder(token_ids, inputs["segment_ids"], training=training)
        return self.span_logits(hidden, context_mask)

    def span_logits(self, hidden: Any, context_mask: Any) -> Any:
        """Returns the logits (B, 2, T) of hidden states (B*T, D); `context_mask` is bool (B, T)."""
        logits = ops.cast(self.span_head(hidden), "float32")  # (B*T, 2)
        logits = ops.transpose(ops.reshape(logits, (-1, ops.shape(context_mask)[1], 2)), (0, 2, 1))  # (B, 2, T)
        return ops.where(context_mask[:, None, :], logits, MASKED_LOGIT)


def span_loss(positions: Any, logits: Any) -> Any:
    """Start cross-entropy plus end cross-entropy, in nats; one number per window.

    Args:
        positions: int (B, 2): the pieces at which the answer starts and ends, both inclusive.
        logits: float (B, 2, T).

    Returns:
        float (B,).
    """
    return ops.sum(ops.sparse_categorical_crossentropy(positions, logits, from_logits=True), axis=-1)


def start_accuracy(positions: Any, logits: Any) -> Any:
    """Whether the best start is the gold start, float (B,)."""
    return _boundary_right(positions, logits, 0)


def end_accuracy(positions: Any, logits: Any) -> Any:
    """Whether the best end is the gold end, float (B,)."""
    return _boundary_right(positions, logits, 1)


def _boundary_right(positions: Any, logits: Any, boundary: int) -> Any:
    best = ops.argmax(logits[:, boundary], axis=-1)
    return ops.cast(ops.equal(best, ops.cast(positions[:, boundary], best.dtype)), "float32")


def sinusoids(length: int, dim: int) -> np.ndarray:
    """Sinusoidal position encodings, float32 (length, dim), as in Vaswani et al. 2017, section 3.5."""
    angles = np.arange(length)[:, None] / 10_000 ** (np.arange(0, dim, 2)[None, :] / dim)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(length, dim).astype(np.float32)

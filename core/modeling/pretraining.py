"""The network of pre-training: the encoder and span head of `core.modeling.bert` with two more heads.

A batch has one objective, or two that share its rows, and only their heads are computed: the 32,007-way output of
`mlm`, the expensive part, at masked positions alone. The other heads' gradients are zero in that step on every backend
(`ClippedAdam`), so that the alternating steps are Adam on the mixture's loss, one sample of it at a time.
"""

from typing import Any

import keras
import numpy as np
from keras import ops

from core.config import ModelConfig, PretrainingSettings
from core.modeling.bert import (
    BertForQuestionAnswering,
    end_accuracy,
    sinusoids,
    span_loss,
    start_accuracy,
)

METRICS = (
    "span_loss", "start_accuracy", "end_accuracy", "mlm_loss", "masked_accuracy", "order_loss", "order_accuracy"
)  # fmt: skip


class PretrainingNetwork(keras.Model):
    """A question-answering network, kept whole as `reader`, with an MLM head and an order head beside it.

    Inputs and targets are those of `core.training.objectives.batches`, split by `inputs_and_targets`.
    """

    def __init__(self, config: ModelConfig, mlm_weight: float = 1.0, **kwargs: Any):
        """Creates and builds the network.

        Args:
            config: The encoder's shape.
            mlm_weight: What the loss of `mlm` counts beside the others'.
            **kwargs: Keras' own.
        """
        super().__init__(**kwargs)
        self.config, self.mlm_weight = config, mlm_weight
        flat = (None, config.hidden_dim)
        initializer = keras.initializers.TruncatedNormal(stddev=config.initializer_range)
        self.reader = BertForQuestionAnswering(config, name="reader")
        self.mlm_transform = keras.layers.Dense(config.hidden_dim, kernel_initializer=initializer, name="mlm_transform")
        self.mlm_norm = keras.layers.LayerNormalization(epsilon=config.layer_norm_epsilon, name="mlm_norm")
        self.order_head = keras.layers.Dense(2, kernel_initializer=initializer, name="order_head")
        for layer in (self.mlm_transform, self.mlm_norm, self.order_head):
            layer.build(flat)
        self.mlm_bias = self.add_weight(shape=(config.vocab_size,), initializer="zeros", name="mlm_bias")
        self.means = [keras.metrics.Mean(name=name) for name in METRICS]
        self.built = True

    def call(self, inputs: dict[str, Any], training: bool = False) -> dict[str, Any]:
        """Scores what the batch asks for.

        Args:
            inputs: `token_ids` and `segment_ids`, int (B, T); for `span` also `context_mask`, bool (B, T); for `mlm`
                `masked_positions`, int (B, M).
            training: Whether dropout acts.

        Returns:
            Logits, float32: `order` (B, 2); where asked for `span` (B, 2, T) and `mlm` (B, M, vocabulary).
        """
        token_ids = inputs["token_ids"]
        hidden = self.reader.encoder(token_ids, inputs["segment_ids"], training=training)  # (B*T, D)
        length = ops.shape(token_ids)[1]
        first = ops.reshape(hidden, (-1, length, self.config.hidden_dim))[:, 0]  # (B, D)
        logits = {"order": ops.cast(self.order_head(first), "float32")}
        if "context_mask" in inputs:
            logits["span"] = self.reader.span_logits(hidden, inputs["context_mask"])
        if "masked_positions" in inputs:
            logits["mlm"] = self._mlm(hidden, inputs["masked_positions"], length)
        return logits

    def _mlm(self, hidden: Any, positions: Any, length: Any) -> Any:
        rows, count = ops.shape(positions)[0], ops.shape(positions)[1]
        row_starts = ops.expand_dims(ops.arange(rows, dtype="int32") * length, -1)  # (B, 1)
        masked = ops.take(hidden, ops.reshape(positions + row_starts, (-1,)), axis=0)  # (B*M, D)
        masked = self.mlm_norm(ops.gelu(self.mlm_transform(masked), approximate=True))
        table = ops.cast(self.reader.encoder.token_embedding, masked.dtype)  # tied: (V, D)
        logits = ops.cast(ops.matmul(masked, ops.transpose(table)), "float32") + ops.cast(self.mlm_bias, "float32")
        return ops.reshape(logits, (-1, count, self.config.vocab_size))

    def measures(self, targets: dict[str, Any], logits: dict[str, Any]) -> dict[str, Any]:
        """Returns the losses in nats and accuracies of the batch's objectives: name -> (values, weights or None).

        Args:
            targets: `positions`, int (B, 2); `masked_ids`, int (B, M) with `masked_weights`, float (B, M);
                `order_labels`, int (B,).
            logits: What `call` returned.
        """
        # PyTorch gets them as NumPy arrays.
        targets = {name: ops.convert_to_tensor(value) for name, value in targets.items()}
        found: dict[str, Any] = {}
        if "positions" in targets:
            positions = targets["positions"]
            found["span_loss"] = span_loss(positions, logits["span"]), None
            found["start_accuracy"] = start_accuracy(positions, logits["span"]), None
            found["end_accuracy"] = end_accuracy(positions, logits["span"]), None
        if "masked_ids" in targets:
            weights = targets["masked_weights"]
            loss, right = _classified(targets["masked_ids"], logits["mlm"])
            found["mlm_loss"], found["masked_accuracy"] = (loss, weights), (right, weights)
        if "order_labels" in targets:
            loss, right = _classified(targets["order_labels"], logits["order"])
            found["order_loss"], found["order_accuracy"] = (loss, None), (right, None)
        return found

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Any:
        """Returns the sum of the batch's losses, each a mean over its rows or masked positions."""
        found = self.measures(y, y_pred)
        factors = {"span_loss": 1.0, "mlm_loss": self.mlm_weight, "order_loss": 1.0}
        return sum(factor * _mean(*found[name]) for name, factor in factors.items() if name in found)

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> dict[str, Any]:
        """Returns the loss and the measures of the objectives in this batch, no others."""
        found = self.measures(y, y_pred)
        results = {"loss": self._loss_tracker.result()}
        for mean in self.means:
            if mean.name in found:
                values, weights = found[mean.name]
                mean.update_state(values, sample_weight=weights)
                results[mean.name] = mean.result()
        return results


def initialise(network: PretrainingNetwork, training: PretrainingSettings) -> None:
    """Starts the network so that matching pieces of question and passage is soon found; no weight is frozen.

    Args:
        network: Freshly built.
        training: `kernel_init`, `position_init`, `position_scale` and `tie_first_query_key` say how.
    """
    config, encoder = network.config, network.reader.encoder
    if training.position_init == "sinusoid":
        waves = sinusoids(config.max_sequence_length, config.hidden_dim)
        encoder.position_embedding.assign(waves * np.sqrt(2.0) * config.initializer_range)
    encoder.position_embedding.assign(encoder.position_embedding * training.position_scale)
    if training.kernel_init == "fan_in":
        for layer in encoder.transformer_layers:
            for part in (layer.query_key_value, layer.attention_output, layer.intermediate, layer.output_projection):
                wanted = part.kernel.shape[0] ** -0.5
                part.kernel.assign(part.kernel * (wanted / config.initializer_range))
    if training.tie_first_query_key:
        kernel = encoder.transformer_layers[0].query_key_value.kernel
        value = np.array(ops.convert_to_numpy(kernel))  # (D, 3D): query, key, value
        width = config.hidden_dim
        value[:, width : 2 * width] = value[:, :width]
        kernel.assign(value)


def inputs_and_targets(batch: dict[str, np.ndarray]) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Splits a batch of `core.training.objectives` into what the network sees and what it is to find."""
    names = ("positions", "masked_ids", "masked_weights", "order_labels")
    targets = {name: batch[name] for name in names if name in batch}
    return {name: value for name, value in batch.items() if name not in targets}, targets


def _classified(labels: Any, logits: Any) -> tuple[Any, Any]:
    """Returns cross-entropy and whether the best class is right, both of the labels' shape."""
    loss = ops.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    best = ops.argmax(logits, axis=-1)
    return loss, ops.cast(ops.equal(best, ops.cast(labels, best.dtype)), "float32")


def _mean(values: Any, weights: Any) -> Any:
    return ops.mean(values) if weights is None else ops.sum(values * weights) / ops.maximum(ops.sum(weights), 1.0)

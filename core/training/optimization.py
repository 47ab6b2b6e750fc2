"""The optimizer: Adam or AdamW with gradient clipping, a schedule, and the gradient norm at hand."""

from typing import Any

import keras
from keras import ops

from core.config import PretrainingSettings, TrainingConfig


class ClippedAdam(keras.optimizers.Adam):
    """Adam that clips by the global norm and keeps that norm, which Keras does not give.

    With `weight_decay` it is AdamW (Loshchilov and Hutter 2019); biases and normalisations are not decayed.
    """

    def __init__(self, clip_norm: float | None = None, **kwargs: Any):
        """Takes Adam's own arguments and the largest global gradient norm (None: no clipping)."""
        super().__init__(**kwargs)
        self.clip_norm = clip_norm
        # Keras matches a variable's own name, not its path.
        self.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])

    def build(self, variables: Any) -> None:
        """Adds the variable that holds the norm."""
        if not self.built:
            self.gradient_norm = self.add_variable((), name="gradient_norm")
        super().build(variables)

    def apply(self, grads: Any, trainable_variables: Any = None) -> Any:
        """Clips the gradients, then updates the variables."""
        variables = self._trainable_variables if trainable_variables is None else list(trainable_variables)
        # None: a head that had no part in this batch. TensorFlow's gradient of a lookup repeats a row as often as it
        # was looked up; adding sums them: else the norm, and Adam's second moment, would be of the parts.
        grads = [
            ops.zeros_like(variable) if grad is None else ops.add(grad, 0.0)
            for grad, variable in zip(grads, variables, strict=True)
        ]
        norm = ops.sqrt(sum(ops.sum(ops.square(grad)) for grad in grads))
        if not self.built:
            self.build(trainable_variables)
        self.gradient_norm.assign(norm)
        if self.clip_norm is not None:
            scale = ops.minimum(1.0, self.clip_norm / (norm + 1e-6))
            grads = [grad * scale for grad in grads]
        return super().apply(grads, trainable_variables)


def make_optimizer(training: TrainingConfig | PretrainingSettings) -> ClippedAdam:
    """Returns the optimizer of a configuration; its learning rate is set step by step."""
    decay = training.weight_decay if training.optimizer == "adamw" else None
    return ClippedAdam(clip_norm=training.clip_norm, learning_rate=training.learning_rate, weight_decay=decay)


def learning_rate(training: TrainingConfig | PretrainingSettings, step: int, total_steps: int) -> float:
    """Returns the learning rate of a step.

    `linear`: from 0 up to the peak over the first `warmup_ratio` of the steps, then down to 0 after the last.

    Args:
        training: Peak, schedule and warm-up.
        step: Steps done before this one, 0 for the first.
        total_steps: Steps of the whole training.
    """
    if training.schedule == "constant":
        return training.learning_rate
    warmup = max(1, round(training.warmup_ratio * total_steps))
    rise = (step + 1) / warmup
    fall = (total_steps - step) / max(1, total_steps - warmup)
    return training.learning_rate * min(rise, fall, 1.0)

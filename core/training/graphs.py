"""One TensorFlow graph for batches of every shape, so that what a step computes does not depend on earlier steps.

Keras' own functions make a graph for the first batch's very shape and, from the second shape on, another for any. The
two round differently: a training that was taken up in its middle, where other batches come first, would differ from
one that was never stopped. Other backends compile each shape on its own.
"""

from collections.abc import Callable, Iterable
from typing import Any

import keras


def use_one_graph(model: keras.Model) -> None:
    """Makes a compiled model train, test and predict on batches by graphs that fit every shape."""
    if keras.backend.backend() == "tensorflow":
        model.train_function, model.test_function, model.predict_function = (
            _compiled(step, model.jit_compile) for step in (model.train_step, model.test_step, model.predict_step)
        )


def _compiled(step: Callable[[Any], Any], jit_compile: bool) -> Callable[[Iterable[Any]], Any]:
    import tensorflow as tf

    graphs: dict[str, Callable[[Any], Any]] = {}  # one for each set of inputs: each objective has its own

    def function(batches: Iterable[Any]) -> Any:
        (batch,) = batches
        data = tf.nest.map_structure(tf.convert_to_tensor, tuple(part for part in batch if part is not None))
        spec = tf.nest.map_structure(lambda tensor: tf.TensorSpec([None] * tensor.ndim, tensor.dtype), data)
        key = repr(spec)
        if key not in graphs:
            graphs[key] = tf.function(step, input_signature=[spec], jit_compile=jit_compile)
        return graphs[key](data)

    return function

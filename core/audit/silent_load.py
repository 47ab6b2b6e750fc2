"""What the original experiment very likely did to its pre-trained weights, done again and measured.

Loading by name gives a network the tensors whose names it knows and says nothing of the others. Where no name matches,
nothing is loaded, nothing is said, and training goes on from fresh weights. `core.training.start` refuses that.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import keras
import numpy as np

from core.config import ModelConfig
from core.modeling import interchange
from core.modeling.bert import BertForQuestionAnswering
from core.modeling.tensors import WeightsError
from core.training import start


def load_by_name(model: BertForQuestionAnswering, named: Mapping[str, np.ndarray]) -> int:
    """Loads the tensors whose name and shape a network knows and ignores all others, as the original's load did.

    Returns:
        How many it took. The original's did not say.
    """
    own = interchange.tensors(model)
    known = {name: value for name, value in named.items() if name in own and own[name].shape == value.shape}
    interchange.assign(model, own | known, "by name")
    return len(known)


def demonstrate(config: ModelConfig, other_layers: int, seed: int = 1) -> dict[str, Any]:
    """Loads one file of weights by name into a network it was made for and into one of another depth.

    The file's tensors are called as another program calls them: `bert/embeddings/...` for our `bert.embeddings...`.

    Args:
        config: the shape of the network that the file comes from.
        other_layers: the other network's number of layers.
        seed: of the weights.

    Returns:
        `tensors` (in the file); `loads`, a list of `layers`, `matched` (tensors) and `distance` (of the encoder now
        from its initialisation, relative); `strict`, what a strict load into the other network says, cut
        short; `differences`, how many it lists.
    """
    keras.utils.set_random_seed(seed)
    source = interchange.tensors(BertForQuestionAnswering(config))
    renamed = {name.replace(".", "/"): value for name, value in source.items()}
    loads = []
    for layers in (config.num_layers, other_layers):
        model = BertForQuestionAnswering(replace(config, num_layers=layers))
        before = interchange.encoder_tensors(model.encoder)
        matched = load_by_name(model, renamed)
        distance = start.distance(interchange.encoder_tensors(model.encoder), before)
        loads.append({"layers": layers, "matched": matched, "distance": distance})
    differences = _refusal(model, renamed)
    unknown = next((difference for difference in differences if difference.endswith(" is unknown")), "")
    strict = "; ".join([differences[0], "...", unknown, "..."])
    return {"tensors": len(renamed), "loads": loads, "strict": strict, "differences": len(differences)}


def _refusal(model: BertForQuestionAnswering, named: Mapping[str, np.ndarray]) -> list[str]:
    """Returns the differences that a strict load lists."""
    try:
        interchange.assign(model, named, "pretrained.safetensors")
    except WeightsError as error:
        return str(error).split("; ")
    return []

"""Every setting of a run: frozen dataclasses, their JSON form, and the named variants.

A setting is known by its dotted name, e.g. `training.learning_rate`; an unknown name fails.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Any, Literal, TypeVar, overload

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    TypeAdapter,
    ValidationError,
)
from pydantic.dataclasses import dataclass

from core.errors import AnswerDiffError

_STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)

Probability = Annotated[float, Field(ge=0, lt=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Seed = Annotated[int, Field(ge=0, lt=2**32)]
# From a step on, a value; on a command line "1500:128".
_split_stage = BeforeValidator(lambda v: v.split(":") if isinstance(v, str) else v)
LengthStage = Annotated[tuple[NonNegativeInt, PositiveInt], _split_stage]
ShareStage = Annotated[tuple[NonNegativeInt, Share], _split_stage]

OBJECTIVES = ("span", "order", "mlm", "span+mlm", "order+mlm")


class ConfigError(AnswerDiffError):
    """A setting is unknown or has a value that it cannot have."""


@dataclass(frozen=True, slots=True, config=_STRICT)
class ModelConfig:
    """The network's shape; the defaults are the original experiment's `base`."""

    vocab_size: PositiveInt = 32007
    hidden_dim: PositiveInt = 256
    num_layers: PositiveInt = 3
    num_heads: PositiveInt = 4
    intermediate_dim: PositiveInt = 1024
    max_sequence_length: PositiveInt = 384
    dropout: Probability = 0.1
    layer_norm_epsilon: PositiveFloat = 1e-3
    initializer_range: PositiveFloat = 0.02

    def __post_init__(self) -> None:
        """Checks that the heads divide the hidden dimension."""
        if self.hidden_dim % self.num_heads:
            raise ValueError(f"hidden_dim {self.hidden_dim} is not a multiple of num_heads {self.num_heads}")


@dataclass(frozen=True, slots=True, config=_STRICT)
class FeatureConfig:
    """How a question and its context become windows of pieces. Lengths are in pieces."""

    max_query_length: PositiveInt = 64
    doc_stride: PositiveInt = 128
    sliding_windows: bool = True
    exact_match_segments: bool = False


@dataclass(frozen=True, slots=True, config=_STRICT)
class AnsweringConfig:
    """Which spans may be an answer.

    Attributes:
        max_pieces: Longest answer in pieces.
        max_added: Characters that an answer may grow by at either end to reach a word's edge: text may be written
            without spaces.
    """

    max_pieces: PositiveInt = 30
    max_added: NonNegativeInt = 10


@dataclass(frozen=True, slots=True, config=_STRICT)
class TrainingConfig:
    """How a run is fine-tuned.

    Attributes:
        datasets: Names or paths of SQuAD v1.1 files to train on.
        validation_share: Share of the TRAINING articles held back to choose the epoch.
        schedule: `linear` is warm-up then decay to zero; `constant` is the original's.
        patience: Epochs without a better validation score before stopping.
        monitor: Which validation score chooses the best epoch.
        cloze_share: Share of the steps that read questions made from raw text (`core.training.mixing`).
        cloze_corpus: The raw text: a `.txt` or `.txt.zst` file, or a folder of them.
        precision: `mixed_bfloat16` is quicker where the hardware multiplies bfloat16; weights stay float32.
    """

    datasets: tuple[str, ...] = ("korquad-fit", "tydiqa-ko-train")
    epochs: PositiveInt = 3
    batch_size: PositiveInt = 32
    learning_rate: PositiveFloat = 5e-4
    optimizer: Literal["adamw", "adam"] = "adamw"
    schedule: Literal["linear", "constant"] = "linear"
    warmup_ratio: Probability = 0.1
    weight_decay: NonNegativeFloat = 0.01
    clip_norm: PositiveFloat | None = 1.0
    dropout_acts: bool = True
    patience: PositiveInt = 3
    monitor: Literal["f1", "loss", "accuracy_sum"] = "f1"
    validation_share: Probability = 0.1
    cloze_share: Probability = 0.0
    cloze_corpus: str = "kowiki.txt.zst"
    precision: Literal["float32", "mixed_bfloat16"] = "float32"
    seed: Seed = 1


@dataclass(frozen=True, slots=True, config=_STRICT)
class RunConfig:
    """All of a run's settings. `pretrained` names the encoder that it starts from, None for fresh weights."""

    variant: str = "base"
    model: ModelConfig = field(default_factory=ModelConfig)
    features: FeatureConfig = field(default_factory=FeatureConfig)
    answering: AnsweringConfig = field(default_factory=AnsweringConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    pretrained: str | None = None

    def __post_init__(self) -> None:
        """Checks that the longest question leaves room for a context: [CLS], two [SEP] and one piece."""
        question, room = self.features.max_query_length, self.model.max_sequence_length - 4
        if question > room:
            raise ValueError(f"features.max_query_length {question} leaves no room for a context; at most {room} does")


@dataclass(frozen=True, slots=True, config=_STRICT)
class ClozeSettings:
    """How `span` makes questions from raw text; every number is a probability unless said otherwise.

    Attributes:
        mask: The answer leaves a [MASK] rather than a question word.
        other_paragraph: The sentence stands in another paragraph of the article than the passage.
        at_end: The answer heads the question, "... 한 것은 무엇인가?", where its place allows it.
        clause: Only the clause around the answer is asked about, where one is found.
        drop: Least and most share of the other words that are left out.
        drop_particle: A word loses its particle.
        rotate: The words change their order.
        title: The article's title is put in front of a sentence without it.
        shared: Number of rare pieces that a question must share with a passage of another paragraph.
    """

    mask: Share = 0.3
    other_paragraph: Share = 0.25
    at_end: Share = 0.5
    clause: Share = 0.7
    drop: tuple[Share, Share] = (0.15, 0.6)
    drop_particle: Share = 0.1
    rotate: Share = 0.2
    title: Share = 0.3
    shared: NonNegativeInt = 2


def _default_mix() -> dict[str, float]:
    return dict.fromkeys(OBJECTIVES, 0.0) | {"span": 0.6, "span+mlm": 0.15, "order+mlm": 0.25}


@dataclass(frozen=True, slots=True, config=_STRICT)
class ObjectiveSettings:
    """What pre-training predicts; the defaults are `encoder-3x4`'s. Lengths are in pieces.

    Attributes:
        mix: Relative number of BATCHES of each objective.
        span_lengths: The curriculum: (first step, sequence length of `span` batches) in ascending order, the first at
            step 0. The passage takes what the question and three special pieces leave: 68 gives about 45.
        text_length: Sequence length of `mlm` and `order` batches.
        batch_pieces: Rows of a batch times its sequence length, at most.
        max_question: Longest question of `span`.
        mask_share: Share of a row's words that `mlm` hides, counted in pieces.
        mlm_weight: What the loss of `mlm` counts beside the others'.
        exact_match_segments: In what share of the rows a piece of the second part that also occurs in the first has
            segment 0, as stages like `span_lengths`. With this help matching is found soon; one encoder learns to read
            with and without it when the share then falls to a half.
        cloze: How questions are made.
    """

    mix: dict[str, NonNegativeFloat] = field(default_factory=_default_mix)
    span_lengths: tuple[LengthStage, ...] = ((0, 68), (1400, 128), (2800, 256), (5200, 384))
    text_length: PositiveInt = 128
    batch_pieces: PositiveInt = 4096
    max_question: PositiveInt = 40
    mask_share: Probability = 0.15
    mlm_weight: PositiveFloat = 1.0
    exact_match_segments: tuple[ShareStage, ...] = ((0, 1.0), (700, 0.5))
    cloze: ClozeSettings = field(default_factory=ClozeSettings)

    def __post_init__(self) -> None:
        """Checks names, shares and the curriculum.

        Raises:
            ValueError: a setting cannot be used; the message says which.
        """
        if set(self.mix) - set(OBJECTIVES) or not sum(self.mix.values()):
            raise ValueError(f"mix {self.mix} must give positive weights to some of {', '.join(OBJECTIVES)}")
        for name in ("span_lengths", "exact_match_segments"):
            steps = [step for step, _ in getattr(self, name)]
            if not steps or steps[0] != 0 or steps != sorted(set(steps)):
                raise ValueError(f"{name} {getattr(self, name)} must ascend from step 0")
        shortest = min(length for _, length in self.span_lengths)
        if shortest < self.max_question + 20:
            raise ValueError(f"{shortest} pieces leave no passage beside a question of {self.max_question}")
        if not self.mask_share:
            raise ValueError("mask_share must lie between 0 and 1")
        if self.text_length < 16:
            raise ValueError(f"text_length {self.text_length} is less than 16")

    def span_length(self, step: int) -> int:
        """Returns the sequence length of `span` batches at a step."""
        return [length for first, length in self.span_lengths if first <= step][-1]

    def exact_match_share(self, step: int) -> float:
        """Returns the share of rows with exact-match segments at a step."""
        return [share for first, share in self.exact_match_segments if first <= step][-1]

    def longest(self) -> int:
        """Returns the longest sequence of any batch."""
        return max(self.text_length, *(length for _, length in self.span_lengths))


@dataclass(frozen=True, slots=True, config=_STRICT)
class PretrainingSettings:
    """How an encoder is pre-trained.

    Attributes:
        corpus: Raw text: a `.txt` or `.txt.zst` file, or a folder of them, see `core.data.corpus`.
        steps: Batches to train on.
        steps_per_epoch: Steps between two scorings of the held-out documents; divides `steps`.
        held_out_documents: The corpus's last documents, never trained on.
        held_out_batches: Batches of each objective to score.
        start: A finished pre-training, or a weights file, to start from. A deeper network repeats its layers in turn
            (progressive stacking: Gong et al. 2019, "Efficient Training of BERT by Progressively Stacking").
        kernel_init: `fan_in` starts every kernel of the layers with standard deviation 1 / sqrt(inputs), at this width
            three times the initializer's range, so that the layers' first outputs count beside what they are added to.
        position_init: `sinusoid` starts the learned positions as sinusoids of the initializer's scale.
        position_scale: What the positions' initialisation is multiplied by; below 1 pieces tell more than places.
        tie_first_query_key: Whether the first layer's query and key start equal, so that equal pieces attend to each
            other from the first step.
        schedule, warmup_ratio, precision: As in `TrainingConfig`.
    """

    corpus: str = "kowiki.txt.zst"
    steps: PositiveInt = 6000
    steps_per_epoch: PositiveInt = 500
    held_out_documents: PositiveInt = 400
    held_out_batches: PositiveInt = 8
    start: str | None = None
    learning_rate: PositiveFloat = 1e-3
    optimizer: Literal["adamw", "adam"] = "adamw"
    schedule: Literal["linear", "constant"] = "linear"
    warmup_ratio: Probability = 0.05
    weight_decay: NonNegativeFloat = 0.01
    clip_norm: PositiveFloat | None = 1.0
    precision: Literal["float32", "mixed_bfloat16"] = "float32"
    kernel_init: Literal["normal", "fan_in"] = "normal"
    position_init: Literal["sinusoid", "normal"] = "sinusoid"
    position_scale: PositiveFloat = 1.0
    tie_first_query_key: bool = True
    seed: Seed = 1

    def __post_init__(self) -> None:
        """Checks that the steps are whole epochs."""
        if self.steps % self.steps_per_epoch:
            raise ValueError(f"steps {self.steps} is not a multiple of steps_per_epoch {self.steps_per_epoch}")


@dataclass(frozen=True, slots=True, config=_STRICT)
class PretrainingConfig:
    """All settings of a pre-training."""

    variant: Literal["pretraining"] = "pretraining"
    model: ModelConfig = field(default_factory=ModelConfig)
    objectives: ObjectiveSettings = field(default_factory=ObjectiveSettings)
    training: PretrainingSettings = field(default_factory=PretrainingSettings)

    def __post_init__(self) -> None:
        """Checks that the network has a position for every piece."""
        if self.objectives.longest() > self.model.max_sequence_length:
            raise ValueError(f"sequences of {self.objectives.longest()} pieces exceed model.max_sequence_length")


_ADAPTERS: dict[type, TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in (RunConfig, PretrainingConfig)}

# Each variant is its difference from `base` (SEED.md's four rows first).
VARIANTS: dict[str, dict[str, Any]] = {
    "base": {},
    "pretrained-1": {"pretrained": "encoder-3x4"},
    "pretrained-2": {
        "pretrained": "encoder-6x4",
        "model.num_layers": 6,
        "training.learning_rate": 1e-4,
    },
    "pretrained-3": {
        "pretrained": "encoder-6x8",
        "model.num_layers": 6,
        "model.num_heads": 8,
        "training.learning_rate": 1e-4,
    },
    "original-recipe": {
        "features.sliding_windows": False,
        "training.dropout_acts": False,
        "training.optimizer": "adam",
        "training.schedule": "constant",
        "training.clip_norm": None,
        "training.epochs": 20,
        "training.patience": 5,
        "training.monitor": "accuracy_sum",
    },
    "matched-scratch": {"features.exact_match_segments": True},
    "matched": {
        "features.exact_match_segments": True,
        "pretrained": "encoder-3x4",
        "training.learning_rate": 3e-4,
    },
    "matched-6": {
        "features.exact_match_segments": True,
        "pretrained": "encoder-6x4",
        "model.num_layers": 6,
        "training.learning_rate": 2e-4,
    },
    "matched-6-long": {
        "features.exact_match_segments": True,
        "pretrained": "encoder-6x4-marks",
        "model.num_layers": 6,
        "training.learning_rate": 3e-4,
        "training.epochs": 2,
        "training.cloze_share": 0.5,
    },
}

_DEEPER = {
    "model.num_layers": 6,
    "objectives.mix.span": 0.75,
    "objectives.mix.span+mlm": 0.1,
    "objectives.mix.order+mlm": 0.15,
    "objectives.exact_match_segments": ((0, 0.6),),
    "training.learning_rate": 5e-4,
}
# The encoders that variants start from; each is its difference from the defaults. A later one goes on from an earlier.
ENCODERS: dict[str, dict[str, Any]] = {
    "encoder-3x4": {},
    "encoder-6x4": {
        **_DEEPER,
        "objectives.span_lengths": ((0, 128), (300, 256), (1200, 384)),
        "training.start": "encoder-3x4",
        "training.steps": 2000,
    },
    "encoder-6x8": {
        **_DEEPER,
        "model.num_heads": 8,
        "objectives.span_lengths": ((0, 128), (100, 256), (400, 384)),
        "training.start": "encoder-6x4",
        "training.steps": 700,
        "training.steps_per_epoch": 350,
    },
    "encoder-6x4-marks": {
        **_DEEPER,
        "objectives.mix.span": 0.8,
        "objectives.mix.span+mlm": 0.2,
        "objectives.mix.order+mlm": 0.0,
        "objectives.span_lengths": ((0, 256), (2600, 384)),
        "objectives.exact_match_segments": ((0, 1.0),),
        "objectives.cloze.mask": 0.15,
        "training.start": "encoder-6x4",
        "training.steps": 3600,
        "training.steps_per_epoch": 300,
    },
}

Config = TypeVar("Config", RunConfig, PretrainingConfig)


def to_dict(config: Config) -> dict[str, Any]:
    """Returns the JSON form of a configuration."""
    return _ADAPTERS[type(config)].dump_python(config, mode="json")


@overload
def from_dict(data: Mapping[str, Any]) -> RunConfig: ...
@overload
def from_dict(data: Mapping[str, Any], kind: type[Config]) -> Config: ...
def from_dict(data: Mapping[str, Any], kind: type = RunConfig) -> Any:
    """Reads the JSON form of a configuration.

    Raises:
        ConfigError: a setting is unknown or has a wrong value; the message names each one.
    """
    try:
        return _ADAPTERS[kind].validate_python(data)
    except ValidationError as error:
        lines = (f"{'.'.join(map(str, e['loc'])) or 'settings'}: {e['msg']}" for e in error.errors())
        raise ConfigError("; ".join(lines)) from None


def reading(data: Mapping[str, Any]) -> RunConfig:
    """Returns the settings with which a stored run reads; a pre-training's span head reads too.

    Raises:
        ConfigError: as `from_dict`.
    """
    if data.get("variant") != "pretraining":
        return from_dict(data)
    settings = from_dict(data, PretrainingConfig)
    objectives = settings.objectives
    matched = any(share for _, share in objectives.exact_match_segments)
    features = FeatureConfig(objectives.max_question, exact_match_segments=matched)
    return RunConfig(variant=settings.variant, model=settings.model, features=features)


def override(config: Config, changes: Mapping[str, Any]) -> Config:
    """Returns `config` with settings replaced by dotted name; texts are converted to the setting's type.

    Example:
        >>> override(RunConfig(), {"training.learning_rate": "1e-4"}).training.learning_rate
        0.0001

    Raises:
        ConfigError: a name or a value does not fit.
    """
    data = to_dict(config)
    for name, value in changes.items():
        *groups, last = name.split(".")
        target: Any = data
        for group in groups:
            target = target.get(group) if isinstance(target, dict) else None
        if not isinstance(target, dict) or last not in target or isinstance(target[last], dict):
            raise ConfigError(f"unknown setting {name!r}; there are: {', '.join(names(config))}")
        if isinstance(target[last], list) and isinstance(value, str):
            value = [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, str) and value.lower() in ("none", "null"):
            value = None
        target[last] = value
    return from_dict(data, type(config))


def names(config: Config) -> list[str]:
    """Returns the dotted names of all settings."""
    return [name for name, _ in _flatten(to_dict(config))]


def variant(name: str) -> RunConfig:
    """Returns a named variant's settings.

    Raises:
        ConfigError: there is no such variant.
    """
    if name not in VARIANTS:
        raise ConfigError(f"unknown variant {name!r}; there are: {', '.join(VARIANTS)}")
    return override(RunConfig(), {**VARIANTS[name], "variant": name})


def encoder(name: str) -> PretrainingConfig:
    """Returns a named encoder's pre-training.

    Raises:
        ConfigError: there is no such encoder.
    """
    if name not in ENCODERS:
        raise ConfigError(f"unknown encoder {name!r}; there are: {', '.join(ENCODERS)}")
    return override(PretrainingConfig(), ENCODERS[name])


def hash_without_seed(config: Config) -> str:
    """Returns a hash that two runs of a kind share exactly when their settings differ by nothing but the seed.

    It is of what differs from the defaults: a setting that is added later leaves the hashes of earlier runs.
    """
    defaults = dict(_flatten(to_dict(type(config)())))
    changed = {k: v for k, v in _flatten(to_dict(config)) if v != defaults[k] and k != "training.seed"}
    return hashlib.sha256(json.dumps(changed, sort_keys=True).encode()).hexdigest()


def _flatten(data: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = []
    for key, value in data.items():
        if isinstance(value, dict):
            pairs += _flatten(value, f"{prefix}{key}.")
        else:
            pairs.append((prefix + key, value))
    return pairs

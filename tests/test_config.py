"""Settings: named variants, overriding by dotted name, JSON and back, and refusing what cannot be."""

import json
from dataclasses import FrozenInstanceError, replace

import pytest

from core import config
from core.config import AnsweringConfig, ConfigError, FeatureConfig, ModelConfig, RunConfig, TrainingConfig


def test_base_is_the_original_experiments_network():
    base = config.variant("base")

    assert base.model == ModelConfig(
        vocab_size=32007,
        hidden_dim=256,
        num_layers=3,
        num_heads=4,
        intermediate_dim=1024,
        max_sequence_length=384,
        dropout=0.1,
        layer_norm_epsilon=0.001,
        initializer_range=0.02,
    )
    assert base.features.max_query_length == 64
    assert (base.training.learning_rate, base.training.batch_size, base.pretrained) == (5e-4, 32, None)


@pytest.mark.parametrize(
    ("name", "layers", "heads", "learning_rate"),
    [("pretrained-1", 3, 4, 5e-4), ("pretrained-2", 6, 4, 1e-4), ("pretrained-3", 6, 8, 1e-4)],
)
def test_the_originals_other_rows_differ_from_base_in_what_they_say_alone(name, layers, heads, learning_rate):
    base, found = config.variant("base"), config.variant(name)

    assert (found.model.num_layers, found.model.num_heads) == (layers, heads)
    assert found.training.learning_rate == learning_rate
    assert found.pretrained
    assert (
        replace(
            found,
            variant="base",
            pretrained=None,
            model=replace(found.model, num_layers=3, num_heads=4),
            training=replace(found.training, learning_rate=5e-4),
        )
        == base
    )


@pytest.mark.parametrize("name", config.VARIANTS)
def test_every_variant_survives_json(name):
    settings = config.variant(name)
    text = json.dumps(config.to_dict(settings), allow_nan=False)

    assert config.from_dict(json.loads(text)) == settings
    assert settings.variant == name


def test_texts_become_the_settings_type():
    settings = config.override(
        RunConfig(),
        {
            "training.learning_rate": "1e-4",
            "training.epochs": "7",
            "training.dropout_acts": "false",
            "training.clip_norm": "none",
            "training.datasets": "mini-ko, korquad-fit",
            "training.optimizer": "adam",
            "pretrained": "encoder-3x4",
        },
    )

    assert settings.training == TrainingConfig(
        learning_rate=0.0001,
        epochs=7,
        dropout_acts=False,
        clip_norm=None,
        datasets=("mini-ko", "korquad-fit"),
        optimizer="adam",
    )
    assert settings.pretrained == "encoder-3x4"
    assert config.override(settings, {"pretrained": "None"}).pretrained is None


def test_overriding_leaves_the_given_settings_alone():
    base = RunConfig()
    config.override(base, {"training.epochs": 9})

    assert base == RunConfig()
    with pytest.raises(FrozenInstanceError):
        base.variant = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    "name", ["training.learning", "learning_rate", "training", "training.datasets.0", "", "model."]
)
def test_an_unknown_name_fails_and_the_known_ones_are_named(name):
    with pytest.raises(ConfigError) as caught:
        config.override(RunConfig(), {name: "1"})

    assert f"unknown setting {name!r}" in str(caught.value)
    assert "training.learning_rate" in str(caught.value)
    assert "features.doc_stride" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("training.learning_rate", "fast"),
        ("training.learning_rate", "0"),
        ("training.learning_rate", "nan"),
        ("training.learning_rate", "inf"),
        ("training.batch_size", "0"),
        ("training.epochs", "0"),
        ("training.epochs", "2.5"),
        ("training.optimizer", "sgd"),
        ("training.monitor", "bleu"),
        ("training.validation_share", "1"),
        ("training.warmup_ratio", "-0.1"),
        ("training.clip_norm", "0"),
        ("training.seed", "-1"),
        ("training.seed", str(2**32)),
        ("training.precision", "float16"),
        ("features.doc_stride", "0"),
        ("model.dropout", "1"),
        ("model.num_layers", "-3"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_setting(name, value):
    with pytest.raises(ConfigError, match=name.replace(".", r"\.")):
        config.override(RunConfig(), {name: value})


def test_heads_must_divide_the_hidden_dimension():
    with pytest.raises(ConfigError, match="hidden_dim 256 is not a multiple of num_heads 3"):
        config.override(RunConfig(), {"model.num_heads": 3})


def test_a_question_must_leave_room_for_a_context():
    tight = config.override(RunConfig(), {"model.max_sequence_length": 64, "features.max_query_length": 60})

    with pytest.raises(ConfigError, match="max_query_length 61 leaves no room"):
        config.override(tight, {"features.max_query_length": 61})


def test_reading_json_lists_every_fault_at_once():
    with pytest.raises(ConfigError) as caught:
        config.from_dict({"colour": 1, "model": {"dropout": "much", "depth": 2}, "training": {"epochs": None}})

    for name in ("colour", "model.dropout", "model.depth", "training.epochs"):
        assert name in str(caught.value)


def test_an_unknown_variant_names_the_known_ones():
    with pytest.raises(ConfigError, match="unknown variant 'large'; there are: base, pretrained-1"):
        config.variant("large")


def test_the_hash_without_seed_ignores_the_seed_and_nothing_else():
    base = RunConfig()
    same = config.override(base, {"training.seed": 2})
    others = [
        config.override(base, {name: value})
        for name, value in {"training.epochs": 4, "model.num_heads": 8, "features.doc_stride": 64}.items()
    ]

    assert config.hash_without_seed(base) == config.hash_without_seed(same)
    earlier = config.to_dict(base)
    del earlier["training"]["cloze_share"]  # as a run has it that was trained before there was this setting
    assert config.hash_without_seed(config.from_dict(earlier)) == config.hash_without_seed(base)
    before_answering = {name: value for name, value in config.to_dict(base).items() if name != "answering"}
    assert config.hash_without_seed(config.from_dict(before_answering)) == config.hash_without_seed(base)
    assert len({config.hash_without_seed(settings) for settings in (base, *others)}) == 4


def test_names_are_every_leaf():
    listed = config.names(RunConfig())

    assert listed[:2] == ["variant", "model.vocab_size"]
    assert len(listed) == len(set(listed))
    fields = (ModelConfig, FeatureConfig, AnsweringConfig, TrainingConfig)
    assert len(listed) == 2 + sum(len(kind.__dataclass_fields__) for kind in fields)

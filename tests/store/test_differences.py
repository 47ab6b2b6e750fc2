"""Runs that differ by nothing but the seed."""

from core import config
from core.config import PretrainingConfig, RunConfig
from core.store.differences import seed_siblings
from core.store.runs import Store


def test_siblings_have_the_same_settings_and_texts(tmp_path):
    store = Store(tmp_path)

    def add(name, settings, sha256="a", **more):
        given = config.to_dict(settings) if settings else {}
        store.create(name, {"config": given | more, "datasets": {"train": [{"name": "text", "sha256": sha256}]}})

    for seed in (1, 2):
        add(f"base-{seed}", config.override(RunConfig(), {"training.seed": seed}))
        add(f"other-text-{seed}", config.override(RunConfig(), {"training.seed": seed}), sha256="b")
        add(f"encoder-{seed}", config.override(PretrainingConfig(), {"training.seed": seed}))
        add(f"foreign-{seed}", RunConfig(), optimizer="lion", training={"seed": seed})
        add(f"unknown-{seed}", None)
    add("longer", config.override(RunConfig(), {"training.epochs": 9}))

    names = [[run.name for run in group] for group in seed_siblings(store.list())]
    assert sorted(names) == [
        *(["base-1", "base-2"], ["encoder-1", "encoder-2"], ["foreign-1"], ["foreign-2"], ["longer"]),
        *(["other-text-1", "other-text-2"], ["unknown-1"], ["unknown-2"]),
    ]

"""What differs between one of our runs and the original's, told from its run.json."""

from dataclasses import dataclass
from typing import Any

from core.audit.reported import DATASET, Measured, Reported, load
from core.comparing.compatibility import shares_questions
from core.data import catalogue
from core.data.records import part_sha256
from core.store.runs import Run
from core.texts.message import Message

Values = dict[str, str | int | float]


def notes(run: Run, measured: Measured) -> list[Message]:
    """Returns what differs between one of our runs and the original's, from its run.json.

    What it does not say is left out.
    """
    reported = load()
    settings = run.get("config", "training") or {}
    found = [_data(run, measured, reported), _dropout(settings, run), _pretraining(run), _windows(run, reported)]
    if {"epochs", "optimizer", "schedule"} <= settings.keys():
        named = {key: settings[key] for key in ("epochs", "optimizer", "schedule")}
        named |= {f"reported_{key}": reported.training[key] for key in ("epochs", "optimizer")}
        found.append(Message("schedule", "reported-note-schedule", named))
    return [message for message in found if message is not None]


def _data(run: Run, measured: Measured, reported: Reported) -> Message | None:
    used = [entry for entry in run.get("datasets", "train") or [] if isinstance(entry, dict)]
    if not used:
        return None
    values: Values = {
        "names": " + ".join(str(entry.get("name")) for entry in used),
        "trained": f"{sum(entry.get('questions') or 0 for entry in used):,}",
        "held_back": f"{run.number('datasets', 'validation', 'questions') or 0:,.0f}",
        "judged": f"{measured.questions:,}",
        "dataset": DATASET,
        "seen": "yes" if any(shares_questions(_hash(), str(entry.get("sha256"))) for entry in used) else "no",
        "reported_trained": f"{reported.data['trained']:,}",
        "reported_judged": f"{reported.data['judged']:,}",
    }
    return Message("data", "reported-note-data", values)


def _hash() -> str:
    """Returns the SHA-256 that `DATASET` has on every machine; its text need not be here."""
    return part_sha256(catalogue.DATASETS[DATASET].sha256, DATASET)


def _dropout(settings: dict[str, Any], run: Run) -> Message | None:
    rate = run.number("config", "model", "dropout")
    if rate is None or "dropout_acts" not in settings:
        return None
    acts = bool(settings["dropout_acts"]) and rate > 0
    return Message("dropout", "reported-note-dropout", {"acts": "yes" if acts else "no", "rate": f"{rate:g}"})


def _pretraining(run: Run) -> Message:
    loaded = run.get("pretrained")
    if not isinstance(loaded, dict):
        return Message("fresh", "reported-note-fresh")
    steps, tokens = run.number("pretrained", "steps"), run.number("pretrained", "tokens")
    distance = run.number("pretrained", "distance_from_initialisation")
    values: Values = {
        "name": str(loaded.get("name")),
        "steps": "–" if steps is None else f"{steps:,.0f}",
        "pieces": "–" if tokens is None else f"{tokens:,.0f}",
        "distance": "–" if distance is None else f"{distance:.2f}",
    }
    return Message("pretrained", "reported-note-pretrained", values)


def _windows(run: Run, reported: Reported) -> Message | None:
    features = run.get("config", "features") or {}
    if "sliding_windows" not in features:
        return None
    dropped = run.number("windows", "questions_without_window")
    values: Values = {
        "slides": "yes" if features["sliding_windows"] else "no",
        "length": run.get("config", "model", "max_sequence_length") or "–",
        "stride": features.get("doc_stride", "–"),
        "dropped": "–" if dropped is None else f"{dropped:,.0f}",
        "reported_dropped": reported.data["trained_of"] - reported.data["trained"],
    }
    return Message("windows", "reported-note-windows", values)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What run.json says of a run's pre-trained weights.

    Attributes:
        run: the run's name.
        encoder: the pre-training's.
        span_head: whether the pre-trained span head was loaded too; None where it is not on record.
        from_initialisation: relative distance of the encoder's weights from their initialisation, once loaded; 0 would
            mean that nothing was. None where it is not on record.
        moved: relative distance of the fine-tuned encoder from the pre-trained one; None as above.
        fine_tuned: the same of the fine-tuned encoder from its initialisation; None as above.
    """

    run: str
    encoder: str
    span_head: bool | None
    from_initialisation: float | None
    moved: float | None
    fine_tuned: float | None


def loaded(run: Run) -> Loaded | None:
    """Returns what is on record of a run's pre-trained weights, or None for fresh ones."""
    found = run.get("pretrained")
    if not isinstance(found, dict):
        return None
    head = found.get("span_head")
    return Loaded(
        run=run.name,
        encoder=str(found.get("name")),
        span_head=head if isinstance(head, bool) else None,
        from_initialisation=run.number("pretrained", "distance_from_initialisation"),
        moved=run.number("pretrained", "distance_from_pretrained"),
        fine_tuned=run.number("distance_from_initialisation"),
    )

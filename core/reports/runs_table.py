"""`python -m core runs table`: how each finished run was trained and what it scores, as the README states it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core import config
from core.scoring.scores import RunScores
from core.store import predictions
from core.store.runs import Run, Store

_JUDGE, _OURS = "korquad-held-out", "mini-ko"
_TRAINING = (
    "run", "layers, heads", "parameters", "pre-training: steps, pieces, objectives, text", "fine-tuned on (questions)",
    "learning rate", "precision", "seed", "epoch kept", "minutes",
)  # fmt: skip
_SCORES = (
    "run", "held-out EM / F1", "of the 102: exact, median length",
    "by the original's rule: contains, exact, median length", "mini-ko EM / F1",
)  # fmt: skip


def table() -> None:
    """Prints the finished runs as the README's two Markdown tables: how each was trained, and what it scores."""
    order = {variant: number for number, variant in enumerate(config.VARIANTS)}
    runs = [run for run in Store().list() if run.status == "finished" and run.variant in order]
    runs.sort(key=lambda run: (order[run.variant or ""], run.seed or 0))
    for header, cells in ((_TRAINING, _training), (_SCORES, _scores)):
        rows = [header, ["---"] * len(header), *map(cells, runs)]
        print("\n".join(f"| {' | '.join(row)} |" for row in rows), end="\n\n" if header is _TRAINING else "\n")


def _training(run: Run) -> Sequence[str]:
    settings = config.from_dict(run.info["config"])
    shape, training = settings.model, settings.training
    cloze = f"; cloze pairs in {training.cloze_share:.0%} of the steps" if training.cloze_share else ""
    matched = ", exact matches marked" if settings.features.exact_match_segments else ""
    return [
        f"`{run.name}`",
        f"{shape.num_layers}, {shape.num_heads} x {shape.hidden_dim // shape.num_heads}{matched}",
        f"{run.get('parameter_count'):,}",
        _pretraining(run.get("pretrained")),
        " + ".join(f"{d['name']} ({d['questions']:,})" for d in run.get("datasets", "train") or []) + cloze,
        f"{training.learning_rate:g}",
        training.precision,
        f"{training.seed}",
        f"{run.get('best', 'epoch')} of {settings.training.epochs}",
        f"{(run.seconds or 0) / 60:.0f}",
    ]


def _pretraining(found: dict[str, Any] | None) -> str:
    """Returns what the weights had seen before fine-tuning, the pre-trainings in their order."""
    if not found:
        return "none"
    mix = (found["objectives"] or {}).get("mix", {})
    objectives = sorted({part for name, weight in mix.items() if weight for part in name.split("+")})
    told = f"`{found['name']}`"
    if found["steps"] is not None:
        told += f": {found['steps']:,}, {found['tokens'] / 1e6:.1f} M, {' + '.join(objectives)}"
        # Runs of earlier versions do not say on which text.
        told += "".join(f", {Path(text['name']).name}" for text in found.get("trained_on") or [])
    before = found.get("started_from")
    return f"{_pretraining(before)}; then {told}" if before else told


def _scores(run: Run) -> Sequence[str]:
    scores = {
        name: RunScores.of(predictions.read(run.predictions_path(name)).table, name) for name in run.predictions()
    }
    judged = scores.get(_JUDGE)
    head, rule = (judged.original_head, judged.original) if judged else (None, None)

    def em_f1(dataset: str) -> str:
        return "{exact_match:.1f} / {f1:.1f}".format_map(scores[dataset].measures) if dataset in scores else ""

    return [
        f"`{run.name}`",
        em_f1(_JUDGE),
        f"{head.right}, {head['median_length']:g}" if head else "",
        f"{rule.count}, {rule.exact_count}, {rule.median_length:g}" if rule else "",
        em_f1(_OURS),
    ]

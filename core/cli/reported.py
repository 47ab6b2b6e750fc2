"""`python -m core reported`: the original's figures beside ours, its claims audited, its counting rule on trial."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from core import config
from core.audit import rule_trial
from core.cli.terminal import AsJson, out, print_json, spoken
from core.comparing.compatibility import ComparisonRefused
from core.data import catalogue
from core.scoring import original_rule
from core.store.runs import Run, Store
from core.texts import text

if TYPE_CHECKING:  # the audit's statistics import SciPy, which other commands should not wait for
    from core.audit.claims import Audit, Ours
    from core.audit.reported import Figure, Row
    from core.store.predictions import Predictions


def reported(
    language: Annotated[str, typer.Option(help="ko or en; by default the system's.")] = "",
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Answer with untrained networks again and store it (needs KorQuAD).")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Sets what the original experiment reported beside what our runs of the same four variants do.

    Reads stored predictions on korquad-held-out. A variant without a finished run is shown with the command that trains
    it.
    """
    if fresh:
        conduct()
        return
    from core.audit import claims, noise
    from core.audit import reported as figures
    from core.comparing.retraining import read_trainings

    tongue = spoken(language)
    runs = Store().list()
    rows = [figures.row(one, runs) for one in figures.load().runs]
    noises = noise.measure(runs)
    audits = [claims.audit(claim, noise=noises) for claim in figures.load().claims]
    need = claims.need(clustering=noises.clustering)
    trainings = read_trainings(Store(), figures.DATASET)
    pairs = [_ours(audit, rows, trainings) for audit in audits]
    if as_json:
        noted = {"need": asdict(need), "seeds": noises.seeds and asdict(noises.seeds)}
        print_json(_document(rows, audits, pairs) | noted)
        return
    _print_table(rows, tongue)
    for message in claims.need_messages(need):
        out.print(Text(f"\n{message.text(tongue)}"))
    _print_claims(audits, pairs, tongue)
    _print_trial(rows, tongue)


def conduct() -> None:
    """Puts the counting rule on trial and stores the result; the only part that needs TensorFlow and KorQuAD."""
    from core.audit import silent_load, untrained
    from core.audit.reported import DATASET

    dataset = catalogue.load(DATASET)
    examples = dataset.examples[: original_rule.QUESTIONS]
    masked: rule_trial.Spans = {}
    anywhere: rule_trial.Spans = {}
    for seed, table in untrained.answers(examples, rule_trial.SEEDS):
        masked[seed] = (table["original_start"], table["original_end"])
        anywhere[seed] = (table["anywhere_start"], table["anywhere_end"])
        typer.echo(f"untrained network {seed} of {len(rule_trial.SEEDS)}", err=True)
    shapes = [config.variant(name).model for name in ("pretrained-1", "pretrained-2")]
    demonstrated = silent_load.demonstrate(shapes[0], shapes[1].num_layers)
    rule_trial.write(rule_trial.conduct(dataset, masked, anywhere), dataset, demonstrated)
    typer.echo(rule_trial.STORED)


def _ours(audit: "Audit", rows: "list[Row]", trainings: "list[Predictions]") -> "Ours | ComparisonRefused | None":
    """Returns what our runs say of a claim, or why the two must not be compared; None where one is missing."""
    from core.audit import claims
    from core.audit import reported as figures

    try:
        return claims.ours(audit.claim, rows, lambda row: figures.read(_run(row)), trainings)
    except ComparisonRefused as refusal:
        return refusal


def _run(row: "Row") -> Run:
    assert row.run is not None
    return row.run


# -- JSON ---------------------------------------------------------------------------------------------------------


def _document(
    rows: "list[Row]", audits: "list[Audit]", pairs: "list[Ours | ComparisonRefused | None]"
) -> dict[str, Any]:
    from core.audit import notes
    from core.audit import reported as figures
    from core.reports import report

    listed = []
    for row in rows:
        ours: dict[str, Any] = {"run": row.run.name if row.run else None}
        ours |= {"state": row.state, "commands": row.commands}
        if row.run and row.measured:
            ours["measured"] = asdict(row.measured)
            ours["notes"] = [report.said(note) for note in notes.notes(row.run, row.measured)]
            ours["pretrained"] = asdict(found) if (found := notes.loaded(row.run)) else None
        listed.append({"reported": asdict(row.reported), "ours": ours})
    judged = []
    for audit, pair in zip(audits, pairs, strict=True):
        entry = {key: value for key, value in asdict(audit).items() if key not in ("findings", "need", "a", "b")}
        entry |= {"findings": [report.said(finding) for finding in audit.findings], "need": report.said(audit.need)}
        names = ("by_rule", "exact", "on_all")
        if isinstance(pair, ComparisonRefused):
            entry["ours"] = {"refused": [report.said(reason) for reason in pair.reasons]}
        else:
            entry["ours"] = pair and {name: report.to_dict(getattr(pair, name)) for name in names}
        judged.append(entry)
    trial = rule_trial.read()
    baselines = {"whole_passage": trial.whole_passage, "first_characters": trial.first_characters}
    baselines |= {f"untrained_{seed}": result for seed, result in trial.untrained.items()}
    baselines |= {f"untrained_anywhere_{seed}": result for seed, result in trial.anywhere.items()}
    counted = {
        name: {"count": result.count, "exact": result.exact_count, "median_length": result.median_length}
        for name, result in baselines.items()
    }
    document = {"source": figures.load().source, "rows": listed, "claims": judged}
    return document | {"trial": counted, "silent_load": trial.silent_load}


# -- the terminal -------------------------------------------------------------------------------------------------


def _print_table(rows: "list[Row]", language: str) -> None:
    from core.audit import notes
    from core.audit import reported as figures

    table = Table(title=text("reported-table", language))
    table.add_column()
    for whose in ("theirs", "ours"):
        table.add_column(text(f"reported-{whose}", language), justify="right")
    for row in rows:
        table.add_row(Text(text(f"reported-run-{row.reported.variant}", language), "bold"))
        theirs = figures.reported_figures(row.reported)
        if row.measured:
            ours = {name: _cell(figure, language) for name, figure in figures.measured_figures(row.measured).items()}
        else:
            ours = {"parameters": text(f"reported-state-{row.state}", language)}
        for name, said in theirs.items():
            table.add_row(_heading(name, language), _cell(said, language), ours.get(name, ""))
        table.add_section()
    out.print(table)
    for row in rows:
        if row.run and row.measured:
            out.print(Text(f"{row.run.name}:", "bold"))
            for note in notes.notes(row.run, row.measured):
                out.print(Text(f"  - {note.text(language)}"))
        for command in row.commands:
            out.print(Text(f"  {command}"), soft_wrap=True)


def _heading(name: str, language: str) -> str:
    from core.audit import reported as figures

    return text(f"reported-column-{name}", language, questions=figures.load().questions)


def _cell(figure: "Figure | None", language: str) -> str:
    if figure is None:
        return "–"
    from core.audit.reported import UNKNOWN

    interval = text("interval-unknown", language) if figure.interval == UNKNOWN else figure.interval
    return f"{figure.value} ({interval})" if interval else figure.value


def _print_claims(audits: "list[Audit]", pairs: "list[Ours | ComparisonRefused | None]", language: str) -> None:
    for number, (audit, pair) in enumerate(zip(audits, pairs, strict=True), start=1):
        out.print(Text(f"\n{number}. {audit.claim.words[language]}", "bold"))
        for message in (*audit.findings, audit.need):
            out.print(Text(f"  - {message.text(language)}"))
        if isinstance(pair, ComparisonRefused):
            for reason in pair.reasons:
                out.print(Text(f"  - {reason.text(language)}"))
            continue
        if pair is None:
            out.print(Text(f"  - {text('claims-no-pair', language, a=audit.claim.a, b=audit.claim.b)}"))
            continue
        for name, comparison in (("rule", pair.by_rule), ("exact", pair.exact), ("all", pair.on_all)):
            what = text(f"claims-ours-{name}", language, questions=comparison.questions)
            out.print(Text(f"  - {what}: {' '.join(message.text(language) for message in comparison.messages)}"))
        if pair.opposite:
            out.print(Text(f"  - {pair.opposite.text(language)}"))


def _print_trial(rows: "list[Row]", language: str) -> None:
    from core.audit import reported as figures

    trial = rule_trial.read()
    table = Table(title=text("reported-trial", language))
    table.add_column(_heading("answerer", language))
    for name in ("right", "exact", "length"):
        table.add_column(_heading(name, language), justify="right")
    baselines = (("whole", trial.whole_passage), ("first", trial.first_characters))
    for name, result in baselines:
        cells = (str(result.count), str(result.exact_count), f"{result.median_length:g}")
        table.add_row(text(f"reported-answerer-{name}", language, characters=rule_trial.CHARACTERS), *cells)
    for name, results in (("untrained", trial.untrained), ("anywhere", trial.anywhere)):
        who, counts = text(f"reported-answerer-{name}", language, networks=len(results)), rule_trial.counts(results)
        table.add_row(who, f"{counts.min()}–{counts.max()}", str(rule_trial.most_exact(results)), "")
    for row in rows:
        if row.run and row.measured:
            found = row.measured
            table.add_row(
                row.run.name, f"{found.right.value:.0f}", f"{found.exact.value:.0f}", f"{found.median_length:g}"
            )
    out.print(table)
    theirs = figures.load().untrained["right"]
    out.print(Text(rule_trial.untrained_message(trial, theirs).text(language)))

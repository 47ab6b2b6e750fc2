"""The reported table beside ours: wide a table with two lines a run, narrow a card a run with the two side by side."""

import html
from collections.abc import Mapping, Sequence

import streamlit as st

from core.audit.reported import UNKNOWN, Figure, Row, measured_figures, reported_figures
from pages.parts.shared.format import MISSING
from pages.parts.shared.language import t

_SHOWN = ("parameters", "loss", "accuracy", "right")
_HIDDEN = ("exact", "length", "em", "f1")
# Cells name themselves (data-name) where the narrow form takes the headings away.
_STYLE = """<style>
.reported {width:100%; border-collapse:collapse; font-variant-numeric:tabular-nums; line-height:1.35}
.reported caption {position:absolute; width:1px; height:1px; overflow:hidden; clip-path:inset(50%)}
.reported th, .reported td {padding:.35rem .5rem; text-align:right; vertical-align:top; font-weight:400}
.reported th {text-align:left}
.reported thead th {text-align:right; font-size:.85em; opacity:.75; vertical-align:bottom}
.reported thead th.group {text-align:center; border-bottom:1px solid color-mix(in srgb,currentColor 35%,transparent)}
.reported tbody {border-top:1px solid color-mix(in srgb,currentColor 25%,transparent)}
.reported .run th {font-weight:600; padding-top:.6rem}
.reported .run small {font-weight:400; opacity:.75; margin-left:.5rem}
.reported .ours td, .reported .ours th {font-weight:600}
.reported .ours {background:color-mix(in srgb,currentColor 6%,transparent)}
.reported small {font-weight:400; opacity:.75; white-space:nowrap}
.reported td small {display:block}
.reported .state {text-align:left; font-weight:400; font-style:italic; opacity:.8}
@media (max-width: 900px) {
  .reported, .reported tr, .reported th, .reported td {display:block}
  .reported thead {position:absolute; width:1px; height:1px; overflow:hidden; clip-path:inset(50%)}
  .reported tbody {display:grid; grid-template-columns:1fr 1fr; gap:0 .5rem; padding:.25rem .25rem .75rem;
    margin-bottom:1rem; border:1px solid color-mix(in srgb,currentColor 25%,transparent); border-radius:.5rem}
  .reported .run {grid-column:1/3}
  .reported .theirs, .reported .ours {display:grid; grid-row:2/span 9; grid-template-rows:subgrid}
  .reported .run small {display:block; margin-left:0; white-space:normal}
  .reported th, .reported td {text-align:left; padding:.2rem .4rem}
  .reported td[data-name]::before {content:attr(data-name); display:block; font-size:.78em; font-weight:400;
    opacity:.75}
  .reported .ours {border-radius:.4rem}
}
</style>"""


def show(rows: Sequence[Row], questions: int) -> None:
    """Draws the table.

    Args:
        rows: of `core.audit.reported.row`.
        questions: of the original's count.
    """
    st.html(_STYLE + table(rows, questions))


def table(rows: Sequence[Row], questions: int) -> str:
    """Returns the table as HTML; everything in it is escaped."""
    names = {name: t(f"reported-column-{name}", questions=questions) for name in (*_SHOWN, *_HIDDEN)}
    headings = "".join(f'<th scope="col">{_safe(name)}</th>' for name in names.values())
    head = (
        f'<thead><tr><td></td><td colspan="{len(_SHOWN)}"></td>'
        f'<th class="group" scope="colgroup" colspan="{len(_HIDDEN)}">{_safe(t("reported-hidden"))}</th></tr>'
        f"<tr><td></td>{headings}</tr></thead>"
    )
    bodies = "".join(_body(row, names) for row in rows)
    return f'<table class="reported"><caption>{_safe(t("reported-table"))}</caption>{head}{bodies}</table>'


def _body(row: Row, names: dict[str, str]) -> str:
    said = row.reported
    shape: dict[str, str | int] = {
        "layers": said.layers,
        "heads": said.heads,
        "dim": said.head_dim,
        "rate": f"{said.learning_rate:g}",
    }
    title = f"{_safe(t(f'reported-run-{said.variant}'))} <small>{_safe(t('reported-shape', **shape))}</small>"
    lines = f'<tr class="run"><th scope="rowgroup" colspan="{1 + len(names)}">{title}</th></tr>'
    lines += _line("theirs", t("reported-theirs"), reported_figures(said), names)
    ours = t("reported-ours")
    if row.run and row.run.name != said.variant:
        ours += f" · {row.run.name}"
    if row.measured is None:
        state = _safe(t(f"reported-state-{row.state}"))
        lines += f'<tr class="ours"><th scope="row">{_safe(ours)}</th>'
        lines += f'<td class="state" colspan="{len(names)}">{state}</td></tr>'
    else:
        lines += _line("ours", ours, measured_figures(row.measured), names)
    return f"<tbody>{lines}</tbody>"


def _line(kind: str, whose: str, figures: Mapping[str, Figure | None], names: dict[str, str]) -> str:
    shown = "".join(f'<td data-name="{_safe(name)}">{_cell(key, figures[key])}</td>' for key, name in names.items())
    return f'<tr class="{kind}"><th scope="row">{_safe(whose)}</th>{shown}</tr>'


def _cell(name: str, figure: Figure | None) -> str:
    if figure is None:
        return MISSING
    value = _safe(t("reported-characters", count=figure.value)) if name == "length" else figure.value
    interval = t("interval-unknown") if figure.interval == UNKNOWN else figure.interval
    return f"{value} <small>({interval})</small>" if interval else value


def _safe(text: str) -> str:
    return html.escape(text, quote=True)

"""Numbers, times and untrusted text, made fit to be shown."""

import html
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from core.store.runs import Run
from pages.parts.shared.language import t

MISSING = "–"


def markdown(text: str) -> str:
    """Returns untrusted text for a place that reads Markdown, where it will show as it is, on one line.

    Every ASCII punctuation mark is escaped (CommonMark allows it for each), which also covers HTML, `$...$`
    and Streamlit's `:red[...]` and `:material/...:`.
    """
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))


def plotly(text: str) -> str:
    """Returns untrusted text for a Plotly label, which would read `<b>` and `<a href>`."""
    return html.escape(text, quote=False)


def number(value: float | None, digits: int = 1) -> str:
    """Returns a number with thousands separators and a fixed number of decimals."""
    return MISSING if value is None or value != value else f"{value:,.{digits}f}"


def compact(value: float | None) -> str:
    """Returns a number with four significant digits, for settings and readings of any size."""
    if value is None or value != value:
        return MISSING
    if isinstance(value, int) or (float(value).is_integer() and abs(value) < 1e15):
        return f"{int(value):,}"
    return f"{value:.4g}"


def parameters(count: int | None) -> str:
    """Returns a parameter count in millions, e.g. 10.66 M."""
    return MISSING if count is None else f"{count / 1e6:.2f} M"


def duration(seconds: float | None) -> str:
    """Returns a length of time in its two largest units, e.g. 1 h 03 min."""
    if seconds is None or seconds != seconds:
        return MISSING
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    if hours:
        return t("dashboard-hours", hours=hours, minutes=f"{minutes:02d}")
    if minutes:
        return t("dashboard-minutes", minutes=minutes, seconds=f"{rest:02d}")
    return t("dashboard-seconds", seconds=rest)


def moment(when: datetime | None) -> str:
    """Returns a date and time in the browser's time zone."""
    return MISSING if when is None else f"{local(when):%Y-%m-%d %H:%M}"


def local(when: datetime) -> datetime:
    """Returns a moment in the browser's time zone (UTC when it is unknown)."""
    return when.astimezone(ZoneInfo(st.context.timezone or "UTC"))


def status(run: Run) -> str:
    """Returns a run's status in the reader's language, with a sign that does not need colour."""
    signs = {"running": "▶", "finished": "✓", "stopped": "■", "failed": "✕", "broken": "⚠"}
    return f"{signs[run.status]} {t(f'dashboard-status-{run.status}')}"

"""What each colour stands for: every chart, mark, table and report takes its colours from here.

Contrast to a light and to a dark background is at least 3:1 (WCAG 2.2, 1.4.11) where a colour draws marks or lines.
"""

RUNS = ("#3B7DD8", "#D95F02", "#1B9E77", "#C2408F", "#8F6FE0", "#0E93A8", "#E0524F", "#7A8A1F")
"""Of runs alone, in the store's order: a run has one colour on all pages, as A or as B too."""

GOLD = "#A67C00"
"""The dataset's answer; no run has it."""

GOOD, BAD = "#1B9E77", "#D95F02"
"""For the better and for the worse, where no run is drawn; a sign or a word always says it too."""

FIGURE = "#64748B"
"""What belongs to no run: differences and their intervals."""

MEASURES = {"right": "#3B7DD8", "exact": "#D95F02", "f1": "#1B9E77"}
"""Measures side by side, where no run is told from another: the original's rule, exact match, F1."""

MUTED = "#808080"
"""Lines, grids, and what does not count; mixed with the background by `tint`."""

INK = ("#1c2027", "#f4f6f9")
"""Text on a tint, on a light and on a dark background."""

CLEAR = "rgba(0,0,0,0)"

ACCENT = ("#2866c4", "#6ea8ff")
"""What can be pressed, on a light and on a dark background."""

REPORT = {
    "accent": ACCENT,
    "line": ("#d5d8dd", "#3a3f47"),
    "soft": ("#f4f6f9", "#1c2027"),
    "warning": ("#b8860b", "#b8860b"),
}
"""Of the HTML report, by the name of its CSS variable: on a light and on a dark background."""


def tint(color: str, alpha: float) -> str:
    """Returns a `#rrggbb` colour as `rgba(...)` with an opacity of 0..1."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"

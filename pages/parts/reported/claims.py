"""The three claims: by their own numbers, by what a test needs, and by our runs."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.audit import claims, reported
from core.audit.claims import Audit, Ours
from core.audit.reported import DATASET, Row
from core.comparing.compatibility import ComparisonRefused
from core.reports.palette import BAD, GOOD
from core.scoring.statistics import ALPHA
from core.store.runs import Run
from pages.parts.reported import data
from pages.parts.shared import charts, forest, frame, language, palette, run_picker
from pages.parts.shared.format import markdown
from pages.parts.shared.language import t

_MOST = 8  # net gain that the chart of p goes to


def show(rows: Sequence[Row], runs: Sequence[Run]) -> None:
    """Draws what a test needs at all, then the claims one by one; `runs` is the whole store."""
    st.subheader(t("reported-claims"), anchor=False)
    noise = data.noise(runs)
    audits = [claims.audit(claim, noise=noise) for claim in reported.load().claims]
    words, chart = st.columns([3, 2], gap="large", vertical_alignment="center")
    with words:
        for message in claims.need_messages(claims.need(clustering=noise.clustering)):
            st.markdown(markdown(message.text(language.current())))
    with chart:
        _chart(audits)
    for number, audit in enumerate(audits, start=1):
        _claim(number, audit, rows)


def _chart(audits: Sequence[Audit]) -> None:
    """Draws the least p of every net gain, with the three claims on it."""
    net = np.arange(_MOST + 1)
    p = claims.best_p(net)
    questions = reported.load().questions
    figure = charts.figure(x_title=t("reported-need-x", questions=questions), y_title="p", height=280)
    figure.update_layout(hovermode="closest", showlegend=False)
    reaches = p < ALPHA
    for shown, color in ((reaches, GOOD), (~reaches, BAD)):
        symbols = "circle" if color == GOOD else "x"
        marker = {"size": 10, "color": color, "symbol": symbols}
        hover = "%{x}: p = %{y:.3f}<extra></extra>"
        figure.add_scatter(x=net[shown], y=p[shown], mode="markers", marker=marker, hovertemplate=hover)
    figure.add_hline(y=ALPHA, line=charts.REFERENCE)
    figure.add_annotation(x=_MOST, y=ALPHA, text=f"p = {ALPHA:g}", showarrow=False, yshift=10, xanchor="right")
    for number, audit in enumerate(audits, start=1):
        place = {"x": audit.counted, "y": float(p[audit.counted])}
        label = t("reported-need-claim", number=number)
        figure.add_annotation(**place, text=label, showarrow=False, yshift=15 * (1 + number % 2))
    figure.update_xaxes(dtick=1, range=[-0.9, _MOST + 0.6])
    figure.update_yaxes(range=[-0.05, 1.3], tickvals=[0, 0.25, 0.5, 0.75, 1])
    st.markdown(f"**{t('reported-need-chart')}**")
    said = "; ".join(f"{count}: {value:.3f}" for count, value in zip(net, p, strict=True))
    charts.show(figure, key="reported-need", alt=f"{t('reported-need-chart')}: {said}")


def _claim(number: int, audit: Audit, rows: Sequence[Row]) -> None:
    spoken = language.current()
    with st.container(border=True, key=f"claim-{audit.claim.name}"):
        st.caption(t("reported-claim", number=number))
        st.markdown(f"#### “{markdown(audit.claim.words[spoken])}”")
        own, ours = st.columns(2, gap="large")
        with own:
            st.markdown(f"**{t('reported-claim-own')}**")
            st.markdown("\n".join(f"- {markdown(finding.text(spoken))}" for finding in audit.findings))
            st.markdown(f"**{t('reported-claim-test')}**")
            st.markdown(markdown(audit.need.text(spoken)))
        with ours:
            st.markdown(f"**{t('reported-claim-ours')}**")
            _ours(audit, rows)


def _ours(audit: Audit, rows: Sequence[Row]) -> None:
    found = data.ours(audit.claim, rows)
    if found is None:
        st.markdown(t("claims-no-pair", a=markdown(audit.claim.a), b=markdown(audit.claim.b)))
        by_variant = {row.reported.variant: row for row in rows}
        for variant in (audit.claim.a, audit.claim.b):
            row = by_variant[variant]
            if row.state != "measured":
                st.markdown(f"- {markdown(variant)}: {t(f'reported-state-{row.state}')}")
        return
    if isinstance(found, ComparisonRefused):
        for reason in found.reasons:
            st.markdown(f"- {markdown(reason.text(language.current()))}")
        return
    runs = {"a": found.on_all.run_a, "b": found.on_all.run_b}
    st.caption(t("reported-claim-pair", **{side: markdown(name) for side, name in runs.items()}))
    for name, comparison in (("rule", found.by_rule), ("all", found.on_all)):
        questions = t(f"claims-ours-{name}", questions=f"{comparison.questions:,}")
        verdicts = [markdown(message.text(language.current())) for message in comparison.messages]
        st.markdown("  \n".join([f"*{markdown(questions)}*", *verdicts]))
    if found.opposite:
        st.markdown(f":material/swap_horiz: **{markdown(found.opposite.text(language.current()))}**")
    _forest(audit, found)
    _link(audit, found)


def _forest(audit: Audit, found: Ours) -> None:
    rows = []
    measures = (("rule", found.by_rule), ("exact", found.exact), ("exact", found.on_all))
    for (name, comparison), symbol in zip(measures, palette.SYMBOLS, strict=False):
        label = t(f"reported-measure-{name}", questions=f"{comparison.questions:,}")
        difference = comparison.right
        rows.append(forest.Row(label, difference.difference, difference.low, difference.high, symbol=symbol))
    what, key = t("reported-claim-forest"), f"forest-{audit.claim.name}"
    forest.show(rows, x_title=t("compare-forest-x"), key=key, what=what, row_height=44)


def _link(audit: Audit, found: Ours) -> None:
    """Draws the way to Compare with this pair, counted as the original counted."""
    compare = frame.path("compare")
    if compare is None:
        return
    names = (found.on_all.run_a, found.on_all.run_b)
    label = t("reported-claim-link", a=markdown(names[0]), b=markdown(names[1]))
    # Not st.page_link: what the session remembers of Compare would win over the address.
    if st.button(label, key=f"compare-{audit.claim.name}", icon=":material/compare_arrows:"):
        run_picker.choose_pair(names)
        st.session_state.update(dataset=DATASET, part="original", criterion="substring")
        st.switch_page(compare)

"""How many questions, and how many trainings, would show a difference of so many points: a curve of power."""

from collections.abc import Sequence

import streamlit as st

from core.comparing.planning import Plan
from core.reports.palette import FIGURE, tint
from core.scoring.statistics import POWER
from core.store.runs import Run
from pages.parts.compare import data
from pages.parts.compare.data import Pair
from pages.parts.shared import charts, language, url
from pages.parts.shared.format import markdown
from pages.parts.shared.language import t

LEAST, MOST = 0.1, 50.0  # points


def show(runs: Sequence[Run], pair: Pair) -> None:
    """Draws the difference to plan for, and what it takes; `runs` is the whole store."""
    difference = url.linked(
        st.number_input,
        t("compare-plan-effect"),
        key="effect",
        default=2.0,
        min_value=LEAST,
        max_value=MOST,
        step=0.5,
        format="%.1f",
        width=220,
    )
    if not pair.comparison.right.differs:
        st.info(t("compare-plan-nothing"))
        return
    with st.spinner(t("compare-plan-busy")):
        plan = data.plan(pair, runs, difference)
    st.markdown(markdown(plan.message.text(language.current())))
    _curve(plan)
    st.caption(t("plan-how"))
    if plan.seed_message and plan.seed_curve is not None:
        st.markdown(f":material/casino: {markdown(plan.seed_message.text(language.current()))}")
        _trainings(plan)


def _curve(plan: Plan) -> None:
    figure = charts.figure(x_title=t("compare-core-questions"), y_title=t("plan-power"), height=320)
    curve = plan.curve
    figure.add_scatter(
        x=curve["questions"],
        y=100 * curve["power"],
        customdata=curve["paragraphs"],
        mode="lines+markers",
        line={"color": FIGURE, "width": 2.5},
        marker={"color": FIGURE, "size": 7},
        hovertemplate=t("compare-plan-hover") + "<extra></extra>",
        showlegend=False,
    )
    figure.add_vrect(x0=plan.questions_low, x1=plan.questions_high, fillcolor=tint(FIGURE, 0.12), line_width=0)
    figure.add_hline(y=100 * POWER, line=charts.REFERENCE)
    here, needed = plan.observed_questions, plan.questions
    end = 1.05 * min(max(float(curve["questions"].max()), plan.questions_high), 3.0 * max(here, needed))
    for x, name, y in ((here, "here", 5), (needed, "needed", 15)):  # below the curve
        figure.add_vline(x=x, line=charts.REFERENCE)
        place = {"xanchor": "right", "xshift": -4} if x > 0.7 * end else {"xanchor": "left", "xshift": 4}
        figure.add_annotation(x=x, y=y, text=f"{t(f'compare-plan-{name}')} {x:,}", showarrow=False, **place)
    figure.update_xaxes(range=[0, end], tickformat=",d")
    figure.update_yaxes(range=[0, 102])
    figure.update_layout(hovermode="closest")
    said = "; ".join(f"{row.questions:,}: {100 * row.power:.0f} %" for row in curve.itertuples())
    charts.show(figure, key="plan-curve", alt=f"{t('plan-curve')}: {said}")


def _trainings(plan: Plan) -> None:
    curve = plan.seed_curve
    assert curve is not None
    st.dataframe(
        {
            "seeds": curve["seeds"],
            "here": 100 * curve["power_here"],
            "questions": curve["questions"],
            "limit": 100 * curve["limit"],
        },
        hide_index=True,
        placeholder="–",
        width=800,
        height=38 + 35 * len(curve),
        column_config={
            "seeds": st.column_config.NumberColumn(t("plan-trainings")),
            "here": st.column_config.NumberColumn(t("plan-power-here"), format="%.0f"),
            "questions": st.column_config.NumberColumn(t("plan-questions"), format="localized"),
            "limit": st.column_config.NumberColumn(t("plan-limit"), format="%.0f"),
        },
        alt=t("plan-seed-curve"),
    )

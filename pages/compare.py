"""Compare: two runs, question by question.

The page's order is that of a reader's questions: which is better, by how much and how sure, which answers changed, in
what way, and one question in full.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

import pandas as pd
import streamlit as st

from core.comparing import compare, compatibility, verdict
from core.comparing.compare import ComparisonRefused
from core.data import catalogue
from core.scoring import original_rule
from core.store.predictions import PredictionsError
from core.store.runs import Run
from pages.parts.compare import by_slice, data, filters, hardness, in_full, listing, many, plan, summary, views
from pages.parts.compare.data import Pair, Rule
from pages.parts.shared import fetch, frame, language, loaders, run_picker, states, url
from pages.parts.shared.format import markdown
from pages.parts.shared.language import t


def main() -> None:
    frame.begin("compare")
    runs = loaders.runs()
    picked = run_picker.pick_two(runs)
    if picked is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        dataset = choose_dataset(*picked)
        part = choose_part(dataset) if dataset else "all"
        rule = choose_rule(part) if dataset else Rule()
        margin = choose_margin() if dataset else verdict.MARGIN
    if dataset is None:
        return
    pair = compared(runs, *picked, dataset, rule, margin)
    if pair is None:
        return
    filters.read()
    summary.verdict(pair.comparison, data.selection(pair, run_picker.usable(runs)))
    view, place = views.choose()
    with place:
        if view == "pair":
            summary.size(pair.comparison)
            summary.outcomes(pair.comparison)
            in_what_way(pair)
            questions(pair)
        elif view == "all":
            many.show(runs, pair, rule)
        elif view == "plan":
            plan.show(runs, pair)
        else:
            hardness.show(runs, pair)


def choose_dataset(a: Run, b: Run) -> str | None:
    """Draws the choice among the datasets both runs answered; returns one, or None after drawing why there is none."""
    common = [name for name in a.predictions() if name in b.predictions()]
    if not common:
        has = {side: ", ".join(run.predictions()) or "–" for side, run in (("a", a), ("b", b))}
        missing = next((run for run in (a, b) if not run.predictions()), b)
        name = next(iter(a.predictions() or b.predictions()), "mini-ko")
        states.empty(
            t("compare-no-dataset"),
            t("compare-no-dataset-why", **{side: markdown(names) for side, names in has.items()}),
            f"python -m core predict {missing.name} --dataset {name}",
        )
        return None
    here = [name for name in common if name in catalogue.available()]
    few = len(common) < 5
    return url.linked(
        cast(Callable[..., Any], st.segmented_control if few else st.selectbox),
        t("compare-dataset"),
        common,
        key="dataset",
        default=(here or common)[0],
        required=True,
        format_func=markdown if few else str,
    )


def choose_part(dataset: str) -> str:
    """Draws the choice of the original's questions where the dataset begins with them; returns the part."""
    if dataset not in original_rule.DATASETS:
        url.write("part", None)
        return "all"
    return url.linked(
        st.segmented_control,
        t("compare-part"),
        compatibility.PARTS,
        key="part",
        default="all",
        required=True,
        format_func=lambda part: t(f"compare-part-{part}"),
        help=t("compare-part-help"),
    )


def choose_rule(part: str) -> Rule:
    """Draws what counts as right; returns it."""
    names = {
        "exact": t("compare-core-criterion-exact"),
        "f1": t("compare-criterion-f1"),
        "substring": t("compare-criterion-substring"),
    }
    criterion = url.linked(
        st.segmented_control,
        t("compare-core-criterion"),
        compare.CRITERIA,
        key="criterion",
        default="exact",
        required=True,
        format_func=names.__getitem__,
        help=t("compare-criterion-help"),
    )
    threshold = compare.F1_THRESHOLD
    if criterion == "f1":
        threshold = url.linked(
            st.number_input,
            t("compare-threshold"),
            key="threshold",
            default=compare.F1_THRESHOLD,
            min_value=0.05,
            max_value=1.0,
            step=0.05,
            width=160,
        )
    common = st.session_state.get("common", url.given("common") == ["true"])
    return Rule(criterion, threshold, common, part)


def choose_margin() -> float:
    """Draws how many points count as no difference; returns them."""
    return url.linked(
        st.number_input,
        t("compare-margin"),
        key="margin",
        default=verdict.MARGIN,
        min_value=0.1,
        max_value=50.0,
        step=0.5,
        format="%.1f",
        width=210,
        help=t("compare-margin-help"),
    )


def compared(runs: Sequence[Run], a: Run, b: Run, dataset: str, rule: Rule, margin: float) -> Pair | None:
    """Returns the comparison, or None after drawing why there is none."""
    try:
        pair = data.pair(runs, a, b, dataset, rule, margin)
    except PredictionsError as error:
        states.unreadable(dataset, error)
        return None
    except ComparisonRefused as refused:
        with st.container(border=True, key="refused"):
            st.markdown(f"#### :material/block: {t('compare-refused')}")
            for reason in refused.reasons:
                st.markdown(f"- {markdown(reason.text(language.current()))}")
            if {reason.kind for reason in refused.reasons} <= {"different-dataset", "different-questions"}:
                url.linked(st.toggle, t("compare-common"), key="common", default=False)
        return None
    if rule.common:
        url.linked(st.toggle, t("compare-common"), key="common", default=False)
    return pair


def in_what_way(pair: Pair) -> None:
    """Draws movement matrix, error types and slices."""
    st.subheader(t("compare-way"), anchor=False)
    movement, types, slices = st.tabs([t("compare-movement"), t("compare-types"), t("compare-slices")])
    with movement:
        summary.movement(pair)
    with types:
        summary.error_types(pair)
    with slices:
        by_slice.show(pair)


def questions(pair: Pair) -> None:
    """Draws the filters, the list of questions they leave, and the chosen one in full."""
    st.subheader(t("compare-list"), anchor=False)
    if pair.dataset is None:
        name = pair.comparison.dataset
        command = f"python -m core data fetch {name}" if name in catalogue.DATASETS else None
        states.empty(t("compare-no-text", dataset=markdown(name)), why_no_text(pair), command)
        fetch.button(name)
    order = listing.controls(pair)
    active = filters.masks(pair)
    rows = listing.ordered(filters.apply(pair, active), order)
    filters.chips(active, len(rows), pair.comparison.questions)
    if rows.empty:
        st.info(t("compare-none-left"), icon=":material/filter_alt_off:")
        return
    one_by_one(pair, rows, url.rest(listing.QUESTION))
    listing.export(pair, rows, active)


def why_no_text(pair: Pair) -> str:
    """Returns, as Markdown, how to get the text; where its file is here but unusable, what is wrong with it."""
    known = {state.source.name: state for state in catalogue.status()}
    state = known.get(pair.comparison.dataset)
    if state is None or state.path is not None or not state.source.url:
        return markdown(pair.no_text)
    address = f"[{markdown(state.source.url)}]({state.source.url})"
    return t("compare-no-text-why", url=address, folder=markdown(str(catalogue.cache_folder())))


@st.fragment
def one_by_one(pair: Pair, rows: pd.DataFrame, address: dict[str, list[str]]) -> None:
    """Draws the list and the question chosen in it; choosing another one draws only these again."""
    url.restore(address, listing.QUESTION)
    in_full.show(pair, listing.choose(rows))


main()

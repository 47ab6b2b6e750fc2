"""Training curves of chosen runs, laid over each other; a run in training draws itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from core.store import differences
from core.store.runs import Run
from pages.parts.learning_curves import chart, curves
from pages.parts.learning_curves.chart import View
from pages.parts.learning_curves.curves import Curve
from pages.parts.shared import charts, format, frame, live, loaders, palette, run_picker, states, url
from pages.parts.shared.language import t

COLUMNS = 2
_ZOOM = "zoom"


def main() -> None:
    frame.begin("learning_curves")
    runs = loaders.runs()
    live.watch(lambda: tuple((run.name, run.status, _recorded(run)) for run in loaders.runs()))
    if not run_picker.usable(runs):
        states.too_few_runs(runs)
        return
    chosen = run_picker.pick_many(runs)
    if not chosen:
        st.info(t("learning-curves-choose"))
        return
    histories = [loaders.history(run) for run in chosen]
    measured = curves.metrics(histories)
    if not measured:
        states.empty(t("learning-curves-empty"), t("learning-curves-empty-why"))
        return
    view = choose_view(measured, curves.axes(histories))
    names = [run.name for run in chosen]
    training = any(run.status == "running" for run in chosen)
    # Only this part is drawn again while a training runs: the reader's choices above stay as they are.
    st.fragment(draw, run_every=live.REFRESH_SECONDS if training else None)(names, view)


def window() -> tuple[float, float] | None:
    """Returns the stretch of the x axis that is drawn, or None for all of it; it is kept in the address."""
    found = st.session_state.get(_ZOOM) or url.given(_ZOOM)
    try:
        low, high = map(float, found)
    except ValueError:
        return None
    return (low, high) if low < high else None


def zoom(*bounds: float) -> None:
    """Draws a stretch of the x axis from now on, or all of it when called without bounds."""
    st.session_state[_ZOOM] = [f"{bound:.6g}" for bound in bounds]
    url.write(_ZOOM, st.session_state[_ZOOM], [])


def choose_view(measured: Sequence[str], axes: Sequence[str]) -> View:
    """Draws the choice of metrics and axes, of those that are on record."""
    likely = [name for name in ("loss", "f1", "accuracy_sum") if name in measured][:2] or list(measured[:1])
    first, second, third = st.columns([5, 2, 2], vertical_alignment="bottom")
    with first:
        metrics = url.linked(
            st.multiselect, t("learning-curves-metrics"), measured, key="metric", default=likely, format_func=name_of
        )
    with second:
        x = url.linked(
            st.selectbox,
            t("learning-curves-x"),
            axes,
            key="x",
            default=axes[0],
            on_change=zoom,
            format_func=lambda x: t(f"learning-curves-x-{x}"),
        )
    with third, st.popover(t("learning-curves-more"), icon=":material/tune:", width="stretch", key="view"):
        splits = url.linked(
            st.pills,
            t("learning-curves-splits"),
            curves.SPLITS,
            key="split",
            default=list(curves.SPLITS),
            selection_mode="multi",
            format_func=lambda split: t(f"learning-curves-split-{split}"),
        )
        log_x = url.linked(st.toggle, t("learning-curves-log-x"), key="logx", default=False)
        log_y = url.linked(st.toggle, t("learning-curves-log-y"), key="logy", default=False)
        grouped = url.linked(
            st.toggle, t("learning-curves-group"), key="group", default=False, help=t("learning-curves-group-help")
        )
        smoothing = url.linked(
            st.select_slider,
            t("learning-curves-smoothing"),
            (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99),
            key="smooth",
            default=0.0,
            help=t("learning-curves-smoothing-help"),
        )
        image = url.linked(
            st.segmented_control,
            t("learning-curves-image"),
            charts.IMAGES,
            key="image",
            default=charts.IMAGES[0],
            required=True,
            format_func=str.upper,
        )
    return View(tuple(metrics), tuple(splits), x, log_x, log_y, smoothing, grouped, image)


def draw(names: Sequence[str], view: View) -> None:
    """Draws progress, charts and values of the runs as they are now."""
    view = replace(view, window=window())
    url.write(_ZOOM, [f"{bound:.6g}" for bound in view.window or ()], [])
    store = loaders.runs()
    by_name = {run.name: run for run in store}
    chosen = [by_name[name] for name in names if name in by_name]
    styles = palette.styles(store)
    labels = curves.labels([group[0] for group in groups(chosen, view)])
    progress(chosen, labels)
    shown = {metric: lines(chosen, metric, view) for metric in view.metrics}
    if not any(shown.values()):
        st.info(t("learning-curves-nothing"))
        return
    columns = st.columns(COLUMNS if len(shown) > 1 else 1)
    for position, (metric, found) in enumerate(shown.items()):
        with columns[position % len(columns)]:
            st.markdown(f"**{format.markdown(name_of(metric))}**")
            figure = chart.chart(found, chosen, view, styles, labels)
            charts.show(figure, key=f"curve-{metric}", alt=_alt(metric, found, labels), image=view.image, on_zoom=zoom)
    if view.window:
        st.button(t("learning-curves-zoom-out"), icon=":material/zoom_out:", on_click=zoom)
    st.caption(_reading(view, chosen))
    values(shown, view, labels)
    skipped = {run.name: loaders.skipped_records(run) for run in chosen}
    if any(skipped.values()):
        st.warning(t("learning-curves-skipped", lines=sum(skipped.values())), icon=":material/warning:")


def groups(runs: Sequence[Run], view: View) -> list[list[Run]]:
    """Returns which runs are drawn as one."""
    return differences.seed_siblings(runs) if view.grouped else [[run] for run in runs]


def lines(runs: Sequence[Run], metric: str, view: View) -> list[Curve]:
    """Returns the curves of one chart: one for each run or seed group, and split."""
    found = []
    for group in groups(runs, view):
        for split in view.splits:
            members = [curves.curve(loaders.history(run), run.name, metric, split, view.x) for run in group]
            kept = [curve for curve in members if curve is not None]
            if kept:
                found.append(curves.mean(kept))
    return found


def progress(runs: Sequence[Run], labels: Mapping[str, str]) -> None:
    """Draws how far each run in training is."""
    for run in runs:
        step, total = run.number("progress", "step"), run.number("progress", "total_steps")
        if run.status != "running" or not step or not total:
            continue
        words = t(
            "learning-curves-progress",
            run=format.markdown(labels.get(run.name, run.title)),
            step=format.compact(step),
            total=format.compact(total),
            speed=format.number(run.number("progress", "examples_per_second")),
            left=format.duration(run.number("progress", "seconds_left")),
        )
        st.progress(min(step / total, 1.0), words)


def values(shown: Mapping[str, Sequence[Curve]], view: View, labels: Mapping[str, str]) -> None:
    """Draws the values at one place of the x axis, as a table that can be copied, and the CSV of all."""
    everything = [curve for found in shown.values() for curve in found]
    end = max(float(curve.x[-1]) for curve in everything)
    end = min([end, *(view.window or ())[1:]])
    st.subheader(t("learning-curves-values"), anchor=False)
    place, download = st.columns([2, 1], vertical_alignment="bottom")
    with place:
        axis = t(f"learning-curves-x-{view.x}")
        x = st.number_input(
            t("learning-curves-at", axis=axis), value=None, min_value=0.0, placeholder=f"{end:g}", key=f"at-{view.x}"
        )
    with download:
        table = curves.table(shown, labels, view.x)
        st.download_button(
            t("learning-curves-csv"),
            lambda: table.to_csv(index=False).encode("utf-8-sig"),
            "learning-curves.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            width="stretch",
        )
    rows: dict[tuple[str, str], dict[str, float | None]] = {}
    for metric, found in shown.items():
        for curve in found:
            row = rows.setdefault((labels[curve.name], t(f"learning-curves-split-{curve.split}")), {})
            row[name_of(metric)] = curves.at(curve, end if x is None else x)
    frame = pd.DataFrame([{"run": run, "split": split, **row} for (run, split), row in rows.items()])
    columns = {"run": t("dashboard-run"), "split": t("learning-curves-splits")}
    numbers = {
        name: st.column_config.NumberColumn(name, format="%.4f") for name in frame.columns.difference(list(columns))
    }
    st.dataframe(
        frame, hide_index=True, column_config={**columns, **numbers}, placeholder="–", alt=t("learning-curves-values")
    )


def name_of(metric: str) -> str:
    """Returns a metric's name in the reader's language; one that the catalogue does not know is shown as logged."""
    if metric.startswith(curves.GAP):
        return t("learning-curves-gap", metric=name_of(metric.removeprefix(curves.GAP)))
    try:
        return t(f"learning-curves-metric-{metric.replace('_', '-')}")
    except LookupError:
        return metric


def _recorded(run: Run) -> bool:
    """Whether a run has begun to log, without reading its history."""
    try:
        return run.history_path.stat().st_size > 0
    except OSError:
        return False


def _reading(view: View, runs: Sequence[Run]) -> str:
    words = [t("learning-curves-reading"), t("learning-curves-reading-zoom")]
    if any(run.number("best", "step") is not None for run in runs) and not view.grouped:
        words.append(t("learning-curves-reading-best"))
    if any(metric.startswith(curves.GAP) for metric in view.metrics):
        words.append(t("learning-curves-reading-gap"))
    if view.grouped:
        words.append(t("learning-curves-reading-group"))
    if view.smoothing:
        words.append(t("learning-curves-reading-smoothing", weight=view.smoothing))
    return " ".join(words)


def _alt(metric: str, found: Sequence[Curve], labels: Mapping[str, str]) -> str:
    ends = [
        f"{labels[curve.name]}, {t(f'learning-curves-split-{curve.split}')}: {format.compact(float(curve.y[-1]))}"
        for curve in found
    ]
    return f"{name_of(metric)}. {t('learning-curves-alt')} {'; '.join(ends)}"


main()

"""The Learning curves page: what is drawn, with which names, and what it says when there is nothing."""

import base64
import json
import shutil

import numpy as np
import pytest

from core.store.runs import HISTORY_FILE
from tests.pages import store_fixture


def charts(app):
    """The figures of the page, as Plotly's own JSON."""
    return [json.loads(element.proto.spec) for element in app.get("plotly_chart")]


def numbers(values):
    """An array out of Plotly's JSON, which may be packed."""
    if isinstance(values, dict):
        return np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"]).tolist()
    return values


def lines(figure):
    return {trace["name"] for trace in figure["data"] if trace.get("showlegend", True) and trace.get("name")}


def test_two_runs_are_overlaid_with_names_that_tell_them_apart(demo, open_page):
    app = open_page("learning_curves", runs=["base-1", "pretrained-2-1"])
    loss, f1 = charts(app)
    assert lines(loss) == lines(f1) == {"base", "pretrained-2"}
    validation = [trace for trace in f1["data"] if trace["mode"] == "lines+markers"]
    assert len(validation) == 2 and len(numbers(validation[0]["x"])) == 3
    colours = {trace["line"]["color"] for trace in validation}
    dashes = {trace["line"]["dash"] for trace in validation}
    symbols = {trace["marker"]["symbol"] for trace in validation}
    assert len(colours) == len(dashes) == len(symbols) == 2


def test_runs_that_differ_by_the_seed_are_called_by_it(demo, open_page):
    app = open_page("learning_curves", runs=["base-1", "base-2"])
    assert lines(charts(app)[0]) == {"seed 1", "seed 2"}


def test_seed_groups_are_drawn_as_mean_with_range(demo, open_page):
    app = open_page("learning_curves", runs=["base-1", "base-2", "pretrained-2-1"], metric=["f1"], group="true")
    (figure,) = charts(app)
    assert lines(figure) == {"base (2)", "pretrained-2"}
    assert sum(trace.get("fill") == "toself" for trace in figure["data"]) == 1


def test_the_best_epoch_is_marked_on_validation_only(demo, open_page):
    app = open_page("learning_curves", runs=["base-1"])
    for figure in charts(app):
        stars = [trace for trace in figure["data"] if trace.get("marker", {}).get("symbol") == "star"]
        assert [numbers(star["x"]) for star in stars] == [[432]]


def test_smoothing_keeps_the_raw_line(demo, open_page):
    plain = charts(open_page("learning_curves", runs=["base-1"], metric=["loss"]))[0]
    smoothed = charts(open_page("learning_curves", runs=["base-1"], metric=["loss"], smooth="0.9"))[0]
    assert len(smoothed["data"]) == len(plain["data"]) + 1
    assert numbers(smoothed["data"][0]["y"]) == numbers(plain["data"][0]["y"])
    assert numbers(smoothed["data"][1]["y"]) != numbers(plain["data"][0]["y"])


def test_the_view_is_in_the_address_and_comes_back_from_it(demo, open_page):
    app = open_page("learning_curves", lang="ko", runs=["base-1"], x="seconds", logy="true", metric=["gap:loss"])
    (figure,) = charts(app)
    assert figure["layout"]["yaxis"]["type"] == "log"
    assert figure["layout"]["xaxis"]["title"]["text"] == "시간(초)"
    app.selectbox(key="widget:x").select_index(1).run()
    assert app.query_params["x"] == "epoch"
    assert app.query_params["metric"] == "gap:loss"
    app.selectbox(key="widget:x").select_index(0).run()
    assert "x" not in app.query_params  # the default


def test_a_stretch_of_the_axis_is_kept_in_the_address_and_drawn_in_full(demo, open_page):
    app = open_page("learning_curves", lang="ko", runs=["base-1"], metric=["loss"], zoom=["100", "110"])
    figure = charts(app)[0]
    assert figure["layout"]["xaxis"]["range"] == [100, 110]
    assert numbers(figure["data"][0]["x"]) == [98, *range(100, 111, 2), 112]  # one more on each side
    next(button for button in app.button if button.label == "전체 보기").click().run()
    assert "range" not in charts(app)[0]["layout"]["xaxis"] and "zoom" not in app.query_params


def test_another_axis_is_another_stretch(demo, open_page):
    app = open_page("learning_curves", lang="ko", runs=["base-1"], zoom=["100", "110"])
    app.selectbox(key="widget:x").select_index(1).run()
    assert "range" not in charts(app)[0]["layout"]["xaxis"]


@pytest.mark.parametrize("nonsense", [["1"], ["a", "b"], ["9", "1"], ["1", "2", "3"], ["nan", "nan"]])
def test_a_stretch_that_is_none_shows_all(demo, open_page, nonsense):
    app = open_page("learning_curves", runs=["base-1"], zoom=nonsense)
    assert "range" not in charts(app)[0]["layout"]["xaxis"]


def test_values_at_a_place(demo, open_page):
    app = open_page("learning_curves", lang="ko", runs=["base-1"], metric=["f1"])
    history = store_fixture.history(seed=1, final_loss=7.2 - 5 * 0.30)
    f1 = [record["f1"] for record in history if "f1" in record]
    assert app.dataframe[0].value["F1"].tolist() == [pytest.approx(f1[2])]
    app.number_input(key="at-step").set_value(300.0).run()
    assert app.dataframe[0].value["F1"].tolist() == [pytest.approx(f1[1])]


def test_a_run_in_training_shows_how_far_it_is(demo, open_page):
    app = open_page("learning_curves", runs=["pretrained-1-1"])
    (progress,) = app.get("progress")
    assert progress.proto.value == 41  # 180 of 432 steps, in percent
    assert "step 180 of 432 · 24.5 examples/s · 5 min 29 s left" in progress.proto.text


def test_no_records_yet(store, open_page):
    store.create("new", {"config": {"variant": "base"}})
    app = open_page("learning_curves")
    assert "no records yet" in app.markdown[0].value


def test_no_runs(store, open_page):
    app = open_page("learning_curves")
    assert "There are no runs yet" in app.markdown[0].value


def test_damaged_lines_are_counted_aloud(demo, open_page):
    with (demo.path("base-1") / HISTORY_FILE).open("a") as file:
        file.write("nonsense\n")
    app = open_page("learning_curves", runs=["base-1"])
    assert "1 line of the histories could not be read" in app.warning[0].value


def test_a_run_that_was_deleted_since_the_link_was_made(demo, open_page):
    shutil.rmtree(demo.path("base-2"))
    app = open_page("learning_curves", runs=["base-1", "base-2"], metric=["loss", "no_such_metric"])
    assert app.multiselect(key="widget:runs").value == ["base-1"]
    assert app.multiselect(key="widget:metric").value == ["loss"]


def test_titles_cannot_inject_markup(demo, open_page):
    demo.label("base-1", title="<a href='x'>click</a>")
    app = open_page("learning_curves", runs=["base-1", "base-2"])
    names = lines(charts(app)[0])
    assert "&lt;a href='x'&gt;click&lt;/a&gt;" in names

"""What the pages share: addresses, formats, marks, charts, curves."""

import subprocess
import sys
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from markdown_it import MarkdownIt
from streamlit.testing.v1 import AppTest

from core.reports.palette import BAD, FIGURE, GOLD, GOOD, MEASURES, RUNS
from core.store import differences
from core.store.runs import Store
from pages.parts.learning_curves import curves
from pages.parts.shared import format, highlight, palette, url
from tests.pages import store_fixture

ROOT = Path(__file__).parent.parent.parent
NASTY = "<b>x</b> *a* _b_ `c` $d$ :red[e] [f](http://g) ![h](i) # j 한글 & \\ ~k~ |"


def test_pages_never_load_tensorflow():
    """Neither by themselves nor through what they import."""
    code = """
import sys
from streamlit.testing.v1 import AppTest
for page in ("dashboard.py", "pages/learning_curves.py", "pages/reported.py"):
    app = AppTest.from_file(page, default_timeout=60)
    app.session_state["framed"] = False
    assert not app.run().exception
heavy = {"tensorflow", "keras", "torch", "jax", "kiwipiepy", "transformers"} & set(sys.modules)
assert not heavy, heavy
"""
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def linked_page():
    import streamlit as st

    from pages.parts.shared import url

    st.title("x")
    url.linked(st.selectbox, "One", ["a", "b"], key="one", default="a")
    url.linked(st.multiselect, "Many", ["a", "b", "c"], key="many", default=["a"])
    url.linked(st.toggle, "Switch", key="switch", default=False)
    url.linked(st.text_input, "Words", key="words", default="")
    url.linked(st.selectbox, "Kept", ["a", "b"], key="kept", default="a", always=True)
    url.linked(st.slider, "Count", key="count", default=3, min_value=0, max_value=9)
    url.linked(st.number_input, "Share", key="share", default=0.5, min_value=0.0, max_value=1.0)


@pytest.fixture(autouse=True)
def keys_of_the_linked_page(monkeypatch):
    keys = ("one", "many", "switch", "words", "kept", "count", "share")
    monkeypatch.setattr(url, "KEYS", url.KEYS | dict.fromkeys(keys, url.Key("of a test", ())))


def linked(**query):
    app = AppTest.from_function(linked_page, default_timeout=30)
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def test_defaults_stay_out_of_the_address_unless_they_may_change():
    assert dict(linked().query_params) == {"kept": "a"}


def test_the_address_sets_widgets_and_widgets_set_the_address():
    app = linked(one="b", many=["c", "b"], switch="true", words="낱말 둘", kept="b", count="9", share="0.0")
    assert app.selectbox(key="widget:one").value == "b" and app.multiselect(key="widget:many").value == ["c", "b"]
    assert app.toggle(key="widget:switch").value is True and app.text_input(key="widget:words").value == "낱말 둘"
    assert app.slider(key="widget:count").value == 9 and app.number_input(key="widget:share").value == 0
    app.slider(key="widget:count").set_value(3)
    app.number_input(key="widget:share").set_value(0.5)
    app.selectbox(key="widget:one").set_value("a")
    app.multiselect(key="widget:many").set_value([])
    app.toggle(key="widget:switch").set_value(False)
    app.text_input(key="widget:words").set_value("").run()
    assert dict(app.query_params) == {"kept": "b", "many": ""}
    again = linked(many="")
    assert again.multiselect(key="widget:many").value == []  # chosen to be nothing, which is not the default


def test_a_key_that_is_not_in_the_table_is_refused():
    for use in (lambda: url.write("nowhere", 1), lambda: url.given("nowhere")):
        with pytest.raises(KeyError, match="nowhere"):
            use()


def test_nonsense_in_the_address_is_dropped():
    app = linked(one="z", many=["z", "b"], switch="maybe", kept="../../etc")
    assert not app.exception
    assert app.selectbox(key="widget:one").value == "a" and app.multiselect(key="widget:many").value == ["b"]
    assert app.toggle(key="widget:switch").value is False
    assert dict(app.query_params) == {"kept": "a", "many": "b"}


@pytest.mark.parametrize(("count", "share"), [("10", "1.01"), ("-1", "-0.01"), ("3.5", "nan"), ("", "-inf")])
def test_a_value_that_the_widget_cannot_have_is_dropped(count, share):
    app = linked(count=count, share=share)
    assert not app.exception
    assert (app.slider(key="widget:count").value, app.number_input(key="widget:share").value) == (3, 0.5)
    assert dict(app.query_params) == {"kept": "a"}


def test_a_value_of_the_session_that_the_widget_cannot_have_is_dropped():
    app = AppTest.from_function(linked_page, default_timeout=30)
    app.session_state["count"], app.session_state["share"] = 10, -0.01
    app.run()
    assert not app.exception
    assert (app.slider(key="widget:count").value, app.number_input(key="widget:share").value) == (3, 0.5)


def test_markdown_shows_untrusted_text_as_it_is():
    html = MarkdownIt("js-default").render(format.markdown(NASTY))
    assert html.count("<") == 2  # the paragraph's own tags
    text = html.removeprefix("<p>").removesuffix("</p>\n")
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(entity, character)
    assert text == NASTY
    assert format.markdown("a\n# b\n\n- c") == "a \\# b \\- c"


def test_plotly_text_has_no_markup():
    assert format.plotly("<b>R&D</b>") == "&lt;b&gt;R&amp;D&lt;/b&gt;"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "–"),
        (float("nan"), "–"),
        (0, "0초"),
        (59.4, "59초"),
        (61, "1분 01초"),
        (3600, "1시간 00분"),
        (7384, "2시간 03분"),
    ],
)
def test_durations(seconds, said):
    assert format.duration(seconds) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "–"),
        (float("nan"), "–"),
        (3, "3"),
        (12345, "12,345"),
        (2.0, "2"),
        (0.00012345, "0.0001234"),
        (7.96481, "7.965"),
    ],
)
def test_compact_numbers(value, said):
    assert format.compact(value) == said


def test_other_formats():
    assert format.number(1234.56, 1) == "1,234.6" and format.number(None) == "–"
    assert format.parameters(10_662_914) == "10.66 M" and format.parameters(None) == "–"
    assert format.moment(datetime(2026, 3, 2, 9, 5, tzinfo=UTC)) == "2026-03-02 09:05"
    assert format.moment(None) == "–"


class TestHighlight:
    def test_marks_are_placed_by_offset_and_all_else_is_escaped(self):
        html = highlight.passage("<i>서울</i> 서울", [highlight.Mark("A", 10, 12, "#112233", "dashed")])
        assert html.count("서울") == 2
        before, marked = html.split("<span", 1)
        assert before.endswith("&lt;i&gt;서울&lt;/i&gt; " + highlight._label(highlight.Mark("A", 10, 12, "#112233")))
        assert ">서울</span></div>" in marked and "3px dashed #112233" in marked

    def test_overlapping_marks_both_show(self):
        html = highlight.passage(
            "가나다라", [highlight.Mark("A", 0, 3, "#111111"), highlight.Mark("B", 2, 4, "#222222")]
        )
        assert html.count("3px solid #111111") == 2 and html.count("3px solid #222222") == 2
        assert html.index(">A</b>") < html.index("가나") < html.index(">B</b>") < html.index("다")

    def test_an_empty_mark_marks_nothing(self):
        assert "<span" not in highlight.passage("가나", [highlight.Mark("A", 1, 1, "#111111")])

    def test_a_mark_outside_the_passage_is_an_error(self):
        with pytest.raises(ValueError, match="outside 0-2"):
            highlight.passage("가나", [highlight.Mark("A", 1, 3, "#111111")])

    def test_labels_are_escaped_too(self):
        assert "<u>" not in highlight.passage("가", [highlight.Mark("<u>", 0, 1, "#111111")])

    def test_borders_stand_between_characters_and_move_no_mark(self):
        borders = [highlight.Border("⟦2", 2, 'begins "here"'), highlight.Border("1⟧", 4, "<b>ends</b>")]
        html = highlight.passage("가나다라", [highlight.Mark("A", 1, 3, "#111111")], borders)
        order = [html.index(text) for text in (">A</b>", ">나</span>", ">⟦2</span>", ">다</span>", "라", ">1⟧</span>")]
        assert order == sorted(order)
        assert 'title="begins &quot;here&quot;"' in html and "<b>ends" not in html


def luminance(color):
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("background", ["#ffffff", "#171614"])
def test_colours_can_be_seen_on_both_themes(background):
    """WCAG 2.2, 1.4.11: at least 3:1."""
    for color in (*RUNS, *MEASURES.values(), GOLD, GOOD, BAD, FIGURE):
        light, dark = sorted((luminance(color), luminance(background)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3, color


def test_many_runs_look_different_and_neighbours_in_every_way():
    styles = [palette.style(i) for i in range(168)]
    assert len(set(styles)) == 168
    for one, other in pairwise(styles):
        assert one.color != other.color and one.dash != other.dash and one.symbol != other.symbol


def test_a_new_run_changes_nobodys_style(tmp_path):
    store = Store(tmp_path)
    store_fixture.finished_run(store, "b", hours=1, steps=9, datasets=())
    before = palette.styles(store.list())
    store_fixture.finished_run(store, "a", hours=2, steps=9, datasets=())
    store_fixture.broken_run(store, "0", "truncated")
    after = palette.styles(store.list())
    assert after["b"] == before["b"] and after["a"] != after["b"]


class TestCurves:
    history = pd.DataFrame(
        {
            "kind": ["step", "step", "step", "step", "epoch", "step", "epoch"],
            "split": ["train", "train", "train", "train", "validation", "train", "validation"],
            "step": [1, 2, 3, 4, 4, 5, 6],
            "loss": [9.0, 8.0, np.nan, 6.0, 7.0, 4.0, 6.5],
            "f1": [np.nan] * 4 + [40.0, np.nan, 50.0],
        }
    )

    def test_missing_values_are_left_out(self):
        curve = curves.curve(self.history, "a", "loss", "train", "step")
        assert curve.x.tolist() == [1, 2, 4, 5] and curve.y.tolist() == [9, 8, 6, 4]
        assert curves.curve(self.history, "a", "f1", "train", "step") is None
        assert curves.curve(self.history, "a", "loss", "train", "tokens") is None
        assert curves.curve(pd.DataFrame(), "a", "loss", "train", "step") is None

    def test_the_gap_is_validation_minus_the_training_just_before(self):
        curve = curves.curve(self.history, "a", "gap:loss", "validation", "step")
        # Before step 4: 9, 8, 6, of which the last quarter is the 6. Before step 6: the 4.
        assert curve.x.tolist() == [4, 6] and curve.y.tolist() == [1.0, 2.5]
        assert curves.curve(self.history, "a", "gap:f1", "validation", "step") is None

    def test_metrics_are_found_loss_first(self):
        assert curves.metrics([self.history, pd.DataFrame()]) == ["loss", "f1", "gap:loss"]

    def test_a_mean_covers_what_all_runs_cover(self):
        one = curves.Curve("a", "train", np.array([0.0, 2, 4]), np.array([0.0, 2, 4]))
        two = curves.Curve("b", "train", np.array([1.0, 3]), np.array([5.0, 7]))
        mean = curves.mean([one, two])
        assert mean.x.tolist() == [1, 2, 3] and mean.y.tolist() == [3, 4, 5]
        assert mean.low.tolist() == [1, 2, 3] and mean.high.tolist() == [5, 6, 7] and mean.runs == 2
        assert curves.mean([one]) is one

    def test_smoothing_invents_nothing(self):
        np.testing.assert_allclose(curves.smooth(np.full(50, 3.3), 0.99), 3.3, rtol=1e-12)
        np.testing.assert_allclose(curves.smooth(np.array([0.0, 1.0]), 0.5), [0, 2 / 3])  # (0.5*0 + 1) / 1.5
        raw = np.array([1.0, 5.0])
        assert curves.smooth(raw, 0) is raw

    def test_reduction_keeps_the_extremes_and_the_ends(self):
        y = np.sin(np.arange(10_000) / 50)
        y[3333], y[7777] = 9, -9
        kept = curves.reduce(y, 400)
        assert len(kept) <= 402 and {0, 3333, 7777, 9999} <= set(kept.tolist())
        assert (np.diff(kept) > 0).all()
        assert curves.reduce(y[:400], 400).tolist() == list(range(400))

    def test_value_at_a_place(self):
        curve = curves.Curve("a", "train", np.array([10.0, 20]), np.array([1.0, 2]))
        assert [curves.at(curve, x) for x in (9, 10, 19.9, 500)] == [None, 1, 1, 2]

    def test_labels_say_only_what_tells_runs_apart(self, tmp_path):
        store = store_fixture.demo(tmp_path)
        base_1, base_2, pretrained = (store.get(name) for name in ("base-1", "base-2", "pretrained-2-1"))
        assert curves.labels([base_1]) == {"base-1": "base-1"}
        assert curves.labels([base_1, base_2]) == {"base-1": "seed 1", "base-2": "seed 2"}
        assert curves.labels([base_1, pretrained]) == {"base-1": "base", "pretrained-2-1": "pretrained-2"}
        assert set(curves.labels([base_1, base_2, pretrained]).values()) == {
            *("base · seed 1", "base · seed 2", "pretrained-2 · seed 1")
        }
        twin = store_fixture.finished_run(store, "twin", "base", seed=1, steps=9, datasets=())
        assert curves.labels([base_1, twin]) == {"base-1": "base-1", "twin": "twin"}

    def test_the_table_holds_the_values_as_logged(self):
        curve = curves.curve(self.history, "a", "loss", "train", "step")
        table = curves.table({"loss": [curve]}, {"a": "label"}, "step")
        assert table["value"].tolist() == [9, 8, 6, 4] and table["step"].tolist() == [1, 2, 4, 5]
        assert set(table["label"]) == {"label"} and set(table["split"]) == {"train"}


def test_differences_are_marked_against_the_base(tmp_path):
    store = store_fixture.demo(tmp_path)
    base, other = store.get("base-1"), store.get("pretrained-2-1")
    table = differences.table([other], base)
    assert list(table.columns) == ["base-1", "pretrained-2-1"]
    assert table.loc["variant"].tolist() == ["base", "≠ pretrained-2"]
    assert table.loc["pretrained.name"].tolist() == ["", "+ encoder-6x4"]
    assert differences.table([base], other).loc["pretrained.name"].tolist() == ["encoder-6x4", "−"]
    assert differences.table([base], base).empty

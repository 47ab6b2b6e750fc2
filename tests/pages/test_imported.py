"""A run that was trained elsewhere, on every page: its curves and answers are shown, what is not known is blank."""

import json
from functools import partial

import pytest

from core.answering import foreign
from core.data import catalogue
from pages.parts.shared import states
from tests.pages import compare_fixture
from tests.pages.test_learning_curves import charts, lines, numbers
from tests.pages.test_runs import table, texts


@pytest.fixture
def imported(store, tmp_path):
    """Three runs of ours and `others`, which answers every second question rightly and has only epochs."""
    compare_fixture.demo(store.root)
    dataset = catalogue.load("mini-ko")
    answers = {e.id: e.answers[0].text if i % 2 else "" for i, e in enumerate(dataset.examples)}
    (tmp_path / foreign.ANSWERS_FILE).write_text(json.dumps(answers))
    (tmp_path / foreign.CSV_FILE).write_text("epoch,loss,val_loss\n1,9,9.5\n2,8,8.25\n")
    foreign.take_in(tmp_path, "others", dataset, store, ["python", "-m", "core", "runs", "import"])
    return store


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_runs_page_shows_it_with_its_scores(imported, open_page, lang):
    app = open_page("runs", lang=lang, runs=["others"], dataset="mini-ko")
    row = table(app).loc["others"]
    assert (row["exact_match"], row["f1"]) == (50, 50)
    assert list(row["curve"]) == [9, 8]
    assert row.isna()["loss"] and row.isna()["accuracy_sum"]
    said = texts(app)
    assert ("was trained elsewhere" if lang == "en" else "다른 곳에서 학습하여") in said
    assert ("without probabilities" if lang == "en" else "확률이 없어") in said
    assert "nan" not in said.lower()


def test_the_command_that_trains_again_is_a_training(imported):
    assert states.train_again(imported.get("others")) == states.TRAIN_COMMAND  # not the import, which began it


def test_its_curves_are_drawn_over_what_it_has(imported, open_page):
    app = open_page("learning_curves", runs=["others"])
    (figure,) = charts(app)
    assert app.selectbox(key="widget:x").value == "epoch" and "step" not in app.selectbox(key="widget:x").options
    assert [numbers(trace["y"]) for trace in figure["data"]] == [[9, 8], [9.5, 8.25]]
    both = open_page("learning_curves", runs=["others", "base-1"], metric=["loss"], x="epoch")
    assert lines(charts(both)[0]) == {"others", "base"} and not both.exception


def test_two_imports_are_not_drawn_as_seeds_of_one(imported, open_page, tmp_path):
    foreign.take_in(tmp_path, "others-2", catalogue.load("mini-ko"), imported)
    app = open_page("learning_curves", runs=["others", "others-2"], metric=["loss"], group="true")
    assert lines(charts(app)[0]) == {"others", "others-2"}


@pytest.fixture
def open_compare(open_page):
    return partial(open_page, "compare", a="base-1", b="others", dataset="mini-ko")


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_it_is_compared_question_by_question(imported, open_compare, lang):
    app = open_compare(lang)
    said = texts(app)
    assert ("was trained elsewhere" if lang == "en" else "다른 곳에서 학습한 실행입니다") in said
    assert "nan" not in said.lower()


def test_a_question_answered_by_it_is_shown(imported, open_compare):
    app = open_compare(id=catalogue.load("mini-ko").examples[1].id)
    figures = [markdown.value for markdown in app.markdown if "probability" in markdown.value]
    assert any("probability –" in words for words in figures), figures


def test_the_substring_rule_is_refused_with_the_reason(imported, open_compare):
    app = open_compare(criterion="substring")
    assert "each on its own" in texts(app)


def test_the_chart_is_saved_as_the_reader_likes(imported, open_page):
    app = open_page("learning_curves", runs=["base-1"], metric=["loss"], image="png")
    (element,) = app.get("plotly_chart")
    assert json.loads(element.proto.config)["toImageButtonOptions"] == {
        "format": "png",
        "filename": "curve-loss",
        "scale": 2,
    }

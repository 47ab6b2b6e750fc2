"""pages/compare.py: what it shows for runs whose right and wrong answers are known."""

import json
import re
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.comparing import compare as comparing
from core.comparing import many
from core.data import catalogue, formats
from core.reports import palette
from core.scoring import statistics
from tests.pages import compare_fixture, store_fixture

# Of mini-ko's questions, in its order: the first 90 both, then 10 only A, then 30 only B, the others neither.
BOTH, ONLY_A, ONLY_B = 90, 10, 30


@pytest.fixture(scope="module")
def mini_ko() -> formats.Dataset:
    return catalogue.load("mini-ko")


@pytest.fixture
def pair(store, mini_ko):
    """Runs `first` and `second`, A and B of the page."""
    for name, variant in (("first", "base"), ("second", "pretrained-2")):
        run = store_fixture.finished_run(store, name, variant, datasets=())
        compare_fixture.write(run, mini_ko, _answers(mini_ko, name))
    return store


def _answers(dataset: formats.Dataset, name: str) -> list[tuple[int, int]]:
    found = []
    for row, example in enumerate(dataset.examples):
        gold = example.answers[0]
        only_a, only_b = BOTH <= row < BOTH + ONLY_A, BOTH + ONLY_A <= row < BOTH + ONLY_A + ONLY_B
        if row < BOTH or (only_a and name == "first") or (only_b and name == "second"):
            found.append((gold.start, gold.end))
        else:
            found.append(_far(example))
    return found


def _far(example: formats.Example) -> tuple[int, int]:
    """A place far from the gold answer."""
    return (0, 2) if example.answers[0].start > 20 else (len(example.context) - 2, len(example.context))


@pytest.fixture
def open_compare(open_page):
    return partial(open_page, "compare")


# What is clicked is clicked in Korean: AppTest translates options outside the session, where that is the default.


def text(app: AppTest) -> str:
    """All Markdown of the page, without its backslashes."""
    return "\n".join(element.value for element in (*app.markdown, *app.caption)).replace("\\", "")


def html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def listed(app: AppTest) -> list[int]:
    """The numbers of the questions in the list."""
    return next(frame.value for frame in app.dataframe if "gold" in frame.value)["number"].tolist()


def test_verdict_and_figures(pair, open_compare, mini_ko):
    app = open_compare()
    shown = text(app)
    questions = len(mini_ko.examples)
    # Ten against thirty looks like much; but they are the questions of few paragraphs.
    assert f"too uncertain to tell. B answers 20 more of {questions} (" in shown
    comparison = app.table[0].value
    exact = comparison.loc["exact match"]
    assert exact["A"] == f"{100 * (BOTH + ONLY_A) / questions:.1f}"
    assert exact["B"] == f"{100 * (BOTH + ONLY_B) / questions:.1f}"
    assert exact["B - A (points)"] == f"**+{100 * 20 / questions:.1f}**"
    labels = {button.key: button.label for button in app.button}
    assert labels["outcome-both"].startswith("both right  **90**")
    assert labels["outcome-only-a"].startswith("only A right  **10**")
    assert labels["outcome-only-b"].startswith("only B right  **30**")
    assert labels["outcome-neither"].startswith(f"both wrong  **{questions - 130}**")


def test_verdict_in_korean(pair, open_compare, mini_ko):
    assert f"전체 {len(mini_ko.examples)}문항 가운데 B가 20문항을 더 맞혔습니다" in text(open_compare("ko"))


def test_the_originals_questions(pair, open_compare, mini_ko):
    """Of the first 102 questions 90 are right in both, 10 in A alone, 2 in B alone; the list has no others."""
    named = replace(mini_ko, name="korquad-held-out")
    for name in ("first", "second"):
        compare_fixture.write(pair.get(name), named, _answers(mini_ko, name))
    app = open_compare("ko", dataset="korquad-held-out")
    assert len(listed(app)) == len(mini_ko.examples)
    app.segmented_control(key="widget:part").set_value("original").run()
    assert not app.exception
    assert app.query_params["part"] == "original"
    assert listed(app) == list(range(1, 103))
    assert app.button(key="outcome-only-b").label.startswith("B만 맞음  **2**")
    assert "전체 102문항 가운데 A가 8문항을 더 맞혔습니다" in text(app)
    assert "원래 실험의 102문항 · " in text(app)
    assert len(listed(open_compare(dataset="korquad-held-out", part="original"))) == 102
    other = open_compare(dataset="mini-ko", part="original")
    assert len(listed(other)) == len(mini_ko.examples)
    assert "part" not in other.query_params


def test_movement_adds_up(pair, open_compare, mini_ko):
    app = open_compare()
    matrix = app.dataframe[0].value
    assert matrix.loc["A: exact", "exact"] == BOTH
    assert matrix.loc["A: all", "exact"] == BOTH + ONLY_B
    assert matrix.loc["A: exact", "total"] == BOTH + ONLY_A
    assert matrix.loc["A: all", "total"] == len(mini_ko.examples)


def test_a_cell_filters_the_list_and_a_chip_undoes_it(pair, open_compare, mini_ko):
    app = open_compare("ko")
    assert len(listed(app)) == len(mini_ko.examples)
    app.button(key="outcome-only-b").click().run()
    assert listed(app) == list(range(101, 131))
    assert app.query_params["outcome"] == "only-b"
    assert app.button(key="chip-outcome").label == "B만 맞음 · 30"
    assert f"전체 {len(mini_ko.examples)}문항 가운데 **30문항**" in text(app)
    app.button(key="outcome-only-a").click().run()
    assert listed(app) == list(range(91, 131))
    app.button(key="chip-outcome").click().run()
    assert len(listed(app)) == len(mini_ko.examples)
    assert "outcome" not in app.query_params


def test_filters_combine(pair, open_compare, mini_ko):
    word = mini_ko.examples[105].question.split()[0]
    app = open_compare("ko", outcome="only-b", find=word)
    expected = [
        row + 1
        for row in range(100, 130)
        if word in mini_ko.examples[row].question + " " + mini_ko.examples[row].answers[0].text
    ]
    assert 106 in listed(app)
    assert set(expected) <= set(listed(app)) < set(range(101, 131))
    app.button(key="chip-all").click().run()
    assert len(listed(app)) == len(mini_ko.examples)
    assert app.text_input(key="widget:find").value == ""


def test_error_types_of_both_sides_filter(pair, open_compare):
    app = open_compare(type_a="exact", type_b="exact")
    assert listed(app) == list(range(1, BOTH + 1))
    assert {"chip-type_a", "chip-type_b"} <= {button.key for button in app.button}


def test_a_slice_filters(pair, open_compare, mini_ko):
    app = open_compare(slice="article.0")
    assert listed(app) == [row + 1 for row, example in enumerate(mini_ko.examples) if example.article == 0]


def test_slices_are_drawn_with_their_intervals(pair, open_compare):
    app = open_compare()
    chart = next(one for one in app.get("plotly_chart") if "Inside minus rest in each slice" in one.proto.alt)
    table = next(frame.value for frame in app.dataframe if "dimension" in frame.value)
    drawn = table[table["difference"].notna() & (table["dimension"] != "article")]
    assert len(drawn) > 5
    for row in drawn.itertuples():
        drawn_as = f"{row.dimension}: {row.slice} {row.contrast:+.1f} ({row.interval})".replace(" -0.0", " 0.0")
        assert drawn_as.replace(" +0.0", " 0.0") in chart.proto.alt
    assert "too few" not in chart.proto.alt


def test_impossible_filters_are_dropped(pair, open_compare, mini_ko):
    app = open_compare(outcome="<b>", type_a="nonsense", slice="length.<script>", id="no-such-question")
    assert len(listed(app)) == len(mini_ko.examples)
    assert app.query_params["id"] == mini_ko.examples[0].id


def test_nothing_left(pair, open_compare):
    app = open_compare(find="지문에없는낱말")
    assert "No question passes" in app.info[0].value


def test_a_link_opens_the_question(pair, open_compare, mini_ko):
    example = mini_ko.examples[110]
    app = open_compare(a="first", b="second", outcome="only-b", id=example.id)
    shown = html(app)
    assert example.question in shown
    assert "11 of 30" in text(app)
    start, end = _far(example)
    assert f">{example.context[start:end]}</p>" in shown
    assert f">{example.answers[0].text}</p>" in shown


def test_next_and_previous_go_through_the_filtered_list(pair, open_compare, mini_ko):
    app = open_compare("ko", outcome="only-b")
    assert app.button(key="step-previous").disabled
    app.button(key="step-next").click().run()
    assert mini_ko.examples[101].question in html(app)
    assert app.query_params["id"] == mini_ko.examples[101].id
    app.button(key="step-previous").click().run()
    assert mini_ko.examples[100].question in html(app)


def test_another_question_recomputes_nothing(pair, open_compare, monkeypatch):
    app = open_compare("ko")
    for module, name in ((statistics, "clustered_test"), (many, "selection"), (comparing, "compare")):
        monkeypatch.setattr(module, name, None)
    app.button(key="step-next").click().run()
    assert not app.exception


def test_order(pair, open_compare):
    app = open_compare(order="losses")
    assert set(listed(app)[:ONLY_A]) == set(range(91, 101))
    assert set(listed(open_compare(order="gains"))[:ONLY_B]) == set(range(101, 131))


def test_swap(pair, open_compare):
    app = open_compare("ko", a="first", b="second")
    next(button for button in app.button if button.label == "⇄").click().run()
    assert app.button(key="outcome-only-a").label.startswith("A만 맞음  **30**")
    assert "A가 20문항을 더 맞혔습니다" in text(app)


def test_original_rule_judges_its_own_answers(pair, open_compare, mini_ko):
    """The made-up answers of that rule run on for twelve characters, so a correct start makes them right."""
    app = open_compare(criterion="substring")
    examples = mini_ko.examples
    right = sum(
        example.answers[0].text in example.context[start : end + 12]
        for example, (start, end) in zip(examples, _answers(mini_ko, "first"), strict=True)
    )
    both_and_a = [
        int(app.button(key=f"outcome-{name}").label.split("**")[1].replace(",", "")) for name in ("both", "only-a")
    ]
    assert sum(both_and_a) == right


def test_f1_criterion_has_a_threshold(pair, open_compare):
    app = open_compare(criterion="f1", threshold="1.0")
    assert app.number_input(key="widget:threshold").value == 1.0
    assert app.button(key="outcome-only-b").label.startswith("only B right  **30**")


def test_a_run_keeps_its_colour_on_either_side_and_gold_has_its_own(pair, open_compare):
    """The store's first run is blue, as A or as B."""
    for a, b in (("first", "second"), ("second", "first")):
        app = open_compare(a=a, b=b)
        chart = next(one for one in app.get("plotly_chart") if one.proto.alt.startswith("Kinds of answers"))
        bars = json.loads(chart.proto.spec)["data"]
        colors = dict(zip((a, b), (bar["marker"]["color"] for bar in bars), strict=True))
        assert colors == {"first": palette.RUNS[0], "second": palette.RUNS[1]}
        marks = re.findall(r'<b style="color:(#\w+);[^>]*>(Gold|A|B)</b>', html(app))
        assert set(marks) == {(palette.GOLD, "Gold"), (colors[a], "A"), (colors[b], "B")}


def test_same_run_twice(pair, open_compare):
    app = open_compare(a="first", b="first")
    assert "There is no difference to judge" in text(app)
    assert "A and B are the same run" in app.warning[0].value.replace("\\", "")


def test_seeds_are_told(store, mini_ko, open_compare):
    compare_fixture.demo(store.root)
    app = open_compare(a="base-1", b="base-2")
    assert "Two trainings of one recipe: " in text(app)
    assert "The 2 trainings of this recipe score" in text(app)
    assert "is better" not in text(app)
    app = open_compare(a="base-1", b="pre-1")
    assert "These two recipes, trained again: 2 of A and" in text(app)


def rewritten(pair, mini_ko, **right):
    """Writes answers of runs that are right on the given rows of mini-ko, and nowhere else."""
    for name, rows in right.items():
        answers = [
            (one.answers[0].start, one.answers[0].end) if row in rows else _far(one)
            for row, one in enumerate(mini_ko.examples)
        ]
        compare_fixture.write(pair.get(name), mini_ko, answers)


def test_better_is_said_of_the_models_and_not_of_the_recipes(pair, open_compare, mini_ko):
    rows = range(len(mini_ko.examples))
    rewritten(pair, mini_ko, first={r for r in rows if r % 2}, second={r for r in rows if r % 2 or r % 6 == 0})
    app = open_compare()
    shown = text(app)
    assert "These two models, on other questions of this kind: B is better." in shown
    assert "These two recipes, trained again: one training each, so whether the recipe is better is not known" in shown
    assert not [one for one in app.expander if "one training each" in str(one.markdown)]
    # The same rounded figures above and in the table.
    exact = app.table[0].value.loc["exact match"]
    low, high = exact["95 % interval"].replace("\u00a0", " ").split(" … ")
    assert f"B - A: {exact['B - A (points)'].strip('*')} points, 95 % interval {low} to {high}, p" in shown


def test_practically_the_same_within_the_margin_of_the_reader(pair, open_compare, mini_ko):
    rows = range(len(mini_ko.examples))
    half = {r for r in rows if r % 2}
    rewritten(pair, mini_ko, first=half - {101, 201, 301, 391}, second=half - {51, 151, 251, 351})
    app = open_compare("ko")
    assert "사실상 같" in text(app) and "margin" not in app.query_params
    app.number_input(key="widget:margin").set_value(0.5).run()
    assert not app.exception
    assert "불확실해서 판단할 수 없습니다" in text(app) and app.query_params["margin"] == "0.5"
    assert "practically the same" in text(open_compare(margin="3"))
    assert "too uncertain to tell" in text(open_compare(margin="0.5"))


@pytest.mark.parametrize("margin", ["0", "-1", "99", "nan", "<b>"])
def test_an_impossible_margin_is_the_default(pair, open_compare, margin):
    app = open_compare(margin=margin)
    assert app.number_input(key="widget:margin").value == 2.0


def test_nothing_to_test_is_grey_and_has_no_p(pair, open_compare, mini_ko):
    rows = range(len(mini_ko.examples))
    half = {r for r in rows if r % 2}
    rewritten(pair, mini_ko, first=half, second=half - {51, 151, 251})
    app = open_compare()
    shown = text(app)
    assert "nothing to test" in shown and "A and B differ on only 3 questions in 3 paragraphs" in shown
    assert "was picked among" not in shown
    exact = app.table[0].value.loc["exact match"]
    assert all(cell.startswith(":gray[") for cell in exact) and exact["p"] == ":gray[–]"
    assert "p =" not in shown and "p <" not in shown
    chart = next(one for one in app.get("plotly_chart") if one.proto.alt.startswith("Differences"))
    marks = [one["marker"]["color"] for one in json.loads(chart.proto.spec)["data"]]
    assert marks[0] == palette.MUTED


def test_a_pair_picked_among_several_has_its_adjusted_p_beside_the_plain_one(store, open_compare):
    compare_fixture.demo(store.root)
    shown = text(open_compare(a="base-1", b="pre-3"))
    said = r"picked among 4 runs \(6 pairs\)\. Alone it has p ([<=] [\d.]+); .*? p ([<=] [\d.]+)"
    plain, adjusted = re.search(said, shown).groups()
    assert float(adjusted[2:]) >= float(plain[2:])
    assert "picked among" not in text(open_compare(a="base-1", b="base-2"))


def test_all_pairs_have_a_tab(store, open_compare):
    compare_fixture.demo(store.root)
    app = open_compare(view="all")
    map_ = next(one for one in app.get("plotly_chart") if "told apart" in one.proto.alt)
    assert re.findall(r"\d (pre-3|pre-1|base-1|base-2)", map_.proto.alt)[0].startswith("pre-")
    drawn = json.loads(map_.proto.spec)
    cells = np.array(drawn["data"][0]["z"])
    assert cells.shape == (4, 4) and (cells == -cells.T).all()
    written = {(one["y"], one["x"]): float(one["text"].split("<br>")[0]) for one in drawn["layout"]["annotations"]}
    assert len(written) == 12 and all(written[row, column] == -written[column, row] for row, column in written)
    lines = next(frame.value for frame in app.dataframe if "adjusted" in frame.value)
    assert len(lines) == 6
    for line in lines.itertuples():
        assert float(line.difference) >= 0
        low, high = (float(bound) for bound in line.interval.split(" … "))
        assert low <= float(line.difference) <= high
        assert line.plain.startswith("<") or line.adjusted.startswith("<") or float(line.adjusted) >= float(line.plain)
    seeds = lines[lines["better"].str.startswith("base") & lines["other"].str.startswith("base")].iloc[0]
    assert seeds["note"].startswith("Two trainings of one recipe")
    order = next(frame.value for frame in app.dataframe if "group" in frame.value)
    names = order["run"].tolist()
    assert cells[names.index("base-1"), names.index("base-2")] == 0
    assert not [button for button in app.button if button.key == "outcome-both"], "the other tabs are not drawn"


def test_a_tab_that_is_not_there_is_the_first(pair, open_compare):
    app = open_compare(view="<b>")
    assert app.button(key="outcome-both").label and "view" not in app.query_params


def test_the_plan_follows_the_difference_asked_for(pair, open_compare):
    app = open_compare("ko", view="plan")
    two = re.search(r"약 ([\d,]+)문항\(문단 [\d,]+개\)이 필요합니다", text(app)).group(1)
    assert any(one.proto.alt.startswith("문항 수에 따른 검정력") for one in app.get("plotly_chart"))
    app.number_input(key="widget:effect").set_value(5.0).run()
    assert not app.exception and app.query_params["effect"] == "5.0"
    five = re.search(r"약 ([\d,]+)문항\(문단 [\d,]+개\)이 필요합니다", text(app)).group(1)
    assert int(five.replace(",", "")) < int(two.replace(",", ""))


def test_questions_that_separate_runs_and_doubtful_gold(store, open_compare):
    compare_fixture.demo(store.root)
    app = open_compare(view="questions")
    lists = [frame.value for frame in app.dataframe if "gold" in frame.value]
    assert len(lists[0]) and lists[0]["separates"].is_monotonic_decreasing
    assert "From the answers of 4 runs of 3 recipes" in text(app)


def test_questions_take_four_runs(pair, open_compare):
    assert "at least four runs" in open_compare(view="questions").info[0].value


def test_refusal_says_why(pair, open_compare, mini_ko):
    run = pair.get("second")
    compare_fixture.write(run, mini_ko, _answers(mini_ko, "second"), scorer_version="another/9")
    app = open_compare()
    shown = text(app)
    assert "These two cannot be compared" in shown
    assert "another/9" in shown
    assert not [button for button in app.button if button.key and button.key.startswith("outcome")]
    assert not app.toggle, "nothing makes different scorers comparable"


def test_common_part_on_demand(pair, open_compare, mini_ko):
    run = pair.get("second")
    compare_fixture.write(run, mini_ko, _answers(mini_ko, "second"), dataset_sha256="ab" * 32)
    app = open_compare()
    assert "These two cannot be compared" in text(app)
    app.toggle(key="widget:common").set_value(True).run()
    assert not app.exception
    assert "answers 20 more" in text(app)
    assert "datasets differ" in app.warning[0].value


def test_without_the_text(pair, open_compare, mini_ko):
    for name in ("first", "second"):
        compare_fixture.write(pair.get(name), replace(mini_ko, name="elsewhere"), _answers(mini_ko, name))
    app = open_compare(dataset="elsewhere", id=mini_ko.examples[3].id)
    assert "answers 20 more" in text(app)
    assert "The text of elsewhere is not on this machine" in text(app)
    gold = mini_ko.examples[3].answers[0]
    assert f"[{gold.start}–{gold.end}]" in html(app)
    assert gold.text not in html(app)
    assert mini_ko.examples[3].context not in html(app)


def test_how_to_get_a_missing_text_is_said_in_the_language_of_the_page(pair, open_compare, mini_ko):
    for name in ("first", "second"):
        compare_fixture.write(pair.get(name), replace(mini_ko, name="korquad-dev"), _answers(mini_ko, name))
    app = open_compare("ko", dataset="korquad-dev")
    assert not app.exception
    assert "korquad-dev: 본문이 이 컴퓨터에 없습니다" in text(app)
    assert catalogue.DATASETS["korquad-dev"].url in text(app) and str(catalogue.cache_folder()) in text(app)
    assert "is not on this machine" not in text(app)


def test_answers_to_another_dataset_of_the_same_name_are_refused(pair, open_compare, mini_ko):
    for name in ("first", "second"):
        compare_fixture.write(pair.get(name), mini_ko, _answers(mini_ko, name), dataset_sha256="ab" * 32)
    for lang, said in (("en", "another dataset of this name"), ("ko", "이름만 같은 다른 데이터셋")):
        app = open_compare(lang=lang)
        (error,) = app.error
        assert said in error.value and "abababababab" in error.value and mini_ko.sha256[:12] in error.value
        assert "answers 20 more" not in text(app) and not app.dataframe


def test_unusable_questions_are_counted_beside_the_verdict(pair, open_compare, mini_ko):
    assert "unusable" not in text(open_compare())
    elsewhere = replace(mini_ko, name="elsewhere")
    for name in ("first", "second"):
        compare_fixture.write(pair.get(name), elsewhere, _answers(mini_ko, name), unusable_questions=3)
    assert "3 questions of the file are unusable and left out" in text(open_compare(dataset="elsewhere"))


def test_with_one_paragraph_the_interval_cannot_be_told(pair, open_compare, mini_ko):
    rows = [row for row, example in enumerate(mini_ko.examples) if example.paragraph == 0]
    one = replace(mini_ko, name="one", examples=tuple(mini_ko.examples[row] for row in rows))
    gold = [(example.answers[0].start, example.answers[0].end) for example in one.examples]
    compare_fixture.write(pair.get("first"), one, gold)
    compare_fixture.write(pair.get("second"), one, [_far(one.examples[0]), *gold[1:]])
    for lang, said in (("en", "cannot be told"), ("ko", "알 수 없음")):
        app = open_compare(lang=lang, dataset="one")
        assert app.table[0].value.iloc[:, 3].tolist() == [f":gray[{said}]"] * 2
        assert "nan" not in text(app) and "intra-class" not in text(app)


def test_no_common_dataset(store, mini_ko, open_compare):
    first = store_fixture.finished_run(store, "first", datasets=())
    store_fixture.finished_run(store, "second", datasets=("korquad-held-out",))
    compare_fixture.write(first, mini_ko, _answers(mini_ko, "first"))
    app = open_compare(a="first", b="second")
    assert "have no dataset in common" in text(app)
    assert "predict second --dataset mini-ko" in app.code[0].value


def test_broken_predictions(pair, open_compare):
    pair.get("first").predictions_path("mini-ko").write_bytes(b"half a file")
    app = open_compare()
    assert "mini-ko cannot be read" in app.error[0].value.replace("\\", "")


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_runs(store, open_compare, count):
    for position in range(count):
        store_fixture.finished_run(store, f"run-{position}", datasets=())
    app = open_compare()
    assert "python -m core train base" in app.code[0].value


def test_hostile_dataset_file(store, tmp_path, monkeypatch, open_compare):
    """An imported file is found in the data folder; its text is escaped everywhere."""
    dataset = hostile(tmp_path, monkeypatch)
    for name in ("first", "second"):
        run = store_fixture.finished_run(store, name, datasets=())
        ends = [example.answers[0].end for example in dataset.examples]
        compare_fixture.write(run, dataset, [(0, end - (name == "first")) for end in ends])
    app = open_compare()
    shown = html(app)
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "</mark>" not in shown


def hostile(folder, monkeypatch) -> formats.Dataset:
    """Writes a question set that tries to break out of its place, and makes `folder` the data folder."""
    answer = "<script>alert(1)</script></mark>\"'"
    context = answer + " \u202e뒤집힌 글\u202c <img src=x onerror=alert(2)> $x$ :red[x] **b** &amp;"
    question = '<b>"누구"</b> </mark>\u200f\'?'
    qa = {"id": "<i>id</i>", "question": question, "answers": [{"text": answer, "answer_start": 0}]}
    document = {"data": [{"title": "<u>t</u>", "paragraphs": [{"context": context, "qas": [qa]}]}]}
    path = folder / "hostile.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    monkeypatch.setenv("ANSWERDIFF_DATA", str(folder))
    return catalogue.load(path)

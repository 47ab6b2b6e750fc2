"""The Runs page: what it shows of every kind of run, and where it leads."""

import json
from dataclasses import replace

import pytest

from core.data import catalogue
from core.scoring.calibration import auroc, calibrate, confidence, risk_coverage
from core.store import predictions
from core.store.runs import LABELS_FILE, WEIGHTS_FILE
from tests.comparing.factory import with_meta
from tests.pages import store_fixture


def texts(app):
    """Everything the page says outside its tables."""
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.info, app.warning, app.error, app.code)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def table(app):
    return app.dataframe[0].value.set_index("name")


def test_no_runs_says_where_it_looked_and_what_to_type(store, open_page):
    app = open_page("runs")
    assert "There are no runs yet" in texts(app)
    assert "python -m core train base" in [code.value for code in app.code]
    assert not app.dataframe


def test_the_table_says_what_each_run_is_and_how_it_scores(demo, open_page):
    app = open_page("runs")
    rows = table(app)
    assert list(rows.index) == [
        *("base-3", "pretrained-1-1", "matched-scratch-1", "pretrained-3-1", "pretrained-2-1", "base-2", "base-1")
    ]
    assert rows.loc["pretrained-1-1", "status"] == "▶ running"
    assert rows.loc["base-3", "status"] == "■ stopped"
    assert rows.loc["matched-scratch-1", "status"] == "✕ failed"
    base = rows.loc["base-1"]
    assert (base["status"], base["variant"], base["parameters"]) == ("✓ finished", "base", 10_662_914)
    assert base["trained_on"] == "korquad-fit"
    assert rows.loc["pretrained-2-1", "pretrained"] == "encoder-6x4"
    predictions = demo.get("base-1").predictions_path("korquad-held-out")
    truth = store_fixture.predictions.read(predictions).table
    assert base["exact_match"] == pytest.approx(100 * truth["exact_match"].mean())
    assert base["f1"] == pytest.approx(100 * truth["f1"].mean())
    assert base["original"] == truth["original_contains"][:102].sum()
    low, high = map(float, base["exact_match_interval"].split(" – "))
    assert low < base["exact_match"] < high
    assert 2 <= len(base["curve"]) <= 24 and base["curve"][0] > base["curve"][-1]


def test_broken_runs_are_listed_with_reasons_and_hurt_nothing(demo, open_page):
    app = open_page("runs")
    listed = next(frame.value for frame in app.dataframe if "problem" in frame.value.columns)
    assert dict(zip(listed["run"], listed["problem"], strict=True))["broken-missing"] == "run.json is missing"
    assert set(listed["run"]) == {"broken-truncated", "broken-missing", "broken-version", "broken-alien"}
    assert "4 runs cannot be read" in [expander.label for expander in app.expander]


def test_only_differences_against_a_base_run(demo, open_page):
    app = open_page("runs", runs=["base-1", "pretrained-2-1"], base="base-1")
    differences = next(frame.value for frame in app.dataframe if "training.learning_rate" in frame.value.index)
    assert list(differences.columns) == ["base-1", "pretrained-2-1"]
    assert differences.loc["model.num_layers"].tolist() == ["3", "≠ 6"]
    assert differences.loc["pretrained.name"].tolist() == ["", "+ encoder-6x4"]
    assert "training.batch_size" not in differences.index
    app.toggle(key="widget:identical").set_value(True).run()
    everything = next(frame.value for frame in app.dataframe if "training.learning_rate" in frame.value.index)
    assert everything.loc["training.batch_size"].tolist() == ["32", "32"]


def test_search_and_status_filter(demo, open_page):
    app = open_page("runs", lang="ko")
    app.text_input(key="widget:q").set_value("PRETRAINED 2").run()
    assert list(table(app).index) == ["pretrained-2-1"]
    app.text_input(key="widget:q").set_value("").run()
    app.pills(key="widget:status").set_value(["failed"]).run()
    assert list(table(app).index) == ["matched-scratch-1"]
    assert app.query_params["status"] == "failed"
    app.text_input(key="widget:q").set_value("nothing at all").run()
    assert "조건에 맞는 실행이 없습니다." in texts(app)
    assert not app.exception


def test_a_search_does_not_undo_the_choice(demo, open_page):
    app = open_page("runs", runs=["base-1", "pretrained-2-1"])
    app.text_input(key="widget:q").set_value("pretrained-3").run()
    app.text_input(key="widget:q").set_value("").run()
    assert app.query_params["runs"] == ["base-1", "pretrained-2-1"]
    assert "A: base\\-1 · B: pretrained\\-2\\-1" in texts(app)


def test_chosen_runs_lead_to_their_curves(demo, open_page):
    app = open_page("runs", runs=["base-1", "base-2"])
    next(button for button in app.button if button.label == "Learning curves").click().run()
    assert app.title[0].value == "Learning curves"
    assert app.multiselect(key="widget:runs").value == ["base-1", "base-2"]
    assert app.session_state["a"] == "base-1" and app.session_state["b"] == "base-2"


def test_one_run_in_full(demo, open_page):
    app = open_page("runs", runs=["base-1"])
    assert "base\\-1" in [heading.value for heading in app.subheader]
    assert "python -m core train base --set training.seed=1" in [code.value for code in app.code]
    data = next(frame.value for frame in app.dataframe if "sha256" in frame.value.columns)
    assert data["sha256"].tolist() == ["7a" * 32] * 2
    table = store_fixture.predictions.read(demo.get("base-1").predictions_path("korquad-held-out")).table
    error = calibrate(table["probability"], table["exact_match"]).error
    area = risk_coverage(table["probability"], table["exact_match"]).area
    right = auroc(table["probability"], table["exact_match"])
    assert [one.value for one in app.metric] == [f"{100 * error:.1f} %", f"{100 * area:.1f} %", f"{right:.3f}"]
    assert "This run is not calibrated" in texts(app) and "core calibrate base\\-1" in texts(app)


def test_calibration_is_judged_at_the_runs_temperature_on_questions_it_was_not_fitted_on(demo, open_page):
    fit = {"temperature": 2.5, "questions": 80, "left_out": 2, "error_before": 0.5, "error_after": 0.125, "bins": []}
    demo.amend("base-1", calibration=fit | {"dataset": {"names": ["korquad-fit"], "rule": "every second"}})
    app = open_page("runs", runs=["base-1"])
    table = store_fixture.predictions.read(demo.get("base-1").predictions_path("korquad-held-out")).table
    cooler = confidence(table, 2.5)
    assert cooler.mean() < table["probability"].mean()
    assert app.metric[0].value == f"{100 * calibrate(cooler, table['exact_match']).error:.1f} %"
    assert app.metric[2].value == f"{auroc(table['probability'], table['exact_match']):.3f}"
    said = texts(app)
    assert "Judged on korquad\\-held\\-out, with the run's temperature 2.50 applied" in said
    assert "**Fitted on the questions held back**: on 80 of them the error went from 50.0 to 12.5 points" in said


def test_failed_stopped_and_weightless_runs_say_so(demo, open_page):
    assert "could not allocate" in texts(open_page("runs", runs=["matched-scratch-1"]))
    stopped = texts(open_page("runs", runs=["base-3"]))
    assert "No sign of life" in stopped and "python -m core train base --name base-3 --resume" in stopped
    assert "The weights are not here" in texts(open_page("runs", runs=["pretrained-3-1"]))
    assert "no predictions for" in texts(open_page("runs", runs=["base-3"]))


def test_damaged_predictions_are_told_and_the_rest_stands(demo, open_page):
    demo.get("base-1").predictions_path("korquad-held-out").write_bytes(b"PAR1 cut off")
    app = open_page("runs", runs=["base-1"])
    assert any("base" in error.value and "parquet" in error.value for error in app.error)
    rows = table(app)
    assert rows["exact_match"].isna()["base-1"] and rows["exact_match"].notna()["base-2"]


def test_labels_are_saved_and_an_archived_run_leaves_the_table(demo, open_page):
    app = open_page("runs", runs=["base-1"])
    next(field for field in app.text_input if field.label == "Title").set_value("<b>Our *best*</b>")
    next(field for field in app.text_input if field.label == "Tags").set_value("one, two")
    next(button for button in app.button if button.label == "Save").click().run()
    written = json.loads((demo.path("base-1") / LABELS_FILE).read_text())
    assert (written["title"], written["tags"]) == ("<b>Our *best*</b>", ["one", "two"])
    assert table(app).loc["base-1", "title"] == "<b>Our *best*</b>"
    assert "\\<b\\>Our \\*best\\*\\<\\/b\\>" in [heading.value for heading in app.subheader]

    demo.label("base-1", archived=True)
    app = open_page("runs")
    assert "base-1" not in table(app).index
    app.toggle(key="widget:archived").set_value(True).run()
    assert "base-1" in table(app).index


def test_korean_by_locale_and_by_switch(demo, open_page):
    app = open_page("runs", lang="ko")
    assert app.title[0].value == "실행"
    assert table(app).loc["base-1", "status"] == "✓ 완료"
    app.sidebar.segmented_control(key="widget:lang").set_value("en").run()
    assert app.title[0].value == "Runs"


def test_every_folder_of_a_messy_store_is_shown(store, open_page):
    store_fixture.many(store.root, 200, steps=9, datasets=("mini-ko",))
    app = open_page("runs", dataset="mini-ko")
    listed = next(frame.value for frame in app.dataframe if "problem" in frame.value.columns)
    assert len(table(app)) + len(listed) == 200
    assert "<b>odd-169&lt;" in table(app).index
    assert table(app)["exact_match"].notna().sum() == 180
    assert any("odd" in error.value and "parquet" in error.value for error in app.error)


def test_odd_runs_are_shown_in_full_on_both_pages(store, open_page):
    for kind in store_fixture.ODD:
        store_fixture.broken_run(store, f"odd-{kind}", kind)
    names = [run.name for run in store.list()]
    assert len(names) == len(store_fixture.ODD)
    for name in names:
        app = open_page("runs", runs=[name])
        assert not app.exception
        assert name in texts(app).replace("\\", "")
    app = open_page("learning_curves", runs=names)
    assert [warning.value for warning in app.warning] == ["1 line of the histories could not be read."]


def test_a_run_without_anything_known_is_shown(store, open_page):
    writer = store.create("bare", {"config": {}, "datasets": {"train": "odd"}})
    writer.finish(best=None)
    (writer.path / WEIGHTS_FILE).touch()
    app = open_page("runs", runs=["bare"])
    assert list(table(app).index) == ["bare"]


def test_answers_to_another_dataset_of_the_same_name_have_no_score(demo, open_page):
    path = demo.get("base-1").predictions_path("mini-ko")
    stored = predictions.read(path)
    predictions.write(path, with_meta(stored, dataset_sha256="ab" * 32))

    app = open_page("runs", dataset="mini-ko", run="base-1")
    assert table(app)["exact_match"].isna()["base-1"] and not table(app)["exact_match"].isna()["base-2"]
    assert "abababababab" in app.error[0].value and catalogue.load("mini-ko").sha256[:12] in app.error[0].value


def test_unusable_questions_are_counted_under_the_scores(demo, open_page):
    path = demo.get("base-1").predictions_path("korquad-held-out")
    stored = predictions.read(path)
    predictions.write(path, with_meta(stored, unusable_questions=3))

    app = open_page("runs", dataset="korquad-held-out", run="base-1", runs=["base-1"])
    captions = [caption.value.replace("\\", "") for caption in app.caption]
    assert captions.count("korquad-held-out: **3 questions of the file are unusable and left out.**") == 2
    assert "unusable and left out" not in texts(open_page("runs", dataset="mini-ko", run="base-2", runs=["base-2"]))


def test_with_one_paragraph_the_interval_cannot_be_told(demo, open_page):
    path = demo.get("base-1").predictions_path("korquad-held-out")
    stored = predictions.read(path)
    predictions.write(path, replace(stored, table=stored.table.iloc[:4].assign(paragraph=0)))

    for lang, said in (("en", "cannot be told"), ("ko", "알 수 없음")):
        app = open_page("runs", lang=lang, dataset="korquad-held-out", run="base-1", runs=["base-1"])
        assert table(app).loc["base-1", ["exact_match_interval", "f1_interval"]].tolist() == [said] * 2
        scores = next(frame.value for frame in app.dataframe if "median_length" in frame.value.columns)
        assert scores.set_index("dataset").loc["korquad-held-out", "exact_match"].endswith(f"({said})")

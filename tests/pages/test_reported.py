"""pages/reported.py: with any of the four runs present or missing, in both languages, with and without KorQuAD."""

import hashlib
from dataclasses import replace
from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from core.audit import claims, reported
from core.audit.reported import DATASET
from core.data import catalogue
from tests.pages import compare_fixture, store_fixture


@pytest.fixture(autouse=True)
def no_korquad(tmp_path, monkeypatch):
    """A machine that has only what ships."""
    monkeypatch.setenv(catalogue.DATA_VARIABLE, str(tmp_path / "nothing"))
    cache = tmp_path / "cache"
    cache.mkdir()
    monkeypatch.setattr(catalogue, "cache_folder", lambda: cache)
    return cache


@pytest.fixture
def open_reported(open_page):
    return partial(open_page, "reported")


def text(app: AppTest) -> str:
    """All Markdown of the page, without its backslashes."""
    return "\n".join(element.value for element in (*app.markdown, *app.caption)).replace("\\", "")


def table(app: AppTest) -> str:
    return next(element.proto.body for element in app.get("html") if "<table" in element.proto.body)


def charts(app: AppTest) -> int:
    return len(app.get("plotly_chart"))


def four(store, skills=(0.1, 0.5, 0.6, 0.65)):
    for name, skill in zip(("base", "pretrained-1", "pretrained-2", "pretrained-3"), skills, strict=True):
        store_fixture.finished_run(store, name, name, skill=skill, steps=3, datasets=(DATASET,))


def test_without_a_run_everything_reported_is_there(store, open_reported):
    app = open_reported()
    shown = text(app)
    assert table(app).count("not trained yet") == 4
    for figure in ("7.9648", "0.3065", "10,662,914", "13,032,194", ">27<", ">4<", "185 characters"):
        assert figure in table(app), figure
    assert "27 → 29 of 102: 2 more, not 3" in shown
    assert "With equal counts p is 1" in shown
    assert "The least that reaches p < .05 is 6 gained and none lost; with 2 lost it takes 10 gained" in shown
    assert "about 8 of 102 questions (7.5 points)" in shown
    assert "This needs a run of each: base and pretrained-1." in shown
    commands = next(block.value for block in app.code if "train base" in block.value)
    assert commands.splitlines()[0] == "python -m core train base"
    assert "python -m core train pretrained-3" in commands
    assert charts(app) == 2  # of p, and of the rule
    assert [button.key for button in app.button if button.key.startswith("compare-")] == []
    assert app.metric[0].label == 'p of "27 → 29"'
    assert [metric.value for metric in app.metric][:3] == ["0.50", "12–32", "102"]


def test_in_korean(store, open_reported):
    four(store)
    app = open_reported("ko")
    shown = text(app)
    assert "보고된 수는 102문항 가운데 27 → 29, 3문항이 아니라 2문항이 늘었습니다." in shown
    assert "전체 102문항 가운데" in shown
    assert "전체 306문항 가운데" in shown
    assert "맞힌 수가 감추는 것" in table(app)
    assert app.title[0].value == "보고와 측정"


def test_with_all_runs(store, open_reported):
    four(store)
    app = open_reported()
    shown = text(app)
    assert "not trained yet" not in table(app) + shown
    rows = [reported.row(one, store.list()) for one in reported.load().runs]
    for claim in reported.load().claims:
        ours = claims.ours(claim, rows, lambda row: reported.read(row.run))
        assert ours.by_rule.verdict.text("en") in shown
        assert ours.on_all.verdict.text("en") in shown
    assert "Trained on korquad-fit: 4,100 questions" in shown
    # Said of all four at once; of pre-training in two sentences, whose they are.
    assert shown.count("Dropout of 0.1 acts") == 1
    assert "**base**: It begins from fresh weights." in shown
    assert charts(app) == 2 + 3
    # These predictions answer made-up questions, whose text is nowhere.
    assert "As soon as one of the four runs has answered" in shown


@pytest.mark.parametrize("missing", ["base", "pretrained-2"])
def test_with_some_runs(store, open_reported, missing):
    four(store)
    store.label(missing, archived=True)
    app = open_reported()
    assert table(app).count("not trained yet") == 1
    command = f"python -m core train {missing}"
    assert any(command in block.value.splitlines() for block in app.code)
    buttons = {button.key for button in app.button}
    assert ("compare-pretraining" in buttons) == (missing != "base")
    assert ("compare-heads" in buttons) == (missing == "base")


def test_runs_in_every_other_state(store, open_reported):
    store_fixture.running_run(store, "base", "base")
    store_fixture.failed_run(store, "pretrained-1", "pretrained-1")
    store_fixture.finished_run(store, "pretrained-2", "pretrained-2", steps=3, datasets=())
    run = store_fixture.finished_run(store, "pretrained-3", "pretrained-3", steps=3, datasets=(DATASET,))
    run.predictions_path(DATASET).write_bytes(b"PAR1")
    store_fixture.broken_run(store, "broken", "truncated")
    app = open_reported()
    for state in ("not finished yet", "has not answered these questions yet", "its predictions cannot be read"):
        assert state in table(app)
    assert "half-written" in app.error[0].value.replace("\\", "")
    commands = next(block.value for block in app.code if "--resume" in block.value).splitlines()
    assert commands == [
        "python -m core train pretrained-1 --name pretrained-1 --resume",
        f"python -m core predict pretrained-2 --dataset {DATASET}",
        f"python -m core predict pretrained-3 --dataset {DATASET}",
    ]


def test_names_are_shown_as_they_are(store, open_reported):
    run = store_fixture.finished_run(store, "base", "base", steps=3, datasets=(DATASET,))
    run.path.rename(run.path.with_name("<b>x&"))
    app = open_reported()
    assert "<b>x" not in table(app)
    assert "&lt;b&gt;x&amp;" in table(app)


def test_a_claim_leads_to_its_pair(store, open_reported):
    four(store)
    app = open_reported("ko")
    app.button(key="compare-heads").click().run()
    assert not app.exception
    chosen = {key: app.session_state[key] for key in ("a", "b", "dataset", "part", "criterion")}
    assert chosen == {
        "a": "pretrained-2",
        "b": "pretrained-3",
        "dataset": DATASET,
        "part": "original",
        "criterion": "substring",
    }


# Longer answers


@pytest.fixture
def answering(store):
    """Runs that answered mini-ko: `base` the gold answers of the first half, `pretrained-1` none."""
    dataset = catalogue.load("mini-ko")
    for name in ("base", "pretrained-1"):
        run = store_fixture.finished_run(store, name, name, steps=3, datasets=(DATASET,))
        golds = [example.answers[0] for example in dataset.examples]
        answers = [(gold.start, gold.end) if row < 51 and name == "base" else (0, 1) for row, gold in enumerate(golds)]
        compare_fixture.write(run, dataset, answers)
    return store


def test_the_slider_makes_every_answer_longer(answering, open_reported):
    app = open_reported("ko")
    assert "KorQuAD의 본문이 이 컴퓨터에 없습니다" in app.info[0].value
    assert "mini-ko의 처음 102문항" in text(app)

    def figures():
        return [metric.value for metric in app.metric][-4:]

    right, exact, _, _ = figures()
    assert (int(right), int(exact)) == (51, 51)
    app.slider(key="widget:words").set_value(60).run()
    assert not app.exception
    longer, none, _, _ = figures()
    assert int(longer) > 51
    assert int(none) == 0
    assert app.query_params["words"] == "60"
    app.segmented_control(key="widget:longer").set_value("pretrained-1").run()
    assert int(figures()[1]) == 0


def test_a_number_of_words_that_the_slider_does_not_have_is_dropped(answering, open_reported):
    app = open_reported(words="9999")
    assert app.slider(key="widget:words").value == 0
    assert "words" not in app.query_params


# Fetching


def test_without_a_network_it_says_so_kindly(store, open_reported, no_korquad, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    nowhere = replace(catalogue.DATASETS[DATASET], url="http://127.0.0.1:9/KorQuAD_v1.0_dev.json")
    monkeypatch.setitem(catalogue.DATASETS, DATASET, nowhere)
    app = open_reported("ko")
    app.button(key=f"fetch-{DATASET}").click().run()
    assert not app.exception
    shown = text(app)
    assert "내려받지 못했습니다" in shown
    assert str(no_korquad) in shown
    assert "cannot be reached (no network?)" in shown
    assert list(no_korquad.iterdir()) == []
    # Everything else is still there.
    assert charts(app) == 2


def test_compare_offers_the_missing_text_too(store, open_page):
    four(store)
    app = open_page("compare", a="base", b="pretrained-1", dataset=DATASET)
    assert app.button(key=f"fetch-{DATASET}").label == "Download korquad\\-held\\-out"


def fetch_page():
    import streamlit as st

    from pages.parts.shared import fetch

    st.title("x")
    fetch.button("korquad-dev")
    fetch.button("mini-ko")
    fetch.button("not a dataset")


def test_a_download_shows_progress_and_ends_with_the_file(no_korquad, served, monkeypatch):
    path = catalogue.find("mini-ko")
    assert path
    raw = path.read_bytes()
    pages, server = served
    pages["/dev.json"] = (200, None, raw)
    known = replace(catalogue.DATASETS["korquad-dev"], url=f"{server}/dev.json")
    monkeypatch.setitem(catalogue.DATASETS, "korquad-dev", replace(known, sha256="0" * 64))
    app = AppTest.from_function(fetch_page, default_timeout=30).run()
    assert [button.key for button in app.button] == ["fetch-korquad-dev"]
    app.button(key="fetch-korquad-dev").click().run()
    assert "expected " + "0" * 64 in text(app)
    assert list(no_korquad.iterdir()) == []
    monkeypatch.setitem(catalogue.DATASETS, "korquad-dev", replace(known, sha256=hashlib.sha256(raw).hexdigest()))
    app.button(key="fetch-korquad-dev").click().run()
    assert not app.exception
    assert (no_korquad / "KorQuAD_v1.0_dev.json").read_bytes() == raw
    assert not app.button

"""The Ask page with files of the reader's own, and with long passages."""

import json
import re
import shutil

import pytest
from streamlit.testing.v1 import AppTest

from core.data import passages as uploads
from core.store.runs import ROOT_VARIABLE, Store
from pages.parts.ask import models, upload
from tests.pages.test_ask import PAGE, address, bodies, headlines, messages, passages

TEXT = "제주도의 물허벅은 물을 나르는 그릇이다. 구덕에 넣어 등에 진다."
QUESTION = "물허벅은 무엇을 나르는가?"


@pytest.fixture
def ask(made, monkeypatch, tmp_path):
    """Opens the page and types into it; mini-ko is the only dataset."""
    monkeypatch.setenv(ROOT_VARIABLE, str(made[0].root))
    monkeypatch.setenv("ANSWERDIFF_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    def open_page(question, passage, **parameters):
        app = AppTest.from_file(PAGE, default_timeout=300)
        app.query_params["lang"] = "en"
        for key, value in parameters.items():
            app.query_params[key] = value
        app.run()
        app.text_input(key="widget:question").set_value(question)
        app.text_area(key="widget:passage").set_value(passage)
        return run(app)

    return open_page


def run(app):
    app.run()
    assert not app.exception, app.exception
    return app


def bring(app, *files):
    """Uploads files, given as name and bytes."""
    app.file_uploader(key="ask-upload").set_value([(name, raw, "text/plain") for name, raw in files])
    return run(app)


def button(app, label):
    return next(b for b in app.button if b.label == label)


def found_in(app):
    """The table of passages found."""
    return next(t.value for t in app.dataframe if "bm25" in t.value)


# Files


@pytest.mark.parametrize(
    ("encoding", "named"), [("utf-8", "UTF-8"), ("cp949", "CP949"), ("euc-kr", "CP949"), ("utf-16", "UTF-16")]
)
def test_a_text_file_is_searched_and_its_encoding_said(ask, made, encoding, named):
    app = bring(ask(QUESTION, ""), ("물허벅.txt", TEXT.encode(encoding)))
    assert f"물허벅\\.txt: one passage, read as {named}" in messages(app)
    table = found_in(app)
    assert (table["from"][0], table["passage"][0]) == ("물허벅.txt", f"물허벅 · {TEXT[:50]}…")
    for reader, shown in zip(made[1], headlines(app), strict=True):
        best = reader.read(QUESTION, TEXT).spans[0]
        assert shown == TEXT[best.start : best.end]


def test_a_filled_passage_is_emptied_on_request_and_files_are_forgotten(ask):
    app = bring(ask(QUESTION, "다른 글이다."), ("a.txt", TEXT.encode()))
    assert passages(app) and not any("bm25" in t.value for t in app.dataframe)
    button(app, "Empty the passage and search in these").click()
    assert found_in(run(app))["from"][0] == "a.txt"
    assert app.text_area(key="widget:passage").value == ""
    button(app, "Forget the files").click()
    run(app)
    assert "read as" not in messages(app)
    assert "a.txt" not in [name for t in app.dataframe if "bm25" in t.value for name in t.value["from"]]


def test_a_squad_json_with_mistakes_is_used_and_they_are_listed(ask):
    bad = {"id": "q", "question": "?", "answers": [{"text": "없는 말", "answer_start": 0}]}
    document = {"data": [{"title": "물허벅", "paragraphs": [{"context": TEXT, "qas": [bad]}, {"context": 5}]}]}
    app = bring(ask(QUESTION, ""), ("own.json", json.dumps(document).encode()))
    assert "own\\.json: one passage, read as UTF-8. 3 problems in the file:" in messages(app)
    problems = next(t.value for t in app.dataframe if "what" in t.value)
    assert problems["where"].tolist() == [
        "own.json: article 1 '물허벅', paragraph 1, question q, answer 1",
        "own.json: article 1 '물허벅', paragraph 2",
        "own.json: article 1 '물허벅', paragraph 2",
    ]
    assert problems["what"][1] == "'context' is a number, not a text"
    assert found_in(app)["passage"][0] == f"물허벅 · {TEXT[:50]}…"


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("a.json", b'{"data": [', "not valid JSON"),
        ("a.txt", bytes(range(128, 256)), "neither UTF-8 nor CP949"),
        ("a.txt", b"", "there is no text in it"),
        ("a.txt", b"a" * ((uploads.LARGEST_FILE << 20) + 1), f"{uploads.LARGEST_FILE} MiB are the limit"),
    ],
    ids=["broken", "encoding", "empty", "too large"],
)
def test_an_unusable_file_says_why_and_the_others_are_used(ask, name, raw, said):
    app = bring(ask(QUESTION, ""), (name, raw), ("good.txt", TEXT.encode()))
    assert [element.value for element in app.error] == ["This file cannot be used:"]
    problems = next(t.value for t in app.dataframe if "what" in t.value)
    assert len(problems) == 1 and said in problems["what"][0] and problems["where"][0] == name
    assert "good\\.txt: one passage" in messages(app)
    assert found_in(app)["from"][0] == "good.txt"


def test_names_and_texts_of_files_are_shown_as_they_are(ask):
    attack = "<img src=x onerror=alert(1)> **굵게** :red[빨강] $x$"
    app = bring(ask("물허벅은 :red[무엇]인가? <b>", ""), (f"{attack}.txt", f"물허벅 {attack}".encode()))
    said = messages(app)
    assert attack not in said and "\\:red\\[" in said
    assert not re.search(r"(?<!\\)[<$]", said)  # each sign is escaped
    assert "<img" not in "".join(bodies(app)) and "&lt;img" in "".join(passages(app))
    assert attack in found_in(app)["from"][0]  # a cell of a table is text


def test_titles_of_runs_and_of_passages_are_shown_as_they_are(ask, made, tmp_path, monkeypatch):
    shutil.copytree(made[0].root, tmp_path / "runs")
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path / "runs"))
    attack = "<i>기울임</i> **굵게** :red[빨강]"
    Store(tmp_path / "runs").label("first", title=attack)
    question = {"id": "q", "question": "?", "answers": [{"text": "물허벅", "answer_start": 4}]}
    document = {"data": [{"title": attack, "paragraphs": [{"context": TEXT, "qas": [question]}]}]}
    app = ask(QUESTION, "", pieces="true", why="true", a="first", b="second")
    app = bring(app, ("a.json", json.dumps(document).encode()))
    said = " ".join(element.value for element in (*app.markdown, *app.caption)) + messages(app)
    assert "\\<i\\>기울임" in said and "\\:red\\[" in said
    assert not re.search(r"(?<!\\)<i|(?<!\\):red|[^\\]\*\*굵게\*\*", said)
    assert "<i>" not in "".join(bodies(app))
    assert found_in(app)["passage"][0].startswith(f"{attack} · ")


def test_a_control_character_in_a_file_is_seen(ask):
    app = bring(ask("물허벅은?", ""), ("a.txt", "물허벅\u202e거꾸로\x07 글".encode()))
    assert "\u202e" not in "".join(bodies(app)) + found_in(app)["passage"][0]
    assert "물허벅\ufffd거꾸로\u2407 글" in found_in(app)["passage"][0]


def test_the_uploader_names_the_limit_and_takes_texts_and_json(ask):
    app = ask(QUESTION, "")
    uploader = app.file_uploader(key="ask-upload")
    assert uploader.allowed_type == [".txt", ".json"]
    assert uploader.proto.max_upload_size_mb == uploads.LARGEST_FILE
    assert any(f"{uploads.LARGEST_FILE} MiB a file at most" in c.value for c in app.caption)


def test_files_of_one_session_are_not_those_of_another(ask):
    bring(ask(QUESTION, ""), ("a.txt", TEXT.encode()))
    other = ask(QUESTION, "")
    assert "read as" not in messages(other) and upload._FILES not in other.session_state
    assert "a.txt" not in [name for t in other.dataframe if "bm25" in t.value for name in t.value["from"]]


# Long passages


@pytest.mark.slow
def test_the_longest_passage_is_read_to_its_end_with_progress(ask, made, monkeypatch):
    told = []
    monkeypatch.setattr(models, "_draw_progress", lambda done, total: told.append((done, total)))
    passage = ("한국의 수도는 서울이다. 부산은 항구이다. " * 9_000)[: 200_000 - len(TEXT)] + TEXT
    app = ask(QUESTION, passage, pieces="true")
    for reader, shown in zip(made[1], headlines(app), strict=True):
        best = reader.read(QUESTION, passage).spans[0]
        assert shown == passage[best.start : best.end]
    windows = next(t.value for t in app.dataframe if "window" in t.value)
    assert len(windows) > 500 and windows["to"].tolist()[-1] == len(passage) == 200_000
    half = len(told) // 2
    for one in (told[:half], told[half:]):
        assert [done for done, _ in one] == sorted({done for done, _ in one})
        assert one[-1] == (len(windows), len(windows))
    told.clear()
    app.toggle(key="widget:pieces").set_value(False)
    assert len(headlines(run(app))) == 2 and told == []  # not read again
    assert "passage" not in app.query_params and address(app, "question") == QUESTION


def test_a_usual_passage_has_no_progress_bar(ask, monkeypatch):
    monkeypatch.setattr(models, "_draw_progress", lambda done, total: pytest.fail("drawn"))
    assert len(headlines(ask(QUESTION, TEXT))) == 2


def test_only_the_latest_long_readings_are_kept(ask, monkeypatch):
    monkeypatch.setattr(models, "_LONG", 10)
    monkeypatch.setattr(models, "_LONG_KEPT", 3)
    app = ask(QUESTION, TEXT)
    for passage in (TEXT * 2, TEXT * 3):
        app.text_area(key="widget:passage").set_value(passage)
        run(app)
    kept = app.session_state[models._LONG_KEY]
    assert [len(key[3]) // len(TEXT) for key in kept] == [2, 3, 3]

"""The Ask page: what `core.answering.reader` answers is what the page shows, whatever is typed."""

import html
import json
import re
import shutil
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.answering import explain, spans
from core.answering.spans import Span
from core.data import catalogue
from core.store import fingerprints
from core.store.runs import ROOT_VARIABLE, SEEN_FILE, WEIGHTS_FILE, Store
from pages.parts.ask import agreement, inputs
from pages.parts.ask import answer as ask_answer
from pages.parts.ask.passages import Passages

PAGE = Path(__file__).parents[2] / "pages" / "ask.py"
MINI = catalogue.load("mini-ko")
EXAMPLE = MINI.by_id["mini-ko-27-2"]


@pytest.fixture
def store(made, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(made[0].root))
    return made[0]


@pytest.fixture
def readers(made):
    return made[1]


def page(typed=None, **parameters):
    """Opens the page at an address, and types a question and a passage into it."""
    app = AppTest.from_file(PAGE, default_timeout=60)
    for key, value in {"lang": "en", **parameters}.items():
        app.query_params[key] = value
    app.run()
    if typed:
        app.text_input(key="widget:question").set_value(typed[0])
        app.text_area(key="widget:passage").set_value(typed[1])
        app.run()
    assert not app.exception, app.exception
    return app


def address(app, key):
    """AppTest gives a text for what a test wrote and a list for what the page wrote."""
    value = app.query_params[key]
    return value[-1] if isinstance(value, list) else value


def bodies(app):
    return [element.value for element in app.get("html")]


def headlines(app):
    return [html.unescape(body.split("<bdi>")[1].split("</bdi>")[0]) for body in bodies(app) if "1.45rem" in body]


def passages(app):
    return [body for body in bodies(app) if "pre-wrap" in body]


def messages(app):
    return " ".join(element.value for kind in (app.info, app.warning, app.error, app.success) for element in kind)


def test_both_answers_are_those_of_the_readers(store, readers):
    app = page((EXAMPLE.question, EXAMPLE.context))
    readings = [reader.read(EXAMPLE.question, EXAMPLE.context) for reader in readers]
    best = [reading.spans[0] for reading in readings]
    assert headlines(app) == [EXAMPLE.context[s.start : s.end] for s in best]
    assert [bar.proto.text for bar in app.get("progress")] == [f"Probability {100 * s.probability:.0f}%" for s in best]
    for reading, table in zip(readings, app.dataframe, strict=False):
        texts = [EXAMPLE.context[s.start : s.end] for s in reading.spans]
        assert table.value["answer"].tolist() == [" ".join(text.split()) for text in texts]
        assert table.value["probability"].tolist() == pytest.approx([s.probability for s in reading.spans])
        assert len(set(texts)) == len(texts) == spans.N_BEST
    assert len({s.start for s in best}) == 2  # or the test would not see A and B mixed up
    assert {"same": "the same answer", "overlap": "overlap", "different": "answer differently"}[
        agreement.compare(*best, EXAMPLE.context)
    ] in messages(app)


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        ((0, 2), (0, 2), "same"),
        ((0, 2), (1, 4), "overlap"),
        ((0, 2), (3, 6), "elsewhere"),
        ((0, 2), (2, 3), "different"),
    ],
)
def test_agreement_looks_at_the_place_first(a, b, kind):
    assert agreement.compare(Span(*a, 1.0), Span(*b, 1.0), "서울 '서울' 부산") == kind


def test_answers_are_marked_by_offset_not_by_text(store, readers):
    sentence = "서울은 큰 도시이고 부산도 큰 도시이다. "
    passage = sentence * 6
    app = page(("큰 도시는 어디인가?", passage))
    for side, reader, body in zip("AB", readers, passages(app), strict=True):
        best = reader.read("큰 도시는 어디인가?", passage).spans[0]
        before = body.split(f">{side}</b>")[0].rpartition("<b ")[0]
        assert html.unescape(re.sub("<[^>]*>", "", before)) == passage[: best.start]


def test_a_real_example_is_prefilled_with_its_gold_answer_marked(store):
    app = page()
    example = inputs.find(inputs.EXAMPLES["when"])
    assert app.text_input(key="widget:question").value == example.question
    assert app.text_area(key="widget:passage").value == example.context
    assert all(">gold</b>" in body for body in passages(app))
    assert address(app, "example") == "mini-ko/mini-ko-28-5"
    assert "question" not in app.query_params and "passage" not in app.query_params


@pytest.mark.parametrize("kind", inputs.EXAMPLES)
def test_every_example_exists(kind):
    assert inputs.find(inputs.EXAMPLES[kind]).answers


def test_an_example_is_one_click_away(store):
    app = page(lang="ko")  # AppTest names the options in the default language
    app.button_group(key="ask-kind").set_value("where").run()
    assert not app.exception
    assert app.text_input(key="widget:question").value == EXAMPLE.question
    assert address(app, "example") == "mini-ko/mini-ko-27-2"


def test_a_link_arrives_filled_in(store):
    app = page(example="mini-ko/mini-ko-27-2", question="누가 시주했는가?")
    assert app.text_input(key="widget:question").value == "누가 시주했는가?"
    assert app.text_area(key="widget:passage").value == EXAMPLE.context
    assert not any(">gold</b>" in body for body in passages(app))  # it is no longer that question
    app = page(question="어디인가?", passage="서울은 수도이다.")
    assert app.text_area(key="widget:passage").value == "서울은 수도이다."


@pytest.mark.parametrize("example", ["mini-ko/none", "../../etc/passwd/x", "korquad-train/<b>", "/"])
def test_a_link_to_nothing_says_so(store, example):
    app = page(example=example)
    assert "is not on this machine" in messages(app)
    assert "Type a question" in messages(app)


def test_the_address_holds_short_passages_only(store):
    app = page(("어디인가?", "서울은 수도이다."))
    assert address(app, "passage") == "서울은 수도이다."
    assert address(app, "question") == "어디인가?"
    app.text_area(key="widget:passage").set_value("서울은 수도이다. " * 100).run()
    assert "passage" not in app.query_params and len(address(app, "passage_kept")) == 32


def test_a_link_names_a_long_passage_that_this_dashboard_keeps(store):
    long = "서울은 수도이다. " * 100
    first = page(("어디인가?", long))
    again = page(**{key: address(first, key) for key in ("question", "passage_kept")})
    assert again.text_input(key="widget:question").value == "어디인가?"
    assert again.text_area(key="widget:passage").value == long
    assert len(headlines(again)) == 2 and address(again, "passage_kept") == address(first, "passage_kept")


@pytest.mark.parametrize("link", [{}, {"passage_kept": "0" * 32}, {"passage_kept": "../../etc"}])
def test_a_question_without_the_passage_of_its_link_is_not_answered_from_another(store, link):
    app = page(question="어디인가?", **link)
    assert app.text_input(key="widget:question").value == "어디인가?"
    assert app.text_area(key="widget:passage").value == ""
    assert "Paste the passage again" in messages(app) and not headlines(app)
    assert {key: address(app, key) for key in link} == link
    app.text_area(key="widget:passage").set_value("서울은 수도이다.").run()
    assert "Paste the passage again" not in messages(app) and len(headlines(app)) == 2
    assert "passage_kept" not in app.query_params


def test_a_long_question_is_in_the_link_too(store):
    question = "어디인가? " * 100
    first = page((question, "서울은 수도이다."))
    again = page(**{key: address(first, key) for key in ("question_kept", "passage")})
    assert again.text_input(key="widget:question").value == question


def test_passages_are_kept_within_limits_the_latest_used_last():
    kept = Passages(most=3, most_bytes=10)
    first, second, third = (kept.keep(text) for text in ("가", "나", "다"))
    assert kept.find(first) == "가"
    kept.keep("a")  # a fourth
    assert (kept.find(first), kept.find(second), kept.find(third)) == ("가", None, "다")
    kept.keep("b" * 10)
    assert kept.find(first) is kept.find(third) is None
    kept.keep("c" * 11)
    assert kept.find(kept.keep("a")) == "a"


@pytest.mark.parametrize(
    ("question", "passage", "said"),
    [
        ("", "글", "Type a question."),
        (" \n\t\u3000", "글", "Type a question."),
        ("zzqq", "", "passages shares anything with the question"),
        ("?!", "\n \n", "passages shares anything with the question"),
        ("무엇인가?", "가" * 200_001, "200,001 characters, and 200,000 are the limit"),
        ("무" * 1_001, "글", "1,001 characters, and 1,000 are the limit"),
        ("무엇인가?", "\u200b\u200b", "nothing to read"),
    ],
)
def test_unusable_input_is_refused_with_the_reason(store, question, passage, said, monkeypatch, tmp_path):
    monkeypatch.setenv("ANSWERDIFF_DATA", str(tmp_path))  # mini-ko is all there is
    app = page((question, passage))
    assert said in messages(app)
    assert headlines(app) == []


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("?!.", "...,,,!!!"),
        ("who?", "Alice met 王 and 👩‍👩‍👧‍👦 in 서울 (漢城)."),
        ("한 낱말", "가"),
        ("무엇\u202e인가", "앞\u202e뒤 \u2066안\u2069 \x07종 \x00영 \x7f"),
        ("שלום?", "שלום עולם. مرحبا بالعالم"),
        ("무엇인가? " * 60, "서울은 한국의 수도이다."),
        ("무엇인가?", "한국의 수도는 서울이다. " * 800),
    ],
)
def test_anything_typed_is_answered_by_a_slice_of_the_passage(store, readers, question, passage):
    app = page((question, passage))
    for reader, shown in zip(readers, headlines(app), strict=True):
        best = reader.read(question, passage).spans[0]
        assert shown == ask_answer.visible(passage[best.start : best.end])
    assert not any(sign in "".join(bodies(app)) for sign in "\u202e\u2066\x07\x00\x7f")


def test_html_and_markdown_are_shown_as_typed(store):
    attack = "<script>alert(1)</script> <img src=x onerror=alert(1)> **굵게** :red[빨강] $x$ [링크](http://x)"
    app = page((f"누구인가? {attack}", attack), why="true", pieces="true")
    assert "<script" not in "".join(bodies(app)) and "<img" not in "".join(bodies(app))
    assert all("&lt;script&gt;" in body or "&lt;" in body for body in passages(app))
    said = messages(app)
    assert ":red[" not in said and "**굵게**" not in said and "$x$" not in said  # each sign is escaped


def test_decomposed_hangul_gets_the_same_answer(store, readers):
    question, passage = (unicodedata.normalize("NFD", text) for text in (EXAMPLE.question, EXAMPLE.context))
    app = page((question, passage))
    composed = [reader.read(EXAMPLE.question, EXAMPLE.context).spans[0] for reader in readers]
    shown = [unicodedata.normalize("NFC", answer) for answer in headlines(app)]
    assert shown == [EXAMPLE.context[s.start : s.end] for s in composed]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path: path.unlink(), "has no weights"),
        (lambda path: path.write_bytes(path.read_bytes()[:1000]), "damaged or truncated"),
        (lambda path: path.write_bytes(b""), "damaged or truncated"),
    ],
)
def test_a_run_without_sound_weights_says_so_and_the_other_answers(made, readers, tmp_path, monkeypatch, damage, said):
    root = tmp_path / "runs"
    shutil.copytree(made[0].root, root)
    monkeypatch.setenv(ROOT_VARIABLE, str(root))
    weights = root / "first" / WEIGHTS_FILE
    sound = weights.read_bytes()
    damage(weights)
    app = page((EXAMPLE.question, EXAMPLE.context))
    best = readers[1].read(EXAMPLE.question, EXAMPLE.context).spans[0]
    assert headlines(app) == [EXAMPLE.context[best.start : best.end]]
    assert "Only B answered" in messages(app)
    assert said in " ".join(element.value for element in app.markdown).replace("\\", "")
    (command,) = [code.value for code in app.code if "core train" in code.value]
    assert command.count("--name") == 1 and command.endswith("--name first-again")  # "first" is taken
    weights.write_bytes(sound)
    assert len(headlines(app.run())) == 2


def test_weights_of_another_shape_are_refused_with_their_names(made, tmp_path, monkeypatch):
    root = tmp_path / "runs"
    shutil.copytree(made[0].root, root)
    monkeypatch.setenv(ROOT_VARIABLE, str(root))
    document = json.loads((root / "second" / "run.json").read_text())
    document["config"]["model"]["hidden_dim"] = 8
    (root / "second" / "run.json").write_text(json.dumps(document))
    app = page((EXAMPLE.question, EXAMPLE.context))
    assert len(headlines(app)) == 1 and "Only A answered" in messages(app)
    assert "does not fit" in " ".join(element.value for element in app.markdown)


def test_why_shows_what_each_word_does_and_asks_again_without_it(store, readers):
    app = page((EXAMPLE.question, EXAMPLE.context), why="true")
    words = EXAMPLE.question.split()
    table = next(t.value for t in app.dataframe if "change-A" in t.value)
    assert table["word"].tolist() == words
    rest = " ".join(words[1:])
    for side, reader in zip("AB", readers, strict=True):
        whole = reader.read(EXAMPLE.question, EXAMPLE.context)
        best = whole.spans[0]
        attention = explain.attention(reader, EXAMPLE.question, whole, best)
        assert table[f"attention-{side}"].tolist() == pytest.approx((100 * attention / attention.sum()).tolist())
        assert table[f"attention-{side}"].sum() == pytest.approx(100)
        again = reader.read(rest, EXAMPLE.context)
        starts, ends, probabilities = spans.distribution(
            again.windows, again.logits, again.context, lengths=again.lengths
        )
        now = probabilities[(starts == best.start) & (ends == best.end)].sum()
        assert table[f"change-{side}"][0] == pytest.approx(100 * (now - best.probability), abs=0.01)
    without = [button for button in app.button if (button.key or "").startswith("without-")]
    assert len(without) == len(words)
    without[0].click().run()
    assert app.text_input(key="widget:question").value == rest
    history = next(t.value for t in app.dataframe if "answer-A" in t.value and "question" in t.value)
    assert history["question"].tolist()[:2] == [rest, EXAMPLE.question]


def test_pieces_and_windows_are_shown_on_demand(store, readers):
    passage = "서울은 한국의 수도이다. " * 120
    app = page(("수도는?", passage), pieces="true")
    windows = readers[0].read("수도는?", passage).windows
    table = next(t.value for t in app.dataframe if "window" in t.value)
    assert len(windows) > 1 and table["pieces"].tolist() == [len(window) for window in windows]
    assert table["to"].tolist()[-1] == len(passage.rstrip())


def test_a_passage_is_found_by_title_or_words():
    found = inputs.matching(MINI.examples, "직지")
    assert found[0].title == "직지" and len({e.paragraph for e in found}) == len(found)
    nfd = unicodedata.normalize("NFD", "흥덕사 금속")
    assert [e.title for e in inputs.matching(MINI.examples, nfd)] == ["직지"]
    assert inputs.matching(MINI.examples, "없는낱말입니다") == []
    assert len(inputs.matching(MINI.examples, "")) == MINI.paragraphs


def test_a_question_without_a_passage_finds_one(store, readers, monkeypatch, tmp_path):
    monkeypatch.setenv("ANSWERDIFF_DATA", str(tmp_path))  # mini-ko is all there is
    app = page((EXAMPLE.question, ""))
    table = next(t.value for t in app.dataframe if "bm25" in t.value)
    assert table["passage"][0].startswith("직지 · ") and table["bm25"].is_monotonic_decreasing
    for side, reader in zip("AB", readers, strict=True):
        best = reader.read(EXAMPLE.question, EXAMPLE.context).spans[0]
        assert table[f"answer-{side}"][0] == EXAMPLE.context[best.start : best.end]
    choice = next(box for box in app.selectbox if (box.key or "").startswith("ask-search-"))
    choice.set_value(0).run()
    assert headlines(app)[0] == table["answer-A"][0]
    choice = next(box for box in app.selectbox if (box.key or "").startswith("ask-search-"))
    choice.set_value(1).run()
    assert headlines(app)[0] == table["answer-A"][1]
    assert app.text_area(key="widget:passage").value == ""


@pytest.fixture
def copied(made, tmp_path, monkeypatch):
    """A copy of the store that a test may change."""
    root = tmp_path / "runs"
    shutil.copytree(made[0].root, root)
    monkeypatch.setenv(ROOT_VARIABLE, str(root))
    return Store(root)


def part(*examples, name="mini-ko"):
    return replace(MINI, name=name, examples=examples)


def test_what_a_run_has_met_in_training_is_said(copied):
    fingerprints.write(copied.get("second").path / SEEN_FILE, [part(EXAMPLE)], [])
    other = next(e for e in MINI.examples if e.paragraph == EXAMPLE.paragraph and e != EXAMPLE)
    stranger = next(e for e in MINI.examples if e.paragraph != EXAMPLE.paragraph)
    for typed, said in (
        ((EXAMPLE.question, EXAMPLE.context), "B met this very question and passage in training (mini\\-ko)"),
        ((other.question, EXAMPLE.context), "B met this passage, or part of it, in training"),
        ((EXAMPLE.question, stranger.context), "B met this question in training, with another passage"),
        ((stranger.question, stranger.context), ""),
    ):
        app = page(typed)
        assert len(app.warning) == bool(said) and said in messages(app)


def test_held_out_data_is_told_from_training_data_and_from_no_record(copied):
    fingerprints.write(copied.get("first").path / SEEN_FILE, [], [part(EXAMPLE)])
    app = page((EXAMPLE.question, EXAMPLE.context))
    assert not app.warning
    captions = [element.value for element in app.caption]
    assert any(c.startswith("A: this question and passage are held-out data (mini") for c in captions)
    assert any("Whether B has met" in c and "core calibrate second" in c for c in captions)
    fingerprints.write(copied.get("second").path / SEEN_FILE, [], [part(EXAMPLE)])
    captions = [element.value for element in page((EXAMPLE.question, EXAMPLE.context)).caption]
    assert any(c.startswith("A, B: this question and passage are held-out data (mini") for c in captions)
    (copied.get("second").path / SEEN_FILE).write_bytes(b"torn")
    captions = [element.value for element in page((EXAMPLE.question, EXAMPLE.context)).caption]
    assert any("Whether B has met" in c for c in captions)


def calibrate(store, name, temperature):
    row = {"confidence": 0.5, "accuracy": 0.25, "count": 40}
    store.amend(
        name,
        calibration={
            "temperature": temperature, "questions": 80, "left_out": 2, "error_before": 0.5, "error_after": 0.125,
            "bins": [{"low": low, "high": low + 0.5, **row} for low in (0.0, 0.5)],
            "dataset": {"names": ["<b>x</b>"], "rule": "every second"},
        },
    )  # fmt: skip


def test_the_probability_shown_is_the_calibrated_one_and_says_what_it_rests_on(copied, readers):
    calibrate(copied, "first", 9.0)
    app = page((EXAMPLE.question, EXAMPLE.context))
    whole = readers[0].read(EXAMPLE.question, EXAMPLE.context)
    expected = spans.best_spans(whole.windows, whole.logits, EXAMPLE.context, temperature=9.0, lengths=whole.lengths)
    assert expected[0].probability < 0.3 < whole.spans[0].probability
    assert app.get("progress")[0].proto.text == f"Probability {100 * expected[0].probability:.0f}%"
    rivals = next(t.value for t in app.dataframe if "answer" in t.value)
    assert rivals["answer"].tolist() == [EXAMPLE.context[s.start : s.end] for s in expected]
    shown = next(t.value for t in app.dataframe if "accuracy" in t.value)
    assert shown["range"].tolist() == ["0–50% ◀", "50–100%"]
    assert shown[["confidence", "accuracy", "count"]].values.tolist() == [[0.5, 0.25, 40]] * 2
    said = " ".join(element.value for element in app.markdown)
    assert "answered 80 questions about articles of \\<b\\>x\\<\\/b\\>" in said
    assert "by 9.00" in said and "from 50.0 to 12.5 points" in said
    captions = [element.value for element in app.caption]
    assert [c for c in captions if "is calibrated" in c] == [
        "This probability is calibrated. Below 50% it counts as “not sure”."
    ]
    (unknown,) = (c for c in captions if "is not calibrated" in c)
    assert "core calibrate second" in unknown and "Below 50%" in unknown


@pytest.mark.parametrize(("temperature", "sure"), [(0.02, True), (9.0, False)])
def test_not_sure_is_said_below_the_threshold_alone(copied, temperature, sure):
    for name in ("first", "second"):
        calibrate(copied, name, temperature)
    app = page((EXAMPLE.question, EXAMPLE.context))
    badges = " ".join(element.value for element in app.markdown)
    assert badges.count("not sure") == (0 if sure else 2)


def test_a_calibration_that_is_none_makes_the_run_a_broken_one(copied):
    copied.amend("second", calibration={"temperature": -1})
    assert "calibration.temperature" in copied.list()[-1].problem


def test_no_runs_is_a_designed_state(tmp_path, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    app = page()
    assert any("core train" in code.value for code in app.code)


def test_korean_and_english_have_the_page(store):
    assert page(lang="ko").title[0].value == "질문하기"
    assert page(lang="en").title[0].value == "Ask"

"""Reading SQuAD files: exact records from good ones, and every problem of bad ones said at once."""

import hashlib
import json
import pickle
import unicodedata

import pytest

from core.data import catalogue, formats, passages
from core.data.records import Contents
from core.errors import Problem

CONTEXT = "한강은 서울을 지나 서해로 흐른다."


def answer(text="서해", start=11):
    return {"text": text, "answer_start": start}


def question(identifier="q1", text="한강은 어디로 흐릅니까?", answers=None, **more):
    return {"id": identifier, "question": text, "answers": [answer()] if answers is None else answers, **more}


def paragraph(*questions, context=CONTEXT):
    return {"context": context, "qas": list(questions)}


def article(*paragraphs, title="한강"):
    return {"title": title, "paragraphs": list(paragraphs)}


def file(*articles):
    return json.dumps({"version": "1", "data": list(articles)}, ensure_ascii=False).encode()


GOOD = paragraph(question("good"))


def problems_beside_a_good_question(*others):
    """Parses a file of `GOOD` and others, asserts that only `good` is usable, and returns the problems as text."""
    dataset = formats.parse(file(article(GOOD, *others)), "검사")
    assert [example.id for example in dataset.examples] == ["good"]
    assert dataset.unusable == sum(len(other["qas"]) for other in others)
    return [str(problem) for problem in dataset.problems]


def failure(raw):
    with pytest.raises(formats.DatasetError) as caught:
        formats.parse(raw, "x", "x.json")
    return [str(problem) for problem in caught.value.problems]


# Good files


def test_a_file_becomes_records_with_its_hash(tmp_path):
    raw = file(article(paragraph(question("q1", answers=[answer(), answer("서해로", 11)]))))
    path = tmp_path / "강.json"
    path.write_bytes(raw)

    dataset = catalogue.load(path)

    example = formats.Example(
        id="q1",
        question="한강은 어디로 흐릅니까?",
        context=CONTEXT,
        answers=(formats.Answer("서해", 11), formats.Answer("서해로", 11)),
        title="한강",
        paragraph=0,
        article=0,
    )
    assert dataset == formats.Dataset("강", hashlib.sha256(raw).hexdigest(), (example,), (), str(path), ())
    assert (example.answers[1].start, example.answers[1].end) == (11, 14)
    assert dataset.by_id == {"q1": example}
    assert dataset.by_id is dataset.by_id
    assert catalogue.load(str(path)) == dataset


def test_ordinals_count_empty_paragraphs_and_go_on_over_articles():
    raw = file(
        article(paragraph(question("a")), paragraph(), paragraph(question("b"))),
        article(),
        article(paragraph(question("c"), question("d"))),
    )
    dataset = formats.parse(raw, "x")
    assert [(example.id, example.paragraph, example.article) for example in dataset.examples] == [
        ("a", 0, 0),
        ("b", 2, 0),
        ("c", 3, 2),
        ("d", 3, 2),
    ]
    assert dataset.problems == ()
    assert (dataset.paragraphs, dataset.articles) == (3, 2)


def test_ordinals_count_unreadable_articles_and_paragraphs():
    raw = file("기사", article(None, paragraph(question("a"))), article(paragraph(question("b"))))
    dataset = formats.parse(raw, "x")
    assert [(example.id, example.paragraph, example.article) for example in dataset.examples] == [
        ("a", 1, 1),
        ("b", 2, 2),
    ]
    assert [str(problem) for problem in dataset.problems] == [
        "x: article 1: a text, not an object",
        "x: article 2 '한강', paragraph 1: null, not an object",
    ]


def test_offsets_are_characters_also_beyond_the_basic_plane():
    context = "🌊🌊 바다가 푸르다 🐋 고래"
    raw = file(article(paragraph(question(answers=[answer("고래", 13)]), context=context)))
    found = formats.parse(raw, "x").examples[0].answers[0]
    assert context[found.start : found.end] == "고래"

    utf_16 = file(article(GOOD, paragraph(question(answers=[answer("고래", 16)]), context=context)))
    assert [problem.what for problem in formats.parse(utf_16, "x").problems] == [
        "'고래' is not at answer_start 16: the context has 15 characters; it first stands at 13"
    ]


def test_a_byte_order_mark_is_no_part_of_the_text_but_of_the_hash():
    raw = b"\xef\xbb\xbf" + file(article(GOOD))
    dataset = formats.parse(raw, "x")
    assert len(dataset.examples) == 1
    assert dataset.sha256 == hashlib.sha256(raw).hexdigest()


@pytest.mark.parametrize(("encoding", "named"), [("cp949", "CP949"), ("utf-16", "UTF-16"), ("utf-8-sig", "UTF-8")])
def test_a_file_in_an_encoding_of_korean_files_is_read_and_keeps_the_hash_of_its_bytes(encoding, named):
    raw = file(article(GOOD)).decode().encode(encoding)
    dataset = formats.parse(raw, "x")
    assert (dataset.encoding, dataset.sha256) == (named, hashlib.sha256(raw).hexdigest())
    assert dataset.examples == formats.parse(file(article(GOOD)), "x").examples
    assert dataset.content_hash == formats.parse(file(article(GOOD)), "x").content_hash


def test_a_text_is_sniffed_as_one_and_is_no_question_set():
    assert formats.sniff("가나다", "x.txt") is formats.TEXT
    assert formats.sniff(' {"data": []}', "x.txt") is formats.sniff("", "X.JSON") is formats.SQUAD
    with pytest.raises(formats.DatasetError, match="not valid JSON, line 1, column 1"):
        formats.parse("가나다".encode(), "x.txt")


def test_a_new_format_needs_nothing_but_its_entry(tmp_path, monkeypatch):
    def read(text, where):
        rows = [json.loads(line) for line in text.splitlines()]
        examples = [
            formats.Example(row["id"], row["question"], CONTEXT, (formats.Answer("서해", 11),), "", number, number)
            for number, row in enumerate(rows)
        ]
        return Contents(tuple(examples), (), (("", CONTEXT),), ())

    lines = formats.Format("rows", "no row", (".jsonl",), True, lambda text, name: name.endswith(".jsonl"), read)
    monkeypatch.setattr(formats, "FORMATS", (lines, *formats.FORMATS))
    path = tmp_path / "mine.jsonl"
    path.write_text("".join(json.dumps({"id": name, "question": "어디?"}) + "\n" for name in "ab"), encoding="utf-8")
    assert list(catalogue.load(path).by_id) == ["a", "b"]
    assert passages.read(path.read_bytes(), path.name).passages == (("", CONTEXT),)
    assert ".jsonl" in formats.endings()
    with pytest.raises(formats.DatasetError):
        catalogue.load_if_here("missing.jsonl")  # a file, not the name of a dataset that is elsewhere


def test_a_title_may_be_missing_and_unknown_keys_are_ignored():
    record = {"paragraphs": [paragraph(question(is_impossible=False, note=[1]))], "source": {}}
    dataset = formats.parse(file(record), "x")
    assert (dataset.examples[0].title, dataset.problems) == ("", ())


def test_a_bad_title_is_a_problem_but_costs_no_question():
    dataset = formats.parse(file(article(GOOD, title=7)), "x")
    assert [str(problem) for problem in dataset.problems] == ["x: article 1: 'title' is a number, not a text"]
    assert (dataset.examples[0].title, dataset.unusable) == ("", 0)


def test_a_part_keeps_the_ordinals_of_the_file():
    articles = [article(paragraph(question(name))) for name in "abcd"]
    whole = formats.parse(file(*articles), "x", "x.json")

    part = whole.subset_articles(1, 3, "부분")
    assert [(example.id, example.paragraph, example.article) for example in part.examples] == [
        ("b", 1, 1),
        ("c", 2, 2),
    ]
    assert part.sha256 == hashlib.sha256(f"{whole.sha256}:부분".encode()).hexdigest()
    assert (part.name, part.path) == ("부분", "x.json")
    assert list(part.by_id) == ["b", "c"]
    assert [example.id for example in whole.subset_articles(3, None, "끝").examples] == ["d"]


# Unusable questions: counted and listed


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ({"question": "?", "answers": [answer()]}, "question number 1: no 'id'"),
        ({"id": "b", "answers": [answer()]}, "question b: no 'question'"),
        ({"id": "b", "question": "?"}, "question b: no 'answers'"),
        (question(17), "question number 1: 'id' is a number, not a text"),
        (question(" "), "question number 1: 'id' is empty"),
        (question("b", None), "question b: 'question' is null, not a text"),
        (question("b", " \n"), "question b: 'question' is empty"),
        (question("b", answers={}), "question b: 'answers' is an object, not a list"),
        (question("b", answers=[]), "question b: 'answers' is empty"),
        (question("b", answers=["서해"]), "question b, answer 1: a text, not an object"),
        (question("b", answers=[{"text": "서해"}]), "question b, answer 1: no 'answer_start'"),
        (question("b", answers=[{"answer_start": 11}]), "question b, answer 1: no 'text'"),
        (question("b", answers=[answer("", 11)]), "question b, answer 1: 'text' is empty"),
        (
            question("b", answers=[answer(start=True)]),
            "question b, answer 1: 'answer_start' is a boolean, not an integer",
        ),
        (
            question("b", answers=[answer(start=11.0)]),
            "question b, answer 1: 'answer_start' is a number, not an integer",
        ),
        (
            question("b", answers=[answer(start="11")]),
            "question b, answer 1: 'answer_start' is a text, not an integer",
        ),
        (
            question("b", answers=[answer(start=10)]),
            "question b, answer 1: '서해' is not at answer_start 10: there stands ' 서'; it first stands at 11",
        ),
        (
            question("b", answers=[answer(start=-7)]),
            "question b, answer 1: '서해' is not at answer_start -7: the context has 19 characters; "
            "it first stands at 11",
        ),
        (
            question("b", answers=[answer("동해", 11)]),
            "question b, answer 1: '동해' is not at answer_start 11: there stands '서해'; it is nowhere in the context",
        ),
        (
            question("b", answers=[answer(unicodedata.normalize("NFD", "서해"), 11)]),
            f"question b, answer 1: {unicodedata.normalize('NFD', '서해')!r} is not at answer_start 11: "
            "there stands '서해로 '; it is in the context in another Unicode normalisation (NFC or NFD)",
        ),
        (
            question("b", answers=[answer(), answer("동해", 0)]),
            "question b, answer 2: '동해' is not at answer_start 0: there stands '한강'; it is nowhere in the context",
        ),
        (
            question("b", answers=[], is_impossible=True),
            "question b: a SQuAD v2 question without an answer ('is_impossible'); only SQuAD v1.1 is read",
        ),
        (["질문"], "question number 1: a list, not an object"),
    ],
)
def test_each_kind_of_bad_question_is_named_at_its_place(bad, what):
    assert problems_beside_a_good_question(paragraph(bad)) == [f"검사: article 1 '한강', paragraph 2, {what}"]


def test_a_bad_context_is_one_problem_and_costs_all_its_questions():
    bad = paragraph(question("b"), question("c"), context="  ")
    assert problems_beside_a_good_question(bad) == ["검사: article 1 '한강', paragraph 2: 'context' is empty"]


def test_missing_lists_are_named():
    dataset = formats.parse(file({"title": "빈 글"}, article(GOOD, {"context": CONTEXT})), "x")
    assert [str(problem) for problem in dataset.problems] == [
        "x: article 1 '빈 글': no 'paragraphs'",
        "x: article 2 '한강', paragraph 2: no 'qas'",
    ]


def test_the_second_of_two_equal_ids_is_left_out_also_in_another_article():
    raw = file(article(paragraph(question("a"))), article(paragraph(question("b"), question("a")), title="낙동강"))
    dataset = formats.parse(raw, "x")
    assert [(example.id, example.article) for example in dataset.examples] == [("a", 0), ("b", 1)]
    assert [str(problem) for problem in dataset.problems] == [
        "x: article 2 '낙동강', paragraph 1, question a: "
        "the id is already taken, by x: article 1 '한강', paragraph 1, question a"
    ]
    assert dataset.unusable == 1


def test_half_a_surrogate_pair_is_no_text():
    raw = file(article(GOOD, paragraph(question("b", "끝이 깨진 글자 X")))).replace(b"X", rb"\ud83c")
    assert [problem.what for problem in formats.parse(raw, "x").problems] == [
        "'question' has half a surrogate pair at character 9"
    ]
    whole = file(article(paragraph(question("b", "X")))).replace(b"X", rb"\ud83c\udf0a")
    assert formats.parse(whole, "x").examples[0].question == "🌊"


def test_a_repeated_key_that_hides_data_is_told():
    raw = b'{"data": [], ' + file(article(GOOD))[1:]
    assert [str(problem) for problem in formats.parse(raw, "x").problems] == [
        "x: an object has the key 'data' more than once; only the last one is read"
    ]


def test_all_problems_of_a_file_are_reported_at_once_in_file_order():
    raw = file(
        article(paragraph(question("a", "", answers=[answer("동해", 11), answer(start="x")]), question("b"))),
        article(paragraph({"id": "c"}, question("b"), context=None), title="두 번째"),
    )
    dataset = formats.parse(raw, "x", "두/x.json")
    first, second = "두/x.json: article 1 '한강', paragraph 1", "두/x.json: article 2 '두 번째', paragraph 1"
    assert [(problem.where, problem.what) for problem in dataset.problems] == [
        (f"{first}, question a", "'question' is empty"),
        (
            f"{first}, question a, answer 1",
            "'동해' is not at answer_start 11: there stands '서해'; it is nowhere in the context",
        ),
        (f"{first}, question a, answer 2", "'answer_start' is a text, not an integer"),
        (second, "'context' is null, not a text"),
        (f"{second}, question c", "no 'question'"),
        (f"{second}, question c", "no 'answers'"),
        (f"{second}, question b", f"the id is already taken, by {first}, question b"),
    ]
    assert [example.id for example in dataset.examples] == ["b"]
    assert dataset.unusable == 3


def test_a_part_counts_the_unusable_questions_of_its_articles_alone():
    bad = [question(name, "") for name in "bcd"]
    paragraphs = paragraph(question("a"), bad[0]), paragraph(*bad[1:], question("e"))
    whole = formats.parse(file(*map(article, paragraphs)), "x")
    assert whole.unusable == 3
    parts = [whole.subset_articles(0, 1, "first"), whole.subset_articles(1, None, "rest")]
    assert [part.unusable for part in parts] == [1, 2]


def test_long_and_odd_texts_are_shortened_and_escaped_in_messages():
    bad = question("줄\n바꿈", answers=[answer("가" * 100, 0)])
    (message,) = problems_beside_a_good_question(paragraph(bad))
    assert message.startswith(
        "검사: article 1 '한강', paragraph 2, question '줄\\n바꿈', answer 1: "
        f"'{'가' * 40}'... is not at answer_start 0: there stands '{CONTEXT}'; "
    )


# Files without a usable question


def test_a_file_without_a_usable_question_is_an_error_with_all_problems():
    raw = file(article(paragraph(question("a", ""), question("b", answers=[]))))
    assert failure(raw) == [
        "x.json: article 1 '한강', paragraph 1, question a: 'question' is empty",
        "x.json: article 1 '한강', paragraph 1, question b: 'answers' is empty",
        "x.json: no usable question (2 unusable)",
    ]


@pytest.mark.parametrize(
    ("raw", "problems"),
    [
        (b"[]", ["x.json: the top level is a list, not an object with 'data'"]),
        (b"null", ["x.json: the top level is null, not an object with 'data'"]),
        (b"{}", ["x.json: no 'data'", "x.json: no usable question (0 unusable)"]),
        (b'{"data": []}', ["x.json: no usable question (0 unusable)"]),
        (b'{"data": 3}', ["x.json: 'data' is a number, not a list", "x.json: no usable question (0 unusable)"]),
        (
            b'{"data":\n [1,]}',
            ["x.json: not valid JSON, line 2, column 5: Expecting value"],
        ),
        (
            b'{"data":\n [',
            ["x.json: not valid JSON, line 2, column 3: Expecting value (the file ends too early: was it cut short?)"],
        ),
        (
            b'{"data": "abc',
            [
                "x.json: not valid JSON, line 1, column 10: Unterminated string starting at "
                "(the file ends too early: was it cut short?)"
            ],
        ),
        (
            b"",
            ["x.json: not valid JSON, line 1, column 1: Expecting value (the file ends too early: was it cut short?)"],
        ),
        (
            '{"data": "강"}'.encode("cp949"),
            ["x.json: 'data' is a text, not a list", "x.json: no usable question (0 unusable)"],
        ),
        (
            b'{"data": "\xff"}',
            ["x.json: neither UTF-8 nor CP949 (EUC-KR) text, nor UTF-16 with a byte order mark; save it as UTF-8"],
        ),
        (
            b"[" * 100_000,
            ["x.json: not a question set: its JSON is nested too deeply"],
        ),
        (b'{"data":' * 100_000, ["x.json: not a question set: its JSON is nested too deeply"]),
    ],
)
def test_a_file_that_is_no_question_set(raw, problems):
    assert failure(raw) == problems


def test_an_endless_number_is_an_error_of_the_file():
    (problem,) = failure(b'{"data": ' + b"9" * 5000 + b"}")
    assert problem.startswith("x.json: not valid JSON: Exceeds the limit")


@pytest.mark.parametrize("end", range(0, 240, 7))
def test_a_file_cut_anywhere_is_a_dataset_error(end):
    raw = file(article(paragraph(question())))
    assert end < len(raw)
    with pytest.raises(formats.DatasetError):
        formats.parse(raw[:end], "x")


def test_the_error_lists_fifty_problems_and_keeps_all():
    raw = file(article(paragraph(*[question(f"q{number}", "") for number in range(60)])))
    with pytest.raises(formats.DatasetError) as caught:
        formats.parse(raw, "x")
    lines = str(caught.value).splitlines()
    assert len(caught.value.problems) == 61
    assert len(lines) == 51
    assert lines[0] == "x: article 1 '한강', paragraph 1, question q0: 'question' is empty"
    assert lines[-1] == "... and 11 more problems"


def test_an_error_survives_pickling():
    error = formats.DatasetMissing([Problem("여기", "없음")])
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.problems) == (formats.DatasetMissing, "여기: 없음", error.problems)


# Names and paths


def test_a_file_that_cannot_be_read_says_why(tmp_path):
    with pytest.raises(formats.DatasetError) as caught:
        catalogue.load(tmp_path / "없다.json")
    assert str(caught.value) == f"{tmp_path / '없다.json'}: cannot be read: No such file or directory"
    with pytest.raises(formats.DatasetError, match="cannot be read: Is a directory"):
        catalogue.load(tmp_path)
    with pytest.raises(formats.DatasetError, match=r"cannot be read: .*null"):
        catalogue.load("폴더/\0")


def test_a_misspelt_name_is_met_with_the_nearest():
    with pytest.raises(formats.DatasetError) as caught:
        catalogue.load("korquad-dve")
    assert str(caught.value) == "korquad-dve: no dataset and no file is called so; did you mean korquad-dev?"


def test_a_file_called_like_a_dataset_is_reached_as_a_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mini-ko").write_bytes(file(article(GOOD)))
    assert list(catalogue.load("./mini-ko").by_id) == ["good"]
    assert "good" not in catalogue.load("mini-ko").by_id


# The real file


def test_korquad_dev_is_read_whole(korquad_dev):
    assert len(korquad_dev.examples) == 5774
    assert (korquad_dev.problems, korquad_dev.unusable) == ((), 0)
    assert korquad_dev.examples[0].id == "6548850-0-0"
    assert korquad_dev.sha256 == "25ffeb51e6c51ec02c071b60a10188e10005c144110f0d876b26079d80a35bdf"
    # 964 paragraphs in the file, one of them without questions
    assert korquad_dev.examples[-1].paragraph == 963
    assert (korquad_dev.paragraphs, korquad_dev.articles) == (963, 140)
    for example in korquad_dev.examples:
        (gold,) = example.answers
        assert example.context[gold.start : gold.end] == gold.text

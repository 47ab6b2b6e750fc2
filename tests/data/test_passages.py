"""Files that people bring: every encoding that Korean files come in, broken ones told, texts cut into passages."""

import codecs
import json
import tomllib
from pathlib import Path

import pytest

from core.data import encodings, passages
from core.data.formats import DatasetError
from core.data.formats import text as plain
from core.errors import Problem

TEXT = "세종은 1443년에 훈민정음을 만들었다."


@pytest.mark.parametrize(
    "text", ["서울", "부산은 항구이다.", "똠방각하 펲시콜라 뷁", "金과 한글, 〈ㄱ〉", "Seoul 서울\n둘째 줄"]
)
@pytest.mark.parametrize(
    ("encode", "named"),
    [
        (lambda text: text.encode(), "UTF-8"),
        (lambda text: codecs.BOM_UTF8 + text.encode(), "UTF-8"),
        (lambda text: text.encode("cp949"), "CP949"),
        (lambda text: text.encode("utf-16"), "UTF-16"),
        (lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"), "UTF-16"),
    ],
    ids=["utf-8", "utf-8 with mark", "cp949", "utf-16-le", "utf-16-be"],
)
def test_korean_texts_come_back_exactly(text, encode, named):
    assert encodings.decode(encode(text), "a.txt") == encodings.Decoded(text, named)


def test_euc_kr_is_part_of_cp949():
    assert encodings.decode(TEXT.encode("euc-kr"), "a.txt") == encodings.Decoded(TEXT, "CP949")


def test_plain_ascii_and_an_empty_file_are_utf8():
    assert encodings.decode(b"a\r\nb\rc\n", "a.txt") == encodings.Decoded("a\nb\nc\n", "UTF-8")
    assert encodings.decode(b"", "a.txt") == encodings.Decoded("", "UTF-8")


@pytest.mark.parametrize(
    "raw",
    [
        "café".encode("latin-1"),
        "ひらがな".encode("euc-jp") + b"\x8f",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        TEXT.encode("utf-16-le"),  # without a byte order mark
        TEXT.encode("utf-16")[:-1],
        TEXT.encode("utf-32"),
        bytes(range(128, 256)),
    ],
    ids=["latin-1", "euc-jp", "png", "utf-16 without mark", "half a utf-16 unit", "utf-32", "noise"],
)
def test_what_is_no_text_in_these_encodings_is_refused(raw):
    with pytest.raises(DatasetError) as raised:
        encodings.decode(raw, "a.txt")
    what = "neither UTF-8 nor CP949 (EUC-KR) text, nor UTF-16 with a byte order mark; save it as UTF-8"
    assert raised.value.problems == (Problem("a.txt", what),)


def test_a_utf8_file_that_was_cut_short_is_still_utf8():
    found = encodings.decode(TEXT.encode()[:-3], "a.txt")  # the full stop and two bytes of 다
    assert (found.text, found.encoding) == (TEXT[:-2], "UTF-8")
    assert [str(problem) for problem in found.problems] == [
        "a.txt: ends in the middle of a character: was the file cut short?"
    ]


# Cutting a text into passages


@pytest.mark.parametrize(
    ("text", "longest", "parts"),
    [
        ("", 5, []),
        (" \n\n ", 5, []),
        ("가나다", 5, ["가나다"]),
        ("가나. 다라마 바", 6, ["가나.", "다라마 바"]),
        ("가나다라마바사", 3, ["가나다", "라마바", "사"]),
        ("가나다.\n\n라 마\n바 사", 8, ["가나다.", "라 마\n바 사"]),
        ("가나다\n라마. 바 사", 7, ["가나다", "라마. 바 사"]),
        ("가나다. 라마 바 사", 7, ["가나다.", "라마 바 사"]),
        ("가\n\n나다라마바사아자차", 10, ["가\n\n나다라마바사아", "자차"]),  # a cut so early would leave a scrap
    ],
)
def test_a_text_is_cut_where_it_pauses(text, longest, parts):
    assert plain.split(text, longest) == parts


def test_no_word_is_lost_and_no_passage_is_too_long():
    text = "\n".join(f"{i}째 문장은 이렇게 쓰였다. 그리고 또 한 문장이 있다." for i in range(500))
    parts = plain.split(text)
    assert " ".join(parts).split() == text.split()
    assert max(map(len, parts)) <= plain.PASSAGE_LENGTH
    assert min(map(len, parts[:-1])) >= plain.PASSAGE_LENGTH // 2 - 1
    assert all(part in text for part in parts)


# Whole files


def squad(*paragraphs):
    return {"data": [{"title": "글", "paragraphs": list(paragraphs)}]}


def question(context, answer, start):
    answers = [{"text": answer, "answer_start": start}]
    return {"context": context, "qas": [{"id": context, "question": "무엇?", "answers": answers}]}


def test_a_text_file_gives_its_parts_under_its_name():
    found = passages.read(f"{TEXT}\n".encode("cp949"), "나의 글.v2.txt")
    assert found.passages == (("나의 글.v2", TEXT),)
    assert (found.name, found.encoding, found.problems) == ("나의 글.v2.txt", "CP949", ())


@pytest.mark.parametrize("name", ["a.json", "a.JSON", "a.txt"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949", "utf-16"])
def test_a_squad_json_gives_its_contexts(name, encoding):
    document = squad(question("서울은 수도이다.", "서울", 0), question("부산은 항구이다.", "부산", 0))
    found = passages.read(json.dumps(document, ensure_ascii=False).encode(encoding), name)
    assert found.passages == (("글", "서울은 수도이다."), ("글", "부산은 항구이다."))
    assert found.problems == ()


def test_of_a_broken_squad_json_all_problems_are_told_and_every_context_is_used():
    document = squad(question("가 나", "나", 0), {"context": "", "qas": []}, question("다", "다", 0), {"context": "라"})
    found = passages.read(json.dumps(document).encode(), "a.json")
    assert [text for _, text in found.passages] == ["가 나", "다", "라"]
    assert [str(problem) for problem in found.problems] == [
        "a.json: article 1 '글', paragraph 1, question 가 나, answer 1: '나' is not at answer_start 0: "
        "there stands '가'; it first stands at 2",
        "a.json: article 1 '글', paragraph 2: 'context' is empty",
        "a.json: article 1 '글', paragraph 4: no 'qas'",
    ]


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("a.json", b'{"data": [', "not valid JSON, line 1, column 11"),
        ("a.json", b"[]", "the top level is a list"),
        ("a.json", b'{"data": []}', "no usable context"),
        ("a.json", b"\xff", "neither UTF-8 nor CP949"),
        ("a.txt", b" \n ", "there is no text in it"),
        ("a.txt", b"", "there is no text in it"),
    ],
)
def test_an_unusable_file_is_refused_with_the_reason(name, raw, said):
    with pytest.raises(DatasetError, match=said):
        passages.read(raw, name)


def test_the_limit_is_named_and_holds_to_the_byte():
    whole = b"a" * (1 << 20)
    assert passages.read(whole, "a.txt", 1).passages
    with pytest.raises(DatasetError, match=r"a\.txt: too large: 1\.0 MiB, and 1 MiB are the limit"):
        passages.read(whole + b"a", "a.txt", 1)


def test_the_browser_is_told_the_same_limit():
    settings = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["server"]["maxUploadSize"] == passages.LARGEST_FILE

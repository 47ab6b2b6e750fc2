"""What a run has met is recognised by hashes, and no text is kept."""

import hashlib
import unicodedata

import numpy as np
import pytest
from safetensors.numpy import load, save_file

from core.data.formats import Answer, Dataset, Example
from core.store import fingerprints
from core.store.fingerprints import HELD_OUT, TRAINING, WINDOW, WORDS, FingerprintError, Met, overlap


def text(words, start=0):
    return " ".join(f"낱말{start + n}" for n in range(words))


def dataset(name, *pairs):
    examples = [Example(str(n), q, c, (Answer(c[:1], 0),), "", n, 0) for n, (q, c) in enumerate(pairs)]
    return Dataset(name, "", tuple(examples), (), "")


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "seen.safetensors"
    training = [dataset("fit", ("왜 하늘은 파란가?", text(200)), ("누가 그랬나?", "짧은 글."))]
    fingerprints.write(file, training, [dataset("a/b", ("어디인가?", text(200, 1000)))])
    return file


def test_a_hash_is_that_of_the_words_in_a_row():
    expected = [
        int.from_bytes(hashlib.blake2b(text(WORDS, n).encode(), digest_size=8).digest(), "little") for n in range(3)
    ]
    assert fingerprints.runs(text(WORDS + 2)).tolist() == expected
    assert fingerprints.runs("  하나\n둘 ").tolist() == fingerprints.runs("하나 둘").tolist() != expected[:1]


def test_winnowing_keeps_the_smallest_of_every_window():
    long = text(150)
    hashes = fingerprints.runs(long).tolist()
    by_hand = {min(hashes[i : i + WINDOW]) for i in range(len(hashes) - WINDOW + 1)}

    assert fingerprints.winnow(long).tolist() == sorted(by_hand)
    assert 4 <= len(by_hand) < len(hashes) / 5
    assert fingerprints.winnow("글").tolist() == fingerprints.runs("글").tolist()


def test_question_and_passage_are_told_apart_and_so_are_training_and_held_out(path):
    assert fingerprints.met(path, "왜 하늘은 파란가?", text(200)) == [Met(TRAINING, "fit", True, True)]
    assert fingerprints.met(path, "왜 하늘은 파란가?", "다른 글") == [Met(TRAINING, "fit", True, False)]
    assert fingerprints.met(path, "왜 바다는 파란가?", "짧은 글.") == [Met(TRAINING, "fit", False, True)]
    assert fingerprints.met(path, "어디인가?", text(200)) == [
        Met(TRAINING, "fit", False, True),
        Met(HELD_OUT, "a/b", True, False),
    ]
    assert fingerprints.met(path, "왜 하늘은", text(200, 500)) == []
    assert fingerprints.met(path, "", "") == []


@pytest.mark.parametrize("start", [0, 57, 200 - (WINDOW + WORDS - 1)])
def test_a_long_enough_part_of_a_passage_is_found_wherever_it_stands(path, start):
    part = text(WINDOW + WORDS - 1, start)

    for passage in (part, f"{text(90, 5000)} {part} {text(90, 6000)}"):
        assert fingerprints.met(path, "?", passage) == [Met(TRAINING, "fit", False, True)]


def test_fewer_words_than_a_run_are_never_found(path):
    assert not any(fingerprints.met(path, "?", text(WORDS - 1, n)) for n in range(193))


def test_decomposed_hangul_and_white_space_change_nothing(path):
    question = unicodedata.normalize("NFD", " 왜  하늘은\n파란가? ")
    passage = unicodedata.normalize("NFD", text(200).replace(" ", " \t"))

    assert fingerprints.met(path, question, passage) == [Met(TRAINING, "fit", True, True)]


def test_the_file_is_small_sorted_and_the_same_every_time(path, tmp_path):
    again = tmp_path / "again"
    fingerprints.write(again, [dataset("fit", ("누가 그랬나?", "짧은 글."), ("왜 하늘은 파란가?", text(200)))],
                      [dataset("a/b", ("어디인가?", text(200, 1000)))])  # fmt: skip
    stored = load(path.read_bytes())

    assert again.read_bytes() == path.read_bytes()
    assert len(path.read_bytes()) < 1000
    assert "낱말".encode() not in path.read_bytes() and "하늘".encode() not in path.read_bytes()
    for values in stored.values():
        assert values.dtype == np.uint64 and (np.diff(values.astype(object)) > 0).all()


def test_lone_surrogates_are_text_too(path):
    assert fingerprints.met(path, "\ud800", "\udfff") == []


def test_what_cannot_be_read_is_said(path, tmp_path):
    with pytest.raises(FingerprintError, match="missing"):
        fingerprints.met(tmp_path / "missing", "", "")
    (tmp_path / "torn").write_bytes(path.read_bytes()[:-20])
    with pytest.raises(FingerprintError, match="torn"):
        fingerprints.met(tmp_path / "torn", "", "")
    save_file({"training/questions/x": np.zeros(1, np.uint64)}, tmp_path / "older")
    with pytest.raises(FingerprintError, match="another version"):
        fingerprints.met(tmp_path / "older", "", "")


def test_the_file_of_the_runs_that_ship_stays_small(korquad_dev, tmp_path):
    path = tmp_path / "seen"
    fingerprints.write(path, [korquad_dev], [])

    assert path.stat().st_size < 200_000
    for example in korquad_dev.examples[::100]:
        assert fingerprints.met(path, example.question, example.context) == [Met(TRAINING, "korquad-dev", True, True)]


# Overlap


def titled(name, *rows):
    examples = [Example(f"{name}{n}", q, c, (Answer(c[:1], 0),), title, n, 0) for n, (title, q, c) in enumerate(rows)]
    return Dataset(name, "", tuple(examples), (), "")


def test_overlap_tells_shared_articles_words_and_questions_apart():
    judged = titled("j", ("서울 (도시)", "어디?", text(100)), ("Ｄｎａ", "왜 그런가?", text(100, 1000)))
    training = titled(
        "t",
        ("DNA", "무엇?", text(50, 5000)),  # the article alone
        ("서울_(도시)", "누가?", text(50, 6000)),
        ("서울_(도시)", "언제?", text(50, 6000)),  # a second question of that passage
        ("부산", "무엇?", f"{text(20, 7000)} {text(WORDS, 1040)} {text(20, 7100)}"),  # as many words as are looked for
        ("대구", "무엇?", f"{text(20, 8000)} {text(WORDS - 1, 1040)} {text(20, 8100)}"),  # one fewer
        ("", "왜  그런가?", text(50, 9000)),  # the question alone
    )
    found = {one.questions: (one.title, one.article, one.passage, one.question) for one in overlap(training, judged)}
    assert found == {
        ("t0",): ("DNA", True, False, False),
        ("t1", "t2"): ("서울_(도시)", True, False, False),
        ("t3",): ("부산", False, True, False),
        ("t5",): ("", False, False, True),
    }
    assert overlap(training, titled("n", ("", "어디?", text(50, 50_000)))) == []
    assert overlap(titled("e"), judged) == overlap(training, titled("e")) == []

"""Pieces and their character offsets: they slice the text as it was typed, whatever was typed."""

import unicodedata

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.data import catalogue, tokenizer
from core.data.tokenizer import SPECIAL_PIECES, Tokenizer, TokenizerError

SHIPPED = Tokenizer.load()
# Normalisation drops these; SentencePiece writes white space as ▁, so that a typed ▁ is white space to it.
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\0▁"
KOREAN = "한국어 낱말 사이에 1443년과 서울을 適당히 섞은 것이다."


def pieces(text):
    """Returns (piece, the stretch of `text` that it stands for) for each piece."""
    found = SHIPPED.encode(text)
    return [(SHIPPED.piece(i), text[s:e]) for i, s, e in zip(found.ids, found.starts, found.ends, strict=True)]


def surfaces(text):
    """Returns the stretches of the text, empty ones left out."""
    return [surface for _, surface in pieces(text) if surface]


def assert_offsets_are_sound(text):
    """Asserts order and bounds, and that whatever no piece covers is white space or invisible."""
    found = SHIPPED.encode(text)
    starts, ends = found.starts, found.ends
    assert starts.dtype == ends.dtype == found.ids.dtype == np.int32
    assert len(found) == len(starts) == len(ends)
    assert (found.ids >= 0).all() and (found.ids < SHIPPED.vocabulary_size).all()
    assert (starts <= ends).all()
    # Never backwards, never twice: a piece starts where the one before it ended, or later.
    assert (starts[1:] >= ends[:-1]).all()
    assert not len(found) or (starts[0] >= 0 and ends[-1] <= len(text))
    covered = np.zeros(len(text), bool)
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        covered[start:end] = True
        if start < end:
            assert not text[start].isspace() and text[start] not in "\u200b\u200c\u200d\u2060\ufeff\0"
    for position in np.flatnonzero(~covered):
        character = text[position]
        assert character.isspace() or character in INVISIBLE or unicodedata.category(character) == "Cc", (
            f"{character!r} at {position} of {text!r} is in no piece"
        )


def test_a_particle_is_a_piece_of_its_own():
    found = SHIPPED.encode("1443년에")

    assert found.starts[-2:].tolist() == [4, 5] and found.ends[-2:].tolist() == [5, 6]
    assert surfaces("1443년에") == ["1443", "년", "에"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ＡＢＣ　１２", ["ＡＢＣ", "１２"], id="full-width"),
        pytest.param("5㎏을", ["5", "㎏", "을"], id="one character that becomes two"),
        pytest.param("漢字와", ["漢", "字", "와"], id="hanja"),
        pytest.param("a\0b", ["a", "b"], id="NUL"),
        pytest.param("\ud800가\udfff", ["\ud800", "가", "\udfff"], id="lone surrogates"),
        pytest.param("  가   나  ", ["가", "나"], id="repeated white space"),
        pytest.param("가\u200b나\ufeff", ["가", "나"], id="zero-width"),
        pytest.param("가\u2028나\r\n다\t라", ["가", "나", "다", "라"], id="line ends"),
        pytest.param("½", ["½"], id="one character that becomes three"),
        pytest.param("\u1100\u1161\u11a8 \u1100\u1161\u11a8", ["\u1100\u1161\u11a8"] * 2, id="conjoining jamo"),
    ],
)
def test_surfaces_are_what_was_typed(text, expected):
    assert surfaces(text) == expected
    assert_offsets_are_sound(text)


def test_emoji_of_several_code_points_are_sliced_whole():
    text = "나는 👨\u200d👩\u200d👧와 산다"

    assert "👨\u200d👩\u200d👧" in surfaces(text)
    assert_offsets_are_sound(text)


def test_decomposed_hangul_has_the_pieces_of_composed_with_offsets_of_its_own():
    composed = "한국어 위키백과는 2002년에 시작되었다"
    decomposed = unicodedata.normalize("NFD", composed)
    assert len(decomposed) > len(composed)

    assert [piece for piece, _ in pieces(composed)] == [piece for piece, _ in pieces(decomposed)]
    assert [unicodedata.normalize("NFD", surface) for _, surface in pieces(composed)] == [
        surface for _, surface in pieces(decomposed)
    ]


def test_a_character_that_becomes_many_pieces_belongs_to_one_of_them():
    """ﷺ is 18 characters after normalisation."""
    found = SHIPPED.encode("ﷺ 가")

    assert len(found) > 5
    assert surfaces("ﷺ 가") == ["ﷺ", "가"]


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\0", "\u200b", "\ufeff\u200b "])
def test_a_text_of_nothing_has_no_pieces(text):
    assert len(SHIPPED.encode(text)) == 0


@pytest.mark.parametrize("special", SPECIAL_PIECES)
def test_a_typed_special_piece_is_ordinary_text(special):
    text = f"가 {special}{special} 나"
    found = SHIPPED.encode(text)

    assert not set(found.ids.tolist()) & (set(range(len(SPECIAL_PIECES))) - {tokenizer.UNK})
    assert "".join(surfaces(text)) == text.replace(" ", "")


# Letters, marks and signs of many scripts, white space of every kind, and what is hard on purpose.
HARD = st.sampled_from("가 각 년 에 1 ㎏ Ａ ﬁ ① 漢 😀 ﷺ İ ß ▁ [SEP]".split()) | st.sampled_from(
    " \n\u3000\u200b\u200d\u0301\u1100\u1161\u11a8\0\x01\xad\ue000\ud800"
)
TEXTS = st.lists(st.one_of(HARD, st.text(max_size=5), st.characters()), max_size=30).map("".join)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(TEXTS)
@example("\x01")
@example("가\x01")
@example("▁가▁ ▁")
@example("\0가 \0 나\0")
@example("e\u0301\u0301")
@example("\u11a8\u1161")
def test_offsets_of_any_text_are_in_order_and_cover_all_that_is_seen(text):
    assert_offsets_are_sound(text)


@pytest.mark.parametrize("name", ["mini-ko", "korquad-dev"])
def test_offsets_over_every_context_are_exact(name, request):
    dataset = catalogue.load("mini-ko") if name == "mini-ko" else request.getfixturevalue("korquad_dev")
    contexts = {e.context for e in dataset.examples}
    for text in contexts | {e.question for e in dataset.examples}:
        assert_offsets_are_sound(text)
        assert "".join(surfaces(text)) == "".join(text.split())


def test_two_encodings_do_not_share_memory():
    """SentencePiece's pieces are views that dangle; ours are copies."""
    before = SHIPPED.encode(KOREAN)
    ids, starts = before.ids.copy(), before.starts.copy()
    for number in range(200):
        SHIPPED.encode(KOREAN * (number % 7) + str(number))

    assert (before.ids == ids).all() and (before.starts == starts).all()


def test_the_shipped_vocabulary():
    assert SHIPPED.vocabulary_size == tokenizer.VOCABULARY_SIZE == 32_007
    assert tuple(SHIPPED.piece(i) for i in range(7)) == SPECIAL_PIECES
    assert (tokenizer.PAD, tokenizer.UNK, tokenizer.SEP, tokenizer.CLS, tokenizer.MASK) == (0, 1, 4, 5, 6)
    assert SHIPPED.decode(SHIPPED.encode("세종은 1443년에 만들었다.").ids) == "세종은 1443년에 만들었다."
    assert tokenizer.UNK not in SHIPPED.encode("세종은 1443년에 훈민정음을 만들었다.").ids


def test_loading_twice_reads_once_and_a_changed_file_is_read_again(tmp_path):
    path = tmp_path / "다른 이름.model"
    path.write_bytes(SHIPPED.model)
    first = Tokenizer.load(path)

    assert Tokenizer.load(path) is first
    assert first.sha256 == SHIPPED.sha256
    path.write_bytes(b"broken")
    with pytest.raises(TokenizerError):
        Tokenizer.load(path)


@pytest.mark.parametrize(
    "damage",
    [lambda raw: b"", lambda raw: b"\xff" * 1000, lambda raw: raw[: len(raw) // 2]],
    ids=["empty", "random", "half"],
)
def test_a_damaged_file_is_refused_with_its_path(tmp_path, damage):
    path = tmp_path / "tokenizer.model"
    path.write_bytes(damage(SHIPPED.model))

    with pytest.raises(TokenizerError, match=r"tokenizer\.model"):
        Tokenizer.load(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(TokenizerError, match="No such file"):
        Tokenizer.load(tmp_path / "tokenizer.model")


@pytest.fixture(scope="module")
def small_model():
    """A vocabulary trained on the bundled passages, without the cut before particles."""
    lines = sorted({e.context for e in catalogue.load("mini-ko").examples})
    return tokenizer.train(lines, vocabulary_size=1000, split_particles=False)


def test_training_puts_the_special_pieces_first_and_keeps_the_size(small_model):
    small = Tokenizer(small_model)

    assert small.vocabulary_size == 1000
    assert tuple(small.piece(i) for i in range(7)) == SPECIAL_PIECES
    assert tokenizer.SEP not in small.encode("가 [SEP] 나").ids


def test_a_foreign_sentencepiece_model_is_refused():
    import io

    import sentencepiece

    model = io.BytesIO()
    lines = sorted({e.context for e in catalogue.load("mini-ko").examples})
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=model, vocab_size=1000, minloglevel=2
    )

    with pytest.raises(TokenizerError, match="the first pieces are"):
        Tokenizer(model.getvalue())


def test_cutting_particles_marks_only_the_end_of_nouns():
    pytest.importorskip("kiwipiepy", reason="kiwipiepy is needed to train a vocabulary")
    mark = "\ue000"
    (line,) = tokenizer.cut_particles(["세종은 1443년에 훈민정음을 만들었다."])

    assert line.replace(mark, "") == "세종은 1443년에 훈민정음을 만들었다."
    assert line.split()[:3] == [f"세종{mark}은", f"1443년{mark}에", f"훈민정음{mark}을"]

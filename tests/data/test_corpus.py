"""The streamed corpus: documents, the cache, and where sentences end."""

import io

import numpy as np
import pytest
import zstandard

from core.data import catalogue, corpus
from core.data.tokenizer import Tokenizer, train

TEXT = """# 느티나무
느티나무는 마을 어귀에 서 있다. 여름이면 그늘이 넓다.
높이는 3.5 미터이다. J. 박이 심었다.

# 우물
우물은 돌로 쌓았다! 물이 맑다.

제목 없는 글이다.
"""


@pytest.fixture(scope="module")
def tokenizer():
    return Tokenizer(train(TEXT.splitlines() * 20, vocabulary_size=54, split_particles=False))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "text" / "a.txt"
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    return path


def decoded(tokenizer, ids):
    return tokenizer.decode(ids)


def test_titles_and_empty_lines_part_documents(file):
    found = list(corpus.documents(file))
    assert [d.title for d in found] == ["느티나무", "우물", ""]
    assert [len(d.paragraphs) for d in found] == [2, 1, 1]
    assert found[2].paragraphs == ("제목 없는 글이다.",)


def test_a_title_without_paragraphs_is_no_document(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("# 빈 글\n\n# 찬 글\n내용이 있다.\n", encoding="utf-8")
    assert [d.title for d in corpus.documents(path)] == ["찬 글"]


def test_compressed_with_a_large_window_reads_the_same(file, tmp_path):
    parameters = zstandard.ZstdCompressionParameters.from_level(3, window_log=27)
    packed = tmp_path / "a.txt.zst"
    buffer = io.BytesIO()
    with zstandard.ZstdCompressor(compression_params=parameters).stream_writer(buffer, closefd=False) as writer:
        writer.write(TEXT.encode())
    packed.write_bytes(buffer.getvalue())
    assert list(corpus.documents(packed)) == list(corpus.documents(file))


def test_a_truncated_archive_is_an_error(file, tmp_path):
    packed = tmp_path / "a.txt.zst"
    packed.write_bytes(zstandard.ZstdCompressor().compress(TEXT.encode())[:-20])
    with pytest.raises(corpus.CorpusError, match=r"a\.txt\.zst"):
        list(corpus.documents(packed))


def test_text_that_is_not_utf8_is_an_error(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("느티나무".encode("cp949"))
    with pytest.raises(corpus.CorpusError, match="utf-8"):
        list(corpus.documents(path))


def test_a_folder_is_its_files_in_sorted_order(file):
    (file.parent / "b").mkdir()
    (file.parent / "b" / "c.txt").write_text("# 끝\n끝이다.\n", encoding="utf-8")
    (file.parent / "ignored.json").write_text("{}")
    assert [p.name for p in corpus.files(file.parent)] == ["a.txt", "c.txt"]
    assert [d.title for d in corpus.documents(file.parent)][-1] == "끝"


@pytest.mark.parametrize("name", ["absent.txt", "picture.png"])
def test_what_is_no_corpus_is_an_error(tmp_path, name):
    (tmp_path / "picture.png").write_bytes(b"")
    with pytest.raises(corpus.CorpusError, match="no corpus"):
        corpus.files(tmp_path / name)


def test_pieces_give_back_every_paragraph(file, tokenizer, tmp_path):
    loaded = corpus.load(file, tokenizer, cache=tmp_path / "cache", progress=False)
    assert loaded.ids.dtype == np.uint16
    paragraphs = [p for d in corpus.documents(file) for p in d.paragraphs]
    starts, stops = loaded.paragraphs[:-1], loaded.paragraphs[1:]
    assert [decoded(tokenizer, loaded.ids[a:b]) for a, b in zip(starts, stops, strict=True)] == paragraphs
    assert loaded.documents.tolist() == loaded.paragraphs[[0, 2, 3, 4]].tolist()
    assert decoded(tokenizer, loaded.title(1)) == "우물"
    assert loaded.title(2) == []


def test_sentences_end_after_a_predicate_only(file, tokenizer, tmp_path):
    loaded = corpus.load(file, tokenizer, cache=tmp_path / "cache", progress=False)
    starts, stops = loaded.sentences[:-1], loaded.sentences[1:]
    assert [decoded(tokenizer, loaded.ids[a:b]) for a, b in zip(starts, stops, strict=True)] == [
        "느티나무는 마을 어귀에 서 있다.",
        "여름이면 그늘이 넓다.",
        "높이는 3.5 미터이다.",
        "J. 박이 심었다.",
        "우물은 돌로 쌓았다!",
        "물이 맑다.",
        "제목 없는 글이다.",
    ]


def test_offsets_do_not_depend_on_how_many_documents_are_tokenised_at_once(file, tokenizer, tmp_path, monkeypatch):
    whole = corpus.load(file, tokenizer, cache=tmp_path / "1", progress=False)
    monkeypatch.setattr(corpus, "_GROUP", 1)
    parts = corpus.load(file, tokenizer, cache=tmp_path / "2", progress=False)
    for name in ("ids", "paragraphs", "documents", "sentences", "title_ids", "titles"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(parts, name))


def test_the_cache_is_used_until_the_text_changes(file, tokenizer, tmp_path, monkeypatch):
    first = corpus.load(file, tokenizer, cache=tmp_path / "cache", progress=False)
    with monkeypatch.context() as patch:
        patch.setattr(corpus, "_tokenise", lambda *_: pytest.fail("tokenised twice"))
        again = corpus.load(file, tokenizer, cache=tmp_path / "cache", progress=False)
    assert again.sha256 == first.sha256
    file.write_text(TEXT + "\n# 새 글\n새로 썼다.\n", encoding="utf-8")
    changed = corpus.load(file, tokenizer, cache=tmp_path / "cache", progress=False)
    assert changed.sha256 != first.sha256
    assert len(changed.documents) == len(first.documents) + 1


def test_an_interrupted_tokenisation_leaves_nothing_behind(file, tokenizer, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(corpus, "_sentence_starts", interrupted)
    with pytest.raises(KeyboardInterrupt):
        corpus.load(file, tokenizer, cache=tmp_path / "cache", progress=False)
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_part_has_the_documents_asked_for_and_no_other_text(file, tokenizer, tmp_path):
    # A paragraph of no piece: its document is empty, and the next one begins at the same place.
    file.write_text(TEXT.replace("# 우물", "# 빈 글\n\u200b\n\n# 우물"), encoding="utf-8")
    whole = corpus.load(file, tokenizer, cache=tmp_path / "cache", progress=False)
    assert len(whole.documents) == 5 and whole.documents[1] == whole.documents[2]
    for first, last in ((0, 2), (1, 3), (2, 4)):
        part = whole.part(first, last)
        assert len(part.documents) - 1 == len(part.titles) - 1 == last - first
        for number in range(last - first):
            assert part.title(number) == whole.title(first + number)
            ids = part.ids[part.documents[number] : part.documents[number + 1]]
            assert ids.tolist() == whole.ids[slice(*whole.documents[first + number :][:2])].tolist()
        assert part.documents[-1] == part.paragraphs[-1] == part.sentences[-1] == len(part.ids)


def test_a_corpus_is_found_where_datasets_are(file, monkeypatch):
    with pytest.raises(corpus.CorpusError):
        corpus.files("a.txt")
    monkeypatch.setenv(catalogue.DATA_VARIABLE, str(file.parent))
    assert corpus.files("a.txt") == [file]


@pytest.mark.parametrize("text", ["\n\n# 제목뿐\n", "\u200b\n"])
def test_an_empty_corpus_is_an_error(tmp_path, tokenizer, text):
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    with pytest.raises(corpus.CorpusError, match="no text"):
        corpus.load(tmp_path / "a.txt", tokenizer, cache=tmp_path / "cache", progress=False)

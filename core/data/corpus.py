"""Raw text for pre-training: read as a stream, tokenised once, then used as memory-mapped arrays.

A text file holds documents: a line `# title` or an empty line starts a new one, every other line is a paragraph.
Files may be plain (`.txt`) or compressed (`.txt.zst`); a folder stands for all such files in it, in sorted order.
"""

import codecs
import dataclasses
import hashlib
import itertools
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import rich.progress
import sentencepiece
import zstandard

from core.data import catalogue
from core.data.tokenizer import Tokenizer
from core.errors import AnswerDiffError

SUFFIXES = (".txt", ".txt.zst")
IDS_FILE = "ids.uint16"
INDEX_FILE = "index.npz"
META_FILE = "meta.json"
_FORMAT = 1  # part of the cache's key: raise it whenever the arrays change meaning
_GROUP = 500  # documents tokenised at a time
_READ = 2**20  # bytes read at a time
_ZSTD_WINDOW = 2**27  # Wikipedia extracts are compressed with a 128 MiB window
# A Korean sentence ends with a predicate and a full stop; "1." and "J." end none.
_PREDICATE_END = re.compile(r"[다요까죠음함임됨]$")
_FULL_STOP = re.compile(r"^[.!?]+[\"'”’」』)]*$")
_WHOLE_END = re.compile(r"[다요까죠음함임됨][.!?]+[\"'”’」』)]*$")


class CorpusError(AnswerDiffError):
    """The corpus cannot be read, or holds no text."""


@dataclass(frozen=True, slots=True)
class Document:
    """One article of the raw text."""

    title: str  # empty when the file gives none
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """A tokenised corpus. All offsets are ascending, start with 0 and end with the length of what they index.

    Attributes:
        ids: uint16 (pieces,), every paragraph of every document in order; memory-mapped.
        paragraphs: int64 (paragraphs + 1,), offsets into `ids`.
        documents: int64 (documents + 1,), offsets into `ids`, each also a paragraph's.
        sentences: int64 (sentences + 1,), offsets into `ids`; a paragraph's start is also a sentence's.
        title_ids: uint16, the titles' pieces one after another.
        titles: int64 (documents + 1,), offsets into `title_ids`.
        sha256: of the text files and the tokenizer together.
        source_sha256: of the text files alone.
    """

    ids: np.ndarray
    paragraphs: np.ndarray
    documents: np.ndarray
    sentences: np.ndarray
    title_ids: np.ndarray
    titles: np.ndarray
    sha256: str
    source_sha256: str

    def title(self, document: int) -> list[int]:
        """Returns the pieces of a document's title."""
        return self.title_ids[self.titles[document] : self.titles[document + 1]].tolist()

    def part(self, first: int, last: int) -> "Corpus":
        """Returns documents `first` to `last` (exclusive) as a corpus of their own; the hashes stay the whole's."""
        start, stop = int(self.documents[first]), int(self.documents[last])
        title_start, title_stop = int(self.titles[first]), int(self.titles[last])

        def inside(offsets: np.ndarray) -> np.ndarray:
            return offsets[(offsets >= start) & (offsets <= stop)] - start

        return dataclasses.replace(
            self,
            ids=self.ids[start:stop],
            paragraphs=inside(self.paragraphs),
            documents=self.documents[first : last + 1] - start,
            sentences=inside(self.sentences),
            title_ids=self.title_ids[title_start:title_stop],
            titles=self.titles[first : last + 1] - title_start,
        )


def files(path: str | Path) -> list[Path]:
    """Returns the text files that `path` stands for, sorted.

    What is not found as it stands is looked for where datasets are, such as in the folder ANSWERDIFF_DATA.

    Raises:
        CorpusError: there is none, or the file has another suffix.
    """
    path = Path(path)
    places = (path, *(folder / path for folder in catalogue.folders()))
    path = next((place for place in places if place.exists()), path)
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.name.endswith(SUFFIXES) and p.is_file())
    else:
        found = [path] if path.name.endswith(SUFFIXES) and path.is_file() else []
    if not found:
        raise CorpusError(f"no corpus at {path}: give a {' or '.join(SUFFIXES)} file, or a folder of them")
    return found


def documents(path: str | Path, progress: bool = False) -> Iterator[Document]:
    """Streams the documents of a file or folder; documents without a paragraph are left out.

    Raises:
        CorpusError: nothing is found, a file is not UTF-8, or a compressed file is damaged.
    """
    for file in files(path):
        title, paragraphs = "", list[str]()
        try:
            for line in _lines(file, progress):
                line = line.strip()
                if line and not line.startswith("# "):
                    paragraphs.append(line)
                    continue
                if paragraphs:
                    yield Document(title, tuple(paragraphs))
                    title, paragraphs = "", []
                if line:
                    title = line.removeprefix("# ").strip()
        except (zstandard.ZstdError, UnicodeDecodeError, EOFError) as error:
            raise CorpusError(f"{file}: {error}") from error
        if paragraphs:
            yield Document(title, tuple(paragraphs))


def load(path: str | Path, tokenizer: Tokenizer, cache: str | Path | None = None, progress: bool = True) -> Corpus:
    """Opens the tokenised form of a corpus, making it first if it is not in the cache.

    Args:
        path: A `.txt` or `.txt.zst` file, or a folder of them.
        tokenizer: Gives the pieces; at most 65,536 of them.
        cache: Folder of the tokenised corpora; the user's cache folder when None.
        progress: Whether to show a progress bar while tokenising.

    Raises:
        CorpusError: the text cannot be read or is empty, or the vocabulary does not fit 16 bits.
    """
    if tokenizer.vocabulary_size > 2**16:
        raise CorpusError(f"{tokenizer.vocabulary_size} pieces do not fit 16 bits")
    source = hashlib.sha256()
    for file in files(path):
        with file.open("rb") as stream:
            source.update(hashlib.file_digest(stream, "sha256").digest())
    key = hashlib.sha256(f"{_FORMAT}:{source.hexdigest()}:{tokenizer.sha256}".encode()).hexdigest()
    root = Path(cache) if cache is not None else catalogue.cache_folder() / "corpus"
    folder = root / key[:16]
    if not (folder / META_FILE).exists():
        _build(path, tokenizer, folder, progress, {"sha256": key, "source_sha256": source.hexdigest()})
    meta = json.loads((folder / META_FILE).read_text(encoding="utf-8"))
    with np.load(folder / INDEX_FILE) as index:
        arrays = dict(index)
    # A plain array over the mapped file: slices of `np.memmap` itself are slow to make.
    ids = np.asarray(np.memmap(folder / IDS_FILE, dtype=np.uint16, mode="r"))
    return Corpus(ids=ids, **arrays, sha256=meta["sha256"], source_sha256=meta["source_sha256"])


def encoder(tokenizer: Tokenizer) -> Callable[[Any], Any]:
    """Returns a function from a text to its piece ids, or from a list of texts to a list of them.

    `Tokenizer.encode` also finds character offsets; without them a corpus takes seconds instead of many minutes.
    """
    processor = sentencepiece.SentencePieceProcessor(model_proto=tokenizer.model)

    def encode(texts: Any) -> Any:
        # One thread: half of the machine may be training.
        return processor.encode(texts, num_threads=1) if isinstance(texts, list) else processor.encode(texts)

    return encode


def pieces(tokenizer: Tokenizer) -> list[str]:
    """Returns every piece by id; `▁` marks the start of a word."""
    return [tokenizer.piece(i) for i in range(tokenizer.vocabulary_size)]


def rarities(tokenizer: Tokenizer) -> list[float]:
    """Returns each piece's negative log probability in nats, as the vocabulary was trained; 0 for special pieces."""
    processor = sentencepiece.SentencePieceProcessor(model_proto=tokenizer.model)
    return [-processor.get_score(i) for i in range(tokenizer.vocabulary_size)]


def _lines(file: Path, progress: bool) -> Iterator[str]:
    with rich.progress.open(file, "rb", description=f"Tokenising {file.name}", disable=not progress) as raw:
        chunks = iter(lambda: raw.read(_READ), b"")
        rest = ""
        for text in codecs.iterdecode(_decompressed(chunks) if file.name.endswith(".zst") else chunks, "utf-8-sig"):
            *lines, rest = (rest + text).split("\n")
            yield from lines
        yield rest


def _decompressed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Decompresses frame after frame; unlike zstandard's own reader it notices a file that is cut short."""
    decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    frame = None
    for chunk in chunks:
        while chunk:
            frame = frame or decompressor.decompressobj()
            yield frame.decompress(chunk)
            chunk, frame = (frame.unused_data, None) if frame.eof else (b"", frame)
    if frame:
        raise EOFError("the compressed file is cut short")


def _build(path: str | Path, tokenizer: Tokenizer, folder: Path, progress: bool, meta: dict[str, str]) -> None:
    """Writes the cache folder under a temporary name, so that a kill leaves no half-written one behind."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix="tokenising-", dir=folder.parent))
    try:
        with (temporary / IDS_FILE).open("wb") as stream:
            index = _tokenise(documents(path, progress), tokenizer, stream)
        if not index["paragraphs"][-1]:
            raise CorpusError(f"{path} holds no text")
        np.savez(temporary / INDEX_FILE, **index)  # type: ignore[arg-type]
        (temporary / META_FILE).write_text(json.dumps(meta), encoding="utf-8")
        try:
            os.replace(temporary, folder)
        except OSError:
            # Another process finished the same corpus first.
            if not (folder / META_FILE).exists():
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _tokenise(source: Iterator[Document], tokenizer: Tokenizer, stream: BinaryIO) -> dict[str, np.ndarray]:
    """Appends the pieces of all paragraphs to `stream` and returns the offsets."""
    encode = encoder(tokenizer)
    tables = _sentence_tables(pieces(tokenizer))
    paragraph_lengths: list[int] = []
    document_ends: list[int] = []
    titles: list[list[int]] = []
    sentences = [np.zeros(1, np.int64)]
    total = 0
    while group := list(itertools.islice(source, _GROUP)):
        encoded = encode([p for document in group for p in document.paragraphs])
        titles += encode([document.title for document in group])
        lengths = np.array([len(ids) for ids in encoded])
        ids = np.fromiter(itertools.chain.from_iterable(encoded), np.uint16, count=lengths.sum())
        ids.tofile(stream)
        ends = np.cumsum(lengths)
        sentences += [total + _sentence_starts(ids, tables), total + ends]
        document_ends += (total + ends[np.cumsum([len(d.paragraphs) for d in group]) - 1]).tolist()
        paragraph_lengths += lengths.tolist()
        total += len(ids)
    return {
        "paragraphs": _offsets(paragraph_lengths),
        "documents": np.array([0, *document_ends], np.int64),
        "sentences": np.unique(np.concatenate(sentences)),
        "title_ids": np.fromiter(itertools.chain.from_iterable(titles), np.uint16),
        "titles": _offsets([len(title) for title in titles]),
    }


def _sentence_tables(texts: Sequence[str]) -> np.ndarray:
    """Bool (4, pieces): starts a word, ends a predicate, is a full stop, is a predicate's end with its full stop."""
    bare = [text.removeprefix("▁") for text in texts]
    return np.array(
        [
            [text.startswith("▁") for text in texts],
            *([bool(pattern.search(text)) for text in bare] for pattern in (_PREDICATE_END, _FULL_STOP, _WHOLE_END)),
        ]
    )


def _sentence_starts(ids: np.ndarray, tables: np.ndarray) -> np.ndarray:
    """Returns where a word follows a sentence's end; int64, without the text's own start."""
    starts_word, predicate, full_stop, whole = tables[:, ids]
    ends = whole.copy()
    ends[1:] |= full_stop[1:] & predicate[:-1]
    return np.flatnonzero(starts_word[1:] & ends[:-1]) + 1


def _offsets(lengths: Sequence[int]) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)

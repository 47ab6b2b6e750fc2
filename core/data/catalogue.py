"""The datasets that have a name: where each is looked for, how it is fetched, and what may be done with it.

A file is looked for in the folder of the environment variable ANSWERDIFF_DATA, then in this user's cache
folder, then among the bundled files. Nothing is downloaded unless asked, and a file is believed only if its
bytes are the known ones (a bundled file is part of the program and needs no checksum).
"""

import difflib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from core.data import encodings, formats
from core.data.records import Dataset, DatasetError, DatasetMissing
from core.errors import Problem

DATA_VARIABLE = "ANSWERDIFF_DATA"
_BUNDLED = Path(__file__).parent / "bundled"
_TIMEOUT = 30  # seconds without a byte


@dataclass(frozen=True, slots=True)
class Source:
    """A named dataset.

    Attributes:
        name: as in `DATASETS`.
        description: one line, English.
        file_name: what its file is called in each folder.
        licence: of the questions and passages.
        attribution: whom to name.
        redistributable: whether its texts may be passed on, also in parts (exports, screenshots).
        url: the official address; empty when there is none.
        questions: number of questions; None where it is counted in the file.
        articles: the part of the file, (first, last exclusive or None) article ordinals from 0; None for all.
        only_ids: the official file holds more; kept are the questions whose id starts with this.
        sha256: hexadecimal SHA-256 of the file.
        git_blob: git object id of the file: SHA-1 of "blob ", its size, a null byte and its bytes.
        content: `Dataset.content_hash` of its questions. Any one of these three checksums is enough.
    """

    name: str
    description: str
    file_name: str
    licence: str
    attribution: str
    redistributable: bool
    url: str = ""
    questions: int | None = None
    articles: tuple[int, int | None] | None = None
    only_ids: str = ""
    sha256: str = ""
    git_blob: str = ""
    content: str = ""


_MINI_KO = Source(
    name="mini-ko",
    description="Korean questions written for this program; always there",
    file_name="mini-ko.json",
    licence="CC BY 4.0",
    attribution="The AnswerDiff authors",
    redistributable=True,
)
_KORQUAD_DEV = Source(
    name="korquad-dev",
    description="KorQuAD 1.0 development set: crowd-written questions on Korean Wikipedia",
    file_name="KorQuAD_v1.0_dev.json",
    licence="CC BY-ND 2.0 KR",
    attribution="KorQuAD 1.0, Lim, Kim and Lee (LG CNS), arXiv:1909.07005, https://korquad.github.io",
    redistributable=False,
    url="https://korquad.github.io/dataset/KorQuAD_v1.0_dev.json",
    questions=5774,
    sha256="25ffeb51e6c51ec02c071b60a10188e10005c144110f0d876b26079d80a35bdf",
)
_SOURCES = (
    _MINI_KO,
    replace(
        _KORQUAD_DEV,
        name="korquad-train",
        description="KorQuAD 1.0 training set: crowd-written questions on Korean Wikipedia",
        file_name="KorQuAD_v1.0_train.json",
        url="https://korquad.github.io/dataset/KorQuAD_v1.0_train.json",
        questions=60407,
        sha256="",
        git_blob="82e3c5939e5e61a1c4ae94e42676800e88ec52a6",
    ),
    _KORQUAD_DEV,
    replace(
        _KORQUAD_DEV,
        name="korquad-held-out",
        description="the first 35 articles of korquad-dev, never trained on by the runs that ship",
        questions=1157,
        articles=(0, 35),
    ),
    replace(
        _KORQUAD_DEV,
        name="korquad-fit",
        description="the other 105 articles of korquad-dev, which the runs that ship are trained on",
        questions=4617,
        articles=(35, None),
    ),
    Source(
        name="tydiqa-ko-train",
        description="the Korean part of TyDi QA GoldP v1.1 train: questions by people who wanted to know",
        file_name="tydiqa-ko-train.json",
        licence="Apache-2.0",
        attribution="TyDi QA, Clark et al. (TACL 2020), https://github.com/google-research-datasets/tydiqa",
        redistributable=True,
        url="https://storage.googleapis.com/tydiqa/v1.1/tydiqa-goldp-v1.1-train.json",
        questions=1625,
        only_ids="korean",
        sha256="59146463f1f6017dba48bed9ca16148d31d34692172b59ba65859e8e327ee0c0",
        content="3d80b15ac5c877cac767cac4415f339fbce26bcd00400c4e398ab29dcfb825ae",
    ),
)
DATASETS: dict[str, Source] = {source.name: source for source in _SOURCES}


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of a named dataset on this machine.

    Attributes:
        source: the dataset.
        path: its file; None when it is not on this machine.
        problem: why the file there cannot be used; empty when it can.
        questions: how many it holds; None when that cannot be told.
        command: the command line that fetches it; empty when there is nothing to fetch.
    """

    source: Source
    path: Path | None
    problem: str
    questions: int | None
    command: str

    @property
    def available(self) -> bool:
        """Whether `load(name)` can read it without a download."""
        return self.path is not None and not self.problem


def load(path_or_name: str | Path, *, download: bool = False) -> Dataset:
    """Reads a question set from a file, or one of `DATASETS` by its name.

    Args:
        path_or_name: a dataset's name (a str), or the path of a file in one of `formats.FORMATS`. A file that is
            called like a dataset is reached by a Path or as `./name`.
        download: whether a named dataset that is not on this machine may be downloaded.

    Raises:
        DatasetMissing: a named dataset is not on this machine and may not or could not be downloaded.
        DatasetError: the file cannot be read, holds no usable question, or is not the known file of the
            named dataset.
    """
    source = DATASETS.get(path_or_name) if isinstance(path_or_name, str) else None
    if source is None:
        path = Path(path_or_name)
        if isinstance(path_or_name, str) and path.name == path_or_name and not path.exists():
            raise DatasetError([unknown(path_or_name)])
        return formats.parse(encodings.read_file(path), path.stem, str(path))
    path, raw = read(source, download=download)
    dataset = formats.parse(raw, source.name, str(path))
    return dataset if source.articles is None else dataset.subset_articles(*source.articles, source.name)


def load_if_here(path_or_name: str) -> tuple[Dataset | None, str]:
    """Reads a question set; returns None and why for a mere name whose file is not here or not the known one.

    Raises:
        DatasetError: a file was named, and it cannot be read or used.
    """
    try:
        return load(path_or_name), ""
    except DatasetError as error:
        path = Path(path_or_name)
        mere_name = path.name == path_or_name and path.suffix not in formats.endings() and not path.exists()
        if path_or_name in DATASETS or mere_name:
            return None, str(error)
        raise


def cache_folder() -> Path:
    """Returns the folder that downloads are kept in."""
    # pooch.os_cache("answerdiff") is this; pooch takes a fifth of a second to import, and pages come here.
    return Path(platformdirs.user_cache_dir("answerdiff"))


def folders() -> tuple[Path, ...]:
    """Returns the folders that a dataset's file is looked for in, the first that has it wins."""
    own = os.environ.get(DATA_VARIABLE, "")
    return (*([Path(own).expanduser()] if own else []), cache_folder(), _BUNDLED)


def find(name: str) -> Path | None:
    """Returns where a dataset's file is on this machine, or None. Neither downloads nor checks the file.

    Raises:
        DatasetError: no dataset has this name.
    """
    return _locate(_source(name).file_name)


def available() -> list[str]:
    """Returns the names of the datasets that can be read without a download, in the order of `DATASETS`."""
    return [state.source.name for state in status() if state.available]


def status() -> list[Status]:
    """Returns what is known of every named dataset, in the order of `DATASETS`.

    Every file found is checked; one that did not change since is not read again in this process.
    """
    return [_status(source) for source in DATASETS.values()]


def read(source: Source, *, download: bool = False) -> tuple[Path, bytes]:
    """Returns the path and the bytes of a dataset's file, checked.

    Raises:
        DatasetMissing: it is not on this machine and may not or could not be downloaded.
        DatasetError: the file cannot be read, or its bytes are not the known ones.
    """
    path = fetch(source.name) if download else find(source.name)
    if path is None:
        raise _missing(source, f"is not on this machine; looked in {', '.join(map(str, folders()))}")
    raw = encodings.read_file(path)
    if wrong := mismatch(source, raw):
        raise DatasetError([_changed(source, path, wrong)])
    return path, raw


Progress = Callable[[int, int], None]
"""Called with the bytes had so far and those announced; 0 announced where the server does not say."""


def fetch(name: str, progress: bool | Progress = True) -> Path:
    """Returns the path of a dataset's file; downloads it from its official address if it is not here.

    The file gets its name only after its checksum was compared, so that a broken or changed download leaves
    nothing behind. A changed file in the cache folder is replaced; one in ANSWERDIFF_DATA's folder is not.

    `tydiqa-ko-train` is cut out of an official file of many languages. The developers had only the cut file:
    that the official file gives the same questions has NOT been tried. If the bytes differ, the questions are
    judged by `Dataset.content_hash`, and a difference ends in an error, never in other questions. An official file
    that was put into one of the folders by hand is taken instead of a download.

    Args:
        name: a name of `DATASETS`; a part of a file fetches the whole file.
        progress: whether to draw a progress bar on standard error, or what to call instead.

    Raises:
        DatasetMissing: it could not be had; the message says why and how to put it in place by hand.
        DatasetError: no dataset has this name, or a file that is not ours to replace has other bytes.
    """
    source = _source(name)
    if path := _locate(source.file_name):
        wrong, _ = _check(source, path)
        if not wrong:
            return path
        if path.parent != cache_folder():
            raise DatasetError([_changed(source, path, wrong)])
    if not source.url:
        raise _missing(source, "is not where it belongs")
    try:
        return _download(source, progress)
    except OSError as error:
        reason = error.strerror or str(error)
        raise _missing(source, f"could not be stored in {cache_folder()}: {reason}") from error


def mismatch(source: Source, raw: bytes) -> str:
    """Compares a file's bytes with the checksums of a dataset.

    Returns:
        Both checksums in words if none of the known ones fits; empty if one fits or none is known.
    """
    differences = []
    for kind, known, checksum in (
        ("SHA-256", source.sha256, _sha256),
        ("git blob id", source.git_blob, _git_blob),
        ("content hash", source.content, _content),
    ):
        if known and (actual := checksum(raw)) == known:
            return ""
        if known:
            differences.append(f"{kind} {actual}, expected {known}")
    return "; ".join(differences)


def unknown(name: str) -> Problem:
    """Returns the problem that there is neither a dataset nor a file of this name, with the nearest name."""
    near = difflib.get_close_matches(name, DATASETS, n=1)
    hint = f"did you mean {near[0]}?" if near else f"the datasets are {', '.join(DATASETS)}"
    return Problem(name, f"no dataset and no file is called so; {hint}")


def _source(name: str) -> Source:
    if name not in DATASETS:
        raise DatasetError([unknown(name)])
    return DATASETS[name]


def _locate(file_name: str) -> Path | None:
    paths = (folder / file_name for folder in folders())
    return next((path for path in paths if os.path.isfile(path)), None)


def _status(source: Source) -> Status:
    path = _locate(source.file_name)
    questions, problem = source.questions, ""
    if path:
        try:
            wrong, questions = _check(source, path)
            problem = str(_changed(source, path, wrong)) if wrong else ""
        except DatasetError as error:
            problem = str(error)
    return Status(source, path, problem, questions, _command(source) if source.url else "")


def _check(source: Source, path: Path) -> tuple[str, int | None]:
    """Returns the `mismatch` of the file at `path`, and the number of its questions if it can be told."""
    try:
        stat = path.stat()
    except OSError as error:
        raise DatasetError([Problem(str(path), f"cannot be read: {error.strerror}")]) from error
    return _check_unchanged(source, path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _check_unchanged(source: Source, path: Path, modified: int, size: int) -> tuple[str, int | None]:
    raw = encodings.read_file(path)
    wrong = mismatch(source, raw)
    if wrong or source.questions is not None:
        return wrong, source.questions
    return wrong, len(formats.parse(raw, source.name, str(path)).examples)


def _download(source: Source, progress: bool | Progress) -> Path:
    target = cache_folder() / source.file_name
    target.parent.mkdir(parents=True, exist_ok=True)
    # In the same folder, so that the last step is an atomic rename; whatever happens, the folder is removed.
    with tempfile.TemporaryDirectory(prefix="download-", dir=target.parent) as folder:
        official = _locate(Path(urlsplit(source.url).path).name) if source.only_ids else None
        origin = str(official or source.url)
        if official is None:
            official = Path(folder) / "official"
            _get(source, official, progress)
        raw = encodings.read_file(official)
        if source.only_ids:
            raw = _cut(source, raw, origin)
        if wrong := mismatch(source, raw):
            raise _missing(source, f"is not what {origin} gives: {wrong}")
        complete = Path(folder) / "complete"
        complete.write_bytes(raw)
        complete.replace(target)
    return target


class _Bar:
    """What pooch takes for a progress bar."""

    def __init__(self, call: Progress):
        self.call = call
        self.total = 0  # pooch sets it
        self.done = 0

    def update(self, count: int) -> None:
        self.done += count
        self.call(min(self.done, self.total) if self.total else self.done, self.total)

    def reset(self) -> None:
        self.done = 0

    def close(self) -> None:
        pass


def _get(source: Source, path: Path, progress: bool | Progress) -> None:
    import pooch  # here, because pages look for files without ever downloading one
    import requests

    bar = progress if isinstance(progress, bool) else _Bar(progress)
    downloader = pooch.HTTPDownloader(progressbar=bar, timeout=_TIMEOUT, chunk_size=1 << 16)
    try:
        downloader(source.url, str(path), None)
    except requests.HTTPError as error:
        raise _missing(source, f"could not be downloaded: {error}") from error
    except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError) as error:
        raise _missing(source, f"could not be downloaded: {source.url} broke off in the middle") from error
    except requests.exceptions.SSLError as error:  # a ConnectionError, but not for want of a network
        raise _missing(source, f"could not be downloaded: {error}") from error
    except requests.ConnectionError as error:  # also a timeout while connecting or in the middle
        host = urlsplit(source.url).netloc
        what = f"could not be downloaded: {host} cannot be reached (no network?)"
        raise _missing(source, what) from error
    except requests.RequestException as error:
        raise _missing(source, f"could not be downloaded: {error}") from error


def _cut(source: Source, raw: bytes, origin: str) -> bytes:
    """Returns the SQuAD file of the wanted questions of an official file, an article for each."""
    try:
        examples = formats.parse(raw, source.name, origin).examples
    except DatasetError as error:
        raise _missing(source, f"could not be cut out of the official file: {error}") from error
    articles = []
    for example in examples:
        if example.id.startswith(source.only_ids):
            answers = [{"text": answer.text, "answer_start": answer.start} for answer in example.answers]
            question = {"id": example.id, "question": example.question, "answers": answers}
            paragraph = {"context": example.context, "qas": [question]}
            articles.append({"title": example.title, "paragraphs": [paragraph]})
    # This layout gives the very bytes that `sha256` knows, if the questions come in the same order.
    return json.dumps({"data": articles}, ensure_ascii=False, sort_keys=True).encode()


def _changed(source: Source, path: Path, wrong: str) -> Problem:
    what = (
        f"is not the known file of {source.name}: {wrong}. To use it as it is, name it by its path; "
        f"for {source.name} itself, move it away and run `{_command(source)}`"
    )
    return Problem(str(path), what)


def _missing(source: Source, what: str) -> DatasetMissing:
    remedy = "It is part of the program: install AnswerDiff again"
    if source.url:
        remedy = (
            f"`{_command(source)}` downloads it. Without a network: put {source.url} into {cache_folder()} "
            f"or into the folder that {DATA_VARIABLE} names, then run the same command"
        )
    return DatasetMissing([Problem(source.name, f"{what}. {remedy}")])


def _command(source: Source) -> str:
    return f"python -m core data fetch {source.name}"


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _git_blob(raw: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest()


def _content(raw: bytes) -> str:
    try:
        return formats.parse(raw, "content").content_hash
    except DatasetError:
        return "none (no question set)"

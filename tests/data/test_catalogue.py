"""Named datasets: where they are looked for, what is believed, and that a bad download leaves nothing behind."""

import errno
import hashlib
import json
import socket
from dataclasses import replace
from pathlib import Path

import platformdirs
import pooch
import pytest

from core.data import catalogue, encodings, formats


def question_set(*identifiers, text="어디입니까?"):
    return {
        "data": [
            {
                "title": f"글 {identifier}",
                "paragraphs": [
                    {
                        "context": "제주도는 한국의 남쪽 섬이다.",
                        "qas": [
                            {
                                "id": identifier,
                                "question": text,
                                "answers": [{"text": "제주도", "answer_start": 0}],
                            }
                        ],
                    }
                ],
            }
            for identifier in identifiers
        ]
    }


def encoded(document):
    return json.dumps(document, ensure_ascii=False).encode()


GOOD = encoded(question_set("a", "b", "c"))


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """The three folders, all empty, and not this machine's: own, cache, bundled."""
    paths = [tmp_path / name for name in ("own", "cache", "bundled")]
    for path in paths:
        path.mkdir()
    monkeypatch.setenv(catalogue.DATA_VARIABLE, str(paths[0]))
    monkeypatch.setattr(catalogue, "cache_folder", lambda: paths[1])
    monkeypatch.setattr(catalogue, "_BUNDLED", paths[2])
    return paths


def declare(monkeypatch, name, **changes):
    monkeypatch.setitem(catalogue.DATASETS, name, replace(catalogue.DATASETS[name], **changes))


def sha256(raw):
    return hashlib.sha256(raw).hexdigest()


def failed_fetch(name):
    with pytest.raises(formats.DatasetMissing) as caught:
        catalogue.fetch(name, progress=False)
    return str(caught.value)


# The table


def test_the_table_is_the_one_of_the_design():
    assert list(catalogue.DATASETS) == [
        "mini-ko",
        "korquad-train",
        "korquad-dev",
        "korquad-held-out",
        "korquad-fit",
        "tydiqa-ko-train",
    ]
    assert {name: source.redistributable for name, source in catalogue.DATASETS.items()} == {
        "mini-ko": True,
        "korquad-train": False,
        "korquad-dev": False,
        "korquad-held-out": False,
        "korquad-fit": False,
        "tydiqa-ko-train": True,
    }
    for name, source in catalogue.DATASETS.items():
        assert source.name == name
        assert source.description and source.licence and source.attribution
        # whatever comes from elsewhere is checked
        assert bool(source.url) == bool(source.sha256 or source.git_blob or source.content) == (name != "mini-ko")
    train = catalogue.DATASETS["korquad-train"]
    assert (train.sha256, train.git_blob) == ("", "82e3c5939e5e61a1c4ae94e42676800e88ec52a6")


def test_the_cache_folder_is_the_one_of_pooch():
    assert catalogue.cache_folder() == Path(pooch.os_cache("answerdiff"))
    assert catalogue.cache_folder() == Path(platformdirs.user_cache_dir("answerdiff"))


def test_the_bundled_questions_are_always_there(monkeypatch):
    monkeypatch.delenv(catalogue.DATA_VARIABLE, raising=False)
    dataset = catalogue.load("mini-ko")
    assert dataset.problems == ()
    assert len(dataset.examples) >= 306
    assert dataset.paragraphs >= 60


# Looking


def test_the_folders_are_searched_in_order(folders):
    own, cache, bundled = folders
    assert catalogue.find("mini-ko") is None
    for folder in (bundled, cache, own):
        (folder / "mini-ko.json").write_bytes(GOOD)
        assert catalogue.find("mini-ko") == folder / "mini-ko.json"


def test_an_empty_or_absent_own_folder_is_passed_over(folders, monkeypatch, tmp_path):
    _, cache, bundled = folders
    monkeypatch.setenv(catalogue.DATA_VARIABLE, "")
    assert catalogue.folders() == (cache, bundled)
    monkeypatch.setenv(catalogue.DATA_VARIABLE, str(tmp_path / "없는 폴더"))
    (bundled / "mini-ko.json").write_bytes(GOOD)
    assert catalogue.find("mini-ko") == bundled / "mini-ko.json"


def test_a_folder_is_no_file(folders):
    (folders[0] / "mini-ko.json").mkdir()
    assert catalogue.find("mini-ko") is None


def test_an_unknown_name_is_an_error(folders):
    for look in (catalogue.find, catalogue.fetch):
        with pytest.raises(formats.DatasetError, match=r"no dataset .* did you mean korquad-fit\?"):
            look("korquad-fi")


def test_a_missing_dataset_is_not_downloaded_unless_asked(folders, served, monkeypatch):
    pages, address = served
    pages["/dev.json"] = (200, None, GOOD)
    declare(monkeypatch, "korquad-dev", url=f"{address}/dev.json", sha256=sha256(GOOD))

    with pytest.raises(formats.DatasetMissing) as caught:
        catalogue.load("korquad-dev")
    own, cache, bundled = folders
    assert str(caught.value) == (
        f"korquad-dev: is not on this machine; looked in {own}, {cache}, {bundled}. "
        "`python -m core data fetch korquad-dev` downloads it. "
        f"Without a network: put {address}/dev.json into {cache} or into the folder that ANSWERDIFF_DATA names, "
        "then run the same command"
    )
    assert list(cache.iterdir()) == []

    assert list(catalogue.load("korquad-dev", download=True).by_id) == ["a", "b", "c"]
    assert catalogue.load("korquad-dev").path == str(cache / "KorQuAD_v1.0_dev.json")


def test_a_missing_bundled_file_asks_for_a_new_installation(folders):
    with pytest.raises(formats.DatasetMissing, match=r"looked in .*\. It is part of the program: install"):
        catalogue.load("mini-ko")
    assert "is not where it belongs. It is part of the program" in failed_fetch("mini-ko")


# Believing


def test_a_file_with_other_bytes_is_refused_with_both_hashes(folders):
    path = folders[0] / "KorQuAD_v1.0_dev.json"
    path.write_bytes(GOOD)
    expected = (
        f"{path}: is not the known file of korquad-dev: SHA-256 {sha256(GOOD)}, "
        "expected 25ffeb51e6c51ec02c071b60a10188e10005c144110f0d876b26079d80a35bdf. "
        "To use it as it is, name it by its path; "
        "for korquad-dev itself, move it away and run `python -m core data fetch korquad-dev`"
    )
    for look in (lambda: catalogue.load("korquad-dev"), lambda: catalogue.fetch("korquad-dev")):
        with pytest.raises(formats.DatasetError) as caught:
            look()
        assert not isinstance(caught.value, formats.DatasetMissing)
        assert str(caught.value) == expected
    assert path.read_bytes() == GOOD
    assert list(catalogue.load(path).by_id) == ["a", "b", "c"]


def test_a_git_blob_id_is_the_one_of_git(monkeypatch):
    # `printf 'hello\n' | git hash-object --stdin`
    source = replace(catalogue.DATASETS["korquad-train"], git_blob="ce013625030ba8dba906f756967f9e9ca394464a")
    assert catalogue.mismatch(source, b"hello\n") == ""
    assert catalogue.mismatch(source, b"hello") == (
        "git blob id b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0, expected ce013625030ba8dba906f756967f9e9ca394464a"
    )


def test_the_content_hash_knows_questions_and_not_layout():
    reference = formats.parse(GOOD, "x").content_hash
    assert reference == sha256(
        "["
        '["a","제주도는 한국의 남쪽 섬이다.","어디입니까?",[[0,"제주도"]]],'
        '["b","제주도는 한국의 남쪽 섬이다.","어디입니까?",[[0,"제주도"]]],'
        '["c","제주도는 한국의 남쪽 섬이다.","어디입니까?",[[0,"제주도"]]]'
        "]".encode()
    )
    turned = json.dumps(question_set("c", "a", "b"), indent=1).encode()
    assert formats.parse(turned, "x").content_hash == reference
    for other in (question_set("a", "b"), question_set("a", "b", "c", text="어디?")):
        assert formats.parse(encoded(other), "x").content_hash != reference


def test_either_checksum_is_enough():
    content = formats.parse(GOOD, "x").content_hash
    source = replace(catalogue.DATASETS["tydiqa-ko-train"], sha256="0" * 64, content=content)
    assert catalogue.mismatch(source, GOOD) == ""
    assert catalogue.mismatch(replace(source, sha256=sha256(b"[]"), content="1"), b"[]") == ""
    assert catalogue.mismatch(source, b"[]") == (
        f"SHA-256 {sha256(b'[]')}, expected {'0' * 64}; content hash none (no question set), expected {content}"
    )


# Fetching


def test_a_good_download_is_kept_and_used_the_next_time(folders, served, monkeypatch, capfd):
    pages, address = served
    pages["/dev.json"] = (200, None, GOOD)
    declare(monkeypatch, "korquad-dev", url=f"{address}/dev.json", sha256=sha256(GOOD))

    path = catalogue.fetch("korquad-dev")
    assert path == folders[1] / "KorQuAD_v1.0_dev.json"
    assert path.read_bytes() == GOOD
    assert list(folders[1].iterdir()) == [path]
    assert "100%" in capfd.readouterr().err

    pages.clear()
    assert catalogue.fetch("korquad-dev") == path
    assert capfd.readouterr().err == ""


def test_progress_may_be_a_function(folders, served, monkeypatch, capfd):
    pages, address = served
    body = GOOD + b" " * 200_000
    pages["/dev.json"] = (200, None, body)
    declare(monkeypatch, "korquad-dev", url=f"{address}/dev.json", sha256=sha256(body))
    calls = []
    catalogue.fetch("korquad-dev", lambda done, announced: calls.append((done, announced)))
    assert capfd.readouterr().err == ""
    assert {announced for _, announced in calls} == {len(body)}
    assert [done for done, _ in calls] == [1 << 16, 1 << 17, 3 << 16, len(body), len(body)]


def test_a_file_at_hand_is_not_downloaded(folders, served, monkeypatch):
    _, address = served
    declare(monkeypatch, "korquad-dev", url=f"{address}/gone", sha256=sha256(GOOD))
    path = folders[0] / "KorQuAD_v1.0_dev.json"
    path.write_bytes(GOOD)
    assert catalogue.fetch("korquad-dev") == path


def test_a_git_blob_download_is_checked(folders, served, monkeypatch):
    pages, address = served
    blob = hashlib.sha1(f"blob {len(GOOD)}\0".encode() + GOOD).hexdigest()
    declare(monkeypatch, "korquad-train", url=f"{address}/train.json", git_blob=blob)

    pages["/train.json"] = (200, None, GOOD + b" ")
    message = failed_fetch("korquad-train")
    assert f"is not what {address}/train.json gives: git blob id " in message
    assert f"expected {blob}" in message
    assert list(folders[1].iterdir()) == []

    pages["/train.json"] = (200, None, GOOD)
    assert catalogue.fetch("korquad-train", progress=False).read_bytes() == GOOD


@pytest.mark.parametrize(
    ("page", "what"),
    [
        ((200, None, GOOD[:-1]), "is not what {url} gives: SHA-256 "),
        ((200, None, GOOD.replace(b"a", b"e")), "is not what {url} gives: SHA-256 "),
        ((200, len(GOOD), GOOD[:40]), "could not be downloaded: {url} broke off in the middle"),
        ((200, None, b""), "is not what {url} gives: SHA-256 "),
        ((503, None, b"later"), "could not be downloaded: 503 Server Error"),
        ((404, None, b"gone"), "could not be downloaded: 404 Client Error"),
    ],
)
def test_a_bad_download_leaves_nothing_behind(folders, served, monkeypatch, page, what):
    pages, address = served
    url = f"{address}/dev.json"
    pages["/dev.json"] = page
    declare(monkeypatch, "korquad-dev", url=url, sha256=sha256(GOOD))
    message = failed_fetch("korquad-dev")
    assert message.startswith(f"korquad-dev: {what.format(url=url)}")
    assert f"Without a network: put {url} into {folders[1]}" in message
    assert list(folders[1].iterdir()) == []
    assert catalogue.find("korquad-dev") is None


def test_no_network_is_said_so(folders, monkeypatch):
    with socket.socket() as closed:  # its port is free, and nobody listens there
        closed.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{closed.getsockname()[1]}"
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    declare(monkeypatch, "korquad-dev", url=f"http://{host}/dev.json")
    message = failed_fetch("korquad-dev")
    assert message.startswith(f"korquad-dev: could not be downloaded: {host} cannot be reached (no network?). ")
    assert list(folders[1].iterdir()) == []


def test_an_interrupted_download_leaves_nothing_behind(folders, monkeypatch):
    def interrupt(source, path, progress):
        path.write_bytes(GOOD[:10])
        raise KeyboardInterrupt

    monkeypatch.setattr(catalogue, "_get", interrupt)
    with pytest.raises(KeyboardInterrupt):
        catalogue.fetch("korquad-dev")
    assert list(folders[1].iterdir()) == []


def test_a_cache_that_cannot_be_written_is_said_so(folders, monkeypatch):
    blocked = folders[1] / "file"
    blocked.write_text("")
    monkeypatch.setattr(catalogue, "cache_folder", lambda: blocked)
    assert f"korquad-dev: could not be stored in {blocked}: " in failed_fetch("korquad-dev")


def test_a_full_disk_leaves_nothing_behind(folders, served, monkeypatch):
    pages, address = served
    pages["/dev.json"] = (200, None, GOOD)
    declare(monkeypatch, "korquad-dev", url=f"{address}/dev.json", sha256=sha256(GOOD))

    def write_half(path, raw):
        with path.open("wb") as file:
            file.write(raw[: len(raw) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write_half)
    assert f"could not be stored in {folders[1]}: No space left on device" in failed_fetch("korquad-dev")
    assert list(folders[1].iterdir()) == []


def test_a_changed_file_in_the_cache_is_replaced_but_kept_if_the_download_fails(folders, served, monkeypatch):
    pages, address = served
    declare(monkeypatch, "korquad-dev", url=f"{address}/dev.json", sha256=sha256(GOOD))
    path = folders[1] / "KorQuAD_v1.0_dev.json"
    path.write_bytes(b"changed")

    assert "404" in failed_fetch("korquad-dev")
    assert path.read_bytes() == b"changed"

    pages["/dev.json"] = (200, None, GOOD)
    assert catalogue.fetch("korquad-dev", progress=False) == path
    assert path.read_bytes() == GOOD


@pytest.fixture
def tydiqa(folders, served, monkeypatch):
    """An official file of two languages on the server, and the cut file that is known by its content."""
    pages, address = served
    official = question_set("korean-2", "english-1", "korean--1")
    pages["/official.json"] = (200, None, encoded(official))
    content = formats.parse(encoded(question_set("korean--1", "korean-2")), "x").content_hash
    declare(monkeypatch, "tydiqa-ko-train", url=f"{address}/official.json", sha256="0" * 64, content=content)
    return pages, official


def test_the_korean_questions_are_cut_out_of_the_official_file(folders, tydiqa):
    path = catalogue.fetch("tydiqa-ko-train", progress=False)
    assert json.loads(path.read_bytes()) == question_set("korean-2", "korean--1")
    assert list(folders[1].iterdir()) == [path]
    dataset = catalogue.load("tydiqa-ko-train")
    assert [(example.id, example.paragraph) for example in dataset.examples] == [("korean-2", 0), ("korean--1", 1)]


def test_an_official_file_put_there_by_hand_is_cut_without_a_network(folders, tydiqa):
    pages, official = tydiqa
    pages.clear()
    (folders[0] / "official.json").write_bytes(encoded(official))
    path = catalogue.fetch("tydiqa-ko-train", progress=False)
    assert path == folders[1] / "tydiqa-ko-train.json"
    assert list(catalogue.load("tydiqa-ko-train").by_id) == ["korean-2", "korean--1"]


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (encoded(question_set("korean-2")), "is not what "),
        (encoded(question_set("korean-2", "korean--1", text="다른 질문?")), "is not what "),
        (encoded(question_set("english-1")), "is not what "),
        (b"<html>login</html>", "could not be cut out of the official file: "),
    ],
)
def test_a_changed_official_file_leaves_nothing_behind(folders, tydiqa, body, what):
    pages, _ = tydiqa
    pages["/official.json"] = (200, None, body)
    assert failed_fetch("tydiqa-ko-train").startswith(f"tydiqa-ko-train: {what}")
    assert list(folders[1].iterdir()) == []


# Status


def test_status_tells_what_is_here_and_how_to_get_the_rest(folders, monkeypatch):
    own, _, bundled = folders
    (bundled / "mini-ko.json").write_bytes(GOOD)
    (own / "KorQuAD_v1.0_dev.json").write_bytes(GOOD)
    declare(monkeypatch, "korquad-dev", sha256=sha256(GOOD))

    states = {state.source.name: state for state in catalogue.status()}
    assert list(states) == list(catalogue.DATASETS)
    assert states["mini-ko"] == catalogue.Status(
        catalogue.DATASETS["mini-ko"], bundled / "mini-ko.json", problem="", questions=3, command=""
    )
    assert states["korquad-dev"].available
    assert states["korquad-dev"].path == own / "KorQuAD_v1.0_dev.json"
    assert not states["korquad-fit"].available  # the file's hash is not the one that this name still expects
    assert f"SHA-256 {sha256(GOOD)}" in states["korquad-fit"].problem
    assert states["tydiqa-ko-train"] == catalogue.Status(
        catalogue.DATASETS["tydiqa-ko-train"],
        path=None,
        problem="",
        questions=1625,
        command="python -m core data fetch tydiqa-ko-train",
    )
    assert catalogue.available() == ["mini-ko", "korquad-dev"]


def test_status_survives_a_broken_bundled_file(folders):
    (folders[2] / "mini-ko.json").write_bytes(b"{")
    state = catalogue.status()[0]
    assert not state.available
    assert (state.questions, state.problem.split(": ")[1]) == (None, "not valid JSON, line 1, column 2")


def test_an_unchanged_file_is_checked_once(folders, monkeypatch):
    path = folders[0] / "KorQuAD_v1.0_dev.json"
    path.write_bytes(GOOD)
    declare(monkeypatch, "korquad-dev", sha256=sha256(GOOD))
    read = []
    real = encodings.read_file
    monkeypatch.setattr(encodings, "read_file", lambda path: read.append(path) or real(path))

    catalogue.fetch("korquad-dev")
    catalogue.fetch("korquad-dev")
    assert read == [path]

    path.write_bytes(GOOD + b" ")
    with pytest.raises(formats.DatasetError, match="is not the known file"):
        catalogue.fetch("korquad-dev")
    assert read == [path, path]


# The real files


def test_the_parts_of_korquad_dev(korquad_dev):
    held_out, fit = catalogue.load("korquad-held-out"), catalogue.load("korquad-fit")
    assert (len(held_out.examples), held_out.articles) == (1157, 35)
    assert (len(fit.examples), fit.articles) == (4617, 105)
    assert held_out.examples + fit.examples == korquad_dev.examples
    assert {example.article for example in fit.examples} == set(range(35, 140))
    assert not {example.context for example in held_out.examples} & {example.context for example in fit.examples}
    for part, name in ((held_out, "korquad-held-out"), (fit, "korquad-fit")):
        assert part.name == name
        assert part.sha256 == sha256(f"{korquad_dev.sha256}:{name}".encode())


def test_the_known_tydiqa_file_has_the_known_content():
    if catalogue.find("tydiqa-ko-train") is None:
        pytest.skip("tydiqa-ko-train is not on this machine: set ANSWERDIFF_DATA")
    source = catalogue.DATASETS["tydiqa-ko-train"]
    dataset = catalogue.load("tydiqa-ko-train")
    assert (len(dataset.examples), dataset.unusable) == (1625, 0)
    assert dataset.content_hash == source.content
    raw = Path(dataset.path).read_bytes()
    assert catalogue._cut(source, raw, "x") == raw  # a fetched file gets the very bytes, hence the same SHA-256

"""The run store: what is listed, what is refused, and that nothing in a folder breaks it."""

import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from core.store.runs import LABELS_FILE, RESUME_FOLDER, RUN_FILE, WEIGHTS_FILE, Labels, RunError, Store
from tests.pages import store_fixture


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "checkpoints")


def change(store, name, **changes):
    path = store.path(name) / RUN_FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_store_that_does_not_exist_is_empty_and_stays_so(store):
    assert store.list() == []
    assert not store.root.exists()


def test_the_environment_moves_the_store(monkeypatch, tmp_path):
    monkeypatch.setenv("ANSWERDIFF_CHECKPOINTS", str(tmp_path))
    assert Store().root == tmp_path
    assert Store(tmp_path / "other").root == tmp_path / "other"


def test_create_update_finish(store):
    writer = store.create("기본-1", {"config": {"variant": "base", "training": {"seed": 7}}, "parameter_count": 10})
    run = store.get("기본-1")
    assert (run.status, run.variant, run.seed, run.title) == ("running", "base", 7, "기본-1")
    assert run.info["process"] == {"pid": os.getpid(), "host": socket.gethostname()}
    assert [path.name for path in store.root.iterdir()] == ["기본-1"]  # no draft is left

    (writer.path / RESUME_FOLDER).mkdir()
    writer.update(progress={"step": 3, "seconds": 2.5})
    assert store.get("기본-1").seconds == 2.5
    writer.finish(best={"f1": 50.0}, timings={"seconds": 9.0})
    run = store.get("기본-1")
    assert (run.status, run.seconds, run.number("best", "f1")) == ("finished", 9.0, 50.0)
    assert run.info["parameter_count"] == 10
    assert not (writer.path / RESUME_FOLDER).exists()


def test_creating_twice_fails_and_keeps_the_first(store):
    store.create("base", {"parameter_count": 1})
    with pytest.raises(RunError, match="already"):
        store.create("base", {"parameter_count": 2})
    assert store.get("base").info["parameter_count"] == 1


@pytest.mark.parametrize("name", ["", ".", "..", "../out", "a/b", ".hidden", "a b", "<b>", "-flag", "a\n"])
def test_names_that_could_leave_the_store_are_refused(store, name):
    with pytest.raises(RunError):
        store.create(name, {})
    assert not store.root.exists() or list(store.root.iterdir()) == []


@pytest.mark.parametrize("name", ["", "..", "../checkpoints", "/etc", "a/../b"])
def test_get_never_leaves_the_store(store, name):
    store.create("a", {})
    with pytest.raises(RunError):
        store.get(name)


def test_an_error_in_the_training_is_written_down_but_ctrl_c_is_none(store):
    with pytest.raises(ValueError), store.create("bad", {}):
        raise ValueError("no such data")
    assert store.get("bad").status == "failed"
    assert store.get("bad").info["error"] == "ValueError: no such data"
    with pytest.raises(KeyboardInterrupt), store.create("halted", {}):
        raise KeyboardInterrupt
    assert store.get("halted").info["status"] == "running"


def test_a_silent_run_is_stopped_after_a_minute(store):
    store.create("a", {})
    now = datetime.now(UTC)
    elsewhere = {"pid": 1, "host": "another-machine"}
    change(store, "a", process=elsewhere, updated=(now - timedelta(seconds=50)).isoformat())
    assert store.get("a").status == "running"
    change(store, "a", process=elsewhere, updated=(now - timedelta(seconds=61)).isoformat())
    assert store.get("a").status == "stopped"


def test_a_run_whose_process_is_gone_is_stopped_at_once(store):
    store.create("a", {})
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    change(store, "a", process={"pid": ended.pid, "host": socket.gethostname()})
    assert store.get("a").status == "stopped"
    change(store, "a", process={"pid": ended.pid, "host": "another-machine"})
    assert store.get("a").status == "running"


def test_resume_takes_over_only_what_has_stopped(store):
    writer = store.create("a", {"parameter_count": 5})
    with pytest.raises(RunError, match="running"):
        store.resume("a")
    writer.fail("out of memory")
    resumed = store.resume("a")
    run = store.get("a")
    assert (run.status, run.info["error"], run.info["parameter_count"]) == ("running", None, 5)
    resumed.finish()
    with pytest.raises(RunError, match="finished"):
        store.resume("a")


def test_only_a_finished_run_is_added_to_and_its_heartbeat_stays(store):
    writer = store.create("a", {"parameter_count": 1})
    with pytest.raises(RunError, match="only a finished run"):
        store.amend("a", timings={})
    writer.finish()
    before = store.get("a").info
    store.amend("a", timings={"seconds": 2.0})
    assert store.get("a").info == before | {"timings": {"seconds": 2.0}}


def test_heartbeat_writes_rarely(store, monkeypatch):
    writer = store.create("a", {})
    writer.heartbeat(progress={"step": 1})
    assert "progress" not in store.get("a").info
    writer._written -= timedelta(seconds=5)
    writer.heartbeat(progress={"step": 2})
    assert store.get("a").number("progress", "step") == 2


def test_a_killed_write_leaves_the_old_file(store, monkeypatch):
    writer = store.create("a", {"parameter_count": 1})

    def no_space(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", no_space)
    with pytest.raises(OSError):
        writer.update(parameter_count=2)
    assert json.loads((writer.path / RUN_FILE).read_text())["parameter_count"] == 1
    assert [path.name for path in writer.path.iterdir()] == [RUN_FILE]


REASONS = {
    "truncated": "not JSON",
    "missing": "run.json is missing",
    "alien": "run.json is missing",
    "version": "schema_version",
    "list": "document",
    "folder": "cannot be read",
    "encoding": "cannot be read",
    "empty": "not JSON",
    "status": "status",
    "date": "created",
    "types": "parameter_count",
    "loop": "cannot be read",
}


@pytest.mark.parametrize(("kind", "reason"), REASONS.items())
def test_broken_runs_are_listed_with_their_reason(store, kind, reason):
    store_fixture.broken_run(store, "bad", kind)
    assert kind in store_fixture.BROKEN
    store.create("good", {})
    good, bad = store.list()
    assert (good.name, good.problem) == ("good", None)
    assert (bad.name, bad.status, bad.broken) == ("bad", "broken", True)
    assert reason in bad.problem
    assert bad.predictions() == [] and not bad.has_weights and bad.seconds is None
    with pytest.raises(RunError, match="bad"):
        store.get("bad")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permissions_is_listed(store):
    store_fixture.broken_run(store, "secret", "unreadable")
    (run,) = store.list()
    assert run.status == "broken" and "Permission denied" in run.problem
    assert run.predictions() == [] and not run.has_weights


def test_a_folder_that_may_not_be_read_is_listed(store, monkeypatch):
    store.create("secret", {})
    path_type = type(store.root)
    read_text = path_type.read_text

    def refuse(path, *args, **kwargs):
        if path.name == RUN_FILE:
            raise PermissionError(13, "Permission denied", str(path))
        return read_text(path, *args, **kwargs)

    monkeypatch.setattr(path_type, "read_text", refuse)
    (run,) = store.list()
    assert run.status == "broken" and "Permission denied" in run.problem


def test_the_folder_is_the_name_whatever_the_file_says(store):
    store_fixture.broken_run(store, "odd", "odd-name")
    (run,) = store.list()
    assert (run.name, run.title, run.status) == ("odd", "odd", "finished")


def test_nan_is_no_result(store):
    store_fixture.broken_run(store, "odd", "nan")
    run = store.get("odd")
    assert run.number("best", "f1") is None and run.number("best", "epoch") == 1
    assert run.number("best", "nothing") is None and run.get("config", "variant", "deeper") is None
    run_writer = store.create("b", {"best": {"f1": float("nan")}})
    assert json.loads((run_writer.path / RUN_FILE).read_text())["best"] == {"f1": None}


def test_hidden_folders_and_files_are_no_runs(store):
    store.create("a", {})
    (store.root / ".b.tmp").mkdir()
    (store.root / "README").write_text("")
    assert [run.name for run in store.list()] == ["a"]


def test_order_is_by_age_then_broken(store):
    for name, hour in (("c", 1), ("a", 2), ("b", 3)):
        store.create(name, {"created": datetime(2026, 1, 1, hour, tzinfo=UTC).isoformat()})
    store_fixture.broken_run(store, "a-broken", "truncated")
    assert [run.name for run in store.list()] == ["c", "a", "b", "a-broken"]


def test_labels_never_touch_the_training(store):
    writer = store.create("a", {})
    before = (writer.path / RUN_FILE).read_bytes()
    store.label("a", title="<b>제목</b>", tags=["x", "y"])
    store.label("a", description="why", archived=True)
    run = store.get("a")
    assert run.labels == Labels("<b>제목</b>", "why", ("x", "y"), True)
    assert (run.name, run.title) == ("a", "<b>제목</b>")
    assert (writer.path / RUN_FILE).read_bytes() == before
    store.label("a", title="")
    assert store.get("a").title == "a"
    with pytest.raises(TypeError):
        store.label("a", colour="red")
    with pytest.raises(RunError):
        store.label("missing", title="x")


def test_broken_labels_do_not_break_the_run(store):
    writer = store.create("a", {})
    (writer.path / LABELS_FILE).write_text('{"title": 3')
    run = store.get("a")
    assert (run.status, run.title) == ("running", "a")
    assert LABELS_FILE in run.problem


def test_weights_and_predictions(store):
    writer = store.create("a", {})
    assert not store.get("a").has_weights
    (writer.path / WEIGHTS_FILE).touch()
    store_fixture.write_predictions(writer.path, "mini-ko", questions=4)
    run = store.get("a")
    assert run.has_weights and run.predictions() == ["mini-ko"]
    assert run.predictions_path("mini-ko").is_file()
    with pytest.raises(RunError):
        run.predictions_path("../../etc")


def test_every_folder_of_many_is_listed(tmp_path):
    store = store_fixture.many(tmp_path, 200, steps=9, datasets=())
    runs = store.list()
    assert len(runs) == 200
    broken = [run.name for run in runs if run.broken]
    # As many kinds as odd folders: each is there once. Root reads what is "unreadable" to others.
    expected = [f"odd-{10 * i + 9:03d}" for i in range(len(store_fixture.BROKEN))]
    assert broken in (expected, [name for name in expected if name != "odd-079"])
    assert len(store_fixture.BROKEN + store_fixture.ODD) == 20

"""Fixtures that several test modules share."""

import contextlib
import http.server
import io
import os
import re
import sys
import threading

import pytest

if "PYTEST_XDIST_WORKER" in os.environ:  # one processor each: before NumPy or TensorFlow count them
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
        os.environ.setdefault(name, "1")

from core.data import catalogue
from core.store.runs import Store
from tests import tiny_run as tiny


def pytest_configure(config):
    """Loads PyTorch before TensorFlow does: the other way round, the Triton of CUDA's PyTorch ends the process."""
    if re.search(r"(?<!not )backends", config.option.markexpr):
        with contextlib.suppress(ImportError):
            import torch._dynamo  # noqa: F401


@pytest.fixture(scope="session")
def korquad_dev():
    """KorQuAD 1.0 dev, when it is on this machine; it is never downloaded by a test."""
    if catalogue.find("korquad-dev") is None:
        pytest.skip("KorQuAD dev is not here: set ANSWERDIFF_DATA or run `python -m core data fetch korquad-dev`")
    return catalogue.load("korquad-dev")


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory):
    """A finished tiny run, trained once, with event files beside its store; tests must not change its folder."""
    folder = tmp_path_factory.mktemp("tiny")
    return tiny.train(folder, tensorboard=folder / "events")


@pytest.fixture(scope="session")
def tiny_store(tiny_run):
    """The store that holds `tiny_run` alone."""
    return Store(tiny_run.path.parent)


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory):
    """A finished tiny pre-training and the network that was trained; tests must not change its folder or the network.

    Its corpus, the corpus's cache and its event files lie beside its store.
    """
    from core.training import loop

    folder, trained, train = tmp_path_factory.mktemp("encoder"), [], loop.run
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setattr(loop, "run", lambda network, *rest: trained.append(network) or train(network, *rest))
        run = tiny.pretrain(folder, tensorboard=folder / "events")
    return run, trained[0]


@pytest.fixture
def invoke(tmp_path, monkeypatch, capsys):
    """Runs `python -m core` in this process, in a folder of its own: (exit code, output, errors)."""
    from core.cli import app as command_line  # pandas and all: most tests do without

    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments, typed=b""):
        monkeypatch.setattr(sys, "argv", ["core", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
        code = 0
        try:
            command_line.main()
        except SystemExit as stop:
            code = stop.code or 0
        output = capsys.readouterr()
        return code, output.out, output.err

    return invoke


@pytest.fixture
def served(monkeypatch):
    """A web server: a dict path -> (status, announced length or None for the true one, body), and its address."""
    pages = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            status, length, body = pages.get(self.path, (404, None, b"nothing"))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body) if length is None else length))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield pages, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()

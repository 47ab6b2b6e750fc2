"""The dashboard under AppTest, over a store of generated runs."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.answering.reader import Reader
from core.store.runs import Store
from tests.pages import ask_fixture, store_fixture

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def store(tmp_path, monkeypatch) -> Store:
    """An empty store that the dashboard shows, on a machine without KorQuAD: generated answers are not to it."""
    for variable in ("ANSWERDIFF_DATA", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "no-data"))
    root = tmp_path / "checkpoints"
    monkeypatch.setenv("ANSWERDIFF_CHECKPOINTS", str(root))
    return Store(root)


@pytest.fixture
def demo(store) -> Store:
    """A store with runs of every kind."""
    return store_fixture.demo(store.root)


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> tuple[Store, list[Reader]]:
    """A store with two runs that answer, `first` and `second`, and their readers; tests must not change it."""
    store = Store(tmp_path_factory.mktemp("runs"))
    runs = [ask_fixture.answering_run(store, name, seed) for name, seed in (("first", 1), ("second", 2))]
    return store, [Reader.load(run) for run in runs]


@pytest.fixture
def open_page():
    """Opens a page by way of dashboard.py: open_page("runs", a="base-1"), in English unless told otherwise.

    A page is run again after a click in Korean only: AppTest then calls each `format_func` outside the session, where
    the language is the default.
    """

    def open_page(name: str, lang: str = "en", **query: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
        if name != "runs":
            app.switch_page(f"pages/{name}.py")
        for key, value in {"lang": lang, **query}.items():
            app.query_params[key] = value
        app.run()
        assert not app.exception, app.exception[0].stack_trace
        return app

    return open_page

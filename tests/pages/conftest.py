"""The dashboard under AppTest, over a store of generated runs."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.runs import Store
from tests.pages import store_fixture

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def store(tmp_path, monkeypatch) -> Store:
    """An empty store that the dashboard shows."""
    root = tmp_path / "checkpoints"
    monkeypatch.setenv("ANSWERDIFF_CHECKPOINTS", str(root))
    return Store(root)


@pytest.fixture
def demo(store) -> Store:
    """A store with runs of every kind."""
    return store_fixture.demo(store.root)


@pytest.fixture
def open_page():
    """Opens a page as its address would: open_page("runs", a="base-1"), in English unless told otherwise.

    The first page is opened through dashboard.py. AppTest takes the folder `pages` for an app of the old kind, so that
    other pages run without the frame.

    A page is run again after a click in Korean only: AppTest then calls each `format_func` outside the session, where
    the language is the default.
    """

    def open_page(name: str, lang: str = "en", **query: str | list[str]) -> AppTest:
        first = name == "runs"
        app = AppTest.from_file(str(ROOT / ("dashboard.py" if first else f"pages/{name}.py")), default_timeout=30)
        if not first:
            app.session_state["framed"] = False
        for key, value in {"lang": lang, **query}.items():
            app.query_params[key] = value
        return app.run()

    return open_page

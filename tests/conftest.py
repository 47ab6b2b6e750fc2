"""Fixtures that several test modules share."""

import pytest

from core.data import sources, squad
from core.runs import Store
from tests import tiny_run as tiny


@pytest.fixture(scope="session")
def korquad_dev():
    """KorQuAD 1.0 dev, when it is on this machine; it is never downloaded by a test."""
    if sources.find("korquad-dev") is None:
        pytest.skip("KorQuAD dev is not here: set ANSWERDIFF_DATA or run `python -m core data fetch korquad-dev`")
    return squad.load("korquad-dev")


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory):
    """A finished tiny run, trained once; tests must not change its folder."""
    return tiny.train(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def tiny_store(tiny_run):
    """The store that holds `tiny_run` alone."""
    return Store(tiny_run.path.parent)

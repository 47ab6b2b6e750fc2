"""Fixtures that several test modules share."""

import pytest

from core.data import sources, squad


@pytest.fixture(scope="session")
def korquad_dev():
    """KorQuAD 1.0 dev, when it is on this machine; it is never downloaded by a test."""
    if sources.find("korquad-dev") is None:
        pytest.skip("KorQuAD dev is not here: set ANSWERDIFF_DATA or run `python -m core data fetch korquad-dev`")
    return squad.load("korquad-dev")

"""The examples in the docstrings run as they stand."""

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("module", ["errors", "normalization", "slices", "statistics"])
def test_docstrings(module):
    result = doctest.testmod(import_module(f"core.evaluation.{module}"))
    assert result.attempted > 0
    assert result.failed == 0

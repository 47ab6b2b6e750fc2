"""The command `answerdiff`, as an installation lays the repository out: as the folder `answerdiff`."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from core.cli.app import EXTRAS

ROOT = Path(__file__).parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ENTRY_MODULE, ENTRY = PROJECT["scripts"]["answerdiff"].split(":")


@pytest.fixture
def answerdiff(tmp_path):
    """Runs the console script with words, and Python lines before it, outside the repository."""
    (tmp_path / "answerdiff").symlink_to(ROOT)

    def answerdiff(*words: str, before: str = "") -> subprocess.CompletedProcess:
        script = f"from {ENTRY_MODULE} import {ENTRY}\n{before}\n{ENTRY}()"
        variables = os.environ | {"PYTHONPATH": str(tmp_path), "COLUMNS": "200"}
        command = [sys.executable, "-c", script, *words]
        return subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, encoding="utf-8")

    return answerdiff


def test_words_go_to_the_command_line(answerdiff):
    result = answerdiff("runs", "list", "--json")
    assert result.returncode == 0, result.stderr
    assert '"matched-6"' in result.stdout
    assert answerdiff("no-such-command").returncode == 2


def test_without_words_the_dashboard_starts(answerdiff):
    result = answerdiff(before="import runpy, sys; runpy.run_module = lambda name, **_: print(name, *sys.argv[1:])")
    assert result.stdout.split() == ["streamlit", "run", str(ROOT / "dashboard.py")]


def test_a_package_of_an_extra_that_is_missing_is_told_with_the_extra(answerdiff):
    result = answerdiff("train", "base", before="import sys; sys.modules['keras'] = None")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.strip() == "error: keras is not installed: pip install '.[train]'"


@pytest.mark.parametrize("package", EXTRAS)
def test_the_extra_brings_the_package(package):
    extra, light = PROJECT["optional-dependencies"][EXTRAS[package]], PROJECT["dependencies"]
    assert package in [re.split(r"[\[>]", requirement)[0] for requirement in extra]
    assert package not in [re.split(r"[\[>]", requirement)[0] for requirement in light]

"""The locked requirements are those of pyproject.toml."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
HEAVY = {"torch", "jax", "transformers", "ray", "statsmodels"}


def pins(name: str) -> dict[str, str]:
    """Returns package -> release of a requirements file."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.\-]+)(?:\[[\w,]+\])?==(\S+)", text, re.MULTILINE))


def stated(extra: str) -> list[Requirement]:
    """Returns the requirements of an extra, those of the extras that it names among them."""
    result = []
    for requirement in map(Requirement, PROJECT["optional-dependencies"][extra]):
        inner = [one for name in requirement.extras for one in stated(name)]
        result += inner if requirement.name == PROJECT["name"] else [requirement]
    return result


@pytest.mark.parametrize(("file", "extra"), [("requirements.txt", "train"), ("requirements-dev.txt", "dev")])
def test_a_lock_holds_what_the_project_states(file, extra):
    locked = pins(file)
    for requirement in [*map(Requirement, PROJECT["dependencies"]), *stated(extra)]:
        name = requirement.name.lower().replace(".", "-")
        assert requirement.specifier.contains(locked[name]), requirement


def test_the_locks_agree():
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


def test_the_full_set_adds_what_the_project_states():
    added, dev = pins("requirements-full.txt"), {requirement.name for requirement in stated("dev")}
    wanted = {requirement.name: requirement for requirement in stated("full") if requirement.name not in dev}
    assert added.keys() == wanted.keys()
    assert all(requirement.specifier.contains(added[name]) for name, requirement in wanted.items())


def test_the_readme_s_commands_leave_the_heavy_packages_out():
    assert not HEAVY & pins("requirements-dev.txt").keys()
    assert HEAVY - {"ray", "statsmodels"} <= pins("requirements-full.txt").keys()


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_release_has_hashes_and_no_registry_is_named(file):
    text = (ROOT / file).read_text(encoding="utf-8")
    for requirement in re.findall(r"^[a-z].*(?:\n    .*)*", text, re.MULTILINE):
        assert "--hash=sha256:" in requirement
    assert not re.search(r"^\s*-|://", text.replace("    --hash", ""), re.MULTILINE)

"""What holds of the pages' source: where things lie, whose colours and which keys of the address they use."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from core.reports import palette
from pages.parts.shared import frame, url

ROOT = Path(__file__).parent.parent.parent
PALETTE = ROOT / "core" / "reports" / "palette.py"
COLOR = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})\b|\b(?:rgba?|hsla?)\(", re.IGNORECASE)
PAGES = sorted((ROOT / "pages").rglob("*.py"))


def test_nothing_lies_beside_the_folders_of_parts():
    beside = {path.name for path in (ROOT / "pages" / "parts").iterdir() if path.is_file()}
    assert beside == {"__init__.py"}


def test_no_colour_outside_the_palette():
    files = [*PAGES, *(p for p in (ROOT / "core").rglob("*") if p.suffix in {".py", ".jinja", ".ftl", ".css"})]
    used = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in files
        if path != PALETTE
        for line in path.read_text(encoding="utf-8").splitlines()
        if COLOR.search(line)
    ]
    assert not used, used


def test_streamlits_own_accent_is_the_palettes():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert (settings["theme"]["light"]["primaryColor"], settings["theme"]["dark"]["primaryColor"]) == palette.ACCENT


def test_gold_is_never_a_runs_colour():
    assert len(set(palette.RUNS)) == len(palette.RUNS)
    assert not {palette.GOLD, palette.FIGURE, palette.MUTED} & set(palette.RUNS)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_one_module_reads_and_writes_the_address(path):
    if path == ROOT / "pages" / "parts" / "shared" / "url.py":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "query_params"]


def test_every_key_of_the_address_has_a_meaning_and_pages_that_exist():
    names = {path.stem for path in (ROOT / "pages").glob("*.py")}
    for name, key in url.KEYS.items():
        assert key.meaning and set(key.pages) <= names, name


def test_every_file_of_pages_is_in_the_navigation():
    names = {path.stem for path in (ROOT / "pages").glob("*.py")} - {"__init__"}
    assert names == set(frame.NAMES)

"""The catalogue: all languages say the same things, and the program says nothing else."""

import ast
import importlib.util
import re
import shutil
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Junk, Message, VariableReference
from fluent.syntax.visitor import Visitor

from core import texts
from core.scoring.scores import MEASURES

ROOT = Path(__file__).parent.parent
LANGUAGES = texts.LANGUAGES


class Placeables(Visitor):
    def __init__(self):
        self.names = set()

    def visit_VariableReference(self, node: VariableReference):
        self.names.add(node.id.name)


def entries(language):
    source = (ROOT / "core" / "texts" / f"{language}.ftl").read_text(encoding="utf-8")
    return FluentParser().parse(source).body


def placeables(language):
    """Placeables by key."""
    found = {}
    for entry in entries(language):
        if isinstance(entry, Message):
            visitor = Placeables()
            visitor.visit(entry)
            found[entry.id.name] = visitor.names
    return found


def pattern(node):
    """A regular expression for the texts that an f-string or a plain string in the code can be."""
    if isinstance(node, ast.Constant):
        return re.escape(node.value) if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(re.escape(v.value) if isinstance(v, ast.Constant) else "[a-z0-9-]+" for v in node.values)
    return None


def branches(node):
    return [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]


def sources():
    files = [ROOT / "dashboard.py", *(ROOT / "core").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
    return {file.relative_to(ROOT).as_posix(): ast.parse(file.read_text(encoding="utf-8")) for file in files}


def asked():
    """Where the code asks for a text by a string that can be seen: (where, pattern)."""
    for file, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
                owner = node.func.value if isinstance(node.func, ast.Attribute) else None
                of_streamlit = isinstance(owner, ast.Name) and owner.id != "texts"
                if name in ("t", "text") and not of_streamlit:
                    for branch in branches(node.args[0]):
                        if (found := pattern(branch)) is not None:
                            yield f"{file}:{node.lineno}", found


def mentioned():
    """Every string of the code, as a pattern; keys may be kept in tables before they are asked for."""
    strings = {pattern(node) for tree in sources().values() for node in ast.walk(tree)}
    return {found for found in strings if found and re.search("[a-z]-", found.replace("\\", ""))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_is_sound(language):
    bad = [entry.content for entry in entries(language) if isinstance(entry, Junk)]
    assert not bad
    keys = [entry.id.name for entry in entries(language) if isinstance(entry, Message)]
    assert sorted(set(keys)) == sorted(keys), "a key appears twice"


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "ko"])
def test_all_languages_have_the_same_keys_and_placeables(language):
    korean, other = placeables("ko"), placeables(language)
    assert korean.keys() == other.keys()
    assert {key: names for key, names in korean.items() if names != other[key]} == {}


def test_a_new_language_needs_nothing_but_its_file(tmp_path):
    folder = shutil.copytree(ROOT / "core" / "texts", tmp_path / "texts")
    english = (folder / "en.ftl").read_text(encoding="utf-8")
    (folder / "ja.ftl").write_text(english.replace("page-compare = Compare", "page-compare = 比較"), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("texts_of_three", folder / "__init__.py")
    three = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(three)
    assert set(three.LANGUAGES) == {*LANGUAGES, "ja"} and three.LANGUAGES[0] == three.DEFAULT_LANGUAGE == "ko"
    assert three.text("dashboard-page-compare", "ja") == "比較"
    assert [three.language_of(locale) for locale in ("ja-JP", "ko-KR", "fr-FR")] == ["ja", "ko", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_of_a_measure_has_a_name_and_a_help(language):
    for measure in MEASURES.values():
        if measure.column and measure.name not in ("exact_match", "f1"):  # these have an interval and another column
            name = measure.name.replace("_", "-")
            assert texts.text(f"runs-column-{name}", language) and texts.text(f"runs-help-{name}", language)


def test_every_text_that_is_asked_for_exists():
    keys = placeables("ko").keys()
    missing = [(where, key) for where, key in asked() if not any(re.fullmatch(key, known) for known in keys)]
    assert missing == []


def test_every_text_is_used():
    used = re.compile("|".join(f"(?:{found})" for found in mentioned()))
    assert [key for key in placeables("ko") if not used.fullmatch(key)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_can_be_said(language):
    found = placeables(language)
    values = dict.fromkeys(set().union(*found.values()), 2)  # all, as a text may quote another one
    for key in found:
        assert texts.text(key, language, **values).strip()


def test_korean_has_no_particle_right_after_a_placeable():
    """A name's final sound decides between 은/는, 이/가, 을/를, 와/과 and 으로/로, and a name can be anything."""
    particle = re.compile(r"\}(은|는|이|가|을|를|와|과|으로|로)(?![가-힣])")
    source = (ROOT / "core" / "texts" / "ko.ftl").read_text(encoding="utf-8")
    assert [line for line in source.splitlines() if particle.search(line)] == []


@pytest.mark.parametrize(
    ("locale", "language"),
    [("ko-KR", "ko"), ("ko", "ko"), ("KO-kr", "ko"), ("en-US", "en"), ("fr", "en"), (None, "ko"), ("", "ko")],
)
def test_language_of(locale, language):
    assert texts.language_of(locale) == language


def test_what_is_missing_is_an_error():
    with pytest.raises(LookupError):
        texts.text("no-such-key")
    with pytest.raises(ValueError):
        texts.text("dashboard-seconds", "en")
    with pytest.raises(ValueError):
        texts.text("dashboard-run", "fr")

"""The comparison as the terminal and as JSON show it."""

import io
import json
import re
from pathlib import Path

import pytest
from rich.console import Console

import core.texts
from core.comparing import slices
from core.comparing.compare import compare
from core.comparing.verdict import VERDICTS
from core.reports import html_report, report
from core.reports.answers import with_answers
from core.scoring.errors import ERROR_TYPES
from tests.comparing.factory import predictions
from tests.comparing.test_compare import pair
from tests.comparing.test_slices import made_up_slices


def printed(comparison, language, table=None) -> str:
    console = Console(file=io.StringIO(), width=160)
    report.print_comparison(console, comparison, language, table)
    return console.file.getvalue()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_terminal_shows_verdict_figures_and_movement(language):
    found = compare(*pair(both=30, only_a=8, only_b=14, neither=50), "f1", threshold=0.8)
    table = slices.slice_differences(found, made_up_slices(102), dimensions=["question_type"])
    said = printed(found, language, table)
    flat = " ".join(said.split())
    for message in found.messages:
        assert message.text(language) in flat
    for figure in ("37.3", "43.1", "+5.9", "0.8"):
        assert figure in said
    for kind in ("exact", "elsewhere"):
        assert core.texts.text(f"error-{kind}", language) in said
    assert core.texts.text("slice-question_type-who", language) in said
    assert core.texts.text("error-josa", language) not in said  # a type that neither run has


def test_warnings_are_shown_and_names_are_no_markup():
    a, b = predictions([True] * 30, run="[red]x[/red]"), predictions([False] * 30, run="[/b]", doc_stride=64)
    said = printed(compare(a, b), "en")
    assert "[red]x[/red]" in said
    assert "[/b]" in said
    assert "! The runs move their window by different steps: 128 and 64 pieces." in said


def test_json_holds_everything_but_the_rows():
    found = compare(*pair(both=20, only_a=7, only_b=9, neither=66))
    table = slices.slice_differences(found, made_up_slices(102), dimensions=["question_type"], minimum_questions=52)
    document = json.loads(json.dumps(report.to_dict(found, table), allow_nan=False))
    assert document["counts"] == {"both": 20, "only-a": 7, "only-b": 9, "neither": 66}
    assert document["right"]["difference"] == pytest.approx(100 * 2 / 102)
    assert document["verdict"]["kind"] == "uncertain"
    assert document["verdict"]["en"] == found.verdict.text("en")
    assert document["recipes"]["verdict"]["kind"] == "recipe-unknown"
    assert (document["recipes"]["scores_b"], document["recipes"]["low"]) == ([pytest.approx(100 * 29 / 102)], None)
    assert document["mcnemar"]["only_b"] == 9
    assert document["movement"]["exact"]["elsewhere"] == 7
    assert document["slices"][0]["too_few"] is True
    assert document["slices"][0]["difference"] is None
    assert "table" not in document


def test_with_one_paragraph_the_interval_cannot_be_told():
    sides = ([True, True, True, False], [True, False, False, False])
    found = compare(*(predictions(right, [3] * 4, run=run) for run, right in zip("ab", sides, strict=True)))
    assert found.verdict.kind == "too-few" and found.right.difference == -50
    document = json.loads(json.dumps(report.to_dict(found), allow_nan=False))
    for name in ("right", "exact_match", "f1"):
        assert [document[name][part] for part in ("low", "high", "detectable")] == [None] * 3
    assert [document[name] for name in ("icc", "design_effect")] == [None] * 2
    for language, said, correlated in (("en", "cannot be told", "intra-class"), ("ko", "알 수 없음", "급내 상관")):
        page = html_report.render(
            found, *(predictions([True] * 4),) * 2, rows=with_answers(found, None), language=language
        )
        for shown in (printed(found, language), page):
            assert said in shown and correlated not in shown
            assert not re.search(r"\bnan\b", shown)


def keys(language: str) -> set[str]:
    lines = (Path(core.texts.__file__).parent / f"{language}.ftl").read_text(encoding="utf-8").splitlines()
    prefixes = ("verdict-", "error-", "slice-", "compare-core-", "compare-why-")
    return {key for line in lines for key in re.findall(r"^([a-z][\w-]*) =", line) if key.startswith(prefixes)}


def test_the_catalogue_has_every_key_in_both_languages():
    assert all(keys(language) == keys("en") for language in core.texts.LANGUAGES)
    needed = {f"verdict-{kind}" for kind in VERDICTS} | {f"error-{kind}" for kind in ERROR_TYPES}
    needed |= {f"compare-why-{kind}" for kind in ERROR_TYPES}
    needed |= {f"slice-{name}" for name in slices.DIMENSIONS}
    needed |= {f"slice-{name}-{kind}" for name, one in slices.DIMENSIONS.items() for kind in one.slices}
    assert needed <= keys("en")

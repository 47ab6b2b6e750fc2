"""The HTML report: complete in itself, and hostile text stays text."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from core.comparing.compare import Comparison, compare
from core.data.formats import Answer, Dataset, Example
from core.reports import html_report, report
from core.reports.answers import span, with_answers
from core.store.predictions import Predictions
from tests.comparing import factory

HOSTILE = "<script>alert(1)</script></td>\"'\u202e&amp;"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data


def _pair() -> tuple[Comparison, Predictions, Predictions, Dataset]:
    """Forty questions of forty paragraphs; A has the even ones right, B the first thirty."""
    rows = np.arange(40)
    a = factory.predictions(rows % 2 == 0, rows, run="a<b>")
    b = factory.predictions(rows < 30, rows, run="b")
    context = HOSTILE + " 지문의 나머지 글자들입니다"
    examples = [
        Example(f"q{row}", f"{row} {HOSTILE}?", context, (Answer(context[:2], 0),), "", row // 2, 0) for row in rows
    ]
    return compare(a, b), a, b, factory.dataset(*examples)


def _parsed(document: str) -> _Tags:
    tags = _Tags()
    tags.feed(document)
    return tags


def test_report_says_what_the_comparison_found():
    comparison, a, b, dataset = _pair()
    page = _parsed(
        html_report.render(comparison, a, b, rows=with_answers(comparison, dataset), filters=["B <i>"], language="en")
    )
    for message in comparison.messages:
        assert message.text("en") in page.text
    for figure in report.cells(comparison.exact_match, "en")[:3]:
        assert figure in page.text
    assert "20 questions changed hands among the 40" in page.text  # 5 even ones from 30 on, 15 odd ones before
    assert a.meta.weights_sha256 in page.text and b.meta.weights_sha256 in page.text
    assert comparison.dataset_sha256 in page.text
    assert "B <i>" in page.text
    assert page.text.count(f"1 {HOSTILE}?") >= 1


@pytest.mark.parametrize("language", ["ko", "en"])
def test_nothing_is_loaded_and_nothing_runs(language):
    comparison, a, b, dataset = _pair()
    document = html_report.render(comparison, a, b, rows=with_answers(comparison, dataset), language=language)
    page = _parsed(document)
    assert not {"script", "img", "link", "iframe", "object", "b<b>"} & set(page.tags)
    assert not re.search(r"\b(?:src|href|url)\s*[=(]", document)
    assert "default-src 'none'" in document
    assert HOSTILE not in document
    assert "a<b>" in page.text


def test_without_text_there_are_places():
    comparison, a, b, _ = _pair()
    page = _parsed(html_report.render(comparison, a, b, rows=with_answers(comparison, None), language="en"))
    assert "alert" not in page.text
    assert "[0–2]" in page.text and "[10–12]" in page.text
    assert "licence does not allow" in page.text


def test_answers_are_slices_of_the_passage():
    comparison, _, _, dataset = _pair()
    table = with_answers(comparison, dataset)
    assert table.loc[1, ["number", "gold", "a_answer", "b_answer"]].tolist() == [2, "<s", "er", "<s"]
    assert span(None, 4, 4) == ""

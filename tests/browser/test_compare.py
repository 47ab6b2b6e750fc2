"""The Compare page in a real browser: a copied link shows the same view, and hostile text stays text."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.data import catalogue, formats
from core.store.runs import Store
from tests.browser.server import PATIENCE, at_rest, chromium, dashboard
from tests.pages import compare_fixture, store_fixture

pytestmark = pytest.mark.browser

ANSWER = "<script>document.title='owned'</script></mark>\"'"
CONTEXT = (
    ANSWER + " \u202e뒤집힌 글\u202c <img src=x onerror=\"document.title='owned'\"> $x$ :red[y] **z** &amp;  두 칸"
)
QUESTION = "<b onclick=x>\"누구\"</b></mark>\u200f'?  <script>document.title='owned'</script>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def visit(browser: Browser, address: str) -> Page:
    """Opens an address in a context of its own, as another person would."""
    page = browser.new_context(locale="en-US", viewport={"width": 1440, "height": 1000}).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    return page


def test_a_copied_link_shows_the_same_question(browser, tmp_path):
    compare_fixture.demo(tmp_path / "store")
    with dashboard(tmp_path / "store", ANSWERDIFF_DATA=str(tmp_path)) as address:
        page = visit(browser, f"{address}/compare")
        _pick(page, "Run A", "base-1")
        _pick(page, "Run B", "pre-3")
        page.get_by_role("button", name=re.compile("^only B right")).click()
        position = page.get_by_text(re.compile(r"^1 of \d+ · "))
        expect(position).to_be_visible(timeout=PATIENCE)
        at_rest(page)
        first = page.get_by_role("heading", level=3).filter(has_text="?").inner_text()
        page.get_by_role("button", name="Next").click()
        expect(page.get_by_text(re.compile(r"^2 of \d+ · "))).to_be_visible(timeout=PATIENCE)
        at_rest(page)  # the heading and the address come after the position
        question = page.get_by_role("heading", level=3).filter(has_text="?").inner_text()
        assert question != first
        link = page.url
        assert "outcome=only-b" in link and "b=pre-3" in link

        other = visit(browser, link)
        expect(other.get_by_role("heading", level=3, name=question)).to_be_visible(timeout=PATIENCE)
        expect(other.get_by_text(re.compile(r"^2 of \d+ · "))).to_be_visible()
        expect(other.get_by_role("button", name=re.compile(r"^only B right · \d+"))).to_be_visible()
        assert other.locator('[data-testid="stException"]').count() == 0


def test_keys_lead_through_the_list(browser, tmp_path):
    compare_fixture.demo(tmp_path / "store")
    with dashboard(tmp_path / "store", ANSWERDIFF_DATA=str(tmp_path)) as address:
        page = visit(browser, f"{address}/compare?outcome=only-b")
        expect(page.get_by_text(re.compile(r"^1 of \d+ · "))).to_be_visible(timeout=PATIENCE)
        at_rest(page)
        page.keyboard.press("j")
        expect(page.get_by_text(re.compile(r"^2 of \d+ · "))).to_be_visible(timeout=PATIENCE)
        at_rest(page)
        page.keyboard.press("k")
        expect(page.get_by_text(re.compile(r"^1 of \d+ · "))).to_be_visible(timeout=PATIENCE)
        at_rest(page)
        page.get_by_role("textbox", name="Search").press_sequentially("jj")  # letters of a word, not steps
        expect(page.get_by_text(re.compile(r"^1 of \d+ · "))).to_be_visible()


def test_tabs_and_margin_are_in_the_address_and_come_back_with_it(browser, tmp_path):
    """Through all tabs, with a question and a pair clicked in their tables; then to another page, and Back."""
    compare_fixture.demo(tmp_path / "store")
    with dashboard(tmp_path / "store", ANSWERDIFF_DATA=str(tmp_path)) as address:
        page = visit(browser, f"{address}/compare?a=base-1&b=pre-1")
        verdict = page.locator(".st-key-verdict")
        expect(verdict).to_contain_text("picked among 4 runs", timeout=PATIENCE)
        at_rest(page)
        margin = page.get_by_role("spinbutton", name="The same within (points)")
        margin.fill("40")
        margin.press("Enter")
        expect(verdict).to_contain_text("practically the same", timeout=PATIENCE)
        at_rest(page)
        assert "margin=40" in page.url
        for tab, heard, view in (
            ("All pairs", "Who is told apart from whom", "all"),
            ("How many questions", "True difference to see", "plan"),
            ("Hard questions", "Questions that separate the runs", "questions"),
        ):
            page.get_by_role("tab", name=tab).click()
            expect(page.get_by_text(heard)).to_be_visible(timeout=PATIENCE)
            at_rest(page)
            assert f"view={view}" in page.url and "margin=40" in page.url
            assert page.get_by_role("button", name=re.compile("^only B right")).count() == 0
        _click_row(page, "Questions that separate the runs")
        expect(page.get_by_role("button", name=re.compile("^only B right"))).to_be_visible(timeout=PATIENCE)
        at_rest(page)
        assert "view=" not in page.url and "id=mini-ko" in page.url
        page.get_by_role("tab", name="All pairs").click()
        expect(page.get_by_text("Who is told apart from whom")).to_be_visible(timeout=PATIENCE)
        at_rest(page)
        _click_row(page, "All pairs")
        expect(page.get_by_role("button", name=re.compile("^only B right"))).to_be_visible(timeout=PATIENCE)
        at_rest(page)
        assert "b=pre-" in page.url and "a=base-" in page.url and "view=" not in page.url
        page.get_by_role("tab", name="How many questions").click()
        expect(page.get_by_text("True difference to see")).to_be_visible(timeout=PATIENCE)
        at_rest(page)
        link = page.url
        page.get_by_role("link", name="Runs").click()
        expect(page.get_by_role("heading", level=1, name="Runs")).to_be_visible(timeout=PATIENCE)
        at_rest(page)
        for _ in range(9):
            page.go_back()
            at_rest(page)
            if page.url == link:
                break
        expect(page.get_by_text("True difference to see")).to_be_visible(timeout=PATIENCE)
        at_rest(page)
        assert page.get_by_role("spinbutton", name="The same within (points)").input_value() == "40.0"
        assert page.url == link
        assert page.locator('[data-testid="stException"]').count() == 0


def _click_row(page: Page, table: str) -> None:
    """Clicks the first row of a table that is drawn on a canvas, on its second cell."""
    canvas = page.get_by_role("region", name=table, exact=True).locator("canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 120, box["y"] + 55)  # an element without a name lies over the canvas


def test_hostile_text_is_shown_and_does_nothing(browser, tmp_path):
    dataset = _hostile(tmp_path)
    store = Store(tmp_path / "store")
    for name in ("first", "second"):
        run = store_fixture.finished_run(store, name, datasets=())
        store.label(name, title=f"{name} <script>document.title='owned'</script>")
        compare_fixture.write(run, dataset, [(0, len(ANSWER) - (name == "first"))] * len(dataset.examples))
    with dashboard(store.root, ANSWERDIFF_DATA=str(tmp_path)) as address:
        page = visit(browser, f"{address}/compare")
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        heading = page.get_by_role("heading", level=3).filter(has_text="누구")
        expect(heading).to_be_visible(timeout=PATIENCE)
        assert heading.text_content() == QUESTION
        passage = page.locator('[data-testid="stHtml"]').filter(has_text="뒤집힌 글").first.text_content() or ""
        for label in ("Gold", "A", "B"):
            passage = passage.replace(label, "", 1)
        assert _letters(passage) == _letters(CONTEXT)
        for part in ("script", "img", "b[onclick]"):
            assert page.locator(f'[data-testid="stHtml"] {part}').count() == 0
        assert page.title() != "owned"
        assert dialogs == []


def _pick(page: Page, label: str, name: str) -> None:
    at_rest(page)  # a redraw would shut the list
    box = page.get_by_role("combobox", name=label)
    box.click()
    page.get_by_role("option", name=name).click()
    expect(box).to_have_value(name)
    at_rest(page)


def _letters(text: str) -> str:
    """Drops what marks of the page may put between the passage's own characters."""
    return text.replace("\u2060", "").replace("\u200b", "")


def _hostile(folder: Path) -> formats.Dataset:
    qas = [
        {"id": f"<i>{n}</i>", "question": QUESTION, "answers": [{"text": ANSWER, "answer_start": 0}]} for n in range(2)
    ]
    document = {"data": [{"title": "<u>t</u>", "paragraphs": [{"context": CONTEXT, "qas": qas}]}]}
    path = folder / "hostile.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return catalogue.load(path)

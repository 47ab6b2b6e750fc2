"""A person who changes pages by the sidebar: the runs chosen on one page are those of the next."""

from collections.abc import Iterator
from itertools import permutations
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.server import PATIENCE, at_rest, chromium, dashboard
from tests.pages import compare_fixture

pytestmark = pytest.mark.browser

PAGES = {
    "runs": "Runs",
    "learning_curves": "Learning curves",
    "compare": "Compare",
    "ask": "Ask",
    "reported": "Reported vs measured",
}
PICKERS = ("compare", "ask")  # show A and B
DEFAULT, LINKED, CHOSEN = ("base-1", "pre-1"), ("pre-3", "base-2"), ("base-2", "pre-3")


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("pages")
    compare_fixture.demo(folder / "store")
    with dashboard(folder / "store", ANSWERDIFF_DATA=str(folder)) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-US", viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    assert page.locator('[data-testid="stException"]').count() == 0
    context.close()


def go(page: Page, name: str) -> None:
    """Clicks a page in the sidebar."""
    page.get_by_role("link", name=PAGES[name], exact=True).click()
    shown(page, name)


def shown(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(PAGES[name], timeout=PATIENCE)
    at_rest(page, 1)


def assert_pair(page: Page, name: str, a: str, b: str) -> None:
    """The page and its address know A and B."""
    query = parse_qs(urlsplit(page.url).query)
    assert (query.get("a"), query.get("b")) == ([a], [b])
    if name in PICKERS:
        expect(page.get_by_role("combobox", name="Run A")).to_have_value(a, timeout=PATIENCE)
        expect(page.get_by_role("combobox", name="Run B")).to_have_value(b, timeout=PATIENCE)
    elif name != "reported":
        assert sorted(query["runs"]) == sorted((a, b))
    if name == "runs":
        expect(page.get_by_text(f"A: {min(a, b)} · B: {max(a, b)}")).to_be_visible(timeout=PATIENCE)
    if name == "learning_curves":
        picker = page.get_by_test_id("stMultiSelect").filter(has_text="Runs to show")
        for name in (a, b):
            expect(picker.get_by_text(name, exact=True)).to_be_visible(timeout=PATIENCE)


def pick(page: Page, label: str, name: str) -> None:
    box = page.get_by_role("combobox", name=label)
    box.click()
    page.get_by_role("option", name=name).click()
    expect(box).to_have_value(name, timeout=PATIENCE)
    at_rest(page)


def walk(page: Page, a: str, b: str) -> None:
    """Goes from every page to every other one, each change of page once, from the page it is on."""
    begin = next(name for name, title in PAGES.items() if page.get_by_role("heading", level=1).inner_text() == title)
    assert_pair(page, begin, a, b)
    for name in circuit(begin):
        go(page, name)
        assert_pair(page, name, a, b)


def circuit(begin: str) -> list[str]:
    """Returns the pages of a walk that makes each of the changes of page once (Hierholzer's algorithm)."""
    ahead = {name: [other for other in PAGES if other != name] for name in PAGES}
    path, done = [begin], []
    while path:
        if ahead[path[-1]]:
            path.append(ahead[path[-1]].pop())
        else:
            done.append(path.pop())
    changes = list(zip(done[::-1], done[-2::-1], strict=False))
    assert sorted(changes) == sorted(permutations(PAGES, 2))
    return [name for _, name in changes]


def test_the_pair_of_a_link_stays_over_all_pages(page, address):
    page.goto(f"{address}/compare?a={LINKED[0]}&b={LINKED[1]}")
    shown(page, "compare")
    walk(page, *LINKED)


@pytest.mark.parametrize("begin", [name for name in PAGES if name != "compare"])
def test_the_first_change_of_page_keeps_the_pair_of_a_link(page, address, begin):
    page.goto(f"{address}/{begin if begin != 'runs' else ''}?a={LINKED[0]}&b={LINKED[1]}")
    shown(page, begin)
    for name in ("compare", "ask") if begin != "ask" else ("compare",):
        go(page, name)
        assert_pair(page, name, *LINKED)


def test_the_pair_shown_at_first_is_the_same_on_all_pages(page, address):
    page.goto(f"{address}/compare")
    shown(page, "compare")
    walk(page, *DEFAULT)


def test_a_pair_chosen_by_hand_stays_over_all_pages(page, address):
    page.goto(f"{address}/ask?a={LINKED[0]}&b={LINKED[1]}")
    shown(page, "ask")
    for side, name in zip("AB", CHOSEN, strict=True):
        pick(page, f"Run {side}", name)
    walk(page, *CHOSEN)


def test_chosen_runs_stay_beside_another_pair(page, address):
    page.goto(f"{address}/learning_curves?a={LINKED[0]}&b={LINKED[1]}")
    shown(page, "learning_curves")
    page.get_by_role("combobox", name="Runs to show").click()
    page.get_by_role("option", name="base-1").click()
    page.keyboard.press("Escape")
    at_rest(page)
    for name in ("compare", "runs", "ask", "learning_curves"):
        go(page, name)
        query = parse_qs(urlsplit(page.url).query)
        assert (query["a"], query["b"]) == ([LINKED[0]], [LINKED[1]])
        if name not in PICKERS:
            assert sorted(query["runs"]) == sorted(("base-1", *LINKED))


def test_a_step_back_brings_the_pair_that_was_shown(page, address):
    page.goto(f"{address}/compare?a={LINKED[0]}&b={LINKED[1]}")
    shown(page, "compare")
    go(page, "ask")
    pick(page, "Run A", CHOSEN[0])
    for _ in range(9):
        page.go_back()
        at_rest(page)
        if "/compare" in page.url and "a=" in page.url:
            break
    shown(page, "compare")
    assert_pair(page, "compare", *LINKED)

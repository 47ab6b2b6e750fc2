"""A person at the Ask page: types a question with or without a passage, changes a run, leaves out a word."""

import re

import pytest

from core.answering import search
from core.answering.reader import Reader
from core.answering.retrieval import Index
from core.data import catalogue
from core.store.runs import Store
from tests.browser.server import PATIENCE, at_rest, chromium, dashboard
from tests.pages import ask_fixture

pytestmark = pytest.mark.browser
EXAMPLE = catalogue.load("mini-ko").by_id["mini-ko-27-2"]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("runs"))
    for number in (1, 2, 3):
        ask_fixture.answering_run(store, f"run-{number}", number)
    return store


@pytest.fixture(scope="module")
def address(store, tmp_path_factory):
    empty = str(tmp_path_factory.mktemp("data"))  # so that mini-ko is the only dataset to search in
    with dashboard(store.root, ANSWERDIFF_DATA=empty, XDG_CACHE_HOME=empty) as address:
        yield address


@pytest.fixture
def page(address):
    with chromium() as browser:
        page = browser.new_page(locale="ko-KR", viewport={"width": 1280, "height": 1400})
        page.set_default_timeout(PATIENCE)
        page.goto(f"{address}/ask")
        page.get_by_label("질문", exact=True).wait_for()
        at_rest(page)
        yield page


def answer_of(store, name, question, passage):
    best = Reader.load(store.get(name)).read(question, passage).spans[0]
    return passage[best.start : best.end]


def headline(page, side):
    heading = page.get_by_role("heading", name=re.compile(f"^{side} · "))
    return page.locator('[data-testid="stColumn"]').filter(has=heading).locator("bdi")


def give_passage(page, text):
    """Types a passage and waits for the page to have taken it, as a person does."""
    passage = page.get_by_label("지문", exact=True)
    passage.fill(text)
    passage.press("Control+Enter")
    at_rest(page)


def test_a_typed_question_is_answered_by_both_runs(page, store):
    from playwright.sync_api import expect

    give_passage(page, EXAMPLE.context)
    question = page.get_by_label("질문", exact=True)
    question.fill(EXAMPLE.question)
    question.press("Enter")
    for side, run in (("A", "run-1"), ("B", "run-2")):
        answer = answer_of(store, run, EXAMPLE.question, EXAMPLE.context)
        expect(headline(page, side).first).to_have_text(answer, timeout=60_000)

    at_rest(page)
    page.get_by_label("실행 B").click()
    page.get_by_role("option", name="run-3").click()
    answer = answer_of(store, "run-3", EXAMPLE.question, EXAMPLE.context)
    expect(headline(page, "B").first).to_have_text(answer, timeout=60_000)

    at_rest(page)
    page.get_by_text("왜 이 답인가?").click()
    first, rest = EXAMPLE.question.split(" ", 1)
    page.get_by_role("button", name=first).click()
    expect(question).to_have_value(rest)
    expect(headline(page, "A").first).to_have_text(answer_of(store, "run-1", rest, EXAMPLE.context), timeout=60_000)
    assert not page.locator('[data-testid="stException"]').count()


def test_a_question_without_a_passage_is_answered_from_the_collection(page, store):
    from playwright.sync_api import expect

    readers = [Reader.load(store.get(name)) for name in ("run-1", "run-2")]
    hits = Index(search.collect(["mini-ko"])[0]).search(EXAMPLE.question, search.COUNT)
    found = search.read(EXAMPLE.question, hits, [lambda q, p, r=r: r.read(q, p).spans for r in readers])
    best = search.first(found)

    give_passage(page, "")
    question = page.get_by_label("질문", exact=True)
    question.fill(EXAMPLE.question)
    question.press("Enter")
    for chosen in (best, (best + 1) % len(found)):
        if chosen != best:
            at_rest(page)
            page.get_by_role("combobox", name="자세히 볼 지문").click()
            page.get_by_role("option").nth(chosen).click()
        passage = found[chosen].hit.passage.text
        for side, (span, *_) in zip("AB", found[chosen].answers, strict=True):
            expect(headline(page, side).first).to_have_text(passage[span.start : span.end], timeout=60_000)
    assert not page.locator('[data-testid="stException"]').count()


def test_markup_typed_by_people_stays_text(page):
    from playwright.sync_api import expect

    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script> 서울은 \u202e수도이다."
    give_passage(page, attack)
    question = page.get_by_label("질문", exact=True)
    question.fill("<b>어디</b>인가?")
    question.press("Enter")
    passages = page.locator('[data-testid="stHtml"] > div[style*="pre-wrap"]')
    expect(passages.first).to_contain_text("onerror", timeout=60_000)
    unmarked = "node => [...node.querySelectorAll('b')].forEach(label => label.remove()) || node.textContent"
    assert passages.first.evaluate(unmarked) == attack.replace("\u202e", "\ufffd")
    assert not asked and not page.locator('[data-testid="stMain"] img[src="x"]').count()


def test_a_long_passage_outlives_a_reload_and_is_never_replaced_by_another(page, address, store):
    from playwright.sync_api import expect

    long = "서울은 대한민국의 수도이다. " * 50
    give_passage(page, long)
    question = page.get_by_label("질문", exact=True)
    question.fill("수도는 어디인가?")
    question.press("Enter")
    answer = answer_of(store, "run-1", "수도는 어디인가?", long)
    expect(headline(page, "A").first).to_have_text(answer, timeout=PATIENCE)
    at_rest(page)
    link = page.url
    assert len(link) < 1_000

    page.reload()
    expect(page.get_by_label("지문", exact=True)).to_have_value(long, timeout=PATIENCE)
    expect(question).to_have_value("수도는 어디인가?")
    expect(headline(page, "A").first).to_have_text(answer, timeout=PATIENCE)
    page.get_by_role("link", name="비교").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("비교", timeout=PATIENCE)
    at_rest(page)
    page.get_by_role("link", name="질문하기").click()
    expect(page.get_by_label("지문", exact=True)).to_have_value(long, timeout=PATIENCE)

    page.goto(re.sub("passage_kept=[0-9a-f]*", f"passage_kept={'0' * 32}", link))
    expect(page.get_by_text("지문을 다시 붙여 넣거나")).to_be_visible(timeout=PATIENCE)
    at_rest(page)
    expect(question).to_have_value("수도는 어디인가?")
    expect(page.get_by_label("지문", exact=True)).to_have_value("")
    assert not headline(page, "A").count()
    give_passage(page, long)
    expect(headline(page, "A").first).to_have_text(answer, timeout=PATIENCE)
    expect(page.get_by_text("지문을 다시 붙여 넣거나")).to_have_count(0, timeout=PATIENCE)

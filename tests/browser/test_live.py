"""A training started in a terminal, seen in a real browser: it appears, moves, dies, is resumed, and ends."""

import os
import shlex
import signal
import subprocess
import sys
import time

import pytest
from playwright.sync_api import Page, expect

from core.store.history import HistoryReader
from core.store.runs import HISTORY_FILE, Store
from tests.browser.server import PATIENCE, ROOT, at_rest, chromium, dashboard
from tests.pages import store_fixture

pytestmark = pytest.mark.browser

# A minute of training, or a few on a busy machine: long enough to be looked at.
SETTINGS = (
    *("model.hidden_dim=32", "model.num_layers=1", "model.num_heads=2", "model.intermediate_dim=64"),
    *("training.epochs=60", "training.patience=60", "training.batch_size=16", "training.validation_share=0.2"),
)
TRAIN = "python -m core train base --name new-run --train mini-ko --evaluate mini-ko"
THE_END = 900_000  # milliseconds

# The chart is made anew at every update: there may be none at the moment of looking.
_DATA = "document.querySelector('.js-plotly-plot')?._fullData"
_GROUPS = f"{_DATA} && [...new Set({_DATA}.map(t => t.legendgroup))]"
_LAST_X = f"{_DATA}?.find(t => t.legendgroup == 'new-run')?.x.at(-1)"


@pytest.fixture
def page():
    with chromium() as browser:
        page = browser.new_page(locale="en-US", viewport={"width": 1440, "height": 1000})
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        yield page


@pytest.fixture
def terminal(tmp_path):
    """Types a command at the repository's root; what still runs at the end of the test is ended."""
    started = []

    def enter(command: str) -> subprocess.Popen:
        words = [sys.executable if word == "python" else word for word in shlex.split(command)]
        variables = os.environ | {"ANSWERDIFF_CHECKPOINTS": str(tmp_path / "store"), "TF_CPP_MIN_LOG_LEVEL": "3"}
        with (tmp_path / "terminal.txt").open("ab") as screen:
            started.append(subprocess.Popen(words, cwd=ROOT, env=variables, stdout=screen, stderr=screen))
        return started[-1]

    yield enter
    for process in started:
        process.kill()
        process.wait()


def axis(page: Page) -> list[float]:
    """The stretch of the x axis that the first chart shows."""
    return _when_drawn(page, "document.querySelector('.js-plotly-plot')?._fullLayout?.xaxis?.range")


def last_x(page: Page) -> float:
    """The last step that is drawn of the run in training."""
    return _when_drawn(page, _LAST_X)


def _when_drawn(page: Page, expression: str):
    """The value of an expression as soon as there is a chart to take it from."""
    return page.wait_for_function(expression).json_value()


def test_a_training_appears_moves_keeps_the_view_dies_and_is_resumed_to_its_end(page, terminal, tmp_path):
    store = store_fixture.Store(tmp_path / "store")
    store_fixture.finished_run(store, "old-run", "base")
    with dashboard(store.root) as address:
        page.goto(address)
        expect(page.get_by_text("Select two runs in the table")).to_be_visible()

        process = terminal(" ".join([TRAIN, *(f"--set {setting}" for setting in SETTINGS)]))
        while "new-run" not in [run.name for run in Store(store.root).list()]:
            assert process.poll() is None, (tmp_path / "terminal.txt").read_text()
            time.sleep(0.1)
        began = time.monotonic()
        expect(page.get_by_text("running 1")).to_be_visible()
        print(f"\nthe run was on the page {time.monotonic() - began:.1f} s after it was in the store")

        wait_for_records(store, 2)
        page.goto(f"{address}/learning_curves?runs=new-run&runs=old-run&metric=loss")
        page.wait_for_function("document.querySelector('.js-plotly-plot')?._fullLayout?.xaxis")
        first = last_x(page)
        page.wait_for_function(f"{first} < " + _LAST_X)

        chart = page.locator(".js-plotly-plot").first.bounding_box()
        page.mouse.move(chart["x"] + chart["width"] * 0.4, chart["y"] + chart["height"] * 0.5)
        page.mouse.down()
        page.mouse.move(chart["x"] + chart["width"] * 0.6, chart["y"] + chart["height"] * 0.5, steps=5)
        page.mouse.up()
        expect(page.get_by_role("button", name="Show all")).to_be_visible()
        page.wait_for_function("document.querySelector('.js-plotly-plot')?._fullLayout?.xaxis?.autorange == false")
        zoomed = axis(page)
        drawn = last_x(page)
        page.wait_for_function(f"{drawn} < " + _LAST_X)  # an update
        assert axis(page) == zoomed

        page.reload()
        page.wait_for_function("document.querySelector('.js-plotly-plot')?._fullLayout?.xaxis")
        assert axis(page) == zoomed
        assert {"new-run", "old-run"} == set(_when_drawn(page, _GROUPS))

        assert process.poll() is None, "the training was over before it could be killed"
        process.send_signal(signal.SIGKILL)
        process.wait()
        expect(page.locator('[data-testid="stProgress"]')).to_have_count(0, timeout=30_000)
        page.goto(f"{address}/?runs=new-run")
        expect(page.get_by_text("No sign of life since")).to_be_visible()
        shown = page.locator('[data-testid="stCode"]', has_text="--resume").inner_text().strip()
        assert shown == "python -m core train base --name new-run --resume"

        process = terminal(shown)
        expect(page.get_by_text("running 1")).to_be_visible()
        expect(page.get_by_text("finished 2")).to_be_visible(timeout=THE_END)
        assert process.wait(60) == 0, (tmp_path / "terminal.txt").read_text()
        run = store.get("new-run")
        assert (run.status, run.get("progress", "epoch"), run.predictions()) == ("finished", 60, ["mini-ko"])
        frame = HistoryReader(store.path("new-run") / HISTORY_FILE).refresh()
        steps = frame.loc[frame["kind"] == "step", "step"].tolist()
        assert steps == sorted(set(steps)) and steps[-1] == run.get("progress", "total_steps")
        expect(page.get_by_text("No sign of life since")).to_have_count(0)
        assert page.locator('[data-testid="stException"]').count() == 0


def records(store: Store) -> int:
    """How many records the training has logged."""
    return len(HistoryReader(store.path("new-run") / HISTORY_FILE).refresh())


def wait_for_records(store: Store, count: int) -> None:
    for _ in range(600):
        if records(store) >= count:
            return
        time.sleep(0.2)
    raise AssertionError(f"no {count} records within two minutes")


def test_the_first_visitor_of_a_server_may_come_by_a_pages_own_address(page, tmp_path):
    """Streamlit would run the page without the dashboard's frame: no language, no navigation, another width."""
    store_fixture.finished_run(store_fixture.Store(tmp_path), "old-run", "base")
    with dashboard(tmp_path) as address:
        page.goto(f"{address}/learning_curves?lang=ko&x=epoch")
        expect(page.get_by_role("heading", level=1)).to_have_text("학습 곡선")
        expect(page.get_by_role("link", name="실행")).to_be_visible()
        expect(page.get_by_text("한국어")).to_be_visible()
        expect(page.get_by_text("에폭").first).to_be_visible()
        assert "x=epoch" in page.url and "Page not found" not in page.content()


def test_nothing_is_fetched_from_elsewhere(page, tmp_path):
    store_fixture.demo(tmp_path)
    asked = set()
    page.on("request", lambda request: asked.add(request.url.split("/")[2]) if "//" in request.url else None)
    with dashboard(tmp_path) as address:
        for name in ("", "learning_curves"):
            page.goto(f"{address}/{name}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            at_rest(page)
            page.wait_for_load_state("networkidle")
    assert {host.split(":")[0] for host in asked} == {"127.0.0.1"}

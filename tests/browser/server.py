"""A dashboard of its own, and a browser, for a browser test."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 60_000  # milliseconds: the first page of a server imports pandas, SciPy and Plotly


@contextmanager
def chromium() -> Iterator[Browser]:
    """Starts Debian's Chromium; skips the test where it is not installed."""
    if not Path(CHROMIUM).is_file():
        pytest.skip(f"{CHROMIUM} is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def dashboard(store: Path, **environment: str) -> Iterator[str]:
    """Starts the dashboard on a free port over a store; gives its address."""
    with served(store, **environment) as (address, _):
        yield address


@contextmanager
def served(store: Path, **environment: str) -> Iterator[tuple[str, int]]:
    """Starts the dashboard on a free port over a store; gives its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.headless=true"]
    command += [f"--server.port={port}", "--server.fileWatcherType=none"]
    variables = os.environ | {"ANSWERDIFF_CHECKPOINTS": str(store), **environment}
    server = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health", server)
        yield f"http://127.0.0.1:{port}", server.pid
    finally:
        server.terminate()
        server.wait(20)


def at_rest(page: Page, quarters: int = 4) -> None:
    """Waits until the script has run to its end and stays there for some quarters of a second.

    What is typed while it still draws the page (a first visit draws it twice) can be lost: the tests type too soon.
    """
    quiet = page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')
    calm = 0
    while calm < quarters:
        quiet.wait_for()
        page.wait_for_timeout(250)
        calm = calm + 1 if quiet.count() else 0


def _wait_for(address: str, server: subprocess.Popen) -> None:
    for _ in range(240):
        assert server.poll() is None, "the dashboard ended at once"
        try:
            with urllib.request.urlopen(address, timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.25)
    raise AssertionError("the dashboard does not answer")

"""How long the Compare page takes on as many questions as KorQuAD dev has: to open, to filter, to step on.

    python -m tests.benchmarks.compare_page

The page runs under AppTest, without a browser: what is measured is the server's part. mini-ko's articles are repeated
until there are 5,774 questions. Prints wall and processor time; on a busy machine the latter is the one to compare.
"""

import json
import logging
import os
import tempfile
from pathlib import Path

from streamlit.testing.v1 import AppTest

from core.data import catalogue
from core.data.formats import Dataset
from core.store.runs import ROOT_VARIABLE, Store
from tests.benchmarks.dashboard import measured
from tests.pages import compare_fixture

PAGE = Path(__file__).parents[2] / "dashboard.py"
QUESTIONS = 5_774


def repeated(folder: Path) -> Dataset:
    """Writes a dataset of `QUESTIONS` questions into the data folder."""
    path = catalogue.find("mini-ko")
    assert path
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    found, count, turn = [], 0, 0
    while count < QUESTIONS:
        for article in articles:
            paragraphs = []
            for paragraph in article["paragraphs"]:
                questions = paragraph["qas"][: QUESTIONS - count]
                count += len(questions)
                named = [question | {"id": f"{question['id']}-{turn}"} for question in questions]
                paragraphs.append(paragraph | {"qas": named})
            found.append(article | {"paragraphs": [one for one in paragraphs if one["qas"]]})
        turn += 1
    file = folder / "repeated.json"
    file.write_text(json.dumps({"version": "1", "data": [one for one in found if one["paragraphs"]]}), encoding="utf-8")
    return catalogue.load(file)


def run(app: AppTest, what: str) -> None:
    """Runs the page and prints how long that took."""
    with measured(what):
        app.run()
    assert not app.exception, app.exception[0].stack_trace


def main() -> None:
    """Makes two runs and goes through the page."""
    logging.disable(logging.WARNING)  # Streamlit warns of every element drawn without a browser
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {ROOT_VARIABLE: str(Path(folder) / "checkpoints"), catalogue.DATA_VARIABLE: folder}
        dataset = repeated(Path(folder))
        assert len(dataset.examples) == QUESTIONS
        store = Store()
        for hours, (name, variant, skill) in enumerate((("first", "base", 0.30), ("second", "pretrained-2", 0.40))):
            compare_fixture.answering_run(
                store, name, variant, skill=skill, seed=hours, hours=hours, datasets=[dataset]
            )
        app = AppTest.from_file(str(PAGE), default_timeout=120)
        app.switch_page("pages/compare.py")
        run(app, f"open {QUESTIONS:,} questions for the first time; libraries are imported before")
        run(app, "open again: everything is cached")
        app.button(key="step-next").click()
        run(app, "another question (AppTest draws the whole page)")
        app.button(key="outcome-only-b").click()
        run(app, "filter by a cell of the 2x2 table")
        app.segmented_control(key="widget:criterion").set_value("f1")
        run(app, "another criterion: all statistics again")


if __name__ == "__main__":
    main()

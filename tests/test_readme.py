"""What the README states is what the repository's files give."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_table_of_runs_is_computed():
    command = [sys.executable, "-m", "core", "runs", "table"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    stated = re.search(r"<!-- python -m core runs table -->\n(.*)<!-- end -->", README, re.DOTALL)
    assert stated is not None
    assert stated.group(1) == printed


def test_ci_runs_the_readme_s_test_command():
    commands = re.findall(r"^pip install .*$", README, re.MULTILINE)
    assert commands == [
        "pip install -r requirements.txt && streamlit run dashboard.py",
        "pip install -r requirements-dev.txt && pytest",
    ]
    assert "grep -m1 '^pip install -r requirements-dev.txt' README.md" in (ROOT / ".ci/run").read_text()

"""Starts the dashboard, or the command line where words follow: what `pip install .` calls `answerdiff`.

Installed, this file lies in the folder `answerdiff` beside `dashboard.py`, `pages` and the runs that ship; nothing of
the project can be imported before that folder is on the path.
"""

import runpy
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Runs `streamlit run dashboard.py`, or `python -m core WORDS` where there are words."""
    sys.path.insert(0, str(ROOT))
    module = "core" if sys.argv[1:] else "streamlit"
    if module == "streamlit":
        sys.argv += ["run", str(ROOT / "dashboard.py")]
    runpy.run_module(module, run_name="__main__", alter_sys=True)

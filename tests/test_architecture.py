"""The rooms: which may use which, and nothing lies beside them."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
# The command line imports what a command needs when it is called: `--help` and most commands load no TensorFlow.
LATE = ("core/__main__.py", "core/cli/")


def test_the_contracts_of_pyproject_hold():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Contracts: 4 kept, 0 broken." in result.stdout


def test_rooms_import_each_other_at_the_top_of_a_file():
    late = [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
        for folder in ("core", "pages")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for node in _late_imports(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert late, "the command line is known to have some"
    assert [place for place in late if not place.startswith(LATE)] == []


def test_parts_of_pages_lie_in_folders():
    assert [path.name for path in (ROOT / "pages/parts").iterdir() if path.is_file()] == ["__init__.py"]


def _late_imports(tree: ast.AST) -> list[ast.AST]:
    """Returns the imports of our own modules within functions."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    imports = [node for function in functions for node in ast.walk(function)]
    return [node for node in imports if {"core", "pages"} & {name.split(".")[0] for name in _imported(node)}]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []

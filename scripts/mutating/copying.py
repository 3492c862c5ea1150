"""What is changed, so that the checkout is not?

A copy of the code and of the tests, where the decorators of functions are applied after the function instead of above
it: mutmut leaves decorated functions alone, and properties, kept readings and the rule sets of the law are such. A file
is written only when it differs, because mutmut looks at its date.
"""

import ast
from pathlib import Path

SUFFIXES = {".py", ".toml", ".json", ".csv", ".txt"}
ROOMS = ("conference", "tests/domain")
LOOSE = ("pyproject.toml", "tests/conftest.py", "tests/machine.py", "tests/postgresql.py", "tests/seeds.py")
# mutmut knows these two; the others in the same sense as Python's own.
KEPT = {"staticmethod", "classmethod", "overload", "abstractmethod"}


def copy_project(root: Path, work: Path) -> None:
    """Make `work` the same as `root`, as far as mutants need it; what is no longer in `root` leaves `work`."""
    wanted = {path: root / path for path in _paths(root)}
    for room in (*ROOMS, *(f"mutants/{room}" for room in ROOMS)):
        for old in [path for path in (work / room).rglob("*") if path.is_file()]:
            path = old.relative_to(work / "mutants" if room.startswith("mutants/") else work)
            # mutmut keeps what it found beside each file, with two more suffixes.
            if path not in wanted and path.with_suffix("") not in wanted:
                old.unlink()
    for path, source in wanted.items():
        text = source.read_text()
        _write(work / path, undecorated(text) if path.is_relative_to("conference/domain") else text)


def undecorated(source: str) -> str:
    """The same module, each `@decorator` above a function rewritten as an assignment below it."""
    lines = source.split("\n")
    for function in sorted(_decorated(ast.parse(source)), key=lambda node: node.lineno, reverse=True):
        applied = function.name
        for decorator in reversed(function.decorator_list):
            applied = f"{ast.unparse(decorator)}({applied})"
        end = function.end_lineno or function.lineno
        first = function.decorator_list[0].lineno
        after = f"{' ' * function.col_offset}{function.name} = {applied}"
        lines[first - 1 : end] = [*lines[function.lineno - 1 : end], after]
    return "\n".join(lines)


def _decorated(module: ast.Module) -> list[ast.FunctionDef]:
    bodies = [module.body, *(node.body for node in module.body if isinstance(node, ast.ClassDef))]
    functions = [node for body in bodies for node in body if isinstance(node, ast.FunctionDef) and node.decorator_list]
    return [node for node in functions if not any(ast.unparse(line) in KEPT for line in node.decorator_list)]


def _paths(root: Path) -> list[Path]:
    found = [path for room in ROOMS for path in (root / room).rglob("*") if path.suffix in SUFFIXES]
    found += [root / name for name in LOOSE if (root / name).exists()]
    return [path.relative_to(root) for path in found if "__pycache__" not in path.parts]


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

"""Which rules of the house can be read off its files?

Each rule is a pure function from a file (its path in the project, its text) to the faults in it, so that a test can
show that it catches. `faults(root)` applies every rule to every file; `python -m tests.house.rules` prints them, and
exits 1 when there is one. Migrations are exempt from the rules of size and name: they are written once, by a tool.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("conference", "templates", "static", "scripts", ".ci", "tests")
LOOSE = ("README.md", "pyproject.toml", "requirements.lock", "bench.lock", "mutants.lock")
TEXT = {".css", ".html", ".js", ".json", ".lock", ".mako", ".md", ".py", ".svg", ".toml", ".txt", ".xml", ""}

FILE_LINES = 600
FUNCTION_LINES = {"conference": 60, "tests": 90}
DRAWERS = {"base", "common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
CLOCKLESS = ("domain", "services", "data", "documents")

# Built from pieces, so that this file does not break its own rules.
LEFTOVER = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
MACHINE_PATH = re.compile(r"(?<![\w.])(?:/wo" + r"rk/|/ro" + r"ot\b|/ho" + r"me/\w|/Us" + r"ers/\w)")
REGISTRY = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("py" + "pi", "org"),
            ("python" + "hosted", "org"),
            ("npm" + "js", "org"),
            ("npm" + "js", "com"),
            ("deb", "debian", "org"),
        )
    )
)

Rule = Callable[[PurePosixPath, str], Iterator[str]]


def long_file(path: PurePosixPath, text: str) -> Iterator[str]:
    """A file that nobody reads to its end; data and licences are not read."""
    lines = text.count("\n") + 1
    if path.suffix in {".css", ".html", ".js", ".py"} and "versions" not in path.parts and lines > FILE_LINES:
        yield f"{lines} lines, at most {FILE_LINES}"


def long_function(path: PurePosixPath, text: str) -> Iterator[str]:
    """A function that does not fit on a screen."""
    most = FUNCTION_LINES.get(path.parts[0])
    if path.suffix != ".py" or most is None or "versions" in path.parts:
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > most:
                yield f"line {node.lineno}: {node.name} has {lines} lines, at most {most}"


def missing_docstring(path: PurePosixPath, text: str) -> Iterator[str]:
    """A module that does not say which question it answers."""
    if path.suffix == ".py" and path.parts[0] == "conference" and not ast.get_docstring(ast.parse(text)):
        yield "no module docstring"


def drawer(path: PurePosixPath, _text: str) -> Iterator[str]:
    """A name that says nothing of what is inside."""
    for part in path.with_suffix("").parts:
        if DRAWERS & set(part.lower().split("_")) and path.parts[0] in {"conference", "tests", "templates"}:
            yield f"{part} is a drawer: find the noun"


def file_name(path: PurePosixPath, _text: str) -> Iterator[str]:
    """Lower-case ASCII words; a test module is named after what it tests."""
    pattern = {".py": r"_*[a-z][a-z0-9_]*", ".html": r"_?[a-z][a-z0-9_]*|[45]\d\d", ".css": r"[a-z][a-z0-9-]*"}.get(
        path.suffix
    )
    if pattern and not re.fullmatch(pattern, path.stem) and "versions" not in path.parts:
        yield "name is not in lower-case words"


def leftover(path: PurePosixPath, text: str) -> Iterator[str]:
    """A note to oneself: what is left to do is an issue, not a comment."""
    if path.suffix != ".lock":
        yield from _lines(LEFTOVER, text)


def machine_path(_path: PurePosixPath, text: str) -> Iterator[str]:
    """A path of one machine."""
    yield from _lines(MACHINE_PATH, text)


def registry(_path: PurePosixPath, text: str) -> Iterator[str]:
    """The host of a package registry: which one is used is the machine's own setting."""
    yield from _lines(REGISTRY, text)


def _lines(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        found = pattern.search(line)
        if found:
            yield f"line {number}: {found.group()}"


INLINE = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "inline style": re.compile(r"<style\b|<[^>]*\sstyle\s*=", re.IGNORECASE),
    "inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "unescaped output": re.compile(r"\|\s*safe\b"),
}


def inline_code(path: PurePosixPath, text: str) -> Iterator[str]:
    """What the content policy would refuse, or what would pass a value through unescaped."""
    if path.suffix == ".html":
        # An expression may hold a ">", which would end the tag for a pattern: its marks go, its filters stay.
        bare = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
        flat = re.sub(r"\{[{%].*?[%}]\}", lambda found: found.group().replace(">", " ").replace("<", " "), bare)
        yield from (name for name, pattern in INLINE.items() if pattern.search(flat))


def clock(path: PurePosixPath, text: str) -> Iterator[str]:
    """The clock is read in web, cli and jobs only: below, today and now are given."""
    if path.suffix != ".py" or path.parts[0] != "conference" or not set(path.parts[1:2]) & set(CLOCKLESS):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = ast.unparse(node.func)
            if re.fullmatch(
                r"(?:datetime\.)?(?:date\.today|datetime\.(?:now|today|utcnow))|time\.(?:time|localtime)", name
            ):
                yield f"line {node.lineno}: {name}() reads the clock"


def foreign_import(path: PurePosixPath, text: str) -> Iterator[str]:
    """The domain imports the standard library and itself, nothing else, known or not yet invented."""
    if path.suffix == ".py" and path.parts[:2] == ("conference", "domain"):
        for node in ast.walk(ast.parse(text)):
            for name in _imported(node):
                if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("conference.domain"):
                    yield f"line {getattr(node, 'lineno', 0)}: the domain imports {name}"


def mock(path: PurePosixPath, text: str) -> Iterator[str]:
    """A test that replaces our own code tests the replacement."""
    if path.suffix == ".py" and path.parts[0] == "tests":
        for node in ast.walk(ast.parse(text)):
            yield from (f"imports {name}" for name in _imported(node) if name.startswith(("unittest.mock", "mock")))


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return ["." * node.level + (node.module or "")]
    return []


RULES: tuple[Rule, ...] = (
    long_file,
    long_function,
    missing_docstring,
    drawer,
    file_name,
    leftover,
    machine_path,
    registry,
    inline_code,
    clock,
    foreign_import,
    mock,
)


def project_files(root: Path = ROOT) -> Iterator[Path]:
    """Every text file of the project, in order; what tools leave behind is not ours."""
    yield from (root / name for name in LOOSE if (root / name).exists())
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            ours = path.is_file() and path.suffix in TEXT and "__pycache__" not in path.parts
            if ours and path.name != ".gitkeep":
                yield path


def faults(root: Path = ROOT) -> list[str]:
    """Every fault of the project, as `path: rule: what`."""
    found = []
    for file in project_files(root):
        path = PurePosixPath(file.relative_to(root).as_posix())
        text = file.read_text(encoding="utf-8")
        found += [f"{path}: {rule.__name__}: {fault}" for rule in RULES for fault in rule(path, text)]
    return found


if __name__ == "__main__":
    everything = faults()
    print("\n".join(everything) or "the house is in order")
    sys.exit(1 if everything else 0)

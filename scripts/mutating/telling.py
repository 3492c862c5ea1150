"""How many changes of each module did the tests notice?"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mutmut.stats import status_by_exit_code

FOLDER = Path("mutants", "conference", "domain")


@dataclass(frozen=True, slots=True)
class Mutants:
    """The changes of one module (`importing/cells`), by what became of them; `path` is mutmut's own record."""

    module: str
    killed: int
    timeouts: int
    unnoticed: tuple[str, ...]
    untried: int
    path: Path | None = None

    @classmethod
    def read(cls, path: Path, module: str) -> "Mutants":
        """From mutmut's record of the module."""
        codes: dict[str, int | None] = json.loads(path.read_text())["exit_code_by_key"]
        told = {name: status_by_exit_code[code] for name, code in codes.items()}
        killed, timeouts, untried = (
            sum(status == wanted for status in told.values()) for wanted in ("killed", "timeout", "not checked")
        )
        seen = {"killed", "timeout", "not checked"}
        return cls(module, killed, timeouts, tuple(n for n, s in told.items() if s not in seen), untried, path)

    @classmethod
    def gathered(cls, modules: Iterable["Mutants"]) -> "Mutants":
        """All of them as one."""
        all_of = list(modules)
        return cls(
            "all",
            sum(one.killed for one in all_of),
            sum(one.timeouts for one in all_of),
            tuple(name for one in all_of for name in one.unnoticed),
            sum(one.untried for one in all_of),
        )

    def is_of(self, modules: Iterable[str]) -> bool:
        """Is it one of `modules`, or in one of them?"""
        return any(self.module == name or self.module.startswith(f"{name}/") for name in modules)

    @property
    def share(self) -> float:
        """Percent that the tests noticed; a change that makes them run without end is noticed. Untried ones do not count."""
        noticed = self.killed + self.timeouts
        tried = noticed + len(self.unnoticed)
        return 100 * noticed / tried if tried else 100.0

    def forget(self, killed_too: bool) -> None:
        """Have the changes tried again that were not killed, or all."""
        if self.path is None:
            return
        record = json.loads(self.path.read_text())
        codes = record["exit_code_by_key"]
        record["exit_code_by_key"] = {
            name: None if killed_too or status_by_exit_code[code] != "killed" else code for name, code in codes.items()
        }
        self.path.write_text(json.dumps(record))


def read_mutants(work: Path) -> list[Mutants]:
    """What is known of each module, in the order of their names."""
    records = sorted((work / FOLDER).rglob("*.meta"))
    names = [path.relative_to(work / FOLDER).as_posix().removesuffix(".py.meta") for path in records]
    found = [Mutants.read(path, name) for path, name in zip(records, names, strict=True)]
    return [one for one in found if one.killed or one.timeouts or one.unnoticed or one.untried]


def table(modules: list[Mutants]) -> str:
    """One line a module, and all of them."""
    lines = [f"{'module':32}{'killed':>8}{'survived':>10}{'timeouts':>10}{'untried':>9}{'share':>9}"]
    for one in (*modules, Mutants.gathered(modules)):
        figures = f"{one.killed:8}{len(one.unnoticed):10}{one.timeouts:10}{one.untried:9}{one.share:8.1f}%"
        lines.append(f"{one.module:32}{figures}")
    return "\n".join(lines)

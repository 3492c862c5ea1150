"""How is a file that somebody sent read by a library that may fall on it?

By a process of its own, alone with that library, under limits of memory and of time (the child sets them): what a hostile file
costs or breaks ends with it. It answers in JSON, one line a thing.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from conference.domain.refusal import Refusal

MOST_SECONDS = 180
UNREADABLE = (
    "Ce fichier ne se lit pas\u202f: il est abîmé, protégé par un mot de passe ou trop lourd. Enregistrez-le de nouveau, ou "
    "partagez-le, puis recommencez."
)


def answers_of(script: Path, *arguments: str) -> list[Any]:
    """What the child says of a file, line by line. Raises Refusal (field `file`) when it fell, or took too long."""
    command = [sys.executable, "-I", str(script), *arguments]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=MOST_SECONDS, check=False, text=True
        )
    except subprocess.TimeoutExpired:
        raise Refusal(UNREADABLE, field="file", code="unreadable") from None
    if done.returncode != 0:
        raise Refusal(UNREADABLE, field="file", code="unreadable")
    return [json.loads(line) for line in done.stdout.splitlines() if line]

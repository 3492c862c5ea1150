"""Who reads a large file while the server goes on answering?

A process of its own, that runs `conference continue-import`: what the file costs in memory and in time is not taken from
the others, and a limit on its memory turns a hostile file into a sentence. A small text file is read at once: starting a
process would take longer than reading it.
"""

import os
import subprocess
import sys
import threading

from conference.services.staging import StagedImport
from conference.settings import Settings

SMALL = 1_000_000
"""Bytes up to which a file is read at once."""


def is_small(staged: StagedImport) -> bool:
    """Is it quicker to read it here and now?"""
    return staged.state.size <= SMALL


def start_worker(settings: Settings, staged: StagedImport) -> None:
    """Have a process of its own go on with the import, and wait for it apart so that it leaves no trace when it ends."""
    command = [sys.executable, "-m", "conference.cli", "continue-import", staged.folder.name]
    process = subprocess.Popen(
        command,
        env={**os.environ, **settings.environment()},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    threading.Thread(target=process.wait, daemon=True).start()

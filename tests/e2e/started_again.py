"""How is a killed server started again without two seconds of imports each time?

    process = start_again(["serve", "--port", "8000"], environment, log)

A process that has imported the program waits, and each start is a fork of it, which runs the command from its first line
in a session of its own. What is started is the same; only the reading of the modules is done once.
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import conference

LOADED = ("conference.cli", "conference.cli.serve", "conference.jobs", "gunicorn.workers.gthread")


def start_again(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> ForkServerProcess:
    """`conference ARGUMENTS` in a new session; what it prints is added to `log`."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*LOADED, *(f"conference.web.{name}" for name in conference.PAGES)])
    process = context.Process(target=_command, args=(list(arguments), dict(environment), str(log)))
    process.start()
    return process


def _command(arguments: list[str], environment: dict[str, str], log: str) -> None:
    os.setsid()
    handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.environ.clear()
    os.environ.update(environment)
    from conference.cli import run

    sys.exit(run(arguments))

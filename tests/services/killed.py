"""A process that kills itself with -9 the N-th time it enters a function: `python killed.py MODULE:FUNCTION N -- ARGUMENTS`.

The command line runs as it is; only the moment of its death is chosen.
"""

import os
import signal
import sys
from types import FrameType
from typing import Any


def main() -> int:
    """Run `conference ARGUMENTS` until the chosen call."""
    where, times = sys.argv[1], int(sys.argv[2])
    module, _, function = where.partition(":")
    left = times

    def watch(frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal left
        if event != "call" or frame.f_code.co_name != function or frame.f_globals.get("__name__") != module:
            return
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    from conference.cli import run

    sys.setprofile(watch)
    return run(sys.argv[4:])


if __name__ == "__main__":
    raise SystemExit(main())

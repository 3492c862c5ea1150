"""A process that delivers the outbox, and may kill itself with -9: `python outbox_process.py [FUNCTION N]`.

FUNCTION is one of `conference.services.outbox` or of `conference.services.mails`; it dies as it enters its N-th call.
"""

import os
import signal
import sys
from types import FrameType
from typing import Any

from conference.data.session import Database
from conference.services.outbox import deliver
from conference.settings import load_settings
from tests.seeds import AT

MODULES = ("conference.services.outbox", "conference.services.mails")


def main() -> None:
    """One round."""
    function, left = (sys.argv[1], int(sys.argv[2])) if len(sys.argv) > 1 else ("", 0)

    def watch(frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal left
        if event == "call" and frame.f_code.co_name == function and frame.f_globals.get("__name__") in MODULES:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    settings = load_settings()
    database = Database(settings.url)
    if function:
        sys.setprofile(watch)
    deliver(settings, database, at=AT)


if __name__ == "__main__":
    main()

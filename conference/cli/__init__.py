"""What does the command line do, and how does it say no?

Each command is a room of this package, imported when it is asked for: a five-line wrapper over a service, acting as
`CONSOLE`. What we foresee ends in a sentence on stderr and an exit code, never in a traceback: 0 all well, 1 something was
refused or `verify` found a fault, 2 misuse, unreadable file or no instance.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click
from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError

from conference.cli.opening import NotReady
from conference.data.constraints import refusal_of
from conference.domain.refusal import Refusal

COMMANDS = {
    "init": "init",
    "demo": "demo",
    "serve": "serve",
    "account": "account",
    "import": "importing",
    "continue-import": "importing",
    "totals": "totals",
    "summary": "summary",
    "convention": "convention",
    "export": "export",
    "coverage": "coverage",
    "detect": "detect",
    "verify": "verify",
    "seal": "seal",
    "seal-certificate": "seal_certificate",
    "generate": "generate",
    "backup": "archive",
    "restore": "archive",
}
"""Room of each command, in the order of a newcomer's questions."""


class Rooms(click.Group):
    """Finds a command in its room when it is asked for, so that `totals` does not load the server."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command that a person types, in the order of COMMANDS."""
        return [name for name in COMMANDS if (found := self.get_command(ctx, name)) and not found.hidden]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command `cmd_name`, or None."""
        if cmd_name not in COMMANDS:
            return None
        room = import_module(f"conference.cli.{COMMANDS[cmd_name]}")
        found: click.Command = getattr(room, f"{cmd_name.replace('-', '_')}_command")
        return found


@click.command(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """A conférence des financeurs: the shared ledger, on the command line.

    CONFERENCE_INSTANCE names the folder of the instance, CONFERENCE_DATABASE_URL its database (by default the SQLite file
    of that folder). Start with `conference init`, or `conference serve --setup demo` to look around.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    try:
        answer = commands.main(arguments, prog_name="conference", standalone_mode=False)
        sys.stdout.flush()
        return answer if isinstance(answer, int) else 0
    except click.ClickException as misuse:
        misuse.show()
        return 2
    except click.Abort:
        return _no("interrupted", 130)
    except Refusal as refusal:
        return _no(refusal.message, 1)
    except NotReady as reason:
        return _no(str(reason), 2)
    except ValidationError as error:
        return _no(_settings_sentence(error), 2)
    except ArgumentError as error:
        return _no(f"bad setting CONFERENCE_DATABASE_URL: {error}", 2)
    except DBAPIError as error:
        return _database_sentence(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _settings_sentence(error: ValidationError) -> str:
    names = ", ".join(f"CONFERENCE_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}" for each in error.errors())
    return f"bad setting: {names}"


def _database_sentence(error: DBAPIError) -> int:
    if isinstance(error, IntegrityError):
        return _no(refusal_of(error).message, 1)
    reason = str(error.orig).strip().splitlines()[0]
    return _no(f"the database cannot be used: {reason} (CONFERENCE_DATABASE_URL, CONFERENCE_INSTANCE)", 2)


def _no(sentence: str, code: int) -> int:
    click.echo(f"conference: {sentence}", err=True)
    return code


def main() -> None:
    """Entry of the console script."""
    sys.exit(run())

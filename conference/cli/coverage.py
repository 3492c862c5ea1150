"""`conference coverage`: who pays each day of a course, from a case written as JSON, without a database.

Alone among the commands it needs no instance and no setting: a lawyer, a tester or another program asks the engine what
the shipped law says. What it refuses and what it says beside the answer is in French, since the one who wrote the
case reads it.
"""

import sys
from pathlib import Path

import click

from conference.cli.coverage_text import told
from conference.cli.opening import NotReady, example, print_json
from conference.data.scales import shipped_scales
from conference.domain.case_answer import case_answer
from conference.domain.case_fields import CaseError
from conference.domain.case_json import TextError, read_cases
from conference.domain.coverage import coverage
from conference.domain.french import typeset

STDIN = "-"
SCALES_USED = "Calculé avec les barèmes livrés avec le logiciel, et non avec ceux d’une conférence."


@click.command("coverage", epilog=example("conference coverage case.json", "conference coverage - --text < case.json"))
@click.argument("case")
@click.option("--text", "as_text", is_flag=True, help="Tell the answer in French, for a person, instead of JSON.")
def coverage_command(case: str, as_text: bool) -> None:
    """Say who pays each day of a course: CASE is a JSON file, or - for stdin.

    An object gives one answer, a list of cases a list of answers. Exit code 2 when a case makes no sense: nothing on stdout,
    a French sentence on stderr naming the case's number and the field. Needs no instance: the scales are the shipped ones.
    """
    try:
        cases = read_cases(_text(case))
    except (CaseError, TextError) as error:
        raise NotReady(str(error)) from None
    scales = shipped_scales()
    found = [coverage(each, scales) for each in (cases if isinstance(cases, list) else [cases])]
    click.echo(SCALES_USED, err=True)
    if as_text:
        click.echo("\n\n".join("\n".join(told(each, number)) for number, each in enumerate(found, start=1)))
        return
    answers = [case_answer(each) for each in found]
    print_json(answers if isinstance(cases, list) else answers[0])


def _text(name: str) -> str:
    """The text of the file, or of stdin. Raises NotReady, in French."""
    try:
        content = _stdin() if name == STDIN else Path(name).read_bytes()
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"octet {error.start + 1}"
        raise NotReady(_unread(name, f"n’est pas en UTF-8 ({where}). Enregistrez-le dans cet encodage.")) from None
    except FileNotFoundError:
        raise NotReady(_unread(name, "n’existe pas. Vérifiez son nom et son dossier.")) from None
    except IsADirectoryError:
        raise NotReady(_unread(name, "est un dossier. Donnez le fichier qu’il contient.")) from None
    except PermissionError:
        raise NotReady(_unread(name, "ne peut pas être ouvert avec vos droits. Demandez à pouvoir le lire.")) from None
    except OSError as error:
        raise NotReady(_unread(name, f"ne peut pas être lu ({error.strerror}). Donnez un autre fichier.")) from None


def _stdin() -> bytes:
    # Python gives no stdin at all when it was closed by the caller.
    return sys.stdin.buffer.read() if sys.stdin else b""


def _unread(name: str, sentence: str) -> str:
    return typeset(f"Le fichier « {'entrée standard' if name == STDIN else name} » {sentence}")

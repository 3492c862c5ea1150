"""`conference seal-certificate`: which certificate seals conventions here, and another one in its place."""

from pathlib import Path

import click

from conference.cli.opening import NotReady, example, json_option, now, open_instance, print_json
from conference.data.queries.profile import shown_profile
from conference.domain.permissions import CONSOLE
from conference.services.seal_certificate import import_certificate, make_certificate, seal_certificate


@click.command(
    "seal-certificate",
    epilog=example("conference seal-certificate --import cachet.p12", "conference seal-certificate --make"),
)
@click.option(
    "--import",
    "file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="PKCS#12: key and certificate.",
)
@click.option("--make", is_flag=True, help="Make one that proves nothing to others, when there is none.")
@json_option
def seal_certificate_command(file: Path | None, make: bool, as_json: bool) -> None:
    """Show the certificate that seals conventions for this instance; import or make one.

    The password of the file is asked, or read from standard input. The certificate before is kept beside, dated.
    """
    with open_instance() as instance:
        folder = instance.settings.instance
        if file is not None:
            password = click.prompt("Password", hide_input=True, default="", show_default=False, err=True)
            with instance.database.writing() as session:
                import_certificate(session, folder, file.read_bytes(), password, by=CONSOLE, at=now())
        elif make:
            with instance.database.reading() as session:
                name = shown_profile(session).name
            make_certificate(folder, name, at=now())
        found = seal_certificate(folder)
    if found is None:
        raise NotReady("this instance has no certificate: import one, or make one")
    first, last = found.own.not_valid_before_utc, found.own.not_valid_after_utc
    told = {
        "subject": found.subject,
        "from": f"{first:%Y-%m-%d}",
        "to": f"{last:%Y-%m-%d}",
        "sha256": found.fingerprint,
    }
    if as_json:
        print_json(told)
    else:
        click.echo("\n".join(f"{name}: {value}" for name, value in told.items()))

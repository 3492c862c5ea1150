"""A ledger of odd files and odd gestures, and the one of the public files: what the figures of every surface are tried on.

Files of three funders in three dresses (French amounts in cp1252, SCDL with a comma in its amounts, the conférence's own
headings), then what only people do: transfers, payments, a part given up, a mistake annulled in a later month, orders to
pay, a decision that awaits its second confirmation, a month closed before what came late.
"""

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import product
from pathlib import Path
from random import Random

from sqlmodel import Session

from conference.data.session import Database
from conference.domain.importing.fields import FACTS, Field
from conference.domain.ledger import EntryKind, EntrySource
from conference.domain.permissions import CONSOLE
from conference.services.commitments import CommitmentLine, commit_funds
from conference.services.dimensions import Dimensions
from conference.services.entries import record_entry, reverse_entry
from conference.services.months import close_month
from conference.services.organisations import set_budget, set_confirmation_threshold
from conference.services.transfers import pair_transfer
from tests.seeds import AT, World, make_world
from tests.services.scdl_files import COLUMNS, ROW, SIRET_TOWN
from tests.services.sending import send

PUBLIC = Path(__file__).parents[3] / "shared" / "data"
Sums = Counter[tuple[str, str]]
"""Cents by (name of a funder in its file, month "2026-03")."""
LISTED = (Field.SCHEME, Field.AUDIENCE, Field.COST_NATURE, Field.LEVEL, Field.TERRITORY, Field.SECTOR)
LATE = AT.replace(month=5, day=6)


def odd_ledger(database: Database) -> tuple[World, Sums]:
    """A world, and what its files add up to, read again by plain csv."""
    world, sums = make_world(database), Sums()
    labels = _labels(database)
    for who, name in (("region", "Région Exemple"), ("opco", "OPCO Exemple")):
        content = _own_file(labels, who)
        sent = send(database, content, by=world.actors[who], filename=f"{who}.csv")
        assert sent.codes() == [], who
        sums += _summed(content, "cp1252", FACTS[Field.DECIDED_ON].label, FACTS[Field.AMOUNT].label, name)
    content = _scdl_file()
    assert send(database, content, filename="ville.csv").codes() == []
    sums += _summed(content, "utf-8", "dateConvention", "montant", None)
    with database.writing() as session:
        _gestures(session, world)
    return world, sums


def public_ledger(database: Database) -> tuple[World, Decimal]:
    """A world with every public file, and the sum of what was accepted."""
    world, accepted = make_world(database, first_month=date(2011, 1, 1)), Decimal(0)
    for path in sorted(PUBLIC.iterdir()):
        if path.suffix in (".csv", ".xls", ".xlsx"):
            sent = send(database, path.read_bytes(), filename=path.name)
            assert sent.codes() == [], path.name
            accepted += sent.accepted
    return world, accepted


def _labels(database: Database) -> dict[Field, list[str]]:
    names = ("scheme", "audience", "nature", "level", "territory", "sector")
    found = {}
    with database.reading() as session:
        for field, name in zip(LISTED, names, strict=True):
            rows = session.connection().exec_driver_sql(f"SELECT label FROM {name} ORDER BY position, code")
            found[field] = [row[0] for row in rows][:5]
    return found


def _own_file(labels: dict[Field, list[str]], who: str) -> bytes:
    """The conférence's own headings, semicolons, cp1252, amounts such as "1 234,56 €", days such as 14/05/2026."""
    random, out = Random(who), StringIO()
    fields = (Field.FUNDER_REFERENCE, Field.DECIDED_ON, Field.OBJECT, Field.AMOUNT, Field.PERSONS, *LISTED)
    writer = csv.writer(out, delimiter=";")
    writer.writerow([FACTS[field].label for field in fields])
    for number, (year, month) in enumerate(product((2023, 2024, 2025, 2026), range(1, 13, 2))):
        if (year, month) > (2026, 4):
            continue
        cents = random.choice((1, 99, 5_000_000_00, random.randrange(10_000, 90_000_000)))
        amount = f"{cents // 100:,}".replace(",", "\u00a0") + f",{cents % 100:02}" + random.choice(("", " €"))
        items = [random.choice(labels[field]) if random.random() < 0.8 else "" for field in LISTED]
        persons = random.choice(("", 1, 3, 12, 250))
        day = f"{5 + number % 20:02}/{month:02}/{year}"
        writer.writerow((f"{who}-{number}", day, f"Action n° {number}", amount, persons, *items))
    return out.getvalue().encode("cp1252")


def _scdl_file() -> bytes:
    """SCDL with quoted decimal commas, a row twice, accents, a formula and a funder known by its name alone."""
    random, out = Random(7), StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    rows = [
        {
            **ROW,
            "nomAttribuant": random.choice(("VILLE EXEMPLE", "Département Échantillon")),
            "referenceDecision": f"D{number}",
            "objet": random.choice(("=SOMME(A1)", "Été, hiver", "Fonctionnement")),
            "dateConvention": f"{random.choice((2024, 2025, 2026))}-{random.randrange(1, 4):02}-17",
            "montant": f"{random.randrange(1, 9_000_000) / 100:.2f}".replace(".", ","),
        }
        for number in range(12)
    ]
    for row in [*rows, rows[3]]:
        row["idAttribuant"] = SIRET_TOWN if row["nomAttribuant"] == "VILLE EXEMPLE" else ""
        writer.writerow(row)
    return out.getvalue().encode()


def _summed(content: bytes, encoding: str, day: str, amount: str, name: str | None) -> Sums:
    """Cents by funder and month, by the csv module alone."""
    text = content.decode(encoding)
    found = Sums()
    for row in csv.DictReader(StringIO(text), delimiter=";" if name else ","):
        bare = row[amount].replace("\u00a0", "").replace("€", "").replace(" ", "").replace(",", ".")
        month = row[day][:7] if row[day][4] == "-" else f"{row[day][6:]}-{row[day][3:5]}"
        found[name or row["nomAttribuant"], month] += int(Decimal(bare) * 100)
    return found


def _gestures(session: Session, world: World) -> None:
    def commit(who: str, amount: str, day: date, **more: object) -> int:
        line = CommitmentLine(funder_id=world[who], amount=Decimal(amount), decided_on=day, **more)  # type: ignore[arg-type]
        return commit_funds(session, line, by=world.actors[who], at=AT, source=EntrySource.FORM).id or 0

    def record(who: str, line: int, kind: EntryKind, amount: str, day: date) -> int:
        made = record_entry(
            session,
            line,
            kind=kind,
            amount=Decimal(amount),
            effective_on=day,
            by=world.actors[who],
            at=AT,
            source=EntrySource.FORM,
            motive="Accord des parties",
        )
        return made.id or 0

    given = spent = 0
    same = Dimensions(scheme=3, audience=2, territory=4)
    for year in (2024, 2025, 2026):
        given = commit("region", "70000.10", date(year, 2, 3), to_funder_id=world["opco"], dimensions=same, persons=14)
        spent = commit("opco", "65000.05", date(year, 3, 9), dimensions=same, persons=14)
        record("region", given, EntryKind.PAYMENT, "30000.01", date(year, 2, 20))
        record("opco", spent, EntryKind.ORDER, "45000.00", date(year, 3, 10))
        record("opco", spent, EntryKind.PAYMENT, "44999.99", date(year, 3, 28))
        record("opco", spent, EntryKind.REPAYMENT, "0.98", date(year, 3, 30))
    pair_transfer(session, given_id=given, spent_id=spent, by=world.actors["opco"], at=AT)
    partly = commit("france_travail", "12345.67", date(2026, 1, 8), persons=2, dimensions=Dimensions(nature=2))
    record("france_travail", partly, EntryKind.RELEASE, "2345.60", date(2026, 3, 12))
    wrong = commit("france_travail", "999.99", date(2026, 2, 2), persons=40)
    close_month(session, month=date(2026, 2, 1), by=CONSOLE, at=LATE)
    engaged = session.connection().exec_driver_sql(f"SELECT id FROM entry WHERE commitment_id = {wrong}").scalar_one()
    reverse_entry(session, engaged, motive="Saisie deux fois", by=world.actors["france_travail"], at=LATE)
    commit("france_travail", "77.70", date(2026, 2, 11), persons=6)
    set_budget(session, world["opco"], year=2026, amount=Decimal("1500000.50"), by=world.actors["opco"], at=AT)
    set_confirmation_threshold(
        session, world["opco"], threshold=Decimal(1000), by=world.actors["opco_signatory"], at=AT
    )
    commit("opco", "888888.88", date(2026, 3, 3), persons=500)

"""What is held on a person, given to them: the right of access (RGPD, article 15).

Asked by the officer who follows the person, as a workbook to read, or as JSON for another tool. Noted as a reading of the
identity.
"""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, g

from conference.data.glossary import labels
from conference.data.journal_labels import field_label
from conference.data.queries.held import Held, held_on
from conference.data.queries.identity import IdentityPage, identity_page
from conference.documents.sheet import Cell, Sheet
from conference.documents.workbook import book_bytes
from conference.domain.file_kinds import XLSX
from conference.domain.french import PARIS, format_instant, format_number
from conference.domain.permissions import Relation, require
from conference.services.identities import read_identity
from conference.web.access import actor, right
from conference.web.held_words import CODES, FIELDS, KINDS
from conference.web.identity import instance, note_later
from conference.web.transaction import business

pages = Blueprint("held", __name__)


@pages.get("/parcours/<int:parcours_id>/export-personne.xlsx")
@right("parcours.export")
def workbook(parcours_id: int) -> Response:
    """One sheet a kind."""
    page, held = _held(parcours_id)
    sheets = [_sheet(kind, rows) for kind, rows in held.items() if rows]
    content = book_bytes(f"Données détenues – {page.pseudonym}", sheets, g.at)
    return _sent(content, XLSX, page, "xlsx")


@pages.get("/parcours/<int:parcours_id>/export-personne.json")
@right("parcours.export")
def as_json(parcours_id: int) -> Response:
    """The same as data."""
    page, held = _held(parcours_id)
    content = json.dumps(held, ensure_ascii=False, indent=1, default=_plain).encode()
    return _sent(content, "application/json", page, "json")


def _held(parcours_id: int) -> tuple[IdentityPage, Held]:
    """Everything that is held, the identity first; 404 or 403 for who does not follow the person."""
    page = identity_page(business(), actor(), parcours_id)
    require(actor(), "parcours.export", Relation.OWN if page.is_own else Relation.PARTY)
    note_later(page.pseudonym, "export pour la personne", 1)
    person = read_identity(business(), parcours_id, instance=instance(), by=actor())
    told = {**person.texts(), "birth_date": person.birth_date} if person is not None else None
    return page, {"identity": [told] if told else [], **held_on(business(), actor(), parcours_id)}


def _sheet(kind: str, rows: list[dict[str, Any]]) -> Sheet:
    fields = list(rows[0])
    return Sheet(
        title=KINDS[kind],
        notes=(f"Établi le {format_instant(g.at.astimezone(PARIS))}, à la demande de la personne",),
        headings=tuple(FIELDS.get(name, field_label(name)) for name in fields),
        rows=[tuple(_cell(kind, name, row[name]) for name in fields) for row in rows],
        name=KINDS[kind],
        wraps=True,
    )


def _cell(kind: str, name: str, value: Any) -> Cell:
    """A typed cell; codes in the words of the glossary."""
    group = CODES.get(f"{kind}.{name}")
    if group and isinstance(value, str):
        return labels(group).get(value, value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return format_instant(value.astimezone(PARIS))
    if isinstance(value, Decimal) and name == "weekly_hours":
        return format_number(int(value)) if value == int(value) else f"{value.normalize():f}".replace(".", ",")
    if value is None or isinstance(value, str | int | date | Decimal):
        return value
    raise TypeError(f"{kind}.{name} is a {type(value).__name__}")


def _plain(value: Any) -> str:
    if isinstance(value, Decimal | date | datetime):
        return value.isoformat() if isinstance(value, date) else str(value)
    raise TypeError(f"{type(value).__name__} is not told")


def _sent(content: bytes, kind: str, page: IdentityPage, ending: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="donnees-{page.pseudonym}.{ending}"'}
    return Response(content, content_type=kind, headers={**headers, "X-Content-Type-Options": "nosniff"})

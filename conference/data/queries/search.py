"""What does the reader look for, among what they may see?

Own commitments by any of their references, object or provider, and the directory of organisations, which everybody who
works here may read. Nothing of another funder's lines answers, since none of these columns is shown of them.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlmodel import Session

from conference.data.queries.choices import known_to
from conference.data.queries.commitment_filters import Filters, O
from conference.data.queries.commitment_order import sort_key
from conference.data.queries.commitments import Line, list_commitments
from conference.data.queries.parcours_list import ParcoursList, parcours_list
from conference.domain.permissions import Actor, Relation, is_granted_somewhere, require

MOST = 20


@dataclass(frozen=True)
class FoundOrganisation:
    """An organisation of the directory."""

    code: str
    name: str
    siret: str | None
    is_funder: bool


@dataclass(frozen=True)
class Found:
    """What a search brought: `count` lines in all, of which the first are given."""

    lines: tuple[Line, ...]
    count: int
    organisations: tuple[FoundOrganisation, ...]
    parcours: ParcoursList | None


def search(session: Session, reader: Actor, text: str, *, on: date) -> Found:
    """Own lines, organisations and reachable parcours that hold every word of `text`."""
    require(reader, "search.use", Relation.OTHER)
    words = " ".join(text.split())[:200]
    page = list_commitments(session, reader, Filters(q=words), size=MOST)
    found = parcours_list(session, reader, on=on, q=words) if is_granted_somewhere(reader, "parcours.list") else None
    return Found(page.lines, page.totals.count, _organisations(session, reader, words), found)


def _organisations(session: Session, reader: Actor, words: str) -> tuple[FoundOrganisation, ...]:
    query = select(O.c.code, O.c.name, O.c.siret, O.c.is_funder).where(known_to(reader))
    for word in words.split():
        texts = (O.c.name, O.c.short_name, O.c.code, O.c.siret)
        query = query.where(or_(*(text.icontains(word, autoescape=True) for text in texts)))
    rows = session.connection().execute(query.order_by(O.c.id).limit(MOST))
    found = [FoundOrganisation(row.code, row.name, row.siret, row.is_funder) for row in rows]
    return tuple(sorted(found, key=lambda each: (sort_key(each.name), each.code)))

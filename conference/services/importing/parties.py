"""Which organisations does a file name, and which of them are new?

Found by SIRET, then by exact name (case and doubled spaces aside); a known name under another SIRET is another
establishment. What is new has a provisional negative number until `create` inserts it, *à vérifier*, in the transaction
of the import: planning writes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from sqlalchemy import update
from sqlmodel import Session, col, select

from conference.data.tables import Account, Organisation
from conference.data.tables.metadata import table_of
from conference.data.tables.organisation import OrganisationKind
from conference.data.upsert import insert_rows
from conference.services.organisations import clean_code
from conference.services.posting import next_id


@dataclass
class _Known:
    number: int
    name: str
    siret: str | None
    is_funder: bool


class Parties:
    """The organisations of the instance, and those that the file adds; read once per plan."""

    def __init__(self, session: Session) -> None:
        self._all: dict[int, _Known] = {}
        self._by_siret: dict[str, int] = {}
        self._by_name: dict[str, list[int]] = {}
        self._codes: dict[str, int] = {}
        for row in session.exec(select(Organisation).order_by(col(Organisation.id))):
            self._add(_Known(row.id or 0, row.name, row.siret, row.is_funder))
            self._codes[row.code] = row.id or 0
        query = select(Account.organisation_id).where(col(Account.is_active)).distinct()
        self._with_account = frozenset(session.exec(query))
        self._promoted: set[int] = set()
        self._written: set[int] = set()
        self._made: dict[int, int] = {}
        self._endings: dict[str, count[int]] = {}
        self._last_new = 0

    def by_code(self, code: str) -> int | None:
        """The funder of that code."""
        found = self._codes.get(code)
        return found if found is not None and self._all[found].is_funder else None

    def find(self, name: str, siret: str | None) -> int | None:
        """The organisation of that SIRET, else of that name."""
        if siret and siret in self._by_siret:
            return self._by_siret[siret]
        for number in self._by_name.get(_key(name), []) if name else ():
            known = self._all[number].siret
            if not (siret and known):
                return number
        return None if siret else self._codes.get(name)

    def funder(self, name: str, siret: str | None) -> int:
        """The funder of that SIRET or name, new if need be."""
        number = self.find(name, siret)
        if number is None:
            return self._new(name, siret, is_funder=True)
        if not self._all[number].is_funder:
            self._all[number].is_funder = True
            self._promoted.add(number)
            self._written.discard(number)
        return number

    def beneficiary(self, name: str, siret: str | None) -> int | None:
        """The organisation that receives, new if need be; None when the row names nobody."""
        if not name and not siret:
            return None
        found = self.find(name, siret)
        return self._new(name, siret, is_funder=False) if found is None else found

    def named(self, text: str, *, funders: bool = False) -> int | None:
        """The organisation that a code, a SIRET or a name designates; only a funder where `funders`."""
        digits = "".join(text.split())
        found = self._codes.get(text.casefold()) or self._by_siret.get(digits) or self.find(text, None)
        return found if found is not None and (not funders or self._all[found].is_funder) else None

    def is_known_funder(self, number: int) -> bool:
        """Is it an organisation that stands in the conférence as a funder?"""
        return number > 0 and self._all[number].is_funder and number not in self._promoted

    def has_account(self, number: int) -> bool:
        """Does anybody of that organisation have an active account?"""
        return number in self._with_account

    def is_named(self, number: int, name: str, siret: str | None) -> bool:
        """Is that organisation the one that the row names?"""
        return self.find(name, siret) == number

    def name(self, number: int) -> str:
        """Its name."""
        return self._all[number].name

    def create(self, session: Session, used: Iterable[int]) -> dict[int, int]:
        """Insert the new organisations among `used`, once; the identifier of each number of `used`."""
        used = set(used)
        new = sorted({number for number in used if number < 0 and number not in self._made}, reverse=True)
        start = next_id(session, Organisation)
        rows = [self._row(self._all[number], start + i) for i, number in enumerate(new)]
        insert_rows(session, table_of(Organisation), rows)
        self._made.update({number: start + i for i, number in enumerate(new)})
        promoted = sorted(self._promoted.intersection(used) - self._written - set(new))
        self._written.update(promoted, new)
        if existing := [self._made.get(number, number) for number in promoted]:
            table = table_of(Organisation)
            values = {"is_funder": True, "to_check": True, "version": table.c.version + 1}
            session.connection().execute(update(table).where(table.c.id.in_(existing)).values(values))
        return {number: self._made.get(number, number) for number in used}

    def _add(self, known: _Known) -> int:
        self._all[known.number] = known
        if known.siret:
            self._by_siret.setdefault(known.siret, known.number)
        self._by_name.setdefault(_key(known.name), []).append(known.number)
        return known.number

    def _new(self, name: str, siret: str | None, *, is_funder: bool) -> int:
        self._last_new -= 1
        number = self._last_new
        return self._add(_Known(number, (name or f"SIRET {siret}")[:200], siret, is_funder))

    def _row(self, known: _Known, identifier: int) -> dict[str, object]:
        return {
            "id": identifier,
            "code": self._free_code(known.name, identifier),
            "name": known.name,
            "short_name": known.name[:60],
            "kind": (OrganisationKind.OTHER if known.is_funder else OrganisationKind.PROVIDER).value,
            "siret": known.siret,
            "is_funder": known.is_funder,
            "to_check": True,
            "version": 1,
        }

    def _free_code(self, name: str, identifier: int) -> str:
        stem = clean_code(name) or "organisme"
        endings = self._endings.setdefault(stem[:50], count(2))
        code = stem
        while code in self._codes:
            code = f"{stem[:50]}_{next(endings)}"
        self._codes[code] = identifier
        return code


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()

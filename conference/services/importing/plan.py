"""What will become of each row of a file?

Decided by reading only, some thousands of rows at a time, for the dry run and for the import alike: to create, to adjust,
there already, or refused and why. What must be remembered from one row to the next (occurrences, references) is kept as
short as it can be: a file may hold a million rows.
"""

import hashlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlmodel import Session, col, select

from conference.data.staging import Staged
from conference.data.tables import REFERENCE_TABLES, Organisation
from conference.domain import ledger
from conference.domain.importing.remarks import Remark
from conference.domain.importing.rows import GrantRow
from conference.domain.ledger import CommitmentStatus, EntryKind
from conference.domain.permissions import Actor, Relation, Role
from conference.domain.refusal import Refusal
from conference.services.dimensions import Dimensions
from conference.services.importing.envelopes import Envelopes
from conference.services.importing.known import Known, funders_with_lines, known_lines
from conference.services.importing.parties import Parties

_LISTS = {"scheme": "scheme", "audience": "audience", "cost_nature": "nature", "level": "level"} | {
    "territory": "territory",
    "sector": "sector",
}
"""Field of a row → list that it is an item of."""
_LIST_NAMES = {
    "scheme": "Le dispositif",
    "audience": "Le public",
    "cost_nature": "La nature",
    "level": "Le niveau",
    "territory": "Le territoire",
    "sector": "Le secteur",
}
_ORGANISATIONS = {"payer": "Le payeur", "manager": "Le gestionnaire", "receiver": "Le financeur destinataire"}


@dataclass(frozen=True, slots=True)
class NewLine:
    """A row to create. Organisations are numbers of Parties."""

    sheet: str | None
    row: GrantRow
    funder: int
    provider: int | None
    others: dict[str, int]
    dimensions: Dimensions
    identity: str


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An entry of `amount` euros, of `kind`, that brings a known line to the amount of its row."""

    sheet: str | None
    row: GrantRow
    known: Known
    kind: EntryKind
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A row that is there already, at the same amount."""

    known: Known


Outcome = NewLine | Adjustment | Unchanged | Remark


@dataclass(frozen=True)
class Sender:
    """Who sends a file, and whose rows it may be. `only`: code of the funder that the command line names; `own_names`:
    an unknown giver is the sender's own organisation under another name; `sha256` of the file."""

    by: Actor
    only: str | None = None
    own_names: bool = False
    sha256: str = ""


@dataclass
class Planner:
    """The plan of one file, told chunk by chunk in the order of its rows. `warnings` grows with it."""

    session: Session
    sender: Sender
    letters: Mapping[str | None, Mapping[str, str]] = field(default_factory=dict)
    """Letter of the column of each field, sheet by sheet: a remark points at its cell."""
    parties: Parties = field(init=False)
    lists: dict[str, dict[str, int]] = field(init=False)
    """Identifier of each item, by its text without case, by field of a row."""
    envelopes: Envelopes = field(init=False)
    warnings: list[Remark] = field(default_factory=list)
    funders: set[int] = field(default_factory=set)
    """Numbers of the funders of the accepted rows."""
    earlier_files: set[int] = field(default_factory=set)
    """Files that made the lines which rows of this one are, and the funders of those lines."""
    earlier_funders: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.parties = Parties(self.session)
        self._only = _only_funder(self.parties, self.sender.only)
        self._with_lines = funders_with_lines(self.session)
        self._thresholds = _thresholds(self.session)
        self.lists = {name: items_by_text(self.session, table) for name, table in _LISTS.items()}
        self.envelopes = Envelopes(self.session)
        self._occurrences = Occurrences()
        self._matched = bytearray()  # one bit for each line of the ledger
        self._references: dict[tuple[int, str], int] = {}
        self._funder_of: dict[tuple[str, str | None], int | tuple[str, str]] = {}

    def settle(self, chunk: Sequence[Staged]) -> Iterator[Outcome]:
        """What will become of each row of `chunk`, in order."""
        found: list[tuple[str | None, GrantRow, int, str] | Remark] = []
        for sheet, row in chunk:
            assert isinstance(row, GrantRow)
            found.append(self._identified(sheet, row))
        wanted = {(each[2], each[3]) for each in found if not isinstance(each, Remark) and each[2] in self._with_lines}
        known = known_lines(self.session, wanted) if wanted else {}
        for each in found:
            yield each if isinstance(each, Remark) else self._outcome(*each, known)

    def _identified(self, sheet: str | None, row: GrantRow) -> tuple[str | None, GrantRow, int, str] | Remark:
        funder = self.funder(row.funder_name, row.funder_siret)
        if isinstance(funder, tuple):
            return self.remark(sheet, row.row, "funder_name", *funder)
        if not row.funder_reference:
            occurrence = self._occurrences.count(funder, row.fingerprint)
            return sheet, row, funder, row_identity(row.fingerprint, occurrence)
        earlier = self._references.setdefault((funder, row.funder_reference), row.row)
        if earlier != row.row:
            message = (
                f"La référence « {row.funder_reference} » est déjà celle de la ligne {earlier} du fichier : "
                "une référence désigne un seul engagement."
            )
            return self.remark(sheet, row.row, "funder_reference", "repeated_reference", message)
        return sheet, row, funder, f"ref:{row.funder_reference}"

    def _outcome(
        self, sheet: str | None, row: GrantRow, funder: int, identity: str, known: dict[tuple[int, str], Known]
    ) -> Outcome:
        found = known.get((funder, identity))
        if found is None:
            self.funders.add(funder)
            return self._new(sheet, row, funder, identity)
        outcome = self._settled(sheet, row, found)
        if not isinstance(outcome, Remark):
            self.funders.add(funder)
        self._match(found)
        return outcome

    def _match(self, known: Known) -> None:
        self.earlier_funders.add(known.funder_id)
        if known.import_file_id is not None:
            self.earlier_files.add(known.import_file_id)
        place = known.commitment_id >> 3
        if place >= len(self._matched):
            self._matched.extend(bytes(place + 1024 - len(self._matched)))
        self._matched[place] |= 1 << (known.commitment_id & 7)

    def is_matched(self, commitment_id: int) -> bool:
        """Was that line of the ledger found among the rows so far?"""
        place = commitment_id >> 3
        return place < len(self._matched) and bool(self._matched[place] >> (commitment_id & 7) & 1)

    @property
    def repeats(self) -> bool:
        """Did rows of the file look alike, but for their amount?"""
        return self._occurrences.repeats

    def _new(self, sheet: str | None, row: GrantRow, funder: int, identity: str) -> NewLine:
        provider = self.parties.beneficiary(row.beneficiary_name, row.beneficiary_siret)
        others: dict[str, int] = {}
        for name, title in _ORGANISATIONS.items():
            if text := getattr(row, name):
                self._other(sheet, row, name, title, text, funder, others)
        return NewLine(sheet, row, funder, provider, others, self._dimensions(sheet, row), identity)

    def _other(
        self, sheet: str | None, row: GrantRow, name: str, title: str, text: str, funder: int, others: dict[str, int]
    ) -> None:
        number = self.parties.named(text, funders=name == "receiver")
        if number is None or number == funder:
            told = "n’est pas connu de la conférence" if number is None else "est le financeur lui-même"
            self._warn(sheet, row, name, f"{title} « {text} » {told} : cette indication est laissée.")
        else:
            others[name] = number

    def _dimensions(self, sheet: str | None, row: GrantRow) -> Dimensions:
        found: dict[str, int] = {}
        for name, table in _LISTS.items():
            if text := getattr(row, name):
                number = self.lists[name].get(text.casefold())
                if number is None:
                    self._warn(
                        sheet,
                        row,
                        name,
                        f"{_LIST_NAMES[name]} « {text} » n’est pas dans la liste : il n’est pas repris.",
                    )
                else:
                    found[table] = number
        return Dimensions(**found)

    def _settled(self, sheet: str | None, row: GrantRow, known: Known) -> Outcome:
        """Unchanged, adjusted, or refused by a rule of the ledger."""
        change = row.amount - known.told
        if not change:
            return Unchanged(known)
        kind = EntryKind.RELEASE if change < 0 else EntryKind.COMMITMENT
        # The whole line counts, as on the forms: small rises must not pass under the threshold one after the other.
        total = known.balance.committed + known.balance.forecast + change
        if kind is EntryKind.COMMITMENT and self.waits(known.funder_id, total):
            kind = EntryKind.FORECAST
        fault = next(faults(known.balance, kind, abs(change)), None)
        fault = fault or self.envelopes.fault(known.commitment_id, change)
        if fault is not None:
            return self.remark(sheet, row.row, "amount", *fault)
        return Adjustment(sheet, row, known, kind, abs(change))

    @property
    def own_funder(self) -> int | None:
        """The organisation whose rows these are: the one that the command line names, else the sender's."""
        return self._only if self._only is not None else self.sender.by.organisation_id

    def waits(self, funder: int, total: Decimal) -> bool:
        """Does a line of `total` euros of that funder need its second confirmation?"""
        threshold = self._thresholds.get(funder)
        return threshold is not None and total > threshold

    def funder(self, name: str, siret: str | None) -> int | tuple[str, str]:
        """Number of the funder of a row, or (code, sentence) of its refusal."""
        key = (name, siret)
        found = self._funder_of.get(key)
        if found is None:
            found = self._funder_of[key] = self._find_funder(name, siret)
        return found

    def _find_funder(self, name: str, siret: str | None) -> int | tuple[str, str]:
        by, parties = self.sender.by, self.parties
        own = self._only if self._only is not None else _own_funder(parties, by)
        if not (name or siret):
            return own if own is not None else ("funder", "Le financeur n’est pas indiqué.")
        known = parties.find(name, siret)
        if self.sender.own_names and own is not None and not (known is not None and parties.is_known_funder(known)):
            return own
        if self._only is not None and known != self._only:
            return "other_funder", f"La ligne est de « {name or siret} », non de « {parties.name(self._only)} »."
        if refusal := _not_granted(parties, by, known, name or siret or ""):
            return "forbidden_funder", refusal
        return parties.funder(name, siret)

    def _warn(self, sheet: str | None, row: GrantRow, code: str, message: str) -> None:
        self.warnings.append(self.remark(sheet, row.row, code, code, message))

    def remark(self, sheet: str | None, row: int, name: str, code: str, message: str) -> Remark:
        """A remark at the cell of the field `name`."""
        letter = self.letters.get(sheet, {}).get(name)
        return Remark(row, f"{letter}{row}" if letter else None, code, message[:500], sheet)


class Occurrences:
    """How many times has a fingerprint been seen? Sixteen bytes or so for each of a million rows (a set of numbers would
    take six times that), more for the repeated ones alone."""

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 << 12))
        self._mask = (1 << 12) - 1
        self._held = 0
        self._repeated: dict[tuple[int, str], int] = {}

    @property
    def repeats(self) -> bool:
        """Was any fingerprint seen twice?"""
        return bool(self._repeated)

    def count(self, funder: int, fingerprint: str) -> int:
        """1 the first time. Two rows that share eight bytes of SHA-256 count as repeated: their identity stays their own."""
        key = (int(fingerprint[:16], 16) + funder * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF or 1
        if self._put(key):
            return 1
        number = self._repeated.get((funder, fingerprint), 1) + 1
        self._repeated[funder, fingerprint] = number
        return number

    def _put(self, key: int) -> bool:
        """Keep `key`; False when it was there."""
        slots, mask = self._slots, self._mask
        place = key & mask
        while found := slots[place]:
            if found == key:
                return False
            place = (place + 1) & mask
        slots[place] = key
        self._held += 1
        if self._held * 3 > mask * 2:
            self._grow()
        return True

    def _grow(self) -> None:
        old, size = self._slots, 2 * (self._mask + 1)
        slots, mask = array("Q", bytes(8 * size)), size - 1
        for key in old:
            if key:
                place = key & mask
                while slots[place]:
                    place = (place + 1) & mask
                slots[place] = key
        self._slots, self._mask = slots, mask


def row_identity(fingerprint: str, occurrence: int) -> str:
    """Identity of a row without a reference of its own, unique for its funder.

    Identical rows of one file are distinct commitments, and the same file again finds each of them.
    """
    return f"row:{hashlib.sha256(f'{fingerprint} {occurrence}'.encode()).hexdigest()}"


def faults(balance: ledger.Balance, kind: EntryKind, amount: Decimal) -> Iterator[tuple[str, str]]:
    """Why the ledger would refuse an entry on a line: (code, sentence)."""
    if ledger.status_of(balance) is CommitmentStatus.AWAITING or balance.forecast:
        yield "awaiting", "Cet engagement attend une confirmation : confirmez-la ou annulez-la d’abord."
    for name, sentence in ledger.faults(balance.plus(kind, amount)):
        yield name.removeprefix("ck_"), sentence


def _only_funder(parties: Parties, code: str | None) -> int | None:
    if code is None:
        return None
    found = parties.by_code(code)
    if found is None:
        raise Refusal(f"Aucun financeur n’a le code « {code} ».", field="funder", code="unknown_funder")
    return found


def _own_funder(parties: Parties, by: Actor) -> int | None:
    """The sender's organisation where it is a funder."""
    own = by.organisation_id
    return own if own is not None and parties.is_known_funder(own) else None


def _not_granted(parties: Parties, by: Actor, funder: int | None, shown: str) -> str | None:
    """Why `by` may not enter lines of that funder: an officer only its own, a coordinator those of funders without account."""
    if by.relation_to(funder) is Relation.OWN:
        return None
    if by.role is not Role.COORDINATOR:
        return f"La ligne est de « {shown} », pas de votre organisme : seul son financeur peut l’enregistrer."
    if funder is not None and parties.has_account(funder):
        return f"« {shown} » a un compte : c’est à ce financeur d’enregistrer ses lignes."
    return None


def _thresholds(session: Session) -> dict[int, Decimal | None]:
    query = select(Organisation).where(col(Organisation.confirmation_threshold).is_not(None))
    return {row.id or 0: row.confirmation_threshold for row in session.exec(query)}


def items_by_text(session: Session, name: str) -> dict[str, int]:
    """Identifier of each item of a list, by its code and by its label, without case."""
    table = REFERENCE_TABLES[name]
    found: dict[str, int] = {}
    for number, code, label in session.exec(select(table.id, table.code, table.label).order_by(col(table.id))):
        found.setdefault(code.casefold(), number or 0)
        found.setdefault(" ".join(label.split()).casefold(), number or 0)
    return found

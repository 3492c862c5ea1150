"""What will become of each row of a file?

A plan is made by reading only, for the dry run and for the import alike: rows to create, amounts to adjust, rows that are
there already, rows refused and why. A row already in the ledger is known by its identity; its amount is compared with
what the files have brought for it so far, so that a dégagement or a relais made since by hand is not undone by sending the
same file again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, func, select

from conference.data.tables import Balance, Commitment, Entry, Organisation, Scheme
from conference.data.tables.sums import MEASURES
from conference.domain import ledger
from conference.domain.ledger import CommitmentStatus, EntryKind, EntrySource
from conference.domain.money import ZERO
from conference.domain.permissions import Actor, Relation, Role
from conference.domain.refusal import Refusal
from conference.domain.scdl import Grant, Remark, ScdlFile, identities
from conference.services.importing.parties import Parties

CHUNK = 500


@dataclass(frozen=True, slots=True)
class NewLine:
    """A row to create. `funder` and `provider` are numbers of Parties."""

    grant: Grant
    funder: int
    provider: int | None
    scheme_id: int | None
    identity: str


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An entry of `amount` euros, of `kind`, that brings a known commitment to the amount of its row."""

    grant: Grant
    commitment_id: int
    kind: EntryKind
    amount: Decimal


@dataclass
class Plan:
    """What will become of the file. `gone`: references of lines of its earlier versions that it no longer holds;
    `funders`: numbers of the funders of its accepted rows."""

    parties: Parties
    new: list[NewLine] = field(default_factory=list)
    adjustments: list[Adjustment] = field(default_factory=list)
    unchanged: int = 0
    refused: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    funders: frozenset[int] = frozenset()

    @property
    def accepted_amount(self) -> Decimal:
        """Created rows and new amounts of adjusted rows, in euros."""
        accepted = [line.grant.amount for line in self.new] + [each.grant.amount for each in self.adjustments]
        return sum(accepted, ZERO)


@dataclass(frozen=True, slots=True)
class _Stored:
    """A commitment that a row of an earlier file made."""

    commitment_id: int
    import_file_id: int | None
    committed_on: date | None
    balance: ledger.Balance
    imported: Decimal


def plan_import(session: Session, file: ScdlFile, *, by: Actor, funder_code: str | None) -> Plan:
    """The plan of `file` as `by` may enter it. Raises Refusal when `funder_code` names no funder."""
    parties = Parties(session)
    plan = Plan(parties, refused=list(file.refused), warnings=list(file.warnings))
    only = _only_funder(parties, funder_code)
    rows = []
    for grant in file.grants:
        found = _funder(file, grant, parties, by, only)
        if isinstance(found, Remark):
            plan.refused.append(found)
        else:
            rows.append((grant, found))
    plan.funders = frozenset(funder for _, funder in rows)
    keys = identities([(funder, grant.fingerprint) for grant, funder in rows])
    stored = _stored(session, {funder for _, funder in rows if funder > 0}, keys)
    thresholds = _thresholds(session)
    schemes = _schemes(session)
    for (grant, funder), identity in zip(rows, keys, strict=True):
        if known := stored.get((funder, identity)):
            _settle(plan, file, grant, known, thresholds.get(funder))
        else:
            provider = parties.beneficiary(grant.beneficiary_name, grant.beneficiary_siret)
            plan.new.append(NewLine(grant, funder, provider, _scheme(plan, file, grant, schemes), identity))
    plan.warnings += _twins(rows)
    plan.refused.sort(key=lambda remark: remark.row)
    plan.warnings.sort(key=lambda remark: remark.row)
    plan.gone = _gone(session, stored, set(keys))
    return plan


def _only_funder(parties: Parties, code: str | None) -> int | None:
    if code is None:
        return None
    found = parties.by_code(code)
    if found is None:
        raise Refusal(f"Aucun financeur n’a le code « {code} ».", field="funder", code="unknown_funder")
    return found


def _funder(file: ScdlFile, grant: Grant, parties: Parties, by: Actor, only: int | None) -> int | Remark:
    """Number of the funder of a row, or why the row is refused."""
    cell = file.cell("nomAttribuant", grant.row)
    named = bool(grant.funder_name or grant.funder_siret)
    if not named and only is None:
        return Remark(grant.row, cell, "funder", "L’attribuant n’est pas indiqué.")
    if named and only is not None and not parties.is_named(only, grant.funder_name, grant.funder_siret):
        shown = grant.funder_name or grant.funder_siret
        return Remark(grant.row, cell, "other_funder", f"La ligne est de « {shown} », non de « {parties.name(only)} ».")
    known = only if only is not None else parties.find(grant.funder_name, grant.funder_siret)
    if refusal := _not_granted(parties, by, known):
        return Remark(grant.row, cell, "forbidden_funder", refusal)
    return only if only is not None else parties.funder(grant.funder_name, grant.funder_siret)


def _not_granted(parties: Parties, by: Actor, funder: int | None) -> str | None:
    """Why `by` may not enter lines of that funder: an officer only its own, a coordinator those of funders without account."""
    if by.relation_to(funder) is Relation.OWN:
        return None
    if by.role is not Role.COORDINATOR:
        return "Cette ligne n’est pas de votre organisme : seul son financeur peut l’enregistrer."
    if funder is not None and parties.has_account(funder):
        return "Ce financeur a un compte : c’est à lui d’enregistrer ses lignes."
    return None


def _settle(plan: Plan, file: ScdlFile, grant: Grant, known: _Stored, threshold: Decimal | None) -> None:
    """Unchanged, adjusted, or refused by a rule of the ledger."""
    change = grant.amount - known.imported
    if not change:
        plan.unchanged += 1
        return
    kind = EntryKind.RELEASE if change < 0 else EntryKind.COMMITMENT
    # The whole line counts, as on the forms: small rises must not pass under the threshold one after the other.
    total = known.balance.committed + known.balance.forecast + change
    if kind is EntryKind.COMMITMENT and threshold is not None and total > threshold:
        kind = EntryKind.FORECAST
    fault = next(_faults(known, kind, abs(change)), None)
    if fault is None:
        plan.adjustments.append(Adjustment(grant, known.commitment_id, kind, abs(change)))
    else:
        plan.refused.append(Remark(grant.row, file.cell("montant", grant.row), *fault))


def _faults(known: _Stored, kind: EntryKind, amount: Decimal) -> Iterator[tuple[str, str]]:
    if ledger.status_of(known.balance) is CommitmentStatus.AWAITING:
        yield "awaiting", "Cet engagement attend sa confirmation : confirmez-le ou annulez-le d’abord."
    for name, sentence in ledger.faults(known.balance.plus(kind, amount)):
        yield name.removeprefix("ck_"), sentence


def _stored(session: Session, funders: set[int], keys: Sequence[str]) -> dict[tuple[int, str], _Stored]:
    """What the ledger already holds of these identities."""
    found: dict[tuple[int, str], _Stored] = {}
    wanted = sorted(set(keys)) if funders else []
    for start in range(0, len(wanted), CHUNK):
        query = (
            select(Balance, Commitment.import_file_id)
            .join(Commitment, col(Commitment.id) == Balance.commitment_id)
            .where(col(Balance.identity).in_(wanted[start : start + CHUNK]), col(Balance.funder_id).in_(funders))
        )
        rows = session.exec(query).all()
        imported = _imported(session, [row.commitment_id for row, _ in rows])
        for row, file_id in rows:
            balance = ledger.Balance(**{name: getattr(row, name) for name in MEASURES})
            amount = imported.get(row.commitment_id, ZERO)
            found[row.funder_id, row.identity or ""] = _Stored(
                row.commitment_id, file_id, row.committed_on, balance, amount
            )
    return found


def _imported(session: Session, commitment_ids: Sequence[int]) -> dict[int, Decimal]:
    """What files have brought to each commitment and nobody annulled: engagements and prévisions less dégagements."""
    annulled = select(Entry.reverses_id).where(
        col(Entry.commitment_id).in_(commitment_ids), col(Entry.reverses_id).is_not(None)
    )
    query = (
        select(Entry.commitment_id, Entry.kind, func.sum(Entry.amount))
        .where(
            col(Entry.commitment_id).in_(commitment_ids),
            Entry.source == EntrySource.FILE.value,
            col(Entry.reverses_id).is_(None),
            col(Entry.id).not_in(annulled),
        )
        .group_by(col(Entry.commitment_id), col(Entry.kind))
    )
    found: dict[int, Decimal] = {}
    for commitment_id, kind, amount in session.exec(query):
        signed = -amount if kind == EntryKind.RELEASE else amount
        if kind in (EntryKind.FORECAST, EntryKind.COMMITMENT, EntryKind.RELEASE):
            found[commitment_id] = found.get(commitment_id, ZERO) + signed
    return found


def _thresholds(session: Session) -> dict[int, Decimal | None]:
    query = select(Organisation).where(col(Organisation.confirmation_threshold).is_not(None))
    return {row.id or 0: row.confirmation_threshold for row in session.exec(query)}


def _schemes(session: Session) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, code, label in session.exec(select(Scheme.id, Scheme.code, Scheme.label).order_by(col(Scheme.id))):
        found.setdefault(code.casefold(), number or 0)
        found.setdefault(label.casefold(), number or 0)
    return found


def _scheme(plan: Plan, file: ScdlFile, grant: Grant, schemes: dict[str, int]) -> int | None:
    if not grant.scheme:
        return None
    found = schemes.get(grant.scheme.casefold())
    if found is None:
        message = f"Le dispositif « {grant.scheme} » n’est pas dans la liste : il est laissé."
        plan.warnings.append(Remark(grant.row, file.cell("dispositifAide", grant.row), "scheme", message))
    return found


def _twins(rows: Sequence[tuple[Grant, int]]) -> list[Remark]:
    """A warning for each row that repeats an earlier one of the file, amount included."""
    first: dict[tuple[int, str, Decimal], int] = {}
    found = []
    for grant, funder in rows:
        earlier = first.setdefault((funder, grant.fingerprint, grant.amount), grant.row)
        if earlier != grant.row:
            message = f"La ligne répète la ligne {earlier} : les deux sont gardées comme deux engagements."
            found.append(Remark(grant.row, None, "repeated", message))
    return found


def _gone(session: Session, stored: dict[tuple[int, str], _Stored], keys: set[str]) -> list[str]:
    """References of the lines that the same earlier files made for the same funders, and that this file lacks."""
    files = {known.import_file_id for known in stored.values()} - {None}
    query = (
        select(Commitment.reference, Balance.identity)
        .join(Balance, col(Balance.commitment_id) == Commitment.id)
        .where(
            col(Commitment.import_file_id).in_(files),
            col(Commitment.funder_id).in_({funder for funder, _ in stored}),
            col(Balance.identity).is_not(None),
        )
        .order_by(col(Commitment.id))
    )
    return [reference for reference, identity in session.exec(query) if identity not in keys] if files else []

"""How are the terms of a convention written: its dates and envelope, its parties, its plan, its schedule, its
conditions?

Each part is written whole, by anybody who drafts for a party, against the version that they read. Sums are those of
the ledger: parts given in per cent share the whole to the cent, and what does not sum is told before the text may be
signed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from conference.data.tables import (
    Audience,
    ConventionBonus,
    ConventionIncome,
    ConventionInstalment,
    ConventionParty,
    ConventionShare,
    ConventionVersion,
    Nature,
    Organisation,
    Signatory,
    Territory,
)
from conference.data.tables.metadata import table_of
from conference.domain.convention import ArticleRole, InstalmentKind, PartyRole
from conference.domain.money import LARGEST, ZERO, split
from conference.domain.permissions import Actor
from conference.domain.refusal import Refusal
from conference.domain.rights import RightKind
from conference.services.convention_access import note_convention, writable

WHOLE = Decimal(100)
MOST_LINES = 400
"""Lines of a plan or of a schedule: beyond, it is a mistake."""


@dataclass(frozen=True)
class Terms:
    """What a version says of itself; both days included, amounts in euros."""

    title: str
    first: date | None = None
    last: date | None = None
    ceiling: Decimal | None = None
    beneficiary_id: int | None = None
    place: str = ""
    decision_reference: str = ""
    is_grant: bool = False
    payment_conditions: str = ""
    eu_notified: bool = False


@dataclass(frozen=True)
class PartyLine:
    """A party, in the order of the text; `duties` is one commitment a line."""

    organisation_id: int
    role: PartyRole
    authority: str = ""
    duties: str = ""


@dataclass(frozen=True)
class ShareLine:
    """What a party puts in for a year and a nature: euros, or a percentage of `whole` euros shared to the cent with the
    other lines of the same year and nature."""

    organisation_id: int
    year: int
    nature_id: int
    amount: Decimal | None = None
    percent: Decimal | None = None
    beneficiary_id: int | None = None


@dataclass(frozen=True)
class InstalmentLine:
    """A payment of the schedule; `key` None for a new one. Euros, or a percentage of what its party puts in."""

    organisation_id: int
    kind: InstalmentKind
    due_on: date
    amount: Decimal | None = None
    percent: Decimal | None = None
    condition: str = ""
    key: int | None = None


@dataclass(frozen=True)
class IncomeLine:
    """Whose days are paid and by whom; None: everybody, everywhere, by the trainee scale."""

    payer_id: int
    kind: RightKind = RightKind.TRAINEE_PAY
    daily_amount: Decimal | None = None
    audience_id: int | None = None
    territory_id: int | None = None


def set_terms(
    session: Session, version_id: int, terms: Terms, *, seen: int | None, by: Actor, at: datetime
) -> ConventionVersion:
    """Write what a version says of itself. Raises as `convention_access.writable`, and Refusal at the field."""
    roles = (ArticleRole.OBJECT, ArticleRole.DURATION, ArticleRole.FINANCING_PLAN, ArticleRole.PAYMENT)
    convention, version = writable(session, version_id, roles, by, seen)
    check_terms(session, terms)
    told: dict[str, Any] = {}
    for each in fields(terms):
        before, after = getattr(version, each.name), getattr(terms, each.name)
        after = after.strip() if isinstance(after, str) else after
        if before != after:
            told[each.name] = [before, after]
            setattr(version, each.name, after)
    if told:
        note_convention(session, convention, version, "set_convention_terms", told, by=by, at=at)
    return version


def check_terms(session: Session, terms: Terms) -> None:
    """Raises Refusal at the field that is wrong."""
    if not terms.title.strip():
        raise Refusal("Donnez un titre à la convention.", field="title", code="title")
    if terms.first and terms.last and terms.last < terms.first:
        raise Refusal("La fin de la convention précède son début. Corrigez une date.", field="last", code="dates")
    _check_amount(terms.ceiling, "ceiling", needed=False)
    if terms.beneficiary_id is not None and session.get(Organisation, terms.beneficiary_id) is None:
        raise Refusal("Choisissez un organisme de la liste.", field="beneficiary_id", code="beneficiary")


def set_parties(
    session: Session, version_id: int, lines: Sequence[PartyLine], *, seen: int | None, by: Actor, at: datetime
) -> ConventionVersion:
    """Write the parties of a version, in the order of the text. What a party that goes away had in the plan, in the
    schedule or to sign goes with it. Raises as `writable`, and Refusal: two parties at least, each once, the
    organisation that began it among them unless it is the coordination."""
    convention, version = writable(session, version_id, (ArticleRole.COMMITMENTS,), by, seen)
    check_parties(session, lines)
    before = set(session.exec(select(ConventionParty.organisation_id).where(ConventionParty.version_id == version_id)))
    kept = [line.organisation_id for line in lines]
    for table in (ConventionShare, ConventionInstalment, Signatory):
        gone = table_of(table).c
        session.connection().execute(
            delete(table_of(table)).where(gone.version_id == version_id, gone.organisation_id.not_in(kept))
        )
    for organisation_id in before.difference(kept):
        session.delete(session.get_one(ConventionParty, (version_id, organisation_id)))
    for rank, line in enumerate(lines, start=1):
        row = session.get(ConventionParty, (version_id, line.organisation_id)) or ConventionParty(
            version_id=version_id, organisation_id=line.organisation_id, rank=rank, role=line.role.value
        )
        row.rank, row.role = rank, line.role.value
        row.authority, row.duties = line.authority.strip(), line.duties.strip()
        session.add(row)
    note_convention(session, convention, version, "set_convention_parties", {"parties": kept}, by=by, at=at)
    return version


def check_parties(session: Session, lines: Sequence[PartyLine]) -> None:
    """Raises Refusal: two parties at least, each of them once, each an organisation that is known."""
    ids = [line.organisation_id for line in lines]
    if len(set(ids)) < len(ids):
        raise Refusal(
            "Un organisme figure deux fois parmi les parties. Retirez-en une ligne.", field="parties", code="twice"
        )
    if len(ids) < 2:
        raise Refusal("Une convention a au moins deux parties.", field="parties", code="two_parties")
    found = set(session.exec(select(Organisation.id).where(col(Organisation.id).in_(ids))))
    if len(found) < len(ids):
        raise Refusal("Choisissez chaque partie dans la liste.", field="parties", code="party")


def set_plan(
    session: Session, version_id: int, lines: Sequence[ShareLine], *, seen: int | None, by: Actor, at: datetime
) -> ConventionVersion:
    """Write the whole plan. Lines in per cent share the ceiling of the version among the years and natures that they are
    given for: together they must make 100 % of it. Raises as `writable`, and Refusal."""
    convention, version = writable(session, version_id, (ArticleRole.FINANCING_PLAN,), by, seen)
    parties = _parties(session, version_id)
    _check_lines(lines, parties, "plan")
    for line in lines:
        if session.get(Nature, line.nature_id) is None:
            raise Refusal("Choisissez une nature de coût de la liste.", field="plan", code="nature")
        if not 1950 <= line.year <= 2100:
            raise Refusal("L’année va de 1950 à 2100.", field="plan", code="year")
        if line.beneficiary_id is not None and session.get(Organisation, line.beneficiary_id) is None:
            raise Refusal("Choisissez un organisme de la liste.", field="plan", code="beneficiary")
    amounts = shared(lines, version.ceiling, "plan", "le plafond de la convention")
    session.connection().execute(
        delete(table_of(ConventionShare)).where(table_of(ConventionShare).c.version_id == version_id)
    )
    for line, amount in zip(lines, amounts, strict=True):
        session.add(
            ConventionShare(
                version_id=version_id,
                organisation_id=line.organisation_id,
                year=line.year,
                nature_id=line.nature_id,
                beneficiary_id=line.beneficiary_id,
                amount=amount,
                percent=line.percent,
            )
        )
    told = {"lines": len(lines), "total": sum(amounts, ZERO)}
    note_convention(session, convention, version, "set_convention_plan", told, by=by, at=at)
    return version


def set_schedule(
    session: Session, version_id: int, lines: Sequence[InstalmentLine], *, seen: int | None, by: Actor, at: datetime
) -> ConventionVersion:
    """Write the whole schedule; an instalment that stays keeps its key. Lines in per cent share what their party puts in.
    Raises as `writable`, and Refusal."""
    convention, version = writable(session, version_id, (ArticleRole.PAYMENT,), by, seen)
    _check_lines(lines, _parties(session, version_id), "instalments")
    puts_in = plan_by_party(session, version_id)
    amounts: dict[int, Decimal] = {}
    for party in dict.fromkeys(line.organisation_id for line in lines):
        ranks = [rank for rank, line in enumerate(lines) if line.organisation_id == party]
        found = shared(
            [lines[rank] for rank in ranks], puts_in.get(party), "instalments", "ce que cette partie apporte"
        )
        amounts |= dict(zip(ranks, found, strict=True))
    keys = _keys(session, convention.id or 0, version_id, lines)
    session.connection().execute(
        delete(table_of(ConventionInstalment)).where(table_of(ConventionInstalment).c.version_id == version_id)
    )
    for rank, line in enumerate(lines):
        session.add(
            ConventionInstalment(
                version_id=version_id,
                key=keys[rank],
                organisation_id=line.organisation_id,
                kind=line.kind.value,
                due_on=line.due_on,
                amount=amounts[rank],
                percent=line.percent,
                condition=line.condition.strip(),
            )
        )
    told = {"lines": len(lines), "total": sum(amounts.values(), ZERO)}
    note_convention(session, convention, version, "set_convention_schedule", told, by=by, at=at)
    return version


def _keys(session: Session, convention_id: int, version_id: int, lines: Sequence[InstalmentLine]) -> list[int]:
    """The key of each line: its own where the version has it, else the next one that no version of the chain ever used."""
    of_chain = (
        select(ConventionInstalment.key, ConventionInstalment.version_id)
        .join(ConventionVersion, col(ConventionVersion.id) == col(ConventionInstalment.version_id))
        .where(ConventionVersion.convention_id == convention_id)
    )
    found = session.exec(of_chain).all()
    mine, last = {key for key, version in found if version == version_id}, max((key for key, _ in found), default=0)
    keys: list[int] = []
    for line in lines:
        if line.key is not None and line.key in mine and line.key not in keys:
            keys.append(line.key)
        else:
            last += 1
            keys.append(last)
    return keys


def shared(
    lines: Sequence[ShareLine] | Sequence[InstalmentLine], whole: Decimal | None, field: str, what: str
) -> list[Decimal]:
    """Euros of each line. Those in per cent share `whole` to the cent by largest remainder, in their order; where they
    make less than 100 % together, what is left of it stays out. Raises Refusal."""
    percents = [line.percent for line in lines]
    told = sum((percent for percent in percents if percent is not None), ZERO)
    if told and whole is None:
        raise Refusal(f"Pour donner des pourcentages, indiquez d’abord {what}.", field=field, code="percent_of_nothing")
    if told > WHOLE:
        raise Refusal("Les pourcentages dépassent 100\u202f% ensemble. Corrigez-les.", field=field, code="percent")
    rest = [WHOLE - told] if told < WHOLE else []
    weights = [percent for percent in percents if percent is not None] + rest
    parts = iter(split(whole, weights)) if told and whole is not None else iter(())
    found = [line.amount if line.percent is None else next(parts) for line in lines]
    for amount in found:
        _check_amount(amount, field, needed=True)
    return [amount for amount in found if amount is not None]


def plan_by_party(session: Session, version_id: int) -> dict[int, Decimal]:
    """Euros that each party puts in, all years and natures together."""
    found: dict[int, Decimal] = {}
    query = select(ConventionShare).where(ConventionShare.version_id == version_id)
    for share in session.exec(query):
        found[share.organisation_id] = found.get(share.organisation_id, ZERO) + share.amount
    return found


def set_bonus(
    session: Session,
    version_id: int,
    base: Decimal | None,
    steps: Sequence[tuple[Decimal, Decimal]],
    *,
    seen: int | None,
    by: Actor,
    at: datetime,
) -> ConventionVersion:
    """Write the price and, from each return-to-work rate on (percent), what is added to it (percent). Raises as `writable`,
    and Refusal: rates from 0 on, each once, a malus of 100 % at most."""
    convention, version = writable(session, version_id, (ArticleRole.BONUS,), by, seen)
    _check_amount(base, "bonus_base", needed=bool(steps))
    rates = [rate for rate, _ in steps]
    if len(set(rates)) < len(rates) or any(not ZERO <= rate <= WHOLE for rate in rates):
        raise Refusal("Chaque taux va de 0 à 100\u202f% et ne figure qu’une fois.", field="bonus", code="rates")
    if steps and min(rates) != ZERO:
        raise Refusal("Le premier palier commence à 0\u202f%. Ajoutez-le.", field="bonus", code="first_rate")
    if any(abs(percent) > WHOLE for _, percent in steps):
        raise Refusal("Un bonus ou un malus va de −100 à 100\u202f% du prix.", field="bonus", code="percent")
    table = table_of(ConventionBonus)
    session.connection().execute(delete(table).where(table.c.version_id == version_id))
    session.add_all(ConventionBonus(version_id=version_id, from_rate=rate, percent=percent) for rate, percent in steps)
    version.bonus_base = base
    told = {"bonus_base": base, "lines": len(steps)}
    note_convention(session, convention, version, "set_convention_bonus", told, by=by, at=at)
    return version


def set_income(
    session: Session, version_id: int, line: IncomeLine | None, *, seen: int | None, by: Actor, at: datetime
) -> ConventionVersion:
    """Write whose days the convention pays; None: nobody's. Raises as `writable`, and Refusal."""
    convention, version = writable(session, version_id, (ArticleRole.INCOME,), by, seen)
    row = session.get(ConventionIncome, version_id)
    if row is not None:
        session.delete(row)
        session.flush()
    if line is not None:
        _check_income(session, version_id, line)
        session.add(
            ConventionIncome(
                version_id=version_id,
                payer_id=line.payer_id,
                kind=line.kind.value,
                daily_amount=line.daily_amount,
                audience_id=line.audience_id,
                territory_id=line.territory_id,
            )
        )
    told = {"daily_amount": line.daily_amount if line is not None else None}
    note_convention(session, convention, version, "set_convention_income", told, by=by, at=at)
    return version


def _check_income(session: Session, version_id: int, line: IncomeLine) -> None:
    if line.payer_id not in _parties(session, version_id):
        raise Refusal("Le payeur doit être une partie de la convention.", field="payer_id", code="payer")
    if line.daily_amount is not None and not ZERO < line.daily_amount <= Decimal(1000):
        raise Refusal("Le montant par jour va de 0,01 à 1\u202f000\u00a0€.", field="daily_amount", code="daily_amount")
    if line.audience_id is not None and session.get(Audience, line.audience_id) is None:
        raise Refusal("Choisissez un public de la liste.", field="audience_id", code="audience")
    if line.territory_id is not None and session.get(Territory, line.territory_id) is None:
        raise Refusal("Choisissez un territoire de la liste.", field="territory_id", code="territory")


def _parties(session: Session, version_id: int) -> set[int]:
    return set(session.exec(select(ConventionParty.organisation_id).where(ConventionParty.version_id == version_id)))


def _check_lines(lines: Sequence[ShareLine] | Sequence[InstalmentLine], parties: set[int], field: str) -> None:
    if len(lines) > MOST_LINES:
        raise Refusal(f"Il y a trop de lignes\u202f: {MOST_LINES} au plus.", field=field, code="lines")
    for line in lines:
        if line.organisation_id not in parties:
            raise Refusal("Chaque ligne revient à une partie de la convention.", field=field, code="party")
        if (line.amount is None) == (line.percent is None):
            raise Refusal("Donnez un montant ou un pourcentage, l’un des deux.", field=field, code="amount_or_percent")
        if line.percent is not None and not ZERO < line.percent <= WHOLE:
            raise Refusal("Le pourcentage va de 0,01 à 100.", field=field, code="percent")


def _check_amount(amount: Decimal | None, field: str, *, needed: bool) -> None:
    if amount is None:
        if needed:
            raise Refusal("Indiquez un montant.", field=field, code="amount")
        return
    if not ZERO < amount <= LARGEST or amount != amount.quantize(Decimal("0.01")):
        raise Refusal("Le montant va de 0,01\u00a0€ à mille milliards, au centime près.", field=field, code="amount")

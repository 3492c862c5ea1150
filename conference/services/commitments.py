"""How does a funder commit money, and how does a second person confirm it?

A commitment is one line whose first entry is an engagement, or a prévision when the amount is above the threshold that
the funder has set: it then waits for a second person and is in no total (SEMANTICS §1). One path serves one line from a
form and a hundred thousand from a file.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session, col, select

from conference.data.journal import write_journal
from conference.data.tables import Balance, Commitment, Entry, Organisation, YearlyShare
from conference.domain.french import format_euros
from conference.domain.ledger import EntryKind, EntrySource
from conference.domain.money import LARGEST, split
from conference.domain.permissions import Actor, Role, require
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.convention_balances import attach_commitment
from conference.services.dimensions import Dimensions, dimension_set_ids
from conference.services.first_entries import Batch, insert_commitments, post_first_entries
from conference.services.months import OpenMonths
from conference.services.numbering import take_numbers
from conference.services.posting import NewCommitment, Posting, next_id, post
from conference.services.stories import Fact, following


@dataclass(frozen=True)
class CommitmentLine:
    """What a funder says of one decision to pay. Amounts in euros; `first`, `last`: the period funded, both included.

    `identity` makes the line unique for its funder while it lives; by default its own reference. `forecast` records it
    as a prévision. `shares` are (year, euros) that sum to the amount. `convention_id`, `instalment_key`: the convention in
    force under which it is made, within its ceiling, and which instalment it is for.
    """

    funder_id: int
    amount: Decimal
    decided_on: date
    object: str = ""
    dimensions: Dimensions = field(default_factory=Dimensions)
    to_funder_id: int | None = None
    provider_id: int | None = None
    payer_id: int | None = None
    manager_id: int | None = None
    funder_reference: str | None = None
    decision_reference: str | None = None
    accounting_number: str | None = None
    first: date | None = None
    last: date | None = None
    persons: int | None = None
    shares: tuple[tuple[int, Decimal], ...] = ()
    forecast: bool = False
    identity: str | None = None
    source_sheet: str | None = None
    source_row: int | None = None
    convention_id: int | None = None
    instalment_key: int | None = None


def commit_funds(session: Session, line: CommitmentLine, *, by: Actor, at: datetime, source: EntrySource) -> Commitment:
    """Record one commitment. Raises Refusal on a broken rule, Forbidden when `by` may not write for that funder."""
    require(by, "commitment.create", by.relation_to(line.funder_id))
    [commitment_id] = record_commitments(session, [line], by=by, at=at, source=source)
    commitment = session.get_one(Commitment, commitment_id)
    write_journal(
        session,
        by=by,
        at=at,
        verb="commit_funds",
        object_kind="commitment",
        object_id=commitment_id,
        object_label=commitment.reference,
        changes={
            "amount": line.amount,
            "decided_on": line.decided_on,
            "forecast": _is_forecast(session, line),
            **({} if line.convention_id is None else {"convention": line.convention_id}),
        },
    )
    return commitment


def record_commitments(
    session: Session,
    lines: Sequence[CommitmentLine],
    *,
    by: Actor,
    at: datetime,
    source: EntrySource,
    import_file_id: int | None = None,
    facts: Sequence[Sequence[Fact]] | None = None,
    confirmed: bool = False,
) -> list[int]:
    """Write `lines` and their first entries, without right or journal (the calling verb's own); identifiers in order.

    `facts`, one sequence per line, are the entries that followed; those of a line left as a prévision break a rule.
    `confirmed`: the calling verb has asked for the second pair of eyes that a threshold wants.
    """
    if not lines:
        return []
    for line in lines:
        check_line(line)
    batch = _batch(session, lines, by=by, at=at, source=source, import_file_id=import_file_id, confirmed=confirmed)
    _refuse_taken_identities(session, lines, batch.identities)
    insert_commitments(session, batch)
    months = OpenMonths(session)
    if facts is None and not any(line.shares for line in lines):
        post_first_entries(session, batch, months)
        _put_under_conventions(session, batch)
        return list(batch.ids)
    postings = [_first_posting(batch, offset, months) for offset in range(len(lines))]
    if facts is not None:
        postings += following(list(postings), facts, next_entry_id=next_id(session, Entry), months=months)
    new = {
        number: NewCommitment(line.funder_id, identity, line.persons)
        for number, line, identity in zip(batch.ids, lines, batch.identities, strict=True)
    }
    post(session, postings, by_id=by.account_id, at=at, new=new)
    _put_under_conventions(session, batch)
    return list(batch.ids)


def _put_under_conventions(session: Session, batch: Batch) -> None:
    """Each new line that says so, under its convention, in their order: the one that passes a ceiling refuses the whole."""
    for number, line in zip(batch.ids, batch.lines, strict=True):
        if line.convention_id is not None:
            key = line.instalment_key
            attach_commitment(session, number, line.convention_id, key, batch.recorded_by, batch.at)


def _batch(
    session: Session,
    lines: Sequence[CommitmentLine],
    *,
    by: Actor,
    at: datetime,
    source: EntrySource,
    import_file_id: int | None,
    confirmed: bool,
) -> Batch:
    """The lines with their numbers, dimensions and identities, and which of them wait for a second person."""
    receivers = {line.to_funder_id for line in lines if line.to_funder_id is not None}
    thresholds = _thresholds(session, {line.funder_id for line in lines} | receivers)
    start = next_id(session, Commitment)
    return Batch(
        lines=lines,
        ids=range(start, start + len(lines)),
        references=[
            f"E-{at.year}-{number:06d}" for number in take_numbers(session, f"commitment-{at.year}", len(lines))
        ],
        set_ids=dimension_set_ids(session, [line.dimensions for line in lines]),
        identities=[
            line.identity or (f"ref:{line.funder_reference}" if line.funder_reference else None) for line in lines
        ],
        waits=[line.forecast or (not confirmed and _above(line.amount, thresholds[line.funder_id])) for line in lines],
        source=source,
        import_file_id=import_file_id,
        recorded_by=by.account_id,
        at=at,
    )


def check_line(line: CommitmentLine) -> None:
    """Raise Refusal when the line breaks a rule that needs no database."""
    if line.amount <= 0:
        raise Refusal("Le montant doit être supérieur à zéro.", field="amount", code="amount_positive")
    if line.amount > LARGEST:
        raise Refusal("Ce montant est trop grand pour une seule écriture.", field="amount", code="amount")
    if line.first and line.last and line.last < line.first:
        raise Refusal(
            "La fin de la période précède son début. Corrigez l’une des deux dates.", field="last", code="dates"
        )
    if line.persons is not None and line.persons <= 0:
        raise Refusal("Le nombre de personnes doit être au moins 1, ou rester vide.", field="persons", code="persons")
    if line.to_funder_id == line.funder_id:
        raise Refusal(
            "Un financeur ne peut pas se transférer des fonds à lui-même.",
            field="to_funder_id",
            code="transfer_to_another",
        )
    if line.shares and sum(amount for _, amount in line.shares) != line.amount:
        raise Refusal(
            f"Les parts annuelles ne font pas {format_euros(line.amount)}. Corrigez-les.", field="shares", code="shares"
        )


def confirm_commitment(
    session: Session, commitment_id: int, *, by: Actor, at: datetime, version: int | None = None
) -> Commitment:
    """Turn the live prévisions of a commitment into engagements: the second pair of eyes, or the funder's own decision.

    Above the funder's threshold a signatory other than the author is needed. Raises Refusal otherwise.
    """
    commitment = own_commitment(session, commitment_id, by, "commitment.confirm")
    waiting = live_entries(session, commitment_id, EntryKind.FORECAST)
    if not waiting:
        raise Conflict("Cet engagement n’attend plus de confirmation. Rechargez la page pour voir son état.")
    refuse_stale(session, commitment_id, version)
    threshold = _thresholds(session, {commitment.funder_id})[commitment.funder_id]
    balance = session.get_one(Balance, commitment_id)
    if _above(balance.commitment - balance.release + balance.forecast, threshold):
        for entry in waiting:
            require_second_person(entry, by)
    months = OpenMonths(session)
    postings: list[Posting] = []
    for entry in waiting:
        shares = shares_of(session, entry.id or 0)
        postings.append(reversal_of(entry, commitment, shares, "Confirmée en engagement", months, at))
        postings.append(_engagement_after(entry, commitment, shares, months))
    post(session, postings, by_id=by.account_id, at=at)
    write_journal(
        session,
        by=by,
        at=at,
        verb="confirm_commitment",
        object_kind="commitment",
        object_id=commitment_id,
        object_label=commitment.reference,
        changes={"amount": sum(entry.amount for entry in waiting)},
    )
    return commitment


def own_commitment(session: Session, commitment_id: int, by: Actor, action: str) -> Commitment:
    """The commitment, when `by` may do `action` to it; else NotFound, so that nobody learns what others hold."""
    commitment = session.get(Commitment, commitment_id)
    if commitment is None:
        raise NotFound()
    relation = by.relation_to(commitment.funder_id)
    if relation.value == "other":
        raise NotFound()
    require(by, action, relation)
    return commitment


def refuse_stale(session: Session, commitment_id: int, version: int | None) -> None:
    """Raise Conflict when the commitment has other entries than the `version` that the author saw; None: not checked."""
    if version is not None and session.get_one(Balance, commitment_id).entry_count != version:
        raise Conflict(
            "Une écriture a été enregistrée sur cet engagement depuis que vous avez ouvert cette page. "
            "Vérifiez l’état ci-dessous avant de recommencer."
        )


def live_entries(session: Session, commitment_id: int, kind: EntryKind) -> list[Entry]:
    """Entries of one kind that are neither an annulation nor annulled, oldest first."""
    query = select(Entry).where(Entry.commitment_id == commitment_id, Entry.kind == kind.value).order_by(col(Entry.id))
    entries = session.exec(query).all()
    gone = {entry.reverses_id for entry in entries}
    return [entry for entry in entries if entry.reverses_id is None and entry.id not in gone]


def shares_of(session: Session, entry_id: int) -> tuple[tuple[int, Decimal], ...]:
    """(year, euros) of an entry, by year; empty when it has none."""
    query = select(YearlyShare).where(YearlyShare.entry_id == entry_id).order_by(col(YearlyShare.year))
    return tuple((share.year, share.amount) for share in session.exec(query))


def reversal_of(
    entry: Entry,
    commitment: Commitment,
    shares: Iterable[tuple[int, Decimal]],
    motive: str,
    months: OpenMonths,
    at: datetime,
) -> Posting:
    """The annulation of `entry`: same kind and effective day, opposite amount, booked in the first open month."""
    assert entry.id is not None
    return Posting(
        commitment_id=entry.commitment_id,
        funder_id=entry.funder_id,
        to_funder_id=entry.to_funder_id,
        dimension_set_id=commitment.dimension_set_id,
        kind=EntryKind(entry.kind),
        amount=-entry.amount,
        effective_on=entry.effective_on,
        booked_month=months.booking(entry.effective_on),
        source=EntrySource(entry.source) if entry.source != EntrySource.FILE else EntrySource.FORM,
        reverses_id=entry.id,
        motive=motive,
        shares=tuple((year, -amount) for year, amount in shares),
    )


def share_by_year(total: Decimal, like: Sequence[tuple[int, Decimal]]) -> tuple[tuple[int, Decimal], ...]:
    """`total` shared over the years of `like`, in the same proportions, to the cent."""
    if not like:
        return ()
    return tuple(zip((year for year, _ in like), split(total, [amount for _, amount in like]), strict=True))


def require_second_person(entry: Entry, by: Actor, to_do: str = "le confirmer") -> None:
    """Raise Refusal unless `by` is a signatory other than who recorded `entry` (the command line excepted)."""
    if by.role is Role.CONSOLE:
        return
    if by.role is not Role.SIGNATORY:
        raise Refusal(
            f"Ce montant dépasse le seuil de votre organisme : un signataire doit {to_do}.", code="signatory_needed"
        )
    if entry.recorded_by is not None and entry.recorded_by == by.account_id:
        raise Refusal(f"Vous l’avez saisi vous-même : une autre personne doit {to_do}.", code="second_person_needed")


def _engagement_after(
    entry: Entry, commitment: Commitment, shares: tuple[tuple[int, Decimal], ...], months: OpenMonths
) -> Posting:
    return Posting(
        commitment_id=entry.commitment_id,
        funder_id=entry.funder_id,
        to_funder_id=entry.to_funder_id,
        dimension_set_id=commitment.dimension_set_id,
        kind=EntryKind.COMMITMENT,
        amount=entry.amount,
        effective_on=entry.effective_on,
        booked_month=months.booking(entry.effective_on),
        source=EntrySource(entry.source),
        reference=entry.reference,
        shares=shares,
        import_file_id=entry.import_file_id,
        source_sheet=entry.source_sheet,
        source_row=entry.source_row,
    )


def _first_posting(batch: Batch, offset: int, months: OpenMonths) -> Posting:
    line: CommitmentLine = batch.lines[offset]
    return Posting(
        commitment_id=batch.ids[offset],
        funder_id=line.funder_id,
        to_funder_id=line.to_funder_id,
        dimension_set_id=batch.set_ids[offset],
        kind=EntryKind.FORECAST if batch.waits[offset] else EntryKind.COMMITMENT,
        amount=line.amount,
        effective_on=line.decided_on,
        booked_month=months.booking(line.decided_on),
        source=batch.source,
        shares=line.shares,
        import_file_id=batch.import_file_id,
        source_sheet=line.source_sheet,
        source_row=line.source_row,
    )


def _refuse_taken_identities(
    session: Session, lines: Sequence[CommitmentLine], identities: Sequence[str | None]
) -> None:
    """Name the reference that is already taken; the UNIQUE constraint stands behind for whatever slips through.

    A row of a file was looked up when the file was planned: only references are looked up here.
    """
    named = [(line.funder_id, each) for line, each in zip(lines, identities, strict=True) if each]
    wanted = {(funder, each) for funder, each in named if each.startswith("ref:")}
    if len(set(named)) < len(named):
        raise Refusal("La même référence apparaît deux fois dans cet envoi.", field="funder_reference", code="identity")
    references = sorted({each for _, each in wanted})
    for start in range(0, len(references), 500):
        query = select(Balance.funder_id, Balance.identity).where(
            col(Balance.identity).in_(references[start : start + 500])
        )
        for funder_id, identity in session.exec(query):
            if (funder_id, identity) in wanted:
                shown = (identity or "").removeprefix("ref:")
                raise Refusal(
                    f"La référence « {shown} » existe déjà pour ce financeur. Ouvrez la ligne existante ou changez-la.",
                    field="funder_reference",
                    code="balance_funder_id_identity",
                )


def _thresholds(session: Session, funder_ids: set[int]) -> dict[int, Decimal | None]:
    rows = session.exec(select(Organisation).where(col(Organisation.id).in_(sorted(funder_ids)))).all()
    found = {row.id: row.confirmation_threshold for row in rows if row.id is not None and row.is_funder}
    if missing := funder_ids - found.keys():
        raise Refusal(f"Organisme n° {min(missing)} : ce n’est pas un financeur.", field="funder_id", code="funder")
    return found


def _above(amount: Decimal, threshold: Decimal | None) -> bool:
    return threshold is not None and amount > threshold


def _is_forecast(session: Session, line: CommitmentLine) -> bool:
    return line.forecast or _above(line.amount, _thresholds(session, {line.funder_id})[line.funder_id])

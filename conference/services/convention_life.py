"""How does a version of a convention go from draft to signed, and a convention from signed to its end?

`move` makes every step of the table of transitions that a person asks for; what undoes something asks for a motive.
Putting a version to signature checks the whole, gives the number, freezes the text as a file that is kept for ever;
the last signature puts it in force (`complete`), with its ceiling.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session, col, select

from conference.data.glossary import label
from conference.data.queries.convention_facts import facts_of, signatories_of
from conference.data.queries.profile import shown_profile
from conference.data.tables import Convention, ConventionFile, ConventionVersion
from conference.documents.convention import convention_document
from conference.documents.model import fingerprint
from conference.documents.render import render_pdf
from conference.domain.article_library import missing_roles
from conference.domain.article_text import VARIABLES, filled, missing, variables_of
from conference.domain.convention import ConventionFileKind, ConventionStatus, Mover, Transition, transition
from conference.domain.convention_changes import changed_kinds
from conference.domain.convention_facts import ConventionFacts, PartyFacts, total_of
from conference.domain.french import day_in_france, format_euros
from conference.domain.money import ZERO
from conference.domain.permissions import CONSOLE, Actor
from conference.domain.refusal import Conflict, Refusal
from conference.services.convention_access import note_convention, reached_convention, version_in_force, version_of
from conference.services.convention_articles import waiting_comments
from conference.services.convention_coverage import ask_again
from conference.services.convention_money import set_ceiling
from conference.services.files import keep_file
from conference.services.numbering import take_numbers

_ACTIONS = {Mover.DRAFTER: "convention.draft", Mover.CONDUCTOR: "convention.conduct"}
_DONE = "Cette convention a déjà avancé. Rechargez la page\u202f: elle montre l’état actuel."


def move(
    session: Session, version_id: int, verb: str, *, motive: str = "", by: Actor, at: datetime
) -> ConventionVersion:
    """Move a version as its table of transitions allows: submit, return, take_back, abandon.

    Raises NotFound, Forbidden, Conflict when the move is not one of where it stands, Refusal without the motive it
    asks for.
    """
    convention, version, step = _allowed(session, version_id, verb, by, motive)
    if verb == "take_back":
        _refuse_if_signed(session, version)
    _set(convention, version, step.after)
    told = {"before": step.before.value, "after": step.after.value}
    note_convention(session, convention, version, f"{verb}_convention", told, by=by, at=at, motive=motive, event=True)
    return version


def put_to_sign(
    session: Session, version_id: int, *, instance: Path, address: str, by: Actor, at: datetime
) -> ConventionVersion:
    """Freeze a version and put it to signature: it is checked whole, numbered when it is the first of its chain, and its
    text is kept as a file. Raises as `move`, and Refusal with everything that is missing."""
    convention, version, step = _allowed(session, version_id, "put_to_sign", by, "")
    if waiting_comments(session, version_id):
        raise Refusal("Des observations attendent encore une réponse. Closez-les d’abord.", code="comments")
    if version.rank:
        version.changes = " ".join(changes_of(session, convention, version))
    missing_now = faults(session, version_id)
    if missing_now:
        raise Refusal(" ".join(missing_now), code="incomplete")
    if convention.number is None:
        year = day_in_france(at).year
        convention.number = f"C-{year}-{take_numbers(session, f'convention-{year}')[0]:03d}"
    version.frozen_at = at
    session.add_all([convention, version])
    session.flush()
    _freeze(session, convention, version, instance, address, by, at)
    _set(convention, version, step.after)
    told = {"number": convention.number, "sha256": version.file_sha256}
    note_convention(session, convention, version, "put_convention_to_sign", told, by=by, at=at, event=True)
    return version


def rendered(session: Session, version_id: int, address: str, *, is_draft: bool) -> tuple[bytes, str]:
    """The document of a version as it now reads, and the fingerprint of what it says."""
    facts = replace(facts_of(session, version_id), is_draft=is_draft)
    values = variables_of(facts)
    texts = {article.article_id: filled(article.text, values) for article in facts.articles}
    titled = tuple(replace(article, title=filled(article.title, values)) for article in facts.articles)
    mentions = ("Démonstration",) if shown_profile(session).is_demo else ()
    document = convention_document(replace(facts, articles=titled), texts=texts, address=address, mentions=mentions)
    return render_pdf(document), fingerprint(document)


def _freeze(
    session: Session,
    convention: Convention,
    version: ConventionVersion,
    instance: Path,
    address: str,
    by: Actor,
    at: datetime,
) -> None:
    content, mark = rendered(session, version.id or 0, address, is_draft=False)
    version.fingerprint, version.file_sha256 = mark, keep_file(instance, content)
    session.add(
        ConventionFile(
            convention_id=convention.id or 0,
            version_id=version.id,
            kind=ConventionFileKind.TEXT.value,
            filename=f"{convention.number}{f'-A{version.rank}' if version.rank else ''}.pdf",
            media_type="application/pdf",
            size=len(content),
            sha256=version.file_sha256,
            added_at=at,
            added_by=by.account_id,
        )
    )


def complete(session: Session, version: ConventionVersion, *, by: Actor, at: datetime) -> None:
    """The last signature is there: the version is signed, in force instead of the one before, and its ceiling holds."""
    convention = session.get_one(Convention, version.convention_id)
    days = [day for day in _signed_days(session, version.id or 0) if day is not None]
    version.signed_on = max(days)
    previous = version_in_force(session, convention.id or 0)
    if previous is not None:
        previous.in_force = False
        session.add(previous)
        session.flush()
    version.status, version.in_force = ConventionStatus.SIGNED.value, True
    if version.rank == 0:
        convention.status = ConventionStatus.SIGNED.value
    start_if_due(convention, version, day_in_france(at))
    session.add_all([convention, version])
    session.flush()
    set_ceiling(session, convention.id or 0, version.ceiling)
    told = {"signed_on": version.signed_on, "ceiling": version.ceiling}
    note_convention(session, convention, version, "complete_convention", told, by=by, at=at, event=True)
    ask_again(session, convention.id or 0, at=at)


def start_if_due(convention: Convention, version: ConventionVersion, today: date) -> bool:
    """A signed convention is active from its first day on."""
    if convention.status != ConventionStatus.SIGNED or (version.first is not None and version.first > today):
        return False
    convention.status = ConventionStatus.ACTIVE.value
    return True


def start_conventions(session: Session, *, at: datetime) -> int:
    """Every night: signed conventions whose first day has come are active; how many."""
    query = (
        select(Convention, ConventionVersion)
        .join(ConventionVersion, col(ConventionVersion.convention_id) == col(Convention.id))
        .where(Convention.status == ConventionStatus.SIGNED.value, col(ConventionVersion.in_force).is_(True))
        .order_by(col(Convention.id))
    )
    started = 0
    for convention, version in session.exec(query).all():
        if start_if_due(convention, version, day_in_france(at)):
            note_convention(session, convention, version, "start_convention", {}, by=CONSOLE, at=at, event=True)
            ask_again(session, convention.id or 0, at=at)
            started += 1
    return started


def suspend(session: Session, convention_id: int, *, motive: str, by: Actor, at: datetime) -> Convention:
    """No commitment is taken under it until it is resumed. Raises as `move`."""
    return _move_convention(session, convention_id, "suspend", motive, by, at)


def resume(session: Session, convention_id: int, *, by: Actor, at: datetime) -> Convention:
    """It takes commitments again. Raises as `move`."""
    return _move_convention(session, convention_id, "resume", "", by, at)


def _move_convention(
    session: Session, convention_id: int, verb: str, motive: str, by: Actor, at: datetime
) -> Convention:
    convention = reached_convention(session, convention_id, by, "convention.conduct")
    step = _step(ConventionStatus(convention.status), verb, motive)
    convention.status = step.after.value
    told = {"before": step.before.value, "after": step.after.value}
    note_convention(session, convention, None, f"{verb}_convention", told, by=by, at=at, motive=motive, event=True)
    ask_again(session, convention_id, at=at)
    return convention


def faults(session: Session, version_id: int) -> list[str]:
    """Everything that keeps a version from being signed, in sentences; none when it is whole."""
    return [*_faults(facts_of(session, version_id))]


def _faults(facts: ConventionFacts) -> Iterator[str]:
    lacking = missing_roles(facts.kind, [article.role for article in facts.articles])
    if lacking:
        names = ", ".join(f"« {label('article_role', role.value)} »" for role in lacking)
        yield f"Des articles obligatoires manquent\u202f: {names}."
    if facts.first is None or facts.last is None:
        yield "Les dates de la convention manquent."
    unknown = missing(facts)
    if unknown:
        told = ", ".join(f"« {VARIABLES[name]} »" for name in unknown)
        yield f"Le texte cite ce qui n’est pas encore dit\u202f: {told}."
    if facts.ceiling is not None and facts.shares and facts.total != facts.ceiling:
        yield (
            f"Le plan de financement fait {format_euros(facts.total)} et le plafond {format_euros(facts.ceiling)}\u202f: "
            "ils doivent être égaux."
        )
    for party in facts.parties:
        yield from _faults_of_party(facts, party)


def _faults_of_party(facts: ConventionFacts, party: PartyFacts) -> Iterator[str]:
    puts_in = total_of(facts.shares, organisation_id=party.organisation_id)
    due = sum((each.amount for each in facts.instalments if each.organisation_id == party.organisation_id), ZERO)
    if due and due != puts_in:
        yield (
            f"L’échéancier de {party.short_name} fait {format_euros(due)} pour {format_euros(puts_in)} dans le plan\u202f: "
            "ils doivent être égaux."
        )
    if not any(each.organisation_id == party.organisation_id for each in facts.signatories):
        yield f"Aucun signataire n’est désigné pour {party.short_name}."


def changes_of(session: Session, convention: Convention, version: ConventionVersion) -> tuple[str, ...]:
    """What an avenant changes of the version in force: what types it. Raises Refusal when that is nothing."""
    current = version_in_force(session, convention.id or 0)
    assert current is not None
    kinds = changed_kinds(facts_of(session, current.id or 0), facts_of(session, version.id or 0))
    if not kinds:
        raise Refusal("Cet avenant ne change rien à la convention. Modifiez-la ou abandonnez-le.", code="no_change")
    return tuple(kind.value for kind in kinds)


def _allowed(
    session: Session, version_id: int, verb: str, by: Actor, motive: str
) -> tuple[Convention, ConventionVersion, Transition]:
    convention, version = version_of(session, version_id, by, "convention.read")
    step = _step(ConventionStatus(version.status), verb, motive)
    version_of(session, version_id, by, _ACTIONS[step.mover])
    return convention, version, step


def _step(before: ConventionStatus, verb: str, motive: str) -> Transition:
    step = transition(before, verb)
    if step is None:
        raise Conflict(_DONE)
    if step.motive and not motive.strip():
        raise Refusal("Indiquez le motif.", field="motive", code="motive")
    if len(motive) > 1000:
        raise Refusal("Le motif tient en 1\u202f000 caractères.", field="motive", code="motive")
    return step


def _set(convention: Convention, version: ConventionVersion, status: ConventionStatus) -> None:
    """The first version moves its convention with it, an avenant moves alone."""
    version.status = status.value
    if version.rank == 0:
        convention.status = status.value


def _refuse_if_signed(session: Session, version: ConventionVersion) -> None:
    if any(day is not None for day in _signed_days(session, version.id or 0)):
        raise Refusal(
            "Une partie a déjà signé ce texte. Retirez d’abord sa signature, avec le motif\u202f: tout est gardé.",
            code="signed",
        )


def _signed_days(session: Session, version_id: int) -> list[date | None]:
    return [each.signed_on for each in signatories_of(session, version_id)]

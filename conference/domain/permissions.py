"""Who may do what, to whose things?

The law of access is this one matrix, role × relation to the object × action (PRODUCT §2, SEMANTICS §4). Every route
names an action of it; a test walks every route as every role and compares. `OWN` is a thing of the actor's
organisation, `PARTY` one that its organisation takes part in (a parcours, a transfer), `OTHER` anything else.
"""

from dataclasses import dataclass
from enum import StrEnum

from conference.domain.refusal import Forbidden


class Role(StrEnum):
    """The five roles of a conférence; the command line acts as `console`."""

    OFFICER = "officer"
    SIGNATORY = "signatory"
    COORDINATOR = "coordinator"
    READER = "reader"
    ADMIN = "admin"
    CONSOLE = "console"


class Relation(StrEnum):
    """How an actor stands to the object of an action."""

    OWN = "own"
    PARTY = "party"
    OTHER = "other"


@dataclass(frozen=True)
class Actor:
    """Who acts: an account of an organisation, or the command line (`CONSOLE`, whose identifiers are None)."""

    account_id: int | None
    label: str
    role: Role
    organisation_id: int | None = None
    organisation_label: str = ""

    def relation_to(self, organisation_id: int | None) -> Relation:
        """OWN when the object belongs to the actor's organisation, else OTHER."""
        mine = self.organisation_id is not None and organisation_id == self.organisation_id
        return Relation.OWN if mine or self.role is Role.CONSOLE else Relation.OTHER


CONSOLE = Actor(None, "console", Role.CONSOLE)
"""The command line: whoever can run it holds the machine and its files, so that no right is refused to it."""

_OWN = frozenset({Relation.OWN})
_PARTY = frozenset({Relation.OWN, Relation.PARTY})
_ALL = frozenset(Relation)
_FUNDER = {Role.OFFICER: _OWN, Role.SIGNATORY: _OWN}
_WORKERS = {Role.OFFICER: _ALL, Role.SIGNATORY: _ALL, Role.COORDINATOR: _ALL}
_MEMBERS = {**_WORKERS, Role.ADMIN: _ALL}
_EVERYONE = {**_MEMBERS, Role.READER: _ALL}
_ADMIN = {Role.ADMIN: _ALL}
_PARCOURS_READ = {Role.OFFICER: _PARTY, Role.SIGNATORY: _PARTY, Role.COORDINATOR: _ALL}
_PARCOURS_WRITE = {Role.OFFICER: _PARTY, Role.SIGNATORY: _PARTY}

MATRIX: dict[str, dict[Role, frozenset[Relation]]] = {
    # Pages that everyone with an account opens: aggregates, help, own account.
    "home.read": _EVERYONE,
    "self.manage": _EVERYONE,
    "help.read": _EVERYONE,
    "dashboard.read": _EVERYONE,
    "summary.read": _EVERYONE,
    "directory.read": _EVERYONE,
    "scale.read": _EVERYONE,
    # The ledger: own lines whole, of others' lines the masked columns of LINE_COLUMNS.
    "commitment.list": _MEMBERS,
    "commitment.export": _MEMBERS,
    "commitment.read": _FUNDER,
    "commitment.create": _FUNDER,
    "commitment.confirm": {Role.SIGNATORY: _OWN, Role.OFFICER: _OWN},
    "entry.record": _FUNDER,
    "entry.reverse": _FUNDER,
    "transfer.pair": {Role.OFFICER: _PARTY, Role.SIGNATORY: _PARTY},
    "attachment.read": _FUNDER,
    "attachment.add": _FUNDER,
    "budget.edit": _FUNDER,
    "threshold.edit": {Role.SIGNATORY: _OWN, Role.ADMIN: _OWN},
    "search.use": _MEMBERS,
    # Exchanges. A coordinator may enter the files of a funder that has no account of its own yet.
    "import.run": {Role.OFFICER: _OWN, Role.SIGNATORY: _OWN, Role.COORDINATOR: _ALL},
    "import.read": {Role.OFFICER: _OWN, Role.SIGNATORY: _OWN, Role.COORDINATOR: _ALL},
    # Own: the lines are mine, or my organisation sent the file.
    "import.undo": {Role.OFFICER: _OWN, Role.SIGNATORY: _OWN, Role.COORDINATOR: _OWN},
    # People, under their pseudonym.
    "parcours.list": _WORKERS,
    "parcours.read": _PARCOURS_READ,
    "parcours.create": _FUNDER,
    "parcours.edit": _PARCOURS_WRITE,
    # Files joined to a parcours may name the person: its funders alone.
    "parcours.attach": _PARCOURS_WRITE,
    # Who the person is: the funders of the parcours alone. Own: my organisation follows the person.
    "identity.read": _PARCOURS_WRITE,
    "identity.edit": _FUNDER,
    "parcours.export": _FUNDER,
    "parcours.merge": _FUNDER,
    # Collective actions and financing plans. Own: my organisation keeps the action, or the share is mine.
    "action.list": _WORKERS,
    "action.edit": _FUNDER,
    "plan.edit": _PARCOURS_WRITE,
    # Handoffs. Own: my organisation sends or receives it; coordinators read all under the pseudonym.
    "handoff.list": _WORKERS,
    "handoff.read": {Role.OFFICER: _OWN, Role.SIGNATORY: _OWN, Role.COORDINATOR: _ALL},
    "handoff.propose": _FUNDER,
    "handoff.answer": _FUNDER,
    # Needs are aggregates; who may not read every parcours is shown no small cell.
    "need.read": {**_WORKERS, Role.READER: _ALL},
    "alert.list": _WORKERS,
    "alert.read": _PARCOURS_READ,
    "alert.settle": _PARCOURS_READ,
    "limit.manage": {Role.COORDINATOR: _ALL, Role.ADMIN: _ALL},
    # Conventions. Own: my organisation is a party; a coordinator prepares them for all. Other parties' drafts are not shown.
    "convention.list": _WORKERS,
    "convention.read": {Role.OFFICER: _OWN, Role.SIGNATORY: _OWN, Role.COORDINATOR: _ALL},
    "convention.draft": {Role.OFFICER: _OWN, Role.SIGNATORY: _OWN, Role.COORDINATOR: _ALL},
    "convention.conduct": {Role.SIGNATORY: _OWN, Role.COORDINATOR: _ALL},
    # Own: the signatory signs for my organisation; a coordinator files the papers of all, and seals for none.
    "convention.sign": {Role.SIGNATORY: _OWN},
    "convention.file": {Role.OFFICER: _OWN, Role.SIGNATORY: _OWN, Role.COORDINATOR: _ALL},
    "convention.publish": _WORKERS,
    "library.read": _WORKERS,
    "library.edit": {Role.COORDINATOR: _ALL},
    # Administration.
    "account.manage": _ADMIN,
    "organisation.manage": _ADMIN,
    "reference.manage": _ADMIN,
    "setting.manage": _ADMIN,
    "scale.edit": _ADMIN,
    "journal.read": _ADMIN,
}

LINE_COLUMNS = {
    Relation.OWN: frozenset(
        "reference funder to_funder funder_reference decision_reference accounting_number object scheme audience nature "
        "level territory sector provider payer manager period persons month status forecast committed settled ordered "
        "paid still_to_pay released source recorded_at".split()
    ),
    Relation.OTHER: frozenset("funder scheme audience nature territory month committed paid still_to_pay".split()),
}
"""Columns of a ledger line by relation to its funder (SEMANTICS §4); a reader sees no line at all."""


def is_granted(actor: Actor, action: str, relation: Relation) -> bool:
    """Does the matrix grant `action` to `actor` on an object that stands in `relation`? KeyError: unknown action."""
    if actor.role is Role.CONSOLE:
        return action in MATRIX
    return relation in MATRIX[action].get(actor.role, frozenset())


def is_granted_somewhere(actor: Actor, action: str) -> bool:
    """Is there any object on which `action` is granted? What a menu or a route asks before the object is known."""
    return actor.role is Role.CONSOLE or bool(MATRIX[action].get(actor.role))


def require(actor: Actor, action: str, relation: Relation = Relation.OWN) -> None:
    """Raise Forbidden unless the matrix grants it."""
    if not is_granted(actor, action, relation):
        raise Forbidden()

"""What will become of each row about people's parcours?

Decided by reading only, parcours by parcours, for the dry run and for the import alike. A blank cell says nothing: what is
there stays. Whoever may not open a parcours, whether it exists or not, is told one same sentence.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from conference.data.staged_people import StagedPerson, told_facts
from conference.data.tables import Parcours
from conference.domain.importing.field import Field, Target
from conference.domain.importing.people_rows import PeopleRow
from conference.domain.importing.remarks import Remark
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.permissions import Relation, is_granted, is_granted_somewhere
from conference.services.importing.entry_plan import LineBook
from conference.services.importing.people_conflicts import Conflicts
from conference.services.importing.people_known import KnownParcours, PeopleBook, is_pseudonym
from conference.services.importing.people_lines import Additions
from conference.services.importing.people_outcomes import (
    ChangedParcours,
    NewParcours,
    NewRight,
    NewStep,
    Outcome,
    Same,
    Told,
)
from conference.services.importing.people_ties import Ties
from conference.services.importing.people_words import Refused, Words
from conference.services.importing.plan import Planner
from conference.services.parcours import Situation
from conference.services.parcours_bulk import ParcoursLine

UNKNOWN = (
    "Aucun parcours que votre organisme suit ou finance n’a cette référence. Vérifiez-la, ajoutez sa ligne dans la feuille "
    "Parcours, ou corrigez cette ligne si elle est refusée."
)
_ANSWERS = (Field.DISABLED, Field.NO_BENEFIT, Field.WORKED_6_OF_12, Field.SINGLE_PARENT)


@dataclass
class PeoplePlanner:
    """The plan of the rows about people, after the ledger's. `left_alone`: the sender's last file was this very one, so that
    what differs since was changed on the pages and stays."""

    planner: Planner
    book: LineBook
    left_alone: bool = False

    def __post_init__(self) -> None:
        by, self._own = self.planner.sender.by, self.planner.own_funder
        self._by = by
        self.words = Words(self.planner)
        self._additions = Additions(self.words, Ties(self.words, self.book), self.left_alone)
        self._conflicts = Conflicts(self.words)
        self._book = PeopleBook(self.planner.session, by, self._own)
        self._may = is_granted_somewhere(by, "parcours.create")

    @property
    def session(self) -> Session:
        """The session that everything is read by."""
        return self.planner.session

    def settle(self, groups: Mapping[str, Sequence[StagedPerson]]) -> Iterator[Outcome | Remark]:
        """What will become of the rows of some parcours, by the reference of each."""
        if not self._may:
            message = (
                "Seul un organisme qui suit ou finance des parcours en enregistre : cette ligne n’est pas reprise."
            )
            for sheet, row in (each for rows in groups.values() for each in rows):
                yield self.words.refused(sheet, row, Field.PARCOURS_REFERENCE, "forbidden_funder", message).remark
            return
        known = self._book.find(groups, self._referents(groups))
        self._conflicts.read(known.values())
        for reference, rows in groups.items():
            yield from self._settled(rows, known.get(reference))

    def _referents(self, groups: Mapping[str, Sequence[StagedPerson]]) -> set[int]:
        if self._own is not None:
            return {self._own}
        texts = {row.texts.get(Field.REFERENT, "") for rows in groups.values() for _, row in rows}
        found = {self.planner.parties.named(text) for text in texts if text}
        return {number for number in found if number is not None and number > 0}

    def _settled(self, rows: Sequence[StagedPerson], known: KnownParcours | None) -> Iterator[Outcome | Remark]:
        """The rows of one parcours: its own first, whatever the order of the sheets."""
        new: NewParcours | None = None
        seen: dict[Target, int] = {}
        for sheet, row in (each for each in rows if each[1].target is Target.PARCOURS):
            try:
                self._once(sheet, row, seen)
                found = self._parcours(sheet, row, known)
            except Refused as refused:
                yield refused.remark
                continue
            if isinstance(found, NewParcours):
                new = found
            else:
                yield found
        for sheet, row in (each for each in rows if each[1].target is not Target.PARCOURS):
            try:
                added = self._added(sheet, row, known, new)
            except Refused as refused:
                yield refused.remark
                continue
            if new is None:
                yield added
                if known is not None:
                    self._conflicts.note(sheet, row, added)
            elif isinstance(added, NewStep):
                new.steps.append(added)
            elif isinstance(added, NewRight):
                new.rights.append(added)
        if new is not None:
            yield new
        if known is not None:
            self._conflicts.warn(known)

    def _once(self, sheet: str | None, row: PeopleRow, seen: dict[Target, int]) -> None:
        earlier = seen.setdefault(row.target, row.row)
        if earlier != row.row:
            message = f"Cette référence est déjà celle de la ligne {earlier} : une seule ligne par parcours."
            raise self.words.refused(sheet, row, Field.PARCOURS_REFERENCE, "repeated_reference", message)

    def _parcours(
        self, sheet: str | None, row: PeopleRow, known: KnownParcours | None
    ) -> NewParcours | ChangedParcours | Same:
        if known is None:
            return self._new(sheet, row)
        if not known.is_own:
            raise self._unknown(sheet, row)
        if known.is_merged:
            message = (
                f"Ce parcours est réuni à {known.kept.pseudonym} : sa situation se change sur la page du parcours gardé. "
                "Ses étapes et ses droits y sont ajoutés."
            )
            self.words.warn(sheet, row, Field.PARCOURS_REFERENCE, "merged", message)
            return Same("parcours", known.told.id or 0)
        self._refuse_anonymised(sheet, row, known)
        return self._compared(sheet, row, known)

    def _new(self, sheet: str | None, row: PeopleRow) -> NewParcours:
        if is_pseudonym(row.parcours):
            raise self._unknown(sheet, row)
        referent = self._referent(sheet, row)
        kind = self.words.kind(sheet, row, Field.PARCOURS_KIND)
        key_situation = self.words.kind(sheet, row, Field.KEY_SITUATION)
        situation = replace(
            self._situation(sheet, row, Situation()),
            own_reference=row.parcours,
            source_sheet=sheet,
            source_row=row.row,
        )
        line = ParcoursLine(referent, kind, key_situation, row.texts.get(Field.PROJECT, ""), situation)
        return NewParcours(Told(sheet, row.row, told_facts(row)), line)

    def _referent(self, sheet: str | None, row: PeopleRow) -> int:
        """The organisation that follows the person: the sender's, unless the console tells another. Raises Refused."""
        text = row.texts.get(Field.REFERENT, "")
        if not text and self._own is None:
            message = "L’organisme référent n’est pas indiqué."
            raise self.words.refused(sheet, row, Field.REFERENT, "organisation", message)
        named = self.words.needed(sheet, row, Field.REFERENT, text) if text else self._own
        assert named is not None
        foreign = self._own is not None and named != self._own
        if foreign or self._by.relation_to(named) is not Relation.OWN:
            message = (
                f"Ce parcours est suivi par « {text or self.planner.parties.name(named)} » : lui seul l’enregistre."
            )
            raise self.words.refused(sheet, row, Field.REFERENT, "other_funder", message)
        return named

    def _situation(self, sheet: str | None, row: PeopleRow, before: Situation) -> Situation:
        """`before` with what the row says."""
        said: dict[str, object] = {}
        for column, name in ((Field.TERRITORY, "territory_id"), (Field.AUDIENCE, "audience_id")):
            if (number := self.words.item(sheet, row, column)) is not None:
                said[name] = number
        said |= {each.value: row.answers[each.value] for each in _ANSWERS if each.value in row.answers}
        return replace(before, **said)  # type: ignore[arg-type]

    def _compared(self, sheet: str | None, row: PeopleRow, known: KnownParcours) -> ChangedParcours | Same:
        parcours = known.told
        number = parcours.id or 0
        kind = self.words.kind(sheet, row, Field.PARCOURS_KIND)
        key_situation = self.words.kind(sheet, row, Field.KEY_SITUATION)
        before = _line_of(parcours)
        situation = self._situation(sheet, row, before.situation)
        target = row.texts.get(Field.PROJECT, parcours.target)
        line = replace(before, kind=kind, key_situation=key_situation, target=target, situation=situation)
        told = Told(sheet, row.row, told_facts(row))
        if known.was_undone:
            situation = replace(situation, source_sheet=sheet, source_row=row.row)
            line = replace(line, situation=situation)
            return ChangedParcours(told, number, line, again=True)
        if line == before:
            return Same("parcours", number)
        if self.left_alone:
            self._additions.leave(sheet, row)
            return Same("parcours", number)
        return ChangedParcours(told, number, line)

    def _added(
        self, sheet: str | None, row: PeopleRow, known: KnownParcours | None, new: NewParcours | None
    ) -> Outcome:
        """What becomes of a step or of a right. Raises Refused."""
        if known is None and new is None:
            raise self._unknown(sheet, row)
        if known is not None:
            self._refuse_anonymised(sheet, row, known)
            if not self._may_edit(known):
                raise self._unknown(sheet, row)
        referent = new.line.referent_id if known is None and new is not None else None
        return self._additions.of(sheet, row, known, referent)

    def _may_edit(self, known: KnownParcours) -> bool:
        relation = Relation.OWN if self._by.relation_to(known.kept.referent_id) is Relation.OWN else Relation.PARTY
        return is_granted(self._by, "parcours.edit", relation)

    def _refuse_anonymised(self, sheet: str | None, row: PeopleRow, known: KnownParcours) -> None:
        if known.kept.anonymised_at is not None:
            message = "Ce parcours est anonymisé : il se lit encore, rien ne s’y ajoute."
            raise self.words.refused(sheet, row, Field.PARCOURS_REFERENCE, "parcours", message)

    def _unknown(self, sheet: str | None, row: PeopleRow) -> Refused:
        return self.words.refused(sheet, row, Field.PARCOURS_REFERENCE, "parcours", UNKNOWN)


def _line_of(parcours: Parcours) -> ParcoursLine:
    """A parcours as it is now, without what only a file tells."""
    situation = Situation(
        territory_id=parcours.territory_id,
        audience_id=parcours.audience_id,
        disabled=parcours.disabled,
        no_benefit=parcours.no_benefit,
        worked_6_of_12=parcours.worked_6_of_12,
        single_parent=parcours.single_parent,
        own_reference=parcours.own_reference,
    )
    kind, key_situation = ParcoursKind(parcours.kind), KeySituation(parcours.key_situation)
    return ParcoursLine(parcours.referent_id, kind, key_situation, parcours.target, situation)


def counted(outcomes: Iterable[Outcome | Remark]) -> Iterator[Outcome]:
    """The outcomes, a new parcours followed by its steps and rights."""
    for each in outcomes:
        if isinstance(each, Remark):
            continue
        yield each
        if isinstance(each, NewParcours):
            yield from each.steps
            yield from each.rights

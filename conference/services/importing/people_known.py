"""What is already there of the parcours, steps and rights that a file tells?

A parcours is known by its referent's own reference, or by its pseudonym when the sender reaches it; a step and a right by
their parcours and their sender's reference. Who is not the referent has the code of the organisation before its reference,
so that two senders that number alike never change each other's rows. What was joined to another parcours is followed there.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from conference.data.queries.parcours import reached_parcours
from conference.data.tables import ImportFile, IncomeRight, Organisation, Parcours, Step, StepFunder
from conference.domain.permissions import Actor, Relation
from conference.services.merges import LONGEST_REFERENCE, reference_in_kept

CHUNK = 500
_PSEUDONYM = re.compile(r"P-\d{4}-\d{6,}")


@dataclass
class KnownParcours:
    """A parcours that is there. `told` is the one that the file names, `kept` the one that it was joined to, else the same.

    `steps`, `rights`: by reference, as it is kept there; `is_own`: the sender follows the person; `was_undone`: the file that
    made it was undone, and nothing lives in it.
    """

    told: Parcours
    kept: Parcours
    is_own: bool
    sender_code: str
    steps: dict[str, Step] = field(default_factory=dict)
    rights: dict[str, IncomeRight] = field(default_factory=dict)
    funders: dict[int, set[int]] = field(default_factory=dict)
    was_undone: bool = False

    @property
    def parcours_id(self) -> int:
        """Identifier of the parcours to which things are added."""
        assert self.kept.id is not None
        return self.kept.id

    @property
    def is_merged(self) -> bool:
        """Was it joined to another one?"""
        return self.told.id != self.kept.id

    def stored(self, reference: str) -> str:
        """A sender's own reference of a step or a right, as it is kept there."""
        whole = reference if self.is_own else foreign_reference(self.sender_code, reference)
        return (reference_in_kept(whole, self.told) or whole) if self.is_merged else whole


def foreign_reference(code: str, reference: str) -> str:
    """The reference of somebody who is not the referent: « opco/S-12 »."""
    whole = f"{code}/{reference}"
    if len(whole) <= LONGEST_REFERENCE:
        return whole
    return f"{code[:50]}/{hashlib.sha256(reference.encode()).hexdigest()}"


def is_pseudonym(reference: str) -> bool:
    """Is it shaped as the number that the tool gives to a parcours?"""
    return _PSEUDONYM.fullmatch(reference) is not None


class PeopleBook:
    """Finds what the file tells, for one sender. `sender_id`: the organisation whose rows these are, None for several."""

    def __init__(self, session: Session, by: Actor, sender_id: int | None) -> None:
        self.session, self.by, self.sender_id = session, by, sender_id
        sender = session.get(Organisation, sender_id) if sender_id is not None else None
        self._code = sender.code if sender is not None else "console"

    def find(self, references: Iterable[str], referents: Collection[int]) -> dict[str, KnownParcours]:
        """The parcours of these references, with their steps and rights; those that the sender does not reach are left out."""
        wanted = sorted(set(references))
        found: dict[str, Parcours] = {}
        for row in self._by_pseudonym([each for each in wanted if is_pseudonym(each)]):
            found[row.pseudonym] = row
        for row in self._by_reference([each for each in wanted if not is_pseudonym(each)], referents):
            found[row.own_reference or ""] = row
        known = {reference: self._known(row) for reference, row in found.items()}
        self._load(list(known.values()))
        return known

    def _by_pseudonym(self, references: Sequence[str]) -> Iterator[Parcours]:
        for part in _parts(references):
            reach = reached_parcours(self.by, col(Parcours.id))
            rows = self.session.exec(select(Parcours).where(col(Parcours.pseudonym).in_(part), reach))
            yield from rows.all()

    def _by_reference(self, references: Sequence[str], referents: Collection[int]) -> Iterator[Parcours]:
        for part in _parts(references):
            query = select(Parcours).where(
                col(Parcours.referent_id).in_(sorted(referents)), col(Parcours.own_reference).in_(part)
            )
            yield from self.session.exec(query).all()

    def _known(self, told: Parcours) -> KnownParcours:
        kept = told
        while kept.merged_into_id is not None:
            kept = self.session.get_one(Parcours, kept.merged_into_id)
        mine = self.sender_id is None or told.referent_id == self.sender_id
        return KnownParcours(told, kept, mine and self.by.relation_to(told.referent_id) is Relation.OWN, self._code)

    def _load(self, known: Sequence[KnownParcours]) -> None:
        """Steps, rights and funders of these parcours, those that were withdrawn too."""
        by_id: dict[int, list[KnownParcours]] = {}
        for each in known:
            by_id.setdefault(each.parcours_id, []).append(each)
        filled: set[int] = set()
        for part in _parts(sorted(by_id)):
            for step in self.session.exec(select(Step).where(col(Step.parcours_id).in_(part))):
                if step.withdrawn_at is None:
                    filled.add(step.parcours_id)
                for each in by_id[step.parcours_id]:
                    each.steps[step.own_reference or f"\0{step.id}"] = step
            for right in self.session.exec(select(IncomeRight).where(col(IncomeRight.parcours_id).in_(part))):
                if right.withdrawn_at is None:
                    filled.add(right.parcours_id)
                for each in by_id[right.parcours_id]:
                    each.rights[right.own_reference or f"\0{right.id}"] = right
            shares = select(StepFunder, Step.parcours_id).join(Step, col(Step.id) == col(StepFunder.step_id))
            for share, parcours_id in self.session.exec(shares.where(col(Step.parcours_id).in_(part))):
                for each in by_id[parcours_id]:
                    each.funders.setdefault(share.step_id, set()).add(share.organisation_id)
        self._mark_undone([each for each in known if each.parcours_id not in filled])

    def _mark_undone(self, empty: Sequence[KnownParcours]) -> None:
        files = sorted({each.told.import_file_id for each in empty if each.told.import_file_id is not None})
        undone: set[int | None] = set()
        for part in _parts(files):
            query = select(ImportFile).where(col(ImportFile.id).in_(part), col(ImportFile.undone_at).is_not(None))
            undone.update(file.id for file in self.session.exec(query))
        for each in empty:
            each.was_undone = each.told.import_file_id in undone and not each.is_merged


def _parts(values: Sequence[object]) -> Iterator[Sequence[object]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]

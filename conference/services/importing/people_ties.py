"""Which commitment does the row of a step tie to the person, and for how much?

One of the sender's own lines, of the same file or of the ledger; the amount left of it when the row does not say one. What is
tied already stays as it is: another amount is told on the plan's page.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from sqlmodel import Session, col, select

from conference.data.tables import PlanCost, PlanShare, StepFunding
from conference.domain.french import format_euros
from conference.domain.importing.field import Field
from conference.domain.importing.people_rows import PeopleRow
from conference.domain.money import ZERO
from conference.domain.refusal import Refusal
from conference.services.importing.entry_plan import Line, LineBook, line_of
from conference.services.importing.known import known_lines, lines_by_reference
from conference.services.importing.people_known import KnownParcours
from conference.services.importing.people_outcomes import Tie
from conference.services.importing.people_words import Words
from conference.services.parcours_changes import refuse_opening


@dataclass
class Ties:
    """Plans the ties of one file. `book`: the lines that its own sheet of commitments brings."""

    words: Words
    book: LineBook
    _planned: dict[tuple[int, str], Decimal] = field(default_factory=dict)
    _before: dict[tuple[int, str], dict[int, Decimal]] = field(default_factory=dict)

    def of(self, sheet: str | None, row: PeopleRow, known: KnownParcours | None, step_id: int | None) -> Tie | None:
        """The tie that a row asks for, None when it asks for none or has it already. Raises Refused."""
        text = row.texts.get(Field.STEP_COMMITMENT, "")
        told = row.numbers.get(Field.STEP_AMOUNT)
        if not text:
            if told is not None:
                message = "L’engagement dont cette somme est la part n’est pas indiqué : elle n’est pas reprise."
                self.words.warn(sheet, row, Field.STEP_AMOUNT, "unknown_commitment", message)
            return None
        line = self._line(sheet, row, text)
        tied = self._tied(line)
        if step_id is not None and step_id in tied:
            if told is not None and told != tied[step_id]:
                message = (
                    f"Cet engagement est rattaché pour {format_euros(tied[step_id])} : changez la part sur le plan."
                )
                self.words.warn(sheet, row, Field.STEP_AMOUNT, "changed_since", message)
            return None
        self._refuse_closed(sheet, row, line, known)
        left = line.balance.commitment + line.balance.forecast - sum(tied.values(), ZERO)
        left -= self._planned.get(line.key, ZERO)
        amount = left if told is None else told
        if not ZERO < amount <= left:
            message = f"Il reste {format_euros(max(left, ZERO))} de cet engagement qui ne sont rattachés à personne."
            column = Field.STEP_COMMITMENT if told is None else Field.STEP_AMOUNT
            raise self.words.refused(sheet, row, column, "step_funding", message)
        self._planned[line.key] = self._planned.get(line.key, ZERO) + amount
        return Tie(line, amount)

    def _line(self, sheet: str | None, row: PeopleRow, text: str) -> Line:
        funder, session = self.words.planner.own_funder, self._session
        if funder is not None:
            key = (funder, f"ref:{text}")
            if key not in self.book.lines:
                found = known_lines(session, [key]).get(key) or lines_by_reference(session, [(funder, text)]).get(
                    (funder, text)
                )
                if found is not None:
                    self.book.lines[key] = line_of(key, found, found.balance)
            if key in self.book.lines:
                return self.book.lines[key]
        message = f"Votre organisme n’a pas d’engagement de référence « {text[:80]} »."
        raise self.words.refused(sheet, row, Field.STEP_COMMITMENT, "unknown_commitment", message)

    def _tied(self, line: Line) -> dict[int, Decimal]:
        """What of the line was tied before this file, by step: read once, before anything of the file ties it."""
        if line.key not in self._before:
            rows: list[StepFunding] = []
            if line.known is not None:
                query = select(StepFunding).where(StepFunding.commitment_id == line.known.commitment_id)
                rows = list(self._session.exec(query))
            self._before[line.key] = {each.step_id: each.amount for each in rows}
        return self._before[line.key]

    def _refuse_closed(self, sheet: str | None, row: PeopleRow, line: Line, known: KnownParcours | None) -> None:
        """Raises Refused when the line is an action's, or when the parcours is not open to its funder yet."""
        if line.known is not None:
            shared = select(PlanShare.id).join(PlanCost, col(PlanCost.id) == col(PlanShare.cost_id))
            shared = shared.where(PlanShare.commitment_id == line.known.commitment_id)
            if self._session.exec(shared.where(col(PlanCost.action_id).is_not(None))).first() is not None:
                message = "Cet engagement paie une action collective : il se partage entre les personnes inscrites."
                raise self.words.refused(sheet, row, Field.STEP_COMMITMENT, "step_funding", message)
        if known is not None:
            try:
                refuse_opening(self._session, known.kept, [line.key[0]], self.words.planner.sender.by)
            except Refusal as refusal:
                raise self.words.refused(sheet, row, Field.STEP_COMMITMENT, refusal.code, refusal.message) from None

    @property
    def _session(self) -> Session:
        return self.words.planner.session

"""How does the demo show people who go from one funder to the next, with the money, and an alert that comes back?

The lorry driver: the licence paid by France Travail, then work-study paid by the OPCO of transports, the figures of
which are those of a handoff told in the field (6,000.00 € committed, 2,000.00 paid, 3,500.00 released, 4,500.00 taken
over). The nurse: three years, three payers, the first handoff accepted, the second waiting for the Région's answer.
The welder: days without income accepted by a decision of the coordination, and told again when the course is
prolonged. Each gesture is that of the funder that makes it, on its own day.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlmodel import Session, select

from conference.data.tables import Alert, Nature, Scheme, Step
from conference.domain.alert_words import AlertOutcome
from conference.domain.case import StepKind
from conference.domain.french import day_in_france
from conference.domain.ledger import EntrySource
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.permissions import Actor
from conference.domain.rights import RightKind
from conference.services.alert_decisions import comment_alert, decide_alert
from conference.services.demo.people import DemoParcours, DemoRight, DemoStep, load_person, step_line
from conference.services.dimensions import Dimensions
from conference.services.entries import record_payment
from conference.services.handoff_acceptance import accept_handoff
from conference.services.handoffs import HandoffLine, draft_handoff, mark_read, propose_handoff
from conference.services.plans import PlanOf, commit_shares, set_cost, set_instalments, set_share
from conference.services.steps import add_step, move_step

DRIVER = DemoParcours(
    "france_travail",
    ParcoursKind.PROFESSIONNALISATION,
    KeySituation.CAREER_CHANGE,
    "Conducteur routier de marchandises",
    (
        DemoStep(StepKind.TRAINING, "Permis C, FIMO et perfectionnement", -120, 240, ("france_travail",),
                 "ecole_routiere", 1_050, facts=(True, True, True, False)),
    ),
    (
        DemoRight(RightKind.AREF, "france_travail", -120, 116, "33.40"),
        DemoRight(RightKind.WAGE, "opco_mobilites", -4, 270, "58.90"),
    ),
    territory="79",
)  # fmt: skip
WORK_STUDY = DemoStep(
    StepKind.WORK_STUDY, "Alternance en entreprise de transport", -4, 270, ("france_travail",), "ecole_routiere", 455
)
NURSE = DemoParcours(
    "transitions_pro",
    ParcoursKind.MOBILITE_CHOISIE,
    KeySituation.CAREER_CHANGE,
    "Diplôme d’État d’infirmier",
    (
        DemoStep(StepKind.LEAVE, "Soins infirmiers, première et deuxième années", -330, 640, ("transitions_pro",), "ifsi",
                 2_800, facts=(True, True, True, None)),
        DemoStep(StepKind.TRAINING, "Soins infirmiers, troisième année", 320, 300, ("transitions_pro",), "ifsi", 1_400,
                 facts=(True, True, True, None)),
    ),
    (
        DemoRight(RightKind.PTP, "transitions_pro", -330, 325, "62.15"),
        DemoRight(RightKind.WAGE, "opco_sante", -5, 315, "62.15"),
    ),
    audience="salaries_prive",
)  # fmt: skip


WELDER = DemoParcours(
    "region",
    ParcoursKind.MOBILITE_SUBIE,
    KeySituation.BREAKS,
    "Soudeur",
    (
        DemoStep(StepKind.TRAINING, "Soudeur, titre professionnel", -70, 130, ("region",), "afpa", 600,
                 facts=(True, True, False, False)),
    ),
    (DemoRight(RightKind.AREF, "france_travail", -70, 100, "29.50"),),
    territory="79",
)  # fmt: skip


class Story:
    """What the funders of the demo do for two people, each on its own day; never before `floor`, never after `at`."""

    def __init__(
        self, session: Session, ids: dict[str, int], actors: dict[str, Actor], at: datetime, floor: datetime
    ) -> None:
        self._session, self._ids, self._actors, self._at, self._floor = session, ids, actors, at, floor
        self.today = day_in_france(at)

    def when(self, days_ago: int) -> datetime:
        """The instant of a gesture made so many days ago."""
        return min(self._at, max(self._floor, self._at - timedelta(days=days_ago)))

    def tell(self) -> None:
        """Both stories, in the order of their days."""
        driver = load_person(
            self._session, DRIVER, self._ids, self._actors["france_travail"], self.when(18), self.today
        )
        nurse = load_person(self._session, NURSE, self._ids, self._actors["transitions_pro"], self.when(18), self.today)
        course, years, third = self._step(driver, 0), self._step(nurse, 0), self._step(nurse, 1)
        self._fund(course, "france_travail", "afc", "6000.00", ((-110, "2500.00"), (-2, "3500.00")), paid="2000.00")
        self._fund(years, "transitions_pro", "ptp", "15000.00", ((-320, "7500.00"), (0, "7500.00")), paid="7500.00")
        self._cost(third, "transitions_pro", "7800.00")
        line = step_line(WORK_STUDY, self._ids, self.today)
        work = add_step(self._session, driver, line, by=self._actors["france_travail"], at=self.when(16)).id or 0
        first = self._propose(driver, "france_travail", "opco_mobilites", course, work, -4, "4500.00", ago=12)
        second = self._propose(nurse, "transitions_pro", "opco_sante", years, None, -5, "7500.00", ago=12)
        welder = load_person(self._session, WELDER, self._ids, self._actors["region"], self.when(10), self.today)
        self._decide(welder)
        self._accept(second, "opco_sante", "Nous prenons la deuxième année.", ago=5)
        self._accept(first, "opco_mobilites", "Contrat signé avec l’entreprise.", ago=4)
        self._move(self._session.get_one(Step, course), self._day(-5), "france_travail", ago=4)
        self._propose(nurse, "opco_sante", "region", years, third, 320, "7800.00", ago=3)
        row = self._session.get_one(Step, self._step(welder, 0))
        self._move(row, row.last + timedelta(days=12), "region", ago=2)

    def _decide(self, parcours_id: int) -> None:
        """The coordination accepts 30 days without income, on what the referent wrote."""
        alert = self._session.exec(
            select(Alert).where(Alert.parcours_id == parcours_id, Alert.code == "income_gap", Alert.status == "open")
        ).one()
        number, region = alert.id or 0, self._actors["region"]
        comment_alert(self._session, number, "Le centre confirme la fin au jour prévu.", by=region, at=self.when(9))
        decide_alert(
            self._session,
            number,
            outcome=AlertOutcome.ACCEPTED,
            motive="La personne vit un mois sur ses économies, elle l’a écrit au référent.",
            by=self._actors["secretariat"],
            at=self.when(8),
        )

    def _move(self, step: Step, last: date, funder: str, *, ago: int) -> None:
        """End a step on another day."""
        told = {"first": step.first, "last": last, "version": step.version}
        move_step(self._session, step.id or 0, **told, by=self._actors[funder], at=self.when(ago))  # type: ignore[arg-type]

    def _step(self, parcours_id: int, rank: int) -> int:
        rows = self._session.exec(select(Step).where(Step.parcours_id == parcours_id).order_by(Step.first))  # type: ignore[arg-type]
        return rows.all()[rank].id or 0

    def _cost(self, step_id: int, funder: str, euros: str) -> int:
        nature = self._session.exec(select(Nature.id).where(Nature.code == "pedagogique")).one() or 0
        by = self._actors[funder]
        cost = set_cost(self._session, PlanOf(step_id), nature, Decimal(euros), by=by, at=self.when(17))
        assert cost is not None
        return cost.id or 0

    def _fund(
        self, step_id: int, funder: str, scheme: str, euros: str, due: tuple[tuple[int, str], ...], *, paid: str
    ) -> None:
        """Plan the step, commit it whole for one funder by its schedule, and pay a part."""
        by, at = self._actors[funder], self.when(17)
        cost = self._cost(step_id, funder, euros)
        share = set_share(self._session, cost, self._ids[funder], amount=Decimal(euros), by=by, at=at).id or 0
        schedule = [(self._day(start), Decimal(amount)) for start, amount in due]
        set_instalments(self._session, share, schedule, by=by, at=at)
        step = self._session.get_one(Step, step_id)
        dimensions = Dimensions(scheme=self._session.exec(select(Scheme.id).where(Scheme.code == scheme)).first())
        [line] = commit_shares(
            self._session, [share], dimensions, decided_on=step.first, by=by, at=at, source=EntrySource.FORM
        )
        day = self._day(due[0][0] + 20)
        record_payment(self._session, line, amount=Decimal(paid), paid_on=day, by=by, at=at, source=EntrySource.FORM)

    def _propose(
        self,
        parcours_id: int,
        sender: str,
        receiver: str,
        step: int,
        to_step: int | None,
        start: int,
        euros: str,
        *,
        ago: int,
    ) -> int:
        nature = self._session.exec(select(Nature.id).where(Nature.code == "pedagogique")).one() or 0
        by, at = self._actors[sender], self.when(ago)
        line = HandoffLine(
            self._ids[sender],
            self._ids[receiver],
            step,
            self._day(start),
            asked=((nature, Decimal(euros)),),
            to_step_id=to_step,
            message="Le dossier complet est joint au parcours.",
        )
        handoff = draft_handoff(self._session, parcours_id, line, by=by, at=at).id or 0
        propose_handoff(self._session, handoff, by=by, at=at)
        return handoff

    def _accept(self, handoff: int, receiver: str, answer: str, *, ago: int) -> None:
        by, at = self._actors[receiver], self.when(ago)
        mark_read(self._session, handoff, by=by, at=at)
        accept_handoff(self._session, handoff, by=by, at=at, answer=answer)

    def _day(self, start: int) -> date:
        return self.today + timedelta(days=start)

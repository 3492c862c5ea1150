"""Which conventions does the demo show?

A protocol that seven parties signed, three of them on paper; a co-funding of last year, publishable, whose ceiling an avenant
raised; another of this year, publishable, 400 euros under its ceiling; a relay that waits for its signatures; and a convention
drafted from the needs, in review, with an observation that waits. Each gesture is that of a party, on its own day.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from conference.data.queries.convention_facts import facts_of
from conference.data.tables import REFERENCE_TABLES, ConventionFile, ConventionVersion, Organisation, Signatory
from conference.domain.convention import ArticleRole, ConventionKind, InstalmentKind, PartyRole
from conference.domain.french import PARIS, day_in_france
from conference.domain.ledger import EntrySource
from conference.domain.permissions import Actor
from conference.domain.refusal import Refusal
from conference.services.attachments import Depot
from conference.services.commitments import CommitmentLine, commit_funds
from conference.services.convention_articles import comment_article, standing_articles
from conference.services.convention_life import move, put_to_sign
from conference.services.convention_money import link_commitment
from conference.services.convention_origins import draft_from_gaps
from conference.services.convention_terms import (
    InstalmentLine,
    PartyLine,
    ShareLine,
    Terms,
    set_plan,
    set_schedule,
    set_terms,
)
from conference.services.conventions import begin_avenant, draft_convention
from conference.services.dimensions import Dimensions
from conference.services.entries import record_payment
from conference.services.files import read_kept
from conference.services.scans import file_scan
from conference.services.seal_certificate import make_certificate
from conference.services.signatories import SignatoryLine, set_signatories
from conference.services.signing import seal, sign_on_paper

LARGEST = 20_000_000
SIGNS = {
    "region": ("Hervé Lemoine", "Président du conseil régional"),
    "france_travail": ("Odile Charron", "Directrice régionale"),
    "opco_batiment": ("Yves Tessier", "Directeur"),
    "opco_mobilites": ("Lucie Fabre", "Directrice"),
    "agefiph": ("Gilles Moreau", "Délégué régional"),
    "transitions_pro": ("Hélène Roche", "Présidente"),
    "etat": ("Françoise Delmas", "Directrice régionale du travail"),
}
SEALS = ("region", "france_travail", "opco_batiment", "opco_mobilites")
"""Parties of the protocol that sign by the seal; the three others sign on paper."""


@dataclass(frozen=True)
class CoFunding:
    """A co-funding with its parties (code, percent of the ceiling) and what each has engaged and paid of it."""

    title: str
    parties: tuple[tuple[str, int], ...]
    beneficiary: str
    ceiling: Decimal
    first: date
    last: date
    decided_on: date
    engaged: tuple[tuple[str, str, str], ...]


class Conventions:
    """Tells the conventions of the demo, as their parties made them."""

    def __init__(
        self,
        session: Session,
        ids: Mapping[str, int],
        actors: Mapping[str, Actor],
        depot: Depot,
        address: str,
        at: datetime,
    ) -> None:
        """`at`: the instant of the demo; gestures before its month have their own."""
        self.today = day_in_france(at)
        self.last_day = self.today.replace(day=1) - timedelta(days=1)
        self.minutes, self.trades = 0, 0
        self.session, self.ids, self.actors, self.depot, self.address, self.at = (
            session,
            ids,
            actors,
            depot,
            address,
            at,
        )
        self.coordinator = actors["secretariat"]

    def past(self) -> list[tuple[datetime, Callable[[], None]]]:
        """What was done before this month, each with the instant from which it is told, in order."""
        tales = [(day, tell) for day, tell in self._tales() if day <= self.last_day]
        return [(_instant(day), tell) for day, tell in sorted(tales, key=lambda each: each[0])]

    def present(self) -> None:
        """The rest, today."""
        for day, tell in self._tales():
            if day > self.last_day:
                tell()
        self._relay(self.today.year)
        self._from_needs()

    def _tales(self) -> list[tuple[date, Callable[[], None]]]:
        year = self.today.year
        return [
            (date(year - 1, 3, 10), lambda: self._last_year(year)),
            (date(year, 1, 13), lambda: self._protocol(year)),
            (date(year, 1, 20), lambda: self._this_year(year)),
            (date(year, 2, 4), lambda: self._amend(year)),
        ]

    def _day(self, day: date) -> date:
        """That day when it is past, else today."""
        return day if day <= self.last_day else self.today

    def _at(self, day: date) -> datetime:
        """The next instant of that day, before the offices open; now for today."""
        if day > self.last_day:
            return self.at
        self.minutes += 1
        return _instant(day) + timedelta(seconds=30 * self.minutes)

    def _trades(self, year: int) -> CoFunding:
        """The co-funding of last year."""
        return CoFunding(
            "Trente places de maçon et de couvreur à Saintes",
            (("region", 60), ("opco_batiment", 40)),
            "cfa_btp",
            Decimal("120000.00"),
            date(year - 1, 4, 1),
            date(year, 12, 31),
            date(year - 1, 3, 10),
            (("region", "66000.00", "48000.00"), ("opco_batiment", "44000.00", "30000.00")),
        )

    def _last_year(self, year: int) -> None:
        self.trades = self._co_funding(self._trades(year)).convention_id

    def _amend(self, year: int) -> None:
        """Its avenant, which raises the ceiling."""
        told, on, by = (
            replace(self._trades(year), ceiling=Decimal("150000.00")),
            date(year, 2, 4),
            self.actors["region"],
        )
        avenant = begin_avenant(self.session, self.trades, by=by, at=self._at(on))
        set_terms(self.session, avenant.id or 0, self._terms(told), seen=None, by=by, at=self._at(on))
        self._share(avenant, told, on)
        self._freeze(avenant, on)
        self._sign_on_paper(avenant, on, ("region", "opco_batiment"))

    def _this_year(self, year: int) -> None:
        told = CoFunding(
            "Accompagnement de vingt personnes reconnues handicapées vers un emploi qualifié",
            (("region", 60), ("agefiph", 40)),
            "greta",
            Decimal("50000.00"),
            date(year, 1, 1),
            date(year + 1, 6, 30),
            self._day(date(year, 1, 20)),
            (("region", "29600.00", "12000.00"), ("agefiph", "20000.00", "8000.00")),
        )
        self._co_funding(told)

    def _co_funding(self, told: CoFunding) -> ConventionVersion:
        """Drafted, signed on paper by its parties, then engaged and paid."""
        on = told.decided_on
        parties = [
            PartyLine(self.ids[code], PartyRole.FUNDER, f"dûment habilité par décision du {told.decided_on:%d/%m/%Y}")
            for code, _ in told.parties
        ]
        version = draft_convention(
            self.session,
            kind=ConventionKind.CO_FUNDING,
            terms=self._terms(told),
            parties=parties,
            by=self.actors["region"],
            at=self._at(on),
        )
        self._share(version, told, on)
        codes = [code for code, _ in told.parties]
        self._name(version, codes, on)
        self._freeze(version, on)
        self._sign_on_paper(version, on, codes)
        for code, engaged, paid in told.engaged:
            self._engage(version, told, code, Decimal(engaged), Decimal(paid))
        return version

    def _terms(self, told: CoFunding) -> Terms:
        return Terms(
            title=told.title,
            first=told.first,
            last=told.last,
            ceiling=told.ceiling,
            beneficiary_id=self.ids[told.beneficiary],
            place="Poitiers",
            decision_reference=f"délibération du {told.decided_on:%d/%m/%Y}",
            is_grant=True,
            payment_conditions="Une avance à la signature, le solde sur service fait",
        )

    def _share(self, version: ConventionVersion, told: CoFunding, on: date) -> None:
        """The plan by percentage, and for each party an advance of 30 % and the balance."""
        nature, by = self._item("nature", "pedagogique"), self.actors["region"]
        years = range(told.first.year, told.last.year + 1)
        part = Decimal(1) / len(years)
        lines = [
            ShareLine(self.ids[code], year, nature, percent=Decimal(percent) * part)
            for code, percent in told.parties
            for year in years
        ]
        set_plan(self.session, version.id or 0, lines, seen=None, by=by, at=self._at(on))
        due = (
            (InstalmentKind.ADVANCE, told.first, Decimal(30), "À la signature"),
            (InstalmentKind.BALANCE, told.last, Decimal(70), "Sur service fait, compte rendu financier remis"),
        )
        schedule = [
            InstalmentLine(self.ids[code], kind, due_on, percent=percent, condition=condition, key=2 * rank + order)
            for rank, (code, _) in enumerate(told.parties)
            for order, (kind, due_on, percent, condition) in enumerate(due, start=1)
        ]
        set_schedule(self.session, version.id or 0, schedule, seen=None, by=by, at=self._at(on))

    def _engage(self, version: ConventionVersion, told: CoFunding, code: str, engaged: Decimal, paid: Decimal) -> None:
        by, at = self.actors[code], self._at(told.decided_on)
        line = CommitmentLine(
            funder_id=self.ids[code],
            amount=engaged,
            decided_on=told.decided_on,
            object=told.title,
            dimensions=Dimensions(nature=self._item("nature", "pedagogique")),
            provider_id=self.ids[told.beneficiary],
            first=told.first,
            last=told.last,
        )
        commitment = commit_funds(self.session, line, by=by, at=at, source=EntrySource.FORM).id or 0
        link_commitment(self.session, commitment, version.convention_id, by=by, at=at)
        record_payment(
            self.session, commitment, amount=paid, paid_on=told.decided_on, by=by, at=at, source=EntrySource.FORM
        )

    def _protocol(self, year: int) -> None:
        on = self._day(date(year, 1, 13))
        make_certificate(self.depot.instance, "Conférence des financeurs de Poitou-Océan", at=self._at(on))
        parties = [
            PartyLine(self.ids[code], PartyRole.PARTNER, "dûment habilité par son instance délibérante")
            for code in SIGNS
        ]
        terms = Terms(
            "Protocole d’accord de la conférence des financeurs de Poitou-Océan",
            date(year, 1, 1),
            date(year + 2, 12, 31),
            place="Poitiers",
            decision_reference=f"délibération du {on:%d/%m/%Y}",
        )
        version = draft_convention(
            self.session,
            kind=ConventionKind.PROTOCOL,
            terms=terms,
            parties=parties,
            by=self.coordinator,
            at=self._at(on),
        )
        self._name(version, list(SIGNS), on)
        self._freeze(version, on)
        for code, number in self._signatories(version).items():
            if code in SEALS:
                seal(self.session, number, depot=self.depot, by=self.actors[f"{code}:signatory"], at=self._at(on))
        self._sign_on_paper(version, on, [code for code in SIGNS if code not in SEALS])

    def _relay(self, year: int) -> None:
        """A convention that waits for its signatures."""
        parties = [
            PartyLine(self.ids["france_travail"], PartyRole.PARTNER, "dûment habilité"),
            PartyLine(self.ids["opco_mobilites"], PartyRole.FUNDER, "dûment habilité"),
        ]
        terms = Terms(
            "Relais des conducteurs routiers vers l’alternance",
            date(year + 1, 1, 1),
            date(year + 1, 12, 31),
            ceiling=Decimal("80000.00"),
            beneficiary_id=self.ids["ecole_routiere"],
            place="Niort",
        )
        by, at = self.actors["opco_mobilites"], self.at
        version = draft_convention(self.session, kind=ConventionKind.RELAY, terms=terms, parties=parties, by=by, at=at)
        nature = self._item("nature", "pedagogique")
        lines = [ShareLine(self.ids["opco_mobilites"], year + 1, nature, Decimal("80000.00"))]
        set_plan(self.session, version.id or 0, lines, seen=None, by=by, at=at)
        self._name(version, ["france_travail", "opco_mobilites"], self.today)
        self._freeze(version, self.today)

    def _from_needs(self) -> None:
        """Drafted from the gaps, in review, with an observation of France Travail."""
        try:
            version = draft_from_gaps(self.session, "", by=self.coordinator, at=self.at)
        except Refusal:  # on a day when nobody lacks anything
            return
        move(self.session, version.id or 0, "submit", by=self.coordinator, at=self.at)
        article = next(
            row for row in standing_articles(self.session, version.id or 0) if row.role == ArticleRole.INCOME
        )
        text = "Précisez sous quel délai nous transmettons la date d’épuisement des droits."
        comment_article(self.session, article.id or 0, text, by=self.actors["france_travail"], at=self.at)

    def _name(self, version: ConventionVersion, codes: Sequence[str], on: date) -> None:
        lines = [SignatoryLine(self.ids[code], *SIGNS[code]) for code in codes]
        by, at = self.coordinator, self._at(on)
        set_signatories(self.session, version.id or 0, lines, ordered=False, seen=None, by=by, at=at)

    def _freeze(self, version: ConventionVersion, on: date) -> None:
        move(self.session, version.id or 0, "submit", by=self.coordinator, at=self._at(on))
        told: dict[str, Any] = {"instance": self.depot.instance, "address": self.address}
        put_to_sign(self.session, version.id or 0, by=self.coordinator, at=self._at(on), **told)

    def _sign_on_paper(self, version: ConventionVersion, on: date, codes: Sequence[str]) -> None:
        """The parties sign one paper, which the coordination scans: the code of its pages files it."""
        on, at = self._day(on), self._at(on)
        content = read_kept(self.depot.instance, version.file_sha256 or "")
        name = f"copie-signee-{facts_of(self.session, version.id or 0).reference.replace(' ', '-')}.pdf"
        file_scan(self.session, filename=name, content=content, depot=self.depot, by=self.coordinator, at=at)
        query = select(ConventionFile.id).where(ConventionFile.version_id == version.id, ConventionFile.kind == "scan")
        file_id = self.session.exec(query).one() or 0
        signatories = self._signatories(version)
        for code in codes:
            told: dict[str, Any] = {"signed_on": on, "file_id": file_id, "by": self.coordinator, "at": self._at(on)}
            sign_on_paper(self.session, signatories[code], **told)

    def _signatories(self, version: ConventionVersion) -> dict[str, int]:
        """The signatory of each party, by the code of the party."""
        query = (
            select(Organisation.code, Signatory.id)
            .join(Signatory, col(Signatory.organisation_id) == col(Organisation.id))
            .where(Signatory.version_id == version.id)
        )
        return {code: number or 0 for code, number in self.session.exec(query)}

    def _item(self, name: str, code: str) -> int:
        table: Any = REFERENCE_TABLES[name]
        return int(self.session.exec(select(table.id).where(table.code == code)).one())


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(7), PARIS).astimezone(UTC)

"""Why does nobody pay these days, in one reason, and how much would they need?

The reasons are those of DOMAIN §3; the first that holds is told. What a gap needs is the nearest earlier daily
amount, else the first later one, else the trainee scale, said to be to check, else nothing known (SEMANTICS §6).
"""

from __future__ import annotations

from conference.domain.case import InterruptionKind
from conference.domain.convention_pay import rates
from conference.domain.course import Course
from conference.domain.french import format_date
from conference.domain.period import Period
from conference.domain.presumed import Presumption, Priced
from conference.domain.segment import Reason, ReasonCode
from conference.domain.verdict import Condition, Verdict

ESTIMATE = "estimation, au montant le plus proche qui soit connu"
MISSING = (
    ("prescribed", ReasonCode.NOT_PRESCRIBED, "et la formation n’est pas prescrite"),
    ("qualifying", ReasonCode.NOT_QUALIFYING, "et la formation ne mène pas à une qualification reconnue"),
    ("shortage_occupation", ReasonCode.NOT_ON_LIST, "et le métier visé n’est pas sur la liste des métiers en tension"),
    ("limit", ReasonCode.LIMIT_REACHED, "et la durée la plus longue du relais est atteinte"),
)


def gap_reason(course: Course, run: Period, presumed: Presumption) -> list[tuple[Period, Reason]]:
    """The run cut at the interruptions that explain it, each part with its reason."""
    found: list[tuple[Period, Reason]] = []
    if presumed.by_relay or presumed.trainee.verdict is Verdict.YES:
        stopped = _stopped(course, presumed)
        for period, kind in stopped:
            within = run.intersection(period)
            if within is not None:
                found.append((within, _interrupted(period, kind)))
    rest = run.subtract(part for part, _ in found)
    found += [(part, _reason(course, part, presumed)) for part in rest]
    return sorted(found, key=lambda each: each[0])


def _stopped(course: Course, presumed: Presumption) -> list[tuple[Period, InterruptionKind]]:
    if presumed.by_relay:
        assert presumed.relay is not None
        return [(period, InterruptionKind.INTERRUPTION) for period in presumed.relay.suspended]
    taken: list[Period] = []
    stopped = []
    for each in sorted(
        course.step.interruptions, key=lambda one: (one.kind is not InterruptionKind.ABSENCE, one.period)
    ):
        stopped += [(part, each.kind) for part in each.period.subtract(taken)]
        taken.append(each.period)
    return stopped


def _interrupted(period: Period, kind: InterruptionKind) -> Reason:
    days = f"du {format_date(period.first)} au {format_date(period.last)}"
    if kind is InterruptionKind.ABSENCE:
        return Reason(ReasonCode.ABSENCE, f"La personne est absente sans motif {days}.")
    return Reason(ReasonCode.INTERRUPTION, f"La formation est interrompue {days}.")


def _reason(course: Course, run: Period, presumed: Presumption) -> Reason:
    before = max((right.period.last for right in course.rights if right.period.last < run.first), default=None)
    after = min((right.period.first for right in course.rights if right.period.first > run.last), default=None)
    if before and after and after <= course.last:
        return Reason(
            ReasonCode.BETWEEN_RIGHTS,
            f"Un droit s’arrête le {format_date(before)}, le suivant ne commence que le {format_date(after)}.",
        )
    if after and not before:
        text = f"Le premier droit enregistré ne commence que le {format_date(after)}."
        return Reason(ReasonCode.NOT_YET_PAYABLE, text)
    if before:
        ended = f"Le dernier droit enregistré s’arrête le {format_date(before)}"
        return _ended(ended, presumed)
    return _without_right(presumed)


def _ended(ended: str, presumed: Presumption) -> Reason:
    relay = presumed.relay
    if relay is None:
        return Reason(ReasonCode.RIGHTS_ENDED, f"{ended} et rien ne prend la suite.")
    if relay.verdict is Verdict.YES:
        return Reason(ReasonCode.LIMIT_REACHED, f"{ended} et la durée la plus longue du relais est atteinte.")
    if relay.verdict is Verdict.TO_CHECK:
        return Reason(ReasonCode.CONDITION_TO_CHECK, f"{ended} et une condition du relais est à vérifier.")
    lacking = {condition.code for condition in relay.why if condition.verdict is Verdict.NO}
    for code, reason, words in MISSING:
        if code in lacking:
            return Reason(reason, f"{ended} {words}.")
    return Reason(ReasonCode.RIGHTS_ENDED, f"{ended} et rien ne prend la suite.")


def _without_right(presumed: Presumption) -> Reason:
    no_benefit, approved, _ = presumed.trainee.why
    if no_benefit.verdict is Verdict.YES and approved.verdict is Verdict.NO:
        text = "Aucun droit n’est enregistré et la formation n’est pas agréée pour la rémunération des stagiaires."
        return Reason(ReasonCode.COURSE_NOT_APPROVED, text)
    if no_benefit.verdict is Verdict.YES and presumed.trainee.verdict is Verdict.TO_CHECK:
        text = "Aucun droit n’est enregistré et une condition de la rémunération des stagiaires est à vérifier."
        return Reason(ReasonCode.CONDITION_TO_CHECK, text)
    return Reason(ReasonCode.NO_RIGHT, "Aucun droit n’est enregistré pour cette personne.")


def gap_rates(course: Course, run: Period) -> list[Priced]:
    """What the run would need a day, cut where that changes, with how it was found."""
    valued = [right for right in course.rights if right.rate is not None]
    earlier = [right for right in valued if right.period.last < run.first]
    if earlier:
        nearest = max(earlier, key=lambda right: right.period.last)
        text = f"Besoin estimé au montant versé jusqu’au {format_date(nearest.period.last)}."
        return [(run, nearest.rate, (Condition("need", Verdict.YES, text, ESTIMATE),))]
    later = [right for right in valued if right.period.first > run.last]
    if later:
        nearest = min(later, key=lambda right: right.period.first)
        text = f"Besoin estimé au premier montant versé, à partir du {format_date(nearest.period.first)}."
        return [(run, nearest.rate, (Condition("need", Verdict.YES, text, ESTIMATE),))]
    text = "Besoin estimé au barème des stagiaires, faute de montant antérieur."
    note = Condition("need", Verdict.TO_CHECK, text, ESTIMATE)
    return [(part, each, (note, *notes)) for part, each, notes in rates(course, run, None)]

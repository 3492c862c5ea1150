"""Which other schemes were in force, and what can be said of them for an unpaid run?

None of them is ever presumed: what would decide it (a contract, a lay-off, a means test, a file) is not among the
facts of a case, so that most answer « to check » with what to ask, or no where a recorded fact excludes them. A new
scheme is one function under `@scheme`, with its dates and its legal text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from conference.domain.case import StepKind
from conference.domain.course import Course
from conference.domain.french import format_date
from conference.domain.period import Period
from conference.domain.rights import RightKind
from conference.domain.verdict import Condition, Verdict

YES, NO, TO_CHECK = Verdict.YES, Verdict.NO, Verdict.TO_CHECK
Answer = tuple[Verdict, str]
ARE = frozenset({RightKind.ARE, RightKind.AREF})


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme by its code (that of the right it gives), in force from `first` to `last` (None: still)."""

    code: str
    law: str
    first: date
    last: date | None
    answer: Callable[[Course, Period], Answer]

    def is_in_force(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def says(self, course: Course, run: Period) -> Condition:
        verdict, text = self.answer(course, run)
        return Condition(self.code, verdict, text, self.law)


_declared: list[Scheme] = []


def scheme(
    code: str, law: str, first: date, last: date | None = None
) -> Callable[[Callable[[Course, Period], Answer]], Scheme]:
    """Declare a scheme; the order of the file is that of the rows."""

    def declare(answer: Callable[[Course, Period], Answer]) -> Scheme:
        declared = Scheme(code, law, first, last, answer)
        _declared.append(declared)
        return declared

    return declare


@scheme("are", "convention d’assurance chômage du 14 mai 2014 (droits rechargeables)", date(2014, 10, 1))
def recharged_are(course: Course, run: Period) -> Answer:
    """A new right to ARE by work done since, which comes before any relay but does not block what is presumed."""
    if course.last_benefit(run, ARE) is None:
        return NO, "Aucune ARE n’est enregistrée avant ces jours, il n’y a pas de droit à recharger."
    return (
        TO_CHECK,
        "Un rechargement de l’ARE passe avant le relais si la personne a retravaillé assez longtemps. À demander.",
    )


@scheme("ass", "code du travail, L. 5423-1 (ancien L. 351-10)", date(1984, 4, 1))
def solidarity_allowance(course: Course, run: Period) -> Answer:
    """After the benefit, under conditions of past work and means."""
    if course.person.no_benefit and course.last_benefit(run, ARE) is None:
        return NO, "L’ASS suit la fin d’une allocation de chômage, il n’y en avait pas."
    return TO_CHECK, "L’ASS dépend du travail passé et des ressources, qui ne sont pas connus. À demander."


@scheme("asr", "arrêté du 24 mai 2005 (convention de reclassement personnalisé)", date(2005, 6, 1), date(2011, 8, 31))
def allowance_of_crp(course: Course, run: Period) -> Answer:
    """For people laid off for economic reasons, eight months."""
    return _after_a_lay_off(course, run, RightKind.ASR, "une convention de reclassement personnalisé")


@scheme("atp", "ordonnance 2006-433 (contrat de transition professionnelle)", date(2006, 4, 15), date(2011, 8, 31))
def allowance_of_ctp(course: Course, run: Period) -> Answer:
    """For people laid off in the areas of the experiment, twelve months."""
    return _after_a_lay_off(course, run, RightKind.ATP, "un contrat de transition professionnelle")


@scheme("asp", "code du travail, L. 1233-65 et suivants (contrat de sécurisation professionnelle)", date(2011, 9, 1))
def allowance_of_csp(course: Course, run: Period) -> Answer:
    """For people laid off for economic reasons, twelve months."""
    return _after_a_lay_off(course, run, RightKind.ASP, "un contrat de sécurisation professionnelle")


def _after_a_lay_off(course: Course, run: Period, kind: RightKind, contract: str) -> Answer:
    own = course.last_benefit(run, frozenset({kind}))
    if own is not None:
        return (
            TO_CHECK,
            f"Cette allocation s’est arrêtée le {format_date(own.period.last)}. À vérifier si elle peut reprendre.",
        )
    if course.last_benefit(run, ARE) is not None:
        return NO, f"La personne relève de l’ARE, pas d’{contract}."
    if course.person.no_benefit:
        return NO, f"Aucune allocation à l’entrée, donc pas d’{contract}."
    return TO_CHECK, f"À vérifier si la personne relève d’{contract} après un licenciement économique."


@scheme(
    "cif",
    "code du travail, ancien L. 931-1 (congé individuel de formation, CIF-CDD)",
    date(1982, 3, 1),
    date(2018, 12, 31),
)
def training_leave(course: Course, run: Period) -> Answer:
    """For employees, and for former fixed-term employees beside the ARE."""
    if course.step.kind is StepKind.LEAVE:
        return TO_CHECK, "L’étape est un congé. À vérifier si le Fongecif ou l’OPACIF a accepté le dossier."
    return TO_CHECK, "À vérifier si un CDD récent ouvre un CIF-CDD, dont le dossier se dépose avant l’entrée."


@scheme("ptp", "code du travail, L. 6323-17-1 (projet de transition professionnelle)", date(2019, 1, 1))
def transition_project(course: Course, run: Period) -> Answer:
    """For employees, on an accepted file."""
    if course.step.kind is StepKind.LEAVE:
        return TO_CHECK, "L’étape est un congé. À vérifier si Transitions Pro a accepté le dossier."
    if course.last_benefit(run, ARE) is not None:
        return NO, "La personne est demandeuse d’emploi indemnisée, le projet de transition s’adresse aux salariés."
    return TO_CHECK, "À vérifier si la personne est salariée et si Transitions Pro a accepté un dossier."


@scheme("wage", "code du travail, L. 6325-1 et suivants (contrat de professionnalisation)", date(2004, 10, 1))
def work_study_wage(course: Course, run: Period) -> Answer:
    """The wage of a work-study contract, paid by the employer."""
    if course.step.kind in (StepKind.WORK_STUDY, StepKind.JOB):
        return TO_CHECK, "L’étape est en emploi. Enregistrez le contrat signé et son salaire."
    return NO, "L’étape n’est pas en emploi, aucun employeur ne verse de salaire."


@scheme("agefiph", "code du travail, L. 5214-3 (Agefiph, en complément)", date(1987, 7, 10))
def agefiph_support(course: Course, run: Period) -> Answer:
    """For disabled people, in complement of common law."""
    if course.person.disabled is None:
        return TO_CHECK, "Personne n’a dit si la personne est reconnue travailleur handicapé."
    if course.person.disabled:
        return TO_CHECK, "L’Agefiph peut compléter ce que le droit commun ne paie pas. À demander."
    return NO, "L’Agefiph s’adresse aux personnes reconnues travailleurs handicapés."


SCHEMES = tuple(_declared)
"""Every other scheme, in the order of its row."""

"""Does each other scheme answer in its years, with what to ask, or no where a fact excludes it?"""

from datetime import date
from typing import Any

import pytest

from conference.data.scales import shipped_scales
from conference.domain.case import Person, Step, StepKind
from conference.domain.course import Course
from conference.domain.period import Period
from conference.domain.rights import Right, RightKind
from conference.domain.schemes import SCHEMES
from conference.domain.verdict import Condition, Verdict

NO, TO_CHECK = Verdict.NO, Verdict.TO_CHECK
ENTRY, END = date(2026, 1, 5), date(2026, 6, 30)
RUN = Period(date(2026, 4, 1), END)
BY_CODE = {scheme.code: scheme for scheme in SCHEMES}


def course(*kinds: RightKind, step: StepKind = StepKind.TRAINING, **person: Any) -> Course:
    """With a right of each kind that ended the day before the run."""
    rights = tuple(Right(kind, "a", Period(date(2025, 1, 1), date(2026, 3, 31))) for kind in kinds)
    return Course(Step("F1", step, Period(ENTRY, END), True), Person(**person), rights, shipped_scales())


def said(code: str, asked: Course) -> tuple[Verdict, str]:
    found = BY_CODE[code].says(asked, RUN)
    assert (found.code, found.source) == (code, BY_CODE[code].law)
    return found.verdict, found.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (date(2004, 9, 30), "ass cif agefiph"),
        (date(2005, 5, 31), "ass cif wage agefiph"),
        (date(2005, 6, 1), "ass asr cif wage agefiph"),
        (date(2006, 4, 14), "ass asr cif wage agefiph"),
        (date(2006, 4, 15), "ass asr atp cif wage agefiph"),
        (date(2011, 8, 31), "ass asr atp cif wage agefiph"),
        (date(2011, 9, 1), "ass asp cif wage agefiph"),
        (date(2014, 9, 30), "ass asp cif wage agefiph"),
        (date(2014, 10, 1), "are ass asp cif wage agefiph"),
        (date(2018, 12, 31), "are ass asp cif wage agefiph"),
        (date(2019, 1, 1), "are ass asp ptp wage agefiph"),
        (date(2026, 6, 30), "are ass asp ptp wage agefiph"),
    ],
)
def test_schemes_in_force_on_a_day(day: date, codes: str) -> None:
    assert [scheme.code for scheme in SCHEMES if scheme.is_in_force(day)] == codes.split()


ARE, ASS = "are", "ass"
RELOAD = (
    TO_CHECK,
    "Un rechargement de l’ARE passe avant le relais si la personne a retravaillé assez longtemps. À demander.",
)
NO_RELOAD = (NO, "Aucune ARE n’est enregistrée avant ces jours, il n’y a pas de droit à recharger.")
MEANS = (TO_CHECK, "L’ASS dépend du travail passé et des ressources, qui ne sont pas connus. À demander.")
NO_MEANS = (NO, "L’ASS suit la fin d’une allocation de chômage, il n’y en avait pas.")


def test_reload_of_the_benefit_needs_one() -> None:
    assert said("are", course(RightKind.ARE)) == said("are", course(RightKind.AREF)) == RELOAD
    assert said("are", course()) == said("are", course(RightKind.ASP)) == NO_RELOAD


def test_solidarity_allowance_follows_a_benefit() -> None:
    assert said("ass", course()) == said("ass", course(no_benefit=False)) == MEANS
    assert said("ass", course(no_benefit=True)) == said("ass", course(RightKind.WAGE, no_benefit=True)) == NO_MEANS
    assert said("ass", course(RightKind.ARE, no_benefit=True)) == MEANS


@pytest.mark.parametrize(
    ("code", "contract"),
    [
        ("asr", "une convention de reclassement personnalisé"),
        ("atp", "un contrat de transition professionnelle"),
        ("asp", "un contrat de sécurisation professionnelle"),
    ],
)
def test_allowances_after_a_lay_off(code: str, contract: str) -> None:
    own = RightKind(code)
    resumes = (TO_CHECK, "Cette allocation s’est arrêtée le 31 mars 2026. À vérifier si elle peut reprendre.")
    assert said(code, course(own)) == said(code, course(own, RightKind.ARE, no_benefit=True)) == resumes
    other = NO, f"La personne relève de l’ARE, pas d’{contract}."
    assert said(code, course(RightKind.AREF)) == said(code, course(RightKind.ARE, no_benefit=True)) == other
    assert said(code, course(no_benefit=True)) == (NO, f"Aucune allocation à l’entrée, donc pas d’{contract}.")
    unknown = TO_CHECK, f"À vérifier si la personne relève d’{contract} après un licenciement économique."
    assert said(code, course()) == said(code, course(no_benefit=False)) == unknown


def test_training_leave_until_2018_and_transition_project_since() -> None:
    leave = course(step=StepKind.LEAVE)
    assert said("cif", leave) == (
        TO_CHECK,
        "L’étape est un congé. À vérifier si le Fongecif ou l’OPACIF a accepté le dossier.",
    )
    assert said("cif", course()) == (
        TO_CHECK,
        "À vérifier si un CDD récent ouvre un CIF-CDD, dont le dossier se dépose avant l’entrée.",
    )
    accepted = (TO_CHECK, "L’étape est un congé. À vérifier si Transitions Pro a accepté le dossier.")
    assert said("ptp", leave) == said("ptp", course(RightKind.ARE, step=StepKind.LEAVE)) == accepted
    assert said("ptp", course(RightKind.ARE)) == (
        NO,
        "La personne est demandeuse d’emploi indemnisée, le projet de transition s’adresse aux salariés.",
    )
    assert said("ptp", course()) == (
        TO_CHECK,
        "À vérifier si la personne est salariée et si Transitions Pro a accepté un dossier.",
    )


@pytest.mark.parametrize("kind", list(StepKind))
def test_wage_is_that_of_a_step_in_employment(kind: StepKind) -> None:
    employed = (TO_CHECK, "L’étape est en emploi. Enregistrez le contrat signé et son salaire.")
    other = (NO, "L’étape n’est pas en emploi, aucun employeur ne verse de salaire.")
    expected = employed if kind in (StepKind.WORK_STUDY, StepKind.JOB) else other
    assert said("wage", course(step=kind)) == expected


@pytest.mark.parametrize(
    ("disabled", "answer"),
    [
        (None, (TO_CHECK, "Personne n’a dit si la personne est reconnue travailleur handicapé.")),
        (True, (TO_CHECK, "L’Agefiph peut compléter ce que le droit commun ne paie pas. À demander.")),
        (False, (NO, "L’Agefiph s’adresse aux personnes reconnues travailleurs handicapés.")),
    ],
)
def test_agefiph_is_for_disabled_people(disabled: bool | None, answer: tuple[Verdict, str]) -> None:
    assert said("agefiph", course(disabled=disabled)) == answer


def test_every_scheme_names_its_text() -> None:
    assert all(isinstance(each.says(course(), RUN), Condition) and each.law for each in SCHEMES)

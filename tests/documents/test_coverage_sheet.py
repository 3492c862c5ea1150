"""The page that a person takes away: one page, plain words, archivable, the same bytes for the same case."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from conference.data.glossary import label
from conference.data.scales import shipped_scales
from conference.documents.coverage_sheet import CoverageSheet, coverage_sheet, payer_name
from conference.documents.coverage_timeline import coverage_timeline
from conference.domain.case import Case, Convention, Person, Step, StepKind
from conference.domain.coverage import coverage
from conference.domain.period import Period
from conference.domain.rights import Right, RightKind
from tests.documents.verapdf.validator import Validator

COURSE = Period(date(2026, 1, 5), date(2026, 6, 30))
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def case(on_list: bool | None, conventions: tuple[Convention, ...] = ()) -> Case:
    step = Step(
        "F1",
        StepKind.TRAINING,
        COURSE,
        True,
        weekly_hours=Decimal(35),
        prescribed=True,
        qualifying=True,
        shortage_occupation=on_list,
        funders=("region",),
    )
    paid = Right(RightKind.AREF, "france_travail", Period(COURSE.first, date(2026, 5, 14)), Decimal("31.00"))
    return Case(AT.date(), Person(date(1982, 4, 11), disabled=False), (step,), (paid,), conventions)


def sheet(asked: Case) -> bytes:
    made = CoverageSheet(asked, coverage(asked, shipped_scales()), "Conférence", AT, demo=True)
    return coverage_sheet(made, label)


def test_founding_case_is_told_to_the_person(read_text: Callable[[bytes], str]) -> None:
    text = " ".join(read_text(sheet(case(False))).replace("\u202f", " ").replace("\u00a0", " ").split())
    assert "Du 15 mai 2026 au 30 juin 2026, personne ne paie pendant 47 jours, soit 1 457,00 € à trouver." in text
    assert "le métier visé n’est pas sur la liste des métiers en tension" in text
    assert "page 1/1" in text and "Démonstration" in text


def test_presumed_relay_tells_the_drop(read_text: Callable[[bytes], str]) -> None:
    text = " ".join(read_text(sheet(case(True))).replace("\u202f", " ").replace("\u00a0", " ").split())
    # May: 31.00 × 17 = 527.00 against 769.49 × 17 ÷ 31 = 421.98; June: 930.00 against 769.49; 265.53 in all.
    assert "Pendant 47 jours, le revenu baisse, au total de 265,53 €." in text
    assert "47 jours sont présumés payés par la loi, la décision reste à demander." in text


def test_convention_is_told(read_text: Callable[[bytes], str]) -> None:
    signed = Convention("region", RightKind.TRAINEE_PAY, Period(date(2026, 1, 1), date(2026, 12, 31)), Decimal(50000))
    text = " ".join(read_text(sheet(case(False, (signed,)))).split())
    assert "47 jours peuvent être payés par une convention, à demander au financeur." in text


@pytest.mark.parametrize("on_list", [True, False, None])
def test_sheet_keeps_both_standards_and_its_bytes(validator: Validator, on_list: bool | None) -> None:
    content = sheet(case(on_list))
    assert validator.broken_rules(content) == []
    assert sheet(case(on_list)) == content


def test_case_without_a_step_has_no_drawing() -> None:
    asked = Case(None, Person(), ())
    assert coverage_timeline(asked, coverage(asked, shipped_scales()), label) is None
    assert sheet(asked).startswith(b"%PDF")


def test_payer_is_named_as_people_say() -> None:
    assert tuple(payer_name(code, label) for code in ("france_travail", "opco_sante", None)) == (
        "France Travail",
        "Opco sante",
        "Personne",
    )

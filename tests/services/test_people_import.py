"""Parcours, steps and rights of a file: created, known again, changed, refused at their cell, and never an identity."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from sqlmodel import col, select

from conference.data.queries.template import template_values
from conference.data.session import Database
from conference.data.tables import Alert, IncomeRight, Parcours, ParcoursMerge, Step, StepFunder, StepFunding
from conference.documents.template import Template, template_workbook
from conference.domain.importing.field import PEOPLE, Field, Target
from conference.domain.importing.fields import FACTS, template_fields
from conference.domain.importing.remarks import RemarkKind
from conference.domain.results import StepOutcome
from conference.services.importing.undo import plan_undo, undo_import
from conference.services.merges import answer_merge
from conference.services.step_results import ResultLine, record_result
from conference.services.steps import move_step, withdraw_step
from conference.services.verification import verify
from conference.settings import Settings
from tests.seeds import AT, World, make_world
from tests.services.sending import Sent, send

SHEETS = {
    Target.COMMITMENTS: "Engagements",
    Target.PARCOURS: "Parcours",
    Target.STEPS: "Étapes",
    Target.RIGHTS: "Droits",
}
BASE: dict[Target, dict[Field, Any]] = {
    Target.COMMITMENTS: {
        Field.FUNDER_REFERENCE: "R-1",
        Field.DECIDED_ON: date(2026, 3, 10),
        Field.OBJECT: "Aide-soignant",
        Field.AMOUNT: 1000,
        Field.COST_NATURE: "Coûts pédagogiques",
    },
    Target.PARCOURS: {
        Field.PARCOURS_REFERENCE: "D-1",
        Field.PARCOURS_KIND: "Insertion",
        Field.KEY_SITUATION: "Traitement des ruptures",
    },
    Target.STEPS: {
        Field.PARCOURS_REFERENCE: "D-1",
        Field.STEP_REFERENCE: "S-1",
        Field.STEP_KIND: "Formation",
        Field.STEP_TITLE: "Aide-soignant",
        Field.FIRST_DAY: date(2026, 5, 4),
        Field.LAST_DAY: date(2026, 7, 31),
    },
    Target.RIGHTS: {
        Field.PARCOURS_REFERENCE: "D-1",
        Field.RIGHT_REFERENCE: "A-1",
        Field.RIGHT_KIND: "ARE-formation",
        Field.FIRST_DAY: date(2026, 5, 4),
        Field.LAST_DAY: date(2026, 6, 30),
        Field.RIGHT_PAYER: "france_travail",
        Field.DAILY_AMOUNT: 32.5,
    },
}
Rows = list[dict[Field, Any]]
LATER = datetime(2026, 10, 1, 8, tzinfo=UTC)


def book(
    parcours: Rows, steps: Rows | None = None, rights: Rows | None = None, lines: Rows | None = None, extra: str = ""
) -> bytes:
    """A workbook with the headings of the template; `extra`: one more heading of each sheet."""
    made = openpyxl.Workbook()
    made.remove(made.active)  # type: ignore[arg-type]
    for target, rows in zip(SHEETS, (lines or [], parcours, steps or [], rights or []), strict=True):
        if not rows:
            continue
        sheet, base = made.create_sheet(SHEETS[target]), BASE[target]
        columns = list(dict.fromkeys([*base, *(field for row in rows for field in row)]))
        sheet.append([*(FACTS[field].label for field in columns), *([extra] if extra else [])])
        for row in rows:
            sheet.append([*(row.get(field, base.get(field)) for field in columns), *(["Dupont"] if extra else [])])
    out = BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


@pytest.fixture
def sending(database: Database, world: World, settings: Settings) -> Any:
    def sent(
        content: bytes, who: str = "region", *, confirm: bool = True, filename: str = "gens.xlsx", **more: Any
    ) -> Sent:
        return send(
            database,
            content,
            by=world.actors[who],
            filename=filename,
            confirm=confirm,
            instance=settings.instance,
            **more,
        )

    return sent


def whole(database: Database, settings: Settings) -> bool:
    with database.reading() as session:
        return verify(session, instance=settings.instance).first_fault is None


def test_parcours_steps_and_rights_enter_together_and_once(
    database: Database, world: World, settings: Settings, sending: Any
) -> None:
    content = book([{Field.DISABLED: "oui"}], [{Field.HOURS: 400}], [{}])
    assert sending(content, confirm=False).counts() == (3, 0, 0, [], Decimal(0))
    assert sending(content).counts() == (3, 0, 0, [], Decimal(0))
    assert sending(content).counts() == (0, 0, 3, [], Decimal(0))
    with database.reading() as session:
        parcours, step, right = (session.exec(select(each)).one() for each in (Parcours, Step, IncomeRight))
        assert (parcours.own_reference, parcours.key_situation, parcours.disabled) == ("D-1", "3", True)
        assert (parcours.source_sheet, parcours.source_row, parcours.no_benefit) == ("Parcours", 2, None)
        assert (step.source_sheet, step.title, step.hours, step.needs_income) == ("Étapes", "Aide-soignant", 400, True)
        assert session.exec(select(StepFunder.organisation_id)).all() == [world["region"]]
        assert (right.payer_id, right.daily_amount) == (world["france_travail"], Decimal("32.50"))
        assert parcours.import_file_id == step.import_file_id == right.import_file_id
    assert whole(database, settings)


def test_changed_values_go_through_the_verbs_and_a_blank_says_nothing(
    database: Database, settings: Settings, sending: Any
) -> None:
    sending(book([{Field.DISABLED: "oui"}], [{}, {Field.STEP_REFERENCE: "S-2"}], [{}]))
    changed = sending(
        book([{Field.KEY_SITUATION: "Seniors"}], [{Field.LAST_DAY: date(2026, 9, 30)}], [{Field.DAILY_AMOUNT: 33}])
    )
    assert changed.counts() == (0, 3, 0, [], Decimal(0))
    assert [each.message for each in changed.remarks[RemarkKind.GONE]] == ["P-2026-000001 (étape S-2)"]
    with database.reading() as session:
        parcours = session.exec(select(Parcours)).one()
        assert (parcours.key_situation, parcours.disabled) == ("4", True)
        steps = session.exec(select(Step).order_by(col(Step.id))).all()
        assert [(each.last, each.withdrawn_at) for each in steps] == [
            (date(2026, 9, 30), None),
            (date(2026, 7, 31), None),
        ]
        old, new = session.exec(select(IncomeRight).order_by(col(IncomeRight.id))).all()
        assert (old.own_reference, old.withdrawn_at is None) == (None, False)
        assert (new.own_reference, new.daily_amount, new.withdrawn_at) == ("A-1", Decimal("33.00"), None)
    assert whole(database, settings)


def test_unreached_and_unknown_parcours_are_refused_with_one_sentence(database: Database, sending: Any) -> None:
    sending(book([{}], [{}]))
    step = {Field.STEP_REFERENCE: "S-9"}
    named = [{**step, Field.PARCOURS_REFERENCE: ref} for ref in ("D-1", "P-2026-000001", "P-2026-999999", "P-x")]
    sent = sending(book([], named), who="opco")
    assert sent.codes() == ["parcours"] * 4
    assert len({each.message for each in sent.remarks[RemarkKind.REFUSED]}) == 1
    assert [each.cell for each in sent.remarks[RemarkKind.REFUSED]] == ["A2", "A3", "A4", "A5"]
    assert sending(book([], [named[1]])).counts()[:3] == (1, 0, 0)


def test_a_funder_of_a_step_adds_under_its_own_numbers(database: Database, world: World, sending: Any) -> None:
    sending(book([{}], [{Field.STEP_FUNDERS: "region; OPCO Exemple"}]))
    mine = book([], [{Field.PARCOURS_REFERENCE: "P-2026-000001", Field.STEP_TITLE: "Bilan"}])
    assert sending(mine, who="opco").counts()[:3] == (1, 0, 0)
    assert sending(mine, who="opco").counts()[:3] == (0, 0, 1)
    with database.reading() as session:
        steps = session.exec(select(Step).order_by(col(Step.id))).all()
        assert [(each.own_reference, each.title) for each in steps] == [
            ("S-1", "Aide-soignant"),
            ("opco/S-1", "Bilan"),
        ]


def test_refusals_are_at_their_cell_and_identities_never_enter(database: Database, sending: Any) -> None:
    nir = "2 85 05 78 006 084 36"
    steps: Rows = [
        {Field.STEP_TITLE: f"Formation {nir}"},
        {Field.STEP_KIND: "Voyage", Field.STEP_REFERENCE: "S-2"},
        {Field.LAST_DAY: date(2026, 5, 1), Field.STEP_REFERENCE: "S-3"},
        {Field.STEP_REFERENCE: None},
        {Field.STEP_REFERENCE: "S-5", Field.HOURS: "beaucoup"},
        {Field.STEP_REFERENCE: "S-5"},
    ]
    sent = sending(book([{}], steps, [{Field.RIGHT_PAYER: "Inconnu"}], extra="Nom de famille"))
    told = [(each.sheet, each.cell, each.code) for each in sent.remarks[RemarkKind.REFUSED]]
    assert told == [
        ("Droits", "F2", "organisation"),
        ("Étapes", "D2", "nir"),
        ("Étapes", "C3", "kind"),
        ("Étapes", "F4", "dates"),
        ("Étapes", "B5", "missing"),
        ("Étapes", "B7", "repeated_reference"),
    ]
    assert sent.codes(RemarkKind.WARNING) == ["identity_column", "identity_column", "identity_column", "number"]
    assert not any("85" in each.message or "Dupont" in each.message for kind in sent.remarks.values() for each in kind)
    with database.reading() as session:
        assert [each.own_reference for each in session.exec(select(Step))] == ["S-5"]


def test_a_csv_of_one_kind_is_enough(database: Database, sending: Any) -> None:
    text = "Référence du parcours;Type de parcours;Situation clé;Territoire\nD-7;Insertion;1;Nulle part\nD-8;insertion;5;\n"
    sent = sending(text.encode(), filename="parcours.csv")
    assert (sent.counts()[:4], sent.codes(RemarkKind.WARNING)) == ((2, 0, 0, []), ["territory"])
    assert sending(b"R\xc3\xa9f\xc3\xa9rence du parcours;Type de parcours;Situation cl\xc3\xa9\nD-9;Insertion;1;a;b\n",
                   filename="p.csv").codes() == ["shifted"]  # fmt: skip


def test_an_import_is_undone_but_for_what_was_built_on_and_enters_again(
    database: Database, world: World, settings: Settings, sending: Any
) -> None:
    content = book(
        [{Field.PROJECT: "Soudure"}, {Field.PARCOURS_REFERENCE: "D-2"}],
        [{}, {Field.PARCOURS_REFERENCE: "D-2", Field.STEP_REFERENCE: "S-2"}],
        [{}],
    )
    number = sending(content).state.import_file_id
    by = world.actors["region"]
    with database.writing() as session:
        added = session.exec(select(Step).where(Step.own_reference == "S-2")).one()
        result = ResultLine(StepOutcome.COMPLETED)
        record_result(session, added.id or 0, result, version=0, by=by, at=LATER)
    with database.reading() as session:
        told = plan_undo(session, number, by=by)
        assert (told.undone, told.people) == (3, 3)
        assert [each.reason for each in told.kept] == [
            "Un résultat y est enregistré.",
            "Des étapes ou des droits y restent.",
        ]
    with database.writing() as session:
        assert undo_import(session, number, motive="Mauvais fichier", by=by, at=LATER) == told
    with database.reading() as session:
        one = session.exec(select(Parcours).where(Parcours.own_reference == "D-1")).one()
        assert one.target == ""
        assert session.exec(select(Step).where(Step.parcours_id == one.id)).one().withdrawn_motive == "Mauvais fichier"
    assert sending(content, at=LATER).counts() == (3, 0, 2, [], Decimal(0))
    with database.reading() as session:
        assert len(session.exec(select(Parcours)).all()) == 2
        living = session.exec(select(Step).where(col(Step.withdrawn_at).is_(None))).all()
        assert sorted(each.own_reference or "" for each in living) == ["S-1", "S-2"]
    assert whole(database, settings)


def test_the_template_itself_is_filled_and_enters(database: Database, world: World, sending: Any) -> None:
    with database.reading() as session:
        values = template_values(session, world.actors["region"], on=date(2026, 4, 20))
    template: Any = openpyxl.load_workbook(BytesIO(template_workbook(Template("Exemple", values))))
    for target, rows in ((target, BASE[target]) for target in sorted(PEOPLE)):
        sheet = template[SHEETS[target]]
        assert sheet.max_row == 2  # the example
        fields = [facts.field for facts in template_fields(target)]
        for column, field in enumerate(fields, start=1):
            if field in rows:
                sheet.cell(3, column).value = rows[field]
    kinds = {each.formula1 for each in template["Droits"].data_validations.dataValidation if each.type == "list"}
    assert any(formula.startswith("Listes!") for formula in kinds)
    out = BytesIO()
    template.save(out)
    sent = sending(out.getvalue())
    assert (sent.counts(), sent.codes(RemarkKind.NOTE)) == ((3, 0, 0, [], Decimal(0)), ["example"] * 5)


def test_a_step_takes_its_commitment_and_a_double_funding_is_told_with_both_lines(
    database: Database, world: World, settings: Settings, sending: Any
) -> None:
    tied = {Field.STEP_COMMITMENT: "R-1", Field.STEP_AMOUNT: 600}
    first = sending(book([{}], [{**tied, Field.STEP_FUNDERS: "region;opco"}], lines=[{}]))
    assert first.counts() == (3, 0, 0, [], Decimal(1000))
    theirs = book([], [{Field.PARCOURS_REFERENCE: "P-2026-000001", Field.STEP_COMMITMENT: "R-1"}], lines=[{}])
    seen = sending(theirs, who="opco", confirm=False)
    done = sending(theirs, who="opco")
    assert seen.counts() == done.counts() == (2, 0, 0, [], Decimal(1000))
    for sent in (seen, done):
        warned = [each for each in sent.remarks[RemarkKind.WARNING] if each.code == "double_funding"]
        [found] = warned
        assert (found.sheet, found.row) == ("Étapes", 2)
        assert "Région Exemple, 600,00" in found.message.replace("\u202f", " ")
        assert "OPCO Exemple, 1 000,00" in found.message.replace("\u202f", " ")
        assert "même nature de coût" in found.message
    assert sending(theirs, who="opco").counts()[:3] == (0, 0, 2)
    with database.reading() as session:
        assert sorted(session.exec(select(StepFunding.amount))) == [Decimal(600), Decimal(1000)]
        assert session.exec(select(Alert.code).where(Alert.code == "double_funding")).all() == ["double_funding"]
    beyond = {**tied, Field.STEP_REFERENCE: "S-2"}
    assert sending(book([], [beyond, {**beyond, Field.STEP_COMMITMENT: "R-9"}])).codes() == [
        "step_funding",
        "repeated_reference",
    ]
    with database.writing() as session:
        report = undo_import(session, done.state.import_file_id, motive="Erreur", by=world.actors["opco"], at=AT)
        assert (report.undone, report.people, report.kept) == (2, 1, ())
    assert whole(database, settings)


def test_the_same_file_again_keeps_what_was_changed_on_the_pages(
    database: Database, world: World, sending: Any
) -> None:
    content = book([{}], [{}, {Field.STEP_REFERENCE: "S-2"}])
    sending(content)
    with database.writing() as session:
        moved, taken = session.exec(select(Step).order_by(col(Step.id))).all()
        by = world.actors["region"]
        move_step(session, moved.id or 0, first=moved.first, last=date(2026, 8, 31), version=1, by=by, at=AT)
        withdraw_step(session, taken.id or 0, motive="Abandon", version=1, by=by, at=AT)
    again = sending(content)
    assert (again.counts()[:4], again.codes(RemarkKind.WARNING)) == ((0, 0, 3, []), ["changed_since", "withdrawn"])
    sending(book([{}], [{Field.STEP_TITLE: "Soins"}]))
    assert sending(content).counts()[:3] == (0, 1, 2)


def test_a_parcours_joined_to_another_is_followed(database: Database, world: World, sending: Any) -> None:
    sending(book([{}], [{}]))
    sending(book([{}], [{}]), who="opco")
    with database.writing() as session:
        one, other = session.exec(select(Parcours).order_by(col(Parcours.id))).all()
        merge = ParcoursMerge(
            kept_id=other.id or 0,
            merged_id=one.id or 0,
            asked_by_id=world["region"],
            answered_by_id=world["opco"],
            status="asked",
            asked_at=AT,
        )
        session.add(merge)
        session.flush()
        answer_merge(session, merge.id or 0, agrees=True, by=world.actors["opco"], at=AT)
    sent = sending(book([{Field.PROJECT: "Autre"}], [{}, {Field.STEP_REFERENCE: "S-2"}]))
    assert (sent.counts()[:4], sent.codes(RemarkKind.WARNING)) == ((1, 0, 2, []), ["merged"])
    with database.reading() as session:
        kept = session.exec(select(Parcours).where(Parcours.referent_id == world["opco"])).one()
        added = session.exec(select(Step).where(Step.own_reference == "P-2026-000001/S-2")).one()
        assert added.parcours_id == kept.id

"""Whatever a file holds, it ends in an import that is whole, in a question, or in a sentence; never in a wrong amount.

Two generators. One writes tables whose every cell is known, sound or hostile, in the dialects of funders: what enters must be
the sound rows, to the cent. The other breaks the bytes of such a file: what enters, if anything, must be what the report says.
"""

import csv
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import func, select

from conference.data.session import Database
from conference.data.tables import Commitment, Entry
from conference.services.imports import _UNEXPECTED
from conference.services.staging import Stage
from conference.services.verification import verify
from conference.settings import Settings
from tests.seeds import make_world
from tests.services.sending import Sent, send

HEADINGS = "nomAttribuant dateConvention referenceDecision nomBeneficiaire objet montant nature notificationUE".split()
AMOUNTS: dict[str, str | None] = {
    "900": "900", "1 234,56": "1234.56", "50 000 euros": "50000", "24000.0": "24000", "1\u202f250,00 €": "1250",
    "137\u00a0825,00": "137825", "0,01": "0.01", "1.250,50": "1250.50", "1,250.50": "1250.50",
    "NaN": None, "nan": None, "inf": None, "1e30": None, "1E5": None, "1" + "0" * 30: None, "-5": None, "0": None,
    "": None, " ": None, "=1+1": None, "=2*3": None, "1.234": None, "1,234": None, "12.50,00": None, "１２": None,
    "١٢": None, "1'234.50": None, "5-": None, "1_000": None, "∞": None, "cinq": None, "12,345": None, "0x10": None,
    "#N/A": None, "#REF!": None, "5 6": None, "1/2": None, "100 000 000 000 000,00": None,
}  # fmt: skip
"""What a cell of amount holds, and the euros that it says; None: it must be refused."""
DAYS: dict[str, bool] = {
    "2025-03-10": True, "10/03/2025": True, "2025/01/30": True, "2025": True, "14 mai 2025": True,
    "2025-03-10T08:00:00": True, "31/02/2025": False, "0000-00-00": False, "9999-12-31": False, "": False,
    "bientôt": False, "45/13/2025": False, "1e9": False,
}  # fmt: skip
ODD_TEXTS = (
    "Formation", "é" * 2000, "x" * 40_000, 'dit "oui"', "un\ndeux", "a;b,c\td|e", "=cmd|' /C calc'!A0", "@SUM(A1)", "🎓 cours",
    "\u202eשלום", "a\x01b\x7f", "\x85\u2028", "<script>", "'; DROP TABLE entry; --", "Ã", "\ufeff", "NULL", "  ",
)  # fmt: skip
TOGETHER = settings(
    max_examples=160, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@st.composite
def rows(draw: st.DrawFn) -> tuple[list[list[str]], Decimal, int]:
    """A table, the sum of what must enter and how many rows that is."""
    table, total, count = [], Decimal(0), 0
    salt = draw(
        st.integers(0, 10**12)
    )  # the files of one test go to one ledger: rows of two of them are seldom the same
    for number in range(draw(st.integers(1, 12))):
        amount = draw(st.sampled_from(sorted(AMOUNTS)))
        day = draw(st.sampled_from(sorted(DAYS)))
        text = draw(
            st.sampled_from(ODD_TEXTS)
            | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
        )
        name = draw(st.sampled_from(("Ville d’Essai", "VILLE  D’ESSAI", "Centre 🎓")))
        # « sound » cells at both ends, so that a row is never blank nor its width in doubt.
        table.append([name, day, f"CONV {salt}-{number}", text, f"{text} {number}", amount, "aide en numéraire", "non"])
        told = AMOUNTS[amount]
        if told is not None and DAYS[day]:
            total, count = total + Decimal(told), count + 1
    return table, total, count


@st.composite
def written(draw: st.DrawFn) -> tuple[bytes, str, Decimal, int]:
    """The same as a file: its bytes, its name."""
    table, total, count = draw(rows())
    if draw(st.booleans()):
        return workbook(table), "f.xlsx", total, count
    out = io.StringIO()
    style: Any = draw(st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)))
    writer = csv.writer(out, delimiter=draw(st.sampled_from(";,\t|")), quoting=style, lineterminator="\r\n")
    for title in draw(st.sampled_from(((), ("Conventions",), ("Conventions", "")))):
        writer.writerow([title])
    writer.writerow(HEADINGS)
    writer.writerows(table)
    encoding = draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "cp1252")))
    try:
        content = out.getvalue().encode(encoding)
    except UnicodeEncodeError:
        content = out.getvalue().encode("utf-8")
    return content, "f.csv", total, count


def workbook(table: list[list[str]]) -> bytes:
    """A workbook of texts, without the signs that XML refuses."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for i, row in enumerate([HEADINGS, *table], start=1):
        for j, cell in enumerate(row, start=1):
            kept = "".join(sign for sign in cell if sign in "\n\t" or (sign >= " " and sign not in "\ufffe\uffff"))
            sheet.cell(i, j).value = kept[:32_000]
            sheet.cell(i, j).data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def held(database: Database) -> tuple[int, Decimal]:
    """(commitments, sum of their entries)."""
    with database.reading() as session:
        count = session.exec(select(func.count()).select_from(Commitment)).one()
        return count, session.exec(select(func.sum(Entry.amount))).one() or Decimal(0)


def send_and_check(database: Database, content: bytes, name: str) -> Sent:
    """Send a file; what it adds to the ledger is what its report says, all of it or nothing."""
    before = held(database)
    sent = send(database, content, filename=name)
    after = held(database)
    assert sent.state.stage in (Stage.DONE, Stage.ASKING, Stage.FAILED)
    assert sent.state.message != _UNEXPECTED
    if sent.state.stage is Stage.FAILED:
        assert sent.state.message is not None and sent.state.message.endswith(".")
    if sent.state.stage is Stage.DONE:
        assert len(sent.codes()) == sent.state.refused
        assert after[0] == before[0] + sent.state.created
        if not sent.state.adjusted:
            assert after[1] == before[1] + sent.accepted
    else:
        assert after == before
    return sent


def check_known_tables(database: Database, world_settings: Settings, examples: int) -> None:
    make_world(database)
    seen: set[bytes] = set()

    @settings(TOGETHER, max_examples=examples)
    @given(written())
    def check(file: tuple[bytes, str, Decimal, int]) -> None:
        content, name, total, count = file
        sent = send_and_check(database, content, name)
        assert sent.state.stage is Stage.DONE, sent.state.message
        if content in seen:
            assert sent.state.created == 0
        assert sent.state.created + sent.state.adjusted + sent.state.unchanged == count, sent.remarks
        if sent.state.created == count:
            assert sent.accepted == total
        seen.add(content)
        again = send_and_check(database, content, name)
        assert (again.state.created, again.state.adjusted, again.state.unchanged) == (0, 0, count)

    check()
    verified(database, world_settings)


def verified(database: Database, world_settings: Settings) -> None:
    """`verify` finds nothing, but for the files, which these tests do not keep."""
    with database.reading() as session:
        faults = [check for check in verify(session, instance=world_settings.instance).checks if not check.ok]
    assert [check for check in faults if check.name != "import_files"] == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_of_a_table_that_is_known_the_sound_rows_enter_to_the_cent(database: Database, settings: Settings) -> None:
    check_known_tables(database, settings, 160)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_of_a_table_that_is_known_the_sound_rows_enter_on_postgresql(database: Database, settings: Settings) -> None:
    check_known_tables(database, settings, 30)


@st.composite
def broken(draw: st.DrawFn) -> tuple[bytes, str]:
    """A file whose bytes were changed: cut, flipped, inserted, repeated, headings shuffled."""
    content, name, _, _ = draw(written())
    data = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, 999_999)) * len(data) // 1_000_000  # a workbook's length varies with the clock
        match draw(st.sampled_from(("cut", "flip", "quote", "line", "nul", "repeat", "swap"))):
            case "cut":
                del data[place:]
            case "flip" if data:
                data[place] ^= draw(st.integers(1, 255))
            case "quote":
                data[place:place] = b'"'
            case "line":
                data[place:place] = draw(st.sampled_from((b"\r", b"\n", b"\r\n", b";", b",", b"\t")))
            case "nul":
                data[place:place] = draw(st.sampled_from((b"\x00", b"\xff\xfe", b"\x1a", b"\xed\xa0\x80")))
            case "repeat":
                data += data[place:]
            case "swap":
                data = data.replace(
                    *draw(st.sampled_from(((b"montant", b"montan"), (b"nature", b"montant"), (b",", b";"))))
                )
    return bytes(data), name


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_broken_files_end_in_a_whole_import_a_question_or_a_sentence(database: Database, settings: Settings) -> None:
    make_world(database)

    @TOGETHER
    @given(broken())
    def check(file: tuple[bytes, str]) -> None:
        send_and_check(database, *file)

    check()
    verified(database, settings)

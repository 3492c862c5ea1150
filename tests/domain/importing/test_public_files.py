"""Do the files that funders really publish read to their own totals? They stand beside the repository, or not."""

from decimal import Decimal
from itertools import chain, islice
from pathlib import Path

import pytest

from conference.documents.reading.table import open_table
from conference.domain.importing.profiles import recognise
from conference.domain.importing.remarks import Remark
from conference.domain.importing.rows import RowReader

FOLDER = Path(__file__).parents[4] / "shared" / "data"
TOTALS = {
    "deux-sevres.xls": (467, "29988907.79"),
    "maine-et-loire-conventions.csv": (75, "8327364.88"),
    "poitiers-2017.csv": (562, "11548359.23"),
    "scdl-exemple-valide-2.1.1.csv": (29, "2821393.50"),
    "somme-2018-03-30.csv": (11, "2493742.00"),
    "vendee-2017.csv": (23, "1721009.54"),
    "vendee-2018.csv": (114, "14232562.49"),
    "vendee-2019-03.csv": (47, "6969345.00"),
    "vendee-2019-07.csv": (8, "673456.08"),
    "vendee.xlsx": (4, "2367625.00"),
}
"""Rows and total of each, found by other means: regular expressions and plain csv, openpyxl, the numbers of the XLS stream."""


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the public files are not here")
@pytest.mark.parametrize("name", TOTALS)
def test_public_file_reads_to_its_total(name: str) -> None:
    with open_table(FOLDER / name, name) as table:
        records = table.records(table.sheets[0])
        sample = list(islice(records, 2000))
        mapping = recognise(sample)
        assert mapping is not None
        reader = RowReader(mapping, sheet=table.sheets[0].name, delimiter=table.delimiter, sample=sample)
        rows = [reader.read(each) for each in chain(sample, records) if each[0] > mapping.heading_row]
    amounts = [row.amount for row in rows if not isinstance(row, Remark)]
    assert [row for row in rows if isinstance(row, Remark)] == []
    assert (len(amounts), sum(amounts)) == (TOTALS[name][0], Decimal(TOTALS[name][1]))

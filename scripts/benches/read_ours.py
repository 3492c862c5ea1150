"""Our side of `read_xlsx`: the records of every sheet, as the import gets them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from conference.documents.reading.table import open_table

rows = cells = 0
with open_table(Path(sys.argv[1]), "grants.xlsx") as table:
    for sheet in table.sheets:
        for _, record in table.records(sheet):
            rows += 1
            cells += sum(cell != "" for cell in record)
print(rows, cells)

"""The alternative of `read_xlsx`: openpyxl's read-only mode over every cell."""

import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1], read_only=True, data_only=True)
rows = cells = 0
for row in book.active.iter_rows(values_only=True):
    rows += 1
    cells += sum(cell not in (None, "") for cell in row)
print(rows, cells)

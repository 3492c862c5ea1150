"""What does a funder's table say? Headings, columns, cells, repaired rows: pure reading, nothing is written here."""

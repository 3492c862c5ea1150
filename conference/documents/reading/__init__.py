"""How do the bytes of a table become records of cells? Text files, workbooks, and what is neither."""

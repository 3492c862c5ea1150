"""What is true of money, days, rights and roles, whatever the screen or the database.

Pure: the standard library alone, no file, no clock, no SQL. Today's date is always an argument.
"""

"""The screen: per noun one file with its forms and routes; beside them access, errors, formats, security.

A view names its right, loads what the address names, turns text into typed values with a form, and makes one service
call. It reads through `conference.data.queries` and never touches a table.
"""

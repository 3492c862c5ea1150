"""How is a query asked of hundreds of identifiers without a parameter for each?

`column IN (?, ?, …)` is written and bound again for each list: for five hundred identifiers that costs more than many queries
themselves. One parameter holds them all instead, as JSON on SQLite and as an array on PostgreSQL.
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session


def among(session: Session, column: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    """SQL: is `column` one of these identifiers?"""
    found: ColumnElement[bool]
    if session.connection().dialect.name == "sqlite":
        each = func.json_each(json.dumps(list(ids))).table_valued("value")
        found = column.in_(select(each.c.value))
    else:
        found = column == any_(literal(list(ids), ARRAY(BigInteger)))
    return found

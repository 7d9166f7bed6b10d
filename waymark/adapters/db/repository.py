"""What all repositories share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql import Executable


class SqlRepository:
    """Shares the session of its unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def _add_once(self, table: Table, **row: Any) -> bool:
        """Add a row; False if there is one with its key. One that another transaction is adding is waited for."""
        on_server = self._session.get_bind().dialect.name == "postgresql"
        insert = postgresql.insert(table) if on_server else sqlite.insert(table)
        return self._session.execute(insert.values(**row).on_conflict_do_nothing()).rowcount == 1

    def _execute_apart(self, *statements: Executable) -> None:
        """Run statements that change rows behind the loaded objects: what is pending is written first, and what
        was loaded is read anew."""
        self._session.flush()
        for statement in statements:
            self._session.execute(statement)
        self._session.expire_all()

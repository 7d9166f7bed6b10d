"""What all repositories share."""

from __future__ import annotations

from sqlalchemy.orm import Session
from sqlalchemy.sql import Executable


class SqlRepository:
    """Shares the session of its unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def _execute_apart(self, *statements: Executable) -> None:
        """Run statements that change rows behind the loaded objects: what is pending is written first, and what
        was loaded is read anew."""
        self._session.flush()
        for statement in statements:
            self._session.execute(statement)
        self._session.expire_all()

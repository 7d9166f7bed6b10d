"""Holds a person's turn, or a duty such as fetching updates, for one process.

PostgreSQL keeps the lock with a connection: when the process falls, the connection goes and the lock with it, so
nobody waits for a time to run out. A SQLite file belongs to one front door, whose queues keep the order already.
"""

from __future__ import annotations

from typing import Any, Optional

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import SQLAlchemyError

from waymark.domain.errors import StorageUnavailable
from waymark.services.ports import PersonLocks

LOCK_CLASS = 5005
"""Keeps our locks apart from those of other programs on the same database."""

AT_ONCE = 40


class OneFrontLocks:
    """Always free: there is no other front door."""

    def take(self, key: str) -> Optional[object]:
        return key

    def still(self, held: object) -> bool:
        return True

    def give_back(self, held: object) -> None:
        return None


class AdvisoryLocks:
    """Session-level advisory locks of PostgreSQL."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(
            make_url(url), future=True, hide_parameters=True, pool_pre_ping=True, pool_size=5, max_overflow=AT_ONCE, isolation_level="AUTOCOMMIT"
        )

    def take(self, key: str) -> Optional[object]:
        """A held lock, or None while another process holds it. Raises StorageUnavailable."""
        connection: Optional[Connection] = None
        try:
            connection = self._engine.connect()
            if connection.execute(_TAKE, {"key": key}).scalar_one():
                return connection
            connection.close()
        except SQLAlchemyError as error:
            if connection is not None:
                connection.close()
            raise StorageUnavailable(type(error).__name__) from error
        return None

    def still(self, held: Any) -> bool:
        """Whether the lock is still ours: it went if its connection broke."""
        try:
            held.execute(text("SELECT 1"))
        except SQLAlchemyError:
            held.invalidate()
            held.close()
            return False
        return True

    def give_back(self, held: Any) -> None:
        """Release; a connection that broke has released its lock already."""
        connection: Connection = held
        try:
            connection.execute(_GIVE_BACK)
            connection.close()
        except SQLAlchemyError:
            connection.invalidate()
            connection.close()


_TAKE = text(f"SELECT pg_try_advisory_lock({LOCK_CLASS}, hashtext(:key))")
_GIVE_BACK = text("SELECT pg_advisory_unlock_all()")


def person_locks(url: str) -> PersonLocks:
    """What holds turns on this database."""
    return OneFrontLocks() if make_url(url).get_backend_name() == "sqlite" else AdvisoryLocks(url)

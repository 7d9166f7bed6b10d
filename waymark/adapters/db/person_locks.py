"""Holds a person's turn, or a duty such as fetching updates, for one process.

PostgreSQL keeps the locks with a connection: when the process falls, the connection goes and its locks with it, so
nobody waits for a time to run out. A SQLite file belongs to one front door, whose queues keep the order already.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any, Optional

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from waymark.domain.errors import StorageUnavailable
from waymark.services.ports import PersonLocks

LOCK_CLASS = 5005
"""Keeps our locks apart from those of other programs on the same database."""

CONNECT_TIMEOUT_S = 10


class OneFrontLocks:
    """Always free: there is no other front door."""

    def take(self, key: str) -> Optional[object]:
        return key

    def still(self, held: object) -> bool:
        return True

    def give_back(self, held: object) -> None:
        return None


@dataclass(eq=False)
class Held:
    """A lock of ours, good for as long as its connection is."""

    key: str
    connection: Connection


class AdvisoryLocks:
    """Session-level advisory locks of PostgreSQL, all of a process on one connection: many turns at once need no more.

    PostgreSQL gives a session a lock that it has already, so what this process holds is remembered here.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        waits = parsed.get_driver_name() == "psycopg2" and "connect_timeout" not in parsed.query
        self._engine = create_engine(
            parsed, future=True, hide_parameters=True, poolclass=NullPool, isolation_level="AUTOCOMMIT",
            connect_args={"connect_timeout": CONNECT_TIMEOUT_S} if waits else {},
        )  # fmt: skip
        self._one_at_a_time = threading.Lock()
        self._connection: Optional[Connection] = None
        self._ours: dict[str, Held] = {}
        self._failed_at = 0.0

    def take(self, key: str) -> Optional[object]:
        """A held lock, or None while it is held by another process or by this one. Raises StorageUnavailable."""
        asked_at = time.monotonic()
        with self._one_at_a_time:
            if self._failed_at > asked_at:  # a server that does not answer is waited for once, not by each in turn
                raise StorageUnavailable("no connection for locks")
            if self._connection is not None and key in self._ours:
                return None
            try:
                if not self._ask(key):
                    return None
            except SQLAlchemyError as error:
                self._lose()
                self._failed_at = time.monotonic()
                raise StorageUnavailable(type(error).__name__) from error
            held = Held(key, self._open())
            self._ours[key] = held
            return held

    def still(self, held: Any) -> bool:
        """Whether the lock is still ours: it went if its connection broke."""
        with self._one_at_a_time:
            connection = self._connection
            if connection is None or held.connection is not connection:
                return False
            try:
                connection.execute(text("SELECT 1"))
            except SQLAlchemyError:
                self._lose()
                return False
            return True

    def give_back(self, held: Any) -> None:
        """Release; a connection that broke has released its locks already."""
        with self._one_at_a_time:
            connection = self._connection
            if connection is None or held.connection is not connection:
                return
            self._ours.pop(held.key, None)
            try:
                connection.execute(_GIVE_BACK, {"key": held.key})
            except SQLAlchemyError:
                self._lose()

    def _ask(self, key: str) -> bool:
        """Ask for the lock; a connection that broke since it was last used is replaced once."""
        kept = self._connection is not None
        try:
            return bool(self._open().execute(_TAKE, {"key": key}).scalar_one())
        except SQLAlchemyError:
            if not kept:
                raise
            self._lose()
            return bool(self._open().execute(_TAKE, {"key": key}).scalar_one())

    def _open(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _lose(self) -> None:
        """The connection cannot be used any more, and everything that it held is gone."""
        broken, self._connection = self._connection, None
        self._ours.clear()
        if broken is not None:
            broken.invalidate()
            broken.close()


_TAKE = text(f"SELECT pg_try_advisory_lock({LOCK_CLASS}, hashtext(:key))")
_GIVE_BACK = text(f"SELECT pg_advisory_unlock({LOCK_CLASS}, hashtext(:key))")


def person_locks(url: str) -> PersonLocks:
    """What holds turns on this database."""
    return OneFrontLocks() if make_url(url).get_backend_name() == "sqlite" else AdvisoryLocks(url)

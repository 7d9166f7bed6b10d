"""Make the engine: SQLite in WAL mode with write transactions from the start, or PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from waymark.domain.errors import StorageUnavailable

BUSY_TIMEOUT_MS = 10_000


def build_engine(url: str) -> Engine:
    """An engine for ``url``; the folder of a SQLite file is made if needed.

    On SQLite every transaction begins IMMEDIATE: two writers then queue for the lock instead of failing when
    a reader turns writer, and erased rows are overwritten (secure_delete).
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, future=True, hide_parameters=True, pool_pre_ping=True, pool_size=5, max_overflow=10)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, future=True, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False})
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def answers(engine: Engine) -> bool:
    """Whether the database behind ``engine`` answers a query."""
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def revision(engine: Engine) -> Optional[str]:
    """The migration that the database is at, None for an empty one. Raises StorageUnavailable."""
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        raise StorageUnavailable(type(error).__name__) from error


def _configure_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's own BEGIN below, not the driver's late one
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")

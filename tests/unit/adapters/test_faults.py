"""Faults of the database become plain words. The errors are the drivers' own wherever one can be provoked here."""

from __future__ import annotations

import re
import socket
import sqlite3
import struct
import threading
from contextlib import closing
from pathlib import Path
from typing import Callable, Iterator

import psycopg2
import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from waymark.adapters.db import engine as engines
from waymark.adapters.db.engine import build_engine, revision
from waymark.adapters.db.faults import explain
from waymark.config import SettingsError
from waymark.domain.errors import StorageUnavailable

SECRET = "zanzibar"
URL = f"postgresql://clinic:{SECRET}@db.example:5433/waymark"
ENCRYPTION_ASKED = {80877103, 80877104}


class RefusingServer:
    """Speaks as much of PostgreSQL's protocol as a refusal needs: no encryption, then one FATAL error."""

    def __init__(self, code: str, message: str) -> None:
        fields = f"SFATAL\0VFATAL\0C{code}\0M{message}\0\0".encode()
        self._error = b"E" + struct.pack("!I", len(fields) + 4) + fields
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:  # closed: the test is over
                return
            with client:
                asked = client.recv(4096)
                while len(asked) >= 8 and struct.unpack("!I", asked[4:8])[0] in ENCRYPTION_ASKED:
                    client.sendall(b"N")
                    asked = client.recv(4096)
                if asked:  # else the client wanted encryption or nothing
                    client.sendall(self._error)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@pytest.fixture
def refusing() -> Iterator[Callable[[str, str], int]]:
    """Starts a server that refuses with a SQLSTATE and a text; gives its port."""
    started: list[RefusingServer] = []

    def start(code: str, message: str) -> int:
        started.append(RefusingServer(code, message))
        return started[-1].port

    yield start
    for server in started:
        server.close()


def words(url: str) -> str:
    """What revision() tells of a database that cannot be used."""
    engine = build_engine(url)
    try:
        with pytest.raises(StorageUnavailable) as told:
            revision(engine)
    finally:
        engine.dispose()
    assert SECRET not in str(told.value)
    return str(told.value)


def wrapped(cause: Exception) -> DBAPIError:
    return OperationalError(f"SELECT '{SECRET}'", {"name": SECRET}, cause)


# --- the address ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"postgres://clinic:{SECRET}@db.example/waymark", "Write postgresql:// instead"),
        (f"clinic:{SECRET}@db.example", "cannot be read as an address"),
        (f"postgresql:/clinic:{SECRET}@db.example", "cannot be read as an address"),
        (f"postgresql://clinic:{SECRET}@db.example:port/waymark", "cannot be read as an address"),
        (f"nosuch://clinic:{SECRET}@db.example/waymark", "kind of database that is not known"),
        (f"postgresql+nosuch://clinic:{SECRET}@db.example/waymark", "kind of database that is not known"),
        (f"postgresql+pg8000://clinic:{SECRET}@db.example/waymark", 'asks for "pg8000" is not installed'),
        ("sqlite:///nul\0byte/x.db", "cannot be read as an address"),
    ],
)
def test_an_address_that_cannot_be_used_is_a_wrong_setting(url: str, expected: str) -> None:
    with pytest.raises(SettingsError) as told:
        build_engine(url)
    assert expected in str(told.value) and SECRET not in str(told.value)
    assert told.value.__cause__ is None and told.value.__suppress_context__, "the library's text holds the password and would be logged"


def test_a_missing_driver_for_postgresql_is_named_with_its_remedy() -> None:
    missing = ModuleNotFoundError("No module named 'psycopg2'", name="psycopg2")
    assert "pip install psycopg2-binary" in explain(missing, URL)


@pytest.mark.parametrize("password", [f"x@{SECRET}", f"x@{SECRET}/y", f"x@y:{SECRET}", f"x/@{SECRET}", f"@{SECRET}/y", f"{SECRET}@x"])
def test_no_part_of_a_password_that_was_not_escaped_is_shown(password: str) -> None:
    """The parser takes what stands after the first @ for the host."""
    url = f"postgresql://clinic:{password}@127.0.0.1:1/waymark?connect_timeout=2"
    try:
        told = words(url)
    except SettingsError as error:
        told = str(error)
    assert SECRET not in told and "%40 for @" in told


# --- connections to PostgreSQL ----------------------------------------------------------------------------


REFUSALS = [
    ("28P01", 'password authentication failed for user "clinic"', ['refused the user "clinic" or the password', "%40 for @"]),
    ("28000", 'Peer authentication failed for user "clinic"', ["only for the system's user of that name", "pg_hba.conf"]),
    ("28000", 'role "clinic" does not exist', ['role "clinic" does not exist', "createuser --pwprompt clinic"]),
    ("28000", 'role "clinic" is not permitted to log in', ["may not log in", "ALTER ROLE clinic LOGIN"]),
    ("3D000", 'database "waymark" does not exist', ["createdb -h 127.0.0.1 -p {port} -O clinic waymark`", "waymark migrate"]),
    ("28000", 'no pg_hba.conf entry for host "10.0.0.1", user "clinic", database "waymark", no encryption', ["pg_hba.conf", "?sslmode=require"]),
    ("53300", "sorry, too many clients already", ["no free connection left", "max_connections"]),
    ("53300", "remaining connection slots are reserved for roles with the SUPERUSER attribute", ["no free connection left"]),
    ("57P03", "the database system is starting up", ["starting up or shutting down", "Try again in a minute"]),
    ("57P03", "the database system is shutting down", ["starting up or shutting down"]),
    ("57P03", "the database system is not yet accepting connections", ["starting up or shutting down"]),
    ("42501", 'permission denied for database "waymark"', ["GRANT CONNECT ON DATABASE waymark TO clinic"]),
    ("53100", 'could not write file "base/pgsql_tmp/1": No space left on device', ["disk of the database server is full"]),
    ("XX000", f"something with {SECRET} in it", ["OperationalError", "See the server's log"]),
]


@pytest.mark.parametrize(("code", "message", "expected"), REFUSALS, ids=[f"{code}-{message[:24]}" for code, message, _ in REFUSALS])
def test_a_refusal_at_the_door_says_why_and_what_to_do(
    refusing: Callable[[str, str], int], code: str, message: str, expected: list[str]
) -> None:
    port = refusing(code, message)
    told = words(f"postgresql://clinic:{SECRET}@127.0.0.1:{port}/waymark")
    for part in expected:
        assert part.format(port=port) in told


def test_names_that_look_like_another_fault_do_not_mislead(refusing: Callable[[str, str], int]) -> None:
    port = refusing("3D000", 'database "timeout expired" does not exist')
    assert "does not exist on the server" in words(f"postgresql://clinic@127.0.0.1:{port}/timeout%20expired")


def test_encryption_that_the_server_does_not_offer(refusing: Callable[[str, str], int]) -> None:
    port = refusing("57P03", "never reached")
    assert "does not offer one" in words(f"postgresql://clinic:{SECRET}@127.0.0.1:{port}/waymark?sslmode=require")


def test_nobody_listens_at_the_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    told = words(f"postgresql://clinic:{SECRET}@127.0.0.1:{port}/waymark")
    assert f"Nothing listens at 127.0.0.1, port {port}" in told and "not running" in told


def test_the_folder_of_the_socket_has_none(tmp_path: Path) -> None:
    assert f"Nothing listens at {tmp_path}, port 5432" in words(f"postgresql://clinic@/waymark?host={tmp_path}")


def test_an_unknown_host() -> None:
    told = words(f"postgresql://clinic:{SECRET}@nowhere.invalid/waymark")
    assert 'host name "nowhere.invalid" is not known' in told


def test_a_server_that_says_nothing_is_waited_for_only_so_long() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        told = words(f"postgresql://clinic:{SECRET}@127.0.0.1:{silent.getsockname()[1]}/waymark?connect_timeout=2")
    assert "did not answer in time" in told and "firewall" in told


def test_without_a_word_in_the_address_a_connection_is_waited_for_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}

    def connect(*_: object, **options: object) -> None:
        asked.update(options)
        raise psycopg2.OperationalError("timeout expired")

    monkeypatch.setattr(psycopg2, "connect", connect)
    assert "did not answer in time" in words(URL) and asked["connect_timeout"] == 10


@pytest.mark.parametrize("rest", [":99999/waymark", "/waymark?sslmode=perhaps", "/waymark?nosuch=1", "/waymark?connect_timeout=soon"])
def test_a_port_or_option_that_the_driver_does_not_know(rest: str) -> None:
    assert "a port or an option" in words(f"postgresql://clinic:{SECRET}@127.0.0.1{rest}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fe_sendauth: no password supplied", "asks for a password"),
        ('connection to server at "db.example" (192.0.2.1), port 5433 failed: Connection timed out', "db.example, port 5433 did not answer"),
        ('connection to server at "db.example" (192.0.2.1), port 5433 failed: No route to host', "no way to db.example"),
        ('connection to server at "db.example" (192.0.2.1), port 5433 failed: Network is unreachable', "no way to db.example"),
        ("connection to server failed: SSL error: certificate verify failed", "certificate could not be verified"),
        ('root certificate file "/x/root.crt" does not exist', "certificate could not be verified"),
        ("server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally", "broke the connection off"),
        ("could not connect: session is read-only", "takes no changes"),
    ],
)
def test_what_the_driver_says_of_a_connection(text: str, expected: str) -> None:
    told = explain(wrapped(psycopg2.OperationalError(f"{text} {SECRET}")), URL)
    assert expected in told and SECRET not in told


def coded(code: str, text: str) -> Exception:
    error: Exception = type("FromServer", (psycopg2.DatabaseError,), {"pgcode": code})(text)
    return error


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("42501", "permission denied for schema public", "GRANT USAGE, CREATE ON SCHEMA public TO clinic"),
        ("42501", "keine Berechtigung für Schema public", "GRANT USAGE, CREATE ON SCHEMA public TO clinic"),
        ("42501", "permission denied for table people", "lacks a right on the tables"),
        ("3F000", "no schema has been selected to create in", "GRANT USAGE, CREATE ON SCHEMA public TO clinic"),
        ("53100", "auf dem Gerät ist kein Speicherplatz mehr verfügbar", "disk of the database server is full"),
        ("25006", "cannot execute INSERT in a read-only transaction", "standby"),
        ("57P01", "terminating connection due to administrator command", "starting up or shutting down"),
        ("28P01", "Passwort-Authentifizierung fehlgeschlagen", "refused the user"),
        ("42601", "syntax error, timeout expired", "FromServer. See the server's log"),
    ],
)
def test_the_code_counts_in_whatever_language_the_server_speaks(code: str, text: str, expected: str) -> None:
    told = explain(wrapped(coded(code, f"{text} {SECRET}")), URL)
    assert expected in told and SECRET not in told


def test_a_name_that_sql_would_not_take_bare_is_quoted() -> None:
    told = explain(wrapped(coded("42501", "permission denied for schema public")), "postgresql://my-Clinic@db.example/waymark")
    assert 'TO "my-Clinic"' in told


def test_what_is_not_known_is_named_by_its_class_alone() -> None:
    assert explain(RuntimeError(SECRET), URL) == "The database failed with RuntimeError. See the server's log."


@pytest.mark.parametrize("url", [f"://{SECRET}", f"postgresql://{SECRET}:{SECRET}@h:x/y", ""])
def test_words_are_found_even_if_the_address_is_hopeless(url: str) -> None:
    told = explain(wrapped(psycopg2.OperationalError("Connection refused")), url)
    assert "Nothing listens at the server's address" in told and SECRET not in told


# --- SQLite -----------------------------------------------------------------------------------------------


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    assert f"{tmp_path} is a folder" in words(f"sqlite:///{tmp_path}")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text(SECRET * 200, encoding="ascii")
    assert f"{tmp_path}/notes.txt is not a SQLite database" in words(f"sqlite:///{tmp_path}/notes.txt")


def test_a_place_that_takes_no_files() -> None:
    if not Path("/proc/self").is_dir():
        pytest.skip("needs the proc file system of Linux")
    assert re.search(r"^(The folder of )?/proc/waymark\.db cannot be (opened|written)", words("sqlite:////proc/waymark.db"))


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageUnavailable) as told:
        build_engine(f"sqlite:///{tmp_path}/file/waymark.db")
    assert "does not exist and cannot be made" in str(told.value)


def test_a_folder_that_went_away(tmp_path: Path) -> None:
    engine = build_engine(f"sqlite:///{tmp_path}/gone/waymark.db")
    (tmp_path / "gone").rmdir()
    with pytest.raises(StorageUnavailable, match="does not exist and cannot be made"):
        revision(engine)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (PermissionError(13, "Permission denied"), "The folder of /srv/waymark.db cannot be written"),
        (OSError(30, "Read-only file system"), "is read only"),
        (OSError(28, "No space left on device"), "is full"),
    ],
)
def test_what_the_system_says_of_the_folder(error: OSError, expected: str) -> None:
    assert expected in explain(error, "sqlite:////srv/waymark.db")


def test_a_file_that_another_program_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "BUSY_TIMEOUT_MS", 20)
    file = tmp_path / "waymark.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("BEGIN IMMEDIATE")
        assert f"{file} is locked by another program" in words(f"sqlite:///{file}")


def test_a_damaged_file(tmp_path: Path) -> None:
    file = tmp_path / "waymark.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE alembic_version (version_num TEXT)")
        database.commit()
    whole = file.read_bytes()
    file.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    assert f"{file} is damaged" in words(f"sqlite:///{file}")


@pytest.mark.parametrize(
    ("pragma", "expected"),
    [("query_only=ON", "is read only"), ("max_page_count=1", "is full")],
)
def test_a_file_that_takes_no_more(tmp_path: Path, pragma: str, expected: str) -> None:
    file = tmp_path / "waymark.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE notes (words TEXT)")
    url = f"sqlite:///{file}"
    engine = create_engine(url, future=True)
    with engine.connect() as connection, pytest.raises(SQLAlchemyError) as fault:
        connection.exec_driver_sql(f"PRAGMA {pragma}")
        connection.exec_driver_sql("INSERT INTO notes VALUES (?)", (SECRET * 10_000,))
    told = explain(fault.value, url)
    assert f"{file} {expected}" in told or f"holds {file} {expected}" in told
    assert SECRET not in told

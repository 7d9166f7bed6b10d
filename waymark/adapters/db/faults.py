"""Say in plain words why the database cannot be used, and what to do about it.

Words are made from our own sentences and from the names in the address; the driver's text only decides which
sentence fits, since it may hold a password, a query or somebody's data.
"""

from __future__ import annotations

import errno
import os
import re
import shlex
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

ESCAPES = "in a password write %40 for @, %2F for / and %3A for :"

WORDS = {
    "malformed": f"WAYMARK_DATABASE_URL cannot be read as an address. Write postgresql://USER:PASSWORD@HOST:5432/DATABASE; {ESCAPES}.",
    "scheme": "WAYMARK_DATABASE_URL begins with postgres://, which is not known here. Write postgresql:// instead.",
    "kind": "WAYMARK_DATABASE_URL names a kind of database that is not known here. Begin it with postgresql:// or sqlite:///.",
    "option": "WAYMARK_DATABASE_URL holds a port or an option that the driver does not know. Check the port and what follows the question mark.",
    "driver": "The driver that WAYMARK_DATABASE_URL asks for{driver} is not installed. Install it, or begin the address with postgresql:// or sqlite:///.",
    "psycopg2": "The driver for PostgreSQL is not installed. Install it with `pip install psycopg2-binary`.",
    "host": f"The host name{{host}} is not known to the network. Check the host in WAYMARK_DATABASE_URL; {ESCAPES}.",
    "refused": "Nothing listens at {place}: PostgreSQL is not running there, or the port is wrong. Start it, or correct host and port in WAYMARK_DATABASE_URL.",
    "time_out": "{Place} did not answer in time. A firewall is often the reason: let this machine through to the port of PostgreSQL, and check the host.",
    "no_way": "This machine's network has no way to {place}. Check the network and the host in WAYMARK_DATABASE_URL.",
    "no_password": f"The server asks for a password and WAYMARK_DATABASE_URL holds none. Write postgresql://USER:PASSWORD@HOST/DATABASE; {ESCAPES}.",
    "password": f"The server refused the user{{user}} or the password. Correct them in WAYMARK_DATABASE_URL; {ESCAPES}.",
    "peer": "The server lets the role{user} in only for the system's user of that name. Name a host and a password in WAYMARK_DATABASE_URL, or change the line in pg_hba.conf.",
    "role": "The role{user} does not exist on the server. Make it with `createuser --pwprompt {role_name}`, or correct the user in WAYMARK_DATABASE_URL.",
    "login": "The role{user} may not log in. As the server's administrator run ALTER ROLE {role_name} LOGIN.",
    "database": "The database{database} does not exist on the server. Make it with `{createdb}`, then run `waymark migrate`.",
    "hba": "The server's pg_hba.conf does not let the role{user} in from this machine. Add a line for it there and reload the server, or, if the server wants an encrypted connection, add ?sslmode=require to WAYMARK_DATABASE_URL.",
    "no_ssl": "WAYMARK_DATABASE_URL asks for an encrypted connection (SSL) and the server does not offer one. Turn ssl on in postgresql.conf, or take sslmode out of the address if the way to the server is safe.",
    "certificate": "The server's certificate could not be verified. Check sslrootcert in WAYMARK_DATABASE_URL, and that the host is the name in the certificate.",
    "too_many": "The server has no free connection left. Raise max_connections (or the limit of the role or the database), or end other programs that use it.",
    "starting": "The server is starting up or shutting down. Try again in a minute, and see the server's log if that does not help.",
    "closed": "The server broke the connection off. It may have been restarted: try again, and see the server's log if that does not help.",
    "schema": "The role{user} may not use the schema public. As the database's owner run GRANT USAGE, CREATE ON SCHEMA public TO {role_name}, or make the role the owner of the database.",
    "connect_right": "The role{user} may not connect to the database{database}. As its owner run GRANT CONNECT ON DATABASE {database_name} TO {role_name}.",
    "permission": "The role{user} lacks a right on the tables. Let the role that ran `waymark migrate` own them, and name that role in WAYMARK_DATABASE_URL.",
    "disk": "The disk of the database server is full. Make room on it.",
    "read_only": "The server takes no changes: it is a standby, or set to read only. Name the main server in WAYMARK_DATABASE_URL, or turn default_transaction_read_only off.",
    "file_folder": "The folder of {file} cannot be written. Give this system user the right to write there, or set WAYMARK_VAR or WAYMARK_DATABASE_URL to another place.",
    "file_no_folder": "The folder of {file} does not exist and cannot be made. Correct WAYMARK_VAR or WAYMARK_DATABASE_URL.",
    "file_is_folder": "{file} is a folder, not a file. Name a file in WAYMARK_DATABASE_URL.",
    "file_closed": "{file} cannot be opened or made. Check that this system user may read and write it, and that its folder allows new files.",
    "file_foreign": "{file} is not a SQLite database. Name another file in WAYMARK_DATABASE_URL, or put a backup in its place.",
    "file_locked": "{file} is locked by another program. Close what else uses it: a second Waymark, a backup or a database viewer.",
    "file_disk": "The disk that holds {file} is full. Make room on it.",
    "file_read_only": "{file} is read only. Give this system user the right to write to the file and its folder, and check that the disk is not mounted read only.",
    "file_damaged": "{file} is damaged. Stop Waymark and put the newest backup in its place.",
}

CODES = {
    "28P01": "password",
    "3D000": "database",
    "53300": "too_many",
    "57P01": "starting",
    "57P02": "starting",
    "57P03": "starting",
    "53100": "disk",
    "25006": "read_only",
    "3F000": "schema",
}
"""SQLSTATE to words. 28000 and 42501 stand for several causes each, so the text decides between those."""

TEXTS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"could not translate host name|name or service not known", "host"),
        (r"server does not support ssl", "no_ssl"),
        (r"certificate", "certificate"),
        (r"pg_hba\.conf", "hba"),
        (r"no password supplied", "no_password"),
        (r"(?:peer|ident) authentication failed", "peer"),
        (r"authentication failed", "password"),
        (r"role \"\" does not exist", "role"),
        (r"role \"\" is not permitted to log in", "login"),
        (r"database \"\" does not exist", "database"),
        (r"too many clients|too many connections|connection slots are reserved", "too_many"),
        (r"the database system is |terminating connection due to administrator", "starting"),
        (r"permission denied for database", "connect_right"),
        (r"permission denied for schema", "schema"),
        (r"no space left on device|could not extend file", "disk"),
        (r"session is read-only|server is in hot standby|read-only transaction", "read_only"),
        (r"invalid (?:port number|dsn|connection option|sslmode value)|invalid integer value|could not parse port", "option"),
        (r"timeout expired|timed out", "time_out"),
        (r"no route to host|network is unreachable", "no_way"),
        (r"connection refused|is the server running", "refused"),
        (r"server closed the connection|connection reset", "closed"),
    )
)
"""What psycopg2 says when it cannot connect; it gives no SQLSTATE then. Names in quotes are taken out before."""

FILE_TEXTS = (
    ("not a database", "file_foreign"),
    ("file is encrypted", "file_foreign"),
    ("is locked", "file_locked"),
    ("disk is full", "file_disk"),
    ("readonly database", "file_read_only"),
    ("disk image is malformed", "file_damaged"),
)

FOLDER_ERRORS = {errno.EACCES: "file_folder", errno.EPERM: "file_folder", errno.EROFS: "file_read_only", errno.ENOSPC: "file_disk"}

_SAFE_NAME = re.compile(r"[\w.:\[\]/-]+")


def explain(error: BaseException, url: str) -> str:
    """One or two sentences: why the database behind ``url`` cannot be used, and the remedy.

    Never holds a password, a query or stored data, whatever ``error`` says.
    """
    cause = getattr(error, "orig", None) or error
    place = _Place.of(url)
    words = _address_fault(cause, url) or _file_fault(cause, place) or _server_fault(cause)
    if words is None:
        return f"The database failed with {type(cause).__name__}. See the server's log."
    driver = _quoted(cause.name) if isinstance(cause, ImportError) else ""
    return WORDS[words].format(**place.names(), driver=driver)


def no_new_tables(url: str) -> str:
    """The words for a role that may not make tables."""
    return WORDS["schema"].format(**_Place.of(url).names())


def read_only(url: str) -> str:
    """The words for a server that takes no changes."""
    return WORDS["read_only"].format(**_Place.of(url).names())


def _address_fault(cause: BaseException, url: str) -> Optional[str]:
    if isinstance(cause, NoSuchModuleError):
        return "scheme" if re.match(r"postgres(?:\+\w+)?:", url) else "kind"
    if isinstance(cause, ImportError):
        return "psycopg2" if (cause.name or "").partition(".")[0] == "psycopg2" else "driver"
    return "malformed" if isinstance(cause, (ArgumentError, ValueError)) else None


def _file_fault(cause: BaseException, place: "_Place") -> Optional[str]:
    if isinstance(cause, OSError) and place.file:
        return FOLDER_ERRORS.get(cause.errno or 0, "file_no_folder")
    if not isinstance(cause, sqlite3.Error):
        return None
    text = str(cause).lower()
    if "unable to open" in text and place.file:
        return _unopened(Path(place.file))
    return next((words for part, words in FILE_TEXTS if part in text), None)


def _unopened(file: Path) -> str:
    """SQLite says the same of every file that it cannot open; the disk tells why."""
    if file.is_dir():
        return "file_is_folder"
    if not file.parent.is_dir():
        return "file_no_folder"
    if not file.exists() and not os.access(file.parent, os.W_OK | os.X_OK):
        return "file_folder"
    return "file_closed"


def _server_fault(cause: BaseException) -> Optional[str]:
    code = getattr(cause, "pgcode", None)
    text = re.sub(r'"[^"]*"', '""', str(cause).lower())
    if code in CODES:
        return CODES[code]
    if code == "42501":
        return "schema" if "schema" in text else "permission"
    if code is None or code == "28000":
        return next((words for pattern, words in TEXTS if pattern.search(text)), None)
    return None


@dataclass(frozen=True)
class _Place:
    """What an address names, as far as it may be shown; empty where it may not."""

    host: str = ""
    port: str = ""
    user: str = ""
    database: str = ""
    file: str = ""

    @classmethod
    def of(cls, url: str) -> "_Place":
        try:
            parsed = make_url(url)
        except (ArgumentError, ValueError):
            return cls()
        if parsed.get_backend_name() == "sqlite":
            return cls(file=parsed.database or "")
        # With a second @ the parser cut a password in two, and its end would show as host or database.
        if url.count("@") > 1:
            return cls()
        host, port = _host_and_port(parsed)
        return cls(*(_shown(part) for part in (host, port, parsed.username or "", parsed.database or "")))

    def names(self) -> dict[str, str]:
        place = f"{self.host}, port {self.port}" if self.host else "the server's address"
        host_option = f"-h {shlex.quote(self.host)} -p {self.port} " if self.host else ""
        owner = f"-O {shlex.quote(self.user)} " if self.user else ""
        return {
            "place": place,
            "Place": place if self.host else "The server's address",
            "host": _quoted(self.host),
            "user": _quoted(self.user),
            "database": _quoted(self.database),
            "role_name": _identifier(self.user) or "ROLE",
            "database_name": _identifier(self.database) or "DATABASE",
            "createdb": f"createdb {host_option}{owner}{shlex.quote(self.database) if self.database else 'DATABASE'}",
            "file": self.file or "the database file",
        }


def _host_and_port(url: URL) -> tuple[str, str]:
    """Of the address proper or, for a socket's folder, of the part after the question mark."""
    in_query = {name: value for name, value in url.query.items() if isinstance(value, str)}
    return url.host or in_query.get("host", ""), str(url.port or in_query.get("port", "5432"))


def _shown(name: str) -> str:
    return name if _SAFE_NAME.fullmatch(name) else ""


def _quoted(name: Optional[str]) -> str:
    return f' "{name}"' if name else ""


def _identifier(name: str) -> str:
    """As SQL wants it, which a shell understands too."""
    return name if re.fullmatch(r"[a-z_][a-z0-9_]*|", name) else f'"{name}"'

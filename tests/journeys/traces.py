"""Where a person's strings may lie: rows of both databases with sealed values opened, bytes of files, log lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Iterator, NamedTuple

from cryptography.fernet import Fernet
from sqlalchemy import create_engine, inspect, text

from journeys.house import House

SEALED = "gAAAA"
"""How every sealed value begins."""


class Row(NamedTuple):
    """A row as somebody with the key would read it."""

    table: str
    text: str


def rows_of(house: House) -> list[Row]:
    """Every row of every table, those of Rasa's memory too, with sealed values opened."""
    cipher = Fernet((house.var / "data-key").read_text(encoding="ascii").strip().encode())
    return [Row(table, _text(row, cipher)) for table, row in _stored(house)]


def rows_with(house: House, *strings: str) -> list[Row]:
    return [row for row in rows_of(house) if any(string in row.text for string in strings)]


def files_with(house: House, *strings: str) -> list[Path]:
    """Files of the house and of its database server that hold one of the strings as it is."""
    _write_out(house)
    wanted = [string.encode() for string in strings]
    return [file for file in _files(house) if any(string in _bytes(file) for string in wanted)]


def lines_with(house: House, *strings: str) -> list[str]:
    """Lines that the processes of the house have printed with one of the strings in them."""
    return [line for line in list(house.log) if any(string in line for string in strings)]


def readable(house: House, *strings: str) -> list[object]:
    """Files and lines in which somebody without the key would read one of the strings."""
    return [*files_with(house, *strings), *lines_with(house, *strings)]


def _stored(house: House) -> Iterator[tuple[str, tuple[object, ...]]]:
    for url in sorted({house.database_url, house.memory_url}):
        engine = create_engine(url, future=True)
        with engine.connect() as connection:
            for table in inspect(connection).get_table_names():
                for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                    yield table, tuple(row)
        engine.dispose()


def _text(row: tuple[object, ...], cipher: Fernet) -> str:
    return json.dumps([_opened(value, cipher) for value in row], default=str, ensure_ascii=False)


def _opened(value: object, cipher: Fernet) -> object:
    if isinstance(value, str) and value.startswith(SEALED):
        return cipher.decrypt(value.encode()).decode("utf-8", "surrogatepass")
    return value


def _write_out(house: House) -> None:
    """What the server still holds in memory goes to its files."""
    if house.on_sqlite:
        return  # its pages are in the file or in its log as soon as they are committed
    engine = create_engine(house.database_url, future=True, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CHECKPOINT"))
    engine.dispose()


def _files(house: House) -> list[Path]:
    """Also those that SQLite keeps beside the database, such as its log."""
    data = house.database_file.parent if house.on_sqlite else house.server_folder
    assert data is not None, "the server's folder is not known"
    return [file for folder in sorted({house.var, data}) for file in sorted(folder.rglob("*")) if file.is_file()]


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""  # the server has removed it since the folder was read

"""Column types: encrypted texts and aware times that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any, Optional

from sqlalchemy import Text, types

from waymark.adapters.crypto import FieldCipher

_ciphers: list[FieldCipher] = []


def use_cipher(cipher: FieldCipher) -> None:
    """Set the cipher of this process; called once by ``bootstrap``."""
    _ciphers[:] = [cipher]


def _cipher() -> FieldCipher:
    if not _ciphers:
        raise RuntimeError("the database is used before bootstrap set the data key")
    return _ciphers[0]


def fingerprints(text: str) -> list[str]:
    """Keyed hashes that find a sealed address; the first is the one to store."""
    return _cipher().fingerprints(text)


def seal_text(text: str) -> str:
    """A text as ``EncryptedText`` stores it, for migrations."""
    return _cipher().seal(text)


def open_text(sealed: str) -> str:
    return _cipher().open(sealed)


class UTCDateTime(types.TypeDecorator[datetime]):
    """Aware datetimes, stored as UTC."""

    impl = types.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: Optional[datetime], dialect: Any) -> Optional[datetime]:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(timezone.utc)

    def process_result_value(self, value: Optional[datetime], dialect: Any) -> Optional[datetime]:
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


class EncryptedText(types.TypeDecorator[str]):
    """A text that is unreadable in the database file and its backups."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Optional[str], dialect: Any) -> Optional[str]:
        return None if value is None else _cipher().seal(value)

    def process_result_value(self, value: Optional[str], dialect: Any) -> Optional[str]:
        return None if value is None else _cipher().open(value)


class EncryptedJSON(types.TypeDecorator[Any]):
    """A JSON value, encrypted as one text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Optional[str]:
        return None if value is None else _cipher().seal(json.dumps(value, ensure_ascii=False, sort_keys=True))

    def process_result_value(self, value: Optional[str], dialect: Any) -> Any:
        return None if value is None else json.loads(_cipher().open(value))

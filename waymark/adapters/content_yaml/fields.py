"""Checks for single values in content files; each refuses what it does not expect and names where it stands."""

from __future__ import annotations

from enum import Enum
from typing import Any, Optional, TypeVar

from waymark.domain.errors import ContentError

E = TypeVar("E", bound=Enum)


def text(raw: Any, where: str) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ContentError(f"{where}: {raw!r} must be a text (quote numbers)")
    return raw


def optional_text(raw: Any, where: str) -> Optional[str]:
    return None if raw is None else text(raw, where)


def flag(raw: Any, where: str) -> bool:
    if not isinstance(raw, bool):
        raise ContentError(f"{where}: {raw!r} must be true or false")
    return raw


def listed(raw: Any, where: str) -> list[Any]:
    if not isinstance(raw, list):
        raise ContentError(f"{where}: a list is needed")
    return raw


def mapping(raw: Any, where: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise ContentError(f"{where}: a mapping is needed")
    return raw


def member(kind: type[E], raw: Any, where: str) -> E:
    """The member of an enum that a value names."""
    try:
        return kind(raw)
    except ValueError as error:
        raise ContentError(f"{where}: {raw!r} is no {kind.__name__}") from error

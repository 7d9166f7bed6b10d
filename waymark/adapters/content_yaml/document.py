"""Read one content file: header checked, unknown keys refused, body handed to a topic's own reader."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Iterable, Mapping

import yaml

from waymark.domain.content import ContentHeader
from waymark.domain.errors import ContentError

HEADER_KEYS = (
    "id",
    "version",
    "locale",
    "title",
    "source",
    "licence",
    "reviewed_by",
    "reviewed_on",
    "status",
)
STATUSES = ("draft", "approved", "retired", "example")


def load_document(path: Path, body_keys: Iterable[str]) -> tuple[ContentHeader, dict[str, Any]]:
    """Return header and body of a content file.

    ``body_keys`` are the top-level keys that this kind of file may and must have besides the header.
    Raises ContentError naming the file and the key for anything missing, unknown or of the wrong type.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ContentError(f"{path.name}: cannot be read ({error})") from error
    if not isinstance(raw, dict):
        raise ContentError(f"{path.name}: the file must be a mapping")
    body_names = tuple(body_keys)
    require_keys(raw, (*HEADER_KEYS, *body_names), where=path.name)
    return _header(raw, path.name), {name: raw[name] for name in body_names}


def require_keys(raw: Mapping[str, Any], required: Iterable[str], *, optional: Iterable[str] = (), where: str) -> None:
    """Refuse a mapping that lacks a required key or has one that is neither required nor optional."""
    required_names = set(required)
    missing = sorted(required_names - set(raw))
    unknown = sorted(set(map(str, raw)) - required_names - set(optional))
    if missing:
        raise ContentError(f"{where}: missing {', '.join(missing)}")
    if unknown:
        raise ContentError(f"{where}: unknown key {', '.join(unknown)}")


def _header(raw: Mapping[str, Any], where: str) -> ContentHeader:
    for key in ("id", "version", "locale", "title", "source", "licence", "status"):
        if not isinstance(raw[key], str) or not raw[key].strip():
            raise ContentError(f"{where}: {key} must be a text (quote numbers)")
    if raw["status"] not in STATUSES:
        raise ContentError(f"{where}: status must be one of {', '.join(STATUSES)}")
    if raw["reviewed_on"] is not None and not isinstance(raw["reviewed_on"], date):
        raise ContentError(f"{where}: reviewed_on must be a date or null")
    if (raw["reviewed_by"] is None) != (raw["reviewed_on"] is None):
        raise ContentError(f"{where}: reviewed_by and reviewed_on are set together or not at all")
    return ContentHeader(**{key: raw[key] for key in HEADER_KEYS})

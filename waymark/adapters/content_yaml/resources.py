"""Load the numbers of help from ``content/resources`` (docs/clinical/safety.md §7)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from waymark.adapters.content_yaml import fields
from waymark.adapters.content_yaml.document import load_document, require_keys
from waymark.domain.errors import ContentError
from waymark.domain.resources import UNKNOWN, CountryNumbers, HelpNumber, NumberKind, Reach, Resources

DIRECTORY = Path(__file__).resolve().parents[3] / "content" / "resources"
BODY_KEYS = ("country", "name", "also", "emergency_text", "numbers")
NUMBER_KEYS = (
    "id",
    "kind",
    "label",
    "number",
    "how",
    "hours",
    "languages",
    "sms",
    "verified_on",
    "verified_by",
    "seen_in_source",
)


def load_resources(directory: Path = DIRECTORY) -> Resources:
    """Read every file of ``directory``; raises ContentError naming file and key."""
    countries: dict[str, CountryNumbers] = {}
    aliases: dict[str, str] = {}
    for path in sorted(directory.glob("*.yml")):
        header, body = load_document(path, BODY_KEYS)
        code = fields.text(body["country"], path.name)
        if code in countries:
            raise ContentError(f"{path.name}: country {code} is there twice")
        countries[code] = CountryNumbers(
            code=code,
            name=fields.text(body["name"], path.name),
            emergency_text=fields.text(body["emergency_text"], path.name),
            numbers=tuple(_number(raw, path.name) for raw in fields.listed(body["numbers"], path.name)),
            header=header,
        )
        aliases.update({fields.text(alias, path.name): code for alias in fields.listed(body["also"], path.name)})
    if UNKNOWN not in countries:
        raise ContentError("resources: the entry for an unknown country is missing")
    return Resources(countries=countries, aliases={a: c for a, c in aliases.items() if a not in countries})


def _number(raw: Any, where: str) -> HelpNumber:
    if not isinstance(raw, dict):
        raise ContentError(f"{where}: a number must be a mapping")
    where = f"{where} {raw.get('id', '?')}"
    require_keys(raw, NUMBER_KEYS, where=where)
    if (raw["verified_on"] is None) != (raw["verified_by"] is None):
        raise ContentError(f"{where}: verified_on and verified_by are set together or not at all")
    if raw["verified_on"] is not None and not isinstance(raw["verified_on"], date):
        raise ContentError(f"{where}: verified_on must be a date or null")
    return HelpNumber(
        id=fields.text(raw["id"], where),
        kind=fields.member(NumberKind, raw["kind"], where),
        label=fields.text(raw["label"], where),
        number=fields.text(raw["number"], where),
        how=fields.member(Reach, raw["how"], where),
        hours=fields.optional_text(raw["hours"], where),
        languages=tuple(fields.text(language, where) for language in fields.listed(raw["languages"], where)),
        sms=fields.flag(raw["sms"], where),
        seen_in_source=fields.flag(raw["seen_in_source"], where),
        verified_on=raw["verified_on"],
        verified_by=fields.optional_text(raw["verified_by"], where),
    )

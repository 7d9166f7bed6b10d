"""Stored values in the plain words of a person's own copy: times, statuses, names, lists."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Mapping, Optional
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from waymark.domain.export_words import ExportWords

KINDS = {"status": "line_status", "domain": "goal_domain", "class": "alert_class", "level": "level"}
"""Fields whose values have words of their own."""

AUTHORS = ("owner", "by")
DAYS = ("start", "review", "review_date", "due", "target_date")
INNER = ("id", "rule", "evidence", "text", "words", "alert", "answer", "item", "message_id", "negated")
"""What a line shows elsewhere, or what only ties rows together."""


class Wording:
    """Words for one person's copy, in one time zone."""

    def __init__(self, words: ExportWords, zone: ZoneInfo) -> None:
        self.words, self.zone = words, zone

    def when(self, at: Optional[str]) -> str:
        """An ISO time as ``12 March 2030, 14:05``; empty for none."""
        return self.moment(datetime.fromisoformat(at)) if at else ""

    def moment(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        return f"{local.day} {local:%B %Y, %H:%M}"

    def field(self, name: str, value: Any) -> str:
        """The value of a named field in one line; empty for what is not there."""
        if value is None or value == "" or value == [] or value == {}:
            return ""
        if isinstance(value, bool):
            return self.words.labels["yes" if value else "no"]
        if isinstance(value, Mapping):
            return str(value["value"]) if "value" in value else self.details(value)
        if isinstance(value, (list, tuple)):
            return "; ".join(text for text in (self.field(name, part) for part in value) if text)
        if name in KINDS:
            return self.words.value(KINDS[name], value)
        if name in AUTHORS:
            return self.words.author(str(value))
        return _day(str(value)) if name in DAYS else str(value)

    def details(self, fields: Mapping[str, Any]) -> str:
        """What a mapping says beside its main words, in the order of the content file: ``how often: weekly; …``."""
        order = list(self.words.values["field"])
        names = sorted((name for name in fields if name not in INNER), key=lambda n: order.index(n) if n in order else len(order))
        said = [(name, self.field(name, fields[name])) for name in names]
        return "; ".join(f"{self.words.value('field', name)}: {text}" for name, text in said if text)

    def change(self, change: Mapping[str, Any]) -> str:
        """One change of a plan."""
        name = str(change["field"] or "")
        old, new = self.field(name, change["old"]), self.field(name, change["new"])
        shown = self.words.labels[change["kind"]]
        return shown.format(field=self.words.value("field", name), old=old, new=new)


def zone_of(name: Optional[str], otherwise: ZoneInfo) -> ZoneInfo:
    """The person's own time zone if it is known and exists."""
    try:
        return ZoneInfo(name) if name else otherwise
    except (ZoneInfoNotFoundError, ValueError):
        return otherwise


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day} {day:%B %Y}"

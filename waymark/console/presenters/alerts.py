"""Alerts and call-backs: how urgent, since when, due when, what was said and shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Mapping, Optional, Sequence
from zoneinfo import ZoneInfo

from waymark.console.presenters import times, wording
from waymark.domain.alerts import Alert, AlertStatus, is_overdue
from waymark.domain.people import Person
from waymark.services.care_team import AlertRow

STATUS = {
    "open": "Nobody has acknowledged it",
    "acknowledged": "Acknowledged",
    "handed_over": "Handed over",
    "closed": "Closed",
}


@dataclass(frozen=True)
class LogLine:
    at: str
    by: str
    what: str


@dataclass(frozen=True)
class AlertCard:
    id: str
    level: str
    urgent: bool
    what: str
    who: str
    person_href: str
    status: str
    waiting: bool
    closed: bool
    age: str
    opened: str
    due: str
    overdue: bool
    words: str
    text_shown: str
    route: str
    reachable: bool
    channel: str
    outcome: str
    log: tuple[LogLine, ...]


@dataclass(frozen=True)
class AlertList:
    cards: tuple[AlertCard, ...]
    summary: str


def present(rows: Sequence[AlertRow], *, now: datetime, zone: ZoneInfo) -> AlertList:
    """Cards in the order of the service."""
    cards = tuple(card(row.alert, row.person, now=now, zone=zone) for row in rows)
    late = sum(c.overdue for c in cards)
    waiting = sum(c.waiting for c in cards)
    summary = f"{len(cards)} open, {waiting} not acknowledged" + (f", {late} overdue" if late else "")
    return AlertList(cards, summary)


def card(alert: Alert, person: Optional[Person], *, now: datetime, zone: ZoneInfo) -> AlertCard:
    """One alert; without ``person`` there is no link to their page."""
    waiting = alert.status == AlertStatus.OPEN.value
    return AlertCard(
        id=alert.id,
        level=wording.LEVEL.get(alert.level, alert.level),
        urgent=alert.level in ("S1", "S2"),
        what=wording.capital(wording.plain(alert.alert_class)),
        who=f"{wording.called(person)}, {wording.short_id(person.id)}" if person else wording.short_id(alert.person_id),
        person_href=f"/people/{person.id}" if person else "",
        status=_status(alert, zone),
        waiting=waiting,
        closed=alert.status == AlertStatus.CLOSED.value,
        age=times.ago(alert.opened_at, now),
        opened=times.moment(alert.opened_at, zone),
        due=times.due(alert.due_at, now) if waiting else "",
        overdue=is_overdue(alert, now),
        words=alert.words,
        text_shown=alert.text_shown,
        route=alert.route or wording.NO_ROUTE,
        reachable=bool(alert.route),
        channel=wording.plain(alert.channel),
        outcome=alert.outcome or "",
        log=tuple(_line(entry, zone) for entry in alert.log),
    )


def _status(alert: Alert, zone: ZoneInfo) -> str:
    said = STATUS.get(alert.status, wording.capital(wording.plain(alert.status)))
    if alert.status == AlertStatus.OPEN.value or not alert.acknowledged_by:
        return said
    return f"{said} by {wording.author(alert.acknowledged_by)}, {times.moment(alert.acknowledged_at, zone)}"


def _line(entry: Mapping[str, str], zone: ZoneInfo) -> LogLine:
    at = times.moment(datetime.fromisoformat(entry["at"]), zone)
    return LogLine(at, wording.author(entry["by"]), entry["what"])

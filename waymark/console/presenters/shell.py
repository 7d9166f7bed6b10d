"""What every page carries: who is signed in, where they may go, and the duty switch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Optional
from zoneinfo import ZoneInfo

from waymark.console.presenters import wording
from waymark.domain.staff import Right, StaffMember

PLACES = (
    ("/", "Worklist", Right.SEE_WORKLIST),
    ("/alerts", "Alerts", Right.SEE_ALERTS),
    ("/staff", "Staff", Right.MANAGE_STAFF),
    ("/audit", "Audit", Right.SEE_AUDIT),
)
DUTY_CHOICES = 12


@dataclass(frozen=True)
class Link:
    href: str
    title: str
    here: bool


@dataclass(frozen=True)
class Duty:
    """``until`` is empty when off duty; ``choices`` are (value, words) of whole hours to come."""

    until: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Shell:
    name: str
    role: str
    links: tuple[Link, ...]
    duty: Optional[Duty]
    home: str


def of(member: Optional[StaffMember], now: datetime, zone: ZoneInfo, path: str) -> Shell:
    """The frame of a page; empty before the login."""
    if member is None:
        return Shell("", "", (), None, "/login")
    links = tuple(Link(to, title, _within(path, to)) for to, title, right in PLACES if member.may(right))
    duty = _duty(member, now, zone) if member.may(Right.SEE_ALERTS) else None
    return Shell(member.name, wording.role(member.role), links, duty, home(member))


def home(member: StaffMember) -> str:
    """Where a member starts."""
    return next((to for to, _, right in PLACES if member.may(right)), "/login")


def sentence(text: str) -> str:
    """An error as a sentence."""
    return wording.capital(text) + ("" if text.endswith((".", "!", "?")) else ".")


def _within(path: str, place: str) -> bool:
    return path == place or (place != "/" and path.startswith(place + "/")) or (place == "/" and path.startswith("/people"))


def _duty(member: StaffMember, now: datetime, zone: ZoneInfo) -> Duty:
    until = ""
    if member.on_duty(now) and member.on_duty_until is not None:
        until = f"{member.on_duty_until.astimezone(zone):%H:%M}"
    next_hour = now.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    hours = [next_hour + timedelta(hours=n) for n in range(1, DUTY_CHOICES + 1)]
    return Duty(until, tuple((hour.isoformat(), f"{hour:%H:%M}") for hour in hours))

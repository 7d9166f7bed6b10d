"""Rows of the worklist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Mapping, Sequence
from zoneinfo import ZoneInfo

from waymark.console.presenters import times, wording
from waymark.domain.staff import StaffMember
from waymark.services.care_team import WorklistRow

FILTERS = (("all", "All"), ("mine", "Mine"), ("awaiting", "Awaiting review"))
NOBODY = "nobody yet"


@dataclass(frozen=True)
class Row:
    href: str
    name: str
    named: bool
    short_id: str
    plan: str
    plan_href: str
    awaiting: bool
    since: str
    alerts: int
    highest: str
    urgent: bool
    last: str
    last_at: str
    taken_by: str
    writing: str


@dataclass(frozen=True)
class Filter:
    value: str
    title: str
    count: int
    here: bool


@dataclass(frozen=True)
class Worklist:
    rows: tuple[Row, ...]
    filters: tuple[Filter, ...]
    chosen: str
    total: int
    alerted: int


def present(
    rows: Sequence[WorklistRow],
    member: StaffMember,
    names: Mapping[str, str],
    show: str,
    *,
    now: datetime,
    zone: ZoneInfo,
) -> Worklist:
    """The rows of one filter, in the order of the service."""
    chosen = show if show in dict(FILTERS) else "all"
    kept = {value: [row for row in rows if _belongs(row, member, value)] for value, _ in FILTERS}
    filters = tuple(Filter(value, title, len(kept[value]), value == chosen) for value, title in FILTERS)
    shown = tuple(_row(row, names, now, zone) for row in kept[chosen])
    return Worklist(shown, filters, chosen, len(rows), sum(1 for row in rows if row.open_alerts))


def _belongs(row: WorklistRow, member: StaffMember, show: str) -> bool:
    if show == "mine":
        return row.person.assigned_to == member.id
    return show != "awaiting" or (row.plan is not None and row.plan.status == "awaiting_review")


def _row(row: WorklistRow, names: Mapping[str, str], now: datetime, zone: ZoneInfo) -> Row:
    person, plan = row.person, row.plan
    highest = min((alert.level for alert in row.open_alerts), default="")
    return Row(
        href=f"/people/{person.id}",
        name=wording.called(person),
        named=person.alias is not None,
        short_id=wording.short_id(person.id),
        plan=wording.plan_status(plan.status) if plan else "No plan yet",
        plan_href=f"/people/{person.id}/plan" if plan else "",
        awaiting=plan is not None and plan.status == "awaiting_review",
        since=times.span(now - plan.at) if plan else "",
        alerts=len(row.open_alerts),
        highest=wording.LEVEL.get(highest, highest),
        urgent=highest in ("S1", "S2"),
        last=times.ago(row.last_message_at, now),
        last_at=times.moment(row.last_message_at, zone),
        taken_by=names.get(person.assigned_to or "", NOBODY),
        writing=wording.author(row.taken_over_by) if row.taken_over_by else "",
    )

"""A person's page: facts, consents, answers with their history, alerts, tasks and the conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Mapping, Optional, Sequence
from zoneinfo import ZoneInfo

from waymark.console.presenters import alerts, times, wording
from waymark.domain.delivery import DeliveryStatus
from waymark.domain.people import Person, PersonStatus
from waymark.domain.staff import Right, StaffMember
from waymark.services.alerts import OPEN
from waymark.services.care_team import PersonView
from waymark.services.staff_access import StaffEntry

CLINICIANS = ("counsellor", "lead")


@dataclass(frozen=True)
class Said:
    """One answer as given: ``words`` quoted, ``understood`` what was made of it, ``replaced`` if a newer one is."""

    words: str
    understood: str
    at: str
    channel: str
    declined: bool
    replaced: bool


@dataclass(frozen=True)
class Question:
    title: str
    answers: tuple[Said, ...]


@dataclass(frozen=True)
class Message:
    author: str
    side: str
    text: str
    at: str
    channel: str
    safety: str
    delivery: str = ""


@dataclass(frozen=True)
class Choice:
    value: str
    title: str
    chosen: bool


@dataclass(frozen=True)
class PersonPage:
    id: str
    name: str
    short_id: str
    facts: tuple[tuple[str, str], ...]
    pending: bool
    minor: bool
    consents: tuple[Mapping[str, str], ...]
    questions: tuple[Question, ...]
    alerts: tuple[alerts.AlertCard, ...]
    past_alerts: int
    tasks: tuple[Mapping[str, str], ...]
    messages: tuple[Message, ...]
    taken_over_by: str
    mine_to_return: bool
    assigned_to: str
    mine: bool
    may_take_on: bool
    give_to: tuple[Choice, ...]
    may_write: bool
    may_plan: bool
    plan: str


def present(
    seen: PersonView,
    record: Mapping[str, Any],
    member: StaffMember,
    staff: Sequence[StaffEntry],
    *,
    now: datetime,
    zone: ZoneInfo,
) -> PersonPage:
    """Everything the page prints."""
    person, taken = seen.person, seen.conversation.taken_over_by
    names = {entry.id: entry.name for entry in staff}
    open_alerts = [a for a in seen.alerts if a.status in OPEN]
    newest = (record["plan_proposed"] or record["plan"]) if record["plan"] else None
    return PersonPage(
        id=person.id,
        name=wording.called(person),
        short_id=wording.short_id(person.id),
        facts=_facts(person, record),
        pending=person.status not in (PersonStatus.ACTIVE, PersonStatus.MINOR),
        minor=person.status is PersonStatus.MINOR,
        consents=tuple(_consent(c, zone) for c in record["consents"]),
        questions=_questions(record["answers"], zone),
        alerts=tuple(alerts.card(a, person, now=now, zone=zone) for a in open_alerts),
        past_alerts=len(seen.alerts) - len(open_alerts),
        tasks=tuple(_task(t, names, zone) for t in seen.tasks),
        messages=_messages(seen, record, zone),
        taken_over_by=wording.author(taken) if taken else "",
        mine_to_return=taken == f"staff:{member.name}",
        assigned_to=names.get(person.assigned_to or "", ""),
        mine=person.assigned_to == member.id,
        may_take_on=member.may(Right.SEE_WORKLIST) and person.assigned_to != member.id,
        give_to=_give_to(person, staff) if member.may(Right.ASSIGN) else (),
        may_write=member.may(Right.WRITE_TO_PERSON),
        may_plan=member.may(Right.EDIT_PLAN),
        plan=f"Version {newest['version']} – {wording.plan_status(newest['status'])}" if newest else "",
    )


def _facts(person: Person, record: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    contact = record["person"]["contact"]
    channels = ", ".join(_channel(c) for c in record["person"]["channels"])
    facts = [
        ("Age", str(person.age) if person.age is not None else "not told"),
        ("Country", person.country or "not told"),
        ("Writes by", channels or "unknown"),
        ("Contact", wording.understood(contact["route"]) or wording.NO_ROUTE),
    ]
    more = (("Safe times", "safe_times"), ("Place", "place"), ("Emergency contact", "emergency_contact"))
    facts += [(title, wording.understood(contact[key])) for title, key in more if contact[key]]
    return tuple(facts)


def _channel(channel: Mapping[str, Any]) -> str:
    name = wording.plain(channel["channel"])
    if channel["blocked_at"]:
        return f"{name} (they blocked the bot)"
    return f"{name} (asked not to be written to)" if channel["quiet_since"] else name


def _consent(consent: Mapping[str, Any], zone: ZoneInfo) -> Mapping[str, str]:
    return {
        "kind": wording.capital(wording.plain(consent["kind"])),
        "given": "given" if consent["given"] else "refused",
        "version": str(consent["version"]),
        "at": _at(consent["at"], zone),
        "channel": wording.plain(consent["channel"]),
    }


def _questions(answers: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> tuple[Question, ...]:
    """Answers by question in the order first asked; the one in force first, older ones after it."""
    by_item: dict[str, list[Mapping[str, Any]]] = {}
    for answer in answers:
        by_item.setdefault(answer["item"], []).append(answer)
    return tuple(Question(wording.item(name), _history(given, zone)) for name, given in by_item.items())


def _history(given: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> tuple[Said, ...]:
    newest_first = list(reversed(given))
    return tuple(_said(answer, zone, replaced=index > 0) for index, answer in enumerate(newest_first))


def _said(answer: Mapping[str, Any], zone: ZoneInfo, *, replaced: bool) -> Said:
    value = answer["value"]
    understood = wording.understood(value)
    return Said(
        words=wording.quoted(answer["text"]) if answer["text"] else "",
        understood="" if understood == answer["text"] else understood,
        at=_at(answer["at"], zone),
        channel=wording.plain(answer["channel"]),
        declined=isinstance(value, dict) and bool(value.get("declined")),
        replaced=replaced,
    )


def _task(task: Any, names: Mapping[str, str], zone: ZoneInfo) -> Mapping[str, str]:
    return {
        "what": wording.capital(wording.plain(task.kind)),
        "words": wording.quoted(task.details) if task.details else "",
        "priority": wording.plain(task.priority),
        "status": wording.plain(task.status),
        "due": times.moment(task.due_at, zone),
        "who": names.get(task.assigned_to or "", "nobody yet"),
    }


def _messages(seen: PersonView, record: Mapping[str, Any], zone: ZoneInfo) -> tuple[Message, ...]:
    """The record decides whose words may be shown; what the team itself wrote always may."""
    kept = list(record["messages"])
    if not kept:
        ours = [m for m in seen.transcript if getattr(m, "author", "").startswith("staff:")]
        return tuple(_own_message(m, zone) for m in ours)
    return tuple(_message(m, zone) for m in kept)


def _message(message: Mapping[str, Any], zone: ZoneInfo) -> Message:
    safety = message["safety"]
    level = safety["level"] if safety else None
    return Message(
        author=wording.author(message["author"]),
        side=_side(message["author"]),
        text=message["text"],
        at=_at(message["at"], zone),
        channel=wording.plain(message["channel"]),
        safety=f"{level}: {wording.plain(safety['class'])}" if level else "",
        delivery=_delivery(message["delivery"]),
    )


def _delivery(delivery: Optional[Mapping[str, Any]]) -> str:
    """Said only where something has not arrived."""
    if delivery is None or delivery["status"] == DeliveryStatus.SENT.value:
        return ""
    return "could not be delivered" if delivery["status"] == DeliveryStatus.FAILED.value else "not delivered yet"


def _own_message(message: Any, zone: ZoneInfo) -> Message:
    at = times.moment(message.created_at, zone)
    return Message(wording.author(message.author), "team", message.text, at, message.channel, "")


def _side(author: str) -> str:
    if author.startswith("staff:"):
        return "team"
    return "person" if author == "person" else "assistant"


def _give_to(person: Person, staff: Sequence[StaffEntry]) -> tuple[Choice, ...]:
    able = [entry for entry in staff if entry.role in CLINICIANS and entry.enrolled]
    nobody = Choice("", "nobody", person.assigned_to is None)
    return (nobody, *(Choice(e.id, e.name, e.id == person.assigned_to) for e in able))


def _at(text: Optional[str], zone: ZoneInfo) -> str:
    return times.moment(datetime.fromisoformat(text), zone) if text else ""

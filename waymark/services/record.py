"""The record of a person in the shape that other programs rely on (interfaces §4). Each read is audited."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Iterable, Mapping, Optional

from waymark.domain.actors import Actor
from waymark.domain.alerts import Alert
from waymark.domain.conversation import InboxMessage, OutboxMessage
from waymark.domain.delivery import Delivery
from waymark.domain.errors import NotFound
from waymark.domain.intake import Answer, current
from waymark.domain.linking import without_tickets
from waymark.domain.people import ChannelIdentity, Person, PersonStatus
from waymark.domain.plan import LINE_SECTIONS, OTHER_SECTIONS, Approval, PlanVersion
from waymark.services.audit import Audit
from waymark.services.planning import Planning
from waymark.services.ports import UnitOfWork, UnitOfWorkFactory

CONTACT_FIELDS = ("route", "safe_times", "place", "emergency_contact")
KEPT = (PersonStatus.ACTIVE, PersonStatus.MINOR)


class Records:
    """Assembles what is stored about a person. Words without consent stay out, safety records do not."""

    def __init__(self, uow: UnitOfWorkFactory, audit: Audit, planning: Planning) -> None:
        self._uow, self._audit, self._planning = uow, audit, planning

    def find(self, actor: Actor, *, channel: str, address: str) -> list[str]:
        """Ids of the people behind an address of a channel: none or one."""
        with self._uow() as uow:
            person = uow.people.by_address(channel, address)
            self._audit.record(uow, actor, "people.find", person.id if person else None)
            uow.commit()
            return [person.id] if person else []

    def of(self, actor: Actor, person_id: str, *, messages: bool = False) -> dict[str, Any]:
        """The whole record. Raises NotFound for an unknown person."""
        with self._uow() as uow:
            person = uow.people.get(person_id)
            if person is None:
                raise NotFound("no such person")
            self._audit.record(uow, actor, "record.read", person.id)
            kept = person.status in KEPT
            record = self._assemble(uow, person, kept)
            if messages:
                record["messages"] = _messages(uow, person) if kept else []
            uow.commit()
            return record

    def own_in(self, uow: UnitOfWork, person: Person) -> dict[str, Any]:
        """Everything for the person's own eyes, messages too, in the caller's transaction, which audits the read.

        Consent guards their words from others, not from them. What the team noted on an alert and the words of a
        task are theirs to see as well.
        """
        record = self._assemble(uow, person, kept=True)
        record["messages"] = _messages(uow, person)
        record["alerts"] = [{**alert_dict(a), "log": list(a.log)} for a in uow.alerts.of(person.id)]
        record["tasks"] = [{**_task(t), "details": t.details} for t in uow.history.tasks(person.id)]
        return record

    def _assemble(self, uow: UnitOfWork, person: Person, kept: bool) -> dict[str, Any]:
        answers = list(uow.answers.of(person.id)) if kept else []
        view = self._planning.view_in(uow, person.id)
        return {
            "person": _person(uow, person),
            "consents": [_consent(c) for c in uow.consents.of(person.id)],
            "answers": [_answer(a) for a in answers],
            "substances": substances(current(answers)),
            "criteria": [],
            "severity": None,
            "scores": [],
            "ratings": {f"R{n}": {"value": None, "by_class": {}, "evidence": []} for n in range(1, 7)},
            "level_of_care": None,
            "plan": _plan(view.shown, view.approvals),
            "plan_proposed": _plan(view.proposed, view.approvals),
            "plan_versions": [_version(v) for v in view.versions],
            "tasks": [_task(t) for t in uow.history.tasks(person.id)],
            "referrals": [],
            "appointments": [],
            "alerts": [alert_dict(a) for a in uow.alerts.of(person.id)],
            "events": [_event(e) for e in uow.history.events(person.id)],
            "scheduled": [],
            "talk": {"change": 0, "sustain": 0, "discord": 0, "neutral": 0},
        }


def substances(known: Mapping[str, Answer]) -> list[dict[str, Any]]:
    """The substances told, with amount and last use put to the one they belong to."""
    main = known.get("substance.main")
    if main is None or not isinstance(main.value, list):
        return []
    listed = [_substance(said, first=index == 0) for index, said in enumerate(main.value)]
    for item, fields in (("substance.amount", ("amount", "days_per_week")), ("substance.last_use", ("last_use",))):
        answer = known.get(item)
        if answer is None or not isinstance(answer.value, dict) or answer.declined:
            continue
        target = next((s for s in listed if s["name"] == answer.value.get("substance")), None)
        target = target or next((s for s in listed if not s["negated"]), None)
        if target is not None:
            target.update({f: answer.value[f] for f in fields if answer.value.get(f) is not None})
    return listed


def alert_dict(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.id,
        "person": alert.person_id,
        "class": alert.alert_class,
        "level": alert.level,
        "status": alert.status,
        "opened_at": iso(alert.opened_at),
        "words": alert.words,
        "text_shown": alert.text_shown,
        "route": alert.route,
        "acknowledged_by": alert.acknowledged_by,
        "acknowledged_at": iso(alert.acknowledged_at),
        "outcome": alert.outcome,
        "closed_by": alert.closed_by,
    }


def iso(moment: Optional[datetime]) -> Optional[str]:
    return moment.isoformat() if moment else None


def _substance(said: Mapping[str, Any], *, first: bool) -> dict[str, Any]:
    return {
        "name": said.get("name"),
        "words": said.get("words"),
        "role": "main" if first and not said.get("negated") else "other",
        "amount": said.get("amount"),
        "days_per_week": said.get("days_per_week"),
        "route": list(said.get("route") or []),
        "years": None,
        "since_year": None,
        "since_age": None,
        "last_use": said.get("last_use"),
        "negated": bool(said.get("negated")),
    }


def _person(uow: UnitOfWork, person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "alias": person.alias,
        "age": person.age,
        "country": person.country,
        "time_zone": person.time_zone,
        "status": person.status.value,
        "channels": [_channel(i) for i in uow.people.identities(person.id)],
        "contact": {name: person.contact.get(name) for name in CONTACT_FIELDS},
    }


def _channel(identity: ChannelIdentity) -> dict[str, Any]:
    return {
        "channel": identity.channel,
        "address": identity.address,
        "blocked_at": iso(identity.blocked_at),
        "quiet_since": iso(identity.quiet_since),
    }


def _consent(consent: Any) -> dict[str, Any]:
    return {
        "kind": consent.kind,
        "version": consent.version,
        "given": consent.given,
        "at": iso(consent.at),
        "channel": consent.channel,
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer.id,
        "item": answer.item,
        "value": answer.value,
        "text": answer.text,
        "at": iso(answer.at),
        "channel": answer.channel,
        "message_id": answer.message_id,
        "replaces": answer.replaces,
    }


def _plan(version: Optional[PlanVersion], approvals: Iterable[Approval]) -> Optional[dict[str, Any]]:
    if version is None:
        return None
    body = {name: version.body.get(name, []) for name in ("incomplete", *LINE_SECTIONS, *OTHER_SECTIONS)}
    given = [
        {"by": a.by, "role": a.role, "version": a.version, "at": iso(a.at)}
        for a in approvals
        if a.version == version.version
    ]
    head = {"version": version.version, "status": version.status}
    return {**head, **body, "review_date": version.body.get("review_date"), "approvals": given}


def _version(version: PlanVersion) -> dict[str, Any]:
    return {
        "version": version.version,
        "status": version.status,
        "author": version.author,
        "at": iso(version.at),
        "reason": version.reason,
        "changes": version.changes,
    }


def _task(task: Any) -> dict[str, Any]:
    return {
        "id": task.id,
        "kind": task.kind,
        "rule": task.rule,
        "priority": task.priority,
        "due_at": iso(task.due_at),
        "assigned_to": task.assigned_to,
        "status": task.status,
        "outcome": task.outcome,
    }


def _event(event: Any) -> dict[str, Any]:
    return {"kind": event.kind, "at": iso(event.at), "channel": event.channel, "details": event.details}


def _messages(uow: UnitOfWork, person: Person) -> list[dict[str, Any]]:
    deliveries = {d.outbox_id: d for d in uow.deliveries.of_person(person.id)}
    return [_message(message, deliveries.get(message.id)) for message in uow.messages.transcript(person.id)]


def _message(message: "InboxMessage | OutboxMessage", delivery: Optional[Delivery]) -> dict[str, Any]:
    came = isinstance(message, InboxMessage)
    safety = message.safety if isinstance(message, InboxMessage) else None
    return {
        "id": message.id,
        "at": iso(message.received_at if isinstance(message, InboxMessage) else message.created_at),
        "channel": message.channel,
        "direction": "in" if came else "out",
        "author": "person" if isinstance(message, InboxMessage) else message.author,
        "text": without_tickets(message.text),
        "needs": message.needs if isinstance(message, InboxMessage) else [],
        "talk": None,
        "safety": {"class": safety["class"], "level": safety["level"]} if safety else None,
        "delivery": {"status": delivery.status, "at": iso(delivery.sent_at), "problem": delivery.problem} if delivery else None,
    }

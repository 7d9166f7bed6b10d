"""What staff do with people: worklist, write to the person, take over and hand back, take a person on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Optional, Sequence

from waymark.domain.actors import Actor
from waymark.domain.alerts import Alert
from waymark.domain.conversation import Conversation, InboxMessage, OutboxMessage
from waymark.domain.errors import InvalidChange, NotAllowed, NotFound
from waymark.domain.messages import ReplyKind
from waymark.domain.people import Event, Person, Task
from waymark.domain.plan import PlanVersion, newest
from waymark.domain.staff import Right, StaffMember, may_see
from waymark.services.alerts import OPEN
from waymark.services.audit import Audit
from waymark.services.outgoing import latest_channel, place_of, put_out
from waymark.services.ports import Clock, Ids, UnitOfWork, UnitOfWorkFactory

MAX_STAFF_MESSAGE = 2000


@dataclass(frozen=True)
class WorklistRow:
    """A person as the worklist shows them."""

    person: Person
    plan: Optional[PlanVersion]
    open_alerts: tuple[Alert, ...]
    last_message_at: Optional[datetime]
    taken_over_by: Optional[str]


@dataclass(frozen=True)
class PersonView:
    """A person as their page shows them."""

    person: Person
    conversation: Conversation
    transcript: list[InboxMessage | OutboxMessage]
    alerts: Sequence[Alert]
    tasks: Sequence[Task]


@dataclass(frozen=True)
class AlertRow:
    """An alert as the alert list shows it; ``person`` only if the member may open the person's page."""

    alert: Alert
    person: Optional[Person]

    @property
    def mark(self) -> str:
        """Changes whenever there is something new to read in the alert."""
        return f"{self.alert.id}/{self.alert.status}/{len(self.alert.log)}"


class CareTeam:
    """Use cases of the console that concern one person. Each checks that the member may see the person."""

    def __init__(self, uow: UnitOfWorkFactory, clock: Clock, ids: Ids, audit: Audit) -> None:
        self._uow, self._clock, self._ids, self._audit = uow, clock, ids, audit

    def worklist(self, member: StaffMember) -> list[WorklistRow]:
        """People this member may see: plans awaiting review first, then the latest to write."""
        with self._uow() as uow:
            rows = [self._row(uow, p) for p in uow.people.all() if self._sees(uow, member, p)]
            self._audit.record(uow, Actor.staff(member), "worklist.read", None)
            uow.commit()
        waiting = [r for r in rows if r.plan is not None and r.plan.status == "awaiting_review"]
        waiting_ids = {r.person.id for r in waiting}
        others = [r for r in rows if r.person.id not in waiting_ids]
        return sorted(waiting, key=_plan_time) + sorted(others, key=_last_time, reverse=True)

    def person(self, member: StaffMember, person_id: str) -> PersonView:
        with self._uow() as uow:
            person = self.seen(uow, member, person_id)
            self._audit.record(uow, Actor.staff(member), "person.read", person.id)
            view = PersonView(
                person=person,
                conversation=uow.conversations.get(person.id),
                transcript=uow.messages.transcript(person.id),
                alerts=uow.alerts.of(person.id),
                tasks=uow.history.tasks(person.id),
            )
            uow.commit()
            return view

    def alerts(self, member: StaffMember, seen: frozenset[str] = frozenset()) -> list[AlertRow]:
        """What is open and this member may act on, the most urgent and oldest first.

        ``seen`` holds marks of a list whose reading was audited before: a page that refreshes itself is a new
        read only when it shows something new.
        """
        with self._uow() as uow:
            found = [self._alert_row(uow, member, a) for a in uow.alerts.with_status(OPEN)]
            rows = [row for row in found if row is not None]
            if not seen.issuperset(row.mark for row in rows) or not seen:
                self._audit.record(uow, Actor.staff(member), "alerts.read", None)
            uow.commit()
            return rows

    def alert(self, member: StaffMember, alert_id: str) -> AlertRow:
        """One alert that this member may act on, closed or not; else NotFound."""
        with self._uow() as uow:
            alert = uow.alerts.get(alert_id)
            row = self._alert_row(uow, member, alert) if alert is not None else None
            if row is None:
                raise NotFound("no such alert")
            self._audit.record(uow, Actor.staff(member), "alert.read", row.alert.person_id, row.alert.id)
            uow.commit()
            return row

    def write(self, member: StaffMember, person_id: str, text: str) -> OutboxMessage:
        """Send a message of a person of the team; the channel marks it as from a human."""
        if not text.strip() or len(text) > MAX_STAFF_MESSAGE:
            raise InvalidChange(f"a message has 1 to {MAX_STAFF_MESSAGE} characters")
        now = self._clock.now()
        with self._uow() as uow:
            person = self.seen(uow, member, person_id)
            uow.people.lock(person.id)
            message = OutboxMessage(
                id=self._ids.new("rep"),
                person_id=person.id,
                channel=latest_channel(uow, person.id),
                kind=ReplyKind.MESSAGE.value,
                author=Actor.staff(member).label,
                text=text.strip(),
                created_at=now,
            )
            put_out(uow, message, writable_address(uow, person.id, message.channel))
            event = Event(self._ids.new("evt"), person.id, "contact", now, message.channel, {"by": member.name})
            uow.history.add_event(event)
            self._audit.record(uow, Actor.staff(member), "person.write", person.id, message.id)
            uow.commit()
            return message

    def take_over(self, member: StaffMember, person_id: str) -> None:
        """Answer the person yourself: the assistant is silent, except for safety."""
        self._set_taken(member, person_id, Actor.staff(member).label, "person.take_over")

    def hand_back(self, member: StaffMember, person_id: str) -> None:
        """Let the assistant answer again."""
        self._set_taken(member, person_id, None, "person.hand_back")

    def assign(self, member: StaffMember, person_id: str, to_member_id: Optional[str]) -> None:
        """Take a person on, or (for a lead) give them to somebody or to nobody."""
        with self._uow() as uow:
            person = self.seen(uow, member, person_id)
            if to_member_id != member.id and member.role != "lead":
                raise NotAllowed("only a lead assigns people to others")
            if to_member_id is not None and uow.staff.get(to_member_id) is None:
                raise NotFound("no such staff member")
            person.assigned_to = to_member_id
            self._audit.record(uow, Actor.staff(member), "person.assign", person.id, to_member_id or "nobody")
            uow.commit()

    def seen(self, uow: UnitOfWork, member: StaffMember, person_id: str) -> Person:
        """The person, if this member may see them. The same NotFound whether absent or out of bounds."""
        person = uow.people.get(person_id)
        if person is None or not self._sees(uow, member, person):
            raise NotFound("no such person")
        return person

    def _sees(self, uow: UnitOfWork, member: StaffMember, person: Person) -> bool:
        has_alert = any(alert.open for alert in uow.alerts.of(person.id))
        if not may_see(member, person.assigned_to, has_alert):
            return False
        return person.status.value in ("active", "minor") or has_alert

    def _alert_row(self, uow: UnitOfWork, member: StaffMember, alert: Alert) -> Optional[AlertRow]:
        """On duty means answering everyone's alerts: the assistant's promise that a person comes rests on it
        (safety.md §1, rule 7). Off duty a counsellor has those of the people they may see.
        """
        person = uow.people.get(alert.person_id)
        sees = person is not None and self._sees(uow, member, person)
        if not sees and not (member.may(Right.SEE_ALERTS) and member.on_duty(self._clock.now())):
            return None
        return AlertRow(alert, person if sees else None)

    def _row(self, uow: UnitOfWork, person: Person) -> WorklistRow:
        last = uow.messages.last_inbox(person.id)
        return WorklistRow(
            person=person,
            plan=newest(uow.plans.versions(person.id)),
            open_alerts=tuple(a for a in uow.alerts.of(person.id) if a.open),
            last_message_at=last.received_at if last else None,
            taken_over_by=uow.conversations.get(person.id).taken_over_by,
        )

    def _set_taken(self, member: StaffMember, person_id: str, by: Optional[str], action: str) -> None:
        with self._uow() as uow:
            person = self.seen(uow, member, person_id)
            uow.conversations.get(person.id).taken_over_by = by
            self._audit.record(uow, Actor.staff(member), action, person.id)
            uow.commit()


def writable_address(uow: UnitOfWork, person_id: str, channel: str) -> Optional[str]:
    """Where to send what the person did not ask for; None where nothing has to be sent.

    Raises InvalidChange where it would not arrive or is not wanted. In an open crisis it goes out all the same.
    """
    place = place_of(uow, person_id, channel)
    if place is None:
        return None
    if place.blocked_at is not None:
        raise InvalidChange("this person has blocked the bot, so a message would not arrive; use another way")
    in_crisis = any(alert.open and alert.in_crisis for alert in uow.alerts.of(person_id))
    if place.quiet_since is not None and not in_crisis:
        raise InvalidChange("this person asked not to be written to there; use another way, or wait until they write")
    return place.address


def _plan_time(row: WorklistRow) -> datetime:
    return row.plan.at if row.plan else row.person.created_at


def _last_time(row: WorklistRow) -> datetime:
    return row.last_message_at or row.person.created_at

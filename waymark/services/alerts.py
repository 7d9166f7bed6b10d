"""Alerts: raise one an episode, let staff acknowledge, log contact and close (safety.md §1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Optional, Sequence

from waymark.domain.actors import Actor
from waymark.domain.alerts import CLINICAL_ROLES, CRISIS, Alert, AlertStatus, due_at, is_overdue
from waymark.domain.errors import InvalidChange, NotAllowed, NotFound
from waymark.domain.people import Event, Person
from waymark.domain.safety import AlertClass, Level
from waymark.domain.staff import StaffMember
from waymark.services.audit import Audit
from waymark.services.ports import Clock, Ids, UnitOfWork, UnitOfWorkFactory

OPEN = (AlertStatus.OPEN.value, AlertStatus.ACKNOWLEDGED.value, AlertStatus.HANDED_OVER.value)


@dataclass(frozen=True)
class AlertSignal:
    """What raises an alert: class, level, the words, what the person was shown, and which rule found it."""

    message_id: str
    alert_class: AlertClass
    level: Level
    channel: str
    at: datetime
    words: str = ""
    text_shown: str = ""
    rule_version: str = ""


class Alerts:
    """The alerts of all people."""

    def __init__(self, uow: UnitOfWorkFactory, clock: Clock, ids: Ids, audit: Audit) -> None:
        self._uow, self._clock, self._ids, self._audit = uow, clock, ids, audit

    def raise_in(self, uow: UnitOfWork, actor: Actor, person: Person, signal: AlertSignal) -> Alert:
        """Open an alert in the caller's transaction, or add to the open one of the episode.

        A message counts once, however often it comes. An S1 or S2 message while such an alert is open joins
        it; other classes join an open alert of their own class.
        """
        counted = uow.alerts.by_message(signal.message_id)
        if counted is not None:
            return counted
        same = self._episode(uow, person.id, signal)
        if same is not None:
            same.raise_to(signal.level, signal.alert_class.value, signal.at)
            same.words = "\n".join(part for part in (same.words, signal.words) if part)
            uow.alerts.attach(same, signal.message_id)
            return same
        alert = Alert(
            id=self._ids.new("alt"),
            person_id=person.id,
            message_id=signal.message_id,
            alert_class=signal.alert_class.value,
            level=signal.level.value,
            status=AlertStatus.OPEN.value,
            opened_at=signal.at,
            channel=signal.channel,
            words=signal.words,
            text_shown=signal.text_shown,
            route=route_of(person),
            rule_version=signal.rule_version,
            due_at=due_at(signal.level, signal.at),
        )
        uow.alerts.add(alert)
        if alert.in_crisis:
            details = {"alert": alert.id, "class": alert.alert_class, "level": alert.level}
            uow.history.add_event(Event(self._ids.new("evt"), person.id, "crisis", signal.at, signal.channel, details))
        self._audit.record(uow, actor, "alert.open", person.id, alert.id)
        return alert

    def open_alerts(self) -> Sequence[Alert]:
        """Everything not closed, the most urgent and oldest first."""
        with self._uow() as uow:
            return uow.alerts.with_status(OPEN)

    def listed(self, actor: Actor, status: str) -> Sequence[Alert]:
        """Everyone's alerts in one status, for another program; the read is audited."""
        if status not in [s.value for s in AlertStatus]:
            raise InvalidChange(f"the status must be one of {', '.join(s.value for s in AlertStatus)}")
        with self._uow() as uow:
            found = uow.alerts.with_status([status])
            self._audit.record(uow, actor, "alerts.read", None, status)
            uow.commit()
            return found

    def acknowledge(self, member: StaffMember, alert_id: str) -> Alert:
        with self._uow() as uow:
            alert = self._get(uow, alert_id)
            alert.acknowledge(Actor.staff(member).label, self._clock.now())
            self._audit.record(uow, Actor.staff(member), "alert.acknowledge", alert.person_id, alert.id)
            uow.commit()
            return alert

    def log_contact(self, member: StaffMember, alert_id: str, what: str) -> Alert:
        """Note a try to reach the person: rang, no answer, left word, next try."""
        if not what.strip():
            raise InvalidChange("say what was tried")
        with self._uow() as uow:
            alert = self._get(uow, alert_id)
            alert.note(self._clock.now(), Actor.staff(member).label, what.strip())
            self._audit.record(uow, Actor.staff(member), "alert.contact", alert.person_id, alert.id)
            uow.commit()
            return alert

    def close(self, member: StaffMember, alert_id: str, outcome: str) -> Alert:
        """Close with an outcome. Only a clinician may (safety.md §1, rule 9)."""
        if member.role not in CLINICAL_ROLES:
            raise NotAllowed("only a clinician closes an alert")
        with self._uow() as uow:
            alert = self._get(uow, alert_id)
            alert.close(Actor.staff(member).label, self._clock.now(), outcome)
            if uow.people.get(alert.person_id) is None:
                alert.forget_words()
            self._audit.record(uow, Actor.staff(member), "alert.close", alert.person_id, alert.id)
            uow.commit()
            return alert

    def escalate_overdue(self, actor: Actor) -> list[str]:
        """Mark alerts that nobody acknowledged in time; returns their ids. Each is marked once."""
        marked = []
        now = self._clock.now()
        with self._uow() as uow:
            for alert in uow.alerts.with_status([AlertStatus.OPEN.value]):
                if is_overdue(alert, now) and alert.escalated_at is None:
                    alert.escalated_at = now
                    alert.note(now, actor.label, "not acknowledged in time; on to the next on the rota and the lead")
                    self._audit.record(uow, actor, "alert.escalate", alert.person_id, alert.id)
                    marked.append(alert.id)
            uow.commit()
        return marked

    def _episode(self, uow: UnitOfWork, person_id: str, signal: AlertSignal) -> Optional[Alert]:
        open_ones = [a for a in uow.alerts.of(person_id) if a.open]
        if signal.level in CRISIS:
            crisis = [a for a in open_ones if a.in_crisis]
            if crisis:
                return crisis[-1]
        return next((a for a in open_ones if a.alert_class == signal.alert_class.value), None)

    def _get(self, uow: UnitOfWork, alert_id: str) -> Alert:
        alert = uow.alerts.get(alert_id)
        if alert is None:
            raise NotFound("no such alert")
        return alert


def clinician_on_duty(uow: UnitOfWork, now: datetime) -> bool:
    """Whether anybody is on duty, so that a person may be promised to be heard."""
    return any(member.on_duty(now) for member in uow.staff.all())


def route_of(person: Person) -> Optional[str]:
    """How staff can reach the person, in words, or None: "no route to contact"."""
    route = person.contact.get("route")
    if not route:
        return None
    safe_times = person.contact.get("safe_times")
    return f"{route} ({safe_times})" if safe_times else str(route)


def renew_routes(uow: UnitOfWork, person: Person) -> None:
    """A way to reach the person that was told later counts for the alerts that are still open."""
    for alert in uow.alerts.of(person.id):
        if alert.open:
            alert.route = route_of(person)

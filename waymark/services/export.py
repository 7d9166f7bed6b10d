"""A person's own copy of what is stored about them, behind a ticket that counts for a day (privacy.md §4)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Mapping, Optional

from waymark.domain.actors import PERSON
from waymark.domain.linking import TICKET_LIFETIME, ExportTicket
from waymark.services.audit import Audit
from waymark.services.dialogue import TurnScope
from waymark.services.ports import Clock, Ids, UnitOfWork, UnitOfWorkFactory
from waymark.services.record import Records

WHOLE_TRAIL = 1_000_000
"""More entries of the audit trail than one person can have."""


@dataclass(frozen=True)
class OwnCopy:
    """What a person is shown of themselves.

    ``record`` has the shape of interfaces §4 with messages, and ``read_by``: who read or changed it, the newest
    first. ``transcript`` holds the messages with the people of the team by name and role, for reading.
    """

    made_at: datetime
    record: dict[str, Any]
    transcript: list[dict[str, Any]]


class Exports:
    """Gives out tickets and opens them. Only a ticket's hash is kept."""

    def __init__(self, uow: UnitOfWorkFactory, clock: Clock, ids: Ids, audit: Audit, records: Records) -> None:
        self._uow, self._clock, self._ids = uow, clock, ids
        self._audit, self._records = audit, records

    def issue_in(self, scope: TurnScope) -> str:
        """A new ticket for the person of this turn, valid for 24 hours."""
        token = self._ids.token()
        ticket = ExportTicket(
            ticket_hash=_hash(token),
            person_id=scope.person.id,
            channel=scope.last.channel,
            created_at=scope.now,
            expires_at=scope.now + TICKET_LIFETIME,
        )
        scope.uow.links.add_ticket(ticket)
        self._audit.record(scope.uow, PERSON, "export.ask", scope.person.id)
        return token

    def check(self, ticket: str) -> bool:
        """Whether a ticket counts now. Nothing about the person is read, so nothing is audited."""
        with self._uow() as uow:
            kept = uow.links.ticket(_hash(ticket))
            return kept is not None and kept.usable(self._clock.now())

    def open(self, ticket: str) -> Optional[OwnCopy]:
        """The copy, made now; None for a ticket that is unknown or has run out. The read is audited."""
        now = self._clock.now()
        with self._uow() as uow:
            kept = uow.links.ticket(_hash(ticket))
            if kept is None or not kept.usable(now):
                return None
            person = uow.people.lock(kept.person_id)  # held, so that an erasure comes before or after, not between
            if person is None:
                return None
            kept.opened_at = kept.opened_at or now
            self._audit.record(uow, PERSON, "export.read", person.id)
            record = self._records.own_in(uow, person)
            names = _staff_names(uow)
            record["read_by"] = _read_by(uow, person.id, names)
            transcript = [_line(message, names) for message in record["messages"]]
            uow.commit()
            return OwnCopy(now, record, transcript)


def _read_by(uow: UnitOfWork, person_id: str, names: Mapping[str, str]) -> list[dict[str, Any]]:
    trail = uow.history.audit(person_id, WHOLE_TRAIL)
    return [{"at": e.at.isoformat(), "actor": names.get(e.actor, e.actor), "action": e.action} for e in trail]


def _line(message: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    author = names.get(message["author"], message["author"])
    return {"at": message["at"], "channel": message["channel"], "author": author, "text": message["text"]}


def _staff_names(uow: UnitOfWork) -> dict[str, str]:
    """``staff:Ada`` → ``Ada (counsellor)``."""
    return {f"staff:{m.name}": f"{m.name} ({m.role.replace('_', ' ')})" for m in uow.staff.all()}


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

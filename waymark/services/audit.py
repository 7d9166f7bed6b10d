"""The audit trail: one entry a read or write, in the same transaction, chained by hash (privacy.md §2)."""

from __future__ import annotations

import hashlib
from typing import Optional, Sequence

from waymark.domain.actors import Actor
from waymark.domain.staff import GENESIS, AuditEntry
from waymark.services.ports import Clock, Ids, UnitOfWork, UnitOfWorkFactory


class Audit:
    """Appends to the trail and checks that it is whole. No health data goes into it."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids

    def record(self, uow: UnitOfWork, actor: Actor, action: str, person_id: Optional[str], target: str = "") -> None:
        """Add an entry to the open transaction of ``uow``."""
        previous = uow.history.audit_head()
        entry = AuditEntry(
            id=self._ids.new("aud"),
            at=self._clock.now(),
            actor=actor.label,
            action=action,
            person_id=person_id,
            target=target,
            previous_hash=previous,
            hash="",
        )
        entry.hash = entry_hash(entry)
        uow.history.append_audit(entry)
        uow.history.set_audit_head(entry.hash)


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over the entry's fields and the hash before it."""
    parts = (
        entry.previous_hash,
        entry.id,
        entry.at.isoformat(),
        entry.actor,
        entry.action,
        entry.person_id or "",
        entry.target,
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


class AuditTrail:
    """Reads the trail for staff who may, and verifies the chain."""

    def __init__(self, uow: UnitOfWorkFactory) -> None:
        self._uow = uow

    def entries(self, person_id: Optional[str] = None, limit: int = 200) -> Sequence[AuditEntry]:
        """The newest entries first."""
        with self._uow() as uow:
            return uow.history.audit(person_id, limit)

    def first_break(self) -> Optional[str]:
        """The id of the first entry that was changed or whose predecessor is gone; None if all is whole."""
        with self._uow() as uow:
            previous = GENESIS
            for entry in uow.history.audit_chain():
                if entry.previous_hash != previous or entry.hash != entry_hash(entry):
                    return entry.id
                previous = entry.hash
            return None if previous == uow.history.audit_head() else "head"

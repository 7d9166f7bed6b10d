"""Repositories for staff, the audit trail, events and tasks, and for erasure."""

from __future__ import annotations

from datetime import datetime
from typing import Iterable, Optional, Sequence

from sqlalchemy import delete, insert, select, update

from waymark.adapters.db import tables
from waymark.adapters.db.channel_tables import deliveries
from waymark.adapters.db.repository import SqlRepository
from waymark.domain.people import Event, Task
from waymark.domain.staff import GENESIS, AuditEntry, StaffMember, StaffSession


class SqlStaff(SqlRepository):
    def add(self, member: StaffMember) -> None:
        self._session.add(member)
        self._session.flush()

    def get(self, staff_id: str) -> Optional[StaffMember]:
        return self._session.get(StaffMember, staff_id)

    def by_name(self, name: str) -> Optional[StaffMember]:
        query = select(StaffMember).where(tables.staff_table.c.name == name)
        return self._session.execute(query).scalar_one_or_none()

    def by_enrol_hash(self, token_hash: str) -> Optional[StaffMember]:
        query = select(StaffMember).where(tables.staff_table.c.enrol_token_hash == token_hash)
        return self._session.execute(query).scalar_one_or_none()

    def all(self) -> Sequence[StaffMember]:
        return self._session.execute(select(StaffMember).order_by(tables.staff_table.c.name)).scalars().all()

    def add_session(self, session: StaffSession) -> None:
        self._session.add(session)

    def session(self, token_hash: str) -> Optional[StaffSession]:
        return self._session.get(StaffSession, token_hash)

    def end_session(self, token_hash: str) -> None:
        table = tables.staff_sessions
        self._session.execute(delete(table).where(table.c.token_hash == token_hash))


class SqlHistory(SqlRepository):
    def add_event(self, event: Event) -> None:
        self._session.add(event)

    def events(self, person_id: str) -> Sequence[Event]:
        query = select(Event).where(tables.events.c.person_id == person_id).order_by(tables.events.c.at)
        return self._session.execute(query).scalars().all()

    def add_task(self, task: Task) -> None:
        self._session.add(task)

    def tasks(self, person_id: Optional[str] = None) -> Sequence[Task]:
        query = select(Task).order_by(tables.tasks.c.created_at)
        if person_id is not None:
            query = query.where(tables.tasks.c.person_id == person_id)
        return self._session.execute(query).scalars().all()

    def append_audit(self, entry: AuditEntry) -> None:
        self._session.add(entry)
        self._session.flush()

    def audit_head(self) -> str:
        """Hash of the newest entry. The row is held until the transaction ends, so the chain cannot fork."""
        table = tables.audit_head
        held = select(table.c.hash).where(table.c.id == 1).with_for_update()
        found = self._session.execute(held).scalar_one_or_none()
        if found is None:  # the very first entry, and perhaps somebody else's at the same moment
            self._add_once(table, id=1, hash=GENESIS)
            found = self._session.execute(held).scalar_one()
        return str(found)

    def set_audit_head(self, value: str) -> None:
        self._session.execute(update(tables.audit_head).where(tables.audit_head.c.id == 1).values(hash=value))

    def audit(self, person_id: Optional[str] = None, limit: int = 200) -> Sequence[AuditEntry]:
        """The newest entries first."""
        query = select(AuditEntry).order_by(tables.audit.c.seq.desc()).limit(limit)
        if person_id is not None:
            query = query.where(tables.audit.c.person_id == person_id)
        return self._session.execute(query).scalars().all()

    def audit_chain(self) -> Iterable[AuditEntry]:
        return self._session.execute(select(AuditEntry).order_by(tables.audit.c.seq)).scalars()


class SqlPrivacy(SqlRepository):
    def scrub(self, person_id: str) -> None:
        """Remove answers, replies and buttons, and the words of messages; the rows that prevent repeats stay."""
        theirs = select(tables.inbox.c.id).where(tables.inbox.c.person_id == person_id)
        wiped = (tables.answers, tables.outbox, tables.offered_buttons, tables.events, deliveries)
        self._execute_apart(
            *(delete(table).where(table.c.person_id == person_id) for table in wiped),
            delete(tables.turn_outcomes).where(tables.turn_outcomes.c.message_id.in_(theirs)),
            update(tables.inbox).where(tables.inbox.c.person_id == person_id).values(text="", button=None, needs=[]),
        )

    def ask_forget(self, person_id: str, at: datetime) -> None:
        self._session.execute(delete(tables.erasures).where(tables.erasures.c.person_id == person_id))
        self._session.execute(insert(tables.erasures).values(person_id=person_id, requested_at=at))

    def to_forget(self, before: datetime) -> Sequence[str]:
        table = tables.erasures.c
        query = select(table.person_id).where(table.done_at.is_(None), table.requested_at <= before)
        return self._session.execute(query).scalars().all()

    def forgotten(self, person_id: str, at: datetime) -> None:
        table = tables.erasures
        self._session.execute(update(table).where(table.c.person_id == person_id).values(done_at=at))

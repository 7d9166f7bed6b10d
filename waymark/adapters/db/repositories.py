"""Repositories: load and store the domain's objects. Nothing is decided here."""

from __future__ import annotations

from datetime import datetime
from typing import Iterable, Optional, Sequence

from sqlalchemy import delete, func, insert, select, update

from waymark.adapters.db import tables
from waymark.adapters.db.channel_repositories import SqlAddresses
from waymark.adapters.db.repository import SqlRepository
from waymark.domain.alerts import Alert
from waymark.domain.conversation import (
    Conversation,
    InboxMessage,
    OfferedButton,
    OutboxMessage,
    TurnOutcome,
)
from waymark.domain.intake import Answer
from waymark.domain.people import Consent, Person, PersonStatus
from waymark.domain.plan import Approval, PlanVersion

LAST_PLACES = 1_000


class SqlPeople(SqlAddresses):
    def add(self, person: Person) -> None:
        self._session.add(person)
        self._session.flush()

    def get(self, person_id: str) -> Optional[Person]:
        return self._session.get(Person, person_id)

    def all(self) -> Sequence[Person]:
        return self._session.execute(select(Person).order_by(tables.people_table.c.created_at)).scalars().all()

    def lock(self, person_id: str) -> Optional[Person]:
        """Load the person and hold the row, so that two turns of one person cannot interleave.

        What was loaded before the wait for the row is read anew.
        """
        query = select(Person).where(tables.people_table.c.id == person_id).with_for_update()
        return self._session.execute(query, execution_options={"populate_existing": True}).scalar_one_or_none()

    def pending_since_before(self, moment: datetime) -> Sequence[Person]:
        table = tables.people_table.c
        unkept = (PersonStatus.PENDING, PersonStatus.DECLINED)
        wrote_since = (
            select(tables.inbox.c.seq).where(tables.inbox.c.person_id == table.id, tables.inbox.c.received_at >= moment).exists()
        )
        query = select(Person).where(table.status.in_(unkept), table.created_at < moment, ~wrote_since)
        return self._session.execute(query).scalars().all()

    def delete(self, person_id: str) -> None:
        """Remove the person; every table that belongs to them goes with the row. What was loaded stays readable,
        though nothing of it is kept."""
        self._session.flush()
        self._session.execute(delete(tables.people_table).where(tables.people_table.c.id == person_id))
        self._session.expunge_all()

    def drop_emptied(self, person_id: str) -> None:
        """Remove a newcomer after ``adopt``, with their consents, codes and conversation. Unlike after ``delete``,
        whatever else was loaded stays in use."""
        for kind in (Person, Conversation):
            gone = self._session.get(kind, person_id)
            if gone is not None:
                self._session.expunge(gone)
        self._execute_apart(delete(tables.people_table).where(tables.people_table.c.id == person_id))


class SqlConversations(SqlRepository):
    def get(self, person_id: str) -> Conversation:
        """The conversation of a person, made on first use."""
        found = self._session.get(Conversation, person_id)
        if found is None:
            found = Conversation(person_id=person_id)
            self._session.add(found)
            self._session.flush()
        return found


class SqlMessages(SqlRepository):
    def add_inbox(self, message: InboxMessage) -> None:
        self._session.add(message)
        self._session.flush()

    def inbox(self, message_id: str) -> Optional[InboxMessage]:
        query = select(InboxMessage).where(tables.inbox.c.id == message_id)
        return self._session.execute(query).scalar_one_or_none()

    def inbox_by_reference(self, person_id: str, channel: str, reference: str) -> Optional[InboxMessage]:
        """The message that the channel knows under ``reference``; of several the newest."""
        table = tables.inbox.c
        query = select(InboxMessage).where(table.person_id == person_id, table.channel == channel, table.reference == reference)
        return self._session.execute(query.order_by(table.seq.desc()).limit(1)).scalar_one_or_none()

    def waiting(self, person_id: Optional[str] = None, status: str = "waiting") -> Sequence[InboxMessage]:
        """Messages without an answer, in the order of keeping."""
        query = select(InboxMessage).where(tables.inbox.c.status == status).order_by(tables.inbox.c.seq)
        if person_id is not None:
            query = query.where(tables.inbox.c.person_id == person_id)
        return self._session.execute(query).scalars().all()

    def recent_texts(self, person_id: str, limit: int) -> list[str]:
        """The person's last texts, oldest first."""
        table = tables.inbox.c
        query = select(table.text).where(table.person_id == person_id).order_by(table.seq.desc()).limit(limit)
        return list(reversed(self._session.execute(query).scalars().all()))

    def last_inbox(self, person_id: str, before: Optional[datetime] = None) -> Optional[InboxMessage]:
        """The person's newest message, or the newest one received before a moment."""
        table = tables.inbox.c
        query = select(InboxMessage).where(table.person_id == person_id)
        if before is not None:
            query = query.where(table.received_at < before)
        return self._session.execute(query.order_by(table.seq.desc()).limit(1)).scalar_one_or_none()

    def last_outbox(self, person_id: str) -> Optional[OutboxMessage]:
        table = tables.outbox.c
        query = select(OutboxMessage).where(table.person_id == person_id).order_by(table.seq.desc()).limit(1)
        return self._session.execute(query).scalar_one_or_none()

    def add_outbox(self, message: OutboxMessage) -> None:
        self._session.add(message)
        self._session.flush()

    def outbox_group(self, group: str) -> Sequence[OutboxMessage]:
        query = select(OutboxMessage).where(tables.outbox.c.reply_group == group).order_by(tables.outbox.c.seq)
        return self._session.execute(query).scalars().all()

    def outbox_after(self, seq: int, person_id: str, limit: int = 500) -> Sequence[OutboxMessage]:
        table = tables.outbox.c
        query = select(OutboxMessage).where(table.person_id == person_id, table.seq > seq)
        return self._session.execute(query.order_by(table.seq).limit(limit)).scalars().all()

    def outbox_mark(self) -> tuple[int, int]:
        """The newest place, and how many of the last places are taken: of two messages the one with the later place
        may be stored first, and the other one then changes only the number."""
        place = tables.outbox.c.seq
        newest = self._session.execute(select(func.max(place))).scalar_one() or 0
        taken = select(func.count()).select_from(tables.outbox).where(place > newest - LAST_PLACES)
        return newest, self._session.execute(taken).scalar_one()

    def outbox(self, public_id: str) -> Optional[OutboxMessage]:
        query = select(OutboxMessage).where(tables.outbox.c.id == public_id)
        return self._session.execute(query).scalar_one_or_none()

    def transcript(self, person_id: str) -> list[InboxMessage | OutboxMessage]:
        """Both sides in order of time; at the same moment the person's message comes first."""
        came = self._session.execute(select(InboxMessage).where(tables.inbox.c.person_id == person_id)).scalars()
        went = self._session.execute(select(OutboxMessage).where(tables.outbox.c.person_id == person_id)).scalars()
        keyed = [(m.received_at, 0, m.seq or 0, m) for m in came] + [(m.created_at, 1, m.seq or 0, m) for m in went]
        return [entry[3] for entry in sorted(keyed, key=lambda entry: entry[:3])]

    def add_button(self, button: OfferedButton) -> None:
        self._session.add(button)

    def button(self, button_id: str) -> Optional[OfferedButton]:
        return self._session.get(OfferedButton, button_id)

    def close_buttons(self, person_id: str, item: str, at: datetime) -> None:
        table = tables.offered_buttons
        query = update(table).where(table.c.person_id == person_id, table.c.item == item, table.c.closed_at.is_(None))
        self._execute_apart(query.values(closed_at=at))

    def outcome(self, message_id: str, step: str) -> Optional[TurnOutcome]:
        return self._session.get(TurnOutcome, (message_id, step))

    def begun(self, message_ids: Sequence[str]) -> set[str]:
        """Those of these messages that some step of the dialogue has worked on."""
        table = tables.turn_outcomes.c
        query = select(table.message_id).where(table.message_id.in_(list(message_ids)))
        return set(self._session.execute(query).scalars().all())

    def add_outcome(self, outcome: TurnOutcome) -> None:
        self._session.add(outcome)


class SqlAnswers(SqlRepository):
    def add(self, answer: Answer) -> None:
        self._session.add(answer)
        self._session.flush()

    def of(self, person_id: str) -> Sequence[Answer]:
        query = select(Answer).where(tables.answers.c.person_id == person_id).order_by(tables.answers.c.seq)
        return self._session.execute(query).scalars().all()

    def drop(self, person_id: str, items: Iterable[str]) -> None:
        """Remove every answer of a person to these items, also older ones that were replaced."""
        table = tables.answers
        self._execute_apart(delete(table).where(table.c.person_id == person_id, table.c.item.in_(list(items))))


class SqlConsents(SqlRepository):
    def add(self, consent: Consent) -> None:
        self._session.add(consent)

    def of(self, person_id: str) -> Sequence[Consent]:
        query = select(Consent).where(tables.consents.c.person_id == person_id).order_by(tables.consents.c.at)
        return self._session.execute(query).scalars().all()


class SqlPlans(SqlRepository):
    def add(self, version: PlanVersion) -> None:
        self._session.add(version)
        self._session.flush()

    def add_approval(self, approval: Approval) -> None:
        self._session.add(approval)
        self._session.flush()

    def versions(self, person_id: str) -> Sequence[PlanVersion]:
        table = tables.plan_versions.c
        query = select(PlanVersion).where(table.person_id == person_id).order_by(table.version)
        return self._session.execute(query).scalars().all()

    def approvals(self, person_id: str) -> Sequence[Approval]:
        table = tables.plan_approvals.c
        query = select(Approval).where(table.person_id == person_id).order_by(table.at)
        return self._session.execute(query).scalars().all()


class SqlAlerts(SqlRepository):
    def add(self, alert: Alert) -> None:
        self._session.add(alert)
        self._session.flush()
        self._link(alert.id, alert.message_id)

    def get(self, alert_id: str) -> Optional[Alert]:
        return self._session.get(Alert, alert_id)

    def by_message(self, message_id: str) -> Optional[Alert]:
        """The alert that a message raised or was added to."""
        query = select(tables.alert_messages.c.alert_id).where(tables.alert_messages.c.message_id == message_id)
        alert_id = self._session.execute(query).scalar_one_or_none()
        return self.get(alert_id) if alert_id else None

    def attach(self, alert: Alert, message_id: str) -> None:
        """Count a later message of the episode to its open alert."""
        self._link(alert.id, message_id)

    def of(self, person_id: str) -> Sequence[Alert]:
        table = tables.alerts_table.c
        query = select(Alert).where(table.person_id == person_id).order_by(table.opened_at)
        return self._session.execute(query).scalars().all()

    def with_status(self, statuses: Iterable[str]) -> Sequence[Alert]:
        table = tables.alerts_table.c
        query = select(Alert).where(table.status.in_(list(statuses))).order_by(table.level, table.opened_at)
        return self._session.execute(query).scalars().all()

    def _link(self, alert_id: str, message_id: str) -> None:
        self._session.execute(insert(tables.alert_messages).values(alert_id=alert_id, message_id=message_id))

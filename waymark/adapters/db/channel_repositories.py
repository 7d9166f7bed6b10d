"""Repositories of the channels: addresses, deliveries, links between channels, tickets."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Optional, Sequence

from sqlalchemy import delete, func, insert, select, update

from waymark.adapters.db import channel_tables as tables
from waymark.adapters.db import tables as record
from waymark.adapters.db.repository import SqlRepository
from waymark.adapters.db.types import fingerprints
from waymark.domain.delivery import Delivery, DeliveryStatus
from waymark.domain.linking import ExportTicket, LinkCode
from waymark.domain.people import ChannelIdentity, Person

UNSENT = (DeliveryStatus.PENDING.value, DeliveryStatus.SENDING.value)


class SqlAddresses(SqlRepository):
    """Who is at which address."""

    def by_address(self, channel: str, address: str) -> Optional[Person]:
        identity = self.identity(channel, address)
        return self._session.get(Person, identity.person_id) if identity else None

    def identity(self, channel: str, address: str) -> Optional[ChannelIdentity]:
        table = tables.channel_identities.c
        query = select(ChannelIdentity).where(table.channel == channel, table.address_hash.in_(fingerprints(address)))
        return self._session.execute(query).scalar_one_or_none()

    def identities(self, person_id: str) -> Sequence[ChannelIdentity]:
        table = tables.channel_identities.c
        query = select(ChannelIdentity).where(table.person_id == person_id).order_by(table.created_at)
        return self._session.execute(query).scalars().all()

    def add_identity(self, identity: ChannelIdentity) -> None:
        self._session.flush()
        row = {
            "id": identity.id,
            "person_id": identity.person_id,
            "channel": identity.channel,
            "address": identity.address,
            "address_hash": fingerprints(identity.address)[0],
            "created_at": identity.created_at,
        }
        self._session.execute(insert(tables.channel_identities).values(row))

    def adopt(self, newcomer: str, person_id: str) -> None:
        """Give everything that an unknown newcomer said and was told, and their addresses, to another person."""
        moved = (
            tables.channel_identities, tables.deliveries, record.inbox, record.outbox, record.offered_buttons,
            record.answers, record.events, record.tasks, record.alerts_table,
        )  # fmt: skip
        self._execute_apart(
            *(update(table).where(table.c.person_id == newcomer).values(person_id=person_id) for table in moved)
        )


class SqlSessions(SqlRepository):
    """Ended web sessions, by a hash of their id."""

    def end(self, session_id: str, at: datetime) -> None:
        self._add_once(tables.ended_sessions, session_hash=_hash(session_id), ended_at=at)

    def ended(self, session_id: str) -> bool:
        table = tables.ended_sessions.c
        return self._session.execute(select(table.session_hash).where(table.session_hash == _hash(session_id))).first() is not None


class SqlDeliveries(SqlRepository):
    def add(self, delivery: Delivery) -> None:
        self._session.add(delivery)
        self._session.flush()

    def of(self, outbox_id: str) -> Optional[Delivery]:
        query = select(Delivery).where(tables.deliveries.c.outbox_id == outbox_id)
        return self._session.execute(query).scalar_one_or_none()

    def of_person(self, person_id: str) -> Sequence[Delivery]:
        return self._session.execute(select(Delivery).where(tables.deliveries.c.person_id == person_id)).scalars().all()

    def unsent(self, channel: str) -> Sequence[Delivery]:
        """What has not arrived yet, in the order in which it was put out; each person's in order."""
        table = tables.deliveries.c
        query = select(Delivery).where(table.channel == channel, table.status.in_(UNSENT))
        return self._session.execute(query.order_by(table.seq)).scalars().all()

    def count_unsent(self, channel: str) -> int:
        table = tables.deliveries.c
        query = select(func.count()).select_from(tables.deliveries).where(table.channel == channel, table.status.in_(UNSENT))
        return int(self._session.execute(query).scalar_one())


class SqlLinks(SqlRepository):
    """Codes that join channels and tickets for copies."""

    def add_code(self, code: LinkCode) -> None:
        self._session.add(code)

    def owner(self, code_hash: str) -> Optional[str]:
        """Whose code it is, without holding it: the person's row is locked before the code's."""
        query = select(tables.link_codes.c.person_id).where(tables.link_codes.c.code_hash == code_hash)
        return self._session.execute(query).scalar_one_or_none()

    def code(self, code_hash: str) -> Optional[LinkCode]:
        """The code, held until the transaction ends, so that two cannot use it at once."""
        query = select(LinkCode).where(tables.link_codes.c.code_hash == code_hash).with_for_update()
        return self._session.execute(query).scalar_one_or_none()

    def drop_codes(self, person_id: str) -> None:
        """Remove a person's unused codes; only the newest one shown counts."""
        table = tables.link_codes.c
        self._execute_apart(delete(tables.link_codes).where(table.person_id == person_id, table.used_at.is_(None)))

    def add_ticket(self, ticket: ExportTicket) -> None:
        self._session.add(ticket)

    def ticket(self, ticket_hash: str) -> Optional[ExportTicket]:
        return self._session.get(ExportTicket, ticket_hash)

    def drop_before(self, moment: datetime) -> None:
        """Remove codes and tickets that ran out before a moment."""
        for table in (tables.link_codes, tables.export_tickets):
            self._session.execute(delete(table).where(table.c.expires_at < moment))


class SqlUpdates(SqlRepository):
    """Updates of a channel that were handled and belong to no person, such as those of a group."""

    def note(self, key: str, at: datetime) -> bool:
        """Remember an update; False if it was handled before."""
        return self._add_once(tables.handled_updates, key=key, at=at)

    def drop_before(self, moment: datetime) -> None:
        self._session.execute(delete(tables.handled_updates).where(tables.handled_updates.c.at < moment))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

"""Put a message out: into the outbox, and on its way if its channel has to be pushed to."""

from __future__ import annotations

from typing import Optional

from waymark.domain.conversation import OutboxMessage
from waymark.domain.delivery import Delivery
from waymark.domain.people import ChannelIdentity
from waymark.services.ports import UnitOfWork

PUSHED = ("telegram",)
"""Channels that fetch nothing by themselves; the web reads the outbox."""


def put_out(uow: UnitOfWork, message: OutboxMessage, address: Optional[str]) -> None:
    """Keep an outgoing message in the caller's transaction. Without an address nothing is pushed: it was shown."""
    uow.messages.add_outbox(message)
    if address is not None and message.channel in PUSHED:
        uow.deliveries.add(Delivery(message.id, message.person_id, message.channel, address))


def latest_channel(uow: UnitOfWork, person_id: str) -> str:
    """The channel that the person wrote on last; the web when they never wrote."""
    last = uow.messages.last_inbox(person_id)
    return last.channel if last else "web"


def place_of(uow: UnitOfWork, person_id: str, channel: str) -> Optional[ChannelIdentity]:
    """The newest address of a person on a channel that has to be pushed to."""
    places = [identity for identity in uow.people.identities(person_id) if identity.channel == channel]
    return places[-1] if places and channel in PUSHED else None


def news_address(uow: UnitOfWork, person_id: str, channel: str) -> Optional[str]:
    """Where news that nobody asked for may be sent: nowhere if the person shut us out or asked for quiet."""
    place = place_of(uow, person_id, channel)
    return place.address if place and place.blocked_at is None and place.quiet_since is None else None

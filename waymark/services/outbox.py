"""Reading the outbox: what was put out for a person, from a place on, by whichever process."""

from __future__ import annotations

from typing import Sequence

from waymark.domain.conversation import OutboxMessage
from waymark.services.ports import UnitOfWorkFactory


class Outbox:
    """What live replies are read from. Places count up, but a place may come into sight after a later one: each is
    given before its transaction ends. Those of one person come in order (their row is held meanwhile)."""

    def __init__(self, uow: UnitOfWorkFactory) -> None:
        self._uow = uow

    def mark(self) -> tuple[int, int]:
        """Something that changes whenever a message was put out."""
        with self._uow() as uow:
            return uow.messages.outbox_mark()

    def start(self, channel: str, address: str) -> int:
        """The place after which everything for the person at an address is new from now on."""
        with self._uow() as uow:
            newest, _ = uow.messages.outbox_mark()  # read first: what a person unknown until now is told comes after it
            person = uow.people.by_address(channel, address)
            if person is None:
                return newest
            last = uow.messages.last_outbox(person.id)
            return (last.seq or 0) if last else 0

    def place(self, public_id: str) -> int:
        """Where to go on after a reply id; 0 for an unknown one."""
        with self._uow() as uow:
            found = uow.messages.outbox(public_id)
            return (found.seq or 0) if found else 0

    def after(self, channel: str, address: str, seq: int) -> Sequence[OutboxMessage]:
        """What was put out for the person at an address after a place."""
        with self._uow() as uow:
            person = uow.people.by_address(channel, address)
            return uow.messages.outbox_after(seq, person.id) if person else []

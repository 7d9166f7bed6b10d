"""What still has to reach people on a channel that must be pushed to, and how each delivery went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Callable, Optional

from waymark.domain.conversation import OutboxMessage
from waymark.domain.delivery import Delivery
from waymark.services.ports import Clock, UnitOfWorkFactory


@dataclass(frozen=True)
class Parcel:
    """A message to deliver, and how far it got before."""

    delivery: Delivery
    message: OutboxMessage


class Deliveries:
    """Keeps count of deliveries; each step is stored before the next is done, so that a fall repeats at most one."""

    def __init__(self, uow: UnitOfWorkFactory, clock: Clock) -> None:
        self._uow, self._clock = uow, clock

    def due(self, channel: str) -> list[Parcel]:
        """The next message for each address, if it may be tried now; later ones wait their turn."""
        now = self._clock.now()
        heads: dict[str, Delivery] = {}
        with self._uow() as uow:
            for delivery in uow.deliveries.unsent(channel):
                heads.setdefault(delivery.address, delivery)
            parcels = []
            for delivery in heads.values():
                message = uow.messages.outbox(delivery.outbox_id)
                if message is None:
                    delivery.give_up("withdrawn")
                elif delivery.due(now):
                    parcels.append(Parcel(delivery, message))
            uow.commit()
        return parcels

    def waiting(self, channel: str) -> int:
        with self._uow() as uow:
            return uow.deliveries.count_unsent(channel)

    def begin(self, parcel: Parcel) -> bool:
        """Note that a message goes out now; False if it was withdrawn, or somebody has taken it on, since it was due."""
        due = parcel.delivery
        with self._uow() as uow:
            now = uow.deliveries.of(due.outbox_id)
            if now is None or (now.status, now.attempts, now.parts_sent) != (due.status, due.attempts, due.parts_sent):
                return False
            now.begin()
            uow.commit()
            return True

    def part_arrived(self, outbox_id: str, reference: int) -> bool:
        return self._change(outbox_id, lambda delivery: delivery.part_arrived(reference))

    def arrived(self, outbox_id: str, reference: Optional[int] = None) -> bool:
        """The last part has arrived."""

        def done(delivery: Delivery) -> None:
            if reference is not None:
                delivery.part_arrived(reference)
            delivery.arrived(self._clock.now())

        return self._change(outbox_id, done)

    def put_off(self, outbox_id: str, wait: Optional[timedelta], *, in_doubt: bool) -> bool:
        return self._change(outbox_id, lambda delivery: delivery.put_off(self._clock.now(), wait, in_doubt=in_doubt))

    def give_up(self, outbox_id: str, problem: str, *, blocked: bool) -> bool:
        """The message can never arrive. Somebody who blocked us gets nothing more until they write again."""
        with self._uow() as uow:
            delivery = uow.deliveries.of(outbox_id)
            if delivery is None:
                return False
            delivery.give_up(problem[:64])
            identity = uow.people.identity(delivery.channel, delivery.address)
            if blocked and identity is not None and identity.blocked_at is None:
                identity.blocked_at = self._clock.now()
            uow.commit()
            return True

    def _change(self, outbox_id: str, change: Callable[[Delivery], None]) -> bool:
        with self._uow() as uow:
            delivery = uow.deliveries.of(outbox_id)
            if delivery is None:
                return False
            change(delivery)
            uow.commit()
            return True



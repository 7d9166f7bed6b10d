"""A message on its way to a channel that must be pushed to, such as Telegram."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Optional

BACK_OFF = tuple(timedelta(seconds=s) for s in (1, 2, 5, 10, 20, 40, 60))
"""Waits between tries; the last one repeats until the channel answers again."""


LONGEST_WAIT = timedelta(minutes=15)
"""More than any channel asks us to wait."""


class DeliveryStatus(str, Enum):
    """SENDING is written before a message goes out: found after a fall, nobody knows whether it arrived."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(eq=False)
class Delivery:
    """One outgoing message and how far it got. ``sent_refs`` are the channel's own numbers of what was sent.

    A long text goes out in parts; ``parts_sent`` says how many have arrived. ``problem`` names in one word why it
    was given up.
    """

    outbox_id: str
    person_id: str
    channel: str
    address: str
    status: str = DeliveryStatus.PENDING.value
    parts_sent: int = 0
    attempts: int = 0
    next_try_at: Optional[datetime] = None
    sent_at: Optional[datetime] = None
    sent_refs: list[int] = field(default_factory=list)
    problem: Optional[str] = None
    seq: Optional[int] = None

    def due(self, now: datetime) -> bool:
        """Whether it may be tried now. A wait longer than any means that the clock went back."""
        if self.next_try_at is None or self.next_try_at <= now:
            return True
        return self.next_try_at - now > LONGEST_WAIT

    @property
    def in_doubt(self) -> bool:
        """Whether the last try may have arrived without our hearing of it."""
        return self.status == DeliveryStatus.SENDING.value

    def begin(self) -> None:
        self.status = DeliveryStatus.SENDING.value
        self.attempts += 1

    def part_arrived(self, reference: int) -> None:
        self.sent_refs = [*self.sent_refs, reference]
        self.parts_sent += 1

    def arrived(self, now: datetime) -> None:
        self.status, self.sent_at, self.next_try_at = DeliveryStatus.SENT.value, now, None

    def put_off(self, now: datetime, wait: Optional[timedelta] = None, *, in_doubt: bool = False) -> None:
        """Try again later: after the wait that the channel asked for, else after the next step of the back-off."""
        if not in_doubt:
            self.status = DeliveryStatus.PENDING.value
        step = BACK_OFF[min(max(self.attempts - 1, 0), len(BACK_OFF) - 1)]
        self.next_try_at = now + min(wait if wait is not None else step, LONGEST_WAIT)

    def give_up(self, problem: str) -> None:
        """It can never arrive: the person blocked us, or the channel refuses the message."""
        self.status, self.problem, self.next_try_at = DeliveryStatus.FAILED.value, problem, None

"""Trouble made to order: answers that fail, get lost or come late, and limits on how fast the bot may send."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any, Optional

from botapi.refusal import Refusal, too_many

WINDOW_SECONDS = 1.0


@dataclass
class Fault:
    """The next ``times`` calls of a method fail, are dropped or slow; ``*`` stands for every method."""

    what: str
    method: str
    times: int
    chat_id: Optional[int] = None
    seconds: float = 0.0
    refusal: Optional[Refusal] = None

    def meets(self, method: str, chat_id: Any) -> bool:
        return (
            self.times > 0
            and self.method.lower() in ("*", method.lower())
            and (self.chat_id is None or str(self.chat_id) == str(chat_id))
        )


@dataclass
class Faults:
    """Faults that wait for their calls. One call meets at most one of each kind."""

    waiting: list[Fault] = field(default_factory=list)

    def take(self, method: str, chat_id: Any) -> dict[str, Fault]:
        met: dict[str, Fault] = {}
        for fault in self.waiting:
            if fault.what not in met and fault.meets(method, chat_id):
                fault.times -= 1
                met[fault.what] = fault
            if "fail" in met:
                break
        self.waiting = [fault for fault in self.waiting if fault.times > 0]
        return met


@dataclass
class Pace:
    """How many messages a chat takes each second. Who goes too fast has to wait ``retry_after`` seconds."""

    per_chat_per_second: Optional[float] = None
    retry_after: int = 1
    _sent: dict[int, "deque[float]"] = field(default_factory=lambda: defaultdict(deque))
    _closed_until: dict[int, float] = field(default_factory=dict)

    def take(self, chat_id: int) -> None:
        """Count a message to a chat; raises a refusal (429) when it comes too soon."""
        if self.per_chat_per_second is None:
            return
        now = time.monotonic()
        closed_for = self._closed_until.get(chat_id, 0.0) - now
        if closed_for > 0:
            raise too_many(math.ceil(closed_for))
        window = max(WINDOW_SECONDS, 1 / self.per_chat_per_second)
        sent = self._sent[chat_id]
        while sent and sent[0] <= now - window:
            sent.popleft()
        if len(sent) + 1 > self.per_chat_per_second * window:
            self._closed_until[chat_id] = now + self.retry_after
            raise too_many(self.retry_after)
        sent.append(now)

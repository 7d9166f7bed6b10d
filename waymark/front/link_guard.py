"""How many wrong link codes one address may type. Right codes are never counted."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from typing import Callable

MOST_WRONG = 5
WITHIN = 600.0
"""Seconds in which so many wrong codes are allowed."""

REMEMBERED = 10_000
"""Addresses; beyond that, the one that has been still for longest is forgotten."""


class LinkGuard:
    """Remembers wrong codes by address, so that codes cannot be guessed. Threads may share it."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._wrong: "OrderedDict[str, deque[float]]" = OrderedDict()
        self._lock = threading.Lock()

    def wait_for(self, address: str) -> float:
        """Seconds to wait before the address may try another code; 0 means now."""
        with self._lock:
            times = self._wrong.get(address, deque())
            if len(times) < MOST_WRONG:
                return 0.0
            return max(0.0, times[0] + WITHIN - self._now())

    def wrong(self, address: str) -> None:
        """Count a wrong code."""
        with self._lock:
            self._wrong.setdefault(address, deque(maxlen=MOST_WRONG)).append(self._now())
            self._wrong.move_to_end(address)
            while len(self._wrong) > REMEMBERED:
                self._wrong.popitem(last=False)

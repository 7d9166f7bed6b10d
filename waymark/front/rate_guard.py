"""How fast one address may write. Safety replies never pass through here."""

from __future__ import annotations

import time
from typing import Callable

BURST = 20
PER_SECOND = 2.0
FORGET_AFTER = 600.0


class RateGuard:
    """A token bucket an address."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait_for(self, address: str) -> float:
        """Seconds to wait before the next message is taken; 0 means it is taken now and counted."""
        now = self._now()
        left, at = self._buckets.get(address, (float(BURST), now))
        left = min(float(BURST), left + (now - at) * PER_SECOND)
        if left < 1:
            self._buckets[address] = (left, now)
            return (1 - left) / PER_SECOND
        self._buckets[address] = (left - 1, now)
        if len(self._buckets) > 10_000:
            self._buckets = {a: b for a, b in self._buckets.items() if now - b[1] < FORGET_AFTER}
        return 0.0

"""One turn at a time for each person, also when several front doors share a database."""

from __future__ import annotations

import asyncio
import contextlib
from typing import AsyncIterator

from waymark.services.ports import PersonLocks

LOOK_EVERY = 0.03


class TurnLocks:
    """Waits for a person's turn without holding a thread."""

    def __init__(self, locks: PersonLocks) -> None:
        self._locks = locks

    @contextlib.asynccontextmanager
    async def hold(self, person_id: str) -> AsyncIterator[None]:
        """The person's turn is ours within the block. Raises StorageUnavailable when the database is away."""
        held = await asyncio.to_thread(self._locks.take, person_id)
        while held is None:
            await asyncio.sleep(LOOK_EVERY)
            held = await asyncio.to_thread(self._locks.take, person_id)
        try:
            yield
        finally:
            await asyncio.shield(asyncio.to_thread(self._locks.give_back, held))

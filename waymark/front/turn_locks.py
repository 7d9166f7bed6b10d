"""One turn at a time for each person, also when several front doors share a database."""

from __future__ import annotations

import asyncio
import contextlib
from typing import AsyncIterator

from waymark.services.ports import PersonLocks


class TurnLocks:
    """Takes a person's turn without holding a thread or, while another front has it, anything at all."""

    def __init__(self, locks: PersonLocks) -> None:
        self._locks = locks

    @contextlib.asynccontextmanager
    async def hold(self, person_id: str) -> AsyncIterator[bool]:
        """Whether the person's turn is ours within the block. Raises StorageUnavailable when the database is away."""
        held = await asyncio.to_thread(self._locks.take, person_id)
        try:
            yield held is not None
        finally:
            if held is not None:
                await asyncio.shield(asyncio.to_thread(self._locks.give_back, held))

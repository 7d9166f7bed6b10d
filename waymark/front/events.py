"""Live replies: what is put into the outbox reaches every open tab of the person, in order."""

from __future__ import annotations

import asyncio
import logging
from typing import AsyncIterator, Optional

from waymark.domain.conversation import OutboxMessage
from waymark.domain.errors import StorageUnavailable
from waymark.services.outbox import Outbox

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.5
HEARTBEAT = 20.0


class EventHub:
    """Reads the outbox for all open streams at once; also what the console, the worker or another front put there."""

    def __init__(self, outbox: Outbox, poke: asyncio.Event) -> None:
        self._outbox, self._poke = outbox, poke
        self._listeners: set[asyncio.Event] = set()
        self._mark = (0, 0)

    async def run(self) -> None:
        """Wake the streams when there is something new."""
        while True:
            try:
                mark = await asyncio.to_thread(self._outbox.mark) if self._listeners else self._mark
            except StorageUnavailable as error:
                logger.warning("the outbox cannot be read: %s", type(error).__name__)
                mark = self._mark
            if mark != self._mark:
                self._mark = mark
                for listener in self._listeners:
                    listener.set()
            try:
                await asyncio.wait_for(self._poke.wait(), LOOK_EVERY)
            except asyncio.TimeoutError:
                continue
            self._poke.clear()

    async def stream(self, channel: str, address: str, last_id: Optional[str]) -> AsyncIterator[Optional[OutboxMessage]]:
        """Messages after ``last_id`` (or from now on) as they come; None now and then as a sign of life."""
        wake = asyncio.Event()
        self._listeners.add(wake)
        try:
            seq = await self._start(channel, address, last_id)
            while True:
                for message in await self._new(channel, address, seq):
                    seq = message.seq or seq
                    yield message
                try:
                    await asyncio.wait_for(wake.wait(), HEARTBEAT)
                except asyncio.TimeoutError:
                    yield None
                wake.clear()
        finally:
            self._listeners.discard(wake)

    async def _start(self, channel: str, address: str, last_id: Optional[str]) -> int:
        if last_id:
            return await asyncio.to_thread(self._outbox.place, last_id)
        return await asyncio.to_thread(self._outbox.start, channel, address)

    async def _new(self, channel: str, address: str, seq: int) -> list[OutboxMessage]:
        try:
            return list(await asyncio.to_thread(self._outbox.after, channel, address, seq))
        except StorageUnavailable as error:
            logger.warning("replies cannot be read for a stream: %s", type(error).__name__)
            return []

"""Takes what is in the outbox for Telegram to Telegram: in order for each chat, again and again until it arrives.

Nobody can ask Telegram whether a message arrived. If the front fell in the very moment of sending, the message goes
out once more with a line that says why (docs/decisions/0015).
"""

from __future__ import annotations

import asyncio
import logging
from typing import Sequence

from waymark.domain.conversation import OutboxMessage
from waymark.domain.errors import StorageUnavailable
from waymark.front.telegram_bot import NotDeliverable, TelegramBot, TelegramDown
from waymark.front.telegram_render import Piece, render
from waymark.services.deliveries import Deliveries, Parcel

logger = logging.getLogger(__name__)

CHANNEL = "telegram"
LOOK_EVERY = 0.5
STORE_AGAIN_AFTER = 1.0


class TelegramPost:
    """Delivers. Only the front that holds the duty runs it."""

    def __init__(self, bot: TelegramBot, deliveries: Deliveries, in_doubt: str) -> None:
        self._bot, self._deliveries, self._in_doubt = bot, deliveries, in_doubt
        self._under_way: dict[str, "asyncio.Task[None]"] = {}
        self.poke = asyncio.Event()

    async def run(self) -> None:
        """Look for messages and deliver them until cancelled."""
        try:
            while True:
                await self._start_due()
                try:
                    await asyncio.wait_for(self.poke.wait(), LOOK_EVERY)
                except asyncio.TimeoutError:
                    continue
                self.poke.clear()
        finally:
            for task in list(self._under_way.values()):
                task.cancel()

    async def show(self, chat: int, messages: Sequence[OutboxMessage]) -> bool:
        """Send what is stored nowhere, such as a safety reply while the database is away; False if it did not go."""
        pieces = [piece for message in messages for piece in render(message.text, message.buttons)]
        return await self._send(chat, pieces)

    async def tell(self, chat: int, text: str) -> bool:
        """Send a text that belongs to no message."""
        return await self._send(chat, render(text, ()))

    async def _send(self, chat: int, pieces: Sequence[Piece]) -> bool:
        try:
            for piece in pieces:
                await self._bot.send(chat, piece)
        except (TelegramDown, NotDeliverable) as error:
            logger.error("a reply that is not stored did not reach Telegram: %s", error)
            return False
        return True

    async def _start_due(self) -> None:
        try:
            parcels = await asyncio.to_thread(self._deliveries.due, CHANNEL)
        except StorageUnavailable as error:
            logger.warning("deliveries wait for the database: %s", type(error).__name__)
            return
        for parcel in parcels:
            address = parcel.delivery.address
            if address not in self._under_way:
                self._under_way[address] = asyncio.create_task(self._deliver(address, parcel))

    async def _deliver(self, address: str, parcel: Parcel) -> None:
        try:
            await self._attempt(address, parcel)
        except StorageUnavailable as error:
            logger.warning("a delivery waits for the database: %s", type(error).__name__)
            await asyncio.sleep(STORE_AGAIN_AFTER)
        finally:
            self._under_way.pop(address, None)
            self.poke.set()

    async def _attempt(self, address: str, parcel: Parcel) -> None:
        delivery, message = parcel.delivery, parcel.message
        text = f"{self._in_doubt}\n\n{message.text}" if delivery.in_doubt and delivery.parts_sent == 0 else message.text
        pieces = render(text, message.buttons)
        if not await asyncio.to_thread(self._deliveries.begin, parcel):
            return
        try:
            for number in range(delivery.parts_sent, len(pieces)):
                reference = await self._bot.send(int(address), pieces[number])
                await self._sent(message.id, reference, last=number == len(pieces) - 1)
        except TelegramDown as error:
            logger.warning("a message waits for Telegram: %s", error)
            await asyncio.to_thread(self._deliveries.put_off, message.id, error.wait, in_doubt=error.in_doubt)
        except NotDeliverable as error:
            logger.error("a message cannot be delivered: %s", error)
            await asyncio.to_thread(self._deliveries.give_up, message.id, str(error), blocked=error.blocked)

    async def _sent(self, message_id: str, reference: int, *, last: bool) -> None:
        """Note what arrived; while the database is away this is tried on, so that nothing goes out twice."""
        while True:
            try:
                note = self._deliveries.arrived if last else self._deliveries.part_arrived
                await asyncio.to_thread(note, message_id, reference)
                return
            except StorageUnavailable as error:
                logger.warning("a delivery cannot be noted yet: %s", type(error).__name__)
                await asyncio.sleep(STORE_AGAIN_AFTER)

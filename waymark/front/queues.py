"""One queue a person: strictly in order, one turn at a time; texts that came while waiting are joined."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field
from typing import Optional, Sequence

from waymark.dialogue_contract import SAFETY_EVENT
from waymark.domain.conversation import InboxMessage, OutboxMessage
from waymark.domain.errors import QuestionClosed, StorageUnavailable
from waymark.domain.messages import Reply
from waymark.front.hand_over import DialogueDown, DialogueFault, HandOver, RasaClient
from waymark.services.privacy import Privacy
from waymark.services.turns import Turns

logger = logging.getLogger(__name__)

FAULTS_BEFORE_GIVING_UP = 3
RETRY_SECONDS = (0.5, 1.0, 2.0, 3.0)


@dataclass
class Waiting:
    """A kept message whose turn has not come yet, and the callers who wait for its replies."""

    message_id: str
    channel: str
    text: str
    open_item: Optional[str]
    intent: Optional[str] = None
    item: Optional[str] = None
    future: "asyncio.Future[Sequence[OutboxMessage]]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class PersonQueues:
    """Runs the turns of all people; different people do not wait for each other here."""

    def __init__(self, turns: Turns, privacy: Privacy, rasa: RasaClient, fault_reply: Sequence[Reply]) -> None:
        self._turns, self._privacy, self._rasa, self._fault_reply = turns, privacy, rasa, fault_reply
        self._lines: dict[str, deque[Waiting]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.on_answered: "asyncio.Event" = asyncio.Event()

    def submit(self, person_id: str, message: Waiting) -> "asyncio.Future[Sequence[OutboxMessage]]":
        """Queue a message. A message that is queued already keeps its place and its future."""
        line = self._lines.setdefault(person_id, deque())
        known = next((queued for queued in line if queued.message_id == message.message_id), None)
        if known is None:
            line.append(message)
        if person_id not in self._tasks:
            self._tasks[person_id] = asyncio.create_task(self._run(person_id, line))
        return (known or message).future

    async def close(self) -> None:
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _run(self, person_id: str, line: "deque[Waiting]") -> None:
        try:
            while line:
                await self._next_turn(person_id, line)
        finally:
            self._tasks.pop(person_id, None)
            if not line:
                self._lines.pop(person_id, None)

    async def _next_turn(self, person_id: str, line: "deque[Waiting]") -> None:
        batch = leading(line)
        first = batch[0]
        if first.intent != SAFETY_EVENT and await asyncio.to_thread(self._gone, first.message_id):
            _settle(line, batch, [])  # the person was erased while these waited
            return
        if first.item is not None and not await self._button_open(first, batch):
            await self._finish(person_id, batch, [])
            line.popleft()
            _fail(batch, QuestionClosed("that question is already answered"))
            return
        replies = await self._replies(person_id, batch)
        stored = await self._finish(person_id, batch, replies)
        _settle(line, batch, stored)
        self.on_answered.set()

    def _gone(self, message_id: str) -> bool:
        """Whether a message is not kept any more. A database that is away says nothing about that."""
        try:
            return self._turns.message(message_id) is None
        except StorageUnavailable:
            return False

    async def _button_open(self, message: Waiting, batch: list[Waiting]) -> bool:
        """Whether the tapped question is still open; a database that is away is waited for."""
        while True:
            try:
                return await asyncio.to_thread(self._turns.button_open, message.message_id)
            except StorageUnavailable as error:
                logger.warning("a button waits for the database: %s", error)
                _fail(batch, DialogueDown("database"))
                await asyncio.sleep(RETRY_SECONDS[-1])

    async def _replies(self, person_id: str, batch: list[Waiting]) -> Sequence[Reply]:
        """Hand over until it works. Callers hear at once that the dialogue is down; the message stays."""
        faults = attempts = 0
        while True:
            try:
                return await self._rasa.turn(_hand_over(person_id, batch))
            except DialogueDown as error:
                logger.warning("dialogue is down: %s", error)
                _fail(batch, error)
            except DialogueFault as error:
                faults += 1
                logger.error("turn failed (%s of %s): %s", faults, FAULTS_BEFORE_GIVING_UP, error)
                if faults >= FAULTS_BEFORE_GIVING_UP:
                    return self._fault_reply
            await asyncio.sleep(RETRY_SECONDS[min(attempts, len(RETRY_SECONDS) - 1)])
            attempts += 1

    async def _finish(self, person_id: str, batch: list[Waiting], replies: Sequence[Reply]) -> Sequence[OutboxMessage]:
        """Store the replies; a database that is gone for a while is waited for, so that nothing is said twice."""
        attempts = 0
        while True:
            try:
                stored = await asyncio.to_thread(self._turns.finish, person_id, [m.message_id for m in batch], replies)
                await self._finish_erasures()
                return stored
            except StorageUnavailable as error:
                logger.error("replies could not be stored: %s", type(error).__name__)
                _fail(batch, DialogueDown("database"))
                await asyncio.sleep(RETRY_SECONDS[min(attempts, len(RETRY_SECONDS) - 1)])
                attempts += 1

    async def _finish_erasures(self) -> None:
        """Empty Rasa's memory of an erased person now; what fails here the worker does in its next round."""
        try:
            await asyncio.to_thread(self._privacy.finish_erasures)
        except StorageUnavailable as error:
            logger.error("an erasure is left to the worker: %s", type(error).__name__)


def leading(line: "deque[Waiting]") -> list[Waiting]:
    """The messages of the next turn: one button or event, or all typed texts up to the next of those."""
    first = line[0]
    if first.intent is not None:
        return [first]
    batch = []
    for message in line:
        if message.intent is not None:
            break
        batch.append(message)
    return batch


def waiting_of(message: InboxMessage) -> Waiting:
    """A stored message as the queue wants it."""
    button = message.button or {}
    return Waiting(
        message_id=message.id,
        channel=message.channel,
        text=message.text,
        open_item=message.open_item,
        intent=button.get("intent"),
        item=button.get("item"),
    )


def _hand_over(person_id: str, batch: list[Waiting]) -> HandOver:
    first = batch[0]
    return HandOver(
        person_id=person_id,
        channel=first.channel,
        text="\n".join(message.text for message in batch),
        message_ids=tuple(message.message_id for message in batch),
        open_item=first.open_item,
        intent=first.intent,
    )


def _settle(line: "deque[Waiting]", batch: list[Waiting], replies: Sequence[OutboxMessage]) -> None:
    """Take a served batch out of the line and tell its callers."""
    for message in batch:
        line.popleft()
        if not message.future.done():
            message.future.set_result(replies)


def _fail(batch: list[Waiting], error: Exception) -> None:
    for message in batch:
        if not message.future.done():
            message.future.set_exception(error)
            message.future.exception()  # a caller may have gone; then nobody reads it

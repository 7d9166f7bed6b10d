"""One queue a person: strictly in order, one turn at a time; texts that came while waiting are joined.

The queue itself is the inbox in the database. Here only callers wait; with several front doors whichever holds
the person's turn serves what was kept first, also what another front kept.
"""

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
from waymark.front.hand_over import DialogueDown, DialogueFault, HandOver, RasaServers
from waymark.front.turn_locks import TurnLocks
from waymark.services.privacy import Privacy
from waymark.services.turns import Batch, Turns

logger = logging.getLogger(__name__)

FAULTS_BEFORE_GIVING_UP = 3
RETRY_SECONDS = (0.5, 1.0, 2.0, 3.0)
LOOK_SECONDS = (0.03, 0.05, 0.1, 0.2)
"""How long to wait before looking again while another front has the person's turn or what waits."""


@dataclass
class Waiting:
    """A kept message whose turn has not come yet, and the callers who wait for its replies.

    An event, such as a safety reply that was given, is no message: only Rasa hears of it.
    """

    message_id: str
    channel: str = ""
    event: Optional[str] = None
    future: "asyncio.Future[Sequence[OutboxMessage]]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class PersonQueues:
    """Runs the turns of all people; different people do not wait for each other here."""

    def __init__(
        self, turns: Turns, privacy: Privacy, rasa: RasaServers, locks: TurnLocks, fault_reply: Sequence[Reply]
    ) -> None:
        self._turns, self._privacy, self._rasa, self._locks, self._fault_reply = turns, privacy, rasa, locks, fault_reply
        self._lines: dict[str, deque[Waiting]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.on_answered: "asyncio.Event" = asyncio.Event()

    def submit(self, person_id: str, message: Waiting) -> "asyncio.Future[Sequence[OutboxMessage]]":
        """Queue a message. A message that is queued already keeps its place and its future."""
        line = self._lines.get(person_id, ())
        known = next((queued for queued in line if queued.message_id == message.message_id), None)
        if known is None:
            self._join(person_id, message)
        return (known or message).future

    def _join(self, person_id: str, message: Waiting) -> None:
        line = self._lines.setdefault(person_id, deque())
        line.append(message)
        if person_id not in self._tasks:
            self._tasks[person_id] = asyncio.create_task(self._run(person_id, line))

    async def close(self) -> None:
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _run(self, person_id: str, line: "deque[Waiting]") -> None:
        attempts = looks = 0
        try:
            while line:
                try:
                    async with self._locks.hold(person_id) as ours:
                        if ours:
                            served = await self._next_turn(person_id, line)
                        else:  # another front has the turn: what it has answered need not wait for ours
                            served = await self._settle_answered(person_id, line)
                    attempts, looks = 0, 0 if served else looks + 1
                    if not served:
                        await asyncio.sleep(_at(LOOK_SECONDS, looks - 1))
                except StorageUnavailable as error:
                    logger.warning("a turn waits for the database: %s", type(error).__name__)
                    _fail(line, DialogueDown("database"))
                    await asyncio.sleep(_at(RETRY_SECONDS, attempts))
                    attempts += 1
        finally:
            self._tasks.pop(person_id, None)
            if not line:
                self._lines.pop(person_id, None)

    async def _next_turn(self, person_id: str, line: "deque[Waiting]") -> bool:
        """Serve what comes first: an event at the head of the line, else the oldest messages kept for the person.
        False if there was nothing to serve."""
        first = line[0]
        if first.event is not None:
            await self._hand_over(HandOver(person_id, first.channel, "", (first.message_id,), intent=first.event), line)
            _settle(line, first, [])
            return True
        batch = await asyncio.to_thread(self._turns.next_batch, person_id)
        if not batch.messages:
            return await self._settle_answered(person_id, line)
        opener = batch.messages[0]
        if (opener.button or {}).get("item") and not await asyncio.to_thread(self._turns.button_open, opener.id):
            await self._finish(person_id, batch, [], line)
            _refuse(line, opener.id, QuestionClosed("that question is already answered"))
            return True
        replies: Sequence[Reply] = []
        if not batch.silent:
            replies = await self._hand_over(_hand_over(person_id, batch.messages), line)
        stored = await self._finish(person_id, batch, replies, line)
        if stored is None:
            return True
        served = {message.id for message in batch.messages}
        for waiting in [w for w in line if w.message_id in served]:
            _settle(line, waiting, stored)
        self.on_answered.set()
        return True

    async def _settle_answered(self, person_id: str, line: "deque[Waiting]") -> bool:
        """What waits here and not in the inbox of this person: another front served it, the person was erased, or a
        link code gave what was said to another person, in whose line it waits on. False if none of it was so."""
        settled = False
        for waiting in [w for w in line if w.event is None]:
            replies = await asyncio.to_thread(self._turns.answered, waiting.message_id)
            if replies is not None:
                _settle(line, waiting, replies)
                settled = True
                continue
            message = await asyncio.to_thread(self._turns.message, waiting.message_id)
            if message is not None and message.person_id != person_id:
                line.remove(waiting)
                self._join(message.person_id, waiting)
                settled = True
        return settled

    async def _hand_over(self, turn: HandOver, line: "deque[Waiting]") -> Sequence[Reply]:
        """Hand over until it works. Callers hear at once that the dialogue is down; the message stays."""
        faults = attempts = 0
        while True:
            try:
                return await self._rasa.turn(turn)
            except DialogueDown as error:
                logger.warning("dialogue is down: %s", error)
                _fail(line, error)
            except DialogueFault as error:
                await asyncio.to_thread(self._turns.message, turn.message_ids[-1])  # a missing database is no such fault
                faults += 1
                logger.error("turn failed (%s of %s): %s", faults, FAULTS_BEFORE_GIVING_UP, error)
                if faults >= FAULTS_BEFORE_GIVING_UP:
                    return self._fault_reply
            await asyncio.sleep(_at(RETRY_SECONDS, attempts))
            attempts += 1

    async def _finish(
        self, person_id: str, batch: Batch, replies: Sequence[Reply], line: "deque[Waiting]"
    ) -> Optional[Sequence[OutboxMessage]]:
        """Store the replies; a database that is gone for a while is waited for, so that nothing is said twice.

        None if it was: the dialogue may have failed for the same reason, and its apology is no answer. The turn is
        then handed over again; what it had done before it only repeats.
        """
        ids = [message.id for message in batch.messages]
        attempts = 0
        while True:
            try:
                if attempts and not batch.silent and await asyncio.to_thread(self._turns.message, ids[-1]) is not None:
                    return None
                stored = await asyncio.to_thread(self._turns.finish, person_id, ids, replies)
                await self._finish_erasures()
                return stored
            except StorageUnavailable as error:
                logger.error("replies could not be stored: %s", type(error).__name__)
                _fail(line, DialogueDown("database"))
                await asyncio.sleep(_at(RETRY_SECONDS, attempts))
                attempts += 1

    async def _finish_erasures(self) -> None:
        """Empty Rasa's memory of an erased person now; what fails here the worker does in its next round."""
        try:
            await asyncio.to_thread(self._privacy.finish_erasures)
        except StorageUnavailable as error:
            logger.error("an erasure is left to the worker: %s", type(error).__name__)


def _at(seconds: Sequence[float], times: int) -> float:
    """The pause after so many tries; the last one stays."""
    return seconds[min(times, len(seconds) - 1)]


def safety_event(message_id: str, channel: str) -> Waiting:
    """What Rasa hears of a safety reply: that there was one."""
    return Waiting(f"{message_id}:safety", channel, event=SAFETY_EVENT)


def _hand_over(person_id: str, messages: Sequence[InboxMessage]) -> HandOver:
    first = messages[0]
    return HandOver(
        person_id=person_id,
        channel=messages[-1].channel,
        text="\n".join(message.text for message in messages),
        message_ids=tuple(message.id for message in messages),
        open_item=first.open_item,
        intent=(first.button or {}).get("intent"),
    )


def _settle(line: "deque[Waiting]", waiting: Waiting, replies: Sequence[OutboxMessage]) -> None:
    """Take a served message out of the line and tell its callers."""
    line.remove(waiting)
    if not waiting.future.done():
        waiting.future.set_result(replies)


def _refuse(line: "deque[Waiting]", message_id: str, error: Exception) -> None:
    refused = [w for w in line if w.message_id == message_id]
    _fail(refused, error)
    for waiting in refused:
        line.remove(waiting)


def _fail(line: "Sequence[Waiting] | deque[Waiting]", error: Exception) -> None:
    for waiting in line:
        if not waiting.future.done():
            waiting.future.set_exception(error)
            waiting.future.exception()  # a caller may have gone; then nobody reads it

"""What happens to a message, in order: screen, guard, keep, queue (docs/architecture.md, one message).

The screen comes before any database, lock or limit. A hit is answered from memory; its alert is stored
within half a second or goes to the journal.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Callable, Optional, Sequence, TypeVar
from weakref import WeakValueDictionary

from waymark.dialogue_contract import SAFETY_EVENT
from waymark.domain.conversation import OutboxMessage
from waymark.domain.errors import MessageConflict, StorageUnavailable
from waymark.domain.messages import Reply
from waymark.domain.safety import AlertClass, Finding, Level, ScreenAction, ScreenContext, Screening
from waymark.domain.safety_reply import SafetyReply
from waymark.front.queues import PersonQueues, Waiting, waiting_of
from waymark.front.rate_guard import RateGuard
from waymark.front.standings import Standings
from waymark.services.ports import AlertJournal, Clock
from waymark.services.safety import SafetyDesk, SafetyHit
from waymark.services.turns import Accepted, Arrival, Incoming, Standing, Turns, finding_of, reply_id
from waymark.understanding.safety_screen import SafetyScreen

logger = logging.getLogger(__name__)
T = TypeVar("T")

MAX_TEXT = 4000
ALERT_WITHIN = 0.5
REPLY_WITHIN = 25.0
SLOW_TEXT = 300
SAFETY_THREADS = 4


class TooFast(Exception):
    """The address writes faster than allowed; ``seconds`` says when to try again."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too fast")
        self.seconds = seconds


class TooLong(Exception):
    """The text is over the limit. It was screened; ``replies`` hold a safety reply if there was a hit."""

    def __init__(self, replies: Sequence[OutboxMessage]) -> None:
        super().__init__("too long")
        self.replies = replies


class NotKept(Exception):
    """The message could not be stored, so nothing was done with it."""


@dataclass(frozen=True)
class Hit:
    """A screened message that gets a fixed reply or the one direct question."""

    finding: Finding
    reply: SafetyReply


class FrontDesk:
    """Receives parsed and authenticated messages of any channel."""

    def __init__(
        self,
        screen: SafetyScreen,
        safety: SafetyDesk,
        turns: Turns,
        queues: PersonQueues,
        standings: Standings,
        journal: AlertJournal,
        clock: Clock,
    ) -> None:
        self._screen, self._safety, self._turns, self._queues = screen, safety, turns, queues
        self._standings, self._journal, self._clock = standings, journal, clock
        self._guard = RateGuard()
        self._safety_threads = ThreadPoolExecutor(SAFETY_THREADS, thread_name_prefix="safety")
        self._alerts: set["asyncio.Task[None]"] = set()
        self._order: "WeakValueDictionary[str, asyncio.Lock]" = WeakValueDictionary()

    async def receive(self, incoming: Incoming) -> Sequence[OutboxMessage]:
        """Replies to a message. Raises TooFast, TooLong, NotKept, MessageConflict, QuestionClosed or DialogueDown."""
        known = self._standings.get(incoming.channel, incoming.address)
        screening = await self.screened(incoming.text, known.screen if known else ScreenContext())
        hit = self._hit(screening, known or Standing(), incoming)
        if hit is None:
            self._check_limits(incoming)
        elif len(incoming.text) > MAX_TEXT:
            raise TooLong(await self._answer_hit(incoming, screening, hit))
        else:
            return await self._answer_hit(incoming, screening, hit)
        async with self._order.setdefault(f"{incoming.channel}:{incoming.address}", asyncio.Lock()):
            accepted = await self._keep(incoming, screening)  # messages are queued in the order they are kept
            if accepted.arrival is Arrival.ANSWERED:
                return accepted.replies
            standing = await self._fresh_standing(incoming)
            if known is None or known.screen != standing.screen:
                again = await self.screened(incoming.text, standing.screen)
                later_hit = self._hit(again, standing, incoming)
                if later_hit is not None:
                    return await self._answer_hit(incoming, again, later_hit)
            if standing.taken_over:
                return await asyncio.to_thread(self._turns.finish, accepted.person_id, [accepted.message_id], [])
            queued = self._queues.submit(accepted.person_id, waiting_of(accepted.message))
        return await self._answered(incoming, queued)

    async def safety_only(self, incoming: Incoming) -> list[OutboxMessage]:
        """The fixed reply to a text whose sender could not be verified; nothing is stored."""
        hit = self._hit(await self.screened(incoming.text, ScreenContext()), Standing(), incoming)
        return loose(hit.reply.replies, secrets.token_urlsafe(12), self._clock) if hit else []

    async def screened(self, text: str, context: ScreenContext) -> Screening:
        """Screen a text; a screen that fails shows the crisis numbers and marks the message (safety.md §1, rule 1)."""
        try:
            if len(text) > SLOW_TEXT:
                return await self._apart(self._screen.screen, text, context)
            return self._screen.screen(text, context)
        except Exception as error:  # noqa: BLE001 - whatever broke the screen, the person gets the numbers
            logger.exception("the safety screen failed: %s", type(error).__name__)
            return Screening.of([Finding(AlertClass.UNSCREENED, Level.S2, ScreenAction.REPLY)])

    def _hit(self, screening: Screening, standing: Standing, incoming: Incoming) -> Optional[Hit]:
        finding = screening.top
        if finding is None or finding.action not in (ScreenAction.REPLY, ScreenAction.ASK):
            return None
        reply = self._safety.reply(finding, standing, on_duty=self._standings.on_duty, country=incoming.country)
        return Hit(finding, reply)

    def _check_limits(self, incoming: Incoming) -> None:
        if len(incoming.text) > MAX_TEXT:
            raise TooLong(())
        wait = self._guard.wait_for(f"{incoming.channel}:{incoming.address}")
        if wait > 0:
            raise TooFast(wait)

    async def _keep(self, incoming: Incoming, screening: Screening) -> Accepted:
        try:
            return await asyncio.to_thread(self._turns.accept, incoming, screening)
        except StorageUnavailable as error:
            logger.error("a message could not be kept: %s", type(error).__name__)
            raise NotKept from error

    async def _fresh_standing(self, incoming: Incoming) -> Standing:
        """The standing now; what is kept is answered even if the database goes away in between."""
        try:
            return await self._standings.refresh(incoming.channel, incoming.address)
        except StorageUnavailable as error:
            logger.warning("a message is judged by its words alone: %s", error)
            return self._standings.get(incoming.channel, incoming.address) or Standing()

    async def recover(self) -> int:
        """Answer what was kept but not answered before a restart; returns how many messages.

        What the screen had found goes out as the fixed reply; it never reaches the dialogue as an answer.
        """
        left = await asyncio.to_thread(self._turns.waiting)
        for message in left:
            found = finding_of(message.safety)
            if found is None:
                self._queues.submit(message.person_id, waiting_of(message))
                continue
            reply = self._safety.reply(found, Standing(), on_duty=self._standings.on_duty)
            incoming = Incoming(message.channel, message.address, message.channel_message_id, message.text)
            await self._store_alert(SafetyHit.of(incoming, found, reply, self._clock.now()))
            await asyncio.to_thread(self._turns.finish, message.person_id, [message.id], list(reply.replies))
        return len(left)

    async def _answered(
        self, incoming: Incoming, queued: "asyncio.Future[Sequence[OutboxMessage]]"
    ) -> Sequence[OutboxMessage]:
        replies = await asyncio.wait_for(asyncio.shield(queued), REPLY_WITHIN)
        await self._fresh_standing(incoming)
        return replies

    # --- safety ---------------------------------------------------------------------------------------------

    async def _answer_hit(self, incoming: Incoming, screening: Screening, hit: Hit) -> Sequence[OutboxMessage]:
        """The fixed reply. The alert is stored or journalled before the answer goes out."""
        record = SafetyHit.of(incoming, hit.finding, hit.reply, self._clock.now())
        self._standings.note_safety_text(incoming.channel, incoming.address, hit.finding, self._clock.now())
        stored = await self._store_alert(record)
        replies = list(hit.reply.replies)
        if not stored:
            return loose(replies, incoming.message_id, self._clock)
        try:
            answered = await asyncio.wait_for(self._apart(self._keep_answered, incoming, screening, replies), ALERT_WITHIN)
            self._tell_rasa(incoming, answered)
            return answered
        except MessageConflict:  # the id was used before: these replies are other ones and need other ids
            return loose(replies, secrets.token_urlsafe(12), self._clock)
        except Exception as error:  # noqa: BLE001 - whatever broke, the reply goes out
            logger.error("a safety reply went out unstored: %s", type(error).__name__)
            return loose(replies, incoming.message_id, self._clock)

    def _tell_rasa(self, incoming: Incoming, answered: Sequence[OutboxMessage]) -> None:
        """Rasa hears only that there was a safety reply, in the person's order; its form then waits."""
        if answered:
            event = Waiting(f"{incoming.message_id}:safety", incoming.channel, "", None, intent=SAFETY_EVENT)
            self._queues.submit(answered[0].person_id, event)

    async def _store_alert(self, record: SafetyHit) -> bool:
        task = asyncio.create_task(self._apart(self._safety.record, record))
        self._alerts.add(task)
        task.add_done_callback(self._alert_done)
        try:
            await asyncio.wait_for(asyncio.shield(task), ALERT_WITHIN)
            return True
        except Exception as error:  # noqa: BLE001 - whatever broke, the alert must be kept and the reply go out
            logger.error("an alert goes to the journal: %s", type(error).__name__)
        try:
            await self._apart(self._journal.append, record.as_dict())
        except OSError:
            logger.critical("AN ALERT COULD NOT BE KEPT: neither the database nor the journal can be written")
        return False

    async def _apart(self, work: Callable[..., T], *arguments: Any) -> T:
        """Run in the threads kept for safety, where no ordinary turn stands in the way."""
        return await asyncio.get_running_loop().run_in_executor(self._safety_threads, work, *arguments)

    def _alert_done(self, task: "asyncio.Task[None]") -> None:
        self._alerts.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("storing an alert ended with %s", type(task.exception()).__name__)

    def _keep_answered(self, incoming: Incoming, screening: Screening, replies: list[Reply]) -> Sequence[OutboxMessage]:
        accepted = self._turns.accept(incoming, screening)
        if accepted.arrival is Arrival.ANSWERED:
            return accepted.replies
        return self._turns.finish(accepted.person_id, [accepted.message_id], replies)


def loose(replies: Sequence[Reply], group: str, clock: Clock) -> list[OutboxMessage]:
    """Replies that are not stored (yet), shown all the same. Stored later, they have the same ids."""
    return [
        OutboxMessage(
            id=reply_id(group, index),
            person_id="",
            channel="",
            kind=reply.kind.value,
            author="assistant",
            text=reply.text,
            created_at=clock.now(),
        )
        for index, reply in enumerate(replies)
    ]

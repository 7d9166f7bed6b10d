"""What happens to a message, in order: screen, guard, keep, queue (docs/architecture.md, one message).

The screen comes before any database, lock or limit; a hit is answered from memory (``front.safety_line``).
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import dataclass
from typing import Optional, Sequence
from weakref import WeakValueDictionary

from waymark.domain.conversation import InboxMessage, OutboxMessage
from waymark.domain.errors import StorageUnavailable
from waymark.domain.safety import ScreenContext, Screening
from waymark.front.queues import PersonQueues, Waiting, safety_event
from waymark.front.rate_guard import RateGuard
from waymark.front.safety_line import Given, Hit, SafetyLine, loose
from waymark.front.standings import Standings
from waymark.services.ports import Clock
from waymark.services.safety import SafetyDesk, SafetyHit
from waymark.services.turns import Accepted, AnswersItself, Arrival, Incoming, Standing, Turns, finding_of

logger = logging.getLogger(__name__)

MAX_TEXT = 4000
REPLY_WITHIN = 25.0
RECOVER_EVERY = 5.0


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
class Taken:
    """A message that was dealt with or is kept in its place. ``queued`` gives the replies once the turn is over.

    ``shown`` are replies that must be shown now and are stored nowhere yet.
    """

    replies: Sequence[OutboxMessage] = ()
    queued: "Optional[asyncio.Future[Sequence[OutboxMessage]]]" = None
    shown: Sequence[OutboxMessage] = ()


@dataclass(frozen=True)
class Terms:
    """How a channel's messages are taken: how long a text may be, whether they are slowed, what it answers itself.

    ``shown``: a safety reply to this very message has reached the person before it could be kept. ``only_danger``:
    the message's turn has not come, so nothing but a safety reply may come of it. ``comes_again``: the channel brings
    a message until it is kept.
    """

    max_text: int = MAX_TEXT
    slowed: bool = True
    itself: Optional[AnswersItself] = None
    shown: bool = False
    only_danger: bool = False
    comes_again: bool = False


WEB = Terms()


class FrontDesk:
    """Receives parsed and authenticated messages of any channel."""

    def __init__(
        self, line: SafetyLine, safety: SafetyDesk, turns: Turns, queues: PersonQueues, standings: Standings, clock: Clock
    ) -> None:
        self._line, self._safety, self._turns, self._queues = line, safety, turns, queues
        self._standings, self._clock = standings, clock
        line.on_kept = self._tell_dialogue
        self._guard = RateGuard()
        self._order: "WeakValueDictionary[str, asyncio.Lock]" = WeakValueDictionary()

    async def receive(self, incoming: Incoming) -> Sequence[OutboxMessage]:
        """Replies to a message once its turn is over. Raises as ``take`` does, QuestionClosed or DialogueDown."""
        taken = await self.take(incoming)
        if taken.queued is None:
            return taken.replies or taken.shown
        replies = await asyncio.wait_for(asyncio.shield(taken.queued), REPLY_WITHIN)
        await self._fresh_standing(incoming)
        return replies

    async def take(self, incoming: Incoming, terms: Terms = WEB) -> Taken:
        """Screen a message, keep it and put it in its place. Raises TooFast, TooLong, NotKept, MessageConflict or
        QuestionClosed."""
        known, screening, hit = await self._judged(incoming)
        if hit is not None:
            if known is None:
                hit = self._line.hit(screening, await self._standings.peek(incoming.channel, incoming.address), incoming.country) or hit
            given = await self._give(incoming, hit, terms)
            if len(incoming.text) > terms.max_text:
                raise TooLong(given.replies)
            return _taken(given)
        if terms.only_danger:
            raise NotKept
        self._check_limits(incoming, terms)
        async with self._order.setdefault(f"{incoming.channel}:{incoming.address}", asyncio.Lock()):
            return await self._keep_in_order(incoming, screening, known, terms)

    async def _judged(self, incoming: Incoming) -> tuple[Optional[Standing], Screening, Optional[Hit]]:
        """Judge from memory. A yes to a direct question counts while the question is open, so that is made sure of."""
        known = self._standings.get(incoming.channel, incoming.address)
        screening = await self._line.screened(incoming.screened, known.screen if known else ScreenContext())
        hit = self._line.hit(screening, known or Standing(), incoming.country)
        if hit is not None:
            sure = await self._standings.sure(incoming.channel, incoming.address)
            if sure is not None and known is not None and sure.screen.asked_safety != known.screen.asked_safety:
                screening = await self._line.screened(incoming.screened, sure.screen)
                return sure, screening, self._line.hit(screening, sure, incoming.country)
        return known, screening, hit

    async def safety_only(self, incoming: Incoming) -> list[OutboxMessage]:
        """The fixed reply to a text whose sender could not be verified; nothing is stored."""
        hit = self._line.hit(await self._line.screened(incoming.screened, ScreenContext()), Standing(), incoming.country)
        return loose(hit.reply.replies, secrets.token_urlsafe(12), self._clock) if hit else []

    async def _keep_in_order(
        self, incoming: Incoming, screening: Screening, known: Optional[Standing], terms: Terms
    ) -> Taken:
        """Messages are kept and queued in the order they came. What was said before is known now, so the text is
        judged again with it, before it is kept: no other front may answer it in between."""
        try:
            await self._line.settle(incoming.channel, incoming.address)
            earlier = await asyncio.to_thread(self._turns.earlier, incoming)
            if earlier is not None:
                return self._again(earlier)
            standing = await self._standings.refresh(incoming.channel, incoming.address)
        except StorageUnavailable as error:
            logger.error("a message could not be kept: %s", type(error).__name__)
            raise NotKept from error
        if known is None or known.screen != standing.screen:
            again = await self._line.screened(incoming.screened, standing.screen)
            hit = self._line.hit(again, standing, incoming.country)
            if hit is not None:
                return _taken(await self._give(incoming, hit, terms))
        accepted = await self._keep(incoming, screening, terms)
        if accepted.arrival is Arrival.ANSWERED:
            self.resume(await asyncio.to_thread(self._released, accepted.person_id) if terms.itself else [])
            return Taken(replies=accepted.replies)
        return Taken(queued=self._queues.submit(accepted.person_id, Waiting(accepted.message_id)))

    def _again(self, earlier: Accepted) -> Taken:
        """A repeat of a message that was judged when it came first."""
        if earlier.arrival is Arrival.ANSWERED:
            return Taken(replies=earlier.replies)
        return Taken(queued=self._queues.submit(earlier.person_id, Waiting(earlier.message_id)))

    def _check_limits(self, incoming: Incoming, terms: Terms) -> None:
        if len(incoming.text) > terms.max_text:
            raise TooLong(())
        wait = self._guard.wait_for(f"{incoming.channel}:{incoming.address}") if terms.slowed else 0
        if wait > 0:
            raise TooFast(wait)

    async def _keep(self, incoming: Incoming, screening: Screening, terms: Terms) -> Accepted:
        try:
            return await asyncio.to_thread(self._turns.accept, incoming, screening, terms.itself)
        except StorageUnavailable as error:
            logger.error("a message could not be kept: %s", type(error).__name__)
            raise NotKept from error

    async def _fresh_standing(self, incoming: Incoming) -> None:
        """Remember the standing after a turn; without a database what is remembered stays."""
        try:
            await self._standings.refresh(incoming.channel, incoming.address)
        except StorageUnavailable as error:
            logger.warning("the next message is judged by an older standing: %s", error)

    async def _give(self, incoming: Incoming, hit: Hit, terms: Terms) -> Given:
        """The fixed reply, and that there was one is told to the dialogue once it is stored."""
        return await self._line.answer(incoming, hit, shown=terms.shown, comes_again=terms.comes_again)

    def _tell_dialogue(self, incoming: Incoming, replies: Sequence[OutboxMessage]) -> None:
        """Rasa hears in the person's order that there was a safety reply, and its form waits."""
        if replies:
            self._queues.submit(replies[0].person_id, safety_event(incoming.message_id, incoming.channel))

    # --- what waits ----------------------------------------------------------------------------------------

    def resume(self, messages: Sequence[InboxMessage]) -> None:
        """Queue kept messages that no caller waits for."""
        for message in messages:
            self._queues.submit(message.person_id, Waiting(message.id))

    def _released(self, person_id: str) -> Sequence[InboxMessage]:
        return [message for message in self._turns.waiting() if message.person_id == person_id]

    async def watch_waiting(self) -> None:
        """Answer what was kept and not answered: at once after a start, later what another front left behind when
        it fell. Runs for ever."""
        seen: Optional[set[str]] = None
        while True:
            try:
                waiting = await asyncio.to_thread(self._turns.waiting)
                left = [m for m in waiting if seen is None or m.id in seen]
                await self.recover(left)
                seen = {message.id for message in waiting}
            except StorageUnavailable as error:
                logger.warning("what waits is not known: %s", type(error).__name__)
            await asyncio.sleep(RECOVER_EVERY)

    async def recover(self, left: Sequence[InboxMessage]) -> None:
        """Answer messages left behind. What the screen had found goes out as the fixed reply; it never reaches the
        dialogue as an answer."""
        for message in left:
            found = finding_of(message.safety)
            if found is None:
                self.resume([message])
                continue
            reply = self._safety.reply(found, Standing(), on_duty=self._standings.on_duty)
            incoming = Incoming(message.channel, message.address, message.channel_message_id, message.text)
            await self._line.store(SafetyHit.of(incoming, found, reply, self._clock.now()))
            await asyncio.to_thread(self._turns.finish, message.person_id, [message.id], list(reply.replies))


def _taken(given: Given) -> Taken:
    return Taken(replies=given.replies) if given.stored else Taken(shown=given.replies)

"""The fixed reply and its alert: from memory, before any database, lock or limit (safety.md §1, Order).

The alert is stored within a quarter of a second or goes to the journal; if neither can be written it is held here and
tried again until one of them can. Screen, database and journal have threads of their own: one that hangs must not
keep the others from answering.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Callable, Optional, Sequence, TypeVar

from waymark.domain.conversation import OutboxMessage
from waymark.domain.errors import MessageConflict
from waymark.domain.messages import Reply
from waymark.domain.safety import AlertClass, Finding, Level, ScreenAction, ScreenContext, Screening
from waymark.domain.safety_reply import SafetyReply
from waymark.front.standings import Standings
from waymark.services.ports import AlertJournal, Clock
from waymark.services.safety import SafetyDesk, SafetyHit
from waymark.services.turns import Arrival, ChannelAnswer, Incoming, Standing, Turns, reply_id
from waymark.understanding.safety_screen import SafetyScreen

logger = logging.getLogger(__name__)
T = TypeVar("T")

ALERT_WITHIN = 0.25
SLOW_TEXT = 300
SAFETY_THREADS = 4
TRY_UNKEPT_EVERY = 1.0
OWED_AT_MOST = 1_000
"""Replies that wait to be stored; their alerts are in the journal."""
REPLAY_EVERY = 5.0


@dataclass(frozen=True)
class Hit:
    """A screened message that gets a fixed reply or the one direct question."""

    screening: Screening
    finding: Finding
    reply: SafetyReply


@dataclass(frozen=True)
class Owed:
    """A safety reply that is given, and what has to be stored of it. ``comes_again``: its channel brings the message
    once more, so nobody else needs to store it."""

    incoming: Incoming
    hit: Hit
    record: SafetyHit
    comes_again: bool


@dataclass(frozen=True)
class Given:
    """The fixed reply as given. ``stored`` tells whether the outbox has it."""

    replies: Sequence[OutboxMessage]
    stored: bool


class SafetyLine:
    """Screens texts and answers hits; nothing of a turn stands in its way."""

    def __init__(
        self, screen: SafetyScreen, desk: SafetyDesk, turns: Turns, standings: Standings, journal: AlertJournal, clock: Clock
    ) -> None:
        self._screen, self._desk, self._turns = screen, desk, turns
        self._standings, self._journal, self._clock = standings, journal, clock
        self._screens = ThreadPoolExecutor(SAFETY_THREADS, thread_name_prefix="safety-screen")
        self._database = ThreadPoolExecutor(SAFETY_THREADS, thread_name_prefix="safety-database")
        self._pens = ThreadPoolExecutor(SAFETY_THREADS, thread_name_prefix="safety-journal")
        self._alerts: set["asyncio.Task[None]"] = set()
        self._unkept: list[SafetyHit] = []
        self._owed: dict[str, Owed] = {}
        self._settling = asyncio.Lock()
        self.on_kept: Callable[[Incoming, Sequence[OutboxMessage]], None] = lambda incoming, replies: None

    async def screened(self, text: str, context: ScreenContext) -> Screening:
        """Screen a text; a screen that fails shows the crisis numbers and marks the message (safety.md §1, rule 1)."""
        try:
            if len(text) > SLOW_TEXT:
                return await _apart(self._screens, self._screen.screen, text, context)
            return self._screen.screen(text, context)
        except Exception as error:  # noqa: BLE001 - whatever broke the screen, the person gets the numbers
            logger.exception("the safety screen failed: %s", type(error).__name__)
            return Screening.of([Finding(AlertClass.UNSCREENED, Level.S2, ScreenAction.REPLY)])

    def hit(self, screening: Screening, standing: Standing, country: Optional[str]) -> Optional[Hit]:
        """The fixed reply that a screening calls for, composed from memory; None when it calls for none."""
        finding = screening.top
        if finding is None or finding.action not in (ScreenAction.REPLY, ScreenAction.ASK):
            return None
        reply = self._desk.reply(finding, standing, on_duty=self._standings.on_duty, country=country)
        return Hit(screening, finding, reply)

    async def answer(self, incoming: Incoming, hit: Hit, *, shown: bool = False, comes_again: bool = False) -> Given:
        """Give the fixed reply. The alert is stored or journalled before the answer goes out.

        ``shown``: the person has it already; it is only kept now. What cannot be stored is kept in mind, so that later
        the same words are stored that the person saw; ``comes_again`` as for ``Owed``.
        """
        at = self._clock.now()
        owed = self._owed.get(incoming.message_id) or Owed(incoming, hit, SafetyHit.of(incoming, hit.finding, hit.reply, at), comes_again)
        self._standings.note_safety_text(incoming.channel, incoming.address, hit.finding, at)
        replies = list(owed.hit.reply.replies)
        if not await self.store(owed.record):
            self._owe(owed)
            return Given(loose(replies, incoming.message_id, self._clock), stored=False)
        self._standings.note_stored(incoming.channel, incoming.address)
        try:
            keeping = _apart(self._database, self._keep_answered, incoming, owed.hit.screening, replies, shown)
            answered = await asyncio.wait_for(keeping, ALERT_WITHIN)
        except MessageConflict:  # the id was used before: these replies are other ones and need other ids
            return Given(loose(replies, secrets.token_urlsafe(12), self._clock), stored=False)
        except Exception as error:  # noqa: BLE001 - whatever broke, the reply goes out
            logger.error("a safety reply went out unstored: %s", type(error).__name__)
            self._owe(owed)
            return Given(loose(replies, incoming.message_id, self._clock), stored=False)
        self._owed.pop(incoming.message_id, None)
        self.on_kept(incoming, answered)
        return Given(answered, stored=True)

    def _owe(self, owed: Owed) -> None:
        self._owed[owed.incoming.message_id] = owed
        while len(self._owed) > OWED_AT_MOST:
            self._owed.pop(next(iter(self._owed)))

    async def settle(self, channel: Optional[str] = None, address: str = "") -> None:
        """Store what was shown and could not be stored then, of one address or of all. Raises StorageUnavailable."""
        if not self._owed:
            return
        async with self._settling:
            for owed in [o for o in self._owed.values() if not o.comes_again]:
                incoming = owed.incoming
                if channel is None or (incoming.channel, incoming.address) == (channel, address):
                    try:
                        replies = await _apart(self._database, self._keep_owed, owed)
                    except MessageConflict:  # the id was used before with other words; the alert is stored
                        replies = []
                    self._standings.note_stored(incoming.channel, incoming.address)
                    self._owed.pop(incoming.message_id, None)
                    self.on_kept(incoming, replies)

    async def store(self, record: SafetyHit) -> bool:
        """Store an alert; what takes too long or fails goes to the journal. False if it is not in the database yet."""
        task = asyncio.create_task(_apart(self._database, self._desk.record, record))
        self._alerts.add(task)
        task.add_done_callback(self._alert_done)
        try:
            await asyncio.wait_for(asyncio.shield(task), ALERT_WITHIN)
            return True
        except Exception as error:  # noqa: BLE001 - whatever broke, the alert must be kept and the reply go out
            logger.error("an alert goes to the journal: %s", type(error).__name__)
        try:
            await _apart(self._pens, self._journal.append, record.as_dict())
        except OSError as error:
            logger.critical("an alert can be written neither to the database nor to the journal: %s", type(error).__name__)
            self._unkept.append(record)
        return False

    async def keep_trying(self) -> None:
        """Write what could be kept nowhere as soon as the disk or the database takes it; runs for ever."""
        while True:
            await asyncio.sleep(TRY_UNKEPT_EVERY)
            waiting, self._unkept = self._unkept, []
            for record in waiting:
                await self.store(record)
            try:
                await self.settle()
            except Exception as error:  # noqa: BLE001 - whatever broke, it is tried again
                logger.error("a safety reply cannot be stored yet: %s", type(error).__name__)

    async def replay_journal(self) -> None:
        """Store what the journal of this machine holds, for the worker may run on another one; runs for ever."""
        while True:
            await asyncio.sleep(REPLAY_EVERY)
            try:
                for entry in await asyncio.to_thread(self._journal.pending):
                    await asyncio.to_thread(self._desk.record, SafetyHit.from_dict(entry))
                    await asyncio.to_thread(self._journal.done, [entry])
            except Exception as error:  # noqa: BLE001 - whatever broke, the entry stays and is tried again
                logger.error("alerts wait in the journal: %s", type(error).__name__)

    def _alert_done(self, task: "asyncio.Task[None]") -> None:
        self._alerts.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("storing an alert ended with %s", type(task.exception()).__name__)

    def _keep_owed(self, owed: Owed) -> Sequence[OutboxMessage]:
        self._desk.record(owed.record)
        return self._keep_answered(owed.incoming, owed.hit.screening, list(owed.hit.reply.replies), True)

    def _keep_answered(
        self, incoming: Incoming, screening: Screening, replies: list[Reply], shown: bool
    ) -> Sequence[OutboxMessage]:
        answer = ChannelAnswer(tuple(replies), shown=shown)
        accepted = self._turns.accept(incoming, screening, lambda *_: answer)
        if accepted.arrival is Arrival.ANSWERED:
            return accepted.replies
        return self._turns.finish(accepted.person_id, [accepted.message_id], replies, shown=shown)


async def _apart(threads: ThreadPoolExecutor, work: Callable[..., T], *arguments: Any) -> T:
    """Run in threads kept for safety, where no ordinary turn stands in the way."""
    return await asyncio.get_running_loop().run_in_executor(threads, work, *arguments)


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

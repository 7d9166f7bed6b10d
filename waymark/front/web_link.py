"""Carrying on between the web chat and Telegram: a code to take along, or one from there typed here."""

from __future__ import annotations

import asyncio
from typing import Callable, Optional
from weakref import WeakValueDictionary

from waymark.domain.errors import AlreadyHere, LinkRefused
from waymark.domain.linking import plain_code
from waymark.front.desk import FrontDesk, TooFast
from waymark.front.link_guard import LinkGuard
from waymark.services.links import Links
from waymark.services.turns import Turns

CHANNEL = "web"


class WebLinks:
    """Makes codes for web sessions and takes them there. ``bot_name`` tells the bot's username once it is known."""

    def __init__(
        self, links: Links, turns: Turns, desk: FrontDesk, guard: LinkGuard, bot_name: Callable[[], Optional[str]]
    ) -> None:
        self._links, self._turns, self._desk, self._guard, self._bot_name = links, turns, desk, guard, bot_name
        self._order: "WeakValueDictionary[str, asyncio.Lock]" = WeakValueDictionary()

    async def issue(self, session_id: str) -> dict[str, Optional[str]]:
        """A new code in the shape of the web channel. Raises StorageUnavailable."""
        issued = await asyncio.to_thread(self._links.issue, CHANNEL, session_id)
        bot = self._bot_name()
        return {
            "code": issued.code,
            "expires_at": issued.expires_at.isoformat(),
            "telegram": f"https://t.me/{bot}?start={plain_code(issued.code)}" if bot else None,
        }

    async def redeem(self, session_id: str, typed: str) -> None:
        """Join a session to the person of a code; a code of the session's own person changes nothing.

        Raises LinkRefused, OwnRecord, TooFast after too many wrong codes, or StorageUnavailable.
        """
        async with self._order.setdefault(session_id, asyncio.Lock()):  # so that no guess overtakes the count
            wait = self._guard.wait_for(session_id)
            if wait > 0:
                raise TooFast(wait)
            try:
                person = await asyncio.to_thread(self._links.redeem, CHANNEL, session_id, typed)
            except AlreadyHere:
                return
            except LinkRefused:
                self._guard.wrong(session_id)
                raise
        # Words that wait for an answer have moved to another person, and so to another place in the queues.
        waiting = await asyncio.to_thread(self._turns.waiting)
        self._desk.resume([message for message in waiting if message.person_id == person.id])

"""What the front remembers of each address, so that the screen never waits for the database."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import replace
from datetime import datetime
from typing import Optional

from waymark.domain.errors import StorageUnavailable
from waymark.domain.safety import Finding, ScreenAction
from waymark.services.turns import Standing, Turns

logger = logging.getLogger(__name__)

REMEMBERED = 5_000
SURE_WITHIN = 0.3
DUTY_EVERY = 10.0
AT_ONCE = 0.1
"""Seconds that a fixed reply may wait to learn the person's country."""


class Standings:
    """A bounded memory of standings and whether anybody is on duty."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._known: "OrderedDict[tuple[str, str], Standing]" = OrderedDict()
        self._only_here: set[tuple[str, str]] = set()
        self.on_duty = False

    def get(self, channel: str, address: str) -> Optional[Standing]:
        return self._known.get((channel, address))

    async def refresh(self, channel: str, address: str) -> Standing:
        """Read the standing from the database and remember it."""
        standing = await asyncio.to_thread(self._turns.standing, channel, address)
        self._put(channel, address, standing)
        return standing

    async def peek(self, channel: str, address: str) -> Standing:
        """What the database knows of an address, if it answers at once: a fixed reply then names the right numbers."""
        try:
            return await asyncio.wait_for(self.refresh(channel, address), AT_ONCE)
        except (StorageUnavailable, asyncio.TimeoutError):
            return Standing()

    async def sure(self, channel: str, address: str) -> Optional[Standing]:
        """What is remembered; a direct question that is open here may have had its answer at another front, so the
        database is asked. A question that only this front knows of counts, and so does memory if there is no answer
        in time."""
        known = self.get(channel, address)
        if known is None or known.screen.asked_safety is None or (channel, address) in self._only_here:
            return known
        try:
            return await asyncio.wait_for(self.refresh(channel, address), SURE_WITHIN)
        except (StorageUnavailable, asyncio.TimeoutError):
            return known

    def note_stored(self, channel: str, address: str) -> None:
        """What was noted is in the database too."""
        self._only_here.discard((channel, address))

    def note_safety_text(self, channel: str, address: str, finding: Finding, at: datetime) -> None:
        """Remember at once what was shown, so that the next message is judged by it even without a database."""
        self._only_here.add((channel, address))
        standing = self._known.get((channel, address), Standing())
        if finding.action is ScreenAction.ASK:
            standing = replace(standing, screen=replace(standing.screen, asked_safety=finding.alert_class))
        else:
            first = standing.safety_text_at or at
            standing = replace(standing, safety_text_at=first, screen=replace(standing.screen, asked_safety=None))
        self._put(channel, address, standing)

    def forget(self, channel: str, address: str) -> None:
        self._known.pop((channel, address), None)
        self._only_here.discard((channel, address))

    async def watch_duty(self) -> None:
        """Keep ``on_duty`` current; without a database nobody is promised."""
        while True:
            try:
                self.on_duty = await asyncio.to_thread(self._turns.on_duty)
            except StorageUnavailable as error:
                self.on_duty = False
                logger.warning("who is on duty is not known: %s", type(error).__name__)
            await asyncio.sleep(DUTY_EVERY)

    def _put(self, channel: str, address: str, standing: Standing) -> None:
        self._known[(channel, address)] = standing
        self._known.move_to_end((channel, address))
        while len(self._known) > REMEMBERED:
            self._only_here.discard(self._known.popitem(last=False)[0])

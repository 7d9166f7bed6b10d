"""The Telegram channel as the front runs it: built when there is a token, led by one front at a time."""

from __future__ import annotations

import asyncio
import logging
from typing import Optional

from starlette.routing import Route

from waymark.config import Settings
from waymark.domain.channel_texts import ChannelTexts
from waymark.domain.errors import StorageUnavailable
from waymark.front.desk import FrontDesk
from waymark.front.standings import Standings
from waymark.front.telegram_bot import NotDeliverable, TelegramBot, TelegramDown, TokenRefused
from waymark.front.telegram_channel import TelegramChannel
from waymark.front.telegram_post import TelegramPost
from waymark.front.telegram_updates import Polling, Webhook, pause
from waymark.services.channel_talk import ChannelTalk
from waymark.services.deliveries import Deliveries
from waymark.services.ports import PersonLocks

logger = logging.getLogger(__name__)

DUTY = "duty:telegram"
LOOK_EVERY = 2.0
SET_UP_AGAIN_AFTER = 5.0


class Telegram:
    """Polling or webhook, and the post. Several fronts take webhooks; one at a time polls and delivers."""

    def __init__(
        self, settings: Settings, desk: FrontDesk, talk: ChannelTalk, standings: Standings, deliveries: Deliveries,
        locks: PersonLocks, texts: ChannelTexts, webhook_secret: str,
    ) -> None:  # fmt: skip
        self._settings, self._locks, self._texts, self._secret = settings, locks, texts, webhook_secret
        self.bot = TelegramBot(settings.telegram_token, settings.telegram_api)
        self.post = TelegramPost(self.bot, deliveries, texts.in_doubt)
        self.channel = TelegramChannel(desk, talk, standings, self.bot, self.post, texts)
        self._webhook = Webhook(self.channel, webhook_secret)
        self._polling = Polling(self.bot, self.channel)

    @property
    def by_webhook(self) -> bool:
        return self._settings.telegram_mode == "webhook"

    def username(self) -> Optional[str]:
        """The bot's name once Telegram told it."""
        return self.bot.username

    def routes(self) -> list[Route]:
        return self._webhook.routes() if self.by_webhook else []

    async def run(self) -> None:
        """Take the duty when it is free and do it until it is lost or we are cancelled."""
        while True:
            held = await self._take_duty()
            if held is not None:
                try:
                    await self._on_duty(held)
                except Exception as error:  # noqa: BLE001 - whatever broke, people must not write into the void
                    logger.error("Telegram broke off (%s) and starts again", type(error).__name__)
            await asyncio.sleep(LOOK_EVERY)

    async def close(self) -> None:
        await self.channel.close()
        await self.bot.close()

    async def _take_duty(self) -> Optional[object]:
        try:
            return await asyncio.to_thread(self._locks.take, DUTY)
        except StorageUnavailable as error:
            logger.warning("Telegram waits for the database: %s", type(error).__name__)
            return None

    async def _on_duty(self, held: object) -> None:
        work = [asyncio.create_task(self._receive()), asyncio.create_task(self.post.run())]
        try:
            while await asyncio.to_thread(self._locks.still, held):
                await asyncio.wait(work, timeout=LOOK_EVERY, return_when=asyncio.FIRST_EXCEPTION)
                for task in work:
                    if task.done():
                        task.result()
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
            await asyncio.shield(asyncio.to_thread(self._locks.give_back, held))

    async def _receive(self) -> None:
        await self._set_up()
        if not self.by_webhook:
            await self._polling.run()

    async def _set_up(self) -> None:
        """Tell Telegram how we want the updates. A refused token or no network is waited out; the rest goes on."""
        while True:
            try:
                if self.by_webhook:
                    url = f"{self._settings.front_url.rstrip('/')}/webhooks/telegram"
                    await self.bot.use_webhook(url, self._secret)
                else:
                    await self.bot.poll_only()
                await self.bot.introduce(self._texts.commands)
                logger.info("Telegram: on, as @%s, by %s", self.bot.username, self._settings.telegram_mode)
                return
            except TokenRefused as error:
                await asyncio.sleep(pause(error, 0))
            except (TelegramDown, NotDeliverable) as error:
                logger.error("Telegram cannot be set up yet (%s); `waymark doctor` tells more", error)
                await asyncio.sleep(error.wait.total_seconds() if isinstance(error, TelegramDown) and error.wait else SET_UP_AGAIN_AFTER)

"""Fetches updates from Telegram and confirms each only once it is kept; or takes them by webhook."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from contextlib import suppress
from typing import Any, Optional, Sequence
from weakref import WeakValueDictionary

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from waymark.front.desk import NotKept
from waymark.front.telegram_bot import NotDeliverable, OtherPoller, TelegramBot, TelegramDown, TokenRefused
from waymark.front.telegram_channel import TelegramChannel
from waymark.front.telegram_update import TelegramUpdate, Unreadable, parse

logger = logging.getLogger(__name__)

SECRET_HEADER = "x-telegram-bot-api-secret-token"
MAX_BODY = 500_000
BACK_OFF = (0.5, 1.0, 2.0, 5.0)
REFUSED_AGAIN_AFTER = 60.0
FAULTS_BEFORE_SKIPPING = 3
WAIT_FOR_CHATS = 0.5


class Polling:
    """One fetch after another. Chats do not wait for each other; within a chat the order is kept.

    Danger does not wait for its turn: while something before it cannot be kept, it is answered and comes again.
    """

    def __init__(self, bot: TelegramBot, channel: TelegramChannel) -> None:
        self._bot, self._channel = bot, channel
        self._offset: Optional[int] = None
        self._kept: set[int] = set()
        self._busy: dict[Optional[int], "asyncio.Task[None]"] = {}
        self._locks: "WeakValueDictionary[int, asyncio.Lock]" = WeakValueDictionary()
        self._faults: dict[int, int] = {}

    async def run(self) -> None:
        """Fetch until cancelled; faults of Telegram are waited out."""
        attempts = 0
        try:
            while True:
                try:
                    raw = await self._bot.updates(self._offset)
                    attempts = 0
                except (TelegramDown, NotDeliverable) as error:
                    await asyncio.sleep(pause(error, attempts))
                    attempts += 1
                    continue
                if not await self.take(raw):
                    await asyncio.sleep(BACK_OFF[0])
        finally:
            for task in self._busy.values():
                task.cancel()

    async def take(self, raw: Sequence[Any]) -> bool:
        """Handle a batch and move the offset behind everything kept. False if something must be fetched again."""
        chats: dict[Optional[int], list[tuple[TelegramUpdate, Any]]] = {}
        for one in raw:
            try:
                update = parse(one)
            except Unreadable as error:
                logger.error("an update cannot be read: %s", error)
                continue
            if update.update_id not in self._kept:
                chats.setdefault(update.chat_id, []).append((update, one))
        busy = [chat for chat in chats if chat in self._busy]
        self._busy.update({chat: asyncio.create_task(self._in_order(chat, chats[chat])) for chat in chats if chat not in busy})
        await asyncio.gather(*(self._ahead(chats[chat]) for chat in busy))
        if self._busy:
            await asyncio.wait(list(self._busy.values()), timeout=WAIT_FOR_CHATS)
        ids = sorted(one["update_id"] for one in raw if isinstance(one, dict) and isinstance(one.get("update_id"), int))
        left = [i for i in ids if i not in self._kept and any(u.update_id == i for batch in chats.values() for u, _ in batch)]
        if ids:
            self._offset = min(left) if left else ids[-1] + 1
            self._kept = {i for i in self._kept if i >= self._offset}
        return not left

    async def _in_order(self, chat: Optional[int], batch: Sequence[tuple[TelegramUpdate, Any]]) -> None:
        """One update of a chat after the other, until one cannot be kept: what comes after it waits too."""
        try:
            for place, (update, raw) in enumerate(batch):
                if not await self._handled(update, raw):
                    await self._ahead(batch[place + 1 :])
                    return
        finally:
            self._busy.pop(chat, None)

    async def _ahead(self, batch: Sequence[tuple[TelegramUpdate, Any]]) -> None:
        """Answer danger in updates whose turn has not come; one that is being handled is left alone."""
        for update, raw in batch:
            lock = self._lock(update)
            if not lock.locked():
                with suppress(NotKept):
                    async with lock:
                        await self._channel.handle(raw, only_danger=True)
                        self._kept.add(update.update_id)

    async def _handled(self, update: TelegramUpdate, raw: Any) -> bool:
        async with self._lock(update):
            if update.update_id in self._kept:
                return True
            try:
                await self._channel.handle(raw)
            except NotKept:
                return False
            except Exception as error:  # noqa: BLE001 - one update that breaks us must not stop the others
                logger.exception("an update failed: %s", type(error).__name__)
                self._faults[update.update_id] = self._faults.get(update.update_id, 0) + 1
                if self._faults[update.update_id] < FAULTS_BEFORE_SKIPPING:
                    return False
                await self._channel.apologise(update)
                self._faults.pop(update.update_id, None)
            self._kept.add(update.update_id)
            return True

    def _lock(self, update: TelegramUpdate) -> asyncio.Lock:
        return self._locks.setdefault(update.update_id, asyncio.Lock())


class Webhook:
    """``POST /webhooks/telegram``: taken only with the secret that Telegram was given."""

    def __init__(self, channel: TelegramChannel, secret: str) -> None:
        self._channel, self._secret = channel, secret
        self._faults: dict[int, int] = {}

    def routes(self) -> list[Route]:
        return [Route("/webhooks/telegram", self.receive, methods=["POST"])]

    async def receive(self, request: Request) -> Response:
        """200 once the update is kept; Telegram sends again what gets another answer."""
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            return JSONResponse({"error": "forbidden", "message": "The secret is missing or wrong."}, status_code=401)
        body = await _limited(request)
        try:
            raw = json.loads(body) if body is not None else None
            update = parse(raw)
        except (ValueError, RecursionError):
            return JSONResponse({"error": "malformed", "message": "That is no update."}, status_code=400)
        try:
            await self._channel.handle(raw)
        except NotKept:
            return JSONResponse({"error": "not_kept", "message": "Send it again in a moment."}, status_code=503)
        except Exception as error:  # noqa: BLE001 - Telegram would send a poisonous update for ever
            logger.exception("an update failed: %s", type(error).__name__)
            self._faults[update.update_id] = self._faults.get(update.update_id, 0) + 1
            if self._faults[update.update_id] < FAULTS_BEFORE_SKIPPING:
                return JSONResponse({"error": "fault", "message": "Send it again in a moment."}, status_code=503)
            self._faults.pop(update.update_id, None)
            await self._channel.apologise(update)
        return JSONResponse({"ok": True})


def pause(error: Exception, attempts: int) -> float:
    """How long to wait before the next fetch, and a line for whoever runs this."""
    if isinstance(error, TokenRefused):
        logger.error("Telegram refuses the token; set WAYMARK_TELEGRAM_TOKEN anew. The web chat goes on")
        return REFUSED_AGAIN_AFTER
    if isinstance(error, OtherPoller):
        logger.error("another program fetches this bot's updates, or a webhook is set; trying again")
    elif attempts == 0:
        logger.warning("Telegram cannot be reached (%s); trying again", error)
    wait = error.wait.total_seconds() if isinstance(error, TelegramDown) and error.wait else 0.0
    return max(wait, BACK_OFF[min(attempts, len(BACK_OFF) - 1)])


async def _limited(request: Request) -> Optional[bytes]:
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY:
            return None
        chunks.append(chunk)
    return b"".join(chunks)

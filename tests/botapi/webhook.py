"""The webhook: updates are posted to the bot, again and again until it takes them."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any, Optional
from urllib.parse import urlsplit

import httpx

from botapi.state import State
from botapi.updates import Pending, UpdateQueue

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.05, 1.0
ANSWER_WITHIN_SECONDS = 10.0


@dataclass
class Hook:
    """What the bot set with ``setWebhook``; an empty address means none."""

    url: str = ""
    secret: Optional[str] = None
    max_connections: int = 40
    has_certificate: bool = False
    last_error_date: Optional[int] = None
    last_error_message: Optional[str] = None


@dataclass
class Webhook:
    """Delivers the updates of each chat in their order; a chat that fails does not hold up the others.

    ``stands_for`` maps a public address to the one on this machine that a reverse proxy would pass calls on to.
    """

    state: State
    updates: UpdateQueue
    hook: Hook = field(default_factory=Hook)
    stands_for: dict[str, str] = field(default_factory=dict)

    def info(self) -> dict[str, Any]:
        """The result of ``getWebhookInfo``."""
        hook = self.hook
        info: dict[str, Any] = {
            "url": hook.url,
            "has_custom_certificate": hook.has_certificate,
            "pending_update_count": len(self.updates.pending),
            "allowed_updates": sorted(self.updates.allowed),
        }
        if hook.url:
            info["max_connections"] = hook.max_connections
        if hook.last_error_message is not None:
            info.update(last_error_date=hook.last_error_date, last_error_message=hook.last_error_message)
        return info

    async def deliver(self) -> None:
        """Deliver whatever comes, until cancelled."""
        loop, news = asyncio.get_running_loop(), asyncio.Event()
        with self.state.changed:
            self.updates.wake_webhook = lambda: loop.call_soon_threadsafe(news.set)
        busy: dict[str, asyncio.Task[None]] = {}
        news.set()
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=ANSWER_WITHIN_SECONDS) as web:
                while True:
                    await news.wait()
                    news.clear()
                    for queue in self._waiting_queues() - set(busy):
                        busy[queue] = loop.create_task(self._deliver_queue(web, queue, busy))
        finally:
            with self.state.changed:
                self.updates.wake_webhook = lambda: None
            for task in list(busy.values()):
                task.cancel()

    def _waiting_queues(self) -> set[str]:
        with self.state.changed:
            return {pending.queue for pending in self.updates.pending} if self.hook.url else set()

    async def _deliver_queue(
        self, web: httpx.AsyncClient, queue: str, busy: dict[str, asyncio.Task[None]]
    ) -> None:
        pause = FIRST_PAUSE_SECONDS
        try:
            while True:
                with self.state.changed:
                    hook = self.hook
                    first = next((p for p in self.updates.pending if p.queue == queue), None)
                    if first is None or not hook.url:
                        return
                    self.updates.hand_out(first)
                if await self._post(web, hook, first):
                    pause = FIRST_PAUSE_SECONDS
                else:
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        finally:
            del busy[queue]

    async def _post(self, web: httpx.AsyncClient, hook: Hook, pending: Pending) -> bool:
        headers = {SECRET_HEADER: hook.secret} if hook.secret is not None else {}
        try:
            answer = await web.post(self._address(hook.url), json=pending.update, headers=headers)
        except httpx.HTTPError as error:
            return self._failed(hook, f"Can't reach the webhook: {type(error).__name__}")
        if not answer.is_success:
            return self._failed(
                hook, f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
            )
        with self.state.changed:
            if _asks_for_a_method(answer.content):
                self.state.violations.append("webhook: the answer asks for a method, which the fake does not do")
            self.updates.confirm(pending)
        return True

    def _failed(self, hook: Hook, why: str) -> bool:
        with self.state.changed:
            hook.last_error_date, hook.last_error_message = int(time.time()), why
            self.state.changed.notify_all()
        return False

    def _address(self, url: str) -> str:
        parts = urlsplit(url)
        public = f"{parts.scheme}://{parts.netloc}"
        return self.stands_for.get(public, public) + url[len(public) :]


def _asks_for_a_method(content: bytes) -> bool:
    try:
        body = json.loads(content)
    except ValueError:
        return False
    return isinstance(body, dict) and "method" in body

"""The library that real bots use, pointed at the fake, for tests that are not asynchronous themselves."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from typing import Any, Callable, Coroutine

from telegram import Bot
from telegram.request import HTTPXRequest

ANSWER_WITHIN_SECONDS = 20.0


def _request(read_timeout: float) -> HTTPXRequest:
    # The settings of a proxy in the environment must not lead away from loopback.
    return HTTPXRequest(read_timeout=read_timeout, httpx_kwargs={"trust_env": False})


class RealLibrary:
    """A ``telegram.Bot`` on an event loop in a thread of its own."""

    def __init__(self, url: str, token: str, read_timeout: float = 5.0) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.bot = Bot(
            token,
            base_url=f"{url}/bot",
            request=_request(read_timeout),
            get_updates_request=_request(read_timeout),
        )

    def begin(self, call: Callable[[Bot], Coroutine[Any, Any, Any]]) -> "Future[Any]":
        """Start a call without waiting for it."""
        return asyncio.run_coroutine_threadsafe(call(self.bot), self._loop)

    def __call__(self, call: Callable[[Bot], Coroutine[Any, Any, Any]]) -> Any:
        """The result of a call, such as ``library(lambda bot: bot.get_me())``; raises what the call raises."""
        return self.begin(call).result(ANSWER_WITHIN_SECONDS)

    def close(self) -> None:
        """Close the connections and end the thread."""
        for request in self.bot._request:
            asyncio.run_coroutine_threadsafe(request.shutdown(), self._loop).result(ANSWER_WITHIN_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(ANSWER_WITHIN_SECONDS)
        self._loop.close()

"""A web server on one loopback port that can be stopped, and started again on the same port."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import Any, Awaitable, Callable, Coroutine, Optional

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

ENDS_WITHIN_SECONDS = 10.0
Handler = Callable[[Request], Awaitable[Response]]
Lines = dict[Any, asyncio.Transport]


class Cut(Response):
    """No answer at all: the connection just closes."""

    def __init__(self, lines: Lines) -> None:
        super().__init__()
        self._lines = lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        line = self._lines.get(tuple(scope["client"]))
        if line is not None:
            line.abort()
        while (await receive())["type"] != "http.disconnect":
            pass


def _line_kind(lines: Lines) -> type[H11Protocol]:
    """The connections of one server, which note themselves in ``lines`` while they are open."""

    class Line(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            lines[self.client] = transport

        def connection_lost(self, exc: Optional[Exception]) -> None:
            lines.pop(self.client, None)
            super().connection_lost(exc)

    return Line


class _Uvicorn(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: Optional[list[socket.socket]] = None) -> None:
        await super().startup(sockets)
        self._ready.set()


class Server:
    """Serves ``handler`` under ``path``. ``beside`` runs next to it as long as the server does."""

    def __init__(
        self, path: str, handler: Handler, beside: Callable[[], Coroutine[Any, Any, None]], port: int = 0
    ) -> None:
        self._app = Starlette(routes=[Route(path, handler, methods=["GET", "POST"])])
        self._beside = beside
        # Holds the port while the server is stopped, so that nobody else is given it. It refuses connections.
        self._reserved: Optional[socket.socket] = _bound(port)
        self.port = int(self._reserved.getsockname()[1])
        self._lines: Lines = {}
        self._waiting: set[asyncio.Event] = set()
        self._thread: Optional[threading.Thread] = None
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        self._uvicorn: Optional[_Uvicorn] = None
        self.stopping = True

    def start(self) -> None:
        """Answer calls from now on. Raises RuntimeError when the server does not come up."""
        if self._thread is not None:
            return
        if self._reserved is None:
            self._reserved = _bound(self.port)
        ready = threading.Event()
        listening = _bound(self.port)
        # ws="none": the websockets package that Rasa pins is older than uvicorn can use.
        config = uvicorn.Config(
            self._app,
            http=_line_kind(self._lines),
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            log_level="warning",
            access_log=False,
        )
        self._uvicorn = _Uvicorn(config, ready)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run(listening)), daemon=True)
        self._thread.start()
        if not ready.wait(ENDS_WITHIN_SECONDS):
            raise RuntimeError("the fake Bot API did not start")

    def stop(self) -> None:
        """Cut every connection and refuse new ones."""
        if self._thread is None or self._loop is None:
            return
        self._loop.call_soon_threadsafe(self._end)
        self._thread.join(ENDS_WITHIN_SECONDS)
        assert not self._thread.is_alive(), "the fake Bot API does not stop"
        self._thread = self._loop = self._uvicorn = None

    def close(self) -> None:
        """Stop, and give the port back."""
        self.stop()
        if self._reserved is not None:
            self._reserved.close()
            self._reserved = None

    def cut(self) -> Cut:
        """The response that closes the connection without an answer."""
        return Cut(self._lines)

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Until the event is set, the time is over or the server stops."""
        self._waiting.add(event)
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except asyncio.TimeoutError:
            return
        finally:
            self._waiting.discard(event)

    async def _run(self, listening: socket.socket) -> None:
        assert self._uvicorn is not None
        self._loop, self.stopping = asyncio.get_running_loop(), False
        beside = self._loop.create_task(self._beside())
        try:
            await self._uvicorn.serve(sockets=[listening])
        finally:
            beside.cancel()
            await asyncio.gather(beside, return_exceptions=True)

    def _end(self) -> None:
        assert self._uvicorn is not None
        self.stopping = self._uvicorn.should_exit = True
        for event in self._waiting:
            event.set()
        for line in list(self._lines.values()):
            line.abort()


def _bound(port: int) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    return bound

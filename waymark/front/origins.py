"""Which sites may use the web channel, and the headers every answer carries."""

from __future__ import annotations

from typing import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from waymark.domain.linking import EXPORT_PATH

ALLOWED_HEADERS = "Authorization, Content-Type, Last-Event-ID"
ALLOWED_METHODS = "GET, POST, PUT, DELETE, OPTIONS"


class OriginGuard:
    """Refuses other sites with 403, answers preflights of allowed ones, and sets security headers."""

    def __init__(self, app: ASGIApp, allowed: Iterable[str], public_url: str) -> None:
        self._app, self._allowed, self._public = app, frozenset(allowed), public_url.rstrip("/")
        framed_by = " ".join(("'self'", *sorted(self._allowed)))
        self._policy = f"default-src 'self'; frame-ancestors {framed_by}; base-uri 'none'; form-action 'self'"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        origin = headers.get("origin")
        foreign = origin is not None and not self._own(origin, headers.get("host", ""))
        # A browser names no origin in forms of a page that sends no referrer. These forms stand on the ticket in
        # their address, which no other site knows, and on nothing that the browser adds by itself.
        foreign = foreign and not (origin == "null" and scope["path"].startswith(EXPORT_PATH))
        if foreign and origin not in self._allowed:
            body = {"error": "origin", "message": "This site may not use this chat."}
            await JSONResponse(body, status_code=403)(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._decorate(MutableHeaders(scope=message), origin if foreign else None)
            await send(message)

        if scope["method"] == "OPTIONS" and foreign:
            await Response(status_code=204)(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)

    def _own(self, origin: str, host: str) -> bool:
        return origin == self._public or urlsplit(origin).netloc == host

    def _decorate(self, headers: MutableHeaders, allowed_origin: str | None) -> None:
        headers.setdefault("Content-Security-Policy", self._policy)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers.setdefault("Cache-Control", "no-store")
        if allowed_origin:
            headers["Access-Control-Allow-Origin"] = allowed_origin
            headers["Access-Control-Allow-Methods"] = ALLOWED_METHODS
            headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
            headers["Access-Control-Expose-Headers"] = "Retry-After"
            headers["Vary"] = "Origin"

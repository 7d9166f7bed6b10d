"""The pages behind a link to one's own copy (privacy.md §4): ask first, then the copy to read, print or save.

A GET shows nothing personal: programs that fetch links to preview or scan them learn nothing, and leave no read
in the audit trail.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import deque
from functools import wraps
from pathlib import Path
from typing import Any, Awaitable, Callable, Optional

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from waymark.domain.errors import StorageUnavailable
from waymark.domain.export_words import ExportWords
from waymark.domain.linking import EXPORT_PATH
from waymark.front.export_view import CopyView
from waymark.services.export import Exports, OwnCopy

FOLDER = Path(__file__).resolve().parent / "templates"
STYLE = "/web/export.css"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}

TRIES = 20
TRIES_WITHIN = 60.0
ADDRESSES = 10_000
TICKET = re.compile(r"[A-Za-z0-9_-]{20,100}")
"""The shape of a token; anything else is unknown without asking the database."""

ENVIRONMENT = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)

Handler = Callable[["ExportPages", Request], Awaitable[Response]]


class Probes:
    """How often an address has asked for tickets that do not exist. Who has a ticket never passes through here."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._tries: dict[str, deque[float]] = {}

    def too_many(self, address: str) -> bool:
        """Count a try; True if the address has used up its tries, or if too many addresses are trying at once."""
        now = self._now()
        if len(self._tries) >= ADDRESSES and address not in self._tries:
            self._tries = {a: t for a, t in self._tries.items() if now - t[-1] < TRIES_WITHIN}
            if len(self._tries) >= ADDRESSES:
                return True
        tries = self._tries.setdefault(address, deque(maxlen=TRIES))
        if len(tries) == TRIES and now - tries[0] < TRIES_WITHIN:
            return True
        tries.append(now)
        return False


def while_stored(handler: Handler) -> Handler:
    """Says so in plain words when the database is away."""

    @wraps(handler)
    async def answered(pages: "ExportPages", request: Request) -> Response:
        try:
            return await handler(pages, request)
        except StorageUnavailable:
            return pages.message("away", 503)

    return answered


class ExportPages:
    """Routes of a person's own copy."""

    def __init__(self, exports: Exports, view: CopyView, words: ExportWords, probes: Optional[Probes] = None) -> None:
        self._exports, self._view, self._words = exports, view, words
        self._probes = probes or Probes()

    def routes(self) -> list[Route]:
        return [
            Route(STYLE, self.style, methods=["GET"]),
            Route(f"{EXPORT_PATH}{{ticket}}", self.ask, methods=["GET"]),
            Route(f"{EXPORT_PATH}{{ticket}}", self.read, methods=["POST"]),
            Route(f"{EXPORT_PATH}{{ticket}}/file", self.file, methods=["POST"]),
        ]

    async def style(self, request: Request) -> Response:
        return FileResponse(FOLDER / "export.css", media_type="text/css", headers=HEADERS)

    @while_stored
    async def ask(self, request: Request) -> Response:
        """What this is, and a button. Nothing about the person is read."""
        ticket = _ticket(request)
        if ticket is None or not await asyncio.to_thread(self._exports.check, ticket):
            return self._unknown(request)
        return self._page("export_ask.html", address=f"{EXPORT_PATH}{ticket}")

    @while_stored
    async def read(self, request: Request) -> Response:
        copy = await self._open(request)
        if copy is None:
            return self._unknown(request)
        return await asyncio.to_thread(self._copy_page, copy, f"{EXPORT_PATH}{_ticket(request)}")

    @while_stored
    async def file(self, request: Request) -> Response:
        copy = await self._open(request)
        if copy is None:
            return self._unknown(request)
        return await asyncio.to_thread(self._copy_file, copy)

    def message(self, text: str, status: int, **headers: str) -> Response:
        """A page that says one thing."""
        return self._page("export_message.html", status, headers, said=self._words.texts[text])

    def _copy_page(self, copy: OwnCopy, address: str) -> Response:
        return self._page("export_copy.html", page=self._view.page(copy), address=address)

    def _copy_file(self, copy: OwnCopy) -> Response:
        body = json.dumps(self._view.file(copy), ensure_ascii=False, indent=2)
        named = {"Content-Disposition": f'attachment; filename="{self._view.file_name(copy)}"'}
        return Response(body, media_type="application/json", headers={**HEADERS, **named})

    async def _open(self, request: Request) -> Optional[OwnCopy]:
        ticket = _ticket(request)
        return await asyncio.to_thread(self._exports.open, ticket) if ticket else None

    def _unknown(self, request: Request) -> Response:
        if self._probes.too_many(request.client.host if request.client else ""):
            return self.message("too_fast", 429, **{"Retry-After": str(int(TRIES_WITHIN))})
        return self.message("gone", 404)

    def _page(self, template: str, status: int = 200, more: Optional[dict[str, str]] = None, **values: Any) -> Response:
        language = self._words.header.locale
        html = ENVIRONMENT.get_template(template).render(words=self._words, lang=language, style=STYLE, **values)
        return HTMLResponse(html, status, headers={**HEADERS, **(more or {})})


def _ticket(request: Request) -> Optional[str]:
    asked = str(request.path_params["ticket"])
    return asked if TICKET.fullmatch(asked) else None

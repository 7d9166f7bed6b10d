"""A front door in memory for widget tests.

It keeps the web channel's contract and nothing else. What it answers depends on the text of the message:
``buttons``, ``safety``, ``question``, ``summary``, ``copy`` (with addresses), ``slow``, ``lost`` (handled, but the
answer never arrives), ``429`` (once), ``409``, ``503`` (kept until :meth:`FakeFront.release`); anything else is echoed.
Codes for carrying on elsewhere: those in :attr:`FakeFront.elsewhere` are good once, all others are refused.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, AsyncIterator, Optional

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

WIDGET = Path(__file__).resolve().parents[2] / "waymark" / "front" / "widget"
CSP = "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'self'"
LONGEST_TEXT = 4000
CODE = "K7QM-2XPD"
CODE_REFUSED = "That code can't be used."

SAFETY_TEXT = (
    "Thank you for telling me. I'm really concerned for your safety.\n"
    "If your life is in danger, call 999 now. You can call Samaritans on 116 123, or text SHOUT to 85258.\n"
    "No one from the team is watching this chat right now. It takes about 15 minutes to read a leaflet."
)

RESOURCES = {
    "version": "test",
    "telegram": True,
    "countries": {
        "GB": {
            "name": "United Kingdom",
            "numbers": [
                {"kind": "emergency", "label": "Emergency", "number": "999", "how": "call"},
                {"kind": "crisis", "label": "Samaritans", "number": "116 123", "how": "call"},
                {
                    "kind": "crisis",
                    "label": "SHOUT",
                    "number": "85258",
                    "how": "text",
                    "note": "Text the word SHOUT",
                },
                {"kind": "drugs", "label": "FRANK", "number": "0300 123 6600", "how": "call"},
            ],
        },
        "US": {
            "name": "United States",
            "numbers": [
                {"kind": "emergency", "label": "Emergency", "number": "911", "how": "call"},
                {"kind": "crisis", "label": "988 Lifeline", "number": "988", "how": "call"},
                {"kind": "crisis", "label": "988 Lifeline", "number": "988", "how": "text"},
            ],
        },
        "FR": {
            "name": "France",
            "numbers": [{"kind": "emergency", "label": "SAMU", "number": "15", "how": "call"}],
        },
    },
    "unknown": {
        "name": "any country",
        "numbers": [
            {"kind": "emergency", "label": "Emergency", "number": number, "how": "call"}
            for number in ("112", "911", "999", "000")
        ],
    },
}


def _now() -> str:
    return datetime.now(timezone.utc).isoformat()


def _reply(
    text: str, kind: str = "message", buttons: tuple[str, ...] = (), author: str = "assistant"
) -> dict[str, Any]:
    return {
        "id": secrets.token_hex(6),
        "direction": "out",
        "author": author,
        "kind": kind,
        "text": text,
        "buttons": [{"title": title, "value": secrets.token_hex(4)} for title in buttons],
        "at": _now(),
    }


@dataclass
class Session:
    """One session and everything said in it, oldest first."""

    id: str
    token: str
    country: Optional[str] = None
    log: list[dict[str, Any]] = field(default_factory=list)
    answered: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    open_buttons: dict[str, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    refused_once: set[str] = field(default_factory=set)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def say(self, reply: dict[str, Any]) -> dict[str, Any]:
        self.log.append(reply)
        if reply["buttons"]:
            self.open_buttons = {button["value"]: button["title"] for button in reply["buttons"]}
        return reply


class FakeFront:
    """The state of the fake front door, and its routes."""

    def __init__(self) -> None:
        self.sessions: dict[str, Session] = {}
        self.dead: list[str] = []
        self.attempts: list[tuple[str, str]] = []
        self.event_headers: list[Optional[str]] = []
        self.embed_from: Optional[str] = None
        self.url = ""
        self.bot: Optional[str] = None
        self.elsewhere: dict[str, list[str]] = {}
        self.codes_tried: list[str] = []
        self.app = Starlette(
            routes=[
                Route("/", self.page),
                Route("/embed", self.embedding_page),
                Route("/health", lambda request: JSONResponse({"status": "ok"})),
                Route(
                    "/widget.js",
                    lambda request: FileResponse(WIDGET / "widget.js", media_type="text/javascript"),
                ),
                Route(
                    "/widget.css", lambda request: FileResponse(WIDGET / "widget.css", media_type="text/css")
                ),
                Route("/widget/resources.json", lambda request: JSONResponse(RESOURCES)),
                Route("/widget/{name}", self.asset),
                Route("/web/sessions", self.new_session, methods=["POST"]),
                Route("/web/session", self.set_country, methods=["PUT"]),
                Route("/web/session", self.end_session, methods=["DELETE"]),
                Route("/web/messages", self.message, methods=["POST"]),
                Route("/web/history", self.history),
                Route("/web/events", self.events),
                Route("/web/link", self.link, methods=["POST"]),
                Route("/web/export/{ticket}", lambda request: HTMLResponse("<title>Copy</title><h1>Your copy</h1>")),
            ],
            middleware=[
                Middleware(
                    CORSMiddleware,
                    allow_origin_regex=r"http://127\.0\.0\.1:\d+",
                    allow_methods=["GET", "POST", "PUT", "DELETE"],
                    allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
                    expose_headers=["Retry-After"],
                )
            ],
        )

    # --- what tests ask and do ---

    @property
    def only(self) -> Session:
        """The one session alive."""
        (session,) = self.sessions.values()
        return session

    def handled(self, text: str) -> int:
        """How many times a text was taken in (not merely received)."""
        return sum(
            1
            for session in self.sessions.values()
            for message in session.log
            if message["direction"] == "in" and message["text"] == text
        )

    def ids_tried(self, text: str) -> list[str]:
        """The message ids under which a text arrived."""
        return [message_id for message_id, tried in self.attempts if tried == text]

    def release(self) -> None:
        """The dialogue engine is back: what was kept is answered by event."""
        for session in self.sessions.values():
            for text in session.kept:
                session.say(_reply(f"Answer to what I kept: {text}"))
            session.kept.clear()

    # --- pages and files ---

    async def page(self, request: Request) -> Response:
        return FileResponse(WIDGET / "page.html", headers={"Content-Security-Policy": CSP})

    async def embedding_page(self, request: Request) -> Response:
        origin = self.embed_from or ""
        return HTMLResponse(
            "<!DOCTYPE html><html lang='en'><head><title>A clinic</title>"
            "<link rel='icon' href='/widget/icon.svg'></head><body><main><h1>A clinic</h1></main>"
            f"<script src='{origin}/widget.js' data-country='GB' data-title='Chat' defer></script></body></html>"
        )

    async def asset(self, request: Request) -> Response:
        name = request.path_params["name"]
        path = WIDGET / name
        types = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
        if path.suffix not in types or path.parent != WIDGET or not path.is_file():
            return Response(status_code=404)
        return FileResponse(path, media_type=types[path.suffix])

    # --- the web channel ---

    def _session(self, request: Request) -> Optional[Session]:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return self.sessions.get(token) if scheme == "Bearer" else None

    async def new_session(self, request: Request) -> Response:
        body = await request.json()
        session = Session(
            id=secrets.token_hex(6), token=secrets.token_urlsafe(24), country=body.get("country")
        )
        self.sessions[session.token] = session
        expires = datetime.now(timezone.utc) + timedelta(hours=24)
        return JSONResponse(
            {"session_id": session.id, "token": session.token, "expires_at": expires.isoformat()},
            status_code=201,
        )

    async def set_country(self, request: Request) -> Response:
        session = self._session(request)
        if session is None:
            return _error(401, "no_session")
        session.country = (await request.json())["country"]
        return Response(status_code=204)

    async def end_session(self, request: Request) -> Response:
        session = self._session(request)
        if session is None:
            return _error(401, "no_session")
        self.dead.append(self.sessions.pop(session.token).token)
        return Response(status_code=204)

    async def history(self, request: Request) -> Response:
        session = self._session(request)
        if session is None:
            return _error(401, "no_session")
        after = request.query_params.get("after")
        known = [message["id"] for message in session.log]
        start = known.index(after) + 1 if after in known else 0
        return JSONResponse({"messages": session.log[start:]})

    async def link(self, request: Request) -> Response:
        session = self._session(request)
        if session is None:
            return _error(401, "no_session")
        typed = (await request.json()).get("code")
        if typed is None:
            address = f"https://t.me/{self.bot}?start={CODE.replace('-', '')}" if self.bot else None
            expires = datetime.now(timezone.utc) + timedelta(minutes=10)
            return JSONResponse({"code": CODE, "expires_at": expires.isoformat(), "telegram": address})
        self.codes_tried.append(typed)
        said = self.elsewhere.pop(typed, None)
        if said is None:
            return _error(409, "link_refused", message=CODE_REFUSED)
        session.log[:0] = [_reply(text) for text in said]
        return JSONResponse({"linked": True})

    async def events(self, request: Request) -> Response:
        session = self._session(request)
        if session is None:
            return _error(401, "no_session")
        last = request.headers.get("Last-Event-ID")
        self.event_headers.append(last)
        start = int(last) if last else len(session.log)
        return StreamingResponse(self._stream(session, start), media_type="text/event-stream")

    async def _stream(self, session: Session, position: int) -> AsyncIterator[str]:
        yield ": hello\n\n"
        while session.token in self.sessions:
            while position < len(session.log):
                message = session.log[position]
                position += 1
                if message["direction"] == "out":
                    yield f"id: {position}\ndata: {json.dumps(message)}\n\n"
            await asyncio.sleep(0.03)

    async def message(self, request: Request) -> Response:
        body = await request.json()
        self.attempts.append((body["message_id"], body.get("text", body.get("button"))))
        session = self._session(request)
        if session is None:
            return _error(401, "no_session")
        async with session.lock:
            return await self._turn(session, body)

    async def _turn(self, session: Session, body: dict[str, Any]) -> Response:
        message_id = body["message_id"]
        if message_id in session.answered:
            return JSONResponse({"replies": session.answered[message_id]})
        text = body.get("text")
        if text is None:
            text = session.open_buttons.get(body["button"])
            if text is None:
                return _error(409, "question_closed")
        refusal = self._refusal(session, message_id, text)
        if refusal is not None:
            return refusal
        session.open_buttons = {}
        session.log.append({**_reply(text), "direction": "in", "author": "person", "message_id": message_id})
        if text == "503":
            session.kept.append(text)
            session.answered[message_id] = []
            return _error(503, "dialogue_engine_down")
        if text == "slow":
            await asyncio.sleep(1.5)
        replies = [session.say(reply) for reply in self._replies(text)]
        session.answered[message_id] = replies
        if text == "lost":
            return HTMLResponse("<h1>Bad gateway</h1>", status_code=502)
        return JSONResponse({"replies": replies})

    def _refusal(self, session: Session, message_id: str, text: str) -> Optional[Response]:
        if len(text) > LONGEST_TEXT:
            replies = [session.say(_reply(SAFETY_TEXT, "safety"))] if "want to die" in text else []
            return _error(413, "too_long", replies=replies)
        if text == "409":
            return _error(409, "id_in_use")
        if text == "429" and message_id not in session.refused_once:
            session.refused_once.add(message_id)
            return _error(429, "too_fast", headers={"Retry-After": "1"})
        return None

    def _replies(self, text: str) -> list[dict[str, Any]]:
        if text == "buttons":
            return [_reply("How often do you drink?", buttons=("Never", "Monthly", "Every week"))]
        if text == "safety":
            return [_reply(SAFETY_TEXT, "safety")]
        if text == "question":
            return [
                _reply("Are you thinking of killing yourself right now?", "safety_question", ("Yes", "No"))
            ]
        if text == "summary":
            return [
                _reply("What I have so far:\n– beer, most evenings\n– you want to sleep better", "summary")
            ]
        if text == "copy":
            return [_reply(f"Here it is: {self.url}/web/export/t1cket999. Not {self.url}.evil.example/x or https://evil.example/")]
        return [_reply(f"You said: {text}")]


def _error(
    status: int,
    code: str,
    replies: Optional[list[dict[str, Any]]] = None,
    headers: Optional[dict[str, str]] = None,
    message: str = "Plain words.",
) -> JSONResponse:
    body: dict[str, Any] = {"error": code, "message": message}
    if replies:
        body["replies"] = replies
    return JSONResponse(body, status_code=status, headers=headers)


class RunningFront:
    """Serves a fake front on a port of its own; can be stopped and started again with its state kept."""

    def __init__(self) -> None:
        self.fake = FakeFront()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = self.fake.url = f"http://127.0.0.1:{self.port}"
        self._server: Optional[uvicorn.Server] = None
        self._thread: Optional[threading.Thread] = None

    def start(self) -> None:
        # ws="none": the websockets package that Rasa pins is older than uvicorn can use.
        config = uvicorn.Config(
            self.fake.app, host="127.0.0.1", port=self.port, log_level="critical", lifespan="off", ws="none"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise RuntimeError("the fake front did not start")
            time.sleep(0.02)

    def stop(self) -> None:
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        # Event streams never end by themselves.
        self._server.force_exit = True
        self._thread.join(timeout=10)
        self._server = None

    def staff_says(self, name: str, text: str) -> None:
        """A message nobody asked for, written by a person of the team."""
        self.fake.only.say(_reply(text, author=f"staff:{name}"))

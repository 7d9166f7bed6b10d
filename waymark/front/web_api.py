"""The web channel (interfaces §3): sessions, messages, events, history, quick exit."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any, AsyncIterator, Optional, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from waymark.domain.conversation import InboxMessage, OutboxMessage
from waymark.domain.errors import LinkRefused, MessageConflict, OwnRecord, QuestionClosed, StorageUnavailable
from waymark.front.desk import FrontDesk, NotKept, TooFast, TooLong
from waymark.front.events import EventHub
from waymark.front.hand_over import DialogueDown
from waymark.front.parsing import Malformed, parse_country, parse_link, parse_message
from waymark.front.sessions import SessionTokens, WebSession
from waymark.front.standings import Standings
from waymark.front.web_link import WebLinks
from waymark.services.ports import Clock
from waymark.services.turns import Turns

logger = logging.getLogger(__name__)

CHANNEL = "web"
MAX_BODY = 500_000
ENDED_WITHIN = 0.5
END_TOLD_WITHIN = 2.0
TELL_END_EVERY = 1.0

WORDS = {
    "malformed": "I couldn't read that request.",
    "no_session": "This chat has ended. Start a new one to go on.",
    "conflict": "That message was sent before with other words.",
    "question_closed": "That question is already answered.",
    "too_long": "That is too long for me to read. Please send it in shorter pieces, up to 4,000 characters.",
    "too_fast": "That was a bit fast for me. Please try again in a moment.",
    "dialogue_down": "I can't answer just now. Your message is kept, and I'll answer as soon as I'm back.",
    "not_kept": "I couldn't keep your message just now. Please send it again in a moment.",
    "link_refused": "That code can't be used. A code works once, for ten minutes. You can ask for a new one.",
    "own_record": "This chat already has a record of its own, so I can't join the two. "
    "If the other chat is new, get a code here and send it there.",
    "too_many_codes": "That was a few wrong codes. Please wait some minutes and try again.",
    "link_not_kept": "That didn't work just now. Please try again in a moment.",
}


class WebChannel:
    """Routes of the web channel."""

    def __init__(
        self,
        desk: FrontDesk,
        turns: Turns,
        tokens: SessionTokens,
        hub: EventHub,
        standings: Standings,
        clock: Clock,
        links: WebLinks,
    ) -> None:
        self._desk, self._turns, self._tokens, self._links = desk, turns, tokens, links
        self._hub, self._standings, self._clock = hub, standings, clock
        self._countries: dict[str, str] = {}
        self._ends: set["asyncio.Task[None]"] = set()

    def routes(self) -> list[Route]:
        return [
            Route("/web/sessions", self.create_session, methods=["POST"]),
            Route("/web/session", self.change_session, methods=["PUT"]),
            Route("/web/session", self.end_session, methods=["DELETE"]),
            Route("/web/messages", self.message, methods=["POST"]),
            Route("/web/history", self.history, methods=["GET"]),
            Route("/web/events", self.events, methods=["GET"]),
            Route("/web/link", self.link, methods=["POST"]),
        ]

    async def create_session(self, request: Request) -> Response:
        """A token. Nothing about a person is stored yet."""
        try:
            country = parse_country(await _body(request), required=False)
        except Malformed as error:
            return problem(400, "malformed", str(error))
        session, token = self._tokens.create(self._clock.now(), country)
        body = {"session_id": session.session_id, "token": token, "expires_at": session.expires_at.isoformat()}
        return JSONResponse(body, status_code=201)

    async def change_session(self, request: Request) -> Response:
        session = await self._session(request)
        if session is None:
            return problem(401, "no_session")
        try:
            country = parse_country(await _body(request), required=True)
        except Malformed as error:
            return problem(400, "malformed", str(error))
        if country:
            self._countries[session.session_id] = country
            await asyncio.to_thread(self._turns.set_country, CHANNEL, session.session_id, country)
        self._standings.forget(CHANNEL, session.session_id)
        return Response(status_code=204)

    async def end_session(self, request: Request) -> Response:
        """Quick exit: the token is dead at once, also if the database is away. The other fronts hear of it there, so
        it is told to the database until it is kept."""
        session = await self._session(request)
        if session is None:
            return problem(401, "no_session")
        self._tokens.end(session.session_id)
        self._standings.forget(CHANNEL, session.session_id)
        telling = asyncio.create_task(self._tell_end(session.session_id))
        self._ends.add(telling)
        telling.add_done_callback(self._ends.discard)
        await asyncio.wait({telling}, timeout=END_TOLD_WITHIN)
        return Response(status_code=204)

    async def _tell_end(self, session_id: str) -> None:
        while True:
            try:
                return await asyncio.to_thread(self._turns.end_session, session_id)
            except StorageUnavailable as error:
                logger.warning("the end of a session waits for the database: %s", type(error).__name__)
                await asyncio.sleep(TELL_END_EVERY)

    async def message(self, request: Request) -> Response:
        """Replies once the turn is over; the same ``message_id`` again gives the same replies."""
        session = await self._session(request)
        try:
            incoming = parse_message(await _body(request), session.session_id if session else "")
        except Malformed as error:
            return problem(401, "no_session") if session is None else problem(400, "malformed", str(error))
        if session is None:
            shown = [reply_dict(reply) for reply in await self._desk.safety_only(incoming)]
            return problem(401, "no_session", replies=shown)
        incoming = incoming.with_country(self._countries.get(session.session_id, session.country))
        try:
            replies = await self._desk.receive(incoming)
        except TooLong as error:
            return problem(413, "too_long", replies=[reply_dict(r) for r in error.replies])
        except TooFast as error:
            return problem(429, "too_fast", headers={"Retry-After": str(max(1, round(error.seconds)))})
        except MessageConflict:
            return problem(409, "conflict")
        except QuestionClosed:
            return problem(409, "question_closed")
        except (DialogueDown, asyncio.TimeoutError):
            return problem(503, "dialogue_down")
        except NotKept:
            return problem(503, "not_kept")
        return JSONResponse({"replies": [reply_dict(r) for r in replies]})

    async def link(self, request: Request) -> Response:
        """A code to carry on with in Telegram; with a code from there, this session becomes that person's."""
        session = await self._session(request)
        if session is None:
            return problem(401, "no_session")
        try:
            typed = parse_link(await _body(request))
            if typed is None:
                return JSONResponse(await self._links.issue(session.session_id))
            await self._links.redeem(session.session_id, typed)
        except Malformed as error:
            return problem(400, "malformed", str(error))
        except (LinkRefused, OwnRecord) as error:
            return problem(409, error.code)
        except TooFast as error:
            return problem(429, "too_many_codes", headers={"Retry-After": str(max(1, round(error.seconds)))})
        except StorageUnavailable:
            return problem(503, "not_kept", WORDS["link_not_kept"])
        self._standings.forget(CHANNEL, session.session_id)
        return JSONResponse({"linked": True})

    async def history(self, request: Request) -> Response:
        session = await self._session(request)
        if session is None:
            return problem(401, "no_session")
        after = request.query_params.get("after")
        messages = await asyncio.to_thread(self._turns.history, CHANNEL, session.session_id, after)
        return JSONResponse({"messages": [history_dict(m) for m in messages]})

    async def events(self, request: Request) -> Response:
        session = await self._session(request)
        if session is None:
            return problem(401, "no_session")
        source = self._event_lines(session, request.headers.get("last-event-id"))
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(source, media_type="text/event-stream", headers=headers)

    async def _event_lines(self, session: WebSession, last_id: Optional[str]) -> AsyncIterator[str]:
        yield ": connected\n\n"
        async for message in self._hub.stream(CHANNEL, session.session_id, last_id):
            if await self._ended(session):
                return
            if message is None:
                yield ": alive\n\n"
            else:
                yield f"id: {message.id}\ndata: {json.dumps(reply_dict(message))}\n\n"

    async def _session(self, request: Request) -> Optional[WebSession]:
        """The live session of a request. A database that is away does not shut anybody out."""
        session = self._tokens.check(request.headers.get("authorization"), self._clock.now())
        return None if session is None or await self._ended(session) else session

    async def _ended(self, session: WebSession) -> bool:
        """Whether the session was ended, here or at another front."""
        if self._tokens.is_ended(session.session_id):
            return True
        try:
            ended = await asyncio.wait_for(asyncio.to_thread(self._turns.session_ended, session.session_id), ENDED_WITHIN)
        except (StorageUnavailable, asyncio.TimeoutError):
            return False
        if ended:
            self._tokens.end(session.session_id)
        return ended


def reply_dict(message: OutboxMessage) -> dict[str, Any]:
    """A reply as interfaces §3 fixes it; ``author`` marks what a person of the team wrote."""
    return {
        "id": message.id,
        "kind": message.kind,
        "text": message.text,
        "buttons": message.buttons,
        "at": message.created_at.isoformat(),
        "author": message.author,
    }


def history_dict(message: "InboxMessage | OutboxMessage") -> dict[str, Any]:
    if isinstance(message, OutboxMessage):
        return {**reply_dict(message), "direction": "out"}
    return {
        "id": message.id,
        "message_id": message.channel_message_id,
        "direction": "in",
        "author": "person",
        "kind": "message",
        "text": message.text,
        "buttons": [],
        "at": message.received_at.isoformat(),
    }


def problem(status: int, code: str, words: str = "", *, replies: Optional[Sequence[Any]] = None, headers: Optional[dict[str, str]] = None) -> JSONResponse:
    """An error in plain words; safety replies come with it where there are any."""
    body: dict[str, Any] = {"error": code, "message": words or WORDS[code], "replies": list(replies or ())}
    return JSONResponse(body, status_code=status, headers=headers)


async def _body(request: Request) -> bytes:
    """The request's body, read up to a limit; the rest is left unread and the request is malformed."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY:
            raise Malformed("The request is too large.")
        chunks.append(chunk)
    return b"".join(chunks)

"""The Telegram Bot API as a bot sees it, on loopback: strict, watched, and with trouble to order.

>>> with FakeBotApi() as fake:
...     sam = fake.user()
...     sam.say("/start")               # the bot finds the update with getUpdates, or its webhook is called
...     sam.wait_for(1)                 # what the bot has written
...     assert fake.violations == []    # and it broke no rule of the API
"""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any, Mapping, Optional

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from botapi.bot_api_rules import check
from botapi.faults import Fault, Faults, Pace
from botapi.methods import Methods
from botapi.methods_known import METHODS, Method, Upload
from botapi.people import Group, User
from botapi.refusal import PHRASES, Refusal, outage
from botapi.requests_read import read_parameters
from botapi.server import Server
from botapi.state import Call, Chat, State
from botapi.updates import Poll, Update, UpdateQueue
from botapi.webhook import Webhook

TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
LONGEST_POLL_SECONDS = 50
# These only ask; everything else counts as something that the bot does.
ASKING = frozenset({"getMe", "getUpdates", "getWebhookInfo"})


class FakeBotApi:
    """One bot, its chats, and the server that it talks to.

    ``violations`` holds every call that broke a rule of the Bot API, as ``method: description``. Everything is kept
    over ``stop`` and ``start``.
    """

    def __init__(
        self, token: str = "123456:TEST-token", username: str = "waymark_test_bot", port: int = 0
    ) -> None:
        self.token, self.username = token, username
        self._state = State(token, username)
        self._updates = UpdateQueue(self._state)
        self._webhook = Webhook(self._state, self._updates)
        self._pace, self._faults = Pace(), Faults()
        self._methods = Methods(self._state, self._updates, self._webhook, self._pace)
        self._server = Server("/bot{token}/{method}", self._answer, self._webhook.deliver, port)
        self.port, self.url = self._server.port, f"http://127.0.0.1:{self._server.port}"

    def __enter__(self) -> "FakeBotApi":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Take calls, on the same port as ever."""
        self._server.start()

    def stop(self) -> None:
        """Telegram is down: connections are refused, and no webhook is called."""
        self._server.stop()

    def close(self) -> None:
        """Stop for good, and give the port back."""
        self._server.close()

    # --- people -------------------------------------------------------------------------------------------------

    def user(self, chat_id: Optional[int] = None, first_name: str = "Sam") -> User:
        """A person with a private chat of their own, in which nothing has been said yet."""
        with self._state.changed:
            chat_id = self._state.new_chat_id() if chat_id is None else chat_id
            person = {"id": chat_id, "is_bot": False, "first_name": first_name, "language_code": "en"}
            chat = Chat(chat_id, {"id": chat_id, "type": "private", "first_name": first_name})
            self._state.chats[chat_id] = chat
        return User(self._state, self._updates, self._methods, chat, person)

    def group(self, title: str = "A group", kind: str = "group", chat_id: Optional[int] = None) -> Group:
        """A group (or ``supergroup``) with one person in it, and without the bot."""
        with self._state.changed:
            number = self._state.new_chat_id()
            chat_id = -number if chat_id is None else chat_id
            person = {"id": number, "is_bot": False, "first_name": "Sam", "language_code": "en"}
            chat = Chat(chat_id, {"id": chat_id, "type": kind, "title": title}, membership="left")
            self._state.chats[chat_id] = chat
        return Group(self._state, self._updates, self._methods, chat, person)

    # --- updates ------------------------------------------------------------------------------------------------

    @property
    def updates(self) -> list[Update]:
        """Every update ever made, in the order of their numbers, whether the bot wanted it or not."""
        with self._state.changed:
            return [update for _, (update, _) in sorted(self._updates.made.items())]

    @property
    def unconfirmed(self) -> list[int]:
        """The numbers of the updates that the bot has not confirmed."""
        with self._state.changed:
            return [pending.update["update_id"] for pending in self._updates.pending]

    def forget_updates(self) -> None:
        """Drop what the bot has not confirmed."""
        with self._state.changed:
            self._updates.drop()

    def redeliver(self, update_id: int) -> None:
        """Deliver an old update once more, just as it was, even though the bot confirmed it."""
        with self._state.changed:
            self._updates.add_again(update_id)

    def raw(self, update: Mapping[str, Any]) -> int:
        """Deliver an update just as it is; ``update_id`` is filled in when missing. Gives its number."""
        with self._state.changed:
            return self._updates.add_raw(dict(update), "raw")

    def expire_taps(self) -> None:
        """All taps so far are too old to be answered; an answer to one counts as a violation."""
        with self._state.changed:
            for tap in self._state.taps.values():
                tap.expired = True

    def stand_for(self, public: str, local: str) -> None:
        """A webhook at the ``public`` address is called at the ``local`` one, as a reverse proxy would do."""
        self._webhook.stands_for[public] = local

    # --- what the bot did -----------------------------------------------------------------------------------------

    @property
    def calls(self) -> list[Call]:
        """Every call so far, in the order in which they were done with."""
        with self._state.changed:
            return list(self._state.calls)

    @property
    def violations(self) -> list[str]:
        """Every call that broke a rule; the list itself, which may be cleared."""
        return self._state.violations

    @property
    def commands(self) -> dict[tuple[str, str], list[tuple[str, str]]]:
        """What ``setMyCommands`` set: (scope as JSON, language) to (command, description) pairs."""
        with self._state.changed:
            return dict(self._state.commands)

    def wait_for_poll(self, within: float = 10.0) -> None:
        """Until a long poll of the bot waits for updates. Raises AssertionError after ``within`` seconds."""
        self._state.wait(lambda: "a long poll", lambda: self._updates.polled, within)

    def wait_idle(self, quiet: float = 0.3, within: float = 30.0) -> None:
        """Until every update is confirmed and the bot has done nothing for ``quiet`` seconds.

        Raises AssertionError after ``within`` seconds.
        """
        end = time.monotonic() + within
        with self._state.changed:
            while True:
                now = time.monotonic()
                busy = bool(self._updates.pending or self._state.in_flight)
                still = now - self._state.last_activity
                if not busy and still >= quiet:
                    return
                if now >= end:
                    raise AssertionError(f"the bot is not idle after {within:g} s; unconfirmed: {self.unconfirmed}")
                self._state.changed.wait(min(end - now, end - now if busy else quiet - still))

    # --- trouble --------------------------------------------------------------------------------------------------

    def fail(
        self,
        method: str,
        status: int,
        times: int = 1,
        retry_after: Optional[int] = None,
        chat_id: Optional[int] = None,
    ) -> None:
        """The next calls of the method (``*``: of any) answer with that status, and nothing is done."""
        self._trouble(Fault("fail", method, times, chat_id, refusal=outage(status, retry_after)))

    def drop(self, method: str, times: int = 1, chat_id: Optional[int] = None) -> None:
        """The next calls of the method are carried out, but the connection closes without an answer."""
        self._trouble(Fault("drop", method, times, chat_id))

    def slow(self, method: str, seconds: float, times: int = 1, chat_id: Optional[int] = None) -> None:
        """The next calls of the method are carried out at once and answered only after so many seconds."""
        self._trouble(Fault("slow", method, times, chat_id, seconds=seconds))

    def limit(self, per_chat_per_second: Optional[float], retry_after: int = 1) -> None:
        """Refuse (429) what is written to a chat faster than that, then for ``retry_after`` seconds; None: no limit."""
        with self._state.changed:
            self._pace.per_chat_per_second, self._pace.retry_after = per_chat_per_second, retry_after

    def _trouble(self, fault: Fault) -> None:
        with self._state.changed:
            self._faults.waiting.append(fault)

    # --- calls ----------------------------------------------------------------------------------------------------

    async def _answer(self, request: Request) -> Response:
        at, name = time.monotonic(), str(request.path_params["method"])
        method = METHODS.get(name.lower())
        try:
            self._open_door(request.path_params["token"])
            if method is None:
                raise Refusal(404, PHRASES[404], counts=True)
            given, files = await read_parameters(request)
        except Refusal as refusal:
            return self._refuse(name, {}, at, refusal)
        except ClientDisconnect:
            return self._server.cut()
        with self._state.changed:
            faults = self._faults.take(method.name, given.get("chat_id"))
            self._state.in_flight += method.name not in ASKING
        try:
            answer = await self._carry_out(method, given, files, at, "drop" in faults, faults.get("fail"))
            if "slow" in faults:
                await self._server.wait(asyncio.Event(), faults["slow"].seconds)
        finally:
            with self._state.changed:
                self._state.in_flight -= method.name not in ASKING
                self._state.changed.notify_all()
        return self._server.cut() if "drop" in faults or self._server.stopping else answer

    def _open_door(self, token: str) -> None:
        if token != self.token:
            status = 401 if TOKEN.fullmatch(token) else 404
            raise Refusal(status, PHRASES[status])

    async def _carry_out(
        self,
        method: Method,
        given: Mapping[str, Any],
        files: Mapping[str, Upload],
        at: float,
        dropped: bool,
        fail: Optional[Fault],
    ) -> Response:
        params: Mapping[str, Any] = {**given, **{name: file.name for name, file in files.items()}}
        try:
            if fail is not None and fail.refusal is not None:
                raise fail.refusal
            params = check(method, given, files)
            result: Any = await self._get_updates(params) if method.name == "getUpdates" else None
            with self._state.changed:
                if method.name != "getUpdates":
                    result = self._methods.call(method.name, params)
                if dropped and method.name == "answerCallbackQuery":
                    self._state.taps[params["callback_query_id"]].answer_lost = True
                self._record(method.name, params, at, "dropped" if dropped else "ok")
        except Refusal as refusal:
            return self._refuse(method.name, params, at, refusal)
        return JSONResponse({"ok": True, "result": result})

    async def _get_updates(self, params: Mapping[str, Any]) -> list[Update]:
        loop, news = asyncio.get_running_loop(), asyncio.Event()
        limit, seconds = params.get("limit", 100), min(params.get("timeout", 0), LONGEST_POLL_SECONDS)
        poll = Poll(lambda: loop.call_soon_threadsafe(news.set))
        with self._state.changed:
            if self._webhook.hook.url:
                raise Refusal(
                    409,
                    "Conflict: can't use getUpdates method while webhook is active; "
                    "use deleteWebhook to delete the webhook first",
                )
            self._updates.allow(params.get("allowed_updates"))
            start = self._updates.start_of(params.get("offset", 0))
            found = self._updates.take(start, limit)
            if found or not seconds:
                return found
            self._updates.begin_poll(poll)
        await self._server.wait(news, seconds)
        with self._state.changed:
            self._updates.leave_poll(poll)
            if poll.conflict:
                raise Refusal(409, poll.conflict)
            return [] if self._server.stopping else self._updates.take(start, limit)

    def _refuse(self, method: str, params: Mapping[str, Any], at: float, refusal: Refusal) -> Response:
        with self._state.changed:
            self._record(method, params, at, str(refusal))
            if refusal.counts:
                self._state.violations.append(f"{method}: {refusal.description}")
        if refusal.status in (502, 503, 504):
            # These come from the web server in front of Telegram, which speaks no JSON.
            return HTMLResponse(f"<h1>{refusal.description}</h1>", refusal.status)
        return JSONResponse(refusal.body(), refusal.status)

    def _record(self, method: str, params: Mapping[str, Any], at: float, outcome: str) -> None:
        self._state.calls.append(Call(method, dict(params), at, outcome))
        if method in ASKING:
            self._state.changed.notify_all()
        else:
            self._state.active()

"""The fake Bot API fails to order, goes down and comes back, and calls webhooks until they answer."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Iterator, Optional

import pytest
from botapi.fake_bot_api import FakeBotApi
from botapi.people import User
from botapi.real_library import RealLibrary
from botapi.server import Server
from botapi.webhook import SECRET_HEADER
from starlette.requests import Request
from starlette.responses import Response
from telegram import Update
from telegram.error import Conflict, NetworkError, RetryAfter, TimedOut
from telegram.ext import Application, MessageHandler, filters
from telegram.request import HTTPXRequest


@pytest.fixture
def fake() -> Iterator[FakeBotApi]:
    with FakeBotApi() as made:
        yield made


@pytest.fixture
def library(fake: FakeBotApi) -> Iterator[RealLibrary]:
    made = RealLibrary(fake.url, fake.token)
    yield made
    made.close()


@pytest.fixture
def sam(fake: FakeBotApi) -> User:
    """Somebody who has written to the bot before, with nothing left to confirm."""
    user = fake.user()
    user.say("/start")
    fake.forget_updates()
    return user


def updates(library: RealLibrary, **parameters: Any) -> list[Update]:
    return list(library(lambda bot: bot.get_updates(**parameters)))


# --- trouble ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 502, 503])
def test_calls_fail_to_order(fake, library, sam, status):
    fake.fail("sendMessage", status, times=2)
    for _ in range(2):
        with pytest.raises(NetworkError):
            library(lambda bot: bot.send_message(sam.chat_id, "Hello"))
    library(lambda bot: bot.send_message(sam.chat_id, "Hello"))
    assert sam.texts == ["Hello"] and fake.violations == []
    assert [call.outcome[:3] for call in fake.calls] == [str(status), str(status), "ok"]


def test_a_fault_can_meet_one_chat_only(fake, library, sam):
    alex = fake.user(first_name="Alex")
    alex.say("/start")
    fake.fail("sendMessage", 429, retry_after=7, chat_id=alex.chat_id)
    library(lambda bot: bot.send_message(sam.chat_id, "Hello"))
    with pytest.raises(RetryAfter) as caught:
        library(lambda bot: bot.send_message(alex.chat_id, "Hello"))
    assert int(caught.value._retry_after.total_seconds()) == 7


def test_a_dropped_message_has_arrived_all_the_same(fake, library, sam):
    fake.drop("sendMessage")
    with pytest.raises(NetworkError, match="disconnected|Disconnect|ReadError"):
        library(lambda bot: bot.send_message(sam.chat_id, "Lost?"))
    assert sam.texts == ["Lost?"] and fake.calls[-1].outcome == "dropped"


def test_a_slow_answer_comes_late_or_too_late(fake, sam):
    library = RealLibrary(fake.url, fake.token, read_timeout=0.5)
    fake.slow("sendMessage", 0.2)
    began = time.monotonic()
    library(lambda bot: bot.send_message(sam.chat_id, "Late"))
    assert time.monotonic() - began >= 0.2
    fake.slow("sendMessage", 30)
    with pytest.raises(TimedOut):
        library(lambda bot: bot.send_message(sam.chat_id, "Too late"))
    assert sam.texts == ["Late", "Too late"]
    library.close()


def test_who_writes_too_fast_has_to_wait(fake, library, sam):
    alex = fake.user()
    alex.say("/start")
    fake.limit(per_chat_per_second=1, retry_after=3)
    library(lambda bot: bot.send_message(sam.chat_id, "One"))
    with pytest.raises(RetryAfter):
        library(lambda bot: bot.send_message(sam.chat_id, "Two"))
    library(lambda bot: bot.send_message(alex.chat_id, "One"))
    fake.limit(None)
    library(lambda bot: bot.send_message(sam.chat_id, "Two"))
    assert sam.texts == ["One", "Two"] and fake.violations == []


def test_telegram_goes_down_and_comes_back_on_the_same_port(fake, library, sam):
    poll = library.begin(lambda bot: bot.get_updates(timeout=30))
    fake.wait_for_poll()
    fake.stop()
    with pytest.raises(NetworkError):
        poll.result(10)
    with pytest.raises(NetworkError, match="ConnectError"):
        library(lambda bot: bot.get_me())
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", fake.port), timeout=5)
    sam.say("while it was down")
    fake.start()
    assert [update.message.text for update in updates(library)] == ["while it was down"]
    library(lambda bot: bot.send_message(sam.chat_id, "Back again"))
    assert sam.texts == ["Back again"] and f":{fake.port}" in fake.url


def test_an_application_of_the_library_lives_through_an_outage(fake):
    async def echo(update: Update, context: Any) -> None:
        await update.effective_chat.send_message(f"You said {update.message.text}")

    async def talk(sam: User) -> None:
        requests = [HTTPXRequest(httpx_kwargs={"trust_env": False}) for _ in range(2)]
        builder = Application.builder().token(fake.token).base_url(f"{fake.url}/bot")
        application = builder.request(requests[0]).get_updates_request(requests[1]).build()
        application.add_handler(MessageHandler(filters.TEXT, echo))
        async with application:
            await application.start()
            await application.updater.start_polling()
            await asyncio.to_thread(through_an_outage, sam)
            await application.updater.stop()
            await application.stop()

    def through_an_outage(sam: User) -> None:
        sam.say("one")
        sam.wait_for(1)
        fake.wait_for_poll()
        fake.stop()
        sam.say("two")
        fake.start()
        sam.wait_for(2)
        fake.wait_idle()

    sam = fake.user()
    asyncio.run(talk(sam))
    assert sam.texts == ["You said one", "You said two"] and fake.violations == []


# --- webhooks ---------------------------------------------------------------------------------------------------


@dataclass
class Receiver:
    """A web server that a webhook points at; it notes what comes and answers with the statuses it was given."""

    statuses: list[int] = field(default_factory=list)
    refused: Optional[int] = None
    got: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    async def take(self, request: Request) -> Response:
        update = await request.json()
        with self.changed:
            self.got.append((request.url.path, request.headers.get(SECRET_HEADER, ""), update))
            self.changed.notify_all()
        if update["message"]["chat"]["id"] == self.refused:
            return Response(status_code=500)
        return Response(status_code=self.statuses.pop(0) if self.statuses else 200)

    def wait_for(self, done: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(done, 10)

    async def nothing(self) -> None:
        return None


@pytest.fixture
def receiver() -> Iterator[tuple[Receiver, str]]:
    receiver = Receiver()
    server = Server("/{path:path}", receiver.take, receiver.nothing)
    server.start()
    yield receiver, f"http://127.0.0.1:{server.port}"
    server.close()


def test_a_webhook_is_called_with_the_secret_until_it_takes_the_update(fake, library, sam, receiver):
    came, url = receiver
    came.statuses = [500, 503]
    library(lambda bot: bot.set_webhook(f"{url}/telegram/hook", secret_token="a-secret_1"))
    sam.say("hello")
    fake.wait_idle(quiet=0.05)
    assert [(path, secret, update["message"]["text"]) for path, secret, update in came.got] == [
        ("/telegram/hook", "a-secret_1", "hello")
    ] * 3
    info = library(lambda bot: bot.get_webhook_info())
    assert info.url == f"{url}/telegram/hook" and info.pending_update_count == 0
    assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"


def test_a_webhook_stands_behind_a_public_address(fake, library, sam, receiver):
    came, url = receiver
    fake.stand_for("https://clinic.example", url)
    library(lambda bot: bot.set_webhook("https://clinic.example/telegram/hook"))
    first = sam.last_update_id
    sam.say("one")
    fake.wait_idle(quiet=0.05)
    fake.redeliver(first + 1)
    fake.wait_idle(quiet=0.05)
    assert [(path, secret) for path, secret, _ in came.got] == [("/telegram/hook", "")] * 2


def test_a_chat_that_fails_does_not_hold_up_the_others(fake, library, sam, receiver):
    came, url = receiver
    alex = fake.user(first_name="Alex")
    came.refused = alex.chat_id
    library(lambda bot: bot.set_webhook(f"{url}/hook"))
    alex.say("refused again and again")
    sam.say("one")
    came.wait_for(lambda: any(update["message"]["text"] == "one" for _, _, update in came.got))
    assert fake.unconfirmed[0] == alex.last_update_id
    came.refused = None
    fake.wait_idle(quiet=0.05)
    assert came.got[-1][2]["update_id"] == alex.last_update_id


def test_a_webhook_and_polling_exclude_each_other(fake, library, receiver):
    poll = library.begin(lambda bot: bot.get_updates(timeout=30))
    fake.wait_for_poll()
    library(lambda bot: bot.set_webhook(f"{receiver[1]}/hook"))
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        poll.result(10)
    with pytest.raises(Conflict, match="while webhook is active"):
        updates(library)
    library(lambda bot: bot.delete_webhook(drop_pending_updates=True))
    assert updates(library) == [] and library(lambda bot: bot.get_webhook_info()).url == ""

"""The bot's set-up in plain words, against a small Bot API; the token is in none of them."""

from __future__ import annotations

import logging
import socket
import threading
from typing import Any, Iterator

import pytest

from integration.small_bot_api import TOKEN, USERNAME, SmallBotApi, accepted, page, refusal
from waymark.adapters.notify import telegram_check
from waymark.adapters.notify.telegram_check import BotCheck, check_bot

WRONG_TOKEN = TOKEN[:-4] + "zzzz"


@pytest.fixture
def api() -> Iterator[SmallBotApi]:
    made = SmallBotApi()
    yield made
    made.close()


def check(api: str, mode: str = "polling", token: str = TOKEN) -> BotCheck:
    checked = check_bot(token, api, mode)
    assert token not in checked.words and token.partition(":")[2] not in checked.words
    return checked


@pytest.mark.parametrize("mode", ["polling", "webhook"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_bot_that_answers(api: SmallBotApi, mode: str, slash: str) -> None:
    checked = check(api.url + slash, mode)
    assert checked.ok and checked.username == USERNAME
    assert f"@{USERNAME}, by {mode}" in checked.words and "wait" not in checked.words
    assert api.asked == ["getMe", "getWebhookInfo"]


def test_a_webhook_that_is_not_set_yet_is_set_at_the_start(api: SmallBotApi) -> None:
    assert "which is set when Waymark starts" in check(api.url, "webhook").words


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_messages_that_wait_are_counted(api: SmallBotApi, mode: str) -> None:
    api.webhook = {"pending_update_count": 17}
    checked = check(api.url, mode)
    assert checked.ok and "17 messages wait" in checked.words


def test_polling_with_a_webhook_set_is_told_and_mended_at_the_start(api: SmallBotApi) -> None:
    api.webhook = {"url": f"https://elsewhere.example/{TOKEN}", "pending_update_count": 3}
    checked = check(api.url)
    assert checked.ok and checked.username == USERNAME
    assert "takes it away when it starts" in checked.words and "has a webhook" in checked.words and "3 messages wait" in checked.words and "WAYMARK_TELEGRAM_MODE" in checked.words
    assert "elsewhere" not in checked.words


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("Wrong response from the webhook: 502 Bad Gateway", "answered with an error"),
        ("Connection refused", "refused the connection"),
        ("Connection timed out", "did not answer in time"),
        ("Failed to resolve host: Name or service not known", "was not found"),
        ("SSL error {error:0A000086:SSL routines::certificate verify failed}", "certificate"),
        ("Something new", "a fault of another kind"),
    ],
)
def test_a_webhook_that_fails_is_told_by_its_kind(api: SmallBotApi, told: str, kind: str) -> None:
    api.webhook = {
        "url": "https://clinic.example/telegram",
        "pending_update_count": 2,
        "last_error_date": 1900000000,
        "last_error_message": f"{told} https://clinic.example/{TOKEN}",
    }
    checked = check(api.url, "webhook")
    assert not checked.ok and kind in checked.words and "2 messages wait" in checked.words and "https://" not in checked.words
    api.webhook["pending_update_count"] = 0
    later = check(api.url, "webhook")
    assert later.ok and kind in later.words


@pytest.mark.parametrize("token", ["", "hello", f" {TOKEN}", f"{TOKEN}\n", TOKEN.replace(":", ""), f"bot{TOKEN}", f"{TOKEN}/getMe#"])
def test_a_malformed_token_is_not_sent_anywhere(api: SmallBotApi, token: str) -> None:
    checked = check_bot(token, api.url, "polling")
    assert not checked.ok and checked.username is None and "form of a bot token" in checked.words
    assert TOKEN not in checked.words and api.asked == []


def test_a_token_that_telegram_refuses(api: SmallBotApi) -> None:
    checked = check(api.url, token=WRONG_TOKEN)
    assert not checked.ok and "Telegram refused the token" in checked.words and "@BotFather" in checked.words


ANSWERS = [
    (lambda: refusal(404, "Not Found"), "no such bot"),
    (lambda: refusal(429, "Too Many Requests: retry after 5", parameters={"retry_after": 5}), "asks to wait"),
    (lambda: refusal(500, f"Internal Server Error {TOKEN}"), "answered with an error"),
    (lambda: refusal(403, f"Forbidden {TOKEN}"), "not as the Bot API does"),
    (lambda: page(502, f"<h1>Bad Gateway {TOKEN}</h1>"), "answered with an error"),
    (lambda: page(200, f"<h1>Welcome {TOKEN}</h1>"), "not as the Bot API does"),
    (lambda: accepted([TOKEN]), "not as the Bot API does"),
    (lambda: accepted({"hello": TOKEN}), "not as the Bot API does"),
    (lambda: page(200, f'["{TOKEN}"]'), "not as the Bot API does"),
    (lambda: page(200, f'{{"hello": "{TOKEN}"}}'), "not as the Bot API does"),
]


@pytest.mark.parametrize(("answer", "expected"), ANSWERS, ids=[f"{expected}-{n}" for n, (_, expected) in enumerate(ANSWERS)])
def test_answers_that_are_no_bot(api: SmallBotApi, caplog: pytest.LogCaptureFixture, answer: Any, expected: str) -> None:
    api.answer = answer()
    checked = check(api.url)
    assert not checked.ok and expected in checked.words
    assert caplog.records == [], "the library would log the page, and so show it on the screen"


def test_an_address_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    checked = check(f"http://clinic:hidden@127.0.0.1:{port}")
    assert not checked.ok and f"127.0.0.1:{port} cannot be reached" in checked.words and "hidden" not in checked.words


def test_a_host_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert "nowhere.invalid cannot be reached" in check("https://nowhere.invalid").words


def test_an_address_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram_check, "TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        checked = check(f"http://127.0.0.1:{silent.getsockname()[1]}")
    assert not checked.ok and "did not answer within 0.2 s" in checked.words


@pytest.mark.parametrize("address", ["api.telegram.org", "ftp://api.telegram.org", "https://", "http://h:port", "https://h/?x=1"])
def test_an_address_of_the_api_that_is_none(address: str) -> None:
    assert "WAYMARK_TELEGRAM_API must be an address" in check(address).words


@pytest.mark.parametrize("name", ["http://127.0.0.1:{port}", "http://localhost:{port}"])
def test_a_proxy_is_never_asked_for_this_machine(api: SmallBotApi, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for variable in ("ALL_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(variable, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert check(name.format(port=api.url.rpartition(":")[2])).ok


def test_a_proxy_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(variable, "nonsense://127.0.0.1:1")
    assert "proxy" in check("").words


def test_a_proxy_that_lets_nothing_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """The request for the tunnel is refused before anything leaves this machine."""
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        threading.Thread(target=_refuse_tunnel, args=(proxy,), daemon=True).start()
        for variable in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.getsockname()[1]}")
        for variable in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(variable, raising=False)
        checked = check("")
    assert not checked.ok and "does not let through to api.telegram.org" in checked.words


def _refuse_tunnel(proxy: socket.socket) -> None:
    client, _ = proxy.accept()
    with client:
        client.recv(4096)
        client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")


def test_the_libraries_log_no_address(api: SmallBotApi, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    before = logging.getLogger("httpx").level
    check(api.url)
    check(api.url, token=WRONG_TOKEN)
    assert TOKEN not in caplog.text and WRONG_TOKEN not in caplog.text
    assert logging.getLogger("httpx").level == before

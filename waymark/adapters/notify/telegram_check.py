"""Ask the Bot API whether the bot can be used, and say in plain words what hinders it.

The token is part of every address of the Bot API, so texts of the libraries are never passed on.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Iterator, Optional
from urllib.parse import urlsplit

import httpx
from telegram import Bot, WebhookInfo
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import HTTPXRequest

TIMEOUT_S = 5.0
OFFICIAL_API = "https://api.telegram.org"

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_TALKATIVE = ("httpx", "httpcore", "telegram")

COPY_TOKEN = "Copy it from @BotFather into WAYMARK_TELEGRAM_TOKEN again, without spaces"
NOT_THE_API = "{api} answers, but not as the Bot API does. Correct WAYMARK_TELEGRAM_API, or leave it empty for Telegram's own"
WEBHOOK_FAULTS = (
    ("certificate", "the certificate of the address was not accepted"),
    ("ssl", "the encrypted connection to the address failed"),
    ("resolve", "the host name of the address was not found"),
    ("timed out", "the address did not answer in time"),
    ("timeout", "the address did not answer in time"),
    ("refused", "the address refused the connection"),
    ("wrong response", "the address answered with an error"),
)


@dataclass(frozen=True)
class BotCheck:
    """Whether the bot can be used, its name if it is known, and what to tell. ``words`` never hold the token."""

    ok: bool
    username: Optional[str]
    words: str


class _Refused(Exception):
    """The bot cannot be used; the text says why and what to do."""


def check_bot(token: str, api: str, mode: str) -> BotCheck:
    """Ask for the bot and its webhook; takes up to some 10 s. Faults become words, never an exception.

    ``api`` is the base address of the Bot API, empty for Telegram's own; ``mode`` is polling or webhook.
    """
    try:
        _check_form(token, api)
        with _silence():
            username, webhook = asyncio.run(_ask(token, api or OFFICIAL_API))
    except _Refused as refused:
        return BotCheck(False, None, str(refused))
    return _judge(username, webhook, mode)


def _check_form(token: str, api: str) -> None:
    if not _TOKEN.fullmatch(token):
        raise _Refused(f"the token does not have the form of a bot token (digits, a colon, letters and digits). {COPY_TOKEN}")
    if not api:
        return
    try:
        address = urlsplit(api)
        whole = address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
    except ValueError:
        whole = False
    if not whole or address.query or address.fragment:
        raise _Refused("WAYMARK_TELEGRAM_API must be an address such as https://api.telegram.org, or empty")


async def _ask(token: str, api: str) -> tuple[str, WebhookInfo]:
    try:
        request = HTTPXRequest(
            connect_timeout=TIMEOUT_S,
            read_timeout=TIMEOUT_S,
            write_timeout=TIMEOUT_S,
            pool_timeout=TIMEOUT_S,
            httpx_kwargs={"trust_env": False} if _is_loopback(api) else None,
        )
    except (RuntimeError, ValueError) as error:
        raise _Refused("the proxy that this machine's environment names cannot be used. Correct HTTPS_PROXY or ALL_PROXY") from error
    try:
        async with request:
            bot = Bot(token, base_url=f"{api.rstrip('/')}/bot", request=request, get_updates_request=request)
            me = await bot.get_me()
            return me.username or "", await bot.get_webhook_info()
    except TelegramError as error:
        raise _Refused(_refusal(error, _named(api))) from error
    except (AttributeError, KeyError, TypeError) as error:  # JSON of another shape
        raise _Refused(NOT_THE_API.format(api=_named(api))) from error


def _refusal(error: TelegramError, api: str) -> str:
    if isinstance(error, InvalidToken):
        if "unauthorized" in error.message.lower():
            return "Telegram refused the token: it is wrong, or was replaced. " + COPY_TOKEN
        return f"{api} knows no such bot: the token is malformed, or WAYMARK_TELEGRAM_API is not a Bot API. {COPY_TOKEN}"
    if isinstance(error, TimedOut):
        return f"{api} did not answer within {TIMEOUT_S:g} s. Check the network and the firewall"
    if isinstance(error, RetryAfter):
        return f"{api} asks to wait, since it was asked too often. Try again in a few minutes"
    if isinstance(error.__cause__, httpx.ProxyError):
        return f"the proxy that this machine's environment names does not let through to {api}. Correct HTTPS_PROXY or ALL_PROXY"
    if isinstance(error.__cause__, (httpx.HTTPError, httpx.InvalidURL)):
        return f"{api} cannot be reached. Check the network, the firewall and WAYMARK_TELEGRAM_API"
    if isinstance(error, NetworkError):
        return f"{api} answered with an error. Try again later, and check WAYMARK_TELEGRAM_API"
    return NOT_THE_API.format(api=api)


def _judge(username: str, webhook: WebhookInfo, mode: str) -> BotCheck:
    name = f"@{username}"
    waiting = f"; {webhook.pending_update_count} messages wait" if webhook.pending_update_count else ""
    if mode == "polling":
        if webhook.url:
            words = (
                f"{name} has a webhook, and while it has one Telegram lets nobody poll{waiting}. Waymark takes it away when it starts, "
                "since WAYMARK_TELEGRAM_MODE is polling. If another program uses this bot, make a bot for Waymark alone"
            )
            return BotCheck(True, username, words)
        return BotCheck(True, username, f"{name}, by polling{waiting}")
    if not webhook.url:
        return BotCheck(True, username, f"{name}, by webhook, which is set when Waymark starts{waiting}")
    if webhook.last_error_message and webhook.pending_update_count:
        words = f"{name} has a webhook, but Telegram could not deliver to it: {_webhook_fault(webhook)}{waiting}. Check WAYMARK_PUBLIC_URL and that Waymark runs"
        return BotCheck(False, username, words)
    past = f"; the last fault of delivery was that {_webhook_fault(webhook)}" if webhook.last_error_message else ""
    return BotCheck(True, username, f"{name}, by webhook{waiting}{past}")


def _webhook_fault(webhook: WebhookInfo) -> str:
    """Only the kind: Telegram's own text may name the address, and an address may hold a secret."""
    text = (webhook.last_error_message or "").lower()
    return next((words for part, words in WEBHOOK_FAULTS if part in text), "it reported a fault of another kind")


def _named(api: str) -> str:
    """The host and port alone: before the host there may be a password."""
    address = urlsplit(api)
    return f"{address.hostname}:{address.port}" if address.port else str(address.hostname)


def _is_loopback(api: str) -> bool:
    host = urlsplit(api).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def _silence() -> Iterator[None]:
    """httpx logs whole addresses, hence the token; python-telegram-bot logs replies that it cannot read."""
    before = {logger: logger.level for logger in map(logging.getLogger, _TALKATIVE)}
    for logger in before:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in before.items():
            logger.setLevel(level)

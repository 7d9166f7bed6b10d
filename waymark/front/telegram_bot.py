"""The Bot API through python-telegram-bot: what we ask of it, and its faults in our own terms."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, AsyncIterator, Mapping, Optional, Sequence, cast

import httpx
import telegram
from telegram import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.request import HTTPXRequest

from waymark.front.telegram_render import Piece
from waymark.front.telegram_update import ALLOWED_UPDATES

logger = logging.getLogger(__name__)

LONG_POLL = 25
CALL_TIMEOUT = 10.0
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
"""Faults before a byte went out: surely nothing arrived."""


class TelegramDown(Exception):
    """The Bot API cannot take the call now. ``wait`` is what it asked for, if it did; ``in_doubt`` tells that the
    call may have been carried out all the same."""

    def __init__(self, reason: str, wait: Optional[timedelta] = None, *, in_doubt: bool = False) -> None:
        super().__init__(reason)
        self.wait, self.in_doubt = wait, in_doubt


class TokenRefused(TelegramDown):
    """The Bot API does not know our token."""


class OtherPoller(TelegramDown):
    """Somebody else fetches the bot's updates, or a webhook is set."""


class NotDeliverable(Exception):
    """The Bot API will never take this call. ``blocked``: the person has blocked the bot."""

    def __init__(self, reason: str, *, blocked: bool = False) -> None:
        super().__init__(reason)
        self.blocked = blocked


class RawBot(telegram.Bot):
    """Gives updates as they came: one that the library cannot read must neither stop the others nor be logged."""

    async def raw_updates(self, offset: Optional[int], timeout: int) -> list[Any]:
        asked = {"offset": offset, "timeout": timeout, "allowed_updates": list(ALLOWED_UPDATES)}
        return cast("list[Any]", await self._post("getUpdates", asked, read_timeout=timeout + CALL_TIMEOUT))


class TelegramBot:
    """One bot. Every method raises TelegramDown or NotDeliverable and nothing of the library's."""

    def __init__(self, token: str, api: str) -> None:
        base = {"base_url": f"{api.rstrip('/')}/bot", "base_file_url": f"{api.rstrip('/')}/file/bot"} if api else {}
        self._bot = RawBot(token, request=_request(api), get_updates_request=_request(api), **base)  # type: ignore[arg-type]
        self.username: Optional[str] = None

    async def introduce(self, commands: Mapping[str, str]) -> None:
        """Learn our own name and show the commands in the menu."""
        async with _our_terms():
            self.username = (await self._bot.get_me()).username
            await self._bot.set_my_commands([BotCommand(name, words) for name, words in commands.items()])

    async def updates(self, offset: Optional[int], timeout: int = LONG_POLL) -> list[Any]:
        """Raw updates from ``offset`` on; asking for a later offset confirms the earlier ones."""
        async with _our_terms():
            return await self._bot.raw_updates(offset, timeout)

    async def poll_only(self) -> None:
        """Take away a webhook, so that updates can be fetched; none is dropped."""
        async with _our_terms():
            await self._bot.delete_webhook(drop_pending_updates=False)

    async def use_webhook(self, url: str, secret: str) -> None:
        """Have updates sent to us, one after the other, so that each chat stays in order."""
        async with _our_terms():
            await self._bot.set_webhook(url, secret_token=secret, allowed_updates=list(ALLOWED_UPDATES), max_connections=1)

    async def send(self, chat: int, piece: Piece) -> int:
        """Send a text with its buttons; gives its number in the chat."""
        async with _our_terms(may_have_arrived=True):
            sent = await self._bot.send_message(chat, piece.text, reply_markup=_keyboard(piece.rows), link_preview_options=LinkPreviewOptions(is_disabled=True))
            return int(sent.message_id)
        raise AssertionError("not reached")

    async def acknowledge(self, callback_id: str, toast: Optional[str] = None) -> None:
        """Tell the app that a tap was taken; ``toast`` is shown for a moment."""
        async with _our_terms():
            await self._bot.answer_callback_query(callback_id, text=toast)

    async def replace_text(self, chat: int, message: int, text: str) -> None:
        """Change a message of ours; its buttons go."""
        async with _our_terms():
            await self._bot.edit_message_text(text, chat, message, link_preview_options=LinkPreviewOptions(is_disabled=True))

    async def drop_buttons(self, chat: int, message: int) -> None:
        async with _our_terms():
            await self._bot.edit_message_reply_markup(chat, message, reply_markup=None)

    async def leave(self, chat: int) -> None:
        async with _our_terms():
            await self._bot.leave_chat(chat)

    async def close(self) -> None:
        await self._bot.shutdown()


@asynccontextmanager
async def _our_terms(*, may_have_arrived: bool = False) -> AsyncIterator[None]:
    """Turn the library's faults into ours. Their texts may hold the token, so only names of kinds go on."""
    try:
        yield
    except telegram.error.RetryAfter as error:
        wait = error.retry_after
        raise TelegramDown("too many calls", wait if isinstance(wait, timedelta) else timedelta(seconds=wait)) from None
    except telegram.error.InvalidToken:
        raise TokenRefused("the token was refused") from None
    except telegram.error.Conflict:
        raise OtherPoller("somebody else fetches the updates") from None
    except telegram.error.Forbidden:
        raise NotDeliverable("forbidden", blocked=True) from None
    except telegram.error.ChatMigrated:
        raise NotDeliverable("the chat became a group") from None
    except telegram.error.BadRequest as error:
        raise NotDeliverable(_short(error)) from None
    except telegram.error.NetworkError as error:
        cause = error.__cause__
        in_doubt = may_have_arrived and isinstance(cause, httpx.HTTPError) and not isinstance(cause, NOT_SENT)
        raise TelegramDown(type(cause or error).__name__, in_doubt=in_doubt) from None
    except telegram.error.TelegramError as error:
        raise TelegramDown(type(error).__name__) from None


def _short(error: telegram.error.TelegramError) -> str:
    """The first words of a refusal, as Telegram names it; they hold nothing of the message."""
    return str(error).removeprefix("Bad Request: ")[:60]


def _keyboard(rows: Sequence[Sequence[tuple[str, str]]]) -> Optional[InlineKeyboardMarkup]:
    if not rows:
        return None
    return InlineKeyboardMarkup([[InlineKeyboardButton(title, callback_data=data) for title, data in row] for row in rows])


def _request(api: str) -> HTTPXRequest:
    """Proxies of the environment are used for the real API, never for one on this machine."""
    outside = not api or not any(host in api for host in ("//127.", "//localhost", "//[::1]"))
    return HTTPXRequest(connection_pool_size=32, read_timeout=CALL_TIMEOUT, httpx_kwargs={"trust_env": outside})

"""One update of Telegram: read, screened, kept, answered by the channel itself or by the dialogue."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from typing import Any, Coroutine, Optional, Sequence

from waymark.domain.channel_texts import ChannelTexts
from waymark.domain.conversation import OutboxMessage
from waymark.domain.errors import MessageConflict, QuestionClosed, StorageUnavailable
from waymark.front.desk import FrontDesk, NotKept, Taken, Terms
from waymark.front.hand_over import DialogueDown
from waymark.front.standings import Standings
from waymark.front.telegram_bot import NotDeliverable, TelegramBot, TelegramDown
from waymark.front.telegram_post import TelegramPost
from waymark.front.telegram_render import Piece, with_choice
from waymark.front.telegram_update import TelegramUpdate, UpdateKind, parse
from waymark.services.channel_talk import CHANNEL, COMMANDS, ChannelTalk, Said
from waymark.services.turns import Incoming

logger = logging.getLogger(__name__)

NO_LIMIT = 1_000_000
"""Telegram limits its messages itself, and what came cannot be sent back."""

REMEMBERED = 10_000


class TelegramChannel:
    """Handles updates. ``handle`` returns once an update is kept or answered, and raises NotKept if it is not."""

    def __init__(
        self, desk: FrontDesk, talk: ChannelTalk, standings: Standings, bot: TelegramBot, post: TelegramPost, texts: ChannelTexts
    ) -> None:
        self._desk, self._talk, self._standings = desk, talk, standings
        self._bot, self._post, self._texts = bot, post, texts
        self._after: set["asyncio.Task[None]"] = set()
        self._shown: dict[str, None] = {}

    async def handle(self, raw: object, *, only_danger: bool = False) -> None:
        """Take one update. Raises NotKept when the database could not keep it, Unreadable for what is no update.

        ``only_danger``: its turn has not come; only a safety reply may go out now, and all else raises NotKept.
        """
        update = parse(raw)
        if update.kind is UpdateKind.IGNORED or update.chat_id is None:
            return
        try:
            if only_danger and update.kind in (UpdateKind.GROUP, UpdateKind.BLOCKED, UpdateKind.UNBLOCKED):
                raise NotKept
            if update.kind is UpdateKind.GROUP:
                await self._refuse_group(update)
            elif update.kind in (UpdateKind.BLOCKED, UpdateKind.UNBLOCKED):
                blocked = update.kind is UpdateKind.BLOCKED
                await asyncio.to_thread(self._talk.shut_out, str(update.chat_id), blocked)
            else:
                await self._take(update, update.chat_id, only_danger)
        except StorageUnavailable as error:
            raise NotKept from error

    async def apologise(self, update: TelegramUpdate) -> None:
        """An update broke us again and again: say so, with what to do in danger."""
        if update.chat_id is not None:
            await self._post.tell(update.chat_id, self._talk.in_danger(self._texts.fault))

    async def close(self) -> None:
        for task in self._after:
            task.cancel()
        await asyncio.gather(*self._after, return_exceptions=True)

    async def _take(self, update: TelegramUpdate, chat: int, only_danger: bool) -> None:
        incoming = incoming_of(update)
        shown = incoming.message_id in self._shown
        terms = Terms(
            NO_LIMIT, slowed=False, itself=self._talk.itself(said_of(update)), shown=shown, only_danger=only_danger, comes_again=True
        )
        toast: Optional[str] = None
        try:
            taken = await self._desk.take(incoming, terms)
        except QuestionClosed:
            toast, taken = self._texts.closed, Taken()
        except MessageConflict:  # the pictures of one album share an id, and the first has been answered
            taken = Taken()
        if taken.shown:
            await self._show_unkept(incoming, chat, taken)
        self._shown.pop(incoming.message_id, None)
        self._post.poke.set()
        if taken.queued is not None:
            self._later(self._finish(incoming, chat, taken.queued))
        else:
            self._later(self._refresh(incoming))
        if update.kind is UpdateKind.BUTTON:
            self._later(self._mark_tapped(update, chat, toast))

    async def _show_unkept(self, incoming: Incoming, chat: int, taken: Taken) -> None:
        """Send a safety reply that no database could keep, once. The update stays unconfirmed until it is kept too."""
        if incoming.message_id not in self._shown and await self._post.show(chat, taken.shown):
            self._shown[incoming.message_id] = None
            while len(self._shown) > REMEMBERED:
                self._shown.pop(next(iter(self._shown)))
        raise NotKept

    async def _finish(
        self, incoming: Incoming, chat: int, queued: "asyncio.Future[Sequence[OutboxMessage]]"
    ) -> None:
        """Once the turn is over: what was put out goes by post; what is stored nowhere, as after a deletion, now."""
        try:
            replies = await queued
        except (DialogueDown, QuestionClosed) as error:
            logger.info("a message is answered later or not at all: %s", type(error).__name__)
            return
        unstored = [reply for reply in replies if reply.seq is None]
        if unstored:
            await self._post.show(chat, unstored)
        self._post.poke.set()
        await self._refresh(incoming)

    async def _refresh(self, incoming: Incoming) -> None:
        try:
            await self._standings.refresh(CHANNEL, incoming.address)
        except StorageUnavailable as error:
            logger.warning("the next message is judged by an older standing: %s", type(error).__name__)

    async def _mark_tapped(self, update: TelegramUpdate, chat: int, toast: Optional[str]) -> None:
        """Stop the app's waiting sign, and let the chat show what was chosen. Nothing depends on it."""
        try:
            if update.callback_id is not None:
                await self._bot.acknowledge(update.callback_id, toast)
            if update.message_id is None:
                return
            if toast is None and update.shown_text.strip() and update.shown_title:
                await self._bot.replace_text(chat, update.message_id, with_choice(update.shown_text, update.shown_title))
            else:
                await self._bot.drop_buttons(chat, update.message_id)
        except (TelegramDown, NotDeliverable) as error:
            logger.info("a tapped button keeps its look: %s", error)

    async def _refuse_group(self, update: TelegramUpdate) -> None:
        """Say once that groups are no place for this, and leave; nothing said there is read."""
        chat = update.chat_id or 0
        key = hashlib.sha256(f"group\x1f{chat}".encode()).hexdigest()
        first = await asyncio.to_thread(self._talk.first_time, key)
        try:
            if first:
                await self._bot.send(chat, Piece(self._texts.group))
            await self._bot.leave(chat)
        except (TelegramDown, NotDeliverable) as error:
            logger.warning("a group could not be left: %s", error)

    def _later(self, work: "Coroutine[Any, Any, None]") -> None:
        task = asyncio.create_task(work)
        self._after.add(task)
        task.add_done_callback(self._after.discard)


def incoming_of(update: TelegramUpdate) -> Incoming:
    """The update as the desk takes it. A shared number and what others wrote are not kept as the person's words."""
    text = update.text
    if update.kind is UpdateKind.COMMAND:
        text = f"/{update.command} {update.text}".strip()
    album = update.album if update.album and not text else None
    return Incoming(
        channel=CHANNEL,
        address=str(update.chat_id),
        channel_message_id=f"album-{album}" if album else str(update.update_id),
        text="" if update.kind is UpdateKind.BUTTON else text,
        button_id=update.button,
        command=COMMANDS[update.command] if update.command else None,
        reference=str(update.message_id) if update.message_id is not None and update.kind is not UpdateKind.EDITED else None,
        heard=update.heard,
    )


def said_of(update: TelegramUpdate) -> Said:
    """What the update was besides its words."""
    return Said(
        kind=update.kind.value,
        album=update.album,
        command=update.command,
        edited=str(update.message_id) if update.kind is UpdateKind.EDITED else None,
        phone=update.phone,
        phone_is_own=update.phone_is_own,
    )

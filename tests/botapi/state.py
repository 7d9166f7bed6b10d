"""What this Telegram knows: chats, messages, taps on buttons, and every call of the bot."""

from __future__ import annotations

import itertools
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Callable, NamedTuple, Optional

from botapi.keyboards import inline_buttons

FIRST_CHAT_ID, LAST_CHAT_ID = 5_000_000_000, 7_999_999_999


class Call(NamedTuple):
    """One call of the bot: what it asked, when (seconds of ``time.monotonic``), and what came of it.

    The outcome is ``ok``, or the status and description of the refusal; ``dropped`` was carried out, but the answer
    never went out.
    """

    method: str
    params: dict[str, Any]
    at: float
    outcome: str


@dataclass
class Shown:
    """A message of the bot as a person sees it now.

    ``at`` is when it came (seconds of ``time.monotonic``); ``edits`` holds what it said before each edit, oldest
    first; ``document`` is the name and content of a file that came with it.
    """

    message_id: int
    text: str
    buttons: list[tuple[str, str]]
    url_buttons: list[tuple[str, str]]
    at: float
    edits: list[str] = field(default_factory=list)
    document: Optional[tuple[str, bytes]] = None


@dataclass
class Message:
    """A message of a chat, as the Bot API writes it in JSON, with what the JSON does not say."""

    body: dict[str, Any]
    from_bot: bool
    at: float = field(default_factory=time.monotonic)
    editable: bool = False
    edits: list[str] = field(default_factory=list)
    document: Optional[tuple[str, bytes]] = None

    @property
    def text(self) -> str:
        return str(self.body.get("text", self.body.get("caption", "")))

    def shown(self) -> Shown:
        markup = self.body.get("reply_markup")
        return Shown(
            message_id=self.body["message_id"],
            text=self.text,
            buttons=inline_buttons(markup, "callback_data"),
            url_buttons=inline_buttons(markup, "url"),
            at=self.at,
            edits=list(self.edits),
            document=self.document,
        )


@dataclass
class Chat:
    """A private chat or a group. ``membership`` is the bot's: member, left or kicked."""

    id: int
    body: dict[str, Any]
    known: bool = False
    membership: str = "member"
    messages: dict[int, Message] = field(default_factory=dict)
    reply_keyboard: list[str] = field(default_factory=list)
    toasts: list[str] = field(default_factory=list)

    @property
    def private(self) -> bool:
        return bool(self.body["type"] == "private")


@dataclass
class Tap:
    """A tap on a button that waits for its answer."""

    id: str
    chat_id: int
    update_id: int
    answered: bool = False
    expired: bool = False
    answer_lost: bool = False


class State:
    """Everything that is kept, over stops and starts too. Read and change it only while holding ``changed``."""

    def __init__(self, token: str, username: str) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.bot = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": "Test bot", "username": username}
        self.chats: dict[int, Chat] = {}
        self.taps: dict[str, Tap] = {}
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.commands: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self.in_flight = 0
        self.last_activity = time.monotonic()
        self._message_ids = itertools.count(random.randint(1_000, 900_000))

    def new_message_id(self) -> int:
        return next(self._message_ids)

    def new_chat_id(self) -> int:
        """A number that no chat has; like the newest ones of Telegram it does not fit into 32 bits."""
        while True:
            chat_id = random.randint(FIRST_CHAT_ID, LAST_CHAT_ID)
            if chat_id not in self.chats and -chat_id not in self.chats:
                return chat_id

    def active(self) -> None:
        """Something happened: whoever waits for it looks again."""
        self.last_activity = time.monotonic()
        self.changed.notify_all()

    def wait(self, what: Callable[[], str], done: Callable[[], bool], within: float) -> None:
        """Until ``done``, looked at after every change; fails with ``what`` after ``within`` seconds."""
        with self.changed:
            if not self.changed.wait_for(done, within):
                raise AssertionError(f"waited {within:g} s in vain: {what()}")

"""Read updates of the Telegram Bot API. Pure: an update as JSON in, what the person did out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Optional

from waymark.front.parsing import whole

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
KNOWN_COMMANDS = ("start", "help", "plan", "stop", "delete", "export", "human", "web")

_COMMAND = re.compile(r"\s*/([A-Za-z0-9_]+)(?:@[A-Za-z0-9_]+)?(?:\s+(.*))?", re.DOTALL)
_FORWARD_MARKS = (
    "forward_origin", "forward_from", "forward_from_chat", "forward_sender_name", "forward_date", "via_bot",
)


class UpdateKind(str, Enum):
    """What the person did. GROUP: the bot is in a chat that is not private; IGNORED: nothing to act on."""

    TEXT = "text"
    COMMAND = "command"
    BUTTON = "button"
    EDITED = "edited"
    CONTACT = "contact"
    LOCATION = "location"
    VOICE = "voice"
    STICKER = "sticker"
    PHOTO = "photo"
    VIDEO = "video"
    DOCUMENT = "document"
    FORWARDED = "forwarded"
    OTHER = "other"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    GROUP = "group"
    IGNORED = "ignored"


# Order matters: for older clients an animation also comes as a document, a venue as a location.
_MEDIA: tuple[tuple[str, UpdateKind], ...] = (
    ("animation", UpdateKind.VIDEO),
    ("video", UpdateKind.VIDEO),
    ("voice", UpdateKind.VOICE),
    ("audio", UpdateKind.VOICE),
    ("video_note", UpdateKind.VOICE),
    ("sticker", UpdateKind.STICKER),
    ("live_photo", UpdateKind.PHOTO),
    ("photo", UpdateKind.PHOTO),
    ("document", UpdateKind.DOCUMENT),
    ("location", UpdateKind.LOCATION),
    ("venue", UpdateKind.LOCATION),
    ("contact", UpdateKind.CONTACT),
    ("dice", UpdateKind.OTHER),
    ("game", UpdateKind.OTHER),
    ("poll", UpdateKind.OTHER),
    ("story", UpdateKind.OTHER),
    ("paid_media", UpdateKind.OTHER),
    ("giveaway", UpdateKind.OTHER),
    ("giveaway_winners", UpdateKind.OTHER),
    ("checklist", UpdateKind.OTHER),
)


@dataclass(frozen=True)
class TelegramUpdate:
    """An update without names, user ids and places. Its repr leaves out whatever no log may hold."""

    update_id: int
    kind: UpdateKind
    chat_id: Optional[int] = field(default=None, repr=False)
    text: str = field(default="", repr=False)
    """What the person wrote: text, caption or a command's argument; blank is "", and a forwarded text is not here."""
    command: Optional[str] = None
    """In lower case, without slash and bot name."""
    message_id: Optional[int] = None
    """The message; for EDITED the edited one, for BUTTON the one that carries the keyboard."""
    button: Optional[str] = field(default=None, repr=False)
    """The callback data."""
    callback_id: Optional[str] = field(default=None, repr=False)
    shown_text: str = field(default="", repr=False)
    """BUTTON: the text of the message that carries the keyboard; "" when Telegram no longer shows it."""
    shown_title: str = field(default="", repr=False)
    """BUTTON: the title of the tapped button as its keyboard shows it."""
    album: Optional[str] = field(default=None, repr=False)
    """The same for every picture that was sent at once."""
    phone: Optional[str] = field(default=None, repr=False)
    phone_is_own: bool = False
    """CONTACT: the shared contact is the account that shares it."""
    heard: str = field(default="", repr=False)
    """FORWARDED: the forwarded text or caption, to be screened for safety only."""


class Unreadable(ValueError):
    """Not an update at all; the text says why."""


@dataclass(frozen=True)
class _Chat:
    id: int
    is_private: bool


def parse(raw: object) -> TelegramUpdate:
    """What an update says; IGNORED where a part that matters cannot be read. Raises Unreadable, nothing else."""
    if not isinstance(raw, dict):
        raise Unreadable("An update must be a JSON object.")
    update_id = _number(raw.get("update_id"))
    if update_id is None:
        raise Unreadable("update_id must be a whole number.")
    if isinstance(raw.get("message"), dict):
        return _message(update_id, raw["message"], is_edit=False)
    if isinstance(raw.get("edited_message"), dict):
        return _message(update_id, raw["edited_message"], is_edit=True)
    if isinstance(raw.get("callback_query"), dict):
        return _tap(update_id, raw["callback_query"])
    if isinstance(raw.get("my_chat_member"), dict):
        return _membership(update_id, raw["my_chat_member"])
    return _ignored(update_id)


def _message(update_id: int, message: dict[str, Any], *, is_edit: bool) -> TelegramUpdate:
    chat, sender = _chat(message.get("chat")), _object(message.get("from"))
    # Bots come first: when this bot leaves a group, Telegram says so in a message sent by the bot itself.
    if chat is None or sender.get("is_bot") is True:
        return _ignored(update_id)
    if not chat.is_private:
        return TelegramUpdate(update_id, UpdateKind.GROUP, chat.id)
    base = TelegramUpdate(
        update_id,
        UpdateKind.OTHER,
        chat.id,
        message_id=_number(message.get("message_id")),
        album=_string(message.get("media_group_id")) or None,
    )
    if any(message.get(mark) is not None for mark in _FORWARD_MARKS):
        return replace(base, kind=UpdateKind.FORWARDED, heard=_written(message))
    return _edit(base, message) if is_edit else _content(base, message, _number(sender.get("id")))


def _content(base: TelegramUpdate, message: dict[str, Any], sender_id: Optional[int]) -> TelegramUpdate:
    written, kind = _written(message), _medium(message)
    if isinstance(message.get("text"), str):
        return _typed(base, written)
    if kind is UpdateKind.CONTACT:
        return _shared_contact(base, _object(message["contact"]), sender_id)
    if kind is not None:
        return replace(base, kind=kind, text=written)
    # A caption stands under something that people send, so it is no service message, however new its medium.
    return replace(base, text=written) if written else _ignored(base.update_id)


def _typed(base: TelegramUpdate, text: str) -> TelegramUpdate:
    if not text:
        return base
    found = _COMMAND.fullmatch(text)
    if found is None or found.group(1).lower() not in KNOWN_COMMANDS:
        return replace(base, kind=UpdateKind.TEXT, text=text)
    argument = (found.group(2) or "").strip()
    return replace(base, kind=UpdateKind.COMMAND, command=found.group(1).lower(), text=argument)


def _shared_contact(base: TelegramUpdate, contact: dict[str, Any], sender_id: Optional[int]) -> TelegramUpdate:
    owner = _number(contact.get("user_id"))
    return replace(
        base,
        kind=UpdateKind.CONTACT,
        phone=_string(contact.get("phone_number")).strip() or None,
        phone_is_own=owner is not None and owner == sender_id,
    )


def _edit(base: TelegramUpdate, message: dict[str, Any]) -> TelegramUpdate:
    written, kind = _written(message), _medium(message)
    is_typed = isinstance(message.get("text"), str)
    # A live location edits itself as the person moves.
    if kind is UpdateKind.LOCATION or not (is_typed or written or kind):
        return _ignored(base.update_id)
    return replace(base, kind=UpdateKind.EDITED, text=written)


def _tap(update_id: int, query: dict[str, Any]) -> TelegramUpdate:
    message, data = _object(query.get("message")), query.get("data")
    chat = _chat(message.get("chat"))
    if chat is not None and not chat.is_private:
        return TelegramUpdate(update_id, UpdateKind.GROUP, chat.id)
    if chat is None or not isinstance(data, str) or not data:
        return _ignored(update_id)
    return TelegramUpdate(
        update_id,
        UpdateKind.BUTTON,
        chat.id,
        message_id=_number(message.get("message_id")),
        button=whole(data),
        callback_id=_string(query.get("id")) or None,
        shown_text=_written(message),
        shown_title=_title_of(data, _object(message.get("reply_markup")).get("inline_keyboard")),
    )


def _title_of(data: str, keyboard: object) -> str:
    rows = keyboard if isinstance(keyboard, list) else []
    keys = [_object(key) for row in rows if isinstance(row, list) for key in row]
    return next((_string(key.get("text")) for key in keys if key.get("callback_data") == data), "")


def _membership(update_id: int, change: dict[str, Any]) -> TelegramUpdate:
    chat, member = _chat(change.get("chat")), _object(change.get("new_chat_member"))
    status = _string(member.get("status"))
    if chat is None:
        return _ignored(update_id)
    if not chat.is_private:
        is_inside = status in ("member", "administrator") or (
            status == "restricted" and member.get("is_member") is True
        )
        return TelegramUpdate(update_id, UpdateKind.GROUP, chat.id) if is_inside else _ignored(update_id)
    kind = {"kicked": UpdateKind.BLOCKED, "member": UpdateKind.UNBLOCKED}.get(status)
    return TelegramUpdate(update_id, kind, chat.id) if kind else _ignored(update_id)


def _chat(raw: object) -> Optional[_Chat]:
    chat = _object(raw)
    number, kind = _number(chat.get("id")), _string(chat.get("type"))
    if number is None or kind not in ("private", "group", "supergroup", "channel"):
        return None
    return _Chat(number, kind == "private")


def _medium(message: dict[str, Any]) -> Optional[UpdateKind]:
    # A photo comes as a list of its sizes, everything else as an object.
    return next(
        (kind for name, kind in _MEDIA if isinstance(message.get(name), list if name == "photo" else dict)), None
    )


def _written(message: dict[str, Any]) -> str:
    text = message.get("text")
    written = _string(text if isinstance(text, str) else message.get("caption"))
    return written if written.strip() else ""


def _ignored(update_id: int) -> TelegramUpdate:
    return TelegramUpdate(update_id, UpdateKind.IGNORED)


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _string(value: object) -> str:
    return whole(value) if isinstance(value, str) else ""


def _number(value: object) -> Optional[int]:
    return value if isinstance(value, int) and not isinstance(value, bool) else None

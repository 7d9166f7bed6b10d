"""The other side of the chat: people who write and tap, and what they see."""

from __future__ import annotations

import random
import secrets
import time
from typing import Any, Callable, Mapping, Optional, Union

from botapi.bot_api_rules import LONGEST_TEXT
from botapi.formatted_text import marked_alone, units
from botapi.keyboards import inline_buttons
from botapi.methods import Methods
from botapi.state import Chat, Message, Shown, State, Tap
from botapi.updates import UpdateQueue

Wanted = Union[int, Callable[[list[Shown]], Any]]
Content = Mapping[str, Any]


class Side:
    """One person in one chat with the bot. Every method may be called from any thread."""

    def __init__(self, state: State, updates: UpdateQueue, methods: Methods, chat: Chat, person: Content) -> None:
        self._state, self._updates, self._methods = state, updates, methods
        self._chat, self._person = chat, dict(person)
        self.chat_id = chat.id
        self.last_update_id = 0

    # --- what the person sees -----------------------------------------------------------------------------------

    @property
    def inbox(self) -> list[Shown]:
        """The bot's messages as they are now, oldest first; deleted ones are gone."""
        with self._state.changed:
            return [message.shown() for message in self._chat.messages.values() if message.from_bot]

    @property
    def texts(self) -> list[str]:
        return [shown.text for shown in self.inbox]

    @property
    def toasts(self) -> list[str]:
        """The texts of the answers to taps, oldest first."""
        with self._state.changed:
            return list(self._chat.toasts)

    @property
    def unanswered_taps(self) -> list[str]:
        """The ids of the taps whose button still shows that something is going on."""
        with self._state.changed:
            return [tap.id for tap in self._state.taps.values() if tap.chat_id == self.chat_id and not tap.answered]

    @property
    def reply_keyboard(self) -> list[str]:
        """The titles of the keyboard below the text field, in reading order."""
        with self._state.changed:
            return list(self._chat.reply_keyboard)

    def wait_for(self, wanted: Wanted, within: float = 10.0) -> list[Shown]:
        """The inbox as soon as it holds that many messages, or the function of it is true.

        Raises AssertionError after ``within`` seconds.
        """
        seen: list[Shown] = []

        def done() -> bool:
            seen[:] = self.inbox
            return bool(wanted(seen)) if callable(wanted) else len(seen) >= wanted

        what = "a message" if callable(wanted) else f"{wanted} messages"
        self._state.wait(lambda: f"{what}; there is {[shown.text for shown in seen]}", done, within)
        return seen

    # --- what the person does -----------------------------------------------------------------------------------

    def say(self, text: str) -> int:
        """Write a text; gives the id of the message, the last one when the app has to split a long text."""
        text = text.strip()
        if not text:
            raise ValueError("an app sends no empty message")
        message_id = 0
        while text:
            piece = text[:LONGEST_TEXT]
            while units(piece) > LONGEST_TEXT:
                piece = piece[:-1]
            text = text[len(piece) :]
            message_id = self._write({"text": piece, **_marked("entities", piece)})
        return message_id

    def tap(self, title: str, times: int = 1) -> str:
        """Press the button of that title under the newest message that has one; gives the id of the callback query.

        ``times`` makes it several taps before anything can change. Raises AssertionError when there is no such
        button, or it only opens a link.
        """
        with self._state.changed:
            for message in reversed(list(self._chat.messages.values())):
                buttons = dict(reversed(inline_buttons(message.body.get("reply_markup"), "callback_data")))
                if message.from_bot and title in buttons:
                    for _ in range(times - 1):
                        self._tap(message, buttons[title])
                    return self._tap(message, buttons[title])
            seen = [(shown.text, shown.buttons, shown.url_buttons) for shown in self.inbox]
        raise AssertionError(f"there is no button {title!r} to tap: {seen}")

    def _tap(self, message: Message, data: str) -> str:
        tap_id = str(secrets.randbelow(2**62))
        query = {
            "id": tap_id,
            "from": self._person,
            "message": message.body,
            "chat_instance": str(self.chat_id * 7),
            "data": data,
        }
        number = self._add("callback_query", query, f"taps of {self._person['id']}")
        self._state.taps[tap_id] = Tap(tap_id, self.chat_id, number)
        return tap_id

    def edit(self, message_id: int, new_text: str) -> None:
        """Change an own message."""
        with self._state.changed:
            body = self._chat.messages[message_id].body
            body.pop("entities", None)
            body.update(edit_date=int(time.time()), text=new_text, **_marked("entities", new_text))
            self._add("edited_message", body)

    def _write(self, content: Content) -> int:
        with self._state.changed:
            self._check_open()
            message_id = self._state.new_message_id()
            head = {
                "message_id": message_id,
                "from": self._person,
                "chat": self._chat.body,
                "date": int(time.time()),
            }
            self._chat.messages[message_id] = Message({**head, **content}, from_bot=False)
            self._add("message", self._chat.messages[message_id].body)
            return message_id

    def _check_open(self) -> None:
        if self._chat.private and self._chat.membership != "member":
            raise AssertionError("the person has blocked the bot; an app writes only after unblock()")

    def _add(self, kind: str, body: Content, queue: Optional[str] = None) -> int:
        self._check_open()
        if self._chat.membership != "member":
            # What is said in a group without the bot does not reach it.
            return self.last_update_id
        self._chat.known = True
        self.last_update_id = self._updates.add(kind, dict(body), queue or f"chat {self.chat_id}")
        return self.last_update_id


class User(Side):
    """Sam, in a private chat with the bot. The bot cannot write before Sam has."""

    def send_photo(self, caption: Optional[str] = None, album: Optional[str] = None) -> int:
        """A photo; those of one album are given the same name."""
        sizes = [{**_file("photo"), "width": 90 * size, "height": 60 * size} for size in (1, 8)]
        group = {} if album is None else {"media_group_id": str(album)}
        return self._write({"photo": sizes, **_caption(caption), **group})

    def send_voice(self) -> int:
        return self._write({"voice": {**_file("voice"), "duration": 3, "mime_type": "audio/ogg"}})

    def send_sticker(self) -> int:
        look = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._write({"sticker": {**_file("sticker"), **look, "emoji": "👍"}})

    def send_document(self, caption: Optional[str] = None) -> int:
        file = {**_file("document"), "file_name": "letter.pdf", "mime_type": "application/pdf"}
        return self._write({"document": file, **_caption(caption)})

    def send_video(self, caption: Optional[str] = None) -> int:
        size = {"width": 640, "height": 360, "duration": 5, "mime_type": "video/mp4"}
        return self._write({"video": {**_file("video"), **size}, **_caption(caption)})

    def send_contact(self, phone: str, own: bool = True) -> int:
        """A contact card: the person's own, or somebody else's."""
        card = {"phone_number": phone, "first_name": self._person["first_name"] if own else "Alex"}
        return self._write({"contact": {**card, **({"user_id": self._person["id"]} if own else {})}})

    def send_location(self) -> int:
        return self._write({"location": {"latitude": 51.5, "longitude": -0.12}})

    def send_other(self) -> int:
        """Something that nobody thinks of: a dice."""
        return self._write({"dice": {"emoji": "🎲", "value": random.randint(1, 6)}})

    def forward(self, text: str) -> int:
        """Pass on somebody else's message."""
        sender = {"id": self._state.new_chat_id(), "is_bot": False, "first_name": "Alex"}
        origin = {"type": "user", "date": int(time.time()) - 3600, "sender_user": sender}
        return self._write({"forward_origin": origin, "text": text, **_marked("entities", text)})

    def block(self) -> None:
        """Block the bot: from now on it cannot write to this chat."""
        self._change("kicked")

    def unblock(self) -> None:
        self._change("member")

    def _change(self, membership: str) -> None:
        with self._state.changed:
            self._chat.known = True
            self.last_update_id = self._methods.change_membership(self._chat, membership, self._person)


class Group(Side):
    """A group with one person in it; the bot comes in with ``add_bot``."""

    def add_bot(self) -> None:
        """Take the bot into the group."""
        with self._state.changed:
            self._chat.known = True
            self.last_update_id = self._methods.change_membership(self._chat, "member", self._person)
            self._write({"new_chat_members": [self._state.bot]})

    def remove_bot(self) -> None:
        """Put the bot out of the group."""
        with self._state.changed:
            self.last_update_id = self._methods.change_membership(self._chat, "kicked", self._person)


def _file(kind: str) -> dict[str, Any]:
    name = secrets.token_hex(8)
    return {"file_id": f"{kind}-{name}", "file_unique_id": name, "file_size": 12_345}


def _caption(caption: Optional[str]) -> dict[str, Any]:
    return {} if caption is None else {"caption": caption, **_marked("caption_entities", caption)}


def _marked(name: str, text: str) -> dict[str, Any]:
    entities = marked_alone(text)
    return {name: list(entities)} if entities else {}

"""Every kind of update that a private chat can bring: what it is answered with, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Optional

from journeys.house import ROOT, wait_for
from journeys.person import is_wording
from journeys.telegram_house import TelegramHouse
from journeys.telegram_person import CHANNEL, Texter
from waymark.adapters.content_yaml.channel_texts import load_channel_texts

TEXTS = load_channel_texts(ROOT / "content" / "telegram" / "replies.yml")
NUMBER = "+447700900123"
LONG_TEXT = ("my days look like this and it goes on and on. " * 85)[:3900]
BY_THE_TALK = "{answer}"
"""In place of a wording: any answer of the talk will do."""
NO_ANSWER = ""


@dataclass(frozen=True)
class Kind:
    """``answer`` is the wording of the first text that must come. ``texts`` is how many must; None leaves it open.

    ``then`` is a button to tap afterwards, so that nothing stays open.
    """

    name: str
    came: str
    send: Callable[[Texter], Any]
    answer: str
    keeps_words: bool = False
    texts: Optional[int] = 1
    then: str = ""


@dataclass(frozen=True)
class Met:
    """What came of an update: the texts, what more came when it was delivered again, and whether words were kept."""

    texts: list[str]
    more: list[str]
    kept_words: bool

    @property
    def first_line(self) -> str:
        return self.texts[0].splitlines()[0] if self.texts else ""

    @property
    def times_answered(self) -> int:
        return bool(self.texts) + bool(self.more)

    def fits(self, kind: Kind) -> bool:
        """Whether it was answered as it must be, once, and kept as it must be."""
        if kind.answer == NO_ANSWER:
            return self.times_answered == 0 and self.kept_words == kind.keeps_words
        right = bool(self.texts) and is_wording(kind.answer, self.texts[0])
        number = kind.texts is None or len(self.texts) == kind.texts
        return right and number and self.times_answered == 1 and self.kept_words == kind.keeps_words


def newcomer(house: TelegramHouse) -> Texter:
    """Has said some things and is asked for the country, under which there are buttons."""
    person = Texter(house).in_mid_talk()
    person.tell("who are you", "34")
    assert person.asked == "person.country", person.words()
    return person


def meet(person: Texter, kind: Kind) -> Met:
    """Have an update come, and then once more just as it was."""
    before = _words(person)
    texts = [shown.text for shown in person.do(kind.send, person)]
    kept_words = _words(person) > before
    more = [shown.text for shown in person.again()]
    if kind.then:
        person.tap(kind.then)
    return Met(texts, more, kept_words)


def meet_group(house: TelegramHouse) -> Met:
    """Take the bot into a group, and then once more."""
    group = house.fake.group()
    texts: list[str] = []
    for times in (1, 2):
        group.add_bot()
        _wait_left(house, group.chat_id, times)
        wait_for("the updates to be taken", lambda: group.last_update_id not in house.fake.unconfirmed)
        texts = texts or group.texts
    kept = house.core.turns.history(CHANNEL, str(group.chat_id), None)
    return Met(texts, group.texts[len(texts) :], bool(kept))


def _wait_left(house: TelegramHouse, chat_id: int, times: int) -> None:
    """Until the bot has left the chat so often."""

    def left() -> bool:
        calls = [c for c in house.fake.calls if c.method == "leaveChat" and str(c.params.get("chat_id")) == str(chat_id)]
        return sum(call.outcome == "ok" for call in calls) == times

    wait_for("the bot to leave", left)


def _words(person: Texter) -> int:
    """How many messages of the person are kept with their words."""
    return sum(m["direction"] == "in" and bool(m["text"]) for m in person.record(messages=True)["messages"])


def _album(person: Texter, *captions: Optional[str]) -> None:
    name = f"album-{len(person.user.inbox)}"
    for caption in captions:
        person.user.send_photo(caption, album=name)


KINDS = (
    Kind("text", "typed words", lambda p: p.user.say("what's the weather like"), BY_THE_TALK, True, None),
    Kind("long text", "3,900 characters", lambda p: p.user.say(LONG_TEXT), BY_THE_TALK, True, None),
    Kind("command", "/help", lambda p: p.user.say("/help"), TEXTS.help, True),
    Kind("command", "/HELP@bot", lambda p: p.user.say("/HELP@waymark_test_bot"), TEXTS.help, True),
    Kind("unknown command", "/weather", lambda p: p.user.say("/weather"), BY_THE_TALK, True, None),
    Kind("unknown command", "/restart", lambda p: p.user.say("/restart"), BY_THE_TALK, True, None),
    Kind("unknown command", "/greet", lambda p: p.user.say("/greet"), BY_THE_TALK, True, None),
    Kind("caption", "a photo with words", lambda p: p.user.send_photo("this is my dog"), TEXTS.caption_read, True, None),
    Kind("caption", "a video with words", lambda p: p.user.send_video("this is my dog"), TEXTS.caption_read, True, None),
    Kind("caption", "a file with words", lambda p: p.user.send_document("my letter"), TEXTS.caption_read, True, None),
    Kind("photo", "a photo", lambda p: p.user.send_photo(), TEXTS.kinds["photo"]),
    Kind("album", "three photos at once", lambda p: _album(p, None, None, None), TEXTS.kinds["photo"]),
    Kind("album", "three, words with the first", lambda p: _album(p, "my dog", None, None), TEXTS.caption_read, True, None),
    Kind("voice", "a voice message", lambda p: p.user.send_voice(), TEXTS.kinds["voice"]),
    Kind("sticker", "a sticker", lambda p: p.user.send_sticker(), TEXTS.kinds["sticker"]),
    Kind("video", "a video", lambda p: p.user.send_video(), TEXTS.kinds["video"]),
    Kind("document", "a file", lambda p: p.user.send_document(), TEXTS.kinds["document"]),
    Kind("location", "a place", lambda p: p.user.send_location(), TEXTS.kinds["location"]),
    Kind("contact", "their own number", lambda p: p.user.send_contact(NUMBER), TEXTS.contact.ask, then="No"),
    Kind(
        "contact", "somebody else's number", lambda p: p.user.send_contact("+447700900456", own=False),
        TEXTS.contact.instead["other_person"],
    ),
    Kind("forwarded", "what others wrote", lambda p: p.user.forward("i drink gin"), TEXTS.kinds["forwarded"]),
    Kind("other", "a dice", lambda p: p.user.send_other(), TEXTS.kinds["other"]),
    Kind(
        "edited", "an answer changed", lambda p: p.user.edit(p.written["34"], "35"), TEXTS.edited.ask, True,
        then="No, leave it",
    ),
    Kind(
        "edited", "no answer changed", lambda p: p.user.edit(p.written["who are you"], "who are you then"),
        TEXTS.edited.instead["unchanged"], True,
    ),
    Kind("button", "a tap", lambda p: p.user.tap("United Kingdom"), BY_THE_TALK, True, None),
    Kind("blocked", "the bot was blocked", lambda p: p.user.block(), NO_ANSWER),
    Kind("unblocked", "the bot is let in again", lambda p: p.user.unblock(), NO_ANSWER),
)  # fmt: skip
"""In an order in which one person, asked for the country, can send them all."""

GROUP = Kind("group", "taken into a group, twice", lambda p: meet_group(p.house), TEXTS.group)

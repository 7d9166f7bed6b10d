"""People who talk on the web and on Telegram while processes fall: they answer, chat, and are sometimes in danger.

They wait for answers as people do, and send again as the widget and Telegram do. ``falling_count`` judges them.
"""

from __future__ import annotations

import abc
import random
import re
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Callable, Optional, Sequence

import httpx
from botapi.people import User
from botapi.state import Shown

from journeys.crowd import ALONE, ASIDE, COUNTRIES, NAMES, SMALL_TALK, USED, WORDS
from journeys.house import House
from journeys.person import Reply, Visitor, is_phrase, item_of

IN_DOUBT = "In case this did not reach you:"
SAFE = "im safe for now"
DANGER = (
    "i have the pills and im going to take them tonight",
    "i want to end it all tonight, i have the pills here",
    "i've got a knife and i'm going to kill myself now",
)
NUMBERS = re.compile(r"\b\d{3}\b")
"""Of help in an emergency; nothing else that the assistant says on Telegram has one."""
BEFORE_CONSENT = (None, "opening.words", "consent.record", "safety.check")
ANSWERED_WITHIN = 300.0
QUIET = 2.0
CALM_FOR = 2.0
ASKED_AT_MOST = 6
NO_CONNECTION = 0
"""Counted in place of a status when nobody answered."""


class Diary:
    """What goes on while people talk. Everything said is counted under the fault of its moment."""

    def __init__(self) -> None:
        self.news = threading.Condition()
        self.fault = "calm"
        self.down: Optional[str] = None
        self.sent = 0
        self.ending = False
        self.notes: list[str] = []
        self._calm_since = time.monotonic()
        self._chapters = [(time.monotonic(), "calm")]

    def turn_to(self, fault: str) -> None:
        """From now on messages belong to this fault, which strikes soon."""
        with self.news:
            self.fault = fault
            self._chapters.append((time.monotonic(), fault))

    def falls(self, what: str) -> None:
        with self.news:
            self.down = what

    def stands(self) -> None:
        with self.news:
            self.down, self._calm_since = None, time.monotonic()

    @property
    def calm(self) -> bool:
        """Nothing is down, and has not been for a while."""
        return self.down is None and time.monotonic() - self._calm_since > CALM_FOR

    def undisturbed(self, since: float) -> bool:
        """Nothing has been down since a moment."""
        return self.down is None and self._calm_since < since

    def at(self, moment: float) -> str:
        """The fault of a moment (seconds of ``time.monotonic``)."""
        return next(fault for since, fault in reversed(self._chapters) if since <= moment)

    def said(self) -> None:
        with self.news:
            self.sent += 1
            self.news.notify_all()

    def note(self, what: str) -> None:
        with self.news:
            self.notes.append(f"[{self.fault}] {what}")


@dataclass
class Said:
    """One message: under which fault, in which round (0 for danger, which never waits), what it answers.

    ``refused``: a tap on a button whose question was closed, so nothing was to be kept. ``tap`` is its callback id.
    """

    fault: str
    round: int
    words: str
    item: Optional[str] = None
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    at: float = field(default_factory=time.monotonic)
    statuses: list[int] = field(default_factory=list)
    errors: set[str] = field(default_factory=set)
    replies: list[Reply] = field(default_factory=list)
    took: Optional[float] = None
    done: bool = False
    refused: bool = False
    tap: str = ""

    @property
    def in_danger(self) -> bool:
        return self.words in DANGER


class Talker(abc.ABC):
    """One person's talk, from the first word until the plan is made and some words after it."""

    def __init__(self, diary: Diary, dice: random.Random) -> None:
        self.diary, self.dice = diary, dice
        self.said: list[Said] = []
        self.alarm = threading.Event()
        self.asked: Optional[str] = None
        self.agreed = False
        self.sorry = 0
        self.stuck = ""
        self._used, self._round, self._times, self._checked = "", 0, 0, False
        self._dangers = list(dice.sample(DANGER, 2))
        self._danger_at = dice.randint(2, 16) if dice.random() < 0.4 else -1
        self._chats_left = dice.randint(2, 5)

    @property
    def may_be_in_danger(self) -> bool:
        return bool(self._dangers and self.said)

    @property
    def waits(self) -> Optional[float]:
        """Since when the last message has no answer."""
        return self.said[-1].at if self.said and not self.said[-1].done else None

    def talk(self) -> None:
        """Until the talk has come to its end."""
        self._begin()
        while not self.stuck and self._chats_left > 0:
            self._move()
            self._think()

    # --- what to say ------------------------------------------------------------------------------------------

    def _move(self) -> None:
        if self._dangers and (self.alarm.is_set() or len(self.said) == self._danger_at):
            self._cry()
        elif self._checked:
            self._checked = False
            self._say(SAFE)
        elif self.asked is None:
            self._chats_left -= int(self.agreed)
            self._say(self.dice.choice(SMALL_TALK))
        elif self.asked in ALONE and self.dice.random() < 0.15:
            self._say(self.dice.choice(ASIDE))
        else:
            self._answer(self.asked)

    def _answer(self, item: str) -> None:
        words, button = self._words_for(item)
        if button is not None and self._can_tap(button):
            self._tap(button, item)
        else:
            self._say(words, item)

    def _words_for(self, item: str) -> tuple[str, Optional[str]]:
        """What is said to a question, and the button that says the same."""
        dice = self.dice
        if item == "consent.record":
            return "yes, that's fine", "Yes, you may"
        if item == "safety.check":
            return SAFE, "I'm safe for now"
        if item == "plan.where":
            return "show it here", "Show it here"
        if item == "person.alias":
            return dice.choice(NAMES), None
        if item == "person.age":
            return str(dice.randint(19, 80)), None
        if item == "person.country":
            return dice.choice(sorted(COUNTRIES)), None
        if item == "contact.route":
            return dice.choice(("no thanks", "me@example.org")), None
        if item == "substance.main":
            self._used = dice.choice(sorted(USED))
            return self._used, None
        if item == "substance.amount":
            return USED[self._used or "red wine"][1], None
        if item.startswith("ruler."):
            number = str(dice.randint(1, 10))
            return number, number if dice.random() < 0.4 else None
        if item == "plan.confirm":
            return "yes", "Yes, that's right"
        return (dice.choice(WORDS[item]) if item in WORDS else "yes"), None

    def _cry(self) -> None:
        self.alarm.clear()
        self._checked = True
        self._say(self._dangers.pop())

    def _heard(self, said: Said, texts: Sequence[str]) -> None:
        """Look at what is asked now."""
        said.done = True
        if said.in_danger:
            return  # the question that was open is asked again after the check
        if any(is_phrase("fault", text) for text in texts):
            self.sorry += 1
            self.diary.note(f"{said.words!r} was answered with a fault")
        asked = next((item for item in reversed([item_of(text) for text in texts]) if item), None)
        self.agreed = self.agreed or asked not in BEFORE_CONSENT
        self._times = self._times + 1 if asked and asked == self.asked else 0
        if self._times > ASKED_AT_MOST:
            self.stuck = f"{asked} was asked again and again"
        self.asked = asked if asked or self.agreed else self.asked

    def _new(self, words: str, item: Optional[str]) -> Said:
        self._round += 1
        said = Said(self.diary.fault, self._round, words, item)
        if said.in_danger:
            said.round = 0
        self.said.append(said)
        self.diary.said()
        return said

    def _think(self) -> None:
        self.alarm.wait(self.dice.uniform(0.1, 1.2))

    @abc.abstractmethod
    def _begin(self) -> None: ...

    @abc.abstractmethod
    def _can_tap(self, title: str) -> bool: ...

    @abc.abstractmethod
    def _tap(self, title: str, item: Optional[str]) -> None: ...

    @abc.abstractmethod
    def _say(self, words: str, item: Optional[str] = None) -> None: ...


class WebTalker(Talker):
    """In front of the widget: the same message again, under the same id, until there is an answer."""

    def __init__(self, diary: Diary, dice: random.Random, house: House) -> None:
        super().__init__(diary, dice)
        self.visitor = arrived(house)
        self._shown: list[Reply] = []

    def _begin(self) -> None:
        self._say("hello")

    def _can_tap(self, title: str) -> bool:
        return any(b["title"] == title for reply in self._shown for b in reply["buttons"])

    def _tap(self, title: str, item: Optional[str]) -> None:
        self.visitor.last = self._shown
        self._send(self._new(title, item), button=self.visitor.button(title))

    def _say(self, words: str, item: Optional[str] = None) -> None:
        self._send(self._new(words, item), text=words)

    def _send(self, said: Said, **body: Any) -> None:
        send_until_answered(self.visitor, said, body, self._meanwhile)
        self._shown = self._shown if said.in_danger else said.replies
        self._heard(said, [str(reply["text"]) for reply in said.replies])

    def _meanwhile(self) -> None:
        """Between two tries: whoever is in danger does not wait for an answer to something else."""
        if self.alarm.is_set() and self._dangers and not self.said[-1].in_danger:
            self._cry()


class TelegramTalker(Talker):
    """In a chat of Telegram. What is said waits there until the bot fetches it."""

    def __init__(self, diary: Diary, dice: random.Random, user: User) -> None:
        super().__init__(diary, dice)
        self.user = user
        self._seen: set[int] = set()
        self._noticed = self._unsure = False

    def _begin(self) -> None:
        self._say(self.dice.choice(("/start", "hello", "hi, things got out of hand")))

    def _move(self) -> None:
        if not self._noticed and not self._checked and self._can_tap("Continue here"):
            self._noticed = True
            self._tap("Continue here", None)
        else:
            super()._move()

    def _can_tap(self, title: str) -> bool:
        return any(title == shown for message in self.user.inbox[-6:] for shown, _ in message.buttons)

    def _tap(self, title: str, item: Optional[str]) -> None:
        said = self._new(title, item)

        def tap() -> None:
            said.tap = self.user.tap(title)

        self._act(said, tap)

    def _say(self, words: str, item: Optional[str] = None) -> None:
        self._act(self._new(words, item), lambda: self.user.say(words))

    def _act(self, said: Said, act: Callable[[], object]) -> None:
        act()
        said.id = str(self.user.last_update_id)
        new = self._wait_for_news(said)
        self._seen |= {message.message_id for message in new}
        self._heard(said, [first_text(message) for message in new])

    def _wait_for_news(self, said: Said) -> list[Shown]:
        """Until a question was asked, or something was said and nothing follows. After trouble an answer may still be
        to what was said before: then only quiet counts. Who is in danger waits no longer."""
        deadline, told = said.at + ANSWERED_WITHIN, len(self.user.toasts)
        while time.monotonic() < deadline:
            new = [message for message in self.user.inbox if message.message_id not in self._seen]
            numbers = [m.at for m in new if m.at >= said.at and NUMBERS.search(first_text(m))]
            said.took = numbers[0] - said.at if numbers and said.took is None else said.took
            if new and self._ends(said, new[-1]):
                self._unsure = False
                return new
            if said.tap and said.tap not in self.user.unanswered_taps and len(self.user.toasts) > told:
                break
            if self.alarm.wait(0.1) and self._dangers and not said.in_danger:
                self._cry()
                self._unsure = True
                break
        return []

    def _ends(self, said: Said, last: Shown) -> bool:
        if self._unsure or said.in_danger or not self.diary.undisturbed(said.at):
            return time.monotonic() - last.at > QUIET and self.diary.calm
        return bool(last.buttons) or item_of(first_text(last)) is not None or time.monotonic() - last.at > QUIET


def arrived(house: House) -> Visitor:
    """Somebody with a new web session; a front that is down is waited for."""
    deadline = time.monotonic() + ANSWERED_WITHIN
    while True:
        try:
            return Visitor(house, country="GB")
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def send_until_answered(
    visitor: Visitor, said: Said, body: dict[str, Any], meanwhile: Callable[[], None] = lambda: None
) -> None:
    """Again and again until there is an answer. ``took`` counts from the first try that reached the front."""
    deadline, began = said.at + ANSWERED_WITHIN, 0.0
    while time.monotonic() < deadline:
        began = began or time.monotonic()
        try:
            answer = visitor.send(said.id, **body)
        except httpx.TransportError:
            said.statuses.append(NO_CONNECTION)
            began = 0.0
        else:
            said.statuses.append(answer.status_code)
            if answer.status_code == 200:
                said.took, said.replies = time.monotonic() - began, list(answer.json()["replies"])
                return
            said.errors.add(str(answer.json()["error"]))
            if answer.status_code not in (429, 503):
                said.refused = said.errors == {"question_closed"}
                return
        meanwhile()
        time.sleep(0.3)


def first_text(message: Shown) -> str:
    """What a message said when it came, without the line that says why it came again."""
    text = message.edits[0] if message.edits else message.text
    return text.removeprefix(IN_DOUBT).lstrip()

"""People who talk through two fronts at once. What came of it is judged by ``reckoning``.

Each answers what is asked and now and then says something else. A message goes to one front or the other, to both
at once under one id, or follows the one before without waiting for its answer.
"""

from __future__ import annotations

import random
import time
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Callable, Optional, Sequence

import httpx

from journeys.house import wait_for
from journeys.person import Reply, Visitor, item_of

COME_BACK_WITHIN = 90.0
KEPT_WITHIN = 30.0
LAST_EVENTS_WITHIN = 25.0
NO_ANSWER = 0
"""Counted in place of a status when a front fell under a request."""

NAMES = ("sam", "alex", "robin", "jo", "morgan", "casey", "jamie", "taylor", "lee")
COUNTRIES = {"uk": "GB", "i live in ireland": "IE", "canada": "CA", "australia": "AU", "the us": "US"}
USED = {
    "lager mostly": ("alcohol", "6 cans a day, every day"),
    "red wine": ("alcohol", "a bottle a day, 5 days a week"),
    "weed": ("cannabis", "2 grams a day, every day"),
    "cigarettes": ("nicotine_tobacco", "20 a day, every day"),
}
WORDS = {
    "opening.words": ("things got out of hand, and my kids notice", "my wife says i have changed", "i lost my job over it"),
    "contact.safe_times": ("weekdays after six", "any evening", "mornings are fine"),
    "substance.last_use": ("last night", "yesterday", "three days ago"),
    "reason.words": ("because my kids deserve better", "i miss who i was", "my health is going"),
    "goal.words": ("be there for my kids in the morning", "keep my job and sleep through", "feel clear in the mornings"),
}
ASIDE = ("why do you ask that?", "what's on my plan", "who are you?", "thanks", "who can read this?")
SMALL_TALK = (
    "what's on my plan", "thanks", "thank you so much", "hello again", "who are you?", "are you a real person?", "who can read this?",
    "tell me a joke", "how is the weather", "what's on my plan now", "that helps, thanks", "good evening", "can i see my plan",
)  # fmt: skip
ALONE = ("person.age", "ruler.importance", "ruler.confidence", "plan.confirm", None)
"""Where something else may be said in the same breath: the answer is told from it by what it is."""


@dataclass
class Sent:
    """A message. Messages of one ``round`` were sent at the same time; those of a later one after these were kept."""

    round: int
    body: dict[str, Any]
    message_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    statuses: list[int] = field(default_factory=list)
    replies: list[list[Reply]] = field(default_factory=list)
    took: Optional[float] = None

    @property
    def refused(self) -> bool:
        return 409 in self.statuses


class Talker:
    """One person with one web session, open at both fronts."""

    def __init__(self, both: tuple[Visitor, Visitor], seed: int) -> None:
        self.both, self._dice = both, random.Random(seed)
        self.sent: list[Sent] = []
        self.given: dict[str, Any] = {}
        self.asked: Optional[str] = None
        self.used = ""
        self._round = 0
        self._pool = ThreadPoolExecutor(4)
        self.events = self._dice.choice(both).events()

    def close(self) -> None:
        self._pool.shutdown()
        self.events.__exit__()
        for visitor in self.both:
            visitor.close()

    def talk(self, turns: int) -> None:
        """Say so many messages."""
        self._say({"text": "hello"})
        while len(self.sent) < turns:
            self._move()

    def ask_again(self) -> None:
        """Send every message once more to each front: the answers must be the same."""
        for sent in self.sent:
            for front in (0, 1):
                self._send(sent, front)

    # --- what to say ------------------------------------------------------------------------------------------

    def _move(self) -> None:
        if self.asked in ALONE and self._dice.random() < 0.35:
            self._in_one_breath()
        elif self.asked and self.asked != "consent.record" and self._dice.random() < 0.15:
            self._say({"text": self._dice.choice((*ASIDE, "can you repeat the question?"))})
        elif self.asked:
            self._say(self._answer())
        else:
            self._say({"text": self._dice.choice(SMALL_TALK)})

    def _answer(self) -> dict[str, Any]:
        """What answers the open question; what the record must hold for it is remembered."""
        item, dice = str(self.asked), self._dice
        if item == "consent.record":
            return {"button": self._button("Yes, you may")} if dice.random() < 0.7 else {"text": "yes, that's fine"}
        if item == "person.alias":
            return self._give(item, (name := dice.choice(NAMES)), name.capitalize())
        if item == "person.age":
            return self._give(item, str(age := dice.randint(19, 80)), age)
        if item == "person.country":
            return self._give(item, (words := dice.choice(sorted(COUNTRIES))), COUNTRIES[words])
        if item == "contact.route":
            words = f"{self.given.get('person.alias', 'me').lower()}@example.org" if dice.random() < 0.5 else "no thanks"
            return self._give(item, words, words if "@" in words else None)
        if item == "substance.main":
            self.used = dice.choice(sorted(USED))
            return self._give(item, self.used, USED[self.used][0])
        if item == "substance.amount":
            return {"text": USED[self.used][1]}
        if item.startswith("ruler."):
            number = dice.randint(1, 10)
            said = self._give(item, f"i'd say {number}", float(number))
            return said if dice.random() < 0.6 else {"button": self._button(str(number))}
        if item in WORDS:
            return self._give(item, (words := dice.choice(WORDS[item])), words)
        return {"text": "yes"}

    def _give(self, item: str, words: str, value: Any) -> dict[str, Any]:
        self.given[item] = value
        return {"text": words}

    def _button(self, title: str) -> str:
        self.both[0].last = self._last
        return self.both[0].button(title)

    # --- how to send it ---------------------------------------------------------------------------------------

    def _say(self, body: dict[str, Any]) -> None:
        """To one front and wait, or to both at once under one id."""
        sent = self._next(body)
        fronts = [self._dice.randint(0, 1)] if self._dice.random() < 0.7 else [0, 1]
        self._wait([self._pool.submit(self._send, sent, front) for front in fronts])
        self._hear(sent)

    def _in_one_breath(self) -> None:
        """An answer, if something is asked, and one or two things more before the first is answered."""
        bodies = [self._answer() if self.asked else {"text": self._dice.choice(SMALL_TALK)}]
        bodies += [{"text": self._dice.choice(ASIDE)} for _ in range(self._dice.randint(1, 2))]
        in_order = self._dice.random() < 0.5
        front, pending, first = self._dice.randint(0, 1), [], None
        for body in bodies:
            last = self._next(body, same_round=first is not None and not in_order)
            first = first or last
            pending.append(self._pool.submit(self._send, last, front))
            if in_order:
                self._wait_kept(last, 1 - front)
            front = 1 - front
        self._wait(pending)
        self._hear(*self.sent[-len(bodies) :])

    def _next(self, body: dict[str, Any], *, same_round: bool = False) -> Sent:
        self._round += 0 if same_round else 1
        self.sent.append(Sent(self._round, body))
        return self.sent[-1]

    def _wait(self, pending: Sequence["Future[None]"]) -> None:
        for one in pending:
            one.result(COME_BACK_WITHIN + KEPT_WITHIN)

    def _wait_kept(self, sent: Sent, front: int) -> None:
        """Until the other front sees the message in the history, whether it is answered or not."""
        there = self.both[front]
        wait_for("a message to be kept", lambda: sent.message_id in kept(there.history()), KEPT_WITHIN)

    def _send(self, sent: Sent, front: int) -> None:
        """Send until there is an answer: a full bucket and a dialogue that is down are waited for."""
        deadline = time.monotonic() + COME_BACK_WITHIN
        while time.monotonic() < deadline:
            began = time.perf_counter()
            try:
                answer = self.both[front].send(sent.message_id, **sent.body)
            except httpx.TransportError:
                sent.statuses.append(NO_ANSWER)
                front = 1 - front
                continue
            if answer.status_code == 429:
                time.sleep(float(answer.headers["Retry-After"]))
                continue
            sent.statuses.append(answer.status_code)
            if answer.status_code != 503:
                sent.took = sent.took or time.perf_counter() - began
                sent.replies += [answer.json()["replies"]] if answer.status_code == 200 else []
                return
            time.sleep(0.5)

    def _hear(self, *sent: Sent) -> None:
        """Look at what is asked now: the newest of the replies."""
        heard = {r["id"]: r for one in sent for replies in one.replies for r in replies}
        newest = sorted(heard.values(), key=lambda reply: str(reply["at"]))
        self._last = newest
        items = [item_of(reply["text"]) for reply in newest]
        self.asked = next((item for item in reversed(items) if item), None)

    _last: list[Reply] = []


def kept(history: Sequence[Reply]) -> list[str]:
    """The ids under which the person's messages came, in the order of keeping."""
    return [str(m["message_id"]) for m in history if m["direction"] == "in"]


def crowd(come: Callable[[], tuple[Visitor, Visitor]], people: int, seed: int = 1) -> list[Talker]:
    """So many people with a session each; every seed makes them talk in its own way."""
    return [Talker(come(), seed * 1000 + number) for number in range(people)]


def all_at_once(talkers: Sequence[Talker], do: Callable[[Talker], None]) -> float:
    """Everybody does it at the same time. Gives the seconds until all are done; raises what any of them met."""
    began = time.perf_counter()
    with ThreadPoolExecutor(len(talkers)) as threads:
        for done in [threads.submit(do, talker) for talker in talkers]:
            done.result()
    return time.perf_counter() - began

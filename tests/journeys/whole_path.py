"""The first issue's path on either channel: from the first words to a plan that the person and the team agreed to."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import ContextManager, Iterator, Optional, Protocol, Sequence

import yaml

from journeys.house import ROOT
from journeys.person import Visitor
from journeys.staff import Colleague
from journeys.telegram_person import OPENING, Texter

GOAL = "be sober enough to keep my job and see my kids"
EDITED_GOAL = "keep my job, and see my kids at weekends"
REASON = "because my kids deserve better"
NEWS = str(yaml.safe_load((ROOT / "content" / "plan" / "first_plan.yml").read_text(encoding="utf-8"))["news"])

TAP = "> "
"""Marks a button of that title; everything else is typed."""

STEPS = (
    (OPENING, "consent.record"),
    ("> Yes, you may", "person.alias"),
    ("call me sam", "person.age"),
    ("I'm thirty four", "person.country"),
    ("> United Kingdom", "contact.route"),
    ("you can ring me on 07700 900123", "contact.safe_times"),
    ("weekdays after six", "substance.main"),
    ("mostly lager, some weed", "substance.amount"),
    ("about 12 cans a day, every day", "substance.last_use"),
    ("not 12, 20", "substance.last_use"),
    ("last night", "ruler.importance"),
    ("> 8", "reason.words"),
    (REASON, "ruler.confidence"),
    ("maybe a 4", "goal.words"),
    (GOAL, "plan.confirm"),
)
"""What is said or tapped, and the item that must be asked then. Text and buttons take turns."""

BUTTON_STEPS = (
    ("34", "person.country"),
    ("> Ireland", "contact.route"),
    ("> Rather not", "substance.main"),
    ("wine, a bottle a day, yesterday", "ruler.importance"),
    ("> 10", "reason.words"),
    ("my kids", "ruler.confidence"),
    ("> 0", "goal.words"),
)
"""Every question that has buttons answered by one, from the question for the age on."""


class Talking(Protocol):
    """What both a ``Visitor`` and a ``Texter`` can do."""

    @property
    def asked(self) -> Optional[str]: ...

    @property
    def person_id(self) -> str: ...

    def say(self, text: str) -> object: ...

    def tap(self, title: str) -> object: ...

    def words(self) -> str: ...

    def was_told(self, phrase: str) -> bool: ...


class Path:
    """Walks one person to an agreed plan; every step is checked on the way. ``turns`` counts what the person did."""

    def __init__(self, person: Talking) -> None:
        self.person, self.turns, self._began = person, 0, time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    def walk(self, counsellor: Colleague) -> None:
        """All of it. Afterwards version 2 of the plan, with the counsellor's words, is active."""
        self.to_draft()
        self.confirm()
        with self.news():
            person_id = self.person.person_id
            counsellor.edit_plan(person_id, "The job comes first", {"line.G1.words": EDITED_GOAL})
            counsellor.sign_plan(person_id, 2)
        self.see_plan()
        assert EDITED_GOAL in self.person.words() and self.person.asked == "plan.agree", self.person.words()
        self.act("> I agree")
        assert self.person.was_told("plan_active"), self.person.words()

    def to_draft(self) -> None:
        """Until the draft is read back, in the person's own words."""
        self.begin()
        self.told(STEPS)
        for words in ("20 cans a day", REASON, GOAL):
            assert words in self.person.words(), self.person.words()

    def confirm(self) -> None:
        """One line of the draft is corrected, and then it is right."""
        lines = self.person.words().splitlines()
        number = next(line.split(".")[0] for line in lines if "How sure you feel" in line)
        self.told(((f"line {number} should be 5", "plan.confirm"),))
        assert self.person.was_told("line_changed") and "How sure you feel (0 to 10): 5" in self.person.words()
        self.act("> Yes, that's right")
        assert self.person.was_told("plan_sent"), self.person.words()

    def told(self, steps: "Sequence[tuple[str, str]]") -> None:
        for text, following in steps:
            self.act(text)
            assert self.person.asked == following, f"after {text!r}: {self.person.words()}"

    def act(self, text: str) -> None:
        self.turns += 1
        if text.startswith(TAP):
            self.person.tap(text[len(TAP) :])
        else:
            self.person.say(text)

    def begin(self) -> None:
        """Until the person is asked what brought them."""
        raise NotImplementedError

    def news(self) -> ContextManager[None]:
        """Around what the team does: the person hears that there is news, without asking."""
        raise NotImplementedError

    def see_plan(self) -> None:
        """The signed plan is shown, and the question whether to agree to it."""
        raise NotImplementedError


class WebPath(Path):
    """In the web chat."""

    def __init__(self, person: Visitor) -> None:
        super().__init__(person)
        self.visitor = person

    def begin(self) -> None:
        self.told((("hello", "opening.words"),))

    @contextmanager
    def news(self) -> Iterator[None]:
        with self.visitor.events() as events:
            yield
            events.wait_for(NEWS)

    def see_plan(self) -> None:
        self.act("what's on my plan")


class TelegramPath(Path):
    """In a private chat with the bot."""

    def __init__(self, person: Texter) -> None:
        super().__init__(person)
        self.texter = person

    def begin(self) -> None:
        self.act("/start")
        assert self.texter.buttons == ["Continue here", "Use the web chat", "Stop"], self.texter.words()
        self.told((("> Continue here", "opening.words"),))

    @contextmanager
    def news(self) -> Iterator[None]:
        with self.texter.hearing():
            yield
        assert self.texter.texts == [NEWS]

    def see_plan(self) -> None:
        self.told((("/plan", "plan.where"), ("> Show it here", "plan.agree")))

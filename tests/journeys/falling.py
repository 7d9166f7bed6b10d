"""Faults strike a house while people talk in it; one driver for the short test and the long benchmark."""

from __future__ import annotations

import random
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, Callable, Mapping, Optional, Sequence

import httpx
from botapi.fake_bot_api import FakeBotApi
from integration.databases import Databases

from journeys.falling_count import Table, count_stranger, count_telegram, count_web
from journeys.falling_faults import Faults, HouseClock
from journeys.falling_people import (
    DANGER,
    Diary,
    Said,
    Talker,
    TelegramTalker,
    WebTalker,
    arrived,
    send_until_answered,
)
from journeys.house import API_TOKEN, House, wait_for
from journeys.person import Visitor
from journeys.staff import PASSWORD, Colleague

RECOVERED_WITHIN = 240.0
ENDED_WITHIN = 400.0
AT_ONCE = {"database held": 6}
"""How many strangers are in danger at the same time; one at other faults."""
STAFF_WORDS = "This is Robin from the team, message {number}. I'm here until six."


def shuffled(times: Mapping[str, int], seed: int) -> list[str]:
    """Each fault so many times, in a random order."""
    plan = [kind for kind, count in times.items() for _ in range(count)]
    random.Random(seed).shuffle(plan)
    return plan


class FallingHouse(House):
    """A house whose database stands in a folder of its own, and which keeps people's words however the clock jumps."""

    def __init__(self, folder: Path, fake: FakeBotApi, clock: HouseClock, databases: Optional[Databases] = None) -> None:
        url = databases.fresh("postgresql") if databases else f"sqlite:///{folder / 'database' / 'waymark.db'}"
        settings = {
            "WAYMARK_TELEGRAM_TOKEN": fake.token,
            "WAYMARK_TELEGRAM_API": fake.url,
            "WAYMARK_CLOCK_FILE": str(clock.file),
            "WAYMARK_RETENTION_PENDING_HOURS": "100000",
        }
        super().__init__(folder, url, databases.server_folder if databases else None, settings)


class Falls:
    """A house, its Telegram and its people. ``run`` lets the faults of a plan strike and gives the count."""

    def __init__(
        self,
        folder: Path,
        seed: int,
        databases: Optional[Databases] = None,
        web: int = 3,
        telegram: int = 3,
        tell: Callable[[str], None] = print,
    ) -> None:
        """``seed`` fixes what is said and when a fault strikes, as far as threads can be fixed. ``databases``: run on
        their PostgreSQL server; None: on SQLite. ``tell`` hears of each fault once it is over."""
        folder.mkdir(parents=True, exist_ok=True)
        self._dice, self._tell, self._places = random.Random(seed), tell, (web, telegram)
        self.fake, self.clock, self.diary = FakeBotApi(), HouseClock(folder / "clock"), Diary()
        self.house = FallingHouse(folder, self.fake, self.clock, databases)
        self.faults = Faults(self.house, self.fake, self.clock, self._dice, databases)
        self.faults.while_telegram_is_down = self._write_as_staff
        self.table = Table()
        self._talkers: list[Talker] = []
        self._now: list[Talker] = []
        self._strangers: list[tuple[Visitor, Said]] = []
        self._errors: list[BaseException] = []
        self._colleague: Optional[Colleague] = None
        self._numbers = 0

    def run(self, plan: Sequence[str]) -> Table:
        """Everything from the start of the house to its stop."""
        try:
            self.fake.start()
            self.house.start()
            self._colleague = Colleague.hired(self.house, "Robin")
            threads = [threading.Thread(target=self._come_and_go, args=(kind,), daemon=True) for kind in self._guests()]
            for thread in threads:
                thread.start()
            for number, kind in enumerate(plan, start=1):
                self._strike(kind, f"{number}/{len(plan)}")
            self.diary.ending = True
            for thread in threads:
                thread.join(ENDED_WITHIN)
                assert not thread.is_alive(), f"somebody still waits for an answer\n{self.house.last_words()}"
            self._count()
            self.house.stop()
        finally:
            self.house.sweep()
            self.clock.stop()
            self.fake.close()
        return self.table

    # --- people -----------------------------------------------------------------------------------------------

    def _guests(self) -> list[str]:
        return ["web"] * self._places[0] + ["telegram"] * self._places[1]

    def _come_and_go(self, kind: str) -> None:
        """One place: when a talk has ended, the next person comes."""
        while not self.diary.ending:
            talker: Optional[Talker] = None
            try:
                dice = random.Random(self._dice.random())
                talker = WebTalker(self.diary, dice, self.house) if kind == "web" else TelegramTalker(self.diary, dice, self.fake.user())
                with self.diary.news:
                    self._talkers.append(talker)
                    self._now.append(talker)
                talker.talk()
            except (AssertionError, httpx.HTTPError, OSError, KeyError) as error:
                self._errors.append(error)
                self.diary.note(f"a talk broke off: {type(error).__name__} {error}")
                return
            finally:
                if talker in self._now:
                    self._now.remove(talker)

    def _cry_for_help(self) -> None:
        """Somebody new on the web is in danger, or several at once, and one of those who talk on each channel."""
        for kind in (WebTalker, TelegramTalker):
            able = [t for t in list(self._now) if isinstance(t, kind) and t.may_be_in_danger]
            if able:
                self._dice.choice(able).alarm.set()
        strangers = [threading.Thread(target=self._stranger) for _ in range(AT_ONCE.get(self.diary.fault, 1))]
        for stranger in strangers:
            stranger.start()
        for stranger in strangers:
            stranger.join()

    def _stranger(self) -> None:
        visitor = arrived(self.house)
        said = Said(self.diary.fault, 0, self._dice.choice(DANGER))
        self._strangers.append((visitor, said))
        self.diary.said()
        send_until_answered(visitor, said, {"text": said.words})

    def _write_as_staff(self) -> None:
        """A colleague writes to somebody who talks on Telegram."""
        agreed = [t for t in self._talkers if isinstance(t, TelegramTalker) and t.agreed]
        colleague = self._colleague
        if not agreed or colleague is None:
            return
        person_id = self._person_at(self._dice.choice(agreed[-3:]))
        self._numbers += 1
        sign_in(colleague, self.clock)
        colleague.take_on(person_id)
        colleague.write(person_id, STAFF_WORDS.format(number=self._numbers))

    def _person_at(self, talker: TelegramTalker) -> str:
        (found,) = self._read("/api/people", telegram_chat=str(talker.user.chat_id))["people"]
        return str(found["id"])

    def _read(self, path: str, **query: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {API_TOKEN}"}
        answer = httpx.get(f"{self.house.console_url}{path}", params=query, headers=headers, timeout=60.0, trust_env=False)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    # --- faults -----------------------------------------------------------------------------------------------

    def _strike(self, kind: str, place: str) -> None:
        """One fault at a random point of the talks; then until everything that was said before its end is answered."""
        self.diary.turn_to(kind)
        self.table.row(kind).injected += 1
        self._wait_sent(self._dice.randint(2, 8))
        threading.Event().wait(self._dice.uniform(0.0, 0.7))
        began = time.monotonic()
        self.diary.falls(kind)
        with self.faults.strike(kind):
            self._cry_for_help()
        self.diary.stands()
        up = time.monotonic()
        try:
            wait_for("all to be answered", lambda: self._all_answered(up), RECOVERED_WITHIN)
        except AssertionError as error:
            self.diary.note(str(error))
        self._tell(f"{place} {kind}: down {up - began:.1f} s, all answered {time.monotonic() - up:.1f} s later")

    def _wait_sent(self, more: int) -> None:
        """Until so many more messages were sent."""
        goal = self.diary.sent + more
        with self.diary.news:
            assert self.diary.news.wait_for(lambda: self.diary.sent >= goal, RECOVERED_WITHIN), f"nobody talks: {self._errors}"

    def _all_answered(self, moment: float) -> bool:
        return not any(t.waits is not None and t.waits < moment for t in list(self._now))

    # --- the count --------------------------------------------------------------------------------------------

    def _count(self) -> None:
        """Once nothing is under way any more."""
        self.diary.turn_to("at the end")
        self.clock.jump(timedelta(minutes=2))
        self.fake.wait_idle(quiet=4.0, within=120.0)
        answers = [call.params for call in self.fake.calls if call.method == "answerCallbackQuery"]
        closed = {str(answer["callback_query_id"]) for answer in answers if answer.get("text")}
        for said in (one for talker in self._talkers for one in talker.said):
            said.refused = said.refused or said.tap in closed
        for visitor, said in self._strangers:
            count_stranger(self.table, visitor, said)
            visitor.close()
        for talker in self._talkers:
            if isinstance(talker, WebTalker) and talker.said:
                count_web(self.table, talker)
                talker.visitor.close()
            elif isinstance(talker, TelegramTalker) and talker.said:
                record = self._read(f"/api/people/{self._person_at(talker)}/record", messages="1")
                count_telegram(self.table, talker, record)
        self.table.details += self.diary.notes
        for broken in [*self.fake.violations, *map(str, self._errors)]:
            self.table.add("at the end", "lost", 1, broken)


def sign_in(colleague: Colleague, clock: HouseClock) -> None:
    """By the time of the house; the code is one step ahead, so that none is used twice."""
    code = colleague.totp.at(clock.now() + timedelta(seconds=30))
    colleague.web.cookies.clear()
    colleague.send("/login", "/login", {"name": colleague.name, "password": PASSWORD, "code": code})

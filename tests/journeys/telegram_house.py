"""An installation with the Telegram channel on, talking to a strict fake of the Bot API, on both databases."""

from __future__ import annotations

import signal
import subprocess
import time
from functools import cached_property
from pathlib import Path
from typing import Callable, Iterator, Mapping, Optional

import pytest
from botapi.fake_bot_api import FakeBotApi
from integration.databases import KINDS, Databases

from journeys.house import STOPPED_WITHIN, House
from journeys.staff import Colleague
from journeys.telegram_person import Texter
from journeys.traces import lines_with
from waymark.bootstrap import Core
from waymark.config import Settings, ensure_keys

BEHIND = "rasa,actions,console,worker"
"""What stands behind the front."""


class TelegramHouse(House):
    """The front has a supervisor of its own: it can be started anew, with other settings, while Rasa goes on."""

    def __init__(
        self,
        var: Path,
        database_url: str = "",
        server_folder: Optional[Path] = None,
        settings: Optional[Mapping[str, str]] = None,
    ) -> None:
        self.fake = FakeBotApi()
        telegram = {"WAYMARK_TELEGRAM_TOKEN": self.fake.token, "WAYMARK_TELEGRAM_API": self.fake.url}
        super().__init__(var, database_url, server_folder, {**telegram, **(settings or {})})
        self._front: Optional[subprocess.Popen[str]] = None
        self.front_changes: Mapping[str, str] = {}
        """Settings with which the front runs instead of the usual ones."""

    @cached_property
    def core(self) -> Core:
        """The services on this house's database, to see what is still under way in it."""
        return Core(ensure_keys(Settings(var_dir=str(self.var), database_url=self.database_url)))

    def start(self) -> float:
        """Migrate, start everything and wait until it is ready; gives the seconds from start to ready."""
        self.fake.start()
        self.run("migrate")
        began = time.monotonic()
        self._supervisor = self._launch("--only", BEHIND)
        self.open_front()
        return time.monotonic() - began

    def stop(self) -> None:
        self.close_front()
        super().stop()

    def sweep(self) -> None:
        super().sweep()
        if "core" in self.__dict__:
            self.core.engine.dispose()
        self.fake.close()

    def open_front(self, **settings: str) -> None:
        """Start the front, anew if it runs, with some settings changed; waits until everything is ready."""
        self.close_front()
        self.front_changes = settings
        self._front = self._launch("--only", "front", **settings)
        self.wait_ready()

    def close_front(self) -> None:
        """Ask the front to end, as a service manager would."""
        if self._front is None:
            return
        self._front.send_signal(signal.SIGTERM)
        assert self._front.wait(STOPPED_WITHIN) == 0, self.last_words()
        self._front = None

    def fall(self) -> None:
        """``kill -9`` the front and wait until its supervisor has another one running."""
        self.wait_restarted("front", self.kill("front"))

    def ready(self) -> bool:
        assert self._front is None or self._front.poll() is None, self.last_words()
        return super().ready()

    def _supervisors(self) -> "list[subprocess.Popen[str]]":
        return [*super()._supervisors(), *([self._front] if self._front else [])]


@pytest.fixture(scope="session", params=KINDS)
def telegram_house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TelegramHouse]:
    """Shared by all; whoever starts its front with other settings leaves it with the usual ones."""
    databases = Databases(tmp_path_factory.mktemp("telegram-databases"))
    server_folder = databases.server_folder if request.param == "postgresql" else None
    house = TelegramHouse(tmp_path_factory.mktemp(f"telegram-{request.param}"), databases.fresh(request.param), server_folder)
    try:
        house.start()
        yield house
        house.stop()
    finally:
        house.sweep()
        databases.close()


@pytest.fixture(scope="session")
def telegram_counsellor(telegram_house: TelegramHouse) -> Iterator[Colleague]:
    """A member of staff of the house with Telegram, enrolled and signed in."""
    colleague = Colleague.hired(telegram_house, "Robin")
    yield colleague
    colleague.close()


@pytest.fixture
def texter(telegram_house: TelegramHouse) -> Iterator[Callable[[], Texter]]:
    """Makes people who write to the bot. After each test no rule of the Bot API was broken and no log names anybody."""
    came: list[Texter] = []

    def come() -> Texter:
        came.append(Texter(telegram_house))
        return came[-1]

    yield come
    assert telegram_house.fake.violations == []
    assert lines_with(telegram_house, telegram_house.fake.token, *(str(one.chat_id) for one in came)) == []

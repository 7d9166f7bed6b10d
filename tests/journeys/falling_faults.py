"""What falls: processes, the database, the disk, the clock, Telegram. Each comes and goes as a context."""

from __future__ import annotations

import os
import random
import threading
import time
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Callable, ContextManager, Iterator, Optional

import psutil
from botapi.fake_bot_api import FakeBotApi
from integration.databases import Databases
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from journeys.house import House

GONE_SECONDS = 10.0
FULL_SECONDS = 6.0
HELD_SECONDS = 5.0
HELD_TABLES = "people, channel_identities, inbox, outbox, conversations"
JUMP_SECONDS = 4.0
STEPS = 6
STEP_SECONDS = 2.0
PROCESSES = ("worker", "front", "rasa", "actions", "console")
WRITERS = ("front", "actions", "worker", "rasa")
JUMPS = {"clock +1 h": timedelta(hours=1), "clock +25 h": timedelta(hours=25), "clock -1 h": timedelta(hours=-1)}


class HouseClock:
    """The time of the house, in a file: it goes on by itself and can jump."""

    def __init__(self, file: Path) -> None:
        self.file, self._offset = file, timedelta(0)
        self._stopped = threading.Event()
        self._write()
        self._thread = threading.Thread(target=self._go, daemon=True)
        self._thread.start()

    def now(self) -> datetime:
        return datetime.now(timezone.utc) + self._offset

    def jump(self, by: timedelta) -> None:
        self._offset += by

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _go(self) -> None:
        while not self._stopped.wait(0.05):
            self._write()

    def _write(self) -> None:
        draft = self.file.with_suffix(".new")
        draft.write_text(self.now().isoformat(), encoding="ascii")
        os.replace(draft, self.file)


class Faults:
    """All that can happen to one house. ``strike`` gives a context: inside something is down, after it all is up."""

    def __init__(
        self, house: House, fake: FakeBotApi, clock: HouseClock, dice: random.Random, databases: Optional[Databases] = None
    ) -> None:
        """``databases``: whose PostgreSQL server the house uses; None for one on SQLite."""
        self._house, self._fake, self._clock, self._dice, self._databases = house, fake, clock, dice, databases
        self.while_telegram_is_down: Callable[[], None] = lambda: None

    def kinds(self) -> tuple[str, ...]:
        """The faults that can strike this house."""
        killed = tuple(f"{name} killed" for name in PROCESSES)
        here = ("disk full", "worker killed at its journal") if self._databases is None else ("database restarted",)
        return (*killed, "database gone", "database held", *here, *JUMPS, "Telegram down")

    def strike(self, kind: str) -> ContextManager[None]:
        if kind in JUMPS:
            return self._jump(JUMPS[kind])
        others: dict[str, Callable[[], ContextManager[None]]] = {
            "database gone": self._gone,
            "database held": self._held,
            "database restarted": self._restarted,
            "disk full": self._full,
            "worker killed at its journal": self._at_the_journal,
            "Telegram down": self._telegram_down,
        }
        return others[kind]() if kind in others else self._killed(kind.removesuffix(" killed"))

    @contextmanager
    def _killed(self, name: str) -> Iterator[None]:
        old = self._house.kill(name)
        yield
        self._house.wait_restarted(name, old)

    @contextmanager
    def _gone(self, seconds: float = GONE_SECONDS) -> Iterator[None]:
        began = time.monotonic()
        away = self._server_away() if self._databases is not None else self._folder_away()
        with away:
            yield
            _last(began, seconds)
        self._house.wait_ready()

    @contextmanager
    def _restarted(self) -> Iterator[None]:
        with self._server_away():
            yield
        self._house.wait_ready()

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Another program holds what everybody needs, so that the database answers nobody in time."""
        began = time.monotonic()
        engine = create_engine(self._house.database_url, future=True, poolclass=NullPool)
        with engine.connect() as connection:
            sqlite = engine.dialect.name == "sqlite"
            connection.exec_driver_sql("BEGIN IMMEDIATE" if sqlite else f"LOCK TABLE {HELD_TABLES} IN ACCESS EXCLUSIVE MODE")
            yield
            _last(began, HELD_SECONDS)
            connection.rollback()
        engine.dispose()
        self._house.wait_ready()

    @contextmanager
    def _at_the_journal(self) -> Iterator[None]:
        """An alert went to the journal, and the worker falls about when it takes it from there."""
        with self._gone(seconds=2.0):
            yield
        threading.Event().wait(self._dice.uniform(0.0, 2.5))
        old = self._house.kill("worker")
        self._house.wait_restarted("worker", old)

    @contextmanager
    def _server_away(self) -> Iterator[None]:
        assert self._databases is not None
        self._databases.stop_server()
        try:
            yield
        finally:
            self._databases.start_server()

    @contextmanager
    def _folder_away(self) -> Iterator[None]:
        """The folder of the database is moved away and a file stands in its place, so that nobody can make another."""
        folder = self._house.database_file.parent
        away = folder.with_name(f"{folder.name}-away")
        folder.rename(away)
        folder.touch()
        try:
            yield
        finally:
            folder.unlink()
            away.rename(folder)

    @contextmanager
    def _full(self) -> Iterator[None]:
        """No process of the house can write to a file: neither the database nor the alert journal."""
        began, limits = time.monotonic(), []
        for name in WRITERS:
            child = self._house.child(name)
            assert child is not None, f"{name} is not running"
            for process in (child, *child.children(recursive=True)):
                limits.append((process, process.rlimit(psutil.RLIMIT_FSIZE)))
                process.rlimit(psutil.RLIMIT_FSIZE, (0, limits[-1][1][1]))
        try:
            yield
            _last(began, FULL_SECONDS)
        finally:
            for process, before in limits:
                process.rlimit(psutil.RLIMIT_FSIZE, before)
        self._house.wait_ready()

    @contextmanager
    def _jump(self, by: timedelta) -> Iterator[None]:
        """A clock that goes back was set wrong; it is put right at the end."""
        began = time.monotonic()
        self._clock.jump(by)
        yield
        _last(began, JUMP_SECONDS)
        if by < timedelta(0):
            self._clock.jump(-by)

    @contextmanager
    def _telegram_down(self) -> Iterator[None]:
        """For an hour of the house's clock; then a last step, after which no message has to wait any more."""
        self._fake.stop()
        try:
            self.while_telegram_is_down()
            yield
            for _ in range(STEPS):
                self._clock.jump(timedelta(hours=1) / STEPS)
                threading.Event().wait(STEP_SECONDS)
        finally:
            self._fake.start()
        self._clock.jump(timedelta(minutes=2))


def _last(began: float, seconds: float) -> None:
    """The fault goes on until it has lasted so long."""
    threading.Event().wait(max(0.0, began + seconds - time.monotonic()))

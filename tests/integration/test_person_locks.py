"""Locks of PostgreSQL that hold a person's turn for one of several fronts."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from integration.databases import Databases
from waymark.adapters.db.person_locks import LOCK_CLASS, AdvisoryLocks
from waymark.domain.errors import StorageUnavailable

WAITING = 8


@pytest.fixture
def url(databases: Databases) -> str:
    return databases.fresh("postgresql")


def lock_connections(url: str) -> list[int]:
    """The server's processes that hold any of our locks."""
    engine = create_engine(url, future=True)
    query = "SELECT DISTINCT pid FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND classid = :ours"
    with engine.connect() as connection:
        found = connection.execute(text(query + " AND datname = current_database()"), {"ours": LOCK_CLASS}).scalars().all()
    engine.dispose()
    return list(found)


def test_a_turn_is_held_by_one_front_and_then_free_for_the_other(url: str) -> None:
    one, other = AdvisoryLocks(url), AdvisoryLocks(url)
    held = one.take("per_1")
    assert held is not None and one.still(held)
    assert other.take("per_1") is None and one.take("per_1") is None
    one.give_back(held)
    taken = other.take("per_1")
    assert taken is not None and one.take("per_1") is None
    other.give_back(taken)


def test_giving_one_turn_back_keeps_the_others(url: str) -> None:
    one, other = AdvisoryLocks(url), AdvisoryLocks(url)
    first, second = one.take("per_1"), one.take("per_2")
    one.give_back(first)
    assert other.take("per_1") is not None and other.take("per_2") is None
    assert second is not None and one.still(second)


def test_many_turns_at_once_need_one_connection(url: str) -> None:
    locks = AdvisoryLocks(url)
    with ThreadPoolExecutor(16) as threads:
        held = list(threads.map(lambda number: locks.take(f"per_{number}"), range(200)))
    assert all(held) and len(lock_connections(url)) == 1
    for one in held:
        locks.give_back(one)
    assert lock_connections(url) == []


def test_a_connection_that_breaks_lets_its_turns_go_and_is_replaced(url: str) -> None:
    one, other = AdvisoryLocks(url), AdvisoryLocks(url)
    lost, watched = one.take("per_1"), one.take("duty")
    (backend,) = lock_connections(url)
    engine = create_engine(url, future=True)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": backend})
    engine.dispose()
    taken = other.take("per_1")
    assert taken is not None
    assert one.take("per_2") is not None  # a new connection, and no error for whoever asks
    assert one.take("per_1") is None
    assert watched is not None and not one.still(watched)
    one.give_back(lost)  # is not ours any more
    assert one.take("per_1") is None and other.still(taken)


def test_a_server_that_is_away_is_said() -> None:
    locks = AdvisoryLocks("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(StorageUnavailable):
        locks.take("per_1")


class CountedLock:
    """A lock that knows how many have asked for it."""

    def __init__(self) -> None:
        self._lock, self._all_here = threading.Lock(), threading.Event()
        self._asked = itertools.count(1)

    def __enter__(self) -> None:
        if next(self._asked) == WAITING:
            self._all_here.set()
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def wait_for_all(self) -> None:
        assert self._all_here.wait(10)


def test_a_server_that_does_not_answer_is_waited_for_once_and_not_by_each_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    locks, counted, tries = AdvisoryLocks("postgresql://nobody@127.0.0.1:1/none"), CountedLock(), []

    def never_answers(_: object) -> None:
        counted.wait_for_all()
        tries.append(1)
        raise OperationalError("", {}, TimeoutError())

    monkeypatch.setattr(locks, "_one_at_a_time", counted)
    monkeypatch.setattr(Engine, "connect", never_answers)

    def take(number: int) -> bool:
        with pytest.raises(StorageUnavailable):
            locks.take(f"per_{number}")
        return True

    with ThreadPoolExecutor(WAITING) as threads:
        assert all(threads.map(take, range(WAITING)))
    assert tries == [1]

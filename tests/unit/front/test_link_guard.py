"""Five wrong codes in ten minutes, then a wait; each address for itself, and never without bounds."""

from __future__ import annotations

import pytest

from waymark.front import link_guard
from waymark.front.link_guard import MOST_WRONG, WITHIN, LinkGuard


class Time:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def guard(time: Time) -> LinkGuard:
    return LinkGuard(time)


def test_five_wrong_codes_are_let_through_and_then_it_takes_ten_minutes(guard: LinkGuard, time: Time) -> None:
    for _ in range(MOST_WRONG):
        assert guard.wait_for("a") == 0
        guard.wrong("a")
    assert guard.wait_for("a") == WITHIN
    time.at += WITHIN - 1
    assert guard.wait_for("a") == 1
    time.at += 1
    assert guard.wait_for("a") == 0


def test_wrong_codes_grow_old_one_by_one(guard: LinkGuard, time: Time) -> None:
    for _ in range(MOST_WRONG):
        guard.wrong("a")
        time.at += 100
    assert guard.wait_for("a") == WITHIN - MOST_WRONG * 100
    time.at += 100
    assert guard.wait_for("a") == 0
    guard.wrong("a")
    assert guard.wait_for("a") == 100  # the second of them is now the oldest that counts


def test_asking_for_the_wait_counts_nothing(guard: LinkGuard) -> None:
    for _ in range(50):
        assert guard.wait_for("a") == 0


def test_each_address_counts_for_itself(guard: LinkGuard) -> None:
    for _ in range(MOST_WRONG):
        guard.wrong("a")
    assert guard.wait_for("a") > 0
    assert guard.wait_for("b") == 0


def test_only_so_many_addresses_are_remembered(guard: LinkGuard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_guard, "REMEMBERED", 3)
    for address in ("a", "b", "c"):
        for _ in range(MOST_WRONG):
            guard.wrong(address)
    guard.wrong("a")
    guard.wrong("d")
    assert [bool(guard.wait_for(address)) for address in "abcd"] == [True, False, True, False]


def test_without_a_clock_of_its_own_it_uses_one_that_never_goes_back() -> None:
    guard = LinkGuard()
    for _ in range(MOST_WRONG):
        guard.wrong("a")
    assert 0 < guard.wait_for("a") <= WITHIN

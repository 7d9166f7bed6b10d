"""One house for the talks that leave it whole, and one a module for those that break something in it."""

from __future__ import annotations

from typing import Callable, Iterator

import pytest

from journeys.house import House
from journeys.person import Visitor
from journeys.staff import Colleague


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Shared by all; nobody kills anything in here and nobody is on duty."""
    yield from _run(House(tmp_path_factory.mktemp("house")))


@pytest.fixture(scope="module")
def falling_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """For one module that makes its processes fall."""
    yield from _run(House(tmp_path_factory.mktemp("falls")))


@pytest.fixture(scope="session")
def counsellor(house: House) -> Iterator[Colleague]:
    """A member of staff, enrolled and signed in."""
    colleague = Colleague.hired(house, "Robin")
    yield colleague
    colleague.close()


@pytest.fixture
def visitor(house: House) -> Iterator[Callable[..., Visitor]]:
    """Makes people who come to the shared house."""
    came: list[Visitor] = []

    def come(**options: str) -> Visitor:
        came.append(Visitor(house, **options))
        return came[-1]

    yield come
    for one in came:
        one.close()


def _run(house: House) -> Iterator[House]:
    try:
        house.start()
        yield house
        house.stop()
    finally:
        house.sweep()

"""Houses on both databases: one for the talks that leave it whole, and one a module for those that break something in it."""

from __future__ import annotations

from typing import Callable, Iterator

import pytest
from integration.databases import KINDS, Databases

from journeys.house import House
from journeys.person import Visitor
from journeys.staff import Colleague
from journeys.telegram_house import telegram_counsellor, telegram_house, texter  # noqa: F401


@pytest.fixture(scope="session", params=KINDS)
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Shared by all; nobody kills anything in here and nobody is on duty."""
    databases = Databases(tmp_path_factory.mktemp("house-databases"))
    yield from _run(_house(request.param, databases, tmp_path_factory))
    databases.close()


@pytest.fixture(scope="module")
def falling_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Of the houses that fall, so that their server can fall too."""
    databases = Databases(tmp_path_factory.mktemp("falls-databases"))
    yield databases
    databases.close()


@pytest.fixture(scope="module", params=KINDS)
def falling_house(
    request: pytest.FixtureRequest, falling_databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """For one module that makes its processes fall."""
    yield from _run(_house(request.param, falling_databases, tmp_path_factory))


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


def _house(kind: str, databases: Databases, folders: pytest.TempPathFactory) -> House:
    server_folder = databases.server_folder if kind == "postgresql" else None
    return House(folders.mktemp(f"house-{kind}"), databases.fresh(kind), server_folder)


def _run(house: House) -> Iterator[House]:
    try:
        house.start()
        yield house
        house.stop()
    finally:
        house.sweep()

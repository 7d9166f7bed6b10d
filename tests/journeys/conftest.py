"""Houses on both databases: one for the talks that leave it whole, and one a module for those that break something in it."""

from __future__ import annotations

from typing import Callable, Iterator

import pytest
from integration.databases import KINDS, Databases

from journeys.house import House, wait_for
from journeys.person import Visitor, texts
from journeys.staff import Colleague
from journeys.telegram_house import telegram_counsellor, telegram_house, texter  # noqa: F401

SUICIDE_PLAN = "i have the pills here and i'm going to kill myself tonight"
NOBODY = "No one from the team is watching"


@pytest.fixture(scope="session", params=KINDS)
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Shared by all; nobody kills anything in here and nobody is on duty."""
    databases = Databases(tmp_path_factory.mktemp("house-databases"))
    try:
        yield from _run(_house(request.param, databases, tmp_path_factory))
    finally:
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
def somebody_on_duty(house: House, counsellor: Colleague) -> Iterator[Colleague]:
    """Goes on duty for one test. The front looks every ten seconds who is there, so both changes are waited for."""
    counsellor.on_duty(2)
    wait_for("the front to know who is on duty", lambda: NOBODY not in _safety_words(house), within=40, every=1.0)
    yield counsellor
    counsellor.on_duty(None)
    wait_for("the front to know that nobody is", lambda: NOBODY in _safety_words(house), within=40, every=1.0)


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


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A failed test shows what the processes of its houses printed last."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.failed and isinstance(item, pytest.Function):
        houses = {id(value): value for value in item.funcargs.values() if isinstance(value, House)}
        report.sections += [("Last words of the house", house.last_words()) for house in houses.values()]


def _safety_words(house: House) -> str:
    """What a stranger in danger is shown now."""
    stranger = Visitor(house, country="GB")
    try:
        return texts(stranger.say(SUICIDE_PLAN))
    finally:
        stranger.close()


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

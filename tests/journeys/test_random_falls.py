"""Processes, database, disk, clock and Telegram fall at random points while people talk: nothing is lost or doubled.

The long version, with many more falls and on PostgreSQL too, is ``scripts/bench_falls.py``.
"""

from __future__ import annotations

import pytest

from journeys.falling import Falls, shuffled
from journeys.falling_count import SAFETY_WITHIN, Row, Table

SEED = 42
"""Of the order of faults and of what people say; when exactly they strike differs each time."""

# A clock that goes back is in the long version only: histories are sorted by it, which the count takes for disorder.
TIMES = {
    "worker killed": 3,
    "front killed": 1,
    "rasa killed": 1,
    "actions killed": 1,
    "console killed": 1,
    "database gone": 1,
    "database held": 1,
    "disk full": 1,
    "worker killed at its journal": 1,
    "clock +1 h": 1,
    "clock +25 h": 1,
    "Telegram down": 1,
}
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    table = Falls(tmp_path_factory.mktemp("falls"), SEED).run(shuffled(TIMES, SEED))
    print(table, *table.details, sep="\n")
    return table


@pytest.fixture(params=TIMES)
def row(request: pytest.FixtureRequest, table: Table) -> Row:
    """The figures of one fault."""
    return table.row(request.param)


def test_every_fault_struck_while_people_talked(table: Table) -> None:
    assert {kind: table.row(kind).injected for kind in TIMES} == TIMES
    assert all(table.row(kind).sent > 0 for kind in TIMES), table


def test_every_message_is_kept_once(row: Row) -> None:
    assert row.kept == row.sent


def test_every_message_is_answered_once(row: Row) -> None:
    assert row.answered == row.sent
    assert row.twice == 0


def test_every_alert_is_open_once(row: Row) -> None:
    assert row.wanted > 0
    assert row.found == row.wanted


def test_every_talk_goes_on_and_every_answer_counts(row: Row) -> None:
    assert row.lost == 0


def test_the_order_is_kept(row: Row) -> None:
    assert row.unordered == 0


@pytest.mark.parametrize("fault", [kind for kind in TIMES if kind != "front killed"])
def test_safety_answers_at_once(table: Table, fault: str) -> None:
    slowest = table.row(fault).slowest
    assert slowest is not None and slowest < SAFETY_WITHIN


@pytest.mark.parametrize("fault", ["database gone", "disk full"])
def test_whoever_is_not_kept_is_told_so(table: Table, fault: str) -> None:
    assert table.row(fault).put_off > 0


def test_nothing_was_wrong_at_the_end(table: Table) -> None:
    assert table.wrong == 0, "\n".join([str(table), *table.details])

"""How often, as days a week."""

from __future__ import annotations

import pytest

from waymark.domain.facts import Span
from waymark.understanding.frequency import find_frequencies
from waymark.understanding.numbers import find_numbers
from waymark.understanding.tokens import prepare

CASES: list[tuple[str, list[tuple[float, float]]]] = [
    ("every day", [(7, 7)]),
    ("most days", [(4, 6)]),
    ("weekends", [(2, 2)]),
    ("3-4 nights a week", [(3, 4)]),
    ("twice a week", [(2, 2)]),
    ("once a month", [(0.25, 0.25)]),
    ("binge every payday", [(0.25, 1)]),
    ("daily", [(7, 7)]),
    ("not every day", []),
    ("every other day", [(3, 4)]),
    ("on saturdays", [(1, 1)]),
    ("fridays and saturdays", [(2, 2)]),
    ("every friday", [(1, 1)]),
    ("5 days a week", [(5, 5)]),
    ("once or twice a week", [(1, 2)]),
    ("2 or 3 times a month", [(0.5, 0.75)]),
    ("nearly every night", [(6, 7)]),
    ("3x a week", [(3, 3)]),
    ("24/7", [(7, 7)]),
    ("lost it all at the weekend", []),
    ("every hour", []),
    ("2 days ago", []),
    ("see you on friday", []),
    ("3 times a day", [(7, 7)]),
    ("a few times a week", [(2, 4)]),
    ("every single night", [(7, 7)]),
    ("three nights per week", [(3, 3)]),
    ("most weekends", [(1, 2)]),
    ("8 days a week", []),
    ("don't drink every day", []),
    ("thursday to sunday", [(4, 4)]),
    ("once a fortnight", [(0.5, 0.5)]),
    ("4 cans a week", []),
    ("I'm not drinking daily", []),
    ("everyday", [(7, 7)]),
    ("weekdays", [(5, 5)]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_reads_how_often(text: str, expected: list[tuple[float, float]]) -> None:
    said = prepare(text)
    assert [match.days for match in find_frequencies(said, find_numbers(said))] == [
        Span(*e) for e in expected
    ]

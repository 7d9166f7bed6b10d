"""Places on the 0 to 10 ruler, and numbers that are none."""

from __future__ import annotations

import pytest

from waymark.domain.facts import Span
from waymark.understanding.ruler import parse_ruler

CASES: list[tuple[str, tuple[float, float] | None]] = [
    ("7", (7, 7)),
    ("ten", (10, 10)),
    ("zero", (0, 0)),
    ("6 or 7", (6, 7)),
    ("7/10", (7, 7)),
    ("between 5 and 6", (5, 6)),
    ("a solid eight", (8, 8)),
    ("like a 4", (4, 4)),
    ("a 4, 5 at a push", (4, 5)),
    ("100", None),
    ("11", None),
    ("-1", None),
    ("not very", None),
    ("7 out of 10", (7, 7)),
    ("about a 3", (3, 3)),
    ("3-4", (3, 4)),
    ("0", (0, 0)),
    ("5.5", (5.5, 5.5)),
    ("i'd say 8", (8, 8)),
    ("nine", (9, 9)),
    ("10/10", (10, 10)),
    ("maybe 5?", (5, 5)),
    ("6ish", (6, 6)),
    ("half", (0.5, 0.5)),
    ("7 no wait 6", (6, 6)),
    ("twenty", None),
    ("5 days", None),
    ("i drank 8 cans", None),
    ("two", (2, 2)),
    ("nil", (0, 0)),
    ("0 to 10", None),
    ("on a scale of 1 to 10 id say 6", (6, 6)),
    ("8 outta 10", (8, 8)),
    ("no idea", None),
    ("it was a 3 now a 6", (6, 6)),
    ("a 2 or a 3", (2, 3)),
    ("one", (1, 1)),
    ("the one thing", None),
    ("10 out of 10 ready", (10, 10)),
    ("8.", (8, 8)),
    ("between a 6 and a 7", (6, 7)),
    ("110", None),
    ("1-10", None),
    ("5 and a half", (5.5, 5.5)),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_reads_a_place_on_the_ruler(text: str, expected: tuple[float, float] | None) -> None:
    assert parse_ruler(text) == (Span(*expected) if expected else None)

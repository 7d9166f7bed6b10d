"""Times of last use, seen from Wednesday 11 June 2025, 15:00."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from waymark.domain.facts import LastUse
from waymark.understanding.last_use import parse_last_use

NOW = datetime(2025, 6, 11, 15, 0, tzinfo=timezone.utc)

CASES: list[tuple[str, tuple[str, float | None] | None]] = [
    ("last night", ("2025-06-10", None)),
    ("this morning", ("2025-06-11", None)),
    ("yesterday", ("2025-06-10", None)),
    ("an hour ago", ("2025-06-11", 1.0)),
    ("2 days ago", ("2025-06-09", 48)),
    ("since friday", ("2025-06-06", None)),
    ("monday", ("2025-06-09", None)),
    ("haven't touched it in 3 weeks", ("2025-05-21", 504)),
    ("just now", ("2025-06-11", 0)),
    ("on the 3rd", ("2025-06-03", None)),
    ("at 2am", ("2025-06-11", 13.0)),
    ("about 6 months ago", ("2024-12-11", None)),
    ("a while ago", None),
    ("ages ago", None),
    ("last week", None),
    ("half an hour ago", ("2025-06-11", 0.5)),
    ("couple of days ago", ("2025-06-09", 48)),
    ("a few days ago", None),
    ("3 weeks clean", ("2025-05-21", 504)),
    ("an hour or two ago", ("2025-06-11", 1.5)),
    ("day before yesterday", ("2025-06-09", None)),
    ("saturday night", ("2025-06-07", None)),
    ("sat", ("2025-06-07", None)),
    ("wednesday", ("2025-06-04", None)),
    ("march 3rd", ("2025-03-03", None)),
    ("3rd of march 2024", ("2024-03-03", None)),
    ("christmas", ("2024-12-25", None)),
    ("never", None),
    ("dunno", None),
    ("20 mins ago", ("2025-06-11", 0.33)),
    ("5 hours ago", ("2025-06-11", 5)),
    ("last night at 2am", ("2025-06-11", 13)),
    ("midnight", ("2025-06-11", 15)),
    ("not since sunday", ("2025-06-08", None)),
    ("i've been sober for 10 days", ("2025-06-01", 240)),
    ("last friday", ("2025-06-06", None)),
    ("around 11pm last night", ("2025-06-10", 16)),
    ("a week ago", ("2025-06-04", 168)),
    ("two weeks", None),
    ("yesterday evening after work", ("2025-06-10", None)),
    ("the other day", None),
    ("a year ago", ("2024-06-11", None)),
    ("today", ("2025-06-11", None)),
    ("five days off it", ("2025-06-06", 120)),
    ("2025-06-01", ("2025-06-01", None)),
    ("7 months without a drink", ("2024-11-11", None)),
    ("ayer", ("2025-06-10", None)),
    ("day 5 sober", None),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_reads_when_it_was_last_used(text: str, expected: tuple[str, float | None] | None) -> None:
    wanted = LastUse(date.fromisoformat(expected[0]), expected[1]) if expected else None
    assert parse_last_use(text, NOW, "GB") == wanted


def test_slash_dates_follow_the_country() -> None:
    assert parse_last_use("3/4/2025", NOW, "US") == LastUse(date(2025, 3, 4), None)
    assert parse_last_use("3/4/2025", NOW, "GB") == LastUse(date(2025, 4, 3), None)
    assert parse_last_use("3/4/2025", NOW, None) is None

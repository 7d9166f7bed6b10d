"""Ages as people state them; approximate and other people's ages are none."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from waymark.understanding.age import parse_age

NOW = datetime(2025, 6, 11, 15, 0, tzinfo=timezone.utc)

ASKED: list[tuple[str, int | None]] = [
    ("im 34", 34),
    ("thirty four", 34),
    ("34 next month", 33),
    ("born in 1990", 35),
    ("fifty-odd", None),
    ("15", 15),
    ("sixteen in may", 15),
    ("34", 34),
    ("i'm 34 years old", 34),
    ("34m", 34),
    ("34/f", 34),
    ("F 22", 22),
    ("about 40", None),
    ("in my 50s", None),
    ("over 18", None),
    ("18 on friday", 17),
    ("nearly 18", 17),
    ("17, 18 in july", 17),
    ("just turned 18", 18),
    ("i'm 34 days sober", None),
    ("34 years clean", None),
    ("none of your business", None),
    ("i'm 6 foot 2", None),
    ("mid 40s", None),
    ("21 lol", 21),
    ("I was 15 when I started", None),
    ("my son is 15", None),
    ("1990", 35),
    ("2007", None),
    ("born 12 march 1990", 35),
    ("dob 3/12/2007", 17),
    ("thirty-four", 34),
    ("200", None),
    ("47 last week", 47),
    ("I am a 58 year old retired teacher", 58),
    ("seventeen", 17),
    ("19 yo", 19),
    ("30ish", None),
    ("i'm nineteen", 19),
    ("34 and a half", 34),
    ("turning 40 next week", 39),
    ("65 years young", 65),
    ("early thirties", None),
    ("thirty this year", None),
    ("16 but nearly 17", 16),
    ("am 41", 41),
    ("33, nurse from cork", 33),
    ("feel like 80", None),
    ("tengo 48", 48),
    ("no", None),
    ("20 cans", None),
    ("forty one", 41),
    ("gonna be 16 in august", 15),
]
NOT_ASKED: list[tuple[str, int | None]] = [
    ("15", None),
    ("34", None),
    ("im 34", 34),
    ("i'm 19 and on ket", 19),
    ("as a 58 year old", 58),
    ("20 a day", None),
    ("i'm 5 years clean", None),
    ("im 3 days in", None),
    ("im on 60ml", None),
    ("started at 15", None),
    ("i'm 2 weeks off it", None),
    ("since i was 14", None),
    ("im 10 pints deep", None),
    ("i'm a 34 year old man", 34),
    ("he's 16", None),
    ("im 8/10 ready", None),
    ("my daughter is 16", None),
    ("i'm 50% sure", None),
]


@pytest.mark.parametrize(("text", "expected"), ASKED)
def test_reads_the_answer_to_the_age_question(text: str, expected: int | None) -> None:
    assert parse_age(text, NOW, asked=True, country="GB") == expected


@pytest.mark.parametrize(("text", "expected"), NOT_ASKED)
def test_without_the_question_only_a_stated_age_counts(text: str, expected: int | None) -> None:
    assert parse_age(text, NOW, country="GB") == expected

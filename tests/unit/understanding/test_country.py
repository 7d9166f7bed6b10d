"""Countries by the names people use."""

from __future__ import annotations

import pytest

from waymark.understanding.country import parse_country

ASKED: list[tuple[str, str | None]] = [
    ("england", "GB"),
    ("uk", "GB"),
    ("ireland", "IE"),
    ("the states", "US"),
    ("oz", "AU"),
    ("nz", "NZ"),
    ("US", "US"),
    ("I live in Scotland", "GB"),
    ("Northern Ireland", "GB"),
    ("New South Wales", "AU"),
    ("wales", "GB"),
    ("south wales", "GB"),
    ("canada eh", "CA"),
    ("none of your business", None),
    ("not the uk, ireland", "IE"),
    ("texas", "US"),
    ("GB", "GB"),
    ("no", None),
    ("i moved from poland to england", "GB"),
    ("Brasil", "BR"),
    ("new mexico", None),
    ("the us", "US"),
    ("tell us more", None),
    ("Aotearoa", "NZ"),
    ("AUSTRALIA!", "AU"),
    ("U.S.A.", "US"),
    ("u.k.", "GB"),
    ("🇬🇧", None),
    ("from ireland", "IE"),
    ("london, england", "GB"),
    ("london ontario", None),
    ("France", "FR"),
    ("im in cork", "IE"),
    ("uk or ireland?", None),
]
NOT_ASKED: list[tuple[str, str | None]] = [
    ("i live in england with my mum", "GB"),
    ("my dad is from ireland", None),
    ("tell us", None),
    ("i'm in the uk", "GB"),
    ("going to america", None),
    ("oz of weed", None),
    ("i used to live in spain", None),
    ("in states like this", None),
    ("living in canada now", "CA"),
]


@pytest.mark.parametrize(("text", "expected"), ASKED)
def test_reads_the_answer_to_the_country_question(text: str, expected: str | None) -> None:
    assert parse_country(text, asked=True) == expected


@pytest.mark.parametrize(("text", "expected"), NOT_ASKED)
def test_without_the_question_only_where_a_person_lives_counts(text: str, expected: str | None) -> None:
    assert parse_country(text) == expected

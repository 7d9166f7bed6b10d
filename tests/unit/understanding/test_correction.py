"""Corrections, and qualifications that only look like them."""

from __future__ import annotations

import pytest

from waymark.domain.facts import Correction
from waymark.understanding.correction import parse_correction

CASES: list[tuple[str, tuple[str | None, str] | None]] = [
    ("not 12, 20", ("12", "20")),
    ("sorry i meant 20", (None, "20")),
    ("i mean grams", (None, "grams")),
    ("actually it's 7", (None, "7")),
    ("no wait 3 not 5", ("5", "3")),
    ("change that to wine", (None, "wine")),
    ("scratch that, yesterday", (None, "yesterday")),
    ("not really", None),
    ("not 100% sure", None),
    ("not much, 2 cans", None),
    ("20 not 12", ("12", "20")),
    ("not beer, wine", ("beer", "wine")),
    ("sorry, 6", (None, "6")),
    ("sorry i'm late", None),
    ("i mean it", None),
    ("what do you mean", None),
    ("wait what", None),
    ("sorry, i drank last night", None),
    ("actually i'm fine", None),
    ("it was 3 days ago not 2", ("2", "3 days ago")),
    ("not today", None),
    ("no not cans, bottles", ("cans", "bottles")),
    ("change my answer to 5", (None, "5")),
    ("oops 8", (None, "8")),
    ("typo, 30", (None, "30")),
    ("i said 12 but i meant 20", (None, "20")),
    ("actually 7", (None, "7")),
    ("make that 9", (None, "9")),
    ("not bad, you?", None),
    ("i'm not an alcoholic, my wife is", None),
    ("not me, my brother", None),
    ("change 12 to 20", ("12", "20")),
    ("i want to change to something better", None),
    ("not good, 3 days no sleep", None),
    ("hang on its 4", (None, "4")),
    ("i didn't mean that", None),
    ("correction: 5 pints", (None, "5 pints")),
    ("8 cans", None),
    ("no", None),
    ("i mean i drink a lot", None),
    ("should have said 15", (None, "15")),
    ("not every day, weekends", None),
    ("no sorry thursday", (None, "thursday")),
    ("it's grams not ounces", ("ounces", "grams")),
    ("sorry", None),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_reads_what_is_taken_back(text: str, expected: tuple[str | None, str] | None) -> None:
    assert parse_correction(text) == (Correction(*expected) if expected else None)


def test_repeated_openers_do_not_backtrack() -> None:
    assert parse_correction("no wait " * 500) is None

"""Codes as people type them, and how long they count."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.domain.linking import CODE_LENGTH, CODE_LIFETIME, LETTERS, LinkCode, plain_code

NOW = datetime(2030, 3, 12, 9, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("K7QM-2XPD", "K7QM2XPD"),
        ("k7qm2xpd", "K7QM2XPD"),
        (" k7qm 2xpd. ", "K7QM2XPD"),
        ("K7QM–2XPD", "K7QM2XPD"),
        ("K 7 Q M 2 X P D", "K7QM2XPD"),
        ("", None),
        ("K7QM", None),
        ("K7QM-2XPD-K7QM", None),
        ("K7QM-2XP0", None),
        ("OIL1-2XPD", None),
        ("К7QM-2XPD", None),  # the first letter is Cyrillic
        ("my code is K7QM-2XPD", None),
    ],
)
def test_what_was_typed_as_the_code_it_means(typed: str, code: Optional[str]) -> None:
    assert plain_code(typed) == code


@given(st.text(alphabet=LETTERS, min_size=CODE_LENGTH, max_size=CODE_LENGTH), st.text(alphabet=" -–_.", max_size=3))
def test_case_spaces_and_dashes_change_nothing(letters: str, between: str) -> None:
    assert plain_code(between.join(letters.lower()) + between) == letters


@given(st.text(max_size=30))
def test_a_code_holds_only_its_own_letters(typed: str) -> None:
    code = plain_code(typed)
    assert code is None or (len(code) == CODE_LENGTH and set(code) <= set(LETTERS))


@pytest.mark.parametrize(
    ("after", "used", "usable"),
    [
        (timedelta(0), False, True),
        (CODE_LIFETIME - timedelta(seconds=1), False, True),
        (CODE_LIFETIME, False, False),
        (timedelta(0), True, False),
        (-CODE_LIFETIME, False, True),
        (-CODE_LIFETIME - timedelta(seconds=1), False, False),
    ],
)
def test_a_code_counts_once_and_for_its_time(after: timedelta, used: bool, usable: bool) -> None:
    code = LinkCode("hash", "per_1", "web", NOW, NOW + CODE_LIFETIME, used_at=NOW if used else None)
    assert code.usable(NOW + after) is usable

"""Numbers as people write them."""

from __future__ import annotations

import pytest

from waymark.domain.facts import Span
from waymark.understanding.numbers import find_numbers, parse_number
from waymark.understanding.tokens import prepare

CASES: list[tuple[str, list[tuple[float, float]]]] = [
    ("twenty two", [(22, 22)]),
    ("twenty-two", [(22, 22)]),
    ("a couple", [(2, 2)]),
    ("couple of", [(2, 2)]),
    ("half a dozen cans", [(6, 6)]),
    ("a dozen", [(12, 12)]),
    ("2 and a half", [(2.5, 2.5)]),
    ("2½", [(2.5, 2.5)]),
    ("½", [(0.5, 0.5)]),
    ("1/2 g", [(0.5, 0.5)]),
    ("5-6", [(5, 6)]),
    ("five or six", [(5, 6)]),
    ("between 4 and 6", [(4, 6)]),
    ("10 to 12", [(10, 12)]),
    ("4/5 cans", [(4, 5)]),
    ("about 5", [(5, 5)]),
    ("~7", [(7, 7)]),
    ("1,000", [(1000, 1000)]),
    ("5k", [(5000, 5000)]),
    ("5 grand", [(5000, 5000)]),
    ("a hundred and fifty", [(150, 150)]),
    ("two hundred", [(200, 200)]),
    ("half a gram", [(0.5, 0.5)]),
    ("0.5g", [(0.5, 0.5)]),
    ("2mg", [(2, 2)]),
    ("9 or 10ish", [(9, 10)]),
    ("20 to 10", [(20, 20), (10, 10)]),
    ("fourty", [(40, 40)]),
    ("24/7", []),
    ("at 2am", []),
    ("in my 20s", []),
    ("on the 3rd", []),
    ("none at all", []),
    ("often", []),
    ("someone", []),
    ("a bottle and a half", []),
    ("", []),
    ("at 10:30", []),
    ("100%", []),
    ("two or a three", [(2, 3)]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_reads_numbers_and_ranges(text: str, expected: list[tuple[float, float]]) -> None:
    assert [(number.low, number.high) for number in find_numbers(prepare(text))] == expected


@pytest.mark.parametrize("text", ["about 5", "~7", "9 or 10ish", "fifty-odd", "like 4", "10 or so"])
def test_marks_an_approximation(text: str) -> None:
    assert [number.approximate for number in find_numbers(prepare(text))] == [True]


def test_a_single_number_is_parsed_and_two_are_not() -> None:
    assert parse_number("I'd say twelve") == Span(12, 12)
    assert parse_number("12, then 20") is None

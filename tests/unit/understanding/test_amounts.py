"""Quantities with units and periods; wishes, debts and groceries are left out."""

from __future__ import annotations

import pytest

from waymark.understanding.amounts import bare_amount, find_amounts
from waymark.understanding.numbers import find_numbers
from waymark.understanding.tokens import prepare

CASES: list[tuple[str, str | None]] = [
    ("4 cans a night", "4 can/day"),
    ("10 pints on a saturday", "10 pint/occasion"),
    ("half a dozen cans every evening", "6 can/day"),
    ("a bottle of wine every night", "1 bottle/day"),
    ("half a bottle a day", "0.5 bottle/day"),
    ("bottle and a half of wine a night", "1.5 bottle/day"),
    ("70cl of vodka a day", "1 bottle_70cl/day"),
    ("a 70cl bottle a day", "1 bottle_70cl/day"),
    ("a litre of vodka a day", "1 litre/day"),
    ("half a litre a night", "0.5 litre/day"),
    ("2 litre bottle of cider a day", "1 bottle_200cl/day"),
    ("naggin of vodka each night", "1 bottle_20cl/day"),
    ("a fifth of bourbon every day", "1 bottle_75cl/day"),
    ("a handle a week", "1 bottle_175cl/week"),
    ("30 units a week", "30 unit/week"),
    ("5-6 glasses a week", "5-6 glass/week"),
    ("6 cans at weekends", "6 can/week"),
    ("18 pack of beer a day", "18 can/day"),
    ("2 grams of coke", "2 gram/occasion"),
    ("0.5g a day", "0.5 gram/day"),
    ("an eighth a week", "1 eighth/week"),
    ("3 points a day", "3 point/day"),
    ("two bags a day", "2 bag/day"),
    ("10 vallies a day", "10 pill/day"),
    ("2mg bars x3 a day", "3 pill/day @2mg"),
    ("4 20mg oxys a day", "4 pill/day @20mg"),
    ("300mg pregabalin twice", "300 mg/occasion"),
    ("60ml methadone daily", "60 ml/day"),
    ("2-3 joints before bed", "2-3 joint/day"),
    ("6 lines a night", "6 line/day"),
    ("20 fags a day", "20 cigarette/day"),
    ("a pack a day", "1 pack/day"),
    ("a pod a day", "1 pod/day"),
    ("£40 a day", "40 GBP/day"),
    ("blew 300 quid on the slots", "300 GBP/occasion"),
    ("a tenner a week on scratchcards", "10 GBP/week"),
    ("$100 on slots a night", "100 USD/day"),
    ("about 20 euro a week on the lotto", "20 EUR/week"),
    ("twenty pints when I drink", "20 pint/occasion"),
    ("2 cans of coke", None),
    ("a cup of tea a day", None),
    ("I want to get down to 2 drinks a day", None),
    ("I owe my dealer £500", None),
    ("won £200", None),
    ("fancy a pint", None),
    ("6 cans in the fridge", None),
    ("no more than 14 units", None),
    ("I'm 34 years old", None),
    ("2 kids", None),
    ("see you at 8", None),
    ("£500 rent", None),
    ("2 pints of milk", None),
    ("a bag of chips", None),
    ("3 weeks", None),
    ("used to drink 10 cans", None),
    ("one drink", "1 drink/occasion"),
]


def brief(text: str, *, asked: bool = False) -> list[str]:
    said = prepare(text)
    found = find_amounts(said, find_numbers(said), country=None, asked=asked)
    return [
        (f"{a.low:g}" if a.low == a.high else f"{a.low:g}-{a.high:g}")
        + f" {a.unit}/{a.period}"
        + (f" @{a.strength_mg:g}mg" if a.strength_mg else "")
        for a in (match.amount for match in found)
    ]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_reads_how_much(text: str, expected: str | None) -> None:
    assert brief(text) == ([expected] if expected else [])


def test_an_article_is_an_amount_when_how_much_was_asked() -> None:
    assert brief("a bottle", asked=True) == ["1 bottle/occasion"]
    assert brief("a bottle") == []


def test_a_bare_number_takes_the_unit_of_the_question() -> None:
    amount = bare_amount("about 12", "pint")
    assert amount is not None and (amount.low, amount.unit) == (12, "pint")
    assert bare_amount("12 or maybe not, 30", "pint") is None

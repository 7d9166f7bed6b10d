"""Whose use it is and what is claimed about it."""

from __future__ import annotations

import pytest

from waymark.understanding.tokens import prepare
from waymark.understanding.use_context import Standing, UseContext

# The place of interest is marked with stars.
OWN = [
    "i drink *wine*", "my mum says i drink *wine*", "me and my brother do *coke*", "since my wife left, *vodka* every night",
    "i smoke with my mates, *weed*", "my doctor gave me *valium*", "my wife hates my *drinking*", "my dad died and i use *heroin*",
    "*gin* mostly", "he drinks and i smoke *weed*", "we share a bottle of *wine*", "my brother and i do *ket*", "work is hard. *wine* helps",
]  # fmt: skip
THEIRS = [
    "my brother's on *crack*", "he drinks *beer*", "my husband's *drinking*", "i live with my dad who drinks *gin*", "they all do *coke*",
    "my mate got nicked for *weed*", "she was on *heroin*", "my ex used to drink *vodka*", "worried about my son smoking *weed*",
    "my partner is an addict. uses *meth* daily", "everyone at work does *coke*", "his *drinking*", "my son is 15 and smokes *weed*",
]  # fmt: skip
STANDINGS: list[tuple[str, Standing]] = [
    ("i drink *wine*", Standing.USED),
    ("i don't do *coke*", Standing.NOT_USED),
    ("never touched *coke*", Standing.NOT_USED),
    ("i dont really do *weed*", Standing.NOT_USED),
    ("no *heroin*", Standing.NOT_USED),
    ("*heroin*? never", Standing.NOT_USED),
    ("i don't do coke, *ket* or pills", Standing.NOT_USED),
    ("off the *heroin*", Standing.STOPPED),
    ("i quit *smoking*", Standing.STOPPED),
    ("haven't touched *coke*", Standing.STOPPED),
    ("used to smoke *crack*", Standing.PAST),
    ("i can't stop *drinking*", Standing.USED),
    ("trying to quit *ket*", Standing.USED),
    ("i want to give up *weed*", Standing.USED),
    ("i don't think i *drink* too much", Standing.LIMITED),
    ("i don't *drink* every day", Standing.LIMITED),
    ("not just *coke*", Standing.USED),
    ("never stopped *drinking*", Standing.USED),
    ("can't sleep without *wine*", Standing.USED),
    ("thinking of trying *ket*", Standing.UNCLAIMED),
    ("does *methadone* work for people?", Standing.UNCLAIMED),
    ("not *drinking* tonight", Standing.UNCLAIMED),
    ("i got offered *coke*", Standing.UNCLAIMED),
    ("i don't drink but i smoke *weed*", Standing.USED),
]


def place(marked: str) -> tuple[UseContext, int, int]:
    before, word, after = prepare(marked).split("*")
    return UseContext.of(before + word + after), len(before), len(before) + len(word)


@pytest.mark.parametrize("marked", OWN)
def test_own_use(marked: str) -> None:
    context, start, _ = place(marked)
    assert context.is_own(start)


@pytest.mark.parametrize("marked", THEIRS)
def test_use_of_others(marked: str) -> None:
    context, start, _ = place(marked)
    assert not context.is_own(start)


@pytest.mark.parametrize(("marked", "expected"), STANDINGS)
def test_what_is_claimed(marked: str, expected: Standing) -> None:
    context, start, end = place(marked)
    assert context.standing(start, end) is expected

"""A reflection is said only when its cue is there and nothing rules it out; else a simple thank-you."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.domain.reflecting import Reflection, ReflectionBank


def patterns(*sources):
    return tuple(re.compile(source, re.IGNORECASE) for source in sources)


KIDS = Reflection("kids", patterns(r"\bmy kids?\b", r"\bmy son\b"), patterns(r"\bnot about my\b"), True, ("family one", "family two"))
TIRED = Reflection("tired", patterns(r"\bfed up\b"), (), False, ("tired one", "tired two", "tired three"))
BANK = ReflectionBank((KIDS, TIRED), ("thanks one", "thanks two"))


@pytest.mark.parametrize(
    ("said", "turn", "heard"),
    [
        ("my kids saw me", 0, "family one"),
        ("My Kid saw me", 1, "family two"),
        ("for my son", 2, "family one"),
        ("it's not about my kids", 0, "thanks one"),
        ("it's not about my kids, I'm fed up", 0, "tired one"),
        ("fed up, and my kids are too", 0, "family one"),
        ("I'm fed up", 4, "tired two"),
        ("hello", 0, "thanks one"),
        ("hello", 3, "thanks two"),
        ("", 0, "thanks one"),
        ("my kidney hurts", 0, "thanks one"),
    ],
)
def test_the_first_reflection_that_is_true_is_said(said, turn, heard):
    assert BANK.choose(said, turn) == heard


@pytest.mark.parametrize(("said", "variants"), [("my kids", KIDS.texts), ("fed up", TIRED.texts), ("hm", BANK.fallback)])
def test_every_variant_comes_before_one_repeats(said, variants):
    assert [BANK.choose(said, turn) for turn in range(len(variants))] == list(variants)
    assert BANK.choose(said, len(variants)) == variants[0]


@given(st.text(max_size=60), st.integers(min_value=0, max_value=1000))
def test_there_is_always_something_to_say_and_the_same_input_says_the_same(said, turn):
    heard = BANK.choose(said, turn)
    assert heard in (*KIDS.texts, *TIRED.texts, *BANK.fallback)
    assert BANK.choose(said, turn) == heard

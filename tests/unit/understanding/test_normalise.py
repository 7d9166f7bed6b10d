"""Spellings that the safety screen must see through (safety.md §2, spelling to cover)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waymark.understanding.normalise import SENTENCE_LIMIT, normalise


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("I'm gonna k1ll myself", "im going to kill myself"),
        ("su1cide", "suicide"),
        ("s*icidal", "suicidal"),
        ("k!ll", "kill"),
        ("k i l l  m y s e l f", "kill myself"),
        ("k i l l m y s e l f", "kill myself"),
        ("iwanttodie", "i want to die"),
        ("I OD'd last night", "i overdosed last night"),
        ("0d", "od"),
        ("im oding", "im overdosing"),
        ("suicі\u200bde", "suicide"),
        ("ｋｉｌｌ", "kill"),
        ("helppp im dyinggg", "help im dying"),
        ("she won’t wake up", "she wont wake up"),
        ("I do not want to live", "i dont want to live"),
        ("I can not cope", "i cant cope"),
        ("I'll be fine and he'll be fine", "i will be fine and he will be fine"),
        ("un alive", "unalive"),
        ("sewer slide", "suicide"),
        ("tn", "tonight"),
        ("preggo n on subs", "pregnant and on suboxone"),
        ("💊 🔪", "emoji_pill emoji_knife"),
        ("wanna d!e", "want to die"),
    ],
)
def test_hidden_spellings_become_plain(written: str, plain: str) -> None:
    assert normalise(written).text == plain


@pytest.mark.parametrize(
    "text", ["40mg", "20", "5x", "b12 vitamin", "50mcg", "16 units", "2 cans", "mp3", "20 mg of 5", "1.5 litres"]
)
def test_doses_and_numbers_stay(text: str) -> None:
    assert normalise(text).text == text


@pytest.mark.parametrize("word", ["heading", "breath", "swallow", "willing", "strangle", "homes", "matching", "voice"])
def test_words_of_their_own_are_not_put_right(word: str) -> None:
    assert normalise(word).text == word


def test_microgram_sign_is_kept_apart_from_milligram() -> None:
    assert normalise("50µg").text == "50mcg"


@pytest.mark.parametrize("text", ["", " ", "\ud800", "\x00\x01", "💀💀💀", "🏴" * 50, "*" * 500, "'" * 500, "ا" * 10])
def test_anything_gives_a_result(text: str) -> None:
    result = normalise(text)
    assert result.original == text
    assert isinstance(result.sentences, tuple)


def test_long_texts_are_cut_into_overlapping_sentences() -> None:
    result = normalise("i have been thinking about this for a long time " * 2_000)
    assert max(map(len, result.sentences)) <= SENTENCE_LIMIT
    first, second = result.sentences[:2]
    assert first[-60:] in first and second[:40] in first


def test_a_hundred_thousand_letters_without_space() -> None:
    assert normalise("a" * 100_000).sentences


def test_commas_are_tokens_of_their_own() -> None:
    assert normalise("no,I want out").sentences == ("no , i want out",)


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_never_raises(text: str) -> None:
    normalise(text)

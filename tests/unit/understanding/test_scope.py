"""Who, when and polarity around a stretch of words (safety.md §2)."""

from __future__ import annotations

import pytest

from waymark.domain.safety import When, Who
from waymark.understanding.normalise import normalise
from waymark.understanding.scope import Frame, Scope, clause_around, denies, scope_at


def _scope(text: str, words: str) -> Scope:
    for sentence in normalise(text).sentences:
        if words in sentence:
            start = sentence.index(words)
            return scope_at(sentence, (start, start + len(words)))
    raise AssertionError(f"{words!r} is not in {normalise(text).sentences}")


@pytest.mark.parametrize(
    ("text", "words", "negated"),
    [
        ("I'm not suicidal", "suicidal", True),
        ("I'd never hurt myself", "hurt myself", True),
        ("I am no longer suicidal", "suicidal", True),
        ("no thoughts of suicide", "suicide", True),
        ("not suicidal but I want to die", "want to die", False),
        ("not suicidal though I want to die", "want to die", False),
        ("I don't know if I want to die", "want to die", False),
        ("not sure, I want to die", "want to die", False),
        ("no one knows I want to die", "want to die", False),
        ("I can't stop thinking of killing myself", "killing myself", False),
        ("I don't care anymore, I'm suicidal", "suicidal", False),
        ("no, I want to die", "want to die", False),
    ],
)
def test_negation(text: str, words: str, negated: bool) -> None:
    assert _scope(text, words).negated is negated


@pytest.mark.parametrize(
    ("text", "words", "who"),
    [
        ("I want to die", "want to die", Who.SELF),
        ("my friend wants to die", "wants to die", Who.OTHER),
        ("my son says he will kill himself", "kill himself", Who.OTHER),
        ("she is suicidal", "suicidal", Who.OTHER),
        ("he left and I want to die", "want to die", Who.SELF),
        ("my mum says I should stop", "should stop", Who.SELF),
        ("suicidal", "suicidal", Who.UNKNOWN),
        ("he told me to kill myself", "kill myself", Who.SELF),
        ("I think my daughter overdosed", "my daughter overdosed", Who.OTHER),
    ],
)
def test_who(text: str, words: str, who: Who) -> None:
    assert _scope(text, words).who is who


@pytest.mark.parametrize(
    ("text", "words", "when"),
    [
        ("I want to die", "want to die", When.NOW),
        ("I tried to kill myself at 16", "kill myself", When.PAST),
        ("I overdosed in 2019", "overdosed", When.PAST),
        ("years ago I cut myself", "cut myself", When.PAST),
        ("I overdosed last night", "overdosed", When.RECENT),
        ("I cut myself this morning", "cut myself", When.RECENT),
        ("I will do it tonight", "do it", When.PLANNED),
        ("I'm going to kill myself tomorrow", "kill myself", When.PLANNED),
        ("I tried at 16 and now I want to die", "want to die", When.NOW),
        ("I have wanted to die since I was 12", "wanted to die", When.NOW),
        ("still drunk from last night", "drunk", When.NOW),
    ],
)
def test_when(text: str, words: str, when: When) -> None:
    assert _scope(text, words).when is when


@pytest.mark.parametrize(
    ("text", "words", "frame"),
    [
        ("in the film she wants to die", "wants to die", Frame.QUOTED),
        ("that song about suicide is me", "suicide", Frame.REAL),
        ("nurse here, my patient overdosed", "overdosed", Frame.WORK),
        ("what are the signs of overdose", "overdose", Frame.STUDY),
        ("he overdosed what do I do", "overdosed", Frame.REAL),
    ],
)
def test_frame(text: str, words: str, frame: Frame) -> None:
    assert _scope(text, words).frame is frame


def test_the_person_of_the_sentence_before_carries_over() -> None:
    assert scope_at("not breathing", (0, 13), Who.OTHER).who is Who.OTHER


def test_a_clause_ends_at_but() -> None:
    sentence = "im not suicidal but i want to die"
    start, end = clause_around(sentence, (25, 33))
    assert sentence[start:end].strip() == "i want to die"


def test_a_not_within_words_denies_them() -> None:
    assert denies("he never hit me")
    assert not denies("he hit me")

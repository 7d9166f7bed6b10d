"""What the safety screen makes of single messages (safety.md §1–§3)."""

from __future__ import annotations

import time
from typing import Optional

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waymark.adapters.content_yaml.safety_rules import load_safety_rules
from waymark.domain.safety import AlertClass, Level, ScreenAction, ScreenContext, When, Who
from waymark.understanding.safety_screen import SafetyScreen

SCREEN = SafetyScreen(load_safety_rules())
A, L, S = AlertClass, Level, ScreenAction
STORY = (
    "I started drinking at university and it crept up on me. By the time the children came I was opening a bottle "
    "at four o'clock. My husband said something in the summer and I was furious with him. I went to my GP and she did "
    "a blood test. I have tried counting days and the longest was seventeen. I would love to have one at a wedding "
    "and leave it there. I sleep about six hours and I worry about money. "
)


def _level(text: str, alert_class: AlertClass) -> Optional[Level]:
    found = [f for f in SCREEN.screen(text).findings if f.alert_class is alert_class]
    return found[0].level if found else None


@pytest.mark.parametrize(
    ("text", "alert_class", "level"),
    [
        ("wish I wouldn't wake up", A.SUICIDAL_PASSIVE, L.S2),
        ("not suicidal but wish I wouldn't wake up", A.SUICIDAL_PASSIVE, L.S2),
        ("I'm thinking of killing myself", A.SUICIDAL_ACTIVE, L.S2),
        ("I'm drunk and thinking of killing myself", A.SUICIDAL_ACTIVE, L.S1),
        ("had six beers and I want to die", A.SUICIDAL_PASSIVE, L.S1),
        ("I'm going to kill myself tonight", A.SUICIDAL_PLAN, L.S1),
        ("I've got the pills", A.SUICIDAL_PLAN, L.S1),
        ("going to the bridge", A.SUICIDAL_PLAN, L.S1),
        ("my son says he'll kill himself", A.SUICIDAL_OTHER, L.S1),
        ("I took too much", A.OVERDOSE_SELF, L.S1),
        ("I OD'd last night", A.OVERDOSE_SELF, L.S2),
        ("took a handful of paracetamol", A.OVERDOSE_SELF, L.S1),
        ("took 40 paracetamol but I feel fine", A.OVERDOSE_SELF, L.S1),
        ("my friend isn't breathing", A.OVERDOSE_OTHER, L.S1),
        ("My friend took heroin. Not breathing", A.OVERDOSE_OTHER, L.S1),
        ("had a fit since I stopped drinking", A.WITHDRAWAL_DANGER, L.S1),
        ("rattling bad", A.WITHDRAWAL_DANGER, L.S2),
        ("he choked me", A.VIOLENCE_ABUSE, L.S1),
        ("I'm going to hurt him", A.THREAT_TO_OTHER, L.S1),
        ("my toddler swallowed a pill", A.CHILD_RISK, L.S1),
        ("I'm pregnant and still using", A.PREGNANCY, L.S3),
        ("pregnant and bleeding", A.PREGNANCY, L.S1),
        ("the voices tell me to do it", A.PSYCHOSIS, L.S1),
        ("they put chips in me", A.PSYCHOSIS, L.S2),
        ("I'm driving home drunk", A.IMPAIRED_DRIVING, L.S1),
        ("drove home drunk last night", A.IMPAIRED_DRIVING, L.S3),
        ("chest pain", A.MEDICAL_EMERGENCY, L.S1),
        ("im 15", A.MINOR, L.S3),
        ("no bed tonight", A.IMMEDIATE_NEED, L.S3),
        ("ran out of insulin", A.IMMEDIATE_NEED, L.S2),
        ("ran out of insulin and vomiting", A.IMMEDIATE_NEED, L.S1),
        ("missed 4 days of methadone", A.MEDICINE_GAP, L.S3),
        ("missed 4 days of methadone and rattling", A.MEDICINE_GAP, L.S2),
    ],
)
def test_level_of_a_message(text: str, alert_class: AlertClass, level: Level) -> None:
    found = [f for f in SCREEN.screen(text).findings if f.alert_class is alert_class]
    assert found, SCREEN.screen(text)
    assert (found[0].level, found[0].action) == (level, S.REPLY)


@pytest.mark.parametrize(
    "text", ["kms lol", "I don't want to be here anymore", "who'd look after my dog", "can't do this anymore"]
)
def test_unclear_words_are_asked_about(text: str) -> None:
    assert SCREEN.screen(text).action is S.ASK


@pytest.mark.parametrize(
    "text",
    ["I OD'd in 2019", "tried to kill myself at 16", "I'm not suicidal", "I'd never hurt myself"],
)
def test_past_and_denied_are_at_most_a_note(text: str) -> None:
    assert SCREEN.screen(text).action in (S.NOTE, S.NONE)


def test_a_past_attempt_is_noted() -> None:
    top = SCREEN.screen("I tried to kill myself at 16").top
    assert top is not None and (top.level, top.action, top.when) == (L.S4, S.NOTE, When.PAST)


@pytest.mark.parametrize(
    "text",
    [
        "dying for a drink",
        "this headache is killing me",
        "I could murder a pizza",
        "shoot me now lol",
        "I'm dead 💀",
        "OD'd on chocolate",
        "kill for a smoke",
        "bored to death",
        "suicide squad",
        "what are overdose signs?",
        "nurse, my patient overdosed",
        "detox diet",
        "6 cans",
        "20",
        "last night",
        "no",
        "yes",
        "the craving is unbearable, I would do anything for a hit",
        "I feel so sad and alone today",
        "drives me crazy",
        "sober 15 years",
        "",
        "💀💀",
    ],
)
def test_figures_of_speech_and_plain_answers_raise_nothing(text: str) -> None:
    assert SCREEN.screen(text).action is S.NONE


def test_all_classes_of_a_message_are_returned_most_urgent_first() -> None:
    result = SCREEN.screen("im 15 and I want to die. I took all of them")
    classes = [finding.alert_class for finding in result.findings]
    assert {A.MINOR, A.SUICIDAL_PASSIVE, A.OVERDOSE_SELF} <= set(classes)
    assert result.top is not None and result.top.level is L.S1


def test_age_alone_is_not_judged_here_but_im_fifteen_is() -> None:
    asked = ScreenContext(question_item="person.age")
    assert SCREEN.screen("15", asked).findings == ()
    assert SCREEN.screen("im 15", asked).action is S.REPLY


@pytest.mark.parametrize("text", ["yes", "yeah", "I do", "maybe", "kind of", "i dont know", "Yes.", "yes every day", "yh"])
def test_a_bare_yes_to_a_safety_question_counts(text: str) -> None:
    top = SCREEN.screen(text, ScreenContext(asked_safety=A.SUICIDAL_ACTIVE)).top
    assert top is not None and (top.alert_class, top.level, top.action) == (A.SUICIDAL_ACTIVE, L.S2, S.REPLY)


@pytest.mark.parametrize("text", ["no", "nope", "no I'm fine", "not at all", "6 cans", "thanks", "can we go on"])
def test_a_no_to_a_safety_question_is_nothing(text: str) -> None:
    assert SCREEN.screen(text, ScreenContext(asked_safety=A.SUICIDAL_ACTIVE)).action is S.NONE


def test_a_no_does_not_hide_what_follows() -> None:
    asked = ScreenContext(asked_safety=A.SUICIDAL_ACTIVE)
    assert SCREEN.screen("no but I took all of them", asked).action is S.REPLY


def test_yes_for_another_person_is_about_them() -> None:
    top = SCREEN.screen("yes", ScreenContext(asked_safety=A.OVERDOSE_OTHER)).top
    assert top is not None and (top.who, top.level) == (Who.OTHER, L.S1)


def test_yes_without_an_open_question_is_nothing() -> None:
    assert SCREEN.screen("yes").action is S.NONE


def test_the_rule_and_its_version_are_named() -> None:
    top = SCREEN.screen("I want to die").top
    assert top is not None and top.rule_id and "@" in top.rule_version


def test_the_same_text_gives_the_same_result() -> None:
    assert SCREEN.screen("I want to die tonight") == SCREEN.screen("I want to die tonight")


def test_danger_in_the_middle_of_a_long_text_is_found() -> None:
    text = STORY * 60 + "I am going to kill myself tonight. " + STORY * 60
    assert _level(text, A.SUICIDAL_PLAN) is L.S1


def test_a_long_ordinary_text_raises_nothing() -> None:
    assert SCREEN.screen(STORY * 10).action is S.NONE


def _seconds(text: str, times: int = 3) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        SCREEN.screen(text)
        best = min(best, time.process_time() - start)
    return best


def test_a_full_message_is_screened_in_milliseconds() -> None:
    """The aim is 10 ms; the bound allows for a slow or busy machine."""
    assert _seconds((STORY * 12)[:4_000], times=7) < 0.05


@pytest.mark.parametrize(
    "unit", ["a", "a ", "i want to ", "i took ", "not ", "he ", "😀", "k*", "i.", "my friend my friend ", STORY]
)
def test_no_text_of_100_kb_takes_long(unit: str) -> None:
    text = (unit * (100_000 // len(unit) + 1))[:100_000]
    assert _seconds(text, times=2) < 1.5


def test_a_long_answer_to_a_safety_question_takes_no_longer() -> None:
    asked = ScreenContext(asked_safety=A.SUICIDAL_ACTIVE)
    start = time.process_time()
    SCREEN.screen("i think so " * 300 + "x", asked)
    assert time.process_time() - start < 1


@given(st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_never_raises(text: str) -> None:
    SCREEN.screen(text)

"""What a person may ask for at any moment, and staff who write or take over."""

from __future__ import annotations

import time
from typing import Callable

import pytest

from journeys.house import CLINIC, wait_for
from journeys.person import Visitor, in_mid_talk, texts
from journeys.staff import Colleague

Come = Callable[..., Visitor]
SUICIDE_PLAN = "i have the pills here and i'm going to kill myself tonight"


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("are you a human?", "ask_are_you_human"),
        ("who are you", "ask_who_are_you"),
        ("who can read what i write here?", "privacy_with_team"),
        ("what is on my plan", "no_plan_yet"),
        ("i really want a drink right now", "craving_minute"),
        ("can you call me back please", "call_needs_route"),
        ("i want to talk to a real person", "human_asked"),
        ("how much diazepam should i take to come off", "medical_question"),
        ("you are useless", "anger_at_bot"),
        ("thank you", "thank"),
        ("delete everything you have on me", "delete_what"),
        ("can i have a copy of my data", "your_copy"),
    ],
)
def test_a_need_is_served_in_the_middle_of_a_question(visitor: Come, text: str, phrase: str) -> None:
    person = in_mid_talk(visitor())
    person.say(text)
    assert person.was_told(phrase), person.words()
    assert person.answers("person.age") == []
    needs = [m["needs"] for m in person.record(messages=True)["messages"] if m["text"] == text]
    assert needs and needs[0], "the need is not kept with the message"


def test_who_can_read_is_told_with_the_name_of_the_team(visitor: Come) -> None:
    person = in_mid_talk(visitor())
    person.say("who can read what i write here?")
    assert CLINIC in person.words()


def test_a_call_back_asks_for_the_number_first_and_becomes_an_alert(visitor: Come) -> None:
    person = in_mid_talk(visitor(country="GB"))
    person.say("can you call me back please")
    assert person.asked == "contact.route"
    assert [a["class"] for a in person.alerts()] == ["call_back"]
    person.say("07700 900123")
    assert person.record()["person"]["contact"]["route"] == "+447700900123"


def test_a_craving_that_turns_out_as_withdrawal_is_answered_as_danger(visitor: Come) -> None:
    person = in_mid_talk(visitor(country="GB"))
    person.say("i really want a drink right now")
    person.tap("I feel shaky, sweaty or sick")
    assert "safety" in person.kinds() and "999" in person.words()
    assert [a["class"] for a in person.alerts()] == ["withdrawal_danger"]


def test_a_craving_comes_back_to_the_question_that_was_open(visitor: Come) -> None:
    person = in_mid_talk(visitor())
    person.say("i really want a drink right now")
    person.tap("A bit easier")
    assert person.asked == "person.age"
    assert [e["kind"] for e in person.record()["events"]] == ["craving", "craving"]


def test_staff_write_to_the_person_and_it_comes_on_the_event_stream(visitor: Come, counsellor: Colleague) -> None:
    person = in_mid_talk(visitor())
    with person.events() as events, person.again_elsewhere().events() as second_tab:
        counsellor.write(person.person_id, "I have Tuesday at ten for you")
        for tab in (events, second_tab):
            came = tab.wait_for("I have Tuesday at ten for you")
            assert came["author"] == f"staff:{counsellor.name}"
    assert person.history()[-1]["author"] == f"staff:{counsellor.name}"
    person.say("34")
    assert person.asked == "person.country"


def test_events_missed_while_away_come_after_the_last_one_seen(visitor: Come, counsellor: Colleague) -> None:
    person = in_mid_talk(visitor())
    seen = person.history()[-1]["id"]
    counsellor.write(person.person_id, "First while you were away")
    counsellor.write(person.person_id, "Second while you were away")
    with person.events(last_id=seen) as events:
        came = events.wait_for_any(2)
    assert [e["text"] for e in came] == ["First while you were away", "Second while you were away"]


def test_while_staff_have_taken_over_the_assistant_is_silent_except_for_safety(visitor: Come, counsellor: Colleague) -> None:
    person = in_mid_talk(visitor(country="GB"))
    counsellor.take_over(person.person_id)
    assert person.say("are you there?") == []
    assert [m["text"] for m in person.history()][-1] == "are you there?"

    person.say(SUICIDE_PLAN)
    assert person.kinds() == ["safety"] and "999" in person.words()

    counsellor.hand_back(person.person_id)
    person.say("i'm safe for now")
    assert person.asked == "person.age", person.words()


def test_replies_come_on_the_event_stream_as_well_as_in_the_answer(visitor: Come) -> None:
    person = in_mid_talk(visitor())
    with person.events() as events:
        replies = person.say("34")
        events.wait_for(replies[-1]["text"])
    assert [e["id"] for e in events.came] == [r["id"] for r in replies]


def test_history_can_be_read_from_a_message_on(visitor: Come) -> None:
    person = in_mid_talk(visitor())
    whole = person.history()
    assert [m["text"] for m in person.history(after=whole[2]["id"])] == [m["text"] for m in whole[3:]]
    assert [m["direction"] for m in whole][0] == "in"


def test_nothing_is_said_before_the_person_has_spoken(visitor: Come) -> None:
    person = visitor()
    assert person.history() == []
    with person.events() as events:
        person.say("hello")
        wait_for("the first words", lambda: len(events.came) >= 3)
    assert texts(events.came) == person.words()
    assert time.strptime(person.history()[0]["at"][:19], "%Y-%m-%dT%H:%M:%S")

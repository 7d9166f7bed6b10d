"""Danger is answered at once, told to the team once, and the talk waits."""

from __future__ import annotations

import time
from typing import Callable

import pytest

from journeys.conftest import NOBODY, SUICIDE_PLAN
from journeys.house import wait_for
from journeys.person import Visitor, in_mid_talk
from journeys.staff import Colleague

Come = Callable[..., Visitor]
PROMISE = "A person from the team will contact you"


@pytest.mark.parametrize(("country", "number"), [("GB", "999"), ("US", "911"), ("DE", "112")])
def test_a_plan_is_answered_in_that_very_answer_with_the_numbers_of_the_country(visitor: Come, country: str, number: str) -> None:
    person = in_mid_talk(visitor(country=country))
    person.say(SUICIDE_PLAN)
    assert person.kinds() == ["safety"]
    assert number in person.words()


def test_the_very_first_message_is_answered_too_and_leaves_an_alert_before_consent(visitor: Come) -> None:
    person = visitor(country="GB")
    person.say(SUICIDE_PLAN)
    assert person.kinds() == ["safety"] and "999" in person.words()
    assert [a["class"] for a in person.alerts()] == ["suicidal_plan"]
    assert person.record()["answers"] == []


def test_the_alert_is_there_within_a_second_with_the_words_and_what_was_shown(visitor: Come) -> None:
    person = in_mid_talk(visitor(country="GB"))
    sent = time.monotonic()
    person.say(SUICIDE_PLAN)
    (alert,) = wait_for("the alert", person.alerts, within=1.0 - min(0.9, time.monotonic() - sent))
    assert (alert["class"], alert["level"], alert["status"]) == ("suicidal_plan", "S1", "open")
    assert alert["words"] == SUICIDE_PLAN
    assert person.words() in alert["text_shown"]
    assert alert["route"] is None
    assert [e["kind"] for e in person.record()["events"]] == ["crisis"]


def test_the_question_that_was_open_comes_back_after_the_person_says_that_they_are_safe(visitor: Come) -> None:
    person = in_mid_talk(visitor())
    person.tell(SUICIDE_PLAN, "i'm safe for now")
    assert person.asked == "person.age", person.words()
    person.say("34")
    assert person.asked == "person.country"
    assert person.answer("person.age")["value"] == 34


def test_until_then_only_safety_is_asked_about(visitor: Come) -> None:
    person = in_mid_talk(visitor())
    person.tell(SUICIDE_PLAN, "tell me a joke")
    assert person.asked == "safety.check", person.words()
    person.tap("I'm safe for now")
    assert person.asked == "person.age"


def test_not_being_safe_shows_the_numbers_again(visitor: Come) -> None:
    person = in_mid_talk(visitor(country="GB"))
    person.tell(SUICIDE_PLAN, "what now")
    person.tap("No, I'm not safe")
    assert "safety" in person.kinds() and "999" in person.words()
    assert person.asked == "safety.check" or "?" in person.question
    assert [a["level"] for a in person.alerts()] == ["S1"]


def test_an_unclear_message_gets_one_direct_question_and_a_no_goes_back(visitor: Come) -> None:
    person = in_mid_talk(visitor())
    person.say("kms lol")
    assert person.kinds() == ["safety_question"]
    assert person.alerts() == []
    person.say("no")
    assert person.asked == "person.age", person.words()
    assert person.alerts() == []


def test_a_yes_to_the_direct_question_is_answered_as_danger(visitor: Come) -> None:
    person = in_mid_talk(visitor(country="GB"))
    person.tell("kms lol", "yes")
    assert "safety" in person.kinds() and "116 123" in person.words()
    (alert,) = person.alerts()
    assert alert["class"].startswith("suicidal") and alert["status"] == "open"


def test_two_messages_of_one_episode_are_one_alert(visitor: Come) -> None:
    person = in_mid_talk(visitor(country="GB"))
    person.tell(SUICIDE_PLAN, "i will take all of them now and kill myself")
    assert person.kinds() == ["safety"]
    (alert,) = person.alerts()
    assert SUICIDE_PLAN in alert["words"] and "i will take all of them now" in alert["words"]


def test_no_contact_is_promised_while_nobody_is_on_duty(visitor: Come) -> None:
    person = in_mid_talk(visitor(country="GB"))
    person.tell("34", "07700 900123", "any time")
    person.say(SUICIDE_PLAN)
    assert NOBODY in person.words() and PROMISE not in person.words()
    assert "+447700900123" in person.alerts()[0]["route"]


def test_a_request_for_a_person_promises_nothing_that_nobody_keeps(visitor: Come) -> None:
    person = in_mid_talk(visitor())
    person.say("can i talk to a human")
    assert person.was_told("human_asked") and person.was_told("nobody_there_now") and person.was_told("no_route_yet")
    (alert,) = person.alerts()
    assert (alert["class"], alert["level"]) == ("human_requested", "S3")
    assert person.asked == "person.age"


def test_contact_is_promised_when_somebody_is_on_duty_and_can_reach_the_person(visitor: Come, somebody_on_duty: Colleague) -> None:
    person = in_mid_talk(visitor(country="GB"))
    person.tell("34", "07700 900123", "any time")
    person.say(SUICIDE_PLAN)
    assert PROMISE in person.words() and NOBODY not in person.words()
    unreachable = in_mid_talk(visitor(country="GB"))
    unreachable.say(SUICIDE_PLAN)
    assert PROMISE not in unreachable.words() and NOBODY not in unreachable.words()


def test_staff_see_the_alert_and_close_it_with_an_outcome(visitor: Come, somebody_on_duty: Colleague) -> None:
    person = in_mid_talk(visitor(country="GB"))
    person.say(SUICIDE_PLAN)
    path = f"/alerts/{person.alerts()[0]['id']}"
    assert SUICIDE_PLAN.replace("'", "&#39;") in somebody_on_duty.page(path)
    somebody_on_duty.send(f"{path}/acknowledge", path, {})
    somebody_on_duty.send(f"{path}/close", path, {"outcome": "Reached by phone, safe, sees the doctor at nine"})
    (alert,) = person.alerts()
    assert alert["status"] == "closed" and alert["closed_by"] == f"staff:{somebody_on_duty.name}"
    assert alert["acknowledged_by"] == f"staff:{somebody_on_duty.name}"

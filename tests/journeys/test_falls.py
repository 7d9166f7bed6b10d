"""Processes fall in the middle of a talk: nothing is lost, nothing is said twice, and the talk goes on."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Callable, Iterator

import httpx
import pytest

from journeys.house import House, wait_for
from journeys.person import Reply, Visitor, texts

SUICIDE_PLAN = "i have the pills here and i'm going to kill myself tonight"
SAFETY_WITHIN = 2.0
OPENING = "things got out of hand, and my kids notice"


@pytest.fixture
def visitor(falling_house: House) -> Iterator[Callable[..., Visitor]]:
    """Makes people who come to the house that falls."""
    came: list[Visitor] = []

    def come(**options: str) -> Visitor:
        came.append(Visitor(falling_house, **options))
        return came[-1]

    falling_house.wait_ready()
    yield come
    for one in came:
        one.close()


def in_mid_talk(visitor: Visitor) -> Visitor:
    """Has agreed and said a name; is asked for the age."""
    visitor.tell("hello", OPENING)
    visitor.tap("Yes, you may")
    visitor.say("sam")
    assert visitor.asked == "person.age"
    return visitor


def safety_reply(visitor: Visitor, text: str = SUICIDE_PLAN) -> tuple[list[Reply], float]:
    began = time.monotonic()
    answer = visitor.send(text=text)
    took = time.monotonic() - began
    assert answer.status_code == 200, answer.text
    return answer.json()["replies"], took


def assert_said_once(visitor: Visitor) -> None:
    """No reply stands twice under one message, and no message of the person was kept twice."""
    history = visitor.history()
    ids = [m["id"] for m in history]
    assert len(ids) == len(set(ids)), history
    said: list[str] = []
    for message in history:
        said = [] if message["direction"] == "in" else [*said, message["text"]]
        assert len(said) == len(set(said)), texts(history)
    notices = [m for m in history if m["kind"] == "notice" and "automated program" in m["text"]]
    assert len(notices) == 1, texts(notices)


@pytest.mark.parametrize("name", ["front", "rasa", "actions", "console", "worker"])
def test_a_killed_process_comes_back_and_the_talk_goes_on(falling_house: House, visitor: Callable[..., Visitor], name: str) -> None:
    person = in_mid_talk(visitor())
    acknowledged = person.history()
    old = falling_house.kill(name)
    falling_house.wait_restarted(name, old)

    assert person.history() == acknowledged
    person.say("34")
    assert person.asked == "person.country"
    assert_said_once(person)
    assert [a["value"] for a in person.answers("person.age")] == [34]


@pytest.mark.parametrize("name", ["rasa", "actions"])
def test_a_message_sent_while_the_dialogue_is_down_is_answered_later_by_event(
    falling_house: House, visitor: Callable[..., Visitor], name: str
) -> None:
    person = in_mid_talk(visitor())
    with person.events() as events:
        old = falling_house.kill(name)
        answer = person.send("while-down", text="34")
        assert answer.status_code == 503 and answer.json()["error"] == "dialogue_down", answer.text
        falling_house.wait_restarted(name, old)
        events.wait_for_any(1, within=60)
    again = wait_for("the answer", lambda: (a := person.send("while-down", text="34")).status_code == 200 and a)
    assert [r["id"] for r in again.json()["replies"]] == [e["id"] for e in events.came]
    person.last = again.json()["replies"]
    assert person.asked == "person.country"
    assert_said_once(person)
    assert len(person.answers("person.age")) == 1


def test_the_front_killed_in_mid_turn_answers_the_kept_message_after_its_return(
    falling_house: House, visitor: Callable[..., Visitor]
) -> None:
    """Rasa is stopped, so the turn hangs when the front falls: the message is kept and has no answer yet."""
    person = in_mid_talk(visitor())
    rasa = wait_for("rasa to run", lambda: falling_house.child("rasa"))
    rasa.suspend()
    sender = threading.Thread(target=_send_ignoring_the_fall, args=(person,))
    sender.start()
    try:
        wait_for("the message to be kept", lambda: any(m["text"] == "34" for m in person.history()))
        old = falling_house.kill("front")
    finally:
        rasa.resume()
        sender.join(60)
    falling_house.wait_restarted("front", old)
    person.last = wait_for("the answer", lambda: _answer(person, "mid-turn", "34"), within=60)
    assert person.asked == "person.country"
    assert_said_once(person)
    assert len(person.answers("person.age")) == 1


@pytest.mark.parametrize("name", ["rasa", "actions"])
def test_safety_answers_at_once_without_the_dialogue(falling_house: House, visitor: Callable[..., Visitor], name: str) -> None:
    person = in_mid_talk(visitor(country="GB"))
    old = falling_house.kill(name)
    replies, took = safety_reply(person)
    assert took < SAFETY_WITHIN, took
    assert [r["kind"] for r in replies] == ["safety"] and "999" in texts(replies)
    (alert,) = person.alerts()
    assert alert["class"] == "suicidal_plan" and alert["words"] == SUICIDE_PLAN

    falling_house.wait_restarted(name, old)
    person.say("i'm safe for now")
    assert person.asked == "person.age", person.words()
    person.say("34")
    assert person.asked == "contact.route"  # the country came with the session
    assert_said_once(person)


def test_safety_answers_without_a_database_and_the_alert_is_in_the_record_afterwards(
    falling_house: House, visitor: Callable[..., Visitor]
) -> None:
    person, stranger = in_mid_talk(visitor(country="GB")), visitor(country="GB")
    with Gone(falling_house.database):
        assert falling_house.ready() is False
        for one in (person, stranger):
            replies, took = safety_reply(one)
            assert took < SAFETY_WITHIN, took
            assert [r["kind"] for r in replies] == ["safety"] and "999" in texts(replies)
        refused = person.send(text="34")
        assert refused.status_code == 503 and refused.json()["error"] in ("not_kept", "dialogue_down"), refused.text
        assert len(list((falling_house.var / "alert-journal").iterdir())) == 2
    falling_house.wait_ready()
    for one in (person, stranger):
        (alert,) = wait_for("the journalled alert", one.alerts)
        assert (alert["class"], alert["level"], alert["words"]) == ("suicidal_plan", "S1", SUICIDE_PLAN)
        assert "999" in alert["text_shown"] and alert["status"] == "open"
    assert list((falling_house.var / "alert-journal").iterdir()) == []
    person.say("i'm safe for now")
    assert person.asked == "person.age", person.words()


class Gone:
    """The database file is moved away and a folder stands in its place, so that nobody can open or make it."""

    def __init__(self, database: Path) -> None:
        self._files = [database, *(database.with_name(database.name + suffix) for suffix in ("-wal", "-shm"))]

    def __enter__(self) -> None:
        for file in self._files:
            if file.exists():
                file.rename(file.with_name(file.name + ".away"))
        for file in self._files:
            file.mkdir()

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            file.rmdir()
            away = file.with_name(file.name + ".away")
            if away.exists():
                away.rename(file)


def _send_ignoring_the_fall(person: Visitor) -> None:
    sender = person.again_elsewhere()
    try:
        sender.send("mid-turn", text="34")
    except httpx.TransportError:
        return  # the front fell under it, which is what the test wants
    finally:
        sender.close()


def _answer(person: Visitor, message_id: str, text: str) -> list[Reply]:
    answer = person.send(message_id, text=text)
    return list(answer.json()["replies"]) if answer.status_code == 200 else []

"""Processes fall in the middle of a talk: nothing is lost, nothing is said twice, and the talk goes on."""

from __future__ import annotations

import threading
import time
from typing import Callable, Iterator

import httpx
import pytest
from integration.databases import Databases

from journeys.house import House, wait_for
from journeys.outages import database_away
from journeys.person import Reply, Visitor, in_mid_talk, texts
from journeys.traces import rows_with

SUICIDE_PLAN = "i have the pills here and i'm going to kill myself tonight"
SAFETY_WITHIN = 2.0


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
    with database_away(falling_house):
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
    wait_for("the journal to be worked off", lambda: list((falling_house.var / "alert-journal").iterdir()) == [])
    person.say("i'm safe for now")
    assert person.asked == "person.age", person.words()


def test_a_restart_of_the_database_server_in_mid_talk_loses_nothing(
    falling_house: House, falling_databases: Databases, visitor: Callable[..., Visitor]
) -> None:
    """It falls under a turn: Rasa is stopped meanwhile, so the message is kept and has no answer yet. While it is
    away, a message is refused and not kept; afterwards the same message is taken."""
    if falling_house.on_sqlite:
        pytest.skip("SQLite has no server")
    person, other = in_mid_talk(visitor()), in_mid_talk(visitor())
    acknowledged = other.history()
    rasa = wait_for("rasa to run", lambda: falling_house.child("rasa"))
    rasa.suspend()
    sender = threading.Thread(target=_send_ignoring_the_fall, args=(person,))
    sender.start()
    try:
        wait_for("the message to be kept", lambda: any(m["text"] == "34" for m in person.history()))
        falling_databases.stop_server()
        refused = other.send("while-away", text="35")
        assert refused.status_code == 503 and refused.json()["error"] == "not_kept", refused.text
        falling_databases.start_server()
    finally:
        rasa.resume()
        sender.join(60)
    falling_house.wait_ready()
    assert other.history() == acknowledged
    other.say("35", "while-away")
    person.last = wait_for("the answer", lambda: _answer(person, "mid-turn", "34"), within=60)
    for one, age in ((person, 34), (other, 35)):
        assert one.asked == "person.country"
        one.say("uk")
        assert one.asked == "contact.route"
        assert_said_once(one)
        assert [a["value"] for a in one.answers("person.age")] == [age]
        remembered = [row for row in rows_with(falling_house, one.person_id) if row.table == "events"]
        assert [said for said in (f'"text": "{age}"', '"text": "uk"') if not any(said in _plain(row.text) for row in remembered)] == []


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


def _plain(row: str) -> str:
    """A row whose JSON within JSON is written as one would write it alone."""
    return row.replace('\\"', '"')

"""Two fronts and two Rasa servers on one PostgreSQL: whichever front a message comes to, it is one talk."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Callable, Iterator

import httpx
import pytest
from integration.databases import Databases

from journeys.crowd import Talker, all_at_once, crowd, kept
from journeys.house import wait_for
from journeys.person import Visitor, in_mid_talk, item_of, texts
from journeys.reckoning import reckon
from journeys.two_fronts import TwoFronts, running

pytestmark = pytest.mark.timeout(900)

PEOPLE, TURNS = 6, 102
SUICIDE_PLAN = "i have the pills here and i'm going to kill myself tonight"
TAKEN_OVER_WITHIN = 15.0
STREAM_CLOSED_WITHIN = 30.0
SERVER_ALLOWS = 100 - 3
"""What PostgreSQL allows as it comes, without what it keeps for its own administrator."""
Pair = tuple[Visitor, Visitor]


@pytest.fixture(scope="module")
def fronts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoFronts]:
    databases = Databases(tmp_path_factory.mktemp("two-fronts-databases"))
    made = TwoFronts(tmp_path_factory.mktemp("two-fronts"), databases.fresh("postgresql"))
    try:
        made.start()
        yield made
        made.stop()
    finally:
        made.sweep()
        databases.close()


@pytest.fixture
def come(fronts: TwoFronts) -> Iterator[Callable[..., Pair]]:
    """Makes people whose session is open at both fronts."""
    came: list[Pair] = []

    def visit(**options: str) -> Pair:
        came.append(fronts.visit(**options))
        return came[-1]

    yield visit
    for pair in came:
        for visitor in pair:
            visitor.close()


def test_a_crowd_at_two_fronts_loses_nothing_doubles_nothing_and_stays_in_order(fronts: TwoFronts) -> None:
    talkers = crowd(fronts.visit, PEOPLE)
    try:
        all_at_once(talkers, lambda talker: talker.talk(TURNS // PEOPLE))
        all_at_once(talkers, Talker.ask_again)
        sums = reckon(talkers)
    finally:
        for talker in talkers:
            talker.close()
    assert sums.turns >= TURNS
    assert set(sums.statuses) <= {200, 503}, sums.statuses
    assert not any(sums.faults.values()), f"{sums.faults}\n" + "\n".join(sums.details)


def test_the_other_front_answers_what_a_fallen_one_had_kept(fronts: TwoFronts, come: Callable[..., Pair]) -> None:
    people = [come() for _ in range(4)]
    for here, _ in people:
        in_mid_talk(here)
    more = people[:2]
    try:
        with rasa_stands_still(fronts):
            senders = [send_unheard(there, "first", "34") for _, there in people]
            wait_for("the messages to be kept", lambda: all("first" in kept(here.history()) for here, _ in people))
            senders += [send_unheard(there, "second", "who can read this?") for _, there in more]
            wait_for("the rest to be kept", lambda: all("second" in kept(here.history()) for here, _ in more))
            fronts.second.fall()
        fallen = time.monotonic()
        for here, _ in people:
            wait_for_an_answer(here, TAKEN_OVER_WITHIN)
        assert time.monotonic() - fallen < TAKEN_OVER_WITHIN
        for sender in senders:
            sender.join(60)
    finally:
        fronts.second.rise()
    for pair in people:
        assert_answered_once(pair, "first", "34")
        assert len(pair[0].answers("person.age")) == 1
        assert item_of(pair[0].history()[-1]["text"]) == "person.country", texts(pair[0].history())
    for pair in more:
        assert_answered_once(pair, "second", "who can read this?")


def test_the_direct_question_at_one_front_and_the_yes_at_the_other_are_one_alert(come: Callable[..., Pair]) -> None:
    here, there = come(country="GB")
    in_mid_talk(here)
    there.say("hello again")  # this front remembers them too, from before the question
    here.say("kms lol")
    assert here.kinds() == ["safety_question"]
    there.say("yes")
    assert "safety" in there.kinds() and "116 123" in there.words()
    (alert,) = here.alerts()
    assert alert["class"].startswith("suicidal") and alert["status"] == "open"
    here.say("yes")
    assert len(here.alerts()) == 1
    assert here.history() == there.history()


def test_a_no_at_one_front_is_known_to_the_front_that_asked(come: Callable[..., Pair]) -> None:
    here, there = come(country="GB")
    in_mid_talk(here)
    here.say("kms lol")
    there.say("no")
    assert there.asked == "person.age", there.words()
    here.say("yes")
    assert "safety" not in here.kinds(), here.words()
    assert here.alerts() == []


def test_danger_in_the_first_words_at_one_front_gets_the_numbers_of_the_country_told_at_the_other(come: Callable[..., Pair]) -> None:
    _, there = come(country="GB")
    there.say(SUICIDE_PLAN)
    assert there.kinds() == ["safety"] and "999" in there.words() and "911" not in there.words()


def test_danger_told_to_both_fronts_at_once_is_one_message_one_reply_and_one_alert(come: Callable[..., Pair]) -> None:
    here, there = come(country="GB")
    in_mid_talk(here)
    assert_one_reply_and_one_alert(here, there)


def test_danger_in_the_very_first_words_told_to_both_fronts_at_once_is_one_too(come: Callable[..., Pair]) -> None:
    assert_one_reply_and_one_alert(*come(country="GB"))


def test_a_session_ended_at_one_front_is_dead_at_the_other_at_once(come: Callable[..., Pair]) -> None:
    here, there = come()
    in_mid_talk(there)
    assert here.web.delete("/web/session", headers=here.headers).status_code == 204
    for visitor in (there, here):
        refused = visitor.send(text="hello")
        assert refused.status_code == 401 and refused.json()["error"] == "no_session", refused.text
        assert visitor.web.get("/web/history", headers=visitor.headers).status_code == 401


def test_what_is_answered_after_the_end_is_shown_at_no_front(fronts: TwoFronts, come: Callable[..., Pair]) -> None:
    here, there = come()
    in_mid_talk(there)
    stream = Stream(there)
    with rasa_stands_still(fronts):
        sender = send_unheard(there, "last", "34")
        wait_for("the message to be kept", lambda: "last" in kept(here.history()))
        assert here.web.delete("/web/session", headers=here.headers).status_code == 204
    sender.join(60)
    assert there.answer("person.age")["value"] == 34
    assert stream.until_closed() == []  # the answer ended the stream instead of being shown


def test_all_of_it_fits_on_a_server_as_it_comes(fronts: TwoFronts) -> None:
    """Everything that has run until now has opened what connections it needs; idle ones stay open."""
    assert 0 < fronts.connections() <= SERVER_ALLOWS // 2


# --- what the tests need --------------------------------------------------------------------------------------


@contextmanager
def rasa_stands_still(fronts: TwoFronts) -> Iterator[None]:
    """Both Rasa servers take requests and do nothing with them, so that turns hang."""
    servers = [running(front, "rasa") for front in fronts.fronts]
    for server in servers:
        server.suspend()
    try:
        yield
    finally:
        for server in servers:
            server.resume()


class Stream:
    """The event stream of a session, read until the front closes it."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor, self._data = visitor, list[str]()
        self._connected = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        assert self._connected.wait(30), "the event stream did not open"

    def until_closed(self) -> list[str]:
        """What came until the front closed the stream."""
        self._thread.join(STREAM_CLOSED_WITHIN)
        assert not self._thread.is_alive(), f"the stream is still open; came {self._data}"
        return self._data

    def _read(self) -> None:
        timeout = httpx.Timeout(30.0, read=None)
        with self._visitor.web.stream("GET", "/web/events", headers=self._visitor.headers, timeout=timeout) as stream:
            for line in stream.iter_lines():
                self._connected.set()
                if line.startswith("data: "):
                    self._data.append(line)


def send_unheard(visitor: Visitor, message_id: str, text: str) -> threading.Thread:
    """Send in the background; the front may fall under it or the session end, and what comes back is not looked at."""

    def send() -> None:
        sender = visitor.again_elsewhere()
        try:
            sender.send(message_id, text=text)
        except httpx.TransportError:
            return  # the front fell under it, which is what the test wants
        finally:
            sender.close()

    thread = threading.Thread(target=send)
    thread.start()
    return thread


def reply_ids(visitor: Visitor, message_id: str, text: str) -> list[str]:
    return [reply["id"] for reply in visitor.say(text, message_id)]


def wait_for_an_answer(visitor: Visitor, within: float) -> None:
    """Without asking for it: the last thing in the history is a reply."""
    wait_for("the other front to answer", lambda: visitor.history()[-1]["direction"] == "out", within)


def assert_one_reply_and_one_alert(here: Visitor, there: Visitor) -> None:
    before = len(here.history())
    with ThreadPoolExecutor(2) as both:
        first, second = both.map(lambda visitor: reply_ids(visitor, "danger", SUICIDE_PLAN), (here, there))
    assert first == second and first
    (alert,) = wait_for("the alert", here.alerts)
    assert alert["words"] == SUICIDE_PLAN
    assert [m["id"] for m in here.history()[before:] if m["direction"] == "out"] == first


def assert_answered_once(pair: Pair, message_id: str, text: str) -> None:
    """Kept once; either front gives the same replies to it, and each of them stands once in the history."""
    here, there = reply_ids(pair[0], message_id, text), reply_ids(pair[1], message_id, text)
    assert here == there and here
    history = pair[0].history()
    assert kept(history).count(message_id) == 1
    ids = [m["id"] for m in history]
    assert len(ids) == len(set(ids)) and set(here) <= set(ids)

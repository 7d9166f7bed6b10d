"""Carrying on between the web chat and Telegram, and what a person may ask for there: quiet, a copy, deletion."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Iterator

import httpx
import pytest

from journeys.house import wait_for
from journeys.person import Visitor, in_mid_talk
from journeys.staff import Colleague, words
from journeys.telegram_house import TelegramHouse
from journeys.telegram_kinds import TEXTS
from journeys.telegram_person import OPENING, Texter
from journeys.traces import rows_with
from journeys.whole_path import NEWS, TelegramPath

Come = Callable[[], Texter]
CODE = re.compile(r"code: (\w{4}-\w{4})")


@pytest.fixture
def visitor(telegram_house: TelegramHouse) -> Iterator[Callable[[], Visitor]]:
    """Makes people who come to the web chat of the same house."""
    came: list[Visitor] = []

    def come() -> Visitor:
        came.append(Visitor(telegram_house))
        return came[-1]

    yield come
    for one in came:
        one.close()


def asked_for_code(visitor: Visitor) -> dict[str, Any]:
    """What the web chat gives for carrying on in Telegram."""
    answer = visitor.web.post("/web/link", json={}, headers=visitor.headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def typed_code(visitor: Visitor, code: str) -> httpx.Response:
    return visitor.web.post("/web/link", json={"code": code}, headers=visitor.headers)


def code_in(person: Texter) -> str:
    found = CODE.search(person.words())
    assert found, person.words()
    return found.group(1)


def from_the_web(visitor: Visitor, person: Texter) -> str:
    """Open the bot over the link of the web chat; gives the code."""
    link = asked_for_code(visitor)
    assert link["telegram"] == f"https://t.me/{person.house.fake.username}?start={link['code'].replace('-', '')}"
    person.say(f"/start {link['telegram'].partition('start=')[2]}")
    return str(link["code"])


def test_from_the_web_to_telegram_it_is_the_same_person_at_the_same_question(
    texter: Come, visitor: Callable[[], Visitor]
) -> None:
    here, there = in_mid_talk(visitor()), texter()
    from_the_web(here, there)
    assert there.texts[0] == TEXTS.link["done"] and "not end-to-end encrypted" in there.texts[1]
    assert there.person_id == here.person_id
    there.tap("Continue here")
    assert there.asked == "person.age", there.words()
    there.say("34")
    assert there.asked == "person.country"
    here.say("uk")
    assert here.asked == "contact.route", "the web chat goes on where Telegram was"
    assert {a["item"]: a["channel"] for a in here.record()["answers"]} == {
        "opening.words": "web", "consent.record": "web", "person.alias": "web", "person.age": "telegram", "person.country": "web",
    }  # fmt: skip
    assert {c["channel"] for c in here.record()["person"]["channels"]} == {"web", "telegram"}
    assert [m["text"] for m in here.history() if m["direction"] == "in" and m["text"] in ("sam", "34", "uk")] == ["sam", "34", "uk"]


def test_from_telegram_to_the_web_it_is_the_same_person_at_the_same_question(
    texter: Come, visitor: Callable[[], Visitor]
) -> None:
    here, there = texter().in_mid_talk(), visitor()
    here.say("/web")
    assert here.house.url in here.words()
    assert typed_code(there, code_in(here)).json() == {"linked": True}
    assert there.person_id == here.person_id
    assert OPENING in [m["text"] for m in there.history()]
    there.say("34")
    assert there.asked == "person.country"
    here.say("uk")
    assert here.asked == "contact.route"
    channels = {a["item"]: a["channel"] for a in here.record()["answers"]}
    assert (channels["person.alias"], channels["person.age"], channels["person.country"]) == ("telegram", "web", "telegram")


def test_what_was_said_before_the_code_comes_along(texter: Come, visitor: Callable[[], Visitor]) -> None:
    """A newcomer on the web, with words but no record, who turns out to be the person of the code."""
    here, there = texter().in_mid_talk(), visitor()
    there.say("hello")
    here.say("/web")
    assert typed_code(there, code_in(here)).status_code == 200
    assert there.person_id == here.person_id
    assert "hello" in [m["text"] for m in there.history()]
    assert here.say("34") and here.asked == "person.country"


def test_words_held_at_the_notice_are_answered_after_a_code(texter: Come, visitor: Callable[[], Visitor]) -> None:
    here, there = in_mid_talk(visitor()), texter()
    there.say("hello, it is me")
    there.say(asked_for_code(here)["code"])
    assert there.texts[0] == TEXTS.link["done"] and there.person_id == here.person_id
    there.tap("Continue here")
    assert there.last != [] and "hello, it is me" in [m["text"] for m in here.record(messages=True)["messages"]]
    there.say("34")
    assert there.asked == "person.country"


def test_a_code_counts_once_and_not_where_it_came_from(texter: Come, visitor: Callable[[], Visitor]) -> None:
    here, first, second = in_mid_talk(visitor()), texter(), texter()
    code = from_the_web(here, first)
    second.say(f"/start {code}")
    assert second.texts == [TEXTS.link["refused"]]
    assert second.person_id != here.person_id
    first.tap("Continue here")
    first.say("/web")
    first.say(code_in(first))
    assert first.texts == [TEXTS.link["already"]]
    assert typed_code(here, code).status_code == 200, "a code of one's own changes nothing"
    other = visitor()
    assert typed_code(other, code).status_code == 409 and other.people() == []


def test_two_records_are_not_joined(texter: Come, visitor: Callable[[], Visitor]) -> None:
    here, there = in_mid_talk(visitor()), texter().in_mid_talk()
    from_the_web(here, there)
    assert there.texts == [TEXTS.link["own_record"]] and there.person_id != here.person_id
    there.say("34")
    assert there.asked == "person.country"


def test_a_code_from_the_notice_brings_a_person_to_the_web(texter: Come, visitor: Callable[[], Visitor]) -> None:
    here, there = texter(), visitor()
    here.say("i think i need to stop drinking")
    here.tap("Use the web chat")
    assert typed_code(there, code_in(here)).status_code == 200
    assert there.person_id == here.person_id
    assert [c["given"] for c in here.record()["consents"]] == [False]
    there.say("hello")
    assert there.asked is not None, there.words()


def test_a_code_is_refused_after_ten_minutes(telegram_house: TelegramHouse, texter: Come, visitor: Callable[[], Visitor]) -> None:
    """The front starts anew with a clock that is eleven minutes ahead."""
    here, there, from_there = in_mid_talk(visitor()), texter(), texter().in_mid_talk()
    code = asked_for_code(here)["code"]
    from_there.say("/web")
    late = datetime.now(timezone.utc) + timedelta(minutes=11)
    telegram_house.open_front(WAYMARK_CLOCK=late.isoformat())
    try:
        there.say(f"/start {code}")
        assert there.texts == [TEXTS.link["refused"]] and there.person_id != here.person_id
        answer = typed_code(visitor(), code_in(from_there))
        assert (answer.status_code, answer.json()["error"]) == (409, "link_refused")
    finally:
        telegram_house.open_front()
    from_there.say("34")
    assert from_there.asked == "person.country"


def test_somebody_who_tries_codes_has_to_wait(texter: Come) -> None:
    person = texter().at_opening()
    for _ in range(5):
        person.say("ABCD-2345")
        assert person.texts == [TEXTS.link["refused"]]
    person.say("ABCD-2345")
    assert person.texts == [TEXTS.link["too_many"]]
    person.say(OPENING)
    assert person.asked == "consent.record", "words that are no code are answered as ever"


# --- what a person may ask for -------------------------------------------------------------------------------------------


def test_deleting_on_telegram_takes_the_web_session_along(
    telegram_house: TelegramHouse, texter: Come, visitor: Callable[[], Visitor]
) -> None:
    here, there = visitor(), texter()
    in_mid_talk(here)
    from_the_web(here, there)
    there.tap("Continue here")
    there.say("34")
    there.say("i grew up beside the marzipan lighthouse")
    person_id = here.person_id
    assert all(rows_with(telegram_house, string) for string in ("marzipan", str(there.chat_id), here.session_id))
    there.say("/delete")
    assert there.buttons == ["Yes, delete it", "No, keep it"]
    there.tap("No, keep it")
    assert there.was_told("nothing_deleted") and here.people() == [person_id]

    there.say("/delete")
    there.tap("Yes, delete it")
    assert there.was_told("all_deleted"), there.words()
    assert there.people() == here.people() == []
    assert here.history() == [] and here.read(f"/api/people/{person_id}/record").status_code == 404
    wait_for("every trace to be gone", lambda: rows_with(telegram_house, "marzipan", str(there.chat_id), here.session_id) == [])
    there.say("hello")
    assert "not end-to-end encrypted" in there.words(), "a new start, with the notice"
    assert there.people() != [person_id]


def test_the_copy_behind_the_link_holds_what_the_person_said(texter: Come) -> None:
    person = texter().in_mid_talk()
    person.say("34")
    person.say("/export")
    assert person.was_told("your_copy") and person.asked == "person.country"
    (link,) = re.findall(r"\S+/web/export/\S+", person.words())
    assert OPENING not in person.words()
    asked = httpx.get(link, timeout=30.0, trust_env=False)
    assert asked.status_code == 200 and OPENING not in asked.text
    shown = httpx.post(link, timeout=30.0, trust_env=False)
    assert shown.status_code == 200 and OPENING in shown.text and "Sam" in shown.text and "34" in shown.text
    saved = httpx.post(f"{link}/file", timeout=30.0, trust_env=False).json()["record"]
    assert saved["person"]["id"] == person.person_id
    assert [a["text"] for a in saved["answers"]] == [a["text"] for a in person.record()["answers"]]
    assert {a["channel"] for a in saved["answers"]} == {"telegram"}
    ticket = link.rpartition("/")[2]
    assert ticket not in str(person.record(messages=True)), "whoever reads the record cannot open the copy"


def test_stop_means_no_news_until_start(texter: Come, telegram_counsellor: Colleague) -> None:
    person = texter()
    path = TelegramPath(person)
    path.to_draft()
    path.confirm()
    home = f"/people/{person.person_id}"
    page = telegram_counsellor.page(home)
    person.say("/stop")
    assert person.texts == [TEXTS.quiet] and person.record()["person"]["channels"][0]["quiet_since"]
    with person.hearing():
        telegram_counsellor.sign_plan(person.person_id, 1)
    assert person.last == [], "no news for somebody who asked for quiet"
    refused = telegram_counsellor.send_page(f"{home}/messages", page, {"text": "Hello Sam"})
    assert refused.status_code == 422 and "asked not to be written to" in refused.text, words(refused.text)

    person.say("what's on my plan")
    assert person.asked == "plan.where", "who writes is answered"
    person.say("/start")
    assert person.texts[0] == TEXTS.loud and person.record()["person"]["channels"][0]["quiet_since"] is None
    telegram_counsellor.edit_plan(person.person_id, "One more thing", {"line.G1.words": "keep my job"})
    with person.hearing():
        telegram_counsellor.sign_plan(person.person_id, 2)
    assert person.texts == [NEWS]


def test_stop_before_anything_keeps_nothing_and_start_begins_anew(texter: Come) -> None:
    person = texter()
    person.say("/start")
    person.tap("Stop")
    assert TEXTS.notice.stopped.partition("{")[0] in person.words()
    person.say("/start")
    assert "not end-to-end encrypted" in person.words()
    person.tap("Continue here")
    assert person.asked == "opening.words"


@pytest.mark.parametrize("when", ["before the notice", "in the talk"])
def test_human_raises_an_alert_for_the_team(texter: Come, when: str) -> None:
    person = texter() if when == "before the notice" else texter().in_mid_talk()
    person.say("/human")
    assert person.was_told("human_asked"), person.words()
    (alert,) = person.alerts()
    assert (alert["class"], alert["level"], alert["status"]) == ("human_requested", "S3", "open")
    assert person.again() == [] and len(person.alerts()) == 1


def test_the_menu_names_every_command_that_works(telegram_house: TelegramHouse, texter: Come) -> None:
    ((commands),) = telegram_house.fake.commands.values()
    assert dict(commands) == dict(TEXTS.commands)
    person = texter().in_mid_talk()
    for name in ("help", "plan", "human", "web", "export", "stop", "start"):
        assert person.say(f"/{name}") != [], name

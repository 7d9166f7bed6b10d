"""Telegram refuses, breaks off or is away, and so does the front: nothing is lost, and nothing is repeated without a word."""

from __future__ import annotations

import json
from typing import Any, Callable, Iterator

import httpx
import pytest
from botapi.state import Call

from journeys.house import wait_for
from journeys.person import Visitor, in_mid_talk
from journeys.staff import Colleague
from journeys.telegram_house import TelegramHouse
from journeys.telegram_kinds import TEXTS
from journeys.telegram_person import Texter
from journeys.traces import lines_with

Come = Callable[[], Texter]
IN_DOUBT = f"{TEXTS.in_doubt}\n\n"
PUBLIC = "https://clinic.example"
SECRET = "journeys-webhook-secret"
WRONG_TOKEN = "123456:WRONG-token-of-the-journeys"


def sends(person: Texter, since: int = 0) -> list[Call]:
    """The calls that wrote to this person, after the first so many."""
    calls = [c for c in person.house.fake.calls if c.method == "sendMessage" and str(c.params.get("chat_id")) == str(person.chat_id)]
    return calls[since:]


def told(person: Texter) -> list[str]:
    """What the record holds as said to the person, oldest first; it needs their consent."""
    return [m["text"] for m in person.record(messages=True)["messages"] if m["direction"] == "out"]


def shown_once(person: Texter) -> None:
    """The chat shows what the record says was told: all of it, in order, and nothing twice."""
    shown = [s.edits[0] if s.edits else s.text for s in person.user.inbox]
    assert shown == told(person)


# --- Telegram refuses ---------------------------------------------------------------------------------------------------


def test_a_wait_that_telegram_asks_for_is_kept_and_nothing_is_lost(telegram_house: TelegramHouse, texter: Come) -> None:
    person, other = texter().in_mid_talk(), texter().in_mid_talk()
    before = len(sends(person))
    telegram_house.fake.fail("sendMessage", 429, times=2, retry_after=3, chat_id=person.chat_id)
    with person.hearing():
        person.user.say("who are you")
        person.user.say("34")
        other.say("34")
        assert other.asked == "person.country", "somebody else does not wait"
    first, second, third = sends(person, before)[:3]
    assert first.outcome.startswith("429") and second.outcome.startswith("429") and third.outcome == "ok"
    assert second.at - first.at >= 3 and third.at - second.at >= 3
    assert not any(text.startswith(TEXTS.in_doubt) for text in person.texts)
    shown_once(person)


def test_a_chat_that_takes_one_message_a_second_gets_all_in_order(telegram_house: TelegramHouse, texter: Come) -> None:
    person = texter()
    telegram_house.fake.limit(1.0, retry_after=1)
    try:
        person.in_mid_talk()
    finally:
        telegram_house.fake.limit(None)
    shown_once(person)


@pytest.mark.parametrize("status", [500, 502])
def test_a_server_fault_is_tried_again_without_a_word(telegram_house: TelegramHouse, texter: Come, status: int) -> None:
    person = texter().in_mid_talk()
    before = len(sends(person))
    telegram_house.fake.fail("sendMessage", status, times=3, chat_id=person.chat_id)
    person.say("34")
    assert [c.outcome[:3] for c in sends(person, before)[:4]] == [str(status)] * 3 + ["ok"]
    assert person.asked == "person.country"
    shown_once(person)


def test_updates_that_cannot_be_fetched_for_a_while_are_fetched_later(telegram_house: TelegramHouse, texter: Come) -> None:
    person = texter().in_mid_talk()
    telegram_house.fake.wait_for_poll()
    telegram_house.fake.fail("getUpdates", 502, times=2)
    telegram_house.fake.fail("getUpdates", 429, times=1, retry_after=1)
    person.say("34")
    person.say("uk")
    assert person.asked == "contact.route"
    shown_once(person)


def test_another_program_with_the_same_token_stops_nothing(telegram_house: TelegramHouse, texter: Come) -> None:
    person = texter().in_mid_talk()
    telegram_house.fake.wait_for_poll()
    fake = telegram_house.fake
    httpx.get(f"{fake.url}/bot{fake.token}/getUpdates", params={"timeout": 1}, timeout=30.0, trust_env=False)
    person.say("34")
    assert person.asked == "person.country"
    assert lines_with(telegram_house, "another program fetches this bot's updates")


def test_a_tapped_button_that_cannot_be_marked_counts_all_the_same(telegram_house: TelegramHouse, texter: Come) -> None:
    person = texter().at_consent()
    telegram_house.fake.fail("editMessageText", 500, chat_id=person.chat_id)
    person.tap("Yes, you may")
    assert person.asked == "person.alias"
    telegram_house.fake.expire_taps()
    person.say("sam")
    assert person.asked == "person.age"


def test_an_update_that_nobody_can_read_holds_nobody_up(telegram_house: TelegramHouse, texter: Come) -> None:
    person = texter().in_mid_talk()
    for strange in (
        {"message": {"message_id": 1}},
        {"message": {"message_id": 2, "chat": {"id": "x", "type": "private"}, "text": 5}},
        {"callback_query": {"id": "1", "data": None}},
        {"my_chat_member": {"chat": {"id": person.chat_id, "type": "private"}}},
        {},
    ):
        telegram_house.fake.raw(strange)
    person.say("34")
    assert person.asked == "person.country"
    wait_for("the updates to be confirmed", lambda: telegram_house.fake.unconfirmed == [])


# --- Telegram breaks off or is away ------------------------------------------------------------------------------------------


def test_a_message_of_which_nobody_knows_whether_it_arrived_comes_again_and_says_so(
    telegram_house: TelegramHouse, texter: Come
) -> None:
    person = texter().in_mid_talk()
    telegram_house.fake.drop("sendMessage", chat_id=person.chat_id)
    person.say("34")
    question = told(person)[-1]
    assert person.texts == [question, IN_DOUBT + question]
    person.say("uk")
    assert person.asked == "contact.route" and len(person.last) == 1


def test_a_front_that_falls_while_it_writes_says_so_too(telegram_house: TelegramHouse, texter: Come) -> None:
    person = texter().in_mid_talk()
    telegram_house.fake.slow("sendMessage", 8.0, chat_id=person.chat_id)
    with person.hearing():
        person.user.say("34")
        person.user.wait_for(lambda inbox: "country" in inbox[-1].text)
        telegram_house.fall()
    question = told(person)[-1]
    assert person.texts == [question, IN_DOUBT + question]
    person.say("uk")
    assert person.asked == "contact.route" and len(person.answers("person.country")) == 1


def test_what_came_and_what_the_team_wrote_while_telegram_was_away_is_dealt_with_afterwards(
    telegram_house: TelegramHouse, texter: Come, telegram_counsellor: Colleague
) -> None:
    person, visitor = texter().in_mid_talk(), Visitor(telegram_house)
    telegram_house.fake.stop()
    try:
        telegram_counsellor.write(person.person_id, "First, hello Sam.")
        telegram_counsellor.write(person.person_id, "Second, see you on Monday.")
        in_mid_talk(visitor)
        assert telegram_house.ready()
        wait_for("the front to notice", lambda: lines_with(telegram_house, "a message waits for Telegram"))
        assert "not delivered yet" in telegram_counsellor.page(f"/people/{person.person_id}")
    finally:
        with person.hearing():
            person.user.say("34")
            telegram_house.fake.start()
    assert person.texts[:2] == ["First, hello Sam.", "Second, see you on Monday."]
    assert person.asked == "person.country"
    assert "not delivered yet" not in telegram_counsellor.page(f"/people/{person.person_id}")
    shown_once(person)
    visitor.close()


# --- another token, and the webhook --------------------------------------------------------------------------------------------


@pytest.fixture
def usual_front(telegram_house: TelegramHouse) -> Iterator[None]:
    """Afterwards the front has its usual settings again."""
    yield
    if telegram_house.front_changes:
        telegram_house.open_front()


def test_a_token_that_telegram_refuses_leaves_the_web_chat_as_it_was(
    telegram_house: TelegramHouse, texter: Come, telegram_counsellor: Colleague, usual_front: None
) -> None:
    person, visitor = texter().in_mid_talk(), Visitor(telegram_house)
    telegram_house.open_front(WAYMARK_TELEGRAM_TOKEN=WRONG_TOKEN)
    wait_for("the refusal in the log", lambda: lines_with(telegram_house, "Telegram refuses the token"))
    assert httpx.get(f"{telegram_house.url}/health", timeout=5.0, trust_env=False).json() == {"status": "alive"}
    in_mid_talk(visitor)
    visitor.say("34")
    assert visitor.asked == "person.country"
    assert visitor.web.post("/web/link", json={}, headers=visitor.headers).json()["telegram"] is None
    telegram_counsellor.write(person.person_id, "Hello Sam, this waits for the right token.")
    assert lines_with(telegram_house, WRONG_TOKEN, WRONG_TOKEN.partition(":")[2]) == []
    with person.hearing():
        telegram_house.open_front()
    assert person.texts == ["Hello Sam, this waits for the right token."]
    visitor.close()


def test_by_webhook_it_is_the_same_talk_and_only_telegram_is_believed(
    telegram_house: TelegramHouse, texter: Come, usual_front: None
) -> None:
    fake, person = telegram_house.fake, texter()
    fake.stand_for(PUBLIC, telegram_house.url)
    by_webhook = {"WAYMARK_TELEGRAM_MODE": "webhook", "WAYMARK_PUBLIC_URL": PUBLIC, "WAYMARK_TELEGRAM_SECRET": SECRET}
    telegram_house.open_front(**by_webhook)
    person.in_mid_talk()
    person.do(person.user.send_sticker)
    assert person.texts == [TEXTS.kinds["sticker"]]
    person.say("34")
    assert person.asked == "person.country"

    update = _said(person, "i live in ireland")
    shown = person.everything
    assert [post(telegram_house, update, secret) for secret in ("", "wrong", SECRET + "x", SECRET[:-1])] == [401] * 4
    assert person.everything == shown and person.record()["person"]["country"] is None
    assert [post(telegram_house, body, SECRET) for body in ("[]", "{", '{"update_id": "x"}')] == [400] * 3
    with person.hearing():
        assert post(telegram_house, update, SECRET) == 200
    assert person.asked == "contact.route" and person.record()["person"]["country"] == "IE"

    updates = sorted(u["update_id"] for u in fake.updates if str(person.chat_id) in json.dumps(u))
    telegram_house.open_front(**by_webhook)
    shown, record = person.everything, person.record(messages=True)
    for number in updates:
        assert person.again(number) == []
    assert post(telegram_house, update, SECRET) == 200
    assert (person.everything, person.record(messages=True)) == (shown, record)
    person.say("no thanks")
    assert person.asked == "substance.main"
    shown_once(person)
    assert lines_with(telegram_house, SECRET) == []


def post(house: TelegramHouse, body: Any, secret: str) -> int:
    """The status that an update gets which is posted to the webhook."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
    content = body if isinstance(body, str) else json.dumps(body)
    url = f"{house.url}/webhooks/telegram"
    return httpx.post(url, content=content, headers=headers, timeout=30.0, trust_env=False).status_code


def _said(person: Texter, text: str) -> dict[str, Any]:
    """An update as Telegram would make it, with a number that it has not used yet."""
    last = next(u for u in reversed(person.house.fake.updates) if u.get("message", {}).get("chat", {}).get("id") == person.chat_id)
    return {"update_id": last["update_id"] + 5_000, "message": {**last["message"], "message_id": 1, "text": text}}

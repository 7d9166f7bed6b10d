"""Whatever comes on Telegram gets its short answer once, whatever is delivered again, and in the order it came."""

from __future__ import annotations

import json
from typing import Any, Callable

import pytest

from journeys.house import wait_for
from journeys.staff import Colleague, words
from journeys.telegram_house import TelegramHouse
from journeys.telegram_kinds import BY_THE_TALK, GROUP, KINDS, NUMBER, TEXTS, Kind, meet, meet_group, newcomer
from journeys.telegram_person import CHANNEL, Texter
from journeys.traces import rows_with
from journeys.whole_path import TelegramPath

Come = Callable[[], Texter]
SUICIDE_PLAN = "i have the pills here and i'm going to kill myself tonight"


@pytest.fixture(scope="module")
def sender(telegram_house: TelegramHouse) -> Texter:
    """Sends one kind after the other; is asked for the country all the while."""
    return newcomer(telegram_house)


def in_danger(person: Texter) -> None:
    """The one answer is the fixed text, and there is the alert with their words."""
    assert len(person.last) == 1 and "call your local emergency number" in person.words(), person.texts
    (alert,) = person.alerts()
    assert (alert["class"], alert["level"], alert["status"]) == ("suicidal_plan", "S1", "open")
    assert SUICIDE_PLAN in alert["words"]


def in_words(person: Texter) -> list[str]:
    """What is kept of the person's own words, in order."""
    return [m["text"] for m in person.record(messages=True)["messages"] if m["direction"] == "in" and m["text"]]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.name}: {kind.came}")
def test_each_kind_is_answered_once(texter: Come, sender: Texter, kind: Kind) -> None:
    met = meet(sender, kind)
    assert met.fits(kind), met
    if kind.answer == BY_THE_TALK and kind.name != "button":
        assert sender.record()["person"]["country"] is None


# --- captions and forwarded words -----------------------------------------------------------------------------------


def test_a_caption_answers_the_open_question(texter: Come) -> None:
    person = texter().in_mid_talk()
    person.do(person.user.send_photo, "34")
    assert person.texts[0] == TEXTS.caption_read and person.asked == "person.country"
    assert person.answer("person.age")["value"] == 34


@pytest.mark.parametrize(
    "send",
    [
        lambda p: p.user.send_photo(SUICIDE_PLAN),
        lambda p: p.user.send_video(SUICIDE_PLAN),
        lambda p: p.user.send_document(SUICIDE_PLAN),
        lambda p: p.user.send_photo(SUICIDE_PLAN, album="one"),
        lambda p: p.user.forward(SUICIDE_PLAN),
        lambda p: p.user.edit(p.written["sam"], SUICIDE_PLAN),
        lambda p: p.user.say(f"/start {SUICIDE_PLAN}"),
        lambda p: p.user.say(f"/weather {SUICIDE_PLAN}"),
    ],
    ids=["photo", "video", "document", "album", "forwarded", "edited", "command", "unknown command"],
)
def test_danger_is_heard_in_whatever_has_words(texter: Come, send: Callable[[Texter], Any]) -> None:
    person = texter().in_mid_talk()
    person.do(send, person)
    in_danger(person)
    assert person.again() == [] and len(person.alerts()) == 1


# --- edits ------------------------------------------------------------------------------------------------------------


def test_an_edit_replaces_the_answer_only_after_a_yes_and_keeps_the_old_one(texter: Come) -> None:
    person = texter().in_mid_talk()
    person.say("34")
    person.do(person.user.edit, person.written["34"], "35")
    assert person.texts == [TEXTS.edited.ask.replace("{text}", "35")] and person.buttons == list(TEXTS.edited.choices.values())
    assert person.answer("person.age")["value"] == 34
    person.tap("Yes, change it")
    assert person.was_told("edit_kept") and person.asked == "person.country", person.words()
    old, new = person.answers("person.age")
    assert (old["value"], new["value"], new["replaces"], new["channel"]) == (34, 35, old["id"], CHANNEL)
    assert person.record()["person"]["age"] == 35


def test_an_edit_left_alone_changes_nothing(texter: Come) -> None:
    person = texter().in_mid_talk()
    person.say("34")
    person.do(person.user.edit, person.written["34"], "35")
    person.say("no leave it")
    assert person.was_told("edit_left") and person.asked == "person.country", person.words()
    assert [a["value"] for a in person.answers("person.age")] == [34]


# --- numbers and places -----------------------------------------------------------------------------------------------


def test_a_shared_number_is_in_the_record_only_after_a_yes(texter: Come) -> None:
    person = texter().in_mid_talk()
    person.do(person.user.send_contact, NUMBER)
    assert person.texts == [TEXTS.contact.ask]
    assert NUMBER[3:] not in json.dumps(person.record(messages=True))
    person.tap("Yes, keep it")
    assert person.was_told("number_kept") and person.asked == "person.age"
    assert NUMBER in person.record()["person"]["contact"]["route"]


def test_a_number_that_is_refused_or_somebody_elses_is_kept_nowhere(telegram_house: TelegramHouse, texter: Come) -> None:
    person, own, others = texter().in_mid_talk(), "+447700900987", "+447700900654"
    person.do(person.user.send_contact, own)
    person.tap("No")
    assert person.was_told("number_left") and person.asked == "person.age"
    person.do(person.user.send_contact, others, own=False)
    assert person.record()["person"]["contact"]["route"] is None
    wait_for("no row to hold the numbers", lambda: rows_with(telegram_house, own[3:], others[3:]) == [])


def test_a_place_is_kept_nowhere(telegram_house: TelegramHouse, texter: Come) -> None:
    person = texter().in_mid_talk()
    person.do(person.user.send_location)
    assert rows_with(telegram_house, "latitude", "-0.12") == []


# --- groups and blocking ------------------------------------------------------------------------------------------------


def test_a_group_is_refused_once_and_left(telegram_house: TelegramHouse, texter: Come) -> None:
    met = meet_group(telegram_house)
    assert met.fits(GROUP), met


def test_somebody_who_blocks_the_bot_gets_nothing_and_staff_are_told(texter: Come, telegram_counsellor: Colleague) -> None:
    person = texter().in_mid_talk()
    home = f"/people/{person.person_id}"
    page = telegram_counsellor.page(home)
    person.do(person.user.block)
    assert person.record()["person"]["channels"][0]["blocked_at"]
    refused = telegram_counsellor.send_page(f"{home}/messages", page, {"text": "Hello Sam"})
    assert refused.status_code == 422 and "has blocked the bot" in refused.text, words(refused.text)
    assert "Hello Sam" in refused.text, "what was typed is still there"
    assert "Hello Sam" not in json.dumps(person.record(messages=True))

    person.do(person.user.unblock)
    assert person.record()["person"]["channels"][0]["blocked_at"] is None
    with person.hearing():
        telegram_counsellor.write(person.person_id, "Hello again Sam")
    assert person.texts == ["Hello again Sam"]
    person.say("34")
    assert person.asked == "person.country"


# --- long texts -----------------------------------------------------------------------------------------------------------


def test_a_long_message_of_the_team_arrives_whole(texter: Come, telegram_counsellor: Colleague) -> None:
    person = texter().in_mid_talk()
    long = ("We talked about Tuesday, and I want to write it down for you. " * 40)[:1990].strip()
    with person.hearing():
        telegram_counsellor.write(person.person_id, long)
    assert person.texts == [long]


def test_a_reply_that_is_too_long_for_one_message_comes_in_pieces_in_order(
    texter: Come, telegram_counsellor: Colleague
) -> None:
    person = texter()
    path = TelegramPath(person)
    path.to_draft()
    path.confirm()
    goal, step = ("see my kids every week and be there. " * 80).strip(), ("walk by the river each morning. " * 80).strip()
    telegram_counsellor.edit_plan(person.person_id, "More room", {"line.G1.words": goal, "line.I1.text": step})
    person.say("/plan")
    person.tap("Show it here")
    whole = " ".join(person.words().split())
    assert len(whole) > 5000 and goal in whole and step in whole
    assert all(len(text) <= 4096 for text in person.texts) and len(person.texts) >= 2
    shown = [m["text"] for m in person.record(messages=True)["messages"] if m["direction"] == "out"]
    assert whole.startswith(" ".join(next(text for text in shown if goal in text).split())[:4000])


# --- again, and in order ---------------------------------------------------------------------------------------------------


def test_nothing_happens_twice_when_telegram_repeats_updates_before_and_after_a_fall(
    telegram_house: TelegramHouse, texter: Come
) -> None:
    person = texter().agreed()
    updates = {u["update_id"] for u in telegram_house.fake.updates if str(person.chat_id) in json.dumps(u)}
    sent: tuple[Callable[[], object], ...] = (
        lambda: person.say("sam"),
        lambda: person.do(person.user.send_sticker),
        lambda: person.do(person.user.send_photo, "34"),
        lambda: person.say("/help"),
        lambda: person.tap("United Kingdom"),
        lambda: person.say("can i talk to a human"),
    )
    for send in sent:
        send()
        updates.add(person.user.last_update_id)
    shown, record = person.everything, person.record(messages=True)
    for when in ("before the fall", "after it"):
        for update in sorted(updates):
            assert person.again(update) == [], (when, update)
        assert (person.everything, person.record(messages=True)) == (shown, record), when
        if when == "before the fall":
            telegram_house.fall()
    person.say("no thanks")
    assert person.asked == "substance.main"


def test_ten_messages_at_once_are_kept_in_order_and_answered(texter: Come) -> None:
    person = texter().in_mid_talk()
    sent = [f"thing number {number} on my mind" for number in range(1, 11)]
    with person.hearing():
        for text in sent:
            person.user.say(text)
    assert in_words(person)[-10:] == sent
    assert person.last != [] and person.asked == "person.age"
    record = person.record(messages=True)["messages"]
    assert [m["direction"] for m in record if m["text"] in sent] == ["in"] * 10
    shown = [m["text"] for m in record if m["direction"] == "out"]
    assert person.texts == shown[-len(person.texts) :]


def test_answers_to_ten_messages_at_once_do_not_get_mixed_up(texter: Come) -> None:
    """Kinds that the channel answers itself, between words for the talk."""
    person = texter().in_mid_talk()
    with person.hearing():
        for _ in range(3):
            person.user.send_sticker()
            person.user.say("/help")
            person.user.send_voice()
    assert [t.splitlines()[0] for t in person.texts] == [
        TEXTS.kinds["sticker"], TEXTS.help.splitlines()[0], TEXTS.kinds["voice"],
    ] * 3  # fmt: skip


def test_a_slow_chat_does_not_hold_up_another(telegram_house: TelegramHouse, texter: Come) -> None:
    slow, quick = texter().in_mid_talk(), texter().in_mid_talk()
    telegram_house.fake.slow("sendMessage", 8.0, chat_id=slow.chat_id)
    with slow.hearing():
        slow.user.say("34")
        slow.user.wait_for(lambda inbox: "country" in inbox[-1].text)
        quick.say("34")
        assert quick.asked == "person.country"
        waiting = [d.address for d in unsent(telegram_house)]
        assert waiting == [str(slow.chat_id)]
    assert slow.asked == "person.country"


def unsent(house: TelegramHouse) -> list[Any]:
    with house.core.uow() as uow:
        return list(uow.deliveries.unsent(CHANNEL))

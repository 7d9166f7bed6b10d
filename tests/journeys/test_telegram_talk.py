"""The first issue's path on Telegram, by text and by buttons, and what is said on the way."""

from __future__ import annotations

from typing import Callable

import pytest

from journeys.house import wait_for
from journeys.person import Visitor, texts
from journeys.staff import Colleague
from journeys.telegram_house import TelegramHouse
from journeys.telegram_person import CHANNEL, OPENING, Texter
from journeys.whole_path import BUTTON_STEPS, EDITED_GOAL, GOAL, NEWS, REASON, TelegramPath, WebPath

Come = Callable[[], Texter]
SUICIDE_PLAN = "i have the pills here and i'm going to kill myself tonight"
LAGER = ("lager", "cannabis", "weed", "alcohol", "cans", "drink")


def confirmed(person: Texter) -> Texter:
    """Has confirmed the draft; it waits for the team."""
    path = TelegramPath(person)
    path.to_draft()
    path.confirm()
    return person


def test_the_whole_path_from_the_first_words_to_an_active_plan(texter: Come, telegram_counsellor: Colleague) -> None:
    person = texter()
    path = TelegramPath(person)
    path.walk(telegram_counsellor)

    record = person.record(messages=True)
    assert (record["plan"]["version"], record["plan"]["status"]) == (2, "active")
    assert {(a["by"], a["role"], a["version"]) for a in record["plan"]["approvals"]} == {
        (f"staff:{telegram_counsellor.name}", "clinician", 2),
        ("person", "person", 2),
    }
    assert {a["channel"] for a in record["answers"]} == {m["channel"] for m in record["messages"]} == {CHANNEL}
    assert [c["channel"] for c in record["consents"]] == [CHANNEL, CHANNEL]
    told = record["person"]
    assert (told["alias"], told["age"], told["country"]) == ("Sam", 34, "GB")
    assert "+447700900123" in told["contact"]["route"] and told["contact"]["safe_times"] == "weekdays after six"
    first, second = person.answers("substance.amount")
    assert second["replaces"] == first["id"] and first["value"]["amount"]["max"] == 12
    assert {s["name"]: s["amount"] and s["amount"]["max"] for s in record["substances"]} == {"alcohol": 20, "cannabis": None}
    assert person.answer("opening.words")["text"] == OPENING and person.answer("ruler.confidence")["value"]["max"] == 5


def test_the_same_path_ends_the_same_way_in_the_web_chat(telegram_house: TelegramHouse, telegram_counsellor: Colleague) -> None:
    """With the bot at work beside it."""
    visitor = Visitor(telegram_house)
    WebPath(visitor).walk(telegram_counsellor)
    assert visitor.record()["plan"]["status"] == "active"
    assert {a["channel"] for a in visitor.record()["answers"]} == {"web"}
    visitor.close()


def test_every_question_that_has_buttons_can_be_answered_by_one(texter: Come) -> None:
    person = texter().in_mid_talk()
    TelegramPath(person).told(BUTTON_STEPS)
    record = person.record()
    assert record["person"]["country"] == "IE" and record["person"]["contact"]["route"] is None
    assert person.answer("ruler.importance")["value"]["max"] == 10 and person.answer("ruler.confidence")["value"]["max"] == 0


def test_a_tapped_question_shows_what_was_chosen_and_another_tap_changes_nothing(texter: Come) -> None:
    person = texter().at_consent()
    question = person.question
    person.do(person.user.tap, "Yes, you may", times=2)
    assert person.asked == "person.alias" and person.was_told("consent_thanks")
    shown = person.user.wait_for(lambda inbox: any(s.text == f"{question}\n\n✓ Yes, you may" for s in inbox))
    assert [s.buttons for s in shown if s.text.startswith(question)] == [[]]
    assert [c["kind"] for c in person.record()["consents"]].count("record") == 1


def test_a_button_of_a_question_that_was_answered_in_words_says_so(texter: Come) -> None:
    person = texter().at_consent()
    question = person.question
    person.say("yes that's fine")
    assert person.asked == "person.alias"
    assert person.tap("Not now") == []
    assert person.user.toasts == [person.house.core.channel_texts.closed]
    person.user.wait_for(lambda inbox: all(s.buttons == [] for s in inbox if s.text == question))
    assert [c["given"] for c in person.record()["consents"]] == [True, True]


def test_nothing_is_kept_for_others_before_consent(texter: Come) -> None:
    person = texter().at_consent("12 cans of lager a night, my kids notice")
    before = person.record(messages=True)
    assert before["person"]["status"] == "pending"
    assert (before["answers"], before["substances"], before["messages"]) == ([], [], [])
    person.tap("Yes, you may")
    assert person.answer("opening.words")["text"] == "12 cans of lager a night, my kids notice"


def test_what_was_said_before_the_notice_is_answered_after_it(texter: Come) -> None:
    person = texter()
    person.say("i cant stop drinking and my kids notice")
    assert "not end-to-end encrypted" in person.words() and len(person.last) == 1
    person.say("hello?")
    assert person.texts == [person.house.core.channel_texts.notice.again]
    person.tap("Continue here")
    assert person.asked == "consent.record", person.words()
    person.tap("Yes, you may")
    assert "i cant stop drinking and my kids notice" in person.answer("opening.words")["text"]


def test_stop_at_the_notice_keeps_nothing_that_was_said(texter: Come) -> None:
    person = texter()
    person.say("it began on the turnip submarine")
    person.tap("Stop")
    assert "not kept" in person.words()
    person.say("/start")
    person.tap("Continue here")
    assert person.asked == "opening.words", "what was said before is not answered"


def test_news_about_a_plan_holds_none_of_it(texter: Come, telegram_counsellor: Colleague) -> None:
    person = confirmed(texter())
    telegram_counsellor.edit_plan(person.person_id, "The job comes first", {"line.G1.words": EDITED_GOAL})
    with person.hearing():
        telegram_counsellor.sign_plan(person.person_id, 2)
    assert person.texts == [NEWS]
    held = [word for word in (*LAGER, GOAL, REASON, EDITED_GOAL, "The job comes first") if word.lower() in NEWS.lower()]
    assert held == []
    assert person.buttons == []


def test_the_plan_can_be_opened_on_the_web_instead(texter: Come) -> None:
    person = confirmed(texter())
    person.say("/plan")
    assert person.buttons == ["Show it here", "Open on the web"]
    person.tap("Open on the web")
    assert person.was_told("plan_on_web") and GOAL not in person.words()
    assert person.house.url in person.words()


def test_no_medicine_diagnosis_or_score_is_shown_with_the_plan(texter: Come, telegram_counsellor: Colleague) -> None:
    """The team writes such words into the step, the goal and the reason of the change; the web chat shows them."""
    person = confirmed(texter())
    hidden = ("naltrexone", "50 mg", "use disorder", "AUDIT", "31")
    telegram_counsellor.edit_plan(
        person.person_id,
        "AUDIT score 31",
        {"line.I1.text": "naltrexone 50 mg each morning", "line.G1.words": "treat the alcohol use disorder"},
    )
    telegram_counsellor.sign_plan(person.person_id, 2)
    person.say("/plan")
    person.tap("Show it here")
    assert REASON in person.words() and person.was_told("plan_changed"), person.words()
    assert [word for word in hidden for text in person.everything if word.lower() in text.lower()] == []
    assert person.house.core.channel_texts.hidden_line in person.words()

    code = person.say("/web")[0].text.split("code: ")[1].split(".")[0]
    visitor = Visitor(person.house)
    assert visitor.web.post("/web/link", json={"code": code}, headers=visitor.headers).status_code == 200
    visitor.say("what's on my plan")
    assert "naltrexone 50 mg each morning" in visitor.words() and "AUDIT score 31" in visitor.words()
    visitor.close()


def test_a_question_can_be_skipped_asked_why_and_heard_again(texter: Come) -> None:
    person = texter().agreed()
    first = person.question
    person.say("why do you ask that?")
    assert person.asked == "person.alias" and len(person.last) == 2
    person.say("can you say that again")
    assert person.question == first
    person.say("skip")
    assert person.was_told("skipped") and person.asked == "person.age"
    assert person.answer("person.alias")["value"] == {"declined": True}


def test_a_pause_ends_the_questions_and_going_on_returns_to_the_same_one(texter: Come) -> None:
    person = texter().in_mid_talk()
    person.say("let's stop here for today")
    assert person.was_told("paused") and person.asked is None
    person.say("/start")
    assert person.asked == "person.age", person.words()
    person.say("let's stop here for today")
    person.say("let's continue")
    assert person.asked == "person.age"
    person.say("34")
    assert person.asked == "person.country"


@pytest.mark.parametrize("words", ["can i talk to a human", "/human"])
def test_a_person_can_be_asked_for(texter: Come, words: str) -> None:
    person = texter().in_mid_talk()
    person.say(words)
    assert person.was_told("human_asked") and person.was_told("nobody_there_now") and person.was_told("no_route_yet")
    (alert,) = person.alerts()
    assert (alert["class"], alert["level"], alert["status"]) == ("human_requested", "S3", "open")
    assert person.asked == "person.age"


@pytest.mark.parametrize("words", ["i relly want a drnk rihgt now", "cant sleep its 2am n i wnat a drink so bad"])
def test_a_craving_at_two_in_the_morning_is_met_however_it_is_typed(texter: Come, words: str) -> None:
    person = texter().in_mid_talk()
    person.say(words)
    assert person.was_told("craving_minute") and person.asked == "craving.after", person.words()
    person.tap("A bit easier")
    assert person.was_told("craving_eased") and person.asked == "person.age"
    assert [e["kind"] for e in person.record()["events"]] == ["craving", "craving"]


def test_danger_is_answered_with_the_fixed_text_and_one_alert_and_a_joke_cancels_nothing(texter: Come) -> None:
    person = texter().in_mid_talk()
    person.tell("34", "uk")
    person.say(SUICIDE_PLAN)
    assert len(person.last) == 1 and "999" in person.words() and "116 123" in person.words()
    assert "No one from the team is watching" in person.words()
    (alert,) = person.alerts()
    assert (alert["class"], alert["level"], alert["status"]) == ("suicidal_plan", "S1", "open")
    assert alert["words"] == SUICIDE_PLAN and person.words() in alert["text_shown"]

    person.say("only joking")
    assert person.asked != "contact.route"
    (alert,) = person.alerts()
    assert (alert["level"], alert["status"]) == ("S1", "open") and SUICIDE_PLAN in alert["words"]


def test_danger_in_the_very_first_message_comes_before_the_notice(texter: Come) -> None:
    person = texter()
    person.say(SUICIDE_PLAN)
    assert len(person.last) == 1 and "not end-to-end" not in person.words() and "999" in person.words()
    assert [a["class"] for a in person.alerts()] == ["suicidal_plan"]
    assert person.record()["answers"] == []


def test_what_staff_write_arrives_and_a_taken_over_talk_is_silent(texter: Come, telegram_counsellor: Colleague) -> None:
    person = texter().in_mid_talk()
    with person.hearing():
        telegram_counsellor.write(person.person_id, "Hello Sam, this is Robin. How are you today?")
    assert person.texts == ["Hello Sam, this is Robin. How are you today?"]
    telegram_counsellor.take_over(person.person_id)
    assert person.say("i am fine, thanks") == []
    assert person.do(person.user.send_sticker) == []
    person.say(SUICIDE_PLAN)
    assert len(person.last) == 1 and person.alerts() != []
    telegram_counsellor.hand_back(person.person_id)
    assert person.say("i'm safe for now") != []
    assert [m["text"] for m in person.record(messages=True)["messages"]].count("i am fine, thanks") == 1


def test_the_web_chat_of_the_same_house_goes_on_beside_it(telegram_house: TelegramHouse, texter: Come) -> None:
    person, visitor = texter().in_mid_talk(), Visitor(telegram_house)
    visitor.say("hello")
    assert visitor.asked == "opening.words" and "end-to-end" not in texts(visitor.history())
    person.say("34")
    assert person.asked == "person.country"
    assert visitor.person_id != person.person_id
    wait_for("the house to stay ready", telegram_house.ready)
    visitor.close()

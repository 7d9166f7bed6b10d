"""The first talk: who is here, consent, the questions in any words, and coming back to them."""

from __future__ import annotations

from typing import Callable

import pytest

from journeys.house import CLINIC
from journeys.person import Visitor, item_of, texts

Come = Callable[..., Visitor]
OPENING = "things got out of hand, and my kids notice"


def at_consent(visitor: Visitor, opening: str = OPENING) -> Visitor:
    """Has said hello and what brought them; is asked whether their words may be kept."""
    visitor.tell("hello", opening)
    assert visitor.asked == "consent.record", visitor.words()
    return visitor


def agreed(visitor: Visitor, opening: str = OPENING) -> Visitor:
    at_consent(visitor, opening).tap("Yes, you may")
    return visitor


def at_substances(visitor: Visitor, opening: str = OPENING) -> Visitor:
    """Told who they are; nothing of what they use was known from the opening."""
    agreed(visitor, opening).tell("sam", "34", "uk", "no thanks")
    return visitor


def test_the_first_words_say_that_it_is_a_program_and_who_can_read(visitor: Come) -> None:
    person = visitor()
    person.say("hi")
    notices = [r["text"] for r in person.last if r["kind"] == "notice"]
    assert any("automated program" in text for text in notices), notices
    assert any(CLINIC in text for text in notices), notices
    assert person.asked == "opening.words"


def test_nothing_of_a_person_is_kept_before_they_write(visitor: Come) -> None:
    assert visitor().people() == []


def test_before_consent_the_record_holds_no_words_and_after_it_what_was_said_first(visitor: Come) -> None:
    person = at_consent(visitor(), "12 cans of lager a night, my kids notice")
    before = person.record(messages=True)
    assert before["person"]["status"] == "pending"
    assert (before["answers"], before["substances"], before["consents"], before["messages"]) == ([], [], [], [])

    person.tap("Yes, you may")

    after = person.record()
    (consent,) = after["consents"]
    assert consent["given"] is True and consent["kind"] == "record" and consent["channel"] == "web"
    assert consent["version"] and consent["at"]
    assert person.answer("opening.words")["text"] == "12 cans of lager a night, my kids notice"
    assert [s["name"] for s in after["substances"]] == ["alcohol"]


def test_the_questions_are_answered_in_free_words(visitor: Come) -> None:
    person = at_consent(visitor())
    steps = [
        ("yes that's fine", "person.alias"),
        ("call me sam", "person.age"),
        ("I'm thirty four", "person.country"),
        ("i live in england", "contact.route"),
        ("you can ring me on 07700 900123", "contact.safe_times"),
        ("weekdays after six", "substance.main"),
        ("mostly lager, some weed", "substance.amount"),
        ("about 12 cans a day, every day", "substance.last_use"),
        ("last night", "ruler.importance"),
        ("i'd say 8", "reason.words"),
        ("because my kids deserve better", "ruler.confidence"),
        ("maybe a 4", "goal.words"),
        ("be sober enough to keep my job and see my kids", "plan.confirm"),
    ]
    for text, following in steps:
        person.say(text)
        assert person.asked == following, f"after {text!r}: {person.words()}"

    record = person.record()
    assert (record["person"]["alias"], record["person"]["age"], record["person"]["country"]) == ("Sam", 34, "GB")
    assert "+447700900123" in record["person"]["contact"]["route"]
    assert record["person"]["contact"]["safe_times"] == "weekdays after six"
    by_name = {s["name"]: s for s in record["substances"]}
    assert set(by_name) == {"alcohol", "cannabis"}
    assert by_name["alcohol"]["amount"] == {"min": 12.0, "max": 12.0, "unit": "can", "period": "day"}
    assert by_name["alcohol"]["days_per_week"] == {"min": 7, "max": 7}
    assert by_name["alcohol"]["last_use"]["date"]
    assert person.answer("ruler.importance")["value"] == {"min": 8.0, "max": 8.0}
    assert person.answer("goal.words")["text"] == "be sober enough to keep my job and see my kids"


def test_every_question_that_offers_buttons_can_be_answered_by_one(visitor: Come) -> None:
    person = agreed(visitor())
    person.tell("sam", "34")
    for title, following in (("Ireland", "contact.route"), ("Rather not", "substance.main")):
        person.tap(title)
        assert person.asked == following, person.words()
    person.tell("wine", "a bottle a day", "yesterday")
    person.tap("8")
    assert person.asked == "reason.words"
    person.say("my kids")
    person.tap("3")
    assert person.asked == "goal.words"
    record = person.record()
    assert record["person"]["country"] == "IE" and record["person"]["contact"]["route"] is None
    assert person.answer("ruler.importance")["value"]["max"] == 8 and person.answer("ruler.confidence")["value"]["max"] == 3


def test_an_opening_about_wanting_to_stop_is_heard_as_the_opening_and_not_as_a_craving(visitor: Come) -> None:
    person = at_consent(visitor(), "i want to stop drinking but i cant, my kids notice")
    person.tap("Yes, you may")
    assert person.answer("opening.words")["text"] == "i want to stop drinking but i cant, my kids notice"
    assert [e["kind"] for e in person.record()["events"]] == []


def test_answers_that_look_like_something_else_are_answers(visitor: Come) -> None:
    person = agreed(visitor())
    person.tell("call me sam", "34", "uk", "ring me on 07700 900123", "evenings after six")
    assert person.asked == "substance.main", person.words()
    told = person.record()["person"]
    assert (told["alias"], told["contact"]["safe_times"]) == ("Sam", "evenings after six")
    assert told["contact"]["route"] == "+447700900123"


def test_a_question_about_a_medicine_is_not_taken_for_its_use(visitor: Come) -> None:
    person = at_substances(visitor())
    person.say("how much diazepam should i take")
    assert person.was_told("medical_question") and person.asked == "substance.main"
    assert person.record()["substances"] == []


def test_facts_that_came_early_are_not_asked_again(visitor: Come) -> None:
    person = at_substances(visitor(), "6 cans of stella every night, last one yesterday")
    assert person.asked == "ruler.importance", person.words()
    (alcohol,) = person.record()["substances"]
    assert alcohol["name"] == "alcohol" and alcohol["amount"]["max"] == 6 and alcohol["amount"]["unit"] == "can"
    assert alcohol["days_per_week"] == {"min": 7, "max": 7} and alcohol["last_use"]["date"]


def test_a_correction_replaces_the_answer_and_keeps_the_old_one(visitor: Come) -> None:
    person = at_substances(visitor())
    person.tell("lager", "12 cans a day, every day")
    person.say("not 12, 20")
    old, new = person.answers("substance.amount")
    assert new["replaces"] == old["id"]
    assert old["value"]["amount"]["max"] == 12 and new["value"]["amount"] == {"min": 20.0, "max": 20.0, "unit": "can", "period": "day"}
    assert person.asked == "substance.last_use"
    assert person.record()["substances"][0]["amount"]["max"] == 20


def test_a_question_can_be_skipped_asked_why_and_heard_again(visitor: Come) -> None:
    person = agreed(visitor())
    first = person.question
    person.say("why do you ask that?")
    assert person.asked == "person.alias" and len(person.last) == 2
    person.say("can you say that again")
    assert person.question == first
    person.say("skip")
    assert person.was_told("skipped") and person.asked == "person.age"
    assert person.answer("person.alias")["value"] == {"declined": True}


def test_the_consent_question_cannot_be_skipped(visitor: Come) -> None:
    person = at_consent(visitor())
    person.say("skip")
    assert person.asked == "consent.record" and person.record()["consents"] == []


def test_the_last_answer_can_be_opened_again(visitor: Come) -> None:
    person = agreed(visitor())
    person.tell("sam", "34")
    person.say("go back")
    assert person.asked == "person.age"
    person.say("43")
    assert person.asked == "person.country"
    first, second = person.answers("person.age")
    assert (first["value"], second["value"], second["replaces"]) == (34, 43, first["id"])
    assert person.record()["person"]["age"] == 43


def test_a_pause_ends_the_questions_and_going_on_returns_to_the_same_one(visitor: Come) -> None:
    person = agreed(visitor())
    person.say("sam")
    person.say("let's stop here for today")
    assert person.was_told("paused") and person.asked is None
    person.say("let's continue")
    assert person.asked == "person.age"
    person.say("34")
    assert person.asked == "person.country"


def test_ten_digressions_in_a_row_come_back_to_the_same_question(visitor: Come) -> None:
    person = at_substances(visitor())
    digressions = (
        "are you a human?",
        "who can read this?",
        "what's the weather like",
        "who are you",
        "can i talk to a human",
        "thanks",
        "what's on my plan",
        "how much diazepam should i take",
        "you are useless",
        "why do you ask that?",
    )
    for text in digressions:
        person.say(text)
        assert len(person.last) >= 2, f"{text!r} was not answered: {person.words()}"
        assert person.asked == "substance.main", f"after {text!r}: {person.words()}"
    person.say("vodka")
    assert person.asked == "substance.amount"
    assert [s["name"] for s in person.record()["substances"]] == ["alcohol"]


def test_the_same_wording_does_not_come_twice_in_a_row(visitor: Come) -> None:
    person = agreed(visitor())
    said = [person.question]
    for _ in range(3):
        person.say("who are you")
        said.append(texts(person.last[:-1]))
    assert len(set(said[1:])) == 3, said


def test_leaving_and_coming_back_goes_on_where_it_was(visitor: Come) -> None:
    person = agreed(visitor())
    person.say("sam")
    seen = [m["text"] for m in person.history()]
    back = person.again_elsewhere()
    assert [m["text"] for m in back.history()] == seen
    back.say("34")
    assert back.asked == "person.country"
    assert back.person_id == person.person_id
    back.close()


def test_a_second_session_is_another_person(visitor: Come) -> None:
    one, other = agreed(visitor()), visitor()
    one.say("sam")
    other.say("hello")
    assert other.asked == "opening.words" and "Sam" not in other.words()
    assert other.person_id != one.person_id
    assert [m["text"] for m in other.history() if m["direction"] == "in"] == ["hello"]
    foreign = one.history()[0]["id"]
    assert [m["text"] for m in other.history(after=foreign) if m["direction"] == "in"] == ["hello"]


def test_quick_exit_ends_the_session_and_keeps_the_record(visitor: Come) -> None:
    person = agreed(visitor())
    kept = person.person_id
    assert person.web.delete("/web/session", headers=person.headers).status_code == 204
    assert person.send(text="hello").status_code == 401
    assert person.web.get("/web/history", headers=person.headers).status_code == 401
    assert person.people() == [kept]


@pytest.mark.parametrize("told", ["15", "i'm 16"])
def test_under_18_ends_kindly_with_an_alert_and_without_a_plan(visitor: Come, told: str) -> None:
    person = agreed(visitor())
    person.tell("sam", told)
    assert "safety" in person.kinds() and person.asked is None
    record = person.record()
    assert record["person"]["status"] == "minor" and record["plan"] is None
    (alert,) = record["alerts"]
    assert (alert["class"], alert["level"], alert["status"], alert["route"]) == ("minor", "S3", "open", None)
    person.say("6 cans a day, give me a plan")
    assert person.last and person.asked is None
    assert person.record()["plan"] is None


def test_refusing_consent_erases_the_words_and_the_chat_goes_on(visitor: Come) -> None:
    person = at_consent(visitor(), "12 cans of lager a night")
    person.tap("Not now")
    assert person.was_told("consent_refused")
    record = person.record(messages=True)
    assert record["person"]["status"] == "declined"
    assert [c["given"] for c in record["consents"]] == [False]
    assert (record["answers"], record["substances"], record["messages"]) == ([], [], [])
    assert "lager" not in texts(person.history())
    person.say("i feel low today")
    assert person.last and item_of(person.question) is None
    assert person.record()["plan"] is None


def test_a_craving_is_met_before_consent_and_before_any_form(visitor: Come) -> None:
    person = visitor()
    person.say("i really want a drink right now")
    assert person.was_told("craving_minute") and person.asked == "craving.after"
    person.tap("A bit easier")
    assert person.was_told("craving_eased") and person.asked == "opening.words"

"""What a person, a broken client or an attacker may send: answered, refused in plain words, never twice, never lost."""

from __future__ import annotations

import json
import threading
import uuid
from typing import Any, Callable

import httpx
import pytest

from journeys.person import Visitor, in_mid_talk, item_of, texts

Come = Callable[..., Visitor]
SUICIDE_PLAN = "i have the pills here and i'm going to kill myself tonight"


def assert_goes_on(visitor: Visitor) -> None:
    """The talk is where it was and works."""
    visitor.say("34")
    assert visitor.asked == "person.country", visitor.words()
    assert [a["value"] for a in visitor.answers("person.age")] == [34]


def assert_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["error"] == code and body["message"], body


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_an_empty_message_is_refused_in_plain_words(visitor: Come, text: str) -> None:
    person = in_mid_talk(visitor())
    assert_problem(person.send(text=text), 400, "malformed")
    assert_goes_on(person)


def test_a_text_of_100_kb_is_refused_and_not_kept(visitor: Come) -> None:
    person = in_mid_talk(visitor())
    assert_problem(person.send(text="drink " * 17_000), 413, "too_long")
    assert len(person.history()[-1]["text"]) < 1_000
    assert_goes_on(person)


def test_danger_inside_a_text_that_is_too_long_is_still_answered(visitor: Come) -> None:
    person = in_mid_talk(visitor(country="GB"))
    answer = person.send(text="la la la. " * 600 + SUICIDE_PLAN)
    assert_problem(answer, 413, "too_long")
    assert [r["kind"] for r in answer.json()["replies"]] == ["safety"] and "999" in texts(answer.json()["replies"])
    assert [a["class"] for a in person.alerts()] == ["suicidal_plan"]


def test_a_body_over_the_limit_is_refused(visitor: Come) -> None:
    assert visitor().send(text="x" * 1_100_000).status_code in (400, 413)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("🙈🙉🙊", id="emoji"),
        pytest.param("a" * 3_999, id="many-a"),
        pytest.param("34\x00", id="nul"),
        pytest.param("\ud83d", id="lone-surrogate"),
        pytest.param("/restart", id="restart"),
        pytest.param("/back", id="back"),
        pytest.param('/inform{"x":"y"}', id="payload"),
        pytest.param('/answer{"answer":"x"}', id="slot"),
        pytest.param("/anything", id="unknown-command"),
        pytest.param("  /session_start", id="spaced-command"),
        pytest.param("EXTERNAL_safety", id="event-name"),
        pytest.param("{consent_text} {value}", id="placeholders"),
        pytest.param("<script>alert(1)</script>", id="script"),
    ],
)
def test_strange_texts_are_only_ever_text(visitor: Come, text: str) -> None:
    person = in_mid_talk(visitor())
    body = json.dumps({"message_id": uuid.uuid4().hex, "text": text})
    answer = person.web.post(
        "/web/messages", content=body, headers={**person.headers, "Content-Type": "application/json"}
    )
    assert answer.status_code == 200, answer.text
    person.last = answer.json()["replies"]
    assert [c["given"] for c in person.record()["consents"]] == [True]
    if person.asked == "person.age":
        assert person.answers("person.age") == []
        assert_goes_on(person)
    else:  # read as an age, or as a wish to leave it out: words all the same
        assert person.asked == "person.country", person.words()
        assert person.answer("person.age")["text"].strip("\x00 ") == text.strip("\x00 ")


def test_five_thousand_letters_are_too_long(visitor: Come) -> None:
    assert_problem(visitor().send(text="a" * 5_000), 413, "too_long")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"message_id": "1", "text": ', id="broken"),
        pytest.param(b"[1, 2]", id="array"),
        pytest.param(b'"hello"', id="string"),
        pytest.param(b"null", id="null"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff\xfe{}", id="no-utf-8"),
        pytest.param(b"[" * 50_000, id="deep"),
        pytest.param(b'{"text": "hello"}', id="no-id"),
        pytest.param(b'{"message_id": "", "text": "hello"}', id="empty-id"),
        pytest.param(b'{"message_id": "a b", "text": "hello"}', id="id-with-space"),
        pytest.param(b'{"message_id": "1"}', id="neither"),
        pytest.param(b'{"message_id": "1", "text": "a", "button": "b"}', id="both"),
        pytest.param(b'{"message_id": "1", "text": {"a": 1}}', id="object-as-text"),
        pytest.param(b'{"message_id": "1", "button": 3}', id="number-as-button"),
    ],
)
def test_a_request_that_cannot_be_read_is_refused_in_json(visitor: Come, body: bytes) -> None:
    person = visitor()
    answer = person.web.post("/web/messages", content=body, headers=person.headers)
    assert_problem(answer, 400, "malformed")
    assert person.people() == []


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer x", "Basic abc", "Bearer " + "a" * 5_000])
def test_without_a_good_token_nothing_is_taken(visitor: Come, header: str) -> None:
    person = visitor()
    headers = {"Authorization": header} if header else {}
    body = {"message_id": "1", "text": "hello"}
    assert_problem(person.web.post("/web/messages", json=body, headers=headers), 401, "no_session")
    assert_problem(person.web.get("/web/history", headers=headers), 401, "no_session")
    assert_problem(person.web.get("/web/events", headers=headers), 401, "no_session")
    assert person.people() == []


def test_danger_is_answered_even_without_a_good_token(visitor: Come) -> None:
    answer = visitor().web.post("/web/messages", json={"message_id": "1", "text": SUICIDE_PLAN})
    assert_problem(answer, 401, "no_session")
    assert [r["kind"] for r in answer.json()["replies"]] == ["safety"]


def test_a_token_that_was_tampered_with_is_refused(visitor: Come) -> None:
    person = visitor()
    head, _, rest = person.token.partition(".")
    forged = Visitor(person.house, token=f"{head[:-2]}AA.{rest}")
    assert_problem(forged.send(text="hello"), 401, "no_session")
    forged.close()


def test_the_same_message_twice_has_one_effect_and_the_same_replies(visitor: Come) -> None:
    person = in_mid_talk(visitor())
    first, second = person.send("age-1", text="34"), person.send("age-1", text="34")
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json() == first.json()
    assert len(person.answers("person.age")) == 1
    assert [m["text"] for m in person.history() if m["direction"] == "in"].count("34") == 1


def test_the_same_message_twice_at_once_has_one_effect_and_the_same_replies(visitor: Come) -> None:
    person = in_mid_talk(visitor())
    first, second = at_once(person, [{"message_id": "age-2", "text": "34"}] * 2)
    assert (first.status_code, second.status_code) == (200, 200), (first.text, second.text)
    assert [r["id"] for r in second.json()["replies"]] == [r["id"] for r in first.json()["replies"]]
    assert len(person.answers("person.age")) == 1


def test_the_same_id_with_other_words_is_a_conflict(visitor: Come) -> None:
    person = in_mid_talk(visitor())
    assert person.send("age-3", text="34").status_code == 200
    assert_problem(person.send("age-3", text="43"), 409, "conflict")
    assert [a["value"] for a in person.answers("person.age")] == [34]


def test_two_messages_at_once_are_both_used_in_order(visitor: Come) -> None:
    person = in_mid_talk(visitor())
    answers = at_once(person, [{"message_id": f"two-{n}", "text": text} for n, text in enumerate(("34", "uk"))])
    assert [a.status_code for a in answers] == [200, 200], [a.text for a in answers]
    came = [m["text"] for m in person.history() if m["direction"] == "in"][-2:]
    assert sorted(came) == ["34", "uk"]
    told = person.record()["person"]
    # "uk" is no age: said first it is asked about again, said second it answers the next question.
    assert (told["age"], told["country"]) == (34, "GB" if came == ["34", "uk"] else None)


def test_messages_that_came_while_one_was_answered_are_all_used(visitor: Come) -> None:
    """The second and third are sent when the first is kept, so their order is known."""
    person = in_mid_talk(visitor())
    bodies = [{"message_id": f"run-{n}", "text": text} for n, text in enumerate(("34", "uk", "no thanks"))]
    threads = []
    for body in bodies:
        threads.append(threading.Thread(target=post_from_elsewhere, args=(person, body, [])))
        threads[-1].start()
        while body["text"] not in [m["text"] for m in person.history()]:
            continue
    for thread in threads:
        thread.join(60)
    record = person.record()
    assert (record["person"]["age"], record["person"]["country"]) == (34, "GB")
    assert person.answer("contact.route")["value"] == {"declined": True}
    questions = [item_of(m["text"]) for m in person.history() if m["direction"] == "out"]
    assert questions[-1] == "substance.main"


def test_a_button_of_a_closed_question_is_refused(visitor: Come) -> None:
    person = visitor()
    person.tell("hello", "things got out of hand")
    no = person.button("Not now")
    person.tap("Yes, you may")
    assert_problem(person.send(button=no), 409, "question_closed")
    assert [c["given"] for c in person.record()["consents"]] == [True]


def test_a_button_that_was_never_offered_is_refused(visitor: Come) -> None:
    person, other = visitor(), visitor()
    for one in (person, other):
        one.tell("hello", "things got out of hand")
    for value in ("btn_made_up", "/restart", '{"intent": "answer"}', other.button("Yes, you may")):
        assert_problem(person.send(button=value), 409, "question_closed")
    assert person.record()["consents"] == [] and other.record()["consents"] == []


def test_who_writes_too_fast_is_told_when_to_go_on_and_danger_is_still_answered(visitor: Come) -> None:
    person = in_mid_talk(visitor(country="GB"))
    bodies = [{"message_id": f"fast-{n}", "text": f"and {n}"} for n in range(60)]
    answers = at_once(person, bodies)
    refused = [a for a in answers if a.status_code == 429]
    assert refused and {a.status_code for a in answers} <= {200, 429}
    for answer in refused:
        assert_problem(answer, 429, "too_fast")
        assert int(answer.headers["Retry-After"]) >= 1
    danger = person.send(text=SUICIDE_PLAN)
    assert danger.status_code == 200 and [r["kind"] for r in danger.json()["replies"]] == ["safety"]
    kept = [m["text"] for m in person.history() if m["direction"] == "in" and m["text"].startswith("and ")]
    assert len(kept) == len([a for a in answers if a.status_code == 200])


def test_a_foreign_site_may_not_use_the_chat(visitor: Come) -> None:
    person = visitor()
    headers = {**person.headers, "Origin": "https://elsewhere.example"}
    assert_problem(person.web.post("/web/messages", json={"message_id": "1", "text": "hello"}, headers=headers), 403, "origin")
    assert person.people() == []


def at_once(person: Visitor, bodies: list[dict[str, Any]]) -> list[httpx.Response]:
    """Send all bodies from as many browsers at the same moment; answers in the order of the bodies."""
    boxes: list[list[httpx.Response]] = [[] for _ in bodies]
    start = threading.Barrier(len(bodies))

    def go(body: dict[str, Any], box: list[httpx.Response]) -> None:
        start.wait(30)
        post_from_elsewhere(person, body, box)

    threads = [threading.Thread(target=go, args=pair) for pair in zip(bodies, boxes, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    return [box[0] for box in boxes]


def post_from_elsewhere(person: Visitor, body: dict[str, Any], box: list[httpx.Response]) -> None:
    elsewhere = person.again_elsewhere()
    try:
        box.append(elsewhere.post(body))
    finally:
        elsewhere.close()

"""A person asks for their own copy in the chat, opens the link and saves the file."""

from __future__ import annotations

import re
from typing import Callable

import httpx

from journeys.house import House
from journeys.person import Visitor, in_mid_talk

Come = Callable[..., Visitor]
OPENING = "things got out of hand, and my kids notice"


def asked_for_copy(visitor: Visitor) -> str:
    """The link in the reply."""
    visitor.say("can i have a copy of my data")
    assert visitor.was_told("your_copy"), visitor.words()
    (link,) = re.findall(r"\S+/web/export/\S+", visitor.words())
    assert link.startswith(f"{visitor.house.url}/web/export/"), link
    return str(link)


def get(link: str) -> httpx.Response:
    """As a browser that carries nothing but the link."""
    return httpx.get(link, timeout=30.0, trust_env=False)


def post(link: str) -> httpx.Response:
    return httpx.post(link, timeout=30.0, trust_env=False)


def test_the_link_in_the_reply_opens_the_page_and_the_file(visitor: Come) -> None:
    person = in_mid_talk(visitor())
    link = asked_for_copy(person)
    assert person.asked == "person.age"

    asked = get(link)
    assert asked.status_code == 200 and 'method="post"' in asked.text
    assert OPENING not in asked.text and "no-store" in asked.headers["Cache-Control"]

    shown = post(link)
    assert shown.status_code == 200 and OPENING in shown.text and "Sam" in shown.text

    saved = post(f"{link}/file")
    assert saved.status_code == 200 and "attachment" in saved.headers["Content-Disposition"]
    record = saved.json()["record"]
    assert record["person"]["id"] == person.person_id and record["person"]["alias"] == "Sam"
    assert {a["item"]: a["text"] for a in record["answers"]} == {a["item"]: a["text"] for a in person.record()["answers"]}
    assert OPENING in [a["text"] for a in record["answers"]]
    assert OPENING in [m["text"] for m in record["messages"]]


def test_the_copy_holds_nothing_of_anybody_else(visitor: Come) -> None:
    other, person = in_mid_talk(visitor()), in_mid_talk(visitor())
    other.say("34")
    saved = post(f"{asked_for_copy(person)}/file").text
    assert person.session_id in saved
    assert other.session_id not in saved and other.person_id not in saved


def test_a_wrong_ticket_opens_nothing(house: House, visitor: Come) -> None:
    person = in_mid_talk(visitor())
    link = asked_for_copy(person)
    wrong = link[:-1] + ("a" if link[-1] != "a" else "b")
    for answer in (get(wrong), post(wrong), post(f"{wrong}/file")):
        assert answer.status_code == 404 and OPENING not in answer.text
    assert get(link).status_code == 200


def test_the_link_of_an_erased_person_opens_nothing(house: House, visitor: Come) -> None:
    person = in_mid_talk(visitor())
    link = asked_for_copy(person)
    assert post(link).status_code == 200
    house.run("erase", person.person_id)
    for answer in (get(link), post(link), post(f"{link}/file")):
        assert answer.status_code == 404 and OPENING not in answer.text

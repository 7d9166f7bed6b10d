"""Deleting takes everything along, wherever it lies; what was written is unreadable on the disk."""

from __future__ import annotations

import json
import threading
from typing import Callable

import pytest

from journeys.house import House, wait_for
from journeys.person import Visitor
from journeys.staff import Colleague
from journeys.traces import files_with, lines_with, readable, rows_of, rows_with

Come = Callable[..., Visitor]
WITHIN = 20.0


def told_everything(visitor: Visitor, telltale: str) -> Visitor:
    """A person with words, answers, a draft plan and an alert. ``telltale`` is a word that nobody else says."""
    visitor.tell("hello", f"the {telltale} lighthouse keeper drinks lager")
    visitor.tap("Yes, you may")
    visitor.tell(name_of(telltale), "34", "uk", route_of(telltale), f"never at the {telltale} factory", "6 cans every day", "yesterday")
    visitor.tell("8", f"because of the {telltale}", "5", f"to see the {telltale} lighthouse sober")
    visitor.say(f"can i talk to a human about the {telltale}")
    assert telltale in visitor.record()["plan"]["goals"][0]["words"]
    assert visitor.alerts() != []
    return visitor


def name_of(telltale: str) -> str:
    return telltale.capitalize()


def route_of(telltale: str) -> str:
    return f"sam@{telltale}.example"


def strings_of(visitor: Visitor, telltale: str) -> list[str]:
    """All that is kept of this person and of nobody else."""
    return [telltale, name_of(telltale), route_of(telltale), visitor.session_id]


def assert_sealed(house: House, person_id: str, *strings: str) -> None:
    """Each string is kept, and none can be read without the key. A person's id is not secret: that the files hold it
    shows that this would find a string in them."""
    for string in strings:
        assert rows_with(house, string), f"{string} is not kept at all"
    assert files_with(house, person_id) != []
    assert readable(house, *strings) == []


def assert_gone(house: House, person: Visitor, person_id: str, *strings: str) -> None:
    assert person.people() == []
    assert person.read(f"/api/people/{person_id}/record").status_code == 404
    assert person.history() == []
    wait_for("every trace to be gone", lambda: rows_with(house, *strings) == [], WITHIN)
    assert readable(house, *strings) == []
    assert [row for row in rows_with(house, person_id) if row.table not in ("audit", "erasures")] == []


# --- kept ------------------------------------------------------------------------------------------------------


def test_what_is_written_cannot_be_read_in_the_files(house: House, visitor: Come) -> None:
    person = told_everything(visitor(), "marzipan")
    assert_sealed(house, person.person_id, *strings_of(person, "marzipan"))
    holding = {row.table for row in rows_with(house, *strings_of(person, "marzipan"))}
    assert {"people", "inbox", "outbox", "answers", "plan_versions", "alerts", "channel_identities", "events"} <= holding
    assert rows_with(house, person.token) == [] and readable(house, person.token) == []


def test_each_read_of_a_record_is_audited_and_the_trail_is_whole(house: House, visitor: Come, counsellor: Colleague) -> None:
    person = told_everything(visitor(), "butterscotch")
    counsellor.page(f"/people/{person.person_id}")
    person.record()
    auditor = Colleague.hired(house, "Vera", "auditor")
    page = auditor.page("/audit")
    assert f"staff:{counsellor.name}" in page or counsellor.name in page
    assert "butterscotch" not in page and name_of("butterscotch") not in page
    auditor.close()


def test_the_commands_show_the_record_and_refuse_an_unknown_person(house: House, visitor: Come) -> None:
    person = told_everything(visitor(), "marmalade")
    printed = json.loads(house.run("record", person.person_id))
    assert printed["person"]["alias"] == name_of("marmalade")
    with pytest.raises(AssertionError, match="no such person"):
        house.run("erase", "per_nobody")


# --- deleted ---------------------------------------------------------------------------------------------------


def test_deleting_in_the_chat_asks_first_and_then_takes_everything(house: House, visitor: Come) -> None:
    person = told_everything(visitor(), "nougat")
    person_id, strings = person.person_id, strings_of(person, "nougat")
    person.say("delete everything you have on me")
    assert person.asked == "privacy.delete"
    person.tap("No, keep it")
    assert person.was_told("nothing_deleted") and person.record()["answers"]
    assert_sealed(house, person_id, *strings)

    person.say("delete everything you have on me")
    person.tap("Yes, delete it")
    assert person.was_told("all_deleted")
    assert_gone(house, person, person_id, *strings)


def test_the_command_deletes_as_the_person_would(house: House, visitor: Come) -> None:
    person = told_everything(visitor(), "rhubarb")
    person_id, strings = person.person_id, strings_of(person, "rhubarb")
    assert_sealed(house, person_id, *strings)
    assert "Erased" in house.run("erase", person_id)
    assert_gone(house, person, person_id, *strings)


def test_after_deleting_the_same_session_starts_afresh(house: House, visitor: Come) -> None:
    person = told_everything(visitor(), "liquorice")
    old = person.person_id
    house.run("erase", old)
    person.say("hello")
    assert person.asked == "opening.words" and name_of("liquorice") not in person.words()
    assert person.person_id != old
    assert len(person.history()) == 1 + len(person.last)


def test_deleting_in_the_middle_of_a_turn_leaves_nothing_in_rasas_memory(house: House, visitor: Come) -> None:
    """Rasa has read its memory and waits for the actions while the person is deleted; at the end it would write back
    all that it has read."""
    person = told_everything(visitor(), "caramel")
    person_id, strings = person.person_id, strings_of(person, "caramel")[:3]
    rasa, actions = (wait_for(f"{name} to run", lambda name=name: house.child(name)) for name in ("rasa", "actions"))
    refused = len(lines_with(house, "turn refused"))
    rasa.suspend()
    sender = threading.Thread(target=person.send, kwargs={"text": "thanks, caramel"})
    sender.start()
    try:
        wait_for("the message to be kept", lambda: any(m["text"] == "thanks, caramel" for m in person.history()))
        actions.suspend()
        rasa.resume()
        house.run("erase", person_id)
    finally:
        actions.resume()
        rasa.resume()
        sender.join(60)
    wait_for("the turn to find nobody", lambda: len(lines_with(house, "turn refused")) > refused)
    visitor().say("hello")  # a whole turn, by the end of which the other has ended too
    assert_gone(house, person, person_id, *strings)


def test_rasas_memory_in_its_own_file_keeps_not_even_the_id(house: House, visitor: Come) -> None:
    if not house.on_sqlite:
        pytest.skip("PostgreSQL keeps dead rows until it cleans up; what a person wrote is sealed in them")
    person_id = told_everything(visitor(), "treacle").person_id

    def holding() -> set[str]:
        return {file.name for file in files_with(house, person_id) if file.name.startswith("tracker.db")}

    assert holding() != set()
    house.run("erase", person_id)
    wait_for("the id to be gone", lambda: holding() == set(), WITHIN)


def test_refused_consent_leaves_no_words_behind(house: House, visitor: Come) -> None:
    person = visitor()
    person.tell("hello", "it began on the turnip submarine")
    assert rows_with(house, "turnip") != []
    person.tap("Not now")
    wait_for("the words to be gone", lambda: rows_with(house, "turnip") == [], WITHIN)
    assert readable(house, "turnip") == []
    assert person.record()["person"]["status"] == "declined"


def test_an_open_alert_about_danger_keeps_its_words_until_it_is_closed(
    house: House, visitor: Come, somebody_on_duty: Colleague
) -> None:
    """Nobody's own any more, it is for whoever is on duty."""
    danger, route = "i have the pills and i'm going to kill myself tonight at the saffron pier", "sam@saffron.example"
    person = visitor(country="GB")
    person.tell("hello", "it began at the saffron fair")
    person.tap("Yes, you may")
    person.tell("Crispin", "34", route, "any time", danger)
    shown = person.words()
    person.say("i'm safe for now")  # comes after Rasa has heard of the danger
    person_id, strings = person.person_id, ["saffron", route, "Crispin", person.session_id]
    (alert,) = person.alerts()
    assert_sealed(house, person_id, *strings)

    house.run("erase", person_id)
    wait_for("all but the alert to be gone", lambda: len(rows_with(house, *strings)) == 1, WITHIN)
    (kept,) = rows_with(house, *strings)
    assert kept.table == "alerts" and alert["id"] in kept.text
    assert all(json.dumps(text, ensure_ascii=False)[1:-1] in kept.text for text in (danger, shown, route))
    assert [s for s in ("fair", "Crispin", person.session_id, person_id) if s in kept.text] == []
    assert person.people() == [] and readable(house, *strings) == []

    page = f"/alerts/{alert['id']}"
    assert "saffron pier" in somebody_on_duty.page(page) and route in somebody_on_duty.page(page)
    somebody_on_duty.send(f"{page}/close", page, {"outcome": "Reached by mail at the saffron pier, safe"})
    assert_gone(house, person, person_id, *strings)
    assert [row.table for row in rows_of(house) if alert["id"] in row.text and row.table == "alerts"] == ["alerts"]


def test_deleting_takes_every_channel_that_was_joined(house: House, visitor: Come) -> None:
    first, second = told_everything(visitor(), "sorbet"), visitor()
    second.say("hello from the parfait ferry")
    made = first.web.post("/web/link", json={}, headers=first.headers)
    assert made.status_code == 200, made.text
    code = str(made.json()["code"])
    joined = second.web.post("/web/link", json={"code": code}, headers=second.headers)
    assert joined.json() == {"linked": True}, joined.text
    (person_id,) = first.people()
    assert second.people() == [person_id]
    strings = [*strings_of(first, "sorbet"), "parfait", second.session_id]
    assert_sealed(house, person_id, *strings)
    assert rows_with(house, code, code.replace("-", "")) == [] and lines_with(house, code) == []

    second.say("delete everything you have on me")
    second.tap("Yes, delete it")
    assert second.was_told("all_deleted")
    for one in (first, second):
        assert_gone(house, one, person_id, *strings)

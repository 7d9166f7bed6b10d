"""A person's own copy on both databases: who may open it, until when, and what is in it."""

from __future__ import annotations

import hashlib
import html
from datetime import timedelta
from typing import Any, Optional

import pytest
from starlette.testclient import TestClient

from integration.test_services_on_both_databases import (
    SESSION,
    accept,
    confirmed,
    hired,
    hit,
    rows_with,
    told_everything,
    turn,
)
from waymark.adapters.db import channel_tables
from waymark.bootstrap import Core
from waymark.domain.actors import COMMAND_LINE, Actor
from waymark.domain.linking import EXPORT_PATH
from waymark.domain.messages import Outcome, Reply
from waymark.domain.people import Consent, Event, PersonStatus
from waymark.front.app import FrontDoor
from waymark.services.dialogue import TurnScope
from waymark.services.export import OwnCopy


def somebody(core: Core) -> str:
    """A person who has said one thing; gives their id."""
    return accept(core, "things got out of hand", "first").person_id


def ticket(core: Core, session: str = SESSION, message_id: str = "export") -> str:
    """A ticket as the dialogue gives it out for a message."""
    issued: list[str] = []

    def work(scope: TurnScope) -> Outcome:
        issued.append(core.exports.issue_in(scope))
        return Outcome(open=True)

    accepted = accept(core, "can i have a copy of my data", message_id, session)
    core.dialogue.run("export", (accepted.message_id,), work)
    core.turns.finish(accepted.person_id, [accepted.message_id], [])
    return issued[0]


def opened(core: Core, session: str = SESSION) -> OwnCopy:
    copy = core.exports.open(ticket(core, session))
    assert copy is not None
    return copy


def shift(core: Core, monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    now = core.clock.now() + by
    monkeypatch.setattr(core.clock, "now", lambda: now)


def kept_ticket(core: Core) -> Optional[Any]:
    with core.engine.connect() as connection:
        return connection.execute(channel_tables.export_tickets.select()).one_or_none()


def actions_of(core: Core, person_id: str) -> list[tuple[str, str]]:
    return [(entry.actor, entry.action) for entry in core.audit_trail.entries(person_id)]


# --- the ticket ------------------------------------------------------------------------------------------------


def test_only_the_hash_of_a_ticket_is_kept_with_its_channel_and_a_day(core: Core) -> None:
    person_id = somebody(core)
    token = ticket(core)
    row = kept_ticket(core)
    assert row is not None
    assert row.ticket_hash == hashlib.sha256(token.encode()).hexdigest()
    assert (row.person_id, row.channel, row.opened_at) == (person_id, "web", None)
    assert row.expires_at - row.created_at == timedelta(hours=24)
    assert rows_with(core, token) == {}
    assert actions_of(core, person_id)[0] == ("person", "export.ask")


def test_asking_again_for_the_same_message_gives_no_second_ticket(core: Core) -> None:
    somebody(core)
    ticket(core)
    accepted = accept(core, "can i have a copy of my data", "export")
    core.dialogue.run("export", (accepted.message_id,), lambda scope: pytest.fail("the turn ran twice"))
    assert kept_ticket(core) is not None


def test_opening_is_audited_and_noted_and_may_be_repeated(core: Core) -> None:
    person_id = somebody(core)
    token = ticket(core)
    assert core.exports.open(token) is not None
    first = kept_ticket(core)
    assert core.exports.open(token) is not None
    assert first is not None and first.opened_at is not None
    assert kept_ticket(core) == first
    assert actions_of(core, person_id)[:3] == [("person", "export.read"), ("person", "export.read"), ("person", "export.ask")]
    assert core.audit_trail.first_break() is None


def test_checking_reads_nothing_and_leaves_no_trace(core: Core) -> None:
    person_id = somebody(core)
    token = ticket(core)
    before = actions_of(core, person_id)
    assert core.exports.check(token)
    assert not core.exports.check("unknown")
    assert actions_of(core, person_id) == before
    row = kept_ticket(core)
    assert row is not None and row.opened_at is None


def test_a_ticket_counts_for_a_day_and_then_no_more(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody(core)
    token = ticket(core)
    shift(core, monkeypatch, timedelta(hours=23, minutes=59))
    assert core.exports.check(token) and core.exports.open(token) is not None
    shift(core, monkeypatch, timedelta(minutes=2))
    assert not core.exports.check(token)
    assert core.exports.open(token) is None


def test_an_unknown_ticket_opens_nothing_and_is_not_audited(core: Core) -> None:
    person_id = somebody(core)
    before = actions_of(core, person_id)
    assert core.exports.open("unknown") is None
    assert actions_of(core, person_id) == before


def test_erasing_takes_the_tickets_with_it(core: Core) -> None:
    person_id = somebody(core)
    token = ticket(core)
    core.privacy.erase(COMMAND_LINE, person_id)
    assert kept_ticket(core) is None
    assert core.exports.open(token) is None
    assert not core.exports.check(token)


# --- the copy --------------------------------------------------------------------------------------------------


def test_the_copy_holds_the_record_with_everything_said_and_decided(core: Core) -> None:
    person_id, ada = confirmed(core), hired(core, "Ada", "counsellor")
    core.safety_desk.record(hit(core, "crisis", "words of danger"))
    core.planning.edit(ada, person_id, base_version=1, reason="Plainer", edits={"G1": {"words": "keep my job"}})
    core.planning.sign(ada, person_id, version=2)
    copy = opened(core)
    for_others = core.records.of(COMMAND_LINE, person_id, messages=True)

    own = {name: value for name, value in copy.record.items() if name in for_others}
    differing = {name for name in own if own[name] != for_others[name]}
    assert set(own) == set(for_others) and differing <= {"alerts", "tasks"}, differing
    assert len(own["answers"]) >= 12 and own["answers"][0]["text"] == "things got out of hand"
    assert [(c["kind"], c["given"]) for c in own["consents"]] == [("record", True)]
    assert [v["version"] for v in own["plan_versions"]] == [1, 2]
    assert {m["direction"] for m in own["messages"]} == {"in", "out"}
    (alert,) = own["alerts"]
    assert (alert["class"], alert["status"], alert["words"]) == ("suicidal_plan", "open", "words of danger")
    assert "999" in alert["text_shown"]
    assert [m["text"] for m in copy.transcript] == [m["text"] for m in own["messages"]]


def test_older_answers_stay_in_the_copy(core: Core) -> None:
    confirmed(core)
    with core.uow() as uow:
        person = uow.people.by_address("web", SESSION)
        assert person is not None
        (first,) = [a for a in uow.answers.of(person.id) if a.item == "ruler.importance"]
        uow.answers.add(type(first)("ans_new", person.id, first.item, {"min": 9, "max": 9}, "rather 9", first.at, "web", "m91", "1", first.id))
        uow.commit()
    given = [a for a in opened(core).record["answers"] if a["item"] == "ruler.importance"]
    assert [(a["text"], a["replaces"]) for a in given] == [("8", None), ("rather 9", first.id)]


def test_what_the_team_noted_and_the_words_of_a_task_are_in_it(core: Core) -> None:
    person_id, ada = confirmed(core), hired(core, "Ada", "counsellor")
    core.safety_desk.record(hit(core, "crisis", "words of danger"))
    (alert,) = core.alerts.open_alerts()
    core.alerts.log_contact(ada, alert.id, "rang, no answer")
    core.alerts.close(ada, alert.id, "reached in the evening, safe")
    with core.uow() as uow:
        person = uow.people.lock(person_id)
        assert person is not None
        core.planning.object_in(uow, person, "too many steps")
        uow.commit()
    record = opened(core).record
    assert [entry["what"] for entry in record["alerts"][0]["log"]] == ["rang, no answer", "closed"]
    assert record["alerts"][0]["outcome"] == "reached in the evening, safe"
    assert [task["details"] for task in record["tasks"]] == ["too many steps"]


def test_it_says_who_read_and_changed_the_record_by_name_and_role(core: Core) -> None:
    person_id, ada, oki = confirmed(core), hired(core, "Ada", "counsellor"), hired(core, "Oki", "on_call")
    core.care_team.person(ada, person_id)
    core.planning.edit(ada, person_id, base_version=1, reason="Plainer", edits={"G1": {"words": "keep my job"}})
    core.safety_desk.record(hit(core, "crisis"))
    (alert,) = core.alerts.open_alerts()
    core.alerts.acknowledge(oki, alert.id)
    core.care_team.write(ada, person_id, "Hello from Ada")
    copy = opened(core)
    lines = [(line["actor"], line["action"]) for line in copy.record["read_by"]]
    assert lines[0] == ("person", "export.read")
    assert {("Ada (counsellor)", "person.read"), ("Ada (counsellor)", "plan.edit"), ("Oki (on call)", "alert.acknowledge")} <= set(lines)
    assert all(line["at"] for line in copy.record["read_by"])
    assert [m["author"] for m in copy.transcript if m["text"] == "Hello from Ada"] == ["Ada (counsellor)"]


def test_the_whole_trail_is_in_it_however_long(core: Core) -> None:
    person_id = somebody(core)
    with core.uow() as uow:
        for _ in range(230):
            core.audit.record(uow, Actor("staff:Gone"), "person.read", person_id)
        uow.commit()
    lines = opened(core).record["read_by"]
    assert len([line for line in lines if line["actor"] == "staff:Gone"]) == 230


def test_nothing_of_another_person_is_in_it(core: Core) -> None:
    other = told_everything(core, session="ses_two")
    core.safety_desk.record(hit(core, "crisis", "words of the other", session="ses_two"))
    core.records.of(Actor("staff:Ada"), other)
    turn(core, "the other one says this", "m50", session="ses_two")
    person_id = told_everything(core)
    copy = opened(core)
    whole = str(copy)
    assert person_id in whole
    assert not [needle for needle in (other, "ses_two", "words of the other", "the other one says") if needle in whole]
    assert {line["actor"] for line in copy.record["read_by"]} <= {"person", "assistant", COMMAND_LINE.label}


def test_before_consent_the_copy_holds_what_is_there(core: Core) -> None:
    turn(core, "things got out of hand", "m1")
    core.safety_desk.record(hit(core, "m2", "words of danger"))
    copy = opened(core)
    assert copy.record["person"]["status"] == PersonStatus.PENDING.value
    assert "things got out of hand" in [m["text"] for m in copy.record["messages"]]
    assert [a["words"] for a in copy.record["alerts"]] == ["words of danger"]
    person_id = copy.record["person"]["id"]
    assert core.records.of(COMMAND_LINE, person_id, messages=True)["messages"] == []


def test_after_a_no_the_refusal_is_in_it_and_the_words_are_gone(core: Core) -> None:
    turn(core, "things got out of hand", "m1")
    turn(core, "no", "m2")
    copy = opened(core)
    assert copy.record["person"]["status"] == PersonStatus.DECLINED.value
    assert [(c["kind"], c["given"]) for c in copy.record["consents"]] == [("record", False)]
    assert "things got out of hand" not in str(copy)
    assert "can i have a copy of my data" in [m["text"] for m in copy.transcript]


def test_somebody_who_has_said_nothing_else_gets_a_copy_too(core: Core) -> None:
    copy = opened(core)
    assert copy.record["answers"] == [] and copy.record["plan"] is None
    assert [m["text"] for m in copy.transcript] == ["can i have a copy of my data"]


def test_events_and_refused_consents_are_in_it(core: Core) -> None:
    person_id = somebody(core)
    now = core.clock.now()
    with core.uow() as uow:
        uow.history.add_event(Event("evt_1", person_id, "craving", now, "web", {"after": "eased"}))
        uow.consents.add(Consent("con_1", person_id, "tpo", "1", False, now, "web", "m1", "hash"))
        uow.commit()
    record = opened(core).record
    assert ("craving", {"after": "eased"}) in [(e["kind"], e["details"]) for e in record["events"]]
    assert ("tpo", False) in [(c["kind"], c["given"]) for c in record["consents"]]


# --- the chat --------------------------------------------------------------------------------------------------


def test_the_chat_answers_with_a_link_that_opens_the_copy(core: Core) -> None:
    somebody(core)
    accepted = accept(core, "can i have a copy of my data", "export")
    outcome = core.dialogue.run("export", (accepted.message_id,), core.needs.export)
    said = outcome.says[-1]
    assert (said.response, outcome.open) == ("utter_your_copy", True)
    start = f"{core.settings.front_url}{EXPORT_PATH}"
    assert said.params["link"].startswith(start)
    assert core.exports.check(said.params["link"].removeprefix(start))


def test_whoever_else_reads_the_messages_cannot_open_the_copy(core: Core) -> None:
    person_id = told_everything(core)
    token = ticket(core)
    accepted = accept(core, "thanks", "m60")
    link = f"{core.settings.front_url}{EXPORT_PATH}{token}"
    core.turns.finish(accepted.person_id, [accepted.message_id], [Reply(f"Here's the link:\n{link}\nIt works for a day.")])
    read = core.records.of(COMMAND_LINE, person_id, messages=True)
    texts = [m["text"] for m in read["messages"] if EXPORT_PATH in m["text"]]
    assert texts == [f"Here's the link:\n{core.settings.front_url}{EXPORT_PATH}…\nIt works for a day."]
    assert token not in str(core.exports.open(token))
    assert link in "".join(m.text for m in core.turns.history("web", SESSION, None))


# --- through the front door ------------------------------------------------------------------------------------


def test_a_visit_leaves_no_trace_and_the_button_does(core: Core) -> None:
    person_id = somebody(core)
    link = f"{EXPORT_PATH}{ticket(core)}"
    browser = TestClient(FrontDoor(core).app(), base_url=core.settings.front_url)
    before = actions_of(core, person_id)
    visited = browser.get(link)
    assert visited.status_code == 200 and "things got out of hand" not in visited.text
    assert actions_of(core, person_id) == before

    shown = browser.post(link, headers={"Origin": "null"})
    assert shown.status_code == 200 and "things got out of hand" in shown.text
    assert shown.headers["Content-Security-Policy"].startswith("default-src 'none'")
    saved = browser.post(f"{link}/file")
    assert saved.json()["record"]["person"]["id"] == person_id
    assert actions_of(core, person_id) == [("person", "export.read"), ("person", "export.read"), *before]
    assert browser.get("/web/export.css").status_code == 200


def test_the_page_of_a_full_record_shows_every_answer_and_message(core: Core) -> None:
    person_id, ada = confirmed(core), hired(core, "Ada", "counsellor")
    core.planning.edit(ada, person_id, base_version=1, reason="Plainer <b>", edits={"G1": {"words": "<script>1</script>"}})
    browser = TestClient(FrontDoor(core).app(), base_url=core.settings.front_url)
    page = browser.post(f"{EXPORT_PATH}{ticket(core)}").text
    record = core.records.of(COMMAND_LINE, person_id, messages=True)
    told = [a["text"] for a in record["answers"]] + [m["text"] for m in record["messages"]]
    assert len(told) > 30 and not [text for text in told if html.escape(text).replace("&#x27;", "&#39;") not in page]
    assert "<script" not in page and "Plainer &lt;b&gt;" in page and "Ada (counsellor)" in page

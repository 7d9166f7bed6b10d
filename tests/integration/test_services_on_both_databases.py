"""The main use cases on SQLite and on PostgreSQL: the same calls, the same outcome."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from waymark.adapters.db import tables
from waymark.bootstrap import Core
from waymark.domain.actors import COMMAND_LINE, WORKER, Actor
from waymark.domain.errors import (
    InvalidChange,
    MessageConflict,
    NotAllowed,
    NotFound,
    QuestionClosed,
    VersionConflict,
)
from waymark.domain.messages import Outcome, Reply
from waymark.domain.plan import newest
from waymark.domain.safety import AlertClass, Finding, Level, ScreenAction, Screening
from waymark.domain.staff import StaffMember
from waymark.services.privacy import TURNS_END_WITHIN
from waymark.services.safety import SafetyHit
from waymark.services.turns import Accepted, Arrival, Incoming, Standing

SESSION = "ses_one"
AUDIT = tables.audit.name
PLAN = Finding(AlertClass.SUICIDAL_PLAN, Level.S1, ScreenAction.REPLY)
TOLD = (
    "things got out of hand",
    "yes",
    "sam",
    "34",
    "uk",
    "sam@example.org",
    "evenings",
    "lager",
    "12 cans a day, every day",
    "last night",
    "8",
    "my kids",
    "4",
    "be sober enough to keep my job",
)


def accept(core: Core, words: str, message_id: str, session: str = SESSION) -> Accepted:
    return core.turns.accept(Incoming("web", session, message_id, words), Screening())


def turn(core: Core, words: str, message_id: str, session: str = SESSION) -> Outcome:
    """One turn as the dialogue runs it: take what was said, ask what comes next, store the replies."""
    accepted = accept(core, words, message_id, session)
    taken = core.dialogue.run("take", (accepted.message_id,), core.intake.take)
    asked = core.dialogue.run("ask", (accepted.message_id,), core.intake.ask) if taken.open else taken
    core.turns.finish(accepted.person_id, [accepted.message_id], [Reply("said")])
    return asked


def told_everything(core: Core, session: str = SESSION) -> str:
    """A person whose draft plan is read back to them; gives their id."""
    for number, words in enumerate(TOLD):
        turn(core, words, f"m{number}", session)
    (person_id,) = core.records.find(COMMAND_LINE, channel="web", address=session)
    return person_id


def confirmed(core: Core) -> str:
    person_id = told_everything(core)
    turn(core, "yes", "confirm")
    return person_id


def hit(core: Core, message_id: str, words: str = "i have the pills here", session: str = SESSION) -> SafetyHit:
    incoming = Incoming("web", session, message_id, words)
    reply = core.safety_desk.reply(PLAN, Standing(), on_duty=False, country="GB")
    return SafetyHit.of(incoming, PLAN, reply, core.clock.now())


def hired(core: Core, name: str, role: str) -> StaffMember:
    core.staff_access.add(COMMAND_LINE, name, role)
    with core.uow() as uow:
        member = uow.staff.by_name(name)
        uow.commit()
    assert member is not None
    return member


# --- the inbox -------------------------------------------------------------------------------------------------


def test_a_repeated_message_is_kept_once_and_gives_its_stored_replies(core: Core) -> None:
    first = accept(core, "hello", "m1")
    assert accept(core, "hello", "m1").arrival is Arrival.WAITING
    stored = core.turns.finish(first.person_id, [first.message_id], [Reply("hi"), Reply("what brought you here?")])
    again = accept(core, "hello", "m1")
    assert again.arrival is Arrival.ANSWERED
    assert [(r.id, r.text) for r in again.replies] == [(r.id, r.text) for r in stored]
    assert [r.id for r in core.turns.finish(first.person_id, [first.message_id], [Reply("other")])] == [r.id for r in stored]


def test_other_words_under_the_same_id_are_refused(core: Core) -> None:
    accept(core, "hello", "m1")
    with pytest.raises(MessageConflict):
        accept(core, "goodbye", "m1")


def test_the_same_id_in_another_session_is_another_message(core: Core) -> None:
    assert accept(core, "hello", "m1").person_id != accept(core, "hello", "m1", session="ses_two").person_id


def test_a_button_that_was_not_offered_is_refused(core: Core) -> None:
    with pytest.raises(QuestionClosed):
        core.turns.accept(Incoming("web", SESSION, "m1", "", button_id="btn_made_up"), Screening())


def test_two_first_messages_at_once_belong_to_one_person(core: Core) -> None:
    start = threading.Barrier(4)

    def send(number: int) -> str:
        start.wait(30)
        return accept(core, f"word {number}", f"m{number}").person_id

    with ThreadPoolExecutor(4) as pool:
        people = list(pool.map(send, range(4)))
    assert len(set(people)) == 1
    assert len(core.turns.waiting()) == 4


def test_the_same_message_from_four_threads_is_kept_once(core: Core) -> None:
    accept(core, "hello", "m0")
    start = threading.Barrier(4)

    def send(_: int) -> Arrival:
        start.wait(30)
        return accept(core, "34", "m1").arrival

    with ThreadPoolExecutor(4) as pool:
        arrivals = list(pool.map(send, range(4)))
    assert sorted(a.value for a in arrivals) == ["new", "waiting", "waiting", "waiting"]


def test_a_turn_that_is_run_again_does_nothing_twice(core: Core) -> None:
    accepted = accept(core, "hello", "m1")
    runs = []

    def work(scope: Any) -> Outcome:
        runs.append(scope.person.id)
        return core.intake.take(scope)

    first = core.dialogue.run("take", (accepted.message_id,), work)
    assert core.dialogue.run("take", (accepted.message_id,), work) == first
    assert len(runs) == 1


# --- audit -----------------------------------------------------------------------------------------------------


def test_the_audit_chain_is_whole_after_work(core: Core) -> None:
    person_id = confirmed(core)
    core.records.of(COMMAND_LINE, person_id)
    assert len(core.audit_trail.entries()) >= 4
    assert core.audit_trail.first_break() is None


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE {audit} SET action = 'nothing' WHERE seq = (SELECT MIN(seq) + 1 FROM {audit})",
        "UPDATE {audit} SET actor = 'staff:nobody' WHERE seq = (SELECT MAX(seq) FROM {audit})",
        "DELETE FROM {audit} WHERE seq = (SELECT MIN(seq) + 1 FROM {audit})",
        "DELETE FROM {audit} WHERE seq = (SELECT MAX(seq) FROM {audit})",
    ],
)
def test_a_changed_or_removed_audit_entry_is_found(core: Core, tampering: str) -> None:
    confirmed(core)
    assert core.audit_trail.first_break() is None
    with core.engine.begin() as connection:
        connection.execute(text(tampering.format(audit=AUDIT)))
    assert core.audit_trail.first_break() is not None


def test_writers_at_once_do_not_fork_the_chain(core: Core) -> None:
    start = threading.Barrier(4)

    def write(number: int) -> None:
        start.wait(30)
        for _ in range(5):
            with core.uow() as uow:
                core.audit.record(uow, Actor(f"system:{number}"), "test.write", None)
                uow.commit()

    with core.uow() as uow:
        core.audit.record(uow, COMMAND_LINE, "test.first", None)
        uow.commit()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert len(core.audit_trail.entries()) == 21
    assert core.audit_trail.first_break() is None


# --- alerts ----------------------------------------------------------------------------------------------------


def test_an_episode_has_one_alert_and_a_message_counts_once(core: Core) -> None:
    for message_id in ("m1", "m1", "m2"):
        core.safety_desk.record(hit(core, message_id, f"words of {message_id}"))
    (alert,) = core.alerts.open_alerts()
    assert (alert.alert_class, alert.level, alert.route) == ("suicidal_plan", "S1", None)
    assert alert.words.splitlines() == ["words of m1", "words of m2"]


def test_after_it_was_closed_a_new_message_opens_a_new_alert(core: Core) -> None:
    core.safety_desk.record(hit(core, "m1"))
    ada = hired(core, "Ada", "counsellor")
    (alert,) = core.alerts.open_alerts()
    core.alerts.acknowledge(ada, alert.id)
    core.alerts.close(ada, alert.id, "Reached by phone, safe")
    core.safety_desk.record(hit(core, "m2"))
    assert [a.status for a in core.alerts.open_alerts()] == ["open"]
    assert core.alerts.open_alerts()[0].id != alert.id


def test_an_alert_that_nobody_takes_is_escalated_once(core: Core) -> None:
    old = hit(core, "m1").as_dict()
    old["at"] = (core.clock.now() - timedelta(hours=3)).isoformat()
    core.safety_desk.record(SafetyHit.from_dict(old))
    assert len(core.alerts.escalate_overdue(WORKER)) == 1
    assert core.alerts.escalate_overdue(WORKER) == []


# --- the plan --------------------------------------------------------------------------------------------------


def test_a_plan_goes_from_draft_to_active(core: Core) -> None:
    person_id, ada = confirmed(core), hired(core, "Ada", "counsellor")
    edited = core.planning.edit(
        ada, person_id, base_version=1, reason="Plainer", edits={"G1": {"words": "keep my job"}}
    )
    assert (edited.version, edited.author, len(edited.changes)) == (2, "staff:Ada", 1)
    core.planning.sign(ada, person_id, version=2)
    with core.uow() as uow:
        person = uow.people.lock(person_id)
        assert person is not None
        core.planning.agree_in(uow, person, 2)
        uow.commit()
    plan = core.records.of(COMMAND_LINE, person_id)["plan"]
    assert (plan["version"], plan["status"]) == (2, "active")
    assert {a["role"] for a in plan["approvals"]} == {"person", "clinician"}


def test_a_stale_edit_a_stale_signature_and_an_empty_change_are_refused(core: Core) -> None:
    person_id, ada = confirmed(core), hired(core, "Ada", "counsellor")
    core.planning.edit(ada, person_id, base_version=1, reason="Plainer", edits={"G1": {"words": "keep my job"}})
    with pytest.raises(VersionConflict):
        core.planning.edit(ada, person_id, base_version=1, reason="Late", edits={"G1": {"words": "other"}})
    with pytest.raises(VersionConflict):
        core.planning.sign(ada, person_id, version=1)
    with pytest.raises(InvalidChange):
        core.planning.edit(ada, person_id, base_version=2, reason="None", edits={})
    with pytest.raises(NotAllowed):
        core.planning.sign(hired(core, "Una", "auditor"), person_id, version=2)


# --- erasing ---------------------------------------------------------------------------------------------------


def test_erasing_takes_every_row_of_the_person_and_no_one_elses(core: Core) -> None:
    other = told_everything(core, session="ses_two")
    person_id = told_everything(core)
    core.safety_desk.record(hit(core, "crisis", "words of danger"))
    kept = rows_with(core, other)

    core.privacy.erase(COMMAND_LINE, person_id)

    with pytest.raises(NotFound):
        core.records.of(COMMAND_LINE, person_id)
    left = set(rows_with(core, person_id))
    assert left <= {AUDIT, "erasures"}, left
    assert rows_with(core, SESSION) == {}
    (alert,) = core.alerts.open_alerts()
    assert alert.person_id != person_id and alert.words == "words of danger"  # a clinician still has to act on them
    ended = core.alerts.close(StaffMember("stf_1", "Ada", "counsellor", core.clock.now()), alert.id, "reached by phone")
    assert (ended.words, ended.text_shown, ended.route, ended.outcome, ended.log) == ("", "", None, None, [])
    with core.uow() as uow:
        assert newest(uow.plans.versions(other)) is not None
        assert uow.privacy.to_forget(core.clock.now()) == [person_id]
    assert {t: n for t, n in rows_with(core, other).items() if t != AUDIT} == {
        t: n for t, n in kept.items() if t != AUDIT
    }
    assert core.audit_trail.first_break() is None


def test_rasas_memory_is_emptied_at_once_and_again_when_no_turn_can_write_it_back(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    emptied: list[str] = []
    monkeypatch.setattr(core.privacy, "_dialogue_store", SimpleNamespace(forget=emptied.append))
    person_id = told_everything(core)
    core.privacy.erase(COMMAND_LINE, person_id)
    assert emptied == [person_id]
    assert core.privacy.finish_erasures(settled_for=TURNS_END_WITHIN) == 0
    now = core.clock.now()
    monkeypatch.setattr(core.clock, "now", lambda: now + TURNS_END_WITHIN)
    assert core.privacy.finish_erasures(settled_for=TURNS_END_WITHIN) == 1
    assert emptied == [person_id, person_id]
    assert core.privacy.finish_erasures() == 0


def test_erasing_twice_finds_nobody(core: Core) -> None:
    person_id = told_everything(core)
    core.privacy.erase(COMMAND_LINE, person_id)
    with pytest.raises(NotFound):
        core.privacy.erase(COMMAND_LINE, person_id)


def test_words_without_consent_are_removed_after_their_time(core: Core) -> None:
    accept(core, "hello", "m1")
    assert core.privacy.purge_unkept(WORKER, timedelta(hours=24)) == 0
    assert core.privacy.purge_unkept(WORKER, timedelta(seconds=-1)) == 1
    assert core.turns.history("web", SESSION, None) == []


def rows_with(core: Core, needle: str) -> dict[str, int]:
    """How many rows of each table hold a text, in sealed columns too."""
    found: dict[str, int] = {}
    with core.engine.connect() as connection:
        for table in tables.metadata.sorted_tables:
            rows = connection.execute(table.select()).all()
            number = sum(1 for row in rows if any(needle in str(value) for value in row))
            if number:
                found[table.name] = number
    return found

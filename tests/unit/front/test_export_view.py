"""A copy in plain words: labels, meanings, times in the person's zone, changes, and nothing left out."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Optional
from zoneinfo import ZoneInfo

from waymark.adapters.content_yaml.export_words import load_export_words
from waymark.adapters.content_yaml.intake import load_draft_content, load_questionnaire
from waymark.front.export_view import CopyView, Section
from waymark.services.export import OwnCopy

CONTENT = Path(__file__).resolve().parents[3] / "content"
AT = "2030-03-12T22:05:00+00:00"
VIEW = CopyView(
    load_export_words(CONTENT / "privacy" / "export.yml"),
    load_questionnaire(CONTENT / "intake"),
    load_draft_content(CONTENT / "plan" / "first_plan.yml").substance_names,
    ZoneInfo("Europe/London"),
)


def record(**parts: Any) -> dict[str, Any]:
    person = {
        "id": "per_1", "alias": None, "age": None, "country": None, "time_zone": None, "status": "active",
        "channels": [], "contact": dict.fromkeys(("route", "safe_times", "place", "emergency_contact")),
    }  # fmt: skip
    person.update(parts.pop("person", {}))
    lists = ("consents", "answers", "plan_versions", "events", "alerts", "tasks", "messages", "read_by")
    return {"person": person, "plan": None, "plan_proposed": None, **{name: [] for name in lists}, **parts}


def copy_of(transcript: Optional[list[dict[str, Any]]] = None, **parts: Any) -> OwnCopy:
    return OwnCopy(datetime(2030, 7, 1, 23, 30, tzinfo=timezone.utc), record(**parts), transcript or [])


def section(copy: OwnCopy, name: str) -> Section:
    return next(s for s in VIEW.page(copy).sections if s.id == name)


def rows(copy: OwnCopy, name: str) -> list[tuple[str, ...]]:
    return [row for part in section(copy, name).parts for table in part.tables for row in table.rows]


def answer(item: str, value: Any, text: str, id: str = "ans_1", replaces: Optional[str] = None) -> dict[str, Any]:
    return {
        "id": id, "item": item, "value": value, "text": text, "at": AT, "channel": "web", "message_id": "msg_1",
        "replaces": replaces,
    }  # fmt: skip


def plan(**parts: Any) -> dict[str, Any]:
    sections = (
        "problems", "strengths", "goals", "interventions", "reasons", "triggers", "coping", "supporters",
        "medication_flags", "life_skills", "aftercare", "incomplete", "approvals",
    )  # fmt: skip
    return {"version": 1, "status": "active", "review_date": None, **{name: [] for name in sections}, **parts}


def test_every_section_is_there_even_when_nothing_is_kept():
    page = VIEW.page(copy_of())
    assert [s.id for s in page.sections] == [
        "about", "reach", "consents", "answers", "plan", "versions", "events", "alerts", "tasks", "messages", "readers",
    ]  # fmt: skip
    assert [s.id for s in page.sections if s.parts] == ["about"]
    assert all(s.empty for s in page.sections)


def test_times_are_those_of_the_site_until_the_persons_zone_is_known():
    assert "2 July 2030, 00:30" in VIEW.page(copy_of()).made and "Europe/London" in VIEW.page(copy_of()).made
    elsewhere = copy_of(person={"time_zone": "America/New_York"})
    assert "1 July 2030, 19:30" in VIEW.page(elsewhere).made and "America/New_York" in VIEW.page(elsewhere).made
    assert "Europe/London" in VIEW.page(copy_of(person={"time_zone": "No/Where"})).made


def test_an_answer_has_its_question_meaning_words_time_and_channel():
    told = copy_of(answers=[answer("substance.main", [{"name": "nicotine_vape", "words": "elf bar", "negated": False}], "elf bar")])
    assert rows(told, "answers") == [("What you use", "vaping", "elf bar", "12 March 2030, 22:05", "web chat")]


def test_meanings_are_in_words():
    told = copy_of(
        answers=[
            answer("consent.record", "yes", "ok"),
            answer("person.age", {"declined": True}, "skip"),
            answer("person.country", "GB", "uk"),
            answer("contact.route", {"kind": "phone", "value": "+441632960000"}, "01632 960000"),
            answer("goal.words", "sleep", "sleep"),
            answer("substance.amount", {"substance": None, "amount": None, "days_per_week": None, "last_use": None}, "lots"),
            answer("gone.item", {"some": {"min": 1}}, "words"),
        ]
    )
    assert [row[1] for row in rows(told, "answers")] == [
        "Yes, you may", "You chose not to say.", "GB", "+441632960000", "", "", "some: min: 1",
    ]  # fmt: skip


def test_an_answer_that_was_changed_later_stays_and_is_marked():
    told = copy_of(answers=[answer("person.age", 34, "34"), answer("person.age", 35, "35", "ans_2", "ans_1")])
    assert [row[0] for row in rows(told, "answers")] == ["Your age (changed later)", "Your age"]


def test_ways_to_reach_the_person_and_consents_that_were_refused():
    person = {"channels": [{"channel": "telegram", "address": "4711", "quiet_since": AT, "blocked_at": None}], "contact": {
        "route": "+441632960000", "safe_times": "evenings", "place": None, "emergency_contact": None}}  # fmt: skip
    consents = [{"kind": "record", "version": "1", "given": False, "at": AT, "channel": "telegram"}]
    told = copy_of(person=person, consents=consents)
    assert [row[1] for row in rows(told, "reach")] == ["Telegram: 4711; you asked for no reminders on 12 March 2030, 22:05", "+441632960000", "evenings"]
    assert rows(told, "consents") == [("12 March 2030, 22:05", "keeping what you tell me", "no", "1", "Telegram")]


def test_the_plan_in_force_and_the_proposed_one_stand_side_by_side():
    step = {
        "id": "I1", "rule": "r", "text": "Talk it over.", "why": "Because of this.", "evidence": [{"answer": "ans_9"}],
        "owner": "person", "frequency": "weekly", "start": "2030-03-13", "review": "soon", "status": "proposed",
    }  # fmt: skip
    goal = {"id": "G1", "words": "sleep", "domain": "work_finance", "status": "active", "smart": {"specific": None}, "objectives": []}
    supporter = {"name": "Jo", "relation": "sister", "phone": None}
    force = plan(goals=[goal], supporters=[supporter], triggers=["noise"], coping=[{"text": "tea", "helped": True}],
                 review_date="2030-04-11", approvals=[{"by": "staff:Ada", "role": "clinician", "version": 1, "at": AT}])  # fmt: skip
    told = copy_of(plan=force, plan_proposed=plan(version=2, status="signed", interventions=[step], incomplete=["one", "two"]))
    parts = section(told, "plan").parts
    assert [p.title for p in parts] == [
        "Version 1: agreed by you and the team", "Version 2: signed by the team, and waiting for your yes",
    ]  # fmt: skip
    assert [p.lines for p in parts] == [("When it is looked at again: 11 April 2030",), ("Still missing: one; two",)]
    assert [(t.caption, t.rows) for t in parts[0].tables] == [
        ("Goals", (("sleep", "area of life: work and money; where it stands: under way"),)),
        ("What sets it off", (("noise", ""),)),
        ("What helps", (("tea", "helped: yes"),)),
        ("Who stands by you", (("Jo", "relation: sister"),)),
        ("Who agreed", (("Ada (team)", "12 March 2030, 22:05"),)),
    ]
    (steps,) = parts[1].tables
    assert steps.rows == (("Talk it over.", "why: Because of this.; who does it: you; how often: weekly; start: 13 March 2030; "
                           "looked at again: soon; where it stands: suggested"),)  # fmt: skip


def test_versions_say_who_changed_what_and_why():
    changes = [
        {"kind": "changed", "section": "goals", "line": "G1", "field": "status", "old": "proposed", "new": "active"},
        {"kind": "added", "section": "reasons", "line": "W1", "field": None, "old": None, "new": "my kids"},
        {"kind": "removed", "section": "reasons", "line": "W1", "field": None, "old": "my job", "new": None},
    ]
    version = {"version": 2, "status": "revoked", "author": "staff:Ada", "at": AT, "reason": "Plainer", "changes": changes}
    assert rows(copy_of(plan_versions=[version]), "versions") == [
        ("2", "withdrawn", "12 March 2030, 22:05", "Ada (team)", "Plainer",
         "where it stands: was “suggested”, is now “under way”\nnew: my kids\ntaken out: my job"),
    ]  # fmt: skip


def test_alerts_tasks_events_messages_and_readers_are_in_words():
    alert = {
        "opened_at": AT, "class": "withdrawal_danger", "level": "S2", "status": "closed", "words": "shaking",
        "text_shown": "Please call.\n[withdrawal.s2@1]", "outcome": "reached, safe",
        "log": [{"at": AT, "by": "staff:Ada", "what": "rang"}],
    }  # fmt: skip
    task = {"kind": "plan_disagreement", "status": "open", "due_at": None, "details": "too many steps", "outcome": None}
    told = copy_of(
        [{"at": AT, "channel": "web", "author": "Ada (lead)", "text": "Hello"}, {"at": AT, "channel": "web", "author": "person", "text": ""}],
        alerts=[alert],
        tasks=[task],
        events=[{"kind": "craving", "at": AT, "channel": "web", "details": {"alert": "alt_1", "after": "eased"}}],
        read_by=[{"at": AT, "actor": "system:worker", "action": "alert.escalate"}],
    )
    at = "12 March 2030, 22:05"
    assert rows(told, "alerts") == [
        (at, "Danger when stopping", "serious, within the hour", "closed", "shaking", "Please call.", f"{at}, Ada (team): rang\nreached, safe")
    ]
    assert rows(told, "tasks") == [("You did not agree with something in your plan", "open", "", "too many steps", "")]
    assert rows(told, "events") == [(at, "a craving", "web chat", "how it was afterwards: eased")]
    assert [row[1:] for row in rows(told, "messages")] == [("Ada (lead)", "web chat", "Hello"), ("you", "web chat", "(no words are kept)")]
    assert rows(told, "readers") == [(at, "this service, by itself", "passed an alert on")]


def test_the_file_carries_the_notice_and_a_name_that_says_nothing():
    copy = copy_of()
    assert VIEW.file_name(copy) == "my-copy-2030-07-02.json"
    file = VIEW.file(copy)
    assert file["notice"].startswith("This is your own record.") and file["site_notice"] is None
    assert file["record"] is copy.record

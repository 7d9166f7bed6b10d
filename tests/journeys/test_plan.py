"""From the first draft to a plan in force: read back, corrected, reviewed, signed, agreed."""

from __future__ import annotations

from typing import Any, Callable

from journeys.person import Visitor, texts
from journeys.staff import Colleague

Come = Callable[..., Visitor]
LINES = ("problems", "strengths", "goals", "interventions", "reasons")
OPENING = "6 cans of stella every night, last one yesterday"
GOAL = "be sober enough to keep my job and see my kids"
REASON = "because my kids deserve better"


def at_draft(visitor: Visitor) -> Visitor:
    """Everything is told in free words; the draft is being read back."""
    visitor.tell("hello", OPENING)
    visitor.tap("Yes, you may")
    visitor.tell("sam", "34", "uk", "07700 900123", "weekdays after six", "8", REASON, "4", GOAL)
    assert visitor.asked == "plan.confirm", visitor.words()
    return visitor


def confirmed(visitor: Visitor) -> Visitor:
    at_draft(visitor).tap("Yes, that's right")
    return visitor


def signed(visitor: Visitor, counsellor: Colleague) -> str:
    """A counsellor has corrected the draft and signed it; gives the person's id."""
    person_id = confirmed(visitor).person_id
    counsellor.edit_plan(person_id, "The job comes first", {"line.G1.words": "keep my job, and see my kids at weekends"})
    counsellor.sign_plan(person_id, 2)
    return person_id


def test_the_draft_rests_on_the_persons_own_sentences_line_by_line(visitor: Come) -> None:
    person = at_draft(visitor())
    record = person.record()
    plan = record["plan"]
    assert (plan["version"], plan["status"]) == (1, "draft")
    said = {a["id"]: a["text"] for a in record["answers"]}
    lines = [line for section in LINES for line in plan[section]]
    assert len(lines) >= 4
    for line in lines:
        assert line["evidence"], line
        for proof in line["evidence"]:
            assert proof["words"] == said[proof["answer"]] and proof["message_id"], line
    assert plan["goals"][0]["words"] == GOAL
    assert plan["incomplete"], "a first talk cannot make a whole plan"
    assert plan["review_date"]


def test_the_draft_is_read_back_with_the_persons_words_and_can_be_corrected_by_line(visitor: Come) -> None:
    person = at_draft(visitor())
    read_back = texts([r for r in person.last if r["kind"] == "summary"])
    for words in (OPENING, REASON, GOAL):
        assert words in read_back
    number = next(line.split(".")[0] for line in read_back.splitlines() if "How much:" in line)

    person.say(f"line {number} should be 8 cans")

    assert person.was_told("line_changed") and person.asked == "plan.confirm"
    read_back = texts([r for r in person.last if r["kind"] == "summary"])
    assert "How much: 8 cans a day, 7 days a week (“8 cans”)" in read_back
    first, second = person.answers("substance.amount")
    assert second["replaces"] == first["id"] and first["value"]["amount"]["max"] == 6
    assert person.record()["substances"][0]["amount"] == {"min": 8.0, "max": 8.0, "unit": "can", "period": "day"}
    assert person.record()["plan"]["version"] == 1


def test_a_line_is_changed_step_by_step_with_buttons(visitor: Come) -> None:
    person = at_draft(visitor())
    number = next(line.split(".")[0] for line in person.words().splitlines() if "Your goal:" in line)
    person.tap("Change a line")
    assert person.asked == "plan.line"
    person.say("99")
    assert person.was_told("no_such_line") and person.asked == "plan.line"
    person.say(number)
    assert person.asked == "plan.line_words"
    person.say("sleep through the night")
    assert person.asked == "plan.confirm"
    assert person.record()["plan"]["goals"][0]["words"] == "sleep through the night"


def test_a_confirmed_draft_waits_for_the_team_and_is_not_signed_by_anyone(visitor: Come) -> None:
    person = at_draft(visitor())
    person.say("yes that's right")
    assert person.was_told("plan_sent")
    plan = person.record()["plan"]
    assert (plan["status"], plan["approvals"]) == ("awaiting_review", [])


def test_a_counsellor_edits_and_signs_and_the_person_sees_who_changed_what(visitor: Come, counsellor: Colleague) -> None:
    person = confirmed(visitor())
    person_id = person.person_id
    assert "/people/" + person_id in counsellor.page("/")

    with person.events() as events:
        counsellor.edit_plan(
            person_id, "The job comes first", {"line.G1.words": "keep my job, and see my kids at weekends"}
        )
        edited = person.record()
        versions = {v["version"]: v for v in edited["plan_versions"]}
        assert versions[1]["status"] == "revoked"
        assert (versions[2]["author"], versions[2]["reason"]) == (f"staff:{counsellor.name}", "The job comes first")
        (change,) = versions[2]["changes"]
        assert (change["old"], change["new"]) == (GOAL, "keep my job, and see my kids at weekends")
        assert (edited["plan"]["version"], edited["plan"]["status"], edited["plan"]["approvals"]) == (2, "awaiting_review", [])

        counsellor.sign_plan(person_id, 2)
        events.wait_for("my plan")

    plan = person.record()["plan"]
    assert plan["status"] == "signed"
    assert [(a["by"], a["role"], a["version"]) for a in plan["approvals"]] == [(f"staff:{counsellor.name}", "clinician", 2)]
    person.say("what's on my plan")
    shown = person.words()
    assert counsellor.name in shown and GOAL in shown and "keep my job, and see my kids at weekends" in shown
    assert "The job comes first" in shown and person.asked == "plan.agree"


def test_a_plan_is_active_once_both_have_approved_it_by_words(visitor: Come, counsellor: Colleague) -> None:
    person = visitor()
    signed(person, counsellor)
    person.tell("what's on my plan", "I agree")
    assert person.was_told("plan_active")
    assert_active(person.record(), counsellor)


def test_a_plan_is_active_once_both_have_approved_it_by_buttons(visitor: Come, counsellor: Colleague) -> None:
    person = visitor()
    signed(person, counsellor)
    person.say("my plan")
    person.tap("I agree")
    assert person.was_told("plan_active")
    assert_active(person.record(), counsellor)


def test_an_edit_after_the_agreement_is_a_proposal_beside_the_plan_in_force(visitor: Come, counsellor: Colleague) -> None:
    person = visitor()
    person_id = signed(person, counsellor)
    person.tell("my plan", "I agree")
    counsellor.edit_plan(person_id, "One more thing", {"line.G1.words": "keep my job"})
    record = person.record()
    assert (record["plan"]["version"], record["plan"]["status"]) == (2, "active")
    assert (record["plan_proposed"]["version"], record["plan_proposed"]["approvals"]) == (3, [])


def test_an_objection_is_kept_in_the_persons_words_as_a_task(visitor: Come, counsellor: Colleague) -> None:
    person = visitor()
    signed(person, counsellor)
    person.say("my plan")
    person.tap("I don't agree")
    assert person.asked == "plan.objection"
    person.say("the weekends are not enough for me")
    assert person.was_told("objection_kept")
    record = person.record()
    assert record["plan"]["status"] == "signed"
    assert [t["kind"] for t in record["tasks"]] == ["plan_disagreement"]
    assert "the weekends are not enough for me" in counsellor.page(f"/people/{person.person_id}")


def test_a_stale_edit_is_refused_and_nothing_is_lost(visitor: Come, counsellor: Colleague) -> None:
    person = confirmed(visitor())
    path = f"/people/{person.person_id}/plan/edit"
    old_page = counsellor.page(path)
    counsellor.edit_plan(person.person_id, "First", {"line.G1.words": "keep my job"})
    answer = counsellor.send_page(path, old_page, {"line.G1.words": "see my kids", "reason": "Second"})
    assert answer.status_code == 409 and "see my kids" in answer.text
    assert person.record()["plan"]["goals"][0]["words"] == "keep my job"


def assert_active(record: dict[str, Any], counsellor: Colleague) -> None:
    plan = record["plan"]
    assert (plan["version"], plan["status"]) == (2, "active")
    assert {(a["by"], a["role"]) for a in plan["approvals"]} == {
        (f"staff:{counsellor.name}", "clinician"),
        ("person", "person"),
    }
    assert {a["version"] for a in plan["approvals"]} == {2}

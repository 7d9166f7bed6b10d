"""Plan bodies are edited by copy, compared field by field, and in force only with both approvals."""

from __future__ import annotations

import copy
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.domain.errors import InvalidChange
from waymark.domain.plan import (
    CLINICIAN,
    EDITABLE_FIELDS,
    GOAL_DOMAINS,
    ITEM_STATUSES,
    PERSON,
    Approval,
    PlanVersion,
    add_intervention,
    apply_edit,
    approved_by,
    diff,
    empty_body,
    in_force,
    line_text,
    lines,
    newest,
)

AT = datetime(2030, 1, 31, 12, 0, tzinfo=timezone.utc)
STEP = {"text": "Call the group", "owner": "person", "frequency": "weekly", "start": "2030-02-01", "review": "2030-03-01"}


def a_body():
    body = empty_body()
    body["problems"] = [{"id": "P1", "text": "Alcohol", "status": "proposed"}]
    body["goals"] = [{"id": "G1", "words": "sleep better", "domain": "sobriety", "status": "proposed"}]
    body["interventions"] = [{"id": "I1", **STEP, "status": "proposed"}, {"id": "I2", **STEP, "status": "proposed"}]
    body["reasons"] = [{"id": "R1", "words": "my daughter"}]
    body["review_date"] = "2030-03-02"
    return body


def a_version(number):
    return PlanVersion(f"pln{number}", "per1", number, "awaiting_review", "assistant", AT, "", empty_body())


def an_approval(version, role):
    return Approval(f"app{version}{role}", f"pln{version}", "per1", version, role, role, AT)


def test_an_edit_changes_the_named_field_and_nothing_else():
    old = a_body()
    fresh = apply_edit(old, {"I1": {"owner": "counsellor"}}, [])
    assert fresh["interventions"][0]["owner"] == "counsellor"
    assert diff(old, fresh) == [
        {"kind": "changed", "section": "interventions", "line": "I1", "field": "owner", "old": "person", "new": "counsellor"}
    ]


def test_an_edit_leaves_the_old_body_as_it_was():
    old = a_body()
    before = copy.deepcopy(old)
    apply_edit(old, {"P1": {"text": "Wine"}}, ["I2"])
    add_intervention(old, **STEP)
    assert old == before


def test_a_removed_line_is_gone_and_the_others_stay():
    old = a_body()
    fresh = apply_edit(old, {}, ["I1"])
    assert [line["id"] for _, line in lines(fresh)] == ["P1", "G1", "I2", "R1"]
    assert diff(old, fresh) == [
        {"kind": "removed", "section": "interventions", "line": "I1", "field": None, "old": "Call the group", "new": None}
    ]


@pytest.mark.parametrize(
    ("edits", "removed", "message"),
    [
        ({"X9": {"text": "a"}}, [], "no line X9"),
        ({}, ["X9", "X8"], "no line X8, X9"),
        ({"P1": {"status": "active"}}, [], "status of a line in problems cannot be changed"),
        ({"I1": {"id": "I7"}}, [], "id of a line in interventions cannot be changed"),
        ({"I1": {"evidence": "x"}}, [], "evidence of a line in interventions cannot be changed"),
        ({"P1": {"text": "   "}}, [], "text cannot be empty"),
        ({"I1": {"owner": ""}}, [], "owner cannot be empty"),
        ({"G1": {"status": "done"}}, [], "done is not a status"),
        ({"G1": {"domain": "money"}}, [], "money is not a goal domain"),
    ],
)
def test_an_edit_that_breaks_a_rule_is_refused_with_its_reason(edits, removed, message):
    body = a_body()
    with pytest.raises(InvalidChange, match=message):
        apply_edit(body, edits, removed)
    assert body == a_body()


@pytest.mark.parametrize("status", ITEM_STATUSES)
def test_every_status_of_the_specification_can_be_set(status):
    assert apply_edit(a_body(), {"I1": {"status": status}}, [])["interventions"][0]["status"] == status


@pytest.mark.parametrize("domain", GOAL_DOMAINS)
def test_every_goal_domain_can_be_set(domain):
    assert apply_edit(a_body(), {"G1": {"domain": domain}}, [])["goals"][0]["domain"] == domain


@pytest.mark.parametrize("name", STEP)
def test_a_new_step_needs_every_field(name):
    with pytest.raises(InvalidChange, match=f"{name} cannot be empty"):
        add_intervention(a_body(), **{**STEP, name: " "})


@pytest.mark.parametrize(("ids", "fresh_id"), [([], "I1"), (["I1", "I2"], "I3"), (["I1", "I7"], "I8"), (["Ix"], "I1")])
def test_a_new_step_gets_a_number_that_no_line_has(ids, fresh_id):
    body = empty_body()
    body["interventions"] = [{"id": name, **STEP, "status": "proposed"} for name in ids]
    added = add_intervention(body, **STEP)["interventions"][-1]
    assert (added["id"], added["status"], added["rule"]) == (fresh_id, "proposed", "staff")


def test_a_new_step_shows_as_added():
    assert [c["kind"] for c in diff(a_body(), add_intervention(a_body(), **STEP))] == ["added"]


def test_a_moved_review_date_shows_as_a_change_of_the_plan():
    moved = {**a_body(), "review_date": "2030-04-01"}
    assert [(c["section"], c["old"], c["new"]) for c in diff(a_body(), moved)] == [("plan", "2030-03-02", "2030-04-01")]


@given(
    st.dictionaries(
        st.sampled_from([("P1", "text"), ("G1", "words"), ("I1", "text"), ("I2", "owner"), ("R1", "words")]),
        st.text(min_size=1).filter(str.strip),
    )
)
def test_the_difference_names_exactly_the_fields_that_an_edit_changed(changed):
    old = a_body()
    edits = {}
    for (line, name), value in changed.items():
        edits.setdefault(line, {})[name] = value
    before = {(line["id"], name): line.get(name) for s, line in lines(old) for name in EDITABLE_FIELDS[s]}
    found = {(c["line"], c["field"]): c["new"] for c in diff(old, apply_edit(old, edits, []))}
    assert found == {place: value for place, value in changed.items() if before[place] != value}


@pytest.mark.parametrize(
    ("line", "text"), [({"text": "Alcohol"}, "Alcohol"), ({"words": "sleep"}, "sleep"), ({"text": "a", "words": "b"}, "a"), ({}, "")]
)
def test_a_line_says_its_text_or_the_words_of_the_person(line, text):
    assert line_text(line) == text


@pytest.mark.parametrize(
    ("given_approvals", "number"),
    [
        ([], None),
        ([(1, PERSON)], None),
        ([(1, CLINICIAN)], None),
        ([(1, PERSON), (2, CLINICIAN)], None),
        ([(1, PERSON), (1, CLINICIAN)], 1),
        ([(1, PERSON), (1, CLINICIAN), (2, CLINICIAN)], 1),
        ([(1, PERSON), (1, CLINICIAN), (2, CLINICIAN), (2, PERSON)], 2),
        ([(2, PERSON), (2, CLINICIAN), (3, PERSON), (3, PERSON)], 2),
    ],
)
def test_in_force_is_the_newest_version_with_both_approvals(given_approvals, number):
    found = in_force([a_version(n) for n in (3, 1, 2)], [an_approval(*one) for one in given_approvals])
    assert (found.version if found else None) == number


def test_an_approval_counts_for_its_own_version_only():
    approvals = [an_approval(1, PERSON), an_approval(2, CLINICIAN)]
    assert approved_by(approvals, 1) == {PERSON}
    assert approved_by(approvals, 3) == set()


def test_the_newest_version_is_the_highest_number_and_none_of_none():
    assert newest([a_version(n) for n in (2, 3, 1)]).version == 3
    assert newest([]) is None

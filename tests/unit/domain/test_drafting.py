"""A draft rests on answers: no line without the person's sentence, no rule on an unknown value."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.domain.drafting import DraftContent, Findings, PlanRule, draft, findings, fits
from waymark.domain.intake import DECLINED, Answer
from waymark.domain.plan import lines

AT = datetime(2030, 1, 31, 12, 0, tzinfo=timezone.utc)
TODAY = date(2030, 1, 31)
RULE = PlanRule(
    id="talk",
    text="Talk first.",
    why="You said: “{words}”",
    owner="clinician",
    frequency="once",
    start_in_days=1,
    review_in_days=7,
    evidence_item="substance.main",
)
NOTHING = Findings(substances=(), days_per_week=None, importance=None, confidence=None)


def content(*rules):
    return DraftContent("plan@1", rules, {"ghb": "GHB or GBL"}, {"3": "step 3 is missing"}, 30, "news")


def an_answer(item, value, text="as said"):
    return Answer(f"ans-{item}", "per1", item, value, text, AT, "web", f"msg-{item}", "intake@1")


def known(**values):
    given_values = {name.replace("__", "."): value for name, value in values.items()}
    return {item: an_answer(item, value, text=f"words of {item}") for item, value in given_values.items()}


def used(*names, **more):
    return [{"name": name, "words": name, "negated": False, **more} for name in names]


def ruler(number):
    return {"min": number, "max": number}


FULL = known(
    substance__main=used("alcohol", "ghb"),
    substance__amount={"amount": None, "days_per_week": {"min": 5, "max": 7}},
    substance__last_use={"last_use": {"date": "2030-01-30"}},
    ruler__importance=ruler(8),
    ruler__confidence=ruler(4),
    reason__words="my daughter",
    goal__words="sleep better",
)


@pytest.mark.parametrize(
    ("conditions", "found", "fires"),
    [
        ({}, NOTHING, True),
        ({"substances": ("alcohol",)}, NOTHING, False),
        ({"substances": ("alcohol", "ghb")}, replace(NOTHING, substances=("ghb",)), True),
        ({"substances": ("alcohol",)}, replace(NOTHING, substances=("heroin",)), False),
        ({"importance_below": 5}, NOTHING, False),
        ({"importance_below": 5}, replace(NOTHING, importance=4.5), True),
        ({"importance_below": 5}, replace(NOTHING, importance=5), False),
        ({"importance_from": 5}, replace(NOTHING, importance=5), True),
        ({"importance_from": 5}, replace(NOTHING, importance=4.5), False),
        ({"importance_from": 5}, NOTHING, False),
        ({"importance_below": 5}, replace(NOTHING, importance=0), True),
        ({"confidence_below": 5}, replace(NOTHING, confidence=4), True),
        ({"confidence_below": 5}, replace(NOTHING, importance=4), False),
        ({"min_days_per_week": 4}, replace(NOTHING, days_per_week=4), True),
        ({"min_days_per_week": 4}, replace(NOTHING, days_per_week=3.5), False),
        ({"min_days_per_week": 4}, NOTHING, False),
        ({"substances": ("ghb",), "confidence_below": 5}, replace(NOTHING, substances=("ghb",), confidence=9), False),
        ({"substances": ("ghb",), "confidence_below": 5}, replace(NOTHING, substances=("ghb",), confidence=1), True),
    ],
)
def test_a_rule_fires_only_if_all_its_conditions_are_known_to_hold(conditions, found, fires):
    assert fits(replace(RULE, **conditions), found) is fires


def test_findings_read_the_answers():
    assert findings(FULL) == Findings(("alcohol", "ghb"), 5, 8.0, 4.0)


@pytest.mark.parametrize(
    "answers",
    [
        {},
        known(substance__main=[{"name": "alcohol", "words": "drink", "negated": True}]),
        known(substance__main=dict(DECLINED), ruler__importance=dict(DECLINED)),
        known(substance__main=[{"name": None, "words": "the stuff", "negated": False}]),
    ],
)
def test_what_was_not_told_is_no_finding(answers):
    assert findings(answers) == NOTHING


def test_a_range_counts_by_its_middle():
    assert findings(known(ruler__importance={"min": 4, "max": 5})).importance == 4.5


def test_same_answers_same_plan():
    assert draft(FULL, content(RULE), TODAY) == draft(dict(FULL), content(RULE), TODAY)


def test_every_line_carries_the_sentence_it_rests_on():
    body = draft(FULL, content(RULE), TODAY)
    said = list(lines(body))
    assert [line["id"] for _, line in said] == ["P1", "S1", "G1", "I1", "R1"]
    for _, line in said:
        assert line["evidence"], line["id"]
        for proof in line["evidence"]:
            answer = FULL[proof["item"]]
            assert proof == {
                "answer": answer.id, "item": answer.item, "message_id": answer.message_id, "words": answer.text
            }  # fmt: skip


def test_goal_and_reason_stay_in_the_persons_words():
    body = draft(FULL, content(), TODAY)
    assert body["goals"][0]["words"] == "words of goal.words"
    assert body["reasons"][0]["words"] == "words of reason.words"


def test_a_step_has_owner_dates_and_its_reason():
    step = draft(FULL, content(RULE), TODAY)["interventions"][0]
    assert (step["owner"], step["start"], step["review"], step["status"]) == (
        "clinician", "2030-02-01", "2030-02-07", "proposed"
    )  # fmt: skip
    assert step["why"] == "You said: “words of substance.main”"


def test_words_with_braces_are_quoted_as_they_are():
    answers = {"substance.main": an_answer("substance.main", used("alcohol"), text="{words} and {x}")}
    step = draft(answers, content(RULE), TODAY)["interventions"][0]
    assert step["why"] == "You said: “{words} and {x}”"


def test_a_rule_whose_evidence_was_never_given_makes_no_step():
    assert draft({}, content(RULE), TODAY)["interventions"] == []


def test_steps_are_numbered_without_gaps_when_the_evidence_is_there():
    rules = (replace(RULE, id="a"), replace(RULE, id="b", importance_below=5), replace(RULE, id="c"))
    steps = draft(FULL, content(*rules), TODAY)["interventions"]
    assert [(step["id"], step["rule"]) for step in steps] == [("I1", "a"), ("I2", "c")]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (used("alcohol"), "Alcohol"),
        (used("ghb"), "GHB or GBL"),
        (used("alcohol", "ghb", "heroin"), "Alcohol, GHB or GBL and heroin"),
        ([{"name": None, "words": "the stuff", "negated": False}], "The stuff"),
        ([*used("alcohol"), {"name": "heroin", "words": "gear", "negated": True}], "Alcohol"),
    ],
)
def test_the_problem_names_what_is_used_and_nothing_else(value, text):
    assert draft(known(substance__main=value), content(), TODAY)["problems"][0]["text"] == text


@pytest.mark.parametrize("value", [dict(DECLINED), [{"name": "alcohol", "words": "drink", "negated": True}]])
def test_no_use_told_is_no_problem(value):
    assert draft(known(substance__main=value), content(), TODAY)["problems"] == []


@pytest.mark.parametrize(("number", "count"), [(6, 0), (7, 1), (10, 1), (0, 0)])
def test_a_strength_is_shown_only_when_the_answer_shows_it(number, count):
    assert len(draft(known(ruler__importance=ruler(number)), content(), TODAY)["strengths"]) == count


def test_what_is_missing_is_named():
    assert draft({}, content(), TODAY)["incomplete"] == [
        "step 3 is missing", "not answered: what is used", "not answered: a goal", "not answered: importance"
    ]  # fmt: skip
    assert draft(FULL, content(), TODAY)["incomplete"] == ["step 3 is missing"]


def test_the_first_review_is_set():
    assert draft({}, content(), TODAY)["review_date"] == "2030-03-02"


@given(st.sets(st.sampled_from(sorted(FULL))), st.sets(st.sampled_from(sorted(FULL))))
def test_any_mix_of_answers_and_refusals_makes_a_plan_with_evidence_only(told, declined):
    answers = {item: FULL[item] for item in told}
    answers |= {item: an_answer(item, dict(DECLINED)) for item in declined}
    body = draft(answers, content(replace(RULE, importance_from=5, evidence_item="goal.words")), TODAY)
    for _, line in lines(body):
        assert {proof["item"] for proof in line["evidence"]} <= set(answers)

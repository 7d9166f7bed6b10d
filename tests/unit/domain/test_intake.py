"""What is asked next follows from what is known, and nothing known is asked again."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.domain.facts import AnswerKind
from waymark.domain.intake import DECLINED, Answer, Condition, Item, Questionnaire, current

AT = datetime(2030, 1, 31, 12, 0, tzinfo=timezone.utc)


def an_item(name, when=(), in_order=True):
    asked = ("What?",)
    return Item(name, AnswerKind.FREE_TEXT, name, "1a", "why", asked, asked, asked, when=when, in_order=in_order)


def an_answer(item, value="yes", seq=1):
    return Answer(f"ans{seq}", "per1", item, value, "words", AT, "web", f"msg{seq}", "q@1", seq=seq)


def known(**values):
    return {item: an_answer(item, value) for item, value in values.items()}


@pytest.mark.parametrize(
    ("test", "value", "answers", "holds"),
    [
        ("known", None, {}, False),
        ("known", None, known(a="yes"), True),
        ("known", None, known(a=dict(DECLINED)), False),
        ("unknown", None, {}, True),
        ("unknown", None, known(a="yes"), False),
        ("unknown", None, known(a=dict(DECLINED)), False),
        ("is", "yes", known(a="yes"), True),
        ("is", "yes", known(a="no"), False),
        ("is", "yes", {}, False),
        ("is", "34", known(a=34), True),
        ("is_not", "yes", known(a="no"), True),
        ("is_not", "yes", known(a="yes"), False),
        ("is_not", "yes", {}, True),
    ],
)
def test_a_condition_looks_at_one_answer(test, value, answers, holds):
    assert Condition("a", test, value).holds(answers) is holds


QUESTIONS = Questionnaire.of(
    "q",
    "1",
    [
        an_item("a"),
        an_item("b", when=(Condition("a", "is", "yes"),)),
        an_item("c", when=(Condition("a", "known"), Condition("d", "unknown"))),
        an_item("moment", in_order=False),
        an_item("d"),
    ],
)


@pytest.mark.parametrize(
    ("answers", "following"),
    [
        ({}, "a"),
        (known(a="yes"), "b"),
        (known(a="no"), "c"),
        (known(a=dict(DECLINED)), "d"),
        (known(a="yes", b=dict(DECLINED)), "c"),
        (known(a="no", d="x"), None),
        (known(a="yes", b="x", c="x", d="x"), None),
    ],
)
def test_the_next_question_is_the_first_that_applies_and_is_not_answered(answers, following):
    item = QUESTIONS.next_item(answers)
    assert (item.id if item else None) == following


@pytest.mark.parametrize(
    ("answers", "count"), [({}, 2), (known(a="yes"), 3), (known(a="no"), 2), (known(a="no", c="x", d="x"), 0)]
)
def test_questions_left_count_those_that_apply_now(answers, count):
    assert QUESTIONS.left(answers) == count


@given(st.lists(st.sampled_from(["yes", "no", "declined"]), min_size=8, max_size=8))
def test_answering_whatever_is_asked_ends_and_asks_nothing_twice(replies):
    answers, asked = {}, []
    for reply in replies:
        item = QUESTIONS.next_item(answers)
        if item is None:
            break
        asked.append(item.id)
        answers[item.id] = an_answer(item.id, dict(DECLINED) if reply == "declined" else reply)
    assert QUESTIONS.next_item(answers) is None
    assert QUESTIONS.left(answers) == 0
    assert len(set(asked)) == len(asked)
    assert "moment" not in asked


@given(st.permutations([1, 2, 3, 4]))
def test_the_answer_in_force_is_the_newest_stored_whatever_the_order_of_reading(order):
    stored = [an_answer("a", f"value{seq}", seq) for seq in order]
    other = an_answer("b", "other", 2)
    assert {item: a.value for item, a in current([*stored, other]).items()} == {"a": "value4", "b": "other"}


@pytest.mark.parametrize(
    ("value", "declined"), [(dict(DECLINED), True), ({"declined": False}, False), ("declined", False), (None, False), ([], False)]
)
def test_only_a_refusal_counts_as_declined(value, declined):
    assert an_answer("a", value).declined is declined

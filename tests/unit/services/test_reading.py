"""A message is read as the answer to the open question; what is unclear is asked about, never guessed."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.domain.facts import Amount, AnswerKind, ContactFact, Facts, LastUse, Span, SubstanceFact
from waymark.domain.intake import DECLINED, Answer, Choice, Item
from waymark.services.reading import Read, main_substance, meaning, read_answer

AT = datetime(2030, 1, 31, 12, 0, tzinfo=timezone.utc)
CANS = Amount(4, 6, "can", "day")
CANS_READ = {"min": 4, "max": 6, "unit": "can", "period": "day"}
LAST_NIGHT = LastUse(date(2030, 1, 30), 14.0)
LAST_NIGHT_READ = {"date": "2030-01-30", "hours_ago": 14.0}


def an_item(kind, *choices):
    asked = ("What?",)
    return Item("the.item", kind, "label", "1a", "why", asked, asked, asked, choices=choices)


def an_answer(value, text="as said", item="substance.main"):
    return Answer("ans1", "per1", item, value, text, AT, "web", "msg1", "q@1")


def told(*names):
    return {"substance.main": an_answer([{"name": n, "words": n, "negated": False} for n in names])}


def value(kind, text="as said", facts=Facts(), known=None):  # noqa: B008 - Facts is frozen
    return read_answer(an_item(kind), text, facts, known or {}).value


@pytest.mark.parametrize(
    ("kind", "facts", "read"),
    [
        (AnswerKind.NAME, Facts(name="Sam"), "Sam"),
        (AnswerKind.NAME, Facts(age=34), None),
        (AnswerKind.AGE, Facts(age=34), 34),
        (AnswerKind.AGE, Facts(ruler=Span(5, 5)), None),
        (AnswerKind.COUNTRY, Facts(country="IE"), "IE"),
        (AnswerKind.RULER, Facts(ruler=Span(6, 7)), {"min": 6, "max": 7}),
        (AnswerKind.RULER, Facts(), None),
        (AnswerKind.CONTACT, Facts(contacts=(ContactFact("email", "a@example.org"),)), {"kind": "email", "value": "a@example.org"}),
        (AnswerKind.CONTACT, Facts(), None),
    ],
)
def test_a_question_is_answered_by_its_own_kind_of_fact(kind, facts, read):
    assert value(kind, facts=facts) == read


@pytest.mark.parametrize(("text", "read"), [("  my words ", "my words"), ("20", "20"), ("...", None), ("__", None), ("", None)])
def test_free_words_are_kept_as_they_are_if_there_are_any(text, read):
    assert value(AnswerKind.FREE_TEXT, text) == read


YES_NO = (Choice("Yes, you may", "yes"), Choice("Not now", "no"))
SAFE = (Choice("I'm safe for now", "safe"), Choice("No, I'm not safe", "not_safe"))
AGREE = (Choice("Yes, that's right", "yes"), Choice("Change a line", "change"))


@pytest.mark.parametrize(
    ("choices", "text", "yes_no", "read"),
    [
        (YES_NO, "Yes, you may", None, "yes"),
        (YES_NO, "not now!", None, "no"),
        (YES_NO, "NO", None, "no"),
        (YES_NO, "sure, go on", True, "yes"),
        (YES_NO, "rather not", False, "no"),
        (YES_NO, "what do you mean", None, None),
        (YES_NO, "?!", None, None),
        (SAFE, "im safe for now", None, "safe"),
        (SAFE, "yeah", True, "safe"),
        (SAFE, "no", False, "not_safe"),
        (AGREE, "nope", False, "change"),
        ((Choice("A bit easier", "easier"),), "yes", True, None),
    ],
)
def test_a_choice_is_taken_from_its_words_or_from_a_plain_yes_or_no(choices, text, yes_no, read):
    assert read_answer(an_item(AnswerKind.CHOICE, *choices), text, Facts(yes_no=yes_no), {}).value == read


VODKA = SubstanceFact("alcohol", "vodka", amount=CANS, days_per_week=Span(7, 7), last_use=LAST_NIGHT, route=("swallowed",))
NO_WEED = SubstanceFact("cannabis", "weed", negated=True)


def test_a_substance_is_kept_with_all_that_was_said_of_it():
    assert value(AnswerKind.SUBSTANCES, facts=Facts(substances=(VODKA,))) == [
        {
            "name": "alcohol",
            "words": "vodka",
            "negated": False,
            "amount": CANS_READ,
            "days_per_week": {"min": 7, "max": 7},
            "route": ["swallowed"],
            "last_use": LAST_NIGHT_READ,
        }
    ]


def test_a_denied_substance_is_kept_as_denied_beside_a_used_one():
    read = value(AnswerKind.SUBSTANCES, facts=Facts(substances=(NO_WEED, VODKA)))
    assert [(s["name"], s["negated"]) for s in read] == [("cannabis", True), ("alcohol", False)]


@pytest.mark.parametrize(
    ("facts", "read"),
    [
        (Facts(), Read()),
        (Facts(substances=(NO_WEED,)), Read()),
        (Facts(ambiguous=("gear", "blues")), Read(unclear="gear")),
        (Facts(substances=(NO_WEED,), ambiguous=("gear",)), Read(unclear="gear")),
    ],
)
def test_no_use_told_is_no_answer_and_an_unclear_word_is_named(facts, read):
    assert read_answer(an_item(AnswerKind.SUBSTANCES), "as said", facts, {}) == read


def test_an_unclear_word_does_not_hold_up_a_clear_one():
    read = read_answer(an_item(AnswerKind.SUBSTANCES), "", Facts(substances=(VODKA,), ambiguous=("gear",)), {})
    assert read.unclear is None
    assert read.value[0]["name"] == "alcohol"


@pytest.mark.parametrize(
    ("facts", "known", "read"),
    [
        (Facts(amount=CANS), told("alcohol"), {"substance": "alcohol", "amount": CANS_READ, "days_per_week": None}),
        (Facts(amount=CANS), {}, {"substance": None, "amount": CANS_READ, "days_per_week": None}),
        (
            Facts(days_per_week=Span(2, 3)),
            told("ghb", "alcohol"),
            {"substance": "ghb", "amount": None, "days_per_week": {"min": 2, "max": 3}},
        ),
        (
            Facts(substances=(VODKA,)),
            told("ghb"),
            {"substance": "alcohol", "amount": CANS_READ, "days_per_week": {"min": 7, "max": 7}},
        ),
        (Facts(substances=(NO_WEED,)), told("ghb"), None),
        (Facts(), told("ghb"), None),
    ],
)
def test_an_amount_belongs_to_the_substance_named_with_it_or_to_the_main_one(facts, known, read):
    assert value(AnswerKind.AMOUNT, facts=facts, known=known) == read


@pytest.mark.parametrize(
    ("facts", "read"),
    [
        (Facts(last_use=LAST_NIGHT), {"substance": "ghb", "last_use": LAST_NIGHT_READ}),
        (Facts(substances=(VODKA,)), {"substance": "alcohol", "last_use": LAST_NIGHT_READ}),
        (Facts(), None),
    ],
)
def test_the_last_time_belongs_to_the_substance_named_with_it_or_to_the_main_one(facts, read):
    assert value(AnswerKind.LAST_USE, facts=facts, known=told("ghb")) == read


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        ({}, None),
        (told("alcohol", "ghb"), "alcohol"),
        ({"substance.main": an_answer([{"name": "cannabis", "negated": True}, {"name": "ghb", "negated": False}])}, "ghb"),
        ({"substance.main": an_answer(dict(DECLINED))}, None),
    ],
)
def test_the_main_substance_is_the_first_that_is_used(answers, name):
    assert main_substance(answers) == name


@pytest.mark.parametrize(
    ("kind", "stored", "words"),
    [
        (AnswerKind.RULER, {"min": 7.0, "max": 7.0}, "7"),
        (AnswerKind.RULER, {"min": 6.0, "max": 7.5}, "6 to 7.5"),
        (AnswerKind.SUBSTANCES, told("alcohol", "crack_cocaine", "ghb")["substance.main"].value, "alcohol, crack cocaine, GHB or GBL"),
        (AnswerKind.SUBSTANCES, [{"name": "ghb", "negated": True, "words": "g"}], None),
        (AnswerKind.SUBSTANCES, [{"name": None, "negated": False, "words": "the stuff"}], None),
        (AnswerKind.AMOUNT, {"amount": CANS_READ, "days_per_week": {"min": 5, "max": 7}}, "4 to 6 cans a day, 5 to 7 days a week"),
        (AnswerKind.AMOUNT, {"amount": {"min": 1, "max": 1, "unit": "gram", "period": "week"}, "days_per_week": None}, "1 gram a week"),
        (AnswerKind.AMOUNT, {"amount": {"min": 40, "max": 40, "unit": "GBP", "period": "occasion"}}, "40 GBP each time"),
        (AnswerKind.AMOUNT, {"amount": None, "days_per_week": None}, None),
        (AnswerKind.LAST_USE, {"last_use": LAST_NIGHT_READ}, "Wednesday 30 January"),
        (AnswerKind.LAST_USE, {"last_use": {"date": None, "hours_ago": 2.0}}, None),
        (AnswerKind.FREE_TEXT, "my words", None),
    ],
)
def test_how_an_answer_was_understood_is_told_in_plain_words(kind, stored, words):
    assert meaning(an_item(kind), an_answer(stored), {"ghb": "GHB or GBL"}) == words


@given(st.sampled_from([kind for kind in AnswerKind if kind is not AnswerKind.FREE_TEXT]), st.text(max_size=40))
def test_without_a_fact_nothing_is_made_up_from_words(kind, text):
    assert read_answer(an_item(kind), text, Facts(), {}) == Read()

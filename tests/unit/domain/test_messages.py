"""Messages keep their meaning when they are stored and read back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.domain.messages import Button, ButtonPayload, Outcome, ReplyKind, Say, utter

TEXT = st.text(max_size=20)
MAYBE = st.none() | TEXT
PAYLOADS = st.builds(ButtonPayload, intent=TEXT, item=MAYBE, value=MAYBE)
BUTTONS = st.lists(st.builds(Button, title=TEXT, payload=PAYLOADS), max_size=3).map(tuple)
KINDS = st.sampled_from(list(ReplyKind))
PARAMS = st.dictionaries(TEXT, TEXT, max_size=2)
SAYS = st.one_of(
    st.builds(Say, response=TEXT, params=PARAMS, buttons=BUTTONS, kind=KINDS),
    st.builds(Say, text=TEXT, params=PARAMS, buttons=BUTTONS, kind=KINDS),
)


@given(st.lists(SAYS, max_size=3).map(tuple), st.booleans())
def test_an_outcome_is_the_same_after_storing_it_as_json(says, is_open):
    outcome = Outcome(says=says, open=is_open)
    assert Outcome.from_dict(json.loads(json.dumps(outcome.as_dict()))) == outcome


@given(PAYLOADS)
def test_a_button_means_the_same_after_storing_it(payload):
    assert ButtonPayload.from_dict(json.loads(json.dumps(payload.as_dict()))) == payload


def test_a_button_that_answers_no_question_needs_an_intent_only():
    assert ButtonPayload.from_dict({"intent": "ask_human"}) == ButtonPayload("ask_human", None, None)


@pytest.mark.parametrize("given_texts", [{}, {"response": "utter_thank", "text": "Thanks."}])
def test_a_say_is_either_a_phrase_or_a_text(given_texts):
    with pytest.raises(ValueError, match="either"):
        Say(**given_texts)


def test_an_empty_text_is_a_text():
    assert Say(text="").text == ""


def test_a_phrase_is_named_without_its_prefix_and_carries_what_is_put_in():
    buttons = (Button("My plan", ButtonPayload("ask_my_plan")),)
    said = utter("paused", kind=ReplyKind.NOTICE, buttons=buttons, left="3")
    assert said == Say(response="utter_paused", params={"left": "3"}, buttons=buttons, kind=ReplyKind.NOTICE)


def test_a_phrase_may_be_filled_with_a_name():
    """The name of who changed the plan is put in as ``name``."""
    assert utter("plan_changed", name="Ann").params == {"name": "Ann"}

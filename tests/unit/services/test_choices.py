"""A choice is taken only when the words mean it: doubt and denial turn it round."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from waymark.bootstrap import build_core
from waymark.services.reading import read_answer

NOW = datetime(2030, 1, 31, 12, 0, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def core():
    return build_core()


@pytest.mark.parametrize(
    ("item", "text", "value"),
    [
        ("safety.check", "I'm safe for now", "safe"),
        ("safety.check", "yes", "safe"),
        ("safety.check", "im safe", "safe"),
        ("safety.check", "I'm not safe", "not_safe"),
        ("safety.check", "no not safe", "not_safe"),
        ("safety.check", "I don't feel safe", "not_safe"),
        ("safety.check", "not very safe", "not_safe"),
        ("safety.check", "no", "not_safe"),
        ("safety.check", "I want to talk to a person", None),
        ("plan.agree", "I agree", "yes"),
        ("plan.agree", "yes", "yes"),
        ("plan.agree", "not sure I agree", None),
        ("plan.agree", "I can't say I agree", None),
        ("plan.agree", "no", "no"),
        ("privacy.delete", "yes delete it", "yes"),
        ("privacy.delete", "not sure, yes delete it?", None),
        ("craving.after", "a bit easier now", "easier"),
        ("craving.after", "not easier", None),
        ("consent.record", "yes", "yes"),
        ("consent.record", "yeah been drinking since my divorce, prob 8 pints most nights", None),
        ("consent.record", "not now", "no"),
        ("consent.record", "nope", "no"),
    ],
)
def test_typed_answers_to_questions_with_buttons(core, item, text, value):
    asked = core.questionnaire.by_id[item]
    facts = core.fact_reader.read(text, question=asked.kind, now=NOW, country="GB")
    assert read_answer(asked, text, facts, {}).value == value

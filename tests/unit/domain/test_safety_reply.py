"""The fixed replies: only what is true is said (safety.md §1 rules 3, 4, 7 and 10)."""

from __future__ import annotations

import pytest

from waymark.adapters.content_yaml.resources import load_resources
from waymark.adapters.content_yaml.safety_texts import load_safety_texts
from waymark.domain.messages import ReplyKind
from waymark.domain.safety import AlertClass, Finding, Level, ScreenAction, Who
from waymark.domain.safety_reply import (
    ReplySituation,
    SafetyReply,
    compose,
    compose_screen_failed,
    follow_up,
)

TEXTS = load_safety_texts()
RESOURCES = load_resources()
A, L, S = AlertClass, Level, ScreenAction
NOBODY = TEXTS.shared.nobody_watching
NO_ONE = ReplySituation()
ALL_COUNTRIES = "your local emergency number (112, 911, 999, 000)"


def _reply(
    alert_class: AlertClass,
    level: Level = L.S1,
    *,
    action: ScreenAction = S.REPLY,
    who: Who = Who.SELF,
    country: str | None = "GB",
    situation: ReplySituation = NO_ONE,
) -> SafetyReply:
    finding = Finding(alert_class, level, action, who=who)
    return compose(finding, TEXTS, RESOURCES.for_country(country), situation)


def _text(reply: SafetyReply) -> str:
    assert len(reply.replies) == 1 and not reply.replies[0].buttons
    return reply.replies[0].text


def test_one_reply_of_kind_safety_with_id_and_version() -> None:
    reply = _reply(A.SUICIDAL_PLAN)
    assert reply.replies[0].kind is ReplyKind.SAFETY
    assert (reply.text_id, reply.text_version) == ("suicide.s1.self", TEXTS.header.version)


def test_the_emergency_number_comes_first_for_an_overdose() -> None:
    assert _text(_reply(A.OVERDOSE_SELF)).startswith("Call 999 now.")


def test_the_numbers_are_those_of_the_country() -> None:
    assert "116 123 (Samaritans)" in _text(_reply(A.SUICIDAL_PLAN))
    american = _text(_reply(A.SUICIDAL_PLAN, country="US"))
    assert "911" in american and "call or text 988" in american and "999" not in american


def test_an_unknown_country_gets_every_number_and_is_asked() -> None:
    text = _text(_reply(A.SUICIDAL_PLAN, country=None))
    assert ALL_COUNTRIES in text and TEXTS.shared.ask_country in text and "findahelpline.com" in text


def test_a_known_country_is_not_asked() -> None:
    assert TEXTS.shared.ask_country not in _text(_reply(A.SUICIDAL_PLAN))


@pytest.mark.parametrize("alert_class", [A.SUICIDAL_PLAN, A.OVERDOSE_SELF, A.WITHDRAWAL_DANGER, A.MEDICAL_EMERGENCY])
def test_nobody_on_duty_is_said_and_nothing_promised(alert_class: AlertClass) -> None:
    text = _text(_reply(alert_class, situation=ReplySituation(route_known=True, on_duty=False)))
    assert NOBODY in text
    assert "contact you" not in text and "alerting" not in text


def test_contact_is_said_only_with_a_route() -> None:
    shared = TEXTS.shared
    without = _text(_reply(A.SUICIDAL_PLAN, situation=ReplySituation(route_known=False, on_duty=True)))
    assert shared.alerting_team in without and shared.will_contact not in without and NOBODY not in without
    with_route = _text(_reply(A.SUICIDAL_PLAN, situation=ReplySituation(route_known=True, on_duty=True)))
    assert shared.alerting_team in with_route and shared.will_contact in with_route


def test_repeated_s1_is_a_short_check_in() -> None:
    full, short = _reply(A.SUICIDAL_PLAN), _reply(A.SUICIDAL_PLAN, situation=ReplySituation(shown_recently=True))
    assert len(_text(short)) < len(_text(full)) / 2
    assert "999" in _text(short) and short.text_id.startswith("check_in")


def test_s2_is_never_shortened() -> None:
    assert _reply(A.SUICIDAL_ACTIVE, L.S2, situation=ReplySituation(shown_recently=True)).text_id == "suicide.s2.self"


def test_ask_is_the_one_direct_question() -> None:
    reply = _reply(A.SUICIDAL_ACTIVE, L.S2, action=S.ASK)
    assert reply.replies[0].kind is ReplyKind.SAFETY_QUESTION
    assert "Are you thinking of killing yourself right now?" in _text(reply)


@pytest.mark.parametrize("action", [S.NOTE, S.NONE])
def test_a_note_says_nothing(action: ScreenAction) -> None:
    assert _reply(A.SUICIDAL_ACTIVE, L.S4, action=action).replies == ()


def test_helpers_get_their_own_steps() -> None:
    assert _reply(A.OVERDOSE_OTHER, who=Who.OTHER).text_id == "overdose.s1.helper"
    assert _reply(A.WITHDRAWAL_DANGER, who=Who.OTHER).text_id == "withdrawal.s1.helper"
    assert "Are they breathing?" in _text(_reply(A.OVERDOSE_OTHER, who=Who.UNKNOWN))


def test_a_minor_gets_youth_numbers_of_the_country() -> None:
    assert "Papyrus" in _text(_reply(A.MINOR, L.S3))
    assert "Kids Help Phone" in _text(_reply(A.MINOR, L.S3, country="CA"))
    assert "988" in _text(_reply(A.MINOR, L.S3, country="US"))


def test_violence_gets_the_quick_exit_and_no_promise_of_contact() -> None:
    text = _text(_reply(A.VIOLENCE_ABUSE, situation=ReplySituation(route_known=True, on_duty=True)))
    assert "quick exit" in text and TEXTS.shared.will_contact not in text


def test_a_number_the_country_lacks_is_left_out() -> None:
    assert "1-800-222-1222" in _text(_reply(A.OVERDOSE_SELF, country="US"))
    assert "not sure about the dose" not in _text(_reply(A.OVERDOSE_SELF, country="IE"))


def test_withdrawal_says_not_to_stop_at_once_and_never_to_drink() -> None:
    text = _text(_reply(A.WITHDRAWAL_DANGER, L.S2, situation=ReplySituation(route_known=True, on_duty=True)))
    assert "don't stop all at once" in text and "asking a clinician" in text
    assert "have a drink" not in text


@pytest.mark.parametrize("level", [L.S1, L.S2, L.S3])
@pytest.mark.parametrize("alert_class", [c for c in AlertClass if c.value in {n.value for t in TEXTS.replies for n in t.classes}])
def test_no_placeholder_is_left_anywhere(alert_class: AlertClass, level: Level) -> None:
    for country in [*RESOURCES.countries, None]:
        for who in Who:
            text = _text(_reply(alert_class, level, who=who, country=country))
            assert "{" not in text and "None" not in text


def test_the_screen_failing_shows_numbers() -> None:
    reply = compose_screen_failed(TEXTS, RESOURCES.for_country(None))
    assert ALL_COUNTRIES in _text(reply) and reply.text_id == "screen_failed"


def test_the_next_contact_asks_about_safety_first() -> None:
    assert "Are you safe right now?" in follow_up(TEXTS, A.SUICIDAL_PLAN).text
    assert follow_up(TEXTS, A.PSYCHOSIS).id == "safety.check.general"

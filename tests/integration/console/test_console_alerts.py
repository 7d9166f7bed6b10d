"""Alerts: order, due times, actions, and who sees them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from waymark.domain.safety import Level


@pytest.fixture
def sam(clinic):
    return clinic.person("Sam", assigned="Ada", route="text 07700 900123")


def test_urgent_first_with_words_text_route_and_time_left(clinic, sam):
    other = clinic.person("Kim", assigned="Ada")
    clinic.alert(other, Level.S3, "could somebody ring me")
    clinic.alert(sam)
    clinic.advance(minutes=1)
    page = clinic.signed_in("Ada").get("/alerts").text
    assert page.index("I took all of them") < page.index("could somebody ring me")
    assert "due in 3 min" in page and "Call 999 now." in page
    assert "text 07700 900123" in page and "No route to contact" in page
    clinic.advance(minutes=14)
    assert "overdue 12 min" in clinic.signed_in("Ada").get("/alerts").text


def test_acknowledge_log_and_close(clinic, sam):
    alert = clinic.alert(sam)
    ada = clinic.signed_in("Ada")
    ada.post(f"/alerts/{alert}/acknowledge")
    assert "Acknowledged by Ada (team)" in ada.get(f"/alerts/{alert}").text
    ada.post(f"/alerts/{alert}/contact", {"what": "Rang, no answer, again at 10"})
    assert "Rang, no answer, again at 10" in ada.get(f"/alerts/{alert}").text
    assert ada.post(f"/alerts/{alert}/close", {"outcome": "Reached by phone, safe with a friend"}).status_code == 303
    assert "I took all of them" not in ada.get("/alerts").text
    assert "Reached by phone" in ada.get(f"/alerts/{alert}").text


def test_closing_without_an_outcome_is_refused(clinic, sam):
    alert = clinic.alert(sam)
    ada = clinic.signed_in("Ada")
    sent = ada.post(f"/alerts/{alert}/close", {"outcome": "  "})
    assert sent.status_code == 422 and "who was reached" in sent.text
    assert "I took all of them" in ada.get("/alerts").text


def test_on_duty_one_answers_everybodys_alerts(clinic, sam):
    """Otherwise the promise that somebody comes would be empty when only Ben is on duty."""
    alert = clinic.alert(sam)
    ben = clinic.signed_in("Ben")
    assert "I took all of them" not in ben.get("/alerts").text
    clinic.core.staff_access.set_duty(clinic.member("Ben").id, clinic.now() + timedelta(hours=2))
    page = ben.get("/alerts").text
    assert "I took all of them" in page and f"/people/{sam}" not in page
    assert ben.get(f"/people/{sam}").status_code == 404
    assert ben.post(f"/alerts/{alert}/acknowledge").status_code == 303


def test_the_list_refreshes_only_when_something_is_new(clinic, sam):
    clinic.alert(sam)
    ada = clinic.signed_in("Ada")
    page = ada.get("/alerts").text
    again = page.split('hx-get="')[1].split('"')[0]
    assert 'hx-trigger="every 10s"' in page
    before = len(clinic.core.audit_trail.entries())
    assert ada.get(again).status_code == 204
    assert len(clinic.core.audit_trail.entries()) == before
    clinic.alert(clinic.person("Kim", assigned="Ada"), words="second one")
    fresh = ada.get(again)
    assert "second one" in fresh.text and "<html" not in fresh.text
    assert clinic.core.audit_trail.entries()[0].action == "alerts.read"


def test_acknowledging_cannot_be_done_for_an_alert_out_of_sight(clinic, sam):
    alert = clinic.alert(sam)
    assert clinic.signed_in("Ben").post(f"/alerts/{alert}/acknowledge").status_code == 404
    assert "Nobody has acknowledged it" in clinic.signed_in("Ada").get(f"/alerts/{alert}").text

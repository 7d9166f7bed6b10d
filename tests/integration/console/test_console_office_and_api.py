"""Audit, staff list and the read API."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_clinic import API_TOKEN
from starlette.testclient import TestClient

from waymark.bootstrap import Core
from waymark.console.app import create_app


def test_the_audit_page_has_no_content_and_checks_the_chain(clinic):
    person = clinic.person("Sam", assigned="Ada")
    clinic.signed_in("Ada").get(f"/people/{person}")
    una = clinic.signed_in("Una")
    page = una.get("/audit").text
    assert "The chain is whole" in page and "person.read" in page and person in page
    assert "Sam" not in page and "wine" not in page
    with clinic.core.uow() as uow:
        entry = uow.history.audit(None, 5)[3]
        entry.action = "nothing.happened"
        broken = entry.id
        uow.commit()
    assert f"broken at entry {broken}" in una.get("/audit").text


def test_an_admin_adds_staff_and_sees_the_link_once(clinic):
    max_ = clinic.signed_in("Max")
    sent = max_.post("/staff", {"name": "Eve", "role": "counsellor"})
    assert "http://console.test/enrol/" in sent.text
    page = max_.get("/staff").text
    assert "Eve" in page and "link not used yet" in page and "/enrol/" not in page
    again = max_.post("/staff", {"name": "Ada", "role": "counsellor"})
    assert again.status_code == 422 and "Ada is enrolled already" in again.text and 'value="Ada"' in again.text


@pytest.fixture
def api(clinic):
    return TestClient(create_app(clinic.core))


GOOD = {"Authorization": f"Bearer {API_TOKEN}"}


@pytest.mark.parametrize("path", ["/api/people?web_session=x", "/api/people/x/record", "/api/alerts?status=open"])
def test_the_api_wants_its_token(clinic, api, path):
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": API_TOKEN}):
        refused = api.get(path, headers=headers)
        assert refused.status_code == 401 and set(refused.json()) == {"error", "message"}
    off = Core(replace(clinic.core.settings, api_token=""))
    gone = TestClient(create_app(off)).get(path, headers={"Authorization": "Bearer "})
    assert gone.status_code == 404 and set(gone.json()) == {"error", "message"}


def test_the_api_finds_people_and_gives_records_and_alerts(clinic, api):
    person = clinic.person("Sam")
    alert = clinic.alert(person)
    found = api.get(f"/api/people?web_session=session-{person}", headers=GOOD).json()
    assert found == {"people": [{"id": person}]}
    assert api.get("/api/people?telegram_chat=5", headers=GOOD).json() == {"people": []}
    assert api.get("/api/people", headers=GOOD).status_code == 400
    record = api.get(f"/api/people/{person}/record", headers=GOOD).json()
    assert record["person"]["id"] == person and "messages" not in record
    assert api.get(f"/api/people/{person}/record?messages=1", headers=GOOD).json()["messages"]
    assert api.get("/api/people/nobody/record", headers=GOOD).status_code == 404
    assert [a["id"] for a in api.get("/api/alerts?status=open", headers=GOOD).json()["alerts"]] == [alert]
    assert api.get("/api/alerts?status=closed", headers=GOOD).json() == {"alerts": []}
    assert api.get("/api/alerts?status=odd", headers=GOOD).status_code == 400
    assert {e.actor for e in clinic.core.audit_trail.entries(person) if e.action == "record.read"} == {"api"}


def test_health_needs_no_login_and_tells_nothing(api):
    assert api.get("/health").json() == {"status": "ok"}

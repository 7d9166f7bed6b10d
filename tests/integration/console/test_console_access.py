"""Who may open what: every route against every role, and no route without a declared access."""

from __future__ import annotations

from typing import Any

import pytest
from small_clinic import STAFF
from starlette.routing import Mount, Route

from waymark.console.app import create_app
from waymark.console.auth import Access, Kind
from waymark.domain.staff import Right

CARE = {"Ada", "Lou"}
"""Ben is a counsellor too, but these routes are about a person who is Ada's."""

PUBLIC = {
    ("GET", "/health"),
    ("GET", "/enrol/{token}"),
    ("POST", "/enrol/{token}"),
    ("GET", "/login"),
    ("POST", "/login"),
}
OPEN_TO: dict[tuple[str, str], set[str]] = {
    ("POST", "/logout"): set(STAFF),
    ("GET", "/stay"): set(STAFF),
    ("POST", "/duty"): {"Ada", "Ben", "Lou", "Oki"},
    ("GET", "/"): {"Ada", "Ben", "Lou"},
    ("GET", "/people/{id}"): CARE | {"Oki"},
    ("GET", "/people/{id}/record.json"): CARE | {"Oki"},
    ("POST", "/people/{id}/messages"): CARE | {"Oki"},
    ("POST", "/people/{id}/take-over"): CARE | {"Oki"},
    ("POST", "/people/{id}/hand-back"): CARE | {"Oki"},
    ("POST", "/people/{id}/assign"): CARE,
    ("GET", "/people/{id}/plan"): CARE | {"Oki"},
    ("GET", "/people/{id}/plan/versions/{n}"): CARE | {"Oki"},
    ("GET", "/people/{id}/plan/edit"): CARE,
    ("POST", "/people/{id}/plan/edit"): CARE,
    ("GET", "/people/{id}/plan/sign"): CARE,
    ("POST", "/people/{id}/plan/sign"): CARE,
    ("GET", "/alerts"): {"Ada", "Ben", "Lou", "Oki"},
    ("GET", "/alerts/list"): {"Ada", "Ben", "Lou", "Oki"},
    ("GET", "/alerts/{id}"): CARE | {"Oki"},
    ("POST", "/alerts/{id}/acknowledge"): CARE | {"Oki"},
    ("POST", "/alerts/{id}/contact"): CARE | {"Oki"},
    ("POST", "/alerts/{id}/close"): CARE | {"Oki"},
    ("GET", "/audit"): {"Una"},
    ("GET", "/staff"): {"Max"},
    ("POST", "/staff"): {"Max"},
}
TOKEN = {("GET", "/api/people"), ("GET", "/api/people/{id}/record"), ("GET", "/api/alerts")}
REFUSED = (403, 404)


def _routes(app: Any) -> dict[tuple[str, str], Access]:
    found = {}
    for route in app.routes:
        if isinstance(route, Mount):
            assert route.path == "/static"
            continue
        assert isinstance(route, Route)
        assert isinstance(getattr(route.endpoint, "access", None), Access), f"{route.path} declares no access"
        for method in set(route.methods or ()) - {"HEAD"}:
            found[(method, route.path)] = route.endpoint.access
    return found


@pytest.fixture(scope="module")
def place(shared_clinic):
    """One person of Ada's with an open alert, and a signed-in browser for each member."""
    person = shared_clinic.person("Sam", assigned="Ada")
    browsers = {name: shared_clinic.signed_in(name) for name in STAFF}
    return shared_clinic, person, shared_clinic.alert(person), browsers


def test_every_route_is_in_the_table_and_declares_its_access(shared_clinic):
    routes = _routes(create_app(shared_clinic.core))
    assert set(routes) == PUBLIC | set(OPEN_TO) | TOKEN
    assert {key for key, access in routes.items() if access.kind is Kind.PUBLIC} == PUBLIC
    assert {key for key, access in routes.items() if access.kind is Kind.TOKEN} == TOKEN
    for key, access in routes.items():
        assert (access.kind is Kind.RIGHT) == isinstance(access.right, Right), key


@pytest.mark.parametrize("name", STAFF)
@pytest.mark.parametrize("method,path", [key for key in OPEN_TO if key[1] not in ("/logout", "/stay")])
def test_matrix(place, method, path, name):
    clinic, person, alert, browsers = place
    browser = browsers[name]
    target = path.format(id=alert if path.startswith("/alerts") else person, n=1)
    sent = browser.get(target) if method == "GET" else browser.post(target, _harmless(path, clinic.member("Ada").id))
    if name in OPEN_TO[(method, path)]:
        assert sent.status_code not in REFUSED, sent.text
    else:
        assert sent.status_code in REFUSED
        assert "wine" not in sent.text and "I took all of them" not in sent.text


@pytest.mark.parametrize("method,path", OPEN_TO)
def test_nobody_gets_in_without_a_login(place, method, path):
    clinic, person, alert, _ = place
    target = path.format(id=alert if path.startswith("/alerts") else person, n=1)
    client = clinic.browser().client
    sent = client.get(target) if method == "GET" else client.post(target, data={})
    assert sent.status_code == 303 and sent.headers["location"].startswith("/login")


def test_another_counsellors_person_is_not_found_and_not_in_the_lists(place):
    _, person, alert, browsers = place
    for path in (f"/people/{person}", f"/people/{person}/plan", f"/people/{person}/record.json", f"/alerts/{alert}"):
        unknown = browsers["Ben"].get(path.replace(person, "per_unknown").replace(alert, "alt_unknown"))
        seen = browsers["Ben"].get(path)
        assert seen.status_code == unknown.status_code == 404
        assert seen.text == unknown.text
    assert "Sam" not in browsers["Ben"].get("/").text
    assert "I took all of them" not in browsers["Ben"].get("/alerts").text


def _harmless(path: str, ada: str) -> dict[str, object]:
    """Posts that pass the guard and change nothing that another row of the table needs."""
    return {
        "/people/{id}/assign": {"to": ada},
        "/people/{id}/plan/sign": {"version": "99"},
        "/people/{id}/plan/edit": {"base_version": "99", "reason": "x"},
    }.get(path, {})

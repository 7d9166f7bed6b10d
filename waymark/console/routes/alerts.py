"""Alerts and call-backs: see them, acknowledge, note a try to reach the person, close with an outcome."""

from __future__ import annotations

import hashlib
import json

from starlette.responses import Response

from waymark.console import cookies
from waymark.console.auth import action, needs, page
from waymark.console.presenters import alerts as presenter
from waymark.console.presenters.shell import sentence
from waymark.console.visit import Visit, go, render
from waymark.domain.errors import InvalidChange
from waymark.domain.staff import Right

DONE = {
    "acknowledged": "Acknowledged.",
    "noted": "Noted.",
    "closed": "Closed. It is kept in the person’s record.",
}
REMEMBERED = 200


class Shown:
    """Which alerts a session has been shown already, so that a refresh is not audited as a new read.

    Kept in memory only: after a restart the next refresh is audited once more.
    """

    def __init__(self) -> None:
        self._marks: dict[str, frozenset[str]] = {}

    def of(self, token: str) -> frozenset[str]:
        return self._marks.get(_key(token), frozenset())

    def remember(self, token: str, marks: frozenset[str]) -> None:
        self._marks[_key(token)] = marks
        while len(self._marks) > REMEMBERED:
            self._marks.pop(next(iter(self._marks)))


shown = Shown()


def show(visit: Visit) -> Response:
    return _list(visit, "alerts.html", frozenset())


def refresh(visit: Visit) -> Response:
    """The list alone, for the page that asks every ten seconds; 204 when it would look the same."""
    return _list(visit, "_alert_list.html", shown.of(cookies.session_token(visit.request)))


def show_one(visit: Visit) -> Response:
    return _one(visit)


def acknowledge(visit: Visit) -> Response:
    visit.core.care_team.alert(visit.member, visit.path("id"))
    visit.core.alerts.acknowledge(visit.member, visit.path("id"))
    return go(visit, f"/alerts/{visit.path('id')}?done=acknowledged")


def log_contact(visit: Visit) -> Response:
    visit.core.care_team.alert(visit.member, visit.path("id"))
    try:
        visit.core.alerts.log_contact(visit.member, visit.path("id"), visit.field("what"))
    except InvalidChange as error:
        return _one(visit, status=422, problem=sentence(str(error)))
    return go(visit, f"/alerts/{visit.path('id')}?done=noted")


def close(visit: Visit) -> Response:
    visit.core.care_team.alert(visit.member, visit.path("id"))
    try:
        visit.core.alerts.close(visit.member, visit.path("id"), visit.field("outcome"))
    except InvalidChange as error:
        return _one(visit, status=422, problem=sentence(str(error)))
    return go(visit, "/alerts?done=closed")


def _list(visit: Visit, template: str, seen: frozenset[str]) -> Response:
    rows = visit.core.care_team.alerts(visit.member, seen)
    shown.remember(cookies.session_token(visit.request), frozenset(row.mark for row in rows))
    view = presenter.present(rows, now=visit.now, zone=visit.core.settings.zone)
    digest = _digest(view)
    if visit.query("shown") == digest:
        return Response(status_code=204)
    return render(visit, template, list=view, digest=digest, done=DONE.get(visit.query("done"), ""))


def _digest(view: presenter.AlertList) -> str:
    text = json.dumps([vars(card) for card in view.cards], default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _one(visit: Visit, *, status: int = 200, problem: str = "") -> Response:
    row = visit.core.care_team.alert(visit.member, visit.path("id"))
    view = presenter.card(row.alert, row.person, now=visit.now, zone=visit.core.settings.zone)
    return render(
        visit,
        "alert.html",
        status=status,
        alert=view,
        problem=problem,
        what=visit.field("what"),
        outcome=visit.field("outcome"),
        done=DONE.get(visit.query("done"), ""),
    )


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


routes = [
    page("/alerts", show, needs(Right.SEE_ALERTS)),
    page("/alerts/list", refresh, needs(Right.SEE_ALERTS, background=True)),
    page("/alerts/{id}", show_one, needs(Right.SEE_ALERTS)),
    action("/alerts/{id}/acknowledge", acknowledge, needs(Right.SEE_ALERTS)),
    action("/alerts/{id}/contact", log_contact, needs(Right.CLOSE_ALERT)),
    action("/alerts/{id}/close", close, needs(Right.CLOSE_ALERT)),
]

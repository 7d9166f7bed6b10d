"""The read API for other programs (interfaces §4). Every read is audited as the actor ``api``."""

from __future__ import annotations

from starlette.responses import Response

from waymark.console.auth import TOKEN, json_answer, page
from waymark.console.refusals import api_error
from waymark.console.visit import Visit
from waymark.domain.actors import API
from waymark.domain.alerts import AlertStatus
from waymark.services.record import alert_dict

ADDRESSES = {"web_session": "web", "telegram_chat": "telegram"}


def people(visit: Visit) -> Response:
    """Ids of the people behind a web session or a Telegram chat."""
    asked = [(channel, visit.query(name)) for name, channel in ADDRESSES.items() if visit.query(name)]
    if len(asked) != 1:
        return api_error(400, "malformed", "Ask with either web_session or telegram_chat.")
    channel, address = asked[0]
    found = visit.core.records.find(API, channel=channel, address=address)
    return json_answer({"people": [{"id": person_id} for person_id in found]})


def record(visit: Visit) -> Response:
    return json_answer(visit.core.records.of(API, visit.path("id"), messages=visit.query("messages") == "1"))


def alerts(visit: Visit) -> Response:
    status = visit.query("status") or AlertStatus.OPEN.value
    return json_answer({"alerts": [alert_dict(alert) for alert in visit.core.alerts.listed(API, status)]})


routes = [
    page("/api/people", people, TOKEN),
    page("/api/people/{id}/record", record, TOKEN),
    page("/api/alerts", alerts, TOKEN),
]

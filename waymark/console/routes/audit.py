"""The audit trail without content, and whether its chain is whole."""

from __future__ import annotations

from starlette.responses import Response

from waymark.console.auth import needs, page
from waymark.console.presenters import times, wording
from waymark.console.visit import Visit, render
from waymark.domain.staff import Right

SHOWN = 200


def show(visit: Visit) -> Response:
    trail, zone = visit.core.audit_trail, visit.core.settings.zone
    person = visit.query("person").strip()
    entries = [
        {
            "at": times.moment(entry.at, zone),
            "actor": wording.author(entry.actor),
            "action": entry.action,
            "person": entry.person_id or "",
            "target": entry.target,
        }
        for entry in trail.entries(person or None, SHOWN)
    ]
    return render(visit, "audit.html", entries=entries, person=person, broken=trail.first_break(), most=SHOWN)


routes = [page("/audit", show, needs(Right.SEE_AUDIT))]

"""The worklist: whose plan waits, who has an open alert, who wrote last."""

from __future__ import annotations

from starlette.responses import Response

from waymark.console.auth import needs, page
from waymark.console.presenters import worklist as presenter
from waymark.console.visit import Visit, render
from waymark.domain.staff import Right


def show(visit: Visit) -> Response:
    rows = visit.core.care_team.worklist(visit.member)
    names = {entry.id: entry.name for entry in visit.core.staff_access.directory()}
    view = presenter.present(
        rows, visit.member, names, visit.query("show"), now=visit.now, zone=visit.core.settings.zone
    )
    return render(visit, "worklist.html", list=view)


routes = [page("/", show, needs(Right.SEE_WORKLIST))]

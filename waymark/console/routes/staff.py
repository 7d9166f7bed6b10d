"""Staff logins: who there is, and a new enrolment link."""

from __future__ import annotations

from starlette.responses import Response

from waymark.console.auth import action, needs, page
from waymark.console.presenters import times, wording
from waymark.console.presenters.shell import sentence
from waymark.console.visit import Visit, render
from waymark.domain.actors import Actor
from waymark.domain.errors import InvalidChange
from waymark.domain.staff import Right, Role


def show(visit: Visit) -> Response:
    return _page(visit)


def add(visit: Visit) -> Response:
    """Make a login. Its link is in this answer and nowhere else."""
    name, role = visit.field("name").strip(), visit.field("role")
    try:
        token = visit.core.staff_access.add(Actor.staff(visit.member), name, role)
    except InvalidChange as error:
        return _page(visit, status=422, problem=sentence(str(error)))
    link = f"{visit.request.base_url}enrol/{token}"
    return render(visit, "staff_link.html", name=name, role=wording.role(role), link=link)


def _page(visit: Visit, *, status: int = 200, problem: str = "") -> Response:
    zone = visit.core.settings.zone
    members = [
        {
            "name": entry.name,
            "role": wording.capital(wording.role(entry.role)),
            "enrolled": "enrolled" if entry.enrolled else "link not used yet",
            "duty": times.moment(entry.on_duty_until, zone)
            if entry.on_duty_until and entry.on_duty_until > visit.now
            else "",
        }
        for entry in visit.core.staff_access.directory()
    ]
    return render(
        visit,
        "staff.html",
        status=status,
        members=members,
        roles=[(role.value, wording.capital(wording.role(role.value))) for role in Role],
        name=visit.field("name"),
        role=visit.field("role"),
        problem=problem,
    )


routes = [
    page("/staff", show, needs(Right.MANAGE_STAFF)),
    action("/staff", add, needs(Right.MANAGE_STAFF)),
]

"""One person: what they told, the conversation, and what the team does about it."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from waymark.console.auth import action, needs, page
from waymark.console.presenters import person as presenter
from waymark.console.presenters.shell import sentence
from waymark.console.visit import Visit, go, render
from waymark.domain.actors import Actor
from waymark.domain.errors import InvalidChange
from waymark.domain.staff import Right
from waymark.services.care_team import MAX_STAFF_MESSAGE

DONE = {
    "sent": "Your message is on its way.",
    "taken": "You answer now. The assistant is silent, except for safety.",
    "returned": "The assistant answers again.",
    "assigned": "Saved who has this person.",
}


def show(visit: Visit) -> Response:
    return _page(visit)


def record(visit: Visit) -> Response:
    """The whole record as JSON, after the service has checked that the member may see the person."""
    person_id = visit.path("id")
    visit.core.care_team.person(visit.member, person_id)
    return JSONResponse(visit.core.records.of(Actor.staff(visit.member), person_id, messages=True))


def write(visit: Visit) -> Response:
    person_id = visit.path("id")
    try:
        visit.core.care_team.write(visit.member, person_id, visit.field("text"))
    except InvalidChange as error:
        return _page(visit, status=422, problem=sentence(str(error)), text=visit.field("text"))
    return go(visit, f"/people/{person_id}?done=sent#write")


def take_over(visit: Visit) -> Response:
    visit.core.care_team.take_over(visit.member, visit.path("id"))
    return go(visit, f"/people/{visit.path('id')}?done=taken#write")


def hand_back(visit: Visit) -> Response:
    visit.core.care_team.hand_back(visit.member, visit.path("id"))
    return go(visit, f"/people/{visit.path('id')}?done=returned#write")


def assign(visit: Visit) -> Response:
    """Take the person on, or as a lead give them to somebody; an empty choice means nobody."""
    visit.core.care_team.assign(visit.member, visit.path("id"), visit.field("to") or None)
    return go(visit, f"/people/{visit.path('id')}?done=assigned")


def _page(visit: Visit, *, status: int = 200, problem: str = "", text: str = "") -> Response:
    member, person_id = visit.member, visit.path("id")
    core = visit.core
    seen = core.care_team.person(member, person_id)
    kept = core.records.of(Actor.staff(member), person_id, messages=True)
    staff = core.staff_access.directory()
    view = presenter.present(seen, kept, member, staff, now=visit.now, zone=core.settings.zone)
    return render(
        visit,
        "person.html",
        status=status,
        person=view,
        my_id=member.id,
        problem=problem,
        text=text,
        longest=MAX_STAFF_MESSAGE,
        done=DONE.get(visit.query("done"), ""),
    )


routes = [
    page("/people/{id}", show, needs(Right.SEE_PERSON)),
    page("/people/{id}/record.json", record, needs(Right.SEE_PERSON)),
    action("/people/{id}/messages", write, needs(Right.WRITE_TO_PERSON)),
    action("/people/{id}/take-over", take_over, needs(Right.WRITE_TO_PERSON)),
    action("/people/{id}/hand-back", hand_back, needs(Right.WRITE_TO_PERSON)),
    # Those who have a worklist take people on: an on-call member would hide the person from the counsellors.
    action("/people/{id}/assign", assign, needs(Right.SEE_WORKLIST)),
]

"""The plan of a person: read it, correct it, compare versions, sign it."""

from __future__ import annotations

from starlette.responses import Response

from waymark.console.auth import action, needs, page
from waymark.console.presenters import plan as presenter
from waymark.console.presenters import plan_form, wording
from waymark.console.presenters.shell import sentence
from waymark.console.visit import Visit, go, render
from waymark.domain.errors import InvalidChange, NotFound, VersionConflict
from waymark.domain.plan import PlanVersion
from waymark.domain.staff import Right
from waymark.services.planning import PlanView

DONE = {
    "edited": "Saved as a new version. It needs a signature and the person’s yes.",
    "signed": "Signed. The person is told that there is news about their plan.",
}


def show(visit: Visit) -> Response:
    """The newest version as a document, or a page that says why there is none."""
    view = _view(visit)
    if view.newest is None:
        return render(visit, "plan_none.html", id=visit.path("id"), short_id=wording.short_id(visit.path("id")))
    return _plan_page(visit, view, view.newest)


def show_version(visit: Visit) -> Response:
    """Version n and how it differs from the one before."""
    view = _view(visit)
    version = _version(view, visit.path("n"))
    before = next((v for v in view.versions if v.version == version.version - 1), None)
    return render(
        visit,
        "plan_version.html",
        id=visit.path("id"),
        short_id=wording.short_id(visit.path("id")),
        doc=presenter.document(view, version, visit.core.settings.zone),
        before=before.version if before else None,
        changes=presenter.changes(before.body, version.body) if before else (),
        last=max(v.version for v in view.versions),
    )


def show_edit(visit: Visit) -> Response:
    newest = _newest(_view(visit))
    return _edit_page(visit, plan_form.blank(newest.body, newest.version))


def edit(visit: Visit) -> Response:
    """Save a new version. Whatever goes wrong, the form comes back with everything that was typed."""
    view = _view(visit)
    base = _base(view, visit.field("base_version"))
    sent, removed = frozenset(visit.form), frozenset(str(line) for line in visit.form.getlist("remove"))
    try:
        asked = plan_form.read(base.body, visit.field, sent, removed)
        visit.core.planning.edit(visit.member, visit.path("id"), **vars(asked))
    except VersionConflict as error:
        newest = _newest(view).version
        form = plan_form.refilled(base.body, visit.field, sent, removed)
        return _edit_page(visit, form, status=409, problem=sentence(str(error)), newest=newest)
    except InvalidChange as error:
        form = plan_form.refilled(base.body, visit.field, sent, removed)
        return _edit_page(visit, form, status=422, problem=sentence(str(error)))
    return go(visit, f"/people/{visit.path('id')}/plan?done=edited")


def confirm_sign(visit: Visit) -> Response:
    """One more look before the signature."""
    view = _view(visit)
    newest = _newest(view)
    return render(
        visit,
        "plan_sign.html",
        id=visit.path("id"),
        short_id=wording.short_id(visit.path("id")),
        doc=presenter.document(view, newest, visit.core.settings.zone),
    )


def sign(visit: Visit) -> Response:
    number = visit.field("version")
    if not number.isdigit():
        raise InvalidChange("the form does not say which version is signed; open the plan again")
    try:
        visit.core.planning.sign(visit.member, visit.path("id"), version=int(number))
    except (VersionConflict, InvalidChange) as error:
        view = _view(visit)
        return _plan_page(visit, view, _newest(view), status=409, problem=sentence(str(error)))
    return go(visit, f"/people/{visit.path('id')}/plan?done=signed")


def _view(visit: Visit) -> PlanView:
    return visit.core.planning.view(visit.member, visit.path("id"))


def _newest(view: PlanView) -> PlanVersion:
    if view.newest is None:
        raise NotFound("this person has no plan yet")
    return view.newest


def _version(view: PlanView, number: str) -> PlanVersion:
    found = next((v for v in view.versions if str(v.version) == number), None)
    if found is None:
        raise NotFound("there is no such version of the plan")
    return found


def _base(view: PlanView, number: str) -> PlanVersion:
    """The version that the form was filled from, so that its lines can be shown again; else the newest."""
    return next((v for v in view.versions if str(v.version) == number), None) or _newest(view)


def _plan_page(visit: Visit, view: PlanView, newest: PlanVersion, *, status: int = 200, problem: str = "") -> Response:
    return render(
        visit,
        "plan.html",
        status=status,
        id=visit.path("id"),
        short_id=wording.short_id(visit.path("id")),
        page=presenter.present(view, newest, visit.member, visit.core.settings.zone),
        problem=problem,
        done=DONE.get(visit.query("done"), ""),
    )


def _edit_page(
    visit: Visit, form: plan_form.PlanForm, *, status: int = 200, problem: str = "", newest: int = 0
) -> Response:
    person_id = visit.path("id")
    return render(
        visit,
        "plan_edit.html",
        status=status,
        id=person_id,
        short_id=wording.short_id(person_id),
        form=form,
        problem=problem,
        newest=newest,
    )


routes = [
    page("/people/{id}/plan", show, needs(Right.SEE_PERSON)),
    page("/people/{id}/plan/versions/{n}", show_version, needs(Right.SEE_PERSON)),
    page("/people/{id}/plan/edit", show_edit, needs(Right.EDIT_PLAN)),
    action("/people/{id}/plan/edit", edit, needs(Right.EDIT_PLAN)),
    page("/people/{id}/plan/sign", confirm_sign, needs(Right.SIGN_PLAN)),
    action("/people/{id}/plan/sign", sign, needs(Right.SIGN_PLAN)),
]

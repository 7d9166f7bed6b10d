"""Enrolment, sign-in, sign-out, the duty switch and the health check."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyotp
import segno
from markupsafe import Markup
from starlette.responses import JSONResponse, Response

from waymark.console import cookies
from waymark.console.auth import PUBLIC, SIGNED_IN, action, needs, page
from waymark.console.presenters.shell import home, sentence
from waymark.console.visit import Visit, go, render
from waymark.domain.errors import InvalidChange, NotAllowed
from waymark.domain.staff import Right
from waymark.services.staff_access import MIN_PASSWORD

ISSUER = "Waymark"
LONGEST_DUTY = timedelta(hours=24)


def health(visit: Visit) -> Response:
    """Alive. Says nothing else."""
    return JSONResponse({"status": "ok"})


def show_enrolment(visit: Visit) -> Response:
    return _enrolment(visit)


def enrol(visit: Visit) -> Response:
    """Set the password with one code of the authenticator."""
    try:
        visit.core.staff_access.enrol(visit.path("token"), visit.field("password"), visit.field("code"))
    except InvalidChange as error:
        return _enrolment(visit, status=422, problem=sentence(str(error)))
    return go(visit, "/login?why=enrolled")


def show_sign_in(visit: Visit) -> Response:
    return _sign_in(visit)


def sign_in(visit: Visit) -> Response:
    """Open a session with name, password and code."""
    access = visit.core.staff_access
    try:
        signed = access.sign_in(visit.field("name"), visit.field("password"), visit.field("code"))
    except NotAllowed as error:
        return _sign_in(visit, status=403, problem=sentence(str(error)))
    wanted = visit.field("next")
    response = go(visit, wanted if _own_path(wanted) else home(signed.member))
    cookies.give_session(response, visit.core, signed.token)
    return response


def sign_out(visit: Visit) -> Response:
    visit.core.staff_access.sign_out(cookies.session_token(visit.request))
    response = go(visit, "/login?why=signed_out")
    cookies.end_session(response)
    return response


def stay(visit: Visit) -> Response:
    """Called while somebody types a long text, so that typing counts as use of the session."""
    return Response(status_code=204)


def set_duty(visit: Visit) -> Response:
    """On duty until the chosen hour, or off duty when none is given."""
    chosen = visit.field("until")
    visit.core.staff_access.set_duty(visit.member.id, _hour(visit, chosen) if chosen else None)
    back = visit.field("back")
    return go(visit, back if _own_path(back) else home(visit.member))


def _hour(visit: Visit, text: str) -> datetime:
    try:
        hour = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidChange("choose the hour until which you are on duty") from error
    if hour.tzinfo is None or not visit.now < hour <= visit.now + LONGEST_DUTY:
        raise InvalidChange("choose an hour within the next day")
    return hour


def _own_path(path: str) -> bool:
    """A screen of this console; ``//host`` and ``/\\host`` would lead elsewhere, ``/`` is not everybody's home."""
    return path.startswith("/") and path[1:2] not in ("", "/", "\\") and not path.startswith("/log")


def _enrolment(visit: Visit, *, status: int = 200, problem: str = "") -> Response:
    found = visit.core.staff_access.enrolling(visit.path("token"))
    uri = pyotp.TOTP(found.totp_secret).provisioning_uri(name=found.name, issuer_name=ISSUER)
    drawing = segno.make(uri, error="m").svg_inline(scale=4, border=2, title="Code to scan with an authenticator app")
    return render(
        visit,
        "enrol.html",
        status=status,
        name=found.name,
        secret=" ".join(found.totp_secret[i : i + 4] for i in range(0, len(found.totp_secret), 4)),
        drawing=Markup(drawing),  # noqa: S704 - made here from our own secret, not from input
        min_password=MIN_PASSWORD,
        problem=problem,
    )


def _sign_in(visit: Visit, *, status: int = 200, problem: str = "") -> Response:
    return render(
        visit,
        "login.html",
        status=status,
        name=visit.field("name"),
        wanted=visit.field("next") or visit.query("next"),
        why=visit.query("why"),
        problem=problem,
    )


routes = [
    page("/health", health, PUBLIC),
    page("/enrol/{token}", show_enrolment, PUBLIC),
    action("/enrol/{token}", enrol, PUBLIC),
    page("/login", show_sign_in, PUBLIC),
    action("/login", sign_in, PUBLIC),
    action("/logout", sign_out, SIGNED_IN),
    page("/stay", stay, SIGNED_IN),
    action("/duty", set_duty, needs(Right.SEE_ALERTS)),
]

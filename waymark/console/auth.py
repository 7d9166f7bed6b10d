"""Who may open what: every route declares its access here, and one guard checks it before the screen runs."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from enum import Enum
from typing import Any, Awaitable, Callable, Optional

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from waymark.bootstrap import Core
from waymark.console import cookies
from waymark.console.refusals import api_error, broken_rule, forged, signed_out
from waymark.console.visit import NO_FORM, Handler, Visit
from waymark.domain.errors import DomainError, NotAllowed
from waymark.domain.staff import Right
from waymark.services.staff_access import SignedIn

MAX_FORM_BYTES = 256 * 1024


class Kind(str, Enum):
    """PUBLIC: no login. SIGNED_IN: any login. RIGHT: a login with one right. TOKEN: the read API's bearer."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    RIGHT = "right"
    TOKEN = "token"


@dataclass(frozen=True)
class Access:
    """What a route asks for. A ``background`` route does not count as use of the session."""

    kind: Kind
    right: Optional[Right] = None
    background: bool = False


PUBLIC = Access(Kind.PUBLIC)
SIGNED_IN = Access(Kind.SIGNED_IN)
TOKEN = Access(Kind.TOKEN)


def needs(right: Right, *, background: bool = False) -> Access:
    """Access for members with that right."""
    return Access(Kind.RIGHT, right, background)


def page(path: str, handler: Handler, access: Access) -> Route:
    """A route that shows something."""
    return Route(path, guarded(handler, access), methods=["GET"])


def action(path: str, handler: Handler, access: Access) -> Route:
    """A route that a form is sent to."""
    return Route(path, guarded(handler, access), methods=["POST"])


def guarded(handler: Handler, access: Access) -> Callable[[Request], Awaitable[Response]]:
    """The handler behind its check. ``access`` stays readable on the endpoint, so that a test can list it."""

    async def endpoint(request: Request) -> Response:
        core: Core = request.app.state.core
        if request.method != "POST":
            return await run_in_threadpool(_serve, Visit(request, core, NO_FORM), handler, access)
        if not 0 <= _length(request) <= MAX_FORM_BYTES:
            return Response("This form is too long.", status_code=413, media_type="text/plain")
        form = await request.form()
        return await run_in_threadpool(_serve, Visit(request, core, form), handler, access)

    endpoint.access = access  # type: ignore[attr-defined]
    return endpoint


def _serve(visit: Visit, handler: Handler, access: Access) -> Response:
    if access.kind is Kind.TOKEN:
        return _serve_api(visit, handler)
    if access.kind is Kind.PUBLIC:
        return _serve_public(visit, handler)
    signed = _session(visit, access)
    if signed is None:
        return signed_out(visit, had_cookie=bool(cookies.session_token(visit.request)))
    visit = Visit(visit.request, visit.core, visit.form, signed.member, signed.csrf)
    try:
        if access.right is not None and not signed.member.may(access.right):
            raise NotAllowed("your role does not open this page")
        if visit.request.method == "POST" and not _same(visit.field("csrf"), signed.csrf):
            return forged(visit)
        return handler(visit)
    except DomainError as error:
        return broken_rule(visit, error)


def _serve_public(visit: Visit, handler: Handler) -> Response:
    """Pages before the login have a form token too, bound to a cookie of their own."""
    seed = cookies.form_seed(visit.request)
    expected = cookies.form_token(visit.core, seed)
    visit = Visit(visit.request, visit.core, visit.form, None, expected)
    try:
        known = cookies.has_form_seed(visit.request) and _same(visit.field("csrf"), expected)
        response = forged(visit) if visit.request.method == "POST" and not known else handler(visit)
    except DomainError as error:
        response = broken_rule(visit, error)
    if not cookies.has_form_seed(visit.request):
        cookies.give_form_seed(response, visit.core, seed)
    return response


def _serve_api(visit: Visit, handler: Handler) -> Response:
    expected = visit.core.settings.api_token
    if not expected:
        return api_error(404, "not_found", "The read API is switched off.")
    scheme, _, given = visit.request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not _same(given.strip(), expected):
        refused = api_error(401, "unauthorised", "Send the read API's token as a bearer token.")
        refused.headers["WWW-Authenticate"] = "Bearer"
        return refused
    try:
        return handler(visit)
    except DomainError as error:
        status = {"not_found": 404, "not_allowed": 403}.get(error.code, 400)
        return api_error(status, error.code, str(error))


def _session(visit: Visit, access: Access) -> Optional[SignedIn]:
    token = cookies.session_token(visit.request)
    if not token:
        return None
    staff = visit.core.staff_access
    return staff.peek(token) if access.background else staff.session(token)


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _length(request: Request) -> int:
    """The announced length; a form without one is refused, so that nobody streams without end."""
    raw = request.headers.get("Content-Length", "")
    return int(raw) if raw.isdigit() else -1


def json_answer(body: Any) -> JSONResponse:
    """An answer of the read API."""
    return JSONResponse(body)

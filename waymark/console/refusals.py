"""Pages for what cannot be done. What was typed is always shown again, so that nobody has to write it twice."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import JSONResponse, Response

from waymark.console.presenters.shell import sentence
from waymark.console.visit import Visit, go, render
from waymark.domain.errors import DomainError

STATUS = {"not_found": 404, "not_allowed": 403, "version_conflict": 409, "invalid_change": 422}
HEADING = {404: "Not found", 403: "Not open to you", 409: "Something changed meanwhile", 422: "Please check this"}
NOT_TYPED = ("csrf", "password", "code", "base_version", "version")


def broken_rule(visit: Visit, error: DomainError) -> Response:
    """A rule of the product said no."""
    status = STATUS.get(error.code, 422)
    return _page(visit, status, HEADING[status], sentence(str(error)))


def forged(visit: Visit) -> Response:
    """The form did not come from a page of this login."""
    text = "This form is from an earlier sign-in or another site, so nothing was done. Open the page again and send it once more."
    return _page(visit, 403, "Nothing was sent", text)


def signed_out(visit: Visit, *, had_cookie: bool) -> Response:
    """Off to the sign-in; a form that came too late is shown instead, with everything typed in it."""
    if visit.request.method == "POST" and _typed(visit):
        text = "You were signed out, so nothing was sent. What you wrote is below: sign in, open the page again and paste it."
        return _page(visit, 401, "You were signed out", text)
    why = "&why=idle" if had_cookie else ""
    wanted = visit.request.url.path if visit.request.method == "GET" else "/"
    return go(visit, f"/login?next={quote(wanted)}{why}")


def api_error(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse({"error": code, "message": message}, status_code=status)


def _page(visit: Visit, status: int, heading: str, text: str) -> Response:
    return render(visit, "message.html", status=status, heading=heading, text=text, typed=_typed(visit))


def _typed(visit: Visit) -> list[tuple[str, str]]:
    kept = [(name, visit.field(name).strip()) for name in visit.form if name not in NOT_TYPED]
    return [(name.replace("_", " ").replace(".", " "), value) for name, value in kept if value]

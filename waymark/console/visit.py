"""One request as the screens see it: who is signed in, what was typed, and the pages to answer with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Callable, Optional

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from waymark.bootstrap import Core
from waymark.console.presenters import shell
from waymark.console.templating import ENVIRONMENT
from waymark.domain.staff import StaffMember

NO_FORM = FormData()


@dataclass(frozen=True)
class Visit:
    """A request after the guard let it in."""

    request: Request
    core: Core
    form: FormData
    staff: Optional[StaffMember] = None
    csrf: str = ""

    @property
    def member(self) -> StaffMember:
        """The signed-in member; only for screens whose guard asks for one."""
        if self.staff is None:
            raise RuntimeError("this route has no signed-in member")
        return self.staff

    @property
    def now(self) -> datetime:
        return self.core.clock.now()

    @property
    def partial(self) -> bool:
        """True when htmx asks for the content only; going back in history needs the whole page."""
        headers = self.request.headers
        return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"

    def path(self, name: str) -> str:
        return str(self.request.path_params[name])

    def query(self, name: str) -> str:
        return self.request.query_params.get(name, "")

    def field(self, name: str) -> str:
        """A typed field; browsers send line ends as CR LF, the record keeps LF."""
        value = self.form.get(name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else ""


Handler = Callable[[Visit], Response]


def render(visit: Visit, template: str, *, status: int = 200, **data: Any) -> Response:
    """A page, or only its content when htmx asked."""
    context = {
        "base": "partial.html" if visit.partial else "layout.html",
        "csrf": visit.csrf,
        "shell": shell.of(visit.staff, visit.now, visit.core.settings.zone, visit.request.url.path),
        **data,
    }
    html = ENVIRONMENT.get_template(template).render(context)
    return Response(html, status_code=status, media_type="text/html; charset=utf-8")


def go(visit: Visit, where: str) -> Response:
    """See another page: after a form was done, or when one must sign in first."""
    if visit.request.headers.get("HX-Request") == "true":
        return Response(status_code=204, headers={"HX-Redirect": where})
    return RedirectResponse(where, status_code=303)

"""The two cookies of the console: the session, and a seed for forms that are sent before the login."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from starlette.requests import Request
from starlette.responses import Response

from waymark.bootstrap import Core
from waymark.services.staff_access import MAX_SESSION

SESSION = "waymark_console"
FORM_SEED = "waymark_form"


def session_token(request: Request) -> str:
    return request.cookies.get(SESSION, "")


def give_session(response: Response, core: Core, token: str) -> None:
    _set(response, core, SESSION, token, int(MAX_SESSION.total_seconds()))


def end_session(response: Response) -> None:
    response.delete_cookie(SESSION, path="/", httponly=True, samesite="strict")


def has_form_seed(request: Request) -> bool:
    return bool(request.cookies.get(FORM_SEED))


def form_seed(request: Request) -> str:
    """The browser's seed, or a new one for it to keep."""
    return request.cookies.get(FORM_SEED) or secrets.token_urlsafe(24)


def give_form_seed(response: Response, core: Core, seed: str) -> None:
    _set(response, core, FORM_SEED, seed, None)


def form_token(core: Core, seed: str) -> str:
    """What a form sent before the login must carry to show that it came from our page."""
    key = core.secret("console-forms").encode()
    return hmac.new(key, seed.encode(), hashlib.sha256).hexdigest()


def _set(response: Response, core: Core, name: str, value: str, max_age: "int | None") -> None:
    settings = core.settings
    secure = settings.production or settings.public_url.startswith("https://")
    response.set_cookie(name, value, max_age=max_age, path="/", httponly=True, samesite="strict", secure=secure)

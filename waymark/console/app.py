"""The staff console and the read API as one Starlette application."""

from __future__ import annotations

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from waymark.bootstrap import Core, build_core
from waymark.console.headers import SecurityHeaders
from waymark.console.refusals import api_error
from waymark.console.routes import alerts, api, audit, login, people, plans, staff, worklist
from waymark.console.templating import FOLDER
from waymark.console.visit import NO_FORM, Visit, render

MODULES = (login, worklist, people, plans, alerts, audit, staff, api)


def create_app(core: Core) -> Starlette:
    """The console on a built core."""
    routes: list[BaseRoute] = [route for module in MODULES for route in module.routes]
    routes.append(Mount("/static", StaticFiles(directory=FOLDER / "static"), name="static"))
    settings = core.settings
    https = settings.production or settings.public_url.startswith("https://")
    app = Starlette(
        routes=routes,
        middleware=[Middleware(SecurityHeaders, https=https)],
        exception_handlers={HTTPException: _unknown_page},
    )
    app.state.core = core
    return app


async def _unknown_page(request: Request, error: Exception) -> Response:
    """No such page, or a method that it does not have."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if request.url.path.startswith("/api/"):
        return api_error(status, "not_found", "There is nothing at this address.")
    visit = Visit(request, request.app.state.core, NO_FORM)
    text = "There is nothing at this address."
    return render(visit, "message.html", status=status, heading="Not found", text=text, typed=[])


def main() -> None:
    """Run the console. The access log stays off: addresses hold the ids of people.

    ``ws="none"``: the console has no web sockets, and Rasa's pinned ``websockets`` is too old for uvicorn.
    """
    core = build_core()
    uvicorn.run(
        create_app(core),
        host=core.settings.host,
        port=core.settings.console_port,
        access_log=False,
        server_header=False,
        ws="none",
        log_level="info",
    )


if __name__ == "__main__":
    main()

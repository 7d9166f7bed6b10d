"""The widget's files, the page that shows it, and the numbers it keeps for when the server is away."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from waymark.domain.resources import CountryNumbers, Resources

FOLDER = Path(__file__).resolve().parent / "widget"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html"}
PAGES = ("page.html",)


class WidgetPages:
    """Static files by name; nothing outside the widget's folder can be asked for."""

    def __init__(self, resources: Resources, country: str, *, telegram: bool) -> None:
        self._numbers = numbers_dict(resources)
        self._numbers["telegram"] = telegram
        self._numbers["default_country"] = country or None
        self._files = {path.name: path for path in FOLDER.iterdir() if path.suffix in TYPES}

    def routes(self) -> list[Route]:
        return [
            Route("/", self.page, methods=["GET"]),
            Route("/widget.js", self.loader, methods=["GET"]),
            Route("/widget.css", self.style, methods=["GET"]),
            Route("/widget/resources.json", self.numbers, methods=["GET"]),
            Route("/widget/{name}", self.file, methods=["GET"]),
        ]

    async def page(self, request: Request) -> Response:
        return self._send("page.html")

    async def loader(self, request: Request) -> Response:
        return self._send("widget.js")

    async def style(self, request: Request) -> Response:
        return self._send("widget.css")

    async def numbers(self, request: Request) -> Response:
        return JSONResponse(self._numbers, headers={"Cache-Control": "no-cache"})

    async def file(self, request: Request) -> Response:
        return self._send(request.path_params["name"])

    def _send(self, name: str) -> Response:
        path = self._files.get(name)
        if path is None:
            return Response(status_code=404)
        return FileResponse(path, media_type=TYPES[path.suffix], headers={"Cache-Control": "no-cache"})


def numbers_dict(resources: Resources) -> dict[str, object]:
    """Numbers by country in the shape the widget reads."""
    countries = {code: _country(numbers) for code, numbers in resources.countries.items() if code != "unknown"}
    return {"version": "-".join(sorted({n.header.version for n in resources.countries.values()})), "countries": countries, "unknown": _country(resources.for_country(None))}


def _country(numbers: CountryNumbers) -> dict[str, object]:
    return {
        "name": numbers.name,
        "numbers": [
            {"kind": n.kind.value, "label": n.label, "number": n.number, "how": n.how.value} for n in numbers.numbers
        ],
    }

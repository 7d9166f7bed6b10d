"""As much of Telegram's Bot API as a check of the set-up asks for: getMe and getWebhookInfo."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field
from typing import Any, Optional

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

TOKEN = "700123:aaBB_cc-ddEEffGGhhIIjjKKllMMnnOOppQ"
USERNAME = "small_clinic_bot"


@dataclass
class SmallBotApi:
    """Answers on a loopback port. ``webhook`` is what getWebhookInfo tells; ``answer`` replaces every answer."""

    webhook: dict[str, Any] = field(default_factory=dict)
    answer: Optional[Response] = None
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        app = Starlette(routes=[Route("/{bot}/{method}", self._reply, methods=["GET", "POST"])])
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", ws="none"))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    async def _reply(self, request: Request) -> Response:
        method = request.path_params["method"]
        self.asked.append(method)
        if self.answer is not None:
            return self.answer
        if request.path_params["bot"] != f"bot{TOKEN}":
            return refusal(401, "Unauthorized")
        if method == "getMe":
            return accepted({"id": 700123, "is_bot": True, "first_name": "Small Clinic", "username": USERNAME})
        if method == "getWebhookInfo":
            return accepted({"url": "", "has_custom_certificate": False, "pending_update_count": 0, **self.webhook})
        return refusal(404, "Not Found")

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()


def accepted(result: Any) -> Response:
    return JSONResponse({"ok": True, "result": result})


def refusal(code: int, description: str, **more: Any) -> Response:
    return JSONResponse({"ok": False, "error_code": code, "description": description, **more}, status_code=code)


def page(code: int, text: str) -> Response:
    return PlainTextResponse(text, status_code=code)

"""The one way into Rasa: the front hands over a turn and gets the replies back (credentials.yml).

Typed text is only ever text: a leading slash is removed before Rasa sees it. Buttons and events come as
``parse_data`` and skip understanding. The route needs the installation's own secret.
"""

from __future__ import annotations

import hmac
import json
import logging
from typing import Any, Awaitable, Callable, Optional

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from waymark.bootstrap import build_core
from waymark.dialogue.patches import apply_patches
from waymark.dialogue_contract import SECRET_HEADER, SECRET_PURPOSE

logger = logging.getLogger(__name__)


apply_patches()


class TurnOutput(OutputChannel):
    """Collects the replies of one turn in order. Named after the person's channel, so that response
    variants for a channel work."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.replies: list[dict[str, Any]] = []

    def name(self) -> str:
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        custom = message.get("custom") or {}
        self.replies.append(
            {
                "text": message.get("text") or "",
                "kind": custom.get("kind", "message"),
                "buttons": [
                    {"title": b["title"], "payload": json.loads(b["payload"])} for b in message.get("buttons") or []
                ],
            }
        )


class FrontDoor(InputChannel):
    """Serves ``POST /webhooks/waymark/turn``."""

    @classmethod
    def name(cls) -> str:
        return "waymark"

    @classmethod
    def from_credentials(cls, credentials: Optional[dict[str, Any]]) -> "FrontDoor":
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        secret = build_core().secret(SECRET_PURPOSE)
        routes = Blueprint("waymark_front_door", url_prefix="/webhooks/waymark")

        @routes.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            is_ready = agent is not None and agent.is_ready()
            return json_response({"ready": is_ready}, status=200 if is_ready else 503)

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            if not hmac.compare_digest(request.headers.get(SECRET_HEADER, ""), secret):
                return json_response({"error": "forbidden"}, status=403)
            body = request.json
            output = TurnOutput(body["channel"])
            message = UserMessage(
                text=shielded(body["text"]),
                output_channel=output,
                sender_id=body["person_id"],
                parse_data=parse_data(body),
                input_channel=body["channel"],
                message_id=body["message_ids"][-1] if body["message_ids"] else None,
                metadata={"message_ids": body["message_ids"], "open_item": body.get("open_item")},
            )
            await on_new_message(message)
            return json_response({"replies": output.replies})

        return routes


def shielded(text: str) -> str:
    """Text that Rasa cannot take for a command: without white space and slashes at its start."""
    plain = text.strip().lstrip("/\\ \t\r\n")
    return plain or "."


def parse_data(body: dict[str, Any]) -> Optional[dict[str, Any]]:
    """What a button or an event of the front means; None for typed text, which is then understood."""
    intent = body.get("intent")
    if intent is None:
        return None
    named = {"name": intent, "confidence": 1.0}
    return {
        "text": shielded(body["text"]),
        "intent": named,
        "intent_ranking": [named],
        "entities": [],
    }

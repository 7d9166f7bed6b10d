"""Hands a turn to Rasa and reads back what is to be said. A turn is handed over only if all parts are up."""

from __future__ import annotations

import asyncio
import zlib
from dataclasses import dataclass
from typing import Any, Optional, Sequence

import httpx

from waymark.dialogue_contract import SAFETY_EVENT, SECRET_HEADER
from waymark.domain.messages import Button, ButtonPayload, Reply, ReplyKind

TURN_TIMEOUT = 20.0


class DialogueDown(Exception):
    """Rasa or the action server cannot take the turn now; it may be handed over again later."""


class DialogueFault(Exception):
    """Rasa took the turn and failed at it."""


@dataclass(frozen=True)
class HandOver:
    """One turn for Rasa. ``intent`` is set for buttons and events, None for typed text."""

    person_id: str
    channel: str
    text: str
    message_ids: tuple[str, ...]
    open_item: Optional[str] = None
    intent: Optional[str] = None


class RasaClient:
    """Talks to Rasa's connector over loopback."""

    def __init__(self, rasa_url: str, actions_url: str, secret: str) -> None:
        self._rasa, self._actions = rasa_url, actions_url
        self._http = httpx.AsyncClient(timeout=TURN_TIMEOUT, headers={SECRET_HEADER: secret}, trust_env=False)

    async def ready(self) -> dict[str, bool]:
        """Which of the two processes can take a turn."""
        return {"rasa": await self._up(f"{self._rasa}/webhooks/waymark/ready"), "actions": await self._up(f"{self._actions}/health")}

    async def turn(self, hand_over: HandOver) -> list[Reply]:
        """Replies of one turn. Raises DialogueDown or DialogueFault; silence counts as a fault."""
        if not await self._up(f"{self._actions}/health"):
            raise DialogueDown("actions")
        try:
            answer = await self._http.post(f"{self._rasa}/webhooks/waymark/turn", json=_body(hand_over))
        except httpx.HTTPError as error:
            raise DialogueDown(type(error).__name__) from error
        if answer.status_code != 200:
            raise DialogueFault(f"status {answer.status_code}")
        replies = [_reply(raw) for raw in answer.json()["replies"]]
        if not replies and hand_over.intent != SAFETY_EVENT:
            raise DialogueFault("silence")
        return replies

    async def close(self) -> None:
        await self._http.aclose()

    async def _up(self, url: str) -> bool:
        try:
            answer = await self._http.get(url, timeout=2.0)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200


class RasaServers:
    """Several Rasa servers, each with its action server. A person always goes to the same one."""

    def __init__(self, clients: Sequence[RasaClient]) -> None:
        self._clients = tuple(clients)

    async def ready(self) -> dict[str, bool]:
        """A part is up when it is up everywhere."""
        each = await asyncio.gather(*(client.ready() for client in self._clients))
        return {part: all(ready[part] for ready in each) for part in each[0]}

    async def turn(self, hand_over: HandOver) -> list[Reply]:
        place = zlib.crc32(hand_over.person_id.encode()) % len(self._clients)
        return await self._clients[place].turn(hand_over)

    async def close(self) -> None:
        for client in self._clients:
            await client.close()


def _body(hand_over: HandOver) -> dict[str, Any]:
    return {
        "person_id": hand_over.person_id,
        "channel": hand_over.channel,
        "text": hand_over.text.encode("utf-8", "replace").decode(),
        "message_ids": list(hand_over.message_ids),
        "open_item": hand_over.open_item,
        "intent": hand_over.intent,
    }


def _reply(raw: dict[str, Any]) -> Reply:
    buttons = tuple(Button(b["title"], ButtonPayload.from_dict(b["payload"])) for b in raw["buttons"])
    return Reply(text=raw["text"], kind=ReplyKind(raw["kind"]), buttons=buttons)

"""What an action needs to know of the turn: whose it is, which messages, and what was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from rasa_sdk import Tracker


class TurnWithoutMessage(ValueError):
    """The turn names no stored message; only the front door may start one."""


@dataclass(frozen=True)
class Turn:
    """``intent`` is the need served first."""

    person_id: str
    message_ids: tuple[str, ...]
    intent: Optional[str]

    @classmethod
    def from_tracker(cls, tracker: Tracker) -> "Turn":
        metadata = tracker.latest_message.get("metadata") or {}
        message_ids = tuple(metadata.get("message_ids") or ())
        if not message_ids:
            raise TurnWithoutMessage(tracker.sender_id)
        intent = (tracker.latest_message.get("intent") or {}).get("name")
        return cls(tracker.sender_id, message_ids, intent)

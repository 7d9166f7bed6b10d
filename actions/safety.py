"""What Rasa hears of a safety reply: that there was one. The front has said it and stored the alert."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher


class SafetyNoted(Action):
    """Says nothing: the conversation waits on the safety check that is open in the database."""

    def name(self) -> str:
        return "action_safety_noted"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        return [SlotSet("answer", None)]

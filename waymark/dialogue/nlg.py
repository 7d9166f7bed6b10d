"""Picks the variant of a phrase that was said least recently to this person, so that words do not repeat."""

from __future__ import annotations

import copy
from typing import Any, Optional

from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

VARIANT = "variant"


class UnknownPhrase(KeyError):
    """An action asked for a phrase that no file in ``data/responses`` holds."""


class LeastRecentlySaid(TemplatedNaturalLanguageGenerator):
    """Set in endpoints.yml as ``nlg: type``. Rasa's channel and condition variants keep working."""

    def __init__(self, endpoint_config: Optional[EndpointConfig], domain: Domain) -> None:
        super().__init__(domain.responses)

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> Optional[dict[str, Any]]:
        """The chosen variant, filled. Raises UnknownPhrase rather than saying nothing."""
        if utter_action not in self.responses:
            raise UnknownPhrase(utter_action)
        slots = tracker.current_slot_values()
        fitting = ResponseVariationFilter(self.responses).responses_for_utter_action(utter_action, output_channel, slots)
        if not fitting:
            raise UnknownPhrase(utter_action)
        index = least_recent(len(fitting), said_before(tracker, utter_action))
        filled = self._fill_response(copy.deepcopy(fitting[index]), slots, **kwargs)
        filled.setdefault("metadata", {})
        filled["metadata"] = {**filled["metadata"], VARIANT: index, "phrase": utter_action}
        return filled


def said_before(tracker: DialogueStateTracker, utter_action: str) -> list[int]:
    """Variants of a phrase already said in this talk, oldest first."""
    said = []
    for event in tracker.events:
        if isinstance(event, BotUttered):
            metadata = (event.metadata or {}).get("metadata") or {}
            if metadata.get("phrase") == utter_action and VARIANT in metadata:
                said.append(int(metadata[VARIANT]))
    return said


def least_recent(count: int, said: list[int]) -> int:
    """The variant never said, else the one said longest ago; the lower index on a tie."""
    last = {variant: position for position, variant in enumerate(said)}
    return min(range(count), key=lambda variant: (last.get(variant, -1), variant))

"""The shape of every action: the turn, one service call, what to say, slot events."""

from __future__ import annotations

import abc
import asyncio
import logging
import uuid
from functools import lru_cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.replies import say
from actions.turn import Turn
from waymark.bootstrap import Core, build_core
from waymark.domain.errors import DomainError
from waymark.domain.messages import Outcome
from waymark.services.dialogue import TurnScope

logger = logging.getLogger(__name__)

ANSWER = "answer"


@lru_cache(maxsize=1)
def core() -> Core:
    """The services of this process, built at the first turn."""
    return build_core()


class TurnAction(Action, abc.ABC):
    """Runs one use case for the turn. Subclasses name it and say which service does the work.

    ``notes_facts``: what a message says beside its need is kept too; the form's own actions do that themselves.
    """

    notes_facts = True

    @abc.abstractmethod
    def name(self) -> str: ...

    @abc.abstractmethod
    def work(self, services: Core, scope: TurnScope) -> Outcome: ...

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        outcome = await self.outcome(tracker)
        say(dispatcher, outcome)
        return self.events(outcome)

    def _served(self, services: Core, scope: TurnScope) -> Outcome:
        if self.notes_facts:
            services.intake.note(scope)
        return self.work(services, scope)

    def events(self, outcome: Outcome) -> list[dict[str, Any]]:
        """The form's slot is emptied, so that nothing said earlier is taken for an answer."""
        return [SlotSet(ANSWER, None)]

    async def outcome(self, tracker: Tracker) -> Outcome:
        """The use case's outcome; for an unknown fault the safe reply with the emergency number."""
        turn, services = Turn.from_tracker(tracker), core()
        try:
            return await asyncio.to_thread(
                services.dialogue.run, self.name(), turn.message_ids, lambda scope: self._served(services, scope), turn.intent
            )
        except DomainError as error:
            logger.warning("turn refused: %s", error.code)
            return Outcome(says=services.safe_reply(error.code), open=True)
        except Exception:  # noqa: BLE001 - the person must get an answer whatever broke
            fault = uuid.uuid4().hex[:12]
            logger.exception("turn failed, fault %s", fault)
            return Outcome(says=services.safe_reply(fault), open=True)

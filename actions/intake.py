"""The questionnaire form: take an answer, ask the open question, and the moves around it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import ANSWER, TurnAction
from actions.replies import say
from waymark.bootstrap import Core
from waymark.domain.messages import Outcome
from waymark.services.dialogue import TurnScope


class ValidateQuestionnaire(TurnAction):
    """Takes the answer. The slot stays empty while a question is open and says "done" when none is."""

    notes_facts = False

    def name(self) -> str:
        return "validate_questionnaire"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if tracker.slots_to_validate().get(ANSWER) is None:
            return []  # the message was no answer: the form steps aside for the rule of its need
        outcome = await self.outcome(tracker)
        say(dispatcher, outcome)
        return [SlotSet(ANSWER, None if outcome.open else "done")]

    def work(self, services: Core, scope: TurnScope) -> Outcome:
        return services.intake.take(scope)


class AskAnswer(TurnAction):
    """Asks the open question; the form calls it while its slot is empty."""

    notes_facts = False

    def name(self) -> str:
        return "action_ask_answer"

    def events(self, outcome: Outcome) -> list[dict[str, Any]]:
        return []

    def work(self, services: Core, scope: TurnScope) -> Outcome:
        return services.intake.ask(scope)


class SkipQuestion(TurnAction):
    def name(self) -> str:
        return "action_skip_question"

    def work(self, services: Core, scope: TurnScope) -> Outcome:
        return services.intake.skip(scope)


class WhyAsk(TurnAction):
    def name(self) -> str:
        return "action_why_ask"

    def work(self, services: Core, scope: TurnScope) -> Outcome:
        return services.intake.why(scope)


class RepeatQuestion(TurnAction):
    def name(self) -> str:
        return "action_repeat_question"

    def work(self, services: Core, scope: TurnScope) -> Outcome:
        return services.intake.repeat(scope)


class PauseIntake(TurnAction):
    def name(self) -> str:
        return "action_pause_intake"

    def work(self, services: Core, scope: TurnScope) -> Outcome:
        return services.intake.pause(scope)


class ResumeIntake(TurnAction):
    def name(self) -> str:
        return "action_resume_intake"

    def work(self, services: Core, scope: TurnScope) -> Outcome:
        return services.intake.resume(scope)


class GoBackCorrect(TurnAction):
    def name(self) -> str:
        return "action_go_back_correct"

    def work(self, services: Core, scope: TurnScope) -> Outcome:
        return services.intake.go_back(scope)

"""Needs that a phrase alone serves. They are still turns: the first one greets, and each counts once."""

from __future__ import annotations

import abc

from actions.base import TurnAction
from waymark.bootstrap import Core
from waymark.domain.messages import Outcome
from waymark.services.dialogue import TurnScope


class PhraseAction(TurnAction, abc.ABC):
    """Says the phrase of its need."""

    @property
    @abc.abstractmethod
    def need(self) -> str: ...

    def name(self) -> str:
        return f"action_{self.need}"

    def work(self, services: Core, scope: TurnScope) -> Outcome:
        return services.needs.phrase(self.need)


class Goodbye(PhraseAction):
    need = "goodbye"


class Thank(PhraseAction):
    need = "thank"


class AskWhoAreYou(PhraseAction):
    need = "ask_who_are_you"


class AskAreYouHuman(PhraseAction):
    need = "ask_are_you_human"


class AngerAtBot(PhraseAction):
    need = "anger_at_bot"


class MedicalQuestion(PhraseAction):
    """A question about a medicine does not tell that it is used."""

    need = "medical_question"
    notes_facts = False


class FamilyWorriedAboutOther(PhraseAction):
    """What is told is somebody else's, and no notes are kept on them."""

    need = "family_worried_about_other"
    notes_facts = False


class OffTopicSmalltalk(PhraseAction):
    need = "off_topic_smalltalk"


class OutOfScope(PhraseAction):
    need = "out_of_scope"

"""The open question is part of the input: what answers it is an answer, whatever it looks like.

"20", "last night" or "sam" say nothing by themselves; asked for an amount, a time or a name they do. The
front sends the open item with each message; this component reads the text as an answer to it. Asked for free
words, only a need that the classifier is sure of is taken as one: a lost answer is worse than a need that is
asked about again.
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any, Dict, List, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from waymark.bootstrap import build_core
from waymark.domain.facts import AnswerKind, Facts
from waymark.domain.intake import Item
from waymark.services.reading import read_answer

READ_BY_FACTS = frozenset(AnswerKind) - {AnswerKind.FREE_TEXT}

URGENT = frozenset({"craving_now", "ask_human", "call_me_back"})
CLEAR = frozenset(
    {"skip_question", "why_ask", "repeat_question", "pause_intake", "go_back_correct", "delete_my_data", "ask_privacy", "ask_my_plan"}
)
URGENT_FROM, CLEAR_FROM, ANY_FROM, GREET_FROM, NOTHING_OPEN_FROM = 0.4, 0.6, 0.8, 0.92, 0.55
"""How sure the classifier must be before a message that came after a question is taken for another need. A lost
answer is worse than a need that has to be said twice; an urgent need is worth asking for at once."""

DIGIT, DIGITS_OF_A_NUMBER = re.compile(r"\d"), 7

STORY_OVER_URGENT, HABIT_OVER_URGENT = 0.7, 0.9
"""A message about one's own use, the more so with how often, is a story unless an urgent need is plain."""

ABOUT_SUBSTANCES = frozenset({"medical_question"})
"""Needs that name a substance without telling of one's own use."""

NAMES_MISTAKEN = (URGENT | CLEAR) - {"call_me_back"}
"""Needs that a name is never read from, such as "skip". The name reader itself tells "call me sam" from "call me back"."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class OpenQuestion(GraphComponent):
    """Sets the intent to ``answer`` when the text answers the open question. Comes last in the pipeline."""

    def __init__(self) -> None:
        self._core = build_core()

    @classmethod
    def create(
        cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "OpenQuestion":
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            metadata = message.get(METADATA) or {}
            if "message_ids" not in metadata:
                continue  # not a turn of a person
            item = self._core.questionnaire.by_id.get(metadata.get("open_item") or "")
            if self._answers(item, message):
                message.set(INTENT, {INTENT_NAME_KEY: "answer", "confidence": 1.0}, add_to_output=True)
        return messages

    def _answers(self, item: Optional[Item], message: Message) -> bool:
        """Whether the message is taken as an answer to the open item or, with none open, as the person's story."""
        intent = message.get(INTENT) or {}
        need, confidence = intent.get(INTENT_NAME_KEY), float(intent.get("confidence") or 0.0)
        text = str(message.get(TEXT) or "")
        facts = self._facts(item, text)
        if item is not None and item.kind in READ_BY_FACTS and read_answer(item, text, facts, {}).value is not None:
            asks_about_it = item.kind is AnswerKind.SUBSTANCES and need in ABOUT_SUBSTANCES and confidence >= URGENT_FROM
            return not asks_about_it and not (item.kind is AnswerKind.NAME and need in NAMES_MISTAKEN)
        if item is not None and item.kind is AnswerKind.CONTACT and len(DIGIT.findall(text)) >= DIGITS_OF_A_NUMBER:
            return True  # the country that makes it a number is known to the service, not here
        plain_urgency = STORY_OVER_URGENT if facts.days_per_week is None else HABIT_OVER_URGENT
        if facts.substances and need not in ABOUT_SUBSTANCES and (need not in URGENT or confidence < plain_urgency):
            return True
        if need in URGENT | ABOUT_SUBSTANCES:
            return confidence < URGENT_FROM
        if item is None:
            return confidence < NOTHING_OPEN_FROM
        if need == "greet":
            return confidence < GREET_FROM
        return confidence < (CLEAR_FROM if need in CLEAR else ANY_FROM)

    def _facts(self, item: Optional[Item], text: str) -> Facts:
        now, country = datetime.now(timezone.utc), self._core.settings.country or None
        return self._core.fact_reader.read(text, question=item.kind if item else None, now=now, country=country)

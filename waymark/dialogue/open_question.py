"""The open question is part of the input: what answers it is an answer, whatever it looks like.

"20", "last night" or "sam" say nothing by themselves; asked for an amount, a time or a name they do. The
front sends the open item with each message; this component reads the text as an answer to it.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from waymark.bootstrap import build_core
from waymark.domain.facts import AnswerKind
from waymark.services.reading import read_answer

READ_BY_FACTS = frozenset(AnswerKind) - {AnswerKind.FREE_TEXT}
TALK_OF_OTHER_THINGS = ("skip_question", "why_ask", "repeat_question", "ask_human", "call_me_back", "craving_now", "delete_my_data")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class OpenQuestion(GraphComponent):
    """Sets the intent to ``answer`` when the text answers the open question. Comes last in the pipeline."""

    def __init__(self) -> None:
        self._core = build_core()

    @classmethod
    def create(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "OpenQuestion":
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            item_id = (message.get(METADATA) or {}).get("open_item")
            item = self._core.questionnaire.by_id.get(item_id or "")
            if item is None or item.kind not in READ_BY_FACTS:
                continue
            text = str(message.get(TEXT) or "")
            now = datetime.now(timezone.utc)
            facts = self._core.fact_reader.read(text, question=item.kind, now=now, country=self._core.settings.country or None)
            named = (message.get(INTENT) or {}).get(INTENT_NAME_KEY)
            if read_answer(item, text, facts, {}).value is None or (item.kind is AnswerKind.NAME and named in TALK_OF_OTHER_THINGS):
                continue
            message.set(INTENT, {INTENT_NAME_KEY: "answer", "confidence": 1.0}, add_to_output=True)
        return messages

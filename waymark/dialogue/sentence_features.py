"""Gives Rasa's classifiers the meaning of a whole message as one vector (waymark.understanding.encoder).

The classifier that reads these features always uses the same regularisation, so the weight of the vector against
other features is set here, by its scale.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from waymark.config import load_settings
from waymark.understanding.encoder import SentenceEncoder, load_encoder

SCALE = "scale"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeatures(DenseFeaturizer, GraphComponent):
    """Adds the sentence vector, multiplied by ``scale``, to every message that has a text."""

    def __init__(self, config: Dict[str, Any], name: str, encoder: SentenceEncoder) -> None:
        super().__init__(name, config)
        self._encoder = encoder
        self._scale = float(config[SCALE])

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceFeatures":
        return cls(config, execution_context.node_name, load_encoder(load_settings().encoder))

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {**DenseFeaturizer.get_default_config(), SCALE: 1.0}

    @staticmethod
    def required_packages() -> List[str]:
        return ["safetensors", "tokenizers", "scipy"]

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        scale = config.get(SCALE, 1.0)
        if isinstance(scale, bool) or not isinstance(scale, (int, float)) or scale <= 0:
            raise InvalidConfigException(f"The scale of the sentence vectors must be above 0, not {scale!r}.")

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        """Vectors made by another encoder are not taken from the cache of an earlier training."""
        return load_settings().encoder

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the features; the messages are computed together."""
        worded = [message for message in messages if message.get(TEXT) is not None]
        vectors = self._encoder.encode([str(message.get(TEXT)) for message in worded]) * self._scale
        for message, vector in zip(worded, vectors, strict=True):
            row = vector.reshape(1, -1)
            message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

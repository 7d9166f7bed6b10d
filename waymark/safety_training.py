"""Trains the safety classifier from ``data/safety`` and the examples beside the rules; writes ``models/safety.npz``."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Sequence

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from waymark.adapters.content_yaml.safety_examples import load_safety_examples
from waymark.adapters.content_yaml.safety_rules import load_safety_rules
from waymark.config import ROOT, Settings
from waymark.domain.safety import AlertClass
from waymark.domain.safety_examples import SafetyExample
from waymark.understanding.encoder import SentenceEncoder, load_encoder
from waymark.understanding.normalise import normalise
from waymark.understanding.safety_classifier import NOTHING, Weights
from waymark.understanding.safety_features import PLACES, Floats, letters, meanings

SCALE = 6.0
"""Weight of the meaning against the letters; chosen by cross-validation grouped by voice (``make safety-report``)."""

STRENGTH = 4.0
"""How closely the data is followed (C of logistic regression); chosen the same way."""

MODEL = "safety.npz"


@dataclass(frozen=True)
class Prepared:
    """Examples in the form the classifier sees them, so that several trainings share the work."""

    meaning: Floats
    letters: csr_matrix
    labels: tuple[str, ...]
    voices: tuple[str, ...]


def prepare(examples: Sequence[SafetyExample], encoder: SentenceEncoder) -> Prepared:
    """Compute what the classifier sees of each example."""
    plain = [plain_of(example.text) for example in examples]
    places, weights, ends = [], [], [0]
    for text in plain:
        at, weight = letters(text)
        places.append(at)
        weights.append(weight)
        ends.append(ends[-1] + len(at))
    matrix = csr_matrix((np.concatenate(weights), np.concatenate(places), ends), shape=(len(plain), PLACES))
    labels = tuple(e.alert_class.value if e.danger and e.alert_class else NOTHING for e in examples)
    return Prepared(meanings(encoder, plain), matrix, labels, tuple(e.voice for e in examples))


def fit(prepared: Prepared, rows: Sequence[int], version: str, scale: float = SCALE, strength: float = STRENGTH) -> Weights:
    """Train on some of the examples."""
    chosen = np.asarray(rows)
    features = hstack([csr_matrix(prepared.meaning[chosen] * scale), prepared.letters[chosen]]).tocsr()
    labels = np.asarray(prepared.labels)[chosen]
    model = LogisticRegression(C=strength, max_iter=400, multi_class="multinomial")
    model.fit(features, labels)
    dimensions = prepared.meaning.shape[1]
    return Weights(
        classes=tuple(str(name) for name in model.classes_),
        meaning=model.coef_[:, :dimensions].astype(np.float32),
        letters=model.coef_[:, dimensions:].astype(np.float32),
        bias=model.intercept_.astype(np.float32),
        scale=scale,
        version=version,
    )


def train(settings: Settings, say: Callable[[str], None]) -> float:
    """Train on everything there is and write the model; returns the seconds it took."""
    began = time.monotonic()
    examples = training_examples(settings)
    prepared = prepare(examples, load_encoder(settings.encoder))
    say(f"  {time.monotonic() - began:5.0f} s  {len(examples)} messages of {len(set(prepared.voices))} voices read")
    weights = fit(prepared, range(len(examples)), version=f"safety@{digest(examples)}")
    settings.models.mkdir(parents=True, exist_ok=True)
    weights.save(settings.models / MODEL)
    return time.monotonic() - began


def training_examples(settings: Settings) -> list[SafetyExample]:
    """Messages of the voices that may be trained on, and the examples that stand beside the rules."""
    spoken = load_safety_examples(ROOT / "data" / "safety")
    return [*spoken, *rule_examples(settings.content / "safety")]


def rule_examples(folder: Path) -> list[SafetyExample]:
    """The rules' own examples, as messages of a voice called ``rules``."""
    rules = load_safety_rules(folder)
    made = []
    for rule in rules.rules:
        made += [SafetyExample("rules", text, AlertClass(rule.alert_class), True) for text in rule.examples]
        made += [SafetyExample("rules", text, AlertClass(rule.alert_class), False) for text in rule.look_alikes]
    return made


def plain_of(text: str) -> str:
    """The plain spelling of a whole message."""
    return " ".join(normalise(text).sentences)


def digest(examples: Sequence[SafetyExample]) -> str:
    """A short digest of everything trained on."""
    seen = hashlib.sha256()
    for example in examples:
        seen.update(f"{example.voice}\x1f{example.alert_class}\x1f{example.danger}\x1f{example.text}\n".encode())
    return seen.hexdigest()[:12]

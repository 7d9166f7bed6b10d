"""A trained second opinion on a message: how likely it shows each crisis class.

It never takes away what a rule has found. What it is sure of gets the fixed reply, what it is unsure of the one
direct question (docs/clinical/safety.md §1, rule 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import numpy as np

from waymark.domain.safety import AlertClass
from waymark.understanding.encoder import SentenceEncoder
from waymark.understanding.safety_features import Floats, letters, meanings, windows

NOTHING = "nothing"


class ClassifierError(Exception):
    """The trained classifier cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class Opinion:
    """The likeliest class of a message and how likely it is that the message shows danger at all."""

    alert_class: AlertClass
    danger: float
    share: float


@dataclass(frozen=True)
class Weights:
    """What training left: weights by class for the vector and for the letters, a scale and the version."""

    classes: tuple[str, ...]
    meaning: Floats
    letters: Floats
    bias: Floats
    scale: float
    version: str

    @classmethod
    def load(cls, path: Path) -> "Weights":
        """Read the file that training wrote. Raises ClassifierError."""
        try:
            with np.load(path, allow_pickle=False) as kept:
                return cls(
                    classes=tuple(str(name) for name in kept["classes"]),
                    meaning=kept["meaning"].astype(np.float32),
                    letters=kept["letters"].astype(np.float32),
                    bias=kept["bias"].astype(np.float32),
                    scale=float(kept["scale"]),
                    version=str(kept["version"]),
                )
        except (OSError, ValueError, KeyError) as error:
            raise ClassifierError(f"{path.name} cannot be read. Run `waymark train`.") from error

    def save(self, path: Path) -> None:
        np.savez_compressed(
            path,
            classes=np.array(self.classes),
            meaning=self.meaning.astype(np.float16),
            letters=self.letters.astype(np.float16),
            bias=self.bias,
            scale=np.array(self.scale),
            version=np.array(self.version),
        )


class SafetyClassifier:
    """Judges a text window by window and keeps the most dangerous opinion."""

    def __init__(self, weights: Weights, encoder: SentenceEncoder) -> None:
        self._weights, self._encoder = weights, encoder
        self._nothing = weights.classes.index(NOTHING)

    @property
    def version(self) -> str:
        return self._weights.version

    def judge(self, text: str) -> Optional[Opinion]:
        """The likeliest danger of a text; None for a text without words."""
        plain = [window for window in windows(text) if window.strip()]
        if not plain:
            return None
        likely = self.likelihoods(plain)
        worst = int(np.argmin(likely[:, self._nothing]))
        row = likely[worst].copy()
        danger = 1.0 - float(row[self._nothing])
        row[self._nothing] = -1.0
        best = int(np.argmax(row))
        return Opinion(AlertClass(self._weights.classes[best]), danger, float(row[best]))

    def likelihoods(self, plain: list[str]) -> Floats:
        """Likelihood of each class for each plain text; rows add up to 1."""
        w = self._weights
        scores = meanings(self._encoder, plain) @ w.meaning.T * w.scale + w.bias
        for row, text in enumerate(plain):
            places, weights = letters(text)
            scores[row] += w.letters[:, places] @ weights
        scores -= scores.max(axis=1, keepdims=True)
        likely = np.exp(scores)
        return np.asarray(likely / likely.sum(axis=1, keepdims=True), dtype=np.float32)

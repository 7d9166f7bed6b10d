"""What the safety classifier sees of a text: its meaning as a vector, and its letters.

The letters are those of the plain spelling (``normalise``), in runs of three to five, each counted in one of a
fixed number of places, so that no vocabulary has to be kept.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import Sequence

import numpy as np
import numpy.typing as npt

from waymark.understanding.encoder import SentenceEncoder
from waymark.understanding.normalise import normalise

PLACES = 1 << 15
RUNS = (3, 4, 5)
MOST_WINDOWS = 10
SHORT_WINDOW = 3
"""Words; a shorter sentence says too little to be judged alone."""

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]


def windows(text: str) -> list[str]:
    """The text as a whole, and each of its sentences with the one before, so that one sentence counts in a long text."""
    whole = " ".join(normalise(text).sentences)
    sentences = list(normalise(text).sentences)
    if len(sentences) < 2:
        return [whole]
    alone = [s for s in sentences if len(s.split()) >= SHORT_WINDOW]
    pairs = [f"{a} {b}" for a, b in zip(sentences, sentences[1:], strict=False)] if len(sentences) > 2 else []
    return list(dict.fromkeys([whole, *alone, *pairs]))[:MOST_WINDOWS]


@lru_cache(maxsize=65_536)
def _place(run: str) -> int:
    return zlib.crc32(run.encode()) % PLACES


def letters(plain: str) -> tuple[Places, Floats]:
    """Places and weights of the runs of letters in a plain text; the weights have length 1."""
    counts: dict[int, int] = {}
    for word in plain.split():
        padded = f" {word} "
        for size in RUNS:
            for start in range(max(1, len(padded) - size + 1)):
                place = _place(padded[start : start + size])
                counts[place] = counts.get(place, 0) + 1
    for pair in zip(plain.split(), plain.split()[1:], strict=False):
        place = _place("\x1f".join(pair))
        counts[place] = counts.get(place, 0) + 1
    if not counts:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    weights = np.sqrt(np.fromiter(counts.values(), dtype=np.float32))
    return np.fromiter(counts, dtype=np.int64), weights / np.float32(np.linalg.norm(weights))


def meanings(encoder: SentenceEncoder, plain: Sequence[str]) -> Floats:
    """One vector of length 1 a text."""
    return encoder.encode(list(plain))

"""Choose a reflection that is true to what was said; when unsure, a simple thank-you (conversation.md §2, §5)."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Reflection:
    """A reflection with the words that call for it and the words that rule it out."""

    id: str
    cues: tuple["re.Pattern[str]", ...]
    unless: tuple["re.Pattern[str]", ...]
    complex: bool
    texts: tuple[str, ...]

    def fits(self, text: str) -> bool:
        return any(cue.search(text) for cue in self.cues) and not any(cue.search(text) for cue in self.unless)


@dataclass(frozen=True)
class ReflectionBank:
    """Reflections in order of preference, and what is said when none is sure to be true."""

    reflections: tuple[Reflection, ...]
    fallback: tuple[str, ...]

    def choose(self, text: str, turn: int) -> str:
        """The first that fits; ``turn`` rotates its variants so that words do not repeat."""
        for reflection in self.reflections:
            if reflection.fits(text):
                return reflection.texts[turn % len(reflection.texts)]
        return self.fallback[turn % len(self.fallback)]

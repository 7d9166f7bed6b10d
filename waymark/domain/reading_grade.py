"""How hard a text is to read: the Flesch–Kincaid grade, with syllables counted by rule (conversation.md §5, §7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable

_WORD = re.compile(r"[A-Za-z]+(?:['’&-][A-Za-z]+)*")
_SENTENCE_END = re.compile(r"[.!?]+(?=[\s”\"')]|$)|\n+")
_VOWELS = re.compile(r"[aeiouy]+")
_TWO_SOUNDS = re.compile(
    r"i(?:a(?!l\b|n\b)|o(?!u|n))|riou|[^aeiouq]u[ao]|[aeiouy]ing\b|eo(?!u|p)|(?<![tc])ien[ct]|iet|"
    r"oye|oe[mtx]|(?<![gq])ui[dn]"
)
_SILENT_END = re.compile(
    r"(?:[^aeiouyl]|[aeiouy]l)e$|[gq]ues?$|[^aeiouydt]ed$|(?:[^aeiouylscxgzh]|th|[aeiouy]l)es$"
)
_SILENT_INSIDE = re.compile(r"[^aeiouyl]e(?=ly$|ful|less|ment|where|thing|body|time|one$)")
_IRREGULAR = {"everything": 3, "everyone": 3, "evening": 2, "evenings": 2, "idea": 3, "area": 3, "create": 2, "anyone": 3, "science": 2}


@dataclass(frozen=True)
class Counts:
    """Words, sentences and syllables; counts of texts add up, so that a whole file can be graded."""

    words: int = 0
    sentences: int = 0
    syllables: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.words + other.words, self.sentences + other.sentences, self.syllables + other.syllables
        )

    @property
    def grade(self) -> float:
        """The school grade needed to read it; 0 for no words."""
        if not self.words or not self.sentences:
            return 0.0
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """Sentences and lines that hold at least one word."""
    return [part.strip() for part in _SENTENCE_END.split(text) if _WORD.search(part)]


def syllables(word: str) -> int:
    """Syllables of an English word by rule of thumb: vowel groups, less silent e, more split vowels."""
    if "-" in word:
        return sum(map(syllables, word.split("-")))
    plain = re.sub(r"n['’]t$", "n't", word.lower())
    extra = 1 if re.search(r"[sd]n't$", plain) else 0
    plain = re.sub(r"['’].*$", "", plain.replace("n't", ""))
    if plain in _IRREGULAR:
        return _IRREGULAR[plain]
    count = len(_VOWELS.findall(plain))
    count += len(_TWO_SOUNDS.findall(plain))
    if count > 1 and _SILENT_END.search(plain):
        count -= 1
    if count > 1 and _SILENT_INSIDE.search(plain):
        count -= 1
    return max(1, count) + extra


def count(text: str, left_out: Iterable[str] = ()) -> Counts:
    """Counts of a text; ``left_out`` are names that neither count as words nor as syllables."""
    names = [re.escape(name) for name in sorted(left_out, key=len, reverse=True)]
    plain = re.sub(rf"\b(?:{'|'.join(names)})\b", " ", text, flags=re.IGNORECASE) if names else text
    found = words(plain)
    return Counts(len(found), len(sentences(plain)), sum(map(syllables, found)))

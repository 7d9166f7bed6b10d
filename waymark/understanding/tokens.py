"""Text as the readers of this package see it: folded to one plain form, in tokens and clauses."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Iterable, Protocol, Sequence, TypeVar

# Longer texts are refused by the front door; the cap keeps one message from holding up a whole queue.
MAX_READ = 12_000

_FOLD = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'", "\u00b4": "'",
        "\u201c": '"', "\u201d": '"', "\u2010": "-", "\u2011": "-", "\u2012": "-",
        "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u00a0": " ", "\u202f": " ",
        "\t": " ", "\r": " ", "_": " ", "\u2026": ".", "\u00d7": "x",
    }
)  # fmt: skip
_SPACES, _LINES = re.compile(r"[^\S\n]+"), re.compile(r" ?\n[ \n]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*[^\W\d]*|[^\W\d]+(?:'[^\W\d]+)*\d*")
_SENTENCE_END = re.compile(r"[!?;\n]+|\.+(?!\d)")
_CLAUSE_END = re.compile(
    r",(?!\d{3}\b)|\s-+\s|:(?!\d)|[()]"
    r"|\b(?:but|bt|because|becuz|cos|coz|cuz|whereas|although|though|tho|while|except|then|plus|instead)\b"
    r"|\b(?:and|n|&)\s+(?=(?:i|im|i'm|ive|i've|he|hes|he's|she|shes|she's|they|my|we|its|it's|also|now|"
    r"then)\b)"
)


class Placed(Protocol):
    """Anything with a place in a text."""

    @property
    def start(self) -> int:
        """First character."""

    @property
    def end(self) -> int:
        """Behind the last character."""


_Spanned = TypeVar("_Spanned", bound="Placed")


@dataclass(frozen=True)
class Token:
    """A word or number; ``text`` without apostrophes, so that "don't" and "dont" are one."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Clause:
    """A stretch of text inside a sentence, with the sentence's own number and bounds."""

    start: int
    end: int
    sentence: int
    sentence_start: int
    sentence_end: int


def prepare(text: str) -> str:
    """Lower case, plain quotes and dashes, single spaces; all places are places in this text."""
    cut = _SURROGATE.sub(" ", text[:MAX_READ]).translate(_FOLD)
    lowered = cut.lower()
    if len(lowered) != len(cut):
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in cut)
    # Long runs of space make patterns with optional space slow.
    return _LINES.sub("\n", _SPACES.sub(" ", lowered))


def tokenise(text: str) -> list[Token]:
    """Words and numbers of a prepared text, in order."""
    return [Token(m.group().replace("'", ""), m.start(), m.end()) for m in _TOKEN.finditer(text)]


def split_clauses(text: str) -> list[Clause]:
    """Clauses of a prepared text, in order; none is empty."""
    found: list[Clause] = []
    for number, (start, end) in enumerate(_pieces(text, 0, len(text), _SENTENCE_END)):
        for low, high in _pieces(text, start, end, _CLAUSE_END):
            found.append(Clause(low, high, number, start, end))
    return found


def clause_at(clauses: Sequence[Clause], position: int) -> Clause | None:
    """The clause that holds a position."""
    at = bisect_right(clauses, position, key=lambda clause: clause.start) - 1
    return clauses[at] if at >= 0 and position < clauses[at].end else None


def without_overlaps(items: Iterable[_Spanned]) -> list[_Spanned]:
    """Items in the order given, leaving out each one that overlaps an earlier one."""
    taken = bytearray(MAX_READ + 1)
    kept: list[_Spanned] = []
    for item in items:
        if any(taken[item.start : item.end]):
            continue
        taken[item.start : item.end] = b"\x01" * (item.end - item.start)
        kept.append(item)
    return kept


def is_question(text: str, clause: Clause) -> bool:
    """Whether the clause's sentence ends in a question mark."""
    return text[clause.sentence_end : clause.sentence_end + 3].lstrip().startswith("?")


def _pieces(text: str, start: int, end: int, boundary: re.Pattern[str]) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    at = start
    for match in boundary.finditer(text, start, end):
        pieces.append((at, match.start()))
        at = match.end()
    pieces.append((at, end))
    return [(low, high) for low, high in pieces if text[low:high].strip()]

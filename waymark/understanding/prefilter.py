"""Which patterns can match a sentence at all: every pattern has literal pieces that must be present.

A search for literals is far cheaper than running some hundred regular expressions over a long message; the
result is the same, because a pattern without such pieces is always tried.
"""

from __future__ import annotations

import sre_parse
from typing import Any, Iterable, Iterator, Optional

_MIN_LENGTH = 2
_SETS_KEPT = 4
_SIZES = (2, 3, 5)
"""Only the first letters of a literal are looked up: five of a long one, else three or two."""

# Found in nearly every message, so of no use to rule a pattern out.
_COMMON = frozenset("i im ive a an the my to of in on at it is me was and or for no not be had have with up out".split())

Literals = frozenset[str]


class Prefilter:
    """Knows for each pattern sets of literals, the rarest first; a sentence must hold one of every set."""

    def __init__(self, patterns: Iterable[str]) -> None:
        numbers: dict[Literals, int] = {}
        self._needs: list[tuple[int, ...]] = []
        for pattern in patterns:
            sets = [frozenset(map(_start, found)) for found in required_literals(pattern)]
            self._needs.append(tuple(numbers.setdefault(found, len(numbers)) for found in sets))
        self._sets = tuple(numbers)

    def candidates(self, sentences: tuple[str, ...]) -> list[list[int]]:
        """For each sentence the numbers of the patterns worth trying, in order."""
        where = _starts(sentences)
        present = set(where)
        everywhere = (1 << len(sentences)) - 1
        masks: list[Optional[int]] = [None] * len(self._sets)
        result: list[list[int]] = [[] for _ in sentences]
        for number, needs in enumerate(self._needs):
            mask = everywhere
            for need in needs:
                holds = masks[need]
                if holds is None:
                    holds = masks[need] = _either(where, self._sets[need] & present)
                mask &= holds
                if not mask:
                    break
            for position in _bits(mask):
                result[position].append(number)
        return result


def required_literals(pattern: str) -> tuple[Literals, ...]:
    """Sets of texts; any match of ``pattern`` contains at least one text of every set."""
    found = set(_of_sequence(sre_parse.parse(pattern).data))
    ranked = sorted(found, key=lambda texts: (-_worth(texts), sorted(texts)))
    return tuple(ranked[:_SETS_KEPT])


def _start(literal: str) -> str:
    return literal[: max(size for size in _SIZES if size <= len(literal))]


def _starts(sentences: tuple[str, ...]) -> dict[str, int]:
    """Every run of letters of the sizes looked up, with the sentences that hold it as bits of a number."""
    where: dict[str, int] = {}
    for position, sentence in enumerate(sentences):
        bit = 1 << position
        runs = {sentence[i : i + size] for size in _SIZES for i in range(len(sentence) - size + 1)}
        for run in runs:
            where[run] = where.get(run, 0) | bit
    return where


def _either(where: dict[str, int], literals: Literals) -> int:
    mask = 0
    for literal in literals:
        mask |= where[literal]
    return mask


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _worth(literals: Literals) -> float:
    """Long, few and uncommon literals rule out most."""
    return min(0 if literal.strip() in _COMMON else len(literal) for literal in literals) - len(literals) / 20


def _of_sequence(items: Iterable[Any]) -> list[Literals]:
    options: list[Literals] = []
    run: list[str] = []
    for operation, argument in items:
        name = str(operation)
        if name == "LITERAL":
            run.append(chr(argument))
            continue
        if name == "AT":
            continue
        options.extend(_run(run))
        run = []
        options.extend(_of_item(name, argument))
    return options + _run(run)


def _run(run: list[str]) -> list[Literals]:
    return [frozenset(("".join(run),))] if len(run) >= _MIN_LENGTH else []


def _of_item(name: str, argument: Any) -> list[Literals]:
    if name == "SUBPATTERN":
        return _of_sequence(argument[-1])
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        return _of_sequence(argument[2]) if argument[0] >= 1 else []
    if name != "BRANCH":
        return []
    union: set[str] = set()
    for branch in argument[1]:
        found = _of_sequence(branch)
        if not found:
            return []
        best: Literals = max(found, key=lambda texts: (_worth(texts), sorted(texts)))
        union |= best
    return [frozenset(union)]

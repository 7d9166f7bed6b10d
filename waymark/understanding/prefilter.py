"""Which patterns can match a sentence at all: every pattern has literal pieces that must be present.

A search for literals is far cheaper than running some hundred regular expressions over a long message; the
result is the same, because a pattern without such pieces is always tried.
"""

from __future__ import annotations

import sre_parse
from typing import Any, Iterable, Iterator

_MIN_LENGTH = 2
_SETS_KEPT = 4

Literals = frozenset[str]


class Prefilter:
    """Knows for each pattern several sets of literals; a sentence must hold one of every set."""

    def __init__(self, patterns: Iterable[str]) -> None:
        numbers: dict[Literals, int] = {}
        self._needs: list[tuple[int, ...]] = []
        for pattern in patterns:
            sets = required_literals(pattern)
            self._needs.append(tuple(numbers.setdefault(found, len(numbers)) for found in sets))
        self._sets = tuple(numbers)
        self._literals = tuple({literal for found in numbers for literal in found})

    def candidates(self, sentences: tuple[str, ...]) -> list[list[int]]:
        """For each sentence the numbers of the patterns worth trying, in order."""
        whole = "\n".join(sentences)
        where = {
            literal: _positions(literal, sentences) for literal in self._literals if literal in whole
        }
        everywhere = (1 << len(sentences)) - 1
        masks = [_either(where, found) for found in self._sets]
        result: list[list[int]] = [[] for _ in sentences]
        for number, needs in enumerate(self._needs):
            mask = everywhere
            for need in needs:
                mask &= masks[need]
                if not mask:
                    break
            for position in _bits(mask):
                result[position].append(number)
        return result


def required_literals(pattern: str) -> tuple[Literals, ...]:
    """Sets of texts; any match of ``pattern`` contains at least one text of every set."""
    found = sorted(set(_of_sequence(sre_parse.parse(pattern))), key=lambda texts: (_worth(texts), sorted(texts)))
    return tuple(found[-_SETS_KEPT:])


def _positions(literal: str, sentences: tuple[str, ...]) -> int:
    return sum(1 << position for position, sentence in enumerate(sentences) if literal in sentence)


def _either(where: dict[str, int], literals: Literals) -> int:
    mask = 0
    for literal in literals:
        mask |= where.get(literal, 0)
    return mask


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _worth(literals: Literals) -> float:
    """Long and few literals rule out most."""
    return min(map(len, literals)) - len(literals) / 20


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
        union |= max(found, key=lambda texts: (_worth(texts), sorted(texts)))
    return [frozenset(union)]

"""Which patterns can match a sentence at all: every pattern has literal pieces of which one must be present.

A search for literals is far cheaper than running some hundred regular expressions over a long message; the
result is the same, because a pattern without a literal is always tried.
"""

from __future__ import annotations

import sre_parse
from collections import defaultdict
from typing import Any, Iterable, Optional

_MIN_LENGTH = 2


class Prefilter:
    """Index from literals to the numbers of the patterns that need one of them."""

    def __init__(self, patterns: Iterable[str]) -> None:
        by_literal: dict[str, list[int]] = defaultdict(list)
        always: list[int] = []
        for number, pattern in enumerate(patterns):
            literals = required_literals(pattern)
            if literals is None:
                always.append(number)
            for literal in literals or ():
                by_literal[literal].append(number)
        self._by_literal = tuple(by_literal.items())
        self.always = tuple(always)

    def candidates(self, sentences: tuple[str, ...]) -> list[list[int]]:
        """For each sentence the numbers of the patterns worth trying, in order."""
        whole = "\n".join(sentences)
        found = [set(self.always) for _ in sentences]
        for literal, numbers in self._by_literal:
            if literal not in whole:
                continue
            for candidates, sentence in zip(found, sentences):
                if literal in sentence:
                    candidates.update(numbers)
        return [sorted(numbers) for numbers in found]


def required_literals(pattern: str) -> Optional[frozenset[str]]:
    """Texts of which any match of ``pattern`` contains at least one; None if there are none."""
    return _of_sequence(sre_parse.parse(pattern))


def _of_sequence(items: Iterable[Any]) -> Optional[frozenset[str]]:
    options: list[frozenset[str]] = []
    run: list[str] = []
    for operation, argument in items:
        name = str(operation)
        if name == "LITERAL":
            run.append(chr(argument))
            continue
        if name == "AT":
            continue
        if len(run) >= _MIN_LENGTH:
            options.append(frozenset(("".join(run),)))
        run = []
        inner = _of_item(name, argument)
        if inner:
            options.append(inner)
    if len(run) >= _MIN_LENGTH:
        options.append(frozenset(("".join(run),)))
    return max(options, key=lambda found: (min(map(len, found)) >= 4, -len(found)), default=None)


def _of_item(name: str, argument: Any) -> Optional[frozenset[str]]:
    if name == "SUBPATTERN":
        return _of_sequence(argument[-1])
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        return _of_sequence(argument[2]) if argument[0] >= 1 else None
    if name != "BRANCH":
        return None
    union: set[str] = set()
    for branch in argument[1]:
        found = _of_sequence(branch)
        if found is None:
            return None
        union |= found
    return frozenset(union)

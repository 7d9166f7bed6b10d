"""A number from 0 to 10 as the answer to a ruler; anything outside or in words alone is None."""

from __future__ import annotations

import re

from waymark.domain.facts import Span
from waymark.understanding.numbers import NumberMatch, find_numbers
from waymark.understanding.tokens import prepare

_OUT_OF_TEN = re.compile(r"(?:\s*/\s*|\s+(?:out (?:of|a|ae|o)|of|outta|from)\s+)(?:10|ten)\b|\s+out of\s*$")
_SIGN = re.compile(r"(?:^|[\s(])[-+]\s?$|\bminus\s*$")
_OTHER_COUNT = re.compile(
    r"\s*(?:days?|weeks?|months?|years?|yrs?|hours?|hrs|mins?|minutes?|times?|am|pm|cans?|pints?|bottles?|"
    r"drinks?|grams?|g\b|kids?|people|quid|pounds?|percent|%|mg|ml|units?|glasses|bags|joints|cigs|"
    r"nights?)\b|\s?%"
)
_SCALE = re.compile(r"\b(?:0|zero|1|one)\s*(?:-|to)\s*(?:10|ten)\b")
_WAS = re.compile(r"\b(?:was|were|used to be|been|yesterday|last (?:week|time|month)|before)\b[^.,;]{0,20}$")
_NIL = re.compile(r"^\W*(?:nil|none|zilch|nada|nowt|zip|nought|naught)\W*$")
_VAGUE_ONE = re.compile(r"\b(?:no|any|every|this|that|which|the|some|good|hard|tough|first|another)\s+$")


def parse_ruler(text: str) -> Span | None:
    """The place on the 0 to 10 ruler that a text names."""
    prepared = prepare(text[:600])
    if _NIL.match(prepared):
        return Span(0, 0)
    prepared = (
        _SCALE.sub(" ", prepared)
        if not re.fullmatch(r"\W*(?:0|1|zero|one)\s*(?:-|to)\s*(?:10|ten)\W*", prepared)
        else ""
    )
    numbers = [n for n in find_numbers(_without_tens(prepared)) if _counts(prepared, n)]
    if not numbers:
        return None
    if (
        len(numbers) == 2
        and numbers[0].high <= 10
        and re.search(
            r"\b(?:no|nah|actually|wait|sorry|now|today|maybe|say)\b",
            prepared[numbers[0].end : numbers[1].start],
        )
    ):
        # "7 no wait 6", "was a 3 now 6": the later one is meant, unless it is only a wish.
        middle = prepared[numbers[0].end : numbers[1].start]
        numbers = [] if "maybe" in middle and len(middle) > 25 else numbers[1:]
    if len(numbers) == 2 and _is_spoken_range(prepared, *numbers):
        return _on_ruler(Span(numbers[0].low, numbers[1].high))
    return _on_ruler(numbers[0].span) if len({(n.low, n.high) for n in numbers}) == 1 else None


def _on_ruler(span: Span) -> Span | None:
    return span if span.low >= 0 and span.high <= 10 else None


def _is_spoken_range(text: str, first: NumberMatch, second: NumberMatch) -> bool:
    """ "a 4, 5 at a push": neighbours on the ruler with only a comma between."""
    between = text[first.end : second.start]
    return (
        second.low == first.high + 1 and re.fullmatch(r"\s*,\s*(?:maybe\s+)?(?:a\s+)?", between) is not None
    )


def _without_tens(text: str) -> str:
    """Blank "/10" and "out of ten", keeping places."""
    return _OUT_OF_TEN.sub(lambda m: " " * len(m.group()), text)


def _counts(text: str, number: NumberMatch) -> bool:
    if _SIGN.search(text, max(0, number.start - 7), number.start):
        return False
    if _OTHER_COUNT.match(text, number.end):
        return False
    if text[number.start : number.end] == "one" and (
        _VAGUE_ONE.search(text, max(0, number.start - 10), number.start)
        or re.match(r"\s+(?:of|day|thing|more)\b", text[number.end :])
    ):
        return False
    if text[number.start : number.end].startswith(("couple", "a couple", "half a", "a pair")):
        return False
    return not (_WAS.search(text[: number.start]) and re.search(r"\bnow\b", text[number.end :]))

"""Numbers as people write them: digits, words, halves, dozens and ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass

from waymark.domain.facts import Span
from waymark.understanding.tokens import prepare

_SMALL = {
    "zero": 0, "nought": 0, "one": 1, "wan": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "twelv": 12, "thirteen": 13,
    "fourteen": 14, "forteen": 14, "fifteen": 15, "fiveteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "eightteen": 18, "nineteen": 19, "ninteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "twentie": 20, "thirty": 30, "thirdy": 30, "forty": 40, "fourty": 40, "fifty": 50, "fivety": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "ninty": 90,
}  # fmt: skip
_FRACTION_SIGNS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3}
_FRACTIONS = {"1/2": 0.5, "1/4": 0.25, "3/4": 0.75, "1/3": 1 / 3}

_small = "|".join(sorted(_SMALL, key=len, reverse=True))
_tens = "|".join(sorted(_TENS, key=len, reverse=True))
_words = rf"(?:(?:{_tens})(?:[\s-]+(?:{_small})\b)?|(?:{_small}))\b"
_half = r"(?:\s+(?:and|n|&)\s+a\s+half\b)?"
# Alternatives start with different characters or fixed words and nothing is nested: no backtracking trap.
_ATOM = (
    r"(?:half\s+a\s+dozen\b|(?:a\s+)?dozen\b|(?:a\s+)?couple(?:\s+(?:of|o)\b|a\b)?|a\s+pair\s+of\b"
    rf"|(?:(?:a|{_small})\s+)?hundred(?:\s+(?:and\s+)?{_words})?\b"
    rf"|(?:(?:a|{_words})\s+)?(?:thousand|grand)\b"
    rf"|{_words}{_half}"
    r"|(?<![\w.,/])[1-3]/[234](?![\d/])(?!\s+(?:cans?|pints?|tins?)\b)"
    r"|three\s+quarters?\s+(?:of\s+)?an?\b|(?:a\s+)?quarter\s+of\s+an?\b|half\s+(?:of\s+)?an?\b|"
    r"(?<!and a )(?<!& a )half\b(?!\s*(?:past|ten))"
    rf"|\d{{1,6}}(?:,\d{{3}})*(?:\.\d{{1,3}})?[½¼¾]?(?:k\b|\s+grand\b)?{_half}"
    r"|[½¼¾⅓])"
)
_NOT_COUNT = r"(?!\s?(?:am|pm|o'?clock)\b|st\b|nd\b|rd\b|th\b|'?s\b|:\d|\d|\.\d|/7\b|%)"
_JOIN = r"(?:\s*-\s*|\s+(?:to|or|maybe|til|till)\s+(?:maybe\s+|even\s+)?|/)"
_START = r"(?:(?<=x)|(?<![\w.])(?<!\d:))"
_NUMBER = re.compile(
    rf"(?:between\s+(?:a\s+)?(?P<b1>{_ATOM})\s+(?:and|n|&|to|-)\s+(?:a\s+)?(?P<b2>{_ATOM})"
    rf"|{_START}(?P<a>{_ATOM})(?:{_JOIN}(?:a\s+)?(?P<b>{_ATOM}))?){_NOT_COUNT}"
)
_SINGLE = re.compile(rf"{_START}(?P<a>{_ATOM}){_NOT_COUNT}")
# A message with more numbers than this is a list of something else; reading on would only cost time.
_MOST = 80
_ABOUT = re.compile(
    r"(?:\b(?:about|around|roughly|approx|approximately|maybe|like|say|circa|almost|nearly)\s+|~\s?)$"
)
_ISH = re.compile(r"\s?-?(?:ish\b|odd\b|or\s+so\b)")


@dataclass(frozen=True)
class NumberMatch:
    """A number in a prepared text: its place, its range, and whether it was said to be approximate."""

    start: int
    end: int
    low: float
    high: float
    approximate: bool = False

    @property
    def span(self) -> Span:
        """The number as the record keeps it."""
        return Span(self.low, self.high)


def find_numbers(text: str) -> list[NumberMatch]:
    """All numbers of a prepared text that can be counts; clock times, ordinals and decades are left out."""
    found: list[NumberMatch] = []
    at = 0
    text = text.replace("24/7", "    ")
    while len(found) < _MOST and (match := _NUMBER.search(text, at)):
        found.append(_read(text, match))
        at = max(found[-1].end, match.start() + 1)
    return found


def parse_number(text: str) -> Span | None:
    """The only number of a text, or None when there is none or more than one."""
    found = find_numbers(prepare(text))
    return found[0].span if len(found) == 1 else None


def word_value(words: str) -> float:
    """Value of one number as matched; for callers that hold a piece of a match."""
    return _value(words)


def _read(text: str, match: re.Match[str]) -> NumberMatch:
    first = match.group("b1") or match.group("a")
    second = match.group("b2") or match.group("b")
    low, end = _value(first), match.end()
    high = _value(second) if second else low
    if second and high <= low:
        # "20 to 10" is a change, not a range: keep the first and read the second on its own.
        high, end = low, match.end("a") if match.group("a") else match.end("b1")
    if second and "half" in second and low == int(low) and match.group("a") and high < 1:
        high = low
    about = bool(_ABOUT.search(text, max(0, match.start() - 16), match.start()) or _ISH.match(text, end))
    return NumberMatch(match.start(), end, low, high, about)


def _value(raw: str) -> float:
    words = raw.strip()
    extra = 0.5 if re.search(r"\s(?:and|n|&)\s+a\s+half$", words) else 0.0
    words = re.sub(r"\s+(?:and|n|&)\s+a\s+half$", "", words)
    if "dozen" in words:
        return 6.0 if words.startswith("half") else 12.0
    if "couple" in words or words.startswith("a pair"):
        return 2.0
    if words in _FRACTIONS:
        return _FRACTIONS[words]
    if words.startswith("three quarter"):
        return 0.75
    if "quarter of" in words:
        return 0.25
    if words.startswith("half"):
        return 0.5
    if words[0].isdigit() or words[0] in _FRACTION_SIGNS:
        return _digits(words) + extra
    return _spelled(words) + extra


def _digits(words: str) -> float:
    number = re.sub(r"k$|\s+grand$", "", words)
    factor = 1.0 if number == words else 1000.0
    number = number.replace(",", "")
    sign = _FRACTION_SIGNS.get(number[-1], 0.0)
    if sign:
        number = number[:-1]
    return (float(number) if number else 0.0) * factor + sign


def _spelled(words: str) -> float:
    total, current = 0.0, 0.0
    for word in re.findall(r"[a-z]+", words):
        if word in ("thousand", "grand"):
            total, current = total + (current or 1.0) * 1000, 0.0
        elif word == "hundred":
            current = (current or 1.0) * 100
        elif word in _TENS:
            current += _TENS[word]
        else:
            current += _SMALL.get(word, 0)
    return total + current

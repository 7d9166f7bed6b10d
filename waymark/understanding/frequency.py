"""How often: "every day", "most days", "3-4 nights a week", "twice a month" as days a week."""

from __future__ import annotations

import re
from dataclasses import dataclass

from waymark.domain.facts import Span
from waymark.understanding.numbers import NumberMatch
from waymark.understanding.tokens import without_overlaps

_DAY = r"(?:mon|tues?|wednes|weds?|thurs?|thur|fri|satur|sat|sun)(?:day)?s?"
_PART = r"(?:days?|nights?|nites?|evenings?|mornings?|times?|tims|x|sessions?|occasions?)"
_PER = r"(?:\s+(?:a|per|each|every|in a|in the|out of (?:the|a)|da)\s*|\s*/\s*|\s+|\s*p\.?)"

_FIXED: tuple[tuple[str, float, float], ...] = (
    (r"(?:nearly|almost|practically|virtually|basically)\s+(?:every ?(?:single )?(?:day|night)|daily)", 6, 7),
    (r"most (?:days|nights|nites|evenings|mornings)", 4, 6),
    (r"every (?:other|second|2nd) (?:day|night|evening)|alternate (?:days|nights)", 3, 4),
    (r"every (?:other|second|2nd) week-?(?:end)?|once (?:a|per|every) fortnight|fortnightly|every (?:two|"
     r"2) weeks", 0.5, 1),
    (r"most weekends", 1, 2),
    (r"(?:every|each|ev'?ry|evry|evrey)[\s-]?(?:single |fuckin\w* |damn |bloody )?(?:day|night|nite|"
     r"evening|mornin[g']?|afternoon)s?|everyday|daily|nightly"
     r"|day in,? day out|all day,? every day|(?:7|seven) days(?: a week)?|24/7|day and night|"
     r"todos los dias", 7, 7),
    (r"(?:every|each|at|on|over|only|just|all|evry|evrey)(?: the| at)? weekends?|weekends(?: only)?|"
     r"at the weekend|weekly at weekends|weekend (?:thing|only)|pay ?day weekend", 2, 2),
    (r"(?:every|on) week ?days?|weekdays|monday to friday|mon-fri", 5, 5),
    (r"(?:fri(?:day)?)\s*(?:to|till|thru|through|-)\s*sun(?:day)?", 3, 3),
    (r"(?:thurs?(?:day)?)\s*(?:to|till|thru|through|-)\s*sun(?:day)?", 4, 4),
    (r"(?:every|each) pay ?-?day|on pay ?-?day|paydays", 0.25, 1),
    (r"(?:every|each) (?:month|few weeks)|monthly", 0.25, 0.25),
    (r"(?:once|one time|wance|1x)(?: or (?:twice|two times))? every (?:other|"
     r"couple of) months?", 0.125, 0.125),
    (r"couple (?:of )?(?:days|nights|times|evenings) (?:a|per|every|each) week|coupla nights a week", 2, 2),
    (r"few (?:days|nights|times|evenings|nites) (?:a|per|every|each) week", 2, 4),
)  # fmt: skip
_COMPILED = tuple((re.compile(rf"\b(?:{p})(?!\w)"), low, high) for p, low, high in _FIXED)
_ONCE = re.compile(
    r"\b(?P<low>once|wance|twice|thrice)(?:(?:\s+(?:or|maybe)\s+|/)(?P<high>twice|thrice|three times|"
    r"(?P<n>\d) times))?"
    r"\s*(?:a|per|every|each|/|in a|da)\s*(?P<unit>day|week|wk|fortnight|month|mth|year)\b"
)
_TIMES = re.compile(
    rf"\s*(?P<part>{_PART})?{_PER}(?P<unit>days?|week|wk|w|weekly|fortnight|month|mth|year|7|seven)\b"
    r"(?!\s*(?:ago|old|clean|sober|end|s\b))"
)
_NAMED = re.compile(
    rf"\b(?P<lead>every|each|on|most|any|usually|only)?\s*(?P<first>{_DAY})\b(?P<more>(?:\s*(?:,|and|&|n|"
    rf"\+|or)+\s*{_DAY}\b)*)"
)
_ONCE_VALUE = {"once": 1.0, "wance": 1.0, "twice": 2.0, "thrice": 3.0, "three times": 3.0}
# "Dropped £600 at the weekend" is one weekend, "I drink at the weekend" is every one.
_ONE_WEEKEND = re.compile(r"(?:at|over|on) (?:the )?weekend")
_DID = re.compile(
    r"\b(?:had|did|dropped|drank|went|lost|blew|took|smoked|used|spent|got|relapsed|slipped|snorted)\b"
)
_MORE_THEN = re.compile(r"\b(?:more|extra|worse|double|less|especially|heavier|bit more|loads)\s*$")
_DENIED = re.compile(
    r"(?:\b(?:not|n't|dont|never|isnt|aint|hardly|except|wish|used to|wasnt|used)\b|n't)(?:\s+\w+){0,3}\s*$"
)


@dataclass(frozen=True)
class FrequencyMatch:
    """A frequency in a prepared text and its place."""

    start: int
    end: int
    days: Span
    counted: bool = False
    """Said as a number of times in a period ("3 nights a week"), which is no period of an amount."""


def mask_counted(text: str, found: list[FrequencyMatch]) -> str:
    """The text with counted frequencies blanked, every other character in place."""
    for match in found:
        if match.counted:
            text = text[: match.start] + " " * (match.end - match.start) + text[match.end :]
    return text


def find_frequencies(text: str, numbers: list[NumberMatch]) -> list[FrequencyMatch]:
    """All stated frequencies, in order, without overlaps; denied ones ("not every day") are left out."""
    found: list[FrequencyMatch] = []
    for number in numbers:
        match = _TIMES.match(text, number.end)
        days = _times(number, match) if match else None
        if match and days:
            found.append(FrequencyMatch(number.start, match.end(), days, counted=True))
    found.extend(_once(match) for match in _ONCE.finditer(text))
    for pattern, low, high in _COMPILED:
        found.extend(
            FrequencyMatch(
                m.start(), m.end(), Span(low, high), counted="few" in m.group() or "couple" in m.group()
            )
            for m in pattern.finditer(text)
        )
    found.extend(_named_days(text))
    kept = [m for m in without_overlaps(found) if not _is_denied(text, m)]
    return sorted(kept, key=lambda m: m.start)


def _is_denied(text: str, match: FrequencyMatch) -> bool:
    start = max(0, match.start - 40)
    if _ONE_WEEKEND.fullmatch(text, match.start, match.end) and _DID.search(
        text, max(0, match.start - 50), match.start
    ):
        return True
    return bool(_DENIED.search(text, start, match.start) or _MORE_THEN.search(text, start, match.start))


def _times(number: NumberMatch, match: re.Match[str]) -> Span | None:
    part, unit = match.group("part"), match.group("unit")
    if part is None or number.high > 31:
        return None
    whole_days = not part.startswith(("time", "tim", "x", "sess", "occa"))
    if unit.startswith("day"):
        return None if whole_days else Span(7, 7)
    factor = _per_week(unit)
    low, high = number.low * factor, number.high * factor
    if whole_days and high > 7:
        return None
    return Span(min(low, 7.0), min(high, 7.0))


def _per_week(unit: str) -> float:
    if unit.startswith("fortnight"):
        return 0.5
    if unit.startswith("m"):
        return 0.25
    return 1 / 52 if unit.startswith("y") else 1.0


def _once(match: re.Match[str]) -> FrequencyMatch:
    low = _ONCE_VALUE[match.group("low")]
    high_word = match.group("high")
    high = float(match.group("n")) if match.group("n") else _ONCE_VALUE.get(high_word or "", low)
    if match.group("unit") == "day":
        return FrequencyMatch(match.start(), match.end(), Span(7, 7), counted=True)
    factor = _per_week(match.group("unit"))
    return FrequencyMatch(match.start(), match.end(), Span(low * factor, high * factor), counted=True)


def _named_days(text: str) -> list[FrequencyMatch]:
    """ "on saturdays", "every friday and saturday": a plural or "every" makes a habit of a day's name."""
    found = []
    for match in _NAMED.finditer(text):
        words = match.group("first") + (match.group("more") or "")
        habit = match.group("lead") in ("every", "each", "most") or re.search(r"days\b", words)
        days = {name[:3] for name in re.findall(_DAY, words)}
        if habit and days:
            found.append(FrequencyMatch(match.start(), match.end(), Span(float(len(days)), float(len(days)))))
    return found

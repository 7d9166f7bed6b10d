"""The person's age; unclear or approximate ages are None, since 17 and 18 differ in what may be offered."""

from __future__ import annotations

import re
from datetime import date, datetime

from waymark.understanding.numbers import find_numbers
from waymark.understanding.tokens import prepare

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUM = r"(?P<n>\d{1,3}|[a-z]+(?:[\s-]+(?:one|two|three|four|five|six|seven|eight|nine))?)"
_SOON = (
    rf"(?:next (?:week|month|year|birthday|{_MONTH}|mon\w*|tue\w*|wed\w*|thu\w*|fri\w*|sat\w*|sun\w*)|"
    rf"in (?:a |an |the )?(?:\d+|few|couple of|two|three|four|five|six|seven|eight|nine|ten|"
    rf"eleven)? ?(?:days?|weeks?|months?|week|month)|in {_MONTH}|on (?:the )?(?:\w+day|\d+\w*|{_MONTH})|"
    rf"this (?:{_MONTH}|\w+day)|"
    r"soon|tomorrow|come \w+|later this \w+|at (?:christmas|the weekend|easter))"
)
_BE_SOON = re.compile(
    rf"\b(?:turn(?:ing)?|gonna be|going to be|will be|i'?ll be|about to (?:turn|be)|nearly|almost|"
    rf"just shy of|not quite|coming up(?: on| to)?|bout to be|soon to be|be)\s+{_NUM}\b"
)
_N_SOON = re.compile(rf"\b{_NUM}\s+{_SOON}\b")
_JUST_TURNED = re.compile(rf"\b(?:(?:just |recently |have )?turned|just (?:gone|hit))\s+{_NUM}\b")
_SAID = re.compile(
    rf"\b(?:i'?m|i am|im|am|me,?|aged?|age is|age:?|my age is|he'?s no|as an?|being|i'?ve just turned|"
    rf"just turned|now)\s+(?:a |an |only |now |just |about to be |currently |still |actually |like |"
    rf"already )*{_NUM}"
    r"(?:\s*-?\s*(?:years?|yrs?|yo)\b(?:\s*-?\s*(?:old|of age))?)?"
)
_OLD = re.compile(
    rf"\b{_NUM}\s*-?\s*(?:(?:years?|yrs?|yr|year)\s*-?\s*(?:old|of age|young)|y\.?\s?/?o\b|yo\b|yr old|"
    rf"yrs old)"
)
_SEXED = re.compile(
    r"^\W*(?:(?P<n>\d\d)\s?/?\s?(?:m|f|male|female|nb|man|woman)|(?:m|f|male|female)\s?/?,?\s?(?P<n2>\d\d))\b"
)
_NOT_AGE = re.compile(
    r"\s*(?:(?:-|and a half )?\s*(?:days?|weeks?|wks?|months?|mths?|hours?|hrs?|mins?|minutes?|stone|kg|"
    r"kilos?|lbs?|pounds?|foot|ft|feet|'|cm|cans?|pints?|drinks?|beers?|bottles?|deep|percent|%|quid|"
    r"grand|k\b|grams?|mg|ml|times?|units?|steps?|miles?|km|kids?|th\b|st\b|nd\b|rd\b|"
    r"(?:years?|yrs?) (?:clean|sober|dry|off|in|into|free|without|ago|since|now)|(?:years?|"
    r"yrs?)\b(?!\s+old|-old|\s+of age|\s+young|\s*[.,!]?$)|clean|sober|joints?|bags?|cigs?|lines?|pills?|"
    r"out of|/10|am\b|pm\b|on the|of\b|nights?|shots?|glasses))"
)
_VAGUE = re.compile(
    r"\bin (?:my|me|the) (?:early |mid |late |mid-|early-|late-)?(?:\w+ties|teens|\d0'?s)\b|\b(?:early|"
    r"mid|late)[\s-]+(?:\w+ties|teens|\d0'?s)\b|\b\w+ties\b(?!\w)|\b\d0'?s\b|\b(?:over|under|above|below|"
    r"older than|at least|more than|about|around|roughly|approx\w*|between|round about|give or take|ish|"
    r"legal age|old enough|adult|past|the wrong side of|pushing|nearer|somewhere)\b|\d-?\s?ish\b|-odd\b|"
    r"\bodd\b|\+"
)
_OTHERS = re.compile(
    r"\b(?:when i was|since i was|at the age of|since the age of|from the age of|by the age of|at age|"
    r"since age|from age|i was|was|till i was|until i was|started at|since|from|"
    r"feel(?:ing)?(?: like)?(?: i'?m)?|look|looks|acting|act like|like i'?m|he'?s|she'?s|he is|she is|"
    r"they'?re|(?:my|our) (?:son|daughter|kid|boy|girl|brother|sister|mum|mom|dad|wife|husband|partner|"
    r"eldest|youngest|oldest|ex|nan|cat|dog|mate|friend|bf|gf|boyfriend|girlfriend|kids)(?: is|'?s)?|"
    r"said i was|told (?:them|him|her|you) i was|pretend\w*|wish i (?:was|were)|if i was|mentally|"
    r"until)\s*(?:is |a |an |only |about |like |aged |age |i'?m |im )*$"
)
_YEAR = re.compile(
    r"\b(?:born(?: in| on)?(?: the year)?|b\.?|dob:?|d\.o\.b\.?:?|birth(?:day|date|year)(?: is|"
    r":)?)\D{0,12}(?P<y>(?:19|20)\d\d)\b"
)
_FULL = re.compile(
    rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s*(?:of\s+)?[/.\s-]?\s*(?P<mon>{_MONTH}|"
    rf"\d{{1,2}})[/.,\s-]\s*(?P<y>(?:19|20)\d\d)\b|\b(?P<mon2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|"
    rf"th)?,?\s+(?P<y2>(?:19|20)\d\d)\b"
)
_LOWEST, _HIGHEST = 8, 110


def parse_age(text: str, now: datetime, *, asked: bool = False, country: str | None = None) -> int | None:
    """The age a text states, or None; a bare number counts only when the question was the age."""
    prepared = prepare(text[:600])
    born = _born(prepared, now.date(), asked, country)
    if born is not None:
        return _sane(born)
    future = _future_ages(prepared)
    stated = _stated(prepared, future)
    if not stated and asked and not future:
        stated = _bare(prepared)
    if _VAGUE.search(_around(prepared)) and not stated:
        return None
    ages = set(stated.values())
    if future:
        ages |= {next_age - 1 for next_age in future.values()}
    return _sane(ages.pop()) if len(ages) == 1 else None


def _around(text: str) -> str:
    return text[:200]


def _sane(age: int) -> int | None:
    return age if _LOWEST <= age <= _HIGHEST else None


def _number(words: str) -> int | None:
    found = find_numbers(words)
    if len(found) != 1 or found[0].low != found[0].high or found[0].low != int(found[0].low):
        return None
    whole = words.strip()
    return int(found[0].low) if (found[0].start, found[0].end) == (0, len(whole)) and whole == words else None


def _future_ages(text: str) -> dict[int, int]:
    """Place and value of ages still to come: "34 next month", "nearly 18"."""
    found: dict[int, int] = {}
    for pattern in (_N_SOON, _BE_SOON):
        for match in pattern.finditer(text):
            age = _number(match.group("n"))
            theirs = _OTHERS.search(text, max(0, match.start("n") - 45), match.start("n"))
            if age and not theirs and not _NOT_AGE.match(text, match.end("n")) and _LOWEST < age < _HIGHEST:
                found[match.start("n")] = age
    return found


def _stated(text: str, future: dict[int, int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for pattern in (_SAID, _OLD, _JUST_TURNED, _SEXED):
        for match in pattern.finditer(text):
            for group in ("n", "n2"):
                words = match.groupdict().get(group)
                if not words:
                    continue
                place, end = match.start(group), match.end(group)
                age = _number(words) or _number(words.split()[0])
                if age and place not in future and _is_own_age(text, match.start(), place, end):
                    found[place] = age
    return found


def _is_own_age(text: str, start: int, place: int, end: int) -> bool:
    before = text[max(0, min(start, place) - 45) : start]
    if _OTHERS.search(before) or _OTHERS.search(text, max(0, place - 45), place):
        return False
    if _VAGUE.search(text[start : end + 6]) or re.match(
        r"\s?-?(?:ish|odd)|'?s\b|\+|-\d| or \d| to \d", text[end : end + 6]
    ):
        return False
    return not _NOT_AGE.match(text, end)


def _bare(text: str) -> dict[int, int]:
    """The only number of an answer to the age question."""
    numbers = find_numbers(text)
    if len(numbers) != 1 or numbers[0].low != numbers[0].high or numbers[0].approximate or len(text) > 120:
        return {}
    only = numbers[0]
    # "34 and a half" is still 34.
    if only.low != int(only.low) and (only.low % 1 != 0.5 or only.low < 10):
        return {}
    if (
        _VAGUE.search(text)
        # Before or after the birthday is not said.
        or re.match(r"\s+this (?:year|month|week)\b", text[only.end :])
        or not _is_own_age(text, only.start, only.start, only.end)
        or text[: only.start].rstrip().endswith("-")
    ):
        return {}
    return {only.start: int(only.low)}


def _born(text: str, today: date, asked: bool, country: str | None) -> int | None:
    full = _FULL.search(text)
    if full and (asked or re.search(r"\b(?:born|dob|birth)", text)):
        return _from_date(full, today, country)
    match = _YEAR.search(text)
    bare = re.fullmatch(r"\W*(?:in\s+)?(?P<y>19\d\d|20[01]\d)\W*", text) if asked else None
    if match and _OTHERS.search(text, max(0, match.start() - 30), match.start()) and "was born" not in text:
        return None
    year = match or bare
    if not year or re.search(r"\b(?:son|daughter|kid|brother|sister|mum|dad|he|she) (?:was )?born", text):
        return None
    age = today.year - int(year.group("y"))
    # Before the birthday the person is a year younger; where that decides whether they are of age, ask.
    return age if age != 18 else 0


def _from_date(match: re.Match[str], today: date, country: str | None) -> int | None:
    month_word = match.group("mon") or match.group("mon2")
    day, year = int(match.group("d") or match.group("d2")), int(match.group("y") or match.group("y2"))
    if month_word.isdigit():
        month = int(month_word)
        if country == "US" or month > 12:
            day, month = month, day
    else:
        month = _MONTHS.index(month_word[:3]) + 1
    try:
        birthday = date(year, month, day)
    except ValueError:
        return None
    return today.year - birthday.year - ((today.month, today.day) < (birthday.month, birthday.day))

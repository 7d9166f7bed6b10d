"""When something was last used, from words and the present moment in the person's zone."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from waymark.domain.facts import LastUse
from waymark.understanding.numbers import NumberMatch, find_numbers
from waymark.understanding.tokens import prepare, without_overlaps

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_UNIT = (
    r"(?P<unit>seconds?|secs?|minutes?|mins?|hours?|hrs?|hr|days?|nights?|weeks?|wks?|months?|mths?|"
    r"years?|yrs?|yr)"
)

_NOW = re.compile(
    r"\b(?:just now|right now|just (?:had|did|done|took|smoked|used|finished|snorted|drank)|minutes ago|"
    r"this minute|drinking now|using now|am now|as we speak)\b"
)
_AGO = re.compile(
    rf"\s*{_UNIT}\s*(?:ago|back|since|clean|sober|dry|off(?:\s+it)?\b|without|now clean|free)\b"
)
_AGO_ARTICLE = re.compile(
    rf"\b(?:(?P<half>half an?)|an?|one)\s+{_UNIT}\s+(?P<more>or (?:so|two)\s+)?(?:ago|back|clean|sober)\b"
)
_FOR = re.compile(rf"\s*(?:whole |full |straight |solid )?{_UNIT}\b")
_FOR_BEFORE = re.compile(
    r"\b(?:(?:haven'?t|havnt|have not|hadn'?t|havnae|not|hasn'?t|ain'?t|nothing|no|none|clean|sober|dry|"
    r"off|abstinent|without|been off|stopped|quit)\b[^.!?;\n]{0,40}?"
    r"\b(?:in|for|in the last|for the last|for over|for about|for nearly|for like|in about|in like|"
    r"in over)|(?:clean|sober|dry|abstinent)(?: for| now| about)?|off (?:it|the \w+|\w+)(?: for|"
    r" now)?)\s+(?:about |around |over |nearly |almost |like |the (?:last|past) |roughly )?$"
)
_DAYS = re.compile(
    r"\b(?P<pair>day before yesterday|night before last)\b|\b(?P<yesterday>yesterday|yesterdy|yesturday|"
    r"yest|last ?night|lastnight|las night|last nite|ystrday|last evening|ayer|ontem|anoche)\b|"
    r"\b(?P<today>today|this (?:morning|mornin|mornin'|afternoon|arvo|evening)|tonight|earlier today|hoy|"
    r"hoje)\b"
)
_WEEKDAY = re.compile(
    r"\b(?P<last>(?:last|on|since|this past|past|til|until|from|was)\s+)?(?P<day>mon|tues?|wed(?:nes)?|"
    r"thu(?:rs)?|fri|sat(?:ur)?|sun)(?P<full>day)?(?:\s+(?:night|morning|evening|afternoon|arvo|"
    r"nite))?\b(?!s)"
)
_CLOCK = re.compile(
    r"\b(?:at|around|about|since|from|till|til|until)\s+(?:about\s+|like\s+|"
    r"around\s+)?(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))?\s?(?P<half>am|pm|a\.m|p\.m)\b|\b(?P<noon>midnight|"
    r"midday|noon)\b"
)
_DAY_MONTH = re.compile(
    rf"\b(?:the\s+)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b(?:,?\s+(?P<y>\d{{4}}))?"
)
_MONTH_DAY = re.compile(
    rf"\b{_MONTH}\s+(?:the\s+)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*(?:cans|pints|days|"
    rf"weeks))(?:,?\s+(?P<y>\d{{4}}))?"
)
_ORDINAL = re.compile(r"\b(?:on|since|was|til|until|from)\s+the\s+(?P<d>\d{1,2})(?:st|nd|rd|th)\b")
_ISO = re.compile(r"\b(?P<y>20\d\d)-(?P<mo>\d{1,2})-(?P<d>\d{1,2})\b")
_SLASH = re.compile(
    r"\b(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?P<y>(?:20)?\d\d))?\b(?!\s*(?:cans|pints|lines|grams|days|times|"
    r"nights|a\b))"
)
_FEAST = re.compile(
    r"\b(?P<feast>christmas eve|christmas day|xmas day|christmas|xmas|boxing day|new year'?s eve|"
    r"new year'?s(?: day)?)\b"
)
_FEASTS = {"christmas eve": (12, 24), "boxing day": (12, 26)}
_NOT_LAST = re.compile(
    r"\b(?:start(?:ed|in)?|began|first|since i was|died|for (?:about |over |like |the (?:last|"
    r"past) )?(?:\d+|\w+)?|diagnosed|born|moved|met|married|divorced|appointment|tomorrow|next|every|each|"
    r"coming|this coming|by|"
    r"until|see you|prescribed|arrested|kicked|released|got out|came out)\b\s*(?:\w+\s+){0,4}$"
)

# "Was clean 6 months but relapsed" is no time of last use.
_ENDED = re.compile(
    r"\b(?:relaps\w*|slipp?\w*|laps(?:e|ed)|fell off|blew it|(?:used|drank|smoked|"
    r"started) again|back on)\b"
)
_WAS_CLEAN = re.compile(
    r"\b(?:was|were|had been|had|got to|managed|lasted|did|once|before|"
    r"used to be)\s+(?:\w+\s+){0,2}$"
)

_DAYS_OF_WEEK = r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)days?"
_OTHER_DAY = re.compile(rf"\s*(?:and|&|n|or|to|till|-|,)\s*{_DAYS_OF_WEEK}\b")
_DAY_BEFORE = re.compile(rf"\b{_DAYS_OF_WEEK}\s*(?:and|&|n|or|to|till|-|,)\s*(?:on\s+)?$")
_NO_USE = re.compile(
    r"\b(?:not|never|no|nae|nowt|none|nothing|n't|haven'?t|havnt|havenae|hadn'?t|ain'?t|clean|"
    r"sober|dry|off|last|without|stopped|quit)\b"
)


@dataclass(frozen=True)
class LastUseMatch:
    """A point in the past in a prepared text; ``abstinent``: said as time without use ("3 weeks clean")."""

    start: int
    end: int
    value: LastUse
    abstinent: bool = False


def parse_last_use(text: str, now: datetime, country: str | None = None) -> LastUse | None:
    """The time that an answer to "when did you last use" names, or None when vague or contradictory."""
    prepared = prepare(text)
    found = find_times(prepared, find_numbers(prepared), now, country)
    dates = {match.value.on for match in found}
    if len(dates) > 1:
        since = [m for m in found if m.abstinent]
        found = since if len({m.value.on for m in since}) == 1 else []
    return max((m.value for m in found), key=lambda v: v.hours_ago is not None, default=None)


def find_times(
    text: str, numbers: list[NumberMatch], now: datetime, country: str | None = None
) -> list[LastUseMatch]:
    """All past times that a prepared text names, in order; vague ones ("a while ago") yield nothing."""
    found = [*_spans_ago(text, numbers, now), *_clock_times(text, now), *_dates(text, now, country)]
    found.extend(LastUseMatch(m.start(), m.end(), LastUse(now.date(), 0.0)) for m in _NOW.finditer(text))
    found.extend(_named_days(text, now))
    kept = _merge_day_and_clock(without_overlaps(found))
    return sorted((m for m in kept if not _is_other_time(text, m)), key=lambda m: m.start)


def _spans_ago(text: str, numbers: list[NumberMatch], now: datetime) -> list[LastUseMatch]:
    found = []
    for match in _AGO_ARTICLE.finditer(text):
        size = 0.5 if match.group("half") else 1.0
        if "two" in (match.group("more") or ""):
            size = 1.5
        found.append(
            _span(match.start(), match.end(), size, match.group("unit"), now, _is_clean(match.group()))
        )
    for number in numbers:
        ago = _AGO.match(text, number.end)
        before = text[max(0, number.start - 70) : number.start]
        length = ago or _FOR.match(text, number.end)
        if length and (ago or _FOR_BEFORE.search(before)):
            clean = not ago or _is_clean(ago.group())
            found.append(_span(number.start, length.end(), number.low, length.group("unit"), now, clean))
    found.extend(_span(m.start(), m.end(), 1.0, m.group("unit"), now, True) for m in _a_span_clean(text))
    return [m for m in found if m is not None]


def _a_span_clean(text: str) -> list[re.Match[str]]:
    pattern = re.compile(rf"\ban?\s+(?:whole |full |good )?{_UNIT}\b")
    return [m for m in pattern.finditer(text) if _FOR_BEFORE.search(text, max(0, m.start() - 70), m.start())]


def _is_clean(words: str) -> bool:
    return bool(re.search(r"\b(?:clean|sober|dry|off|without|free)\b", words))


def _span(start: int, end: int, size: float, unit: str, now: datetime, clean: bool) -> LastUseMatch | None:
    if size > 2000:
        return None
    if unit[0] in "hs" or unit.startswith("min"):
        hours = size * {"h": 1.0, "m": 1 / 60, "s": 1 / 3600}[unit[0]]
        then = now - timedelta(hours=hours)
        return LastUseMatch(start, end, LastUse(then.date(), round(hours, 2)), clean)
    if unit[0] == "m" or unit[0] == "y":
        months = round(size * (12 if unit[0] == "y" else 1))
        return (
            LastUseMatch(start, end, LastUse(_months_back(now.date(), months), None), clean)
            if months < 1200
            else None
        )
    days = size * (7 if unit[0] == "w" else 1)
    then = now - timedelta(days=days)
    return LastUseMatch(start, end, LastUse(then.date(), days * 24), clean)


def _months_back(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _named_days(text: str, now: datetime) -> list[LastUseMatch]:
    found = []
    for match in _DAYS.finditer(text):
        back = 2 if match.group("pair") else 1 if match.group("yesterday") else 0
        found.append(
            LastUseMatch(match.start(), match.end(), LastUse(now.date() - timedelta(days=back), None))
        )
    for match in _WEEKDAY.finditer(text):
        # "sat", "sun" and "wed" are also words; without "day" they need a word of time before them.
        if not match.group("full") and not match.group("last") and text.strip() != match.group().strip():
            continue
        index = _WEEKDAYS.index(match.group("day")[:3])
        back = (now.date().weekday() - index - 1) % 7 + 1
        found.append(
            LastUseMatch(match.start(), match.end(), LastUse(now.date() - timedelta(days=back), None))
        )
    return found


def _clock_times(text: str, now: datetime) -> list[LastUseMatch]:
    found = []
    for match in _CLOCK.finditer(text):
        hour, minute = _hour(match)
        if hour > 23 or minute > 59:
            continue
        then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if then > now:
            then -= timedelta(days=1)
        hours = round((now - then).total_seconds() / 3600, 2)
        found.append(LastUseMatch(match.start(), match.end(), LastUse(then.date(), hours)))
    return found


def _hour(match: re.Match[str]) -> tuple[int, int]:
    if match.group("noon"):
        return (0 if match.group("noon") == "midnight" else 12), 0
    hour = int(match.group("h"))
    if hour > 12:
        return 99, 0
    return hour % 12 + (12 if match.group("half").startswith("p") else 0), int(match.group("m") or 0)


def _dates(text: str, now: datetime, country: str | None) -> list[LastUseMatch]:
    found: list[LastUseMatch | None] = []
    for match in (*_DAY_MONTH.finditer(text), *_MONTH_DAY.finditer(text)):
        month = _MONTHS.index(match.group("month")[:3]) + 1
        found.append(_dated(match, _past(match.group("y"), month, int(match.group("d")), now.date())))
    for match in _ISO.finditer(text):
        found.append(
            _dated(match, _past(match.group("y"), int(match.group("mo")), int(match.group("d")), now.date()))
        )
    for match in _ORDINAL.finditer(text):
        found.append(_dated(match, _last_ordinal(int(match.group("d")), now.date())))
    for match in _SLASH.finditer(text):
        day_month = _slash_order(int(match.group("a")), int(match.group("b")), country)
        if day_month:
            found.append(_dated(match, _past(match.group("y"), day_month[1], day_month[0], now.date())))
    for match in _FEAST.finditer(text):
        feast = match.group("feast")
        month, day = _FEASTS.get(feast) or (
            (12, 25) if "mas" in feast else (12, 31) if "eve" in feast else (1, 1)
        )
        found.append(_dated(match, _past(None, month, day, now.date())))
    return [m for m in found if m is not None]


def _slash_order(first: int, second: int, country: str | None) -> tuple[int, int] | None:
    if first > 12 and second <= 12:
        return first, second
    if second > 12 and first <= 12:
        return second, first
    if country is None:
        return None
    return (second, first) if country in ("US", "CA") else (first, second)


def _dated(match: re.Match[str], day: date | None) -> LastUseMatch | None:
    return LastUseMatch(match.start(), match.end(), LastUse(day, None)) if day else None


def _past(year: str | None, month: int, day: int, today: date) -> date | None:
    try:
        if year:
            said = date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
            return said if said <= today else None
        said = date(today.year, month, day)
        return said if said <= today else date(today.year - 1, month, day)
    except ValueError:
        return None


def _last_ordinal(day: int, today: date) -> date | None:
    for back in range(3):
        try:
            said = _months_back(today.replace(day=1), back).replace(day=day)
        except ValueError:
            continue
        if said <= today:
            return said
    return None


def _merge_day_and_clock(found: list[LastUseMatch]) -> list[LastUseMatch]:
    """ "last night at 2am" is one time: the clock names it when it agrees with the day within a day."""
    clocks = [m for m in found if m.value.hours_ago is not None and not m.abstinent and m.value.on]
    days = [m for m in found if m.value.hours_ago is None]
    dropped = [
        day
        for day in days
        for clock in clocks
        if day.value.on
        and clock.value.on
        and abs((day.value.on - clock.value.on).days) <= 1
        and abs(day.start - clock.start) < 30
    ]
    return [m for m in found if m not in dropped]


def _is_ongoing(text: str, match: LastUseMatch) -> bool:
    """ "Been drinking since friday": since marks a beginning unless use is denied."""
    before = text[max(0, match.start - 60) : match.start]
    if not (re.search(r"\bsince\s+$", before) or text.startswith("since", match.start)):
        return False
    clause = re.split(r"[.!?;\n]", before)[-1]
    return bool(re.search(r"[a-z]{3}", clause.replace("since", ""))) and not _NO_USE.search(clause)


def _is_other_time(text: str, match: LastUseMatch) -> bool:
    if _is_ongoing(text, match):
        return True
    if _OTHER_DAY.match(text, match.end) or _DAY_BEFORE.search(text, max(0, match.start - 20), match.start):
        return True
    if match.abstinent:
        return bool(
            _ENDED.search(text, match.end) or _WAS_CLEAN.search(text, max(0, match.start - 40), match.start)
        )
    if re.search(r"\b(?:an?|every|each|most)\s+$", text[max(0, match.start - 8) : match.start]):
        return True
    before = text[max(0, match.start - 45) : match.start]
    clause = re.split(r"[.!?;\n,]|\b(?:but|and)\b", before)[-1]
    if clause.rstrip().endswith(("on", "until", "til")) and not re.search(
        r"start|tomorrow|next|appointment", clause
    ):
        return False
    return bool(_NOT_LAST.search(clause)) and not re.search(r"\b(?:last|haven'?t|not)\b", clause)

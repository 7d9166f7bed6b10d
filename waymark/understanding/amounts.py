"""How much: a number with a unit and a period, or money, as said; what is only wished for or denied is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from waymark.domain.facts import Amount
from waymark.understanding.numbers import NumberMatch, find_numbers
from waymark.understanding.tokens import without_overlaps
from waymark.understanding.units import UNIT_WORDS

_DOLLARS = {"AU": "AUD", "CA": "CAD", "NZ": "NZD"}
_SIGNS = {"£": "GBP", "€": "EUR"}
_MONEY_WORD = re.compile(
    r"\s?(?P<gbp>quid|pounds?|gbp|nicker|squid)\b|\s?(?P<eur>euros?|eur|yoyos)\b|\s?(?P<usd>dollars?|"
    r"bucks?|usd|aud|cad)\b"
)
_NOTES = re.compile(
    r"\b(?:a |(?P<n>two|three|couple of|couple) )?(?P<note>fiver|tenner)s?\b(?!\s+(?:bags?|wraps?|deals?))"
)
_OWED = re.compile(
    r"\b(?:owe\w*|debts?|debit|stole|nicked|borrow\w*|earn\w*|wages?|worth|won|win|winning|rent|bill|fine|"
    r"loan|paid off|salary|costs? me to|saved|saving|"
    r"save|behind|a pint|each|overdraft|arrears)\b"
)
_SPENT = re.compile(
    r"\b(?:spen[dt]\w*|blow\w*|blew|los[et]\w*|put|puts|putting|bets?|betting|stak\w*|habit|drop\w*|"
    r"burn\w*|gambl\w*|slots?|pokies|fobts?|casino|bookies|roulette|poker|online|"
    r"scratch ?cards?|going on|goes on|went on|worth of|machines?|deposit\w*|smok\w*|using|buy\w*|"
    r"in the machine)\b"
)
_FILLER = (
    r"(?:large|big|small|wee|strong|full|good|decent|fat|proper|whole|more|cold|cheap|half|single|double|"
    r"size|size[ds]|litre|standard|medium|regular|"
    r"normal|massive|tiny|of\s+(?:those|them|the|these)|of|ae|o|the|these|those|maybe|like|or\s+so|-?ish|odd|"
    r"or\s+more|units?\s+of|king\s+size|tall|street|pressed|blue|"
    r"white|fake|real|rolled|pregabalin|xanax|valium|diazepam|codeine|tramadol|oxy|oxycodone|zopiclone|"
    r"heroin|crack|coke|weed|spice|ket|vodka|wine|beer|lager|cider|stella|carling|"
    r"fosters|carlsberg|heineken|tennents|guinness|budweiser|bud light|modelo|vape|juul|nos|percocet|"
    r"norco|hydrocodone|tenner|ten|twenty|fiver|10|20|(?:\d+|ten|twenty)\s?(?:mg|ml|quid|pound|dollar|"
    r"percent|%)|£\d+|\$\d+)"
)
# Fewest words between first: "half a litre of vodka" counts litres, "3 large cans" counts cans.
_UNITS = tuple(
    re.compile(
        rf"(?:\s*(?:x\s*)?(?:{_FILLER}\b|%)){{{words}}}\s*-?(?:x\s*)?(?P<unit>[a-z]+|8ths?|8balls?|"
        rf"m30s)\b"
    )
    for words in range(4)
)
_SIZED = re.compile(
    r"\s*(?:x\s*|of\s+)?(?P<size>\d{1,4}(?:\.\d{1,2})?|one|two|three)?\s?-?(?P<measure>cl|ml|l|ltr|litre|"
    r"liter)s?\s+(?P<what>bottles?|cans?|tins?)\b"
)
_CENTILITRES = re.compile(r"\s?cls?\b(?:\s+bottles?)?")
_STRENGTH = re.compile(
    r"\s*(?:x\s*|of\s+)?(?P<mg>(?<![\d.])\d{1,5}(?:\.\d{1,2})?)\s?(?:mg|mgs|mig|"
    r"milligram)s?\s+(?:\w+\s+){0,2}?(?P<unit>[a-z]+)\b"
)
_MG_THEN_PILLS = re.compile(
    r"(?P<mg>(?<![\d.])\d{1,5}(?:\.\d{1,2})?)\s?mgs?\s+(?:\w+\s+){0,2}?(?P<unit>bars?|pills?|tabs?|"
    r"tablets?|caps?|capsules?|strips?|oxys?|roxys?|blues)\s*,?\s*x\s?(?P<n>\d+)\b"
)
_PILL_STRENGTH = re.compile(
    r"\s*(?:of\s+)?(?:\w+\s+){0,2}?\(?(?P<mg>(?<![\d.])\d{1,5}(?:\.\d{1,2})?)\s?mgs?\b"
)
_PACK = re.compile(r"\s?-?pac?ks?\b\s*(?:of\s+)?(?P<what>[a-z]+)?")
_ARTICLE = re.compile(
    rf"(?:\b(?:an?|one|the|wan)\s+|(?:^|[.,;!\n])\s*(?:(?:just|like|about|still|usually|mostly|maybe|"
    rf"probably|wee|big|small|large)\s+)?(?=(?:bottle|naggin|fifth|handle|point|litre|gram|pack|bag|joint|glass|shoulder|pod|"
    rf"eighth|ounce|box)\b))(?:(?:big|large|small|full|whole|good|wee|cheeky|single|"
    rf"{_FILLER})\s+){{0,2}}?(?P<unit>[a-z]+|8th|8ball|70cl|75cl|1l)\b"
)
_ARTICLE_SIZED = re.compile(
    r"\b(?:an?|half an?|one)\s+(?P<size>\d{1,4}(?:\.\d{1,2})?)?\s?-?(?P<measure>cl|l|litre|"
    r"liter)\s+bottles?\b"
)
_HAD = re.compile(
    r"\b(?:had|drank|drink|drinking|do|did|doing|done|took|take|taking|smoked?|smoking|used?|using|"
    r"sniff\w*|snort\w*|necked|through|put away|"
    r"sank|polish\w*|finish\w*|inject\w*|on|down|downed|get through|have)\s+(?:about\s+|around\s+|like\s+|"
    r"maybe\s+|at least\s+|up to\s+|nearly\s+|me\s+)*$"
)
_COLA = re.compile(r"\s+(?:of\s+)?(?:diet\s+)?(?:coke|cola|pop|gas|speed)\b")
_DRUNK_FROM = frozenset({"can", "pint", "bottle", "glass", "litre", "cup", "box", "drink"})
_HARMLESS = re.compile(
    r"\s+(?:of\s+)?(?:diet\s+)?(?:pepsi|water|red ?bull|monster|soda|beans|milk|tea|coffee|juice|squash|"
    r"lemonade|tuna|soup|soil|sweets|crisps|"
    r"energy|sugar|chips|shopping|clothes|sand|rice|bullet|gold|sweet|blood|paracetamol|ibuprofen|"
    r"antidepressants?|vitamins?|phone|of (?:it|the day|my life))\b"
)
_WISH = re.compile(
    r"\b(?:want(?:ed)? to|wanna|like to|trying to|try to|try and|aim(?:ing)?|goal|target|plan(?:ning)?|"
    r"hop(?:e|ing)|limit(?:ed)?|max(?:imum)?|no more than|less than|under|"
    r"(?:should|could|would)(?! hardly| easily| call| say| guess| estimate| do| put)|supposed|recommend\w*|allowed|guidelines?|if i|get down to|cutting (?:down )?to|"
    r"cut (?:it )?(?:back|down)? ?to|stick to|keep it to|gonna|going to|"
    r"not even|never|used to|(?:began|begun|started)(?: out| off)? (?:with|on|at)|not|don'?t|instead of|rather than|was on|left|bought|for sale|"
    r"sell\w*)\b[^.!?;]{0,28}$"
)
_CUT_NOW = re.compile(
    r"\b(?:i'?ve|ive|i have|already|managed to|now) cut (?:it )?(?:back|down)? ?to\b[^.!?;]{0,20}$"
)
_LIMIT_OK = re.compile(
    r"\b(?:not much|not a lot|not loads|not that much|don'?t know|not sure|not gonna lie|never less than|"
    r"not going to lie|not lying)\b[^.!?;]{0,28}$"
)

_PERIODS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("week", re.compile(r"\b(?:a|per|every|each|over the|over a|in a|da|over)\s+(?:whole\s+)?(?:week|wk|"
                        r"weekend|wkend)\b|\b(?:weekly|p\.?w\.?)\b|/\s?(?:week|wk|w)\b|\bweek\s?ly\b|"
                        r"\b(?:on|at|over|every|each|only|the) (?:a |the )?weekends?\b")),
    ("month", re.compile(r"\b(?:a|per|every|each|in a)\s+(?:month|mth)\b|\bmonthly\b|/\s?(?:month|mth)\b")),
    ("occasion", re.compile(
        r"\b(?:when(?:ever)? i (?:drink|do|go|use|smoke|binge|play|gamble|start|take|have)|(?:a|per|each|"
        r"every|in (?:a|one)|one) (?:session|sesh|sitting|go|time|binge|pop)|at a time|each time|"
        r"(?:a|on a|every|each) (?:saturday|sunday|friday|thursday|monday|tuesday|wednesday)(?: night)?|"
        r"on (?:satur|sun|fri|thurs|mon|tues|wednes)days?|in one go|on a night out|a night out|"
        r"on nights out)\b")),
    ("day", re.compile(
        r"\b(?:a|per|every|each|evry|da|most|in a|every single|the)\s?(?:other\s+)?(?:day|night|nite|"
        r"evening|eve|morning|24 hours)s?\b|\b(?:everyday|daily|nightly|al dia|por dia|p\.?d\.)(?!\w)|"
        r"/\s?(?:day|night|d)\b|\b(?:before|for) (?:bed|sleep)\b")),
)  # fmt: skip
_DRINK_ROUND = frozenset(
    {
        "drink",
        "shot",
        "point",
        "line",
        "hit",
        "bet",
        "glass",
        "pint",
        "deal",
        "quarter",
        "key",
        "ball",
        "jay",
        "j",
        "g",
        "cap",
        "tab",
        "bar",
        "bump",
        "unit",
        "box",
        "cup",
        "double",
        "rock",
        "bowl",
        "bucket",
        "bulb",
        "packet",
        "deck",
        "handle",
        "shoulder",
        "measure",
        "strip",
        "fifth",
        "beer",
        "stamp",
        "charger",
        "cone",
    }
)


@dataclass(frozen=True)
class AmountMatch:
    """An amount in a prepared text, its place, and whether its period was said in words."""

    start: int
    end: int
    amount: Amount
    period_said: bool


def find_amounts(
    text: str, numbers: list[NumberMatch], *, country: str | None = None, asked: bool = False
) -> list[AmountMatch]:
    """All amounts of a prepared text in order; ``asked``: the question was how much, so "a bottle" is an answer."""
    raw = [
        _Raw(m.start(), m.end(), float(m.group("n")), float(m.group("n")), "pill", float(m.group("mg")))
        for m in _MG_THEN_PILLS.finditer(text)
    ]
    for index, number in enumerate(numbers):
        following = numbers[index + 1] if index + 1 < len(numbers) else None
        found = _money(text, number, country, asked) or _counted(text, number, following)
        if found:
            raw.append(found)
    raw.extend(_notes(text, country, asked))
    raw.extend(_with_article(text, asked))
    kept = [item for item in without_overlaps(raw) if not _is_wish(text, item)]
    return [_finish(text, item) for item in sorted(kept, key=lambda r: r.start)]


def period_of(text: str, start: int, end: int) -> tuple[str, bool]:
    """Period said around an amount, nearest after it first; "occasion" when none is said."""
    after = re.split(
        r"[.!?;\n]|,\s*(?=(?:and |then |plus )?(?:i|\d|a|half|my|he|she)\b)", text[end : end + 60], maxsplit=1
    )[0]
    hits = [(m.start(), name) for name, pattern in _PERIODS if (m := pattern.search(after))]
    if hits:
        return min(hits)[1], True
    before = re.split(r"[.!?;\n]|\b(?:and|then|plus|but|with)\b", text[max(0, start - 45) : start])[-1]
    ends = [(m.end(), name) for name, pattern in _PERIODS for m in pattern.finditer(before)]
    return (max(ends)[1], True) if ends else ("occasion", False)


@dataclass(frozen=True)
class _Raw:
    start: int
    end: int
    low: float
    high: float
    unit: str
    strength_mg: float | None = None


def _finish(text: str, item: _Raw) -> AmountMatch:
    period, said = period_of(text, item.start, item.end)
    amount = Amount(item.low, item.high, item.unit, period, item.strength_mg)
    return AmountMatch(item.start, item.end, amount, said)


def _counted(text: str, number: NumberMatch, following: NumberMatch | None) -> _Raw | None:
    low, high, end = number.low, number.high, number.end
    sized = _SIZED.match(text, end)
    if sized and (sized.group("size") or low == high):
        return _sized(text, number, sized)
    centilitres = _CENTILITRES.match(text, end)
    if centilitres:
        return _Raw(number.start, centilitres.end(), 1, 1, f"bottle_{low:g}cl") if low >= 10 else None
    strength = _STRENGTH.match(text, end)
    if strength and UNIT_WORDS.get(strength.group("unit")) in ("pill", "strip"):
        unit = UNIT_WORDS[strength.group("unit")]
        return _Raw(number.start, strength.end(), low, high, unit, float(strength.group("mg")))
    pack = _PACK.match(text, end)
    if (
        pack
        and low == high
        and low in (2, 4, 6, 8, 10, 12, 15, 18, 20, 24, 30)
        and re.match(r"\s?-?pac?k\b", text[end : end + 7])
    ):
        return _pack(text, number, pack)
    return _plain(text, number)


def _plain(text: str, number: NumberMatch) -> _Raw | None:
    tries = (pattern.match(text, number.end) for pattern in _UNITS)
    match = next((m for m in tries if m and m.group("unit") in UNIT_WORDS), None)
    unit = UNIT_WORDS[match.group("unit")] if match else ""
    if match is None or _is_harmless(text, unit, match.end()):
        return None
    word = match.group("unit")
    if word in ("drink", "deal", "bar", "key", "box", "bet") and number.low > 1:
        return None
    if unit == "bag" and text[max(0, number.start - 1) : number.start] in ("£", "$", "€"):
        return None
    end, low, high = match.end(), number.low, number.high
    half = re.match(r"\s+and\s+(?:a\s+)?half\b", text[end : end + 12])
    if half:
        low, high, end = low + 0.5, high + 0.5, end + half.end()
    strength = _PILL_STRENGTH.match(text, end) if unit == "pill" else None
    return _Raw(number.start, end, low, high, unit, float(strength.group("mg")) if strength else None)


def _sized(text: str, number: NumberMatch, match: re.Match[str]) -> _Raw | None:
    factor = {"cl": 1.0, "ml": 0.1}.get(match.group("measure"), 100.0)
    count_low, count_high = number.low, number.high
    if match.group("size"):
        size = {"one": 1.0, "two": 2.0, "three": 3.0}.get(match.group("size")) or float(match.group("size"))
    elif (
        number.low == 0.5
        and match.group("measure") != "cl"
        and text[number.start : number.end].startswith("half a")
    ):
        size = 1.0
    else:
        size, count_low, count_high = number.low, 1.0, 1.0
    if match.group("what")[0] != "b":
        return _Raw(number.start, match.end(), count_low, count_high, "can")
    return _Raw(number.start, match.end(), count_low, count_high, f"bottle_{size * factor:g}cl")


def _pack(text: str, number: NumberMatch, match: re.Match[str]) -> _Raw | None:
    what = UNIT_WORDS.get(match.group("what") or "", "can")
    unit = what if what in ("can", "bottle", "cigarette", "pint") else "can"
    return _Raw(number.start, match.start() + 5, number.low, number.high, unit)


def _money(text: str, number: NumberMatch, country: str | None, asked: bool) -> _Raw | None:
    sign = text[max(0, number.start - 2) : number.start].strip()[-1:]
    word = _MONEY_WORD.match(text, number.end)
    currency = _SIGNS.get(sign) or (_DOLLARS.get(country or "", "USD") if sign == "$" else None)
    end = number.end
    if currency is None and word:
        currency = (
            "GBP" if word.group("gbp") else "EUR" if word.group("eur") else _DOLLARS.get(country or "", "USD")
        )
        currency = {"aud": "AUD", "cad": "CAD"}.get(word.group().strip(), currency)
        end = word.end()
    if currency is None or re.match(
        r"\s*-?(?:worth of\s+)?(?:bags?|wraps?|deals?|rocks?|bits?|pieces?)\b", text[end : end + 20]
    ):
        return None
    start = number.start - 1 if sign else number.start
    return (
        _Raw(start, end, number.low, number.high, currency) if _is_spending(text, start, end, asked) else None
    )


def _notes(text: str, country: str | None, asked: bool) -> list[_Raw]:
    found = []
    for match in _NOTES.finditer(text):
        if country in (None, "GB", "IE") and _is_spending(text, match.start(), match.end(), asked):
            count = {"two": 2.0, "three": 3.0, "couple": 2.0, "couple of": 2.0}.get(
                match.group("n") or "", 1.0
            )
            value = count * (5.0 if match.group("note") == "fiver" else 10.0)
            found.append(_Raw(match.start(), match.end(), value, value, "EUR" if country == "IE" else "GBP"))
    return found


def _is_spending(text: str, start: int, end: int, asked: bool) -> bool:
    """Money counts when it is spent on use: a period or a word of spending stands near, no debt or gain."""
    around = text[max(0, start - 50) : end + 50]
    close = text[max(0, start - 25) : end + 12]
    if _OWED.search(close):
        return False
    return asked or bool(_SPENT.search(around)) or period_of(text, start, end)[1]


def _with_article(text: str, asked: bool) -> list[_Raw]:
    found = []
    for match in _ARTICLE_SIZED.finditer(text):
        size = float(match.group("size") or 1) * (1 if match.group("measure") == "cl" else 100)
        count = 0.5 if match.group().startswith("half") else 1.0
        found.append(_Raw(match.start(), match.end(), count, count, f"bottle_{size:g}cl"))
    for match in _ARTICLE.finditer(text):
        word = match.group("unit")
        unit = {"70cl": "bottle_70cl", "75cl": "bottle_75cl", "1l": "bottle_100cl"}.get(
            word
        ) or UNIT_WORDS.get(word)
        if unit is None or (word.endswith("s") and word != "glass") or _is_harmless(text, unit, match.end()):
            continue
        count, end = 1.0, match.end()
        half = re.match(r"\s+and\s+(?:a\s+)?half\b", text[end : end + 12])
        if half:
            count, end = 1.5, end + half.end()
        if _article_counts(text, match.start(), end, word, asked):
            found.append(_Raw(match.start(), end, count, count, unit))
    return found


def _is_harmless(text: str, unit: str, end: int) -> bool:
    """ "2 cans of coke", "a bag of sugar": counted, but no substance."""
    return bool(_HARMLESS.match(text, end)) or (unit in _DRUNK_FROM and bool(_COLA.match(text, end)))


def _article_counts(text: str, start: int, end: int, word: str, asked: bool) -> bool:
    """ "a bottle a night" is an amount; "fancy a pint" is not."""
    near = re.split(r"[.!?;\n,]", text[end : end + 45], maxsplit=1)[0]
    if any(pattern.search(near) for _, pattern in _PERIODS):
        return True
    if asked:
        return True
    if (
        re.search(r"\b(?:have|had|need|want|fancy|for|getting|get|kill) $", text[max(0, start - 8) : start])
        and word in _DRINK_ROUND
    ):
        return False
    if word in _DRINK_ROUND:
        return False
    if re.search(r"\b(?:and|n|&|plus|with)\s+$", text[max(0, start - 6) : start]):
        # "10 pints on a Friday and a gram of coke": listed with what has a period.
        return any(pattern.search(text, max(0, start - 50), start) for _, pattern in _PERIODS)
    return bool(_HAD.search(text, max(0, start - 40), start))


def _is_wish(text: str, item: _Raw) -> bool:
    before = text[max(0, item.start - 60) : item.start]
    if _CUT_NOW.search(before) or _LIMIT_OK.search(before):
        return False
    last_clause = re.split(r"[.!?;\n,]|\b(?:but|now|actually|so|and i)\b", before)[-1]
    return bool(_WISH.search(last_clause)) or bool(
        re.match(r"\s*(?:in the fridge|left|to go|under|less|for sale)\b", text[item.end : item.end + 16])
    )


def bare_amount(text: str, unit: str) -> Amount | None:
    """A number without a unit, as the answer to "how much" when the question names the unit."""
    numbers = find_numbers(text)
    if len(numbers) != 1:
        return None
    period, _ = period_of(text, numbers[0].start, numbers[0].end)
    return Amount(numbers[0].low, numbers[0].high, unit, period)

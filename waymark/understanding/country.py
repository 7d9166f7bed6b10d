"""Country codes (ISO 3166-1 alpha-2) from the names people use."""

from __future__ import annotations

import re

from waymark.understanding.tokens import prepare

_NAMES: dict[str, str] = {
    "GB": "united kingdom|uk|u.k.|u.k|gb|great britain|britain|england|scotland|wales|cymru|"
          "northern ireland|norn iron|ulster|engerland|inglaterra|"
    "isle of wight|blighty|yorkshire|london|manchester|glasgow|birmingham|liverpool|leeds|belfast|cardiff|"
    "edinburgh|bristol|sheffield|newcastle upon tyne",
    "IE": "ireland|republic of ireland|eire|éire|roi|rep of ireland|the republic|irish republic|"
          "southern ireland|dublin|cork|galway|limerick",
    "US": "united states|united states of america|usa|u.s.a.|u.s.a|u.s.|u.s|us|the us|the usa|america|"
          "the states|states|us of a|merica|murica|estados unidos|los estados|texas|california|florida|"
          "ohio|new york|new york city|nyc|"
    "montana|alabama|tennessee|minnesota|michigan|illinois|pennsylvania|north carolina|south carolina|"
    "virginia|west virginia|kentucky|oregon|arizona|colorado|nevada|utah|oklahoma|missouri|massachusetts|"
    "new jersey|"
    "los angeles|chicago|san antonio|houston|atlanta|philadelphia|philly|boston|seattle",
    "CA": "canada|the great white north|ontario|quebec|british columbia|alberta|manitoba|saskatchewan|"
          "nova scotia|toronto|montreal|vancouver|calgary",
    "AU": "australia|oz|aus|aussie|straya|down under|the land down under|queensland|new south wales|nsw|"
          "tasmania|western australia|south australia|sydney|melbourne|brisbane|adelaide",
    "NZ": "new zealand|nz|aotearoa|n.z.|kiwiland|auckland",
    "ZA": "south africa|rsa|sa south africa", "IN": "india|bharat", "NG": "nigeria|"
        "naija", "KE": "kenya", "GH": "ghana", "PK": "pakistan",
    "BD": "bangladesh", "LK": "sri lanka", "SG": "singapore", "MY": "malaysia", "HK": "hong kong", "PH": "philippines|the philippines", "ID": "indonesia",
    "TH": "thailand", "VN": "vietnam", "CN": "china|mainland china|"
        "prc", "TW": "taiwan", "JP": "japan", "KR": "south korea|"
            "korea", "AE": "uae|united arab emirates|dubai|abu dhabi",
    "SA": "saudi arabia|saudi|ksa", "QA": "qatar", "KW": "kuwait", "BH": "bahrain", "OM": "oman", "IL": "israel", "PS": "palestine", "JO": "jordan country", "LB": "lebanon", "EG": "egypt",
    "MA": "morocco", "DZ": "algeria", "TN": "tunisia", "ET": "ethiopia", "UG": "uganda", "TZ": "tanzania", "ZW": "zimbabwe", "ZM": "zambia", "RW": "rwanda", "CM": "cameroon", "SN": "senegal", "SO": "somalia",
    "FR": "france", "DE": "germany|deutschland", "ES": "spain|españa|"
        "espana", "PT": "portugal", "IT": "italy|italia", "NL": "netherlands|the netherlands|holland|"
            "nederland", "BE": "belgium", "LU": "luxembourg",
    "CH": "switzerland", "AT": "austria", "DK": "denmark", "SE": "sweden", "NO": "norway", "FI": "finland", "IS": "iceland", "PL": "poland|polska", "CZ": "czech republic|czechia", "SK": "slovakia", "HU": "hungary",
    "RO": "romania", "BG": "bulgaria", "GR": "greece", "CY": "cyprus", "MT": "malta", "HR": "croatia", "SI": "slovenia", "RS": "serbia", "BA": "bosnia|bosnia and herzegovina", "ME": "montenegro", "MK": "north macedonia",
    "AL": "albania", "XK": "kosovo", "EE": "estonia", "LV": "latvia", "LT": "lithuania", "UA": "ukraine", "BY": "belarus", "MD": "moldova", "RU": "russia", "TR": "turkey|türkiye|turkiye", "IR": "iran", "IQ": "iraq", "AF": "afghanistan", "NP": "nepal",
    "BR": "brazil|brasil", "AR": "argentina", "CL": "chile", "CO": "colombia", "PE": "peru", "VE": "venezuela", "EC": "ecuador", "BO": "bolivia", "UY": "uruguay", "PY": "paraguay", "MX": "mexico|méxico", "CU": "cuba", "DO": "dominican republic",
    "PR": "puerto rico", "JM": "jamaica", "TT": "trinidad|"
        "trinidad and tobago", "BB": "barbados", "BS": "bahamas|"
            "the bahamas", "GY": "guyana", "CR": "costa rica", "PA": "panama", "GT": "guatemala", "HN": "honduras", "SV": "el salvador", "NI": "nicaragua",
    "IM": "isle of man|iom", "JE": "jersey", "GG": "guernsey", "GI": "gibraltar", "FJ": "fiji", "PG": "papua new guinea", "WS": "samoa", "TO": "tonga",
}  # fmt: skip
_BY_NAME = {name: code for code, names in _NAMES.items() for name in names.split("|")}
_NEEDS_ASKING = frozenset(
    "us states oz aus aussie gb jersey turkey u.s u.s. america cork virginia cyprus chile jamaica china "
    "korea jordan london manchester florida limerick the republic georgia down under sa".split()
) | {"the republic", "down under"}
"""Names that mean other things too, or where a person may only have been: not read outside the question."""

_ALTERNATIVES = "|".join(re.escape(name) for name in sorted(_BY_NAME, key=len, reverse=True))
_ANY = re.compile(rf"(?<![\w.])(?<!new )(?:{_ALTERNATIVES})(?!\w)")
_LIVE = re.compile(
    rf"\b(?:i live|i'?m living|living|live|i'?m based|based|i stay|i'?m|im|i am|here|calling|writing|"
    rf"moved|i reside|reside)\s+(?:in|from|over in|up in|down in|out in|"
    rf"to)\s+(?:the\s+)?(?:\w+,?\s+(?:in\s+)?){{0,2}}?(?P<name>{_ALTERNATIVES})(?!\w)"
)
_NOT_HERE = re.compile(
    r"\b(?:not|never|left|originally|born in|used to live in|moved (?:here )?from|visit\w*|holiday (?:in|"
    r"to)|going to|flying to|family (?:in|from|back in)|came from|come from|grew up in|"
    r"from)\s+(?:\w+\s+){0,1}$"
)


def parse_country(text: str, *, asked: bool = False) -> str | None:
    """The country a person lives in; outside the country question only "I live in …" counts.

    Two different countries, or one that the person says they left, give None.
    """
    said = prepare(text[:400])
    if not asked:
        match = _LIVE.search(said)
        if (
            not match
            or match.group("name") in _NEEDS_ASKING
            or re.search(r"\bused to\b|\bborn\b", said[: match.start("name")])
        ):
            return None
        if re.match(
            r"\s+(?:street|road|st|rd|hotel|house|arms|inn|ward|clinic|prison)\b", said[match.end() :]
        ):
            return None
        return _BY_NAME[match.group("name")]
    return _only(said)


def _only(said: str) -> str | None:
    whole = re.sub(r"^[\W_]+|[\s!?,;]+$", "", said)
    if whole in _BY_NAME:
        return _BY_NAME[whole]
    bare_code = whole.upper()
    if (
        len(whole) == 2
        and bare_code in _NAMES
        and whole
        not in ("no", "so", "me", "is", "it", "be", "to", "my", "in", "at", "by", "do", "us", "de", "pa")
    ):
        return bare_code
    codes: list[str] = []
    for match in _ANY.finditer(said):
        if match.group() == "us" and not re.search(r"\b(?:the|in|from)\s+$", said[: match.start()]):
            continue
        left = _NOT_HERE.search(said[max(0, match.start() - 40) : match.start()])
        if left and not (left.group().strip().startswith("from") and len(list(_ANY.finditer(said))) == 1):
            continue
        codes.append(_BY_NAME[match.group()])
    distinct = list(dict.fromkeys(codes))
    return distinct[0] if len(distinct) == 1 else None

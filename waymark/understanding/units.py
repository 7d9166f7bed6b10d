"""Units in which people count what they use, and which substances a unit can belong to."""

from __future__ import annotations

_ALCOHOL = frozenset({"alcohol"})
_TOBACCO = frozenset({"nicotine_tobacco"})
_CANNABIS = frozenset({"cannabis", "synthetic_cannabinoid"})
_GAMBLING = frozenset({"gambling"})
_OPEN: frozenset[str] = frozenset()

_NAMES: dict[str, str] = {
    "can": "can cans canz tin tins tinnie tinnies tinny tallboy tallboys cerveza",
    "pint": "pint pints pynts pintas",
    "bottle": "bottle bottles botle botles botlle bottel bottels bttl stubby stubbies longneck longnecks",
    "bottle_20cl": "naggin naggins",
    "bottle_35cl": "shoulder shoulders",
    "bottle_75cl": "fifth fifths",
    "bottle_175cl": "handle handles",
    "litre": "litre litres liter liters ltr ltrs",
    "unit": "unit units",
    "glass": "glass glasses galss glases glasess tumbler tumblers schooner schooners",
    "shot": "shot shots measure measures shooter shooters nip nips dram drams",
    "double": "double doubles",
    "drink": "drink drinks bev bevs bevvy bevvies beer beers cocktail cocktails vodkas wines whiskeys "
             "whiskies gins rums lagers ciders sherries brandies rums pernods jagerbombs scotches",
    "box": "box boxes cask casks",
    "gram": "gram grams gramme grammes g gs gr grm grms gs",
    "eighth": "eighth eighths 8th 8ths eightball eightballs 8ball 8balls ball henry henries",
    "quarter": "quarter quarters quater",
    "ounce": "ounce ounces oz ozs zip zips",
    "point": "point points",
    "bag": "bag bags baggie baggies wrap wraps deal deals packet stamp",
    "bundle": "bundle bundles",
    "rock": "rock rocks",
    "pill": "pill pills pil tablet tablets tablits tabletz tab tabs capsule capsules cap caps bar bars "
            "blues percs xans "
    "perc oxys vallies norcos trams zopis pingers beans yokes valium valiums xannies xannys zannies roxys "
    "roxies m30s addys zopiclones "
    "pastillas subbies temazies benzos dexies pregabs lyricas zimmers vals sleepers codeines tramadols "
    "addies",
    "strip": "strip strips",
    "mg": "mg mgs milligram milligrams mig migs",
    "ml": "ml mls mil mils mill mills millilitres",
    "joint": "joint joints spliff spliffs j js jay jays blunt blunts zoot zoots doobie doobies bifter "
             "bifters fatties preroll prerolls reefers",
    "bong": "bong bongs cone cones billy billies bucket buckets bowl bowls",
    "line": "line lines bump bumps rail rails key keys",
    "cigarette": "cig cigs ciggie ciggies ciggy cigarette cigarettes cigaretes ciggarettes fag fags "
                 "smokes rollie rollies rollup rollups durries darts ciggs siggies",
    "pack": "pack packs packet packets deck decks",
    "pod": "pod pods juul",
    "vape": "disposable disposables vape vapes",
    "puff": "puff puffs hits",
    "hit": "hit hits dig digs",
    "canister": "canister canisters balloon balloons nang nangs whippet whippets whippits charger "
                "chargers bulb bulbs",
    "cup": "cup cups",
    "scratch_card": "scratchcard scratchcards scratchie scratchies",
    "bet": "bets",
}  # fmt: skip

UNIT_WORDS: dict[str, str] = {word: unit for unit, words in _NAMES.items() for word in words.split()}
"""Every unit word with its canonical unit."""

_FITS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("can", "pint", "unit", "glass", "double", "drink", "shot", "bottle_20cl", "bottle_35cl"), _ALCOHOL
    ),
    **dict.fromkeys(("bottle_75cl", "bottle_175cl", "bottle_70cl", "bottle_100cl"), _ALCOHOL),
    "cigarette": _TOBACCO,
    "pack": _TOBACCO | {"nicotine_vape", "khat", "codeine", "nicotine_tobacco"},
    "pod": frozenset({"nicotine_vape"}),
    "vape": frozenset({"nicotine_vape"}),
    "puff": frozenset({"nicotine_vape"}) | _CANNABIS,
    "joint": _CANNABIS,
    "bong": _CANNABIS | {"methamphetamine"},
    "canister": frozenset({"nitrous_oxide", "inhalant_solvent"}),
    "scratch_card": _GAMBLING,
    "bet": _GAMBLING,
    "rock": frozenset({"crack_cocaine", "cocaine"}),
}
CURRENCIES = frozenset({"GBP", "USD", "EUR", "AUD", "CAD", "NZD"})
_NO_DRUG_UNIT = frozenset({"alcohol", "gambling", "nicotine_tobacco", "nicotine_vape"})
_DRUG_UNITS = frozenset(
    {"gram", "eighth", "quarter", "ounce", "point", "bag", "pill", "strip", "mg", "line", "hit", "bundle"}
)


_NOT_PILLS = frozenset(
    {
        "cannabis",
        "synthetic_cannabinoid",
        "cocaine",
        "crack_cocaine",
        "heroin",
        "ketamine",
        "khat",
        "nitrous_oxide",
    }
    | {"inhalant_solvent", "psilocybin"}
)
_NOT_BAGGED = frozenset({"methadone", "buprenorphine", "ghb", "zopiclone", "pregabalin", "gabapentin"})


def unit_fits(unit: str, substance: str) -> bool:
    """Whether an amount in this unit can belong to the substance."""
    if unit in CURRENCIES:
        return True
    if unit == "pill" and substance in _NOT_PILLS:
        return False
    if unit in ("bag", "point", "eighth", "quarter") and substance in _NOT_BAGGED:
        return False
    if unit in _DRUG_UNITS:
        # Tobacco is bought by weight; everything else outside the drugs is not.
        return substance not in _NO_DRUG_UNIT or (
            substance == "nicotine_tobacco" and unit in ("gram", "ounce")
        )
    allowed = _FITS.get(unit, _OPEN)
    if not allowed:
        return substance != "gambling"
    return substance in allowed


def implied_by(unit: str) -> frozenset[str]:
    """Substances a unit points to; empty when it says nothing."""
    return _FITS.get(unit, _OPEN)

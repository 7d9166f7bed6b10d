"""Ways of taking a substance that are named in a clause."""

from __future__ import annotations

import re

_ROUTES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("inject", re.compile(r"\b(?:inject\w*|iv|shoot(?:ing)? (?:up|it)?|shot up|shooting|slam(?:med|ming)?|"
                          r"needles?|banging up|bang up|dig(?:ging)?|pinning|intravenous(?:ly)?|"
                          r"mainlin\w*)\b")),
    ("smoke", re.compile(r"\b(?:smok\w+|foil|chas(?:e|ing) the dragon|pipe|bong|toot(?:ing)?|booting)\b")),
    ("snort", re.compile(r"\b(?:snort\w*|sniff\w*|up (?:my|the) nose|rail(?:s|ing)?|nasal(?:ly)?)\b")),
    ("swallow", re.compile(r"\b(?:swallow\w*|orally|by mouth|bomb(?:ed|ing|s)?|drop(?:ped|ping) (?:pills?|"
                           r"tabs?|acid))\b")),
    ("vape", re.compile(r"\bvap(?:e|ed|ing|es)\b")),
    ("rectal", re.compile(r"\b(?:boof\w*|plugg(?:ed|ing)|booty bump\w*|rectal(?:ly)?)\b")),
)  # fmt: skip
_DENIED = re.compile(r"\b(?:don'?t|never|not|no longer|haven'?t|used to)\s+(?:\w+\s+){0,2}$")


def find_routes(text: str, start: int, end: int) -> tuple[str, ...]:
    """Routes named between two places of a prepared text; denied ones are left out."""
    found = []
    for name, pattern in _ROUTES:
        match = pattern.search(text, start, end)
        if match and not _DENIED.search(text, max(start, match.start() - 30), match.start()):
            found.append(name)
    return tuple(found)

"""Corrections of what was said before: "not 12, 20", "sorry I meant grams", "scratch that, yesterday"."""

from __future__ import annotations

import re

from waymark.domain.facts import Correction
from waymark.understanding.tokens import prepare

_VALUE = r"[^\s,.;!?][^,;!?\n]{0,60}?"
_END = r"\s*(?:[.;!?\n]|,|$)"
_QUALIFIED = re.compile(
    r"\bnot\s+(?:really|much|a lot|loads|100%|100 ?percent|sure|too|so|very|quite|yet|always|often|every|"
    r"even|only|just|bad|good|great|well|today|now|that|gonna|going|at all|any|being|in|on|for|the best|"
    r"ideal|proud|"
    r"me|you|i|him|her|all|able|allowed|exactly|entirely|long|many|more|less|until|since|when|like|as|if|"
    r"because|doing|drinking|using|smoking|taking|ready|ok|okay|fine|happy|feeling|working|worth|"
    r"interested)\b"
)
_NOT_X_Y = re.compile(
    rf"\b(?:not|no'|wasn'?t|isn'?t|weren'?t)\s+(?P<wrong>[\w£$€.'-]+(?:\s+[\w£$€.'-]+){{0,2}}?)\s*(?:,|-|"
    rf"but|\bits\b|\bit's\b|\bit was\b|;)\s*(?:but |it'?s |it is |it was |i meant |i said |more like |"
    rf"actually )?(?P<right>{_VALUE}){_END}"
)
_NOT_ARTICLE = re.compile(
    r"^\W*(?:no\W+|sorry\W+)?not\s+(?P<wrong>\d[\w.]*|[a-z]+)\s+(?P<right>\d[\w.]*(?:\s+\w+)?)\W*$"
)
_X_NOT_Y = re.compile(
    r"^(?:(?:no|sorry|oops|wait|actually|hang on|i said|i meant|its|it's|it was|that should be|"
    r"should be)\W+){0,5}(?P<right>[\w£$€.'-]+(?:\s+[\w£$€.'-]+){0,3}?)\s*,?\s+(?:and "
    r")?not\s+(?P<wrong>[\w£$€.'-]+(?:\s+[\w£$€.'-]+){0,2}?)\W*$"
)
_NOW_FROM_TO = re.compile(
    rf"\b(?:change|swap|switch|correct|edit|update)\s+(?:that|it|this|my answer|"
    rf"(?P<wrong>[\w£$€.'-]+(?:\s+[\w£$€.'-]+){{0,3}}?))\s+(?:from\s+(?P<from>[\w£$€.'-]+(?:\s\w+)?)\s+)?(?:to|for|with|into)\s+(?P<right>{_VALUE})(?:\s+(?:please|pls|instead|not (?P<late>[\w.]+)))?{_END}"
)
_MEANT = re.compile(
    rf"\b(?:i |a )?(?:actually |really )?(?:meant|mean|should (?:have )?(?:said|say)|shoulda said|ment|"
    rf"meat to say)\s*(?:to say |to put |to write |"
    rf"to type )?(?P<right>{_VALUE})(?:\s*,?\s*not (?P<wrong>[\w£$€.'-]+(?:\s\w+)?))?{_END}"
)
_SCRATCH = re.compile(
    rf"\b(?:scratch that|strike that|ignore that|forget that|correction|typo|oops|whoops|my bad|"
    rf"my mistake|no wait|wait no|nah wait|wait|hang on|hold on|no actually|actually no|sorry no|no sorry|"
    rf"sorry)\b\W*(?:i meant?\s+|it'?s\s+|its\s+|it was\s+|it is\s+|that'?s\s+|make (?:it|that)\s+|"
    rf"should be\s+|more like\s+|that was\s+|was\s+|actually\s+|"
    rf"meant\s+)*(?P<right>{_VALUE})(?:\s*,?\s*not (?P<wrong>[\w£$€.'-]+(?:\s\w+)?))?{_END}"
)
_ACTUALLY = re.compile(
    rf"^\W*(?:no\W+|sorry\W+|well\W+)?(?:actually|correction)\W+(?:(?:it'?s|its|it was|it is|make (?:it|"
    rf"that)|that'?s|that was|more like|that should be|"
    rf"should be)\s+)*(?P<right>{_VALUE})(?:\s*,?\s*not (?P<wrong>[\w£$€.'-]+(?:\s\w+)?))?{_END}"
)
_MORE_LIKE = re.compile(
    rf"^\W*(?:no\W+|well\W+|actually\W+)*(?:more like|make (?:it|that)|that should be|should be|"
    rf"should've been|should have been|it was actually|it's actually|"
    rf"its actually)\s+(?P<right>{_VALUE}){_END}"
)
_PLAIN_WORDS = re.compile(
    r"^(?:i|i'?m|im|it|that|this|he|she|we|they|you|there|what|why|how|when|where|who|if|can|could|would|"
    r"do|did|don'?t|is|are|for|about|to|but|and|because|the thing|my|not|no|yes|yeah|nah|nope|later|ok|"
    r"okay|please|"
    r"nothing|never|mate|bro|bruv|man|love|thanks|help|one sec|a sec|a minute|really|very|all|so|just|"
    r"like|everything|let|gotta|bad|good|well|fine|quite|pretty|feeling|scared|was|were|been|had|have|"
    r"took|didn'?t|wasn'?t|haven'?t)\b"
)
_WORTH = re.compile(
    r"^(?:(?:about|around|roughly|approx|like|at least|more|~|the|a|an|on|last|every|£|\$|€)\s*)*(?:\d|"
    r"half|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|"
    r"fifty|sixty|seventy|eighty|ninety|hundred|a couple|couple|dozen|"
    r"yesterday|today|tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|month|night|"
    r"weekend|gram|grams|ounces?|eighths?|units?|cans?|pints?|bottles?|glasses|shots|bags?|pills?|mg|"
    r"joints?|points?|days?|months?|weeks?|years?|hours?|times?|daily|weekly|monthly|once|twice|morning|"
    r"evening)\b"
)


def parse_correction(text: str) -> Correction | None:
    """What the person takes back and what holds instead; None when they only qualify or hesitate."""
    said = re.sub(r"\s+", " ", prepare(text[:300])).strip()
    for pattern, strong in (
        (_NOW_FROM_TO, True), (_NOT_ARTICLE, False), (_X_NOT_Y, False), (_NOT_X_Y, False), (_ACTUALLY, False), (_SCRATCH, False), (_MEANT, True), (_MORE_LIKE, False),
    ):  # fmt: skip
        match = pattern.search(said)
        if match:
            found = _accept(said, match, pattern, strong)
            if found:
                return found
    return None


def _accept(said: str, match: re.Match[str], pattern: re.Pattern[str], strong: bool) -> Correction | None:
    groups = match.groupdict()
    right = _trim(match.group("right"))
    wrong = _trim(groups.get("wrong") or groups.get("from") or groups.get("late") or "")
    if not right or _PLAIN_WORDS.match(right) or len(right.split()) > 8:
        return None
    if pattern in (_NOT_X_Y, _X_NOT_Y, _NOT_ARTICLE) and (
        _QUALIFIED.search(said) or _PLAIN_WORDS.match(wrong) or not _same_kind(wrong, right)
    ):
        return None
    nested = re.search(r"^(?P<right>.+?)\s*,?\s+not\s+(?P<wrong>[\w.]+(?:\s\w+)?)$", right)
    if nested and not wrong:
        right, wrong = nested.group("right"), nested.group("wrong")
    if not strong and pattern in (_SCRATCH, _ACTUALLY, _MORE_LIKE) and not _is_value(right, said):
        return None
    if pattern is _MEANT and re.search(
        r"\b(?:what (?:do|did) you|you|didn'?t|don'?t|never|not|does (?:it|that)|what does|doesn'?t|"
        r"i'?m not) (?:\w+ )?mean",
        said,
    ):
        return None
    if (
        pattern is _MEANT
        and re.search(r"\bi mean\b", said)
        and not re.match(r"^\W*(?:sorry\W+|no\W+|oops\W+|wait\W+)*i mean\b", said)
    ):
        return None
    return Correction(wrong or None, right)


def _trim(words: str) -> str:
    bare = re.sub(
        r"^(?:but|actually|more like|meant|i meant|i said|it'?s|its|it was)\s+", "", words.strip(" .,'\"-")
    )
    return re.sub(r"\s+(?:please|pls|sorry|instead|actually|mate|tbh|lol|my bad|thanks)$", "", bare).strip(
        " .,'\""
    )


def _is_value(right: str, said: str) -> bool:
    if (
        re.match(r"^\W*sorry\b", said)
        and not re.search(r"\b(?:meant|no|wait|make)\b", said)
        and not _WORTH.match(right)
    ):
        return False
    return bool(_WORTH.match(right)) or bool(
        re.match(r"^\W*(?:scratch|strike|correction|typo|actually no|no wait|wait no)", said)
        and len(right.split()) <= 3
    )


def _same_kind(wrong: str, right: str) -> bool:
    """ "not 12, 20" compares like with like; "not beer, wine" does too when both are short."""
    numeric = bool(_WORTH.match(wrong)), bool(_WORTH.match(right))
    if all(numeric):
        return True
    return not any(numeric) and len(wrong.split()) <= 2 and len(right.split()) <= 3

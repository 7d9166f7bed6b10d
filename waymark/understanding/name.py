"""What a person wants to be called; read only when that was the question."""

from __future__ import annotations

import re
import unicodedata

MAX_NAME = 40

_CUE = re.compile(
    r"\b(?:you can call me|u can call me|just call me|call me|please call me|everyone calls me|"
    r"people call me|they call me|friends call me|mates call me|my name(?:'s| is|s)|name(?:'s| is|s)|"
    r"the name(?:'s| is)|"
    r"i go by|go by|known as|it's|its|this is|i am|i'm|im|am|i prefer|use|make it|me is|me llamo|"
    r"soy)\s+(?:just |called |named |mr |ms |mrs |the name )?(?P<name>.+)$",
    re.IGNORECASE,
)
_STOP = frozenset(
    "no nope nah naw skip pass none nothing nobody never yes yeah yep aye ok okay sure fine maybe why "
    "what who when how idk dunno rather not anonymous anon secret private later stop help hello hi hey thanks"
    " test whatever nvm tired sad scared drunk high angry sorry good bad well here ready done lost "
    "worried depressed anxious struggling using drinking sober clean alone an the a in on at from to of "
    "and or but with for"
    " is are was were do does did dont don't cant can't wont i'm im me my you your he she they it this "
    "that these those not very really so too just still feeling going trying want need prefer only about "
    "having getting been being"
    " suicidal sick ill hungry cold hurt crying fed exhausted nervous confused unsure new bored stressed "
    "ashamed embarrassed desperate broken lonely pregnant homeless addicted addict alcoholic gambler all "
    "up out down off hungover high fucked"
    " rough shite shit fuck human bot robot question quit back because gonna same doing bother bothered "
    "afraid grand alright married single doesnt doesn't matter care mind say tell give telling saying "
    "private personal business skipping next please pls ta cheers"
    " heroin coke cocaine weed vodka wine beer meth crack gambling craving cravings recovery rehab".split()
)
_PARTICLES = frozenset("de da di la le van von der den al el bin ibn mac mc o' st".split())
_TAIL = re.compile(
    r"\s*(?:[,!;:(\n]|(?<!\bdr)(?<!\bmr)(?<!\bst)(?<!\bmrs)\.|\s-\s|\b(?:but|and|by the way|btw|please|"
    r"pls|thanks|thank you|thx|will do|is fine|is ok|is okay|'ll do|works|will be fine|if that'?s ok|"
    r"for short|mate|i guess|tbh|here|though|lol|x+|to my|if you|from|im|i'm|i am|like|cos|because|ok|"
    r"is what|nice to|innit|like the|everyone)\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_WORD = re.compile(r"[^\W\d_]+(?:['.-][^\W\d_]+)*\.?\d{0,4}")
_GREETING = re.compile(
    r"^\s*(?:(?:hi|hey|hello|hiya|yo|alright|ok|okay|yeah|yes|sure|well|um+|erm?|oh|ah|so|aye|"
    r"right)\b[\s,.!]*)+",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"\b(?:rather not|prefer not|don'?t want|not (?:telling|saying|giving|sharing|comfortable)|no name|"
    r"won'?t|why do you|none of your|do i have to|can'?t say|not my real|skip|no thanks|doesn'?t matter|"
    r"up to you|anything you (?:like|want)|whatever you|what'?s yours|whats your|who are you|\?)",
    re.IGNORECASE,
)


def parse_name(text: str) -> str | None:
    """The name given in answer to "what shall I call you", as written; None for a refusal or anything unclear."""
    said = unicodedata.normalize("NFC", _clean(text[:400])).strip()
    if not said:
        return None
    cued = _cued(said)
    if cued:
        return cued
    if _REFUSAL.search(re.sub(r",\s*what'?s yours\b.*$", "", said)):
        return None
    return _accept(_GREETING.sub("", said), cued=False)


def _cued(said: str) -> str | None:
    """The last cue counts first: "I'm from Leeds, call me Sam"."""
    rest, found = said, None
    for _ in range(4):
        match = _CUE.search(rest)
        if not match:
            break
        name = _accept(match.group("name"), cued=True)
        denied = re.search(
            r"\b(?:don'?t|not|never|isn'?t|wasn'?t|dont)\s+(?:\w+\s+)?$", rest[: match.start()]
        )
        strong = re.match(r"(?:.*call|.*name|i go by|go by|known)", match.group().lower())
        if name and not denied and (strong or found is None):
            found = name
        rest = match.group("name")
    return found


def _accept(raw: str, *, cued: bool) -> str | None:
    name = _TAIL.sub("", raw.strip(" \"'.,!?;:-()*~")).strip(" \"'.,!?;:-()*~")
    words = name.split()
    if not words or len(words) > 3 or len(name) > MAX_NAME:
        return None
    if any(word.lower().strip(".'") in _STOP for word in words):
        return None
    if not all(_WORD.fullmatch(word) for word in words) or (len(words) == 1 and len(name) == 1 and not cued):
        return None
    if any(word.lower().endswith("ing") for word in words) and not name[0].isupper():
        return None
    if (
        len(words) > 1
        and not cued
        and not any(w[0].isupper() or w in _PARTICLES for w in words)
        and len(words) > 2
    ):
        return None
    return _cased(words)


def _cased(words: list[str]) -> str:
    """Names typed in lower case get a capital; any other writing is the person's own choice."""
    return " ".join(w if w != w.lower() or w in _PARTICLES else w[0].upper() + w[1:] for w in words)


def _clean(text: str) -> str:
    """Without emoji, control signs and lone surrogates."""
    keep = "".join(
        c if unicodedata.category(c) not in ("So", "Sk", "Cs", "Cc", "Cf", "Co", "Cn") else " " for c in text
    )
    return keep.replace("\u2019", "'").replace("\u2018", "'")

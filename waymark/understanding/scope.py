"""What surrounds words in a sentence: negated or not, about whom, when, and whether real or quoted.

The order of the questions is that of docs/clinical/safety.md §2: who, when, polarity, real or figure of speech.
All functions are pure and take sentences as ``normalise`` writes them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Optional

from waymark.domain.safety import When, Who

Span = tuple[int, int]

NEGATION_REACH = 6
"""How many words a "not" may stand before what it denies."""


class Frame(str, Enum):
    """In what setting words are said (safety.md §2: lyrics, work, study)."""

    REAL = "real"
    QUOTED = "quoted"
    WORK = "work"
    STUDY = "study"


@dataclass(frozen=True)
class Scope:
    """What surrounds a stretch of words."""

    negated: bool
    who: Who
    when: When
    frame: Frame


_SPLIT = re.compile(
    r" , |\b(?:but|though|although|except|however|yet|because|unless|instead|then|"
    r"and (?=(?:i|im|ive|id|my|now|he|hes|she|shes|they|theyre|we)\b)|so (?=(?:i|im|ive)\b))\b"
)
_NEGATOR = re.compile(
    r"\b(?:not|never|no longer|dont|didnt|doesnt|isnt|arent|wasnt|werent|wont|wouldnt|couldnt|havent|hasnt|"
    r"hadnt|aint|nor|neither|without|deny|denies|denied|stopped|far from|nothing to do with|no (?:thoughts?|"
    r"plans?|intention|intent|urges?|desire|wish|history|signs?|sign)|no)\b"
)
# A "not" that denies nothing about what follows.
_NO_NEGATOR = re.compile(
    r"\b(?:(?:dont|didnt|do not|not|wasnt) (?:even )?(?:know|sure|certain)\b|not (?:only|just|going to lie|gonna lie)|"
    r"(?:dont|wouldnt|didnt) (?:care|mind|matter)\b|why (?:not|dont)|no (?:one|idea|joke|lie|matter|point|reason|way out|"
    r"more|,)|nothing (?:left|matters|helps)|not (?:ok|okay|alright|well|safe|coping|good|joking|kidding|lying)|"
    r"dont (?:tell|call|want (?:you|anyone|help|to talk))|doesnt matter|never (?:wanted|felt)(?: \w+){0,3} (?:so|more)|"
    r"never (?:stops?|ends|going to)|(?:wont|doesnt|didnt) (?:stop|help|work|go away)|havent (?:slept|eaten|stopped)|"
    r"not (?:drunk|high|sober)|no ,|without (?:him|her|you|them|it|drugs|drink|drinking|using|feeling))"
)
_SELF = r"i|im|ive|id|me|my|myself|mine|we|us|our|were all"
_OTHER = (
    r"he|hes|him|himself|she|shes|herself|they|theyre|theyve|them|themselves|"
    r"(?:my|our|his|their|the|this|a|some|that|her|your|me) (?:\w+ ){0,2}?(?:friend|mate|son|daughter|brother|sister|mum|"
    r"dad|father|mother|boyfriend|girlfriend|husband|wife|partner|ex|cousin|uncle|aunt|auntie|nephew|niece|gran|"
    r"grandad|nan|roommate|flatmate|housemate|neighbour|neighbor|buddy|girl|guy|lad|bloke|kid|kids|child|baby|"
    r"toddler|man|woman|person|dealer|boss|colleague|coworker|stranger|fella|old man|old lady|bro|sis|"
    r"stepson|stepdad|stepmum|grandson|granddaughter|teenager|boy|client|patient|sponsor|bestie|pal)s?|"
    r"someone|somebody|people|"
    r"friend of mine|mate of mine|bestie|dad|mum|wife|husband|boyfriend|girlfriend|son|daughter|brother|sister|partner|"
    r"nephew|niece|friend|flatmate|roommate|housemate|grandson|granddaughter"
)
_SUBJECT = re.compile(rf"\b(?:(?P<other>{_OTHER})|(?P<own>{_SELF}))\b")
_REFLEXIVE = re.compile(r"\b(?:(?P<own>myself|me|im|ive|my own)|(?P<other>himself|herself|themselves|hes|shes|theyre))\b")
_PAST = re.compile(
    r"\b(?:(?:years?|yrs|decades?|ages|months|long time|a while|long) (?:ago|back)|in (?:19|20)\d\d|back in|back then|"
    r"when i (?:was|were) (?!(?:at|in the|on|just|trying|going|asleep|drinking|alone|home)\b)\w+|(?:at|aged?|age of) "
    r"\d\d?(?! ?(?:am|pm|oclock|:|mg))|as a (?:teen|teenager|kid|child)|last (?:year|summer|winter|spring|autumn|fall)|"
    r"used to|in the past|in my (?:teens|twenties|thirties|youth|20s|30s|drinking days|past)|"
    r"before i got (?:sober|clean)|once before|a year ago|in (?:high school|secondary school|college|uni|prison|rehab) once|"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|twenty|\d+) (?:years|months) (?:ago|before)|long ago|years before)\b"
)
_SINCE = re.compile(r"\b(?:since|for|ever since)\b[^,]{0,25}$")
_RECENT = re.compile(
    r"\b(?:last night|yesterday|this morning|the other (?:day|night)|(?:one|\d+|two|three|few|"
    r"couple(?: of)?|ten|twenty|thirty) (?:days?|nights?) ago|"
    r"last (?:week|weekend|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|(?:on|since) (?:monday|tuesday|"
    r"wednesday|thursday|friday|saturday|sunday)|this week|at the weekend|recently|days ago|weeks? ago|last month)\b"
)
_PLANNED = re.compile(
    r"\b(?:tonight|tomorrow|going to|im about to|about to|i will|this weekend|when i get (?:home|in|back)|after work|"
    r"later(?: on| today)?|next (?:week|weekend|monday|friday)|planning (?:to|on)|soon|at midnight|this evening|"
    r"when (?:everyone|they|he|she)s? (?:is |are |goes |go )?(?:asleep|out|to bed|in bed|left))\b"
)
_NOW_AGAIN = re.compile(r"\b(?:now|again|still|right now|today|tonight|lately|these days|currently|at the moment|this time)\b")
_STILL = re.compile(r"\b(?:still|right now)\b")
_QUOTED = re.compile(
    r"\b(?:lyrics?|rap|song|album|track|chorus|film|movie|netflix|episode|season \d|tv show|the show|series|documentary|"
    r"novel|book|character|game|gta|fortnite|cod|video game|playing|podcast|band|play(?:list|station)|xbox|quote[ds]?|"
    r"poem|meme|tiktok|suicide squad|tattoo|podcast|in the news|on the news|headline|comic|anime|storyline|scene)\b"
)
_ADOPTED = re.compile(r"\b(?:(?:thats|is|its|that was|feels like|sounds like|literally|so) me|hits home|how i feel|my life now)\b")
_WORK = re.compile(
    r"\b(?:(?:my|a|our|the) (?:patients?|clients?|service users?|residents?|caseload)|(?:im|as|work as|working as) (?:a |an )?"
    r"(?:nurse|doctor|paramedic|carer|social worker|medic|pharmacist|therapist|counsell?or|support worker)|on shift|"
    r"my shift|on the ward|at handover|in (?:a&e|the ed) where i work)\b"
)
_STUDY = re.compile(
    r"\b(?:what (?:are|is|re) (?:the |an? |some )?(?:\w+ )?(?:signs?|symptoms?|risks?|overdose|withdrawal|dts?|naloxone|narcan|psychosis|"
    r"self harm|side effects?)|what (?:does|do) (?:an? |the )?(?:overdose|withdrawal|seizure|dts?|psychosis|signs?|symptoms?)|"
    r"what happens (?:if|when|in|during) (?:you|someone|people|a person|an?)\b|signs of|symptoms of|how (?:do|does|would|can) (?:you|someone|people|one) "
    r"(?:know|tell|spot)|is it true|essay|assignment|coursework|(?:a|the|my|this|training|first aid|naloxone|online) course|"
    r"(?:a|the|my|our|in|did|doing|had) training|training (?:on|day|course)|studying|lecture|researching|research (?:on|for|paper|into)|article|leaflet|"
    r"statistics|read about|reading about|first aid|workshop|dissertation|curious about|in theory)\b"
)


def scope_at(sentence: str, span: Span, carried: Optional[Who] = None) -> Scope:
    """Judge the words at ``span`` of a normalised sentence; ``carried`` is who the sentence before was about."""
    clause_start, clause_end = clause_around(sentence, span)
    clause = sentence[clause_start:clause_end]
    inner = (span[0] - clause_start, span[1] - clause_start)
    return Scope(
        negated=is_negated(clause, inner[0]),
        who=who_at(sentence, clause_start, span, carried),
        when=when_at(sentence, clause),
        frame=frame_of(sentence),
    )


def clause_around(sentence: str, span: Span) -> Span:
    """Bounds of the clause that holds ``span``: split at commas, but, though, except, "and I" and the like."""
    start, end = 0, len(sentence)
    for match in _SPLIT.finditer(sentence):
        if match.end() <= span[0]:
            start = match.end()
        elif match.start() >= span[1]:
            end = match.start()
            break
    return start, end


def is_negated(clause: str, start: int) -> bool:
    """True if a "not" within reach before ``start`` denies what stands there ("I'm not suicidal")."""
    before = _NO_NEGATOR.sub(lambda m: "x" * len(m.group()), clause[: max(start, 0)])
    matches = list(_NEGATOR.finditer(before))
    if not matches:
        return False
    return len(before[matches[-1].end() :].split()) <= NEGATION_REACH


def denies(words: str) -> bool:
    """True if ``words`` hold a "not" that denies ("he never hit me")."""
    return _NEGATOR.search(_NO_NEGATOR.sub("", words)) is not None


def who_at(sentence: str, clause_start: int, span: Span, carried: Optional[Who] = None) -> Who:
    """Whom the words at ``span`` are about: the reflexive in them, their first word, else the person before."""
    inside = _REFLEXIVE.search(sentence, span[0], span[1])
    if inside:
        return Who.OTHER if inside.group("other") else Who.SELF
    opening = _SUBJECT.match(sentence, span[0], span[1])
    if opening:
        return Who.OTHER if opening.group("other") else Who.SELF
    for text, nearest in (
        (sentence[clause_start : span[0]], -1),
        (sentence[span[0] : span[1]], 0),
        (sentence[: span[0]], -1),
    ):
        named = list(_SUBJECT.finditer(text))
        if named:
            return Who.OTHER if named[nearest].group("other") else Who.SELF
    return carried or Who.UNKNOWN


def last_person(sentence: str) -> Optional[Who]:
    """The person a sentence was last about, to carry over to a sentence without one."""
    named = list(_SUBJECT.finditer(sentence))
    if not named:
        return None
    return Who.OTHER if any(m.group("other") for m in named) else Who.SELF


def when_at(sentence: str, clause: str) -> When:
    """When the clause plays; its own words first, then the rest of the sentence."""
    for text in (clause, sentence):
        if _STILL.search(clause) or (_NOW_AGAIN.search(clause) and not _RECENT.search(clause)):
            return When.PLANNED if _PLANNED.search(clause) else When.NOW
        if _PLANNED.search(text):
            return When.PLANNED
        if _RECENT.search(text):
            return When.RECENT
        past = _PAST.search(text)
        if past and not _SINCE.search(text[: past.start()]):
            return When.PAST
    return When.NOW


def frame_of(sentence: str) -> Frame:
    """Whether a sentence speaks of a song or film, of work, or asks for knowledge; REAL if it may be meant."""
    if _QUOTED.search(sentence) and not _ADOPTED.search(sentence):
        return Frame.QUOTED
    if _WORK.search(sentence):
        return Frame.WORK
    return Frame.STUDY if _STUDY.search(sentence) else Frame.REAL

"""Whose use a mention is about, and whether it is said to happen: own, another's, denied, imagined."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum

from waymark.understanding.tokens import Clause, clause_at, is_question, split_clauses


class Standing(str, Enum):
    """What a person's words claim about a mention."""

    USED = "used"
    NOT_USED = "not_used"
    STOPPED = "stopped"
    PAST = "past"
    UNCLAIMED = "unclaimed"
    LIMITED = "limited"
    """Used, but the quantity or frequency beside it is denied: "I don't drink every day"."""


_KIN = (
    r"(?:step|grand|half|god)?-?(?:brothers?|bro|sisters?|sis|mums?|moms?|mams?|mammy|mummy|mother|maw|ma|"
    r"dads?|daddy|father|"
    r"da|da's|parents?|folks|sons?|daughters?|kids?|children|child|weans?|bairns?|boys?|girls?|lads?|"
    r"lassie|lad|cousins?|uncles?|"
    r"aunts?|aunties?|nans?|nana|granny|gran|grandad|grandpa|grandma|abuela|primo|nephews?|nieces?|"
    r"in-laws?|mates?|"
    r"friends?|pals?|buddy|buddies|homies?|homeboy|boyfriend|girlfriend|bf|gf|partner|husband|hubby|wife|"
    r"missus|mrs|"
    r"spouse|fianc[eé]e?|ex|ex-?(?:wife|husband|partner)|fella|bloke|guy|guys|man|woman|neighbou?rs?|boss|"
    r"manager|colleagues?|"
    r"co-?workers?|flatmates?|roommates?|housemates?|roomie|landlord|dealer|sponsor|clients?|patients?|"
    r"pupil|students?|"
    r"people|others|family|team|crew|doctor|gp|nurse|psychiatrist|padmate|cellmate|everyone|everybody|"
    r"old man|old lady)"
)
_OTHER = re.compile(
    r"(?P<with>\b(?:with|from|off|at|to|like|by|near|behind|of|and|for|wi|without)\s+)?"
    r"(?:\b(?:my|our|his|her|their|the|a|this|that|me|ma|wee|your|all|some|two|most)\s+"
    rf"(?:(?:own|best|wee|big|little|old|older|younger|eldest|late|baby|poor|other|work|good|school|my|"
    rf"the|of|so-called|gambling|drinking|using)\s+){{0,3}}(?P<kin>{_KIN})"
    r"|\b(?P<bare>mum|mom|dad|mam|nan|gran|hubby|everyone|everybody|someone|somebody|people|nobody)"
    r"|\b(?P<pronoun>he|she|they|hes|shes|theyre|theyve|he's|she's|they're|they've|ppl|you|ye|youve|you've))"
    r"\b(?P<own>'?s\b)?"
)
_SELF = re.compile(
    r"\b(?:i|im|i'm|ive|i've|id|i'd|i'll|we|we're|we've|ima|ion|finna|ah|am|a've|ive|myself|mine|eu|yo)\b"
    r"|\bmy own\b|\b(?:me|myself) and (?:my|the|our|him|her|me)(?:\s+\w+)?"
    r"|\b(?:my|the|our)\s+\w+\s+(?:and|n|&)\s+(?:i|me|myself)\b|\bme\s+(?:an|and|n)\s+\w+"
    r"|\b(?:gave|gives?|giving|got|gets?|prescribed|prescribes|sold|sells|put|puts|putting|started|makes?|"
    r"made|has|had|"
    r"introduced|hooked|have|keeps?|sending|helps?) me\b|\bme (?:on|to|into)\b"
    r"|\b(?:about|for|as|and|worried|with) me\b"
)
_EVENT = re.compile(
    r"\s+(?:has\s+|have\s+|had\s+|have just\s+|has just\s+|just\s+|always\s+)?(?:left|died(?! (?:of|"
    r"from))|passed(?: away)?|says?|said|saying|"
    r"reckons?|thinks?|told|tells|hates?|knows?|found|walked|kicked|dumped|moved|wants?|caught|worr(?:y|"
    r"ies|ied)|noticed|"
    r"asked|asking|keeps? (?:telling|asking|saying|on)|complains?|reckon|threatened|threw|doesn'?t know|"
    r"don'?t know|goes to bed|go to bed|"
    r"are asleep|is asleep|asleep|in bed|gone to bed|visit(?:s|ed)?|called?|rang|came|comes)\b"
)
_THIRD_PERSON = re.compile(
    r"\s*(?:and\s+|or\s+|then\s+|also\s+|just\s+|always\s+)*"
    r"(?:drinks|smokes|uses|takes|does|gambles|snorts|injects|sniffs|has|goes|is|was|gets|bets|vapes|on|"
    r"who|plus)\b"
)
_MY = re.compile(r"\b(?:my|me|our)\s+(?:\w+\s+){0,2}$")
_THEIRS = re.compile(
    r"\b(?:his|her|their|your|(?:mum|mom|dad|brother|sister|husband|wife|partner|son|daughter|"
    r"mate)'?s)\s+(?:\w+\s+){0,1}$"
)

_OFTEN = (
    r"(?:much|that much|a lot|lots|loads|as much|so much|too much|every day|everyday|daily|all the time|"
    r"all day|every night|"
    r"at work|alone|on my own|in the mornings?|mornings|before \w+|during the (?:week|day)|on week|"
    r"midweek|week ?days|"
    r"more than|to get drunk|like i used|like that|that often|often|enough|with(?:out)? |for fun|because|"
    r"if |unless|when |near|"
    r"on (?:mon|tues|wednes|thurs|fri|satur|sun)day|in front|around (?:my|the)|\d|responsibly|until|till|"
    r"as often)"
)
_LIMIT_AFTER = re.compile(rf"\s*(?:\w+\s+){{0,2}}?{_OFTEN}")
_NOW_ONLY = re.compile(
    r"\b(?:today|tonight|right now|at the moment|this (?:week|month|evening|morning)|yet|the noo)\b"
)
_DO_NOT = re.compile(
    r"\b(?:don'?t|do not|doesn'?t|didn'?t|did not|never|neva|cannae|dinnae|dinna|didnae|ain'?t|am no|"
    r"i'?m no|not|isn'?t|won'?t|will not|no longer|nor|neither|"
    r"negative (?:on|for)|haven'?t|have not|havent|hadn'?t|havnae|hav(?:e)?nt|nvr|ion|i ain'?t|not been|any more of)\b"
)
_MIND = re.compile(
    r"\s*(?:really\s+|even\s+|actually\s+)?(?:know|think|want|remember|see|understand|care|trust|believe|"
    r"say|tell|proud|sure|only|just|mean|stop\w*|quit\w*|"
    r"manage\w*|able|going to stop|gonna stop|given up|give up|lie|lying|hide|hiding|control|cope|go|"
    r"slept|sleep|eaten|eat|work|help\w*|judge|realise\w*|always|a problem|if|cut|get through|been able|"
    r"enjoy\w*|matter|addicted)\b"
)
_FEEL = re.compile(
    r"\s*(?:really\s+|even\s+)?(?:need|like|fancy|mind|feel|get|have a problem|crave|craving|miss)\b"
)
_NONE_OF = re.compile(r"\b(?:no|nae|zero|any)\s+(?:more\s+|other\s+)?$")
_WAS_ON = re.compile(r"\b(?:was|were|got put) on\s+(?:\w+\s+)?$")
_NOW = re.compile(r"\bnow\b")
_SINCE = re.compile(r"\s*(?:\w+\s+)?(?:since|for|in)\b")
_QUIT = re.compile(
    r"\b(?:stopped|quit|gave up|given up|packed in|packed up|came off|come off|kicked|jacked in|chucked|"
    r"binned|got off|knocked"
    r"(?: \w+){0,2} on the head|off|clean (?:from|off|of)|free (?:from|of)|sober from|done with|"
    r"finished with|cut me off|took me off)\b\s*"
    r"(?:with |the |all |my |of |taking |using |smoking |doing |on |that |drugs |"
    r"drinking ){0,4}(?:\w+\s+){0,1}$"
)
_QUIT_NOT_YET = re.compile(
    r"\b(?:to|gonna|wanna|can'?t|cannot|cannae|couldn'?t|could|should|must|will|would|i'?ll|help me|"
    r"trying|try|tryna|never|haven'?t|"
    r"not|if i|when i|once i|how do i|before i|wish i|let'?s|gotta|finna|want|need|hardly|nearly|almost|"
    r"better|best|get me|face|my tits|my head|take|took|been|money|mate|"
    r"buy\w*|bought|dealer|get|got|stopped? at|shoulda)\s+(?:just\s+|ever\s+|even\s+|really\s+)?$"
)
_DAY_OFF = re.compile(r"\bwithout\s+(?:a\s+|any\s+|the\s+|touching\s+)?$")
_USED_TO = re.compile(
    r"\b(?:used to|use to|back when|back in the day|years ago i|in my (?:teens|twenties|20s|thirties|30s|"
    r"youth|younger days)|when i was (?:a |in )?(?:kid|teen\w*|young\w*|\d\d?|school|uni|student))\b"
)
_STILL = re.compile(
    r"\b(?:start\w*|began|begun|since|first|been|still|introduced|am used to|im used to|i'm used to|"
    r"get used to|getting used to|got used to)\b"
)
_IMAGINED = re.compile(
    r"\b(?:(?:want|wanna|wanted|thinking|thought|tempted|like|going|gonna|curious|considering|"
    r"planning) (?:to |of |about )?(?:try|trying|tried)"
    r"|(?:what )?if i (?:tried|took|try|take|did|mix|mixed)|offered(?: me)?|never been offered|asked if i|"
    r"would i|could i|can i|should i (?:try|take)|"
    r"is it (?:ok|safe|bad)|does|do you|have you|scared of|afraid of|against|hate|allergic to|near|"
    r"instead of|rather than|better than|worse than|"
    r"not as bad as|like i was on|works? (?:in|at)|article|film|song|news|documentary|book|episode|"
    r"selling|sell|sold|deal|dealing|dealt)\b[^.]{0,24}$"
)
_AFTER_NO = re.compile(
    r"\s*[?,:;-]*\s*(?:(?:i )?never(?: touched| tried| done| did| had)?(?: it)?|no|nope|nah|none|not me|"
    r"not for me|not at all)\s*(?:$|[.,;!\n])"
)
_ONLY = re.compile(
    r"\b(?:just|only|mostly|mainly|apart from|except|other than|besides|only ever|jus|yes|yeah)\b"
)


@dataclass(frozen=True)
class UseContext:
    """Reads ownership and standing of places in one prepared text."""

    text: str
    clauses: tuple[Clause, ...]
    subjects: tuple[tuple[int, bool], ...]
    """Ends of words that name who acts, in order; true where it is the person."""

    @classmethod
    def of(cls, text: str) -> UseContext:
        """Context of a prepared text."""
        own = [(m.end(), True) for m in _SELF.finditer(text)]
        others = [cue for m in _OTHER.finditer(text) for cue in _other_cues(text, m)]
        return cls(text, tuple(split_clauses(text)), tuple(sorted(own + others)))

    def clause(self, position: int) -> Clause:
        """The clause of a place; places between clauses belong to the whole text."""
        found = clause_at(self.clauses, position)
        return found or Clause(0, len(self.text), 0, 0, len(self.text))

    def is_own(self, position: int) -> bool:
        """Whether the person speaks of their own use; silence about the subject means their own."""
        clause = self.clause(position)
        start = max(clause.sentence_start, position - 180)
        before = self.text[start:position]
        if _MY.search(before) and not _OTHER.search(before[-30:]):
            return True
        if _THEIRS.search(before):
            return False
        owner = self._last_subject(start, position)
        if owner is not None:
            return owner
        return not self._carried_over(clause)

    def standing(self, start: int, end: int) -> Standing:
        """What is claimed about the words between two places."""
        clause = self.clause(start)
        before = self.text[max(clause.start, start - 90) : start]
        after = self.text[end : min(clause.end, end + 60)]
        if _AFTER_NO.match(self.text[end : end + 30]):
            return Standing.NOT_USED
        denied = self._denied(before, after)
        if denied is not None:
            return denied
        if _USED_TO.search(before + " " + after) and not _STILL.search(before):
            return Standing.PAST
        if _WAS_ON.search(before) and _NOW.search(self.text, end, clause.sentence_end):
            return Standing.PAST
        if _IMAGINED.search(before):
            return Standing.UNCLAIMED
        if self._listed_under_denial(clause, start):
            return Standing.NOT_USED
        return Standing.UNCLAIMED if self._is_general_question(clause) else Standing.USED

    def _denied(self, before: str, after: str) -> Standing | None:
        quit_match = _QUIT.search(before)
        if quit_match and not _QUIT_NOT_YET.search(before[: quit_match.start()]):
            return None if _is_purchase(before, quit_match) else Standing.STOPPED
        if _DAY_OFF.search(before) and not re.search(
            r"\b(?:can'?t|cannot|couldn'?t|cannae|hard|sleep|function|shake)\b", before
        ):
            return Standing.STOPPED
        if _NONE_OF.search(before):
            return Standing.STOPPED if _SINCE.match(after) else Standing.NOT_USED
        cut = max((m.end() for m in _ONLY.finditer(before)), default=0)
        negations = list(_DO_NOT.finditer(before, cut))
        if not negations:
            return None
        rest = before[negations[-1].end() :]
        if len(rest.split()) > 8 or _MIND.match(rest):
            return Standing.LIMITED if _MIND.match(rest) and _LIMIT_AFTER.match(after) else None
        if _FEEL.match(rest) or _NOW_ONLY.search(after):
            return Standing.UNCLAIMED
        if _LIMIT_AFTER.match(after) or re.search(
            r"\b(?:always|every day|daily|a lot of|much|that much|too much|more than)\b", rest
        ):
            return Standing.LIMITED
        perfect = re.search(r"hav|hadn|been|ain|touched", negations[-1].group() + rest)
        return Standing.STOPPED if perfect and "never" not in before else Standing.NOT_USED

    def _last_subject(self, start: int, position: int) -> bool | None:
        """Whether the last subject between two places is the person; None when there is none."""
        at = bisect_right(self.subjects, (position, True)) - 1
        if at < 0 or self.subjects[at][0] <= start:
            return None
        return self.subjects[at][1]

    def _carried_over(self, clause: Clause) -> bool:
        """ "My dad was a mess. Drinks 10 pints": the subject before is still meant."""
        if not _THIRD_PERSON.match(self.text, clause.sentence_start):
            return False
        before = self.text[max(0, clause.sentence_start - 200) : clause.sentence_start]
        others = [m.end() for m in _OTHER.finditer(before) if not m.group("with")]
        own = [m.end() for m in _SELF.finditer(before)]
        return bool(others) and max(others) > max(own, default=-1)

    def _listed_under_denial(self, clause: Clause, start: int) -> bool:
        """ "I don't do coke, ket or pills": the list goes on after the comma."""
        before = self.text[clause.start : start].strip()
        opener = self.text[max(0, clause.start - 1) : clause.start]
        words = before.split()
        if opener != "," or len(words) > 3 or (words and words[-1] not in ("or", "nor", "any", "and", "no")):
            return False
        previous = [c for c in self.clauses if c.end < clause.start + 1 and c.sentence == clause.sentence]
        if not previous or _ONLY.search(before):
            return False
        earlier = self.text[previous[-1].start : previous[-1].end]
        later = self.text[start : clause.end]
        nor = bool(re.search(r"\b(?:or|nor|any)\b", before + " " + later))
        return nor and self._denied(earlier[-90:] + " ", "") in (Standing.NOT_USED, Standing.STOPPED)

    def _is_general_question(self, clause: Clause) -> bool:
        sentence = self.text[clause.sentence_start : clause.sentence_end]
        return (
            is_question(self.text, clause)
            and not _SELF.search(sentence)
            and len(sentence.split()) > 2
            and not re.search(r"\bm[ye]\b", sentence)
        )


def _other_cues(text: str, match: re.Match[str]) -> list[tuple[int, bool]]:
    """Where someone else becomes the subject, and where they stop being it ("since my wife left, 8 cans")."""
    follow = text[match.end() : match.end() + 12]
    relative = re.match(r"\s+(?:who|that|whos|who's|\w+ing)\b", follow)
    if match.group("with") and not match.group("own") and not relative:
        beside = match.group("with").strip() == "and" and not match.group("pronoun")
        return [(match.end(), False)] if beside else []
    event = _EVENT.match(text, match.end())
    if event and not match.group("own"):
        return [(match.end(), False), (event.end(), True)]
    return [(match.end(), False)]


def _is_purchase(before: str, match: re.Match[str]) -> bool:
    """ "off the dealer", "off my face": "off" that is no abstinence; it needs a form of "be" or a start."""
    if not match.group().startswith("off"):
        return False
    lead = before[: match.start()].strip()
    return bool(lead) and not re.search(
        r"(?:\b(?:i'?m|im|am|been|ive|i've|be|now|stay\w*|completely|fully|got|being|weeks?|months?|"
        r"years?|days?)|,)$",
        lead,
    )

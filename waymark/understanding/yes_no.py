"""Yes or no in the many ways people say it; undecided or unclear is None."""

from __future__ import annotations

import re

from waymark.understanding.tokens import prepare

_UNDECIDED = re.compile(
    r"\b(?:maybe|mebbe|perhaps|possibly|dunno|idk|dno|not (?:too |really |100% |quite |entirely |"
    r"so )?sure|unsure|no (?:idea|clue|comment)|depends?|depending|yes and no|yes or no|"
    r"(?:don'?t|do not|dinnae|dont) (?:really )?(?:know|"
    r"remember|understand|ken|get it)|couldn'?t say|can'?t (?:say|remember|decide)|hard to say|it varies|"
    r"varies|"
    r"aye right|yeah right|yea right|what do you mean|no se|who knows|ask me later|let me think|"
    r"not exactly|not always|half and half|50/50|in between|prefer not to say|rather not say|whatever|"
    r"not necessarily|wouldn'?t say (?:yes|no))\b|🤷|\byes\?$|\bno\?$"
)
_NOW_AND_THEN = re.compile(
    r"\b(?:sometimes|on and off|now and (?:then|again)|kinda|kind ?of|sort ?of|sorta)\b"
)
_FIXED_NO = re.compile(
    r"\b(?:of course not|course not|definitely not|defo not|absolutely not|certainly not|probably not|"
    r"don'?t think so|dinnae think so|not really|not at all|not yet|not any ?more|not now|not today|"
    r"not me|not likely|no way|no chance|hell no|fuck no|"
    r"god no|jesus no|no thanks|no thank you|no ta|no cheers|i'?m (?:good|grand|ok|okay) thanks|"
    r"rather not|prefer not|i'?d not|no longer|nah yeah nah|not a chance|not even|not that i know of|"
    r"no siree|nothing like that|not since|not in (?:years|ages|months|a while)|not for (?:years|ages|months|a while)|none of (?:that|those|them)|"
    r"never (?:have|did|has)|nae chance|no fear|as if|not in the slightest|yeah no|yeah nah|yea nah|"
    r"ye nah|aye naw|yeah-nah|i hope not|hope not|guess not|suppose not|not right now|pass on that)\b"
)
_FIXED_YES = re.compile(
    r"\b(?:no problem|no probs?|no worries|no bother|nae bother|nae worries|no doubt|no question|no harm|"
    r"go on then|go on so|go on|go for it|go ahead|why not|of course|nah yeah|nah-yeah|naw aye|no yeah|"
    r"hell yea[h]?|fuck yea[h]?|yes please|yes sir|yes maam|sounds good|"
    r"i guess(?: so)?|i suppose(?: so)?|suppose so|spose so|i think so|guess so|think so|i do|i have|i am|"
    r"i did|i would|i will|we can|you can|let'?s (?:do it|go)|do it|100%|100 percent|hundred percent|hundo|"
    r"too right|damn right|that'?s (?:right|true|correct|me)|you know it|ah go on|i don'?t mind|dont mind|"
    r"not a bother|can do|happy to|please do|for sure|fo sho|without (?:a )?doubt|uh huh|mm hm+|mm-hm+|"
    r"if you like|if you want|fair enough|i hope so|all the time|unfortunately so)\b"
)
_NO = re.compile(
    r"^(?:(?:no+|nah+|naw|nope+|nop|nup|nay|nae|n|na|noo|nein|non|nej|nao|não|neg|negative|never|neva|"
    r"nada|none|nowt|nothing|nuh[ -]uh|uh[ -]uh|false|wrong|disagree|cannae|no'?pe|noe|niet|no sir|"
    r"no maam|not)\b|👎|❌|🙅|✖|🚫)"
)
_YES = re.compile(
    r"^(?:(?:y|ye+|yes+|yess+|yea+h*|yeh+|yah|yh|yeah+|yep+|yepp|yup+|yip|yis|yas+|ya|yuh|yeas|yse|yrs|"
    r"aye+|eye|si|sí|sim|oui|ok+|okay|okey|oki|k|kk|kay|alright|aight|alrite|aright|fine|grand|sure|sound|"
    r"course|cours|def|deffo|defo|defs|definitely|definately|definetly|absolutely|certainly|totally|"
    r"exactly|correct|right|true|affirmative|affirm|agreed|agree|indeed|always|please|pls|obviously|obvs|"
    r"obv|mhm+|mmhm+|mm+hm+|uh[ -]huh|"
    r"bet|word|facts|deadass|probably|prob|probs|likely|unfortunately|sadly|guilty|yessir|yessum|roger|"
    r"sound|righto|ta|too right|yup|1000%|tak|dale|claro|ja|hundred)\b|👍|👌|✅|✔|🙌|💯|🙏)"
)
_LEAD = re.compile(
    r"^(?:(?:well|um+|uh+(?!\s*-?(?:huh|uh))|er+m?|hmm+|eh+|oh+|ah+|ahh|ok|okay|so|like|tbh|ngl|honestly|"
    r"honest|look|to be honest|actually|bruv|mate|man|lol|haha+|god|jesus|christ|i mean|sorry|ach|och|"
    r"ah sure|sure look|and|just|hi|hey|hello|in all honesty|thanks)\b[\s,.:;!-]+)+"
)
_PLAIN_NO_AFTER = re.compile(
    r"^(?:i )?(?:don'?t|do not|dont|haven'?t|havent|have not|didn'?t|am not|i'?m not|im not|isn'?t|won'?t|"
    r"wouldn'?t|can'?t|cannae|dinnae|havenae|never|wasn'?t|ain'?t|am no|im no)\b"
)
_PLAIN_NO = re.compile(
    r"^(?:i )?(?:don'?t|do not|haven'?t|have not|didn'?t|i'?m not|am not|i never|never|wasn'?t|wouldn'?t|"
    r"won'?t|ain'?t|i dinnae|havenae)(?: (?:do|have|drink|smoke|use|gamble|want|think|had|been|really|any|"
    r"ever|to|that|it|i|so|mate|sorry|no|thanks|touch|take|need|like)\b)*[.! ]*$"
)
_YES_LATER = re.compile(
    r"^[^.!?\n]{0,25}[,.]\s*(?:yes|yeah|yep|yea|aye|ok|okay|sure)\b[\s!.]*$|\b(?:actually|sorry|wait|"
    r"mean),? (?:yes|yeah|yep|i do|i have)\b"
)
_NO_LATER = re.compile(
    r"^[^.!?\n]{0,25}[,.]\s*(?:no|nah|nope|naw)\b[\s!.]*$|\b(?:actually|sorry|wait|mean),? (?:no|nah|"
    r"nope)\b(?!\s*,?\s*(?:i do|yes|yeah))"
)
_WHOLE_EXTRA = re.compile(
    r"^(?:[\s,.!]|please|pls|thanks|thank you|thx|ta|cheers|mate|bruv|bro|man|hon|love|sir|maam|ma'am|"
    r"then|so|it is|i do|i am|i did|i have|i dont|i don't|i haven't|i'm not|of|course|really|sure|"
    r"that's fine|thats fine|ok|okay|lol|tbh|ngl|haha|definitely|defo|yes|yeah|no|nah|yep|nope|go on|pal|"
    r"x+|do|it|for it|ahead|on then|doubt|problem|worries|bother|way|chance|👍|👎|🏻|🏼|🏽|🏾|🏿|😊|🙂|❤|\ufe0f)*$"
)


def parse_yes_no(text: str, *, asked: bool = True) -> bool | None:
    """True, False or None. Without a yes-or-no question (``asked`` false) only a message that is nothing else counts."""
    said = re.sub(r"\s+", " ", prepare(text[:600])).strip(" \n.!,-\"'")
    said = re.sub(r"[*_~]", "", said)
    if not said or _UNDECIDED.search(said[:200]):
        return None
    if _NOW_AND_THEN.search(said[:200]) and not (_YES.match(said) or _NO.match(said)):
        return None
    if said.startswith(("100%", "1000%")):
        return True
    led = _LEAD.sub("", said + " ").strip(" .!,") or said
    answer = _answer(led)
    if answer is None or asked:
        return answer
    return answer if _is_whole(led) else None


def _answer(said: str) -> bool | None:
    head = said[:60]
    if _PLAIN_NO.match(said):
        # "I don't mind" is a go-ahead.
        return bool(re.match(r"^i don'?t mind", said))
    fixed = _first(head)
    if fixed is not None:
        return _revised(said, fixed)
    no, yes = _NO.match(said), _YES.match(said)
    if no and not yes:
        if no.group().startswith("not") or re.match(
            r"no (?:one|more|longer|matter|point|idea|\w+ing)\b", said
        ):
            return None
        return _revised(said, False)
    if yes:
        rest = said[yes.end() :].strip(" ,.")
        if re.match(r"^(?:no+|nah+|naw|nope)\b", rest):
            return False if yes.group() in ("yeah", "yea", "ye", "yh", "ya") else None
        if yes.group() in (
            "right",
            "ok",
            "okay",
            "sure",
            "fine",
            "true",
            "so",
            "k",
        ) and _PLAIN_NO_AFTER.match(rest):
            return None
        if re.match(
            r"^(?:but |i )?(?:actually )?not\b|^(?:was|it|is|then|now|enough|now) ", rest
        ) and yes.group() in ("right", "fine", "sound", "grand", "always", "true"):
            return None
        return _revised(said, True)
    return None


def _first(head: str) -> bool | None:
    """A fixed phrase at the start of the message; the earlier and longer of the two kinds wins."""
    hits = [
        (m.start(), -len(m.group()), answer)
        for answer, m in ((False, _FIXED_NO.search(head)), (True, _FIXED_YES.search(head)))
        if m
    ]
    if not hits:
        return None
    start, _, answer = min(hits)
    lead = head[:start].strip(" ,.")
    if start > 22 or (
        lead
        and not re.fullmatch(
            r"(?:no+|nah|naw|nope|yes|yeah|yep|aye|ok|okay|well|i'?d|i|eh|but|ah|oh|sure|that'?s|just|"
            r"it'?s|um|fine|um+|,|\s|please|probably)+",
            lead,
        )
    ):
        return None
    if (
        re.match(r"^(?:no+|nah|naw|nope)\b", lead)
        and answer
        and not head[start:].startswith(("no ", "yes", "i do"))
    ):
        return False
    if answer and re.match(
        r"^(?:i (?:do|have|am|did|would|will|guess|suppose))\s+(?:not|no|n't|never)\b", head[start:]
    ):
        return False
    if (
        answer
        and head[start:].startswith(("i have", "i am", "i did", "i do"))
        and re.match(r"^(?:no+|nah|nope)\b", lead)
    ):
        return None
    return answer


def _revised(said: str, answer: bool) -> bool | None:
    """ "no problem, yes" and "yes, actually no": what is said last decides; a plain clash does not."""
    later_yes, later_no = bool(_YES_LATER.search(said[:80])), bool(_NO_LATER.search(said[:80]))
    if later_yes and not answer:
        return (
            True
            if re.match(r"^no (?:problem|worries|bother|doubt)|.*\b(?:actually|wait|mean|sorry)", said)
            else None
        )
    if later_no and answer:
        return False
    return answer


def _is_whole(said: str) -> bool:
    for pattern in (_NO, _YES, _FIXED_NO, _FIXED_YES):
        match = pattern.match(said)
        if match and len(said) < 60 and _WHOLE_EXTRA.match(said[match.end() :]):
            return True
    return False

"""The safety screen: which crisis classes a message shows, from rules held in memory.

Pure and deterministic; no database, lock or clock (docs/clinical/safety.md §1, order). The rules are data in
``content/safety``; this module only decides how a match is judged: who, when, polarity, real or figure (§2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import Iterator, Optional

from waymark.domain.safety import (
    AlertClass,
    Finding,
    Level,
    ScreenAction,
    ScreenContext,
    Screening,
    When,
    Who,
    level_when_confirmed,
)
from waymark.domain.safety_rules import Feature, SafetyRule, SafetyRules, Subject, Verdict
from waymark.understanding.normalise import Normalised, normalise
from waymark.understanding.prefilter import Prefilter
from waymark.understanding.scope import Frame, Scope, denies, last_person, scope_at

PIECE_LENGTH = 4_000
"""A longer text is screened in pieces of this length."""

PIECE_OVERLAP = 400

_CARRY_REACH = 3

_FILLER = r"(?:yes|yeah|yea|yep|yup|ye|yh|ya|aye|si|uh huh|mhm|y|i do|i am|im|i think so|i guess|i suppose|probably|maybe|" \
    r"perhaps|no idea|no clue|sort of|kind of|a bit|a little|sometimes|not sure|unsure|i dont know|dont know|possibly|i might|might be|" \
    r"correct|true|right|i am yes|im thinking about it|thinking about it|i have been|ive been|always|all the time|" \
    r"every day|it is|he is|she is|they are|theyre|hes|shes|i did|he did|she did|i have|he has|she has|it was|" \
    r"sure|ok|definitely|of course|i want to|emoji_pray|emoji_cry|honestly|really|please|help|so|now|right now|well|" \
    r"and|i|think|tonight|just|um|uh|er|erm|hmm|sorry|a lot|lol)"
_YES_CORE = re.compile(
    r"\b(?:yes|yeah|yea|yep|yup|ye|yh|ya|aye|si|uh huh|mhm|y|i do|im|i think so|i guess|i suppose|probably|maybe|perhaps|"
    r"sort of|kind of|a bit|a little|sometimes|not sure|unsure|dont know|possibly|might|correct|true|no idea|no clue|thinking about it|"
    r"i have|ive been|always|all the time|every day|it is|hes|shes|he is|she is|theyre|i did|he did|she did|he has|"
    r"she has|it was|definitely|of course|i want to|sure)\b"
)
_BARE_YES = re.compile(rf"{_FILLER}(?:[ ,.]+{_FILLER})*[ .!,]*")
_LEADING_YES = re.compile(r"^(?:yes|yeah|yea|yep|yup|yh|aye|i do)\b(?!\s*,?\s*(?:no|im fine|i am fine|ok|okay))")
_BARE_NO = re.compile(r"(?:no(?! (?:idea|clue))|nope|nah|naw|never|not at all|no way|definitely not|of course not|no thanks|n|i dont(?! know)|im not(?! sure))\b.{0,40}")
_LEADING_YES_WORDS = 8
_ANSWER_WORDS = 10
"""A longer text is no bare answer; the bound also keeps the patterns above from trying too many ways."""

# A pattern with a "not" of its own judges polarity itself.
_OWN_NOT = re.compile(r"(?:not|never|n?o one|nobody|without|wont|dont|doesnt|didnt|cant|isnt|arent|wouldnt|couldnt|hadnt|hasnt|havent|no )")

_OTHER_CLASSES = (AlertClass.SUICIDAL_OTHER, AlertClass.OVERDOSE_OTHER, AlertClass.CHILD_RISK)


@dataclass(frozen=True)
class _Compiled:
    """A rule with its regular expressions compiled."""

    rule: SafetyRule
    unless: tuple[re.Pattern[str], ...]
    unless_sentence: tuple[re.Pattern[str], ...]
    classes: frozenset[AlertClass]


@dataclass(frozen=True)
class _Place:
    """Where a rule matched: the words, whom the sentence before was about, and signs in the whole message."""

    sentence: str
    span: tuple[int, int]
    carried: Optional[Who]
    features: frozenset[Feature]


MATCHES_READ = 12
"""How often one pattern is looked at in one sentence: a text that repeats itself says nothing new."""


class SafetyScreen:
    """Screens messages with a fixed set of rules (docs/clinical/safety.md §2–§3)."""

    def __init__(self, rules: SafetyRules) -> None:
        compiled = [
            _Compiled(
                rule,
                tuple(re.compile(pattern) for pattern in rule.unless),
                tuple(re.compile(pattern) for pattern in rule.unless_sentence),
                _classes(rule),
            )
            for rule in rules.rules
        ]
        pairs = [(pattern, entry) for entry in compiled for pattern in entry.rule.patterns]
        self._patterns = tuple(
            (re.compile(pattern), entry, entry.rule.heed_negation and not _OWN_NOT.search(pattern))
            for pattern, entry in pairs
        )
        self._prefilter = Prefilter(pattern for pattern, _ in pairs)
        self._features = {
            feature: tuple(re.compile(pattern) for pattern in patterns) for feature, patterns in rules.features.items()
        }

    def screen(self, text: str, context: ScreenContext = ScreenContext()) -> Screening:
        """Return everything found in ``text``, the most urgent first; the same input gives the same result."""
        findings: list[Finding] = []
        for piece in _pieces(text):
            self._piece(normalise(piece), findings)
        if context.asked_safety is not None and len(text) <= PIECE_LENGTH:
            confirmed = _confirmation(normalise(text).text, context.asked_safety)
            if confirmed is not None:
                findings.append(confirmed)
        return Screening.of(findings)

    def _piece(self, message: Normalised, findings: list[Finding]) -> None:
        """Add what one piece shows."""
        settled = {found.alert_class for found in findings if _most_urgent(found)}
        features: Optional[frozenset[Feature]] = None
        candidates = self._prefilter.candidates(message.sentences)
        for index, numbers in enumerate(candidates):
            sentence = message.sentences[index]
            for number in numbers:
                pattern, entry, plain = self._patterns[number]
                if entry.classes <= settled:
                    continue
                for match in islice(pattern.finditer(sentence), MATCHES_READ):
                    if features is None and (entry.rule.requires or entry.rule.raised_by):
                        features = self._features_of(message)
                    place = _Place(sentence, match.span(), _carried(message, index), features or frozenset())
                    finding = _judge(entry, place, plain)
                    if finding is not None:
                        findings.append(finding)
                        if _most_urgent(finding):
                            settled.add(finding.alert_class)

    def _features_of(self, message: Normalised) -> frozenset[Feature]:
        return frozenset(
            feature
            for feature, patterns in self._features.items()
            if any(_present(pattern, sentence) for sentence in message.sentences for pattern in patterns)
        )


def _classes(rule: SafetyRule) -> frozenset[AlertClass]:
    """Every class that a rule may find."""
    verdicts = (rule.if_other, rule.if_negated, *rule.by_when.values())
    return frozenset((rule.alert_class, *(v.alert_class for v in verdicts if v and v.alert_class)))


def _most_urgent(finding: Finding) -> bool:
    """True if no later match can make this finding more urgent."""
    return finding.level is Level.S1 and finding.action is ScreenAction.REPLY


def _present(pattern: re.Pattern[str], sentence: str) -> bool:
    """True if a sign is there, of oneself and not denied ("I'm not drunk")."""
    match = pattern.search(sentence)
    return match is not None and not scope_at(sentence, match.span()).negated


def _carried(message: Normalised, index: int) -> Optional[Who]:
    """Whom the nearest sentence before, of those that name a person, was about."""
    for sentence in reversed(message.sentences[max(0, index - _CARRY_REACH) : index]):
        who = last_person(sentence)
        if who is not None:
            return who
    return None


def _judge(entry: _Compiled, place: _Place, plain: bool) -> Optional[Finding]:
    """What one match means: figure of speech, frame, polarity, who, when – or nothing.

    ``plain`` says that the pattern has no "not" of its own, so that one within the match denies it.
    """
    rule, sentence, span, features = entry.rule, place.sentence, place.span, place.features
    if _figure(entry, sentence, span) or not set(rule.requires) <= features:
        return None
    scope = scope_at(sentence, span, place.carried)
    if rule.heed_frame and scope.frame is not Frame.REAL:
        return None
    if rule.heed_negation and (scope.negated or (plain and denies(sentence[span[0] : span[1]]))):
        return _finding(rule, rule.if_negated, scope, features)
    who = _who(rule, scope)
    if who is Who.OTHER and rule.subject is Subject.SELF:
        return _finding(rule, rule.if_other, scope, features) if _timely(rule, scope) else None
    if who is Who.SELF and rule.subject is Subject.OTHER:
        return None
    verdict = rule.by_when.get(scope.when, rule.verdict)
    return _finding(rule, verdict, replace(scope, who=who), features)


def _figure(entry: _Compiled, sentence: str, span: tuple[int, int]) -> bool:
    """True if the match lies in a figure of speech or look-alike that the rule names."""
    if any(pattern.search(sentence) for pattern in entry.unless_sentence):
        return True
    return any(
        found.start() < span[1] and span[0] < found.end()
        for pattern in entry.unless
        for found in pattern.finditer(sentence)
    )


def _who(rule: SafetyRule, scope: Scope) -> Who:
    """Words without a person are the writer's own, unless the rule is about others."""
    if scope.who is not Who.UNKNOWN:
        return scope.who
    return {Subject.SELF: Who.SELF, Subject.OTHER: Who.OTHER, Subject.ANY: Who.UNKNOWN}[rule.subject]


def _timely(rule: SafetyRule, scope: Scope) -> bool:
    """Another person's past is no danger now."""
    return scope.when is not When.PAST or When.PAST not in rule.by_when


def _finding(
    rule: SafetyRule, verdict: Optional[Verdict], scope: Scope, features: frozenset[Feature]
) -> Optional[Finding]:
    if verdict is None or verdict.action is ScreenAction.NONE:
        return None
    level = verdict.level
    if level is Level.S2 and verdict.action is ScreenAction.REPLY and features & set(rule.raised_by):
        level = Level.S1  # safety.md §3 C1: intoxicated and suicidal goes up one level
    return Finding(
        alert_class=verdict.alert_class or rule.alert_class,
        level=level,
        action=verdict.action,
        who=scope.who,
        when=scope.when,
        means_or_plan=rule.means_or_plan,
        confidence=rule.confidence,
        rule_id=rule.id,
        rule_version=rule.version,
    )


def _confirmation(plain: str, asked: AlertClass) -> Optional[Finding]:
    """A bare yes or maybe to an open safety question counts as that class; a bare no as nothing (§1 rule 2)."""
    words = plain.strip(" .!?,")
    if not words or len(words.split()) > _ANSWER_WORDS or _BARE_NO.fullmatch(words):
        return None
    bare = _BARE_YES.fullmatch(words) is not None and _YES_CORE.search(words) is not None
    leading = _LEADING_YES.search(words) is not None and len(words.split()) <= _LEADING_YES_WORDS
    if not (bare or leading):
        return None
    return Finding(
        alert_class=asked,
        level=level_when_confirmed(asked),
        action=ScreenAction.REPLY,
        who=Who.OTHER if asked in _OTHER_CLASSES else Who.SELF,
        confidence=0.9 if leading else 0.7,
        rule_id="asked_safety",
        rule_version="asked_safety@1",
    )


def _pieces(text: str) -> Iterator[str]:
    """The text in overlapping pieces cut at spaces where there are any."""
    start = 0
    while True:
        end = start + PIECE_LENGTH
        yield text[start:end]
        if end >= len(text):
            return
        space = text.find(" ", end - PIECE_OVERLAP, end)
        start = space + 1 if space >= 0 else end - PIECE_OVERLAP

"""Put together the fixed reply to a safety finding from approved blocks (docs/clinical/safety.md §1 and §3).

Nothing is worded here: the blocks are content; this module only leaves out what is not true at the moment
(who is on duty, whether a route is known, which numbers the country has).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable, Mapping, Optional

from waymark.domain.content import ContentHeader
from waymark.domain.messages import Reply, ReplyKind
from waymark.domain.resources import CountryNumbers, HelpNumber, NumberKind, Reach
from waymark.domain.safety import AlertClass, Finding, Level, ScreenAction, Who

TEAM = "{team}"
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_OTHER_CLASSES = (AlertClass.SUICIDAL_OTHER, AlertClass.OVERDOSE_OTHER)
_KINDS = {
    "crisis_line": (NumberKind.CRISIS,),
    "poison_line": (NumberKind.POISON,),
    "drugs_line": (NumberKind.DRUGS_ALCOHOL, NumberKind.CRISIS),
    "youth_line": (NumberKind.YOUTH, NumberKind.CRISIS),
    "child_line": (NumberKind.CHILD_PROTECTION,),
    "domestic_line": (NumberKind.DOMESTIC_VIOLENCE,),
}
PLACEHOLDERS = ("emergency", "emergency_short", "team", *_KINDS)
"""Every name that a block may hold in braces."""


@dataclass(frozen=True)
class SharedBlocks:
    """Sentences that are said only when true (safety.md §1 rule 7)."""

    alerting_team: str
    will_contact: str
    nobody_watching: str
    ask_country: str


@dataclass(frozen=True)
class ReplyText:
    """The blocks of one reply: for which classes, levels and whom; ``own`` rewords shared sentences."""

    id: str
    classes: tuple[AlertClass, ...]
    levels: tuple[Level, ...]
    who: str
    blocks: tuple[str, ...]
    own: Mapping[str, str]


@dataclass(frozen=True)
class ShortText:
    """A check-in, a direct question or a follow-up; without classes it serves all that have none of their own."""

    id: str
    classes: tuple[AlertClass, ...]
    text: str
    who: str = "any"


@dataclass(frozen=True)
class SafetyTexts:
    """All fixed safety wordings of one locale and version."""

    header: ContentHeader
    shared: SharedBlocks
    emergency_short: str
    replies: tuple[ReplyText, ...]
    check_ins: tuple[ShortText, ...]
    questions: tuple[ShortText, ...]
    follow_ups: tuple[ShortText, ...]
    screen_failed: ReplyText


@dataclass(frozen=True)
class ReplySituation:
    """What is true when the reply goes out: may a person be promised, was an S1 text shown under 2 minutes ago."""

    route_known: bool = False
    on_duty: bool = False
    shown_recently: bool = False


@dataclass(frozen=True)
class SafetyReply:
    """What to show, and the id and version of the text for the record (safety.md §1 rule 8)."""

    replies: tuple[Reply, ...]
    text_id: str
    text_version: str


def compose(
    finding: Finding, texts: SafetyTexts, numbers: CountryNumbers, situation: ReplySituation
) -> SafetyReply:
    """The fixed reply to ``finding``; empty for a note (safety.md §1 rules 2–4, 7 and 10)."""
    version = texts.header.version
    if finding.action is ScreenAction.ASK:
        question = _short(texts.questions, finding, helper=_helper(finding))
        return SafetyReply((Reply(question.text, ReplyKind.SAFETY_QUESTION),), question.id, version)
    if finding.action is not ScreenAction.REPLY:
        return SafetyReply((), "", version)
    if finding.level is Level.S1 and situation.shown_recently:
        check_in = _short(texts.check_ins, finding, helper=_helper(finding))
        lines = _filled((check_in.text,), texts, numbers)
        return SafetyReply((Reply("\n".join(lines), ReplyKind.SAFETY),), check_in.id, version)
    text = _reply_text(texts, finding)
    lines = _lines(text, texts, numbers, situation)
    return SafetyReply((Reply("\n".join(lines), ReplyKind.SAFETY),), text.id, version)


def compose_screen_failed(texts: SafetyTexts, numbers: CountryNumbers) -> SafetyReply:
    """What to show when the screen itself failed or took too long (safety.md §1 rule 1)."""
    text = texts.screen_failed
    lines = list(_filled(text.blocks, texts, numbers))
    if not numbers.known:
        lines.append(texts.shared.ask_country)
    return SafetyReply((Reply("\n".join(lines), ReplyKind.SAFETY),), text.id, texts.header.version)


def follow_up(texts: SafetyTexts, alert_class: AlertClass) -> ShortText:
    """How the next contact after an S1 or S2 asks about safety first (safety.md §1 rule 6)."""
    return _first(texts.follow_ups, alert_class)


def _lines(
    text: ReplyText, texts: SafetyTexts, numbers: CountryNumbers, situation: ReplySituation
) -> tuple[str, ...]:
    lines: list[str] = []
    for block in text.blocks:
        if block == TEAM:
            lines.extend(_team(text, texts.shared, situation))
        else:
            lines.extend(_filled((block,), texts, numbers))
    if not numbers.known:
        lines.append(texts.shared.ask_country)
    return tuple(lines)


def _team(text: ReplyText, shared: SharedBlocks, situation: ReplySituation) -> tuple[str, ...]:
    """Alerting the team and contact are said only when true; else that nobody is watching."""
    if not situation.on_duty:
        return (shared.nobody_watching,)
    said = [text.own.get("alerting_team", shared.alerting_team)]
    if situation.route_known:
        said.append(text.own.get("will_contact", shared.will_contact))
    return tuple(sentence for sentence in said if sentence)


def _filled(blocks: Iterable[str], texts: SafetyTexts, numbers: CountryNumbers) -> tuple[str, ...]:
    """Blocks with numbers put in; a block whose number the country lacks is left out."""
    lines = []
    for block in blocks:
        values: dict[str, Optional[str]] = {
            name: _value(name, texts, numbers) for name in _PLACEHOLDER.findall(block)
        }
        if all(values.values()):
            lines.append(_put_in(block, values))
    return tuple(lines)


def _put_in(block: str, values: Mapping[str, Optional[str]]) -> str:
    return _PLACEHOLDER.sub(lambda match: values[match.group(1)] or "", block)


def _value(name: str, texts: SafetyTexts, numbers: CountryNumbers) -> Optional[str]:
    if name == "emergency":
        return numbers.emergency_text
    if name == "emergency_short":
        return texts.emergency_short.replace("{emergency}", numbers.emergency_text)
    for kind in _KINDS.get(name, ()):
        found = numbers.of(kind)
        if found:
            return _ways(found)
    return None


def _ways(numbers: tuple[HelpNumber, ...]) -> str:
    """``call 116 123 (Samaritans) or text 85258 (Shout)``: the first line and, if it only takes calls, one more."""
    first = _same_line(numbers, numbers[0])
    said = [_way(first)]
    reached = {number.how for number in first}
    for other in numbers:
        if other.how not in reached and other.how is Reach.TEXT and other.number != numbers[0].number:
            said.append(_way((other,)))
            break
    return " or ".join(said)


def _same_line(numbers: tuple[HelpNumber, ...], first: HelpNumber) -> tuple[HelpNumber, ...]:
    return tuple(number for number in numbers if (number.label, number.number) == (first.label, first.number))


def _way(line: tuple[HelpNumber, ...]) -> str:
    number = line[0]
    if number.how is Reach.WEB:
        return f"go to {number.number} ({number.label})"
    return f"{' or '.join(entry.how.value for entry in line)} {number.number} ({number.label})"


def _helper(finding: Finding) -> bool:
    return finding.alert_class in _OTHER_CLASSES or finding.who is Who.OTHER


def _reply_text(texts: SafetyTexts, finding: Finding) -> ReplyText:
    """The text for class, level and whom; failing that for the class; content tests see that one exists."""
    of_class = [text for text in texts.replies if finding.alert_class in text.classes]
    wanted = "helper" if _helper(finding) else "self"
    ranked = sorted(
        of_class,
        key=lambda text: (finding.level not in text.levels, text.who not in (wanted, "any"), text.id),
    )
    return ranked[0] if ranked else texts.screen_failed


def _short(candidates: tuple[ShortText, ...], finding: Finding, *, helper: bool) -> ShortText:
    own = [text for text in candidates if finding.alert_class in text.classes]
    if own:
        return own[0]
    wanted = "helper" if helper else "self"
    general = [text for text in candidates if not text.classes and text.who in (wanted, "any")]
    return general[0] if general else candidates[0]


def _first(candidates: tuple[ShortText, ...], alert_class: AlertClass) -> ShortText:
    own = [text for text in candidates if alert_class in text.classes]
    return own[0] if own else next(text for text in candidates if not text.classes)

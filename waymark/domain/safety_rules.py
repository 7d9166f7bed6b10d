"""The rules of the safety screen as data: what is looked for, and what a match means (safety.md §2–§3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Mapping, Optional

from waymark.domain.content import ContentHeader
from waymark.domain.safety import AlertClass, Level, ScreenAction, When


class Subject(str, Enum):
    """About whom a rule's words must be said for the rule to fire."""

    SELF = "self"
    OTHER = "other"
    ANY = "any"


class Feature(str, Enum):
    """A sign elsewhere in the message that a rule may require or be raised by."""

    INTOXICATED = "intoxicated"
    HOPELESS = "hopeless"
    LAUGHING = "laughing"


@dataclass(frozen=True)
class Verdict:
    """What to make of a match; ``alert_class`` None keeps that of the rule."""

    level: Level
    action: ScreenAction
    alert_class: Optional[AlertClass] = None


@dataclass(frozen=True)
class SafetyRule:
    """One rule of the screen.

    ``patterns`` are regular expressions over the normalised sentence. ``unless`` cancels a match that it
    overlaps, ``unless_sentence`` any match in a sentence it is found in. ``by_when`` and ``if_other`` replace
    the verdict for a time, or for words about another person; a None there means that nothing is found.
    ``if_negated`` is the verdict for "I'm not …"; ``heed_negation`` is off where the pattern itself holds the
    "not". ``heed_frame`` is off where a film or a course in the same sentence must not silence the rule.
    """

    id: str
    alert_class: AlertClass
    verdict: Verdict
    patterns: tuple[str, ...]
    subject: Subject
    unless: tuple[str, ...] = ()
    unless_sentence: tuple[str, ...] = ()
    by_when: Mapping[When, Optional[Verdict]] = field(default_factory=dict)
    if_other: Optional[Verdict] = None
    if_negated: Optional[Verdict] = None
    heed_negation: bool = True
    heed_frame: bool = True
    requires: tuple[Feature, ...] = ()
    raised_by: tuple[Feature, ...] = ()
    means_or_plan: bool = False
    confidence: float = 0.9
    version: str = ""
    examples: tuple[str, ...] = ()
    look_alikes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SafetyRules:
    """All rules, the headers of the files they come from, and the patterns of message-wide signs."""

    rules: tuple[SafetyRule, ...]
    headers: tuple[ContentHeader, ...]
    features: Mapping[Feature, tuple[str, ...]]

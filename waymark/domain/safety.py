"""Crisis classes, levels and what a screening of one message says (docs/clinical/safety.md)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Optional


class Level(str, Enum):
    """How fast a person is needed (safety.md §1): S1 life at risk now, S2 hours, S3 today, S4 watch."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"

    @property
    def rank(self) -> int:
        """1 for the most urgent, 4 for the least."""
        return int(self.value[1])

    def is_above(self, other: Optional["Level"]) -> bool:
        """True if this level is more urgent than ``other``; any level is above none."""
        return other is None or self.rank < other.rank


class AlertClass(str, Enum):
    """What an alert is about; the names are a fixed interface (interfaces §4)."""

    SUICIDAL_PASSIVE = "suicidal_passive"
    SUICIDAL_ACTIVE = "suicidal_active"
    SUICIDAL_PLAN = "suicidal_plan"
    SUICIDAL_OTHER = "suicidal_other"
    SELF_HARM = "self_harm"
    OVERDOSE_SELF = "overdose_self"
    OVERDOSE_OTHER = "overdose_other"
    WITHDRAWAL_DANGER = "withdrawal_danger"
    VIOLENCE_ABUSE = "violence_abuse"
    THREAT_TO_OTHER = "threat_to_other"
    CHILD_RISK = "child_risk"
    PREGNANCY = "pregnancy"
    PSYCHOSIS = "psychosis"
    IMPAIRED_DRIVING = "impaired_driving"
    MEDICAL_EMERGENCY = "medical_emergency"
    MINOR = "minor"
    IMMEDIATE_NEED = "immediate_need"
    MEDICINE_GAP = "medicine_gap"
    ABUSE_OF_STAFF = "abuse_of_staff"
    UNSCREENED = "unscreened"
    SKIPPED_SAFETY_ITEM = "skipped_safety_item"
    HUMAN_REQUESTED = "human_requested"
    CALL_BACK = "call_back"
    SCREEN_RESULT = "screen_result"
    MISSED_CONTACT = "missed_contact"


class Who(str, Enum):
    """Whom the words are about."""

    SELF = "self"
    OTHER = "other"
    UNKNOWN = "unknown"


class When(str, Enum):
    """When it happens or happened."""

    NOW = "now"
    PLANNED = "planned"
    RECENT = "recent"
    PAST = "past"


class ScreenAction(str, Enum):
    """What the assistant does about a message: the fixed reply, one direct question, a silent note, or nothing."""

    REPLY = "reply"
    ASK = "ask"
    NOTE = "note"
    NONE = "none"


@dataclass(frozen=True)
class Finding:
    """One crisis class found in a message.

    ``action`` REPLY means fixed text and an alert; ASK the one direct question of that class; NOTE an S4
    note for the record. ``confidence`` is 0–1. ``rule_id`` and ``rule_version`` name the rule that found it.
    """

    alert_class: AlertClass
    level: Level
    action: ScreenAction
    who: Who = Who.SELF
    when: When = When.NOW
    means_or_plan: bool = False
    confidence: float = 1.0
    rule_id: str = ""
    rule_version: str = ""


@dataclass(frozen=True)
class ScreenContext:
    """What was going on when the message came. Everything may be missing: then the text alone is judged.

    ``question_item`` is the id of the question just asked and ``question_text`` its wording; ``recent_turns``
    are the person's last messages, oldest first; ``asked_safety`` is the class of a direct safety question
    that is still open.
    """

    question_item: Optional[str] = None
    question_text: Optional[str] = None
    recent_turns: tuple[str, ...] = ()
    asked_safety: Optional[AlertClass] = None


@dataclass(frozen=True)
class Screening:
    """Everything the screen found in one message, the most urgent first."""

    findings: tuple[Finding, ...] = ()

    @property
    def top(self) -> Optional[Finding]:
        """The finding to act on: a fixed reply before a question before a note, then the more urgent level."""
        return self.findings[0] if self.findings else None

    @property
    def action(self) -> ScreenAction:
        return self.top.action if self.top else ScreenAction.NONE

    @classmethod
    def of(cls, findings: list[Finding]) -> "Screening":
        """Sort findings and keep the most urgent of each class."""
        order = {ScreenAction.REPLY: 0, ScreenAction.ASK: 1, ScreenAction.NOTE: 2, ScreenAction.NONE: 3}
        best: dict[AlertClass, Finding] = {}
        for finding in sorted(findings, key=lambda f: (order[f.action], f.level.rank, -f.confidence)):
            best.setdefault(finding.alert_class, finding)
        ranked = sorted(best.values(), key=lambda f: (order[f.action], f.level.rank, -f.confidence))
        return cls(findings=tuple(ranked))


_CONFIRMED: dict[AlertClass, Level] = {
    AlertClass.SUICIDAL_PLAN: Level.S1,
    AlertClass.SUICIDAL_OTHER: Level.S1,
    AlertClass.OVERDOSE_SELF: Level.S1,
    AlertClass.OVERDOSE_OTHER: Level.S1,
    AlertClass.THREAT_TO_OTHER: Level.S1,
    AlertClass.IMPAIRED_DRIVING: Level.S1,
    AlertClass.MEDICAL_EMERGENCY: Level.S1,
    AlertClass.CHILD_RISK: Level.S1,
    AlertClass.VIOLENCE_ABUSE: Level.S1,
    AlertClass.PREGNANCY: Level.S3,
    AlertClass.MINOR: Level.S3,
    AlertClass.IMMEDIATE_NEED: Level.S3,
    AlertClass.MEDICINE_GAP: Level.S3,
}


def level_when_confirmed(asked: AlertClass) -> Level:
    """The level at which a yes to the direct question of a class is answered (safety.md §3)."""
    return _CONFIRMED.get(asked, Level.S2)

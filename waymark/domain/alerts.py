"""Alerts: what a clinician must act on, and the path from open to closed (safety.md §1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Optional

from waymark.domain.errors import InvalidChange
from waymark.domain.safety import Level


class AlertStatus(str, Enum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"


ACKNOWLEDGE_WITHIN = {
    Level.S1: timedelta(minutes=5),
    Level.S2: timedelta(hours=1),
    Level.S3: timedelta(hours=24),
}
"""Time to acknowledge by level (safety.md §1); S4 waits for the next review."""

CRISIS = (Level.S1, Level.S2)
"""Levels at which life or health is at stake within hours."""

CLINICAL_ROLES = ("counsellor", "lead", "on_call")


@dataclass(eq=False)
class Alert:
    """One alert of an episode. ``message_id`` is unique: a message raises one alert at most."""

    id: str
    person_id: str
    message_id: str
    alert_class: str
    level: str
    status: str
    opened_at: datetime
    channel: str
    words: str = ""
    text_shown: str = ""
    route: Optional[str] = None
    rule_version: str = ""
    due_at: Optional[datetime] = None
    acknowledged_by: Optional[str] = None
    acknowledged_at: Optional[datetime] = None
    outcome: Optional[str] = None
    closed_by: Optional[str] = None
    closed_at: Optional[datetime] = None
    escalated_at: Optional[datetime] = None
    log: list[dict[str, Any]] = field(default_factory=list)

    def note(self, at: datetime, by: str, what: str) -> None:
        """Add a line to the contact log; the list is replaced so that the change is stored."""
        self.log = [*self.log, {"at": at.isoformat(), "by": by, "what": what}]

    def acknowledge(self, by: str, at: datetime) -> None:
        if self.status == AlertStatus.CLOSED.value:
            raise InvalidChange("a closed alert cannot be acknowledged")
        if self.acknowledged_at is None:
            self.acknowledged_by, self.acknowledged_at = by, at
        self.status = AlertStatus.ACKNOWLEDGED.value
        self.note(at, by, "acknowledged")

    def close(self, by: str, at: datetime, outcome: str) -> None:
        """Close with who was reached, when, how and the outcome; an empty outcome is refused."""
        if self.status == AlertStatus.CLOSED.value:
            raise InvalidChange("the alert is closed already")
        if not outcome.strip():
            raise InvalidChange("an alert is closed with an outcome: who was reached, when and how")
        if self.acknowledged_at is None:
            self.acknowledged_by, self.acknowledged_at = by, at
        self.status, self.outcome, self.closed_by, self.closed_at = AlertStatus.CLOSED.value, outcome.strip(), by, at
        self.note(at, by, "closed")

    @property
    def open(self) -> bool:
        """Whether somebody still has to act."""
        return self.status != AlertStatus.CLOSED.value

    @property
    def in_crisis(self) -> bool:
        return Level(self.level) in CRISIS

    def forget_words(self) -> None:
        """Remove every word and the way to the person; that there was an alert, and when, stays."""
        self.words, self.text_shown, self.route, self.outcome, self.log = "", "", None, None, []

    def raise_to(self, level: Level, alert_class: str, at: datetime) -> None:
        """A later message of the same episode may raise the level, never lower it.

        Whoever acknowledged what was said before has not seen this: at S1 and S2, or when it gets worse, the alert
        is open again, with a new time to acknowledge and to escalate.
        """
        higher = level.is_above(Level(self.level))
        if higher or level is Level(self.level):
            self.alert_class = alert_class
        if higher:
            self.level = level.value
        if higher or (level in CRISIS and self.status != AlertStatus.OPEN.value):
            self.status, self.escalated_at = AlertStatus.OPEN.value, None
            self.due_at = due_at(Level(self.level), at)
        self.note(at, "assistant", f"another message: {alert_class} {level.value}")


def due_at(level: Level, opened_at: datetime) -> Optional[datetime]:
    """When somebody must have acknowledged, or None for S4."""
    allowed = ACKNOWLEDGE_WITHIN.get(level)
    return opened_at + allowed if allowed else None


def is_overdue(alert: Alert, now: datetime) -> bool:
    return alert.status == AlertStatus.OPEN.value and alert.due_at is not None and now > alert.due_at

"""Where a conversation stands, and the stored messages on both sides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Optional

DEPTH = 3
"""How many pushed-aside questions are kept."""


@dataclass(eq=False)
class Conversation:
    """The one open question of a person and what waits behind it.

    ``open_item`` lives here and not in a Rasa slot, so an expired session loses nothing.
    ``resume_item`` holds the questions that a safety check or a digression pushed aside, the newest last.
    """

    person_id: str
    open_item: Optional[str] = None
    resume_item: Optional[str] = None
    asked_count: int = 0
    misses: int = 0
    last_item: Optional[str] = None
    paused: bool = False
    greeted_at: Optional[datetime] = None
    automated_notice_at: Optional[datetime] = None
    taken_over_by: Optional[str] = None
    safety_text_at: Optional[datetime] = None
    safety_class: Optional[str] = None
    asked_safety: Optional[str] = None
    plan_line: Optional[str] = None
    detail: dict[str, Any] = field(default_factory=dict)

    def open(self, item: Optional[str]) -> None:
        """Make ``item`` the open question; a new question starts with no misses and not yet asked."""
        if item != self.open_item:
            self.asked_count = 0
            self.misses = 0
            self.detail = {}
        self.open_item = item

    def push_aside(self, item: str) -> None:
        """Open ``item`` now and keep the question that was open, to come back to."""
        if self.open_item and self.open_item != item:
            waiting = [kept for kept in self._waiting() if kept != self.open_item]
            self.resume_item = ",".join([*waiting, self.open_item][-DEPTH:])
        self.open(item)

    def come_back(self) -> None:
        """Close the pushed question and open the one kept behind it, if any."""
        waiting = self._waiting()
        kept = waiting.pop() if waiting else None
        self.resume_item = ",".join(waiting) or None
        self.open(kept)

    def forget_aside(self, prefix: str) -> None:
        """Drop waiting questions whose id begins with ``prefix``: what they asked is settled."""
        self.resume_item = ",".join(kept for kept in self._waiting() if not kept.startswith(prefix)) or None

    def _waiting(self) -> list[str]:
        return self.resume_item.split(",") if self.resume_item else []


@dataclass(eq=False)
class InboxMessage:
    """A message of a person, kept before anything is decided about it.

    ``status`` goes waiting → answered; held → waiting for what came before a notice was answered. ``safety`` is
    the screening of it, without words. ``reference`` is the channel's own name for it, to find it when it is edited.
    """

    id: str
    person_id: str
    channel: str
    address: str
    channel_message_id: str
    digest: str
    text: str
    received_at: datetime
    seq: Optional[int] = None
    button: Optional[dict[str, Any]] = None
    status: str = "waiting"
    open_item: Optional[str] = None
    safety: Optional[dict[str, Any]] = None
    needs: list[str] = field(default_factory=list)
    reply_group: Optional[str] = None
    reference: Optional[str] = None


@dataclass(eq=False)
class OutboxMessage:
    """A reply or an unasked-for message, kept before it goes out. ``seq`` orders them for replay."""

    id: str
    person_id: str
    channel: str
    kind: str
    author: str
    text: str
    created_at: datetime
    seq: Optional[int] = None
    buttons: list[dict[str, str]] = field(default_factory=list)
    reply_group: Optional[str] = None


@dataclass(eq=False)
class OfferedButton:
    """A button as offered: its opaque id, what it means, and whether its question is closed."""

    id: str
    person_id: str
    outbox_id: str
    payload: dict[str, Any]
    item: Optional[str] = None
    closed_at: Optional[datetime] = None


@dataclass(eq=False)
class TurnOutcome:
    """What a use case answered for a message, so that a repeated call has one effect (architecture §4)."""

    message_id: str
    step: str
    outcome: dict[str, Any]
    at: datetime

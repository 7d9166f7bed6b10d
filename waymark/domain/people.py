"""A person, how they reach us and what they agreed to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Optional


class PersonStatus(str, Enum):
    """PENDING: no consent yet, nothing about them is kept for good. MINOR: intake ended kindly (safety.md C12)."""

    PENDING = "pending"
    ACTIVE = "active"
    DECLINED = "declined"
    MINOR = "minor"


@dataclass(eq=False)
class Person:
    """Somebody who writes to the assistant. The id is random; no legal name is needed."""

    id: str
    created_at: datetime
    status: PersonStatus = PersonStatus.PENDING
    alias: Optional[str] = None
    age: Optional[int] = None
    country: Optional[str] = None
    time_zone: Optional[str] = None
    contact: dict[str, Any] = field(default_factory=dict)
    assigned_to: Optional[str] = None


@dataclass(eq=False)
class ChannelIdentity:
    """One address of a person: a web session or a Telegram chat.

    ``blocked_at``: they shut us out there. ``quiet_since``: they asked not to be written to unasked.
    """

    id: str
    person_id: str
    channel: str
    address: str
    created_at: datetime
    blocked_at: Optional[datetime] = None
    quiet_since: Optional[datetime] = None


@dataclass(eq=False)
class Consent:
    """A consent given or refused: what text (version), when and where (privacy.md §1)."""

    id: str
    person_id: str
    kind: str
    version: str
    given: bool
    at: datetime
    channel: str
    message_id: str
    text_hash: str


@dataclass(eq=False)
class Event:
    """Something that happened to a person, for the record and the rules: craving, contact, crisis …"""

    id: str
    person_id: str
    kind: str
    at: datetime
    channel: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False)
class Task:
    """Work for staff that may wait longer than a working day; what may not is an alert."""

    id: str
    person_id: str
    kind: str
    rule: str
    priority: str
    created_at: datetime
    due_at: Optional[datetime] = None
    assigned_to: Optional[str] = None
    status: str = "open"
    outcome: Optional[str] = None
    details: str = ""

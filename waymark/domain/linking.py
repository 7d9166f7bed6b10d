"""Codes that join two channels of one person, and tickets for fetching one's own copy (privacy.md §4, §11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Optional

CODE_LIFETIME = timedelta(minutes=10)
TICKET_LIFETIME = timedelta(hours=24)
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0, 1, I, L, O or U: nothing that is mistaken for something else, and no words."""

CODE_LENGTH = 8
"""Shown in two groups of four, such as ``K7QM-2XPD``."""


@dataclass(eq=False)
class LinkCode:
    """A code for carrying on in another channel. Only its hash is kept; it counts once and for ten minutes."""

    code_hash: str
    person_id: str
    channel: str
    created_at: datetime
    expires_at: datetime
    used_at: Optional[datetime] = None

    def usable(self, now: datetime) -> bool:
        return self.used_at is None and self.created_at - CODE_LIFETIME <= now < self.expires_at


@dataclass(eq=False)
class ExportTicket:
    """A link to one's own copy. Only its hash is kept; it counts for a day."""

    ticket_hash: str
    person_id: str
    channel: str
    created_at: datetime
    expires_at: datetime
    opened_at: Optional[datetime] = None

    def usable(self, now: datetime) -> bool:
        return now < self.expires_at


def plain_code(typed: str) -> Optional[str]:
    """What was typed as the code it means, without spaces and dashes; None if it cannot be a code."""
    letters = "".join(c for c in typed.upper() if c.isalnum())
    if len(letters) != CODE_LENGTH or any(c not in LETTERS for c in letters):
        return None
    return letters

"""Codes that join two channels of one person, and tickets for fetching one's own copy (privacy.md §4, §11)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Optional

CODE_LIFETIME = timedelta(minutes=10)
TICKET_LIFETIME = timedelta(hours=24)
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0, 1, I, L, O or U: nothing that is mistaken for something else, and no words."""

CODE_LENGTH = 8
"""Shown in two groups of four, such as ``K7QM-2XPD``."""

EXPORT_PATH = "/web/export/"
"""Where a person fetches their own copy; the ticket follows."""

_TICKET_IN_TEXT = re.compile(rf"(?<={EXPORT_PATH})[\w-]+")


@dataclass(eq=False)
class LinkCode:
    """A code for carrying on in another channel. Only its hash is kept; it counts once and for ten minutes."""

    code_hash: str
    person_id: str
    channel: str
    created_at: datetime
    expires_at: datetime
    used_at: Optional[datetime] = None

    def in_time(self, now: datetime) -> bool:
        """Whether it is young enough. A code from far ahead means that the clock went back."""
        return self.created_at - CODE_LIFETIME <= now < self.expires_at

    def usable(self, now: datetime) -> bool:
        return self.used_at is None and self.in_time(now)


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


def without_tickets(text: str) -> str:
    """A message as others may read it: whoever has a ticket opens the copy in the person's name."""
    return _TICKET_IN_TEXT.sub("…", text)

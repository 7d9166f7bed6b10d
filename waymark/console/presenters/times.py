"""Times in the site's own zone, and how long ago or how soon in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Optional
from zoneinfo import ZoneInfo


def moment(at: Optional[datetime], zone: ZoneInfo) -> str:
    """``12 Mar 2030, 14:05``; empty for none."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %Y, %H:%M}"


def day(text: Optional[str]) -> str:
    """An ISO date in words; anything else as it stands."""
    parsed = iso_day(text)
    return f"{parsed.day} {parsed:%b %Y}" if parsed else str(text or "")


def iso_day(text: Optional[str]) -> Optional[date]:
    """The date that a text is, or None."""
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        return None


def span(length: timedelta) -> str:
    """``4 min``, ``3 h``, ``2 days``: one unit, as one would say it."""
    minutes = max(0, int(length.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest} min" if hours < 3 and rest else f"{hours} h"
    return f"{minutes // (24 * 60)} days"


def ago(at: Optional[datetime], now: datetime) -> str:
    """``12 min ago``; empty for none."""
    if at is None:
        return ""
    return "just now" if now - at < timedelta(minutes=1) else f"{span(now - at)} ago"


def due(at: Optional[datetime], now: datetime) -> str:
    """``due in 4 min`` or ``overdue 12 min``; empty when nothing is due."""
    if at is None:
        return ""
    return f"overdue {span(now - at)}" if now > at else f"due in {span(at - now)}"
